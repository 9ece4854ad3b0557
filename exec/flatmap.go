package exec

import (
	"tarn/delta"
	"tarn/planner/plan"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// flatmap calls a set-returning function for every row and emits the row once for each row it returns, with the count of
// the row. It keeps nothing: the function returns the same set when the row is deleted as when it was inserted. A strict
// function returns nothing for a NULL argument.
type flatmap struct {
	stateless
	plan *plan.FlatMap
	args exprs
}

func (f *flatmap) push(n *node, _ int, b *delta.Batch) error {
	b, args, err := f.args.eval(n, b, nil)
	if err != nil {
		return err
	}
	var (
		sel      []int32
		ordinals []int64
		outer    []int32 // rows of the output that are NULL-extended
		row      = make([]types.Datum, len(args))
		set      = f.columns(b.Len)
	)
	for i := range b.Len {
		null := false
		for j := range args {
			row[j] = args[j].Datum(i)
			null = null || row[j].Null
		}
		before := set[0].Len()
		if !null || f.plan.Fn.NullCall {
			if err := f.plan.Fn.Set(f.args.fn, row, set); err != nil {
				if err := n.fail(sqlstate.From(err), b.Count(i)); err != nil {
					return err
				}
				set = cut(set, before)
				continue
			}
		}
		for k := range set[0].Len() - before {
			sel = append(sel, int32(i))
			ordinals = append(ordinals, int64(k+1))
		}
		if f.plan.Outer && set[0].Len() == before {
			outer = append(outer, int32(len(sel)))
			sel = append(sel, int32(i))
			ordinals = append(ordinals, 0)
			for j := range set {
				set[j].AppendNull()
			}
		}
	}
	out := b.Gather(sel)
	out.Cols = append(out.Cols, set...)
	if f.plan.Ordinality {
		var valid delta.Bitmap
		if len(outer) > 0 {
			valid = delta.FullBitmap(len(sel))
			for _, i := range outer {
				valid.Clear(int(i))
			}
		}
		out.Cols = append(out.Cols, delta.IntColumn(ordinals, valid))
	}
	for lo := 0; lo < out.Len; lo += setRows {
		if err := n.emit(out.Slice(lo, min(lo+setRows, out.Len))); err != nil {
			return err
		}
	}
	return nil
}

// setRows is how many rows of large sets go on at once: what follows holds memory for a batch, and stops between batches.
const setRows = 1 << 13

func (f *flatmap) columns(n int) []delta.Column {
	set := make([]delta.Column, len(f.plan.Columns))
	for i, c := range f.plan.Columns {
		set[i] = delta.NewColumn(c.Type.Kind(), n)
	}
	return set
}

// cut is the first n rows of columns: what was there before a call that failed half way.
func cut(cols []delta.Column, n int) []delta.Column {
	sel := make([]int32, n)
	for i := range sel {
		sel[i] = int32(i)
	}
	out := make([]delta.Column, len(cols))
	for j := range cols {
		out[j] = cols[j].Gather(sel)
	}
	return out
}
