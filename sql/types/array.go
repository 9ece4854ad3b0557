package types

import (
	"bytes"
	"encoding/binary"
	"math"
	"strconv"
	"strings"

	"tarn/sql/sqlstate"
)

// An array is
//
//	dimensions, 1 byte | for each: length, uint32 big endian; lower bound, int32 big endian | elements, in row-major order
//
// and an element 00 for NULL, else 01 and its value: a bool in 1 byte, Int64 and Float64 kinds in 8 (little endian), Bytes
// kinds with their length (uint32 big endian) before them. The empty array has no dimensions: the one byte 00.

// Dim is one dimension of an array: Len elements, the first of them numbered Lower.
type Dim struct{ Len, Lower int32 }

// Array is an array unpacked. Elems holds the elements of all dimensions, in row-major order.
type Array struct {
	Dims  []Dim
	Elems []Datum
}

const maxDims = 6

// ArrayOf is a one-dimensional array numbered from 1, or the empty array.
func ArrayOf(elems []Datum) Array {
	if len(elems) == 0 {
		return Array{}
	}
	return Array{Dims: []Dim{{int32(len(elems)), 1}}, Elems: elems}
}

// AppendArray packs an array of elements of a kind.
func AppendArray(dst []byte, elem Kind, a Array) []byte {
	dst = append(dst, byte(len(a.Dims)))
	for _, dim := range a.Dims {
		dst = binary.BigEndian.AppendUint32(dst, uint32(dim.Len))
		dst = binary.BigEndian.AppendUint32(dst, uint32(dim.Lower))
	}
	for _, d := range a.Elems {
		dst = appendElement(dst, elem, d)
	}
	return dst
}

func appendElement(dst []byte, kind Kind, d Datum) []byte {
	if d.Null {
		return append(dst, 0)
	}
	dst = append(dst, 1)
	switch kind {
	case Bool:
		return append(dst, byte(d.Int))
	case Int64:
		return binary.LittleEndian.AppendUint64(dst, uint64(d.Int))
	case Float64:
		return binary.LittleEndian.AppendUint64(dst, math.Float64bits(d.Float))
	}
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(d.Bytes)))
	return append(dst, d.Bytes...)
}

// element reads one element and what follows it. Its bytes alias b.
func element(b []byte, kind Kind) (d Datum, rest []byte) {
	if b[0] == 0 {
		return Null, b[1:]
	}
	b = b[1:]
	switch kind {
	case Bool:
		return Datum{Int: int64(b[0])}, b[1:]
	case Int64:
		return Datum{Int: int64(binary.LittleEndian.Uint64(b))}, b[8:]
	case Float64:
		return Datum{Float: math.Float64frombits(binary.LittleEndian.Uint64(b))}, b[8:]
	}
	n := 4 + int(binary.BigEndian.Uint32(b))
	return Datum{Bytes: b[4:n:n]}, b[n:]
}

// arrayHeader gives the number of elements and where they begin.
func arrayHeader(b []byte) (n int, elements []byte) {
	dims := int(b[0])
	if dims == 0 {
		return 0, nil
	}
	n = 1
	for i := range dims {
		n *= int(binary.BigEndian.Uint32(b[1+8*i:]))
	}
	return n, b[1+8*dims:]
}

// ArrayDims unpacks the dimensions.
func ArrayDims(b []byte) []Dim {
	dims := make([]Dim, b[0])
	for i := range dims {
		at := b[1+8*i:]
		dims[i] = Dim{int32(binary.BigEndian.Uint32(at)), int32(binary.BigEndian.Uint32(at[4:]))}
	}
	return dims
}

// ArrayCount is the number of elements of all dimensions.
func ArrayCount(b []byte) int {
	n, _ := arrayHeader(b)
	return n
}

// ArrayEach calls f with each element in order until it returns false. Bytes alias b.
func ArrayEach(elem Kind, b []byte, f func(i int, d Datum) bool) {
	n, rest := arrayHeader(b)
	for i := range n {
		var d Datum
		if d, rest = element(rest, elem); !f(i, d) {
			return
		}
	}
}

