package functions

import (
	"math"
	"strings"
	"unicode/utf8"

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

// momentReader collects the fields that a template finds in a text. A field of 0 was not set.
type momentReader struct {
	all, rest string
	exact     bool // FX: widths and spaces as in the template
	skipped   int  // spaces passed over that the template does not have

	convention                   convention
	year, yearDigits             int32
	century                      int32
	month, day                   int32
	week, weekOfMonth            int32
	yday, weekday, julian        int32
	hour, minute, second         int32
	milli, micro, seconds        int32
	precision                    int
	pm, bc                       int32 // 1 if it is
	twelve                       bool
	zoneSign, zoneHour, zoneMins int32
}

func (p *momentReader) read(pieces []piece) error {
	for i := range pieces {
		piece := &pieces[i]
		if p.rest == "" {
			return nil
		}
		field := piece.kind == pieceField || piece.kind == pieceDigits
		if !p.exact && piece.pattern != "FX" && (field || i == 0) {
			p.skipped += p.skipSpaces()
		}
		if !field {
			p.literal(piece.kind)
			continue
		}
		if err := p.convene(piece.convention); err != nil {
			return err
		}
		if err := p.field(piece, !piece.fill && !digitsEnd(pieces, i)); err != nil {
			return err
		}
		if !p.exact {
			p.skipped = p.skipSpaces()
		}
	}
	return nil
}

// digitsEnd tells whether no digits follow those of a piece, so that it may have any number of them.
func digitsEnd(pieces []piece, i int) bool {
	switch {
	case pieces[i].th != "" || i+1 == len(pieces) || pieces[i+1].kind == pieceField:
		return true
	case pieces[i+1].kind == pieceDigits:
		return false
	}
	literal := pieces[i+1].literal
	return literal[0] < '0' || literal[0] > '9'
}

func (p *momentReader) skipSpaces() int {
	n := 0
	for n < len(p.rest) && isSpace(p.rest[n]) {
		n++
	}
	p.rest = p.rest[n:]
	return n
}

func (p *momentReader) skipRune() {
	_, size := utf8.DecodeRuneInString(p.rest)
	p.rest = p.rest[size:]
}

// literal takes what stands for literal text of the template: any character for a letter or what is quoted, unless
// spaces were skipped instead; for punctuation and spaces, one of these or nothing.
func (p *momentReader) literal(kind pieceKind) {
	switch {
	case p.exact:
		p.skipRune()
	case kind == pieceSpace || kind == pieceSeparator:
		p.skipped--
		if p.rest != "" && (isSpace(p.rest[0]) || isSeparator(p.rest[0])) {
			p.rest = p.rest[1:]
			p.skipped++
		}
	case p.skipped > 0:
		p.skipped--
	default:
		p.skipRune()
	}
}

// convene refuses fields of a convention that is not that of those before.
func (p *momentReader) convene(c convention) error {
	switch {
	case c == anyConvention || c == p.convention:
	case p.convention == anyConvention:
		p.convention = c
	default:
		return sqlstate.New(sqlstate.InvalidDatetimeFormat, "invalid combination of date conventions").
			WithHint("Do not mix Gregorian and ISO week date conventions in a formatting template.")
	}
	return nil
}

func invalidField(value, name string) *sqlstate.Error {
	return sqlstate.New(sqlstate.InvalidDatetimeFormat, "invalid value \"%s\" for \"%s\"", strings.ToValidUTF8(value, ""), name)
}

// set gives a field its value; 22007 if it has another one.
func set(field *int32, v int32, piece *piece) error {
	if *field != 0 && *field != v {
		return sqlstate.New(sqlstate.InvalidDatetimeFormat, "conflicting values for \"%s\" field in formatting string", piece.name).
			WithDetail("This value contradicts a previous setting for the same field type.")
	}
	*field = v
	return nil
}

// integer reads a number into field, which may be nil: of exactly width digits if the width is fixed, else of as many as there are.
// It gives how many characters were taken.
func (p *momentReader) integer(field *int32, width int, fixedWidth bool, piece *piece) (int, error) {
	from := p.rest
	p.skipSpaces()
	head := p.rest[:min(width, len(p.rest))]
	source := from
	if fixedWidth {
		source = head
		if len(p.rest) < width {
			return 0, sqlstate.New(sqlstate.InvalidDatetimeFormat, "source string too short for \"%s\" formatting field", piece.name).
				WithDetail("Field requires %d characters, but only %d remain.", width, len(p.rest)).
				WithHint("If your source string is not fixed-width, try using the \"FM\" modifier.")
		}
	}
	v, used, inRange := leadingInteger(source)
	switch {
	case !fixedWidth:
		p.rest = from[used:]
	case used > 0 && used < width:
		return 0, invalidField(head, piece.name).WithDetail("Field requires %d characters, but only %d could be parsed.", width, used).
			WithHint("If your source string is not fixed-width, try using the \"FM\" modifier.")
	default:
		p.rest = p.rest[used:]
	}
	taken := len(from) - len(p.rest)
	switch {
	case taken == 0:
		return 0, invalidField(head, piece.name).WithDetail("Value must be an integer.")
	case !inRange:
		return 0, sqlstate.New(sqlstate.DatetimeFieldOverflow, "value for \"%s\" in source string is out of range", piece.name).
			WithDetail("Value must be in the range %d to %d.", math.MinInt32, math.MaxInt32)
	case field == nil:
		return taken, nil
	}
	return taken, set(field, int32(v), piece)
}

// leadingInteger is the number that a text begins with, behind spaces, and the characters it takes with them: none if there is none.
func leadingInteger(s string) (v int64, used int, inRange bool) {
	i := 0
	for i < len(s) && isSpace(s[i]) {
		i++
	}
	negative := i < len(s) && s[i] == '-'
	if negative || i < len(s) && s[i] == '+' {
		i++
	}
	from := i
	for ; i < len(s) && s[i] >= '0' && s[i] <= '9'; i++ {
		v = min(v*10+int64(s[i]-'0'), math.MaxInt32+2)
	}
	if i == from {
		return 0, 0, true
	}
	if negative {
		v = -v
	}
	return v, i, v >= math.MinInt32 && v <= math.MaxInt32
}

// word reads one of several words, and gives its number.
func (p *momentReader) word(words []string, piece *piece) (int32, error) {
	for i, w := range words {
		if len(p.rest) >= len(w) && foldIdentifier(p.rest[:len(w)]) == foldIdentifier(w) {
			p.rest = p.rest[len(w):]
			return int32(i), nil
		}
	}
	value := p.rest
	if end := strings.IndexFunc(value, func(c rune) bool { return c < utf8.RuneSelf && c != '\v' && isSpace(byte(c)) }); end >= 0 {
		value = value[:end]
	}
	return 0, invalidField(value, piece.name).WithDetail("The given value did not match any of the allowed values for this field.")
}

var (
	monthNames = []string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}
	dayNames   = []string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"}
	// shorter words behind longer ones that begin with them
	romanNames = []string{"XII", "XI", "X", "IX", "VIII", "VII", "VI", "V", "IV", "III", "II", "I"}
)

