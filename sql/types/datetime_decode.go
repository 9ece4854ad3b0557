package types

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// What a dateParser has seen.
const (
	sawYear = 1 << iota
	sawMonth
	sawDay
	sawTime
	sawZone
	sawEra
	sawMeridiem

	sawDate = sawYear | sawMonth | sawDay
)

// dateParser collects the fields of a date and time; it follows PostgreSQL's DecodeDateTime with DateStyle MDY.
type dateParser struct {
	env      *Env
	timeOnly bool

	seen             int
	year, month, day int64
	dayOfYear        int64 // instead of month and day, if not 0
	textMonth        bool
	twoDigitYear     bool
	bc               bool
	meridiem         int64 // 0 none, 1 am, 2 pm
	pendingJulian    bool
	pendingTime      bool // after T
	zoneOnly         bool // a word with other characters is no date here
	resolved         bool // days is already known (julian, today)

	days, time int64 // the result, unless
	special    int64 // Infinity or NegInfinity
	isNow      bool
	now        int64

	hasOffset bool
	offset    int
	zone      *time.Location
	zoneName  string
}

func (p *dateParser) hasDate() bool { return p.seen&sawDate == sawDate }

func (p *dateParser) parse(s string) failure {
	var buf [maxTokens]token
	tokens, f := tokenize(s, buf[:0])
	if f != dtOK {
		return f
	}
	if len(tokens) == 0 {
		return dtBadFormat
	}
	dateFirst := len(tokens) >= 2 && (tokens[len(tokens)-1].kind == tokDate || tokens[1].kind == tokTime)
	for i, t := range tokens {
		p.zoneOnly = p.timeOnly && !(i == 0 && dateFirst)
		if f := p.field(t, i == len(tokens)-1); f != dtOK {
			return f
		}
	}
	if p.pendingJulian || p.pendingTime {
		return dtBadFormat
	}
	return p.finish()
}

func (p *dateParser) field(t token, last bool) failure {
	if p.pendingJulian && t.kind != tokNumber {
		return dtBadFormat
	}
	switch t.kind {
	case tokDate:
		return p.dateField(t.text)
	case tokTime:
		p.pendingTime = false
		return p.timeField(t.text)
	case tokZone:
		if p.seen&sawZone != 0 {
			return dtBadFormat
		}
		offset, f := parseZoneOffset(t.text)
		p.offset, p.hasOffset = offset, true
		p.seen |= sawZone
		return f
	case tokNumber:
		return p.numberField(t.text)
	}
	return p.word(t.text, last)
}

func (p *dateParser) dateField(text string) failure {
	if p.hasDate() || p.zoneOnly && isAlpha(text[0]) {
		if isDigit(text[0]) { // hhmmss-zz
			i := strings.IndexAny(text, "-")
			if i < 0 {
				return dtBadFormat
			}
			if f := p.concatenated(text[:i]); f != dtOK {
				return f
			}
			offset, f := parseZoneOffset(text[i:])
			p.offset, p.hasOffset = offset, true
			p.seen |= sawZone
			return f
		}
		if p.seen&sawZone != 0 {
			return dtBadFormat
		}
		return p.setZone(text)
	}
	// Parts of a date: the name of the month first, since it decides what the numbers are.
	var buf [4]string
	parts := dateParts(text, buf[:0])
	if len(parts) > 3 {
		return dtBadFormat
	}
	for _, part := range parts {
		if isAlpha(part[0]) {
			month := months[part]
			if month == 0 || p.seen&sawMonth != 0 {
				return dtBadFormat
			}
			p.month, p.textMonth = month, true
			p.seen |= sawMonth
		}
	}
	for _, part := range parts {
		if isDigit(part[0]) {
			if f := p.dateNumber(part); f != dtOK {
				return f
			}
		}
	}
	if !p.hasDate() {
		return dtBadFormat
	}
	return dtOK
}

// dateParts appends the runs of digits and of letters of a text; there are no others than digits, letters and separators.
func dateParts(text string, parts []string) []string {
	for i := 0; i < len(text); {
		start := i
		for i < len(text) && isDigit(text[i]) {
			i++
		}
		if i == start {
			for i < len(text) && isAlpha(text[i]) {
				i++
			}
		}
		if i > start {
			parts = append(parts, text[start:i])
		} else {
			i++
		}
	}
	return parts
}

