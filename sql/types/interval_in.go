package types

import (
	"math"
	"strconv"
	"strings"
)

func intervalIn(d *Datum, s string, mod int32, _ *Env) error {
	p := intervalParser{fields: fullRange}
	if mod >= 0 {
		p.fields = mod >> 16 & fullRange
	}
	f := p.parse(s)
	if f == dtBadFormat && strings.HasPrefix(s, "P") {
		p = intervalParser{}
		f = p.parseISO(s[1:])
	}
	if f == dtOK {
		months := p.years*monthsPerYear + p.months
		if months != int64(int32(months)) {
			return intervalRange()
		}
		i := Interval{int32(months), int32(p.days), p.us}
		d.Bytes = i.round(mod).Append(d.Bytes[:0])
		return nil
	}
	if f == dtFieldOverflow || f == dtMonthDayOverflow {
		f = dtIntervalOverflow
	}
	return f.err("interval", s)
}

// intervalUnit is what a number of an interval counts.
type intervalUnit uint16

const (
	unitUS intervalUnit = 1 << iota
	unitMS
	unitSecond
	unitMinute
	unitHour
	unitDay
	unitWeek
	unitMonth
	unitYear
	unitDecade
	unitCentury
	unitMillennium
	unitAgo               // not a unit: a number right before it has none
	unitNone intervalUnit = 0
)

// intervalUnits are the words for units, as PostgreSQL spells and abbreviates them.
var intervalUnits = map[string]intervalUnit{
	"us": unitUS, "usec": unitUS, "usecs": unitUS, "usecond": unitUS, "useconds": unitUS, "microsecon": unitUS,
	"ms": unitMS, "msec": unitMS, "msecs": unitMS, "msecond": unitMS, "mseconds": unitMS, "millisecon": unitMS,
	"s": unitSecond, "sec": unitSecond, "secs": unitSecond, "second": unitSecond, "seconds": unitSecond,
	"m": unitMinute, "min": unitMinute, "mins": unitMinute, "minute": unitMinute, "minutes": unitMinute,
	"h": unitHour, "hr": unitHour, "hrs": unitHour, "hour": unitHour, "hours": unitHour,
	"d": unitDay, "day": unitDay, "days": unitDay,
	"w": unitWeek, "week": unitWeek, "weeks": unitWeek,
	"mon": unitMonth, "mons": unitMonth, "month": unitMonth, "months": unitMonth,
	"y": unitYear, "yr": unitYear, "yrs": unitYear, "year": unitYear, "years": unitYear,
	"dec": unitDecade, "decs": unitDecade, "decade": unitDecade, "decades": unitDecade,
	"c": unitCentury, "cent": unitCentury, "century": unitCentury, "centuries": unitCentury,
	"mil": unitMillennium, "mils": unitMillennium, "millennia": unitMillennium, "millennium": unitMillennium,
}

// unitLen is how many characters of a unit's name count.
const unitLen = 10

func lookupUnit(word string) intervalUnit {
	return intervalUnits[word[:min(len(word), unitLen)]]
}

// intervalParser adds up the fields of an interval.
type intervalParser struct {
	fields              int32 // of the modifier: what a number without unit counts
	seen                intervalUnit
	years, months, days int64 // each within int32 unless overflow
	us                  int64
	overflow            bool
}

// parse reads PostgreSQL's verbose form from right to left, since a unit follows its number.
func (p *intervalParser) parse(s string) failure {
	var buf [maxTokens]token
	tokens, f := tokenize(s, buf[:0])
	if f != dtOK {
		return f
	}
	unit, ago := unitNone, false
	for i := len(tokens) - 1; i >= 0; i-- {
		text := tokens[i].text
		switch kind := tokens[i].kind; kind {
		case tokTime, tokZone, tokDate, tokNumber:
			if kind == tokTime || kind == tokZone && strings.IndexByte(text, ':') > 0 {
				if f := p.clock(text); f != dtOK {
					if kind == tokZone { // then it would have to be a number, and is none
						f = dtBadFormat
					}
					return f
				}
				unit = unitDay // a bare number before a time is days
				continue
			}
			if f := p.number(text, &unit); f != dtOK {
				return f
			}
		default:
			if text == "ago" {
				if i != len(tokens)-1 && unit != unitNone {
					return dtBadFormat
				}
				ago, unit = true, unitAgo
				continue
			}
			if unit = lookupUnit(text); unit == unitNone {
				return dtBadFormat
			}
		}
	}
	if p.seen == 0 {
		return dtBadFormat
	}
	if ago {
		if p.us == math.MinInt64 {
			return dtFieldOverflow
		}
		p.years, p.months, p.days, p.us = -p.years, -p.months, -p.days, -p.us
	}
	return dtOK
}

