package types

import (
	"math"

	"github.com/cockroachdb/apd/v3"

	"tarn/sql/sqlstate"
)

// The transcendental functions are computed by apd with guard digits beyond the scale that PostgreSQL's numeric.c selects,
// then rounded to that scale.

const (
	log10E      = 0.434294481903252
	guardDigits = 12
)

// clampDisplay is the scale chosen for a result of a decimal weight: 16 significant digits, but no less than the operands.
func clampDisplay(weight int, scales ...int) int {
	scale := max(minSigDigits-weight, 0)
	for _, s := range scales {
		scale = max(scale, s)
	}
	return min(scale, maxDisplayScale)
}

// apd computes with a context; its exponents are bounded at ±100,000, so callers reduce their arguments.
func apdContext(digits int) *apd.Context {
	return &apd.Context{
		Precision: uint32(max(digits, 4)), MaxExponent: apd.MaxExponent, MinExponent: apd.MinExponent, Rounding: apd.RoundHalfUp,
	}
}

func (d *decimal) apd() *apd.Decimal {
	z := apd.New(0, int32(-d.scale))
	z.Coeff.Abs(&d.coef)
	z.Negative = d.coef.Sign() < 0
	return z
}

func (d *decimal) setAPD(z *apd.Decimal) {
	d.coef.Set(&z.Coeff)
	if z.Negative {
		d.coef.Neg(&d.coef)
	}
	d.scale = -int(z.Exponent)
}

// roundTo rounds, also a value that apd left with a negative scale, and packs.
func (d *decimal) roundTo(dst []byte, scale int) ([]byte, error) {
	d.rescale(scale)
	return d.append(dst)
}

// NumericSqrt appends the square root; 2201F for a negative argument.
func NumericSqrt(dst, a []byte) ([]byte, error) {
	var d decimal
	d.load(a)
	if d.sign() < 0 {
		return dst, sqlstate.New(sqlstate.InvalidArgumentForPowerFunction, "cannot take square root of a negative number")
	}
	if d.tag != 0 {
		return append(dst, a...), nil
	}
	weight, _ := d.weight()
	return d.sqrt(dst, clampDisplay(floorDiv((weight+1)*digitsPerBaseUnit, 2)-1, d.scale))
}

// NumericRoot appends the square root of a number that is not below zero, with the scale it has itself.
func NumericRoot(dst, a []byte) ([]byte, error) {
	var d decimal
	d.load(a)
	return d.sqrt(dst, d.scale)
}

func (d *decimal) sqrt(dst []byte, scale int) ([]byte, error) {
	// The integer square root of coef * 10^(2*(scale+1) - d.scale) has one digit more than needed.
	d.rescale(2 * (scale + 1))
	d.coef.Sqrt(&d.coef)
	d.scale = scale + 1
	return d.roundTo(dst, scale)
}

// NumericExp appends e^a; 22003 when it overflows.
func NumericExp(dst, a []byte) ([]byte, error) {
	var d decimal
	d.load(a)
	switch d.tag {
	case tagNegInf:
		return NumericFromInt(dst, 0), nil
	case tagNaN, tagPosInf:
		return append(dst, a...), nil
	}
	value := d.approximate()
	weight := int(min(max(value*log10E, -maxResultScale), maxResultScale))
	return expRounded(dst, &d, value, clampDisplay(weight, d.scale))
}

func expRounded(dst []byte, d *decimal, value float64, scale int) ([]byte, error) {
	if math.Abs(value) >= 3*maxResultScale {
		if value > 0 {
			return dst, numericOverflow()
		}
		return (&decimal{scale: scale}).append(dst)
	}
	z := new(apd.Decimal)
	digits := scale + int(value*log10E) + guardDigits
	if _, err := apdContext(max(digits, guardDigits)).Exp(z, d.apd()); err != nil {
		return dst, numericOverflow()
	}
	d.setAPD(z)
	return d.roundTo(dst, scale)
}

// NumericLn appends the natural logarithm; 2201E for zero and negative arguments.
func NumericLn(dst, a []byte) ([]byte, error) {
	var d decimal
	d.load(a)
	if err := checkLogarithm(&d); err != nil {
		return dst, err
	}
	if d.tag != 0 {
		return append(dst, a...), nil
	}
	scale := clampDisplay(d.lnWeight(), d.scale)
	d.ln(scale + guardDigits)
	return d.roundTo(dst, scale)
}

