// Package bridge rewrites PostgreSQL's queries and expressions into the dialect of the TiDB parser, in a normal form in
// which nothing can be misread: every name quoted, every compound expression in parentheses, no literal at all.
//
// It is a recursive-descent parser with a precedence climber for expressions, written after PostgreSQL 15's grammar.
// What it accepts, TiDB's grammar accepts (a fuzz test says so); what it refuses, it refuses as PostgreSQL does, with
// the same words at the same place. Literals, parameters, type names and operator names become `?`, found again through
// Output.Hole by their offset; what only PostgreSQL has becomes a call of a marker (marker.go). Package sql tables the
// encodings.
//
// Statements around queries are package stmt's, which drives a Parser: it asks for fragments (a query, an expression, a
// list of them), each of which becomes one SELECT of the text.
//
// Errors travel as panics of *sqlstate.Error inside a statement and are caught by Catch.
package bridge

import (
	"tarn/sql/lex"
	"tarn/sql/sqlstate"
)

const (
	// maxDepth bounds how deep a statement may nest, which bounds every recursion over its tree.
	maxDepth = 4000
	// maxText bounds the rewritten text, which bounds the memory of TiDB's parser.
	maxText = 16 << 20
)

// Parser reads one statement after the other from a stream of tokens.
type Parser struct {
	*lex.Stream
	out       *fragment
	fragments []*fragment
	result    *Output
	depth     int  // of recursion
	height    int  // of the highest expression since the enclosing one began
	queries   int  // nesting of queries
	labels    bool // a bare label may follow the operand at hand
	late      *sqlstate.Error
	into      []lex.Token
}

// NewParser reads a text that lex.CheckText has accepted.
func NewParser(source *lex.Source) *Parser {
	return &Parser{Stream: lex.NewStream(source), result: &Output{}}
}

// Catch turns the panic of a syntax error into an error; other panics go on. It is to be deferred.
func Catch(err *error) {
	switch r := recover().(type) {
	case nil:
	case *sqlstate.Error:
		*err = r
	default:
		panic(r)
	}
}

// Fail ends the parse with an error.
func (p *Parser) Fail(err *sqlstate.Error) { panic(err) }

// Failf ends the parse with an error at the byte offset of a token.
func (p *Parser) Failf(code sqlstate.Code, at int32, format string, args ...any) {
	panic(sqlstate.New(code, format, args...).At(p.Position(int(at))))
}

// FailLater ends the parse of the statement when it was read to its end, unless there is a syntax error: PostgreSQL looks
// for such mistakes only then. The first one counts.
func (p *Parser) FailLater(code sqlstate.Code, at int32, format string, args ...any) {
	if p.late == nil {
		p.late = sqlstate.New(code, format, args...).At(p.Position(int(at)))
	}
}

// Unsupported ends the parse: PostgreSQL has it, Tarn does not.
func (p *Parser) Unsupported(at int32, what string) {
	p.Failf(sqlstate.FeatureNotSupported, at, "%s is not supported", what)
}

// Syntax ends the parse at the next token.
func (p *Parser) Syntax() { panic(p.Stream.Unexpected()) }

// Expect takes the next token, which must have this kind.
func (p *Parser) Expect(kind lex.Kind) lex.Token {
	if p.Kind() != kind {
		p.Syntax()
	}
	return p.Next()
}

// Start is the byte offset of the next token.
func (p *Parser) Start() int32 { return p.Peek(0).Start }

// ColumnID takes a name of a column, table or the like.
func (p *Parser) ColumnID() lex.Token {
	if !p.Peek(0).IsColumnID() {
		p.Syntax()
	}
	return p.Next()
}

// Label takes a word of any class.
func (p *Parser) Label() lex.Token {
	if !p.Peek(0).IsLabel() {
		p.Syntax()
	}
	return p.Next()
}

// ColumnIDs takes a list of names in parentheses.
func (p *Parser) ColumnIDs() []string {
	p.Expect('(')
	var names []string
	for {
		names = append(names, p.ColumnID().Text)
		if !p.Accept(',') {
			break
		}
	}
	p.Expect(')')
	return names
}

// Path takes a dotted name.
func (p *Parser) Path() []string {
	names := []string{p.ColumnID().Text}
	for p.Accept('.') {
		names = append(names, p.Label().Text)
	}
	return names
}

// descend guards one step of recursion; ascend ends it.
func (p *Parser) descend() {
	if p.depth++; p.depth > maxDepth {
		p.tooDeep()
	}
}

func (p *Parser) ascend() { p.depth-- }

// rise notes that the tree grew to a height by a chain that needs no recursion here but will need it in its readers.
func (p *Parser) rise(height int) int {
	if height > maxDepth {
		p.tooDeep()
	}
	return height
}

func (p *Parser) tooDeep() {
	panic(sqlstate.New(sqlstate.StatementTooComplex, "stack depth limit exceeded").
		WithHint("Statements may nest %d levels deep.", maxDepth))
}

// Expr parses an expression as a fragment of its own and returns the fragment's number.
func (p *Parser) Expr() int32 {
	return p.fragment(func() {
		p.raw("SELECT ")
		p.expr(lowest)
	})
}

// RestrictedExpr is Expr for PostgreSQL's b_expr: no AND, OR, NOT, IS NULL, IN, LIKE or BETWEEN outside parentheses.
func (p *Parser) RestrictedExpr() int32 {
	return p.fragment(func() {
		p.raw("SELECT ")
		p.expression(lowest, true)
	})
}

// Query parses a query as a fragment.
func (p *Parser) Query() int32 {
	return p.fragment(func() {
		q := p.query()
		p.closeQuery(&q)
	})
}

// StartsQuery says that a query begins at the n-th token from here, counting an opening parenthesis as such.
func (p *Parser) StartsQuery(n int) bool {
	k := p.Peek(n).Kind
	return startsQuery(k) || k == '('
}

// With parses a WITH clause as a fragment: a query that has nothing else.
func (p *Parser) With() int32 {
	return p.fragment(func() {
		p.with()
		p.noColumns()
	})
}

// Items parses a SELECT list as a fragment.
func (p *Parser) Items() int32 {
	return p.fragment(func() {
		p.raw("SELECT ")
		p.items()
	})
}

// Tables parses a FROM list (behind FROM or USING) as a fragment.
func (p *Parser) Tables() int32 {
	return p.fragment(func() {
		p.noColumns()
		p.raw(" FROM ")
		p.tables()
	})
}

// TakeInto is the target of SELECT INTO of the queries parsed since the last call; nil if there was none.
func (p *Parser) TakeInto() []lex.Token {
	into := p.into
	p.into = nil
	return into
}

// Take ends a statement: what was parsed since the last Take.
func (p *Parser) Take() *Output {
	if p.late != nil {
		panic(p.late)
	}
	result := p.result
	result.assemble(p.fragments)
	p.fragments, p.result = nil, &Output{}
	p.height, p.queries, p.into = 0, 0, nil
	return result
}
