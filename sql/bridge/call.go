package bridge

import (
	"strconv"
	"strings"

	"tarn/sql/lex"
	"tarn/sql/sqlstate"
)

// function takes the arguments of a call whose name was taken, and what may follow them.
func (p *Parser) function(at int32, names []string, start int32) {
	p.functionName(names, start)
	p.Expect('(')
	distinct, ordered := p.arguments()
	within := false
	if !ordered && p.Kind() == lex.WITHIN {
		if distinct {
			p.Failf(sqlstate.SyntaxError, p.Start(), "cannot use DISTINCT with WITHIN GROUP")
		}
		p.Next()
		p.Expect(lex.GROUP)
		p.Expect('(')
		within = true
		p.raw(")")
		p.orderBy()
		p.Expect(')')
	}
	switch {
	case within:
		p.before(at, "GROUP_CONCAT(", -1)
		p.raw(" SEPARATOR 'within')")
	case distinct:
		p.before(at, "GROUP_CONCAT(DISTINCT ", -1)
		if !ordered {
			p.raw(")")
		}
		p.raw(")")
	case ordered:
		p.before(at, "GROUP_CONCAT(", -1)
		p.raw(")")
	default:
		p.raw(")")
	}
	if p.Kind() == lex.FILTER && p.Peek(1).Kind == '(' {
		p.callBefore(at, MarkFilter, p.Next().Start)
		p.Next()
		p.Expect(lex.WHERE)
		p.raw(",")
		p.expr(lowest)
		p.Expect(')')
		p.raw(")")
	}
	if p.Kind() == lex.OVER {
		p.over(at)
	}
}

// functionName writes the beginning of a call.
func (p *Parser) functionName(names []string, start int32) {
	if oddPath(names, 2) {
		p.call(MarkCall, start)
		p.hole(Hole{Kind: HoleNames, Names: names, Pos: start})
		if p.Peek(1).Kind != ')' {
			p.raw(",")
		}
		return
	}
	p.mark(start)
	for i, name := range names {
		if i > 0 {
			p.raw(".")
		}
		p.ident(name)
	}
	p.raw("(")
}

// arguments takes the arguments up to the closing parenthesis. If ORDER BY is among them, the call's own parenthesis is
// written before it, else it is still to be written.
func (p *Parser) arguments() (distinct, ordered bool) {
	if p.Accept(')') {
		return false, false
	}
	if p.Kind() == '*' {
		p.call(MarkStar, p.Next().Start)
		p.raw(")")
		p.Expect(')')
		return false, false
	}
	if distinct = p.Accept(lex.DISTINCT); !distinct {
		p.Accept(lex.ALL)
	}
	for first := true; ; first = false {
		if !first {
			p.raw(",")
		}
		variadic := p.Kind() == lex.VARIADIC
		if variadic {
			p.call(MarkVariadic, p.Next().Start)
		}
		p.argument()
		if variadic {
			p.raw(")")
			break
		}
		if !p.Accept(',') {
			break
		}
	}
	if p.Kind() == lex.ORDER {
		ordered = true
		p.raw(")")
		p.orderBy()
	}
	p.Expect(')')
	return distinct, ordered
}

// argument takes x or name => x.
func (p *Parser) argument() {
	if k := p.Peek(1).Kind; (k == lex.EqualsGreater || k == lex.ColonEquals) && p.Peek(0).IsFunctionName() {
		t := p.Next()
		p.Next()
		p.call(MarkNamed, t.Start)
		p.word(t.Text, t.Start)
		p.raw(",")
		p.expr(lowest)
		p.raw(")")
		return
	}
	p.expr(lowest)
}

