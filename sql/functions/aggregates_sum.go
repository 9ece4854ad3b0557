package functions

import (
	"encoding/binary"
	"math"
	"math/bits"

	"tarn/delta"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

func mul64(a, b uint64) (hi, lo uint64) { return bits.Mul64(a, b) }

// finish appends the result of a numeric computation, or its error.
func finish(out *delta.Column, b []byte, err error) {
	if err != nil {
		failLast(out, err)
		return
	}
	out.Data = b
	out.EndBytes()
}

// failLast appends a row that failed.
func failLast(out *delta.Column, err error) {
	out.AppendNull()
	out.Fail(out.Len()-1, sqlstate.From(err))
}

// countAggregates are count(*) and count(x): the operator counts rows itself.
func countAggregates() []Aggregate {
	count := func(_ *Context, _ []byte, rows int64, out *delta.Column) { out.AppendInt(rows) }
	nothing := func([]byte, []delta.Column, int, int64) {}
	return []Aggregate{
		{Name: "count", Returns: int8, Update: nothing, Final: count},
		{Name: "count", Args: sig(anything), Returns: int8, Update: nothing, Final: count},
	}
}

// sumAggregates are sum and avg.
func sumAggregates() []Aggregate {
	out := []Aggregate{
		{Name: "sum", Args: sig(int8), Returns: numeric, Size: 16, Update: addWide, Final: finalWide},
		{Name: "sum", Args: sig(float4), Returns: float4, Fold: foldFloat, Final: finalFloatSum(float4)},
		{Name: "sum", Args: sig(float8), Returns: float8, Fold: foldFloat, Final: finalFloatSum(float8)},
		{Name: "avg", Args: sig(float4), Returns: float8, Fold: foldFloat, Final: finalFloatAvg},
		{Name: "avg", Args: sig(float8), Returns: float8, Fold: foldFloat, Final: finalFloatAvg},
		{Name: "sum", Args: sig(numeric), Returns: numeric, Fold: foldNumeric, Final: finalNumericSum},
		{Name: "avg", Args: sig(numeric), Returns: numeric, Fold: foldNumeric, Final: finalNumericAvg},
	}
	for _, t := range sig(int2, int4) {
		out = append(out, Aggregate{Name: "sum", Args: sig(t), Returns: int8, Size: 16, Update: addWide, Final: finalBigint})
	}
	for _, t := range sig(int2, int4, int8) {
		out = append(out, Aggregate{Name: "avg", Args: sig(t), Returns: numeric, Size: 16, Update: addWide, Final: finalIntAvg})
	}
	return out
}

// addWide keeps a 128-bit sum: low word, high word.
func addWide(state []byte, args []delta.Column, i int, count int64) {
	v := args[0].Ints[i]
	hi, lo := bits.Mul64(uint64(v), uint64(count))
	hi -= uint64((v>>63)&count) + uint64((count>>63)&v)
	sum, carry := bits.Add64(binary.LittleEndian.Uint64(state), lo, 0)
	binary.LittleEndian.PutUint64(state, sum)
	binary.LittleEndian.PutUint64(state[8:], binary.LittleEndian.Uint64(state[8:])+hi+carry)
}

func wide(state []byte) (hi int64, lo uint64) {
	return int64(binary.LittleEndian.Uint64(state[8:])), binary.LittleEndian.Uint64(state)
}

func finalBigint(_ *Context, state []byte, rows int64, out *delta.Column) {
	hi, lo := wide(state)
	switch {
	case rows == 0:
		out.AppendNull()
	case hi != int64(lo)>>63:
		failLast(out, errBigint)
	default:
		out.AppendInt(int64(lo))
	}
}

func finalWide(_ *Context, state []byte, rows int64, out *delta.Column) {
	if rows == 0 {
		out.AppendNull()
		return
	}
	hi, lo := wide(state)
	b, err := types.NumericFromWide(out.Data, hi, lo, 0)
	finish(out, b, err)
}

func finalIntAvg(_ *Context, state []byte, rows int64, out *delta.Column) {
	if rows == 0 {
		out.AppendNull()
		return
	}
	hi, lo := wide(state)
	var buf [64]byte
	sum, err := types.NumericFromWide(buf[:0], hi, lo, 0)
	appendAvg(out, sum, rows, err)
}

func appendAvg(out *delta.Column, sum []byte, rows int64, err error) {
	if err == nil {
		var buf [16]byte
		sum, err = types.NumericDiv(out.Data, sum, types.NumericFromInt(buf[:0], rows))
	}
	finish(out, sum, err)
}

func foldFloat(state []byte, args []delta.Column, i int, count int64) []byte {
	return addFloat(state, args[0].Floats[i], count)
}

func finalFloatSum(t types.OID) func(*Context, []byte, int64, *delta.Column) {
	return func(_ *Context, state []byte, rows int64, out *delta.Column) {
		if rows == 0 {
			out.AppendNull()
			return
		}
		v, err := floatSum(state).value(t)
		if err != nil {
			failLast(out, err)
			return
		}
		out.AppendFloat(v)
	}
}

// value is the sum of values, rounded once; 22003 if that overflows.
func (s floatSum) value(t types.OID) (float64, error) {
	if v, ok := s.notFinite(); ok {
		return v, nil
	}
	exact := s.exact(floatBias)
	v, _ := exact.Float64()
	if t == float4 {
		single, _ := exact.Float32()
		v = float64(single)
	}
	if math.IsInf(v, 0) {
		return 0, errOverflow
	}
	return v, nil
}

func finalFloatAvg(_ *Context, state []byte, rows int64, out *delta.Column) {
	if rows == 0 {
		out.AppendNull()
		return
	}
	v, err := floatSum(state).value(float8)
	if err != nil {
		failLast(out, err)
		return
	}
	out.AppendFloat(v / float64(rows))
}

func foldNumeric(state []byte, args []delta.Column, i int, count int64) []byte {
	return addNumeric(state, args[0].Bytes(i), count, false)
}

func finalNumericSum(_ *Context, state []byte, rows int64, out *delta.Column) {
	if rows == 0 {
		out.AppendNull()
		return
	}
	b, err := numericSum(state).appendSum(out.Data)
	finish(out, b, err)
}

func finalNumericAvg(_ *Context, state []byte, rows int64, out *delta.Column) {
	if rows == 0 {
		out.AppendNull()
		return
	}
	var buf [64]byte
	sum, err := numericSum(state).appendSum(buf[:0])
	appendAvg(out, sum, rows, err)
}