func checkLogarithm(d *decimal) error {
	switch {
	case d.sign() < 0:
		return sqlstate.New(sqlstate.InvalidArgumentForLogarithm, "cannot take logarithm of a negative number")
	case d.sign() == 0:
		return sqlstate.New(sqlstate.InvalidArgumentForLogarithm, "cannot take logarithm of zero")
	}
	return nil
}

// ln replaces a positive d by its logarithm with at least scale digits after the point.
func (d *decimal) ln(scale int) {
	digits := max(scale+8+guardDigits, guardDigits)
	c := apdContext(digits)
	// d = m * 10^e with m in [1, 10), unless that would cancel near 1.
	e := d.digits() - 1 - d.scale
	if e == -1 {
		e = 0
	}
	m := d.apd()
	m.Exponent -= int32(e)
	z := new(apd.Decimal)
	_, _ = c.Ln(z, m) // the argument is positive and within the exponent's range
	if e != 0 {
		ten := new(apd.Decimal)
		_, _ = c.Ln(ten, apd.New(10, 0))             // as above
		_, _ = c.Mul(ten, ten, apd.New(int64(e), 0)) // as above
		_, _ = c.Add(z, z, ten)                      // as above
	}
	d.setAPD(z)
}

// lnWeight is estimate_ln_dweight: the decimal weight of the logarithm of a positive d.
func (d *decimal) lnWeight() int {
	if d.sign() <= 0 {
		return 0
	}
	low, high := decimal{scale: 1}, decimal{scale: 1}
	low.coef.SetInt64(9)
	high.coef.SetInt64(11)
	if d.cmp(&low) >= 0 && d.cmp(&high) <= 0 {
		x := decimal{scale: d.scale}
		var one apd.BigInt
		x.coef.Sub(&d.coef, setPow10(&one, d.scale))
		if x.coef.Sign() == 0 {
			return 0
		}
		weight, first := x.weight()
		return weight*digitsPerBaseUnit + int(math.Log10(float64(first)))
	}
	weight, first := d.weight()
	lead, exponent := float64(first), weight*digitsPerBaseUnit
	if second, ok := d.secondUnit(weight); ok {
		lead = lead*10000 + float64(second)
		exponent -= digitsPerBaseUnit
	}
	return int(math.Log10(math.Abs(math.Log(lead) + float64(exponent)*math.Ln10)))
}

// secondUnit is the second digit in base 10,000, if anything follows the first.
func (d *decimal) secondUnit(weight int) (int64, bool) {
	shift := d.scale - (1-weight)*digitsPerBaseUnit // digits to drop so that the last two units remain
	var head, rest, unit apd.BigInt
	if shift > 0 {
		head.QuoRem(&d.coef, setPow10(&unit, shift), &rest)
	} else {
		head.Mul(&d.coef, setPow10(&unit, -shift))
	}
	second := head.Int64() % 10000
	return second, second != 0 || rest.Sign() != 0
}

func (d *decimal) cmp(e *decimal) int {
	var x, y, unit apd.BigInt
	scale := max(d.scale, e.scale)
	x.Mul(&d.coef, setPow10(&unit, scale-d.scale))
	y.Mul(&e.coef, setPow10(&unit, scale-e.scale))
	return x.Cmp(&y)
}

// NumericLog appends the logarithm of x to a base; 2201E for arguments without one, 22012 for base 1.
func NumericLog(dst, base, x []byte) ([]byte, error) {
	var b, d decimal
	b.load(base)
	d.load(x)
	if b.tag == tagNaN || d.tag == tagNaN {
		return append(dst, tagNaN), nil
	}
	first, second := &b, &d
	if b.tag != 0 || d.tag != 0 { // then PostgreSQL looks for a negative one first
		if d.sign() < 0 && b.sign() == 0 {
			first, second = second, first
		}
	}
	if err := checkLogarithm(first); err != nil {
		return dst, err
	}
	if err := checkLogarithm(second); err != nil {
		return dst, err
	}
	switch {
	case b.tag != 0 && d.tag != 0:
		return append(dst, tagNaN), nil
	case b.tag != 0:
		return NumericFromInt(dst, 0), nil
	case d.tag != 0:
		return AppendNumericInf(dst, 1), nil
	}
	baseWeight, xWeight := b.lnWeight(), d.lnWeight()
	weight := xWeight - baseWeight
	scale := clampDisplay(weight, b.scale, d.scale)
	b.ln(max(scale+weight-baseWeight+guardDigits, 0))
	d.ln(max(scale+weight-xWeight+guardDigits, 0))
	if b.coef.Sign() == 0 {
		return dst, divisionByZero()
	}
	d.quotient(&b, scale)
	return d.append(dst)
}

