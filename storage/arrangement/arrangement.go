package arrangement

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"tarn/storage"
)

// Mode says what an arrangement holds. Its number is stored.
type Mode uint8

const (
	Unique Mode = iota + 1 // key -> row: tables with a key, unique indexes
	Bag                    // element -> count: views, relations without a key
	Append                 // sequence number -> opaque batch of rows: relations that only grow
)

// Arrangement is the contents of one relation. Its methods belong to the goroutine that turns epochs; everyone else
// reads Views.
type Arrangement struct {
	store  *storage.Store
	mode   Mode
	header []byte // key of the header in the store
	prefix []byte // of the keys of rows in the store

	epoch   uint64 // of the last change
	rows    int64
	changed bool // since the last Fold

	// Unique and Bag.
	arena   arena
	runs    []*run // oldest first, since the last Fold
	folding []fold // handed to checkpoints that were not committed when last looked at, oldest first

	// Append.
	log batches
}

// fold is the runs that one checkpoint writes, oldest first.
type fold struct {
	checkpoint uint64 // its number
	runs       []*run
	bytes      int64
}

// Open opens the arrangement of an id as of the checkpoint the store was opened with; an id never written is empty. What
// the log has after that checkpoint is to be applied again.
func Open(store *storage.Store, id uint32, mode Mode) (*Arrangement, error) {
	a := &Arrangement{
		store:  store,
		mode:   mode,
		header: storage.Prefix(nil, storage.SpaceRelation, id),
		prefix: storage.Prefix(nil, storage.SpaceRow, id),
		epoch:  store.Committed(),
	}
	a.log.next = 1
	a.log.first = 1
	a.log.stored = 1
	h, found, err := store.Get(nil, a.header)
	if err != nil {
		return nil, fmt.Errorf("open arrangement %d: %w", id, err)
	}
	if found {
		if err := a.parseHeader(h); err != nil {
			return nil, fmt.Errorf("open arrangement %d: %w", id, err)
		}
	}
	return a, nil
}

// appendHeader is what the store keeps of an arrangement besides its rows: mode, rows and, for Append, the first and the
// next sequence number and the rows before them.
func (a *Arrangement) appendHeader(dst []byte) []byte {
	dst = binary.AppendVarint(append(dst, byte(a.mode)), a.rows)
	if a.mode == Append {
		dst = binary.AppendUvarint(dst, a.log.first)
		dst = binary.AppendUvarint(dst, a.log.next)
		dst = binary.AppendUvarint(dst, uint64(a.log.total))
	}
	return dst
}

func (a *Arrangement) parseHeader(h []byte) error {
	if len(h) == 0 || Mode(h[0]) != a.mode {
		return fmt.Errorf("header %x is not of mode %d", h, a.mode)
	}
	r := bytes.NewReader(h[1:])
	var err error
	if a.rows, err = binary.ReadVarint(r); err == nil && a.mode == Append {
		a.log.first, err = binary.ReadUvarint(r)
		a.log.stored = a.log.first
		if err == nil {
			a.log.next, err = binary.ReadUvarint(r)
		}
		if err == nil {
			var total uint64
			total, err = binary.ReadUvarint(r)
			a.log.total = int64(total)
		}
	}
	if err != nil || r.Len() > 0 {
		return fmt.Errorf("header %x is malformed", h)
	}
	return nil
}

