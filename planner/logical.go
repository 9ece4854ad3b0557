package planner

import (
	"tarn/catalog"
	"tarn/planner/plan"
	"tarn/sql/expr"
	"tarn/sql/functions"
)

// logical is a node of the binder's algebra. Its columns are numbers that no other node gives out; expressions over them
// are expr.Exprs whose Column.Index is such a number. A node that uses a number which nothing below it defines is
// correlated: the column comes from an outer query.
type logical interface {
	columns() []int
}

// scan reads all columns of a relation.
type scan struct {
	rel  *catalog.Relation
	cols []int
}

// rows is VALUES.
type rows struct {
	cols []int
	rows [][]expr.Expr
}

type filter struct {
	in   logical
	cond expr.Expr
}

// item is a computed column.
type item struct {
	id int
	e  expr.Expr
}

// project gives out its items and nothing else; an item may pass a column on under its own number.
type project struct {
	in    logical
	items []item
}

// join is any join. Its right side may use columns of its left side (LATERAL, and every subquery of an expression), for
// the kinds Inner, Left, Semi and Anti.
type join struct {
	kind plan.JoinKind
	l, r logical
	on   expr.Expr // nil: true
}

type aggCall struct {
	id  int
	agg plan.Agg
}

// aggregate groups. single marks the check that a scalar subquery gives one row: its aggregates are the value (any) and
// the number of rows, which need not be computed where the row is known to be single.
type aggregate struct {
	in      logical
	keys    []item
	aggs    []aggCall
	grouped bool
	single  bool
}

type distinct struct{ in logical }

// union is UNION ALL: column i of the output is column inputs[c][i] of child c.
type union struct {
	cols     []int
	children []logical
	inputs   [][]int
}

// difference is EXCEPT or INTERSECT, ALL or not; its columns are those of l, matched by position with rcols of r.
type difference struct {
	intersect, all bool
	l, r           logical
	lcols, rcols   []int
}

type topK struct {
	in            logical
	keys          []expr.Expr
	order         []plan.Order
	limit, offset expr.Expr
}

// flatMap calls a set-returning function for each row. ordinality is -1 if not asked for.
type flatMap struct {
	in         logical
	fn         *functions.Function
	args       []expr.Expr
	cols       []int
	ordinality int
	outer      bool
}

func (n *scan) columns() []int   { return n.cols }
func (n *rows) columns() []int   { return n.cols }
func (n *filter) columns() []int { return n.in.columns() }
func (n *project) columns() []int {
	out := make([]int, len(n.items))
	for i := range n.items {
		out[i] = n.items[i].id
	}
	return out
}
func (n *join) columns() []int {
	l := n.l.columns()
	if n.kind == plan.Semi || n.kind == plan.Anti {
		return l
	}
	return append(l[:len(l):len(l)], n.r.columns()...)
}
func (n *aggregate) columns() []int {
	out := make([]int, 0, len(n.keys)+len(n.aggs))
	for i := range n.keys {
		out = append(out, n.keys[i].id)
	}
	for i := range n.aggs {
		out = append(out, n.aggs[i].id)
	}
	return out
}
func (n *distinct) columns() []int   { return n.in.columns() }
func (n *union) columns() []int      { return n.cols }
func (n *difference) columns() []int { return n.lcols }
func (n *topK) columns() []int       { return n.in.columns() }
func (n *flatMap) columns() []int {
	in := n.in.columns()
	out := append(in[:len(in):len(in)], n.cols...)
	if n.ordinality >= 0 {
		out = append(out, n.ordinality)
	}
	return out
}

// idSet is a set of column numbers.
type idSet map[int]bool

func setOf(ids []int) idSet {
	s := make(idSet, len(ids))
	for _, id := range ids {
		s[id] = true
	}
	return s
}

func (s idSet) intersects(ids []int) bool {
	for _, id := range ids {
		if s[id] {
			return true
		}
	}
	return false
}

// sorted lists the members that are in order, in that order: sets are walked deterministically.
func (s idSet) among(ids []int) []int {
	var out []int
	for _, id := range ids {
		if s[id] {
			out = append(out, id)
		}
	}
	return out
}

// addColumns adds the columns that e uses.
func (s idSet) addColumns(exprs ...expr.Expr) {
	for _, e := range exprs {
		if e != nil {
			for _, id := range expr.Columns(e) {
				s[id] = true
			}
		}
	}
}

func (s idSet) addOrder(order []plan.Order) {
	for i := range order {
		s.addColumns(order[i].Expr)
	}
}

func (s idSet) remove(ids []int) {
	for _, id := range ids {
		delete(s, id)
	}
}

func (s idSet) addAll(o idSet) {
	for id := range o {
		s[id] = true
	}
}

// free is the columns that n uses and does not define: those of outer queries.
func free(n logical) idSet { return outerColumns{}.of(n) }

// outerColumns remembers what free gives for the nodes it has met. The sets must not be changed.
type outerColumns map[logical]idSet

func (m outerColumns) of(n logical) idSet {
	if s, ok := m[n]; ok {
		return s
	}
	s := m.compute(n)
	m[n] = s
	return s
}

func (m outerColumns) compute(n logical) idSet {
	used := idSet{}
	switch n := n.(type) {
	case *scan:
	case *rows:
		for _, row := range n.rows {
			used.addColumns(row...)
		}
	case *filter:
		used.addColumns(n.cond)
		used.addAll(m.of(n.in))
		used.remove(n.in.columns())
	case *project:
		for i := range n.items {
			used.addColumns(n.items[i].e)
		}
		used.addAll(m.of(n.in))
		used.remove(n.in.columns())
	case *join:
		used.addColumns(n.on)
		used.addAll(m.of(n.r))
		used.remove(n.r.columns())
		used.addAll(m.of(n.l))
		used.remove(n.l.columns())
	case *aggregate:
		for i := range n.keys {
			used.addColumns(n.keys[i].e)
		}
		for i := range n.aggs {
			a := &n.aggs[i].agg
			used.addColumns(a.Args...)
			used.addColumns(a.Filter)
			used.addOrder(a.OrderBy)
		}
		used.addAll(m.of(n.in))
		used.remove(n.in.columns())
	case *distinct:
		return m.of(n.in)
	case *union:
		for _, c := range n.children {
			used.addAll(m.of(c))
		}
	case *difference:
		used.addAll(m.of(n.l))
		used.addAll(m.of(n.r))
	case *topK:
		used.addColumns(n.keys...)
		used.addOrder(n.order)
		used.addColumns(n.limit, n.offset)
		used.addAll(m.of(n.in))
		used.remove(n.in.columns())
	case *flatMap:
		used.addColumns(n.args...)
		used.addAll(m.of(n.in))
		used.remove(n.in.columns())
	}
	return used
}
