package functions

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"tarn/sql/sqlstate"
)

// translateRegex writes a PostgreSQL expression in Go's syntax.
func translateRegex(pattern, options string) (string, error) {
	flags, literal := "s", false
	for _, c := range options {
		switch c {
		case 'i':
			flags += "i"
		case 'c':
			flags = strings.ReplaceAll(flags, "i", "")
		case 'n', 'm':
			flags = strings.ReplaceAll(flags, "s", "") + "m"
		case 'w':
			flags += "m"
		case 'p':
			flags = strings.ReplaceAll(flags, "s", "")
		case 's':
			flags = strings.ReplaceAll(flags, "m", "")
		case 'q':
			literal = true
		case 'x':
			pattern = stripExpanded(pattern)
		case 'b':
			return "", sqlstate.New(sqlstate.FeatureNotSupported, "basic regular expressions are not supported")
		case 'e', 't':
		default:
			return "", sqlstate.New(sqlstate.InvalidParameterValue, "invalid regular expression option: \"%c\"", c)
		}
	}
	if rest, ok := strings.CutPrefix(pattern, "***="); ok {
		pattern, literal = rest, true
	} else if rest, ok := strings.CutPrefix(pattern, "***:"); ok {
		pattern = rest
	}
	prefix := ""
	if flags != "" {
		prefix = "(?" + flags + ")"
	}
	if literal {
		return prefix + regexp.QuoteMeta(pattern), nil
	}
	if end := strings.IndexByte(pattern, ')'); strings.HasPrefix(pattern, "(?") && end > 2 && strings.Trim(pattern[2:end], "bceimnpqstwx") == "" {
		return translateRegex(pattern[end+1:], options+pattern[2:end])
	}
	body, err := translateEscapes(pattern, !strings.Contains(flags, "s"))
	return prefix + body, err
}

// stripExpanded removes what option x ignores: white space and comments.
func stripExpanded(pattern string) string {
	var out strings.Builder
	inside := false
	for i := 0; i < len(pattern); i++ {
		c := pattern[i]
		switch {
		case c == '\\' && i+1 < len(pattern):
			out.WriteByte(c)
			i++
			c = pattern[i]
		case c == '[':
			inside = true
		case c == ']':
			inside = false
		case inside:
		case strings.IndexByte(" \t\n\r\f\v", c) >= 0:
			continue
		case c == '#':
			for i < len(pattern) && pattern[i] != '\n' {
				i++
			}
			continue
		}
		out.WriteByte(c)
	}
	return out.String()
}

// classes are the classes of characters, which in Go are those of ASCII.
var classes = []struct{ name, members string }{
	{"[:alpha:]", `\pL`}, {"[:alnum:]", `\pL\pN`}, {"[:upper:]", `\p{Lu}`}, {"[:lower:]", `\p{Ll}`}, {"[:punct:]", `[:punct:]\pP\pS`},
	{"[:word:]", `\pL\pN_`}, {`\w`, `\pL\pN_`},
}

// translateEscapes rewrites what means something else in Go: classes, word boundaries, ends of the string, and the
// characters \e, \uXXXX and \UXXXXXXXX. If lines matter, classes of what is not in them are without the end of a line.
func translateEscapes(pattern string, lines bool) (string, error) {
	var out strings.Builder
	inside := false // brackets
next:
	for i := 0; i < len(pattern); i++ {
		c := pattern[i]
		for _, class := range classes {
			if strings.HasPrefix(pattern[i:], class.name) && (inside || c == '\\') {
				if inside {
					out.WriteString(class.members)
				} else {
					out.WriteString("[" + class.members + "]")
				}
				i += len(class.name) - 1
				continue next
			}
		}
		if strings.HasPrefix(pattern[i:], `\W`) && !inside {
			out.WriteString(`[^\pL\pN_]`)
			i++
			continue
		}
		if strings.HasPrefix(pattern[i:], "[[:<:]]") || strings.HasPrefix(pattern[i:], "[[:>:]]") {
			mark := wordStart
			if pattern[i+3] == '>' {
				mark = wordEnd
			}
			out.WriteString(strings.Repeat(string(mark), 2))
			i += len("[[:<:]]") - 1
			if quantified(pattern[i+1:]) {
				return "", errOperand
			}
			continue
		}
		if c != '\\' || i+1 == len(pattern) {
			switch {
			case c == '[' && !inside:
				inside = true
				// a bracket that comes first is a member
				for _, first := range [...]string{"[^]", "[]", "[^"} {
					if strings.HasPrefix(pattern[i:], first) {
						if lines && first[1] == '^' {
							out.WriteString(`[^\n` + first[2:])
						} else {
							out.WriteString(first)
						}
						i += len(first) - 1
						continue next
					}
				}
			case c == '[' && inside && i+1 < len(pattern) && strings.IndexByte(":.=", pattern[i+1]) >= 0:
				if end := strings.Index(pattern[i:], string(pattern[i+1])+"]"); end > 0 {
					out.WriteString(pattern[i : i+end+2])
					i += end + 1
					continue next
				}
			case c == ']':
				inside = false
			case !inside && (c == '^' || c == '$') && quantified(pattern[i+1:]):
				return "", errOperand
			}
			out.WriteByte(c)
			continue
		}
		i++
		switch c = pattern[i]; {
		case strings.IndexByte("mMyYAZ<>", c) >= 0 && quantified(pattern[i+1:]):
			return "", errOperand
		case c == 'm' || c == '<':
			out.WriteString(strings.Repeat(string(wordStart), 2))
		case c == 'M' || c == '>':
			out.WriteString(strings.Repeat(string(wordEnd), 2))
		case c == 'y':
			out.WriteString(`\b`)
		case c == 'Y':
			out.WriteString(`\B`)
		case c == 'Z':
			out.WriteString(`\z`)
		case c == 'e':
			out.WriteString(`\x1b`)
		case c == 'b':
			out.WriteString(`\x08`)
		case c == 'B':
			out.WriteString(`\\`)
		case c == 'c' && i+1 < len(pattern): // a control character
			_, size := utf8.DecodeRuneInString(pattern[i+1:])
			out.WriteString(`\x{` + strconv.FormatInt(int64(pattern[i+size]&0x1f), 16) + `}`)
			i += size
		case c == 'u' && i+4 < len(pattern):
			out.WriteString(`\x{` + pattern[i+1:i+5] + `}`)
			i += 4
		case c == 'U' && i+8 < len(pattern):
			out.WriteString(`\x{` + pattern[i+1:i+9] + `}`)
			i += 8
		case c >= '1' && c <= '9':
			return "", sqlstate.New(sqlstate.FeatureNotSupported, "back references in regular expressions are not supported")
		case c >= utf8.RuneSelf || c == '_' || c == ' ' || c == '"' || c == '\'' || c == '/' || c == '%' || c == '@' || c == '#' || c == '&' || c == '~' || c == '`' || c == '!' || c == '=' || c == ',' || c == ';' || c == ':':
			if c < utf8.RuneSelf {
				out.WriteString(regexp.QuoteMeta(string(rune(c))))
			} else {
				out.WriteByte(c)
			}
		default:
			out.WriteByte('\\')
			out.WriteByte(c)
		}
	}
	return out.String(), nil
}

var errOperand = sqlstate.New(sqlstate.InvalidRegularExpression, "invalid regular expression: quantifier operand invalid")

// quantified tells whether a quantifier comes first.
func quantified(rest string) bool {
	return rest != "" && (strings.IndexByte("*+?", rest[0]) >= 0 || rest[0] == '{' && len(rest) > 1 && rest[1] >= '0' && rest[1] <= '9')
}
