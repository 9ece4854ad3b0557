package arrangement

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"sync/atomic"

	"github.com/cockroachdb/pebble/v2"

	"tarn/storage"
)

// View is the contents of an arrangement as of one Publish. Any number of goroutines may read it; each must know that a
// reference is held while it does.
type View struct {
	mode   Mode
	prefix []byte
	snap   *storage.Snapshot
	epoch  uint64
	rows   int64
	refs   atomic.Int64

	runs []*run // Unique, Bag: newest first
	log  batchView
}

// firstRow is room for a row of usual length where the reader of one has none yet.
const firstRow = 128

// contextEvery is how many entries a scan gives between two looks at its context.
const contextEvery = 256

// Retain adds a reference, unless the last one is gone already: then the View must not be used.
func (v *View) Retain() bool {
	for {
		n := v.refs.Load()
		if n == 0 {
			return false
		}
		if v.refs.CompareAndSwap(n, n+1) {
			return true
		}
	}
}

// Release gives up one reference.
func (v *View) Release() {
	switch n := v.refs.Add(-1); {
	case n < 0:
		panic("arrangement: view released more often than retained")
	case n == 0:
		v.snap.Release()
	}
}

// Epoch is the epoch of the last change the View has.
func (v *View) Epoch() uint64 { return v.epoch }

// Rows is the number of rows: of keys (Unique), the sum of the counts (Bag), the rows of all batches (Append).
func (v *View) Rows() int64 { return v.rows }

// Batches are the sequence numbers a View has: first <= seq < next (Append).
func (v *View) Batches() (first, next uint64) { return v.log.first, v.log.next }

// Get appends the row of a key to dst and returns its count: 0 if the key is absent, 1 (Unique), the count of the
// element, for which nothing is appended (Bag), the rows of the batch (Append).
func (v *View) Get(dst, key []byte) (row []byte, count int64, err error) {
	if v.mode == Append {
		return v.getBatch(dst, key)
	}
	for _, r := range v.runs {
		i, found := r.find(key)
		switch {
		case !found:
		case v.mode == Bag:
			count += r.count[i]
		case r.count[i] == 0:
			return dst, 0, nil
		default:
			return append(dst, r.row(i)...), 1, nil
		}
	}
	row, found, err := v.stored(dst, key)
	if err != nil || !found {
		return dst, count, err
	}
	if v.mode == Unique {
		return row, 1, nil
	}
	n, err := storage.ParseCount(row[len(dst):])
	return dst, count + n, err
}

// stored appends what the snapshot has under a key to dst.
func (v *View) stored(dst, key []byte) ([]byte, bool, error) {
	n := len(dst)
	if dst == nil {
		dst = make([]byte, 0, len(v.prefix)+len(key)+firstRow)
	}
	full := append(append(dst, v.prefix...), key...)
	// The value may overwrite the key, for it is read from the store only once it is found.
	value, found, err := v.snap.Get(full[:n], full[n:])
	if err != nil {
		return dst, false, fmt.Errorf("read arrangement: %w", err)
	}
	return value, found, nil
}

func (v *View) getBatch(dst, key []byte) ([]byte, int64, error) {
	if len(key) != 8 {
		return dst, 0, nil
	}
	seq := binary.BigEndian.Uint64(key)
	if seq < v.log.first || seq >= v.log.next {
		return dst, 0, nil
	}
	if tail := v.log.tail; len(tail) > 0 && seq >= tail[0].seq {
		b := &tail[seq-tail[0].seq]
		return append(dst, b.payload...), b.rows, nil
	}
	value, found, err := v.stored(dst, key)
	if err != nil || !found {
		return dst, 0, err
	}
	_, rows, payload, err := parseBatch(value[len(dst):])
	if err != nil {
		return dst, 0, err
	}
	return append(dst, payload...), rows, nil
}

// Scan calls f for the entries with lo <= key < hi, where nil is no bound, in ascending or descending order of keys,
// until it returns false. The slices are valid during the call. For Unique, row is the row and count is 1; for Bag, row
// is empty and key the element; for Append, key is as SeqKey makes it, row the payload, count its number of rows.
//
// The context is looked at every few hundred entries. It and the store are the sources of errors.
func (v *View) Scan(ctx context.Context, lo, hi []byte, reverse bool, f func(key, row []byte, count int64) bool) error {
	if hi != nil && bytes.Compare(lo, hi) >= 0 {
		return nil
	}
	var err error
	if v.mode == Append {
		err = v.scanBatches(ctx, lo, hi, reverse, f)
	} else {
		err = v.scanRows(ctx, lo, hi, reverse, f)
	}
	if err != nil && ctx.Err() == nil {
		return fmt.Errorf("read arrangement: %w", err)
	}
	return err
}

