package bridge

import (
	"tarn/sql/lex"
	"tarn/sql/sqlstate"
)

// selectBlock takes SELECT .. up to WINDOW.
func (p *Parser) selectBlock() {
	p.descend()
	start := p.Next().Start
	p.mark(start)
	p.raw("SELECT ")
	switch {
	case p.Accept(lex.ALL):
		p.itemsOrNone()
	case p.Accept(lex.DISTINCT):
		p.raw("DISTINCT ")
		if p.Accept(lex.ON) {
			p.call(MarkDistinctOn, start)
			p.Expect('(')
			p.list()
			p.Expect(')')
			p.raw("),")
		}
		p.items()
	default:
		p.itemsOrNone()
	}
	if p.Kind() == lex.INTO {
		p.takeInto()
	}
	if p.Accept(lex.FROM) {
		p.raw(" FROM ")
		p.tables()
	} else {
		switch p.Kind() {
		case lex.WHERE, lex.GROUP, lex.HAVING, lex.WINDOW: // TiDB wants them behind FROM only
			p.raw(` FROM "` + Schema + `"`)
		}
	}
	if p.Accept(lex.WHERE) {
		p.raw(" WHERE ")
		p.expr(lowest)
	}
	if p.Accept(lex.GROUP) {
		p.Expect(lex.BY)
		p.groupBy()
	}
	if p.Accept(lex.HAVING) {
		p.raw(" HAVING ")
		p.expr(lowest)
	}
	if p.Accept(lex.WINDOW) {
		p.windows()
	}
	p.ascend()
}

// takeInto takes INTO [TEMP] [TABLE] name, which only a query that is a statement may have.
func (p *Parser) takeInto() {
	into := p.Next()
	if p.queries > 1 || p.into != nil {
		p.Failf(sqlstate.SyntaxError, into.Start, "SELECT ... INTO is not allowed here")
	}
	for p.Kind() == lex.TEMPORARY || p.Kind() == lex.TEMP || p.Kind() == lex.UNLOGGED || p.Kind() == lex.LOCAL {
		p.Next()
	}
	p.Accept(lex.TABLE)
	p.into = append(p.into, p.ColumnID())
	for p.Accept('.') {
		p.into = append(p.into, p.Label())
	}
}

func (p *Parser) noColumns() { p.raw(`SELECT "` + Schema + `"."` + MarkNoColumns + `"()`) }

// itemsOrNone takes a SELECT list that may be empty.
func (p *Parser) itemsOrNone() {
	switch p.Kind() {
	case lex.EOF, ';', ')', lex.INTO, lex.FROM, lex.WHERE, lex.GROUP, lex.HAVING, lex.WINDOW, lex.UNION, lex.INTERSECT, lex.EXCEPT,
		lex.ORDER, lex.LIMIT, lex.OFFSET, lex.FETCH, lex.FOR:
		p.raw(`"` + Schema + `"."` + MarkNoColumns + `"()`)
	default:
		p.items()
	}
}

// items takes a SELECT list.
func (p *Parser) items() {
	p.item()
	for p.Accept(',') {
		p.raw(",")
		p.item()
	}
}

func (p *Parser) item() {
	if p.Kind() == '*' {
		p.mark(p.Next().Start)
		p.raw("*")
		return
	}
	if p.star() {
		if p.Accept(lex.AS) { // PostgreSQL takes a label here, and forgets it
			p.Label()
		} else if p.Peek(0).IsBareLabel() {
			p.Next()
		}
		return
	}
	p.labels = true
	p.expr(lowest)
	p.labels = false
	switch {
	case p.Accept(lex.AS):
		p.raw(" AS ")
		p.ident(p.Label().Text)
	case p.Peek(0).IsBareLabel():
		p.raw(" AS ")
		p.ident(p.Next().Text)
	}
}

// star takes t.* or s.t.* if that is the whole item.
func (p *Parser) star() bool {
	if !p.Peek(0).IsColumnID() || p.Peek(1).Kind != '.' {
		return false
	}
	n := 1
	for p.Peek(n).Kind == '.' && p.Peek(n+1).IsLabel() {
		n += 2
	}
	if p.Peek(n).Kind != '.' || p.Peek(n+1).Kind != '*' {
		return false
	}
	switch p.Peek(n + 2).Kind {
	case '[', '.':
		return false
	}
	if p.infix(n+2, false) != lowest {
		return false
	}
	start := p.Start()
	names := []string{p.Next().Text}
	for p.Accept('.') && p.Kind() != '*' {
		names = append(names, p.Next().Text)
	}
	p.Next()
	if oddPath(names, 2) {
		p.call(MarkAllOf, start)
		p.hole(Hole{Kind: HoleNames, Names: names, Pos: start})
		p.raw(")")
		return true
	}
	p.mark(start)
	for _, name := range names {
		p.ident(name)
		p.raw(".")
	}
	p.raw("*")
	return true
}

func (p *Parser) groupBy() {
	p.raw(" GROUP BY ")
	if start := p.Start(); p.Accept(lex.DISTINCT) {
		p.call(MarkGroupDist, start)
		p.raw("),")
	} else {
		p.Accept(lex.ALL)
	}
	p.groupItems()
}

func (p *Parser) groupItems() {
	p.groupItem()
	for p.Accept(',') {
		p.raw(",")
		p.groupItem()
	}
}

func (p *Parser) groupItem() {
	start, next := p.Start(), p.Peek(1).Kind
	switch k := p.Kind(); {
	case k == '(' && next == ')':
		p.Next()
		p.Next()
		p.call(MarkEmptySet, start)
		p.raw(")")
	case k == lex.ROLLUP && next == '(':
		p.groupList(MarkRollup, start)
	case k == lex.CUBE && next == '(':
		p.groupList(MarkCube, start)
	case k == lex.GROUPING && next == lex.SETS:
		p.Next()
		p.groupSets(start)
	default:
		p.expr(lowest)
	}
}

// groupList takes ROLLUP (..) or CUBE (..): expressions, or lists of them in parentheses.
func (p *Parser) groupList(marker string, start int32) {
	p.Next()
	p.call(marker, start)
	p.Expect('(')
	p.list()
	p.Expect(')')
	p.raw(")")
}

func (p *Parser) groupSets(start int32) {
	p.descend()
	p.Next()
	p.call(MarkSets, start)
	p.Expect('(')
	p.groupItems()
	p.Expect(')')
	p.raw(")")
	p.ascend()
}

func (p *Parser) windows() {
	p.raw(" WINDOW ")
	for first := true; first || p.Accept(','); first = false {
		if !first {
			p.raw(",")
		}
		p.ident(p.ColumnID().Text)
		p.Expect(lex.AS)
		p.raw(" AS ")
		p.windowSpec()
	}
}
