package bridge

import (
	"tarn/sql/lex"
	"tarn/sql/sqlstate"
)

// queryState is a query that was written but may still get more clauses: PostgreSQL lets ORDER BY and LIMIT stand behind
// the parentheses of the query they belong to. LIMIT, OFFSET and FOR are kept here until closeQuery.
type queryState struct {
	at      int32 // where its text begins
	tail    Tail
	with    bool
	ordered bool
	limit   bool // LIMIT or FETCH was written, perhaps LIMIT ALL
	offset  bool
	setOp   bool
	values  bool
	closed  bool // it stood in parentheses
	done    bool // closeQuery was called
}

func startsQuery(k lex.Kind) bool {
	return k == lex.SELECT || k == lex.VALUES || k == lex.WITH || k == lex.TABLE
}

// query takes a query without parentheses of its own, up to what cannot belong to it.
func (p *Parser) query() queryState {
	p.descend()
	p.queries++
	at := p.here()
	with := p.Kind() == lex.WITH
	withAt := p.Start()
	if with {
		p.with()
	}
	q := p.setOperation(lowest)
	q.at = at
	if with {
		if q.with {
			p.Failf(sqlstate.SyntaxError, withAt, "multiple WITH clauses not allowed")
		}
		q.with = true
	}
	p.clauses(&q)
	p.queries--
	p.ascend()
	return q
}

// parenthesizedQuery takes `(query)`, with any number of parentheses, and writes it without them.
func (p *Parser) parenthesizedQuery() queryState {
	p.descend()
	p.Expect('(')
	var q queryState
	if startsQuery(p.Kind()) {
		q = p.query()
	} else {
		if p.Kind() != '(' {
			p.Syntax()
		}
		q = p.parenthesizedQuery()
		if p.continuesQuery() {
			p.continueQuery(&q)
		}
	}
	p.Expect(')')
	q.closed = true
	p.ascend()
	return q
}

// continuesQuery says that the next token goes on with the query behind whose parentheses it stands.
func (p *Parser) continuesQuery() bool {
	switch p.Kind() {
	case lex.UNION, lex.INTERSECT, lex.EXCEPT, lex.ORDER, lex.LIMIT, lex.OFFSET, lex.FETCH, lex.FOR:
		return true
	}
	return false
}

func (p *Parser) continueQuery(q *queryState) {
	p.operations(q, lowest)
	p.clauses(q)
}

// The levels of set operations.
const (
	levelUnion     level = 1
	levelIntersect level = 2
)

// setOperation takes queries combined by UNION, INTERSECT and EXCEPT of at least a level.
func (p *Parser) setOperation(least level) queryState {
	q := p.queryTerm()
	p.operations(&q, least)
	return q
}

// operations takes the set operations that follow a query. Each operand gets exactly one pair of parentheses.
func (p *Parser) operations(q *queryState, least level) {
	for {
		lv, word := levelUnion, ""
		switch p.Kind() {
		case lex.UNION:
			word = "UNION"
		case lex.EXCEPT:
			word = "EXCEPT"
		case lex.INTERSECT:
			word, lv = "INTERSECT", levelIntersect
		default:
			return
		}
		if lv < least {
			return
		}
		pos := p.Next().Start
		all := ""
		if p.Accept(lex.ALL) {
			all = " ALL"
		} else {
			p.Accept(lex.DISTINCT)
		}
		p.refuseLocking(q)
		p.closeQuery(q)
		p.before(q.at, "(", pos)
		p.raw(") " + word + all + " (")
		height := p.height
		p.height = 0
		p.descend()
		right := p.setOperation(lv + 1)
		p.ascend()
		p.refuseLocking(&right)
		p.closeQuery(&right)
		p.height = p.rise(max(height, p.height) + 1)
		p.raw(")")
		*q = queryState{at: q.at, setOp: true}
	}
}

func (p *Parser) refuseLocking(q *queryState) {
	if len(q.tail.Locking) > 0 {
		panic(sqlstate.New(sqlstate.FeatureNotSupported, "FOR %s is not allowed with UNION/INTERSECT/EXCEPT", q.tail.Locking[0].Strength))
	}
}

