package stmt

import (
	"math"
	"strconv"

	"tarn/sql/lex"
	"tarn/sql/sqlstate"
)

func (p *parser) explain() Statement {
	p.Next()
	s := &Explain{}
	switch {
	case p.Kind() == '(' && !p.StartsQuery(1):
		s.Options = p.options()
		for _, o := range s.Options {
			on := !o.HasValue || o.Value == "true" || o.Value == "on" || o.Value == "1"
			switch o.Name {
			case "analyze":
				s.Analyze = on
			case "verbose":
				s.Verbose = on
			}
		}
	default:
		if s.Analyze = p.Accept(lex.ANALYZE) || p.Accept(lex.ANALYSE); s.Analyze {
			s.Options = append(s.Options, bare("analyze"))
		}
		if s.Verbose = p.Accept(lex.VERBOSE); s.Verbose {
			s.Options = append(s.Options, bare("verbose"))
		}
	}
	switch p.Kind() {
	case lex.MATERIALIZED:
		p.Next()
		p.Expect(lex.VIEW)
		name := p.name()
		s.View = &name
		return s
	case lex.SELECT, lex.VALUES, lex.TABLE, '(', lex.WITH, lex.INSERT, lex.UPDATE, lex.DELETE, lex.MERGE, lex.DECLARE, lex.CREATE,
		lex.REFRESH, lex.EXECUTE:
	default:
		if !p.word("subscribe") {
			p.Syntax()
		}
	}
	s.Statement = p.statement()
	return s
}

// subscribe parses SUBSCRIBE [TO] {name | (query) | query} [WITH (..)] [AS OF x] [UP TO y].
func (p *parser) subscribe() Statement {
	s := &Subscribe{Pos: p.Position(int(p.Next().Start))}
	p.Accept(lex.TO)
	if p.StartsQuery(0) {
		s.Query = p.tree.Query(p.Query())
	} else {
		name := p.name()
		s.Table = &name
	}
	s.Options = p.withOptions()
	if p.Accept(lex.AS) {
		p.Expect(lex.OF)
		s.AsOf = p.expr()
	}
	if p.acceptWord("up") {
		p.Expect(lex.TO)
		s.UpTo = p.expr()
	}
	if k := p.Kind(); k == lex.WITHIN || p.word("envelope") {
		s.Rest = p.skip()
	}
	return s
}

func (p *parser) copy() Statement {
	s := &Copy{Pos: p.Position(int(p.Next().Start))}
	if p.Kind() == '(' {
		p.Next()
		s.Statement = p.copied()
		p.Expect(')')
		p.Expect(lex.TO)
	} else {
		if p.Kind() == lex.BINARY {
			p.Next()
			s.Options = append(s.Options, option("format", "binary"))
		}
		name := p.name()
		s.Table = &name
		if p.Kind() == '(' {
			s.Columns = p.ColumnIDs()
		}
		s.From = p.oneOf(lex.FROM, lex.TO) == lex.FROM
	}
	p.copyTarget(s)
	if p.Accept(lex.USING) {
		p.Expect(lex.DELIMITERS)
		s.Options = append(s.Options, option("delimiter", p.Expect(lex.String).Text))
	}
	p.Accept(lex.WITH)
	if p.Kind() == '(' {
		s.Options = append(s.Options, p.options()...)
	} else {
		for p.oldCopyOption(s) {
		}
	}
	if p.Kind() == lex.WHERE {
		if !s.From {
			p.Failf(sqlstate.SyntaxError, p.Start(), "WHERE clause not allowed with COPY TO")
		}
		p.Next()
		s.Where = p.expr()
	}
	return s
}

// copied parses the statement in COPY (..).
func (p *parser) copied() Statement {
	switch p.Kind() {
	case lex.SELECT, lex.VALUES, lex.TABLE, lex.WITH, '(', lex.INSERT, lex.UPDATE, lex.DELETE:
		return p.statement()
	}
	if p.word("subscribe") {
		return p.statement()
	}
	p.Syntax()
	return nil
}

func (p *parser) copyTarget(s *Copy) {
	switch t := *p.Peek(0); t.Kind {
	case lex.STDIN, lex.STDOUT:
		p.Next()
	case lex.PROGRAM:
		p.Next()
		s.Kind, s.Target = CopyProgram, p.Expect(lex.String).Text
	case lex.String:
		p.Next()
		s.Kind, s.Target = CopyFile, t.Text
	default:
		p.Syntax()
	}
}

