package exec

import "tarn/delta"

// Consolidate is the sum of batches of one schema: each row that is left once, by exact identity, in the order in which
// rows are first met; nil if nothing is left. The batches are not changed.
func Consolidate(batches []*delta.Batch) *delta.Batch {
	var c consolidator
	return c.sum(batches)
}

// consolidator keeps the memory of Consolidate from one epoch to the next.
type consolidator struct {
	rows   rowIndex
	counts []int64
	sel    []int32
	buf    []byte
}

func (c *consolidator) sum(batches []*delta.Batch) *delta.Batch {
	all := concat(batches)
	if all == nil {
		return nil
	}
	c.rows.reset()
	c.counts, c.sel = c.counts[:0], c.sel[:0]
	for i := range all.Len {
		c.buf = delta.AppendRow(c.buf[:0], all, i)
		at, fresh := c.rows.add(delta.HashKey(c.buf), c.buf)
		if fresh {
			c.counts = append(c.counts, 0)
			c.sel = append(c.sel, int32(i))
		}
		c.counts[at] += all.Count(i)
	}
	left, ones := 0, true
	for at, count := range c.counts {
		if count != 0 {
			c.sel[left], c.counts[left] = c.sel[at], count
			ones = ones && count == 1
			left++
		}
	}
	if left == 0 {
		return nil
	}
	if left == all.Len {
		return all
	}
	out := &delta.Batch{Cols: make([]delta.Column, len(all.Cols)), Len: left}
	for i := range all.Cols {
		out.Cols[i] = all.Cols[i].Gather(c.sel[:left])
	}
	if !ones {
		out.Counts = append([]int64(nil), c.counts[:left]...)
	}
	return out
}

// insertions tells whether every count is +1 and known to be without looking.
func insertions(batches []*delta.Batch) bool {
	for _, b := range batches {
		if b.Counts != nil {
			return false
		}
	}
	return true
}

// concat is all rows of the batches: the batch itself if there is only one, nil if there are none.
func concat(batches []*delta.Batch) *delta.Batch {
	n, first := 0, (*delta.Batch)(nil)
	for _, b := range batches {
		if b.Len > 0 && first == nil {
			first = b
		}
		n += b.Len
	}
	if first == nil || n == first.Len {
		return first
	}
	out := &delta.Batch{Cols: make([]delta.Column, len(first.Cols))}
	for i := range out.Cols {
		out.Cols[i] = delta.NewColumn(first.Cols[i].Kind, n)
	}
	for _, b := range batches {
		out.AppendBatch(b)
	}
	return out
}
