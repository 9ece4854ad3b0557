package functions

import (
	"math"
	"math/bits"
)

// twoOverPi is 2/pi: the bits after the point, highest first, as many as the largest float8 needs.
var twoOverPi = [...]uint64{
	0xa2f9836e4e441529, 0xfc2757d1f534ddc0, 0xdb6295993c439041, 0xfe5163abdebbc561,
	0xb7246e3a424dd2e0, 0x06492eea09d1921c, 0xfe1deb1cb129a73e, 0xe88235f52ebb4484,
	0xe99c7026b45f7e41, 0x3991d639835339f4, 0x9c845f8bbdf9283b, 0x1ff897ffde05980f,
	0xef2f118b5a0a6d1f, 0x6d367ecf27cb09b7, 0x4f463f669e5fea2d, 0x7527bac7ebe5f17b,
	0x3d0739f78a5292ea, 0x6bfb5fb11f8d5d08, 0x56033046fc7b6bab, 0xf0cfbc209af4361d,
}

// quarters is x = r + q*pi/2 with |r| <= pi/4, q modulo 4, for a finite x.
//
// (Payne and Hanek, "Radian reduction for trigonometric functions", 1983.) x is m*2^e. In m*2^e*2/pi, bits of 2/pi whose
// weight makes multiples of 4 do not matter, so 256 bits from there on are multiplied: two bits of the quadrant before
// the point, 254 after it. No float8 is closer to a multiple of pi/2 than 2^-62 of it, so more than 130 bits are good.
func quarters(x float64) (r dd, q uint64) {
	if math.Abs(x) <= math.Pi/4 {
		return dd{x, 0}, 0
	}
	m, e, negative := splitFloat(x)
	word, shift := (e-2)>>6, uint(e-2)&63
	at := func(i int) uint64 {
		if i < 0 {
			return 0
		}
		return twoOverPi[i]
	}
	var p [4]uint64 // the product, highest word first
	var carry uint64
	for i := 3; i >= 0; i-- {
		w := at(word+i) << shift
		if shift != 0 {
			w |= at(word+i+1) >> (64 - shift)
		}
		hi, lo := bits.Mul64(w, m)
		var c uint64
		p[i], c = bits.Add64(lo, carry, 0)
		carry = hi + c
	}
	q = p[0] >> 62
	for i := range 3 {
		p[i] = p[i]<<2 | p[i+1]>>62
	}
	p[3] <<= 2
	above := p[0]>>63 != 0 // more than half a quadrant: count from the next
	if above {
		q++
		carry = 1
		for i := 3; i >= 0; i-- {
			p[i], carry = bits.Add64(^p[i], 0, carry)
		}
	}
	scale := 1.0
	if p[0] == 0 {
		copy(p[:], p[1:])
		scale = 1.0 / (1 << 32) / (1 << 32)
	}
	zeros := bits.LeadingZeros64(p[0])
	hi, lo := p[0]<<zeros|p[1]>>1>>(63-zeros), p[1]<<zeros|p[2]>>1>>(63-zeros)
	scale = math.Ldexp(scale, -zeros)
	f := fastTwoSum(math.Ldexp(float64(hi>>11), -53), math.Ldexp(float64(hi&(1<<11-1)<<42|lo>>22), -106))
	r = f.times(scale).mul(halfPi)
	if above != negative {
		r = r.neg()
	}
	if negative {
		q = -q
	}
	return r, q & 3
}

// sinCosOf are the sine and cosine of |r| <= pi/4, by their series; the later terms need no second half.
func sinCosOf(r dd) (sin, cos dd) {
	z := r.mul(r).neg()
	s, c := 0.0, 0.0
	for k := 15; k >= 8; k-- {
		s, c = s*z.hi+inverseFactorial[2*k+1].hi, c*z.hi+inverseFactorial[2*k].hi
	}
	sin, cos = dd{s, 0}, dd{c, 0}
	for k := 7; k >= 0; k-- {
		sin, cos = sin.step(z, inverseFactorial[2*k+1]), cos.step(z, inverseFactorial[2*k])
	}
	return sin.mul(r), fastTwoSum(cos.hi, cos.lo)
}

// sinCos are the sine and cosine of a finite x.
func sinCos(x float64) (sin, cos dd) {
	r, q := quarters(x)
	sin, cos = sinCosOf(r)
	switch q {
	case 1:
		return cos, sin.neg()
	case 2:
		return sin.neg(), cos.neg()
	case 3:
		return cos.neg(), sin
	}
	return sin, cos
}

func sinFloat(x float64) float64 {
	if tiny(x) || !finite(x) {
		return x + 0*x
	}
	sin, _ := sinCos(x)
	return sin.hi
}

func cosFloat(x float64) float64 {
	if !finite(x) {
		return math.NaN()
	}
	_, cos := sinCos(x)
	return cos.hi
}

func tanFloat(x float64) float64 {
	if tiny(x) || !finite(x) {
		return x + 0*x
	}
	sin, cos := sinCos(x)
	return sin.div(cos).hi
}

// angle is the angle of the point (x, y): math's guess a of it, mended by what is left when the point is turned back by a.
func angle(y, x dd) dd {
	a := math.Atan2(y.hi, x.hi)
	sin, cos := sinCos(a)
	rest := y.mul(cos).sub(x.mul(sin)).hi / (x.hi*cos.hi + y.hi*sin.hi)
	return fastTwoSum(a, rest)
}

func atan2Float(y, x float64) float64 {
	if y == 0 || x == 0 || !finite(x) || !finite(y) {
		return math.Atan2(y, x)
	}
	my, ey := math.Frexp(y)
	mx, ex := math.Frexp(x)
	switch {
	case ey-ex < -70 && x > 0:
		return y / x
	case ey-ex < -70:
		return math.Copysign(math.Pi, y)
	case ey-ex > 70:
		return math.Copysign(math.Pi/2, y)
	}
	return angle(dd{math.Ldexp(my, ey-ex), 0}, dd{mx, 0}).hi
}

func atanFloat(x float64) float64 { return atan2Float(x, 1) }

func asinFloat(x float64) float64 {
	if tiny(x) || x != x {
		return x
	}
	return angle(dd{x, 0}, twoSum(1, -x).mul(twoSum(1, x)).sqrt()).hi
}

func acosFloat(x float64) float64 {
	if x == 1 {
		return 0
	}
	return angle(twoSum(1, -x).mul(twoSum(1, x)).sqrt(), dd{x, 0}).hi
}
