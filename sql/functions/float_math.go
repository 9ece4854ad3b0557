package functions

import (
	"math"
	"math/bits"
)

// The elementary functions of float8. PostgreSQL takes them from the C library; package math is often a digit off, and at
// the ends of the range more. These are computed in double-double and rounded once, which is what a good C library gives
// in nearly all cases, on every machine the same. Each costs a fraction of a microsecond.

var (
	ln2              = dd{0.6931471805599453, 2.3190468138462996e-17}
	perLn10          = dd{0.4342944819032518, 1.098319650216765e-17} // 1/ln(10)
	halfPi           = dd{1.5707963267948966, 6.123233995736766e-17}
	inverseFactorial = inverseFactorials()
)

// inverseFactorials are 1/n!.
func inverseFactorials() (out [32]dd) {
	out[0] = dd{1, 0}
	for n := 1; n < len(out); n++ {
		out[n] = out[n-1].div(dd{float64(n), 0})
	}
	return out
}

// tiny tells that a function with f(x) = x + O(x^3) is x when it is rounded.
func tiny(x float64) bool { return math.Abs(x) < 1.0/(1<<60) }

// roots are 2^(j/128).
var roots = rootsOfTwo()

func rootsOfTwo() (out [128]dd) {
	out[0] = dd{1, 0}
	root := dd{2, 0}
	for half := len(out) / 2; half > 0; half /= 2 {
		root = root.sqrt()
		for j := 0; j < len(out); j += 2 * half {
			out[j+half] = out[j].mul(root)
		}
	}
	return out
}

// expm1Small is e^x - 1 for |x| < 0.003, by its series; the later terms need no second half.
func expm1Small(x dd) dd {
	tail := 0.0
	for n := 10; n >= 6; n-- {
		tail = tail*x.hi + inverseFactorial[n].hi
	}
	p := dd{tail, 0}
	for n := 5; n >= 1; n-- {
		p = p.step(x, inverseFactorial[n])
	}
	return p.mul(x)
}

// expOf is e^x = (1+m) * r * 2^k, for |x| < 2000; r is a root of two.
func expOf(x dd) (m, r dd, k int) {
	n := math.RoundToEven(x.hi * (128 / ln2.hi))
	j := int(n)
	return expm1Small(x.sub(ln2.mulFloat(n / 128))), roots[j&127], j >> 7
}

// expm1 is e^x - 1 for |x| < 0.4, good to 2^-95 of its own size.
func expm1(x dd) dd {
	m, r, k := expOf(x)
	if k < 0 {
		r = r.times(0.5)
	}
	return m.mul(r).add(r.addFloat(-1))
}

// expScaled is e^x = m * 2^k, for |x| < 2000.
func expScaled(x dd) (m dd, k int) {
	m, r, k := expOf(x)
	return m.mul(r).add(r), k
}

func expFloat(x float64) float64 {
	switch {
	case x != x:
		return x
	case x > 800:
		return math.Inf(1)
	case x < -800:
		return 0
	}
	m, k := expScaled(dd{x, 0})
	return m.scaled(k)
}

// logOf is the natural logarithm of x > 0: of m*2^k it is k*ln(2) plus math's guess y of ln(m), mended by
// ln(1 + (m*e^-y - 1)).
func logOf(x dd) dd {
	_, k := math.Frexp(x.hi)
	m := dd{math.Ldexp(x.hi, -k), math.Ldexp(x.lo, -k)}
	if m.hi < math.Sqrt2/2 {
		m, k = m.times(2), k-1
	}
	y := math.Log(m.hi)
	rest := m.addFloat(-1).add(m.mul(expm1(dd{-y, 0})))
	sum := rest.addFloat(y).addFloat(-rest.hi * rest.hi / 2)
	return ln2.mulFloat(float64(k)).add(sum)
}

func naturalLog(x float64) float64 {
	if x != x || math.IsInf(x, 1) {
		return x
	}
	return logOf(dd{x, 0}).hi
}

func decimalLog(x float64) float64 {
	if x != x || math.IsInf(x, 1) {
		return x
	}
	return logOf(dd{x, 0}).mul(perLn10).hi
}

// powFloat is x^y, by the rules of C for what is not finite.
func powFloat(x, y float64) float64 {
	if !finite(x) || !finite(y) || x == 0 || y == 0 || x == 1 || x < 0 && y != math.Floor(y) {
		return math.Pow(x, y)
	}
	sign := 1.0
	if x < 0 {
		x = -x
		if math.Mod(y, 2) != 0 {
			sign = -1
		}
	}
	if v, ok := exactPower(x, y); ok {
		return sign * v
	}
	l := logOf(dd{x, 0})
	switch about := l.hi * y; {
	case about > 800:
		return math.Inf(int(sign))
	case about < -800:
		return math.Copysign(0, sign)
	case math.Abs(about) < 1.0/(1<<60):
		return sign
	}
	m, k := expScaled(l.mulFloat(y))
	return sign * m.scaled(k)
}

