package functions

import (
	"strconv"

	"tarn/sql/types"
)

// arrayFunctions are the functions of arrays: section 9.19 of PostgreSQL's manual.
func arrayFunctions() []Function {
	out := []Function{
		{Name: "array_subscript", Args: sig(array, int4), Variadic: true, Returns: element, Bind: subscript},
		{Name: "array_slice", Args: sig(array, int4, int4), Returns: array, NullCall: true, Bind: slice},
		{Name: "array_length", Args: sig(array, int4), Returns: int4, Eval: ints(func(r *Row) (int64, error) {
			d, err := dimension(r)
			return int64(d.Len), err
		})},
		{Name: "array_lower", Args: sig(array, int4), Returns: int4, Eval: ints(func(r *Row) (int64, error) {
			d, err := dimension(r)
			return int64(d.Lower), err
		})},
		{Name: "array_upper", Args: sig(array, int4), Returns: int4, Eval: ints(func(r *Row) (int64, error) {
			d, err := dimension(r)
			return int64(d.Lower) + int64(d.Len) - 1, err
		})},
		{Name: "array_ndims", Args: sig(array), Returns: int4, Eval: ints(func(r *Row) (int64, error) {
			if n := len(types.ArrayDims(r.Bytes(0))); n > 0 {
				return int64(n), nil
			}
			return 0, errNull
		})},
		{Name: "array_dims", Args: sig(array), Returns: text, Eval: unaryBlobs(arrayDims)},
		{Name: "cardinality", Args: sig(array), Returns: int4, Eval: ints(func(r *Row) (int64, error) { return int64(types.ArrayCount(r.Bytes(0))), nil })},
		{Name: "array_append", Args: sig(compatibles, compatible), Returns: compatibles, NullCall: true, Bind: arrayAppend},
		{Name: "array_prepend", Args: sig(compatible, compatibles), Returns: compatibles, NullCall: true, Bind: arrayPrepend},
		{Name: "array_cat", Args: sig(compatibles, compatibles), Returns: compatibles, NullCall: true, Bind: arrayCat},
		{Name: "||", Args: sig(compatibles, compatibles), Returns: compatibles, NullCall: true, Bind: arrayCat},
		{Name: "||", Args: sig(compatibles, compatible), Returns: compatibles, NullCall: true, Bind: arrayAppend},
		{Name: "||", Args: sig(compatible, compatibles), Returns: compatibles, NullCall: true, Bind: arrayPrepend},
		{Name: "array_position", Args: sig(compatibles, compatible, int4), Optional: 1, Returns: int4, NullCall: true, Bind: arrayPosition},
		{Name: "array_positions", Args: sig(compatibles, compatible), Returns: types.Int4ArrayOID, NullCall: true, Bind: arrayPositions},
		{Name: "array_remove", Args: sig(compatibles, compatible), Returns: compatibles, NullCall: true, Bind: arrayRemove},
		{Name: "array_replace", Args: sig(compatibles, compatible, compatible), Returns: compatibles, NullCall: true, Bind: arrayReplace},
		{Name: "array_to_string", Args: sig(array, text, text), Optional: 1, Returns: text, Volatility: Stable, Standing: true, NullCall: true, Bind: arrayToString},
		{Name: "trim_array", Args: sig(array, int4), Returns: array, Bind: trimArray},
		{Name: "array_fill", Args: sig(element, types.Int4ArrayOID, types.Int4ArrayOID), Optional: 1, Returns: array, NullCall: true, Bind: arrayFill},
		{Name: "@>", Args: sig(array, array), Returns: boolean, Bind: func(args []types.OID) Kernel { return containment(args[0], 0, 1) }},
		{Name: "<@", Args: sig(array, array), Returns: boolean, Bind: func(args []types.OID) Kernel { return containment(args[0], 1, 0) }},
		{Name: "&&", Args: sig(array, array), Returns: boolean, Bind: overlapping},
		{Name: "string_to_array", Args: sig(text, text, text), Optional: 1, Returns: texts, NullCall: true, Eval: nullBlobs(stringToArray)},
		{Name: "parse_ident", Args: sig(text, boolean), Optional: 1, Returns: texts, Eval: blobs(func(r *Row, dst []byte) ([]byte, error) {
			parts, err := parseIdent(r.Text(0), len(r.Args) < 2 || r.Bool(1))
			return appendTexts(dst, textDatums(parts, types.Null)), err
		})},
		{Name: "regexp_match", Args: sig(text, text, text), Optional: 1, Returns: texts, Eval: blobs(regexpMatch)},
		{Name: "regexp_split_to_array", Args: sig(text, text, text), Optional: 1, Returns: texts, Eval: blobs(func(r *Row, dst []byte) ([]byte, error) {
			parts, err := splitByRegex(r.Text(0), r.Text(1), r.option(2), "regexp_split_to_array")
			return appendTexts(dst, textDatums(parts, types.Null)), err
		})},
	}
	return out
}

