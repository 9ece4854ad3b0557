package functions

import (
	"strings"
	"unicode/utf8"

	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// parseNumber is to_number: it reads a number as a template shows it, place by place as PostgreSQL does.
func parseNumber(r *Row, dst []byte) ([]byte, error) {
	if r.Text(1) == "" {
		return nil, errNull
	}
	t := parseNumberTemplate(r.Text(1))
	switch {
	case t.err != nil:
		return nil, t.err
	case t.exponent:
		return nil, sqlstate.New(sqlstate.FeatureNotSupported, `"EEEE" not supported for input`)
	case t.roman:
		return nil, sqlstate.New(sqlstate.FeatureNotSupported, `"RN" not supported for input`)
	}
	p := numberReader{numberTemplate: t, rest: r.Text(0), sign: ' '}
	for _, node := range t.nodes {
		if p.rest == "" {
			break
		}
		if node.pattern == "" {
			p.skip()
		} else {
			p.read(node.pattern)
		}
	}
	form := string(p.sign) + strings.TrimSuffix(string(p.digits), ".")
	v, err := types.NumericParse(nil, form)
	if err != nil {
		return nil, err
	}
	precision := t.pre + t.multiply + p.post
	if v, err = types.NumericCoerce(nil, v, int32(precision<<16|p.post)+4); err != nil {
		return nil, err
	}
	if !t.multi {
		return append(dst, v...), nil
	}
	factor, err := types.NumericPower(nil, types.NumericFromInt(nil, 10), types.NumericFromInt(nil, int64(-t.multiply)))
	if err != nil {
		return nil, err
	}
	return types.NumericMul(dst, v, factor)
}

// numberReader collects a number's sign and digits.
type numberReader struct {
	*numberTemplate
	rest      string
	sign      byte // ' ' if none was seen
	digits    []byte
	pre, post int // digits read before and behind the point
	pointRead bool
}

// skip passes over one character.
func (p *numberReader) skip() {
	_, size := utf8.DecodeRuneInString(p.rest)
	p.rest = p.rest[size:]
}

// skipBlank passes over at most n characters that can not be part of a number.
func (p *numberReader) skipBlank(n int) {
	for ; n > 0 && p.rest != "" && strings.IndexByte("0123456789.,+-", p.rest[0]) < 0; n-- {
		p.skip()
	}
}

func (p *numberReader) read(pattern string) {
	switch pattern {
	case "9", "0", ".", "D":
		p.readDigit(pattern == "9" || pattern == "0")
		p.rest = p.rest[min(1, len(p.rest)):]
	case ",", "G":
		if p.rest[0] == ',' && !p.fill { // with FM none is expected before a digit, and PostgreSQL does not notice that it reads digits
			p.rest = p.rest[1:]
		}
	case "L":
		p.skipBlank(1)
	case "TH", "th":
		if !p.decimal {
			p.skipBlank(2)
		}
	case "MI":
		p.readSign("-")
	case "PL":
		p.readSign("+")
	case "SG":
		p.readSign("-+")
	}
}

// readSign takes one of the signs, or passes over a blank in its place.
func (p *numberReader) readSign(signs string) {
	if strings.IndexByte(signs, p.rest[0]) < 0 {
		p.skipBlank(1)
		return
	}
	p.sign, p.rest = p.rest[0], p.rest[1:]
}

// readDigit reads one place, with a sign before or behind the number, up to the character that the caller passes over.
func (p *numberReader) readDigit(digit bool) {
	p.rest = strings.TrimPrefix(p.rest, " ")
	if p.rest == "" {
		return
	}
	if p.sign == ' ' && digit && p.pre+p.post == 0 {
		switch c := p.rest[0]; {
		case c == '-' || p.bracket && c == '<':
			p.sign, p.rest = '-', p.rest[1:]
		case c == '+':
			p.sign, p.rest = '+', p.rest[1:]
		}
	}
	if p.rest == "" {
		return
	}
	read := false
	switch c := p.rest[0]; {
	case c >= '0' && c <= '9' && p.pointRead && p.post == p.numberTemplate.post:
		return
	case c >= '0' && c <= '9':
		p.digits, read = append(p.digits, c), true
		if p.pointRead {
			p.post++
		} else {
			p.pre++
		}
	case c == '.' && p.decimal && !p.pointRead:
		p.digits, p.pointRead, read = append(p.digits, '.'), true, true
	}
	if p.sign != ' ' || p.pre+p.post == 0 {
		return
	}
	switch {
	case p.signed && read:
		if len(p.rest) > 1 && (p.rest[1] == '-' || p.rest[1] == '+') {
			p.sign, p.rest = p.rest[1], p.rest[1:]
		}
	case !read && !p.signed && (p.plus || p.minus) && (p.rest[0] == '-' || p.rest[0] == '+'):
		p.sign = p.rest[0]
	}
}