// dateNumber is a number of a date; what it is depends on what is already known.
func (p *dateParser) dateNumber(text string) failure {
	whole, fraction, _ := strings.Cut(text, ".")
	if !isDigits(whole) || !isDigits(fraction) {
		return dtBadFormat
	}
	v, err := strconv.ParseInt(whole, 10, 32)
	if err != nil {
		return dtFieldOverflow
	}
	if fraction != "" { // as PostgreSQL reads it: of a second
		p.time += fractionUS(fraction) - p.time%USPerSecond
	}
	isYear := func() {
		p.year, p.twoDigitYear = v, len(text) <= 2
		p.seen |= sawYear
	}
	isMonth := func() { p.month = v; p.seen |= sawMonth }
	isDay := func() { p.day = v; p.seen |= sawDay }
	switch p.seen & sawDate {
	case 0:
		if len(text) >= 3 {
			isYear()
		} else {
			isMonth()
		}
	case sawYear:
		if len(text) == 3 && v >= 1 && v <= 366 { // the day of the year
			p.month, p.day, p.dayOfYear = 1, 1, v
			p.seen |= sawMonth | sawDay
		} else {
			isMonth()
		}
	case sawDay:
		isMonth()
	case sawMonth:
		if p.textMonth && len(text) >= 3 {
			isYear()
		} else {
			isDay()
		}
	case sawYear | sawMonth:
		if p.textMonth && len(text) >= 3 && p.twoDigitYear {
			p.day = p.year
			p.seen |= sawDay
			isYear()
		} else {
			isDay()
		}
	case sawMonth | sawDay:
		isYear()
	default:
		return dtBadFormat
	}
	return dtOK
}

func (p *dateParser) numberField(text string) failure {
	switch {
	case p.pendingJulian:
		p.pendingJulian = false
		return p.julian(text)
	case p.pendingTime:
		p.pendingTime = false
		return p.concatenated(text)
	}
	point := strings.IndexByte(text, '.')
	switch {
	case point >= 0 && p.seen&sawDate == 0 || p.timeOnly && point >= 0 && !p.hasDate():
		if p.timeOnly {
			return p.concatenated(text)
		}
		return p.dateField(text)
	case point > 2, len(text) >= 6 && (p.seen&sawDate == 0 || p.seen&sawTime == 0), p.timeOnly && point < 0 && len(text) >= 4:
		return p.concatenated(text)
	case p.hasDate():
		if point >= 0 {
			return dtBadFormat
		}
		return p.concatenated(text)
	}
	return p.dateNumber(text)
}

// concatenated is YYMMDD, YYYYMMDD, or then HHMM, HHMMSS[.ffffff].
func (p *dateParser) concatenated(text string) failure {
	digits, fraction, hasFraction := strings.Cut(text, ".")
	n := len(digits)
	if !isDigits(digits) || !isDigits(fraction) {
		return dtBadFormat
	}
	at := func(i, j int) int64 { v, _ := strconv.ParseInt(digits[i:j], 10, 64); return v }
	if !p.hasDate() && !hasFraction && n >= 6 && !(p.timeOnly && n == 6) && !(p.seen&sawTime != 0 && p.seen&sawDate != 0) {
		if p.seen&sawDate != 0 {
			return dtBadFormat
		}
		if n > 13 {
			return dtFieldOverflow
		}
		p.year, p.month, p.day = at(0, n-4), at(n-4, n-2), at(n-2, n)
		p.twoDigitYear = n == 6
		p.seen |= sawDate
		return dtOK
	}
	if p.seen&sawTime != 0 {
		return dtBadFormat
	}
	switch n {
	case 4:
		return p.setTime(at(0, 2), at(2, 4), 0, fractionUS(fraction))
	case 6:
		return p.setTime(at(0, 2), at(2, 4), at(4, 6), fractionUS(fraction))
	}
	return dtBadFormat
}

func (p *dateParser) julian(text string) failure {
	whole, fraction, hasFraction := strings.Cut(text, ".")
	if p.seen&sawDate != 0 || !isDigits(whole) {
		return dtBadFormat
	}
	v, err := strconv.ParseInt(whole, 10, 32)
	if err != nil {
		return dtFieldOverflow
	}
	p.days = v - julianEpoch
	p.resolved = true
	p.seen |= sawDate
	if hasFraction {
		f, _ := strconv.ParseFloat("0."+fraction+"0", 64)
		p.time = int64(math.RoundToEven(f * USPerDay))
		p.seen |= sawTime
	}
	return dtOK
}

// fractionUS is the digits after a point in microseconds, rounded.
func fractionUS(digits string) int64 {
	if digits == "" {
		return 0
	}
	f, _ := strconv.ParseFloat("0."+digits, 64)
	return int64(math.RoundToEven(f * USPerSecond))
}

func (p *dateParser) setTime(hour, minute, second, us int64) failure {
	p.seen |= sawTime
	if minute > 59 || second > 60 || us > USPerSecond {
		return dtFieldOverflow
	}
	if hour > 24 {
		return dtFieldOverflow
	}
	p.time = hour*USPerHour + minute*USPerMinute + second*USPerSecond + us
	if p.time > USPerDay {
		return dtFieldOverflow
	}
	return dtOK
}

func (p *dateParser) timeField(text string) failure {
	if p.seen&sawTime != 0 {
		return dtBadFormat
	}
	parts, us, f := clockParts(text)
	if f != dtOK {
		return f
	}
	return p.setTime(parts[0], parts[1], parts[2], us)
}

