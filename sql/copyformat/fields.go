package copyformat

import (
	"bytes"
	"unicode/utf8"

	"tarn/sql/sqlstate"
)

// field is one field of a line: its value without quotes and escapes, or NULL.
type field struct {
	value []byte // of a NULL, the marker
	null  bool
}

// fieldSplitter cuts lines into fields. Values are parts of the line, or of scratch where quotes or escapes had to go.
type fieldSplitter struct {
	csv           bool
	delimiter     byte
	quote, escape byte
	null          []byte
	fields        []field
	scratch       []byte
}

// split cuts a line; the fields are valid until the next call and as long as the line. plain promises that nothing in the
// line is quoted or escaped.
func (s *fieldSplitter) split(line []byte, plain bool) ([]field, error) {
	s.fields = s.fields[:0]
	if plain {
		s.plain(line)
		return s.fields, nil
	}
	if cap(s.scratch) < len(line) { // a value is never longer than its source: appending does not move scratch
		s.scratch = make([]byte, 0, 2*len(line))
	}
	s.scratch = s.scratch[:0]
	var err error
	if s.csv {
		err = s.quoted(line)
	} else {
		err = s.escaped(line)
	}
	return s.fields, err
}

// plain splits a line without quotes and escapes.
func (s *fieldSplitter) plain(line []byte) {
	for {
		n := indexShort(line, s.delimiter)
		if n < 0 {
			s.add(line, line)
			return
		}
		s.add(line[:n], line[:n])
		line = line[n+1:]
	}
}

// indexShort is bytes.IndexByte for the short distances between delimiters.
func indexShort(b []byte, c byte) int {
	for i := 0; i < len(b) && i < 16; i++ {
		if b[i] == c {
			return i
		}
	}
	if len(b) <= 16 {
		return -1
	}
	if n := bytes.IndexByte(b[16:], c); n >= 0 {
		return n + 16
	}
	return -1
}

// add ends a field. raw is as written, which is what the NULL marker is compared with.
func (s *fieldSplitter) add(value, raw []byte) {
	s.fields = append(s.fields, field{value: value, null: len(raw) == len(s.null) && string(raw) == string(s.null)})
}

// escaped splits a line of the text format that has backslashes.
func (s *fieldSplitter) escaped(line []byte) error {
	for i := 0; ; {
		start, from, check := i, len(s.scratch), false
		end := len(line)
		for i < len(line) && line[i] != s.delimiter {
			c := line[i]
			i++
			if c != '\\' {
				s.scratch = append(s.scratch, c)
				continue
			}
			if i == len(line) { // a backslash at the very end stands for nothing
				end--
				break
			}
			n := 0
			c, n = unescape(line[i:])
			i += n
			check = check || c == 0 || c >= utf8.RuneSelf
			s.scratch = append(s.scratch, c)
		}
		value := s.scratch[from:]
		s.add(value, line[start:min(i, end)])
		if check && !s.fields[len(s.fields)-1].null && (!utf8.Valid(value) || bytes.IndexByte(value, 0) >= 0) {
			return encodingError(value)
		}
		if i == len(line) {
			return nil
		}
		i++
	}
}

// unescape is the character that the text behind a backslash stands for, and the length of that text: \b \f \n \r \t \v,
// up to three octal digits, x and up to two hexadecimal ones; any other character is itself.
func unescape(s []byte) (c byte, n int) {
	switch c := s[0]; {
	case c >= '0' && c <= '7':
		v := 0
		for n < 3 && n < len(s) && s[n] >= '0' && s[n] <= '7' {
			v = v<<3 | int(s[n]-'0')
			n++
		}
		return byte(v), n
	case c == 'x':
		v := byte(0)
		for n = 1; n < 3 && n < len(s); n++ {
			digit, ok := hexDigit(s[n])
			if !ok {
				break
			}
			v = v<<4 | digit
		}
		if n == 1 {
			return 'x', 1
		}
		return v, n
	case c == 'b':
		return '\b', 1
	case c == 'f':
		return '\f', 1
	case c == 'n':
		return '\n', 1
	case c == 'r':
		return '\r', 1
	case c == 't':
		return '\t', 1
	case c == 'v':
		return '\v', 1
	default:
		return c, 1
	}
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10, true
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}

// quoted splits a line of csv that has quotes. A field may be quoted in parts: a"b,c"d is one field.
func (s *fieldSplitter) quoted(line []byte) error {
	for i := 0; ; {
		start, from, sawQuote := i, len(s.scratch), false
		for i < len(line) && line[i] != s.delimiter {
			c := line[i]
			i++
			if c != s.quote {
				s.scratch = append(s.scratch, c)
				continue
			}
			sawQuote = true
			n, ok := s.insideQuotes(line[i:])
			if !ok {
				return sqlstate.New(sqlstate.BadCopyFileFormat, "unterminated CSV quoted field")
			}
			i += n
		}
		if value := s.scratch[from:]; sawQuote {
			s.fields = append(s.fields, field{value: value})
		} else {
			s.add(value, line[start:i])
		}
		if i == len(line) {
			return nil
		}
		i++
	}
}

// insideQuotes takes what is between quotes, up to and with the closing one. It reports false if there is none.
func (s *fieldSplitter) insideQuotes(b []byte) (n int, ok bool) {
	for n < len(b) {
		c := b[n]
		n++
		if c == s.escape && n < len(b) && (b[n] == s.escape || b[n] == s.quote) {
			s.scratch = append(s.scratch, b[n])
			n++
			continue
		}
		if c == s.quote {
			return n, true
		}
		s.scratch = append(s.scratch, c)
	}
	return n, false
}
