package lex

import (
	"strings"
	"unicode/utf8"

	"tarn/sql/sqlstate"
)

// span finds the end of a quoted piece whose content begins at from: the offset behind the closing quote, and whether
// there are doubled quotes inside. It is negative if there is no end.
func (s *scanner) span(from int, quote byte) (end int, doubled bool) {
	for i := from; ; {
		n := strings.IndexByte(s.text[i:], quote)
		if n < 0 {
			return -1, false
		}
		i += n + 1
		if s.at(i) != quote {
			return i, doubled
		}
		doubled = true
		i++
	}
}

// continued says where the next part of a string begins: SQL joins strings that only white space with a newline
// (and -- comments) separates. It is negative if there is none.
func (s *scanner) continued(pos int) int {
	newline := false
	for pos < len(s.text) {
		switch c := s.text[pos]; {
		case c == '\n' || c == '\r':
			newline = true
			pos++
		case isSpace(c):
			pos++
		case c == '-' && s.at(pos+1) == '-':
			pos = lineEnd(s.text, pos)
		case c == '\'' && newline:
			return pos + 1
		default:
			return -1
		}
	}
	return -1
}

// quoted reads '..' whose content begins at from.
func (s *scanner) quoted(start, from int) (Token, *sqlstate.Error) {
	text, err := s.content(start, from, "unterminated quoted string")
	return s.token(String, start, text), err
}

// content reads the parts of a string without escapes and sets pos behind them.
func (s *scanner) content(start, from int, unterminated string) (string, *sqlstate.Error) {
	whole := ""
	for first := true; ; first = false {
		end, doubled := s.span(from, '\'')
		if end < 0 {
			return "", s.syntax(unterminated, start, len(s.text))
		}
		part := s.text[from : end-1]
		if doubled {
			part = strings.ReplaceAll(part, "''", "'")
		}
		if first {
			whole = part
		} else {
			whole += part
		}
		s.pos = end
		if from = s.continued(end); from < 0 {
			return whole, nil
		}
	}
}

// bits reads B'..' or X'..'; the digits are checked where their value is wanted, as PostgreSQL does.
func (s *scanner) bits(start int) (Token, *sqlstate.Error) {
	letter, message := "b", "unterminated bit string literal"
	if s.text[start]|0x20 == 'x' {
		letter, message = "x", "unterminated hexadecimal string literal"
	}
	text, err := s.content(start, start+2, message)
	return s.token(Bits, start, letter+text), err
}

func (s *scanner) quotedIdent(start int) (Token, *sqlstate.Error) {
	end, doubled := s.span(start+1, '"')
	if end < 0 {
		return Token{}, s.syntax("unterminated quoted identifier", start, len(s.text))
	}
	s.pos = end
	text := s.text[start+1 : end-1]
	if text == "" {
		return Token{}, s.syntax("zero-length delimited identifier", start, end)
	}
	if doubled {
		text = strings.ReplaceAll(text, `""`, `"`)
	}
	return s.token(Ident, start, truncate(text)), nil
}

// escaped reads E'..' with its backslash escapes.
func (s *scanner) escaped(start int) (Token, *sqlstate.Error) {
	var b []byte
	i := start + 2
	for {
		if i >= len(s.text) {
			return Token{}, s.syntax("unterminated quoted string", start, len(s.text))
		}
		c := s.text[i]
		switch {
		case c == '\'' && s.at(i+1) == '\'':
			b = append(b, c)
			i += 2
		case c == '\'':
			s.pos = i + 1
			if i = s.continued(s.pos); i >= 0 {
				continue
			}
			if !utf8.Valid(b) || strings.IndexByte(string(b), 0) >= 0 {
				s.errAt = int32(start)
				return Token{}, sqlstate.From(CheckText(string(b)))
			}
			return s.token(String, start, string(b)), nil
		case c == '\\':
			var err *sqlstate.Error
			if b, i, err = s.escape(b, start, i); err != nil {
				return Token{}, err
			}
		default:
			b = append(b, c)
			i++
		}
	}
}

