package functions

import (
	"math"
	"strings"
	"unicode/utf8"

	"tarn/sql/sqlstate"
)

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
