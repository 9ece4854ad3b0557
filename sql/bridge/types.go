package bridge

import (
	"strconv"
	"strings"

	"tarn/sql/lex"
	"tarn/sql/sqlstate"
)

// named fills in a dotted name.
func (t TypeName) named(names []string) TypeName {
	n := len(names)
	t.Name = names[n-1]
	if n > 1 {
		t.Schema = names[n-2]
	}
	if n > 2 {
		t.Catalog = names[n-3]
	}
	return t
}

// typeHole takes a type and writes it as a hole.
func (p *Parser) typeHole() {
	start := p.Start()
	t := p.TypeName()
	p.hole(Hole{Kind: HoleType, Type: &t, Pos: start})
}

// TypeName takes a type (PostgreSQL's Typename).
func (p *Parser) TypeName() TypeName {
	setOf := p.Accept(lex.SETOF)
	t := p.simpleType(false)
	t.SetOf = setOf
	if p.Accept(lex.ARRAY) {
		t.ArrayDims = 1
		if p.Accept('[') {
			p.Expect(lex.Integer)
			p.Expect(']')
		}
		return t
	}
	for p.Accept('[') {
		t.ArrayDims++
		if p.Kind() == lex.Integer {
			p.Next()
		}
		p.Expect(']')
	}
	return t
}

// sqlTypes are SQL's own one-word type names.
var sqlTypes = map[lex.Kind]string{
	lex.INT: "int4", lex.INTEGER: "int4", lex.SMALLINT: "int2", lex.BIGINT: "int8", lex.REAL: "float4",
	lex.BOOLEAN: "bool", lex.DECIMAL: "numeric", lex.DEC: "numeric", lex.NUMERIC: "numeric", lex.VARCHAR: "varchar",
}

// simpleType takes a type without SETOF and array brackets. CHAR and BIT alone have length 1, but none as the type of a
// constant.
func (p *Parser) simpleType(constant bool) TypeName {
	first := *p.Peek(0)
	t := TypeName{Schema: "pg_catalog", Pos: p.Position(int(first.Start))}
	if name, ok := sqlTypes[first.Kind]; ok {
		p.Next()
		t.Name = name
		if name == "numeric" || name == "varchar" {
			t.Mods = p.modifiers()
		}
		return t
	}
	switch first.Kind {
	case lex.FLOAT:
		p.Next()
		t.Name = p.floatType()
	case lex.DOUBLE:
		p.Next()
		p.Expect(lex.PRECISION)
		t.Name = "float8"
	case lex.BIT:
		p.Next()
		t.Name = "bit"
		if p.Accept(lex.VARYING) {
			t.Name = "varbit"
		}
		if t.Mods = p.modifiers(); t.Mods == nil && t.Name == "bit" && !constant {
			t.Mods = []int64{1}
		}
	case lex.NATIONAL, lex.CHARACTER, lex.CHAR, lex.NCHAR:
		if p.Next().Kind == lex.NATIONAL && !p.Accept(lex.CHARACTER) {
			p.Expect(lex.CHAR)
		}
		t.Name = "bpchar"
		if p.Accept(lex.VARYING) {
			t.Name = "varchar"
		}
		if t.Mods = p.modifiers(); t.Mods == nil && t.Name == "bpchar" && !constant {
			t.Mods = []int64{1}
		}
	case lex.TIME, lex.TIMESTAMP:
		p.Next()
		t.Name = first.Kind.Keyword()
		t.Mods = p.precision()
		if p.zone() {
			t.Name += "tz"
		}
	case lex.INTERVAL:
		p.Next()
		t.Name = "interval"
		if p.Kind() == '(' {
			t.Mods = p.precision()
		} else {
			p.intervalFields(&t)
		}
	default:
		return p.namedType(first)
	}
	return t
}

// namedType takes a type by its name.
func (p *Parser) namedType(first lex.Token) TypeName {
	if !first.IsFunctionName() {
		p.Syntax()
	}
	names := []string{p.Next().Text}
	for p.Accept('.') {
		names = append(names, p.Label().Text)
	}
	t := TypeName{Pos: p.Position(int(first.Start))}.named(names)
	t.Mods = p.modifiers()
	return t
}

// modifiers takes (n, ..), if it follows.
func (p *Parser) modifiers() []int64 {
	if !p.Accept('(') {
		return nil
	}
	var mods []int64
	for {
		sign := ""
		if p.Accept('-') {
			sign = "-"
		}
		switch p.Kind() {
		case lex.Integer:
		case lex.Ident, lex.String:
			p.Unsupported(p.Start(), "a type modifier that is not a number")
		}
		t := p.Expect(lex.Integer)
		n, err := strconv.ParseInt(sign+t.Text, 10, 32)
		if err != nil {
			p.Failf(sqlstate.InvalidTextRepresentation, t.Start, "value \"%s\" is out of range for type integer", t.Text)
		}
		mods = append(mods, n)
		if !p.Accept(',') {
			break
		}
	}
	p.Expect(')')
	return mods
}

