package stmt

import (
	"tarn/sql/decode"
	"tarn/sql/lex"
	"tarn/sql/sqlstate"
)

// query parses a query as a statement.
func (p *parser) query() Statement {
	s := &Select{Query: p.tree.Query(p.Query())}
	s.Into = p.into()
	return s
}

// into is the target of SELECT INTO, if the query just parsed had one.
func (p *parser) into() *Name {
	tokens := p.TakeInto()
	if tokens == nil {
		return nil
	}
	path := make([]string, len(tokens))
	for i, t := range tokens {
		path[i] = t.Text
	}
	name := p.named(path, tokens[0].Start)
	return &name
}

// with parses a statement that begins with WITH.
func (p *parser) with() Statement {
	switch p.afterWith() {
	case lex.INSERT:
		return p.insert(p.tree.Query(p.With()))
	case lex.UPDATE:
		return p.update(p.tree.Query(p.With()))
	case lex.DELETE:
		return p.delete(p.tree.Query(p.With()))
	case lex.MERGE:
		return p.unsupported("MERGE")
	}
	return p.query()
}

// afterWith looks for the word behind the WITH clause: a verb outside parentheses that follows a closing one. (As names
// of CTEs such verbs follow WITH, RECURSIVE or a comma.)
func (p *parser) afterWith() lex.Kind {
	depth, last := 0, lex.EOF
	for n := 0; ; n++ {
		k := p.Peek(n).Kind
		switch k {
		case lex.EOF, lex.Bad, ';':
			return lex.EOF
		case '(':
			depth++
		case ')':
			depth--
		case lex.INSERT, lex.UPDATE, lex.DELETE, lex.MERGE, lex.SELECT, lex.VALUES:
			if depth == 0 && last == ')' {
				return k
			}
		}
		last = k
	}
}

func (p *parser) insert(with decode.QueryRef) Statement {
	p.Expect(lex.INSERT)
	p.Expect(lex.INTO)
	s := &Insert{With: with, Table: p.name()}
	if p.Accept(lex.AS) {
		s.Alias = p.ColumnID().Text
	}
	if p.Kind() == '(' && !p.StartsQuery(1) {
		p.Next()
		s.Columns = p.columnTargets()
		p.Expect(')')
	}
	if p.Accept(lex.OVERRIDING) {
		s.Overriding = upper(p.oneOf(lex.USER, lex.SYSTEM).Keyword())
		p.Expect(lex.VALUE)
	}
	switch {
	case p.Kind() == lex.DEFAULT && s.Columns == nil && s.Overriding == "":
		p.Next()
		p.Expect(lex.VALUES)
		s.DefaultValues = true
	case p.Kind() == lex.VALUES:
		if s.Values = p.values(); s.Values == nil {
			s.Query = p.tree.Query(p.Query())
		}
	case p.StartsQuery(0):
		s.Query = p.tree.Query(p.Query())
	default:
		p.Syntax()
	}
	if p.Kind() == lex.ON {
		s.OnConflict = p.onConflict()
	}
	p.returning(&s.Returning)
	return s
}

// oneOf takes one of these keywords.
func (p *parser) oneOf(kinds ...lex.Kind) lex.Kind {
	k := p.Kind()
	for _, want := range kinds {
		if k == want {
			p.Next()
			return k
		}
	}
	p.Syntax()
	return k
}

func (p *parser) columnTargets() []ColumnTarget {
	list := []ColumnTarget{p.columnTarget()}
	for p.Accept(',') {
		list = append(list, p.columnTarget())
	}
	return list
}

func (p *parser) columnTarget() ColumnTarget {
	t := p.ColumnID()
	c := ColumnTarget{Name: t.Text, Pos: p.Position(int(t.Start))}
	for {
		switch p.Kind() {
		case '.':
			p.Next()
			p.Label()
		case '[':
			p.Next()
			for p.Kind() != ']' {
				if p.Kind() == ':' {
					p.Next()
				} else {
					p.Expr()
				}
			}
			p.Next()
		default:
			return c
		}
		c.Indirect = true
	}
}

func (p *parser) onConflict() *OnConflict {
	at := p.Next().Start
	p.Expect(lex.CONFLICT)
	c := &OnConflict{Pos: p.Position(int(at))}
	switch {
	case p.Accept(lex.ON):
		p.Expect(lex.CONSTRAINT)
		c.Constraint = p.ColumnID().Text
	case p.Kind() == '(':
		c.Columns = []string{}
		for _, e := range p.indexElems() {
			if e.Column == "" || e.OpClass != "" || e.Collated {
				c.Exprs = true
			} else {
				c.Columns = append(c.Columns, e.Column)
			}
		}
		if p.Accept(lex.WHERE) {
			c.TargetWhere = p.expr()
		}
	}
	p.Expect(lex.DO)
	if p.Accept(lex.NOTHING) {
		c.DoNothing = true
		return c
	}
	p.Expect(lex.UPDATE)
	if c.Columns == nil && c.Constraint == "" {
		panic(sqlstate.New(sqlstate.SyntaxError, "ON CONFLICT DO UPDATE requires inference specification or constraint name").
			WithHint("For example, ON CONFLICT (column_name).").At(c.Pos))
	}
	p.Expect(lex.SET)
	c.Set = p.assignments()
	if p.Accept(lex.WHERE) {
		c.Where = p.expr()
	}
	return c
}

