package stmt

import (
	"tarn/sql/decode"
	"tarn/sql/lex"
)

// create parses CREATE .. by the word that names the kind of object.
func (p *parser) create() Statement {
	start := p.Start()
	p.Next()
	replace := false
	if p.Kind() == lex.OR {
		p.Next()
		p.Expect(lex.REPLACE)
		replace = true
	}
	temporary, unlogged := false, false
	switch p.Kind() {
	case lex.LOCAL, lex.GLOBAL:
		p.Next()
		if !p.Accept(lex.TEMPORARY) {
			p.Expect(lex.TEMP)
		}
		temporary = true
	case lex.TEMPORARY, lex.TEMP:
		p.Next()
		temporary = true
	case lex.UNLOGGED:
		p.Next()
		unlogged = true
	}
	plain := !temporary && !unlogged
	switch k := p.Kind(); {
	case k == lex.TABLE && !replace:
		return p.createTable(temporary, unlogged)
	case k == lex.VIEW, k == lex.RECURSIVE:
		return p.createView(replace, temporary)
	case k == lex.MATERIALIZED && plain:
		return p.createMaterializedView(replace)
	case k == lex.SEQUENCE && !replace:
		return p.unsupportedFrom(start, "CREATE SEQUENCE")
	case !plain:
		p.Syntax()
	case replace:
		switch k {
		case lex.FUNCTION, lex.PROCEDURE, lex.AGGREGATE, lex.RULE, lex.TRIGGER, lex.LANGUAGE, lex.TRANSFORM, lex.CONSTRAINT,
			lex.TRUSTED, lex.PROCEDURAL:
			return p.unsupportedFrom(start, "CREATE "+p.objectKind())
		}
		p.Syntax()
	case k == lex.SCHEMA:
		return p.createSchema()
	case k == lex.INDEX, k == lex.UNIQUE:
		return p.createIndex()
	}
	for _, word := range [...]string{"stream", "source", "sink", "connection", "secret"} {
		if p.word(word) {
			p.Next()
			if word == "stream" {
				return p.createStream()
			}
			return p.createOpaque(upper(word))
		}
	}
	if p.Kind() == lex.SUBSCRIPTION {
		p.Next()
		return p.createOpaque("SUBSCRIPTION")
	}
	kind := p.objectKind()
	if kind == "" {
		p.Syntax()
	}
	return p.unsupportedFrom(start, "CREATE "+kind)
}

func (p *parser) unsupportedFrom(start int32, verb string) Statement {
	p.skip()
	return &Unsupported{Verb: verb, Pos: p.Position(int(start))}
}

// objectKind takes the words for a kind of object that PostgreSQL has and Tarn has not; empty if there is none.
func (p *parser) objectKind() string {
	k, next := p.Kind(), p.Peek(1).Kind
	switch k {
	case lex.AGGREGATE, lex.CAST, lex.COLLATION, lex.CONVERSION, lex.DATABASE, lex.DOMAIN, lex.EXTENSION, lex.FUNCTION, lex.GROUP,
		lex.LANGUAGE, lex.POLICY, lex.PROCEDURE, lex.PUBLICATION, lex.ROLE, lex.ROUTINE, lex.RULE, lex.SEQUENCE, lex.SERVER,
		lex.STATISTICS, lex.TABLESPACE, lex.TRANSFORM, lex.TRIGGER, lex.TYPE, lex.USER, lex.OPERATOR, lex.SYSTEM, lex.OWNED:
		p.Next()
		if k == lex.OPERATOR && (next == lex.CLASS || next == lex.FAMILY) || k == lex.USER && next == lex.MAPPING {
			return upper(k.Keyword(), p.Next().Kind.Keyword())
		}
		return upper(k.Keyword())
	case lex.ACCESS, lex.EVENT, lex.FOREIGN, lex.TEXT, lex.CONSTRAINT, lex.TRUSTED, lex.PROCEDURAL, lex.DEFAULT, lex.LARGE:
		p.Next()
		t := p.Label()
		if t.Kind == lex.DATA {
			p.Expect(lex.WRAPPER)
			return "FOREIGN DATA WRAPPER"
		}
		return upper(k.Keyword(), t.Text)
	}
	return ""
}

