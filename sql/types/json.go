package types

import (
	"bytes"
	"strconv"
	"unicode/utf8"

	"tarn/sql/sqlstate"
)

var (
	jsonCodec  = codec{in: jsonIn, out: bytesOut, recv: recvAs(jsonIn), send: bytesSend}
	jsonbCodec = codec{in: jsonbIn, out: bytesOut, recv: jsonbRecv, send: jsonbSend, compare: compareJSONB, key: appendJSONBKey}
)

// jsonbVersion is the first byte of jsonb's binary form.
const jsonbVersion = 1

func jsonIn(d *Datum, s string, _ int32, _ *Env) error {
	d.Bytes = append(d.Bytes[:0], s...)
	if err := checkText(s); err != nil {
		return err
	}
	_, err := parseJSON(nil, s, false)
	return err
}

func jsonbIn(d *Datum, s string, _ int32, _ *Env) (err error) {
	if err = checkText(s); err == nil {
		d.Bytes, err = parseJSON(d.Bytes[:0], s, true)
	}
	return err
}

func jsonbRecv(d *Datum, b []byte, mod int32) error {
	if len(b) == 0 {
		return insufficientData
	}
	if b[0] != jsonbVersion {
		return sqlstate.New(sqlstate.InternalError, "unsupported jsonb version number %d", b[0])
	}
	return jsonbIn(d, string(b[1:]), mod, nil)
}

func jsonbSend(dst []byte, d Datum) []byte { return append(append(dst, jsonbVersion), d.Bytes...) }

// JSONBCanonical appends the canonical form of a JSON text, which is jsonb's encoding; 22P02 if it is not JSON.
func JSONBCanonical(dst []byte, s string) ([]byte, error) { return parseJSON(dst, s, true) }

