package functions

import (
	"bytes"

	"tarn/delta"
	"tarn/sql/types"
)

// comparison is one of the six comparison operators.
type comparison uint8

const (
	equal comparison = iota
	unequal
	less
	lessOrEqual
	greater
	greaterOrEqual
)

var comparisons = [...]string{"=", "<>", "<", "<=", ">", ">="}

// holds tells whether the comparison is true of two values that compare as c.
func (op comparison) holds(c int) bool {
	switch op {
	case equal:
		return c == 0
	case unequal:
		return c != 0
	case less:
		return c < 0
	case lessOrEqual:
		return c <= 0
	case greater:
		return c > 0
	}
	return c >= 0
}

// comparablePair is one row of the table of types that can be compared: every row is six operators.
type comparablePair struct {
	l, r       types.OID
	kernel     func(op comparison) Kernel
	volatility Volatility
}

func comparables() []comparablePair {
	rows := []comparablePair{
		{boolean, boolean, compareBools, Immutable},
		{oid, oid, compareInts, Immutable},
		{xid, xid, compareInts, Immutable},
		{xid, int4, compareInts, Immutable},
		{date, date, compareInts, Immutable},
		{clock, clock, compareInts, Immutable},
		{timestamp, timestamp, compareInts, Immutable},
		{timestamptz, timestamptz, compareInts, Immutable},
		{date, timestamp, compareTimes(date, timestamp), Immutable},
		{timestamp, date, compareTimes(timestamp, date), Immutable},
		{date, timestamptz, compareTimes(date, timestamptz), Stable},
		{timestamptz, date, compareTimes(timestamptz, date), Stable},
		{timestamp, timestamptz, compareTimes(timestamp, timestamptz), Stable},
		{timestamptz, timestamp, compareTimes(timestamptz, timestamp), Stable},
		{text, text, compareBytes, Immutable},
		{name, name, compareBytes, Immutable},
		{name, text, compareBytes, Immutable},
		{text, name, compareBytes, Immutable},
		{char1, char1, compareBytes, Immutable},
		{bytea, bytea, compareBytes, Immutable},
		{uuid, uuid, compareBytes, Immutable},
		{bpchar, bpchar, compareValues(bpchar), Immutable},
		{numeric, numeric, compareNumerics, Immutable},
		{interval, interval, compareValues(interval), Immutable},
		{jsonb, jsonb, compareValues(jsonb), Immutable},
		{record, record, compareValues(record), Immutable},
	}
	for _, l := range sig(int2, int4, int8) {
		for _, r := range sig(int2, int4, int8) {
			rows = append(rows, comparablePair{l, r, compareInts, Immutable})
		}
	}
	for _, l := range sig(float4, float8) {
		for _, r := range sig(float4, float8) {
			rows = append(rows, comparablePair{l, r, compareFloats, Immutable})
		}
	}
	return rows
}

// comparisonOperators are the six operators of every comparable pair, and of arrays.
func comparisonOperators() []Function {
	var out []Function
	for code, symbol := range comparisons {
		op := comparison(code)
		for _, c := range comparables() {
			out = append(out, Function{Name: symbol, Args: sig(c.l, c.r), Returns: boolean, Volatility: c.volatility, Eval: c.kernel(op)})
		}
		out = append(out, Function{Name: symbol, Args: sig(array, array), Returns: boolean, Bind: func(args []types.OID) Kernel {
			return compareValues(args[0])(op)
		}})
	}
	return out
}

func compareInts(op comparison) Kernel {
	return func(_ *Context, args []delta.Column, n int) delta.Column {
		a, b, out := args[0].Ints[:n], args[1].Ints[:n], make([]bool, n)
		compareOrdered(op, a, b, out)
		return delta.BoolColumn(out, nil)
	}
}

// compareOrdered writes a[i] op b[i] to out.
func compareOrdered(op comparison, a, b []int64, out []bool) {
	b, out = b[:len(a)], out[:len(a)]
	switch op {
	case equal:
		for i, x := range a {
			out[i] = x == b[i]
		}
	case unequal:
		for i, x := range a {
			out[i] = x != b[i]
		}
	case less:
		for i, x := range a {
			out[i] = x < b[i]
		}
	case lessOrEqual:
		for i, x := range a {
			out[i] = x <= b[i]
		}
	case greater:
		for i, x := range a {
			out[i] = x > b[i]
		}
	case greaterOrEqual:
		for i, x := range a {
			out[i] = x >= b[i]
		}
	}
}

// compareFloats orders NaN after everything else, and equal to itself.
func compareFloats(op comparison) Kernel {
	return func(_ *Context, args []delta.Column, n int) delta.Column {
		a, b, out := args[0].Floats[:n], args[1].Floats[:n], make([]bool, n)
		not := op == unequal || op == lessOrEqual || op == greaterOrEqual
		switch op {
		case equal, unequal:
			for i, x := range a {
				y := b[i]
				out[i] = (x == y || x != x && y != y) != not
			}
		case less, greaterOrEqual:
			for i, x := range a {
				y := b[i]
				out[i] = (x < y || y != y && x == x) != not
			}
		case greater, lessOrEqual:
			for i, x := range a {
				y := b[i]
				out[i] = (x > y || x != x && y == y) != not
			}
		}
		return delta.BoolColumn(out, nil)
	}
}

func compareBools(op comparison) Kernel {
	return bools(func(r *Row) (bool, error) {
		a, b := 0, 0
		if r.Bool(0) {
			a = 1
		}
		if r.Bool(1) {
			b = 1
		}
		return op.holds(a - b), nil
	})
}

func compareBytes(op comparison) Kernel {
	if op == equal || op == unequal {
		return func(_ *Context, args []delta.Column, n int) delta.Column {
			a, b, out := &args[0], &args[1], make([]bool, n)
			for i := range out {
				out[i] = bytes.Equal(a.Data[a.Offsets[i]:a.Offsets[i+1]], b.Data[b.Offsets[i]:b.Offsets[i+1]]) == (op == equal)
			}
			return delta.BoolColumn(out, nil)
		}
	}
	return func(_ *Context, args []delta.Column, n int) delta.Column {
		a, b, out := &args[0], &args[1], make([]bool, n)
		for i := range out {
			out[i] = op.holds(bytes.Compare(a.Data[a.Offsets[i]:a.Offsets[i+1]], b.Data[b.Offsets[i]:b.Offsets[i+1]]))
		}
		return delta.BoolColumn(out, nil)
	}
}

func compareNumerics(op comparison) Kernel {
	return bools(func(r *Row) (bool, error) { return op.holds(types.NumericCmp(r.Bytes(0), r.Bytes(1))), nil })
}

// compareValues compares as the type does, whatever it is.
func compareValues(t types.OID) func(op comparison) Kernel {
	of := types.Of(t)
	return func(op comparison) Kernel {
		return bools(func(r *Row) (bool, error) {
			return op.holds(types.Compare(of, r.Args[0].Datum(r.I), r.Args[1].Datum(r.I))), nil
		})
	}
}

// compareTimes brings two different types of the calendar to the later one before it compares.
func compareTimes(l, r types.OID) func(op comparison) Kernel {
	common := types.OID(timestamp)
	if l == timestamptz || r == timestamptz {
		common = timestamptz
	}
	return func(op comparison) Kernel {
		return func(ctx *Context, args []delta.Column, n int) delta.Column {
			a, b, out := timeAs(ctx, &args[0], n, l, common), timeAs(ctx, &args[1], n, r, common), make([]bool, n)
			compareOrdered(op, a, b, out)
			return delta.BoolColumn(out, nil)
		}
	}
}
