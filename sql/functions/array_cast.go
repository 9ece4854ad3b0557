package functions

import (
	"tarn/delta"
	"tarn/sql/types"
)

// findArrayCast finds the cast between two array types: that of their elements, element by element.
func findArrayCast(from, to, fromElem, toElem types.OID, ctx CastContext) (*Cast, bool) {
	inner, ok := FindCast(fromElem, toElem, ctx)
	if !ok {
		return nil, false
	}
	source, target := types.Of(fromElem), types.Of(toElem)
	return &Cast{From: from, To: to, Context: ctx, Eval: func(ctx *Context, arg *delta.Column, n int, _, _ types.Type) delta.Column {
		return castElements(ctx, inner, arg, n, source, target)
	}}, true
}

// castElements converts the elements of all arrays as one column.
func castElements(ctx *Context, inner *Cast, arg *delta.Column, n int, from, to types.Type) delta.Column {
	elems := delta.NewColumn(from.Kind(), n)
	for i := 0; i < n; i++ {
		if !arg.IsNull(i) {
			types.ArrayEach(from.Kind(), arg.Bytes(i), func(_ int, d types.Datum) bool {
				elems.AppendDatum(d)
				return true
			})
		}
	}
	converted := Convert(ctx, inner, &elems, elems.Len(), from, to, true)
	out := delta.NewColumn(types.Bytes, n)
	next := 0
	for i := 0; i < n; i++ {
		if arg.IsNull(i) {
			out.AppendNull()
			continue
		}
		a := types.Array{Dims: types.ArrayDims(arg.Bytes(i))}
		var failure error
		for range types.ArrayCount(arg.Bytes(i)) {
			if err := converted.Errs.Err(next); err != nil && failure == nil {
				failure = err
			}
			a.Elems = append(a.Elems, converted.Datum(next))
			next++
		}
		if failure != nil {
			failLast(&out, failure)
			continue
		}
		out.Data = types.AppendArray(out.Data, to.Kind(), a)
		out.EndBytes()
	}
	return out
}
