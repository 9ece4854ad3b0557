package functions

import (
	"math"
	"math/rand/v2"

	"tarn/delta"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// mathFunctions are the functions of numbers: section 9.3 of PostgreSQL's manual.
func mathFunctions() []Function {
	out := []Function{
		{Name: "abs", Args: sig(int2), Returns: int2, Eval: ints(absInt(int2))},
		{Name: "abs", Args: sig(int4), Returns: int4, Eval: ints(absInt(int4))},
		{Name: "abs", Args: sig(int8), Returns: int8, Eval: ints(absInt(int8))},
		{Name: "abs", Args: sig(float4), Returns: float4, Eval: plainFloat(math.Abs)},
		{Name: "abs", Args: sig(float8), Returns: float8, Eval: plainFloat(math.Abs)},
		{Name: "abs", Args: sig(numeric), Returns: numeric, Eval: unaryBlobs(types.NumericAbs)},
		{Name: "ceil", Args: sig(float8), Returns: float8, Eval: plainFloat(math.Ceil)},
		{Name: "ceil", Args: sig(numeric), Returns: numeric, Eval: unaryBlobs(types.NumericCeil)},
		{Name: "ceiling", Args: sig(float8), Returns: float8, Eval: plainFloat(math.Ceil)},
		{Name: "ceiling", Args: sig(numeric), Returns: numeric, Eval: unaryBlobs(types.NumericCeil)},
		{Name: "floor", Args: sig(float8), Returns: float8, Eval: plainFloat(math.Floor)},
		{Name: "floor", Args: sig(numeric), Returns: numeric, Eval: unaryBlobs(types.NumericFloor)},
		{Name: "round", Args: sig(float8), Returns: float8, Eval: plainFloat(math.RoundToEven)},
		{Name: "round", Args: sig(numeric), Returns: numeric, Eval: unaryBlobs(func(dst, a []byte) ([]byte, error) { return types.NumericRound(dst, a, 0) })},
		{Name: "round", Args: sig(numeric, int4), Returns: numeric, Eval: blobs(func(r *Row, dst []byte) ([]byte, error) {
			return types.NumericRound(dst, r.Bytes(0), int(r.Int(1)))
		})},
		{Name: "trunc", Args: sig(float8), Returns: float8, Eval: plainFloat(math.Trunc)},
		{Name: "trunc", Args: sig(numeric), Returns: numeric, Eval: unaryBlobs(func(dst, a []byte) ([]byte, error) { return types.NumericTrunc(dst, a, 0) })},
		{Name: "trunc", Args: sig(numeric, int4), Returns: numeric, Eval: blobs(func(r *Row, dst []byte) ([]byte, error) {
			return types.NumericTrunc(dst, r.Bytes(0), int(r.Int(1)))
		})},
		{Name: "sign", Args: sig(float8), Returns: float8, Eval: plainFloat(signFloat)},
		{Name: "sign", Args: sig(numeric), Returns: numeric, Eval: unaryBlobs(signNumeric)},
		{Name: "sqrt", Args: sig(float8), Returns: float8, Eval: floats(sqrtFloat)},
		{Name: "sqrt", Args: sig(numeric), Returns: numeric, Eval: unaryBlobs(types.NumericSqrt)},
		{Name: "cbrt", Args: sig(float8), Returns: float8, Eval: plainFloat(cbrtFloat)},
		{Name: "exp", Args: sig(float8), Returns: float8, Eval: floats(func(r *Row) (float64, error) { return ranged(expFloat(r.Float(0)), r.Float(0)) })},
		{Name: "exp", Args: sig(numeric), Returns: numeric, Eval: unaryBlobs(types.NumericExp)},
		{Name: "ln", Args: sig(float8), Returns: float8, Eval: floats(logFloat(naturalLog))},
		{Name: "ln", Args: sig(numeric), Returns: numeric, Eval: unaryBlobs(types.NumericLn)},
		{Name: "log", Args: sig(float8), Returns: float8, Eval: floats(logFloat(decimalLog))},
		{Name: "log", Args: sig(numeric), Returns: numeric, Eval: unaryBlobs(types.NumericLog10)},
		{Name: "log10", Args: sig(float8), Returns: float8, Eval: floats(logFloat(decimalLog))},
		{Name: "log10", Args: sig(numeric), Returns: numeric, Eval: unaryBlobs(types.NumericLog10)},
		{Name: "log", Args: sig(numeric, numeric), Returns: numeric, Eval: binaryBlobs(types.NumericLog)},
		{Name: "power", Args: sig(float8, float8), Returns: float8, Eval: floats(powerFloat)},
		{Name: "power", Args: sig(numeric, numeric), Returns: numeric, Eval: binaryBlobs(types.NumericPower)},
		{Name: "pow", Args: sig(float8, float8), Returns: float8, Eval: floats(powerFloat)},
		{Name: "pow", Args: sig(numeric, numeric), Returns: numeric, Eval: binaryBlobs(types.NumericPower)},
		{Name: "mod", Args: sig(numeric, numeric), Returns: numeric, Eval: binaryBlobs(types.NumericMod)},
		{Name: "div", Args: sig(numeric, numeric), Returns: numeric, Eval: binaryBlobs(types.NumericDivInt)},
		{Name: "gcd", Args: sig(numeric, numeric), Returns: numeric, Eval: binaryBlobs(types.NumericGCD)},
		{Name: "lcm", Args: sig(numeric, numeric), Returns: numeric, Eval: binaryBlobs(types.NumericLCM)},
		{Name: "scale", Args: sig(numeric), Returns: int4, Eval: ints(func(r *Row) (int64, error) {
			if types.NumericIsNaN(r.Bytes(0)) || types.NumericIsInf(r.Bytes(0)) != 0 {
				return 0, errNull
			}
			return int64(types.NumericScale(r.Bytes(0))), nil
		})},
		{Name: "min_scale", Args: sig(numeric), Returns: int4, Eval: ints(func(r *Row) (int64, error) {
			if types.NumericIsNaN(r.Bytes(0)) || types.NumericIsInf(r.Bytes(0)) != 0 {
				return 0, errNull
			}
			return int64(types.NumericMinScale(r.Bytes(0))), nil
		})},
		{Name: "trim_scale", Args: sig(numeric), Returns: numeric, Eval: unaryBlobs(func(dst, a []byte) ([]byte, error) { return types.NumericTrimScale(dst, a), nil })},
		{Name: "factorial", Args: sig(int8), Returns: numeric, Eval: blobs(factorial)},
		{Name: "pi", Returns: float8, Eval: constantFloat(math.Pi)},
		{Name: "random", Returns: float8, Volatility: Volatile, Eval: func(_ *Context, _ []delta.Column, n int) delta.Column {
			out := make([]float64, n)
			for i := range out {
				out[i] = rand.Float64()
			}
			return delta.FloatColumn(out, nil)
		}},
		{Name: "degrees", Args: sig(float8), Returns: float8, Eval: floats(func(r *Row) (float64, error) { return ranged(r.Float(0)/radiansPerDegree, r.Float(0)) })},
		{Name: "radians", Args: sig(float8), Returns: float8, Eval: floats(func(r *Row) (float64, error) { return ranged(inRadians(r.Float(0)), r.Float(0)) })},
		{Name: "atan2", Args: sig(float8, float8), Returns: float8, Eval: floats(func(r *Row) (float64, error) { return atan2Float(r.Float(0), r.Float(1)), nil })},
		{Name: "atan2d", Args: sig(float8, float8), Returns: float8, Eval: floats(func(r *Row) (float64, error) { return atan2Degrees(r.Float(0), r.Float(1)), nil })},
		{Name: "width_bucket", Args: sig(float8, float8, float8, int4), Returns: int4, Eval: ints(widthBucketFloat)},
		{Name: "width_bucket", Args: sig(numeric, numeric, numeric, int4), Returns: int4, Eval: ints(widthBucketNumeric)},
	}
	for _, t := range sig(int2, int4, int8) {
		out = append(out, Function{Name: "mod", Args: sig(t, t), Returns: t, Eval: ints(modInts)})
	}
	for _, t := range sig(int4, int8) {
		out = append(out,
			Function{Name: "gcd", Args: sig(t, t), Returns: t, Eval: ints(gcdInts(t))},
			Function{Name: "lcm", Args: sig(t, t), Returns: t, Eval: ints(lcmInts(t))},
		)
	}
	for _, f := range trigonometry {
		out = append(out, Function{Name: f.name, Args: sig(float8), Returns: float8, Eval: floats(f.body())})
	}
	return out
}

// trigonometry is the functions of one angle or ratio, with the domain outside of which they fail.
var trigonometry = []trigonometric{
	{"sin", sinFloat, noInfinity}, {"cos", cosFloat, noInfinity}, {"tan", tanFloat, noInfinity},
	{"cot", func(v float64) float64 { return 1 / tanFloat(v) }, noInfinity},
	{"asin", asinFloat, withinOne}, {"acos", acosFloat, withinOne}, {"atan", atanFloat, anywhere},
	{"sinh", sinhFloat, anywhere}, {"cosh", coshFloat, anywhere}, {"tanh", tanhFloat, anywhere},
	{"asinh", asinhFloat, anywhere}, {"acosh", acoshFloat, func(v float64) bool { return !(v < 1) }},
	{"atanh", atanhFloat, withinOne},
	{"sind", sinDegrees, noInfinity}, {"cosd", cosDegrees, noInfinity}, {"tand", tanDegrees, noInfinity}, {"cotd", cotDegrees, noInfinity},
	{"asind", asinDegrees, withinOne}, {"acosd", acosDegrees, withinOne}, {"atand", atanDegrees, anywhere},
}

type trigonometric struct {
	name   string
	f      func(float64) float64
	domain func(float64) bool
}

func anywhere(float64) bool     { return true }
func noInfinity(v float64) bool { return !math.IsInf(v, 0) }
func withinOne(v float64) bool  { return !(v < -1 || v > 1) }

var errDomain = sqlstate.New(sqlstate.NumericValueOutOfRange, "input is out of range")

func (t trigonometric) body() func(r *Row) (float64, error) {
	return func(r *Row) (float64, error) {
		if !t.domain(r.Float(0)) {
			return 0, errDomain
		}
		return t.f(r.Float(0)), nil
	}
}

func plainFloat(f func(float64) float64) Kernel {
	return floats(func(r *Row) (float64, error) { return f(r.Float(0)), nil })
}

func constantFloat(v float64) Kernel {
	return func(_ *Context, _ []delta.Column, n int) delta.Column {
		return delta.Repeat(types.Float64, types.Datum{Float: v}, n)
	}
}

// ranged gives overflow or underflow where a finite argument has an infinite or vanishing result.
func ranged(v, arg float64) (float64, error) {
	switch {
	case math.IsInf(v, 0) && !math.IsInf(arg, 0):
		return 0, errOverflow
	case v == 0 && arg != 0 && !math.IsInf(arg, 0):
		return 0, errUnderflow
	}
	return v, nil
}

func signFloat(v float64) float64 {
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}

func signNumeric(dst, a []byte) ([]byte, error) {
	if types.NumericIsNaN(a) {
		return types.AppendNumericNaN(dst), nil
	}
	return types.NumericFromInt(dst, int64(types.NumericSign(a))), nil
}

func sqrtFloat(r *Row) (float64, error) {
	if r.Float(0) < 0 {
		return 0, sqlstate.New(sqlstate.InvalidArgumentForPowerFunction, "cannot take square root of a negative number")
	}
	return math.Sqrt(r.Float(0)), nil
}

func logFloat(f func(float64) float64) func(r *Row) (float64, error) {
	return func(r *Row) (float64, error) {
		switch v := r.Float(0); {
		case v == 0:
			return 0, sqlstate.New(sqlstate.InvalidArgumentForLogarithm, "cannot take logarithm of zero")
		case v < 0:
			return 0, sqlstate.New(sqlstate.InvalidArgumentForLogarithm, "cannot take logarithm of a negative number")
		default:
			return f(v), nil
		}
	}
}

func powerFloat(r *Row) (float64, error) {
	a, b := r.Float(0), r.Float(1)
	switch {
	case a == 0 && b < 0:
		return 0, sqlstate.New(sqlstate.InvalidArgumentForPowerFunction, "zero raised to a negative power is undefined")
	case a < 0 && b != math.Floor(b) && !math.IsInf(b, 0) && b == b:
		return 0, sqlstate.New(sqlstate.InvalidArgumentForPowerFunction, "a negative number raised to a non-integer power yields a complex result")
	}
	v := powFloat(a, b)
	switch {
	case math.IsInf(v, 0) && !math.IsInf(a, 0) && !math.IsInf(b, 0):
		return 0, errOverflow
	case v == 0 && a != 0 && !math.IsInf(a, 0) && !math.IsInf(b, 0):
		return 0, errUnderflow
	}
	return v, nil
}

func gcdInts(t types.OID) func(r *Row) (int64, error) {
	_, hi, overflow := intRange(t)
	return func(r *Row) (int64, error) {
		g := gcd(r.Int(0), r.Int(1))
		if g > uint64(hi) {
			return 0, overflow
		}
		return int64(g), nil
	}
}

// gcd is the greatest common divisor of the magnitudes.
func gcd(a, b int64) uint64 {
	x, y := magnitude(a), magnitude(b)
	for y != 0 {
		x, y = y, x%y
	}
	return x
}

func magnitude(v int64) uint64 {
	if v < 0 {
		return -uint64(v)
	}
	return uint64(v)
}

func lcmInts(t types.OID) func(r *Row) (int64, error) {
	_, hi, overflow := intRange(t)
	return func(r *Row) (int64, error) {
		a, b := r.Int(0), r.Int(1)
		if a == 0 || b == 0 {
			return 0, nil
		}
		over, lcm := mul64(magnitude(a)/gcd(a, b), magnitude(b))
		if over != 0 || lcm > uint64(hi) {
			return 0, overflow
		}
		return int64(lcm), nil
	}
}

func factorial(r *Row, dst []byte) ([]byte, error) {
	n := r.Int(0)
	if n < 0 {
		return nil, sqlstate.New(sqlstate.NumericValueOutOfRange, "factorial of a negative number is undefined")
	}
	if n > 32177 {
		return nil, sqlstate.New(sqlstate.NumericValueOutOfRange, "value overflows numeric format")
	}
	product, err := types.NumericFromInt(nil, 1), error(nil)
	for i := int64(2); i <= n && err == nil; i++ {
		product, err = types.NumericMul(nil, product, types.NumericFromInt(nil, i))
	}
	return append(dst, product...), err
}

func bucketError(message string) error {
	return sqlstate.New("2201G", "%s", message)
}

func widthBucketFloat(r *Row) (int64, error) {
	v, lo, hi, count := r.Float(0), r.Float(1), r.Float(2), r.Int(3)
	switch {
	case count <= 0:
		return 0, bucketError("count must be greater than zero")
	case v != v || lo != lo || hi != hi:
		return 0, bucketError("operand, lower bound, and upper bound cannot be NaN")
	case math.IsInf(lo, 0) || math.IsInf(hi, 0):
		return 0, bucketError("lower and upper bounds must be finite")
	case lo == hi:
		return 0, bucketError("lower bound cannot equal upper bound")
	}
	if lo > hi {
		v, lo, hi = -v, -lo, -hi
	}
	var bucket int64
	switch {
	case v < lo:
		return 0, nil
	case v >= hi:
		bucket = count + 1
	default:
		quotient := float64(count) * (v - lo) / (hi - lo)
		if math.IsInf(float64(count)*(v-lo), 0) || math.IsInf(hi-lo, 0) { // where PostgreSQL 15 overflows
			quotient = (v/2 - lo/2) / (hi/2 - lo/2) * float64(count)
		}
		bucket = int64(quotient + 1) // count+1 where the sum is rounded to that
	}
	if bucket > math.MaxInt32 {
		return 0, errInteger
	}
	return bucket, nil
}

func widthBucketNumeric(r *Row) (int64, error) {
	v, lo, hi, count := r.Bytes(0), r.Bytes(1), r.Bytes(2), r.Int(3)
	switch {
	case count <= 0:
		return 0, bucketError("count must be greater than zero")
	case types.NumericIsNaN(v) || types.NumericIsNaN(lo) || types.NumericIsNaN(hi):
		return 0, bucketError("operand, lower bound, and upper bound cannot be NaN")
	case types.NumericIsInf(lo) != 0 || types.NumericIsInf(hi) != 0:
		return 0, bucketError("lower and upper bounds must be finite")
	case types.NumericCmp(lo, hi) == 0:
		return 0, bucketError("lower bound cannot equal upper bound")
	}
	if types.NumericCmp(lo, hi) > 0 {
		v, lo, hi = negated(v), negated(lo), negated(hi)
	}
	if types.NumericCmp(v, lo) < 0 {
		return 0, nil
	}
	if types.NumericCmp(v, hi) >= 0 {
		if count == math.MaxInt32 {
			return 0, errInteger
		}
		return count + 1, nil
	}
	offset, err := types.NumericSub(nil, v, lo)
	if err != nil {
		return 0, err
	}
	if offset, err = types.NumericMul(nil, offset, types.NumericFromInt(nil, count)); err != nil {
		return 0, err
	}
	span, err := types.NumericSub(nil, hi, lo)
	if err != nil {
		return 0, err
	}
	if offset, err = types.NumericDiv(nil, offset, span); err != nil { // which may round up to count
		return 0, err
	}
	if offset, err = types.NumericFloor(nil, offset); err != nil {
		return 0, err
	}
	bucket, err := types.NumericToInt(offset, int8)
	if err == nil && bucket >= math.MaxInt32 {
		err = errInteger
	}
	return bucket + 1, err
}

func negated(v []byte) []byte {
	out, _ := types.NumericNeg(nil, v) // never fails
	return out
}
