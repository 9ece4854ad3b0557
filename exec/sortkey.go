package exec

import (
	"encoding/binary"

	"tarn/delta"
	"tarn/planner/plan"
	"tarn/sql/types"
)

// sortOrder is how rows are ordered: one entry for each sort key.
type sortOrder struct {
	ts    []types.Type
	desc  []bool
	nulls []byte // the byte that stands for NULL before a descending key is inverted
}

func newSortOrder(order []plan.Order) sortOrder {
	var o sortOrder
	for _, k := range order {
		o.add(k.Expr.Type(), k.Desc, k.NullsFirst)
	}
	return o
}

func (o *sortOrder) add(t types.Type, desc, nullsFirst bool) {
	o.ts, o.desc = append(o.ts, t), append(o.desc, desc)
	// 00 sorts before the 01 of values and 02 behind it; inverted it is the other way round.
	if nullsFirst == desc {
		o.nulls = append(o.nulls, 2)
	} else {
		o.nulls = append(o.nulls, 0)
	}
}

// append appends the sort key of row i of the columns: bytes whose order is the order asked for. It is no prefix of
// another, so that anything may follow.
func (o *sortOrder) append(dst []byte, cols []delta.Column, i int) []byte {
	for j, t := range o.ts {
		from := len(dst)
		if cols[j].IsNull(i) {
			dst = append(dst, o.nulls[j])
		} else {
			dst = delta.AppendKeyColumn(dst, &cols[j], t, i)
		}
		if o.desc[j] {
			for k := from; k < len(dst); k++ {
				dst[k] = ^dst[k]
			}
		}
	}
	return dst
}

// A sorted row is what multimaps keep where rows have an order of their own:
//
//	+----------+-------------------+-------------------------+
//	| sort key | exact encoding of | length of the sort key, |
//	|          | the row           | 4 bytes, little endian  |
//	+----------+-------------------+-------------------------+

// endSortedRow closes a sorted row that begins at dst[from:], whose sort key ends at mid.
func endSortedRow(dst []byte, from, mid int) []byte {
	return binary.LittleEndian.AppendUint32(dst, uint32(mid-from))
}

// splitSortedRow returns the sort key and the exact encoding.
func splitSortedRow(row []byte) (key, exact []byte) {
	n := len(row) - 4
	at := binary.LittleEndian.Uint32(row[n:])
	return row[:at], row[at:n]
}
