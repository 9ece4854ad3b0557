package exec

import (
	"bytes"

	"tarn/delta"
	"tarn/sql/types"
	"tarn/storage/state"
)

// formsThreshold is threshold for rows that are equal under SQL without being the same, such as 1.0 and 1.00, where they may
// be retracted: what is out is always among what is in.
//
// State: the exact rows under the key of all their columns, with their counts. Of a key whose counts sum up to more than zero,
// that many rows are out, or one if it is distinct: those with counts above zero, the smallest by their bytes first, none more often
// than its count. So the output is a function of the rows, and a part of them: what is left when it is taken away from a union
// (INTERSECT ALL) has no counts below zero.
//
// When the first row of an epoch comes to a key, what is out is noted; at the end of the epoch it is compared with what has to be.
type formsThreshold struct {
	ts       []types.Type
	distinct bool
	rows     *state.Multimap

	keys    delta.Keys
	shares  shares
	workers []formsWorker
}

// formsWorker has the keys of the shards of one worker that changed in the epoch.
type formsWorker struct {
	touched rowIndex
	was     formList // what was out of each, one after the other
	ends    []int    // where each ends in it
	now     formList // of one key
	buf     []byte
}

// formList is exact rows with counts.
type formList struct {
	data   []byte
	ends   []int // of row i in data
	counts []int64
}

func (l *formList) len() int { return len(l.ends) }

func (l *formList) at(i int) []byte {
	from := 0
	if i > 0 {
		from = l.ends[i-1]
	}
	return l.data[from:l.ends[i]]
}

func (l *formList) add(row []byte, count int64) {
	l.data = append(l.data, row...)
	l.ends, l.counts = append(l.ends, len(l.data)), append(l.counts, count)
}

func (l *formList) reset() { l.data, l.ends, l.counts = l.data[:0], l.ends[:0], l.counts[:0] }

func (t *formsThreshold) states() []keeper { return []keeper{t.rows} }

func (t *formsThreshold) push(_ *node, _ int, b *delta.Batch) error {
	encodeKeys(&t.keys, b.Cols, t.ts, b.Len)
	if err := forkable(len(t.workers), b.Len, t.rows); err != nil {
		return err
	}
	t.shares.deal(len(t.workers), t.keys.Hashes, nil)
	return fork(len(t.workers), b.Len, func(w int) error {
		return touch(t.rows, &t.keys, t.shares.rows[w], func(run []int32) error {
			return t.workers[w].add(t, b, run)
		})
	})
}

func (w *formsWorker) add(t *formsThreshold, b *delta.Batch, rows []int32) error {
	for _, i := range rows {
		hash, key := t.keys.Hashes[i], t.keys.Key(int(i))
		if _, fresh := w.touched.add(hash, key); fresh {
			if err := t.read(hash, key, &w.was); err != nil {
				return err
			}
			w.ends = append(w.ends, w.was.len())
		}
		w.buf = delta.AppendRow(w.buf[:0], b, int(i))
		if _, _, err := t.rows.Add(hash, key, w.buf, b.Count(int(i))); err != nil {
			return err
		}
	}
	return nil
}

// read appends the rows of a key that have to be out.
func (t *formsThreshold) read(hash uint64, key []byte, out *formList) error {
	left, err := t.rows.Rows(hash, key)
	if err != nil || left <= 0 {
		return err
	}
	if t.distinct {
		left = 1
	}
	return t.rows.Each(hash, key, func(row []byte, count int64) bool {
		if count > 0 {
			count = min(count, left)
			out.add(row, count)
			left -= count
		}
		return left > 0
	})
}

func (t *formsThreshold) flush(n *node) error {
	outs, touched := make([]*delta.Batch, len(t.workers)), 0
	for w := range t.workers {
		touched += t.workers[w].touched.len()
	}
	if err := forkable(len(t.workers), touched, t.rows); err != nil {
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
func (w *formsWorker) flush(t *formsThreshold) (out *delta.Batch, err error) {
	emit := func(row []byte, count int64) {
		if count == 0 || err != nil {
			return
		}
		if out == nil {
			out = delta.NewBatch(t.ts, w.touched.len())
		}
		_, err = delta.DecodeRow(out, row)
		out.AppendCount(count)
	}
	i := 0 // the first row of a key in was
	for k, hash := range w.touched.hashes {
		w.now.reset()
		if err := t.read(hash, w.touched.at(k), &w.now); err != nil {
			return nil, err
		}
		for j := 0; i < w.ends[k] || j < w.now.len(); {
			order := 0 // of the two lists' next rows
			switch {
			case j == w.now.len():
				order = -1
			case i == w.ends[k]:
				order = 1
			default:
				order = bytes.Compare(w.was.at(i), w.now.at(j))
			}
			switch {
			case order < 0:
				emit(w.was.at(i), -w.was.counts[i])
				i++
			case order > 0:
				emit(w.now.at(j), w.now.counts[j])
				j++
			default:
				emit(w.now.at(j), w.now.counts[j]-w.was.counts[i])
				i, j = i+1, j+1
			}
		}
	}
	w.touched.reset()
	w.was.reset()
	w.ends = w.ends[:0]
	return out, err
}
