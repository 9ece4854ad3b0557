package functions

import (
	"encoding/binary"

	"tarn/delta"
)

// boolAggregates are bool_and, bool_or and every, and the bitwise aggregates. The state of the former counts the rows that
// decide.
func boolAggregates() []Aggregate {
	counting := func(name string, decisive bool) Aggregate {
		return Aggregate{
			Name: name, Args: sig(boolean), Returns: boolean, Size: 8,
			Update: func(state []byte, args []delta.Column, i int, count int64) {
				if args[0].Bools[i] == decisive {
					binary.LittleEndian.PutUint64(state, binary.LittleEndian.Uint64(state)+uint64(count))
				}
			},
			Final: func(_ *Context, state []byte, rows int64, out *delta.Column) {
				if rows == 0 {
					out.AppendNull()
					return
				}
				out.AppendBool((binary.LittleEndian.Uint64(state) != 0) == decisive)
			},
		}
	}
	out := []Aggregate{counting("bool_and", false), counting("every", false), counting("bool_or", true)}
	for _, t := range sig(int2, int4, int8) {
		out = append(out,
			Aggregate{Name: "bit_and", Args: sig(t), Returns: t, Collect: foldBits(func(a, b int64) int64 { return a & b })},
			Aggregate{Name: "bit_or", Args: sig(t), Returns: t, Collect: foldBits(func(a, b int64) int64 { return a | b })},
			Aggregate{Name: "bit_xor", Args: sig(t), Returns: t, Collect: foldBits(func(a, b int64) int64 { return a ^ b })},
		)
	}
	return out
}

func foldBits(f func(a, b int64) int64) func(*Context, []delta.Column, int, *delta.Column) {
	return func(_ *Context, args []delta.Column, n int, out *delta.Column) {
		if n == 0 {
			out.AppendNull()
			return
		}
		v := args[0].Ints[0]
		for _, x := range args[0].Ints[1:n] {
			v = f(v, x)
		}
		out.AppendInt(v)
	}
}
