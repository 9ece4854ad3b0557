package functions

import (
	"strings"
	"time"

	"tarn/delta"
	"tarn/sql/types"
)

// timeOperators are + - * / on dates, times and intervals: table 9.32 of PostgreSQL's manual.
func timeOperators() []Function {
	addDays := func(r *Row, d, n int) (int64, error) { return types.DateAdd(r.Int(d), r.Int(n)) }
	at := func(r *Row, d, t int) (int64, error) {
		ts, err := types.DateToTimestamp(r.Int(d))
		if err != nil || !types.IsFinite(ts) {
			return ts, err
		}
		return types.TimestampAdd(ts, types.Interval{US: r.Int(t)})
	}
	shiftDate := func(r *Row, d, i, sign int) (int64, error) {
		ts, err := types.DateToTimestamp(r.Int(d))
		if err != nil {
			return 0, err
		}
		return shift(ts, types.IntervalOf(r.Bytes(i)), sign, nil)
	}
	return []Function{
		{Name: "+", Args: sig(date, int4), Returns: date, Eval: ints(func(r *Row) (int64, error) { return addDays(r, 0, 1) })},
		{Name: "+", Args: sig(int4, date), Returns: date, Eval: ints(func(r *Row) (int64, error) { return addDays(r, 1, 0) })},
		{Name: "-", Args: sig(date, int4), Returns: date, Eval: ints(func(r *Row) (int64, error) { return types.DateAdd(r.Int(0), -r.Int(1)) })},
		{Name: "-", Args: sig(date, date), Returns: int4, Eval: ints(func(r *Row) (int64, error) { return types.DateSub(r.Int(0), r.Int(1)) })},
		{Name: "+", Args: sig(date, clock), Returns: timestamp, Eval: ints(func(r *Row) (int64, error) { return at(r, 0, 1) })},
		{Name: "+", Args: sig(clock, date), Returns: timestamp, Eval: ints(func(r *Row) (int64, error) { return at(r, 1, 0) })},
		{Name: "+", Args: sig(date, interval), Returns: timestamp, Eval: ints(func(r *Row) (int64, error) { return shiftDate(r, 0, 1, 1) })},
		{Name: "+", Args: sig(interval, date), Returns: timestamp, Eval: ints(func(r *Row) (int64, error) { return shiftDate(r, 1, 0, 1) })},
		{Name: "-", Args: sig(date, interval), Returns: timestamp, Eval: ints(func(r *Row) (int64, error) { return shiftDate(r, 0, 1, -1) })},
		{Name: "+", Args: sig(timestamp, interval), Returns: timestamp, Eval: ints(shiftLocal(0, 1, 1))},
		{Name: "+", Args: sig(interval, timestamp), Returns: timestamp, Eval: ints(shiftLocal(1, 0, 1))},
		{Name: "-", Args: sig(timestamp, interval), Returns: timestamp, Eval: ints(shiftLocal(0, 1, -1))},
		{Name: "+", Args: sig(timestamptz, interval), Returns: timestamptz, Volatility: Stable, Eval: ints(shiftZoned(0, 1, 1))},
		{Name: "+", Args: sig(interval, timestamptz), Returns: timestamptz, Volatility: Stable, Eval: ints(shiftZoned(1, 0, 1))},
		{Name: "-", Args: sig(timestamptz, interval), Returns: timestamptz, Volatility: Stable, Eval: ints(shiftZoned(0, 1, -1))},
		{Name: "-", Args: sig(timestamp, timestamp), Returns: interval, Eval: intervals(subtractTimestamps)},
		{Name: "-", Args: sig(timestamptz, timestamptz), Returns: interval, Eval: intervals(subtractTimestamps)},
		{Name: "+", Args: sig(clock, interval), Returns: clock, Eval: ints(func(r *Row) (int64, error) {
			return types.TimeAdd(r.Int(0), types.IntervalOf(r.Bytes(1))), nil
		})},
		{Name: "+", Args: sig(interval, clock), Returns: clock, Eval: ints(func(r *Row) (int64, error) {
			return types.TimeAdd(r.Int(1), types.IntervalOf(r.Bytes(0))), nil
		})},
		{Name: "-", Args: sig(clock, interval), Returns: clock, Eval: ints(func(r *Row) (int64, error) {
			_, _, us := types.IntervalParts(r.Bytes(1))
			return types.TimeAdd(r.Int(0), types.Interval{US: -(us % types.USPerDay)}), nil
		})},
		{Name: "-", Args: sig(clock, clock), Returns: interval, Eval: intervals(func(r *Row) (types.Interval, error) {
			return types.Interval{US: r.Int(0) - r.Int(1)}, nil
		})},
		{Name: "+", Args: sig(interval, interval), Returns: interval, Eval: intervals(func(r *Row) (types.Interval, error) {
			return types.IntervalOf(r.Bytes(0)).Add(types.IntervalOf(r.Bytes(1)))
		})},
		{Name: "-", Args: sig(interval, interval), Returns: interval, Eval: intervals(func(r *Row) (types.Interval, error) {
			return types.IntervalOf(r.Bytes(0)).Sub(types.IntervalOf(r.Bytes(1)))
		})},
		{Name: "-", Args: sig(interval), Returns: interval, Eval: intervals(func(r *Row) (types.Interval, error) {
			return types.IntervalOf(r.Bytes(0)).Neg()
		})},
		{Name: "*", Args: sig(interval, float8), Returns: interval, Eval: intervals(func(r *Row) (types.Interval, error) {
			return types.IntervalOf(r.Bytes(0)).Mul(r.Float(1))
		})},
		{Name: "*", Args: sig(float8, interval), Returns: interval, Eval: intervals(func(r *Row) (types.Interval, error) {
			return types.IntervalOf(r.Bytes(1)).Mul(r.Float(0))
		})},
		{Name: "/", Args: sig(interval, float8), Returns: interval, Eval: intervals(func(r *Row) (types.Interval, error) {
			return types.IntervalOf(r.Bytes(0)).Div(r.Float(1))
		})},
		{Name: "overlaps", Args: sig(timestamp, timestamp, timestamp, timestamp), Returns: boolean, NullCall: true, Eval: nullBools(overlaps(nil))},
		{Name: "overlaps", Args: sig(timestamp, interval, timestamp, interval), Returns: boolean, NullCall: true, Eval: nullBools(overlaps(shiftLocalBy))},
		{Name: "overlaps", Args: sig(timestamptz, timestamptz, timestamptz, timestamptz), Returns: boolean, NullCall: true, Eval: nullBools(overlaps(nil))},
		{Name: "overlaps", Args: sig(timestamptz, interval, timestamptz, interval), Returns: boolean, Volatility: Stable, Standing: true, NullCall: true, Eval: nullBools(overlaps(shiftZonedBy))},
		{Name: "overlaps", Args: sig(clock, clock, clock, clock), Returns: boolean, NullCall: true, Eval: nullBools(overlaps(nil))},
	}
}