// queryTerm takes SELECT, VALUES, TABLE or a query in parentheses.
func (p *Parser) queryTerm() queryState {
	at := p.here()
	q := queryState{at: at}
	switch p.Kind() {
	case lex.SELECT:
		p.selectBlock()
	case lex.VALUES:
		p.values()
		q.values = true
	case lex.TABLE:
		p.mark(p.Next().Start)
		p.raw("SELECT * FROM ")
		p.relation(false)
	case '(':
		q = p.parenthesizedQuery()
		q.at = at
	default:
		p.Syntax()
	}
	return q
}

// values takes VALUES (..), (..).
func (p *Parser) values() {
	p.Next()
	p.raw("VALUES ")
	width := 0
	for row := 0; ; row++ {
		if row > 0 {
			p.raw(",")
		}
		p.Expect('(')
		first := p.Start()
		p.raw("ROW(")
		n := 1
		p.expr(lowest)
		for p.Accept(',') {
			p.raw(",")
			p.expr(lowest)
			n++
		}
		p.Expect(')')
		p.raw(")")
		if row > 0 && n != width {
			p.FailLater(sqlstate.SyntaxError, first, "VALUES lists must all be the same length")
		}
		width = n
		if !p.Accept(',') {
			return
		}
	}
}

// clauses takes ORDER BY, LIMIT, OFFSET, FETCH and FOR in the orders PostgreSQL allows.
func (p *Parser) clauses(q *queryState) {
	if p.Kind() == lex.ORDER {
		if q.ordered {
			p.Failf(sqlstate.SyntaxError, p.Peek(2).Start, "multiple ORDER BY clauses not allowed")
		}
		p.orderBy()
		q.ordered = true
	}
	p.locking(q)
	limits, offsets := 0, 0
	for {
		switch p.Kind() {
		case lex.LIMIT, lex.FETCH:
			if limits++; limits > 1 {
				p.Syntax()
			}
			if q.limit {
				p.Failf(sqlstate.SyntaxError, p.Peek(1).Start, "multiple LIMIT clauses not allowed")
			}
			q.limit = true
			p.limit(q)
		case lex.OFFSET:
			if offsets++; offsets > 1 {
				p.Syntax()
			}
			if q.offset {
				p.Failf(sqlstate.SyntaxError, p.Peek(1).Start, "multiple OFFSET clauses not allowed")
			}
			q.offset = true
			p.Next()
			q.tail.Offset = p.ref(lowest)
			if k := p.Kind(); k == lex.ROW || k == lex.ROWS {
				p.Next()
			}
		default:
			p.locking(q)
			return
		}
	}
}

// limit takes LIMIT n or FETCH FIRST n ROWS ONLY.
func (p *Parser) limit(q *queryState) {
	start := p.Start()
	if p.Next().Kind == lex.LIMIT {
		if !p.Accept(lex.ALL) {
			q.tail.Limit = p.ref(lowest)
		}
		if p.Kind() == ',' {
			panic(sqlstate.New(sqlstate.SyntaxError, "LIMIT #,# syntax is not supported").
				WithHint("Use separate LIMIT and OFFSET clauses.").At(p.Position(int(start))))
		}
		return
	}
	if !p.Accept(lex.FIRST) {
		p.Expect(lex.NEXT)
	}
	if k := p.Kind(); k == lex.ROW || k == lex.ROWS {
		q.tail.Limit = p.loose(Hole{Kind: HoleInteger, Text: "1", Pos: start})
	} else {
		q.tail.Limit = p.ref(levelCast + 1)
	}
	if !p.Accept(lex.ROW) {
		p.Expect(lex.ROWS)
	}
	if p.Accept(lex.ONLY) {
		return
	}
	p.Expect(lex.WITH)
	p.Expect(lex.TIES)
	if !q.ordered {
		panic(sqlstate.New(sqlstate.SyntaxError, "WITH TIES cannot be specified without ORDER BY clause"))
	}
	q.tail.WithTies = true
}