// precision takes (n), if it follows.
func (p *Parser) precision() []int64 {
	if p.Kind() != '(' {
		return nil
	}
	if p.Peek(1).Kind != lex.Integer || p.Peek(2).Kind != ')' {
		p.Next()
		p.Expect(lex.Integer)
		p.Syntax()
	}
	return p.modifiers()
}

// floatType takes the (n) of FLOAT(n).
func (p *Parser) floatType() string {
	at := p.Peek(1).Start
	mods := p.precision()
	switch {
	case mods == nil:
		return "float8"
	case mods[0] < 1:
		p.Failf(sqlstate.InvalidParameterValue, at, "precision for type float must be at least 1 bit")
	case mods[0] > 53:
		p.Failf(sqlstate.InvalidParameterValue, at, "precision for type float must be less than 54 bits")
	case mods[0] <= 24:
		return "float4"
	}
	return "float8"
}

// zone takes WITH TIME ZONE or WITHOUT TIME ZONE, if it follows, and says whether it was WITH.
func (p *Parser) zone() (with bool) {
	k := p.Kind()
	if k != lex.WITH && k != lex.WITHOUT || p.Peek(1).Kind != lex.TIME {
		return false
	}
	p.Next()
	p.Next()
	p.Expect(lex.ZONE)
	return k == lex.WITH
}

// intervalEnds are the units that may follow TO.
var intervalEnds = map[lex.Kind][]lex.Kind{
	lex.YEAR:   {lex.MONTH},
	lex.DAY:    {lex.HOUR, lex.MINUTE, lex.SECOND},
	lex.HOUR:   {lex.MINUTE, lex.SECOND},
	lex.MINUTE: {lex.SECOND},
	lex.MONTH:  nil,
	lex.SECOND: nil,
}

// intervalFields takes DAY, DAY TO SECOND(3) and the like, if they follow.
func (p *Parser) intervalFields(t *TypeName) {
	first := p.Kind()
	ends, ok := intervalEnds[first]
	if !ok {
		return
	}
	p.Next()
	t.Fields = strings.ToUpper(first.Keyword())
	last := first
	if len(ends) > 0 && p.Kind() == lex.TO {
		p.Next()
		last = p.Kind()
		found := false
		for _, k := range ends {
			found = found || k == last
		}
		if !found {
			p.Syntax()
		}
		p.Next()
		t.Fields += " TO " + strings.ToUpper(last.Keyword())
	}
	if last == lex.SECOND {
		t.Mods = p.precision()
	}
}

// typed takes a constant whose type is spelled with SQL's own words: timestamp '..', double precision '..',
// interval '1' day. It takes nothing if the word is a column's name.
func (p *Parser) typed() bool {
	switch p.Kind() {
	case lex.INT, lex.INTEGER, lex.SMALLINT, lex.BIGINT, lex.REAL, lex.FLOAT, lex.DOUBLE, lex.DECIMAL, lex.DEC,
		lex.NUMERIC, lex.BOOLEAN, lex.BIT, lex.CHARACTER, lex.CHAR, lex.VARCHAR, lex.NATIONAL, lex.NCHAR, lex.TIME,
		lex.TIMESTAMP, lex.INTERVAL:
	default:
		return false
	}
	switch p.Peek(1).Kind {
	case lex.String, '(', lex.VARYING, lex.PRECISION, lex.CHARACTER, lex.CHAR:
	case lex.WITH, lex.WITHOUT:
		if p.Peek(2).Kind != lex.TIME {
			return false
		}
	default:
		return false
	}
	start := p.Start()
	p.typedLiteral(p.simpleType(true), start)
	return true
}

// typedLiteral takes the string of a typed constant; an interval's fields may follow it.
func (p *Parser) typedLiteral(t TypeName, start int32) {
	s := p.Expect(lex.String)
	if t.Name == "interval" && t.Schema == "pg_catalog" && t.Mods == nil {
		p.intervalFields(&t)
	}
	p.call(MarkTyped, start)
	p.hole(Hole{Kind: HoleString, Text: s.Text, Pos: s.Start})
	p.raw(",")
	p.hole(Hole{Kind: HoleType, Type: &t, Pos: start})
	p.raw(")")
}

// typedCall takes name(1, 2) 'text', a constant of a type with modifiers, if that is what follows the name.
func (p *Parser) typedCall(names []string, start int32) bool {
	n := 1
	for p.Peek(n).Kind == lex.Integer {
		n++
		if p.Peek(n).Kind != ',' {
			break
		}
		n++
	}
	if n == 1 || p.Peek(n).Kind != ')' || p.Peek(n+1).Kind != lex.String {
		return false
	}
	t := TypeName{Pos: p.Position(int(start))}.named(names)
	t.Mods = p.modifiers()
	p.typedLiteral(t, start)
	return true
}
