package bridge

import "tarn/sql/lex"

// level is the binding strength of an operator, loosest first, as in PostgreSQL's gram.y.
type level int8

const (
	lowest level = iota
	levelOr
	levelAnd
	levelNot
	levelIs      // not associative
	levelCompare // not associative
	levelLike    // not associative: LIKE, ILIKE, SIMILAR, BETWEEN, IN
	levelOp      // every operator that has no level of its own
	levelAdd
	levelMultiply
	levelPower
	levelZone
	levelCollate
	levelSign
	levelCast
)

// expr is PostgreSQL's a_expr. It takes operators of at least this level.
func (p *Parser) expr(least level) { p.expression(least, false) }

// expression parses and writes one expression: an atom of TiDB's grammar, so that it can stand anywhere. Restricted is
// PostgreSQL's b_expr, which leaves out what begins with a keyword.
func (p *Parser) expression(least level, restricted bool) {
	p.descend()
	at := p.here()
	p.continued(at, p.operand(restricted), least, restricted)
	p.ascend()
}

// operand parses a term and returns its height.
func (p *Parser) operand(restricted bool) int {
	outer, labels := p.height, p.labels
	p.height, p.labels = 0, false
	p.term(restricted)
	height := p.height + 1
	p.height, p.labels = outer, labels
	return height
}

// continued applies the operators that follow the term written at a place.
//
// A non-associative operator bars its own level right behind its open right operand (a = b = c), but not behind a
// closed one (a IN (1) IN (2)).
func (p *Parser) continued(at int32, height int, least level, restricted bool) {
	barred := lowest
	for {
		lv := p.infix(0, restricted)
		if lv == lowest || lv < least {
			break
		}
		if lv == barred {
			p.Syntax()
		}
		outer := p.height
		p.height = height
		if p.apply(at, lv, restricted) && (lv == levelIs || lv == levelCompare || lv == levelLike) {
			barred = lv
		} else {
			barred = lowest
		}
		height = p.rise(p.height + 1)
		p.height = outer
	}
	p.height = max(p.height, height)
}

// infix is the level of the operator at the n-th token from here; lowest: there is none.
func (p *Parser) infix(n int, restricted bool) level {
	if p.labels && p.Peek(n).IsKeyword() && p.Peek(n).IsBareLabel() {
		switch p.Peek(n + 1).Kind {
		case ',', ')', ';', lex.FROM, lex.EOF: // SELECT a is, b and FROM t: only labels
			return lowest
		}
	}
	switch p.Peek(n).Kind {
	case '<', '>', '=', lex.LessEquals, lex.GreaterEquals, lex.NotEquals:
		return levelCompare
	case lex.Operator:
		return levelOp
	case '+', '-':
		return levelAdd
	case '*', '/', '%':
		return levelMultiply
	case '^':
		return levelPower
	case lex.TypeCast:
		return levelCast
	case lex.IS:
		return levelIs
	case lex.OPERATOR:
		if p.Peek(n+1).Kind == '(' {
			return levelOp
		}
		return lowest
	}
	if restricted {
		return lowest
	}
	switch p.Peek(n).Kind {
	case lex.OR:
		return levelOr
	case lex.AND:
		return levelAnd
	case lex.ISNULL, lex.NOTNULL:
		return levelIs
	case lex.BETWEEN, lex.IN, lex.LIKE, lex.ILIKE:
		return levelLike
	case lex.SIMILAR:
		if p.Peek(n+1).Kind == lex.TO {
			return levelLike
		}
	case lex.NOT:
		switch p.Peek(n + 1).Kind {
		case lex.BETWEEN, lex.IN, lex.LIKE, lex.ILIKE, lex.SIMILAR:
			return levelLike
		}
	case lex.AT:
		if p.Peek(n+1).Kind == lex.TIME {
			return levelZone
		}
	case lex.COLLATE:
		return levelCollate
	}
	return lowest
}

// apply takes the operator at hand and what belongs to its right, and wraps the left operand written at a place. It says
// whether the right end is open, that is, an expression without a closing word.
func (p *Parser) apply(at int32, lv level, restricted bool) (open bool) {
	switch lv {
	case levelOr:
		p.chain(at, lex.OR, " OR ", levelOr)
		return true
	case levelAnd:
		p.chain(at, lex.AND, " AND ", levelAnd)
		return true
	case levelIs:
		return p.is(at, restricted)
	case levelLike:
		return p.like(at)
	case levelZone:
		pos := p.Next().Start
		p.Expect(lex.TIME)
		p.Expect(lex.ZONE)
		p.callBefore(at, MarkZone, pos)
		p.raw(",")
		p.expr(levelZone + 1)
		p.raw(")")
		return true
	case levelCollate:
		pos := p.Next().Start
		name := p.Start()
		p.callBefore(at, MarkCollate, pos)
		p.raw(",")
		p.hole(Hole{Kind: HoleNames, Names: p.Path(), Pos: name})
		p.raw(")")
		return false
	case levelCast:
		pos := p.Next().Start
		p.castTo(at, pos)
		return false
	}
	return p.binary(at, lv, restricted)
}