// assignments takes the list behind SET.
func (p *parser) assignments() []Assignment {
	var list []Assignment
	for {
		list = append(list, Assignment{})
		a := &list[len(list)-1]
		if p.Kind() == '(' {
			p.Next()
			a.Columns = p.columnTargets()
			p.Expect(')')
			a.Multi = true
		} else {
			a.Columns = []ColumnTarget{p.columnTarget()}
		}
		p.Expect('=')
		a.Expr = p.expr()
		if !p.Accept(',') {
			break
		}
	}
	p.later(func() error {
		for i := range list {
			if list[i].Multi {
				if err := list[i].spread(); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return list
}

// spread turns the right side of (a, b) = .. into a row or a query.
func (a *Assignment) spread() error {
	switch n := a.Expr.Node().(type) {
	case decode.Row:
		a.Row = n.Elems
		if len(a.Row) != len(a.Columns) {
			return sqlstate.New(sqlstate.SyntaxError, "number of columns does not match number of values").At(n.Position())
		}
	case decode.ScalarQuery:
		a.Query = n.Query
	default:
		return sqlstate.New(sqlstate.FeatureNotSupported,
			"source for a multiple-column UPDATE item must be a sub-SELECT or ROW() expression").At(n.Position())
	}
	a.Expr = decode.Handle{}
	return nil
}

// target takes [ONLY] t [*] [[AS] alias] of UPDATE and DELETE.
func (p *parser) target() (table Name, only bool, alias string) {
	only = p.Accept(lex.ONLY)
	if only && p.Accept('(') {
		table = p.name()
		p.Expect(')')
	} else {
		table = p.name()
		if !only {
			p.Accept('*')
		}
	}
	switch {
	case p.Accept(lex.AS):
		alias = p.ColumnID().Text
	case p.Kind() != lex.SET && p.Peek(0).IsColumnID():
		alias = p.Next().Text
	}
	return table, only, alias
}

func (p *parser) update(with decode.QueryRef) Statement {
	p.Expect(lex.UPDATE)
	s := &Update{With: with}
	s.Table, s.Only, s.Alias = p.target()
	p.Expect(lex.SET)
	s.Set = p.assignments()
	if p.Accept(lex.FROM) {
		p.tables(&s.From)
	}
	s.Where, s.CurrentOf = p.where()
	p.returning(&s.Returning)
	return s
}

func (p *parser) delete(with decode.QueryRef) Statement {
	p.Expect(lex.DELETE)
	p.Expect(lex.FROM)
	s := &Delete{With: with}
	s.Table, s.Only, s.Alias = p.target()
	if p.Accept(lex.USING) {
		p.tables(&s.Using)
	}
	s.Where, s.CurrentOf = p.where()
	p.returning(&s.Returning)
	return s
}

// where takes WHERE condition or WHERE CURRENT OF cursor, if it follows.
func (p *parser) where() (decode.Handle, string) {
	if !p.Accept(lex.WHERE) {
		return decode.Handle{}, ""
	}
	if p.Kind() == lex.CURRENT && p.Peek(1).Kind == lex.OF {
		p.Next()
		p.Next()
		return decode.Handle{}, p.ColumnID().Text
	}
	return p.expr(), ""
}

// returning takes RETURNING and its list, if it follows.
func (p *parser) returning(list *[]decode.SelectItem) {
	if !p.Accept(lex.RETURNING) {
		return
	}
	fragment := p.Items()
	tree := p.tree
	p.later(func() error {
		*list = tree.Items(fragment)
		return nil
	})
}

// tables takes a FROM list.
func (p *parser) tables(list *[]decode.TableExpr) {
	fragment := p.Tables()
	tree := p.tree
	p.later(func() error {
		*list = tree.Tables(fragment)
		return nil
	})
}

func (p *parser) truncate() Statement {
	p.Next()
	p.Accept(lex.TABLE)
	s := &Truncate{}
	for {
		p.Accept(lex.ONLY)
		s.Tables = append(s.Tables, p.name())
		p.Accept('*')
		if !p.Accept(',') {
			break
		}
	}
	if p.Accept(lex.RESTART) {
		p.Expect(lex.IDENTITY)
		s.RestartIdentity = true
	} else if p.Accept(lex.CONTINUE) {
		p.Expect(lex.IDENTITY)
	}
	s.Cascade = p.cascade()
	return s
}
