package functions

import (
	"strings"
	"unicode/utf8"

	"tarn/sql/sqlstate"
)

// similarEscape turns a pattern of SIMILAR TO into a regular expression that matches the whole string. An escape of NULL is
// the usual one.
func similarEscape(r *Row, dst []byte) ([]byte, error) {
	if r.Null(0) {
		return nil, errNull
	}
	escape := `\`
	if len(r.Args) > 1 && !r.Null(1) {
		escape = r.Text(1)
	}
	pattern, err := similarPattern(r.Text(0), escape)
	return append(dst, pattern...), err
}

func similarPattern(pattern, escape string) (string, error) {
	if utf8.RuneCountInString(escape) > 1 {
		return "", sqlstate.New(sqlstate.InvalidEscapeSequence, "invalid escape string").WithHint("Escape string must be empty or one character.")
	}
	var out strings.Builder
	out.WriteString("^(?:")
	separators, inClass := 0, false
	for i := 0; i < len(pattern); {
		c, size := utf8.DecodeRuneInString(pattern[i:])
		i += size
		switch {
		case escape != "" && string(c) == escape:
			if i == len(pattern) {
				continue
			}
			next, size := utf8.DecodeRuneInString(pattern[i:])
			i += size
			if next == '"' && !inClass {
				// the parts of SUBSTRING(x SIMILAR y ESCAPE z): before, wanted, behind
				switch separators {
				case 0:
					out.WriteString("){1,1}?(")
				case 1:
					out.WriteString("){1,1}(?:")
				default:
					return "", sqlstate.New(sqlstate.Code("2200C"), "SQL regular expression may not contain more than two escape-double-quote separators")
				}
				separators++
				continue
			}
			out.WriteByte('\\')
			out.WriteRune(next)
		case inClass:
			if c == '\\' {
				out.WriteByte('\\')
			}
			out.WriteRune(c)
			inClass = c != ']'
		case c == '[':
			out.WriteByte('[')
			inClass = true
		case c == '%':
			out.WriteString(".*")
		case c == '_':
			out.WriteByte('.')
		case c == '(':
			out.WriteString("(?:")
		case c == '\\' || c == '.' || c == '^' || c == '$':
			out.WriteByte('\\')
			out.WriteRune(c)
		default:
			out.WriteRune(c)
		}
	}
	out.WriteString(")$")
	return out.String(), nil
}

// similarSubstring is SUBSTRING(string SIMILAR pattern ESCAPE escape).
func similarSubstring(r *Row, dst []byte) ([]byte, error) {
	pattern, err := similarPattern(r.Text(1), r.Text(2))
	if err != nil {
		return nil, err
	}
	re, err := compileRegex(pattern, "")
	if err != nil {
		return nil, err
	}
	m := re.find(r.Bytes(0), 0)
	if m == nil {
		return nil, errNull
	}
	if len(m) > 2 {
		m = m[2:]
	}
	return append(dst, r.Bytes(0)[m[0]:m[1]]...), nil
}