// escape decodes the backslash escape at i and says where it ends.
func (s *scanner) escape(b []byte, start, i int) ([]byte, int, *sqlstate.Error) {
	c := s.at(i + 1)
	switch c {
	case 0:
		return b, i, s.syntax("unterminated quoted string", start, len(s.text))
	case 'b':
		return append(b, '\b'), i + 2, nil
	case 'f':
		return append(b, '\f'), i + 2, nil
	case 'n':
		return append(b, '\n'), i + 2, nil
	case 'r':
		return append(b, '\r'), i + 2, nil
	case 't':
		return append(b, '\t'), i + 2, nil
	case 'v':
		return append(b, '\v'), i + 2, nil
	case 'u', 'U':
		return s.unicodeEscape(b, i, c)
	case 'x':
		if !isHex(s.at(i + 2)) {
			return append(b, 'x'), i + 2, nil
		}
		v, end := 0, i+2
		for end < i+4 && isHex(s.at(end)) {
			v = v<<4 | hexValue(s.text[end])
			end++
		}
		return append(b, byte(v)), end, nil
	case '0', '1', '2', '3', '4', '5', '6', '7':
		v, end := 0, i+1
		for end < i+4 && s.at(end) >= '0' && s.at(end) <= '7' {
			v = v<<3 | int(s.text[end]-'0')
			end++
		}
		return append(b, byte(v)), end, nil
	}
	_, n := utf8.DecodeRuneInString(s.text[i+1:])
	return append(b, s.text[i+1:i+1+n]...), i + 1 + n, nil
}

// unicodeEscape decodes \uXXXX or \UXXXXXXXX at i, or a pair of surrogates.
func (s *scanner) unicodeEscape(b []byte, i int, letter byte) ([]byte, int, *sqlstate.Error) {
	read := func(i int) (rune, int, bool) {
		digits := 4
		if s.at(i+1) == 'U' {
			digits = 8
		}
		v := rune(0)
		for k := range digits {
			if !isHex(s.at(i + 2 + k)) {
				return 0, i + 2 + k, false
			}
			if v > utf8.MaxRune {
				continue
			}
			v = v<<4 | rune(hexValue(s.text[i+2+k]))
		}
		return v, i + 2 + digits, true
	}
	r, end, ok := read(i)
	if !ok {
		s.errAt = int32(i)
		return b, i, sqlstate.New(sqlstate.InvalidEscapeSequence, "invalid Unicode escape").
			WithHint(`Unicode escapes must be \uXXXX or \UXXXXXXXX.`)
	}
	if r>>10 == 0xD800>>10 {
		if s.at(end) == '\\' && s.at(end+1)|0x20 == 'u' {
			if low, next, ok := read(end); ok && low>>10 == 0xDC00>>10 {
				return utf8.AppendRune(b, 0x10000+(r-0xD800)<<10+(low-0xDC00)), next, nil
			}
		}
		return b, i, s.syntax("invalid Unicode surrogate pair", end, min(end+1, len(s.text)))
	}
	if r>>10 == 0xDC00>>10 {
		return b, i, s.syntax("invalid Unicode surrogate pair", i, end)
	}
	if r == 0 || r > utf8.MaxRune {
		return b, i, s.syntax("invalid Unicode escape value", i, end)
	}
	return utf8.AppendRune(b, r), end, nil
}

func hexValue(c byte) int {
	if isDigit(c) {
		return int(c - '0')
	}
	return int(c|0x20-'a') + 10
}

// unicodeString reads U&'..' [UESCAPE 'c'].
func (s *scanner) unicodeString(start int) (Token, *sqlstate.Error) {
	raw, err := s.content(start, start+3, "unterminated quoted string")
	if err != nil {
		return Token{}, err
	}
	end := s.pos
	text, err := s.decodeUnicode(raw, start+3)
	if err != nil {
		return Token{}, err
	}
	t := s.token(String, start, text)
	t.End = int32(end)
	return t, nil
}

