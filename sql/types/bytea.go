package types

import (
	"encoding/hex"

	"tarn/sql/sqlstate"
)

var byteaCodec = codec{in: byteaIn, out: byteaOut, recv: byteaRecv, send: bytesSend}

// byteaIn reads the hex form (\xDEAD, spaces between digit pairs) and the escape form (\\, \ooo).
func byteaIn(d *Datum, s string, _ int32, _ *Env) error {
	d.Bytes = d.Bytes[:0]
	if len(s) >= 2 && s[0] == '\\' && s[1] == 'x' {
		return byteaHex(d, s[2:])
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c != '\\':
			d.Bytes = append(d.Bytes, c)
		case i+1 < len(s) && s[i+1] == '\\':
			d.Bytes = append(d.Bytes, '\\')
			i++
		case i+3 < len(s) && s[i+1] <= '3' && isOctal(s[i+1]) && isOctal(s[i+2]) && isOctal(s[i+3]):
			d.Bytes = append(d.Bytes, octal(s[i+1:]))
			i += 3
		default:
			return sqlstate.New(sqlstate.InvalidTextRepresentation, "invalid input syntax for type bytea")
		}
	}
	return nil
}

// octal is the value of three octal digits.
func octal(s string) byte { return (s[0]-'0')<<6 | (s[1]-'0')<<3 | (s[2] - '0') }

func byteaHex(d *Datum, s string) error {
	for i := 0; i < len(s); {
		if c := s[i]; c == ' ' || c == '\n' || c == '\t' || c == '\r' {
			i++
			continue
		}
		high, ok := hexDigit(s[i])
		if !ok {
			return invalidHex(s[i:])
		}
		if i+1 == len(s) {
			return sqlstate.New(sqlstate.InvalidParameterValue, "invalid hexadecimal data: odd number of digits")
		}
		low, ok := hexDigit(s[i+1])
		if !ok {
			return invalidHex(s[i+1:])
		}
		d.Bytes = append(d.Bytes, high<<4|low)
		i += 2
	}
	return nil
}

func invalidHex(s string) error {
	for i, r := range s {
		if i > 0 {
			return sqlstate.New(sqlstate.InvalidParameterValue, "invalid hexadecimal digit: \"%s\"", s[:i])
		}
		_ = r
	}
	return sqlstate.New(sqlstate.InvalidParameterValue, "invalid hexadecimal digit: \"%s\"", s)
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10, true
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}

func byteaOut(dst []byte, d Datum, _ *Env) []byte {
	return hex.AppendEncode(append(dst, '\\', 'x'), d.Bytes)
}

func byteaRecv(d *Datum, b []byte, _ int32) error {
	d.Bytes = append(d.Bytes[:0], b...)
	return nil
}
