package functions

import (
	"strings"

	"tarn/delta"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// setFunctions are the set-returning functions of arrays, series and patterns: section 9.25 of PostgreSQL's manual.
func setFunctions() []Function {
	return []Function{
		{Name: "unnest", Args: sig(array), Returns: element, BindSet: unnest},
		{Name: "unnest", Args: sig(anything, anything), Variadic: true, Returns: record, NullCall: true, BindSet: unnestTogether, ColumnsOf: func(args []types.OID) []SetColumn {
			out := make([]SetColumn, len(args))
			for i, t := range args {
				out[i] = SetColumn{"unnest", elemOf(t).OID}
			}
			return out
		}},
		{Name: "generate_series", Args: sig(int4, int4, int4), Optional: 1, Returns: int4, Set: whole(seriesInts), Series: seriesInts},
		{Name: "generate_series", Args: sig(int8, int8, int8), Optional: 1, Returns: int8, Set: whole(seriesInts), Series: seriesInts},
		{Name: "generate_series", Args: sig(numeric, numeric, numeric), Optional: 1, Returns: numeric, Set: whole(seriesNumeric), Series: seriesNumeric},
		{Name: "generate_series", Args: sig(timestamp, timestamp, interval), Returns: timestamp, Set: whole(seriesTimes(shiftLocalBy)), Series: seriesTimes(shiftLocalBy)},
		{Name: "generate_series", Args: sig(timestamptz, timestamptz, interval), Returns: timestamptz, Volatility: Stable, Standing: true, Set: whole(seriesTimes(shiftZonedBy)), Series: seriesTimes(shiftZonedBy)},
		{Name: "generate_subscripts", Args: sig(array, int4, boolean), Optional: 1, Returns: int4, Set: subscripts},
		{Name: "_pg_expandarray", Args: sig(array), Returns: record, BindSet: expandArray, ColumnsOf: func(args []types.OID) []SetColumn {
			return []SetColumn{{"x", elemOf(args[0]).OID}, {"n", int4}}
		}},
		{Name: "regexp_matches", Args: sig(text, text, text), Optional: 1, Returns: texts, Set: regexpMatches},
	}
}

func unnest(args []types.OID) SetKernel {
	kind := elemOf(args[0]).Kind()
	return func(_ *Context, args []types.Datum, out []delta.Column) error {
		types.ArrayEach(kind, args[0].Bytes, func(_ int, d types.Datum) bool {
			out[0].AppendDatum(d)
			return true
		})
		return nil
	}
}

// unnestTogether unnests several arrays side by side; the shorter ones end in NULLs.
func unnestTogether(args []types.OID) SetKernel {
	ts := append([]types.OID(nil), args...)
	return func(_ *Context, args []types.Datum, out []delta.Column) error {
		elems, most := make([][]types.Datum, len(args)), 0
		for k, d := range args {
			elem := elemOf(ts[k])
			if elem.OID == 0 {
				return sqlstate.New(sqlstate.UndefinedFunction, "function unnest(%s) does not exist", typeName(ts[k]))
			}
			if !d.Null {
				elems[k] = types.DecodeArray(elem.Kind(), d.Bytes).Elems
			}
			most = max(most, len(elems[k]))
		}
		for i := range most {
			for k := range elems {
				if i < len(elems[k]) {
					out[k].AppendDatum(elems[k][i])
				} else {
					out[k].AppendNull()
				}
			}
		}
		return nil
	}
}

func expandArray(args []types.OID) SetKernel {
	kind := elemOf(args[0]).Kind()
	return func(_ *Context, args []types.Datum, out []delta.Column) error {
		types.ArrayEach(kind, args[0].Bytes, func(i int, d types.Datum) bool {
			out[0].AppendDatum(d)
			out[1].AppendInt(int64(i) + 1)
			return true
		})
		return nil
	}
}

var errZeroStep = sqlstate.New(sqlstate.InvalidParameterValue, "step size cannot equal zero")

// whole is a series in one piece.
func whole(series SeriesKernel) SetKernel {
	return func(ctx *Context, args []types.Datum, out []delta.Column) error {
		return series(ctx, args, out, func() error { return nil })
	}
}

// full calls more for every SetRows rows of a call, which has made n.
func full(n int, more func() error) error {
	if n%SetRows == 0 {
		return more()
	}
	return nil
}

func seriesInts(_ *Context, args []types.Datum, out []delta.Column, more func() error) error {
	from, to, step := args[0].Int, args[1].Int, int64(1)
	if len(args) > 2 {
		step = args[2].Int
	}
	if step == 0 {
		return errZeroStep
	}
	n := 0
	for v := from; step > 0 && v <= to || step < 0 && v >= to; {
		n++
		out[0].AppendInt(v)
		if err := full(n, more); err != nil {
			return err
		}
		next := v + step
		if next > v != (step > 0) {
			break
		}
		v = next
	}
	return nil
}

func seriesNumeric(_ *Context, args []types.Datum, out []delta.Column, more func() error) error {
	step := types.NumericFromInt(nil, 1)
	if len(args) > 2 {
		step = args[2].Bytes
	}
	for i, what := range [...]string{"start value", "stop value", "step size"} {
		value := step
		if i < 2 {
			value = args[i].Bytes
		}
		if types.NumericIsNaN(value) {
			return sqlstate.New(sqlstate.InvalidParameterValue, "%s cannot be NaN", what)
		}
		if types.NumericIsInf(value) != 0 {
			return sqlstate.New(sqlstate.InvalidParameterValue, "%s cannot be infinity", what)
		}
	}
	sign := types.NumericSign(step)
	if sign == 0 {
		return errZeroStep
	}
	v, to, n := args[0].Bytes, args[1].Bytes, 0
	for types.NumericCmp(v, to)*sign <= 0 {
		n++
		out[0].AppendBytes(v)
		if err := full(n, more); err != nil {
			return err
		}
		next, err := types.NumericAdd(nil, v, step)
		if err != nil {
			return err
		}
		v = next
	}
	return nil
}

// seriesTimes counts from the first value by the interval each time, so that months end where they end.
func seriesTimes(add func(ctx *Context, ts int64, i types.Interval) (int64, error)) SeriesKernel {
	return func(ctx *Context, args []types.Datum, out []delta.Column, more func() error) error {
		v, to, step := args[0].Int, args[1].Int, types.IntervalOf(args[2].Bytes)
		sign := step.Compare(types.Interval{})
		if sign == 0 {
			return errZeroStep
		}
		n := 0
		for sign > 0 && v <= to || sign < 0 && v >= to {
			n++
			out[0].AppendInt(v)
			if err := full(n, more); err != nil {
				return err
			}
			next, err := add(ctx, v, step)
			if err != nil {
				return err
			}
			if next == v {
				break
			}
			v = next
		}
		return nil
	}
}

func subscripts(_ *Context, args []types.Datum, out []delta.Column) error {
	dims, n := types.ArrayDims(args[0].Bytes), args[1].Int
	if n < 1 || n > int64(len(dims)) {
		return nil
	}
	lower, length := int64(dims[n-1].Lower), int64(dims[n-1].Len)
	for i := range length {
		if len(args) > 2 && args[2].Int != 0 {
			i = length - 1 - i
		}
		out[0].AppendInt(lower + i)
	}
	return nil
}

func regexpMatches(_ *Context, args []types.Datum, out []delta.Column) error {
	options, n := "", 1
	if len(args) > 2 {
		options = string(args[2].Bytes)
	}
	if strings.Contains(options, "g") {
		n, options = -1, strings.ReplaceAll(options, "g", "")
	}
	re, err := compileRegex(string(args[1].Bytes), options)
	if err != nil {
		return err
	}
	for _, m := range re.findAll(args[0].Bytes, 0, n) {
		out[0].Data = appendTexts(out[0].Data, groups(re, args[0].Bytes, m))
		out[0].EndBytes()
	}
	return nil
}
