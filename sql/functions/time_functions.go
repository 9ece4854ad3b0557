package functions

import (
	"math"
	"strconv"
	"time"

	"tarn/delta"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// timeFunctions are the functions of dates, times and intervals: section 9.9 of PostgreSQL's manual.
func timeFunctions() []Function {
	ofDate := func(f types.Field, r *Row) (types.Part, error) { return types.ExtractDate(f, r.Int(1)) }
	ofMidnight := func(f types.Field, r *Row) (types.Part, error) {
		ts, err := types.DateToTimestamp(r.Int(1))
		if err != nil {
			return types.Part{}, err
		}
		return types.ExtractTimestamp(f, ts)
	}
	ofTime := func(f types.Field, r *Row) (types.Part, error) { return types.ExtractTime(f, r.Int(1)) }
	ofTimestamp := func(f types.Field, r *Row) (types.Part, error) { return types.ExtractTimestamp(f, r.Int(1)) }
	ofInstant := func(f types.Field, r *Row) (types.Part, error) {
		return types.ExtractTimestamptz(f, r.Int(1), r.Ctx.zone())
	}
	ofInterval := func(f types.Field, r *Row) (types.Part, error) {
		return types.ExtractInterval(f, types.IntervalOf(r.Bytes(1)))
	}
	justify := func(f func(types.Interval) (types.Interval, error)) Kernel {
		return intervals(func(r *Row) (types.Interval, error) { return f(types.IntervalOf(r.Bytes(0))) })
	}
	return []Function{
		{Name: "extract", Args: sig(text, date), Returns: numeric, Eval: numericField(ofDate)},
		{Name: "extract", Args: sig(text, clock), Returns: numeric, Eval: numericField(ofTime)},
		{Name: "extract", Args: sig(text, timestamp), Returns: numeric, Eval: numericField(ofTimestamp)},
		{Name: "extract", Args: sig(text, timestamptz), Returns: numeric, Volatility: Stable, Standing: true, Eval: numericField(ofInstant)},
		{Name: "extract", Args: sig(text, interval), Returns: numeric, Eval: numericField(ofInterval)},
		{Name: "date_part", Args: sig(text, date), Returns: float8, Eval: floatField(ofMidnight)},
		{Name: "date_part", Args: sig(text, clock), Returns: float8, Eval: floatField(ofTime)},
		{Name: "date_part", Args: sig(text, timestamp), Returns: float8, Eval: floatField(ofTimestamp)},
		{Name: "date_part", Args: sig(text, timestamptz), Returns: float8, Volatility: Stable, Standing: true, Eval: floatField(ofInstant)},
		{Name: "date_part", Args: sig(text, interval), Returns: float8, Eval: floatField(ofInterval)},
		{Name: "date_trunc", Args: sig(text, timestamp), Returns: timestamp, Eval: withField(delta.IntColumn, func(f types.Field, r *Row) (int64, error) {
			return types.TruncTimestamp(f, r.Int(1))
		})},
		{Name: "date_trunc", Args: sig(text, timestamptz), Returns: timestamptz, Volatility: Stable, Standing: true, Eval: withField(delta.IntColumn, func(f types.Field, r *Row) (int64, error) {
			return types.TruncTimestamptz(f, r.Int(1), r.Ctx.zone())
		})},
		{Name: "date_trunc", Args: sig(text, timestamptz, text), Returns: timestamptz, Volatility: Stable, Standing: true, Eval: withField(delta.IntColumn, func(f types.Field, r *Row) (int64, error) {
			if !types.IsFinite(r.Int(1)) {
				return r.Int(1), nil
			}
			loc, err := loadZone(r.Text(2))
			if err != nil {
				return 0, err
			}
			return types.TruncTimestamptz(f, r.Int(1), loc)
		})},
		{Name: "date_trunc", Args: sig(text, interval), Returns: interval, Eval: intervals(func(r *Row) (types.Interval, error) {
			return types.TruncInterval(types.LookupField(r.Text(0)), types.IntervalOf(r.Bytes(1)))
		})},
		{Name: "date_bin", Args: sig(interval, timestamp, timestamp), Returns: timestamp, Eval: ints(bin)},
		{Name: "date_bin", Args: sig(interval, timestamptz, timestamptz), Returns: timestamptz, Eval: ints(bin)},
		{Name: "age", Args: sig(timestamp, timestamp), Returns: interval, Eval: intervals(func(r *Row) (types.Interval, error) {
			return types.Age(r.Int(0), r.Int(1))
		})},
		{Name: "age", Args: sig(timestamptz, timestamptz), Returns: interval, Volatility: Stable, Standing: true, Eval: intervals(func(r *Row) (types.Interval, error) {
			return zonedAge(r.Ctx, r.Int(0), r.Int(1))
		})},
		{Name: "age", Args: sig(timestamp), Returns: interval, Volatility: Stable, Eval: intervals(func(r *Row) (types.Interval, error) {
			today, _ := types.DateToTimestamp(types.TimestampToDate(r.Ctx.localNow()))
			return types.Age(today, r.Int(0))
		})},
		{Name: "age", Args: sig(timestamptz), Returns: interval, Volatility: Stable, Eval: intervals(func(r *Row) (types.Interval, error) {
			today, _ := types.DateToTimestamptz(types.TimestampToDate(r.Ctx.localNow()), r.Ctx.zone())
			return zonedAge(r.Ctx, today, r.Int(0))
		})},
		{Name: "make_date", Args: sig(int4, int4, int4), Returns: date, Eval: ints(func(r *Row) (int64, error) {
			return types.MakeDate(r.Int(0), r.Int(1), r.Int(2))
		})},
		{Name: "make_time", Args: sig(int4, int4, float8), Returns: clock, Eval: ints(func(r *Row) (int64, error) {
			return types.MakeTime(r.Int(0), r.Int(1), r.Float(2))
		})},
		{Name: "make_timestamp", Args: sig(int4, int4, int4, int4, int4, float8), Returns: timestamp, Eval: ints(makeTimestamp)},
		{Name: "make_timestamptz", Args: sig(int4, int4, int4, int4, int4, float8), Returns: timestamptz, Volatility: Stable, Standing: true, Eval: ints(func(r *Row) (int64, error) {
			ts, err := makeTimestamp(r)
			if err != nil {
				return 0, err
			}
			return types.TimestampToInstant(ts, r.Ctx.zone())
		})},
		{Name: "make_timestamptz", Args: sig(int4, int4, int4, int4, int4, float8, text), Returns: timestamptz, Volatility: Stable, Standing: true, Eval: ints(func(r *Row) (int64, error) {
			ts, err := makeTimestamp(r)
			if err != nil {
				return 0, err
			}
			loc, err := types.LoadZoneEast(r.Text(6))
			if err != nil {
				return 0, err
			}
			return types.TimestampToInstant(ts, loc)
		})},
		{Name: "make_interval", Args: sig(int4, int4, int4, int4, int4, int4, float8), Optional: 7, Returns: interval, Eval: intervals(makeInterval)},
		{Name: "to_timestamp", Args: sig(float8), Returns: timestamptz, Eval: ints(fromEpoch)},
		{Name: "justify_days", Args: sig(interval), Returns: interval, Eval: justify(types.Interval.JustifyDays)},
		{Name: "justify_hours", Args: sig(interval), Returns: interval, Eval: justify(types.Interval.JustifyHours)},
		{Name: "justify_interval", Args: sig(interval), Returns: interval, Eval: justify(types.Interval.JustifyInterval)},
		{Name: "isfinite", Args: sig(date), Returns: boolean, Eval: bools(func(r *Row) (bool, error) { return types.IsFinite(r.Int(0)), nil })},
		{Name: "isfinite", Args: sig(timestamp), Returns: boolean, Eval: bools(func(r *Row) (bool, error) { return types.IsFinite(r.Int(0)), nil })},
		{Name: "isfinite", Args: sig(timestamptz), Returns: boolean, Eval: bools(func(r *Row) (bool, error) { return types.IsFinite(r.Int(0)), nil })},
		{Name: "isfinite", Args: sig(interval), Returns: boolean, Eval: bools(func(r *Row) (bool, error) { return true, nil })},
		{Name: "timezone", Args: sig(text, timestamp), Returns: timestamptz, Eval: ints(inZone(namedZone, types.TimestampToInstant))},
		{Name: "timezone", Args: sig(text, timestamptz), Returns: timestamp, Eval: ints(inZone(namedZone, types.InstantToTimestamp))},
		{Name: "timezone", Args: sig(interval, timestamp), Returns: timestamptz, Eval: ints(inZone(offsetZone, types.TimestampToInstant))},
		{Name: "timezone", Args: sig(interval, timestamptz), Returns: timestamp, Eval: ints(inZone(offsetZone, types.InstantToTimestamp))},
	}
}

func bin(r *Row) (int64, error) { return types.Bin(types.IntervalOf(r.Bytes(0)), r.Int(1), r.Int(2)) }

func zonedAge(ctx *Context, a, b int64) (types.Interval, error) {
	return types.Age(types.ToLocal(a, ctx.zone()), types.ToLocal(b, ctx.zone()))
}

func makeTimestamp(r *Row) (int64, error) {
	return types.MakeTimestamp(r.Int(0), r.Int(1), r.Int(2), r.Int(3), r.Int(4), r.Float(5))
}

func makeInterval(r *Row) (types.Interval, error) {
	seconds := 0.0
	if len(r.Args) > 6 {
		seconds = r.Float(6)
	}
	return types.MakeInterval(r.number(0, 0), r.number(1, 0), r.number(2, 0), r.number(3, 0), r.number(4, 0), r.number(5, 0), seconds)
}

// fromEpoch is the instant so many seconds after 1970.
func fromEpoch(r *Row) (int64, error) {
	v := r.Float(0)
	switch {
	case v != v:
		return 0, sqlstate.New(sqlstate.DatetimeFieldOverflow, "timestamp cannot be NaN")
	case math.IsInf(v, 1):
		return types.Infinity, nil
	case math.IsInf(v, -1):
		return types.NegInfinity, nil
	}
	us := math.RoundToEven((v - 946684800) * types.USPerSecond)
	if math.Abs(us) >= 1<<63 || !types.ValidTimestamp(int64(us)) {
		return 0, sqlstate.New(sqlstate.DatetimeFieldOverflow, "timestamp out of range: \"%s\"", strconv.FormatFloat(v, 'g', 6, 64))
	}
	return int64(us), nil
}

func namedZone(r *Row) (*time.Location, error) { return loadZone(r.Text(0)) }

func offsetZone(r *Row) (*time.Location, error) {
	months, days, us := types.IntervalParts(r.Bytes(0))
	if months != 0 || days != 0 {
		return nil, sqlstate.New(sqlstate.InvalidParameterValue, "interval time zone \"%s\" must not include months or days",
			types.IntervalOf(r.Bytes(0)).AppendText(nil))
	}
	return types.FixedZone(us), nil
}

// inZone is AT TIME ZONE: the zone is the first argument.
func inZone(zone func(r *Row) (*time.Location, error), convert func(int64, *time.Location) (int64, error)) func(r *Row) (int64, error) {
	return func(r *Row) (int64, error) {
		if !types.IsFinite(r.Int(1)) {
			return r.Int(1), nil
		}
		loc, err := zone(r)
		if err != nil {
			return 0, err
		}
		return convert(r.Int(1), loc)
	}
}

func (ctx *Context) now() int64 { return types.InstantOf(ctx.Env.Now) }

func (ctx *Context) localNow() int64 { return types.ToLocal(ctx.now(), ctx.zone()) }

// clockFunctions tell the time: that at which the transaction began, but for clock_timestamp and timeofday.
func clockFunctions() []Function {
	now := perCall(func(ctx *Context) int64 { return ctx.now() })
	local := perCall(func(ctx *Context) int64 { return ctx.localNow() })
	daytime := perCall(func(ctx *Context) int64 { us, _ := types.TimestampToTime(ctx.localNow()); return us })
	return []Function{
		{Name: "now", Returns: timestamptz, Volatility: Stable, Eval: now},
		{Name: "transaction_timestamp", Returns: timestamptz, Volatility: Stable, Eval: now},
		{Name: "statement_timestamp", Returns: timestamptz, Volatility: Stable, Eval: now},
		{Name: "current_timestamp", Returns: timestamptz, Volatility: Stable, Eval: now},
		{Name: "current_timestamp", Args: sig(int4), Returns: timestamptz, Volatility: Stable, Eval: rounded(now)},
		{Name: "localtimestamp", Returns: timestamp, Volatility: Stable, Eval: local},
		{Name: "localtimestamp", Args: sig(int4), Returns: timestamp, Volatility: Stable, Eval: rounded(local)},
		{Name: "localtime", Returns: clock, Volatility: Stable, Eval: daytime},
		{Name: "localtime", Args: sig(int4), Returns: clock, Volatility: Stable, Eval: rounded(daytime)},
		{Name: "current_date", Returns: date, Volatility: Stable, Eval: perCall(func(ctx *Context) int64 {
			return types.TimestampToDate(ctx.localNow())
		})},
		{Name: "clock_timestamp", Returns: timestamptz, Volatility: Volatile, Eval: perCall(func(*Context) int64 { return types.InstantOf(time.Now()) })},
		{Name: "timeofday", Returns: text, Volatility: Volatile, Eval: blobs(func(r *Row, dst []byte) ([]byte, error) {
			return time.Now().In(r.Ctx.zone()).AppendFormat(dst, "Mon Jan 02 15:04:05.000000 2006 MST"), nil
		})},
	}
}

// perCall is the kernel of a function whose value is the same for all rows.
func perCall(f func(ctx *Context) int64) Kernel {
	return func(ctx *Context, _ []delta.Column, n int) delta.Column {
		return delta.Repeat(types.Int64, types.Datum{Int: f(ctx)}, n)
	}
}

// rounded is a clock with a precision as its argument.
func rounded(now Kernel) Kernel {
	return func(ctx *Context, args []delta.Column, n int) delta.Column {
		out := now(ctx, nil, n)
		for i := range out.Ints {
			out.Ints[i] = roundTime(out.Ints[i], int64(math.Pow10(6-int(min(max(args[0].Ints[i], 0), 6)))))
		}
		return out
	}
}