// shortened are the first three letters of names.
func shortened(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = n[:3]
	}
	return out
}

// field reads what stands for a pattern.
func (p *momentReader) field(piece *piece, fixedWidth bool) (err error) {
	into := func(field *int32, width int) error {
		_, err := p.integer(field, width, fixedWidth, piece)
		return err
	}
	var v int32
	switch piece.pattern {
	case "FX":
		p.exact = true
		return nil
	case "A.M.", "P.M.", "a.m.", "p.m.", "AM", "PM", "am", "pm":
		words := []string{"am", "pm"}
		if strings.Contains(piece.pattern, ".") {
			words = []string{"a.m.", "p.m."}
		}
		if v, err = p.word(words, piece); err != nil {
			return err
		}
		p.twelve = true
		return set(&p.pm, v, piece)
	case "A.D.", "B.C.", "a.d.", "b.c.", "AD", "BC", "ad", "bc":
		words := []string{"ad", "bc"}
		if strings.Contains(piece.pattern, ".") {
			words = []string{"a.d.", "b.c."}
		}
		if v, err = p.word(words, piece); err != nil {
			return err
		}
		return set(&p.bc, v, piece)
	case "MONTH", "Month", "month", "MON", "Mon", "mon":
		names := monthNames
		if len(piece.pattern) == 3 {
			names = shortened(names)
		}
		if v, err = p.word(names, piece); err != nil {
			return err
		}
		return set(&p.month, v+1, piece)
	case "DAY", "Day", "day", "DY", "Dy", "dy":
		names := dayNames
		if len(piece.pattern) == 2 {
			names = shortened(names)
		}
		if v, err = p.word(names, piece); err != nil {
			return err
		}
		err = set(&p.weekday, v, piece)
		p.weekday++
		return err
	case "RM", "rm":
		if v, err = p.word(romanNames, piece); err != nil {
			return err
		}
		return set(&p.month, 12-v, piece)
	case "TZ", "tz", "OF":
		return sqlstate.New(sqlstate.FeatureNotSupported, "formatting field \"%s\" is only supported in to_char", piece.name)
	case "TZH":
		p.readZoneSign()
		return into(&p.zoneHour, 2)
	case "TZM":
		if p.zoneSign == 0 {
			p.zoneSign = 1
		}
		return into(&p.zoneMins, 2)
	}
	if err := p.digits(piece, into, fixedWidth); err != nil {
		return err
	}
	if piece.th != "" {
		p.skipRune()
		p.skipRune()
	}
	return nil
}

