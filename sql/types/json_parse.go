package types

import (
	"bytes"
	"slices"
	"strconv"
	"unicode/utf8"

	"tarn/sql/sqlstate"
)

// jsonParser reads JSON text and, for jsonb, writes its canonical form: one space after : and , only, numbers as numeric
// prints them, the fewest escapes, the keys of an object ordered by length and then by bytes, of equal keys the last.
type jsonParser struct {
	text       string
	start, end int  // of the token
	kind       byte // of the token: one of {}[]:, or " (string) 0 (number) t f n (words) E (end)
	canonical  bool
	depth      int
	out        []byte
	word       []byte // the string token, with its escapes resolved; only if canonical
	keys       []byte // of the objects being read
	pairs      []jsonPair
}

// jsonPair is a key (in keys) and where its pair stands in out.
type jsonPair struct{ keyStart, keyEnd, start, end int }

// maxJSONDepth bounds recursion; PostgreSQL has its stack for that.
const maxJSONDepth = 5000

// parseJSON validates s; if canonical, it appends the form of jsonb to out.
func parseJSON(out []byte, s string, canonical bool) ([]byte, error) {
	p := jsonParser{text: s, canonical: canonical, out: out}
	if err := p.next(); err != nil {
		return out, err
	}
	if err := p.value(); err != nil {
		return out, err
	}
	if p.kind != 'E' {
		return out, p.expected("end of input")
	}
	return p.out, nil
}

func (p *jsonParser) value() error {
	switch p.kind {
	case '{', '[':
		if p.depth++; p.depth > maxJSONDepth {
			return sqlstate.New(sqlstate.StatementTooComplex, "stack depth limit exceeded")
		}
		err := error(nil)
		if p.kind == '{' {
			err = p.object()
		} else {
			err = p.array()
		}
		p.depth--
		return err
	case '"':
		if p.canonical {
			p.out = AppendJSONString(p.out, p.word)
		}
	case '0':
		if err := p.number(); err != nil {
			return err
		}
	case 't', 'f', 'n':
		if p.canonical {
			p.out = append(p.out, p.text[p.start:p.end]...)
		}
	default:
		return p.expected("JSON value")
	}
	return p.next()
}

func (p *jsonParser) number() error {
	if !p.canonical {
		return nil
	}
	var buf [32]byte
	d := Datum{Bytes: buf[:0]}
	if err := numericIn(&d, p.text[p.start:p.end], -1, nil); err != nil {
		return err
	}
	p.out = AppendNumericText(p.out, d.Bytes)
	return nil
}

func (p *jsonParser) array() error {
	p.out = append(p.out, '[')
	if err := p.next(); err != nil {
		return err
	}
	if p.kind == ']' {
		p.out = append(p.out, ']')
		return p.next()
	}
	for {
		if err := p.value(); err != nil {
			return err
		}
		switch p.kind {
		case ']':
			p.out = append(p.out, ']')
			return p.next()
		case ',':
			p.out = append(p.out, ", "...)
			if err := p.next(); err != nil {
				return err
			}
		default:
			return p.expected("\",\" or \"]\"")
		}
	}
}

func (p *jsonParser) object() error {
	firstPair, firstKey := len(p.pairs), len(p.keys)
	p.out = append(p.out, '{')
	if err := p.next(); err != nil {
		return err
	}
	for p.kind != '}' {
		if p.kind != '"' {
			if len(p.pairs) > firstPair {
				return p.expected("string")
			}
			return p.expected("string or \"}\"")
		}
		pair := jsonPair{keyStart: len(p.keys), start: len(p.out)}
		p.keys = append(p.keys, p.word...)
		pair.keyEnd = len(p.keys)
		p.out = append(AppendJSONString(p.out, p.word), ": "...)
		if err := p.next(); err != nil {
			return err
		}
		if p.kind != ':' {
			return p.expected("\":\"")
		}
		if err := p.next(); err != nil {
			return err
		}
		if err := p.value(); err != nil {
			return err
		}
		pair.end = len(p.out)
		p.pairs = append(p.pairs, pair)
		if p.kind != ',' {
			if p.kind != '}' {
				return p.expected("\",\" or \"}\"")
			}
			break
		}
		p.out = append(p.out, ", "...)
		if err := p.next(); err != nil {
			return err
		}
		if p.kind != '"' {
			return p.expected("string")
		}
	}
	if p.canonical {
		p.order(p.pairs[firstPair:])
	}
	p.pairs, p.keys = p.pairs[:firstPair], p.keys[:firstKey]
	p.out = append(p.out, '}')
	return p.next()
}