// NumericLog10 appends the logarithm to base 10.
func NumericLog10(dst, x []byte) ([]byte, error) {
	return NumericLog(dst, NumericFromInt(nil, 10), x)
}

func powerError(message string) error {
	return sqlstate.New(sqlstate.InvalidArgumentForPowerFunction, "%s", message)
}

// NumericPower appends a^b; 2201F where it is undefined or complex, 22003 when it overflows.
func NumericPower(dst, a, b []byte) ([]byte, error) {
	var x, y decimal
	x.load(a)
	y.load(b)
	if x.tag != 0 || y.tag != 0 {
		return powerSpecial(dst, &x, &y)
	}
	whole := y.isWhole()
	switch {
	case x.coef.Sign() == 0 && y.coef.Sign() < 0:
		return dst, powerError("zero raised to a negative power is undefined")
	case x.coef.Sign() < 0 && !whole:
		return dst, powerError("a negative number raised to a non-integer power yields a complex result")
	}
	if whole {
		var n decimal
		n.load(b)
		n.truncate(0)
		if n.coef.IsInt64() && n.coef.Int64() == int64(int32(n.coef.Int64())) {
			return powerInt(dst, &x, int(n.coef.Int64()))
		}
	}
	if x.coef.Sign() == 0 {
		return (&decimal{scale: minSigDigits}).append(dst)
	}
	odd := false
	if x.coef.Sign() < 0 {
		y.rescale(0)
		odd = y.coef.Bit(0) == 1
		x.coef.Neg(&x.coef)
	}
	return powerReal(dst, &x, &y, odd)
}

func (d *decimal) isWhole() bool {
	var r, unit apd.BigInt
	return r.Rem(&d.coef, setPow10(&unit, d.scale)).Sign() == 0
}

// powerReal is e^(y ln x) for x > 0, negated if odd.
func powerReal(dst []byte, x, y *decimal, odd bool) ([]byte, error) {
	lnWeight := x.lnWeight()
	xScale, yScale := x.scale, y.scale
	estimate := decimal{scale: x.scale}
	estimate.coef.Set(&x.coef)
	roughScale := max(8-lnWeight, 0) // as coarse as PostgreSQL's, since the choice of the scale hangs on it
	estimate.ln(roughScale + guardDigits)
	estimate.rescale(roughScale)
	estimate.coef.Mul(&estimate.coef, &y.coef)
	estimate.scale += y.scale
	estimate.rescale(roughScale)
	value := estimate.approximate()
	if math.Abs(value) > 3.01*maxResultScale {
		if value > 0 {
			return dst, numericOverflow()
		}
		return (&decimal{scale: maxDisplayScale}).append(dst)
	}
	weight := int(value * log10E)
	scale := clampDisplay(weight, xScale, yScale)
	x.ln(max(scale+weight, 0) - lnWeight + guardDigits + 8)
	x.coef.Mul(&x.coef, &y.coef)
	x.scale += y.scale
	if odd {
		positive, err := expRounded(nil, x, value, scale)
		if err != nil {
			return dst, err
		}
		return NumericNeg(dst, positive)
	}
	return expRounded(dst, x, value, scale)
}