// readZoneSign takes the sign before TZH; a minus may have been taken for a separator.
func (p *momentReader) readZoneSign() {
	p.zoneSign = 1
	at := len(p.all) - len(p.rest)
	switch {
	case p.rest != "" && strings.IndexByte("+- ", p.rest[0]) >= 0:
		if p.rest[0] == '-' {
			p.zoneSign = -1
		}
		p.rest = p.rest[1:]
	case p.skipped > 0 && at > 0 && p.all[at-1] == '-':
		p.zoneSign = -1
	}
}

// digits reads what stands for a pattern of digits.
func (p *momentReader) digits(piece *piece, into func(field *int32, width int) error, fixedWidth bool) error {
	pattern := piece.pattern
	// fraction reads digits behind a point that may be fewer than there are places.
	fraction := func(field *int32, width, places int) error {
		taken, err := p.integer(field, width, fixedWidth, piece)
		for ; taken < places; taken++ {
			*field *= 10
		}
		return err
	}
	switch pattern {
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
		return into(&p.seconds, len(pattern))
	case "MS":
		return fraction(&p.milli, 3, 3)
	case "US":
		return fraction(&p.micro, 6, 6)
	case "FF1", "FF2", "FF3", "FF4", "FF5", "FF6":
		p.precision = int(pattern[2] - '0')
		return fraction(&p.micro, p.precision, 6)
	case "MM":
		return into(&p.month, 2)
	case "DD":
		return into(&p.day, 2)
	case "DDD":
		return into(&p.yday, 3)
	case "IDDD":
		return into(&p.yday, 3)
	case "D":
		return into(&p.weekday, 1)
	case "ID":
		err := into(&p.weekday, 1)
		if p.weekday++; p.weekday > 7 { // Sunday is the first
			p.weekday = 1
		}
		return err
	case "WW", "IW":
		return into(&p.week, 2)
	case "W":
		return into(&p.weekOfMonth, 1)
	case "Q":
		return into(nil, 1)
	case "CC":
		return into(&p.century, 2)
	case "J":
		return into(&p.julian, 1)
	case "Y,YYY":
		return p.thousandsYear(piece)
	case "YYYY", "IYYY":
		p.yearDigits = 4
		return into(&p.year, 4)
	case "YYY", "YY", "Y", "IYY", "IY", "I":
		p.yearDigits = int32(len(pattern))
		taken, err := p.integer(&p.year, len(pattern), fixedWidth, piece)
		if taken < 4 {
			p.year = nearYear(p.year)
		}
		return err
	}
	return sqlstate.New(sqlstate.FeatureNotSupported, "formatting field \"%s\" is only supported in to_char", piece.name)
}

// thousandsYear reads a year with a comma before its last three digits.
func (p *momentReader) thousandsYear(piece *piece) error {
	thousands, used, _ := leadingInteger(p.rest)
	rest, comma := strings.CutPrefix(p.rest[used:], ",")
	spaces := len(rest) - len(strings.TrimLeftFunc(rest, func(c rune) bool { return c < utf8.RuneSelf && isSpace(byte(c)) }))
	years, usedToo, _ := leadingInteger(rest[:min(spaces+3, len(rest))])
	if used == 0 || !comma || usedToo == 0 {
		return sqlstate.New(sqlstate.InvalidDatetimeFormat, "invalid input string for \"Y,YYY\"")
	}
	p.rest, p.yearDigits = rest[usedToo:], 4
	return set(&p.year, int32(years)+int32(thousands)*1000, piece)
}

// nearYear completes a year of fewer than four digits to the one nearest 2020.
func nearYear(v int32) int32 {
	switch {
	case v < 70:
		return v + 2000
	case v < 100:
		return v + 1900
	case v < 520:
		return v + 2000
	case v < 1000:
		return v + 1000
	}
	return v
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
