package exec

import (
	"slices"

	"tarn/delta"
	"tarn/sql/expr"
	"tarn/sql/functions"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// exprs are the expressions of an operator that are evaluated together: a row for which one of them fails is an error (E4).
type exprs struct {
	progs []*expr.Program
	ts    []types.Type
	used  []int // the columns they read
	fn    *functions.Context
}

func compileExprs(fn *functions.Context, es ...expr.Expr) exprs {
	x := exprs{fn: fn}
	for _, e := range es {
		x.add(e)
	}
	return x
}

func (x *exprs) add(e expr.Expr) {
	x.progs = append(x.progs, expr.Compile(e))
	x.ts = append(x.ts, e.Type())
	x.used = append(x.used, expr.Columns(e)...)
}

// eval appends the columns of the expressions over b to dst. Rows that failed leave through n.fail and are in neither the
// columns nor the batch returned, which is b if there were none.
func (x *exprs) eval(n *node, b *delta.Batch, dst []delta.Column) (*delta.Batch, []delta.Column, error) {
	from := len(dst)
	failed := false
	for _, p := range x.progs {
		c := p.Eval(x.fn, b)
		failed = failed || c.Errs != nil
		dst = append(dst, c)
	}
	if !failed {
		return b, dst, nil
	}
	if rows := fitting(dst[from:], b.Len); b.Len > 1 && rows < b.Len {
		return nil, nil, tooLarge{max(rows, 1)}
	}
	good := make([]int32, 0, b.Len)
	for i := range b.Len {
		if e := firstError(dst[from:], i); e == nil {
			good = append(good, int32(i))
		} else if err := n.fail(e, b.Count(i)); err != nil {
			return nil, nil, err
		}
	}
	if len(good) == b.Len {
		for j := from; j < len(dst); j++ {
			dst[j].Errs = nil
		}
		return b, dst, nil
	}
	for j := from; j < len(dst); j++ {
		dst[j] = dst[j].Gather(good)
	}
	return b.Gather(good), dst, nil
}

// tooLarge is what an operator says that has not begun yet to take a batch whose values are too large together: it wants the
// batch in parts of so many rows.
type tooLarge struct{ rows int }

func (tooLarge) Error() string { return functions.ErrLargeBatch.Error() }

// fitting is how many of n rows there are before the first that failed only because there were so many.
func fitting(cols []delta.Column, n int) int {
	for j := range cols {
		if cols[j].Errs == nil {
			continue
		}
		if i := slices.Index(cols[j].Errs.ByRow, functions.ErrLargeBatch); i >= 0 {
			n = min(n, i)
		}
	}
	return n
}

// firstError is the error of row i in the leftmost column that has one.
func firstError(cols []delta.Column, i int) *sqlstate.Error {
	for j := range cols {
		if e := errorAt(&cols[j], i); e != nil {
			return e
		}
	}
	return nil
}

// errorAt is the error of row i, or nil.
func errorAt(c *delta.Column, i int) *sqlstate.Error {
	if c.Errs == nil || i >= len(c.Errs.ByRow) {
		return nil
	}
	return c.Errs.ByRow[i]
}

// isTrue tells whether row i of a Bool column is true, which NULL is not.
func isTrue(c *delta.Column, i int) bool { return c.Bools[i] && !c.IsNull(i) }

// nulls is a column of n NULLs.
func nulls(kind types.Kind, n int) delta.Column {
	valid := delta.NewBitmap(n)
	switch kind {
	case types.Bool:
		return delta.BoolColumn(make([]bool, n), valid)
	case types.Int64:
		return delta.IntColumn(make([]int64, n), valid)
	case types.Float64:
		return delta.FloatColumn(make([]float64, n), valid)
	default:
		return delta.BytesColumn(make([]uint32, n+1), nil, valid)
	}
}

// newColumns are empty columns of the types given, with room for n rows.
func newColumns(ts []types.Type, n int) []delta.Column {
	cols := make([]delta.Column, len(ts))
	for i, t := range ts {
		cols[i] = delta.NewColumn(t.Kind(), n)
	}
	return cols
}

// resetColumns empties columns and keeps their memory, unless that is large. Nobody else may hold them.
func resetColumns(cols []delta.Column) {
	const large = 1 << 16
	for i := range cols {
		c := &cols[i]
		switch {
		case c.Len() > large || len(c.Data) > 16*large:
			*c = delta.NewColumn(c.Kind, 0)
		case c.Kind == types.Bool:
			*c = delta.BoolColumn(c.Bools[:0], nil)
		case c.Kind == types.Int64:
			*c = delta.IntColumn(c.Ints[:0], nil)
		case c.Kind == types.Float64:
			*c = delta.FloatColumn(c.Floats[:0], nil)
		default:
			*c = delta.BytesColumn(append(c.Offsets[:0], 0), c.Data[:0], nil)
		}
	}
}

// columnsOf are the indexes 0 to n-1.
func columnsOf(n int) []int {
	cols := make([]int, n)
	for i := range cols {
		cols[i] = i
	}
	return cols
}
