package functions

import (
	"fmt"
	"strings"
	"time"
	"unicode"
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
		{Name: "to_char", Args: sig(timestamptz, text), Returns: text, Volatility: Stable, Eval: formatKernel(func(r *Row) (moment, error) {
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
		{Name: "to_timestamp", Args: sig(text, text), Returns: timestamptz, Volatility: Stable, Eval: ints(func(r *Row) (int64, error) {
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
		if m.month == 0 {
			return dst, nil
		}
		s := romanMonths[m.month-1]
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
		return number(m.day, 2)
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

// parsed is what to_date and to_timestamp read.
type parsed struct {
	days   int64
	us     int64
	zoned  bool
	offset int
}

// momentParser collects the fields that a template finds in a text.
type momentParser struct {
	text, rest       string
	year, month, day int64
	yday, julian     int64
	isoYear, isoWeek int64
	isoDay           int64
	hour, minute     int64
	second, us       int64
	seconds          int64 // SSSS
	pm, half, twelve bool
	bc               bool
	hasYear          bool
	offset           int
	zoned            bool
	negative         bool // offset
}

func parseMoment(text, template string) (parsed, error) {
	p := &momentParser{text: text, rest: text, month: 1, day: 1, seconds: -1}
	pieces := parseTemplate(template)
	for i, piece := range pieces {
		if piece.pattern == "" {
			p.separator(piece.literal)
			continue
		}
		p.rest = strings.TrimLeft(p.rest, " \t\n")
		if p.rest == "" {
			break
		}
		fixed := i+1 < len(pieces) && pieces[i+1].pattern != "" && !isName(pieces[i+1].pattern) && !piece.fill
		if err := p.field(piece, fixed); err != nil {
			return parsed{}, err
		}
	}
	return p.finish()
}

// separator skips what stands for a literal of the template: a letter or digit takes one character, anything else any
// number of characters that are neither.
func (p *momentParser) separator(literal string) {
	for _, c := range literal {
		if p.rest == "" {
			return
		}
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			_, size := utf8.DecodeRuneInString(p.rest)
			p.rest = p.rest[size:]
			continue
		}
		p.rest = strings.TrimLeft(p.rest, " ")
		if next, size := utf8.DecodeRuneInString(p.rest); size > 0 && !unicode.IsLetter(next) && !unicode.IsDigit(next) && !(next == '-' || next == '+') || next == c {
			p.rest = p.rest[size:]
		} else if next == '-' && !unicode.IsSpace(c) {
			p.rest = p.rest[1:]
		}
	}
}

func invalidField(value, pattern, detail string) error {
	return sqlstate.New(sqlstate.InvalidDatetimeFormat, "invalid value \"%s\" for \"%s\"", value, pattern).WithDetail("%s", detail)
}

// number reads an integer of at most width digits, or of as many as there are if the width is not fixed.
func (p *momentParser) number(pattern string, width int, fixed bool) (v int64, digits int, err error) {
	i := 0
	negative := strings.HasPrefix(p.rest, "-")
	if negative || strings.HasPrefix(p.rest, "+") {
		i++
	}
	from := i
	for i < len(p.rest) && p.rest[i] >= '0' && p.rest[i] <= '9' && (!fixed || i-from < width) && i-from < 12 {
		v = v*10 + int64(p.rest[i]-'0')
		i++
	}
	if i == from {
		end := 0
		for end < len(p.rest) && end < width {
			end++
		}
		return 0, 0, invalidField(p.rest[:end], pattern, "Value must be an integer.")
	}
	digits, p.rest = i-from, p.rest[i:]
	if negative {
		v = -v
	}
	return v, digits, nil
}

func (p *momentParser) name(pattern string, names []string, shortest int) (int64, error) {
	for i, name := range names {
		for _, n := range [...]string{name, name[:min(shortest, len(name))]} {
			if len(p.rest) >= len(n) && strings.EqualFold(p.rest[:len(n)], n) {
				p.rest = p.rest[len(n):]
				return int64(i), nil
			}
		}
	}
	end := strings.IndexAny(p.rest+" ", " -/.,:")
	return 0, invalidField(p.rest[:end], pattern, "The given value did not match any of the allowed values for this field.")
}

var (
	monthNames = []string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}
	dayNames   = []string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"}
	halfNames  = []string{"A.M.", "AM", "P.M.", "PM"}
	eraNames   = []string{"A.D.", "AD", "B.C.", "BC"}
)

func (p *momentParser) field(piece piece, fixed bool) (err error) {
	var v int64
	var digits int
	into := func(target *int64, width int) error {
		v, digits, err = p.number(piece.pattern, width, fixed)
		*target = v
		return err
	}
	switch piece.pattern {
	case "YYYY", "IYYY":
		target := &p.year
		if piece.pattern == "IYYY" {
			target = &p.isoYear
		}
		p.hasYear = true
		return into(target, 4)
	case "YYY", "YY", "Y", "IYY", "IY", "I":
		width := len(strings.TrimLeft(piece.pattern, "I")) + strings.Count(piece.pattern, "I")
		target := &p.year
		if piece.pattern[0] == 'I' {
			target = &p.isoYear
		}
		p.hasYear = true
		if err := into(target, width); err != nil {
			return err
		}
		*target = nearYear(v, digits)
		return nil
	case "Y,YYY":
		p.hasYear = true
		if err := into(&p.year, 9); err != nil {
			return err
		}
		if strings.HasPrefix(p.rest, ",") {
			p.rest = p.rest[1:]
			thousands := p.year
			if err := into(&p.year, 3); err != nil {
				return err
			}
			p.year += thousands * 1000
		}
		return nil
	case "MM":
		return into(&p.month, 2)
	case "MONTH", "Month", "month", "MON", "Mon", "mon":
		v, err = p.name(piece.pattern, monthNames, 3)
		p.month = v + 1
		return err
	case "RM", "rm":
		for i := len(romanMonths) - 1; i >= 0; i-- {
			if n := romanMonths[i]; len(p.rest) >= len(n) && strings.EqualFold(p.rest[:len(n)], n) && (p.month == 1 || len(n) > len(romanMonths[p.month-1])) {
				p.month = int64(i) + 1
			}
		}
		p.rest = p.rest[len(romanMonths[p.month-1]):]
		return nil
	case "DD":
		return into(&p.day, 2)
	case "DDD":
		return into(&p.yday, 3)
	case "J":
		return into(&p.julian, 7)
	case "IW", "WW":
		return into(&p.isoWeek, 2)
	case "ID":
		return into(&p.isoDay, 1)
	case "D", "W", "Q", "CC", "IDDD":
		var ignored int64
		return into(&ignored, len(piece.pattern))
	case "DAY", "Day", "day", "DY", "Dy", "dy":
		_, err = p.name(piece.pattern, dayNames, 3)
		return err
	case "HH", "HH12":
		p.twelve = true
		return into(&p.hour, 2)
	case "HH24":
		return into(&p.hour, 2)
	case "MI":
		return into(&p.minute, 2)
	case "SS":
		return into(&p.second, 2)
	case "SSSS", "SSSSS":
		return into(&p.seconds, 5)
	case "MS", "FF3":
		err = into(&p.us, 3)
		p.us = fraction(p.us, digits)
		return err
	case "US", "FF1", "FF2", "FF4", "FF5", "FF6":
		err = into(&p.us, 6)
		p.us = fraction(p.us, digits)
		return err
	case "AM", "PM", "am", "pm", "A.M.", "P.M.", "a.m.", "p.m.":
		v, err = p.name(piece.pattern, halfNames, 4)
		p.half, p.pm, p.twelve = true, v >= 2, true
		return err
	case "BC", "AD", "bc", "ad", "B.C.", "A.D.", "b.c.", "a.d.":
		v, err = p.name(piece.pattern, eraNames, 4)
		p.bc = v >= 2
		return err
	case "TZH":
		p.zoned, p.negative = true, strings.HasPrefix(p.rest, "-")
		err = into(&v, 2)
		p.offset = abs(int(v)) * 3600
		return err
	case "TZM":
		p.zoned = true
		err = into(&v, 2)
		p.offset += abs(int(v)) * 60
		return err
	}
	return sqlstate.New(sqlstate.FeatureNotSupported, "formatting field \"%s\" is only supported in to_char", piece.pattern)
}

// nearYear completes a year of fewer than four digits to the one nearest 2020.
func nearYear(v int64, digits int) int64 {
	switch {
	case digits >= 4 || v < 0:
		return v
	case v < 70:
		return v + 2000
	case v < 100:
		return v + 1900
	case v < 520:
		return v + 2000
	}
	return v + 1000
}

// fraction is v, written with so many digits behind the point, in microseconds.
func fraction(v int64, digits int) int64 {
	for ; digits < 6; digits++ {
		v *= 10
	}
	for ; digits > 6; digits-- {
		v /= 10
	}
	return v
}

func (p *momentParser) outOfRange() error {
	return sqlstate.New(sqlstate.DatetimeFieldOverflow, "date/time field value out of range: \"%s\"", p.text)
}

func (p *momentParser) finish() (parsed, error) {
	out := parsed{zoned: p.zoned, offset: p.offset}
	if p.negative {
		out.offset = -p.offset
	}
	if p.seconds >= 0 {
		p.hour, p.minute, p.second = p.seconds/3600, p.seconds/60%60, p.seconds%60
	}
	if p.twelve {
		if p.hour < 1 || p.hour > 12 {
			return out, sqlstate.New(sqlstate.InvalidDatetimeFormat, "hour \"%d\" is invalid for the 12-hour clock", p.hour).
				WithHint("Use the 24-hour clock, or give an hour between 1 and 12.")
		}
		if p.half && p.pm && p.hour < 12 {
			p.hour += 12
		} else if p.half && !p.pm && p.hour == 12 {
			p.hour = 0
		}
	}
	if p.hour > 24 || p.minute > 59 || p.second > 59 || p.hour < 0 || p.minute < 0 || p.second < 0 {
		return out, p.outOfRange()
	}
	out.us = p.hour*types.USPerHour + p.minute*types.USPerMinute + p.second*types.USPerSecond + p.us
	year := p.year
	switch {
	case !p.hasYear:
		year = 0 // 1 BC, as PostgreSQL has it where no year is given
	case p.bc:
		year = 1 - p.year
	case p.year < 0:
		year = p.year + 1
	}
	switch {
	case p.julian != 0:
		out.days = p.julian - 2451545
	case p.isoYear != 0:
		first := types.DaysFromCivil(p.isoYear, 1, 4)
		first -= (types.DayOfWeek(first) + 6) % 7
		out.days = first + (max(p.isoWeek, 1)-1)*7 + max(p.isoDay, 1) - 1
	case p.yday != 0:
		out.days = types.DaysFromCivil(year, 1, 1) + p.yday - 1
		if p.yday > 366 {
			return out, p.outOfRange()
		}
	case p.isoWeek != 0:
		out.days = types.DaysFromCivil(year, 1, 1) + (p.isoWeek-1)*7
	default:
		if p.month < 1 || p.month > 12 || p.day < 1 || p.day > types.DaysInMonth(year, p.month) {
			return out, p.outOfRange()
		}
		out.days = types.DaysFromCivil(year, p.month, p.day)
	}
	if !types.ValidDate(out.days) {
		return out, sqlstate.New(sqlstate.DatetimeFieldOverflow, "date out of range: \"%s\"", p.text)
	}
	return out, nil
}
