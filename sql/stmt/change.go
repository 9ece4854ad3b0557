package stmt

import "tarn/sql/lex"

// relationKind takes the words for an object that Tarn has; empty if there is none.
func (p *parser) relationKind() string {
	switch p.Kind() {
	case lex.TABLE, lex.VIEW, lex.INDEX, lex.SCHEMA, lex.SEQUENCE, lex.TYPE, lex.DOMAIN, lex.SUBSCRIPTION:
		return upper(p.Next().Kind.Keyword())
	case lex.MATERIALIZED:
		p.Next()
		p.Expect(lex.VIEW)
		return "MATERIALIZED VIEW"
	}
	for _, word := range [...]string{"stream", "source", "sink", "connection", "secret"} {
		if p.acceptWord(word) {
			return upper(word)
		}
	}
	return ""
}

// drop parses DROP.
func (p *parser) drop() Statement {
	start := p.Start()
	p.Next()
	s := &Drop{Kind: p.relationKind()}
	if s.Kind == "" {
		kind := p.objectKind()
		if kind == "" {
			p.Syntax()
		}
		return p.unsupportedFrom(start, "DROP "+kind)
	}
	if s.Kind == "INDEX" {
		s.Concurrently = p.Accept(lex.CONCURRENTLY)
	}
	s.IfExists = p.ifExists()
	s.Names = p.names()
	s.Cascade = p.cascade()
	return s
}

// alter parses ALTER. What it does is told apart only as far as Tarn knows it.
func (p *parser) alter() Statement {
	start := p.Start()
	p.Next()
	s := &Alter{Object: p.relationKind(), Pos: p.Position(int(start))}
	if s.Object == "" {
		kind := p.objectKind()
		if kind == "" {
			p.Syntax()
		}
		return p.unsupportedFrom(start, "ALTER "+kind)
	}
	s.IfExists = p.ifExists()
	if p.Accept(lex.ALL) {
		return p.unsupportedFrom(start, "ALTER "+s.Object)
	}
	p.Accept(lex.ONLY)
	s.Name = p.name()
	p.Accept('*')
	p.alterAction(s)
	return s
}

func (p *parser) alterAction(s *Alter) {
	next := p.Peek(1).Kind
	switch k := p.Kind(); {
	case k == lex.RENAME && next == lex.TO:
		p.Next()
		p.Next()
		s.Kind, s.To = AlterRename, p.ColumnID().Text
	case k == lex.RENAME && next != lex.CONSTRAINT:
		p.Next()
		p.Accept(lex.COLUMN)
		s.Kind, s.Column = AlterRenameColumn, p.ColumnID().Text
		p.Expect(lex.TO)
		s.To = p.ColumnID().Text
	case k == lex.SET && next == lex.SCHEMA:
		p.Next()
		p.Next()
		s.Kind, s.To = AlterSetSchema, p.ColumnID().Text
	case k == lex.OWNER:
		p.Next()
		p.Expect(lex.TO)
		s.Kind, s.To = AlterOwner, p.roleName()
	case k == lex.SET && next == '(':
		p.Next()
		s.Kind, s.Options = AlterSet, p.options()
	case k == lex.RESET && next == '(':
		p.Next()
		s.Kind, s.Options = AlterReset, p.options()
	case !p.Peek(0).IsKeyword():
		p.Syntax()
	default:
		s.Action = p.skip()
	}
}

// comment parses COMMENT ON kind name IS text.
func (p *parser) comment() Statement {
	p.Next()
	p.Expect(lex.ON)
	s := &Comment{Object: p.relationKind()}
	if s.Object == "" {
		if p.Accept(lex.COLUMN) {
			s.Object = "COLUMN"
		} else if s.Object = p.objectKind(); s.Object == "" {
			p.Syntax()
		}
	}
	if p.Peek(0).IsColumnID() {
		s.Name = p.Path()
	}
	for p.Kind() != lex.IS { // the arguments of a function, ON table of a trigger ..
		if k := p.Kind(); k == lex.EOF || k == ';' || k == lex.Bad {
			p.Syntax()
		}
		p.Next()
	}
	p.Next()
	if p.Accept(lex.NULL) {
		s.Null = true
	} else {
		s.Text = p.Expect(lex.String).Text
	}
	return s
}

func (p *parser) refresh() Statement {
	p.Next()
	p.Expect(lex.MATERIALIZED)
	p.Expect(lex.VIEW)
	s := &RefreshMaterializedView{Concurrently: p.Accept(lex.CONCURRENTLY), Name: p.name()}
	s.NoData = p.withData()
	return s
}
