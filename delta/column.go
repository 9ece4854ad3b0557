package delta

import "tarn/sql/types"

// Column is the values of one column of a batch: the slice of its Kind, a validity bitmap, and, rarely, errors.
//
//	Bool     Bools[i]
//	Int64    Ints[i]
//	Float64  Floats[i]
//	Bytes    Data[Offsets[i]:Offsets[i+1]]        (len(Offsets) = rows+1; an empty column may have no Offsets)
//
// A NULL row has its bit in Valid clear and a zero or arbitrary value in the slice: kernels must not trap on it.
type Column struct {
	Kind    types.Kind
	Valid   Bitmap // nil: no NULLs
	Bools   []bool
	Ints    []int64
	Floats  []float64
	Offsets []uint32
	Data    []byte
	Errs    *Errors // nil: no row failed. A row with an error has no value: read neither it nor its validity.
	n       int
}

// NewColumn returns an empty column of a kind with room for n rows.
func NewColumn(kind types.Kind, n int) Column {
	c := Column{Kind: kind}
	switch kind {
	case types.Bool:
		c.Bools = make([]bool, 0, n)
	case types.Int64:
		c.Ints = make([]int64, 0, n)
	case types.Float64:
		c.Floats = make([]float64, 0, n)
	case types.Bytes:
		c.Offsets = make([]uint32, 1, n+1)
	}
	return c
}

// IntColumn, FloatColumn, BoolColumn and BytesColumn wrap slices as columns without copying; valid may be nil.
func IntColumn(v []int64, valid Bitmap) Column {
	return Column{Kind: types.Int64, Ints: v, Valid: valid, n: len(v)}
}

// FloatColumn wraps a slice as a column.
func FloatColumn(v []float64, valid Bitmap) Column {
	return Column{Kind: types.Float64, Floats: v, Valid: valid, n: len(v)}
}

// BoolColumn wraps a slice as a column.
func BoolColumn(v []bool, valid Bitmap) Column {
	return Column{Kind: types.Bool, Bools: v, Valid: valid, n: len(v)}
}

// BytesColumn wraps offsets (rows+1 of them) and data as a column.
func BytesColumn(offsets []uint32, data []byte, valid Bitmap) Column {
	return Column{Kind: types.Bytes, Offsets: offsets, Data: data, Valid: valid, n: len(offsets) - 1}
}

// Reset empties a column that nobody else has, and keeps its memory.
func (c *Column) Reset() {
	c.Bools, c.Ints, c.Floats, c.Data = c.Bools[:0], c.Ints[:0], c.Floats[:0], c.Data[:0]
	if len(c.Offsets) > 0 {
		c.Offsets = c.Offsets[:1]
	}
	c.Valid, c.Errs, c.n = nil, nil, 0
}

// Len is the number of rows.
func (c *Column) Len() int { return c.n }

// IsNull tells whether row i is NULL.
func (c *Column) IsNull(i int) bool { return c.Valid != nil && !c.Valid.Get(i) }

// Bytes is the value of row i of a Bytes column; the caller must not write into it.
func (c *Column) Bytes(i int) []byte { return c.Data[c.Offsets[i]:c.Offsets[i+1]:c.Offsets[i+1]] }

// Datum is the value of row i. Its Bytes alias the column.
func (c *Column) Datum(i int) types.Datum {
	if c.IsNull(i) {
		return types.Null
	}
	switch c.Kind {
	case types.Bool:
		if c.Bools[i] {
			return types.Datum{Int: 1}
		}
		return types.Datum{}
	case types.Int64:
		return types.Datum{Int: c.Ints[i]}
	case types.Float64:
		return types.Datum{Float: c.Floats[i]}
	default:
		return types.Datum{Bytes: c.Bytes(i)}
	}
}

// validity of a row about to be appended: a column gets a bitmap with its first NULL.
func (c *Column) appendValid(valid bool) {
	i := c.n
	c.n++
	if c.Valid == nil {
		if valid {
			return
		}
		c.Valid = FullBitmap(i)
	}
	for len(c.Valid) <= i>>6 {
		c.Valid = append(c.Valid, 0)
	}
	if valid {
		c.Valid.Set(i)
	} else {
		c.Valid.Clear(i)
	}
}

