package functions

import (
	"encoding/binary"
	"math"
	"math/big"

	"tarn/delta"
	"tarn/sql/types"
)

// spread is one of the four aggregates of variance.
type spread struct {
	name   string
	sample bool // divide by n-1, not n
	root   bool
}

var spreads = []spread{
	{"var_pop", false, false}, {"var_samp", true, false}, {"variance", true, false},
	{"stddev_pop", false, true}, {"stddev_samp", true, true}, {"stddev", true, true},
}

// varianceAggregates are variance and standard deviation, from exact sums of the values and of their squares.
func varianceAggregates() []Aggregate {
	var out []Aggregate
	for _, s := range spreads {
		for _, t := range sig(int2, int4, int8) {
			out = append(out, Aggregate{Name: s.name, Args: sig(t), Returns: numeric, Final: s.finalNumeric,
				Fold: func(state []byte, args []delta.Column, i int, count int64) []byte {
					return addCoefficient(state, args[0].Ints[i], 0, count, true)
				}})
		}
		out = append(out, Aggregate{Name: s.name, Args: sig(numeric), Returns: numeric, Final: s.finalNumeric,
			Fold: func(state []byte, args []delta.Column, i int, count int64) []byte {
				return addNumeric(state, args[0].Bytes(i), count, true)
			}})
		for _, t := range sig(float4, float8) {
			out = append(out, Aggregate{Name: s.name, Args: sig(t), Returns: float8, Fold: foldMoments, Final: s.finalFloat})
		}
	}
	return out
}

// finalNumeric is (n*sum(x^2) - sum(x)^2) / (n*(n or n-1)), divided with the scale that PostgreSQL chooses.
func (s spread) finalNumeric(_ *Context, state []byte, rows int64, out *delta.Column) {
	if rows == 0 || s.sample && rows == 1 {
		out.AppendNull()
		return
	}
	sums := numericSum(state)
	if _, special := sums.notFinite(nil); special {
		finish(out, types.AppendNumericNaN(out.Data), nil)
		return
	}
	scale := sums.maxScale()
	sum := sums.exact(1, scale)
	n := big.NewInt(rows)
	numerator := new(big.Int).Mul(n, sums.exact(2, scale))
	numerator.Sub(numerator, sum.Mul(sum, sum))
	if numerator.Sign() <= 0 {
		finish(out, types.NumericFromInt(out.Data, 0), nil)
		return
	}
	divisor := new(big.Int).Set(n)
	if s.sample {
		divisor.Sub(n, big.NewInt(1))
	}
	top, err := appendBigNumeric(nil, numerator, 2*scale)
	if err != nil {
		failLast(out, err)
		return
	}
	bottom, err := appendBigNumeric(nil, divisor.Mul(divisor, n), 0)
	if err != nil {
		failLast(out, err)
		return
	}
	if !s.root {
		b, err := types.NumericDiv(out.Data, top, bottom)
		finish(out, b, err)
		return
	}
	variance, err := types.NumericDiv(nil, top, bottom)
	if err == nil {
		variance, err = types.NumericRoot(out.Data, variance)
	}
	finish(out, variance, err)
}

// foldMoments keeps two exact sums behind each other: the length of the first in 4 bytes, the sum of the values, the sum of
// their squares.
func foldMoments(state []byte, args []delta.Column, i int, count int64) []byte {
	values, squares := splitMoments(state)
	v := args[0].Floats[i]
	newValues, newSquares := addFloat(values, v, count), addProduct(squares, v, v, count)
	n := len(newValues)
	if len(state) > 0 && n == len(values) && len(newSquares) == len(squares) {
		return state // both were changed in place
	}
	out := make([]byte, 4, 4+n+len(newSquares))
	binary.LittleEndian.PutUint32(out, uint32(n))
	return append(append(out, newValues...), newSquares...)
}

func splitMoments(state []byte) (values, squares floatSum) {
	if len(state) == 0 {
		return nil, nil
	}
	n := 4 + int(binary.LittleEndian.Uint32(state))
	return state[4:n:n], state[n:len(state):len(state)]
}

func (s spread) finalFloat(_ *Context, state []byte, rows int64, out *delta.Column) {
	if rows == 0 || s.sample && rows == 1 {
		out.AppendNull()
		return
	}
	values, squares := splitMoments(state)
	if _, special := values.notFinite(); special {
		out.AppendFloat(math.NaN())
		return
	}
	const precision = 6000 // holds every bit of a sum of squares times a count, and of the square of a sum
	n := new(big.Float).SetPrec(precision).SetInt64(rows)
	sum := new(big.Float).SetPrec(precision).Set(values.exact(floatBias))
	top := new(big.Float).SetPrec(precision).Mul(n, squares.exact(squareBias))
	top.Sub(top, sum.Mul(sum, sum))
	divisor := new(big.Float).SetPrec(precision).Set(n)
	if s.sample {
		divisor.Sub(divisor, big.NewFloat(1))
	}
	v, _ := new(big.Float).SetPrec(128).Quo(top, divisor.Mul(divisor, n)).Float64()
	if s.root {
		v = math.Sqrt(v)
	}
	if math.IsInf(v, 0) {
		failLast(out, errOverflow)
		return
	}
	out.AppendFloat(v)
}
