package types

import (
	"cmp"

	"github.com/cockroachdb/apd/v3"

	"tarn/sql/sqlstate"
)

// NumericAdd appends a + b, with the larger of their scales.
func NumericAdd(dst, a, b []byte) ([]byte, error) {
	x, xs, ok1 := NumericSmall(a)
	y, ys, ok2 := NumericSmall(b)
	if ok1 && ok2 {
		if xs < ys {
			x, ok1 = scaleUp(x, ys-xs)
			xs = ys
		} else if ys < xs {
			y, ok2 = scaleUp(y, xs-ys)
		}
		if sum := x + y; ok1 && ok2 && (sum > x) == (y > 0) {
			return AppendNumericSmall(dst, sum, xs), nil
		}
	}
	return addBig(dst, a, b, false)
}

// NumericSub appends a - b, with the larger of their scales.
func NumericSub(dst, a, b []byte) ([]byte, error) {
	x, xs, ok1 := NumericSmall(a)
	y, ys, ok2 := NumericSmall(b)
	if ok1 && ok2 {
		if xs < ys {
			x, ok1 = scaleUp(x, ys-xs)
			xs = ys
		} else if ys < xs {
			y, ok2 = scaleUp(y, xs-ys)
		}
		if difference := x - y; ok1 && ok2 && (difference < x) == (y > 0) {
			return AppendNumericSmall(dst, difference, xs), nil
		}
	}
	return addBig(dst, a, b, true)
}

func addBig(dst, a, b []byte, negate bool) ([]byte, error) {
	var x, y decimal
	x.load(a)
	y.load(b)
	if negate {
		y.negate()
	}
	if x.tag != 0 || y.tag != 0 {
		switch {
		case x.tag == tagNaN || y.tag == tagNaN || x.tag != 0 && y.tag != 0 && x.tag != y.tag:
			return append(dst, tagNaN), nil
		case x.tag != 0:
			return append(dst, x.tag), nil
		}
		return append(dst, y.tag), nil
	}
	x.rescale(max(x.scale, y.scale))
	y.rescale(x.scale)
	x.coef.Add(&x.coef, &y.coef)
	return x.append(dst)
}

func (d *decimal) negate() {
	switch d.tag {
	case 0:
		d.coef.Neg(&d.coef)
	case tagNegInf:
		d.tag = tagPosInf
	case tagPosInf:
		d.tag = tagNegInf
	}
}

// NumericNeg appends -a.
func NumericNeg(dst, a []byte) ([]byte, error) {
	if coef, scale, ok := NumericSmall(a); ok && coef != -coef {
		return AppendNumericSmall(dst, -coef, scale), nil
	}
	var d decimal
	d.load(a)
	d.negate()
	return d.append(dst)
}

// NumericAbs appends |a|.
func NumericAbs(dst, a []byte) ([]byte, error) {
	if NumericSign(a) < 0 {
		return NumericNeg(dst, a)
	}
	return append(dst, a...), nil
}

// NumericMul appends a * b, exact, unless the sum of their scales exceeds 16383.
func NumericMul(dst, a, b []byte) ([]byte, error) {
	x, xs, ok1 := NumericSmall(a)
	y, ys, ok2 := NumericSmall(b)
	if ok1 && ok2 && xs+ys <= maxSmallScale {
		if product, ok := mulInt(x, y); ok {
			return AppendNumericSmall(dst, product, xs+ys), nil
		}
	}
	var p, q decimal
	p.load(a)
	q.load(b)
	if p.tag != 0 || q.tag != 0 {
		sign := p.sign() * q.sign()
		if p.tag == tagNaN || q.tag == tagNaN || sign == 0 {
			return append(dst, tagNaN), nil
		}
		return AppendNumericInf(dst, sign), nil
	}
	p.coef.Mul(&p.coef, &q.coef)
	p.scale += q.scale
	if p.scale > maxNumericDscale {
		p.rescale(maxNumericDscale)
	}
	return p.append(dst)
}

func (d *decimal) sign() int {
	switch d.tag {
	case 0:
		return d.coef.Sign()
	case tagNegInf:
		return -1
	}
	return 1
}

func divisionByZero() error { return sqlstate.New(sqlstate.DivisionByZero, "division by zero") }