// clock is a time with an optional sign.
func (p *intervalParser) clock(text string) failure {
	const parts = unitHour | unitMinute | unitSecond | unitMS | unitUS
	if p.seen&parts != 0 {
		return dtBadFormat
	}
	p.seen |= parts
	negative := text[0] == '-'
	hms, us, f := clockParts(strings.TrimLeft(text, "+-"))
	if f != dtOK {
		return f
	}
	// hh:mm of an interval restricted to minutes and seconds is mm:ss.
	if p.fields == fieldMinute|fieldSecond && strings.Count(text, ":") == 1 && !strings.Contains(text, ".") {
		hms = [3]int64{0, hms[0], hms[1]}
	}
	if hms[1] > 59 || hms[2] > 60 || us > USPerSecond {
		return dtFieldOverflow
	}
	sign := int64(1)
	if negative {
		sign = -1
	}
	p.addUS(sign*hms[0], USPerHour)
	p.addUS(sign*hms[1], USPerMinute)
	p.addUS(sign*hms[2], USPerSecond)
	p.addUS(sign*us, 1)
	return p.check()
}

// number is a number and, if *unit is none, of the modifier's finest field. Hours make a number before them days.
func (p *intervalParser) number(text string, unit *intervalUnit) failure {
	switch *unit {
	case unitNone:
		*unit = p.defaultUnit()
	case unitAgo:
		return dtBadFormat
	}
	negative := text[0] == '-'
	digits := strings.TrimLeft(text, "+-")
	whole, rest := digits, ""
	if i := strings.IndexAny(digits, "-."); i >= 0 {
		whole, rest = digits[:i], digits[i:]
	}
	v := int64(0)
	if whole != "" {
		var err error
		if v, err = strconv.ParseInt(whole, 10, 64); err != nil {
			if isDigits(whole) {
				return dtFieldOverflow
			}
			return dtBadFormat
		}
	} else if rest == "" {
		return dtBadFormat
	}
	fraction := 0.0
	switch {
	case rest != "" && rest[0] == '-': // years-months
		m, err := strconv.ParseInt("0"+rest[1:], 10, 64)
		if err != nil || !isDigits(rest[1:]) {
			return dtBadFormat
		}
		if m >= monthsPerYear || v > math.MaxInt32 {
			return dtFieldOverflow
		}
		v = v*monthsPerYear + m
		*unit = unitMonth
	case rest != "":
		if !isDigits(rest[1:]) {
			return dtBadFormat
		}
		fraction, _ = strconv.ParseFloat("0"+rest+"0", 64)
	}
	if negative {
		v, fraction = -v, -fraction
	}
	seen := *unit
	if *unit == unitSecond && fraction != 0 {
		seen = unitSecond | unitMS | unitUS
	}
	if p.seen&seen != 0 {
		return dtBadFormat
	}
	p.seen |= seen
	p.add(v, fraction, *unit)
	if *unit == unitHour {
		*unit = unitDay
	}
	return p.check()
}

func (p *intervalParser) defaultUnit() intervalUnit {
	switch p.fields {
	case fieldYear:
		return unitYear
	case fieldMonth, fieldYear | fieldMonth:
		return unitMonth
	case fieldDay:
		return unitDay
	case fieldHour, fieldDay | fieldHour:
		return unitHour
	case fieldMinute, fieldHour | fieldMinute, fieldDay | fieldHour | fieldMinute:
		return unitMinute
	}
	return unitSecond
}

func (p *intervalParser) add(v int64, fraction float64, unit intervalUnit) {
	switch unit {
	case unitUS:
		p.addUS(v, 1)
		p.addUS(int64(math.RoundToEven(fraction)), 1)
	case unitMS:
		p.addUS(v, 1000)
		p.addFraction(fraction, 1000)
	case unitSecond:
		p.addUS(v, USPerSecond)
		p.addFraction(fraction, USPerSecond)
	case unitMinute:
		p.addUS(v, USPerMinute)
		p.addFraction(fraction, USPerMinute)
	case unitHour:
		p.addUS(v, USPerHour)
		p.addFraction(fraction, USPerHour)
	case unitDay:
		p.addDays(v, 1)
		p.addFraction(fraction, USPerDay)
	case unitWeek:
		p.addDays(v, 7)
		p.addFractionDays(fraction, 7)
	case unitMonth:
		p.addMonths(v, 1)
		p.addFractionDays(fraction, daysPerMonth)
	case unitYear:
		p.addYears(v, fraction, 1)
	case unitDecade:
		p.addYears(v, fraction, 10)
	case unitCentury:
		p.addYears(v, fraction, 100)
	case unitMillennium:
		p.addYears(v, fraction, 1000)
	}
}

func (p *intervalParser) addUS(v, unit int64) {
	product, ok := mulInt(v, unit)
	sum := p.us + product
	p.overflow = p.overflow || !ok || (sum > p.us) != (product > 0)
	p.us = sum
}