// special takes a construct that begins with a keyword and looks like a function, or is a value by itself. It takes
// nothing if the word is a name here.
func (p *Parser) special(kind lex.Kind) bool {
	switch kind {
	case lex.CURRENT_DATE, lex.CURRENT_ROLE, lex.CURRENT_USER, lex.SESSION_USER, lex.USER, lex.CURRENT_CATALOG:
		p.keyword(-1)
		return true
	case lex.CURRENT_SCHEMA:
		if p.Peek(1).Kind == '(' {
			return false
		}
		p.keyword(-1)
		return true
	case lex.CURRENT_TIME, lex.CURRENT_TIMESTAMP, lex.LOCALTIME, lex.LOCALTIMESTAMP:
		p.timeKeyword()
		return true
	case lex.COLLATION:
		if p.Peek(1).Kind != lex.FOR {
			return false
		}
		p.collationFor()
		return true
	}
	if p.Peek(1).Kind != '(' {
		return false
	}
	start := p.Start()
	switch kind {
	case lex.COALESCE, lex.GREATEST, lex.LEAST, lex.GROUPING:
		p.sqlFunc(-1)
	case lex.NULLIF:
		p.sqlFunc(2)
	case lex.CAST:
		p.Next()
		p.Next()
		at := p.here()
		p.expr(lowest)
		p.Expect(lex.AS)
		p.castTo(at, start)
		p.Expect(')')
	case lex.EXTRACT:
		p.extract(start)
	case lex.POSITION:
		p.position(start)
	case lex.SUBSTRING:
		p.substring(start)
	case lex.OVERLAY:
		p.overlay(start)
	case lex.TRIM:
		p.trim(start)
	case lex.NORMALIZE:
		p.normalize(start)
	case lex.TREAT:
		p.Unsupported(start, "TREAT")
	case lex.XMLATTRIBUTES, lex.XMLCONCAT, lex.XMLELEMENT, lex.XMLEXISTS, lex.XMLFOREST, lex.XMLPARSE, lex.XMLPI, lex.XMLROOT,
		lex.XMLSERIALIZE:
		p.Unsupported(start, "XML")
	default:
		return false
	}
	return true
}

// sqlFunc takes COALESCE(..) and its like; count is the number of arguments, or -1.
func (p *Parser) sqlFunc(count int) {
	t := p.Next()
	p.Next()
	p.call(MarkSQLFunc, t.Start)
	p.word(t.Text, t.Start)
	for n := 1; ; n++ {
		p.raw(",")
		p.expr(lowest)
		if n == count || count < 0 && p.Kind() != ',' {
			break
		}
		p.Expect(',')
	}
	p.Expect(')')
	p.raw(")")
}

func (p *Parser) timeKeyword() {
	t := p.Next()
	precision := int32(-1)
	if p.Accept('(') {
		n := p.Expect(lex.Integer)
		v, err := strconv.ParseInt(n.Text, 10, 32)
		if err != nil {
			p.Failf(sqlstate.SyntaxError, n.Start, "syntax error at or near \"%s\"", n.Text)
		}
		precision = int32(v)
		p.Expect(')')
	}
	p.keywordCall(t, precision)
}

func (p *Parser) collationFor() {
	start := p.Next().Start
	p.Next()
	p.Expect('(')
	p.catalogCall("pg_collation_for", start)
	p.expr(lowest)
	p.Expect(')')
	p.raw(")")
}

// catalogCall writes the beginning of a call of a function in pg_catalog.
func (p *Parser) catalogCall(name string, start int32) {
	p.mark(start)
	p.raw(`"pg_catalog"."` + name + `"(`)
}

// openSpecial takes the keyword and the parenthesis of a special form.
func (p *Parser) openSpecial() {
	p.Next()
	p.Next()
}

func (p *Parser) extract(start int32) {
	p.openSpecial()
	field := *p.Peek(0)
	switch field.Kind {
	case lex.Ident, lex.String, lex.YEAR, lex.MONTH, lex.DAY, lex.HOUR, lex.MINUTE, lex.SECOND:
		p.Next()
	default:
		p.Syntax()
	}
	p.catalogCall("extract", start)
	p.hole(Hole{Kind: HoleString, Text: field.Text, Pos: field.Start})
	p.Expect(lex.FROM)
	p.raw(",")
	p.expr(lowest)
	p.Expect(')')
	p.raw(")")
}

func (p *Parser) position(start int32) {
	p.openSpecial()
	p.call(MarkPosition, start)
	p.expression(lowest, true)
	p.Expect(lex.IN)
	p.raw(",")
	p.expression(lowest, true)
	p.Expect(')')
	p.raw(")")
}

