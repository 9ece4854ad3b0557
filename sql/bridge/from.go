package bridge

import (
	"tarn/sql/lex"
	"tarn/sql/sqlstate"
)

// tables takes a FROM list.
func (p *Parser) tables() {
	p.table()
	for p.Accept(',') {
		p.raw(",")
		p.table()
	}
}

// table takes an element of FROM with the joins behind it.
func (p *Parser) table() {
	at := p.here()
	p.tableTerm()
	p.joins(at)
}

// joins takes the joins behind the table written at a place, leaning to the left.
func (p *Parser) joins(at int32) {
	for {
		start := p.Start()
		switch p.Kind() {
		case lex.CROSS:
			p.Next()
			p.Expect(lex.JOIN)
			p.join(at, " JOIN ", start)
			p.tableTerm()
			p.joinOn(MarkCross, start)
		case lex.NATURAL:
			p.Next()
			p.join(at, p.joinType(), start)
			p.tableTerm()
			p.joinOn(MarkNatural, start)
		case lex.JOIN, lex.INNER, lex.LEFT, lex.RIGHT, lex.FULL:
			p.join(at, p.joinType(), start)
			p.descend()
			p.table() // a JOIN b JOIN c ON .. ON ..: the right side may be a join itself
			p.ascend()
			p.joinCondition()
		default:
			return
		}
		p.raw(")")
		p.height = p.rise(p.height + 1)
	}
}

// join writes what stands between two tables and opens the parenthesis before the left one.
func (p *Parser) join(at int32, word string, start int32) {
	p.before(at, "(", start)
	p.raw(word)
}

func (p *Parser) joinOn(marker string, start int32) {
	p.raw(" ON ")
	p.call(marker, start)
	p.raw(")")
}

// joinType takes [INNER | LEFT | RIGHT | FULL [OUTER]] JOIN and returns TiDB's word for it. TiDB has no FULL JOIN;
// its STRAIGHT_JOIN, which PostgreSQL has not, stands for it.
func (p *Parser) joinType() string {
	word := " JOIN "
	outer := true
	switch p.Kind() {
	case lex.LEFT:
		word = " LEFT JOIN "
	case lex.RIGHT:
		word = " RIGHT JOIN "
	case lex.FULL:
		word = " STRAIGHT_JOIN "
	case lex.INNER:
		outer = false
	default:
		p.Expect(lex.JOIN)
		return word
	}
	p.Next()
	if outer {
		p.Accept(lex.OUTER)
	}
	p.Expect(lex.JOIN)
	return word
}

// joinCondition takes ON or USING.
func (p *Parser) joinCondition() {
	start := p.Start()
	if p.Accept(lex.ON) {
		p.raw(" ON ")
		p.expr(lowest)
		return
	}
	p.Expect(lex.USING)
	p.raw(" ON ")
	p.call(MarkJoinUsing, start)
	h := Hole{Kind: HoleNames, Names: p.ColumnIDs(), Pos: start}
	if p.Accept(lex.AS) {
		h.Text = p.ColumnID().Text
	}
	p.hole(h)
	p.raw(")")
}

// tableTerm takes a table, a query or join in parentheses, or a function.
func (p *Parser) tableTerm() {
	at, start := p.here(), p.Start()
	lateral := p.Accept(lex.LATERAL)
	switch {
	case p.Kind() == '(' && lateral:
		q := p.parenthesizedQuery()
		p.derived(at, start, &q, true)
	case p.Kind() == '(':
		p.tableParenthesis()
	case p.Kind() == lex.ROWS && p.Peek(1).Kind == lex.FROM:
		p.rowsFrom(lateral)
	case p.startsFunction():
		p.call(MarkFunction, start)
		p.before(at, "(SELECT ", -1)
		p.tableFunction()
		p.raw("))")
		p.functionAlias(Label{Lateral: lateral, Pos: start})
	case lateral:
		p.Syntax()
	default:
		p.relation(true)
	}
}

// startsFunction says that a function call stands here and not a table's name.
func (p *Parser) startsFunction() bool {
	t := p.Peek(0)
	if !t.IsColumnID() {
		return t.IsKeyword() && (t.IsFunctionName() || p.isValueWord(t.Kind))
	}
	n := 1
	for p.Peek(n).Kind == '.' && p.Peek(n+1).IsLabel() {
		n += 2
	}
	return p.Peek(n).Kind == '('
}