// NumericDiv appends a / b, rounded to the scale PostgreSQL selects: at least 16 significant digits and not less than
// either operand's scale. 22012 when b is 0.
func NumericDiv(dst, a, b []byte) ([]byte, error) {
	var x, y decimal
	x.load(a)
	y.load(b)
	if x.tag != 0 || y.tag != 0 {
		return divSpecial(dst, &x, &y)
	}
	if y.coef.Sign() == 0 {
		return dst, divisionByZero()
	}
	x.quotient(&y, divScale(&x, &y))
	return x.append(dst)
}

// NumericDivInt appends the integer quotient of a and b, truncated toward zero (SQL's div).
func NumericDivInt(dst, a, b []byte) ([]byte, error) {
	var x, y decimal
	x.load(a)
	y.load(b)
	if x.tag != 0 || y.tag != 0 {
		return divSpecial(dst, &x, &y)
	}
	if y.coef.Sign() == 0 {
		return dst, divisionByZero()
	}
	scale := max(x.scale, y.scale)
	x.rescale(scale)
	y.rescale(scale)
	x.coef.Quo(&x.coef, &y.coef)
	x.scale = 0
	return x.append(dst)
}

func divSpecial(dst []byte, x, y *decimal) ([]byte, error) {
	switch {
	case x.tag == tagNaN || y.tag == tagNaN || x.tag != 0 && y.tag != 0:
		return append(dst, tagNaN), nil
	case x.tag != 0 && y.coef.Sign() == 0:
		return dst, divisionByZero()
	case x.tag != 0:
		return AppendNumericInf(dst, x.sign()*y.sign()), nil
	}
	return NumericFromInt(dst, 0), nil // finite / infinite
}

// quotient makes x x/y rounded to a scale.
func (d *decimal) quotient(y *decimal, scale int) {
	var unit apd.BigInt
	shift := scale + y.scale - d.scale
	if shift >= 0 {
		d.coef.Mul(&d.coef, setPow10(&unit, shift))
		quoHalfAway(&d.coef, &d.coef, &y.coef)
	} else {
		unit.Mul(setPow10(&unit, -shift), &y.coef)
		quoHalfAway(&d.coef, &d.coef, &unit)
	}
	d.scale = scale
}

