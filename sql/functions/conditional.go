package functions

import (
	"tarn/delta"
	"tarn/sql/types"
)

// conditionalFunctions are greatest, least and the functions that count NULLs: section 9.18 of PostgreSQL's manual. (CASE,
// COALESCE and NULLIF are expressions of their own.)
func conditionalFunctions() []Function {
	return []Function{
		{Name: "greatest", Args: sig(compatible), Variadic: true, Returns: compatible, NullCall: true, Bind: func(args []types.OID) Kernel { return extreme(args[0], 1) }},
		{Name: "least", Args: sig(compatible), Variadic: true, Returns: compatible, NullCall: true, Bind: func(args []types.OID) Kernel { return extreme(args[0], -1) }},
		{Name: "num_nulls", Args: sig(anything), Variadic: true, Returns: int4, NullCall: true, Bind: func([]types.OID) Kernel { return countNulls(true) }},
		{Name: "num_nonnulls", Args: sig(anything), Variadic: true, Returns: int4, NullCall: true, Bind: func([]types.OID) Kernel { return countNulls(false) }},
	}
}

// extreme is the greatest or least of the arguments that are not NULL.
func extreme(t types.OID, sign int) Kernel {
	of := types.Of(t)
	return func(_ *Context, args []delta.Column, n int) delta.Column {
		out := delta.NewColumn(of.Kind(), n)
		for i := 0; i < n; i++ {
			best := types.Null
			for k := range args {
				if args[k].IsNull(i) {
					continue
				}
				if d := args[k].Datum(i); best.Null || types.Compare(of, d, best)*sign > 0 {
					best = d
				}
			}
			out.AppendDatum(best)
		}
		return out
	}
}

func countNulls(want bool) Kernel {
	return nullInts(func(r *Row) (int64, error) {
		count := int64(0)
		for k := range r.Args {
			if r.Null(k) == want {
				count++
			}
		}
		return count, nil
	})
}