func (p *Parser) isValueWord(k lex.Kind) bool {
	switch k {
	case lex.CURRENT_DATE, lex.CURRENT_ROLE, lex.CURRENT_USER, lex.SESSION_USER, lex.USER, lex.CURRENT_CATALOG,
		lex.CURRENT_SCHEMA, lex.CURRENT_TIME, lex.CURRENT_TIMESTAMP, lex.LOCALTIME, lex.LOCALTIMESTAMP:
		return true
	}
	return false
}

// tableFunction takes a function call without FILTER and OVER, which FROM does not allow.
func (p *Parser) tableFunction() {
	if p.special(p.Kind()) {
		return
	}
	first := p.Next()
	names := []string{first.Text}
	for p.Accept('.') {
		names = append(names, p.Label().Text)
	}
	at := p.here()
	if p.Kind() != '(' {
		p.Syntax()
	}
	p.functionName(names, first.Start)
	p.Next()
	distinct, ordered := p.arguments()
	switch {
	case distinct && !ordered:
		p.before(at, "GROUP_CONCAT(DISTINCT ", -1)
		p.raw("))")
	case distinct:
		p.before(at, "GROUP_CONCAT(DISTINCT ", -1)
		p.raw(")")
	case ordered:
		p.before(at, "GROUP_CONCAT(", -1)
		p.raw(")")
	default:
		p.raw(")")
	}
}

// rowsFrom takes ROWS FROM (f(..), g(..)).
func (p *Parser) rowsFrom(lateral bool) {
	start := p.Next().Start
	p.Next()
	p.Expect('(')
	p.raw("(SELECT ")
	p.call(MarkRowsFrom, start)
	for first := true; first || p.Accept(','); first = false {
		if !first {
			p.raw(",")
		}
		p.tableFunction()
		if p.Kind() == lex.AS {
			p.Unsupported(p.Start(), "a column definition list in ROWS FROM")
		}
	}
	p.Expect(')')
	p.raw("))")
	p.functionAlias(Label{Lateral: lateral, Pos: start})
}

// functionAlias takes WITH ORDINALITY and the alias of a table function, with column names or definitions.
func (p *Parser) functionAlias(l Label) {
	if p.Kind() == lex.WITH && p.Peek(1).Kind == lex.ORDINALITY {
		p.Next()
		p.Next()
		l.Ordinality = true
	}
	as := p.Accept(lex.AS)
	named := false
	if p.Peek(0).IsColumnID() {
		l.Name = p.Next().Text
		named = true
	} else if as && p.Kind() != '(' {
		p.Syntax()
	}
	if (as || named) && p.Kind() == '(' {
		if k := p.Peek(2).Kind; named && (k == ',' || k == ')') {
			l.Columns = p.ColumnIDs()
		} else {
			l.Defs = p.columnDefs()
		}
	}
	p.alias(l)
}

func (p *Parser) columnDefs() []ColumnDef {
	p.Expect('(')
	var defs []ColumnDef
	for {
		name := p.ColumnID().Text
		defs = append(defs, ColumnDef{Name: name, Type: p.TypeName()})
		if p.Accept(lex.COLLATE) {
			p.Path()
		}
		if !p.Accept(',') {
			break
		}
	}
	p.Expect(')')
	return defs
}

// alias writes the alias that names a label.
func (p *Parser) alias(l Label) {
	p.raw(" AS ")
	p.ident(p.label(l))
}

// takeAlias takes [AS] name [(columns)].
func (p *Parser) takeAlias(l *Label) (found bool) {
	if p.Accept(lex.AS) {
		l.Name = p.ColumnID().Text
	} else if p.Peek(0).IsColumnID() {
		l.Name = p.Next().Text
	} else {
		return false
	}
	if p.Kind() == '(' {
		l.Columns = p.ColumnIDs()
	}
	return true
}