// exactPower finds the powers that are a float8, or lie in the middle between two, where more digits do not tell how to
// round: x = m*2^e with few bits in m, and y = n or, where x is a square that often, n/2^j.
func exactPower(x, y float64) (float64, bool) {
	for y != math.Floor(y) {
		root := math.Sqrt(x)
		if y*32 != math.Floor(y*32) || twoProduct(root, root) != (dd{x, 0}) {
			return 0, false
		}
		x, y = root, 2*y
	}
	mantissa, e, _ := splitFloat(x)
	zeros := bits.TrailingZeros64(mantissa)
	mantissa, e = mantissa>>zeros, e+zeros
	if math.Abs(y*float64(e)) > 5000 {
		return 0, false
	}
	product := uint64(1)
	for n := y; mantissa != 1 && n != 0; n-- {
		over, next := mul64(product, mantissa)
		if over != 0 || n < 0 {
			return 0, false
		}
		product = next
	}
	v := float64(product)
	return dd{v, float64(int64(product - uint64(v)))}.scaled(int(y) * e), true
}

// cbrtFloat is the cube root: math's, and one step of Newton's for what is left.
func cbrtFloat(x float64) float64 {
	if x == 0 || !finite(x) {
		return x
	}
	m, k := math.Frexp(x)
	for k%3 != 0 {
		m, k = m*2, k-1
	}
	y := math.Cbrt(m)
	square := twoProduct(y, y)
	rest := dd{m, 0}.sub(square.mulFloat(y)).hi
	return math.Ldexp(fastTwoSum(y, rest/(3*square.hi)).hi, k/3)
}

// hyperbolic is e^|x| and e^-|x|, times 2^-k each. (Of the second no more is left than matters.)
func hyperbolic(x float64) (up, down dd, k int) {
	up, k = expScaled(dd{math.Abs(x), 0})
	down = dd{1, 0}.div(up)
	f := math.Ldexp(1, -min(2*k, 300))
	return up, down.times(f), k
}

func sinhFloat(x float64) float64 {
	switch a := math.Abs(x); {
	case tiny(x) || !finite(x):
		return x
	case a > 800:
		return math.Inf(int(math.Copysign(1, x)))
	case a < 0.39:
		return sinhOf(dd{x, 0}).hi
	}
	up, down, k := hyperbolic(x)
	return math.Copysign(up.sub(down).scaled(k-1), x)
}

// sinhOf is sinh(x) for |x| < 0.39, good in relation to itself: from p = e^x-1 it is (p + p/(1+p))/2.
func sinhOf(x dd) dd {
	p := expm1(x)
	return p.add(p.div(p.addFloat(1))).times(0.5)
}

func coshFloat(x float64) float64 {
	switch a := math.Abs(x); {
	case !finite(x):
		return a
	case a > 800:
		return math.Inf(1)
	}
	up, down, k := hyperbolic(x)
	return up.add(down).scaled(k - 1)
}

// tanhFloat is q/(q+2) with q = e^2x - 1.
func tanhFloat(x float64) float64 {
	switch a := math.Abs(x); {
	case tiny(x) || x != x:
		return x
	case a > 30:
		return math.Copysign(1, x)
	case a < 0.19:
		q := expm1(dd{2 * x, 0})
		return q.div(q.addFloat(2)).hi
	}
	up, down, _ := hyperbolic(x)
	return math.Copysign(up.sub(down).div(up.add(down)).hi, x)
}

// asinhOf is the inverse of sinh, for |x| < 2^28: math's guess, mended by the difference of sinh over its slope.
func asinhOf(x dd) dd {
	y := math.Asinh(x.hi)
	var sinh dd
	if math.Abs(y) < 0.39 {
		sinh = sinhOf(dd{y, 0})
	} else {
		up, down, k := hyperbolic(y)
		sinh = up.sub(down).times(math.Copysign(math.Ldexp(0.5, k), y))
	}
	return fastTwoSum(y, x.sub(sinh).hi/math.Hypot(1, sinh.hi))
}

// logOfTwice is ln(2x), which the inverse hyperbolic functions of a large x come to: their next term is ±1/4x^2.
func logOfTwice(x, sign float64) float64 {
	return logOf(dd{x, 0}).add(ln2).addFloat(sign * (0.5 / x) * (0.5 / x)).hi
}

func asinhFloat(x float64) float64 {
	switch {
	case tiny(x) || !finite(x):
		return x
	case math.Abs(x) > 1<<28:
		return math.Copysign(logOfTwice(math.Abs(x), 1), x)
	}
	return asinhOf(dd{x, 0}).hi
}

// acoshFloat is asinh of the root of x^2-1, for x >= 1.
func acoshFloat(x float64) float64 {
	switch {
	case !finite(x):
		return x
	case x > 1<<28:
		return logOfTwice(x, -1)
	}
	square := twoSum(x, -1).mul(twoSum(x, 1))
	if square.hi == 0 {
		return 0
	}
	return asinhOf(square.sqrt()).hi
}

// atanhFloat is asinh of x over the root of 1-x^2, for |x| <= 1.
func atanhFloat(x float64) float64 {
	switch {
	case tiny(x) || x != x:
		return x
	case math.Abs(x) == 1:
		return math.Inf(int(x))
	}
	return asinhOf(dd{x, 0}.div(twoSum(1, -x).mul(twoSum(1, x)).sqrt())).hi
}
