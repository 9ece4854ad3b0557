package functions

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

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
			m.zoned = true
			return m, err
		})},
		{Name: "to_char", Args: sig(interval, text), Returns: text, Eval: formatKernel(func(r *Row) (moment, error) {
			return intervalMoment(types.IntervalOf(r.Bytes(0))), nil
		})},
		{Name: "to_date", Args: sig(text, text), Returns: date, Eval: ints(func(r *Row) (int64, error) {
			p, err := parseMoment(r.Text(0), r.Text(1))
			if err != nil {
				return 0, err
			}
			return p.days, nil
		})},
		{Name: "to_timestamp", Args: sig(text, text), Returns: timestamptz, Volatility: Stable, Standing: true, Eval: ints(func(r *Row) (int64, error) {
			p, err := parseMoment(r.Text(0), r.Text(1))
			if err != nil {
				return 0, err
			}
			ts, err := types.DateToTimestamp(p.days)
			if err != nil {
				return 0, err
			}
			if p.zoned {
				return ts + p.us - int64(p.offset)*types.USPerSecond, nil
			}
			return types.TimestampToInstant(ts+p.us, r.Ctx.zone())
		})},
	}
}

// moment is what a template can print: a point on the calendar, or the parts of an interval.
type moment struct {
	days             int64 // date; 0 for an interval
	year, month, day int64 // year is astronomical
	hour, minute     int64
	second, us       int64
	interval         bool
	zoned            bool
	offset           int // seconds east of UTC
	zone             string
}

func localMoment(ts int64) (moment, error) {
	if !types.IsFinite(ts) {
		return moment{}, errNull
	}
	days, clock := types.SplitTimestamp(ts)
	m := moment{days: days}
	m.year, m.month, m.day = types.CivilFromDays(days)
	m.setClock(clock)
	return m, nil
}

func (m *moment) setClock(us int64) {
	m.hour, m.minute = us/types.USPerHour, us/types.USPerMinute%60
	m.second, m.us = us/types.USPerSecond%60, us%types.USPerSecond
}

func intervalMoment(i types.Interval) moment {
	m := moment{interval: true, year: int64(i.Months / 12), month: int64(i.Months % 12), day: int64(i.Days)}
	m.setClock(i.US)
	return m
}

// piece is one element of a template: a pattern, or literal text.
type piece struct {
	pattern string // canonical: upper case, unless its case matters
	literal string
	fill    bool // FM
	th      string
}

// namePatterns are those whose case is that of the output; the rest may be written in any case.
var namePatterns = []string{
	"A.D.", "a.d.", "B.C.", "b.c.", "A.M.", "a.m.", "P.M.", "p.m.", "MONTH", "Month", "month", "MON", "Mon", "mon", "DAY", "Day", "day",
	"DY", "Dy", "dy", "AD", "ad", "BC", "bc", "AM", "am", "PM", "pm", "RM", "rm", "TZH", "TZM", "TZ", "tz",
}

// patterns are the others, longer ones before their prefixes.
var patterns = []string{
	"Y,YYY", "SSSSS", "SSSS", "HH24", "HH12", "IDDD", "IYYY", "YYYY", "DDD", "IYY", "YYY", "FF1", "FF2", "FF3", "FF4", "FF5", "FF6",
	"CC", "DD", "HH", "ID", "IW", "IY", "MI", "MM", "MS", "OF", "SS", "US", "WW", "YY", "D", "I", "J", "Q", "W", "Y",
}

// templates is keyed by the template's text.
var templates cache[string, []piece]

