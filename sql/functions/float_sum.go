package functions

import (
	"encoding/binary"
	"math"
	"math/big"
	"math/bits"
)

// floatSum is an exact sum of float8 values (Kulisch's accumulator, of which only the words in use are kept), or of
// squares of such values:
//
//	0   number of NaN, int64
//	8   number of Infinity, int64
//	16  number of -Infinity, int64
//	24  lowest word kept, int64
//	32  words, two's complement: the sum is their value times 2^(64*lowest - bias)
//
// The empty state is the empty sum.
type floatSum []byte

const (
	floatSumHeader = 32
	floatBias      = 1074     // 2^-1074 is the smallest float8
	squareBias     = 2 * 1074 // and this its square
)

// addFloat adds count times v to the sum.
func addFloat(state floatSum, v float64, count int64) floatSum {
	state, special := state.special(v, count)
	if special || v == 0 {
		return state
	}
	mantissa, exponent, negative := splitFloat(v)
	return state.add(0, mantissa, exponent+floatBias, negative, count)
}

// addProduct adds count times v*w to a sum with squareBias.
func addProduct(state floatSum, v, w float64, count int64) floatSum {
	if !finite(v) || !finite(w) {
		state, _ = state.special(v*w, count)
		return state
	}
	if state, _ = state.special(0, count); v == 0 || w == 0 {
		return state
	}
	m1, e1, n1 := splitFloat(v)
	m2, e2, n2 := splitFloat(w)
	hi, lo := mul64(m1, m2)
	return state.add(hi, lo, e1+e2+squareBias, n1 != n2, count)
}

func finite(v float64) bool { return v-v == 0 }

// special makes room for the header, and counts v if it is not finite.
func (s floatSum) special(v float64, count int64) (floatSum, bool) {
	if s == nil {
		s = make([]byte, floatSumHeader, floatSumHeader+3*8)
	}
	at := 0
	switch {
	case v != v:
	case v > math.MaxFloat64:
		at = 8
	case v < -math.MaxFloat64:
		at = 16
	default:
		return s, false
	}
	binary.LittleEndian.PutUint64(s[at:], binary.LittleEndian.Uint64(s[at:])+uint64(count))
	return s, true
}

// splitFloat is |v| = mantissa * 2^exponent.
func splitFloat(v float64) (mantissa uint64, exponent int, negative bool) {
	b := math.Float64bits(v)
	mantissa, exponent = b&(1<<52-1), int(b>>52&0x7ff)
	if exponent == 0 {
		exponent = 1
	} else {
		mantissa |= 1 << 52
	}
	return mantissa, exponent - 1075, b>>63 != 0
}

func (s floatSum) add(hi, lo uint64, position int, negative bool, count int64) floatSum {
	if hi == 0 && (count == 1 || count == -1) && s.addOne(lo, position, negative != (count < 0)) {
		return s
	}
	t := newTerm(hi, lo, negative, count, uint(position)&63)
	t.n = max(t.n, 2) // so that addOne has room from now on
	word := position >> 6
	lowest := int(binary.LittleEndian.Uint64(s[24:]))
	if len(s) == floatSumHeader || word < lowest {
		for len(s) > floatSumHeader && lowest > word {
			s = insertWord(s, floatSumHeader, 0)
			lowest--
		}
		lowest = word
		binary.LittleEndian.PutUint64(s[24:], uint64(lowest))
	}
	out, _ := addTerm(s, floatSumHeader, len(s), word-lowest, &t)
	return out
}

// addOne adds ±lo * 2^position, lo below 2^53, in place if the two words it needs are kept already and stay enough.
func (s floatSum) addOne(lo uint64, position int, negative bool) bool {
	at := floatSumHeader + 8*(position>>6-int(binary.LittleEndian.Uint64(s[24:])))
	if at < floatSumHeader || at+16 > len(s) {
		return false
	}
	top := int64(binary.LittleEndian.Uint64(s[len(s)-8:]))
	if top > 1<<62 || top < -1<<62 {
		return false // near the end of its range: the general way can grow
	}
	shift := uint(position) & 63
	low, high, sign := lo<<shift, lo>>1>>(63-shift), uint64(0)
	if negative {
		low, high, sign = -low, ^high, ^uint64(0)
		if low == 0 {
			high++
		}
	}
	w, carry := bits.Add64(binary.LittleEndian.Uint64(s[at:]), low, 0)
	binary.LittleEndian.PutUint64(s[at:], w)
	w, carry = bits.Add64(binary.LittleEndian.Uint64(s[at+8:]), high, carry)
	binary.LittleEndian.PutUint64(s[at+8:], w)
	for at += 16; at < len(s) && carry != sign&1; at += 8 {
		w, carry = bits.Add64(binary.LittleEndian.Uint64(s[at:]), sign, carry)
		binary.LittleEndian.PutUint64(s[at:], w)
	}
	return true
}

// notFinite is the sum if it is not finite.
func (s floatSum) notFinite() (float64, bool) {
	if s == nil {
		return 0, false
	}
	nan, up, down := binary.LittleEndian.Uint64(s) != 0, binary.LittleEndian.Uint64(s[8:]) != 0, binary.LittleEndian.Uint64(s[16:]) != 0
	switch {
	case nan || up && down:
		return math.NaN(), true
	case up:
		return math.Inf(1), true
	case down:
		return math.Inf(-1), true
	}
	return 0, false
}

// exact is the finite sum.
func (s floatSum) exact(bias int) *big.Float {
	if s == nil {
		return new(big.Float)
	}
	i := bigInt(s[floatSumHeader:])
	out := new(big.Float).SetPrec(uint(max(i.BitLen(), 64))).SetInt(i)
	return out.SetMantExp(out, 64*int(binary.LittleEndian.Uint64(s[24:]))-bias)
}