// addFraction adds part of a unit, rounded to microseconds.
func (p *intervalParser) addFraction(fraction float64, unit int64) {
	fraction *= float64(unit)
	us := math.Trunc(fraction)
	switch rest := fraction - us; {
	case rest > 0.5:
		us++
	case rest < -0.5:
		us--
	}
	p.addUS(int64(us), 1)
}

func (p *intervalParser) addDays(v, unit int64) {
	product, ok := mulInt(v, unit)
	p.days += product
	p.overflow = p.overflow || !ok || p.days != int64(int32(p.days))
}

func (p *intervalParser) addFractionDays(fraction float64, days int64) {
	fraction *= float64(days)
	whole := math.Trunc(fraction)
	p.addDays(int64(whole), 1)
	p.addFraction(fraction-whole, USPerDay)
}

func (p *intervalParser) addMonths(v, unit int64) {
	product, ok := mulInt(v, unit)
	p.months += product
	p.overflow = p.overflow || !ok || p.months != int64(int32(p.months))
}

func (p *intervalParser) addYears(v int64, fraction float64, years int64) {
	product, ok := mulInt(v, years)
	p.years += product
	p.overflow = p.overflow || !ok || p.years != int64(int32(p.years))
	p.addMonths(int64(math.RoundToEven(fraction*float64(years)*monthsPerYear)), 1)
}

func (p *intervalParser) check() failure {
	if p.overflow {
		return dtFieldOverflow
	}
	return dtOK
}

// isoUnits are the designators of ISO 8601 before and after T.
var isoUnits = [2]map[byte]intervalUnit{
	{'Y': unitYear, 'M': unitMonth, 'W': unitWeek, 'D': unitDay},
	{'H': unitHour, 'M': unitMinute, 'S': unitSecond},
}

// parseISO reads what follows the P of ISO 8601: 1Y2M3DT4H5M6.7S, 0001-02-03T04:05:06, 00010203T040506.
func (p *intervalParser) parseISO(s string) failure {
	inTime := 0
	seen := false
	for s != "" {
		if s[0] == 'T' {
			inTime, s = 1, s[1:]
			seen = false
			continue
		}
		n := 0
		for n < len(s) && (isDigit(s[n]) || strings.IndexByte("+-.", s[n]) >= 0 && (n == 0 || s[n] == '.')) {
			n++
		}
		if n == 0 {
			return dtBadFormat
		}
		number := s[:n]
		if n == len(s) || isoUnits[inTime][s[n]] == unitNone {
			if seen {
				return dtBadFormat
			}
			f, rest := p.isoFields(s, inTime)
			if f != dtOK {
				return f
			}
			s, seen = rest, true
			continue
		}
		v, err := strconv.ParseFloat(number, 64)
		if err != nil {
			return dtBadFormat
		}
		if math.Abs(v) > math.MaxInt64/2 {
			return dtFieldOverflow
		}
		whole := math.Trunc(v)
		unit := isoUnits[inTime][s[n]]
		p.seen |= unit
		p.add(int64(whole), v-whole, unit)
		if f := p.check(); f != dtOK {
			return f
		}
		s, seen = s[n+1:], true
	}
	if p.seen == 0 {
		return dtBadFormat
	}
	return dtOK
}

// isoFields reads the alternative form of the date part (Y-M-D or YYYYMMDD) or the time part (H:M:S or HHMMSS).
func (p *intervalParser) isoFields(s string, inTime int) (failure, string) {
	part, rest := s, ""
	if inTime == 0 {
		if i := strings.IndexByte(s, 'T'); i >= 0 {
			part, rest = s[:i], s[i:]
		}
	}
	units, separator := [3]intervalUnit{unitYear, unitMonth, unitDay}, "-"
	widths := [3]int{4, 2, 2}
	if inTime == 1 {
		units, separator = [3]intervalUnit{unitHour, unitMinute, unitSecond}, ":"
		widths = [3]int{2, 2, 2}
	}
	sign := int64(1)
	if part[0] == '-' || part[0] == '+' {
		if part[0] == '-' {
			sign = -1
		}
		part = part[1:]
	}
	fields := strings.Split(part, separator)
	if whole, _, _ := strings.Cut(part, "."); len(fields) == 1 && len(whole) == widths[0]+widths[1]+widths[2] {
		fields = []string{part[:widths[0]], part[widths[0] : widths[0]+2], part[widths[0]+2:]}
	}
	if len(fields) > 3 {
		return dtBadFormat, ""
	}
	for i, field := range fields {
		whole, fraction, _ := strings.Cut(field, ".")
		v, err := strconv.ParseInt(whole, 10, 64)
		if err != nil || !isDigits(fraction) || fraction != "" && i != len(fields)-1 {
			return dtBadFormat, ""
		}
		f := 0.0
		if fraction != "" {
			f, _ = strconv.ParseFloat("0."+fraction, 64)
		}
		p.seen |= units[i]
		p.add(sign*v, float64(sign)*f, units[i])
		sign = 1 // it is the first field's only
	}
	return p.check(), rest
}
