package delta

import "tarn/sql/types"

// Batch is changes of one relation: Len rows as columns, and a count for each. Columns that are known not to be read may be left
// out: they have no rows.
type Batch struct {
	Cols   []Column
	Counts []int64 // nil: every row has count +1
	Len    int
}

// NewBatch returns an empty batch with columns of the given types and room for n rows.
func NewBatch(schema []types.Type, n int) *Batch {
	b := &Batch{Cols: make([]Column, len(schema))}
	for i, t := range schema {
		b.Cols[i] = NewColumn(t.Kind(), n)
	}
	return b
}

// Bytes is about how much memory the rows take: what they share with other batches is theirs too.
func (b *Batch) Bytes() int64 {
	n := 8 * int64(len(b.Counts))
	for i := range b.Cols {
		c := &b.Cols[i]
		n += 8 * int64(b.Len)
		if len(c.Offsets) > 0 {
			n += int64(c.Offsets[len(c.Offsets)-1] - c.Offsets[0])
		}
	}
	return n
}

// Count is the count of row i.
func (b *Batch) Count(i int) int64 {
	if b.Counts == nil {
		return 1
	}
	return b.Counts[i]
}

// AppendCount ends a row whose values have been appended to every column.
func (b *Batch) AppendCount(count int64) {
	if b.Counts == nil && count != 1 {
		b.Counts = make([]int64, b.Len, cap64(b))
		for i := range b.Counts {
			b.Counts[i] = 1
		}
	}
	if b.Counts != nil {
		b.Counts = append(b.Counts, count)
	}
	b.Len++
}

func cap64(b *Batch) int { return max(16, 2*b.Len) }

// AppendRow appends row i of src with a count of the caller's.
func (b *Batch) AppendRow(src *Batch, i int, count int64) {
	for c := range b.Cols {
		b.Cols[c].AppendRow(&src.Cols[c], i)
	}
	b.AppendCount(count)
}

// AppendBatch appends all rows of src.
func (b *Batch) AppendBatch(src *Batch) {
	if src.Len == 0 {
		return
	}
	for c := range b.Cols {
		b.Cols[c].AppendColumn(&src.Cols[c])
	}
	if b.Counts == nil && src.Counts != nil {
		b.Counts = make([]int64, b.Len, b.Len+src.Len)
		for i := range b.Counts {
			b.Counts[i] = 1
		}
	}
	if b.Counts != nil {
		for i := 0; i < src.Len; i++ {
			b.Counts = append(b.Counts, src.Count(i))
		}
	}
	b.Len += src.Len
}

// Gather returns the rows named by sel.
func (b *Batch) Gather(sel []int32) *Batch {
	out := &Batch{Cols: make([]Column, len(b.Cols)), Len: len(sel)}
	for c := range b.Cols {
		if b.Cols[c].n > 0 || b.Len == 0 {
			out.Cols[c] = b.Cols[c].Gather(sel)
		}
	}
	if b.Counts != nil {
		out.Counts = gather(nil, b.Counts, sel)
	}
	return out
}

// Slice is rows [lo, hi), sharing memory where lo is a multiple of 64.
func (b *Batch) Slice(lo, hi int) *Batch {
	if lo == 0 && hi == b.Len {
		return b
	}
	if lo&63 != 0 {
		sel := make([]int32, hi-lo)
		for i := range sel {
			sel[i] = int32(lo + i)
		}
		return b.Gather(sel)
	}
	out := &Batch{Cols: make([]Column, len(b.Cols)), Len: hi - lo}
	for c := range b.Cols {
		if b.Cols[c].n > 0 || b.Len == 0 {
			out.Cols[c] = b.Cols[c].Slice(lo, hi)
		}
	}
	if b.Counts != nil {
		out.Counts = b.Counts[lo:hi:hi]
	}
	return out
}

// Project is a batch of some columns of b, sharing memory.
func (b *Batch) Project(cols []int) *Batch {
	out := &Batch{Cols: make([]Column, len(cols)), Counts: b.Counts, Len: b.Len}
	for i, c := range cols {
		out.Cols[i] = b.Cols[c]
	}
	return out
}

// Negate is b with every count negated, sharing columns.
func (b *Batch) Negate() *Batch {
	out := &Batch{Cols: b.Cols, Counts: make([]int64, b.Len), Len: b.Len}
	for i := range out.Counts {
		out.Counts[i] = -b.Count(i)
	}
	return out
}
