package delta

import (
	"encoding/binary"
	"fmt"
	"math"

	"tarn/sql/types"
)

// The exact row encoding:
//
//	+----------------------+---------------------------------------------+
//	| NULL bits, one per   | for each column that is not NULL, in order: |
//	| column, (n+7)/8 bytes|   Bool     1 byte                           |
//	| set = NULL           |   Int64    8 bytes, little endian           |
//	|                      |   Float64  8 bytes, IEEE 754 bits           |
//	|                      |   Bytes    uvarint length, then the bytes   |
//	+----------------------+---------------------------------------------+
//
// Equal bytes mean the same row. The form is neither ordered nor canonical under SQL's equality.

// AppendRow appends the exact encoding of row i of b to dst.
func AppendRow(dst []byte, b *Batch, i int) []byte { return appendRow(dst, b.Cols, i) }

// AppendColumnsRow appends the exact encoding of row i over some columns of b.
func AppendColumnsRow(dst []byte, b *Batch, cols []int, i int) []byte {
	at := len(dst)
	for n := (len(cols) + 7) >> 3; n > 0; n-- {
		dst = append(dst, 0)
	}
	for j, c := range cols {
		dst = appendValue(dst, at, j, &b.Cols[c], i)
	}
	return dst
}

func appendRow(dst []byte, cols []Column, i int) []byte {
	at := len(dst)
	for n := (len(cols) + 7) >> 3; n > 0; n-- {
		dst = append(dst, 0)
	}
	for j := range cols {
		dst = appendValue(dst, at, j, &cols[j], i)
	}
	return dst
}

func appendValue(dst []byte, at, j int, c *Column, i int) []byte {
	if c.Valid != nil && !c.Valid.Get(i) {
		dst[at+j>>3] |= 1 << (j & 7)
		return dst
	}
	switch c.Kind {
	case types.Bool:
		if c.Bools[i] {
			return append(dst, 1)
		}
		return append(dst, 0)
	case types.Int64:
		return binary.LittleEndian.AppendUint64(dst, uint64(c.Ints[i]))
	case types.Float64:
		return binary.LittleEndian.AppendUint64(dst, math.Float64bits(c.Floats[i]))
	default:
		v := c.Data[c.Offsets[i]:c.Offsets[i+1]]
		dst = binary.AppendUvarint(dst, uint64(len(v)))
		return append(dst, v...)
	}
}

// DecodeRow appends the row encoded in enc to the columns of b (not to its counts: call AppendCount) and returns the
// bytes behind it. An encoding that ends early is an error: the bytes came from disk.
func DecodeRow(b *Batch, enc []byte) ([]byte, error) { return DecodeColumns(b.Cols, enc) }

// DecodeColumns appends the row encoded in enc to cols and returns the bytes behind it.
func DecodeColumns(cols []Column, enc []byte) ([]byte, error) {
	nulls := (len(cols) + 7) >> 3
	if len(enc) < nulls {
		return nil, errShortRow
	}
	rest := enc[nulls:]
	for j := range cols {
		c := &cols[j]
		if enc[j>>3]>>(j&7)&1 != 0 {
			c.AppendNull()
			continue
		}
		switch c.Kind {
		case types.Bool:
			if len(rest) < 1 {
				return nil, errShortRow
			}
			c.AppendBool(rest[0] != 0)
			rest = rest[1:]
		case types.Int64:
			if len(rest) < 8 {
				return nil, errShortRow
			}
			c.AppendInt(int64(binary.LittleEndian.Uint64(rest)))
			rest = rest[8:]
		case types.Float64:
			if len(rest) < 8 {
				return nil, errShortRow
			}
			c.AppendFloat(math.Float64frombits(binary.LittleEndian.Uint64(rest)))
			rest = rest[8:]
		default:
			n, w := binary.Uvarint(rest)
			if w <= 0 || uint64(len(rest)-w) < n {
				return nil, errShortRow
			}
			c.AppendBytes(rest[w : w+int(n)])
			rest = rest[w+int(n):]
		}
	}
	return rest, nil
}

var errShortRow = fmt.Errorf("row encoding ends early")