// ref takes an expression, with operators of at least a level, that stands outside the text of its query.
func (p *Parser) ref(least level) Ref {
	if p.infix(1, false) == lowest {
		switch p.Kind() {
		case lex.Integer:
			t := p.Next()
			return p.loose(Hole{Kind: HoleInteger, Text: t.Text, Pos: t.Start})
		case lex.Param:
			if p.Peek(1).Kind != '[' && p.Peek(1).Kind != '.' {
				return p.loose(p.paramHole())
			}
		}
	}
	return Ref{Kind: RefFragment, Index: p.fragment(func() {
		p.raw("SELECT ")
		p.expr(least)
	})}
}

func (p *Parser) loose(h Hole) Ref {
	p.result.Loose = append(p.result.Loose, h)
	return Ref{Kind: RefLoose, Index: int32(len(p.result.Loose) - 1)}
}

// locking takes any number of FOR UPDATE and its like.
func (p *Parser) locking(q *queryState) {
	for p.Kind() == lex.FOR {
		at := p.Next().Start
		if p.Accept(lex.READ) {
			p.Expect(lex.ONLY)
			continue
		}
		l := Locking{}
		switch t := p.Next(); t.Kind {
		case lex.UPDATE:
			l.Strength = "UPDATE"
		case lex.SHARE:
			l.Strength = "SHARE"
		case lex.NO:
			p.Expect(lex.KEY)
			p.Expect(lex.UPDATE)
			l.Strength = "NO KEY UPDATE"
		case lex.KEY:
			p.Expect(lex.SHARE)
			l.Strength = "KEY SHARE"
		default:
			p.back(t)
			p.Syntax()
		}
		if p.Accept(lex.OF) {
			for {
				l.Of = append(l.Of, p.Path()...)
				if !p.Accept(',') {
					break
				}
			}
		}
		switch {
		case p.Accept(lex.NOWAIT):
			l.Wait = "NOWAIT"
		case p.Accept(lex.SKIP):
			p.Expect(lex.LOCKED)
			l.Wait = "SKIP LOCKED"
		}
		q.tail.Locking = append(q.tail.Locking, l)
		p.checkLocking(q, at)
	}
}

func (p *Parser) checkLocking(q *queryState, at int32) {
	switch {
	case q.setOp:
		p.refuseLocking(q)
	case q.values:
		p.Failf(sqlstate.FeatureNotSupported, at, "FOR %s cannot be applied to VALUES", q.tail.Locking[0].Strength)
	}
}

// closeQuery writes what was kept back.
func (p *Parser) closeQuery(q *queryState) {
	t := q.tail
	if q.done || t.Limit.Kind == RefNone && t.Offset.Kind == RefNone && len(t.Locking) == 0 {
		return
	}
	q.done = true
	p.result.Tails = append(p.result.Tails, t)
	p.raw(" LIMIT ")
	p.hole(Hole{Kind: HoleTail, N: int32(len(p.result.Tails) - 1)})
}

// with takes WITH [RECURSIVE] and its list.
func (p *Parser) with() {
	p.Expect(lex.WITH)
	p.raw("WITH ")
	if k := p.Peek(1).Kind; p.Kind() == lex.RECURSIVE && k != '(' && k != lex.AS {
		p.Next()
		p.raw("RECURSIVE ")
	}
	for {
		p.cte()
		if !p.Accept(',') {
			break
		}
		p.raw(",")
	}
	p.raw(" ")
}

func (p *Parser) cte() {
	name := p.ColumnID()
	l := Label{Name: name.Text, Pos: name.Start}
	if p.Kind() == '(' {
		l.Columns = p.ColumnIDs()
	}
	p.Expect(lex.AS)
	switch {
	case p.Accept(lex.MATERIALIZED):
		l.Materialized = 1
	case p.Accept(lex.NOT):
		p.Expect(lex.MATERIALIZED)
		l.Materialized = -1
	}
	p.ident(p.label(l))
	p.raw(" AS (")
	switch p.Peek(1).Kind {
	case lex.INSERT, lex.UPDATE, lex.DELETE, lex.MERGE:
		if p.Kind() == '(' {
			p.Unsupported(p.Peek(1).Start, "a data-modifying statement in WITH")
		}
	}
	outer := p.queries
	p.queries++
	p.queryInParentheses()
	p.queries = outer
	p.raw(")")
	if k := p.Kind(); k == lex.SEARCH || k == lex.CYCLE {
		p.Unsupported(p.Start(), "SEARCH and CYCLE")
	}
}
