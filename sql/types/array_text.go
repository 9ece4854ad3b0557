package types

import (
	"bytes"
	"strconv"
	"strings"

	"tarn/sql/sqlstate"
)

func malformedArray(s, detail string) error {
	return sqlstate.New(sqlstate.InvalidTextRepresentation, "malformed array literal: \"%s\"", s).WithDetail("%s", detail)
}

// arrayParser reads {1,NULL,"a b"} and {{1,2},{3,4}}, with [2:3]= before it for other lower bounds.
type arrayParser struct {
	text  string
	at    int
	elem  Type
	env   *Env
	array Array
	depth int   // of the scalars, 0 until the first is met
	sizes []int // of the dimensions, -1 until the first brace closes
	word  []byte
}

func arrayIn(d *Datum, s string, t Type, env *Env) error {
	p := arrayParser{text: s, elem: t.Elem(), env: env}
	p.space()
	given, err := p.bounds()
	if err != nil {
		return err
	}
	if p.peek() != '{' {
		if given != nil {
			return malformedArray(s, "Array contents must start with \"{\".")
		}
		return malformedArray(s, "Array value must start with \"{\" or dimension information.")
	}
	if err := p.level(0); err != nil {
		return err
	}
	if p.space(); p.at < len(s) {
		return malformedArray(s, "Junk after closing right brace.")
	}
	if err := p.dimensions(given); err != nil {
		return err
	}
	d.Bytes = AppendArray(d.Bytes[:0], p.elem.Kind(), p.array)
	return nil
}

func (p *arrayParser) dimensions(given []Dim) error {
	if len(p.array.Elems) == 0 {
		if given != nil {
			return malformedArray(p.text, "Specified array dimensions do not match array contents.")
		}
		return nil
	}
	for _, size := range p.sizes {
		p.array.Dims = append(p.array.Dims, Dim{int32(size), 1})
	}
	if given == nil {
		return nil
	}
	if len(given) != len(p.array.Dims) {
		return malformedArray(p.text, "Specified array dimensions do not match array contents.")
	}
	for i := range given {
		if given[i].Len != p.array.Dims[i].Len {
			return malformedArray(p.text, "Specified array dimensions do not match array contents.")
		}
	}
	p.array.Dims = given
	return nil
}

func (p *arrayParser) peek() byte {
	if p.at < len(p.text) {
		return p.text[p.at]
	}
	return 0
}

func (p *arrayParser) space() {
	for p.at < len(p.text) && isSpace(p.text[p.at]) {
		p.at++
	}
}

// bounds reads [lower:upper]...=.
func (p *arrayParser) bounds() ([]Dim, error) {
	var dims []Dim
	for p.peek() == '[' {
		end := strings.IndexByte(p.text[p.at:], ']')
		if end < 0 {
			return nil, malformedArray(p.text, "Missing \"]\" after array dimensions.")
		}
		lower, upper, both := strings.Cut(p.text[p.at+1:p.at+end], ":")
		if !both {
			lower, upper = "1", lower
		}
		low, err1 := strconv.ParseInt(lower, 10, 32)
		high, err2 := strconv.ParseInt(upper, 10, 32)
		if err1 != nil || err2 != nil {
			return nil, malformedArray(p.text, "\"[\" must introduce explicitly-specified array dimensions.")
		}
		if high < low {
			return nil, sqlstate.New(sqlstate.ArraySubscriptError, "upper bound cannot be less than lower bound")
		}
		if len(dims) == MaxDims {
			return nil, TooManyDims(MaxDims + 1)
		}
		dims = append(dims, Dim{int32(high - low + 1), int32(low)})
		p.at += end + 1
	}
	if dims != nil {
		if p.peek() != '=' {
			return nil, malformedArray(p.text, "Missing \"=\" after array dimensions.")
		}
		p.at++
		p.space()
	}
	return dims, nil
}

// TooManyDims is the error for an array of more than MaxDims dimensions.
func TooManyDims(n int) *sqlstate.Error {
	return sqlstate.New(sqlstate.ProgramLimitExceeded, "number of array dimensions (%d) exceeds the maximum allowed (%d)", n, MaxDims)
}

