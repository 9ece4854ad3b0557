package pgcatalog

import (
	"fmt"

	"tarn/delta"
	"tarn/sql/types"
)

// rows gathers rows of a relation, of which only some columns are wanted.
type rows struct {
	def   *definition
	cols  []int // the columns of batch
	batch *delta.Batch
	slot  []int // of each column of the relation: its place among the values given to add, or -1 if it is constant
	width int   // how many values add wants
}

func newRows(d *definition, cols []int) *rows {
	ts := make([]types.Type, len(cols))
	for i, c := range cols {
		ts[i] = d.types[c]
	}
	r := &rows{def: d, cols: cols, batch: delta.NewBatch(ts, 0), slot: make([]int, len(d.types))}
	for i := range d.types {
		r.slot[i] = -1
		if !d.isConst[i] {
			r.slot[i] = r.width
			r.width++
		}
	}
	return r
}

// add appends a row: a value for each column that is not constant. nil is NULL; strings are the text form of a bytes type
// that is not an array, lists become arrays.
func (r *rows) add(values ...any) {
	if len(values) != r.width {
		panic(fmt.Sprintf("pgcatalog: %s has %d columns that vary, not %d", r.def.name, r.width, len(values)))
	}
	for i, c := range r.cols {
		out := &r.batch.Cols[i]
		if slot := r.slot[c]; slot >= 0 {
			appendValue(out, r.def.types[c], values[slot])
		} else {
			out.AppendDatum(r.def.constant[c])
		}
	}
	r.batch.AppendCount(1)
}

func appendValue(out *delta.Column, t types.Type, value any) {
	switch v := value.(type) {
	case nil:
		out.AppendNull()
	case bool:
		out.AppendBool(v)
	case int:
		out.AppendInt(int64(v))
	case int64:
		out.AppendInt(v)
	case int32:
		out.AppendInt(int64(v))
	case int16:
		out.AppendInt(int64(v))
	case uint32:
		out.AppendInt(int64(v))
	case types.OID:
		out.AppendInt(int64(v))
	case float64:
		out.AppendFloat(v)
	case byte: // "char"
		out.AppendBytes([]byte{v})
	case string:
		out.AppendString(v)
	case []string:
		out.AppendBytes(array(t, types.Bytes, v, func(s string) types.Datum { return types.Datum{Bytes: []byte(s)} }))
	case []types.OID:
		out.AppendBytes(array(t, types.Int64, v, func(oid types.OID) types.Datum { return types.Datum{Int: int64(oid)} }))
	case []int:
		out.AppendBytes(array(t, types.Int64, v, func(n int) types.Datum { return types.Datum{Int: int64(n)} }))
	default:
		panic(fmt.Sprintf("pgcatalog: a value of type %T", value))
	}
}

// array packs a list; vectors are numbered from 0.
func array[T any](t types.Type, elem types.Kind, list []T, datum func(T) types.Datum) []byte {
	a := types.Array{}
	for _, v := range list {
		a.Elems = append(a.Elems, datum(v))
	}
	switch {
	case t.OID == types.Int2VectorOID || t.OID == types.OidVectorOID:
		a.Dims = []types.Dim{{Len: int32(len(list)), Lower: 0}}
	case len(list) > 0:
		a.Dims = []types.Dim{{Len: int32(len(list)), Lower: 1}}
	}
	return types.AppendArray(nil, elem, a)
}
