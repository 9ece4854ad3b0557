package functions

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

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