// order brings the pairs at the end of out into the order of their keys and drops those that a later one replaces.
func (p *jsonParser) order(pairs []jsonPair) {
	ordered := true
	for i := 1; i < len(pairs) && ordered; i++ {
		ordered = p.compareKeys(pairs[i-1], pairs[i]) < 0
	}
	if ordered {
		return
	}
	start := pairs[0].start
	text := append([]byte(nil), p.out[start:]...)
	// Equal keys stay in their order: the last of them is the one that counts.
	slices.SortStableFunc(pairs, p.compareKeys)
	p.out = p.out[:start]
	for i, pair := range pairs {
		if i+1 < len(pairs) && p.compareKeys(pair, pairs[i+1]) == 0 {
			continue
		}
		if len(p.out) > start {
			p.out = append(p.out, ", "...)
		}
		p.out = append(p.out, text[pair.start-start:pair.end-start]...)
	}
}

func (p *jsonParser) compareKeys(a, b jsonPair) int {
	if order := (a.keyEnd - a.keyStart) - (b.keyEnd - b.keyStart); order != 0 {
		return order
	}
	return bytes.Compare(p.keys[a.keyStart:a.keyEnd], p.keys[b.keyStart:b.keyEnd])
}

// next reads a token.
func (p *jsonParser) next() error {
	i := p.end
	for i < len(p.text) && (p.text[i] == ' ' || p.text[i] == '\t' || p.text[i] == '\n' || p.text[i] == '\r') {
		i++
	}
	p.start = i
	if i == len(p.text) {
		p.end, p.kind = i, 'E'
		return nil
	}
	switch c := p.text[i]; {
	case c == '{' || c == '}' || c == '[' || c == ']' || c == ':' || c == ',':
		p.end, p.kind = i+1, c
		return nil
	case c == '"':
		p.kind = c
		return p.stringToken()
	case c == '-' || isDigit(c):
		p.kind = '0'
		return p.numberToken()
	}
	for p.end = i; p.end < len(p.text) && isWordByte(p.text[p.end]); p.end++ {
	}
	switch p.text[i:p.end] {
	case "true", "false", "null":
		p.kind = p.text[i]
		return nil
	case "":
		p.end = i + 1
	}
	return p.invalidToken()
}

func isWordByte(c byte) bool { return isAlpha(c) || isDigit(c) || c == '_' || c >= utf8.RuneSelf }

func (p *jsonParser) numberToken() error {
	i := p.start
	digits := func() bool {
		from := i
		for i < len(p.text) && isDigit(p.text[i]) {
			i++
		}
		return i > from
	}
	if p.text[i] == '-' {
		i++
	}
	valid := true // an error shows the token as long as it would have been
	if i < len(p.text) && p.text[i] == '0' {
		i++
	} else {
		valid = digits()
	}
	if i < len(p.text) && p.text[i] == '.' {
		i++
		valid = digits() && valid
	}
	if i < len(p.text) && p.text[i]|0x20 == 'e' {
		if i++; i < len(p.text) && (p.text[i] == '+' || p.text[i] == '-') {
			i++
		}
		valid = digits() && valid
	}
	for ; i < len(p.text) && isWordByte(p.text[i]); i++ {
		valid = false
	}
	p.end = i
	if !valid {
		return p.invalidToken()
	}
	return nil
}

func (p *jsonParser) stringToken() error {
	p.word = p.word[:0]
	i := p.start + 1
	for {
		from := i
		for i < len(p.text) && p.text[i] >= ' ' && p.text[i] != '"' && p.text[i] != '\\' {
			i++
		}
		if p.canonical {
			p.word = append(p.word, p.text[from:i]...)
		}
		if i == len(p.text) {
			p.end = i
			return p.invalidToken()
		}
		switch c := p.text[i]; c {
		case '"':
			p.end = i + 1
			return nil
		case '\\':
			n, err := p.escape(i)
			if err != nil {
				return err
			}
			i += n
		default:
			p.end = i
			return p.invalid("Character with value 0x%02x must be escaped.", c)
		}
	}
}