// oldCopyOption takes one option of the syntax before PostgreSQL 9.0, if one follows.
func (p *parser) oldCopyOption(s *Copy) bool {
	var o Option
	switch k := p.Kind(); k {
	case lex.BINARY, lex.CSV:
		p.Next()
		o = option("format", k.Keyword())
	case lex.FREEZE, lex.HEADER:
		p.Next()
		o = bare(k.Keyword())
	case lex.DELIMITER, lex.NULL, lex.QUOTE, lex.ESCAPE:
		p.Next()
		p.Accept(lex.AS)
		o = option(k.Keyword(), p.Expect(lex.String).Text)
	case lex.ENCODING:
		p.Next()
		o = option("encoding", p.Expect(lex.String).Text)
	case lex.FORCE:
		p.Next()
		switch p.oneOf(lex.QUOTE, lex.NOT, lex.NULL) {
		case lex.QUOTE:
			o.Name = "force_quote"
		case lex.NOT:
			p.Expect(lex.NULL)
			o.Name = "force_not_null"
		default:
			o.Name = "force_null"
		}
		if o.Name == "force_quote" && p.Accept('*') {
			o.List = []string{"*"}
			break
		}
		for {
			o.List = append(o.List, p.ColumnID().Text)
			if !p.Accept(',') {
				break
			}
		}
	default:
		return false
	}
	s.Options = append(s.Options, o)
	return true
}

// prepared parses PREPARE, EXECUTE and DEALLOCATE.
func (p *parser) prepared() Statement {
	start := p.Start()
	switch p.Next().Kind {
	case lex.EXECUTE:
		s := &Execute{Name: p.ColumnID().Text}
		if p.Accept('(') {
			for {
				s.Args = append(s.Args, p.expr())
				if !p.Accept(',') {
					break
				}
			}
			p.Expect(')')
		}
		return s
	case lex.DEALLOCATE:
		if p.Kind() == lex.PREPARE && p.Peek(1).Kind != lex.EOF && p.Peek(1).Kind != ';' {
			p.Next()
		}
		if p.Accept(lex.ALL) {
			return &Deallocate{}
		}
		return &Deallocate{Name: p.ColumnID().Text}
	}
	if p.Kind() == lex.TRANSACTION && p.Peek(1).Kind == lex.String {
		return p.unsupportedFrom(start, "PREPARE TRANSACTION")
	}
	s := &Prepare{Name: p.ColumnID().Text}
	if p.Accept('(') {
		for {
			s.Types = append(s.Types, p.TypeName())
			if !p.Accept(',') {
				break
			}
		}
		p.Expect(')')
	}
	p.Expect(lex.AS)
	from := p.Start()
	switch p.Kind() {
	case lex.SELECT, lex.VALUES, lex.TABLE, '(', lex.WITH, lex.INSERT, lex.UPDATE, lex.DELETE, lex.MERGE:
	default:
		p.Syntax()
	}
	s.Statement = p.statement()
	s.Text = p.Text[from:p.LastEnd()]
	return s
}

// cursor parses DECLARE, FETCH, MOVE and CLOSE.
func (p *parser) cursor() Statement {
	switch p.Kind() {
	case lex.DECLARE:
		return p.declare()
	case lex.CLOSE:
		p.Next()
		if p.Accept(lex.ALL) {
			return &Close{}
		}
		return &Close{Cursor: p.ColumnID().Text}
	}
	return p.fetch()
}

func (p *parser) declare() Statement {
	p.Next()
	s := &Declare{Name: p.ColumnID().Text}
	for p.Kind() != lex.CURSOR {
		switch p.oneOf(lex.BINARY, lex.INSENSITIVE, lex.ASENSITIVE, lex.SCROLL, lex.NO) {
		case lex.BINARY:
			s.Binary = true
		case lex.SCROLL:
			yes := true
			s.Scroll = &yes
		case lex.NO:
			p.Expect(lex.SCROLL)
			no := false
			s.Scroll = &no
		}
	}
	p.Next()
	if k := p.Kind(); k == lex.WITH || k == lex.WITHOUT {
		p.Next()
		p.Expect(lex.HOLD)
		s.Hold = k == lex.WITH
	}
	p.Expect(lex.FOR)
	start := p.Start()
	switch {
	case p.word("subscribe"):
		s.Statement = p.subscribe()
	case p.StartsQuery(0):
		s.Statement = p.query()
	default:
		p.Syntax()
	}
	s.Text = p.Text[start:p.LastEnd()]
	return s
}

