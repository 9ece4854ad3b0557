package delta

import (
	"encoding/binary"
	"math"

	"tarn/sql/types"
)

// RowDecoder reads some columns of rows in the exact row encoding.
type RowDecoder struct {
	kinds []types.Kind // of all columns of the encoding
	to    []int        // for each column of the encoding: where it goes in the batch, or -1
	last  int          // columns past it are not read
}

// NewRowDecoder makes a decoder of rows whose columns have types ts, for the columns want of them, in that order. No column
// may be wanted twice.
func NewRowDecoder(ts []types.Type, want []int) *RowDecoder {
	d := &RowDecoder{kinds: make([]types.Kind, len(ts)), to: make([]int, len(ts)), last: -1}
	for i, t := range ts {
		d.kinds[i], d.to[i] = t.Kind(), -1
	}
	for at, c := range want {
		d.to[c] = at
		d.last = max(d.last, c)
	}
	return d
}

// Append appends the wanted columns of the row enc to b, with a count.
func (d *RowDecoder) Append(b *Batch, enc []byte, count int64) error {
	if err := d.Columns(b.Cols, enc); err != nil {
		return err
	}
	b.AppendCount(count)
	return nil
}

// Columns appends the wanted columns of the row enc to cols.
func (d *RowDecoder) Columns(cols []Column, enc []byte) error {
	nulls := (len(d.kinds) + 7) >> 3
	if len(enc) < nulls {
		return errShortRow
	}
	rest := enc[nulls:]
	for j := 0; j <= d.last; j++ {
		var c *Column
		if at := d.to[j]; at >= 0 {
			c = &cols[at]
		}
		if enc[j>>3]>>(j&7)&1 != 0 {
			if c != nil {
				c.AppendNull()
			}
			continue
		}
		size, head := 8, 0
		switch d.kinds[j] {
		case types.Bool:
			size = 1
		case types.Bytes:
			n, w := binary.Uvarint(rest)
			if w <= 0 || n > uint64(len(rest)) {
				return errShortRow
			}
			size, head = int(n), w
		}
		if len(rest) < head+size {
			return errShortRow
		}
		if c != nil {
			v := rest[head : head+size]
			switch d.kinds[j] {
			case types.Bool:
				c.AppendBool(v[0] != 0)
			case types.Int64:
				c.AppendInt(int64(binary.LittleEndian.Uint64(v)))
			case types.Float64:
				c.AppendFloat(math.Float64frombits(binary.LittleEndian.Uint64(v)))
			default:
				c.AppendBytes(v)
			}
		}
		rest = rest[head+size:]
	}
	return nil
}
