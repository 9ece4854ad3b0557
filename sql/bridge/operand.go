package bridge

import (
	"strconv"

	"tarn/sql/lex"
	"tarn/sql/sqlstate"
)

// term parses and writes what stands between operators: PostgreSQL's c_expr and the prefix operators.
func (p *Parser) term(restricted bool) {
	t := p.Peek(0)
	switch t.Kind {
	case lex.Integer, lex.Numeric, lex.String, lex.Bits:
		p.literal()
	case lex.Param:
		at := p.here()
		p.param()
		p.indirection(at)
	case lex.TRUE, lex.FALSE, lex.NULL:
		p.mark(t.Start)
		switch p.Next().Kind {
		case lex.TRUE:
			p.raw("TRUE")
		case lex.FALSE:
			p.raw("FALSE")
		default:
			p.raw("NULL")
		}
	case '(':
		p.parenthesis()
	case '+', '-':
		p.sign(restricted)
	case lex.Operator:
		p.prefix(restricted)
	case lex.NOT:
		if restricted {
			p.Syntax()
		}
		p.not()
	case lex.CASE:
		p.caseExpr()
	case lex.EXISTS:
		p.exists()
	case lex.ARRAY:
		p.array()
	case lex.ROW:
		if p.Peek(1).Kind != '(' {
			p.name()
			return
		}
		at := p.here()
		p.explicitRow()
		p.overlaps(at)
	case lex.DEFAULT:
		if restricted {
			p.Syntax()
		}
		p.keyword(-1)
	case lex.UNIQUE:
		p.Unsupported(t.Start, "UNIQUE predicate")
	case lex.OPERATOR:
		if p.Peek(1).Kind == '(' {
			p.prefix(restricted)
			return
		}
		p.name()
	default:
		if !p.special(t.Kind) && !p.typed() {
			p.name()
		}
	}
}

// literal takes a constant.
func (p *Parser) literal() {
	t := p.Next()
	switch t.Kind {
	case lex.Integer:
		p.hole(Hole{Kind: HoleInteger, Text: t.Text, Pos: t.Start})
	case lex.Numeric:
		p.hole(Hole{Kind: HoleNumeric, Text: t.Text, Pos: t.Start})
	case lex.Bits:
		p.hole(Hole{Kind: HoleBits, Text: t.Text, Pos: t.Start})
	case lex.String:
		if t.National { // N'..' is a constant of type char
			p.call(MarkTyped, t.Start)
			p.hole(Hole{Kind: HoleString, Text: t.Text, Pos: t.Start})
			p.raw(",")
			p.hole(Hole{Kind: HoleType, Type: &TypeName{Schema: "pg_catalog", Name: "bpchar", Pos: p.Position(int(t.Start))}, Pos: t.Start})
			p.raw(")")
			return
		}
		p.hole(Hole{Kind: HoleString, Text: t.Text, Pos: t.Start})
	}
}

func (p *Parser) param() { p.hole(p.paramHole()) }

func (p *Parser) paramHole() Hole {
	t := p.Next()
	n, err := strconv.Atoi(t.Text)
	if err != nil || n > 65535 || n < 1 {
		p.Failf(sqlstate.UndefinedParameter, t.Start, "there is no parameter $%s", t.Text)
	}
	p.NoteParam(n)
	return Hole{Kind: HoleParam, N: int32(n), Pos: t.Start}
}

// NoteParam says that the statement has a parameter $n.
func (p *Parser) NoteParam(n int) { p.result.Params = max(p.result.Params, n) }

// parenthesis takes `(expr)`, a row, or a scalar subquery.
func (p *Parser) parenthesis() {
	at, start := p.here(), p.Next().Start
	if !p.inner() {
		p.closeParenthesis(at, start)
		return
	}
	p.Expect(')')
	p.before(at, "(", start)
	p.raw(")")
	p.indirection(at)
}

// indirection takes subscripts and fields behind the operand written at a place.
func (p *Parser) indirection(at int32) {
	for height := p.height; ; p.height = p.rise(height) {
		height++
		switch p.Kind() {
		case '[':
			p.callBefore(at, MarkSub, p.Start())
			for p.Kind() == '[' {
				p.raw(",")
				p.subscript()
			}
			p.raw(")")
		case '.':
			dot := p.Next()
			if p.Kind() == '*' {
				p.Next()
				p.lastStar()
				p.callBefore(at, MarkExpand, dot.Start)
				p.raw(")")
				return
			}
			field := p.Label()
			p.callBefore(at, MarkField, field.Start)
			p.raw(",")
			p.word(field.Text, field.Start)
			p.raw(")")
		default:
			return
		}
	}
}

// lastStar refuses what follows .* in one chain. As PostgreSQL does, it looks at the whole chain first.
func (p *Parser) lastStar() {
	if k := p.Kind(); k != '[' && k != '.' {
		return
	}
	p.fragment(func() {
		p.raw("SELECT ")
		at := p.here()
		p.raw("NULL")
		for k := p.Kind(); k == '[' || k == '.'; k = p.Kind() {
			p.indirection(at)
		}
	})
	panic(p.Near("improper use of \"*\"", p.Peek(0)))
}

