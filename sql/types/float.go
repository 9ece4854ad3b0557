package types

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"math/bits"
	"strconv"
	"strings"

	"tarn/sql/sqlstate"
)

var (
	float4Codec = codec{
		in:   func(d *Datum, s string, _ int32, _ *Env) (err error) { d.Float, err = parseFloat(s, 32); return err },
		out:  func(dst []byte, d Datum, _ *Env) []byte { return AppendFloat(dst, d.Float, 32) },
		recv: float4Recv,
		send: func(dst []byte, d Datum) []byte {
			return binary.BigEndian.AppendUint32(dst, math.Float32bits(float32(canonicalNaN(d.Float))))
		},
	}
	float8Codec = codec{
		in:   func(d *Datum, s string, _ int32, _ *Env) (err error) { d.Float, err = parseFloat(s, 64); return err },
		out:  func(dst []byte, d Datum, _ *Env) []byte { return AppendFloat(dst, d.Float, 64) },
		recv: float8Recv,
		send: func(dst []byte, d Datum) []byte {
			return binary.BigEndian.AppendUint64(dst, math.Float64bits(canonicalNaN(d.Float)))
		},
	}
)

// parseFloat is float8in and float4in: correctly rounded, with values that overflow or vanish refused.
func parseFloat(s string, bits int) (float64, error) {
	text := trimSpace(s)
	v, err := strconv.ParseFloat(text, bits)
	switch {
	case err == nil:
		if strings.IndexByte(text, '_') >= 0 {
			return 0, invalidText(floatName(bits), s)
		}
		if v == 0 && !isZeroLiteral(text) {
			return 0, floatRange(text, bits)
		}
		return canonicalNaN(v), nil
	case errors.Is(err, strconv.ErrRange):
		return 0, floatRange(text, bits)
	case !strings.ContainsAny(text, "pP") && isHexLiteral(text): // C needs no exponent after hexadecimal digits
		if v, err := strconv.ParseFloat(text+"p0", bits); err == nil {
			return v, nil
		}
	}
	return 0, invalidText(floatName(bits), s)
}

// canonicalNaN gives every NaN the bits PostgreSQL gives it, so that equal values have equal bytes.
func canonicalNaN(f float64) float64 {
	if f != f {
		return math.Float64frombits(0x7FF8 << 48)
	}
	return f
}

func floatName(bits int) string {
	if bits == 32 {
		return "real"
	}
	return "double precision"
}

func floatRange(s string, bits int) error {
	return sqlstate.New(sqlstate.NumericValueOutOfRange, "\"%s\" is out of range for type %s", s, floatName(bits))
}

// isZeroLiteral reports whether the mantissa of a number has zeros only.
func isZeroLiteral(s string) bool {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '1' && c <= '9':
			return false
		case c == 'e' || c == 'E' || c == 'p' || c == 'P':
			return true
		case c == 'x' || c == 'X':
			rest := strings.TrimLeft(s[i+1:], "0.")
			return rest == "" || rest[0] == 'p' || rest[0] == 'P'
		}
	}
	return true
}

func isHexLiteral(s string) bool {
	s = strings.TrimLeft(s, "+-")
	return len(s) > 2 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X')
}

// AppendFloat prints a float8 (bits 64) or float4 (32) as the shortest text that reads back as the same value.
func AppendFloat(dst []byte, f float64, bits int) []byte {
	switch {
	case f != f:
		return append(dst, "NaN"...)
	case f > math.MaxFloat64:
		return append(dst, "Infinity"...)
	case f < -math.MaxFloat64:
		return append(dst, "-Infinity"...)
	}
	low, high := 1e-4, 1e15
	if bits == 32 {
		low, high = float64(float32(1e-4)), 1e6
	}
	if magnitude := math.Abs(f); magnitude != 0 && (magnitude < low || magnitude >= high) {
		return appendScientific(dst, f, bits)
	}
	if i := int64(f); float64(i) == f && (i != 0 || !math.Signbit(f)) {
		if bits == 64 || i < 1<<24 && i > -1<<24 {
			return strconv.AppendInt(dst, i, 10)
		}
	}
	return strconv.AppendFloat(dst, f, 'f', -1, bits)
}

// appendScientific prints with an exponent. Unlike Go, PostgreSQL does not take a shortest text that lies exactly half way
// to the next value and is read back right only because ties go to even (5e22): it prints more digits then.
func appendScientific(dst []byte, f float64, bits int) []byte {
	start := len(dst)
	dst = strconv.AppendFloat(dst, f, 'e', -1, bits)
	if !isTie(dst[start:], bits) {
		return dst
	}
	for digits := 1; digits < 17; digits++ {
		dst = strconv.AppendFloat(dst[:start], f, 'e', digits, bits)
		if v, _ := strconv.ParseFloat(string(dst[start:]), bits); v == f && !isTie(dst[start:], bits) {
			break
		}
	}
	return dst
}

// isTie reports whether the number a text denotes has exactly one bit more than a float's mantissa. Only integers can.
func isTie(text []byte, bitSize int) bool {
	mantissa, e, _ := bytes.Cut(text, []byte("e"))
	exponent, _ := strconv.Atoi(string(e))
	digits := uint64(0)
	for _, c := range mantissa {
		switch {
		case c == '.':
			exponent -= len(mantissa) - bytes.IndexByte(mantissa, '.') - 1
		case c != '-':
			digits = digits*10 + uint64(c-'0')
		}
	}
	if exponent < 0 || exponent > 23 { // 5^24 alone has more bits than that
		return false
	}
	hi, lo := uint64(0), digits
	for range exponent {
		carry, low := bits.Mul64(lo, 5)
		hi, lo = hi*5+carry, low
	}
	length := bits.Len64(lo) - bits.TrailingZeros64(lo)
	if hi != 0 {
		length = 64 + bits.Len64(hi) - bits.TrailingZeros64(lo)
	}
	if bitSize == 32 {
		return length == 25
	}
	return length == 54
}

func float4Recv(d *Datum, b []byte, _ int32) error {
	if len(b) != 4 {
		return insufficientData
	}
	d.Float = canonicalNaN(float64(math.Float32frombits(binary.BigEndian.Uint32(b))))
	return nil
}

func float8Recv(d *Datum, b []byte, _ int32) error {
	if len(b) != 8 {
		return insufficientData
	}
	d.Float = canonicalNaN(math.Float64frombits(binary.BigEndian.Uint64(b)))
	return nil
}
