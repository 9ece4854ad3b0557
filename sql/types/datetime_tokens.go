package types

import "strings"

// tokenKind is the shape of one field of a date, time or interval, before anything is known of its meaning.
type tokenKind uint8

const (
	tokNumber  tokenKind = iota
	tokString            // letters
	tokDate              // digits or letters with -, / or . inside
	tokTime              // digits with : inside
	tokZone              // sign and digits
	tokSpecial           // sign and letters
)

type token struct {
	kind tokenKind
	text string // letters in lower case
}

const maxTokens = 25

func isDigit(c byte) bool { return c-'0' <= 9 }
func isAlpha(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// tokenize divides s as PostgreSQL's ParseDateTime does: the class of a field depends on its first characters, and other
// punctuation separates.
func tokenize(s string, tokens []token) ([]token, failure) {
	for i := 0; i < len(s); i++ {
		if s[i] >= 'A' && s[i] <= 'Z' {
			s = strings.ToLower(s)
			break
		}
	}
	run := func(i int, in func(c byte) bool) int {
		for i < len(s) && in(s[i]) {
			i++
		}
		return i
	}
	for i := 0; i < len(s); {
		start, kind := i, tokNumber
		switch c := s[i]; {
		case isSpace(c):
			i++
			continue
		case isDigit(c):
			i = run(i, isDigit)
			kind, i = numberToken(s, i, run)
		case c == '.':
			i = run(i+1, isDigit)
		case isAlpha(c):
			kind = tokString
			i = run(i, isAlpha)
			if i < len(s) && (s[i] == '-' || s[i] == '/' || s[i] == '.' ||
				(s[i] == '+' || isDigit(s[i])) && !isDateWord(s[start:i])) {
				kind = tokDate
				i = run(i, func(c byte) bool { return isDigit(c) || isAlpha(c) || strings.IndexByte("+-/_.:", c) >= 0 })
			}
		case c == '+' || c == '-':
			i = run(i+1, isSpace)
			skipped := i - start - 1
			switch {
			case i < len(s) && isDigit(s[i]):
				kind = tokZone
				i = run(i, func(c byte) bool { return isDigit(c) || c == ':' || c == '.' || c == '-' })
			case i < len(s) && isAlpha(s[i]):
				kind = tokSpecial
				i = run(i, isAlpha)
			default:
				return nil, dtBadFormat
			}
			if skipped > 0 {
				if len(tokens) == maxTokens {
					return nil, dtBadFormat
				}
				tokens = append(tokens, token{kind, string(c) + s[start+1+skipped:i]})
				continue
			}
		case c > ' ' && c < 0x7F:
			i++
			continue
		default:
			return nil, dtBadFormat
		}
		if len(tokens) == maxTokens {
			return nil, dtBadFormat
		}
		tokens = append(tokens, token{kind, s[start:i]})
	}
	return tokens, dtOK
}

// numberToken ends a field that began with digits up to i.
func numberToken(s string, i int, run func(int, func(byte) bool) int) (tokenKind, int) {
	if i == len(s) {
		return tokNumber, i
	}
	switch delim := s[i]; delim {
	case ':':
		return tokTime, run(i, func(c byte) bool { return isDigit(c) || c == ':' || c == '.' })
	case '-', '/', '.':
		i++
		if i == len(s) || !isDigit(s[i]) {
			if delim == '.' && (i == len(s) || !isAlpha(s[i])) {
				return tokDate, i
			}
			return tokDate, run(i, func(c byte) bool { return isDigit(c) || isAlpha(c) || c == delim })
		}
		i = run(i, isDigit)
		if i < len(s) && s[i] == delim {
			return tokDate, run(i, func(c byte) bool { return isDigit(c) || c == delim })
		}
		if delim == '.' {
			return tokNumber, i
		}
		return tokDate, i
	}
	return tokNumber, i
}

var months = map[string]int64{
	"jan": 1, "january": 1, "feb": 2, "february": 2, "mar": 3, "march": 3, "apr": 4, "april": 4, "may": 5, "jun": 6, "june": 6,
	"jul": 7, "july": 7, "aug": 8, "august": 8, "sep": 9, "sept": 9, "september": 9, "oct": 10, "october": 10, "nov": 11,
	"november": 11, "dec": 12, "december": 12,
}

// isIgnoredWord is a word without meaning: days of the week, at, on.
func isIgnoredWord(word string) bool {
	switch word {
	case "mon", "monday", "tue", "tues", "tuesday", "wed", "wednesday", "weds", "thu", "thur", "thurs", "thursday",
		"fri", "friday", "sat", "saturday", "sun", "sunday", "at", "on":
		return true
	}
	return false
}

// isDateWord is a word that ends before digits: "t03:04" is T and a time, not the name of a zone.
func isDateWord(word string) bool {
	switch word {
	case "t", "j", "jd", "julian", "am", "pm", "ad", "bc", "now", "today", "tomorrow", "yesterday", "epoch", "infinity",
		"allballs", "y", "m", "d", "h", "mm", "s":
		return true
	}
	return months[word] != 0 || isIgnoredWord(word)
}
