package types

import (
	"bytes"
	"encoding/binary"
	"math"
)

// An array is
//
//	dimensions, 1 byte | for each: length, uint32 big endian; lower bound, int32 big endian | elements, in row-major order
//
// and an element 00 for NULL, else 01 and its value: a bool in 1 byte, Int64 and Float64 kinds in 8 (little endian), Bytes
// kinds with their length (uint32 big endian) before them. The empty array has no dimensions: the one byte 00.

// Dim is one dimension of an array: Len elements, the first of them numbered Lower.
type Dim struct{ Len, Lower int32 }

// Array is an array unpacked. Elems holds the elements of all dimensions, in row-major order.
type Array struct {
	Dims  []Dim
	Elems []Datum
}

// MaxDims is how many dimensions an array has at most.
const MaxDims = 6

// ArrayOf is a one-dimensional array numbered from 1, or the empty array.
func ArrayOf(elems []Datum) Array {
	if len(elems) == 0 {
		return Array{}
	}
	return Array{Dims: []Dim{{int32(len(elems)), 1}}, Elems: elems}
}

// AppendArray packs an array of elements of a kind.
func AppendArray(dst []byte, elem Kind, a Array) []byte {
	dst = append(dst, byte(len(a.Dims)))
	for _, dim := range a.Dims {
		dst = binary.BigEndian.AppendUint32(dst, uint32(dim.Len))
		dst = binary.BigEndian.AppendUint32(dst, uint32(dim.Lower))
	}
	for _, d := range a.Elems {
		dst = appendElement(dst, elem, d)
	}
	return dst
}

func appendElement(dst []byte, kind Kind, d Datum) []byte {
	if d.Null {
		return append(dst, 0)
	}
	dst = append(dst, 1)
	switch kind {
	case Bool:
		return append(dst, byte(d.Int))
	case Int64:
		return binary.LittleEndian.AppendUint64(dst, uint64(d.Int))
	case Float64:
		return binary.LittleEndian.AppendUint64(dst, math.Float64bits(d.Float))
	}
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(d.Bytes)))
	return append(dst, d.Bytes...)
}

// element reads one element and what follows it. Its bytes alias b.
func element(b []byte, kind Kind) (d Datum, rest []byte) {
	if b[0] == 0 {
		return Null, b[1:]
	}
	b = b[1:]
	switch kind {
	case Bool:
		return Datum{Int: int64(b[0])}, b[1:]
	case Int64:
		return Datum{Int: int64(binary.LittleEndian.Uint64(b))}, b[8:]
	case Float64:
		return Datum{Float: math.Float64frombits(binary.LittleEndian.Uint64(b))}, b[8:]
	}
	n := 4 + int(binary.BigEndian.Uint32(b))
	return Datum{Bytes: b[4:n:n]}, b[n:]
}

// arrayHeader gives the number of elements and where they begin.
func arrayHeader(b []byte) (n int, elements []byte) {
	dims := int(b[0])
	if dims == 0 {
		return 0, nil
	}
	n = 1
	for i := range dims {
		n *= int(binary.BigEndian.Uint32(b[1+8*i:]))
	}
	return n, b[1+8*dims:]
}

// ArrayDims unpacks the dimensions.
func ArrayDims(b []byte) []Dim {
	dims := make([]Dim, b[0])
	for i := range dims {
		at := b[1+8*i:]
		dims[i] = Dim{int32(binary.BigEndian.Uint32(at)), int32(binary.BigEndian.Uint32(at[4:]))}
	}
	return dims
}

// ArrayCount is the number of elements of all dimensions.
func ArrayCount(b []byte) int {
	n, _ := arrayHeader(b)
	return n
}

// ArrayEach calls f with each element in order until it returns false. Bytes alias b.
func ArrayEach(elem Kind, b []byte, f func(i int, d Datum) bool) {
	n, rest := arrayHeader(b)
	for i := range n {
		var d Datum
		if d, rest = element(rest, elem); !f(i, d) {
			return
		}
	}
}

// DecodeArray unpacks an array of elements of a kind. Bytes of elements alias b.
func DecodeArray(elem Kind, b []byte) Array {
	a := Array{Dims: ArrayDims(b), Elems: make([]Datum, 0, ArrayCount(b))}
	ArrayEach(elem, b, func(_ int, d Datum) bool {
		a.Elems = append(a.Elems, d)
		return true
	})
	return a
}

func compareArrays(info *Info, a, b Datum) int {
	elem := Of(info.Elem)
	kind := elem.Kind()
	n, x := arrayHeader(a.Bytes)
	m, y := arrayHeader(b.Bytes)
	for range min(n, m) {
		var d, e Datum
		d, x = element(x, kind)
		e, y = element(y, kind)
		if order := compareNullsLast(elem, d, e); order != 0 {
			return order
		}
	}
	if n != m {
		return signInt(int64(n - m))
	}
	header := func(b []byte) []byte { return appendDimsKey(nil, b) }
	return bytes.Compare(header(a.Bytes), header(b.Bytes))
}

func compareNullsLast(t Type, a, b Datum) int {
	switch {
	case a.Null && b.Null:
		return 0
	case a.Null:
		return 1
	case b.Null:
		return -1
	}
	return Compare(t, a, b)
}

func appendArrayKey(dst []byte, info *Info, d Datum) []byte {
	elem := Of(info.Elem)
	ArrayEach(elem.Kind(), d.Bytes, func(_ int, e Datum) bool {
		dst = appendFieldKey(dst, elem, e)
		return true
	})
	return appendDimsKey(append(dst, 0), d.Bytes)
}

// appendFieldKey appends the key of an element, after a byte that puts NULL last and an end first.
func appendFieldKey(dst []byte, t Type, d Datum) []byte {
	if d.Null {
		return append(dst, 2)
	}
	return AppendKey(append(dst, 1), t, d)
}

// appendDimsKey appends the dimensions: their number, their lengths, their bounds.
func appendDimsKey(dst, b []byte) []byte {
	dims := ArrayDims(b)
	dst = append(dst, byte(len(dims)))
	for _, dim := range dims {
		dst = binary.BigEndian.AppendUint32(dst, uint32(dim.Len))
	}
	for _, dim := range dims {
		dst = binary.BigEndian.AppendUint32(dst, uint32(dim.Lower)^1<<31)
	}
	return dst
}
