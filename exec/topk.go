package exec

import (
	"bytes"
	"math"

	"tarn/delta"
	"tarn/sql/types"
	"tarn/storage/state"
)

// topK keeps of each group the rows from offset up to offset+limit in an order: the window.
//
// State: all rows of each group in their order, because any of them may come into the window when others leave it; of an
// input that only grows no more than the first offset+limit, because a row that has left the window never comes back.
// Rows equal in the order asked for are ordered by all their columns, which is part of the sort key, so that the window is
// a function of the rows.
//
// When the first row of an epoch comes to a group, its window is noted; at the end of the epoch it is compared with what it
// has become, and only rows that came or went are emitted. NULL is a group key like any other, and sorts as the order says.
// Rows with counts of zero or below are not in a window. A group without rows has none.
type topK struct {
	exprs    exprs // group keys, then sort keys
	nkeys    int
	ts       []types.Type // of the rows
	order    sortOrder
	byRow    sortOrder // by all columns
	offset   int64
	limit    int64 // math.MaxInt64: none
	grows    bool  // the input only grows
	rows     *state.Multimap
	cols     []delta.Column
	keys     delta.Keys
	touched  rowIndex
	windows  []window // as they were, of the groups touched
	buf, key []byte
}

// window is the rows in a window, in their order, with their counts in it.
type window struct {
	rows   rowBytes
	counts []int64
}

func newTopK(ts []types.Type, order sortOrder, offset, limit int64) *topK {
	t := &topK{ts: ts, order: order, offset: offset, limit: limit}
	for _, c := range ts {
		t.byRow.add(c, false, false)
	}
	return t
}

func (t *topK) states() []keeper { return []keeper{t.rows} }

func (t *topK) push(n *node, _ int, b *delta.Batch) error {
	b, cols, err := t.exprs.eval(n, b, t.cols[:0])
	if err != nil {
		return err
	}
	t.cols = cols
	encodeKeys(&t.keys, cols[:t.nkeys], t.exprs.ts[:t.nkeys], b.Len)
	for i := range b.Len {
		hash, key := t.keys.Hashes[i], t.keys.Key(i)
		at, fresh := t.touched.add(hash, key)
		if fresh {
			if at == len(t.windows) {
				t.windows = append(t.windows, window{})
			}
			if err := t.read(hash, key, &t.windows[at]); err != nil {
				return err
			}
		}
		t.buf = t.order.append(t.buf[:0], cols[t.nkeys:], i)
		t.buf = t.byRow.append(t.buf, b.Cols, i)
		mid := len(t.buf)
		t.buf = endSortedRow(delta.AppendRow(t.buf, b, i), 0, mid)
		if _, _, err := t.rows.Add(hash, key, t.buf, b.Count(i)); err != nil {
			return err
		}
		if t.grows {
			if err := t.trim(hash, key); err != nil {
				return err
			}
		}
	}
	return nil
}

// end is the number of rows up to the end of the window.
func (t *topK) end() int64 {
	if t.limit > math.MaxInt64-t.offset {
		return math.MaxInt64
	}
	return t.offset + t.limit
}

// trim takes away the rows behind the window.
func (t *topK) trim(hash uint64, key []byte) error {
	if t.end() == math.MaxInt64 {
		return nil
	}
	rows, err := t.rows.Rows(hash, key)
	if err != nil {
		return err
	}
	for excess := rows - t.end(); excess > 0; {
		row, count, found, err := t.rows.Last(hash, key)
		if err != nil || !found {
			return err
		}
		t.key = append(t.key[:0], row...)
		take := min(count, excess)
		if _, _, err := t.rows.Add(hash, key, t.key, -take); err != nil {
			return err
		}
		excess -= take
	}
	return nil
}

// read is the window of a group as it is.
func (t *topK) read(hash uint64, key []byte, w *window) error {
	w.rows.reset()
	w.counts = w.counts[:0]
	at, end := int64(0), t.end()
	return t.rows.Each(hash, key, func(row []byte, count int64) bool {
		if count > 0 && at < end {
			if n := min(at+count, end) - max(at, t.offset); n > 0 {
				w.rows.add(row)
				w.counts = append(w.counts, n)
			}
			at += count
		}
		return at < end
	})
}

func (t *topK) flush(n *node) error {
	var (
		now window
		out *delta.Batch
	)
	emit := func(row []byte, count int64) error {
		if out == nil {
			out = delta.NewBatch(t.ts, 16)
		}
		_, exact := splitSortedRow(row)
		if _, err := delta.DecodeRow(out, exact); err != nil {
			return err
		}
		out.AppendCount(count)
		return nil
	}
	for g, hash := range t.touched.hashes {
		if err := t.read(hash, t.touched.at(g), &now); err != nil {
			return err
		}
		if err := t.windows[g].compare(&now, emit); err != nil {
			return err
		}
	}
	if len(t.windows) > 1<<12 {
		t.windows = nil
	}
	t.touched.reset()
	return n.emit(out)
}

// compare calls f for each row whose count differs between the window as it was and as it is, with the difference.
func (w *window) compare(now *window, f func(row []byte, count int64) error) error {
	i, j := 0, 0
	for i < len(w.counts) || j < len(now.counts) {
		order := 0
		switch {
		case i == len(w.counts):
			order = 1
		case j == len(now.counts):
			order = -1
		default:
			order = bytes.Compare(w.rows.at(i), now.rows.at(j))
		}
		row, change := []byte(nil), int64(0)
		if order <= 0 {
			row, change = w.rows.at(i), -w.counts[i]
			i++
		}
		if order >= 0 {
			row, change = now.rows.at(j), change+now.counts[j]
			j++
		}
		if change != 0 {
			if err := f(row, change); err != nil {
				return err
			}
		}
	}
	return nil
}
