package exec

import (
	"encoding/binary"

	"tarn/delta"
	"tarn/sql/types"
	"tarn/storage/state"
)

// threshold emits each row as often as its count is above zero; distinct emits it once if its count is. For rows that come in
// several forms and go again there is formsThreshold.
//
// State: the sum of the counts of every row that is not zero, by the key of all columns, so that rows equal under SQL
// are one. The row that stands for them is kept with the sum unless the key determines it. That is all the output is a
// function of.
//
//	+---------------+----------------------+-------------------------------+
//	| sum, 8 bytes  | epoch's first sum,   | exact row that stands for     |
//	| little endian | 8 bytes; flag 1 byte | equal ones (may be absent)    |
//	+---------------+----------------------+-------------------------------+
//
// A changed row changes the sum; at the end of the epoch the difference of the output for the new and the old sum is
// emitted. Sums below zero are kept and give no output: EXCEPT has them, for rows only its right side has. NULL is equal to
// NULL. While nothing of a row is out, the latest one inserted stands for it; while it is out, the row stays as it is: where rows
// never go, and in a query that is run once.
type threshold struct {
	ts       []types.Type
	distinct bool
	keepRow  bool
	sums     *state.Map

	keys    delta.Keys
	shares  shares
	workers []thresholdWorker
}

// thresholdWorker has the rows of the shards of one worker that changed in the epoch.
type thresholdWorker struct {
	touched rowIndex
	rows    *delta.Batch // what stands for them, one row for each, without counts
	buf     []byte
}

const (
	sumOld   = 8
	sumFlag  = 16
	sumBytes = 17
)

func newThreshold(ts []types.Type, distinct bool, sums *state.Map, parallel int) *threshold {
	return &threshold{ts: ts, distinct: distinct, keepRow: !keysAreExact(ts), sums: sums, workers: make([]thresholdWorker, parallel)}
}

func (t *threshold) states() []keeper { return []keeper{t.sums} }

func (t *threshold) chooses() bool { return t.keepRow }

func (t *threshold) push(_ *node, _ int, b *delta.Batch) error {
	encodeKeys(&t.keys, b.Cols, t.ts, b.Len)
	if err := forkable(len(t.workers), b.Len, t.sums); err != nil {
		return err
	}
	t.shares.deal(len(t.workers), t.keys.Hashes, nil)
	return fork(len(t.workers), b.Len, func(w int) error {
		return touch(t.sums, &t.keys, t.shares.rows[w], func(run []int32) error {
			return t.workers[w].add(t, b, run)
		})
	})
}

func (w *thresholdWorker) add(t *threshold, b *delta.Batch, rows []int32) error {
	if w.rows == nil {
		w.rows = delta.NewBatch(t.ts, len(rows))
	}
	for _, i := range rows {
		hash, key, count := t.keys.Hashes[i], t.keys.Key(int(i)), b.Count(int(i))
		size := sumBytes
		if t.keepRow {
			val, found, err := t.sums.Get(hash, key)
			if err != nil {
				return err
			}
			if found {
				size = len(val)
			}
		}
		val, existed, err := t.sums.Put(hash, key, size)
		if err != nil {
			return err
		}
		sum := int64(binary.LittleEndian.Uint64(val))
		if val[sumFlag] == 0 {
			val[sumFlag] = 1
			binary.LittleEndian.PutUint64(val[sumOld:], uint64(sum))
			w.touched.add(hash, key)
			if !t.keepRow {
				w.rows.AppendRow(b, int(i), 1)
			}
		}
		old := int64(binary.LittleEndian.Uint64(val[sumOld:]))
		binary.LittleEndian.PutUint64(val, uint64(sum+count))
		if t.keepRow && (!existed || old <= 0 && count > 0) {
			w.buf = delta.AppendRow(append(w.buf[:0], val[:sumBytes]...), b, int(i))
			if val, _, err = t.sums.Put(hash, key, len(w.buf)); err != nil {
				return err
			}
			copy(val, w.buf)
		}
	}
	return nil
}

func (t *threshold) flush(n *node) error {
	outs, touched := make([]*delta.Batch, len(t.workers)), 0
	for w := range t.workers {
		touched += t.workers[w].touched.len()
	}
	if err := forkable(len(t.workers), touched, t.sums); err != nil {
		return err
	}
	if err := fork(len(t.workers), touched, func(w int) (err error) {
		outs[w], err = t.workers[w].flush(t)
		return err
	}); err != nil {
		return err
	}
	return n.emit(concat(nonNil(outs)))
}

// flush is the change of the output; it forgets the epoch.
func (w *thresholdWorker) flush(t *threshold) (*delta.Batch, error) {
	if w.rows == nil {
		return nil, nil
	}
	rows := w.rows
	w.rows = nil
	sel := make([]int32, 0, w.touched.len())
	counts := make([]int64, 0, w.touched.len())
	ones := true
	for i, hash := range w.touched.hashes {
		key := w.touched.at(i)
		val, _, err := t.sums.Get(hash, key)
		if err != nil {
			return nil, err
		}
		val[sumFlag] = 0 // the entry is dirty since the row was pushed
		now := int64(binary.LittleEndian.Uint64(val))
		old := int64(binary.LittleEndian.Uint64(val[sumOld:]))
		if t.keepRow {
			if _, err := delta.DecodeRow(rows, val[sumBytes:]); err != nil {
				return nil, err
			}
			rows.AppendCount(1)
		}
		if now == 0 {
			if _, err := t.sums.Delete(hash, key); err != nil {
				return nil, err
			}
		}
		if change := t.times(now) - t.times(old); change != 0 {
			sel = append(sel, int32(i))
			counts = append(counts, change)
			ones = ones && change == 1
		}
	}
	w.touched.reset()
	out := rows
	if len(sel) < rows.Len {
		out = rows.Gather(sel)
	}
	if !ones {
		out.Counts = counts
	}
	return out, nil
}

// times is how often a row whose counts sum up to sum is in the output.
func (t *threshold) times(sum int64) int64 {
	if t.distinct {
		return min(1, max(0, sum))
	}
	return max(0, sum)
}

// keysAreExact tells whether values of the types that are equal under SQL are the same value: then a key stands for its
// row.
func keysAreExact(ts []types.Type) bool {
	for _, t := range ts {
		switch t.Kind() {
		case types.Bool, types.Int64:
			continue
		}
		switch t.OID {
		case types.TextOID, types.VarcharOID, types.NameOID, types.CharOID, types.ByteaOID, types.UUIDOID:
			continue
		}
		return false
	}
	return true
}

func nonNil(batches []*delta.Batch) []*delta.Batch {
	out := batches[:0]
	for _, b := range batches {
		if b != nil {
			out = append(out, b)
		}
	}
	return out
}