func (p *parser) fetch() Statement {
	s := &Fetch{Move: p.Next().Kind == lex.MOVE, Count: 1}
	p.direction(s)
	if !p.Accept(lex.FROM) {
		p.Accept(lex.IN)
	}
	s.Cursor = p.ColumnID().Text
	s.Options = p.withOptions()
	return s
}

// direction takes how far and where a cursor moves, if that is written.
func (p *parser) direction(s *Fetch) {
	// A direction's word may be the cursor's name: FETCH next.
	if k := p.Peek(1).Kind; k == lex.EOF || k == ';' {
		return
	}
	switch p.Kind() {
	case lex.NEXT:
		p.Next()
	case lex.PRIOR:
		p.Next()
		s.Direction = FetchBackward
	case lex.FIRST:
		p.Next()
		s.Direction = FetchAbsolute
	case lex.LAST:
		p.Next()
		s.Direction, s.Count = FetchAbsolute, -1
	case lex.ABSOLUTE:
		p.Next()
		s.Direction, s.Count = FetchAbsolute, p.signedInt()
	case lex.RELATIVE:
		p.Next()
		s.Direction, s.Count = FetchRelative, p.signedInt()
	case lex.ALL:
		p.Next()
		s.All = true
	case lex.FORWARD, lex.BACKWARD:
		if p.Next().Kind == lex.BACKWARD {
			s.Direction = FetchBackward
		}
		switch p.Kind() {
		case lex.ALL:
			p.Next()
			s.All = true
		case lex.Integer, '+', '-':
			s.Count = p.signedInt()
		}
	case lex.Integer, '+', '-':
		s.Count = p.signedInt()
	}
}

func (p *parser) signedInt() int64 {
	sign := ""
	if p.Accept('-') {
		sign = "-"
	} else {
		p.Accept('+')
	}
	t := p.Expect(lex.Integer)
	n, err := strconv.ParseInt(sign+t.Text, 10, 64)
	if err != nil || n > math.MaxInt32 || n < math.MinInt32 {
		panic(p.Near("syntax error", &t))
	}
	return n
}

// maintenance parses the statements that need no work here.
func (p *parser) maintenance() Statement {
	verb := p.Next().Kind
	s := &Maintenance{Verb: upper(verb.Keyword())}
	switch verb {
	case lex.CHECKPOINT:
		return s
	case lex.ANALYSE:
		s.Verb = "ANALYZE"
	case lex.REINDEX:
		if p.Kind() == '(' {
			p.options()
		}
		s.Object = upper(p.oneOf(lex.INDEX, lex.TABLE, lex.SCHEMA, lex.DATABASE, lex.SYSTEM).Keyword())
		p.Accept(lex.CONCURRENTLY)
		s.Tables = []Name{p.name()}
		return s
	case lex.CLUSTER:
		p.skip()
		return s
	}
	if p.Kind() == '(' {
		p.options()
	}
	if verb == lex.VACUUM {
		p.Accept(lex.FULL)
		p.Accept(lex.FREEZE)
	}
	p.Accept(lex.VERBOSE)
	if verb == lex.VACUUM && !p.Accept(lex.ANALYZE) {
		p.Accept(lex.ANALYSE)
	}
	for more := p.Peek(0).IsColumnID(); more; more = p.Accept(',') {
		s.Tables = append(s.Tables, p.name())
		if p.Kind() == '(' {
			p.ColumnIDs()
		}
	}
	return s
}

func (p *parser) do() Statement {
	p.Next()
	s := &Do{Language: "plpgsql"}
	for {
		switch p.Kind() {
		case lex.LANGUAGE:
			p.Next()
			s.Language = p.value().Text
		case lex.String:
			s.Code = p.Next().Text
		default:
			if s.Code == "" {
				p.Syntax()
			}
			return s
		}
	}
}
