package types

import (
	"math"
	"time"

	"tarn/sql/sqlstate"
)

// Errors here are 22008 and worded as PostgreSQL's. Infinities stay infinities unless said otherwise.

func outOfRange(what string) error {
	return sqlstate.New(sqlstate.DatetimeFieldOverflow, "%s", what)
}

// checkTimestamp is us, or an error where it left the range of timestamps; overflowed says that the sum itself did.
func checkTimestamp(us int64, overflowed bool) (int64, error) {
	if overflowed || !ValidTimestamp(us) {
		return 0, outOfRange("timestamp out of range")
	}
	return us, nil
}

// TimestampAdd is a timestamp plus an interval: months first, the day cut to the month's last, then days, then time.
func TimestampAdd(ts int64, i Interval) (int64, error) {
	if !IsFinite(ts) {
		return ts, nil
	}
	if i.Months != 0 || i.Days != 0 {
		days, clock := SplitTimestamp(ts)
		days = addMonths(days, int64(i.Months)) + int64(i.Days)
		if !ValidDate(days) || days > endTimestamp/USPerDay {
			return 0, outOfRange("timestamp out of range")
		}
		ts = days*USPerDay + clock
	}
	sum := ts + i.US
	return checkTimestamp(sum, (sum > ts) != (i.US > 0))
}

// TimestamptzAdd is TimestampAdd with months and days counted on the clocks of a zone.
func TimestamptzAdd(ts int64, i Interval, loc *time.Location) (int64, error) {
	if !IsFinite(ts) {
		return ts, nil
	}
	if i.Months != 0 || i.Days != 0 {
		local, err := TimestampAdd(ToLocal(ts, loc), Interval{Months: i.Months, Days: i.Days})
		if err != nil {
			return 0, err
		}
		ts = ToInstant(local, loc)
	}
	sum := ts + i.US
	return checkTimestamp(sum, (sum > ts) != (i.US > 0))
}

func addMonths(days, months int64) int64 {
	if months == 0 {
		return days
	}
	year, month, day := CivilFromDays(days)
	total := year*monthsPerYear + month - 1 + months
	year = floorDiv64(total, monthsPerYear)
	month = total - year*monthsPerYear + 1
	return DaysFromCivil(year, month, min(day, DaysInMonth(year, month)))
}

// TimestampSub is a - b in days and time; infinities are an error, and so is a difference beyond 292,000 years, which
// PostgreSQL 15 lets wrap around.
func TimestampSub(a, b int64) (Interval, error) {
	if !IsFinite(a) || !IsFinite(b) {
		return Interval{}, outOfRange("cannot subtract infinite timestamps")
	}
	difference := a - b
	if (difference < a) != (b > 0) {
		return Interval{}, intervalRange()
	}
	return Interval{US: difference}.JustifyHours()
}

// DateAdd is a date plus days.
func DateAdd(date, days int64) (int64, error) {
	if !IsFinite(date) {
		return date, nil
	}
	if sum := date + days; ValidDate(sum) {
		return sum, nil
	}
	return 0, outOfRange("date out of range")
}

// DateSub is the days from b to a; infinities are an error.
func DateSub(a, b int64) (int64, error) {
	if !IsFinite(a) || !IsFinite(b) {
		return 0, outOfRange("cannot subtract infinite dates")
	}
	return a - b, nil
}

// DateToTimestamp is the midnight that begins a date.
func DateToTimestamp(days int64) (int64, error) {
	if !IsFinite(days) {
		return days, nil
	}
	if days >= endTimestamp/USPerDay {
		return 0, outOfRange("date out of range for timestamp")
	}
	return days * USPerDay, nil
}

// DateToTimestamptz is the instant of the midnight that begins a date in a zone.
func DateToTimestamptz(days int64, loc *time.Location) (int64, error) {
	ts, err := DateToTimestamp(days)
	if err != nil || !IsFinite(ts) {
		return ts, err
	}
	if ts = ToInstant(ts, loc); !ValidTimestamp(ts) {
		return 0, outOfRange("date out of range for timestamp")
	}
	return ts, nil
}

// TimestampToDate drops the time.
func TimestampToDate(ts int64) int64 {
	if !IsFinite(ts) {
		return ts
	}
	days, _ := SplitTimestamp(ts)
	return days
}

// TimestampToTime is the time of day; ok is false for infinities, whose time is NULL.
func TimestampToTime(ts int64) (us int64, ok bool) {
	if !IsFinite(ts) {
		return 0, false
	}
	_, us = SplitTimestamp(ts)
	return us, true
}

// TimestampToInstant is a timestamp as timestamptz: the instant at which a zone's clocks show it.
func TimestampToInstant(ts int64, loc *time.Location) (int64, error) {
	if !IsFinite(ts) {
		return ts, nil
	}
	return checkTimestamp(ToInstant(ts, loc), false)
}

// InstantToTimestamp is a timestamptz as timestamp: what a zone's clocks show at that instant.
func InstantToTimestamp(ts int64, loc *time.Location) (int64, error) {
	if !IsFinite(ts) {
		return ts, nil
	}
	return checkTimestamp(ToLocal(ts, loc), false)
}

// TimeAdd is a time of day plus the time of an interval, modulo a day.
func TimeAdd(us int64, i Interval) int64 { return floorMod64(us+i.US%USPerDay, USPerDay) }