// AppendInt appends to an Int64 column.
func (c *Column) AppendInt(v int64) {
	c.Ints = append(c.Ints, v)
	c.appendValid(true)
}

// AppendFloat appends to a Float64 column.
func (c *Column) AppendFloat(v float64) {
	c.Floats = append(c.Floats, v)
	c.appendValid(true)
}

// AppendBool appends to a Bool column.
func (c *Column) AppendBool(v bool) {
	c.Bools = append(c.Bools, v)
	c.appendValid(true)
}

// AppendBytes appends a copy of v to a Bytes column.
func (c *Column) AppendBytes(v []byte) {
	if len(c.Offsets) == 0 {
		c.Offsets = append(c.Offsets, 0)
	}
	c.Data = append(c.Data, v...)
	c.Offsets = append(c.Offsets, uint32(len(c.Data)))
	c.appendValid(true)
}

// AppendString appends a copy of v to a Bytes column.
func (c *Column) AppendString(v string) {
	if len(c.Offsets) == 0 {
		c.Offsets = append(c.Offsets, 0)
	}
	c.Data = append(c.Data, v...)
	c.Offsets = append(c.Offsets, uint32(len(c.Data)))
	c.appendValid(true)
}

// EndBytes closes a value that the caller has written onto the end of c.Data itself.
func (c *Column) EndBytes() {
	if len(c.Offsets) == 0 {
		c.Offsets = append(c.Offsets, 0)
	}
	c.Offsets = append(c.Offsets, uint32(len(c.Data)))
	c.appendValid(true)
}

// AppendNull appends a NULL.
func (c *Column) AppendNull() {
	switch c.Kind {
	case types.Bool:
		c.Bools = append(c.Bools, false)
	case types.Int64:
		c.Ints = append(c.Ints, 0)
	case types.Float64:
		c.Floats = append(c.Floats, 0)
	case types.Bytes:
		if len(c.Offsets) == 0 {
			c.Offsets = append(c.Offsets, 0)
		}
		c.Offsets = append(c.Offsets, uint32(len(c.Data)))
	}
	c.appendValid(false)
}

// AppendDatum appends a value.
func (c *Column) AppendDatum(d types.Datum) {
	switch {
	case d.Null:
		c.AppendNull()
	case c.Kind == types.Bool:
		c.AppendBool(d.Int != 0)
	case c.Kind == types.Int64:
		c.AppendInt(d.Int)
	case c.Kind == types.Float64:
		c.AppendFloat(d.Float)
	default:
		c.AppendBytes(d.Bytes)
	}
}

// AppendRow appends row i of src, a column of the same kind.
func (c *Column) AppendRow(src *Column, i int) {
	if src.IsNull(i) {
		c.AppendNull()
		return
	}
	switch c.Kind {
	case types.Bool:
		c.AppendBool(src.Bools[i])
	case types.Int64:
		c.AppendInt(src.Ints[i])
	case types.Float64:
		c.AppendFloat(src.Floats[i])
	case types.Bytes:
		c.AppendBytes(src.Bytes(i))
	}
}

// AppendColumn appends all rows of src, a column of the same kind. Errors are not carried over.
func (c *Column) AppendColumn(src *Column) {
	if src.Len() == 0 {
		return
	}
	from, n := c.n, src.n
	switch c.Kind {
	case types.Bool:
		c.Bools = append(c.Bools, src.Bools[:n]...)
	case types.Int64:
		c.Ints = append(c.Ints, src.Ints[:n]...)
	case types.Float64:
		c.Floats = append(c.Floats, src.Floats[:n]...)
	case types.Bytes:
		if len(c.Offsets) == 0 {
			c.Offsets = append(c.Offsets, 0)
		}
		base, first := uint32(len(c.Data)), src.Offsets[0]
		c.Data = append(c.Data, src.Data[first:src.Offsets[n]]...)
		for _, o := range src.Offsets[1 : n+1] {
			c.Offsets = append(c.Offsets, base+o-first)
		}
	}
	c.n += n
	if c.Valid == nil && src.Valid == nil {
		return
	}
	if c.Valid == nil {
		c.Valid = FullBitmap(from)
	}
	for len(c.Valid) < (c.n+63)>>6 {
		c.Valid = append(c.Valid, 0)
	}
	for i := 0; i < n; i++ {
		if src.IsNull(i) {
			c.Valid.Clear(from + i)
		} else {
			c.Valid.Set(from + i)
		}
	}
}

