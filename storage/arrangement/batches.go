package arrangement

import (
	"encoding/binary"
	"fmt"

	"tarn/storage"
)

// batches is the contents of an arrangement of mode Append: batches numbered in the order they came. Those the store
// does not have lie in the tail.
type batches struct {
	first  uint64 // smallest sequence number kept
	next   uint64 // the number the next batch gets
	stored uint64 // first, as of the last Fold
	total  int64  // rows of all batches that ever were
	tail   []batch
	bytes  int64 // of the tail
}

// batch is one element; immutable.
type batch struct {
	seq     uint64
	epoch   uint64
	before  int64 // rows of all batches before it
	rows    int64
	payload []byte
	folded  uint64 // number of the checkpoint it was handed to, in the writer's tail only; 0: none
}

// AppendBatch adds an encoded batch of so many rows in an epoch (Append) and returns its sequence number: from 1 on,
// without gaps. The payload is copied.
func (a *Arrangement) AppendBatch(epoch uint64, payload []byte, rows int64) (seq uint64, err error) {
	if a.mode != Append || rows < 0 {
		return 0, fmt.Errorf("arrangement of mode %d takes no batch of %d rows", a.mode, rows)
	}
	l := &a.log
	seq = l.next
	l.tail = append(l.tail, batch{seq: seq, epoch: epoch, before: l.total, rows: rows, payload: append([]byte(nil), payload...)})
	l.bytes += int64(len(payload))
	l.next++
	l.total += rows
	a.rows += rows
	a.epoch, a.changed = epoch, true
	return seq, nil
}

// Truncate drops the batches before seq (Append), in an epoch, and returns how many rows they had.
func (a *Arrangement) Truncate(epoch, seq uint64) (rows int64, err error) {
	l := &a.log
	if a.mode != Append {
		return 0, fmt.Errorf("arrangement of mode %d has no batches", a.mode)
	}
	if seq = min(seq, l.next); seq <= l.first {
		return 0, nil
	}
	before := l.total // rows before seq
	if seq < l.next {
		if before, err = a.rowsBefore(seq); err != nil {
			return 0, fmt.Errorf("truncate: %w", err)
		}
	}
	kept := l.total - before
	rows = a.rows - kept
	l.first = seq
	a.rows = kept
	a.epoch, a.changed = epoch, true
	return rows, nil
}

// rowsBefore is the number of rows of all batches before one that exists.
func (a *Arrangement) rowsBefore(seq uint64) (int64, error) {
	if tail := a.log.tail; len(tail) > 0 && seq >= tail[0].seq {
		return tail[seq-tail[0].seq].before, nil
	}
	value, found, err := a.store.Get(nil, SeqKey(append([]byte(nil), a.prefix...), seq))
	if err == nil && !found {
		err = fmt.Errorf("batch %d is missing", seq)
	}
	if err != nil {
		return 0, err
	}
	before, _, _, err := parseBatch(value)
	return before, err
}

// SeqKey appends the key of a sequence number, as the bounds and the keys of a scan have it: 8 bytes big endian.
func SeqKey(dst []byte, seq uint64) []byte { return binary.BigEndian.AppendUint64(dst, seq) }

// A stored batch is the rows before it (uvarint), its rows (uvarint) and the payload.
func appendBatchHead(dst []byte, b *batch) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(dst, uint64(b.before)), uint64(b.rows))
}

func parseBatch(value []byte) (before, rows int64, payload []byte, err error) {
	x, n := binary.Uvarint(value)
	if n > 0 {
		y, m := binary.Uvarint(value[n:])
		if m > 0 {
			return int64(x), int64(y), value[n+m:], nil
		}
	}
	return 0, 0, nil, fmt.Errorf("stored batch of %d bytes is malformed", len(value))
}

// fold adds the batches not handed over yet to a checkpoint, and takes the truncated ones away.
func (l *batches) fold(cp *storage.Checkpoint, prefix []byte) {
	var fresh []batch
	bytes := 0
	for i := range l.tail {
		if l.tail[i].folded == 0 {
			fresh = append(fresh, l.tail[i])
			bytes += len(l.tail[i].payload) + 64
		}
	}
	l.tail = append([]batch(nil), l.tail...) // Views have the old slice
	for i := range l.tail {
		if l.tail[i].folded == 0 {
			l.tail[i].folded = cp.Number()
		}
	}
	cp.Later(bytes, func(b *storage.Batch) error {
		var key, head []byte
		for i := range fresh {
			key, head = SeqKey(key[:0], fresh[i].seq), appendBatchHead(head[:0], &fresh[i])
			b.PutParts(prefix, key, head, fresh[i].payload)
		}
		return nil
	})
	if l.first > l.stored {
		lo := SeqKey(append([]byte(nil), prefix...), l.stored)
		hi := SeqKey(append([]byte(nil), prefix...), l.first)
		cp.DeleteRange(lo, hi)
		l.stored = l.first
	}
}

// settle drops from the tail what a snapshot with the given checkpoint has.
func (l *batches) settle(checkpoint uint64) {
	n := 0
	for n < len(l.tail) && l.tail[n].folded != 0 && l.tail[n].folded <= checkpoint {
		l.bytes -= int64(len(l.tail[n].payload))
		n++
	}
	if n > 0 {
		l.tail = append([]batch(nil), l.tail[n:]...) // lets the payloads go
	}
}

// batchView is what a View has of an arrangement of mode Append.
type batchView struct {
	first, next uint64
	tail        []batch // the writer appends behind it
}

func (l *batches) view() batchView {
	return batchView{first: l.first, next: l.next, tail: l.tail[:len(l.tail):len(l.tail)]}
}
