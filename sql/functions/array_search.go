package functions

import (
	"slices"

	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

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
