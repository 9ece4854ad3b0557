package lex

import (
	"strings"
	"unicode/utf8"

	"tarn/sql/sqlstate"
)

// MaxNameLength is how many bytes of an identifier count (NAMEDATALEN - 1); the rest is cut, as in PostgreSQL.
const MaxNameLength = 63

type scanner struct {
	text  string
	pos   int
	errAt int32 // byte offset of the error returned
}

// fail makes the error of the piece that begins at start; near is the text PostgreSQL would show.
func (s *scanner) fail(code sqlstate.Code, message string, start int, near string) *sqlstate.Error {
	s.errAt = int32(start)
	if near == "" {
		return sqlstate.New(code, "%s at end of input", message)
	}
	return sqlstate.New(code, "%s at or near \"%s\"", message, near)
}

func (s *scanner) syntax(message string, start, end int) *sqlstate.Error {
	return s.fail(sqlstate.SyntaxError, message, start, s.text[start:end])
}

func (s *scanner) at(i int) byte {
	if i < len(s.text) {
		return s.text[i]
	}
	return 0
}

func (s *scanner) token(kind Kind, start int, text string) Token {
	return Token{Text: text, Start: int32(start), End: int32(s.pos), Kind: kind}
}

func isSpace(c byte) bool  { return c == ' ' || c >= '\t' && c <= '\r' }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isHex(c byte) bool    { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' }
func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c >= utf8.RuneSelf }
func isWord(c byte) bool   { return isLetter(c) || isDigit(c) || c == '$' }

func isOperator(c byte) bool {
	switch c {
	case '~', '!', '@', '#', '^', '&', '|', '`', '?', '+', '-', '*', '/', '%', '<', '>', '=':
		return true
	}
	return false
}

// next reads one token.
func (s *scanner) next() (Token, *sqlstate.Error) {
	if err := s.skip(); err != nil {
		return Token{}, err
	}
	start := s.pos
	if start >= len(s.text) {
		return s.token(EOF, start, ""), nil
	}
	c := s.text[start]
	switch {
	case isLetter(c):
		return s.word()
	case isDigit(c), c == '.' && isDigit(s.at(start+1)):
		return s.number()
	case c == '\'':
		return s.quoted(start, start+1)
	case c == '"':
		return s.quotedIdent(start)
	case c == '$':
		return s.dollar()
	case c == ':':
		switch s.at(start + 1) {
		case ':':
			s.pos += 2
			return s.token(TypeCast, start, "::"), nil
		case '=':
			s.pos += 2
			return s.token(ColonEquals, start, ":="), nil
		}
	case c == '.' && s.at(start+1) == '.':
		s.pos += 2
		return s.token(DotDot, start, ".."), nil
	case isOperator(c):
		return s.operator()
	}
	s.pos++
	switch c {
	case ',', '(', ')', '[', ']', '.', ';', ':':
		return s.token(Kind(c), start, s.text[start:s.pos]), nil
	}
	return Token{}, s.syntax("syntax error", start, s.pos)
}

// skip passes over white space and comments.
func (s *scanner) skip() *sqlstate.Error {
	for s.pos < len(s.text) {
		switch c := s.text[s.pos]; {
		case isSpace(c):
			s.pos++
		case c == '-' && s.at(s.pos+1) == '-':
			s.pos = lineEnd(s.text, s.pos)
		case c == '/' && s.at(s.pos+1) == '*':
			if err := s.comment(); err != nil {
				return err
			}
		default:
			return nil
		}
	}
	return nil
}

func lineEnd(text string, pos int) int {
	if n := strings.IndexAny(text[pos:], "\r\n"); n >= 0 {
		return pos + n
	}
	return len(text)
}

// comment passes over a /* comment */, which nests.
func (s *scanner) comment() *sqlstate.Error {
	start, depth := s.pos, 0
	for s.pos < len(s.text) {
		switch {
		case s.text[s.pos] == '/' && s.at(s.pos+1) == '*':
			depth++
			s.pos += 2
		case s.text[s.pos] == '*' && s.at(s.pos+1) == '/':
			depth--
			s.pos += 2
			if depth == 0 {
				return nil
			}
		default:
			s.pos++
		}
	}
	return s.syntax("unterminated /* comment", start, len(s.text))
}

// word reads an identifier, a keyword, or a string with a letter before its quote.
func (s *scanner) word() (Token, *sqlstate.Error) {
	start := s.pos
	switch c, q := s.text[start]|0x20, s.at(start+1); {
	case q == '\'':
		switch c {
		case 'e':
			return s.escaped(start)
		case 'b', 'x':
			return s.bits(start)
		case 'n':
			t, err := s.quoted(start, start+2)
			t.National = true
			return t, err
		}
	case c == 'u' && q == '&' && s.at(start+2) == '\'':
		return s.unicodeString(start)
	case c == 'u' && q == '&' && s.at(start+2) == '"':
		return s.unicodeIdent(start)
	}
	upper := false
	for s.pos < len(s.text) && isWord(s.text[s.pos]) {
		if c := s.text[s.pos]; c >= 'A' && c <= 'Z' {
			upper = true
		}
		s.pos++
	}
	text := s.text[start:s.pos]
	if upper {
		var fold [24]byte // no keyword is longer
		if len(text) <= len(fold) {
			if kind, ok := words[string(appendFolded(fold[:0], text))]; ok {
				return s.token(kind, start, kind.Keyword()), nil
			}
		}
		text = string(appendFolded(make([]byte, 0, len(text)), text))
	} else if kind, ok := words[text]; ok {
		return s.token(kind, start, kind.Keyword()), nil
	}
	return s.token(Ident, start, truncate(text)), nil
}

