package functions

import (
	"encoding/binary"
	"math/big"
	"strings"

	"tarn/sql/types"
)

// numericSum is exact sums of numeric values, kept apart by display scale, because the scale of PostgreSQL's result is the
// largest among the values present. It is a sequence of entries in no particular order:
//
//	0   power: 1 for a sum of values, 2 for one of their squares
//	1   number of words
//	2   scale of the values, uint16; notANumber, plusInfinity or minusInfinity for those
//	4   count of values, int64
//	12  words, two's complement: the sum is their value times 10^-(power*scale)
//
// An entry of nothing is removed; the empty state is the empty sum.
type numericSum []byte

const numericSumHeader = 12

const (
	notANumber    = 0xFFFF
	plusInfinity  = 0xFFFE
	minusInfinity = 0xFFFD
)

// addNumeric adds count times a numeric to the sum of values, and its square to that of squares if wanted.
func addNumeric(s numericSum, b []byte, count int64, squares bool) numericSum {
	if coef, scale, ok := types.NumericSmall(b); ok {
		return addCoefficient(s, coef, scale, count, squares)
	}
	switch {
	case types.NumericIsNaN(b):
		return s.add(1, notANumber, count, &term{n: 1})
	case types.NumericIsInf(b) > 0:
		return s.add(1, plusInfinity, count, &term{n: 1})
	case types.NumericIsInf(b) < 0:
		return s.add(1, minusInfinity, count, &term{n: 1})
	}
	digits := strings.Replace(string(types.AppendNumericText(nil, b)), ".", "", 1)
	v, _ := new(big.Int).SetString(digits, 10)
	scale := types.NumericScale(b)
	s = s.addBig(1, scale, count, v)
	if squares {
		s = s.addBig(2, scale, count, new(big.Int).Mul(v, v))
	}
	return s
}

// addCoefficient is addNumeric for coef * 10^-scale.
func addCoefficient(s numericSum, coef int64, scale int, count int64, squares bool) numericSum {
	magnitude := uint64(coef)
	if coef < 0 {
		magnitude = -magnitude
	}
	t := newTerm(0, magnitude, coef < 0, count, 0)
	s = s.add(1, scale, count, &t)
	if squares {
		hi, lo := mul64(magnitude, magnitude)
		t = newTerm(hi, lo, false, count, 0)
		s = s.add(2, scale, count, &t)
	}
	return s
}

// find is the offset of an entry, or -1.
func (s numericSum) find(power, scale int) int {
	for at := 0; at < len(s); at += numericSumHeader + 8*int(s[at+1]) {
		if int(s[at]) == power && int(binary.LittleEndian.Uint16(s[at+2:])) == scale {
			return at
		}
	}
	return -1
}

func (s numericSum) open(power, scale int) (numericSum, int) {
	at := s.find(power, scale)
	if at < 0 {
		at = len(s)
		s = append(s, byte(power), 0, byte(scale), byte(scale>>8), 0, 0, 0, 0, 0, 0, 0, 0)
	}
	return s, at
}

func (s numericSum) add(power, scale int, count int64, t *term) numericSum {
	s, at := s.open(power, scale)
	first := at + numericSumHeader
	out, end := addTerm(s, first, first+8*int(s[at+1]), 0, t)
	return numericSum(out).close(at, end, count)
}

// close counts the values just added and removes an entry that has come to nothing.
func (s numericSum) close(at, end int, count int64) numericSum {
	first := at + numericSumHeader
	s[at+1] = byte((end - first) / 8)
	total := binary.LittleEndian.Uint64(s[at+4:]) + uint64(count)
	binary.LittleEndian.PutUint64(s[at+4:], total)
	if total != 0 {
		return s
	}
	for _, b := range s[first:end] {
		if b != 0 {
			return s
		}
	}
	return append(s[:at], s[end:]...)
}

// addBig adds a value too large for a term, a term at a time.
func (s numericSum) addBig(power, scale int, count int64, v *big.Int) numericSum {
	magnitude := new(big.Int).Abs(v)
	word, mask := new(big.Int), new(big.Int).SetUint64(^uint64(0))
	s, at := s.open(power, scale)
	first := at + numericSumHeader
	end := first + 8*int(s[at+1])
	for i := 0; magnitude.Sign() != 0; i++ {
		t := newTerm(0, word.And(magnitude, mask).Uint64(), v.Sign() < 0, count, 0)
		var out []byte
		out, end = addTerm(s, first, end, i, &t)
		s = out
		magnitude.Rsh(magnitude, 64)
	}
	return s.close(at, end, count)
}

// maxScale is the largest scale of a value present.
func (s numericSum) maxScale() int {
	most := 0
	for at := 0; at < len(s); at += numericSumHeader + 8*int(s[at+1]) {
		scale := int(binary.LittleEndian.Uint16(s[at+2:]))
		if scale < minusInfinity && int64(binary.LittleEndian.Uint64(s[at+4:])) != 0 {
			most = max(most, scale)
		}
	}
	return most
}

// notFinite is the sum, encoded, if it is not finite.
func (s numericSum) notFinite(dst []byte) ([]byte, bool) {
	nan, up, down := s.find(1, notANumber) >= 0, s.find(1, plusInfinity) >= 0, s.find(1, minusInfinity) >= 0
	switch {
	case nan || up && down:
		return types.AppendNumericNaN(dst), true
	case up:
		return types.AppendNumericInf(dst, 1), true
	case down:
		return types.AppendNumericInf(dst, -1), true
	}
	return dst, false
}

// exact is the finite sum of values (power 1) or squares (power 2), times 10^(power*scale).
func (s numericSum) exact(power, scale int) *big.Int {
	total := new(big.Int)
	for at := 0; at < len(s); {
		end := at + numericSumHeader + 8*int(s[at+1])
		if own := int(binary.LittleEndian.Uint16(s[at+2:])); int(s[at]) == power && own < minusInfinity {
			v := bigInt(s[at+numericSumHeader : end])
			total.Add(total, v.Mul(v, pow10(power*(scale-own))))
		}
		at = end
	}
	return total
}

func pow10(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

// appendSum appends the sum of values as a numeric.
func (s numericSum) appendSum(dst []byte) ([]byte, error) {
	if out, ok := s.notFinite(dst); ok {
		return out, nil
	}
	if len(s) >= numericSumHeader && len(s) == numericSumHeader+8*int(s[1]) && s[1] > 0 && s[1] <= 2 && s[0] == 1 {
		lo := binary.LittleEndian.Uint64(s[numericSumHeader:])
		hi := int64(lo) >> 63
		if s[1] == 2 {
			hi = int64(binary.LittleEndian.Uint64(s[numericSumHeader+8:]))
		}
		return types.NumericFromWide(dst, hi, lo, s.maxScale())
	}
	scale := s.maxScale()
	return appendBigNumeric(dst, s.exact(1, scale), scale)
}

// appendBigNumeric appends v * 10^-scale as a numeric of that scale.
func appendBigNumeric(dst []byte, v *big.Int, scale int) ([]byte, error) {
	digits := new(big.Int).Abs(v).String()
	if len(digits) <= scale {
		digits = strings.Repeat("0", scale+1-len(digits)) + digits
	}
	if scale > 0 {
		digits = digits[:len(digits)-scale] + "." + digits[len(digits)-scale:]
	}
	if v.Sign() < 0 {
		digits = "-" + digits
	}
	return types.NumericParse(dst, digits)
}