// unicodeIdent reads U&".." [UESCAPE 'c'].
func (s *scanner) unicodeIdent(start int) (Token, *sqlstate.Error) {
	t, err := s.quotedIdent(start + 2)
	if err != nil {
		return Token{}, err
	}
	raw := strings.ReplaceAll(s.text[start+3:s.pos-1], `""`, `"`)
	end := s.pos
	text, err := s.decodeUnicode(raw, start+3)
	if err != nil {
		return Token{}, err
	}
	t.Start, t.End, t.Text = int32(start), int32(end), truncate(text)
	return t, nil
}

// decodeUnicode looks for UESCAPE behind pos and decodes the escapes of raw, whose text begins at from.
func (s *scanner) decodeUnicode(raw string, from int) (string, *sqlstate.Error) {
	mark := s.pos
	escape := byte('\\')
	if err := s.skip(); err != nil {
		return "", err
	}
	const word = "uescape"
	if n := s.pos; len(s.text)-n >= len(word) && strings.EqualFold(s.text[n:n+len(word)], word) && !isWord(s.at(n+len(word))) {
		s.pos += len(word)
		if err := s.skip(); err != nil {
			return "", err
		}
		at := s.pos
		if s.at(at) != '\'' {
			_, near := s.peekEnd()
			return "", s.syntax("UESCAPE must be followed by a simple string literal", at, near)
		}
		text, err := s.content(at, at+1, "unterminated quoted string")
		if err != nil {
			return "", err
		}
		if len(text) != 1 || isHex(text[0]) || strings.IndexByte("+'\"", text[0]) >= 0 || isSpace(text[0]) {
			return "", s.syntax("invalid Unicode escape character", at, s.pos)
		}
		escape = text[0]
	} else {
		s.pos = mark
	}
	if strings.IndexByte(raw, escape) < 0 {
		return raw, nil
	}
	return s.unescape(raw, escape, from)
}

// peekEnd is the end of the token at pos, for an error message.
func (s *scanner) peekEnd() (Kind, int) {
	ahead := *s
	t, err := ahead.next()
	if err != nil {
		return Bad, len(s.text)
	}
	return t.Kind, int(t.End)
}

func (s *scanner) unescape(raw string, escape byte, from int) (string, *sqlstate.Error) {
	b := make([]byte, 0, len(raw))
	high := rune(0)
	for i := 0; i < len(raw); {
		if raw[i] != escape || i+1 < len(raw) && raw[i+1] == escape {
			if high != 0 {
				return "", s.surrogate(from + i)
			}
			if raw[i] == escape {
				i++
			}
			b = append(b, raw[i])
			i++
			continue
		}
		at, digits := i+1, 4
		if at < len(raw) && raw[at] == '+' {
			at, digits = at+1, 6
		}
		r := rune(0)
		for k := range digits {
			if at+k >= len(raw) || !isHex(raw[at+k]) {
				s.errAt = int32(from + i)
				return "", sqlstate.New(sqlstate.SyntaxError, "invalid Unicode escape").
					WithHint(`Unicode escapes must be \XXXX or \+XXXXXX.`)
			}
			r = r<<4 | rune(hexValue(raw[at+k]))
		}
		isLow := r>>10 == 0xDC00>>10
		switch {
		case high != 0 && isLow:
			b, high = utf8.AppendRune(b, 0x10000+(high-0xD800)<<10+(r-0xDC00)), 0
		case high != 0 || isLow:
			return "", s.surrogate(from + i)
		case r>>10 == 0xD800>>10:
			high = r
		case r == 0 || r > utf8.MaxRune:
			s.errAt = int32(from + i)
			return "", sqlstate.New(sqlstate.SyntaxError, "invalid Unicode escape value")
		default:
			b = utf8.AppendRune(b, r)
		}
		i = at + digits
	}
	if high != 0 {
		return "", s.surrogate(from + len(raw))
	}
	return string(b), nil
}

func (s *scanner) surrogate(at int) *sqlstate.Error {
	s.errAt = int32(min(at, len(s.text)))
	return sqlstate.New(sqlstate.SyntaxError, "invalid Unicode surrogate pair")
}
