package functions

import (
	"math"
	"math/bits"

	"tarn/delta"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// Errors of arithmetic, shared by all rows that fail.
var (
	errDivisionByZero = sqlstate.New(sqlstate.DivisionByZero, "division by zero")
	errOverflow       = sqlstate.New(sqlstate.NumericValueOutOfRange, "value out of range: overflow")
	errUnderflow      = sqlstate.New(sqlstate.NumericValueOutOfRange, "value out of range: underflow")
	errSmallint       = sqlstate.New(sqlstate.NumericValueOutOfRange, "smallint out of range")
	errInteger        = sqlstate.New(sqlstate.NumericValueOutOfRange, "integer out of range")
	errBigint         = sqlstate.New(sqlstate.NumericValueOutOfRange, "bigint out of range")
)

// intRange is the bounds of an integer type and its overflow error.
func intRange(t types.OID) (lo, hi int64, err *sqlstate.Error) {
	switch t {
	case int2:
		return math.MinInt16, math.MaxInt16, errSmallint
	case int4:
		return math.MinInt32, math.MaxInt32, errInteger
	}
	return math.MinInt64, math.MaxInt64, errBigint
}

// arithmeticOperators are + - * / % and the bitwise operators on numbers.
func arithmeticOperators() []Function {
	var out []Function
	integers := sig(int2, int4, int8)
	for i, l := range integers {
		for j, r := range integers {
			t := integers[max(i, j)]
			out = append(out,
				Function{Name: "+", Args: sig(l, r), Returns: t, Eval: addInts(t)},
				Function{Name: "-", Args: sig(l, r), Returns: t, Eval: subtractInts(t)},
				Function{Name: "*", Args: sig(l, r), Returns: t, Eval: multiplyInts(t)},
				Function{Name: "/", Args: sig(l, r), Returns: t, Eval: divideInts(t)},
			)
		}
	}
	for _, t := range integers {
		out = append(out,
			Function{Name: "%", Args: sig(t, t), Returns: t, Eval: ints(modInts)},
			Function{Name: "&", Args: sig(t, t), Returns: t, Eval: ints(func(r *Row) (int64, error) { return r.Int(0) & r.Int(1), nil })},
			Function{Name: "|", Args: sig(t, t), Returns: t, Eval: ints(func(r *Row) (int64, error) { return r.Int(0) | r.Int(1), nil })},
			Function{Name: "#", Args: sig(t, t), Returns: t, Eval: ints(func(r *Row) (int64, error) { return r.Int(0) ^ r.Int(1), nil })},
			Function{Name: "~", Args: sig(t), Returns: t, Eval: ints(func(r *Row) (int64, error) { return ^r.Int(0), nil })},
			Function{Name: "<<", Args: sig(t, int4), Returns: t, Eval: ints(shiftLeft(t))},
			Function{Name: ">>", Args: sig(t, int4), Returns: t, Eval: ints(shiftRight(t))},
			Function{Name: "+", Args: sig(t), Returns: t, Eval: ints(func(r *Row) (int64, error) { return r.Int(0), nil })},
			Function{Name: "-", Args: sig(t), Returns: t, Eval: ints(negateInt(t))},
			Function{Name: "@", Args: sig(t), Returns: t, Eval: ints(absInt(t))},
		)
	}
	fl := sig(float4, float8)
	for i, l := range fl {
		for j, r := range fl {
			t := fl[max(i, j)]
			out = append(out,
				Function{Name: "+", Args: sig(l, r), Returns: t, Eval: floatOp(t, func(a, b float64) float64 { return a + b })},
				Function{Name: "-", Args: sig(l, r), Returns: t, Eval: floatOp(t, func(a, b float64) float64 { return a - b })},
				Function{Name: "*", Args: sig(l, r), Returns: t, Eval: floatProduct(t)},
				Function{Name: "/", Args: sig(l, r), Returns: t, Eval: floatQuotient(t)},
			)
		}
		out = append(out,
			Function{Name: "+", Args: sig(l), Returns: l, Eval: floats(func(r *Row) (float64, error) { return r.Float(0), nil })},
			Function{Name: "-", Args: sig(l), Returns: l, Eval: floats(func(r *Row) (float64, error) { return -r.Float(0), nil })},
			Function{Name: "@", Args: sig(l), Returns: l, Eval: floats(func(r *Row) (float64, error) { return math.Abs(r.Float(0)), nil })},
		)
	}
	return append(out,
		Function{Name: "^", Args: sig(float8, float8), Returns: float8, Eval: floats(powerFloat)},
		Function{Name: "|/", Args: sig(float8), Returns: float8, Eval: floats(sqrtFloat)},
		Function{Name: "||/", Args: sig(float8), Returns: float8, Eval: floats(func(r *Row) (float64, error) { return cbrtFloat(r.Float(0)), nil })},
		Function{Name: "+", Args: sig(numeric, numeric), Returns: numeric, Eval: binaryBlobs(types.NumericAdd)},
		Function{Name: "-", Args: sig(numeric, numeric), Returns: numeric, Eval: binaryBlobs(types.NumericSub)},
		Function{Name: "*", Args: sig(numeric, numeric), Returns: numeric, Eval: binaryBlobs(types.NumericMul)},
		Function{Name: "/", Args: sig(numeric, numeric), Returns: numeric, Eval: binaryBlobs(types.NumericDiv)},
		Function{Name: "%", Args: sig(numeric, numeric), Returns: numeric, Eval: binaryBlobs(types.NumericMod)},
		Function{Name: "^", Args: sig(numeric, numeric), Returns: numeric, Eval: binaryBlobs(types.NumericPower)},
		Function{Name: "+", Args: sig(numeric), Returns: numeric, Eval: unaryBlobs(func(dst, a []byte) ([]byte, error) { return append(dst, a...), nil })},
		Function{Name: "-", Args: sig(numeric), Returns: numeric, Eval: unaryBlobs(types.NumericNeg)},
		Function{Name: "@", Args: sig(numeric), Returns: numeric, Eval: unaryBlobs(types.NumericAbs)},
	)
}

// recheck fails the rows that overflowed: bad is asked only of rows that are not NULL.
func recheck(out *delta.Column, args []delta.Column, n int, err *sqlstate.Error, bad func(i int) bool) {
	valid := strictRows(args, n, true)
	for i := 0; i < n; i++ {
		if (valid == nil || valid.Get(i)) && bad(i) {
			out.Fail(i, err)
		}
	}
}

func addInts(t types.OID) Kernel {
	lo, hi, overflow := intRange(t)
	return func(_ *Context, args []delta.Column, n int) delta.Column {
		a, b, out := args[0].Ints[:n], args[1].Ints[:n], make([]int64, n)
		wrong := int64(0)
		if t == int8 {
			for i, x := range a {
				s := x + b[i]
				wrong |= (x ^ s) & (b[i] ^ s)
				out[i] = s
			}
		} else {
			for i, x := range a {
				s := x + b[i]
				wrong |= (s - lo) | (hi - s)
				out[i] = s
			}
		}
		col := delta.IntColumn(out, nil)
		if wrong < 0 {
			recheck(&col, args, n, overflow, func(i int) bool {
				s := out[i]
				return s < lo || s > hi || (a[i]^s)&(b[i]^s) < 0
			})
		}
		return col
	}
}

func subtractInts(t types.OID) Kernel {
	lo, hi, overflow := intRange(t)
	return func(_ *Context, args []delta.Column, n int) delta.Column {
		a, b, out := args[0].Ints[:n], args[1].Ints[:n], make([]int64, n)
		wrong := int64(0)
		if t == int8 {
			for i, x := range a {
				s := x - b[i]
				wrong |= (x ^ b[i]) & (x ^ s)
				out[i] = s
			}
		} else {
			for i, x := range a {
				s := x - b[i]
				wrong |= (s - lo) | (hi - s)
				out[i] = s
			}
		}
		col := delta.IntColumn(out, nil)
		if wrong < 0 {
			recheck(&col, args, n, overflow, func(i int) bool {
				s := out[i]
				return s < lo || s > hi || (a[i]^b[i])&(a[i]^s) < 0
			})
		}
		return col
	}
}

func multiplyInts(t types.OID) Kernel {
	lo, hi, overflow := intRange(t)
	return func(_ *Context, args []delta.Column, n int) delta.Column {
		a, b, out := args[0].Ints[:n], args[1].Ints[:n], make([]int64, n)
		wrong, wide := int64(0), uint64(0)
		for i, x := range a {
			y := b[i]
			p := x * y
			wide |= uint64(x+1<<31) | uint64(y+1<<31)
			wrong |= (p - lo) | (hi - p)
			out[i] = p
		}
		col := delta.IntColumn(out, nil)
		if wide>>32 != 0 || t != int8 && wrong < 0 {
			recheck(&col, args, n, overflow, func(i int) bool {
				return out[i] < lo || out[i] > hi || multiplyOverflows(a[i], b[i])
			})
		}
		return col
	}
}

func multiplyOverflows(a, b int64) bool {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	// the signed high word differs from the unsigned one by what negative factors add
	signed := int64(hi) - (a>>63)&b - (b>>63)&a
	return signed != int64(lo)>>63
}

func divideInts(t types.OID) Kernel {
	lo, _, overflow := intRange(t)
	return ints(func(r *Row) (int64, error) {
		a, b := r.Int(0), r.Int(1)
		switch {
		case b == 0:
			return 0, errDivisionByZero
		case b == -1 && a == lo:
			return 0, overflow
		}
		return a / b, nil
	})
}

func modInts(r *Row) (int64, error) {
	switch b := r.Int(1); b {
	case 0:
		return 0, errDivisionByZero
	case -1:
		return 0, nil
	default:
		return r.Int(0) % b, nil
	}
}

func negateInt(t types.OID) func(r *Row) (int64, error) {
	lo, _, overflow := intRange(t)
	return func(r *Row) (int64, error) {
		if r.Int(0) == lo {
			return 0, overflow
		}
		return -r.Int(0), nil
	}
}

func absInt(t types.OID) func(r *Row) (int64, error) {
	lo, _, overflow := intRange(t)
	return func(r *Row) (int64, error) {
		v := r.Int(0)
		if v == lo {
			return 0, overflow
		}
		return max(v, -v), nil
	}
}

// Shifts count modulo the width of the register PostgreSQL uses: 64 bits for bigint, 32 for the others.
func shiftLeft(t types.OID) func(r *Row) (int64, error) {
	return func(r *Row) (int64, error) {
		switch v, by := r.Int(0), uint(r.Int(1)); t {
		case int8:
			return v << (by & 63), nil
		case int4:
			return int64(int32(v) << (by & 31)), nil
		default:
			return int64(int16(int32(v) << (by & 31))), nil
		}
	}
}

func shiftRight(t types.OID) func(r *Row) (int64, error) {
	return func(r *Row) (int64, error) {
		if t == int8 {
			return r.Int(0) >> (uint(r.Int(1)) & 63), nil
		}
		return r.Int(0) >> (uint(r.Int(1)) & 31), nil
	}
}

// roundTo brings a result to the precision of float4 or float8.
func roundTo(t types.OID, v float64) float64 {
	if t == float4 {
		return float64(float32(v))
	}
	return v
}

// floatOp is + or -: finite arguments with an infinite result overflow.
func floatOp(t types.OID, f func(a, b float64) float64) Kernel {
	return floats(func(r *Row) (float64, error) {
		a, b := r.Float(0), r.Float(1)
		v := roundTo(t, f(a, b))
		if math.IsInf(v, 0) && !math.IsInf(a, 0) && !math.IsInf(b, 0) {
			return 0, errOverflow
		}
		return v, nil
	})
}

func floatProduct(t types.OID) Kernel {
	return func(_ *Context, args []delta.Column, n int) delta.Column {
		a, b, out := args[0].Floats[:n], args[1].Floats[:n], make([]float64, n)
		suspect := false
		for i, x := range a {
			v := x * b[i]
			if t == float4 {
				v = float64(float32(v))
			}
			out[i] = v
			suspect = suspect || v == 0 || v-v != 0
		}
		col := delta.FloatColumn(out, nil)
		if suspect {
			recheck(&col, args, n, errOverflow, func(i int) bool {
				return math.IsInf(out[i], 0) && !math.IsInf(a[i], 0) && !math.IsInf(b[i], 0)
			})
			recheck(&col, args, n, errUnderflow, func(i int) bool { return out[i] == 0 && a[i] != 0 && b[i] != 0 })
		}
		return col
	}
}

func floatQuotient(t types.OID) Kernel {
	return floats(func(r *Row) (float64, error) {
		a, b := r.Float(0), r.Float(1)
		if b == 0 && a == a {
			return 0, errDivisionByZero
		}
		v := roundTo(t, a/b)
		switch {
		case math.IsInf(v, 0) && !math.IsInf(a, 0):
			return 0, errOverflow
		case v == 0 && a != 0 && !math.IsInf(b, 0):
			return 0, errUnderflow
		}
		return v, nil
	})
}