// AppendJSONString appends a string as a JSON string.
func AppendJSONString(dst, s []byte) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for _, c := range s {
		switch {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c >= ' ':
			dst = append(dst, c)
		case c == '\b':
			dst = append(dst, '\\', 'b')
		case c == '\f':
			dst = append(dst, '\\', 'f')
		case c == '\n':
			dst = append(dst, '\\', 'n')
		case c == '\r':
			dst = append(dst, '\\', 'r')
		case c == '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	return append(dst, '"')
}

// The functions below read valid JSON, as json and jsonb hold it; results alias their argument.

// JSONTypeof is object, array, string, number, boolean or null.
func JSONTypeof(b []byte) string {
	switch b = trimJSON(b); b[0] {
	case '{':
		return "object"
	case '[':
		return "array"
	case '"':
		return "string"
	case 't', 'f':
		return "boolean"
	case 'n':
		return "null"
	}
	return "number"
}

// JSONField is the value of a key of an object, the last one if there are several.
func JSONField(b, key []byte) (value []byte, ok bool) {
	JSONEach(b, func(k, v []byte) bool {
		if bytes.Equal(k, key) {
			value, ok = v, true
		}
		return true
	})
	return value, ok
}

// JSONIndex is an element of an array, counted from 0, or from the end when negative.
func JSONIndex(b []byte, index int) (value []byte, ok bool) {
	if index < 0 {
		if index += JSONLen(b); index < 0 {
			return nil, false
		}
	}
	i := 0
	JSONElements(b, func(v []byte) bool {
		if ok = i == index; ok {
			value = v
		}
		i++
		return !ok
	})
	return value, ok
}

// JSONBIndex is JSONIndex of jsonb, for which a scalar is an array of itself.
func JSONBIndex(b []byte, index int) (value []byte, ok bool) {
	if b[0] != '[' && b[0] != '{' {
		return b, index == 0 || index == -1
	}
	return JSONIndex(b, index)
}

// JSONPath follows keys and, in arrays, numbers, as #> does.
func JSONPath(b []byte, path [][]byte) (value []byte, ok bool) {
	value = trimJSON(b)
	for _, step := range path {
		switch value[0] {
		case '{':
			value, ok = JSONField(value, step)
		case '[':
			index, err := strconv.Atoi(string(step))
			if err != nil {
				return nil, false
			}
			value, ok = JSONIndex(value, index)
		default:
			return nil, false
		}
		if !ok {
			return nil, false
		}
	}
	return value, true
}

// JSONLen is the number of elements of an array, 0 for anything else.
func JSONLen(b []byte) int {
	n := 0
	JSONElements(b, func([]byte) bool { n++; return true })
	return n
}

// AppendJSONText appends a value as ->> gives it: a string without quotes and escapes, other values as they stand. null is
// NULL.
func AppendJSONText(dst, b []byte) (_ []byte, null bool) {
	switch b = trimJSON(b); b[0] {
	case 'n':
		return dst, true
	case '"':
		return appendUnescaped(dst, b), false
	}
	return append(dst, b...), false
}

// JSONElements calls f with each element of an array until it returns false.
func JSONElements(b []byte, f func(value []byte) bool) {
	b = trimJSON(b)
	if b[0] != '[' {
		return
	}
	for i := skipJSONSpace(b, 1); b[i] != ']'; {
		end := skipJSONValue(b, i)
		if !f(b[i:end]) {
			return
		}
		if i = skipJSONSpace(b, end); b[i] == ',' {
			i = skipJSONSpace(b, i+1)
		}
	}
}

// JSONEach calls f with each key, unescaped, and value of an object until it returns false. The key is valid during the
// call.
func JSONEach(b []byte, f func(key, value []byte) bool) {
	b = trimJSON(b)
	if b[0] != '{' {
		return
	}
	var buf [64]byte
	for i := skipJSONSpace(b, 1); b[i] != '}'; {
		end := skipJSONValue(b, i)
		key := b[i+1 : end-1]
		if bytes.IndexByte(key, '\\') >= 0 {
			key = appendUnescaped(buf[:0], b[i:end])
		}
		i = skipJSONSpace(b, skipJSONSpace(b, end)+1) // past the colon
		end = skipJSONValue(b, i)
		if !f(key, b[i:end]) {
			return
		}
		if i = skipJSONSpace(b, end); b[i] == ',' {
			i = skipJSONSpace(b, i+1)
		}
	}
}

func isJSONSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

func trimJSON(b []byte) []byte {
	for isJSONSpace(b[0]) {
		b = b[1:]
	}
	for isJSONSpace(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	return b
}

func skipJSONSpace(b []byte, i int) int {
	for i < len(b) && isJSONSpace(b[i]) {
		i++
	}
	return i
}

// skipJSONValue is the end of the value that begins at i.
func skipJSONValue(b []byte, i int) int {
	depth := 0
	for ; i < len(b); i++ {
		switch b[i] {
		case '"':
			for i++; b[i] != '"'; i++ {
				if b[i] == '\\' {
					i++
				}
			}
			if depth == 0 {
				return i + 1
			}
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return i // a number or word that ends its container
			}
			if depth--; depth == 0 {
				return i + 1
			}
		case ',', ' ', '\n', '\t', '\r':
			if depth == 0 {
				return i
			}
		}
	}
	return i
}

// appendUnescaped appends what a JSON string, with its quotes, stands for. A \u0000 or lone surrogate, which json but not
// jsonb may hold, becomes U+FFFD.
func appendUnescaped(dst, b []byte) []byte {
	b = b[1 : len(b)-1]
	for i := 0; i < len(b); i++ {
		if b[i] != '\\' {
			dst = append(dst, b[i])
			continue
		}
		i++
		switch b[i] {
		case 'b':
			dst = append(dst, '\b')
		case 'f':
			dst = append(dst, '\f')
		case 'n':
			dst = append(dst, '\n')
		case 'r':
			dst = append(dst, '\r')
		case 't':
			dst = append(dst, '\t')
		case 'u':
			unit := jsonUnit(b[i+1:])
			i += 4
			if unit >= 0xD800 && unit < 0xDC00 && i+6 < len(b) && b[i+1] == '\\' && b[i+2] == 'u' {
				if low := jsonUnit(b[i+3:]); low >= 0xDC00 && low < 0xE000 {
					unit = (unit-0xD800)<<10 + (low - 0xDC00) + 0x10000
					i += 6
				}
			}
			if unit == 0 {
				unit = utf8.RuneError
			}
			dst = utf8.AppendRune(dst, unit)
		default:
			dst = append(dst, b[i])
		}
	}
	return dst
}

func jsonUnit(b []byte) rune {
	v, _ := strconv.ParseUint(string(b[:4]), 16, 32)
	return rune(v)
}
