package functions

import (
	"math"
	"slices"
	"strconv"

	"tarn/sql/sqlstate"
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

// appendTexts appends an array of text.
func appendTexts(dst []byte, elems []types.Datum) []byte {
	return types.AppendArray(dst, types.Bytes, types.ArrayOf(elems))
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

var (
	errOneDimension = sqlstate.New(sqlstate.DataException, "argument must be empty or one-dimensional array")
	errArrayTooBig  = sqlstate.New(sqlstate.ProgramLimitExceeded, "array size exceeds the maximum allowed (134217727)")
)

func arrayAppend(args []types.OID) Kernel {
	kind := elemOf(args[0]).Kind()
	return nullBlobs(func(r *Row, dst []byte) ([]byte, error) { return appendExtended(dst, r, 0, 1, kind, false) })
}

func arrayPrepend(args []types.OID) Kernel {
	kind := elemOf(args[1]).Kind()
	return nullBlobs(func(r *Row, dst []byte) ([]byte, error) { return appendExtended(dst, r, 1, 0, kind, true) })
}

// appendExtended is array_append and array_prepend; a NULL array is an empty one.
func appendExtended(dst []byte, r *Row, arrayArg, elemArg int, kind types.Kind, front bool) ([]byte, error) {
	var a types.Array
	if !r.Null(arrayArg) {
		a = r.unpack(arrayArg, kind)
	}
	if len(a.Dims) > 1 {
		return nil, errOneDimension
	}
	lower := int32(1)
	if len(a.Dims) == 1 {
		lower = a.Dims[0].Lower
	}
	elems := make([]types.Datum, 0, len(a.Elems)+1)
	if front {
		elems = append(elems, r.datum(elemArg))
	}
	elems = append(elems, a.Elems...)
	if !front {
		elems = append(elems, r.datum(elemArg))
	}
	out := types.ArrayOf(elems)
	out.Dims[0].Lower = lower
	return types.AppendArray(dst, kind, out), nil
}

// arrayCat joins two arrays of as many dimensions, or one with an element of the other's outermost dimension.
func arrayCat(args []types.OID) Kernel {
	kind := elemOf(args[0]).Kind()
	return nullBlobs(func(r *Row, dst []byte) ([]byte, error) {
		switch {
		case r.Null(0) && r.Null(1):
			return nil, errNull
		case r.Null(0):
			return append(dst, r.Bytes(1)...), nil
		case r.Null(1):
			return append(dst, r.Bytes(0)...), nil
		}
		a, b := r.unpack(0, kind), r.unpack(1, kind)
		switch {
		case len(a.Dims) == 0:
			return append(dst, r.Bytes(1)...), nil
		case len(b.Dims) == 0:
			return append(dst, r.Bytes(0)...), nil
		}
		out := types.Array{Dims: append([]types.Dim(nil), a.Dims...), Elems: append(append([]types.Datum(nil), a.Elems...), b.Elems...)}
		fits := true
		switch len(a.Dims) - len(b.Dims) {
		case 0:
			out.Dims[0].Len += b.Dims[0].Len
			fits = slices.Equal(a.Dims[1:], b.Dims[1:])
		case 1:
			out.Dims[0].Len++
			fits = slices.Equal(a.Dims[1:], b.Dims)
		case -1:
			out.Dims = append([]types.Dim(nil), b.Dims...)
			out.Dims[0].Len++
			fits = slices.Equal(a.Dims, b.Dims[1:])
		default:
			return nil, sqlstate.New(sqlstate.ArraySubscriptError, "cannot concatenate incompatible arrays").WithDetail(
				"Arrays of %d and %d dimensions are not compatible for concatenation.", len(a.Dims), len(b.Dims))
		}
		if !fits {
			return nil, sqlstate.New(sqlstate.ArraySubscriptError, "cannot concatenate incompatible arrays").WithDetail(
				"Arrays with differing element dimensions are not compatible for concatenation.")
		}
		return types.AppendArray(dst, kind, out), nil
	})
}

// same tells whether two elements are equal, NULL being equal to NULL.
func same(t types.Type, a, b types.Datum) bool {
	if a.Null || b.Null {
		return a.Null && b.Null
	}
	return types.Compare(t, a, b) == 0
}

var errSearchDimensions = sqlstate.New(sqlstate.FeatureNotSupported, "searching for elements in multidimensional arrays is not supported")

func arrayPosition(args []types.OID) Kernel {
	elem := elemOf(args[0])
	return nullInts(func(r *Row) (int64, error) {
		if r.Null(0) {
			return 0, errNull
		}
		a := r.unpack(0, elem.Kind())
		if len(a.Dims) > 1 {
			return 0, errSearchDimensions
		}
		if r.Null(1) && !hasNull(a.Elems) || len(a.Dims) == 0 {
			return 0, errNull
		}
		lower := int64(a.Dims[0].Lower)
		from := lower
		if len(r.Args) > 2 {
			if r.Null(2) {
				return 0, sqlstate.New(sqlstate.NullValueNotAllowed, "initial position must not be null")
			}
			from = max(from, r.Int(2))
		}
		want := r.datum(1)
		for i := from - lower; i < int64(len(a.Elems)); i++ {
			if same(elem, a.Elems[i], want) {
				return i + lower, nil
			}
		}
		return 0, errNull
	})
}

// hasNull tells whether one of the elements is NULL.
func hasNull(elems []types.Datum) bool {
	return slices.ContainsFunc(elems, func(d types.Datum) bool { return d.Null })
}

func arrayPositions(args []types.OID) Kernel {
	elem := elemOf(args[0])
	return nullBlobs(func(r *Row, dst []byte) ([]byte, error) {
		if r.Null(0) {
			return nil, errNull
		}
		a := r.unpack(0, elem.Kind())
		if len(a.Dims) > 1 {
			return nil, errSearchDimensions
		}
		var found []types.Datum
		for i, d := range a.Elems {
			if same(elem, d, r.datum(1)) {
				found = append(found, types.Datum{Int: int64(i) + int64(a.Dims[0].Lower)})
			}
		}
		return types.AppendArray(dst, types.Int64, types.ArrayOf(found)), nil
	})
}

func arrayRemove(args []types.OID) Kernel {
	elem := elemOf(args[0])
	return nullBlobs(func(r *Row, dst []byte) ([]byte, error) {
		if r.Null(0) {
			return nil, errNull
		}
		a := r.unpack(0, elem.Kind())
		if len(a.Dims) > 1 {
			return nil, sqlstate.New(sqlstate.FeatureNotSupported, "removing elements from multidimensional arrays is not supported")
		}
		var left []types.Datum
		for _, d := range a.Elems {
			if !same(elem, d, r.datum(1)) {
				left = append(left, d)
			}
		}
		out := types.ArrayOf(left)
		if len(out.Dims) > 0 {
			out.Dims[0].Lower = a.Dims[0].Lower
		}
		return types.AppendArray(dst, elem.Kind(), out), nil
	})
}

func arrayReplace(args []types.OID) Kernel {
	elem := elemOf(args[0])
	return nullBlobs(func(r *Row, dst []byte) ([]byte, error) {
		if r.Null(0) {
			return nil, errNull
		}
		a := r.unpack(0, elem.Kind())
		for i, d := range a.Elems {
			if same(elem, d, r.datum(1)) {
				a.Elems[i] = r.datum(2)
			}
		}
		return types.AppendArray(dst, elem.Kind(), a), nil
	})
}

func arrayToString(args []types.OID) Kernel {
	elem := elemOf(args[0])
	return nullBlobs(func(r *Row, dst []byte) ([]byte, error) {
		if r.Null(0) || r.Null(1) {
			return nil, errNull
		}
		first, at := true, len(dst)
		var err error
		types.ArrayEach(elem.Kind(), r.Bytes(0), func(_ int, d types.Datum) bool {
			if d.Null && (len(r.Args) < 3 || r.Null(2)) {
				return true
			}
			if !first {
				dst = append(dst, r.Bytes(1)...)
			}
			first = false
			if d.Null {
				dst = append(dst, r.Bytes(2)...)
			} else {
				dst = types.AppendText(dst, elem, d, &r.Ctx.Env)
			}
			err = r.Ctx.fits(int64(len(dst) - at))
			return err == nil
		})
		return dst, err
	})
}

func trimArray(args []types.OID) Kernel {
	kind := elemOf(args[0]).Kind()
	return blobs(func(r *Row, dst []byte) ([]byte, error) {
		a, n := r.unpack(0, kind), r.Int(1)
		length := int64(0)
		if len(a.Dims) > 0 {
			length = int64(a.Dims[0].Len)
		}
		if n < 0 || n > length {
			return nil, sqlstate.New(sqlstate.ArraySubscriptError, "number of elements to trim must be between 0 and %d", length)
		}
		if n == length {
			return types.AppendArray(dst, kind, types.Array{}), nil
		}
		inner := int64(len(a.Elems)) / length
		a.Dims[0].Len -= int32(n)
		for i := range a.Dims {
			a.Dims[i].Lower = 1
		}
		a.Elems = a.Elems[:(length-n)*inner]
		return types.AppendArray(dst, kind, a), nil
	})
}

// dimensionValues are the integers of argument k, which has one dimension and no NULL in it.
func dimensionValues(r *Row, k int) ([]types.Datum, error) {
	a := r.unpack(k, types.Int64)
	if len(a.Dims) > 1 {
		return nil, sqlstate.New(sqlstate.ArraySubscriptError, "wrong number of array subscripts").WithDetail("Dimension array must be one dimensional.")
	}
	for _, d := range a.Elems {
		if d.Null {
			return nil, sqlstate.New(sqlstate.NullValueNotAllowed, "dimension values cannot be null")
		}
	}
	return a.Elems, nil
}

func arrayFill(args []types.OID) Kernel {
	kind := types.Of(args[0]).Kind()
	return nullBlobs(func(r *Row, dst []byte) ([]byte, error) {
		if r.Null(1) || len(r.Args) > 2 && r.Null(2) {
			return nil, sqlstate.New(sqlstate.NullValueNotAllowed, "dimension array or low bound array cannot be null")
		}
		lengths, err := dimensionValues(r, 1)
		if err != nil {
			return nil, err
		}
		if len(lengths) > 6 {
			return nil, sqlstate.New(sqlstate.ProgramLimitExceeded, "number of array dimensions (%d) exceeds the maximum allowed (6)", len(lengths))
		}
		var lowers []types.Datum
		if len(r.Args) > 2 {
			if lowers, err = dimensionValues(r, 2); err != nil {
				return nil, err
			}
			if len(lowers) != len(lengths) {
				return nil, sqlstate.New(sqlstate.ArraySubscriptError, "wrong number of array subscripts").WithDetail("Low bound array has different size than dimensions array.")
			}
		}
		out, n := types.Array{}, int64(1)
		for i, d := range lengths {
			dim := types.Dim{Len: int32(d.Int), Lower: 1}
			if lowers != nil {
				dim.Lower = int32(lowers[i].Int)
			}
			out.Dims = append(out.Dims, dim)
			if n *= d.Int; d.Int < 0 || n > 134217727 {
				return nil, errArrayTooBig
			}
			if int64(dim.Lower)+int64(dim.Len) > math.MaxInt32 {
				return nil, sqlstate.New(sqlstate.ProgramLimitExceeded, "array lower bound is too large: %d", dim.Lower)
			}
		}
		if err := r.Ctx.fits(n * 8); err != nil {
			return nil, err
		}
		if len(lengths) == 0 || n == 0 {
			return types.AppendArray(dst, kind, types.Array{}), nil
		}
		out.Elems = make([]types.Datum, n)
		for i := range out.Elems {
			out.Elems[i] = r.datum(0)
		}
		return types.AppendArray(dst, kind, out), nil
	})
}

// containment tells whether array argument outer has every element of array argument inner; NULL elements equal nothing.
func containment(t types.OID, outer, inner int) Kernel {
	elem := elemOf(t)
	return bools(func(r *Row) (bool, error) {
		have := r.unpack(outer, elem.Kind()).Elems
		all := true
		types.ArrayEach(elem.Kind(), r.Bytes(inner), func(_ int, d types.Datum) bool {
			all = !d.Null && contains(elem, have, d)
			return all
		})
		return all, nil
	})
}

func overlapping(args []types.OID) Kernel {
	elem := elemOf(args[0])
	return bools(func(r *Row) (bool, error) {
		have := r.unpack(0, elem.Kind()).Elems
		any := false
		types.ArrayEach(elem.Kind(), r.Bytes(1), func(_ int, d types.Datum) bool {
			any = !d.Null && contains(elem, have, d)
			return !any
		})
		return any, nil
	})
}

func contains(t types.Type, elems []types.Datum, want types.Datum) bool {
	for _, d := range elems {
		if !d.Null && types.Compare(t, d, want) == 0 {
			return true
		}
	}
	return false
}

func stringToArray(r *Row, dst []byte) ([]byte, error) {
	if r.Null(0) {
		return nil, errNull
	}
	nullWord := types.Null
	if len(r.Args) > 2 {
		nullWord = r.datum(2)
	}
	return appendTexts(dst, splitText(r.Text(0), r.datum(1), nullWord)), nil
}

func regexpMatch(r *Row, dst []byte) ([]byte, error) {
	options := r.option(2)
	if err := matchOptions(options, "regexp_match"); err != nil {
		return nil, err
	}
	re, err := compileRegex(r.Text(1), options)
	if err != nil {
		return nil, err
	}
	m := re.find(r.Bytes(0), 0)
	if m == nil {
		return nil, errNull
	}
	return appendTexts(dst, groups(re, r.Bytes(0), m)), nil
}
