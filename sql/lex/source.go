package lex

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"tarn/sql/sqlstate"
)

// Source is a text with positions counted in characters.
type Source struct {
	Text  string
	index []int32 // characters before each stride; nil for ASCII
}

const stride = 256

// NewSource indexes a text. ASCII text needs no index.
func NewSource(text string) *Source {
	s := &Source{Text: text}
	ascii := true
	for i := 0; i < len(text); i++ {
		if text[i] >= utf8.RuneSelf {
			ascii = false
			break
		}
	}
	if ascii {
		return s
	}
	s.index = make([]int32, 0, len(text)/stride+1)
	n := int32(0)
	for i := 0; i < len(text); i++ {
		if i%stride == 0 {
			s.index = append(s.index, n)
		}
		if utf8.RuneStart(text[i]) {
			n++
		}
	}
	return s
}

// Position is the position in characters, from 1, of a byte offset.
func (s *Source) Position(offset int) int {
	if s.index == nil {
		return offset + 1
	}
	if offset >= len(s.Text) {
		offset = len(s.Text)
	}
	block := min(offset/stride, len(s.index)-1)
	n := int(s.index[block])
	for i := block * stride; i < offset; i++ {
		if utf8.RuneStart(s.Text[i]) {
			n++
		}
	}
	return n + 1
}

// CheckText refuses text that is not UTF-8 or holds a NUL, as PostgreSQL does when a message arrives.
func CheckText(text string) error {
	if utf8.ValidString(text) && strings.IndexByte(text, 0) < 0 {
		return nil
	}
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		if r == 0 || r == utf8.RuneError && n == 1 {
			return sqlstate.New(sqlstate.CharacterNotInRepertoire, "invalid byte sequence for encoding \"UTF8\": %s",
				badSequence(text[i:]))
		}
		i += n
	}
	return nil
}

// badSequence prints the bytes PostgreSQL would: as many as the lead byte announces.
func badSequence(s string) string {
	n := 1
	switch c := s[0]; {
	case c&0xE0 == 0xC0:
		n = 2
	case c&0xF0 == 0xE0:
		n = 3
	case c&0xF8 == 0xF0:
		n = 4
	}
	n = min(n, len(s))
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(' ')
		}
		fmt.Fprintf(&b, "0x%02x", s[i])
	}
	return b.String()
}