// derived ends a query in FROM that was written at a place.
func (p *Parser) derived(at, start int32, q *queryState, lateral bool) {
	p.closeQuery(q)
	if lateral {
		p.before(at, "LATERAL (", -1)
	} else {
		p.before(at, "(", -1)
	}
	p.raw(")")
	l := Label{Lateral: lateral, Pos: start}
	if !p.takeAlias(&l) {
		switch p.Kind() {
		case ',', ')', ';', lex.EOF:
		default:
			if !p.Peek(0).IsKeyword() {
				p.Syntax()
			}
		}
		what, hint := "subquery", "SELECT ..."
		if q.values {
			what, hint = "VALUES", "VALUES ..."
		}
		panic(sqlstate.New(sqlstate.SyntaxError, "%s in FROM must have an alias", what).
			WithHint("For example, FROM (%s) [AS] foo.", hint).At(p.Position(int(start))))
	}
	p.alias(l)
}

// tableParenthesis takes a parenthesis in FROM: a query or a join, which shows only behind inner parentheses.
func (p *Parser) tableParenthesis() {
	at, start := p.here(), p.Start()
	q, isQuery := p.tableInner()
	if isQuery {
		p.derived(at, start, &q, false)
		return
	}
	p.joinAlias(at, start)
}

// joinAlias takes the alias of (a JOIN b) AS j.
func (p *Parser) joinAlias(at, start int32) {
	l := Label{Pos: start}
	if !p.takeAlias(&l) {
		return
	}
	p.before(at, `(SELECT "`+Schema+`"."`+MarkJoinAlias+`"() FROM `, -1)
	p.raw(")")
	p.alias(l)
}

// tableInner takes `(` .. `)`. A query is written without parentheses and left open; a join is complete but for its alias.
func (p *Parser) tableInner() (q queryState, isQuery bool) {
	p.descend()
	at, start := p.here(), p.Expect('(').Start
	switch {
	case startsQuery(p.Kind()):
		q = p.query()
		isQuery = true
	case p.Kind() == '(':
		inner := p.Start()
		q, isQuery = p.tableInner()
		switch {
		case isQuery && p.continuesQuery():
			p.continueQuery(&q)
		case isQuery && p.Kind() == ')':
		case isQuery:
			p.derived(at, inner, &q, false)
			isQuery = false
			p.needJoin()
			p.joins(at)
		default:
			p.joinAlias(at, start)
			p.joins(at)
		}
	default:
		p.tableTerm()
		p.needJoin()
		p.joins(at)
	}
	p.Expect(')')
	p.ascend()
	return q, isQuery
}

// needJoin refuses parentheses around a single table.
func (p *Parser) needJoin() {
	switch p.Kind() {
	case lex.CROSS, lex.NATURAL, lex.JOIN, lex.INNER, lex.LEFT, lex.RIGHT, lex.FULL:
	default:
		p.Syntax()
	}
}

// relation takes a table's name: ONLY t, t *, and what FROM allows behind it: AS x (..), TABLESAMPLE.
func (p *Parser) relation(inFrom bool) {
	l := Label{}
	parens := false
	if p.Accept(lex.ONLY) {
		l.Only = true
		parens = p.Accept('(')
	}
	l.Pos = p.Start()
	names := p.Path()
	if parens {
		p.Expect(')')
	}
	if len(names) > 3 {
		p.Failf(sqlstate.SyntaxError, l.Pos, "improper qualified name (too many dotted names): %s", joinNames(names))
	}
	if !l.Only {
		p.Accept('*')
	}
	if oddPath(names, 2) {
		l.Path = names
		p.raw(`"` + Schema + `"`)
	} else {
		for i, name := range names {
			if i > 0 {
				p.raw(".")
			}
			p.ident(name)
		}
	}
	if inFrom {
		p.takeAlias(&l)
		if p.Accept(lex.TABLESAMPLE) {
			l.Sample = true
			p.sample()
		}
	}
	p.alias(l)
}

// sample passes over TABLESAMPLE method (..) [REPEATABLE (..)]; the binder refuses it by Label.Sample.
func (p *Parser) sample() {
	p.Path()
	p.Expect('(')
	p.fragment(func() {
		p.raw("SELECT ")
		p.list()
	})
	p.Expect(')')
	if p.Accept(lex.REPEATABLE) {
		p.Expect('(')
		p.Expr()
		p.Expect(')')
	}
}

func joinNames(names []string) string {
	s := names[0]
	for _, name := range names[1:] {
		s += "." + name
	}
	return s
}