// chain takes all operands of a chain of AND or OR, which needs one pair of parentheses.
func (p *Parser) chain(at int32, kind lex.Kind, text string, lv level) {
	p.before(at, "(", p.Start())
	for p.Accept(kind) { // the tree leans to the left, but decode flattens it, so that its height does not count
		p.raw(text)
		p.expr(lv + 1)
	}
	p.raw(")")
}

// castTo wraps the operand at a place in a cast to the type that follows.
func (p *Parser) castTo(at, pos int32) {
	p.callBefore(at, MarkCast, pos)
	p.raw(",")
	p.typeHole()
	p.raw(")")
}

// native are the operators that TiDB has with the same meaning.
var native = map[string]string{
	"=": " = ", "<>": " <> ", "<": " < ", "<=": " <= ", ">": " > ", ">=": " >= ",
	"+": " + ", "-": " - ", "*": " * ", "/": " / ", "%": " % ",
}

// operator takes an operator, plain or as OPERATOR(schema.op), and returns it as a hole.
func (p *Parser) operator() Hole {
	t := p.Next()
	if t.Kind != lex.OPERATOR {
		return Hole{Kind: HoleWord, Text: t.Text, Pos: t.Start}
	}
	p.Expect('(')
	h := Hole{Kind: HoleWord, Pos: t.Start}
	for p.Peek(0).IsColumnID() {
		h.Names = append(h.Names, p.Next().Text)
		p.Expect('.')
	}
	h.Text = p.plainOperator().Text
	p.Expect(')')
	return h
}

// plainOperator takes an operator without a schema (PostgreSQL's all_Op).
func (p *Parser) plainOperator() lex.Token {
	switch p.Kind() {
	case lex.Operator, '+', '-', '*', '/', '%', '^', '<', '>', '=', lex.LessEquals, lex.GreaterEquals, lex.NotEquals:
		return p.Next()
	}
	p.Syntax()
	panic("unreachable")
}

// binary takes a symbolic operator and its right operand.
func (p *Parser) binary(at int32, lv level, restricted bool) (open bool) {
	op := p.operator()
	if !restricted && p.quantifier() {
		p.quantified(at, op)
		return false
	}
	if text := native[op.Text]; text != "" && op.Names == nil {
		p.before(at, "(", op.Pos)
		p.raw(text)
	} else {
		p.callHoleBefore(at, MarkOp, op)
		p.raw(",")
	}
	p.expression(lv+1, restricted)
	p.raw(")")
	return true
}

// quantifier says that ANY, SOME or ALL comes next.
func (p *Parser) quantifier() bool {
	k := p.Kind()
	return k == lex.ANY || k == lex.SOME || k == lex.ALL
}

// quantified takes ANY (..) and wraps the left operand.
func (p *Parser) quantified(at int32, op Hole) {
	mark, markQuery := MarkAny, MarkAnyQuery
	if p.Next().Kind == lex.ALL {
		mark, markQuery = MarkAll, MarkAllQuery
	}
	p.Expect('(')
	p.raw(",")
	inner := p.here()
	if p.inner() {
		p.before(inner, "(", -1)
		p.raw("))")
		mark = markQuery
	} else {
		p.raw(")")
	}
	p.Expect(')')
	p.callHoleBefore(at, mark, op)
}

// is takes IS .., ISNULL or NOTNULL.
func (p *Parser) is(at int32, restricted bool) (open bool) {
	t := p.Next()
	pos := t.Start
	switch t.Kind {
	case lex.ISNULL:
		p.wrapped(at, pos, " IS NULL)")
		return false
	case lex.NOTNULL:
		p.wrapped(at, pos, " IS NOT NULL)")
		return false
	}
	not, sign := p.Accept(lex.NOT), ""
	if not {
		sign = "NOT "
	}
	if k := p.Kind(); restricted && k != lex.DISTINCT && k != lex.DOCUMENT {
		p.Syntax()
	}
	switch t := p.Next(); t.Kind {
	case lex.NULL:
		p.wrapped(at, pos, " IS "+sign+"NULL)")
	case lex.TRUE:
		p.wrapped(at, pos, " IS "+sign+"TRUE)")
	case lex.FALSE:
		p.wrapped(at, pos, " IS "+sign+"FALSE)")
	case lex.UNKNOWN, lex.DOCUMENT, lex.NORMALIZED:
		p.isMark(at, pos, sign+t.Kind.Keyword())
	case lex.NFC, lex.NFD, lex.NFKC, lex.NFKD:
		p.Expect(lex.NORMALIZED)
		p.isMark(at, pos, sign+t.Kind.Keyword()+" normalized")
	case lex.DISTINCT:
		p.Expect(lex.FROM)
		if not {
			p.before(at, "(", pos)
			p.raw(" <=> ")
		} else {
			p.callBefore(at, MarkDistinct, pos)
			p.raw(",")
		}
		p.expression(levelIs+1, restricted)
		p.raw(")")
		return true
	default:
		p.back(t)
		p.Syntax()
	}
	return false
}

