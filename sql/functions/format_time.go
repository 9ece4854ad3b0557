package functions

import (
	"fmt"
	"strings"
	"time"

	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// timeFormats are to_char of dates and times, and to_date and to_timestamp: section 9.8 of PostgreSQL's manual.
func timeFormats() []Function {
	return []Function{
		{Name: "to_char", Args: sig(timestamp, text), Returns: text, Eval: formatKernel(func(r *Row) (moment, error) {
			return localMoment(r.Int(0))
		})},
		{Name: "to_char", Args: sig(timestamptz, text), Returns: text, Volatility: Stable, Standing: true, Eval: formatKernel(func(r *Row) (moment, error) {
			if !types.IsFinite(r.Int(0)) {
				return moment{}, errNull
			}
			loc := r.Ctx.zone()
			m, err := localMoment(types.ToLocal(r.Int(0), loc))
			m.offset = types.Offset(r.Int(0), loc)
			m.zone, _ = types.ZoneName(r.Int(0), loc)
			return m, err
		})},
		{Name: "to_char", Args: sig(interval, text), Returns: text, Eval: formatKernel(func(r *Row) (moment, error) {
			return intervalMoment(types.IntervalOf(r.Bytes(0))), nil
		})},
		{Name: "to_date", Args: sig(text, text), Returns: date, Volatility: Stable, Standing: true, Eval: ints(toDate)},
		{Name: "to_timestamp", Args: sig(text, text), Returns: timestamptz, Volatility: Stable, Standing: true, Eval: ints(toTimestamp)},
	}
}

// moment is what a template can print: a point on the calendar, or the parts of an interval. The calendar's numbers have
// 32 bits and wrap around, since the parts of an interval need not be a date.
type moment struct {
	year, month, day int32 // year is astronomical
	yday, weekday    int32
	hour             int64
	minute, second   int64
	us               int64
	interval         bool
	offset           int // seconds east of UTC
	zone             string
}

func localMoment(ts int64) (moment, error) {
	if !types.IsFinite(ts) {
		return moment{}, errNull
	}
	days, clock := types.SplitTimestamp(ts)
	year, month, day := types.CivilFromDays(days)
	m := moment{year: int32(year), month: int32(month), day: int32(day), weekday: int32(types.DayOfWeek(days))}
	m.yday = int32(days-types.DaysFromCivil(year, 1, 1)) + 1
	m.setClock(clock)
	return m, nil
}

func (m *moment) setClock(us int64) {
	m.hour, m.minute = us/types.USPerHour, us/types.USPerMinute%60
	m.second, m.us = us/types.USPerSecond%60, us%types.USPerSecond
}

func intervalMoment(i types.Interval) moment {
	m := moment{interval: true, year: i.Months / 12, month: i.Months % 12, day: i.Days}
	m.yday = (m.year*12+m.month)*30 + m.day
	m.setClock(i.US)
	return m
}

func formatKernel(read func(r *Row) (moment, error)) Kernel {
	return blobs(func(r *Row, dst []byte) ([]byte, error) {
		if len(r.Bytes(1)) == 0 {
			return nil, errNull
		}
		m, err := read(r)
		if err != nil {
			return nil, err
		}
		for _, p := range parseTemplate(r.Text(1)) {
			if p.pattern == "" {
				dst = append(dst, p.literal...)
				continue
			}
			if dst, err = m.append(dst, p); err != nil {
				return nil, err
			}
		}
		return dst, nil
	})
}

var romanMonths = [...]string{"I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"}

// shownYear is the year as it is written: there is no year 0.
func (m *moment) shownYear(year int32) int64 {
	if m.interval || year > 0 {
		return int64(year)
	}
	return int64(-(year - 1))
}

// width is how many places a number takes whose sign is that of v.
func width(places int, v int64) int {
	if v < 0 {
		return places + 1
	}
	return places
}

func (m *moment) append(dst []byte, p piece) ([]byte, error) {
	if m.interval && needsDate(p.pattern) {
		return nil, sqlstate.New(sqlstate.InvalidDatetimeFormat, "invalid format specification for an interval value").WithHint("Intervals are not tied to specific calendar dates.")
	}
	number := func(v int64, width int) ([]byte, error) {
		if p.fill {
			width = 0
		}
		digits := fmt.Sprintf("%0*d", width, v)
		dst = append(dst, digits...)
		if p.th == "" {
			return dst, nil
		}
		return appendOrdinal(dst, digits, p.th == "TH")
	}
	plain := func(v int64, places int) ([]byte, error) { // FM changes nothing
		p.fill = false
		return number(v, places)
	}
	word := func(s string, width int) ([]byte, error) {
		dst = append(dst, s...)
		for n := len(s); n < width && !p.fill && !p.local; n++ {
			dst = append(dst, ' ')
		}
		return dst, nil
	}
	monthName := func() string { return time.Month(m.month).String() }
	dayName := func() string { return time.Weekday(m.weekday).String() }
	year, isoYear := m.shownYear(m.year), func() int64 { return m.shownYear(isoYearOf(m.year, m.month, m.day)) }
	switch p.pattern {
	case "HH", "HH12":
		h := m.hour % 12
		if h == 0 {
			h = 12
		}
		return number(h, width(2, m.hour))
	case "HH24":
		return number(m.hour, width(2, m.hour))
	case "MI":
		return number(m.minute, width(2, m.minute))
	case "SS":
		return number(m.second, width(2, m.second))
	case "MS":
		return plain(m.us/1000, 3)
	case "US":
		return plain(m.us, 6)
	case "FF1", "FF2", "FF3", "FF4", "FF5", "FF6":
		digits := int(p.pattern[2] - '0')
		v := m.us
		for i := digits; i < 6; i++ {
			v /= 10
		}
		return plain(v, digits)
	case "SSSS", "SSSSS":
		return number(m.hour*3600+m.minute*60+m.second, 0)
	case "AM", "PM":
		return word(halfDay(m.hour, "AM", "PM"), 0)
	case "am", "pm":
		return word(halfDay(m.hour, "am", "pm"), 0)
	case "A.M.", "P.M.":
		return word(halfDay(m.hour, "A.M.", "P.M."), 0)
	case "a.m.", "p.m.":
		return word(halfDay(m.hour, "a.m.", "p.m."), 0)
	case "YYYY":
		return number(year, width(4, year))
	case "YYY":
		return number(year%1000, width(3, year))
	case "YY":
		return number(year%100, width(2, year))
	case "Y":
		return number(year%10, 1)
	case "Y,YYY":
		dst = append(dst, fmt.Sprintf("%d,%03d", year/1000, year%1000)...)
		if p.th == "" {
			return dst, nil
		}
		return appendOrdinal(dst, string(dst[len(dst)-2:]), p.th == "TH")
	case "IYYY":
		return number(isoYear(), width(4, year))
	case "IYY":
		return number(isoYear()%1000, width(3, year))
	case "IY":
		return number(isoYear()%100, width(2, year))
	case "I":
		return number(isoYear()%10, 1)
	case "CC":
		century := int64(m.year)
		switch {
		case m.interval:
			century /= 100
		case century > 0:
			century = (century-1)/100 + 1
		default:
			century = century/100 - 1
		}
		return number(century, width(2, century))
	case "MM":
		return number(int64(m.month), width(2, int64(m.month)))
	case "MONTH":
		return word(strings.ToUpper(monthName()), 9)
	case "Month":
		return word(monthName(), 9)
	case "month":
		return word(strings.ToLower(monthName()), 9)
	case "MON":
		return word(strings.ToUpper(monthName()[:3]), 0)
	case "Mon":
		return word(monthName()[:3], 0)
	case "mon":
		return word(strings.ToLower(monthName()[:3]), 0)
	case "RM", "rm":
		month := m.month
		switch { // of an interval, PostgreSQL's answers
		case month < 0:
			month += 13
		case month == 0 && m.year == 0:
			return dst, nil
		case month == 0 && m.year < 0:
			month = 1
		case month == 0:
			month = 12
		}
		s := romanMonths[month-1]
		if p.pattern == "rm" {
			s = strings.ToLower(s)
		}
		if !p.fill {
			s = fmt.Sprintf("%-4s", s)
		}
		return append(dst, s...), nil
	case "DAY":
		return word(strings.ToUpper(dayName()), 9)
	case "Day":
		return word(dayName(), 9)
	case "day":
		return word(strings.ToLower(dayName()), 9)
	case "DY":
		return word(strings.ToUpper(dayName()[:3]), 0)
	case "Dy":
		return word(dayName()[:3], 0)
	case "dy":
		return word(strings.ToLower(dayName()[:3]), 0)
	case "DDD":
		return number(int64(m.yday), 3)
	case "IDDD":
		return number(int64(isoYearDay(m.year, m.month, m.day)), 3)
	case "DD":
		return number(int64(m.day), 2)
	case "D":
		return number(int64(m.weekday)+1, 1)
	case "ID":
		return number(int64(m.weekday+6)%7+1, 1)
	case "WW":
		return number(int64((m.yday-1)/7)+1, 2)
	case "IW":
		return number(int64(isoWeekOf(m.year, m.month, m.day)), 2)
	case "W":
		return number(int64((m.day-1)/7)+1, 1)
	case "Q":
		if m.month == 0 {
			return dst, nil
		}
		return number(int64((m.month-1)/3)+1, 1)
	case "J":
		return number(int64(julianDay(m.year, m.month, m.day)), 1)
	case "BC", "AD":
		return word(era(m.year, "BC", "AD"), 0)
	case "bc", "ad":
		return word(era(m.year, "bc", "ad"), 0)
	case "B.C.", "A.D.":
		return word(era(m.year, "B.C.", "A.D."), 0)
	case "b.c.", "a.d.":
		return word(era(m.year, "b.c.", "a.d."), 0)
	case "TZ":
		return append(dst, m.zone...), nil
	case "tz":
		return append(dst, strings.ToLower(m.zone)...), nil
	case "TZH":
		return append(dst, fmt.Sprintf("%c%02d", signOf(m.offset), abs(m.offset)/3600)...), nil
	case "TZM":
		return append(dst, fmt.Sprintf("%02d", abs(m.offset)%3600/60)...), nil
	case "OF":
		places := 2
		if p.fill {
			places = 0
		}
		dst = append(dst, fmt.Sprintf("%c%0*d", signOf(m.offset), places, abs(m.offset)/3600)...)
		if abs(m.offset)%3600 != 0 {
			dst = append(dst, fmt.Sprintf(":%02d", abs(m.offset)%3600/60)...)
		}
	}
	return dst, nil
}

// needsDate tells whether a pattern prints what an interval does not have: a day of the week, a month's name, an era, a zone.
func needsDate(pattern string) bool {
	switch strings.ToUpper(pattern) {
	case "MONTH", "MON", "DAY", "DY", "TZ", "TZH", "TZM", "OF", "D", "ID", "AD", "BC", "A.D.", "B.C.":
		return true
	}
	return false
}

func halfDay(hour int64, am, pm string) string {
	if hour%24 >= 12 {
		return pm
	}
	return am
}

func era(year int32, bc, ad string) string {
	if year <= 0 {
		return bc
	}
	return ad
}

func signOf(v int) byte {
	if v < 0 {
		return '-'
	}
	return '+'
}

func abs(v int) int { return max(v, -v) }