func parseTemplate(s string) []piece {
	if p, ok := templates.get(s); ok {
		return p
	}
	s = strings.Clone(s)
	var out []piece
	key, fill := s, false
next:
	for s != "" {
		if len(s) >= 2 && strings.EqualFold(s[:2], "FM") {
			fill, s = true, s[2:]
			continue
		}
		if len(s) >= 2 && (strings.EqualFold(s[:2], "FX") || strings.EqualFold(s[:2], "TM")) {
			s = s[2:]
			continue
		}
		for _, list := range [...][]string{namePatterns, patterns} {
			for _, p := range list {
				if len(s) < len(p) || s[:len(p)] != p && (&list[0] == &namePatterns[0] || !strings.EqualFold(s[:len(p)], p)) {
					continue
				}
				s = s[len(p):]
				found := piece{pattern: p, fill: fill}
				if len(s) >= 2 && (s[:2] == "TH" || s[:2] == "th") {
					found.th, s = s[:2], s[2:]
				}
				out, fill = append(out, found), false
				continue next
			}
		}
		if s[0] == '"' {
			s = s[1:]
			var text strings.Builder
			for s != "" && s[0] != '"' {
				if s[0] == '\\' && len(s) > 1 {
					s = s[1:]
				}
				text.WriteByte(s[0])
				s = s[1:]
			}
			out, s = append(out, piece{literal: text.String()}), strings.TrimPrefix(s, `"`)
			continue
		}
		if s[0] == '\\' && len(s) > 1 && s[1] == '"' {
			s = s[1:]
		}
		_, size := utf8.DecodeRuneInString(s)
		out, s = append(out, piece{literal: s[:size]}), s[size:]
	}
	templates.put(key, out)
	return out
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
func (m *moment) shownYear(year int64) int64 {
	if m.interval || year > 0 {
		return year
	}
	return 1 - year
}

func (m *moment) append(dst []byte, p piece) ([]byte, error) {
	if m.interval && strings.ContainsAny(p.pattern[:1], "AaBb") && !strings.ContainsAny(p.pattern, "Mm") || m.interval && isName(p.pattern) {
		return nil, sqlstate.New(sqlstate.InvalidDatetimeFormat, "invalid format specification for an interval value").WithHint("Intervals are not tied to specific calendar dates.")
	}
	number := func(v int64, width int) ([]byte, error) {
		if p.fill {
			width = 0
		}
		text := fmt.Sprintf("%0*d", width, v)
		if v < 0 && width > 0 {
			text = fmt.Sprintf("%0*d", width+1, v)
		}
		dst = append(dst, text...)
		if p.th != "" {
			dst = append(dst, ordinal(text, p.th == "TH")...)
		}
		return dst, nil
	}
	word := func(s string, width int) ([]byte, error) {
		dst = append(dst, s...)
		for n := len(s); n < width && !p.fill; n++ {
			dst = append(dst, ' ')
		}
		return dst, nil
	}
	yday := m.days - types.DaysFromCivil(m.year, 1, 1) + 1
	isoYear, isoWeek := types.ISOWeek(m.days)
	dow := types.DayOfWeek(m.days)
	isoDow := (dow+6)%7 + 1
	switch p.pattern {
	case "HH", "HH12":
		h := m.hour % 12
		if h == 0 {
			h = 12
		}
		return number(h, 2)
	case "HH24":
		return number(m.hour, 2)
	case "MI":
		return number(m.minute, 2)
	case "SS":
		return number(m.second, 2)
	case "MS":
		return number(m.us/1000, 3)
	case "US":
		return number(m.us, 6)
	case "FF1", "FF2", "FF3", "FF4", "FF5", "FF6":
		digits := int64(p.pattern[2] - '0')
		v := m.us
		for i := digits; i < 6; i++ {
			v /= 10
		}
		return number(v, int(digits))
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
		return number(m.shownYear(m.year), 4)
	case "YYY":
		return number(m.shownYear(m.year)%1000, 3)
	case "YY":
		return number(m.shownYear(m.year)%100, 2)
	case "Y":
		return number(m.shownYear(m.year)%10, 1)
	case "Y,YYY":
		y := m.shownYear(m.year)
		return append(dst, fmt.Sprintf("%d,%03d", y/1000, y%1000)...), nil
	case "IYYY":
		return number(m.shownYear(isoYear), 4)
	case "IYY":
		return number(m.shownYear(isoYear)%1000, 3)
	case "IY":
		return number(m.shownYear(isoYear)%100, 2)
	case "I":
		return number(m.shownYear(isoYear)%10, 1)
	case "CC":
		if m.interval {
			return number(m.year/100, 2)
		}
		if m.year > 0 {
			return number((m.year-1)/100+1, 2)
		}
		return number(m.year/100-1, 2)
	case "MM":
		return number(m.month, 2)
	case "MONTH":
		return word(strings.ToUpper(time.Month(m.month).String()), 9)
	case "Month":
		return word(time.Month(m.month).String(), 9)
	case "month":
		return word(strings.ToLower(time.Month(m.month).String()), 9)
	case "MON":
		return word(strings.ToUpper(time.Month(m.month).String()[:3]), 0)
	case "Mon":
		return word(time.Month(m.month).String()[:3], 0)
	case "mon":
		return word(strings.ToLower(time.Month(m.month).String()[:3]), 0)
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
		return word(s, 4)
	case "DAY":
		return word(strings.ToUpper(time.Weekday(dow).String()), 9)
	case "Day":
		return word(time.Weekday(dow).String(), 9)
	case "day":
		return word(strings.ToLower(time.Weekday(dow).String()), 9)
	case "DY":
		return word(strings.ToUpper(time.Weekday(dow).String()[:3]), 0)
	case "Dy":
		return word(time.Weekday(dow).String()[:3], 0)
	case "dy":
		return word(strings.ToLower(time.Weekday(dow).String()[:3]), 0)
	case "DDD":
		return number(yday, 3)
	case "IDDD":
		return number((isoWeek-1)*7+isoDow, 3)
	case "DD":
		width := 2
		if m.day < 0 { // the sign is one of the two
			width = 1
		}
		return number(m.day, width)
	case "D":
		return number(dow+1, 1)
	case "ID":
		return number(isoDow, 1)
	case "WW":
		return number((yday-1)/7+1, 2)
	case "IW":
		return number(isoWeek, 2)
	case "W":
		return number((m.day-1)/7+1, 1)
	case "Q":
		if m.month == 0 {
			return dst, nil
		}
		return number((m.month-1)/3+1, 1)
	case "J":
		return number(m.days+2451545, 1)
	case "BC", "AD":
		return word(era(m.year, "BC", "AD"), 0)
	case "bc", "ad":
		return word(era(m.year, "bc", "ad"), 0)
	case "B.C.", "A.D.":
		return word(era(m.year, "B.C.", "A.D."), 0)
	case "b.c.", "a.d.":
		return word(era(m.year, "b.c.", "a.d."), 0)
	case "TZ":
		return word(strings.ToUpper(m.zone), 0)
	case "tz":
		return word(strings.ToLower(m.zone), 0)
	case "TZH":
		return append(dst, fmt.Sprintf("%c%02d", signOf(m.offset), abs(m.offset)/3600)...), nil
	case "TZM":
		return append(dst, fmt.Sprintf("%02d", abs(m.offset)%3600/60)...), nil
	case "OF":
		dst = append(dst, fmt.Sprintf("%c%02d", signOf(m.offset), abs(m.offset)/3600)...)
		if rest := abs(m.offset) % 3600 / 60; rest != 0 {
			dst = append(dst, fmt.Sprintf(":%02d", rest)...)
		}
	}
	return dst, nil
}

// isName tells whether a pattern prints what an interval does not have: a day of the week, a month's name, a zone.
func isName(pattern string) bool {
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

func era(year int64, bc, ad string) string {
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

// ordinal is the ending of an ordinal number.
func ordinal(digits string, upper bool) string {
	ending := "th"
	if n := len(digits); n < 2 || digits[n-2] != '1' {
		switch digits[n-1] {
		case '1':
			ending = "st"
		case '2':
			ending = "nd"
		case '3':
			ending = "rd"
		}
	}
	if upper {
		return strings.ToUpper(ending)
	}
	return ending
}
