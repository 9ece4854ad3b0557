// Package plan is the logical algebra between the planner and the executor: a small set of nodes into which all of SQL is
// rewritten. A plan is immutable; it says what a relation is, as a function of other relations, for bags with signed
// counts: the same plan runs once as a query and for ever as a view.
package plan

import (
	"tarn/catalog"
	"tarn/sql/expr"
	"tarn/sql/functions"
	"tarn/sql/types"
)

// Field is one column of a node's output.
type Field struct {
	Name string
	Type types.Type
}

// Node is one operator of the algebra: one of the types of this file.
type Node interface {
	Schema() []Field
	Inputs() []Node
	// WithInputs is the same operator over other inputs (same number, same schemas).
	WithInputs(inputs []Node) Node
}

// Get reads a relation: some of its columns.
type Get struct {
	Relation *catalog.Relation
	Columns  []int // into Relation.Columns
	// Key bounds what a one-time query must read: the leading columns of Relation.Key equal these expressions (no columns
	// in them, only constants and parameters). Only a hint for access: the Filter above still stands. Never set in a view.
	Key []expr.Expr
	// Whole tells that Key is the whole of that Filter.
	Whole bool
	// Lo and Hi bound the key column behind Key: nil for none.
	Lo, Hi *Bound
	// Any says that this column equals one of some values instead: nil for no such.
	Any *AnyOf
	// Order is that in which a one-time query wants the rows.
	Order ScanOrder
}

// ScanOrder is the order of the rows that are read of a relation.
type ScanOrder uint8

const (
	AnyOrder ScanOrder = iota
	Forward            // by the relation's key
	Backward           // by the relation's key, the last one first
)

// AnyOf is some values: those of a list, of expressions without columns, or of an array that such an expression gives. A NULL
// among them equals nothing.
type AnyOf struct {
	List  []types.Datum
	Exprs []expr.Expr
	Array expr.Expr
	Elem  types.Type // of Array
}

// Bound is one end of a range of a key column.
type Bound struct {
	Expr      expr.Expr
	Inclusive bool
}

// Index keeps the rows of a relation by some of its columns, for joins to find them by. It is nowhere but below a join that
// would otherwise keep the same rows itself (Join.Indexed); once, it is the relation. All that read one relation by the same
// columns share one index, which has the columns that any of them reads: Input says those of this one.
type Index struct {
	Input *Get
	Keys  []int // columns of Input, in the order of the join's keys
}

// Constant is rows given by expressions without columns (VALUES, SELECT without FROM).
type Constant struct {
	Fields []Field
	Rows   [][]expr.Expr
}

// Filter keeps the rows for which Cond is true.
type Filter struct {
	Input Node
	Cond  expr.Expr
}

// Project computes columns.
type Project struct {
	Input  Node
	Exprs  []expr.Expr
	Fields []Field
}

// JoinKind is the kind of a join.
type JoinKind uint8

// The kinds of joins. Semi and Anti give the left rows that have, or have not, a partner, once each.
const (
	Inner JoinKind = iota
	Left
	Right
	Full
	Semi
	Anti
)

// Join pairs rows with equal keys (types equal pairwise; NULL equals nothing, unless NullEqual) for which On is true.
// Without keys it is a cross join. The output is the left columns, then the right (Semi and Anti: the left only).
type Join struct {
	Kind      JoinKind
	L, R      Node
	LKeys     []expr.Expr // over the left columns
	RKeys     []expr.Expr // over the right columns
	NullEqual bool        // keys match IS NOT DISTINCT FROM
	On        expr.Expr   // over left then right columns; nil for none
}

// Aggregate groups by keys and computes aggregates: the output is the keys, then the aggregates. With no keys there is
// exactly one row, even over nothing, unless Grouped.
type Aggregate struct {
	Input   Node
	Keys    []expr.Expr
	Aggs    []Agg
	Fields  []Field
	Grouped bool // GROUP BY was written (with an empty list too): nothing in, nothing out
}

// Agg is one aggregate call.
type Agg struct {
	Fn       *functions.Aggregate
	T        types.Type
	Args     []expr.Expr
	Distinct bool
	Filter   expr.Expr // nil for none
	OrderBy  []Order   // over the input; for Collect aggregates
}

// Distinct keeps one of each row.
type Distinct struct{ Input Node }

// Union is the sum of bags; all inputs have the same types.
type Union struct {
	Children []Node
	Fields   []Field
}

// Negate negates counts: with Union and Threshold it makes EXCEPT.
type Negate struct{ Input Node }

// Threshold keeps rows with a positive count: with that count, or with 1 if Distinct.
type Threshold struct {
	Input    Node
	Distinct bool
}

// Order is one sort key.
type Order struct {
	Expr       expr.Expr
	Desc       bool
	NullsFirst bool
}

// TopK keeps, of each group, the rows from Offset up to Offset+Limit in the order given; rows equal in it are ordered by
// all their columns, so that the result is a function of the input. Output in no order.
type TopK struct {
	Input   Node
	Keys    []expr.Expr // groups; none: one group
	OrderBy []Order
	Limit   expr.Expr // constant or parameter; nil: all
	Offset  expr.Expr // nil: 0
	Ordered bool      // the input comes in the order, and no more of it is read than needed; never set in a view
}

// FlatMap calls a set-returning function for every row: the output is the input's columns, then the function's, then its
// ordinality if asked for. Outer keeps rows for which it returns nothing, NULL-extended.
type FlatMap struct {
	Input      Node
	Fn         *functions.Function
	Args       []expr.Expr
	Columns    []Field
	Ordinality bool
	Outer      bool
}

// Origin says which column of a relation an output column is, through any subqueries and joins, as the protocol tells clients; zero
// for one that is computed. Of a view it is the view's own column.
type Origin struct {
	Relation uint32 // oid
	Column   int16  // its number there, from 1
}

// Query is a planned statement: a node, and the order and cut of what is sent to the client.
type Query struct {
	Root    Node
	OrderBy []Order // over Root's columns; only the presentation of a one-time query
	Ordered bool    // the rows come in this order as they are
	Limit   expr.Expr
	Offset  expr.Expr
	Visible int      // the first Visible columns are sent; the others are there to sort by
	Origins []Origin // of the visible columns
	Params  []types.Type
	Rules   []string // names of the rewrite rules that made it, for EXPLAIN (VERBOSE)
}
