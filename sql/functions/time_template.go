package functions

import (
	"strings"
	"unicode/utf8"
)

// piece is one element of a template of dates and times: a pattern, or one character or more of literal text.
type piece struct {
	pattern string // in upper case, unless its case is that of the output; "" for literal text
	name    string // the pattern as it was written
	literal string
	kind    pieceKind
	fill    bool // FM
	local   bool // TM: names in the session's language, which is English, without blanks
	th      string

	convention convention
}

// pieceKind tells how reading takes a piece.
type pieceKind uint8

const (
	pieceText      pieceKind = iota // takes a character
	pieceSpace                      // these two stand for each other
	pieceSeparator                  // punctuation outside of quotes
	pieceField                      // not digits
	pieceDigits
)

// timePattern is what a template may say. Patterns are written in upper or in lower case as a whole.
type timePattern struct {
	pattern    string
	cased      bool // the output has the pattern's case
	digits     bool
	convention convention
}

// convention is how a pattern counts years and days; the two do not mix where a text is read.
type convention uint8

const (
	anyConvention convention = iota
	gregorian
	isoWeeks
)

// timePatterns has longer ones before their prefixes.
var timePatterns = []timePattern{
	{"A.D.", true, false, anyConvention}, {"B.C.", true, false, anyConvention}, {"A.M.", true, false, anyConvention}, {"P.M.", true, false, anyConvention},
	{"AD", true, false, anyConvention}, {"BC", true, false, anyConvention}, {"AM", true, false, anyConvention}, {"PM", true, false, anyConvention},
	{"MONTH", true, false, gregorian}, {"Month", true, false, gregorian}, {"MON", true, false, gregorian}, {"Mon", true, false, gregorian},
	{"DAY", true, false, anyConvention}, {"Day", true, false, anyConvention}, {"DY", true, false, anyConvention}, {"Dy", true, false, anyConvention},
	{"RM", true, false, gregorian}, {"TZH", false, false, anyConvention}, {"TZM", false, true, anyConvention}, {"TZ", true, false, anyConvention},
	{"OF", false, false, anyConvention}, {"FX", false, false, anyConvention},
	{"Y,YYY", false, true, gregorian}, {"YYYY", false, true, gregorian}, {"YYY", false, true, gregorian}, {"YY", false, true, gregorian}, {"Y", false, true, gregorian},
	{"IDDD", false, true, isoWeeks}, {"IYYY", false, true, isoWeeks}, {"IYY", false, true, isoWeeks}, {"IY", false, true, isoWeeks}, {"ID", false, true, isoWeeks},
	{"IW", false, true, isoWeeks}, {"I", false, true, isoWeeks},
	{"DDD", false, true, gregorian}, {"DD", false, true, gregorian}, {"D", false, true, gregorian}, {"MM", false, true, gregorian},
	{"WW", false, true, gregorian}, {"W", false, true, gregorian},
	{"CC", false, true, anyConvention}, {"J", false, true, anyConvention}, {"Q", false, true, anyConvention},
	{"HH24", false, true, anyConvention}, {"HH12", false, true, anyConvention}, {"HH", false, true, anyConvention}, {"MI", false, true, anyConvention},
	{"SSSSS", false, true, anyConvention}, {"SSSS", false, true, anyConvention}, {"SS", false, true, anyConvention},
	{"MS", false, true, anyConvention}, {"US", false, true, anyConvention},
	{"FF1", false, true, anyConvention}, {"FF2", false, true, anyConvention}, {"FF3", false, true, anyConvention}, {"FF4", false, true, anyConvention},
	{"FF5", false, true, anyConvention}, {"FF6", false, true, anyConvention},
}

// templates is keyed by the template's text.
var templates cache[string, []piece]

func parseTemplate(s string) []piece {
	if p, ok := templates.get(s); ok {
		return p
	}
	s = strings.Clone(s)
	var out []piece
	for rest := s; rest != ""; {
		prefix := ""
		for _, p := range [...]string{"FM", "fm", "TM", "tm"} {
			if strings.HasPrefix(rest, p) {
				prefix, rest = p, rest[2:]
				break
			}
		}
		found, ok := nextPattern(rest)
		switch {
		case rest == "":
		case ok:
			rest = rest[len(found.name):]
			found.fill, found.local = strings.EqualFold(prefix, "FM"), strings.EqualFold(prefix, "TM")
			for _, suffix := range [...]string{"TH", "th", "SP"} {
				if strings.HasPrefix(rest, suffix) {
					rest = rest[2:]
					if suffix != "SP" { // the number in words, which PostgreSQL does not have either
						found.th = suffix
					}
					break
				}
			}
			out = append(out, found)
		case rest[0] == '"':
			var literal string
			literal, rest = quotedLiteral(rest)
			for _, c := range literal {
				out = append(out, piece{literal: string(c)})
			}
		default:
			if strings.HasPrefix(rest, `\"`) {
				rest = rest[1:]
			}
			_, size := utf8.DecodeRuneInString(rest)
			out = append(out, piece{literal: rest[:size], kind: kindOfLiteral(rest[0])})
			rest = rest[size:]
		}
	}
	templates.put(s, out)
	return out
}

// nextPattern is the pattern that a template begins with, if it is one.
func nextPattern(s string) (piece, bool) {
	for i := range timePatterns {
		p := &timePatterns[i]
		name := p.pattern
		if !strings.HasPrefix(s, name) {
			name = strings.ToLower(name)
		}
		if !strings.HasPrefix(s, name) {
			continue
		}
		found := piece{pattern: p.pattern, name: name, kind: pieceField, convention: p.convention}
		if p.cased {
			found.pattern = name
		}
		if p.digits {
			found.kind = pieceDigits
		}
		return found, true
	}
	return piece{}, false
}

func kindOfLiteral(c byte) pieceKind {
	switch {
	case isSeparator(c):
		return pieceSeparator
	case isSpace(c):
		return pieceSpace
	}
	return pieceText
}

func isSeparator(c byte) bool {
	return c > ' ' && c < 0x7f && !(c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z')
}

func isSpace(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }
