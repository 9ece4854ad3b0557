package functions

import (
	"slices"

	"tarn/delta"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// collectAggregates gather all values into one.
func collectAggregates() []Aggregate {
	return []Aggregate{
		{Name: "string_agg", Args: sig(text, text), Returns: text, Collect: stringAgg},
		{Name: "string_agg", Args: sig(bytea, bytea), Returns: bytea, Collect: stringAgg},
		{Name: "array_agg", Args: sig(element), Returns: array, NullCall: true, Bind: arrayAgg},
		{Name: "array_agg", Args: sig(array), Returns: array, NullCall: true, Bind: arrayAgg},
	}
}

// stringAgg joins the values; the delimiter of the first value is not used, and one that is NULL is empty.
func stringAgg(ctx *Context, args []delta.Column, n int, out *delta.Column) {
	if n == 0 {
		out.AppendNull()
		return
	}
	at := len(out.Data)
	for i := 0; i < n; i++ {
		if err := ctx.fits(int64(len(out.Data) - at)); err != nil {
			out.Data = out.Data[:at]
			failLast(out, err)
			return
		}
		if i > 0 && !args[1].IsNull(i) {
			out.Data = append(out.Data, args[1].Bytes(i)...)
		}
		out.Data = append(out.Data, args[0].Bytes(i)...)
	}
	out.EndBytes()
}

// arrayAgg collects values into an array, or arrays of equal dimensions into one with a dimension more.
func arrayAgg(args []types.OID, a *Aggregate) {
	t := types.Of(args[0])
	a.Collect = func(_ *Context, args []delta.Column, n int, out *delta.Column) {
		if n == 0 {
			out.AppendNull()
			return
		}
		elems := make([]types.Datum, n)
		for i := range elems {
			elems[i] = args[0].Datum(i)
		}
		if t.IsArray() {
			if err := accumulable(elems); err != nil {
				failLast(out, err)
				return
			}
		}
		b, err := PackArray(out.Data, t, elems)
		finish(out, b, err)
	}
}

// accumulable fails arrays that array_agg cannot make one of.
func accumulable(elems []types.Datum) error {
	var dims []types.Dim
	for i, d := range elems {
		if d.Null {
			return sqlstate.New(sqlstate.NullValueNotAllowed, "cannot accumulate null arrays")
		}
		inner := types.ArrayDims(d.Bytes)
		switch {
		case i == 0 && len(inner) == 0:
			return sqlstate.New(sqlstate.ArraySubscriptError, "cannot accumulate empty arrays")
		case i == 0:
			dims = inner
		case !slices.Equal(inner, dims):
			return sqlstate.New(sqlstate.ArraySubscriptError, "cannot accumulate arrays of different dimensionality")
		}
	}
	return nil
}

// PackArray appends the array of the elements given, which are of type t. If t is an array type itself, the elements must
// be arrays of the same dimensions, and become the inner dimensions (2202E if they are not, 54000 if they have the most there may
// be); NULL is an empty one.
func PackArray(dst []byte, t types.Type, elems []types.Datum) ([]byte, error) {
	if !t.IsArray() {
		return types.AppendArray(dst, t.Kind(), types.ArrayOf(elems)), nil
	}
	kind := t.Elem().Kind()
	var out types.Array
	for i, d := range elems {
		var inner types.Array
		if !d.Null {
			inner = types.DecodeArray(kind, d.Bytes)
		}
		if len(inner.Dims) == types.MaxDims {
			return nil, types.TooManyDims(types.MaxDims + 1)
		}
		if i == 0 {
			out.Dims = append([]types.Dim{{Len: int32(len(elems)), Lower: 1}}, inner.Dims...)
		} else if !slices.Equal(inner.Dims, out.Dims[1:]) {
			return nil, sqlstate.New(sqlstate.ArraySubscriptError, "multidimensional arrays must have array expressions with matching dimensions")
		}
		out.Elems = append(out.Elems, inner.Elems...)
	}
	if len(out.Elems) == 0 {
		out = types.Array{}
	}
	return types.AppendArray(dst, kind, out), nil
}
