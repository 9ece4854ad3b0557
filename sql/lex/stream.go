package lex

import "tarn/sql/sqlstate"

// Stream is the tokens of a text, read on demand, with as much look-ahead as asked for.
type Stream struct {
	*Source
	scan scanner
	buf  []Token
	i    int
	err  *sqlstate.Error
}

// NewStream begins at the start of a text.
func NewStream(source *Source) *Stream {
	return &Stream{Source: source, scan: scanner{text: source.Text}, buf: make([]Token, 0, min(len(source.Text)/4+8, 512))}
}

// Peek is the n-th token from here; 0 is the next one. After the end all tokens are EOF; after a lexical error, Bad.
// The pointer is good until the next call that reads further.
func (s *Stream) Peek(n int) *Token {
	for len(s.buf) <= s.i+n {
		var t Token
		if s.err == nil {
			t, s.err = s.scan.next()
		}
		if s.err != nil {
			t = Token{Kind: Bad, Start: int32(len(s.Text)), End: int32(len(s.Text))}
		}
		s.buf = append(s.buf, t)
	}
	return &s.buf[s.i+n]
}

// Kind is the kind of the next token.
func (s *Stream) Kind() Kind {
	if s.i < len(s.buf) {
		return s.buf[s.i].Kind
	}
	return s.Peek(0).Kind
}

// Next takes the next token. At the end of the text it stays there.
func (s *Stream) Next() Token {
	t := *s.Peek(0)
	if t.Kind != EOF && t.Kind != Bad {
		s.i++
	}
	return t
}

// Accept takes the next token if it has this kind.
func (s *Stream) Accept(kind Kind) bool {
	if s.Kind() != kind {
		return false
	}
	s.i++
	return true
}

// Mark is a place to return to with Reset, until Trim.
func (s *Stream) Mark() int { return s.i }

// Reset returns to a Mark.
func (s *Stream) Reset(mark int) { s.i = mark }

// Trim forgets the tokens taken so far, but for the last one. No Mark from before may be used afterwards.
func (s *Stream) Trim() {
	if s.i > 1 {
		s.buf = s.buf[:copy(s.buf, s.buf[s.i-1:])]
		s.i = 1
	}
}

// Seek goes back to a byte offset at which a token begins. No Mark from before may be used afterwards.
func (s *Stream) Seek(offset int32) {
	s.buf, s.i, s.err = s.buf[:0], 0, nil
	s.scan.pos = int(offset)
}

// LastEnd is the byte offset behind the token taken last.
func (s *Stream) LastEnd() int32 {
	if s.i == 0 {
		return 0
	}
	return s.buf[s.i-1].End
}

// Unexpected is the error for the next token: the lexical error, if there is one, else PostgreSQL's syntax error.
func (s *Stream) Unexpected() *sqlstate.Error { return s.UnexpectedAt(0) }

// UnexpectedAt is Unexpected for the n-th token from here.
func (s *Stream) UnexpectedAt(n int) *sqlstate.Error {
	for k := 0; k < n; k++ { // a lexical error before it comes first
		if s.Peek(k).Kind == Bad {
			n = k
		}
	}
	t := s.Peek(n)
	if t.Kind == Bad {
		return s.err.At(s.Position(int(s.scan.errAt)))
	}
	return s.Near("syntax error", t)
}

// Near is a syntax error with PostgreSQL's `.. at or near "token"`.
func (s *Stream) Near(message string, t *Token) *sqlstate.Error {
	if t.Kind == EOF {
		return sqlstate.New(sqlstate.SyntaxError, "%s at end of input", message).At(s.Position(int(t.Start)))
	}
	return sqlstate.New(sqlstate.SyntaxError, "%s at or near \"%s\"", message, s.Text[t.Start:t.End]).
		At(s.Position(int(t.Start)))
}
