package functions

import (
	"regexp/syntax"
	"strings"

	"tarn/sql/sqlstate"
)

// regexes is keyed by expression and options.
var regexes cache[[2]string, *regex]

// compileRegex compiles an advanced regular expression with PostgreSQL's option letters. Errors: 2201B, 22023, 0A000.
func compileRegex(pattern, options string) (*regex, error) {
	key := [2]string{pattern, options}
	if re, ok := regexes.get(key); ok {
		return re, nil
	}
	pattern, short := preferShort(pattern)
	translated, err := translateRegex(pattern, options)
	if err != nil {
		return nil, err
	}
	if short {
		translated = "(?U)" + translated
	}
	re, goErr := newRegex(translated, !short)
	if goErr != nil {
		return nil, regexError(goErr)
	}
	regexes.put([2]string{strings.Clone(key[0]), strings.Clone(key[1])}, re)
	return re, nil
}

// preferShort tells whether the first quantifier of an expression is a lazy one: then, in PostgreSQL, the whole prefers the
// shortest match, and otherwise the longest. The marks of laziness are taken out.
func preferShort(pattern string) (string, bool) {
	var out []byte
	short, first, class := false, true, false
	for i := 0; i < len(pattern); i++ {
		c := pattern[i]
		out = append(out, c)
		switch {
		case c == '\\' && i+1 < len(pattern):
			i++
			out = append(out, pattern[i])
		case class:
			class = c != ']'
		case c == '[':
			class = true
		case strings.IndexByte("*+?}", c) >= 0 && i > 0 && pattern[i-1] != '(':
			lazy := i+1 < len(pattern) && pattern[i+1] == '?'
			if first {
				short, first = lazy, false
			}
			if lazy {
				i++
			}
		}
	}
	if short {
		return string(out), true
	}
	return pattern, false
}

func regexError(err error) error {
	reason := err.Error()
	if e, ok := err.(*syntax.Error); ok {
		switch e.Code {
		case syntax.ErrMissingParen, syntax.ErrUnexpectedParen:
			reason = "parentheses () not balanced"
		case syntax.ErrMissingBracket:
			reason = "brackets [] not balanced"
		case syntax.ErrMissingRepeatArgument, syntax.ErrInvalidRepeatOp:
			reason = "quantifier operand invalid"
		case syntax.ErrInvalidRepeatSize:
			reason = "invalid repetition count(s)"
		case syntax.ErrTrailingBackslash, syntax.ErrInvalidEscape:
			reason = `invalid escape \ sequence`
		case syntax.ErrInvalidCharRange:
			reason = "invalid character range"
			if strings.HasPrefix(e.Expr, "[:") {
				reason = "invalid character class"
			}
		case syntax.ErrInvalidPerlOp:
			return sqlstate.New(sqlstate.FeatureNotSupported, "regular expression construct \"%s\" is not supported", e.Expr)
		default:
			reason = e.Code.String()
		}
	}
	return sqlstate.New(sqlstate.InvalidRegularExpression, "invalid regular expression: %s", reason)
}
