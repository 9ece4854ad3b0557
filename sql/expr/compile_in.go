package expr

import (
	"tarn/delta"
	"tarn/sql/functions"
	"tarn/sql/types"
)

// compileIn looks every row up in a hash set of the list, keyed by the canonical key of the type, so that values equal
// under SQL are found whatever their form. A miss is NULL if the list has a NULL.
func compileIn(e *In) evaluator {
	arg, t := compile(e.Arg), e.Arg.Type()
	missNull := false
	ints, keys := map[int64]struct{}{}, map[string]struct{}{}
	byInt := t.Kind() == types.Int64 || t.Kind() == types.Bool
	for _, d := range e.List {
		switch {
		case d.Null:
			missNull = true
		case byInt:
			ints[d.Int] = struct{}{}
		default:
			keys[string(types.AppendKey(nil, t, d))] = struct{}{}
		}
	}
	return func(ctx *functions.Context, b *delta.Batch) delta.Column {
		c := arg(ctx, b)
		v := make([]bool, b.Len)
		switch {
		case t.Kind() == types.Int64:
			for i, x := range c.Ints[:b.Len] {
				_, v[i] = ints[x]
			}
		case byInt:
			for i := range v {
				_, v[i] = ints[c.Datum(i).Int]
			}
		default:
			var key []byte
			for i := range v {
				if c.IsNull(i) || c.Errs.Err(i) != nil {
					continue
				}
				key = types.AppendKey(key[:0], t, c.Datum(i))
				_, v[i] = keys[string(key)]
			}
		}
		valid := c.Valid
		if missNull {
			valid = delta.NewBitmap(b.Len)
			for i := range v {
				if v[i] && !c.IsNull(i) {
					valid.Set(i)
				}
			}
		}
		return withErrors(delta.BoolColumn(v, valid), c.Errs)
	}
}