// clockParts reads hh:mm[:ss[.f]], or mm:ss.f.
func clockParts(text string) (parts [3]int64, us int64, f failure) {
	text, fraction, hasFraction := strings.Cut(text, ".")
	fields := strings.Split(text, ":")
	if len(fields) > 3 || !isDigits(fraction) {
		return parts, 0, dtBadFormat
	}
	for i, field := range fields {
		if field == "" && i > 0 {
			continue
		}
		if field == "" || !isDigits(field) {
			return parts, 0, dtBadFormat
		}
		v, err := strconv.ParseInt(field, 10, 64)
		if err != nil || i > 0 && v > math.MaxInt32 {
			return parts, 0, dtFieldOverflow
		}
		parts[i] = v
	}
	if len(fields) == 2 && hasFraction {
		parts = [3]int64{0, parts[0], parts[1]}
	}
	return parts, fractionUS(fraction), dtOK
}

// word is a field of letters.
func (p *dateParser) word(word string, last bool) failure {
	if isIgnoredWord(word) {
		return dtOK
	}
	switch word {
	case "am", "pm":
		p.meridiem = 1
		if word == "pm" {
			p.meridiem = 2
		}
		return p.once(sawMeridiem)
	case "ad", "bc":
		p.bc = word == "bc"
		return p.once(sawEra)
	case "t":
		if !p.hasDate() && !p.timeOnly || last {
			return dtBadFormat
		}
		p.pendingTime = true
		return dtOK
	case "j", "jd", "julian":
		p.pendingJulian = true
		return dtOK
	case "now", "today", "tomorrow", "yesterday", "epoch", "infinity", "+infinity", "-infinity":
		if p.seen&sawDate != 0 {
			return dtBadFormat
		}
		return p.specialDate(word)
	case "allballs":
		p.time = 0
		p.hasOffset, p.offset = true, 0
		p.seen |= sawZone
		return p.once(sawTime)
	}
	return p.monthOrZone(word)
}

// specialDate is a word that stands for a whole date.
func (p *dateParser) specialDate(word string) failure {
	switch word {
	case "now":
		p.isNow = true
		p.seen |= sawDate | sawTime
		return p.clock()
	case "today", "tomorrow", "yesterday":
		return p.today(map[string]int64{"tomorrow": 1, "yesterday": -1}[word])
	case "epoch":
		p.days, p.resolved = unixEpochDays, true
		p.hasOffset, p.offset = true, 0
		p.seen |= sawDate | sawTime
		return dtOK
	}
	p.special = Infinity
	if word[0] == '-' {
		p.special = NegInfinity
	}
	p.seen |= sawDate
	return dtOK
}

func (p *dateParser) monthOrZone(word string) failure {
	if month := months[word]; month != 0 {
		// A number taken for the month of "8 Jan 1999" was its day.
		if p.seen&sawMonth != 0 && !p.textMonth && p.seen&sawDay == 0 && p.month >= 1 && p.month <= 31 {
			p.day = p.month
			p.seen |= sawDay
		} else if p.seen&sawMonth != 0 {
			return dtBadFormat
		}
		p.month, p.textMonth = month, true
		p.seen |= sawMonth
		return dtOK
	}
	if offset, ok := zoneAbbreviations[word]; ok && p.seen&sawZone == 0 {
		p.hasOffset, p.offset = true, offset*60
		p.seen |= sawZone
		return dtOK
	}
	return dtBadFormat
}

func (p *dateParser) once(what int) failure {
	if p.seen&what != 0 {
		return dtBadFormat
	}
	p.seen |= what
	return dtOK
}

// finish checks the fields against each other and makes days and time of them.
func (p *dateParser) finish() failure {
	if p.special != 0 || p.isNow {
		return dtOK
	}
	if !p.resolved {
		switch {
		case p.seen&sawYear == 0:
		case p.bc:
			if p.year <= 0 {
				return dtFieldOverflow
			}
			p.year = 1 - p.year
		case p.twoDigitYear && p.year < 70:
			p.year += 2000
		case p.twoDigitYear && p.year < 100:
			p.year += 1900
		case p.year <= 0:
			return dtFieldOverflow
		}
		if p.seen&sawMonth != 0 && (p.month < 1 || p.month > 12) || p.seen&sawDay != 0 && (p.day < 1 || p.day > 31) {
			return dtMonthDayOverflow
		}
		if p.seen&sawDate != 0 && !p.hasDate() {
			return dtBadFormat
		}
		if p.hasDate() && p.day > DaysInMonth(p.year, p.month) {
			return dtFieldOverflow
		}
		p.days = DaysFromCivil(p.year, p.month, p.day) + max(p.dayOfYear-1, 0)
	}
	if p.meridiem != 0 {
		hour := p.time / USPerHour
		switch {
		case hour > 12:
			return dtFieldOverflow
		case p.meridiem == 1 && hour == 12:
			p.time -= 12 * USPerHour
		case p.meridiem == 2 && hour < 12:
			p.time += 12 * USPerHour
		}
	}
	if p.time > USPerDay {
		return dtFieldOverflow
	}
	return dtOK
}