func (p *parser) createTable(temporary, unlogged bool) Statement {
	p.Next()
	s := &CreateTable{Temporary: temporary, Unlogged: unlogged, IfNotExists: p.ifNotExists(), Name: p.name()}
	p.table = s.Name.Name
	switch {
	case p.Kind() == lex.OF:
		p.Unsupported(p.Start(), "CREATE TABLE .. OF")
	case p.Kind() == lex.PARTITION:
		p.Unsupported(p.Start(), "CREATE TABLE .. PARTITION OF")
	case p.Kind() == '(' && p.isNameList():
		s.ColumnNames = p.ColumnIDs()
	case p.Kind() == '(':
		s.Columns, s.Constraints = p.tableElements(&s.Like, nil)
	case p.Kind() != lex.AS && p.Kind() != lex.USING && p.Kind() != lex.WITH && p.Kind() != lex.ON && p.Kind() != lex.TABLESPACE &&
		p.Kind() != lex.WITHOUT:
		p.Syntax()
	}
	defined := s.Columns != nil || s.Like != nil || s.Constraints != nil
	if p.Accept(lex.INHERITS) {
		p.Expect('(')
		s.Inherits = p.names()
		p.Expect(')')
	}
	if p.Accept(lex.PARTITION) {
		p.Expect(lex.BY)
		s.PartitionBy = true
		p.ColumnID()
		p.indexElems()
	}
	if p.Accept(lex.USING) {
		p.ColumnID()
	}
	s.With = p.withOptions()
	if p.Kind() == lex.WITHOUT && p.Peek(1).Kind == lex.OIDS {
		p.Next()
		p.Next()
	}
	if p.Accept(lex.ON) {
		p.Expect(lex.COMMIT)
		switch p.oneOf(lex.DROP, lex.DELETE, lex.PRESERVE) {
		case lex.DROP:
			s.OnCommit = "DROP"
		case lex.DELETE:
			p.Expect(lex.ROWS)
			s.OnCommit = "DELETE ROWS"
		default:
			p.Expect(lex.ROWS)
			s.OnCommit = "PRESERVE ROWS"
		}
	}
	if p.Accept(lex.TABLESPACE) {
		p.ColumnID()
	}
	if defined || p.Kind() != lex.AS && s.ColumnNames == nil && p.emptyBody() {
		return s
	}
	p.Expect(lex.AS)
	if p.Kind() == lex.EXECUTE {
		p.Unsupported(p.Start(), "CREATE TABLE .. AS EXECUTE")
	}
	s.AsQuery, s.AsText = p.queryText()
	s.NoData = p.withData()
	return s
}

// emptyBody says that the table was written with an empty list of columns.
func (p *parser) emptyBody() bool { return p.LastEnd() > 0 && p.Text[p.LastEnd()-1] == ')' }

// isNameList says that `(a, b)` follows, and not definitions.
func (p *parser) isNameList() bool {
	k := p.Peek(2).Kind
	return p.Peek(1).IsColumnID() && (k == ',' || k == ')')
}

// queryText parses a query and returns its text too.
func (p *parser) queryText() (decode.QueryRef, string) {
	start := p.Start()
	if !p.StartsQuery(0) {
		p.Syntax()
	}
	q := p.tree.Query(p.Query())
	return q, p.Text[start:p.LastEnd()]
}

// withData takes WITH [NO] DATA, if it follows, and says whether it was NO.
func (p *parser) withData() (no bool) {
	if !p.Accept(lex.WITH) {
		return false
	}
	no = p.Accept(lex.NO)
	p.Expect(lex.DATA)
	return no
}