// back puts the token taken last back.
func (p *Parser) back(t lex.Token) {
	if t.Kind != lex.EOF && t.Kind != lex.Bad {
		p.Reset(p.Mark() - 1)
	}
}

func (p *Parser) wrapped(at, pos int32, tail string) {
	p.before(at, "(", pos)
	p.raw(tail)
}

func (p *Parser) isMark(at, pos int32, what string) {
	p.callHoleBefore(at, MarkIs, Hole{Kind: HoleWord, Text: what, Pos: pos})
	p.raw(")")
}

// like takes [NOT] BETWEEN, IN, LIKE, ILIKE or SIMILAR TO.
func (p *Parser) like(at int32) (open bool) {
	pos := p.Start()
	not, sign := p.Accept(lex.NOT), ""
	if not {
		sign = "NOT "
	}
	switch t := p.Next(); t.Kind {
	case lex.BETWEEN:
		p.between(at, pos, sign)
		return true
	case lex.IN:
		p.in(at, pos, sign)
		return false
	case lex.SIMILAR:
		p.Expect(lex.TO)
		return p.pattern(at, pos, sign, "SIMILAR", "")
	case lex.ILIKE:
		return p.pattern(at, pos, sign, "ILIKE", "~~*")
	default:
		return p.pattern(at, pos, sign, "LIKE", "~~")
	}
}

// pattern takes what follows LIKE, ILIKE or SIMILAR TO; op is its operator, for ANY and ALL.
func (p *Parser) pattern(at, pos int32, sign, word, op string) (open bool) {
	if op != "" && p.quantifier() {
		if sign != "" {
			op = "!" + op
		}
		p.quantified(at, Hole{Kind: HoleWord, Text: op, Pos: pos})
		return false
	}
	mid := p.here()
	p.expr(levelLike + 1)
	switch {
	case p.Accept(lex.ESCAPE):
		p.raw(",")
		p.expr(levelLike + 1)
	case word != "SIMILAR":
		p.before(at, "(", pos)
		p.before(mid, " "+sign+word+" ", -1)
		p.raw(")")
		return true
	}
	p.callHoleBefore(at, MarkLike, Hole{Kind: HoleWord, Text: sign + word, Pos: pos})
	p.before(mid, ",", -1)
	p.raw(")")
	return true
}

func (p *Parser) between(at, pos int32, sign string) {
	symmetric := p.Accept(lex.SYMMETRIC)
	if !symmetric {
		p.Accept(lex.ASYMMETRIC)
		p.before(at, "(", pos)
		p.raw(" " + sign + "BETWEEN ")
	} else {
		p.callHoleBefore(at, MarkBetween, Hole{Kind: HoleWord, Text: sign, Pos: pos})
		p.raw(",")
	}
	p.expression(lowest, true)
	p.Expect(lex.AND)
	if symmetric {
		p.raw(",")
	} else {
		p.raw(" AND ")
	}
	p.expr(levelLike + 1)
	p.raw(")")
}

func (p *Parser) in(at, pos int32, sign string) {
	p.before(at, "(", pos)
	p.raw(" " + sign + "IN (")
	p.Expect('(')
	if !p.inner() {
		for p.Accept(',') {
			p.raw(",")
			p.expr(lowest)
		}
	}
	p.Expect(')')
	p.raw("))")
}

// sign takes + or - and its operand.
func (p *Parser) sign(restricted bool) {
	t := p.Next()
	p.mark(t.Start)
	p.raw("(" + t.Text)
	p.expression(levelSign, restricted)
	p.raw(")")
}

// not takes NOT and its operand.
func (p *Parser) not() {
	p.mark(p.Next().Start)
	p.raw("(NOT ")
	p.expr(levelNot)
	p.raw(")")
}

// prefix takes any other prefix operator and its operand.
func (p *Parser) prefix(restricted bool) {
	at, op := p.here(), p.operator()
	p.expression(levelOp+1, restricted)
	p.callHoleBefore(at, MarkOp, op)
	p.raw(")")
}