// level reads one brace and what is in it; depth counts the braces around it.
func (p *arrayParser) level(depth int) error {
	p.at++ // {
	if depth >= MaxDims {
		return TooManyDims(depth + 1)
	}
	if len(p.sizes) <= depth {
		if p.depth != 0 {
			return malformedArray(p.text, "Unexpected \"{\" character.")
		}
		p.sizes = append(p.sizes, -1)
	}
	count := 0
	for {
		p.space()
		switch c := p.peek(); {
		case p.at == len(p.text):
			return malformedArray(p.text, "Unexpected end of input.")
		case c == '}':
			if count > 0 || depth > 0 { // after a comma, or a sub-array without elements
				return malformedArray(p.text, "Unexpected \"}\" character.")
			}
		case c == '{':
			if p.depth != 0 && p.depth <= depth+1 {
				return malformedArray(p.text, "Unexpected \"{\" character.")
			}
			if err := p.level(depth + 1); err != nil {
				return err
			}
			count++
		case c == ',':
			return malformedArray(p.text, "Unexpected \",\" character.")
		default:
			if p.depth == 0 {
				p.depth = depth + 1
			}
			if p.depth != depth+1 || len(p.sizes) > p.depth {
				return malformedArray(p.text, "Unexpected array element.")
			}
			if err := p.scalar(); err != nil {
				return err
			}
			count++
		}
		p.space()
		switch c := p.peek(); {
		case p.at == len(p.text):
			return malformedArray(p.text, "Unexpected end of input.")
		case c == ',':
			p.at++
			continue
		case c != '}':
			return malformedArray(p.text, "Unexpected array element.")
		}
		break
	}
	p.at++ // }
	if p.sizes[depth] < 0 {
		p.sizes[depth] = count
	} else if p.sizes[depth] != count {
		return malformedArray(p.text, "Multidimensional arrays must have sub-arrays with matching dimensions.")
	}
	return nil
}

// scalar reads an element, quoted or up to the next comma or brace.
func (p *arrayParser) scalar() error {
	p.word = p.word[:0]
	quoted, end := p.peek() == '"', 0
	if quoted {
		for p.at++; p.peek() != '"'; p.at++ {
			if p.peek() == '\\' {
				p.at++
			}
			if p.at >= len(p.text) {
				return malformedArray(p.text, "Unexpected end of input.")
			}
			p.word = append(p.word, p.text[p.at])
		}
		p.at++
		end = len(p.word)
	} else {
		for ; p.at < len(p.text) && strings.IndexByte(",{}", p.text[p.at]) < 0; p.at++ {
			c := p.text[p.at]
			if c == '"' {
				return malformedArray(p.text, "Unexpected array element.")
			}
			if c == '\\' {
				if p.at++; p.at == len(p.text) {
					return malformedArray(p.text, "Unexpected end of input.")
				}
				c, quoted = p.text[p.at], true // a backslash also protects the word NULL
			} else if isSpace(c) {
				p.word = append(p.word, c)
				continue
			}
			p.word = append(p.word, c)
			end = len(p.word)
		}
	}
	word := string(p.word[:end])
	if !quoted && strings.EqualFold(word, "null") {
		p.array.Elems = append(p.array.Elems, Null)
		return nil
	}
	d, err := Parse(p.elem, word, p.env)
	p.array.Elems = append(p.array.Elems, d)
	return err
}

func arrayOut(dst []byte, d Datum, info *Info, env *Env) []byte {
	elem := Of(info.Elem)
	kind := elem.Kind()
	dims := ArrayDims(d.Bytes)
	if len(dims) == 0 {
		return append(dst, '{', '}')
	}
	plain := true
	for _, dim := range dims {
		plain = plain && dim.Lower == 1
	}
	if !plain {
		for _, dim := range dims {
			dst = strconv.AppendInt(append(dst, '['), int64(dim.Lower), 10)
			dst = strconv.AppendInt(append(dst, ':'), int64(dim.Lower)+int64(dim.Len)-1, 10)
			dst = append(dst, ']')
		}
		dst = append(dst, '=')
	}
	_, rest := arrayHeader(d.Bytes)
	var level func(dims []Dim)
	level = func(dims []Dim) {
		dst = append(dst, '{')
		for i := range dims[0].Len {
			if i > 0 {
				dst = append(dst, ',')
			}
			if len(dims) > 1 {
				level(dims[1:])
				continue
			}
			var e Datum
			if e, rest = element(rest, kind); e.Null {
				dst = append(dst, "NULL"...)
				continue
			}
			start := len(dst)
			dst = AppendText(dst, elem, e, env)
			dst = quoteElement(dst, start)
		}
		dst = append(dst, '}')
	}
	level(dims)
	return dst
}

// quoteElement puts quotes around dst[start:] if an array literal needs them.
func quoteElement(dst []byte, start int) []byte {
	word := dst[start:]
	needed := len(word) == 0 || len(word) == 4 && bytes.EqualFold(word, []byte("null"))
	for _, c := range word {
		if c == '"' || c == '\\' || c == '{' || c == '}' || c == ',' || isSpace(c) {
			needed = true
			break
		}
	}
	if !needed {
		return dst
	}
	return appendQuoted(dst[:start], append([]byte(nil), word...), '\\')
}

// appendQuoted appends word in double quotes, with escape before quotes and backslashes.
func appendQuoted(dst, word []byte, escape byte) []byte {
	dst = append(dst, '"')
	for _, c := range word {
		switch {
		case c == '\\':
			dst = append(dst, '\\')
		case c == '"':
			dst = append(dst, escape)
		}
		dst = append(dst, c)
	}
	return append(dst, '"')
}
