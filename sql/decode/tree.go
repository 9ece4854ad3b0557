// Package decode reads the trees of the TiDB parser as PostgreSQL: it is the only place above the bridge that knows how
// PostgreSQL's constructs are encoded there (package sql tables the encodings).
//
// A tree is not copied. A Handle is an expression not yet looked at, a QueryRef a query; reading one gives a small
// struct whose children are handles again. Trees are immutable and shared between sessions.
package decode

import "github.com/pingcap/tidb/pkg/parser/ast"

// Tree holds the parsed fragments of one statement and the side tables of the bridge.
type Tree struct {
	roots []ast.StmtNode
}

// Handle is an expression of a Tree. The zero Handle is "absent".
type Handle struct {
	tree *Tree
	node ast.ExprNode // nil: the only field of the root frag
	frag int32
}

// IsZero says that there is no expression.
func (h Handle) IsZero() bool { return h.tree == nil }

// Node reads one level of the expression. It is nil only for the zero Handle.
func (h Handle) Node() Node { panic("decode: Handle.Node") }

// Pos is the position of the expression in the user's text, in characters from 1.
func (h Handle) Pos() int { panic("decode: Handle.Pos") }

// QueryRef is a query of a Tree. The zero QueryRef is "absent".
type QueryRef struct {
	tree *Tree
	node ast.ResultSetNode // nil: the root frag
	frag int32
}

// IsZero says that there is no query.
func (q QueryRef) IsZero() bool { return q.tree == nil }

// Read reads one level of the query.
func (q QueryRef) Read() *Query { panic("decode: QueryRef.Read") }