// Age is a - b in years, months, days and time, as a calendar counts. For timestamptz both are given as local times. An
// infinity is an error.
func Age(a, b int64) (Interval, error) {
	if !IsFinite(a) || !IsFinite(b) {
		return Interval{}, outOfRange("timestamp out of range")
	}
	sign := int64(1)
	if a < b {
		a, b, sign = b, a, -1
	}
	// b is the earlier one; days are borrowed from its month.
	lateDays, lateTime := SplitTimestamp(a)
	earlyDays, earlyTime := SplitTimestamp(b)
	y1, m1, d1 := CivilFromDays(lateDays)
	y0, m0, d0 := CivilFromDays(earlyDays)
	us, days, months := lateTime-earlyTime, d1-d0, (y1-y0)*monthsPerYear+m1-m0
	if us < 0 {
		us += USPerDay
		days--
	}
	for days < 0 {
		days += DaysInMonth(y0, m0)
		months--
	}
	return Interval{int32(sign * months), int32(sign * days), sign * us}, nil
}

// MakeDate is the date of a year (negative: BC), month and day.
func MakeDate(year, month, day int64) (int64, error) {
	days, ok := civilDate(year, month, day)
	if year < 0 && year != math.MinInt32 {
		year++ // so PostgreSQL's messages have it
	}
	if !ok {
		return 0, sqlstate.New(sqlstate.DatetimeFieldOverflow, "date field value out of range: %d-%02d-%02d", year, month, day)
	}
	if !ValidDate(days) {
		return 0, sqlstate.New(sqlstate.DatetimeFieldOverflow, "date out of range: %d-%02d-%02d", year, month, day)
	}
	return days, nil
}

// civilDate is the date of a year, of which negative ones are BC, a month and a day.
func civilDate(year, month, day int64) (days int64, ok bool) {
	astronomical := year
	if year < 0 {
		astronomical = year + 1
	}
	if year == 0 || year == math.MinInt32 || month < 1 || month > 12 || day < 1 || day > DaysInMonth(astronomical, month) {
		return 0, false
	}
	return DaysFromCivil(astronomical, month, day), true
}

// MakeTime is a time of day; 24:00:00 is allowed.
func MakeTime(hour, minute int64, second float64) (int64, error) {
	rounded := math.RoundToEven(second * USPerSecond)
	us := hour*USPerHour + minute*USPerMinute + roundSeconds(second)
	if hour < 0 || hour > 24 || minute < 0 || minute > 59 || !(rounded >= 0 && rounded <= 60*USPerSecond) || us > USPerDay {
		return 0, sqlstate.New(sqlstate.DatetimeFieldOverflow, "time field value out of range: %d:%02d:%s", hour, minute, printSeconds(second))
	}
	return us, nil
}

// MakeTimestamp is a date and a time.
func MakeTimestamp(year, month, day, hour, minute int64, second float64) (int64, error) {
	days, ok := civilDate(year, month, day)
	if !ok {
		return 0, sqlstate.New(sqlstate.DatetimeFieldOverflow, "date field value out of range: %d-%02d-%02d", year, month, day)
	}
	if !ValidDate(days) {
		return 0, sqlstate.New(sqlstate.DatetimeFieldOverflow, "date out of range: %d-%02d-%02d", year, month, day)
	}
	us, err := MakeTime(hour, minute, second)
	if err != nil {
		return 0, err
	}
	if days > endTimestamp/USPerDay || !ValidTimestamp(days*USPerDay+us) {
		return 0, sqlstate.New(sqlstate.DatetimeFieldOverflow,
			"timestamp out of range: %d-%02d-%02d %d:%02d:%s", year, month, day, hour, minute, printSeconds(second))
	}
	return days*USPerDay + us, nil
}

// MakeInterval adds up an interval of its parts; 22008 on overflow, which PostgreSQL 15 lets wrap around.
func MakeInterval(years, months, weeks, days, hours, minutes int64, seconds float64) (Interval, error) {
	p := intervalParser{}
	p.addMonths(months, 1)
	p.addMonths(years, monthsPerYear)
	p.addDays(days, 1)
	p.addDays(weeks, 7)
	p.addUS(hours, USPerHour)
	p.addUS(minutes, USPerMinute)
	if seconds != seconds || seconds > 9e12 || seconds < -9e12 || p.overflow {
		return Interval{}, intervalRange()
	}
	if p.addUS(roundSeconds(seconds), 1); p.overflow {
		return Interval{}, intervalRange()
	}
	return Interval{int32(p.months), int32(p.days), p.us}, nil
}

// Bin is the start of the bin of width stride, counted from origin, that ts is in.
func Bin(stride Interval, ts, origin int64) (int64, error) {
	switch {
	case !IsFinite(ts):
		return ts, nil
	case !IsFinite(origin):
		return 0, outOfRange("origin out of range")
	case stride.Months != 0:
		return 0, sqlstate.New(sqlstate.FeatureNotSupported, "timestamps cannot be binned into intervals containing months or years")
	}
	days, ok := mulInt(int64(stride.Days), USPerDay)
	width := days + stride.US
	if !ok || (width > days) != (stride.US > 0) {
		return 0, intervalRange()
	}
	if width <= 0 {
		return 0, outOfRange("stride must be greater than zero")
	}
	difference := ts - origin
	if (difference < ts) != (origin > 0) {
		return 0, intervalRange()
	}
	bin := ts - floorMod64(difference, width)
	return checkTimestamp(bin, bin > ts)
}