// substring takes SUBSTRING(x FROM y FOR z) in all its orders, SIMILAR, and the plain call.
func (p *Parser) substring(start int32) {
	at := p.here()
	p.openSpecial()
	if p.Kind() == ')' {
		p.plainSpecial(at, "substring", start)
		return
	}
	p.argument()
	const name = `"pg_catalog"."substring"(`
	switch p.Kind() {
	case lex.FROM:
		p.Next()
		p.before(at, name, start)
		p.raw(",")
		p.expr(lowest)
		if p.Accept(lex.FOR) {
			p.raw(",")
			p.expr(lowest)
		}
	case lex.FOR:
		p.Next()
		length := p.here()
		p.raw(",")
		p.expr(lowest)
		if p.Accept(lex.FROM) {
			p.callBefore(at, MarkSubstring, start)
			p.raw(",")
			p.expr(lowest)
			break
		}
		// FOR alone counts from 1, and wants an int4.
		p.holeBefore(length, ",?", Hole{Kind: HoleInteger, Text: "1", Pos: start})
		p.callBefore(length+1, MarkCast, start)
		p.raw(",")
		p.hole(Hole{Kind: HoleType, Type: &TypeName{Schema: "pg_catalog", Name: "int4", Pos: p.Position(int(start))}, Pos: start})
		p.raw(")")
		p.before(at, name, start)
	case lex.SIMILAR:
		p.Next()
		p.before(at, name, start)
		p.raw(",")
		p.expr(lowest)
		p.Expect(lex.ESCAPE)
		p.raw(",")
		p.expr(lowest)
	default:
		p.moreArguments(at, "substring", start)
		return
	}
	p.Expect(')')
	p.raw(")")
}

func (p *Parser) overlay(start int32) {
	at := p.here()
	p.openSpecial()
	if p.Kind() == ')' {
		p.plainSpecial(at, "overlay", start)
		return
	}
	p.argument()
	if !p.Accept(lex.PLACING) {
		p.moreArguments(at, "overlay", start)
		return
	}
	p.before(at, `"pg_catalog"."overlay"(`, start)
	p.raw(",")
	p.expr(lowest)
	p.Expect(lex.FROM)
	p.raw(",")
	p.expr(lowest)
	if p.Accept(lex.FOR) {
		p.raw(",")
		p.expr(lowest)
	}
	p.Expect(')')
	p.raw(")")
}

// plainSpecial ends a special function called without arguments.
func (p *Parser) plainSpecial(at int32, name string, start int32) {
	p.Next()
	p.mark(start)
	p.raw(`"` + name + `"()`)
}

// moreArguments ends a special function called like any other, behind its first argument.
func (p *Parser) moreArguments(at int32, name string, start int32) {
	p.before(at, `"`+name+`"(`, start)
	for p.Accept(',') {
		p.raw(",")
		p.argument()
	}
	p.Expect(')')
	p.raw(")")
}

// trim takes TRIM([BOTH|LEADING|TRAILING] [characters] FROM x, ..) and TRIM(x, ..).
func (p *Parser) trim(start int32) {
	p.openSpecial()
	name := "btrim"
	switch p.Kind() {
	case lex.BOTH:
		p.Next()
	case lex.LEADING:
		p.Next()
		name = "ltrim"
	case lex.TRAILING:
		p.Next()
		name = "rtrim"
	}
	at := p.here()
	if p.Accept(lex.FROM) {
		p.catalogCall(name, start)
		p.list()
	} else {
		p.expr(lowest)
		if p.Accept(lex.FROM) {
			p.callHoleBefore(at, MarkTrim, Hole{Kind: HoleWord, Text: name, Pos: start})
			p.raw(",")
			p.list()
		} else {
			p.before(at, `"pg_catalog"."`+name+`"(`, start)
			for p.Accept(',') {
				p.raw(",")
				p.expr(lowest)
			}
		}
	}
	p.Expect(')')
	p.raw(")")
}

func (p *Parser) normalize(start int32) {
	p.openSpecial()
	p.catalogCall("normalize", start)
	p.expr(lowest)
	if p.Accept(',') {
		form := p.Next()
		switch form.Kind {
		case lex.NFC, lex.NFD, lex.NFKC, lex.NFKD:
		default:
			p.back(form)
			p.Syntax()
		}
		p.raw(",")
		p.hole(Hole{Kind: HoleString, Text: strings.ToUpper(form.Text), Pos: form.Start})
	}
	p.Expect(')')
	p.raw(")")
}
