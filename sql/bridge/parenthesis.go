package bridge

import "tarn/sql/lex"

// inner parses what stands behind an opening parenthesis that may hold a query or an expression, up to the closing
// parenthesis or a comma. Which of them `((SELECT 1) ..` is shows only behind the inner parentheses. A query is written
// without parentheses.
func (p *Parser) inner() (isQuery bool) {
	if startsQuery(p.Kind()) {
		q := p.query()
		p.closeQuery(&q)
		return true
	}
	if p.Kind() != '(' {
		p.expr(lowest)
		return false
	}
	q, isQuery := p.innerParenthesis()
	if isQuery {
		p.closeQuery(&q)
	}
	return isQuery
}

// innerParenthesis is inner for a further parenthesis. A query is left open, because more of it may follow.
func (p *Parser) innerParenthesis() (q queryState, isQuery bool) {
	p.descend()
	at, start := p.here(), p.Start()
	outer := p.height
	p.height = 0
	p.Expect('(')
	switch {
	case startsQuery(p.Kind()):
		q = p.query()
		isQuery = true
	case p.Kind() == '(':
		q, isQuery = p.innerParenthesis()
	default:
		p.expr(lowest)
	}
	if isQuery {
		p.Expect(')')
		q.closed = true
		if p.Kind() == ')' || p.continuesQuery() {
			if p.Kind() != ')' {
				p.continueQuery(&q)
			}
			p.height = max(p.height, outer)
			p.ascend()
			return q, true
		}
		p.closeQuery(&q)
		p.before(at, "(", start)
		p.raw(")")
		p.indirection(at)
	} else {
		p.closeParenthesis(at, start)
	}
	height := p.height + 1
	p.height = outer
	p.continued(at, height, lowest, false)
	p.ascend()
	return q, false
}

// closeParenthesis ends `(expr` or a row, with what may follow the closing parenthesis.
func (p *Parser) closeParenthesis(at, start int32) {
	if p.Accept(')') {
		p.indirection(at)
		return
	}
	p.before(at, "(", start)
	for p.Accept(',') {
		p.raw(",")
		p.expr(lowest)
	}
	p.Expect(')')
	p.raw(")")
	p.overlaps(at)
}

// overlaps takes OVERLAPS and the row behind it, if they follow the row at a place.
func (p *Parser) overlaps(at int32) {
	if p.Kind() != lex.OVERLAPS {
		return
	}
	pos := p.Next().Start
	p.callBefore(at, MarkOverlaps, pos)
	p.raw(",")
	switch p.Kind() {
	case lex.ROW:
		p.explicitRow()
	case '(':
		right, start := p.here(), p.Next().Start
		p.expr(lowest)
		if p.Kind() != ',' {
			p.Syntax()
		}
		p.before(right, "(", start)
		for p.Accept(',') {
			p.raw(",")
			p.expr(lowest)
		}
		p.Expect(')')
		p.raw(")")
	default:
		p.Syntax()
	}
	p.raw(")")
}
