package functions

import (
	"strings"
	"unicode/utf8"

	"tarn/sql/sqlstate"
)

// numberTemplate is a template of to_char and to_number for numbers, taken apart: table 9.28 of PostgreSQL's manual.
type numberTemplate struct {
	nodes     []numberNode
	pre, post int // digits before and behind the point
	multiply  int // digits behind V
	zeroFrom  int // the first 0 before the point, as a number of digits from the left; only if zero
	zeroTo    int // the last 0, as a number of digits from the left and from 1
	signAt    int // the number of digits that S stands behind

	zero, decimal, fill, blank, multi, roman, exponent bool
	signed, plus, minus, bracket                       bool // S; PL or SG; MI or SG; PR
	signFirst                                          bool // S stands before the point
	err                                                error
}

// numberNode is one element of a template: a pattern in upper case (but "th" and "rn"), or literal text.
type numberNode struct{ pattern, literal string }

// numberPatterns are in upper or in lower case as a whole, longer ones before their prefixes.
var numberPatterns = []string{",", ".", "0", "9", "B", "C", "D", "EEEE", "FM", "G", "L", "MI", "PL", "PR", "RN", "SG", "SP", "S", "TH", "V"}

// numberTemplates is keyed by the template's text.
var numberTemplates cache[string, *numberTemplate]

func parseNumberTemplate(s string) *numberTemplate {
	if t, ok := numberTemplates.get(s); ok {
		return t
	}
	s = strings.Clone(s)
	t := &numberTemplate{}
	for rest := s; rest != "" && t.err == nil; {
		switch pattern := numberPattern(rest); {
		case pattern != "":
			t.err = t.add(pattern)
			rest = rest[len(pattern):]
		case rest[0] == '"':
			var literal string
			literal, rest = quotedLiteral(rest)
			t.nodes = append(t.nodes, numberNode{literal: literal})
		default:
			if strings.HasPrefix(rest, `\"`) {
				rest = rest[1:]
			}
			_, size := utf8.DecodeRuneInString(rest)
			t.nodes = append(t.nodes, numberNode{literal: rest[:size]})
			rest = rest[size:]
		}
	}
	numberTemplates.put(s, t)
	return t
}

// numberPattern is the pattern that a template begins with, in the upper case that most are known by; "" if there is none.
func numberPattern(s string) string {
	for _, p := range numberPatterns {
		switch {
		case strings.HasPrefix(s, p):
			return p
		case strings.HasPrefix(s, strings.ToLower(p)):
			if p == "TH" || p == "RN" {
				return strings.ToLower(p)
			}
			return p
		}
	}
	return ""
}

// quotedLiteral is the text between the quotes that a template begins with, where a backslash makes the next character
// literal, and what follows it.
func quotedLiteral(s string) (literal, rest string) {
	var out strings.Builder
	s = s[1:]
	for s != "" && s[0] != '"' {
		if s[0] == '\\' && len(s) > 1 {
			s = s[1:]
		}
		out.WriteByte(s[0])
		s = s[1:]
	}
	return out.String(), strings.TrimPrefix(s, `"`)
}

// add appends a pattern; 42601 where it does not go with those before it.
func (t *numberTemplate) add(pattern string) error {
	t.nodes = append(t.nodes, numberNode{pattern: pattern})
	wrong := func(message string) error { return sqlstate.New(sqlstate.SyntaxError, "%s", message) }
	if t.exponent && pattern != "EEEE" {
		return wrong(`"EEEE" must be the last pattern used`)
	}
	switch pattern {
	case "9", "0":
		switch {
		case t.bracket:
			return wrong(`"` + pattern + `" must be ahead of "PR"`)
		case pattern == "9" && t.multi:
			t.multiply++
			return nil
		case pattern == "0" && !t.zero && !t.decimal:
			t.zero, t.zeroFrom = true, t.pre
		}
		if t.decimal {
			t.post++
		} else {
			t.pre++
		}
		if pattern == "0" {
			t.zeroTo = t.pre + t.post
		}
	case "B":
		t.blank = t.blank || t.pre == 0 && t.post == 0 && !t.zero
	case ".", "D":
		switch {
		case t.decimal:
			return wrong("multiple decimal points")
		case t.multi:
			return wrong(`cannot use "V" and decimal point together`)
		}
		t.decimal = true
	case "FM":
		t.fill = true
	case "S":
		switch {
		case t.signed:
			return wrong(`cannot use "S" twice`)
		case t.plus || t.minus || t.bracket:
			return wrong(`cannot use "S" and "PL"/"MI"/"SG"/"PR" together`)
		}
		t.signed, t.signFirst, t.signAt = true, !t.decimal, t.pre
	case "MI", "PL", "SG":
		if t.signed {
			return wrong(`cannot use "S" and "` + pattern + `" together`)
		}
		t.minus = t.minus || pattern != "PL"
		t.plus = t.plus || pattern != "MI"
	case "PR":
		if t.signed || t.plus || t.minus {
			return wrong(`cannot use "PR" and "S"/"PL"/"MI"/"SG" together`)
		}
		t.bracket = true
	case "RN", "rn":
		t.roman = true
	case "V":
		if t.decimal {
			return wrong(`cannot use "V" and decimal point together`)
		}
		t.multi = true
	case "EEEE":
		switch {
		case t.exponent:
			return wrong(`cannot use "EEEE" twice`)
		case t.blank || t.fill || t.signed || t.bracket || t.minus || t.plus || t.roman || t.multi:
			return sqlstate.New(sqlstate.SyntaxError, `"EEEE" is incompatible with other formats`).
				WithDetail(`"EEEE" may only be used together with digit and decimal point patterns.`)
		}
		t.exponent = true
	}
	return nil
}
