package functions

import (
	"cmp"
	"regexp"
	"regexp/syntax"
	"strconv"
	"strings"
	"unicode/utf8"

	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// regexFunctions are POSIX regular expressions and SIMILAR TO: section 9.7 of PostgreSQL's manual. Expressions are matched
// by Go's regexp, in linear time; back references and look-around, which it does not have, are refused.
func regexFunctions() []Function {
	var out []Function
	for _, l := range sig(text, bpchar, name) {
		out = append(out,
			Function{Name: "~", Args: sig(l, text), Returns: boolean, Eval: bools(regexMatch("", false))},
			Function{Name: "!~", Args: sig(l, text), Returns: boolean, Eval: bools(regexMatch("", true))},
			Function{Name: "~*", Args: sig(l, text), Returns: boolean, Eval: bools(regexMatch("i", false))},
			Function{Name: "!~*", Args: sig(l, text), Returns: boolean, Eval: bools(regexMatch("i", true))},
		)
	}
	return append(out,
		Function{Name: "similar_to_escape", Args: sig(text, text), Returns: text, Eval: blobs(similarEscape)},
		Function{Name: "similar_to_escape", Args: sig(text), Returns: text, Eval: blobs(similarEscape)},
		Function{Name: "similar_escape", Args: sig(text, text), Returns: text, NullCall: true, Eval: nullBlobs(similarEscape)},
		Function{Name: "substring", Args: sig(text, text), Returns: text, Eval: blobs(regexSubstring)},
		Function{Name: "substring", Args: sig(text, text, text), Returns: text, Eval: blobs(similarSubstring)},
		Function{Name: "regexp_like", Args: sig(text, text, text), Optional: 1, Returns: boolean, Eval: bools(regexLike)},
		Function{Name: "regexp_count", Args: sig(text, text, int4, text), Optional: 2, Returns: int4, Eval: ints(regexCount)},
		Function{Name: "regexp_substr", Args: sig(text, text, int4, int4, text, int4), Optional: 4, Returns: text, Eval: blobs(regexSubstr)},
		Function{Name: "regexp_instr", Args: sig(text, text, int4, int4, int4, text, int4), Optional: 5, Returns: int4, Eval: ints(regexInstr)},
		Function{Name: "regexp_replace", Args: sig(text, text, text), Returns: text, Eval: blobs(regexReplace)},
		Function{Name: "regexp_replace", Args: sig(text, text, text, text), Returns: text, Eval: blobs(regexReplace)},
		Function{Name: "regexp_replace", Args: sig(text, text, text, int4, int4, text), Optional: 2, Returns: text, Eval: blobs(regexReplaceFrom)},
		Function{Name: "regexp_split_to_table", Args: sig(text, text, text), Optional: 1, Returns: text, Set: regexSplitTable},
	)
}

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
			out.WriteRune(mark)
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
			out.WriteRune(wordStart)
		case c == 'M' || c == '>':
			out.WriteRune(wordEnd)
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

func regexMatch(options string, not bool) func(r *Row) (bool, error) {
	return func(r *Row) (bool, error) {
		re, err := compileRegex(r.Text(1), options)
		if err != nil {
			return false, err
		}
		return re.matches(r.Bytes(0)) != not, nil
	}
}

// option is the text argument k, or "" where it is left out.
func (r *Row) option(k int) string {
	if k < len(r.Args) {
		return r.Text(k)
	}
	return ""
}

// number is the integer argument k, or otherwise where it is left out.
func (r *Row) number(k int, otherwise int64) int64 {
	if k < len(r.Args) {
		return r.Int(k)
	}
	return otherwise
}

// regexLike is regexp_like, which has no option g.
func regexLike(r *Row) (bool, error) {
	options := r.option(2)
	if err := matchOptions(options, "regexp_like"); err != nil {
		return false, err
	}
	re, err := compileRegex(r.Text(1), options)
	return err == nil && re.matches(r.Bytes(0)), err
}

func globalError(function string) error {
	return sqlstate.New(sqlstate.InvalidParameterValue, "%s() does not support the \"global\" option", function)
}

// matchOptions checks the options of a function that has none for all matches.
func matchOptions(options, function string) error {
	if _, err := translateRegex("", strings.ReplaceAll(options, "g", "")); err != nil {
		return err
	}
	if strings.Contains(options, "g") {
		return globalError(function)
	}
	return nil
}

// least fails a number below the least that a parameter may have.
func least(parameter string, v, lowest int64) error {
	if v < lowest {
		return parameterError(parameter, v)
	}
	return nil
}

// regexFrom compiles the pattern and gives where in the string, in bytes, its character number from begins; -1 behind its end.
func regexFrom(r *Row, options string, from int64) (re *regex, start int, err error) {
	if re, err = compileRegex(r.Text(1), options); err != nil {
		return nil, 0, err
	}
	if from > int64(utf8.RuneCount(r.Bytes(0)))+1 {
		return re, -1, nil
	}
	return re, runeOffset(r.Bytes(0), from-1), nil
}

func parameterError(parameter string, v int64) error {
	return sqlstate.New(sqlstate.InvalidParameterValue, "invalid value for parameter \"%s\": %d", parameter, v)
}

func regexCount(r *Row) (int64, error) {
	from, options := r.number(2, 1), r.option(3)
	if err := cmp.Or(least("start", from, 1), matchOptions(options, "regexp_count")); err != nil {
		return 0, err
	}
	re, start, err := regexFrom(r, options, from)
	if err != nil {
		return 0, err
	}
	return int64(len(re.findAll(r.Bytes(0), start, -1))), nil
}

func regexSubstr(r *Row, dst []byte) ([]byte, error) {
	from, n, options, group := r.number(2, 1), r.number(3, 1), r.option(4), r.number(5, 0)
	err := cmp.Or(least("start", from, 1), least("n", n, 1), least("subexpr", group, 0), matchOptions(options, "regexp_substr"))
	if err != nil {
		return nil, err
	}
	re, start, err := regexFrom(r, options, from)
	if err != nil {
		return nil, err
	}
	found := re.findAll(r.Bytes(0), start, int(n))
	group = wholeGroup(re, group)
	if int64(len(found)) < n || int(group) > re.NumSubexp() {
		return nil, errNull
	}
	m := found[n-1]
	if m[2*group] < 0 {
		return nil, errNull
	}
	return append(dst, r.Bytes(0)[m[2*group]:m[2*group+1]]...), nil
}

func regexInstr(r *Row) (int64, error) {
	from, n, end, options, group := r.number(2, 1), r.number(3, 1), r.number(4, 0), r.option(5), r.number(6, 0)
	err := cmp.Or(least("start", from, 1), least("n", n, 1))
	switch {
	case err != nil:
	case end != 0 && end != 1:
		err = parameterError("endoption", end)
	default:
		err = cmp.Or(least("subexpr", group, 0), matchOptions(options, "regexp_instr"))
	}
	if err != nil {
		return 0, err
	}
	re, start, err := regexFrom(r, options, from)
	if err != nil {
		return 0, err
	}
	found := re.findAll(r.Bytes(0), start, int(n))
	group = wholeGroup(re, group)
	if int64(len(found)) < n || int(group) > re.NumSubexp() || found[n-1][2*group] < 0 {
		return 0, nil
	}
	return int64(utf8.RuneCount(r.Bytes(0)[:found[n-1][2*group+end]])) + 1, nil
}

// wholeGroup is the number of a parenthesised part; the first one of a pattern without any is the whole match.
func wholeGroup(re *regex, group int64) int64 {
	if group == 1 && re.NumSubexp() == 0 {
		return 0
	}
	return group
}

// regexSubstring is the first parenthesised part of the first match, or the match if there are no parentheses.
func regexSubstring(r *Row, dst []byte) ([]byte, error) {
	re, err := compileRegex(r.Text(1), "")
	if err != nil {
		return nil, err
	}
	m := re.find(r.Bytes(0), 0)
	if m == nil {
		return nil, errNull
	}
	if re.NumSubexp() > 0 {
		m = m[2:]
	}
	if m[0] < 0 {
		return nil, errNull
	}
	return append(dst, r.Bytes(0)[m[0]:m[1]]...), nil
}

func regexReplace(r *Row, dst []byte) ([]byte, error) {
	options := r.option(3)
	if len(options) > 0 && options[0] >= '0' && options[0] <= '9' {
		return nil, sqlstate.New(sqlstate.InvalidParameterValue, "invalid regular expression option: \"%c\"", options[0]).WithHint(
			"If you meant to use regexp_replace() with a start parameter, cast the fourth argument to integer explicitly.")
	}
	n := 1
	if strings.Contains(options, "g") {
		n, options = -1, strings.ReplaceAll(options, "g", "")
	}
	re, err := compileRegex(r.Text(1), options)
	if err != nil {
		return nil, err
	}
	return replaceMatches(dst, r, re.findAll(r.Bytes(0), 0, n))
}

// regexReplaceFrom is regexp_replace with a start, a number of the match to replace (0: all) and options.
func regexReplaceFrom(r *Row, dst []byte) ([]byte, error) {
	options := r.option(5)
	from, n := r.number(3, 1), r.number(4, 1)
	if err := cmp.Or(least("start", from, 1), least("n", n, 0)); err != nil {
		return nil, err
	}
	if strings.Contains(options, "g") {
		options = strings.ReplaceAll(options, "g", "")
		if len(r.Args) < 5 {
			n = 0
		}
	}
	re, start, err := regexFrom(r, options, from)
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return replaceMatches(dst, r, re.findAll(r.Bytes(0), start, -1))
	}
	found := re.findAll(r.Bytes(0), start, int(n))
	if int64(len(found)) < n {
		found = nil
	} else {
		found = found[n-1 : n]
	}
	return replaceMatches(dst, r, found)
}