// intervals is the kernel of a strict body that gives an interval.
func intervals(f func(r *Row) (types.Interval, error)) Kernel {
	return blobs(func(r *Row, dst []byte) ([]byte, error) {
		i, err := f(r)
		return i.Append(dst), err
	})
}

// shift adds or subtracts an interval; loc is nil for a timestamp without zone.
func shift(ts int64, i types.Interval, sign int, loc *time.Location) (int64, error) {
	if sign < 0 {
		var err error
		if i, err = i.Neg(); err != nil {
			return 0, err
		}
	}
	if loc == nil {
		return types.TimestampAdd(ts, i)
	}
	return types.TimestamptzAdd(ts, i, loc)
}

func shiftLocal(t, i, sign int) func(r *Row) (int64, error) {
	return func(r *Row) (int64, error) { return shift(r.Int(t), types.IntervalOf(r.Bytes(i)), sign, nil) }
}

func shiftZoned(t, i, sign int) func(r *Row) (int64, error) {
	return func(r *Row) (int64, error) { return shift(r.Int(t), types.IntervalOf(r.Bytes(i)), sign, r.Ctx.zone()) }
}

func subtractTimestamps(r *Row) (types.Interval, error) {
	return types.TimestampSub(r.Int(0), r.Int(1))
}

func shiftLocalBy(_ *Context, ts int64, i types.Interval) (int64, error) {
	return types.TimestampAdd(ts, i)
}

