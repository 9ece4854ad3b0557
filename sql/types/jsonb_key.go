package types

import (
	"bytes"
	"encoding/binary"
)

// Ranks of the jsonb key. The empty array sorts before everything at the top level only: so PostgreSQL stores it.
const (
	jsonKeyEmptyArray = iota + 1
	jsonKeyNull
	jsonKeyString
	jsonKeyNumber
	jsonKeyFalse
	jsonKeyTrue
	jsonKeyArray
	jsonKeyObject
)

// compareJSONB is PostgreSQL's order: Object > Array > Boolean > Number > String > null; among containers first the
// number of elements or pairs, then these in their order.
func compareJSONB(a, b Datum) int {
	var x, y [128]byte
	return bytes.Compare(appendJSONBKey(x[:0], a), appendJSONBKey(y[:0], b))
}

// appendJSONBKey appends a rank, then
//
//	string    as AppendKeyBytes
//	number    as AppendKeyNumeric
//	array     number of elements, uint32 big endian | their keys
//	object    number of pairs, uint32 big endian | for each its key as a string, its value's key
func appendJSONBKey(dst []byte, d Datum) []byte {
	if string(d.Bytes) == "[]" {
		return append(dst, jsonKeyEmptyArray)
	}
	return appendJSONValueKey(dst, d.Bytes)
}

func appendJSONValueKey(dst, b []byte) []byte {
	switch b[0] {
	case 'n':
		return append(dst, jsonKeyNull)
	case 'f':
		return append(dst, jsonKeyFalse)
	case 't':
		return append(dst, jsonKeyTrue)
	case '"':
		dst = append(dst, jsonKeyString)
		if bytes.IndexByte(b, '\\') < 0 {
			return AppendKeyBytes(dst, b[1:len(b)-1])
		}
		return AppendKeyBytes(dst, appendUnescaped(nil, b))
	case '[':
		dst = binary.BigEndian.AppendUint32(append(dst, jsonKeyArray), uint32(JSONLen(b)))
		JSONElements(b, func(v []byte) bool {
			dst = appendJSONValueKey(dst, v)
			return true
		})
		return dst
	case '{':
		at := len(dst) + 1
		pairs := uint32(0)
		dst = append(dst, jsonKeyObject, 0, 0, 0, 0)
		JSONEach(b, func(k, v []byte) bool {
			dst = appendJSONValueKey(AppendKeyBytes(dst, k), v)
			pairs++
			return true
		})
		binary.BigEndian.PutUint32(dst[at:], pairs)
		return dst
	}
	var buf [32]byte
	d := Datum{Bytes: buf[:0]}
	_ = numericIn(&d, string(b), -1, nil) // jsonb holds only valid numbers
	return AppendKeyNumeric(append(dst, jsonKeyNumber), d.Bytes)
}
