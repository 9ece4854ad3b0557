package functions

import (
	"math"
	"slices"

	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

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
		if len(lengths) > types.MaxDims {
			return nil, types.TooManyDims(len(lengths))
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