func shiftZonedBy(ctx *Context, ts int64, i types.Interval) (int64, error) {
	return types.TimestamptzAdd(ts, i, ctx.zone())
}

// overlaps is (s1, e1) OVERLAPS (s2, e2), where the ends are intervals from the starts if add is given. The rules for NULL
// are SQL's: a period with one end NULL is the point that is its other end.
func overlaps(add func(ctx *Context, ts int64, i types.Interval) (int64, error)) func(r *Row) (bool, error) {
	type period struct {
		from, to     int64
		noFrom, noTo bool
	}
	read := func(r *Row, k int) (p period, err error) {
		p.noFrom, p.noTo = r.Null(k), r.Null(k+1)
		if !p.noFrom {
			p.from = r.Int(k)
		}
		switch {
		case p.noTo:
		case add == nil:
			p.to = r.Int(k + 1)
		case p.noFrom:
			p.noTo = true
		default:
			p.to, err = add(r.Ctx, p.from, types.IntervalOf(r.Bytes(k+1)))
		}
		if p.noFrom {
			p.from, p.noFrom, p.to, p.noTo = p.to, p.noTo, 0, true
		} else if !p.noTo && p.from > p.to {
			p.from, p.to = p.to, p.from
		}
		return p, err
	}
	return func(r *Row) (bool, error) {
		a, err := read(r, 0)
		if err != nil {
			return false, err
		}
		b, err := read(r, 2)
		if err != nil {
			return false, err
		}
		if a.noFrom || b.noFrom {
			return false, errNull
		}
		if a.from < b.from {
			a, b = b, a
		}
		switch {
		case a.from == b.from:
			if a.noTo || b.noTo {
				return false, errNull
			}
			return true, nil
		case b.noTo:
			return false, errNull
		case a.from < b.to:
			return true, nil
		case a.noTo:
			return false, errNull
		}
		return false, nil
	}
}

// zones is keyed by the name of the zone.
var zones cache[string, *time.Location]

func loadZone(name string) (*time.Location, error) {
	if loc, ok := zones.get(name); ok {
		return loc, nil
	}
	loc, err := types.LoadZone(name)
	if err == nil {
		zones.put(strings.Clone(name), loc)
	}
	return loc, err
}

// withField makes a kernel of a body whose first argument is the name of a field, looked up only when it changes.
func withField[T int64 | float64](wrap func([]T, delta.Bitmap) delta.Column, f func(field types.Field, r *Row) (T, error)) Kernel {
	return func(ctx *Context, args []delta.Column, n int) delta.Column {
		var name string
		field := types.LookupField(name)
		return fixed(wrap, func(r *Row) (T, error) {
			if s := r.Text(0); s != name {
				name, field = s, types.LookupField(s)
			}
			return f(field, r)
		}, true)(ctx, args, n)
	}
}

// numericField is withField for a body that gives a part as numeric.
func numericField(f func(field types.Field, r *Row) (types.Part, error)) Kernel {
	return func(ctx *Context, args []delta.Column, n int) delta.Column {
		var name string
		field := types.LookupField(name)
		return blobs(func(r *Row, dst []byte) ([]byte, error) {
			if s := r.Text(0); s != name {
				name, field = s, types.LookupField(s)
			}
			p, err := f(field, r)
			switch {
			case err != nil:
				return nil, err
			case p.Null:
				return nil, errNull
			}
			return p.AppendNumeric(dst), nil
		})(ctx, args, n)
	}
}

func floatField(f func(field types.Field, r *Row) (types.Part, error)) Kernel {
	return withField(delta.FloatColumn, func(field types.Field, r *Row) (float64, error) {
		p, err := f(field, r)
		switch {
		case err != nil:
			return 0, err
		case p.Null:
			return 0, errNull
		}
		return p.Float(), nil
	})
}