// Slice is rows [lo, hi), sharing memory with c. lo must be a multiple of 64 if c has a validity bitmap or errors; use
// Gather otherwise.
func (c *Column) Slice(lo, hi int) Column {
	out := *c
	out.n = hi - lo
	switch c.Kind {
	case types.Bool:
		out.Bools = c.Bools[lo:hi:hi]
	case types.Int64:
		out.Ints = c.Ints[lo:hi:hi]
	case types.Float64:
		out.Floats = c.Floats[lo:hi:hi]
	case types.Bytes:
		out.Offsets = c.Offsets[lo : hi+1 : hi+1]
	}
	if c.Valid != nil {
		if lo&63 != 0 {
			panic("delta: Slice of a nullable column off a word boundary")
		}
		out.Valid = c.Valid[lo>>6:]
	}
	if c.Errs != nil {
		out.Errs = c.Errs.slice(lo, hi)
	}
	return out
}

// Gather returns the rows named by sel, in that order; an index below zero gives NULL. Errors are not carried over.
func (c *Column) Gather(sel []int32) (out Column) {
	c.GatherInto(&out, sel)
	return out
}

// GatherInto is Gather into the memory of a column that nobody else has.
func (c *Column) GatherInto(dst *Column, sel []int32) {
	nullable := c.Valid != nil
	if !nullable {
		for _, i := range sel {
			if i < 0 {
				nullable = true
				break
			}
		}
	}
	dst.Kind, dst.Errs = c.Kind, nil
	if !nullable {
		dst.Valid, dst.n = nil, len(sel)
		switch c.Kind {
		case types.Bool:
			dst.Bools = gather(dst.Bools, c.Bools, sel)
		case types.Int64:
			dst.Ints = gather(dst.Ints, c.Ints, sel)
		case types.Float64:
			dst.Floats = gather(dst.Floats, c.Floats, sel)
		case types.Bytes:
			dst.gatherBytes(c, sel)
		}
		return
	}
	if dst.n = 0; cap(dst.Bools)+cap(dst.Ints)+cap(dst.Floats)+cap(dst.Offsets) < len(sel) {
		*dst = NewColumn(c.Kind, len(sel))
	} else {
		dst.Reset()
	}
	for _, i := range sel {
		if i < 0 {
			dst.AppendNull()
		} else {
			dst.AppendRow(c, int(i))
		}
	}
}

// gather puts the values of v that sel names into dst, which it makes anew if it is too small.
func gather[T any](dst, v []T, sel []int32) []T {
	if cap(dst) < len(sel) {
		dst = make([]T, len(sel))
	}
	dst = dst[:len(sel)]
	for j, i := range sel {
		dst[j] = v[i]
	}
	return dst
}

func (c *Column) gatherBytes(from *Column, sel []int32) {
	size := 0
	for _, i := range sel {
		size += int(from.Offsets[i+1] - from.Offsets[i])
	}
	if cap(c.Offsets) < len(sel)+1 {
		c.Offsets = make([]uint32, 0, len(sel)+1)
	}
	if cap(c.Data) < size {
		c.Data = make([]byte, 0, size)
	}
	c.Offsets, c.Data = append(c.Offsets[:0], 0), c.Data[:0]
	for _, i := range sel {
		c.Data = append(c.Data, from.Data[from.Offsets[i]:from.Offsets[i+1]]...)
		c.Offsets = append(c.Offsets, uint32(len(c.Data)))
	}
}

// Repeat is a column of n rows that all hold d.
func Repeat(kind types.Kind, d types.Datum, n int) Column {
	c := NewColumn(kind, n)
	for i := 0; i < n; i++ {
		c.AppendDatum(d)
	}
	return c
}