// weight is the exponent of the value's first digit in base 10,000, and that digit; 0, 0 for zero.
func (d *decimal) weight() (exponent int, first int64) {
	if d.coef.Sign() == 0 {
		return 0, 0
	}
	digits := d.digits()
	top := digits - 1 - d.scale // exponent of the first decimal digit
	exponent = floorDiv(top, digitsPerBaseUnit)
	keep := top - exponent*digitsPerBaseUnit + 1
	var coef, unit apd.BigInt
	coef.Abs(&d.coef)
	if digits >= keep {
		coef.Quo(&coef, setPow10(&unit, digits-keep))
	} else {
		coef.Mul(&coef, setPow10(&unit, keep-digits))
	}
	return exponent, coef.Int64()
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// divScale is select_div_scale of PostgreSQL's numeric.c.
func divScale(x, y *decimal) int {
	xw, xfirst := x.weight()
	yw, yfirst := y.weight()
	qw := xw - yw
	if xfirst <= yfirst {
		qw--
	}
	scale := max(minSigDigits-qw*digitsPerBaseUnit, x.scale, y.scale, 0)
	return min(scale, maxDisplayScale)
}

// NumericMod appends a - trunc(a/b)*b, which has the sign of a.
func NumericMod(dst, a, b []byte) ([]byte, error) {
	x, xs, ok1 := NumericSmall(a)
	y, ys, ok2 := NumericSmall(b)
	if ok1 && ok2 && xs == ys && y != 0 {
		if y == -1 {
			return AppendNumericSmall(dst, 0, xs), nil
		}
		return AppendNumericSmall(dst, x%y, xs), nil
	}
	var p, q decimal
	p.load(a)
	q.load(b)
	if p.tag != 0 || q.tag != 0 {
		switch {
		case p.tag == tagNaN || q.tag == tagNaN:
			return append(dst, tagNaN), nil
		case p.tag != 0 && q.tag == 0 && q.coef.Sign() == 0:
			return dst, divisionByZero()
		case p.tag != 0:
			return append(dst, tagNaN), nil
		}
		return append(dst, a...), nil
	}
	if q.coef.Sign() == 0 {
		return dst, divisionByZero()
	}
	p.rescale(max(p.scale, q.scale))
	q.rescale(p.scale)
	p.coef.Rem(&p.coef, &q.coef)
	return p.append(dst)
}

// NumericCmp compares by value: -Infinity < finite < Infinity < NaN = NaN, and 1.0 = 1.00.
func NumericCmp(a, b []byte) int {
	x, xs, ok1 := NumericSmall(a)
	y, ys, ok2 := NumericSmall(b)
	if ok1 && ok2 {
		if xs < ys {
			x, ok1 = scaleUp(x, ys-xs)
		} else if ys < xs {
			y, ok2 = scaleUp(y, xs-ys)
		}
		if ok1 && ok2 {
			return cmp.Compare(x, y)
		}
	}
	var p, q decimal
	p.load(a)
	q.load(b)
	if p.tag != 0 || q.tag != 0 {
		return cmp.Compare(p.rank(), q.rank())
	}
	if order := cmp.Compare(p.coef.Sign(), q.coef.Sign()); order != 0 {
		return order
	}
	p.rescale(max(p.scale, q.scale))
	q.rescale(p.scale)
	return p.coef.Cmp(&q.coef)
}

func (d *decimal) rank() int {
	switch d.tag {
	case tagNegInf:
		return -1
	case tagPosInf:
		return 1
	case tagNaN:
		return 2
	}
	return 0
}

// NumericRound appends a rounded half away from zero to a scale, which may be negative; the result has that scale, or 0.
func NumericRound(dst, a []byte, scale int) ([]byte, error) {
	var d decimal
	d.load(a)
	if d.tag == 0 {
		d.rescale(clampScale(scale))
		d.integral()
	}
	return d.append(dst)
}

// NumericTrunc appends a cut toward zero to a scale, which may be negative; the result has that scale, or 0.
func NumericTrunc(dst, a []byte, scale int) ([]byte, error) {
	var d decimal
	d.load(a)
	if d.tag == 0 {
		scale = clampScale(scale)
		d.truncate(scale)
		d.rescale(max(scale, 0))
	}
	return d.append(dst)
}

// clampScale brings a scale to where another makes no difference, or cannot be kept.
func clampScale(scale int) int { return min(max(scale, -maxNumericDigits), maxNumericDscale) }

// NumericFloor appends the largest integer not above a.
func NumericFloor(dst, a []byte) ([]byte, error) { return numericIntegral(dst, a, -1) }

// NumericCeil appends the smallest integer not below a.
func NumericCeil(dst, a []byte) ([]byte, error) { return numericIntegral(dst, a, 1) }

// numericIntegral truncates and then steps in a direction if that lost something on this side of zero.
func numericIntegral(dst, a []byte, direction int) ([]byte, error) {
	var d, whole decimal
	d.load(a)
	if d.tag != 0 {
		return append(dst, a...), nil
	}
	whole.load(a)
	whole.truncate(0)
	var back apd.BigInt
	back.Mul(&whole.coef, setPow10(&back, d.scale))
	if back.Cmp(&d.coef) != 0 && d.coef.Sign() == direction {
		whole.coef.Add(&whole.coef, apd.NewBigInt(int64(direction)))
	}
	return whole.append(dst)
}

// NumericGCD appends the greatest common divisor of a and b, at the larger of their scales.
func NumericGCD(dst, a, b []byte) ([]byte, error) {
	var x, y decimal
	x.load(a)
	y.load(b)
	if x.tag != 0 || y.tag != 0 {
		return append(dst, tagNaN), nil
	}
	x.rescale(max(x.scale, y.scale))
	y.rescale(x.scale)
	x.coef.GCD(nil, nil, x.coef.Abs(&x.coef), y.coef.Abs(&y.coef))
	return x.append(dst)
}

// NumericLCM appends the least common multiple of a and b, at the larger of their scales.
func NumericLCM(dst, a, b []byte) ([]byte, error) {
	var x, y decimal
	x.load(a)
	y.load(b)
	if x.tag != 0 || y.tag != 0 {
		return append(dst, tagNaN), nil
	}
	x.rescale(max(x.scale, y.scale))
	y.rescale(x.scale)
	if x.coef.Sign() == 0 || y.coef.Sign() == 0 {
		x.coef.SetInt64(0)
		return x.append(dst)
	}
	var gcd apd.BigInt
	gcd.GCD(nil, nil, x.coef.Abs(&x.coef), y.coef.Abs(&y.coef))
	x.coef.Mul(x.coef.Quo(&x.coef, &gcd), &y.coef)
	return x.append(dst)
}