// tableElements takes the columns and constraints of a table, and of a stream its watermarks.
func (p *parser) tableElements(like *[]Name, watermarks *[]Watermark) ([]ColumnDef, []Constraint) {
	columns, constraints := []ColumnDef{}, []Constraint(nil)
	p.Expect('(')
	if p.Accept(')') {
		return columns, nil
	}
	for {
		switch k, next := p.Kind(), p.Peek(1).Kind; {
		case k == lex.LIKE:
			if like == nil {
				p.Syntax()
			}
			p.Next()
			*like = append(*like, p.name())
			for p.Kind() == lex.INCLUDING || p.Kind() == lex.EXCLUDING {
				p.Next()
				p.Label()
			}
		case k == lex.CONSTRAINT, k == lex.CHECK, k == lex.UNIQUE, k == lex.PRIMARY, k == lex.FOREIGN,
			k == lex.EXCLUDE && (next == '(' || next == lex.USING):
			constraints = append(constraints, p.tableConstraint())
		case watermarks != nil && p.word("watermark") && next == lex.FOR:
			*watermarks = append(*watermarks, p.watermark())
		default:
			columns = append(columns, p.columnDef())
		}
		if !p.Accept(',') {
			break
		}
	}
	p.Expect(')')
	return columns, constraints
}

func (p *parser) watermark() Watermark {
	w := Watermark{Pos: p.Position(int(p.Start()))}
	p.Next()
	p.Expect(lex.FOR)
	w.Column = p.ColumnID().Text
	p.Expect(lex.AS)
	start := p.Start()
	w.Expr = p.expr()
	w.SQL = p.Text[start:p.LastEnd()]
	return w
}

func (p *parser) createStream() Statement {
	s := &CreateStream{IfNotExists: p.ifNotExists(), Name: p.name()}
	p.table = s.Name.Name
	s.Columns, s.Constraints = p.tableElements(nil, &s.Watermarks)
	s.With = p.withOptions()
	return s
}

func (p *parser) createView(replace, temporary bool) Statement {
	s := &CreateView{OrReplace: replace, Temporary: temporary, Recursive: p.Accept(lex.RECURSIVE)}
	p.Expect(lex.VIEW)
	s.Name = p.name()
	if p.Kind() == '(' || s.Recursive {
		s.Columns = p.ColumnIDs()
	}
	s.With = p.withOptions()
	p.Expect(lex.AS)
	s.Query, s.QueryText = p.queryText()
	if p.Accept(lex.WITH) {
		s.Check = "CASCADED"
		if p.Accept(lex.LOCAL) {
			s.Check = "LOCAL"
		} else {
			p.Accept(lex.CASCADED)
		}
		p.Expect(lex.CHECK)
		p.Expect(lex.OPTION)
	}
	return s
}

func (p *parser) createMaterializedView(replace bool) Statement {
	p.Next()
	p.Expect(lex.VIEW)
	s := &CreateMaterializedView{OrReplace: replace, IfNotExists: p.ifNotExists(), Name: p.name()}
	if p.Kind() == '(' {
		s.Columns = p.ColumnIDs()
	}
	if p.Accept(lex.USING) {
		p.ColumnID()
	}
	s.With = p.withOptions()
	if p.Accept(lex.TABLESPACE) {
		p.ColumnID()
	}
	p.Expect(lex.AS)
	s.Query, s.QueryText = p.queryText()
	s.NoData = p.withData()
	return s
}

func (p *parser) createSchema() Statement {
	p.Next()
	s := &CreateSchema{IfNotExists: p.ifNotExists()}
	if p.Kind() != lex.AUTHORIZATION {
		s.Name = p.ColumnID().Text
	}
	if p.Accept(lex.AUTHORIZATION) {
		s.Owner = p.roleName()
		if s.Name == "" {
			s.Name = s.Owner
		}
	} else if s.Name == "" {
		p.Syntax()
	}
	switch p.Kind() {
	case lex.CREATE, lex.GRANT:
		p.Unsupported(p.Start(), "a schema element in CREATE SCHEMA")
	}
	return s
}

// roleName takes a role: a name or CURRENT_USER and its like.
func (p *parser) roleName() string {
	switch p.Kind() {
	case lex.CURRENT_USER, lex.CURRENT_ROLE, lex.SESSION_USER:
		return p.Next().Text
	}
	if !p.Peek(0).IsColumnID() && !p.Peek(0).IsFunctionName() {
		p.Syntax()
	}
	return p.Next().Text
}

func (p *parser) createOpaque(kind string) Statement {
	s := &CreateOpaque{Kind: kind, IfNotExists: p.ifNotExists(), Pos: p.Position(int(p.Start()))}
	s.Name = p.name()
	s.Text = p.skip()
	return s
}