// appendFolded folds ASCII letters only, as PostgreSQL does for multi-byte encodings.
func appendFolded(b []byte, text string) []byte {
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		b = append(b, c)
	}
	return b
}

// truncate cuts an identifier to MaxNameLength bytes at a character border.
func truncate(name string) string {
	if len(name) <= MaxNameLength {
		return name
	}
	n := MaxNameLength
	for !utf8.RuneStart(name[n]) {
		n--
	}
	return name[:n]
}

func (s *scanner) digits() {
	for s.pos < len(s.text) && isDigit(s.text[s.pos]) {
		s.pos++
	}
}

func (s *scanner) number() (Token, *sqlstate.Error) {
	start, kind := s.pos, Integer
	s.digits()
	if s.at(s.pos) == '.' && s.at(s.pos+1) != '.' {
		kind = Numeric
		s.pos++
		s.digits()
	}
	if s.at(s.pos)|0x20 == 'e' {
		n := s.pos + 1
		if c := s.at(n); c == '+' || c == '-' {
			n++
		}
		if isDigit(s.at(n)) {
			kind = Numeric
			s.pos = n
			s.digits()
		}
	}
	if c := s.at(s.pos); c != 0 && isLetter(c) {
		return Token{}, s.junk("trailing junk after numeric literal", start)
	}
	return s.token(kind, start, s.text[start:s.pos]), nil
}

// junk is the error for letters directly behind a number.
func (s *scanner) junk(message string, start int) *sqlstate.Error {
	end := s.pos
	if c := s.text[end]; c|0x20 == 'e' && s.at(end+1) != 0 && (s.at(end+1) == '+' || s.at(end+1) == '-') {
		return s.syntax(message, start, end+2)
	}
	for end < len(s.text) && isWord(s.text[end]) {
		end++
	}
	return s.syntax(message, start, end)
}

// dollar reads $n or a dollar-quoted string.
func (s *scanner) dollar() (Token, *sqlstate.Error) {
	start := s.pos
	if isDigit(s.at(start + 1)) {
		s.pos++
		s.digits()
		if c := s.at(s.pos); c != 0 && isLetter(c) {
			return Token{}, s.junk("trailing junk after parameter", start)
		}
		return s.token(Param, start, s.text[start+1:s.pos]), nil
	}
	end := start + 1
	if isLetter(s.at(end)) && s.at(end) != 0 {
		for end < len(s.text) && (isLetter(s.text[end]) || isDigit(s.text[end])) {
			end++
		}
	}
	if s.at(end) != '$' {
		s.pos++
		return Token{}, s.syntax("syntax error", start, s.pos)
	}
	tag := s.text[start : end+1]
	n := strings.Index(s.text[end+1:], tag)
	if n < 0 {
		return Token{}, s.syntax("unterminated dollar-quoted string", start, len(s.text))
	}
	s.pos = end + 1 + n + len(tag)
	return s.token(String, start, s.text[end+1:end+1+n]), nil
}

// operator reads the longest operator, but not into a comment, and by PostgreSQL's rule without a trailing + or - unless
// it holds a character that SQL's own operators do not.
func (s *scanner) operator() (Token, *sqlstate.Error) {
	start := s.pos
	end := start
	for end < len(s.text) && isOperator(s.text[end]) {
		if c, d := s.text[end], s.at(end+1); c == '-' && d == '-' || c == '/' && d == '*' {
			break
		}
		end++
	}
	if c := s.text[end-1]; end-start > 1 && (c == '+' || c == '-') && !strings.ContainsAny(s.text[start:end-1], "~!@#^&|`?%") {
		for end-start > 1 && (s.text[end-1] == '+' || s.text[end-1] == '-') {
			end--
		}
	}
	s.pos = end
	text := s.text[start:end]
	kind := Operator
	if len(text) == 1 {
		switch text[0] {
		case '+', '-', '*', '/', '%', '^', '<', '>', '=':
			kind = Kind(text[0])
		}
	}
	switch text {
	case "=>":
		kind = EqualsGreater
	case "<=":
		kind = LessEquals
	case ">=":
		kind = GreaterEquals
	case "<>", "!=":
		kind, text = NotEquals, "<>"
	}
	if len(text) > MaxNameLength {
		return Token{}, s.syntax("operator too long", start, end)
	}
	return s.token(kind, start, text), nil
}
