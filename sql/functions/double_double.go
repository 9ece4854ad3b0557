package functions

import "math"

// dd is a double-double: a number of about 106 bits as the sum of two floats, of which hi is the sum rounded. (Dekker, "A
// floating-point technique for extending the available precision", 1971; the operations with a fused multiply-add are in
// Muller et al., "Handbook of Floating-Point Arithmetic".) Results are good to about 2^-102 of their size, unless they come
// near the ends of the range of float8, which callers avoid.
type dd struct{ hi, lo float64 }

// twoSum is a+b exactly.
func twoSum(a, b float64) dd {
	s := a + b
	t := s - a
	return dd{s, (a - (s - t)) + (b - t)}
}

// fastTwoSum is a+b exactly, for |a| >= |b|.
func fastTwoSum(a, b float64) dd {
	s := a + b
	return dd{s, b - (s - a)}
}

// twoProduct is a*b exactly.
func twoProduct(a, b float64) dd {
	p := a * b
	return dd{p, math.FMA(a, b, -p)}
}

func (a dd) add(b dd) dd {
	s, t := twoSum(a.hi, b.hi), twoSum(a.lo, b.lo)
	s = fastTwoSum(s.hi, s.lo+t.hi)
	return fastTwoSum(s.hi, s.lo+t.lo)
}

func (a dd) addFloat(b float64) dd {
	s := twoSum(a.hi, b)
	return fastTwoSum(s.hi, s.lo+a.lo)
}

func (a dd) neg() dd { return dd{-a.hi, -a.lo} }

func (a dd) sub(b dd) dd { return a.add(b.neg()) }

func (a dd) mul(b dd) dd {
	p := twoProduct(a.hi, b.hi)
	return fastTwoSum(p.hi, p.lo+math.FMA(a.hi, b.lo, a.lo*b.hi))
}

func (a dd) mulFloat(b float64) dd {
	p := twoProduct(a.hi, b)
	return fastTwoSum(p.hi, math.FMA(a.lo, b, p.lo))
}

// step is a*z + c for |c| >= |a*z|, as Horner's rule takes it: quicker than mul and add, and its hi is not quite the sum rounded.
func (a dd) step(z, c dd) dd {
	p := a.hi * z.hi
	rest := math.FMA(a.hi, z.hi, -p) + math.FMA(a.hi, z.lo, a.lo*z.hi)
	s := c.hi + p
	return dd{s, (p - (s - c.hi)) + (rest + c.lo)}
}

// times is a*f for a power of two f, exactly.
func (a dd) times(f float64) dd { return dd{a.hi * f, a.lo * f} }

func (a dd) div(b dd) dd {
	q1 := a.hi / b.hi
	r := a.sub(b.mulFloat(q1))
	q2 := r.hi / b.hi
	r = r.sub(b.mulFloat(q2))
	return fastTwoSum(q1, q2).addFloat(r.hi / b.hi)
}

// sqrt is the root of a >= 0.
func (a dd) sqrt() dd {
	if a.hi == 0 {
		return dd{}
	}
	s := math.Sqrt(a.hi)
	return fastTwoSum(s, a.sub(twoProduct(s, s)).hi/(2*s))
}

// scaled is a*2^k as a float8, rounded once, also where it is subnormal.
func (a dd) scaled(k int) float64 {
	_, exponent := math.Frexp(a.hi)
	if exponent+k > -1021 {
		return math.Ldexp(a.hi, k)
	}
	if exponent+k < -1080 {
		return math.Copysign(0, a.hi)
	}
	units := math.Ldexp(a.hi, k+1074) // of the smallest float8
	n := math.RoundToEven(units)
	switch fraction := units - n; {
	case fraction == 0.5 && a.lo > 0:
		n++
	case fraction == -0.5 && a.lo < 0:
		n--
	}
	return math.Ldexp(n, -1074)
}