// powerInt is x^n by repeated squaring, with the scale that power_var_int selects.
func powerInt(dst []byte, x *decimal, n int) ([]byte, error) {
	weight := 0.0
	if x.coef.Sign() != 0 {
		z := x.apd()
		digits := x.digits()
		lead := apdContext(17)
		z.Exponent = int32(-(digits - 1))
		z.Negative = false
		_, _ = lead.Round(z, z) // one digit before the point
		f, _ := z.Float64()
		weight = float64(n) * (math.Log10(f) + float64(digits-1-x.scale))
	}
	if weight > 32768*digitsPerBaseUnit {
		return dst, numericOverflow()
	}
	scale := clampDisplay(0, x.scale)
	if weight+1 < -float64(scale) {
		return (&decimal{scale: scale}).append(dst)
	}
	switch {
	case n == 0:
		x.coef.SetInt64(1)
		x.scale = 0
		return x.roundTo(dst, scale)
	case x.coef.Sign() == 0:
		return (&decimal{scale: scale}).append(dst)
	case n == -1:
		one := decimal{}
		one.coef.SetInt64(1)
		one.quotient(x, scale)
		return one.append(dst)
	}
	digits := max(1+scale+int(weight), 0) + int(math.Log(math.Abs(float64(n)))) + guardDigits
	result := powerDigits(x, n, digits)
	if n < 0 {
		one := decimal{}
		one.coef.SetInt64(1)
		one.quotient(&result, scale)
		return one.append(dst)
	}
	return result.roundTo(dst, scale)
}

// powerDigits is x^|n| to a number of significant digits. The scale of the result may be negative.
func powerDigits(x *decimal, n, digits int) decimal {
	result, square := decimal{}, decimal{scale: x.scale}
	result.coef.SetInt64(1)
	square.coef.Set(&x.coef)
	for bit := absInt(int64(n)); ; {
		if bit&1 != 0 {
			result.coef.Mul(&result.coef, &square.coef)
			result.scale += square.scale
			result.limit(digits)
		}
		if bit >>= 1; bit == 0 {
			return result
		}
		square.coef.Mul(&square.coef, &square.coef)
		square.scale *= 2
		square.limit(digits)
	}
}

// limit rounds the coefficient to a number of digits.
func (d *decimal) limit(digits int) {
	if excess := d.digits() - digits; excess > 0 {
		d.rescale(d.scale - excess)
	}
}

// powerSpecial follows POSIX pow for NaN and infinities, as PostgreSQL does.
func powerSpecial(dst []byte, x, y *decimal) ([]byte, error) {
	isOne := func(d *decimal) bool {
		one := decimal{}
		one.coef.SetInt64(1)
		return d.tag == 0 && d.cmp(&one) == 0
	}
	switch {
	case x.tag == tagNaN && y.tag == 0 && y.coef.Sign() == 0, y.tag == tagNaN && isOne(x):
		return NumericFromInt(dst, 1), nil
	case x.tag == tagNaN || y.tag == tagNaN:
		return append(dst, tagNaN), nil
	case x.tag == 0 && x.coef.Sign() == 0 && y.sign() < 0:
		return dst, powerError("zero raised to a negative power is undefined")
	case x.sign() < 0 && y.tag == 0 && !y.isWhole():
		return dst, powerError("a negative number raised to a non-integer power yields a complex result")
	case isOne(x) || y.tag == 0 && y.coef.Sign() == 0:
		return NumericFromInt(dst, 1), nil
	case y.tag != 0:
		one, magnitude := decimal{}, decimal{tag: x.tag, scale: x.scale}
		one.coef.SetInt64(1)
		magnitude.coef.Abs(&x.coef)
		if x.tag == 0 && magnitude.cmp(&one) == 0 {
			return NumericFromInt(dst, 1), nil
		}
		if x.tag == 0 && x.coef.Sign() == 0 {
			return NumericFromInt(dst, 0), nil
		}
		grows := x.tag != 0 || magnitude.cmp(&one) > 0
		if grows == (y.tag == tagPosInf) {
			return AppendNumericInf(dst, 1), nil
		}
		return NumericFromInt(dst, 0), nil
	case y.coef.Sign() < 0: // x is infinite
		return NumericFromInt(dst, 0), nil
	case x.tag == tagNegInf:
		if y.isWhole() {
			y.truncate(0)
			if y.coef.Bit(0) == 1 {
				return AppendNumericInf(dst, -1), nil
			}
		}
	}
	return AppendNumericInf(dst, 1), nil
}