// subscript takes one [i] or [j:k].
func (p *Parser) subscript() {
	start := p.Expect('[').Start
	at := p.here()
	if p.Kind() == ':' {
		p.hole(Hole{Kind: HoleNone, Pos: start})
	} else {
		p.expr(lowest)
	}
	if p.Accept(':') {
		p.callBefore(at, MarkSlice, start)
		p.raw(",")
		if p.Kind() == ']' {
			p.hole(Hole{Kind: HoleNone, Pos: start})
		} else {
			p.expr(lowest)
		}
		p.raw(")")
	}
	p.Expect(']')
}

func (p *Parser) caseExpr() {
	p.mark(p.Next().Start)
	p.raw("(CASE")
	if p.Kind() != lex.WHEN {
		p.raw(" ")
		p.expr(lowest)
	}
	if p.Kind() != lex.WHEN {
		p.Syntax()
	}
	for p.Accept(lex.WHEN) {
		p.raw(" WHEN ")
		p.expr(lowest)
		p.Expect(lex.THEN)
		p.raw(" THEN ")
		p.expr(lowest)
	}
	if p.Accept(lex.ELSE) {
		p.raw(" ELSE ")
		p.expr(lowest)
	}
	p.Expect(lex.END)
	p.raw(" END)")
}

func (p *Parser) exists() {
	if p.Peek(1).Kind != '(' {
		p.name()
		return
	}
	p.mark(p.Next().Start)
	p.raw("(EXISTS (")
	p.queryInParentheses()
	p.raw("))")
}

// queryInParentheses takes `(query)` and writes the query without parentheses.
func (p *Parser) queryInParentheses() {
	q := p.parenthesizedQuery()
	p.closeQuery(&q)
}

func (p *Parser) array() {
	start := p.Expect(lex.ARRAY).Start
	switch p.Kind() {
	case '(':
		p.call(MarkArrayQuery, start)
		p.raw("(")
		p.queryInParentheses()
		p.raw("))")
	case '[':
		p.arrayList(start)
	default:
		p.Syntax()
	}
}

// arrayList takes [a, b] or [[a], [b]].
func (p *Parser) arrayList(start int32) {
	p.descend()
	p.Expect('[')
	p.call(MarkArray, start)
	nested := p.Kind() == '['
	for first := true; p.Kind() != ']' || !first; first = false {
		if !first {
			p.raw(",")
		}
		if nested {
			if p.Kind() != '[' {
				p.Syntax()
			}
			p.arrayList(p.Start())
		} else {
			p.expr(lowest)
		}
		if !p.Accept(',') {
			break
		}
	}
	p.Expect(']')
	p.raw(")")
	p.ascend()
}

func (p *Parser) explicitRow() {
	p.call(MarkRow, p.Expect(lex.ROW).Start)
	p.Expect('(')
	if p.Kind() != ')' {
		p.list()
	}
	p.Expect(')')
	p.raw(")")
}

// list takes expressions separated by commas.
func (p *Parser) list() {
	p.expr(lowest)
	for p.Accept(',') {
		p.raw(",")
		p.expr(lowest)
	}
}

// keyword takes a word that is a value by itself.
func (p *Parser) keyword(precision int32) {
	t := p.Next()
	p.keywordCall(t, precision)
}

func (p *Parser) keywordCall(t lex.Token, precision int32) {
	p.call(MarkKeyword, t.Start)
	p.hole(Hole{Kind: HoleWord, Text: t.Kind.Keyword(), N: precision, Pos: t.Start})
	p.raw(")")
}

// name takes a column reference, a function call, or a constant of a named type.
func (p *Parser) name() {
	t := p.Peek(0)
	column, function := t.IsColumnID(), t.IsFunctionName()
	if !column && !function {
		p.Syntax()
	}
	at := p.here()
	first := p.Next()
	names := append(make([]string, 0, 3), first.Text)
	for p.Kind() == '.' {
		switch n := p.Peek(1); {
		case n.Kind == '*':
			if !column {
				p.Syntax()
			}
			p.allOf(names, first.Start)
			return
		case !n.IsLabel():
			p.Next()
			p.Syntax()
		}
		p.Next()
		names = append(names, p.Next().Text)
	}
	switch {
	case p.Kind() == '(' && (function || len(names) > 1):
		if !function && !column {
			p.Syntax()
		}
		if !p.typedCall(names, first.Start) {
			p.function(at, names, first.Start)
		}
		return
	case p.Kind() == lex.String && (function || len(names) > 1):
		p.typedLiteral(TypeName{Pos: p.Position(int(first.Start))}.named(names), first.Start)
		return
	case !column:
		p.Syntax()
	}
	p.column(names, first.Start)
	p.indirection(at)
}

// column writes a column reference.
func (p *Parser) column(names []string, start int32) {
	if oddPath(names, 3) {
		p.hole(Hole{Kind: HoleNames, Names: names, Pos: start})
		return
	}
	p.mark(start)
	for i, name := range names {
		if i > 0 {
			p.raw(".")
		}
		p.ident(name)
	}
}

// allOf takes the `.*` of t.* inside an expression.
func (p *Parser) allOf(names []string, start int32) {
	p.Next()
	p.Next()
	p.lastStar()
	p.call(MarkAllOf, start)
	p.hole(Hole{Kind: HoleNames, Names: names, Pos: start})
	p.raw(")")
}