// Apply makes the changes of an epoch, which is not below that of the last call. The buffer is the caller's again
// afterwards; its content is not changed. The error says that the changes do not fit the mode: then nothing is applied.
func (a *Arrangement) Apply(epoch uint64, c *Changes) error {
	if a.mode == Append {
		return fmt.Errorf("arrangement of batches takes no changes of rows")
	}
	if c.Len() == 0 {
		return nil
	}
	order := c.sort()
	r := newRun(len(order))
	var rows int64
	for from := 0; from < len(order); {
		key := c.key(order[from].item)
		put, deleted := -1, false
		to := from
		for to < len(order) && order[to].prefix == order[from].prefix && bytes.Equal(c.key(order[to].item), key) {
			row := c.row(order[to].item)
			first, count := order[to].item, int64(0)
			for ; to < len(order) && order[to].prefix == order[from].prefix; to++ {
				if i := order[to].item; i != first && !(bytes.Equal(c.key(i), key) && bytes.Equal(c.row(i), row)) {
					break
				}
				count += c.items[order[to].item].count
			}
			rows += count
			switch {
			case count == 0:
			case a.mode == Bag:
				if len(row) > 0 {
					return fmt.Errorf("element %x of a bag has a row", key)
				}
				r.append(order[from].prefix, a.arena.add(key, nil), count)
			case count < 0:
				deleted = true
			case count > 1 || put >= 0:
				return fmt.Errorf("key %x has more than one row", key)
			default:
				put = int(first)
			}
		}
		if put >= 0 {
			r.append(order[from].prefix, a.arena.add(key, c.row(uint32(put))), 1)
		} else if deleted {
			r.append(order[from].prefix, a.arena.add(key, nil), 0)
		}
		from = to
	}
	a.epoch = epoch
	if r.len() == 0 {
		return nil
	}
	a.rows += rows
	a.changed = true
	r.chunks = a.arena.chunks
	a.runs = append(a.runs, r)
	for n := len(a.runs); n > 1 && a.runs[n-2].len() < 2*a.runs[n-1].len(); n-- {
		merged := mergeRuns(a.mode, a.runs[n-2], a.runs[n-1])
		a.runs[n-1] = nil
		if a.runs = a.runs[:n-1]; merged.len() > 0 {
			a.runs[n-2] = merged
		} else {
			a.runs = a.runs[:n-2]
			break
		}
	}
	return nil
}

// Publish returns the contents as they are now, with one reference, which the caller releases.
func (a *Arrangement) Publish() *View {
	snap := a.store.Snapshot()
	a.settle(snap.Number())
	v := &View{mode: a.mode, prefix: a.prefix, snap: snap, epoch: a.epoch, rows: a.rows}
	v.refs.Store(1)
	if a.mode == Append {
		v.log = a.log.view()
		return v
	}
	n := len(a.runs)
	for _, f := range a.folding {
		n += len(f.runs)
	}
	v.runs = make([]*run, 0, n)
	for i := len(a.runs) - 1; i >= 0; i-- {
		v.runs = append(v.runs, a.runs[i])
	}
	for i := len(a.folding) - 1; i >= 0; i-- {
		for j := len(a.folding[i].runs) - 1; j >= 0; j-- {
			v.runs = append(v.runs, a.folding[i].runs[j])
		}
	}
	return v
}

// settle forgets what a snapshot with the given checkpoint has.
func (a *Arrangement) settle(checkpoint uint64) {
	for len(a.folding) > 0 && a.folding[0].checkpoint <= checkpoint {
		a.folding[0] = fold{}
		a.folding = a.folding[1:]
	}
	a.log.settle(checkpoint)
}

// Settled says whether everything is in the store: then a View published now keeps nothing in memory.
func (a *Arrangement) Settled() bool {
	a.settle(a.store.CommittedNumber())
	return len(a.runs) == 0 && len(a.folding) == 0 && len(a.log.tail) == 0
}

// Bytes is the memory taken by what is not yet in the store.
func (a *Arrangement) Bytes() int64 {
	n := a.arena.bytes + a.log.bytes
	for _, f := range a.folding {
		n += f.bytes
	}
	return n
}

// Fold adds what changed since the last Fold to the checkpoint of the last epoch applied. The sorting out is done where
// the checkpoint is committed.
func (a *Arrangement) Fold(cp *storage.Checkpoint) {
	if !a.changed {
		return
	}
	a.changed = false
	cp.Put(a.header, nil, a.appendHeader(nil))
	if a.mode == Append {
		a.log.fold(cp, a.prefix)
		return
	}
	if len(a.runs) == 0 {
		return
	}
	f := fold{checkpoint: cp.Number(), runs: a.runs, bytes: a.arena.bytes}
	a.folding = append(a.folding, f)
	a.runs, a.arena = nil, arena{}

	mode, prefix := a.mode, a.prefix
	cp.Later(int(f.bytes), func(b *storage.Batch) error {
		newest := make([]*run, 0, len(f.runs))
		for i := len(f.runs) - 1; i >= 0; i-- {
			newest = append(newest, f.runs[i])
		}
		for o := newOverlay(mode, newest, nil, nil, false); o.ok; o.next() {
			switch {
			case mode == Bag:
				b.AddCount(prefix, o.key, o.count)
			case o.count > 0:
				b.Put(prefix, o.key, o.row)
			default:
				b.Delete(prefix, o.key)
			}
		}
		return nil
	})
}
