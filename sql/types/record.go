package types

import (
	"bytes"
	"encoding/binary"
	"strings"
)

// A record is
//
//	number of fields, uint16 big endian | for each: type, uint32 big endian; value, as an element of an array
//
// so that it can be printed and compared without knowing where it came from. Modifiers are not kept.

// AppendRecord packs a row of values of types.
func AppendRecord(dst []byte, ts []Type, values []Datum) []byte {
	dst = binary.BigEndian.AppendUint16(dst, uint16(len(ts)))
	for i, t := range ts {
		dst = binary.BigEndian.AppendUint32(dst, uint32(t.OID))
		dst = appendElement(dst, t.Kind(), values[i])
	}
	return dst
}

// RecordLen is the number of fields.
func RecordLen(b []byte) int { return int(binary.BigEndian.Uint16(b)) }

// RecordEach calls f with each field in order until it returns false. Bytes alias b.
func RecordEach(b []byte, f func(i int, t Type, d Datum) bool) {
	n := RecordLen(b)
	b = b[2:]
	for i := range n {
		t := Of(OID(binary.BigEndian.Uint32(b)))
		var d Datum
		if d, b = element(b[4:], t.Kind()); !f(i, t, d) {
			return
		}
	}
}

func recordOut(dst []byte, d Datum, env *Env) []byte {
	dst = append(dst, '(')
	RecordEach(d.Bytes, func(i int, t Type, e Datum) bool {
		if i > 0 {
			dst = append(dst, ',')
		}
		if e.Null {
			return true
		}
		start := len(dst)
		dst = AppendText(dst, t, e, env)
		word := dst[start:]
		if len(word) == 0 || bytes.ContainsFunc(word, func(r rune) bool { return strings.ContainsRune("\"\\(), \t\n\r\v\f", r) }) {
			dst = appendQuoted(dst[:start], append([]byte(nil), word...), '"')
		}
		return true
	})
	return append(dst, ')')
}

func recordSend(dst []byte, d Datum) []byte {
	dst = binary.BigEndian.AppendUint32(dst, uint32(RecordLen(d.Bytes)))
	RecordEach(d.Bytes, func(_ int, t Type, e Datum) bool {
		dst = binary.BigEndian.AppendUint32(dst, uint32(t.OID))
		dst = appendWireField(dst, t, e)
		return true
	})
	return dst
}

func appendRecordKey(dst []byte, d Datum) []byte {
	RecordEach(d.Bytes, func(_ int, t Type, e Datum) bool {
		dst = appendFieldKey(dst, t, e)
		return true
	})
	return append(dst, 0)
}
