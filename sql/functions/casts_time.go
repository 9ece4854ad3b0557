package functions

import (
	"time"

	"tarn/delta"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// zone is the session's time zone.
func (ctx *Context) zone() *time.Location {
	if ctx.Env.Location == nil {
		return time.UTC
	}
	return ctx.Env.Location
}

var (
	errTimestamp     = sqlstate.New(sqlstate.DatetimeFieldOverflow, "timestamp out of range")
	errDateTimestamp = sqlstate.New(sqlstate.DatetimeFieldOverflow, "date out of range for timestamp")
	errDate          = sqlstate.New(sqlstate.DatetimeFieldOverflow, "date out of range")
)

// dateToTimestamp is midnight of a date.
func dateToTimestamp(days int64) (int64, error) {
	if !types.IsFinite(days) {
		return days, nil
	}
	if days > types.Infinity/types.USPerDay || days < types.NegInfinity/types.USPerDay || !types.ValidTimestamp(days*types.USPerDay) {
		return 0, errDateTimestamp
	}
	return days * types.USPerDay, nil
}

func timestampToDate(us int64) int64 {
	if !types.IsFinite(us) {
		return us
	}
	days, _ := types.SplitTimestamp(us)
	return days
}

// local and instant convert between timestamptz and timestamp in a zone; infinities stay.
func local(us int64, loc *time.Location) int64 {
	if !types.IsFinite(us) {
		return us
	}
	return types.ToLocal(us, loc)
}

func instant(us int64, loc *time.Location) int64 {
	if !types.IsFinite(us) {
		return us
	}
	return types.ToInstant(us, loc)
}

// timeAs brings dates and timestamps to another type of the calendar for a comparison, which, unlike a cast, clips a date
// that is out of the other's range.
func timeAs(ctx *Context, c *delta.Column, n int, from, to types.OID) []int64 {
	if from == to {
		return c.Ints[:n]
	}
	out := make([]int64, n)
	for i, v := range c.Ints[:n] {
		if c.IsNull(i) {
			continue
		}
		if from == date {
			us, err := dateToTimestamp(v)
			if err != nil {
				us = types.Infinity - 1
				if v < 0 {
					us = types.NegInfinity + 1
				}
				out[i] = us
				continue
			}
			v = us
		}
		if to == timestamptz {
			v = instant(v, ctx.zone())
		}
		out[i] = v
	}
	return out
}

// timeCasts are the casts among the types of the calendar.
func timeCasts() []Cast {
	return []Cast{
		{date, timestamp, Implicit, using(ints(func(r *Row) (int64, error) { return dateToTimestamp(r.Int(0)) }))},
		{date, timestamptz, Implicit, using(ints(func(r *Row) (int64, error) {
			us, err := dateToTimestamp(r.Int(0))
			return instant(us, r.Ctx.zone()), err
		}))},
		{timestamp, date, Assignment, using(ints(func(r *Row) (int64, error) { return timestampToDate(r.Int(0)), nil }))},
		{timestamp, clock, Assignment, using(ints(func(r *Row) (int64, error) { return timeOfDay(r.Int(0)) }))},
		{timestamp, timestamptz, Implicit, using(ints(func(r *Row) (int64, error) { return instant(r.Int(0), r.Ctx.zone()), nil }))},
		{timestamptz, date, Assignment, using(ints(func(r *Row) (int64, error) {
			return timestampToDate(local(r.Int(0), r.Ctx.zone())), nil
		}))},
		{timestamptz, clock, Assignment, using(ints(func(r *Row) (int64, error) { return timeOfDay(local(r.Int(0), r.Ctx.zone())) }))},
		{timestamptz, timestamp, Assignment, using(ints(func(r *Row) (int64, error) { return local(r.Int(0), r.Ctx.zone()), nil }))},
		{clock, interval, Implicit, using(blobs(func(r *Row, dst []byte) ([]byte, error) {
			return types.AppendInterval(dst, 0, 0, r.Int(0)), nil
		}))},
		{interval, clock, Assignment, using(ints(func(r *Row) (int64, error) {
			_, _, us := types.IntervalParts(r.Bytes(0))
			if us %= types.USPerDay; us < 0 {
				us += types.USPerDay
			}
			return us, nil
		}))},
	}
}

// timeOfDay is NULL for an infinite timestamp.
func timeOfDay(us int64) (int64, error) {
	if !types.IsFinite(us) {
		return 0, errNull
	}
	_, t := types.SplitTimestamp(us)
	return t, nil
}
