package functions

import (
	"time"

	"tarn/delta"
	"tarn/sql/types"
)

// zone is the session's time zone.
func (ctx *Context) zone() *time.Location {
	if ctx.Env.Location == nil {
		return time.UTC
	}
	return ctx.Env.Location
}

// timeCasts are the casts among the types of the calendar.
func timeCasts() []Cast {
	return []Cast{
		{date, timestamp, Implicit, using(ints(func(r *Row) (int64, error) { return types.DateToTimestamp(r.Int(0)) }))},
		{date, timestamptz, Implicit, using(ints(func(r *Row) (int64, error) { return types.DateToTimestamptz(r.Int(0), r.Ctx.zone()) }))},
		{timestamp, date, Assignment, using(ints(func(r *Row) (int64, error) { return types.TimestampToDate(r.Int(0)), nil }))},
		{timestamp, clock, Assignment, using(ints(func(r *Row) (int64, error) { return timeOfDay(r.Int(0)) }))},
		{timestamp, timestamptz, Implicit, using(ints(func(r *Row) (int64, error) { return types.TimestampToInstant(r.Int(0), r.Ctx.zone()) }))},
		{timestamptz, date, Assignment, using(ints(func(r *Row) (int64, error) {
			return types.TimestampToDate(types.ToLocal(r.Int(0), r.Ctx.zone())), nil
		}))},
		{timestamptz, clock, Assignment, using(ints(func(r *Row) (int64, error) {
			return timeOfDay(types.ToLocal(r.Int(0), r.Ctx.zone()))
		}))},
		{timestamptz, timestamp, Assignment, using(ints(func(r *Row) (int64, error) { return types.InstantToTimestamp(r.Int(0), r.Ctx.zone()) }))},
		{clock, interval, Implicit, using(blobs(func(r *Row, dst []byte) ([]byte, error) {
			return types.AppendInterval(dst, 0, 0, r.Int(0)), nil
		}))},
		{interval, clock, Assignment, using(ints(func(r *Row) (int64, error) { return types.TimeAdd(0, types.IntervalOf(r.Bytes(0))), nil }))},
	}
}

// timeOfDay is NULL for an infinite timestamp.
func timeOfDay(ts int64) (int64, error) {
	us, ok := types.TimestampToTime(ts)
	if !ok {
		return 0, errNull
	}
	return us, nil
}

// timeAs brings dates and timestamps to another type of the calendar for a comparison; a value out of the other's range is
// beyond all of its finite values.
func timeAs(ctx *Context, c *delta.Column, n int, from, to types.OID) []int64 {
	if from == to {
		return c.Ints[:n]
	}
	out := make([]int64, n)
	for i, v := range c.Ints[:n] {
		if c.IsNull(i) {
			continue
		}
		var err error
		ts := v
		switch {
		case from == date && to == timestamp:
			ts, err = types.DateToTimestamp(v)
		case from == date:
			ts, err = types.DateToTimestamptz(v, ctx.zone())
		default:
			ts, err = types.TimestampToInstant(v, ctx.zone())
		}
		switch {
		case err != nil && v > 0:
			ts = types.Infinity - 1
		case err != nil:
			ts = types.NegInfinity + 1
		}
		out[i] = ts
	}
	return out
}
