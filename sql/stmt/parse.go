package stmt

import (
	"strings"
	"unsafe"

	"tarn/sql/bridge"
	"tarn/sql/decode"
	"tarn/sql/lex"
	"tarn/sql/sqlstate"
)

// Parsed is one statement of a text with its place there.
type Parsed struct {
	Statement  Statement
	Start, End int32 // bytes in the source, without surrounding blanks and the semicolon
	Params     int   // the highest $n
	Bytes      int64 // about how much memory it takes
}

// Parse parses a text of statements separated by semicolons. Empty statements are skipped. The text must have passed
// lex.CheckText. Errors are *sqlstate.Error.
func Parse(source *lex.Source) (list []Parsed, err error) {
	defer bridge.Catch(&err)
	p := &parser{Parser: bridge.NewParser(source)}
	for {
		for p.Accept(';') {
			p.Trim()
		}
		if p.Kind() == lex.EOF {
			return list, nil
		}
		one, err := p.one()
		if err != nil {
			return nil, err
		}
		list = append(list, one)
		if p.Kind() != ';' && p.Kind() != lex.EOF {
			p.Syntax()
		}
	}
}

// parser parses one statement after the other. Queries and expressions go through the bridge as fragments; a tree is
// parsed when its statement ends, so handles may be made at once, but are read only by what later is called.
type parser struct {
	*bridge.Parser
	tree  *decode.Tree
	after []func() error // run when the tree is parsed
	table string         // the table whose columns are defined, for messages
}

// one parses a statement up to its end.
func (p *parser) one() (Parsed, error) {
	p.tree = decode.NewTree(p.Source)
	p.after = p.after[:0]
	start := p.Start()
	s := p.statement()
	if k := p.Kind(); k != ';' && k != lex.EOF {
		p.Syntax()
	}
	out := p.Take()
	if err := p.tree.Parse(out); err != nil {
		return Parsed{}, err
	}
	for _, f := range p.after {
		if err := f(); err != nil {
			return Parsed{}, err
		}
	}
	bytes := out.Bytes()
	if i, ok := s.(*Insert); ok && i.Values != nil {
		bytes += int64(cap(i.Values.Cells)) * int64(unsafe.Sizeof(Cell{}))
	}
	return Parsed{Statement: s, Start: start, End: p.LastEnd(), Params: out.Params, Bytes: bytes}, nil
}

// later runs f when the tree of the statement is parsed.
func (p *parser) later(f func() error) { p.after = append(p.after, f) }

// statement parses one statement by its first word.
func (p *parser) statement() Statement {
	switch p.Kind() {
	case lex.SELECT, lex.VALUES, lex.TABLE, '(':
		return p.query()
	case lex.WITH:
		return p.with()
	case lex.INSERT:
		return p.insert(decode.QueryRef{})
	case lex.UPDATE:
		return p.update(decode.QueryRef{})
	case lex.DELETE:
		return p.delete(decode.QueryRef{})
	case lex.TRUNCATE:
		return p.truncate()
	case lex.CREATE:
		return p.create()
	case lex.DROP:
		return p.drop()
	case lex.ALTER:
		return p.alter()
	case lex.COMMENT:
		return p.comment()
	case lex.REFRESH:
		return p.refresh()
	case lex.COPY:
		return p.copy()
	case lex.EXPLAIN:
		return p.explain()
	case lex.PREPARE, lex.EXECUTE, lex.DEALLOCATE:
		return p.prepared()
	case lex.DECLARE, lex.FETCH, lex.MOVE, lex.CLOSE:
		return p.cursor()
	case lex.ANALYZE, lex.ANALYSE, lex.VACUUM, lex.CHECKPOINT, lex.REINDEX, lex.CLUSTER:
		return p.maintenance()
	case lex.DO:
		return p.do()
	case lex.CALL:
		p.Next()
		return &Call{Call: p.expr()}
	case lex.MERGE, lex.LOAD, lex.IMPORT, lex.REASSIGN, lex.SECURITY:
		return p.unsupported(strings.ToUpper(p.Kind().Keyword()))
	case lex.Ident:
		if p.word("subscribe") {
			return p.subscribe()
		}
	}
	if s := p.session(); s != nil {
		return s
	}
	p.Syntax()
	return nil
}

// word says that the next token is this word, which is a keyword only here.
func (p *parser) word(word string) bool { return p.Peek(0).Is(word, p.Text) }

// acceptWord takes the next token if it is this word.
func (p *parser) acceptWord(word string) bool {
	if !p.word(word) {
		return false
	}
	p.Next()
	return true
}

// unsupported passes over the rest of a statement that Tarn does not have.
func (p *parser) unsupported(verb string) Statement {
	start := p.Start()
	p.skip()
	return &Unsupported{Verb: verb, Pos: p.Position(int(start))}
}

// skip takes all tokens up to the end of the statement, or up to the parenthesis that encloses it, and returns their
// text. Semicolons in parentheses (CREATE RULE) do not end it.
func (p *parser) skip() string {
	start, end, depth := p.Start(), p.Start(), 0
	for {
		switch p.Kind() {
		case lex.EOF:
			return p.Text[start:end]
		case lex.Bad:
			p.Syntax()
		case ';':
			if depth == 0 {
				return p.Text[start:end]
			}
		case '(':
			depth++
		case ')':
			if depth == 0 {
				return p.Text[start:end]
			}
			depth--
		}
		end = p.Next().End
	}
}

// expr parses an expression.
func (p *parser) expr() decode.Handle { return p.tree.Expr(p.Expr()) }

// exprInParentheses parses `(expr)` and returns the text between the parentheses too.
func (p *parser) exprInParentheses() (decode.Handle, string) {
	p.Expect('(')
	start := p.Start()
	e := p.expr()
	text := p.Text[start:p.LastEnd()]
	p.Expect(')')
	return e, text
}

// name takes a possibly qualified name.
func (p *parser) name() Name {
	start := p.Start()
	return p.named(p.Path(), start)
}

func (p *parser) named(path []string, start int32) Name {
	n := len(path)
	if n > 3 {
		p.Failf(sqlstate.SyntaxError, start, "improper qualified name (too many dotted names): %s", strings.Join(path, "."))
	}
	name := Name{Name: path[n-1], Pos: p.Position(int(start))}
	if n > 1 {
		name.Schema = path[n-2]
	}
	if n > 2 {
		name.Catalog = path[n-3]
	}
	return name
}

func (p *parser) names() []Name {
	list := []Name{p.name()}
	for p.Accept(',') {
		list = append(list, p.name())
	}
	return list
}

// ifNotExists takes IF NOT EXISTS, if it follows.
func (p *parser) ifNotExists() bool {
	if p.Kind() != lex.IF || p.Peek(1).Kind != lex.NOT {
		return false
	}
	p.Next()
	p.Next()
	p.Expect(lex.EXISTS)
	return true
}

// ifExists takes IF EXISTS, if it follows.
func (p *parser) ifExists() bool {
	if p.Kind() != lex.IF || p.Peek(1).Kind != lex.EXISTS {
		return false
	}
	p.Next()
	p.Next()
	return true
}

// cascade takes CASCADE or RESTRICT, if it follows.
func (p *parser) cascade() bool {
	if p.Accept(lex.CASCADE) {
		return true
	}
	p.Accept(lex.RESTRICT)
	return false
}