// scanRows merges the runs with the store.
func (v *View) scanRows(ctx context.Context, lo, hi []byte, reverse bool, f func(key, row []byte, count int64) bool) error {
	it, err := v.iterate(lo, hi, reverse)
	if err != nil {
		return err
	}
	defer it.Close()
	o := newOverlay(v.mode, v.runs, lo, hi, reverse)
	for n := 0; ; n++ {
		if n%contextEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if !o.ok && !it.ok {
			return it.err
		}
		order := 0
		switch {
		case !o.ok:
			order = -1
		case !it.ok:
			order = 1
		default:
			if order = bytes.Compare(it.key, o.key); reverse {
				order = -order
			}
		}
		key, row, count := o.key, o.row, o.count
		if order < 0 { // the store's entry comes first, untouched by the runs
			key, row, count = it.key, it.value, 1
		}
		if v.mode == Bag {
			if order <= 0 {
				stored, err := storage.ParseCount(it.value)
				if err != nil {
					return err
				}
				if order < 0 {
					count = 0
				}
				count += stored
			}
			row = nil
		}
		if count != 0 && !f(key, row, count) {
			return nil
		}
		if order <= 0 {
			it.next()
		}
		if order >= 0 {
			o.next()
		}
	}
}

// scanBatches gives what the store has and then the tail, or the other way round.
func (v *View) scanBatches(ctx context.Context, lo, hi []byte, reverse bool, f func(key, row []byte, count int64) bool) error {
	var bound [8]byte
	if first := SeqKey(bound[:0], v.log.first); bytes.Compare(lo, first) < 0 {
		lo = first
	}
	tail := v.log.tail
	for len(tail) > 0 && bytes.Compare(SeqKey(nil, tail[0].seq), lo) < 0 {
		tail = tail[1:]
	}
	for len(tail) > 0 && hi != nil && bytes.Compare(SeqKey(nil, tail[len(tail)-1].seq), hi) >= 0 {
		tail = tail[:len(tail)-1]
	}
	n, more := 0, true
	give := func(key, row []byte, count int64) error {
		if n++; n%contextEvery == 1 && ctx.Err() != nil {
			return ctx.Err()
		}
		more = f(key, row, count)
		return nil
	}
	var key [8]byte
	fromTail := func() error {
		for i := range tail {
			b := &tail[i]
			if reverse {
				b = &tail[len(tail)-1-i]
			}
			if err := give(SeqKey(key[:0], b.seq), b.payload, b.rows); err != nil || !more {
				return err
			}
		}
		return nil
	}
	if reverse {
		if err := fromTail(); err != nil || !more {
			return err
		}
	}
	it, err := v.iterate(lo, hi, reverse)
	if err != nil {
		return err
	}
	defer it.Close()
	for ; it.ok; it.next() {
		_, rows, payload, err := parseBatch(it.value)
		if err != nil {
			return err
		}
		if err := give(it.key, payload, rows); err != nil || !more {
			return err
		}
	}
	if it.err != nil || reverse {
		return it.err
	}
	return fromTail()
}

// stored is an iterator over the part of the snapshot that a scan covers. Once the end is reached or an error met, ok is
// false.
type stored struct {
	*pebble.Iterator
	reverse    bool
	key, value []byte
	ok         bool
	err        error
}

func (v *View) iterate(lo, hi []byte, reverse bool) (*stored, error) {
	from := append(append([]byte(nil), v.prefix...), lo...)
	to := storage.PrefixEnd(nil, v.prefix)
	if hi != nil {
		to = append(append([]byte(nil), v.prefix...), hi...)
	}
	iter, err := v.snap.NewIter(from, to)
	if err != nil {
		return nil, err
	}
	it := &stored{Iterator: iter, reverse: reverse}
	if reverse {
		it.read(iter.Last())
	} else {
		it.read(iter.First())
	}
	return it, nil
}

func (it *stored) next() {
	if it.reverse {
		it.read(it.Iterator.Prev())
	} else {
		it.read(it.Iterator.Next())
	}
}

func (it *stored) read(ok bool) {
	if it.ok = ok; !ok {
		it.err = it.Iterator.Error()
		return
	}
	it.key = it.Iterator.Key()[storage.PrefixLen:]
	if it.value, it.err = it.Iterator.ValueAndErr(); it.err != nil {
		it.ok = false
	}
}
