package types

import (
	"encoding/binary"
	"math"

	"tarn/sql/sqlstate"
)

func arraySend(dst []byte, d Datum, info *Info) []byte {
	elem := Of(info.Elem)
	kind := elem.Kind()
	hasNull := uint32(0)
	ArrayEach(kind, d.Bytes, func(_ int, e Datum) bool {
		if e.Null {
			hasNull = 1
		}
		return !e.Null
	})
	dst = binary.BigEndian.AppendUint32(dst, uint32(d.Bytes[0]))
	dst = binary.BigEndian.AppendUint32(dst, hasNull)
	dst = binary.BigEndian.AppendUint32(dst, uint32(elem.OID))
	dst = append(dst, d.Bytes[1:1+8*int(d.Bytes[0])]...)
	ArrayEach(kind, d.Bytes, func(_ int, e Datum) bool {
		dst = appendWireField(dst, elem, e)
		return true
	})
	return dst
}

// appendWireField appends a value with its length before it, -1 for NULL.
func appendWireField(dst []byte, t Type, d Datum) []byte {
	if d.Null {
		return append(dst, 0xFF, 0xFF, 0xFF, 0xFF)
	}
	at := len(dst)
	dst = AppendBinary(append(dst, 0, 0, 0, 0), t, d)
	binary.BigEndian.PutUint32(dst[at:], uint32(len(dst)-at-4))
	return dst
}

func arrayRecv(d *Datum, b []byte, t Type) error {
	if len(b) < 12 {
		return insufficientData
	}
	elem := t.Elem()
	dims := binary.BigEndian.Uint32(b)
	switch {
	case dims > MaxDims:
		return TooManyDims(int(int32(dims)))
	case binary.BigEndian.Uint32(b[4:]) > 1:
		return sqlstate.New(sqlstate.InvalidBinaryRepresentation, "invalid array flags")
	case OID(binary.BigEndian.Uint32(b[8:])) != elem.OID:
		return sqlstate.New(sqlstate.DatatypeMismatch, "binary data has array element type %d (%s) instead of expected %d (%s)",
			binary.BigEndian.Uint32(b[8:]), Of(OID(binary.BigEndian.Uint32(b[8:]))), elem.OID, elem)
	}
	b = b[12:]
	if len(b) < 8*int(dims) {
		return insufficientData
	}
	var a Array
	n := int64(1)
	for range dims {
		dim := Dim{int32(binary.BigEndian.Uint32(b)), int32(binary.BigEndian.Uint32(b[4:]))}
		n *= int64(dim.Len)
		if dim.Len < 0 || n > math.MaxInt32/4 {
			return sqlstate.New(sqlstate.ProgramLimitExceeded, "array size exceeds the maximum allowed (%d)", 134217727)
		}
		a.Dims = append(a.Dims, dim)
		b = b[8:]
	}
	if dims == 0 || n == 0 {
		a.Dims, n = nil, 0
	}
	for range n {
		if len(b) < 4 {
			return insufficientData
		}
		size := int32(binary.BigEndian.Uint32(b))
		b = b[4:]
		if size < 0 {
			a.Elems = append(a.Elems, Null)
			continue
		}
		if int(size) > len(b) {
			return insufficientData
		}
		e, err := ParseBinary(elem, b[:size])
		if err != nil {
			return err
		}
		a.Elems = append(a.Elems, e)
		b = b[size:]
	}
	if len(b) > 0 {
		return invalidBinary("array")
	}
	d.Bytes = AppendArray(d.Bytes[:0], elem.Kind(), a)
	return nil
}