// DecodeArray unpacks an array of elements of a kind. Bytes of elements alias b.
func DecodeArray(elem Kind, b []byte) Array {
	a := Array{Dims: ArrayDims(b), Elems: make([]Datum, 0, ArrayCount(b))}
	ArrayEach(elem, b, func(_ int, d Datum) bool {
		a.Elems = append(a.Elems, d)
		return true
	})
	return a
}

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
		if len(dims) == maxDims {
			return nil, tooManyDims(maxDims + 1)
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

func tooManyDims(n int) error {
	return sqlstate.New(sqlstate.ProgramLimitExceeded, "number of array dimensions (%d) exceeds the maximum allowed (%d)", n, maxDims)
}

// level reads one brace and what is in it; depth counts the braces around it.
func (p *arrayParser) level(depth int) error {
	p.at++ // {
	if depth >= maxDims {
		return tooManyDims(depth + 1)
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
			if count > 0 { // after a comma
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
			if p.depth != depth+1 {
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

func arraySend(dst []byte, d Datum, info *Info) []byte {
	elem := Of(info.Elem)
	kind := elem.Kind()
	hasNull := uint32(0)
	ArrayEach(kind, d.Bytes, func(_ int, e Datum) bool {
		if e.Null {
			hasNull = 1
		}
		return !e.Null
	})
	dst = binary.BigEndian.AppendUint32(dst, uint32(d.Bytes[0]))
	dst = binary.BigEndian.AppendUint32(dst, hasNull)
	dst = binary.BigEndian.AppendUint32(dst, uint32(elem.OID))
	dst = append(dst, d.Bytes[1:1+8*int(d.Bytes[0])]...)
	ArrayEach(kind, d.Bytes, func(_ int, e Datum) bool {
		dst = appendWireField(dst, elem, e)
		return true
	})
	return dst
}

// appendWireField appends a value with its length before it, -1 for NULL.
func appendWireField(dst []byte, t Type, d Datum) []byte {
	if d.Null {
		return append(dst, 0xFF, 0xFF, 0xFF, 0xFF)
	}
	at := len(dst)
	dst = AppendBinary(append(dst, 0, 0, 0, 0), t, d)
	binary.BigEndian.PutUint32(dst[at:], uint32(len(dst)-at-4))
	return dst
}

func arrayRecv(d *Datum, b []byte, t Type) error {
	if len(b) < 12 {
		return insufficientData
	}
	elem := t.Elem()
	dims := binary.BigEndian.Uint32(b)
	switch {
	case dims > maxDims:
		return tooManyDims(int(int32(dims)))
	case binary.BigEndian.Uint32(b[4:]) > 1:
		return sqlstate.New(sqlstate.InvalidBinaryRepresentation, "invalid array flags")
	case OID(binary.BigEndian.Uint32(b[8:])) != elem.OID:
		return sqlstate.New(sqlstate.DatatypeMismatch, "binary data has array element type %d (%s) instead of expected %d (%s)",
			binary.BigEndian.Uint32(b[8:]), Of(OID(binary.BigEndian.Uint32(b[8:]))), elem.OID, elem)
	}
	b = b[12:]
	if len(b) < 8*int(dims) {
		return insufficientData
	}
	var a Array
	n := int64(1)
	for range dims {
		dim := Dim{int32(binary.BigEndian.Uint32(b)), int32(binary.BigEndian.Uint32(b[4:]))}
		n *= int64(dim.Len)
		if dim.Len < 0 || n > math.MaxInt32/4 {
			return sqlstate.New(sqlstate.ProgramLimitExceeded, "array size exceeds the maximum allowed (%d)", 134217727)
		}
		a.Dims = append(a.Dims, dim)
		b = b[8:]
	}
	if dims == 0 || n == 0 {
		a.Dims, n = nil, 0
	}
	for range n {
		if len(b) < 4 {
			return insufficientData
		}
		size := int32(binary.BigEndian.Uint32(b))
		b = b[4:]
		if size < 0 {
			a.Elems = append(a.Elems, Null)
			continue
		}
		if int(size) > len(b) {
			return insufficientData
		}
		e, err := ParseBinary(elem, b[:size])
		if err != nil {
			return err
		}
		a.Elems = append(a.Elems, e)
		b = b[size:]
	}
	if len(b) > 0 {
		return invalidBinary("array")
	}
	d.Bytes = AppendArray(d.Bytes[:0], elem.Kind(), a)
	return nil
}

func compareArrays(info *Info, a, b Datum) int {
	elem := Of(info.Elem)
	kind := elem.Kind()
	n, x := arrayHeader(a.Bytes)
	m, y := arrayHeader(b.Bytes)
	for range min(n, m) {
		var d, e Datum
		d, x = element(x, kind)
		e, y = element(y, kind)
		if order := compareNullsLast(elem, d, e); order != 0 {
			return order
		}
	}
	if n != m {
		return signInt(int64(n - m))
	}
	header := func(b []byte) []byte { return appendDimsKey(nil, b) }
	return bytes.Compare(header(a.Bytes), header(b.Bytes))
}

func compareNullsLast(t Type, a, b Datum) int {
	switch {
	case a.Null && b.Null:
		return 0
	case a.Null:
		return 1
	case b.Null:
		return -1
	}
	return Compare(t, a, b)
}

func appendArrayKey(dst []byte, info *Info, d Datum) []byte {
	elem := Of(info.Elem)
	ArrayEach(elem.Kind(), d.Bytes, func(_ int, e Datum) bool {
		dst = appendFieldKey(dst, elem, e)
		return true
	})
	return appendDimsKey(append(dst, 0), d.Bytes)
}

// appendFieldKey appends the key of an element, after a byte that puts NULL last and an end first.
func appendFieldKey(dst []byte, t Type, d Datum) []byte {
	if d.Null {
		return append(dst, 2)
	}
	return AppendKey(append(dst, 1), t, d)
}

// appendDimsKey appends the dimensions: their number, their lengths, their bounds.
func appendDimsKey(dst, b []byte) []byte {
	dims := ArrayDims(b)
	dst = append(dst, byte(len(dims)))
	for _, dim := range dims {
		dst = binary.BigEndian.AppendUint32(dst, uint32(dim.Len))
	}
	for _, dim := range dims {
		dst = binary.BigEndian.AppendUint32(dst, uint32(dim.Lower)^1<<31)
	}
	return dst
}
