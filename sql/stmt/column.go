package stmt

import (
	"tarn/sql/lex"
	"tarn/sql/sqlstate"
)

func (p *parser) columnDef() ColumnDef {
	t := p.ColumnID()
	c := ColumnDef{Name: t.Text, Pos: p.Position(int(t.Start))}
	c.Type = p.TypeName()
	for {
		if p.Accept(lex.COLLATE) {
			c.Collation = p.Path()
			continue
		}
		name := ""
		if p.Accept(lex.CONSTRAINT) {
			name = p.ColumnID().Text
		}
		if !p.columnConstraint(&c, name) {
			if name != "" {
				p.Syntax()
			}
			return c
		}
	}
}

// columnConstraint takes one constraint of a column, if one follows.
func (p *parser) columnConstraint(c *ColumnDef, name string) bool {
	at := p.Position(int(p.Start()))
	k := Constraint{Name: name, Columns: []string{c.Name}, Pos: at}
	switch p.Kind() {
	case lex.NOT:
		if p.Peek(1).Kind == lex.DEFERRABLE {
			p.Next()
			p.Next()
			return true
		}
		p.Next()
		p.Expect(lex.NULL)
		if c.Null {
			p.conflictingNull(c, at)
		}
		c.NotNull = true
		return true
	case lex.NULL:
		p.Next()
		if c.NotNull {
			p.conflictingNull(c, at)
		}
		c.Null = true
		return true
	case lex.DEFAULT:
		at := p.Next().Start
		start := p.Start()
		if !c.Default.IsZero() {
			p.Failf(sqlstate.SyntaxError, at, "multiple default values specified for column \"%s\" of table \"%s\"", c.Name, p.table)
		}
		c.Default = p.tree.Expr(p.RestrictedExpr())
		c.DefaultSQL = p.Text[start:p.LastEnd()]
		return true
	case lex.GENERATED:
		p.generated(c)
		return true
	case lex.PRIMARY:
		p.Next()
		p.Expect(lex.KEY)
		k.Kind = PrimaryKey
		p.indexParameters()
	case lex.UNIQUE:
		p.Next()
		k.Kind = Unique
		p.nullsDistinct()
		p.indexParameters()
	case lex.CHECK:
		p.Next()
		k.Kind = Check
		k.Check, k.CheckSQL = p.exprInParentheses()
		p.noInherit()
	case lex.REFERENCES:
		p.references(&k)
	case lex.DEFERRABLE, lex.INITIALLY:
		p.deferrable(&k)
		return true
	case lex.COMPRESSION:
		p.Next()
		p.Label()
		return true
	default:
		return false
	}
	p.deferrable(&k)
	c.Constraints = append(c.Constraints, k)
	return true
}

func (p *parser) conflictingNull(c *ColumnDef, at int) {
	panic(sqlstate.New(sqlstate.SyntaxError, "conflicting NULL/NOT NULL declarations for column \"%s\" of table \"%s\"", c.Name, p.table).
		At(at))
}

// generated takes GENERATED {ALWAYS | BY DEFAULT} AS {IDENTITY [(..)] | (expr) STORED}.
func (p *parser) generated(c *ColumnDef) {
	p.Next()
	when := "ALWAYS"
	if p.oneOf(lex.ALWAYS, lex.BY) == lex.BY {
		p.Expect(lex.DEFAULT)
		when = "BY DEFAULT"
	}
	p.Expect(lex.AS)
	if p.Accept(lex.IDENTITY) {
		c.Identity = when
		if p.Accept('(') {
			p.skip()
			p.Expect(')')
		}
		return
	}
	at := p.Start()
	c.Generated, c.GeneratedSQL = p.exprInParentheses()
	if when != "ALWAYS" {
		p.Failf(sqlstate.SyntaxError, at, "for a generated column, GENERATED ALWAYS must be specified")
	}
	p.Expect(lex.STORED)
}

