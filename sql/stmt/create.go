package stmt

import (
	"strings"

	"tarn/sql/decode"
	"tarn/sql/lex"
	"tarn/sql/sqlstate"
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

func (p *parser) createIndex() Statement {
	s := &CreateIndex{Unique: p.Accept(lex.UNIQUE)}
	p.Expect(lex.INDEX)
	s.Concurrently = p.Accept(lex.CONCURRENTLY)
	s.IfNotExists = p.ifNotExists()
	if p.Kind() != lex.ON {
		s.Name = p.ColumnID().Text
	} else if s.IfNotExists {
		p.Syntax()
	}
	p.Expect(lex.ON)
	p.Accept(lex.ONLY)
	s.Table = p.name()
	if p.Accept(lex.USING) {
		s.Method = p.ColumnID().Text
	}
	s.Elems = p.indexElems()
	if p.Accept(lex.INCLUDE) {
		s.Include = p.ColumnIDs()
	}
	p.nullsDistinct()
	s.With = p.withOptions()
	if p.Accept(lex.TABLESPACE) {
		p.ColumnID()
	}
	if p.Accept(lex.WHERE) {
		s.Where = p.expr()
	}
	return s
}

// indexElems takes the list of columns and expressions of an index.
func (p *parser) indexElems() []IndexElem {
	p.Expect('(')
	var list []IndexElem
	for {
		e := IndexElem{Pos: p.Position(int(p.Start()))}
		next := p.Peek(1).Kind
		if p.Peek(0).IsColumnID() && next != '(' && next != '.' {
			e.Column = p.Next().Text
		} else {
			e.Expr = p.expr()
		}
		p.indexElemOptions(&e)
		list = append(list, e)
		if !p.Accept(',') {
			break
		}
	}
	p.Expect(')')
	return list
}

func (p *parser) indexElemOptions(e *IndexElem) {
	if p.Accept(lex.COLLATE) {
		p.Path()
		e.Collated = true
	}
	if p.Peek(0).IsColumnID() && p.Kind() != lex.NULLS {
		e.OpClass = strings.Join(p.Path(), ".")
		if p.Kind() == '(' {
			p.options()
		}
	}
	if p.Accept(lex.DESC) {
		e.Desc = true
	} else {
		p.Accept(lex.ASC)
	}
	if p.Accept(lex.NULLS) {
		e.Nulls = decode.NullsFirst
		if p.oneOf(lex.FIRST, lex.LAST) == lex.LAST {
			e.Nulls = decode.NullsLast
		}
	}
}

func (p *parser) createOpaque(kind string) Statement {
	s := &CreateOpaque{Kind: kind, IfNotExists: p.ifNotExists(), Pos: p.Position(int(p.Start()))}
	s.Name = p.name()
	s.Text = p.skip()
	return s
}
