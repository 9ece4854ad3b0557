package delta

import "math/bits"

// Bitmap is one bit per row, least significant first (Arrow's order on a little-endian machine). A nil Bitmap that stands
// for validity means that every row is valid.
type Bitmap []uint64

// NewBitmap returns n bits, all clear.
func NewBitmap(n int) Bitmap { return make(Bitmap, (n+63)>>6) }

// FullBitmap returns n bits, all set (bits past n in the last word are set too; nobody may count them).
func FullBitmap(n int) Bitmap {
	b := NewBitmap(n)
	for i := range b {
		b[i] = ^uint64(0)
	}
	return b
}

// Get tells whether bit i is set.
func (b Bitmap) Get(i int) bool { return b[i>>6]>>(uint(i)&63)&1 != 0 }

// Set sets bit i.
func (b Bitmap) Set(i int) { b[i>>6] |= 1 << (uint(i) & 63) }

// Clear clears bit i.
func (b Bitmap) Clear(i int) { b[i>>6] &^= 1 << (uint(i) & 63) }

// Count counts the set bits among the first n.
func (b Bitmap) Count(n int) int {
	c := 0
	for i := 0; i < n>>6; i++ {
		c += bits.OnesCount64(b[i])
	}
	if r := uint(n) & 63; r != 0 {
		c += bits.OnesCount64(b[n>>6] & (1<<r - 1))
	}
	return c
}

// And returns the bits set in both a and b over n rows; nil stands for all set, and the result is nil if both are.
func And(a, b Bitmap, n int) Bitmap {
	if a == nil {
		return b
	}
	if b == nil {
		return a
	}
	out := NewBitmap(n)
	for i := range out {
		out[i] = a[i] & b[i]
	}
	return out
}
