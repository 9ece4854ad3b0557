package functions

import (
	"bytes"
	"slices"
	"unicode/utf8"

	"tarn/delta"
	"tarn/sql/sqlstate"
)

// likeFunctions are LIKE and ILIKE: section 9.7.1 of PostgreSQL's manual.
func likeFunctions() []Function {
	var out []Function
	for _, l := range sig(text, bpchar, name) {
		out = append(out,
			Function{Name: "~~", Args: sig(l, text), Returns: boolean, Eval: likeKernel(false, false)},
			Function{Name: "!~~", Args: sig(l, text), Returns: boolean, Eval: likeKernel(true, false)},
			Function{Name: "~~*", Args: sig(l, text), Returns: boolean, Eval: likeKernel(false, true)},
			Function{Name: "!~~*", Args: sig(l, text), Returns: boolean, Eval: likeKernel(true, true)},
		)
	}
	return append(out,
		Function{Name: "~~", Args: sig(bytea, bytea), Returns: boolean, Eval: likeBytes(false)},
		Function{Name: "!~~", Args: sig(bytea, bytea), Returns: boolean, Eval: likeBytes(true)},
		Function{Name: "like", Args: sig(text, text), Returns: boolean, Eval: likeKernel(false, false)},
		Function{Name: "notlike", Args: sig(text, text), Returns: boolean, Eval: likeKernel(true, false)},
		Function{Name: "texticlike", Args: sig(text, text), Returns: boolean, Eval: likeKernel(false, true)},
		Function{Name: "texticnlike", Args: sig(text, text), Returns: boolean, Eval: likeKernel(true, true)},
		Function{Name: "like_escape", Args: sig(text, text), Returns: text, Eval: blobs(likeEscape)},
	)
}

// likePattern is a pattern taken apart at its %.
type likePattern struct {
	pieces [][]likeRune // between the %; the first is anchored at the start, the last at the end
	plain  [][]byte     // the pieces as bytes, if none has an _
	bytes  bool         // _ stands for a byte, not a character
	err    error
}

// likeRune is one character to match, or any.
type likeRune struct {
	c   rune
	any bool
}

var errLikeEscape = sqlstate.New(sqlstate.InvalidEscapeSequence, "LIKE pattern must not end with escape character")

func parseLike(pattern []byte, ofBytes bool) *likePattern {
	p := &likePattern{pieces: [][]likeRune{nil}, bytes: ofBytes}
	plain := true
	for len(pattern) > 0 {
		c, size := likeDecode(pattern, ofBytes)
		pattern = pattern[size:]
		last := len(p.pieces) - 1
		switch c {
		case '%':
			p.pieces = append(p.pieces, nil)
			continue
		case '_':
			plain = false
			p.pieces[last] = append(p.pieces[last], likeRune{any: true})
			continue
		case '\\':
			if len(pattern) == 0 {
				// an error only for a text that reaches the end of the pattern with something left, before or behind the _ of %_
				p.err = errLikeEscape
				skipped := 0
				for i := last; i > 0 && !slices.ContainsFunc(p.pieces[i], func(r likeRune) bool { return !r.any }); i-- {
					skipped += len(p.pieces[i])
				}
				if skipped == 0 {
					p.pieces[last] = append(p.pieces[last], likeRune{any: true})
				}
				p.pieces = append(p.pieces, nil)
				return p
			}
			c, size = likeDecode(pattern, ofBytes)
			pattern = pattern[size:]
		}
		p.pieces[last] = append(p.pieces[last], likeRune{c: c})
	}
	if plain {
		for _, piece := range p.pieces {
			var b []byte
			for _, r := range piece {
				if ofBytes {
					b = append(b, byte(r.c))
				} else {
					b = utf8.AppendRune(b, r.c)
				}
			}
			p.plain = append(p.plain, b)
		}
	}
	return p
}

func likeDecode(b []byte, ofBytes bool) (rune, int) {
	if ofBytes {
		return rune(b[0]), 1
	}
	return utf8.DecodeRune(b)
}