// escape reads the escape sequence at i and gives its length.
func (p *jsonParser) escape(i int) (int, error) {
	if i+1 == len(p.text) {
		p.end = len(p.text)
		return 0, p.invalidToken()
	}
	if at := bytes.IndexByte([]byte(`"\/bfnrt`), p.text[i+1]); at >= 0 {
		p.word = append(p.word, "\"\\/\b\f\n\r\t"[at])
		return 2, nil
	}
	if p.text[i+1] != 'u' {
		_, size := utf8.DecodeRuneInString(p.text[i+1:])
		p.end = i + 1 + size
		return 0, p.invalid("Escape sequence \"\\%s\" is invalid.", p.text[i+1:p.end])
	}
	unit, err := p.hex4(i + 2)
	if err != nil || !p.canonical {
		return 6, err
	}
	switch {
	case unit == 0:
		p.end = i + 6
		return 0, p.wrap(sqlstate.New(sqlstate.UntranslatableCharacter, "unsupported Unicode escape sequence").
			WithDetail("\\u0000 cannot be converted to text."))
	case unit >= 0xDC00 && unit < 0xE000:
		p.end = i + 6
		return 0, p.invalid("Unicode low surrogate must follow a high surrogate.")
	case unit >= 0xD800 && unit < 0xDC00:
		if i+6 == len(p.text) {
			p.end = i + 6
			return 0, p.invalidToken()
		}
		p.end = i + 7
		if i+7 < len(p.text) && p.text[i+6] == '\\' && p.text[i+7] == 'u' {
			low, err := p.hex4(i + 8)
			if err != nil {
				return 0, err
			}
			if low >= 0xDC00 && low < 0xE000 {
				p.word = utf8.AppendRune(p.word, (unit-0xD800)<<10+(low-0xDC00)+0x10000)
				return 12, nil
			}
			p.end = i + 12
			if low >= 0xD800 && low < 0xDC00 {
				return 0, p.invalid("Unicode high surrogate must not follow a high surrogate.")
			}
		}
		return 0, p.invalid("Unicode low surrogate must follow a high surrogate.")
	}
	p.word = utf8.AppendRune(p.word, unit)
	return 6, nil
}

func (p *jsonParser) hex4(i int) (rune, error) {
	v := rune(0)
	for n := range 4 {
		if i+n >= len(p.text) {
			p.end = len(p.text)
			return 0, p.invalidToken()
		}
		digit, ok := hexDigit(p.text[i+n])
		if !ok {
			p.end = i + n + 1
			return 0, p.invalid("\"\\u\" must be followed by four hexadecimal digits.")
		}
		v = v<<4 | rune(digit)
	}
	return v, nil
}

func (p *jsonParser) expected(what string) error {
	if p.kind == 'E' {
		if what == "end of input" {
			return nil
		}
		return p.invalid("The input string ended unexpectedly.")
	}
	return p.invalid("Expected %s, but found \"%s\".", what, p.text[p.start:p.end])
}

func (p *jsonParser) invalidToken() error {
	return p.invalid("Token \"%s\" is invalid.", p.text[p.start:p.end])
}

func (p *jsonParser) invalid(detail string, args ...any) error {
	return p.wrap(sqlstate.New(sqlstate.InvalidTextRepresentation, "invalid input syntax for type json").WithDetail(detail, args...))
}

// wrap adds where in the text the error was noticed: the line up to the end of the token, cut to 50 characters.
func (p *jsonParser) wrap(e *sqlstate.Error) error {
	line, lineStart := 1, 0
	for i := 0; i < p.end; i++ {
		if p.text[i] == '\n' && i < p.start {
			line++
			lineStart = i + 1
		}
	}
	from, prefix, suffix := lineStart, "", ""
	for p.end-from >= 50 {
		_, size := utf8.DecodeRuneInString(p.text[from:])
		from += size
	}
	if from-lineStart <= 3 {
		from = lineStart
	} else {
		prefix = "..."
	}
	if p.kind != 'E' && p.end < len(p.text) && p.text[p.end] != '\n' && p.text[p.end] != '\r' {
		suffix = "..."
	}
	e.Where = "JSON data, line " + strconv.Itoa(line) + ": " + prefix + p.text[from:p.end] + suffix
	return e
}
