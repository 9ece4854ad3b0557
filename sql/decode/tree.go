// Package decode reads the trees of the TiDB parser as PostgreSQL: it is the only place above the bridge that knows how
// PostgreSQL's constructs are encoded there (package sql tables the encodings).
//
// A tree is not copied. A Handle is an expression not yet looked at, a QueryRef a query; reading one gives a small
// struct whose children are handles again. Trees are immutable and shared between sessions.
package decode

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/pingcap/tidb/pkg/parser/ast"

	"tarn/sql/bridge"
	"tarn/sql/lex"
	"tarn/sql/tidb"
)

// Tree holds the parsed fragments of one statement and the side tables of the bridge.
type Tree struct {
	source *lex.Source
	out    *bridge.Output
	roots  []ast.StmtNode
}

// NewTree is a tree without content. Handles and queries of it may be made at once, and read after Parse.
func NewTree(source *lex.Source) *Tree { return &Tree{source: source} }

// Parse fills the tree from a bridged statement. Every fragment is one SELECT of the text.
func (t *Tree) Parse(out *bridge.Output) (err error) {
	t.out = out
	if out.Fragments > 0 {
		t.roots, err = tidb.Parse(out.Text, out.Fragments)
	}
	return err
}

// Handle is an expression of a Tree. The zero Handle is "absent".
type Handle struct {
	tree *Tree
	node ast.ExprNode // nil: frag says where it is
	frag int32        // the only field of this fragment, or ^i for the loose literal i
}

// QueryRef is a query of a Tree. The zero QueryRef is "absent".
type QueryRef struct {
	tree *Tree
	node ast.Node // nil: the fragment
	frag int32
}

// Expr is the expression that is a fragment.
func (t *Tree) Expr(fragment int32) Handle { return Handle{tree: t, frag: fragment} }

// Query is the query that is a fragment.
func (t *Tree) Query(fragment int32) QueryRef { return QueryRef{tree: t, frag: fragment} }

// Items are those of a fragment that is a SELECT list. The tree must be parsed.
func (t *Tree) Items(fragment int32) []SelectItem { return t.items(t.root(fragment)) }

// Tables are those of a fragment that is a FROM list. The tree must be parsed.
func (t *Tree) Tables(fragment int32) []TableExpr { return t.from(t.root(fragment).From) }

func (t *Tree) root(fragment int32) *ast.SelectStmt { return t.roots[fragment].(*ast.SelectStmt) }

// IsZero says that there is no expression.
func (h Handle) IsZero() bool { return h.tree == nil }

// Node reads one level of the expression. It is nil only for the zero Handle.
func (h Handle) Node() Node {
	switch {
	case h.tree == nil:
		return nil
	case h.node != nil:
		return h.tree.expr(h.node)
	case h.frag < 0:
		return h.tree.literal(&h.tree.out.Loose[^h.frag])
	}
	return h.tree.expr(h.tree.root(h.frag).Fields.Fields[0].Expr)
}

// Pos is the position of the expression, which for an operator is its own, in the user's text, in characters from 1; 0 for the zero Handle.
func (h Handle) Pos() int {
	if h.tree == nil {
		return 0
	}
	return h.Node().Position()
}

// IsZero says that there is no query.
func (q QueryRef) IsZero() bool { return q.tree == nil }

// Read reads one level of the query. It is nil only for the zero QueryRef.
func (q QueryRef) Read() *Query {
	switch {
	case q.tree == nil:
		return nil
	case q.node == nil:
		return q.tree.query(q.tree.roots[q.frag])
	}
	return q.tree.query(q.node)
}

func (t *Tree) handle(n ast.ExprNode) Handle {
	if n == nil {
		return Handle{}
	}
	return Handle{tree: t, node: n}
}

func (t *Tree) handles(nodes []ast.ExprNode) []Handle {
	list := make([]Handle, len(nodes))
	for i, n := range nodes {
		list[i] = Handle{tree: t, node: n}
	}
	return list
}

func (t *Tree) ref(r bridge.Ref) Handle {
	switch r.Kind {
	case bridge.RefFragment:
		return t.Expr(r.Index)
	case bridge.RefLoose:
		return Handle{tree: t, frag: ^r.Index}
	}
	return Handle{}
}

// at is the position of what stands at an offset of the bridged text.
func (t *Tree) at(offset int) Pos { return Pos(t.source.Position(int(t.out.Source(offset)))) }

func (t *Tree) pos(n ast.Node) Pos { return t.at(n.OriginTextPosition()) }

func (t *Tree) sourcePos(offset int32) Pos { return Pos(t.source.Position(int(offset))) }

// hole is what a `?` stands for.
func (t *Tree) hole(n ast.ExprNode) *bridge.Hole {
	m, ok := n.(*tidb.Marker)
	if !ok {
		panic(unknown(n))
	}
	return t.out.Hole(m.Offset)
}

// word is the text of a hole that is a marker's own argument.
func (t *Tree) word(n ast.ExprNode) string { return t.hole(n).Text }

// label is what an alias of the bridged text stands for.
func (t *Tree) label(alias ast.CIStr) *bridge.Label {
	i, err := strconv.Atoi(strings.TrimPrefix(alias.O, bridge.Schema))
	if err != nil {
		panic(fmt.Sprintf("decode: alias %q is no label", alias.O))
	}
	return &t.out.Labels[i]
}

// marker is the call of a marker; nil if n is something else.
func marker(n ast.ExprNode) *ast.FuncCallExpr {
	if call, ok := n.(*ast.FuncCallExpr); ok && call.Schema.O == bridge.Schema {
		return call
	}
	return nil
}

// isMarker says that n is the call of this marker.
func isMarker(n ast.ExprNode, name string) bool {
	call := marker(n)
	return call != nil && call.FnName.O == name
}

// unknown is the panic for a tree that the bridge cannot have made.
func unknown(n any) string { return fmt.Sprintf("decode: unexpected %T", n) }
