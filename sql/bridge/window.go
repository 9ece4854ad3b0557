package bridge

import (
	"strings"

	"tarn/sql/lex"
	"tarn/sql/sqlstate"
)

// over takes OVER name or OVER (..) behind the call written at a place, which becomes the argument of the one window
// function of TiDB that takes anything.
func (p *Parser) over(at int32) {
	p.Next()
	p.before(at, "FIRST_VALUE(", -1)
	p.raw(") OVER ")
	if p.Kind() == '(' {
		p.windowSpec()
		return
	}
	p.ident(p.ColumnID().Text)
}

// windowSpec takes (base PARTITION BY .. ORDER BY .. frame).
func (p *Parser) windowSpec() {
	p.Expect('(')
	p.raw("(")
	switch p.Kind() {
	case lex.PARTITION, lex.RANGE, lex.ROWS, lex.GROUPS:
	default:
		if p.Peek(0).IsColumnID() {
			p.ident(p.Next().Text)
		}
	}
	if p.Accept(lex.PARTITION) {
		p.Expect(lex.BY)
		p.raw(" PARTITION BY ")
		p.list()
	}
	ordered := p.Kind() == lex.ORDER
	if ordered {
		p.orderBy()
	}
	switch p.Kind() {
	case lex.RANGE, lex.ROWS, lex.GROUPS:
		p.frame(ordered)
	}
	p.Expect(')')
	p.raw(")")
}

// bound is an end of a frame, in the order in which a frame may run.
type bound int8

const (
	unboundedPreceding bound = iota
	preceding
	currentRow
	following
	unboundedFollowing
)

func (p *Parser) frame(ordered bool) {
	at := p.here()
	p.raw(" " + strings.ToUpper(p.Next().Kind.Keyword()) + " ")
	first := p.Start()
	if p.Accept(lex.BETWEEN) {
		p.raw("BETWEEN ")
		first = p.Start()
		start := p.frameBound()
		p.Expect(lex.AND)
		p.raw(" AND ")
		last := p.Start()
		p.checkFrame(start, p.frameBound(), first, last)
	} else {
		p.checkFrame(p.frameBound(), currentRow, first, first)
	}
	if p.Kind() != lex.EXCLUDE {
		return
	}
	pos := p.Next().Start
	what := ""
	switch t := p.Next(); t.Kind {
	case lex.CURRENT:
		p.Expect(lex.ROW)
		what = "CURRENT ROW"
	case lex.GROUP:
		what = "GROUP"
	case lex.TIES:
		what = "TIES"
	case lex.NO:
		p.Expect(lex.OTHERS)
		what = "NO OTHERS"
	default:
		p.back(t)
		p.Syntax()
	}
	prefix := " ORDER BY "
	if ordered {
		prefix = ","
	}
	p.holeBefore(at, prefix+open(MarkExclude)+"?)", Hole{Kind: HoleWord, Text: what, Pos: pos})
}

func (p *Parser) frameBound() bound {
	k, next := p.Kind(), p.Peek(1).Kind
	switch {
	case k == lex.UNBOUNDED && next == lex.PRECEDING:
		p.Next()
		p.Next()
		p.raw("UNBOUNDED PRECEDING")
		return unboundedPreceding
	case k == lex.UNBOUNDED && next == lex.FOLLOWING:
		p.Next()
		p.Next()
		p.raw("UNBOUNDED FOLLOWING")
		return unboundedFollowing
	case k == lex.CURRENT && next == lex.ROW:
		p.Next()
		p.Next()
		p.raw("CURRENT ROW")
		return currentRow
	}
	p.raw("INTERVAL ")
	p.expr(lowest)
	switch t := p.Next(); t.Kind {
	case lex.PRECEDING:
		p.raw(" DAY PRECEDING")
		return preceding
	case lex.FOLLOWING:
		p.raw(" DAY FOLLOWING")
		return following
	default:
		p.back(t)
		p.Syntax()
		return currentRow
	}
}

// checkFrame refuses frames that run backwards, with PostgreSQL's words.
func (p *Parser) checkFrame(start, end bound, first, last int32) {
	message, at := "", last
	switch {
	case start == unboundedFollowing:
		at = first
		message = "frame start cannot be UNBOUNDED FOLLOWING"
	case end == unboundedPreceding:
		message = "frame end cannot be UNBOUNDED PRECEDING"
	case start == currentRow && end == preceding:
		message = "frame starting from current row cannot have preceding rows"
	case start == following && end == currentRow:
		message = "frame starting from following row cannot end with current row"
	case start == following && end == preceding:
		message = "frame starting from following row cannot have preceding rows"
	default:
		return
	}
	p.Failf(sqlstate.WindowingError, at, "%s", message)
}

// orderBy takes ORDER BY and its list.
func (p *Parser) orderBy() {
	p.Expect(lex.ORDER)
	p.Expect(lex.BY)
	p.raw(" ORDER BY ")
	for {
		p.order()
		if !p.Accept(',') {
			return
		}
		p.raw(",")
	}
}

func (p *Parser) order() {
	at := p.here()
	p.expr(lowest)
	desc := false
	switch p.Kind() {
	case lex.ASC:
		p.Next()
	case lex.DESC:
		p.Next()
		desc = true
	case lex.USING:
		pos := p.Next().Start
		var op Hole
		if p.Kind() == lex.OPERATOR {
			op = p.operator()
		} else {
			t := p.plainOperator()
			op = Hole{Kind: HoleWord, Text: t.Text, Pos: t.Start}
		}
		p.callBefore(at, MarkUsing, pos)
		p.raw(",")
		p.hole(op)
		p.raw(")")
	}
	if k := p.Peek(1).Kind; p.Kind() == lex.NULLS && (k == lex.FIRST || k == lex.LAST) {
		pos := p.Next().Start
		p.callBefore(at, MarkNulls, pos)
		p.raw(",")
		p.word(p.Next().Kind.Keyword(), pos)
		p.raw(")")
	}
	if desc {
		p.raw(" DESC")
	}
}