// match tells whether s is of the pattern.
func (p *likePattern) match(s []byte) bool {
	if p.plain != nil {
		return p.matchPlain(s)
	}
	rest, ok := p.prefix(s, p.pieces[0])
	if !ok {
		return false
	}
	if len(p.pieces) == 1 {
		return len(rest) == 0
	}
	last := len(p.pieces) - 1
	for _, piece := range p.pieces[1:last] {
		for {
			after, ok := p.prefix(rest, piece)
			if ok {
				rest = after
				break
			}
			if len(rest) == 0 {
				return false
			}
			_, size := likeDecode(rest, p.bytes)
			rest = rest[size:]
		}
	}
	for {
		if after, ok := p.prefix(rest, p.pieces[last]); ok && len(after) == 0 {
			return true
		}
		if len(rest) == 0 {
			return false
		}
		_, size := likeDecode(rest, p.bytes)
		rest = rest[size:]
	}
}

func (p *likePattern) prefix(s []byte, piece []likeRune) (rest []byte, ok bool) {
	for _, want := range piece {
		if len(s) == 0 {
			return nil, false
		}
		c, size := likeDecode(s, p.bytes)
		if !want.any && c != want.c {
			return nil, false
		}
		s = s[size:]
	}
	return s, true
}

func (p *likePattern) matchPlain(s []byte) bool {
	first, last := p.plain[0], p.plain[len(p.plain)-1]
	if len(p.plain) == 1 {
		return bytes.Equal(s, first)
	}
	if len(s) < len(first)+len(last) || !bytes.HasPrefix(s, first) || !bytes.HasSuffix(s, last) {
		return false
	}
	s = s[len(first) : len(s)-len(last)]
	for _, piece := range p.plain[1 : len(p.plain)-1] {
		i := bytes.Index(s, piece)
		if i < 0 {
			return false
		}
		s = s[i+len(piece):]
	}
	return true
}

// likeKernel parses a pattern once for as long as it stays the same from row to row.
func likeKernel(not, fold bool) Kernel {
	return func(_ *Context, args []delta.Column, n int) delta.Column {
		values := make([]bool, n)
		out := delta.BoolColumn(values, nil)
		valid := strictRows(args, n, true)
		var parsed *likePattern
		var source, folded []byte
		for i := range values {
			if valid != nil && !valid.Get(i) {
				continue
			}
			if p := args[1].Bytes(i); parsed == nil || !bytes.Equal(p, source) {
				source = p
				if fold {
					p = bytes.ToLower(p)
				}
				parsed = parseLike(p, false)
			}
			s := args[0].Bytes(i)
			if fold {
				folded = appendLower(folded[:0], s)
				s = folded
			}
			matched := parsed.match(s)
			if matched && parsed.err != nil {
				out.Fail(i, sqlstate.From(parsed.err))
				continue
			}
			values[i] = matched != not
		}
		return out
	}
}

// appendLower appends s in lower case.
func appendLower(dst, s []byte) []byte {
	for _, c := range s {
		if c >= utf8.RuneSelf {
			return append(dst[:0], bytes.ToLower(s)...)
		}
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		dst = append(dst, c)
	}
	return dst
}

func likeBytes(not bool) Kernel {
	return bools(func(r *Row) (bool, error) {
		p := parseLike(r.Bytes(1), true)
		matched := p.match(r.Bytes(0))
		if matched && p.err != nil {
			return false, p.err
		}
		return matched != not, nil
	})
}

// likeEscape rewrites a pattern with an escape character of its own to one with the backslash.
func likeEscape(r *Row, dst []byte) ([]byte, error) {
	pattern, escape := r.Text(0), r.Text(1)
	if utf8.RuneCountInString(escape) > 1 {
		return nil, sqlstate.New(sqlstate.InvalidEscapeSequence, "invalid escape string").WithHint("Escape string must be empty or one character.")
	}
	if escape == `\` {
		return append(dst, pattern...), nil
	}
	escaped := false
	for _, c := range pattern {
		switch {
		case !escaped && escape != "" && string(c) == escape:
			dst, escaped = append(dst, '\\'), true
			continue
		case c == '\\' && !escaped:
			dst = append(dst, `\\`...)
		default:
			dst = utf8.AppendRune(dst, c)
		}
		escaped = false
	}
	return dst, nil
}
