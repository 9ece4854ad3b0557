package functions

import (
	"encoding/binary"
	"math/big"
	"math/bits"
)

// Sums are kept exactly, as two's complement integers of as many 64-bit words (little endian) as they need, so that
// adding a row and taking it away again leaves the same sum.

// term is one summand: an integer of up to 256 bits with its sign in all words above the last one needed.
type term struct {
	words [5]uint64
	n     int // words that matter; the sign of the last one extends upwards
}

// newTerm is ±magnitude * count * 2^shift, with magnitude hi:lo and shift below 64.
func newTerm(hi, lo uint64, negative bool, count int64, shift uint) term {
	var t term
	times := uint64(count)
	if count < 0 {
		times, negative = -times, !negative
	}
	if hi == 0 && times == 1 {
		t.words[0] = lo
	} else {
		var carry uint64
		carry, t.words[0] = bits.Mul64(lo, times)
		upper, middle := bits.Mul64(hi, times)
		t.words[1], carry = bits.Add64(middle, carry, 0)
		t.words[2] = upper + carry
	}
	if shift != 0 {
		for i := 4; i > 0; i-- {
			t.words[i] = t.words[i]<<shift | t.words[i-1]>>(64-shift)
		}
		t.words[0] <<= shift
	}
	if negative {
		carry := uint64(1)
		for i := range t.words {
			t.words[i], carry = bits.Add64(^t.words[i], 0, carry)
		}
	}
	t.n = 5
	for t.n > 1 && t.words[t.n-1] == signWord(t.words[t.n-2]) {
		t.n--
	}
	return t
}

// signWord is the word above w in two's complement.
func signWord(w uint64) uint64 { return uint64(int64(w) >> 63) }

// addTerm adds t, whose lowest word is word number at, to the integer in state[from:to], which it grows as needed. It
// returns state and the new end.
func addTerm(state []byte, from, to, at int, t *term) ([]byte, int) {
	for (to-from)/8 < at+t.n {
		top := uint64(0)
		if to > from {
			top = signWord(binary.LittleEndian.Uint64(state[to-8:]))
		}
		state = insertWord(state, to, top)
		to += 8
	}
	sign := signWord(t.words[t.n-1])
	topBefore := binary.LittleEndian.Uint64(state[to-8:])
	carry := uint64(0)
	for i, p := 0, from+8*at; p < to; i, p = i+1, p+8 {
		w := sign
		if i < t.n {
			w = t.words[i]
		} else if carry == sign&1 { // adding 0 without carry, or -1 with one, changes nothing further up
			break
		}
		var sum uint64
		sum, carry = bits.Add64(binary.LittleEndian.Uint64(state[p:]), w, carry)
		binary.LittleEndian.PutUint64(state[p:], sum)
	}
	topAfter := binary.LittleEndian.Uint64(state[to-8:])
	if signWord(topBefore) == sign && signWord(topAfter) != sign {
		state = insertWord(state, to, sign)
		to += 8
	}
	return state, to
}

func insertWord(state []byte, at int, w uint64) []byte {
	state = append(state, 0, 0, 0, 0, 0, 0, 0, 0)
	copy(state[at+8:], state[at:])
	binary.LittleEndian.PutUint64(state[at:], w)
	return state
}

// bigInt is the integer in words, which may be empty.
func bigInt(words []byte) *big.Int {
	out := new(big.Int)
	if len(words) == 0 {
		return out
	}
	negative := words[len(words)-1] >= 0x80
	reversed := make([]byte, len(words))
	for i, b := range words {
		if negative {
			b = ^b
		}
		reversed[len(words)-1-i] = b
	}
	out.SetBytes(reversed)
	if negative {
		out.Not(out)
	}
	return out
}