// elemOf is the type of the elements of an array type.
func elemOf(t types.OID) types.Type { return types.Of(types.Of(t).Info().Elem) }

// unpack is argument k, an array of elements of a kind.
func (r *Row) unpack(k int, kind types.Kind) types.Array { return types.DecodeArray(kind, r.Bytes(k)) }

// datum is argument k.
func (r *Row) datum(k int) types.Datum { return r.Args[k].Datum(r.I) }

// dimension is the dimension that argument 1 numbers, NULL if there is none.
func dimension(r *Row) (types.Dim, error) {
	dims, n := types.ArrayDims(r.Bytes(0)), r.Int(1)
	if n < 1 || n > int64(len(dims)) {
		return types.Dim{}, errNull
	}
	return dims[n-1], nil
}

func arrayDims(dst, a []byte) ([]byte, error) {
	dims := types.ArrayDims(a)
	if len(dims) == 0 {
		return nil, errNull
	}
	for _, d := range dims {
		dst = strconv.AppendInt(append(dst, '['), int64(d.Lower), 10)
		dst = append(strconv.AppendInt(append(dst, ':'), int64(d.Lower)+int64(d.Len)-1, 10), ']')
	}
	return dst, nil
}

// subscript is x[i][j]: NULL outside of the array and for a number of subscripts that is not that of its dimensions.
func subscript(args []types.OID) Kernel {
	elem := elemOf(args[0])
	find := func(r *Row) (types.Datum, error) {
		dims := types.ArrayDims(r.Bytes(0))
		if len(dims) != len(r.Args)-1 {
			return types.Null, errNull
		}
		at := int64(0)
		for k, d := range dims {
			i := r.Int(k+1) - int64(d.Lower)
			if i < 0 || i >= int64(d.Len) {
				return types.Null, errNull
			}
			at = at*int64(d.Len) + i
		}
		found := types.Null
		types.ArrayEach(elem.Kind(), r.Bytes(0), func(i int, d types.Datum) bool {
			found = d
			return int64(i) < at
		})
		if found.Null {
			return found, errNull
		}
		return found, nil
	}
	switch elem.Kind() {
	case types.Bool:
		return bools(func(r *Row) (bool, error) { d, err := find(r); return d.Int != 0, err })
	case types.Int64:
		return ints(func(r *Row) (int64, error) { d, err := find(r); return d.Int, err })
	case types.Float64:
		return floats(func(r *Row) (float64, error) { d, err := find(r); return d.Float, err })
	}
	return blobs(func(r *Row, dst []byte) ([]byte, error) { d, err := find(r); return append(dst, d.Bytes...), err })
}

// slice is x[i:j] of a one-dimensional array; a bound that is NULL was left out. The result is numbered from 1.
func slice(args []types.OID) Kernel {
	kind := elemOf(args[0]).Kind()
	return nullBlobs(func(r *Row, dst []byte) ([]byte, error) {
		if r.Null(0) {
			return nil, errNull
		}
		a := r.unpack(0, kind)
		if len(a.Dims) == 0 {
			return append(dst, r.Bytes(0)...), nil
		}
		inner := int64(len(a.Elems)) / int64(a.Dims[0].Len)
		from, to := int64(0), int64(a.Dims[0].Len)
		if !r.Null(1) {
			from = max(from, r.Int(1)-int64(a.Dims[0].Lower))
		}
		if !r.Null(2) {
			to = min(to, r.Int(2)-int64(a.Dims[0].Lower)+1)
		}
		if from >= to {
			return types.AppendArray(dst, kind, types.Array{}), nil
		}
		out := types.Array{Dims: append([]types.Dim(nil), a.Dims...), Elems: a.Elems[from*inner : to*inner]}
		out.Dims[0].Len = int32(to - from)
		for i := range out.Dims {
			out.Dims[i].Lower = 1
		}
		return types.AppendArray(dst, kind, out), nil
	})
}