// indexParameters takes WITH (..) and USING INDEX TABLESPACE behind PRIMARY KEY and UNIQUE.
func (p *parser) indexParameters() {
	p.withOptions()
	if p.Kind() == lex.USING && p.Peek(1).Kind == lex.INDEX && p.Peek(2).Kind == lex.TABLESPACE {
		p.Next()
		p.Next()
		p.Next()
		p.ColumnID()
	}
}

func (p *parser) nullsDistinct() {
	if p.Accept(lex.NULLS) {
		if p.Accept(lex.NOT) {
			p.Unsupported(p.Start(), "NULLS NOT DISTINCT")
		}
		p.Expect(lex.DISTINCT)
	}
}

func (p *parser) noInherit() {
	if p.Kind() == lex.NO && p.Peek(1).Kind == lex.INHERIT {
		p.Next()
		p.Next()
	}
}

// references takes REFERENCES t [(columns)] [MATCH ..] [ON DELETE ..] [ON UPDATE ..].
func (p *parser) references(k *Constraint) {
	p.Expect(lex.REFERENCES)
	k.Kind = ForeignKey
	k.References = p.name()
	if p.Kind() == '(' {
		k.RefColumns = p.ColumnIDs()
	}
	if p.Accept(lex.MATCH) {
		p.oneOf(lex.FULL, lex.PARTIAL, lex.SIMPLE)
	}
	for p.Accept(lex.ON) {
		action := &k.OnDelete
		if p.oneOf(lex.DELETE, lex.UPDATE) == lex.UPDATE {
			action = &k.OnUpdate
		}
		switch p.oneOf(lex.NO, lex.RESTRICT, lex.CASCADE, lex.SET) {
		case lex.NO:
			p.Expect(lex.ACTION)
			*action = "NO ACTION"
		case lex.RESTRICT:
			*action = "RESTRICT"
		case lex.CASCADE:
			*action = "CASCADE"
		default:
			*action = "SET " + upper(p.oneOf(lex.NULL, lex.DEFAULT).Keyword())
			if p.Kind() == '(' {
				p.ColumnIDs()
			}
		}
	}
}

// deferrable takes the words that say when a constraint is checked.
func (p *parser) deferrable(k *Constraint) {
	for {
		switch {
		case p.Kind() == lex.DEFERRABLE:
			p.Next()
			k.Deferrable = true
		case p.Kind() == lex.NOT && p.Peek(1).Kind == lex.DEFERRABLE:
			p.Next()
			p.Next()
		case p.Kind() == lex.NOT && p.Peek(1).Kind == lex.VALID:
			p.Next()
			p.Next()
		case p.Kind() == lex.INITIALLY:
			p.Next()
			p.oneOf(lex.DEFERRED, lex.IMMEDIATE)
		default:
			return
		}
	}
}

func (p *parser) tableConstraint() Constraint {
	k := Constraint{}
	if p.Accept(lex.CONSTRAINT) {
		k.Name = p.ColumnID().Text
	}
	k.Pos = p.Position(int(p.Start()))
	switch p.oneOf(lex.CHECK, lex.UNIQUE, lex.PRIMARY, lex.FOREIGN, lex.EXCLUDE) {
	case lex.CHECK:
		k.Kind = Check
		k.Check, k.CheckSQL = p.exprInParentheses()
		p.noInherit()
	case lex.UNIQUE:
		k.Kind = Unique
		p.nullsDistinct()
		p.keyColumns(&k)
	case lex.PRIMARY:
		p.Expect(lex.KEY)
		k.Kind = PrimaryKey
		p.keyColumns(&k)
	case lex.FOREIGN:
		p.Expect(lex.KEY)
		columns := p.ColumnIDs()
		p.references(&k)
		k.Columns = columns
	case lex.EXCLUDE:
		p.Unsupported(p.Start(), "EXCLUDE")
	}
	p.deferrable(&k)
	return k
}

func (p *parser) keyColumns(k *Constraint) {
	if p.Kind() == lex.USING {
		p.Unsupported(p.Start(), "a constraint USING INDEX")
	}
	k.Columns = p.ColumnIDs()
	if p.Accept(lex.INCLUDE) {
		p.ColumnIDs()
	}
	p.indexParameters()
}