// replaceMatches writes argument 0 with the matches replaced by argument 2, in which \& is the match and \1 to \9 its parts.
func replaceMatches(dst []byte, r *Row, found [][]int) ([]byte, error) {
	s, with, at, from := r.Bytes(0), r.Bytes(2), 0, len(dst)
	for _, m := range found {
		if err := r.Ctx.fits(int64(len(dst) - from)); err != nil {
			return nil, err
		}
		dst = append(dst, s[at:m[0]]...)
		for i := 0; i < len(with); i++ {
			if with[i] != '\\' || i+1 == len(with) {
				dst = append(dst, with[i])
				continue
			}
			i++
			switch c := with[i]; {
			case c == '&':
				dst = append(dst, s[m[0]:m[1]]...)
			case c >= '1' && c <= '9':
				if g := int(c-'0') * 2; g < len(m) && m[g] >= 0 {
					dst = append(dst, s[m[g]:m[g+1]]...)
				}
			case c == '\\':
				dst = append(dst, c)
			default:
				dst = append(dst, '\\', c)
			}
		}
		at = m[1]
	}
	return append(dst, s[at:]...), nil
}

// groups is what regexp_match gives for a match: its parenthesised parts, or the whole.
func groups(re *regex, s []byte, m []int) []types.Datum {
	if re.NumSubexp() > 0 {
		m = m[2:]
	}
	out := make([]types.Datum, 0, len(m)/2)
	for i := 0; i < len(m); i += 2 {
		if m[i] < 0 {
			out = append(out, types.Null)
		} else {
			out = append(out, types.Datum{Bytes: s[m[i]:m[i+1]]})
		}
	}
	return out
}
