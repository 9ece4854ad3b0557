package functions

import (
	"math"

	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// toDate is to_date: the date of what a template finds in a text.
func toDate(r *Row) (int64, error) {
	m, err := readMoment(r.Text(0), r.Text(1))
	if err != nil {
		return 0, err
	}
	days := int64(julianDay(m.year, m.month, m.day)) - julianEpoch
	if !validJulian(m.year, m.month) || !types.ValidDate(days) {
		return 0, sqlstate.New(sqlstate.DatetimeFieldOverflow, "date out of range: \"%s\"", r.Text(0))
	}
	return days, nil
}

// toTimestamp is to_timestamp of a text, in the session's zone unless the text has one.
func toTimestamp(r *Row) (int64, error) {
	m, err := readMoment(r.Text(0), r.Text(1))
	if err != nil {
		return 0, err
	}
	outOfRange := sqlstate.New(sqlstate.DatetimeFieldOverflow, "timestamp out of range")
	if !validJulian(m.year, m.month) {
		return 0, outOfRange
	}
	days := int64(julianDay(m.year, m.month, m.day)) - julianEpoch
	if days > math.MaxInt64/types.USPerDay-1 || days < math.MinInt64/types.USPerDay+1 {
		return 0, outOfRange
	}
	ts := days*types.USPerDay + m.hour*types.USPerHour + m.minute*types.USPerMinute + m.second*types.USPerSecond + m.us
	if m.zoned {
		ts -= int64(m.offset) * types.USPerSecond
	} else {
		ts = types.ToInstant(ts, r.Ctx.zone())
	}
	if !types.ValidTimestamp(ts) {
		return 0, outOfRange
	}
	if m.precision > 0 {
		ts = roundTime(ts, [...]int64{1e6, 1e5, 1e4, 1e3, 100, 10, 1}[m.precision])
	}
	return ts, nil
}

const julianEpoch = 2451545 // the Julian day of 2000-01-01

// readTime is what was read: a date, whose month and day are in range where the year is known too, and a time of day.
type readTime struct {
	year, month, day         int32 // year is astronomical
	hour, minute, second, us int64
	precision                int // of FF1 to FF6; 0 if none was read
	zoned                    bool
	offset                   int // seconds east of UTC
}

func readMoment(s, template string) (readTime, error) {
	p := &momentReader{all: s, rest: s}
	if err := p.read(parseTemplate(template)); err != nil {
		return readTime{}, err
	}
	return p.finish()
}

func (p *momentReader) outOfRange() error {
	return sqlstate.New(sqlstate.DatetimeFieldOverflow, "date/time field value out of range: \"%s\"", p.all)
}

// finish makes a date and a time of the fields.
func (p *momentReader) finish() (readTime, error) {
	out := readTime{month: 1, day: 1, precision: p.precision}
	if err := p.clock(&out); err != nil {
		return out, err
	}
	if err := p.calendar(&out); err != nil {
		return out, err
	}
	out.us = int64(p.milli*1000) + int64(p.micro)
	if out.hour < 0 || out.hour > 23 || out.minute < 0 || out.minute > 59 || out.second < 0 || out.second > 59 || out.us < 0 || out.us >= types.USPerSecond {
		return out, p.outOfRange()
	}
	if p.zoneSign != 0 {
		if p.zoneHour < 0 || p.zoneHour > 15 || p.zoneMins < 0 || p.zoneMins > 59 {
			return out, sqlstate.New("22009", "time zone displacement out of range: \"%s\"", p.all)
		}
		out.zoned, out.offset = true, int(p.zoneSign)*int(p.zoneHour*3600+p.zoneMins*60)
	}
	return out, nil
}

// clock is the time of day; it is not in range yet.
func (p *momentReader) clock(out *readTime) error {
	out.hour, out.minute, out.second = int64(p.seconds/3600), int64(p.seconds/60%60), int64(p.seconds%60)
	if p.second != 0 {
		out.second = int64(p.second)
	}
	if p.minute != 0 {
		out.minute = int64(p.minute)
	}
	if p.hour != 0 {
		out.hour = int64(p.hour)
	}
	if !p.twelve {
		return nil
	}
	if out.hour < 1 || out.hour > 12 {
		return sqlstate.New(sqlstate.InvalidDatetimeFormat, "hour \"%d\" is invalid for the 12-hour clock", out.hour).
			WithHint("Use the 24-hour clock, or give an hour between 1 and 12.")
	}
	if p.pm == 1 && out.hour < 12 {
		out.hour += 12
	} else if p.pm == 0 && out.hour == 12 {
		out.hour = 0
	}
	return nil
}

// calendar is the date. Month and day are checked where they were read, and against each other where the year was too.
func (p *momentReader) calendar(out *readTime) error {
	hasYear := p.setYear(out)
	hasMonth, hasDay := false, false
	whole := func() { hasYear, hasMonth, hasDay = true, true, true }
	if p.julian != 0 {
		out.year, out.month, out.day = civilDay(p.julian)
		whole()
	}
	switch {
	case p.week == 0:
	case p.convention == isoWeeks:
		n := firstMonday(out.year) + (p.week-1)*7
		switch {
		case p.weekday > 1:
			n += p.weekday - 2
		case p.weekday != 0:
			n += 6
		}
		out.year, out.month, out.day = civilDay(n)
		whole()
	default:
		p.yday = (p.week-1)*7 + 1
	}
	if p.weekOfMonth != 0 {
		p.day = (p.weekOfMonth-1)*7 + 1
	}
	if p.day != 0 {
		out.day, hasDay = p.day, true
	}
	if p.month != 0 {
		out.month, hasMonth = p.month, true
	}
	if p.yday != 0 && (out.month <= 1 || out.day <= 1) {
		if out.year == 0 && p.bc == 0 {
			return sqlstate.New(sqlstate.InvalidDatetimeFormat, "cannot calculate day of year without year information")
		}
		if p.convention == isoWeeks {
			out.year, out.month, out.day = civilDay(firstMonday(out.year) - 1 + p.yday)
			whole()
		} else {
			month, day := monthOfDay(out.year, p.yday)
			if out.month <= 1 {
				out.month = month
			}
			if out.day <= 1 {
				out.day = day
			}
			hasMonth, hasDay = true, true
		}
	}
	if hasMonth && (out.month < 1 || out.month > 12) || hasDay && (out.day < 1 || out.day > 31) ||
		hasYear && hasMonth && hasDay && int64(out.day) > types.DaysInMonth(int64(out.year), int64(out.month)) {
		return p.outOfRange()
	}
	return nil
}

// setYear is the year of the century, the year and the era that were read, if any was.
func (p *momentReader) setYear(out *readTime) bool {
	if p.bc == 1 {
		p.century = -p.century
	}
	switch {
	case p.year == 0 && p.century == 0:
		return false
	case p.year == 0 && p.century > 0:
		out.year = (p.century-1)*100 + 1
	case p.year == 0:
		out.year = p.century*100 + 1
	case p.century != 0 && p.yearDigits <= 2:
		out.year = p.year % 100
		switch {
		case out.year != 0 && p.century > 0:
			out.year += (p.century - 1) * 100
		case out.year != 0:
			out.year = (p.century+1)*100 - out.year + 1
		case p.century > 0:
			out.year = p.century * 100
		default:
			out.year = p.century*100 + 1
		}
	default:
		if out.year = p.year; p.bc == 1 {
			out.year = -out.year
		}
		if out.year < 0 {
			out.year++
		}
	}
	return true
}

// monthOfDay is the month of a day of a year, and its day there: 13 for a day behind the end.
func monthOfDay(year, yday int32) (month, day int32) {
	day = yday
	for month = 1; month <= 12; month++ {
		n := int32(types.DaysInMonth(int64(year), int64(month)))
		if day <= n {
			break
		}
		day -= n
	}
	return month, day
}
