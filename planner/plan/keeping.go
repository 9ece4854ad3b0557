package plan

import (
	"slices"

	"tarn/catalog"
	"tarn/sql/expr"
)

// Keeping is how a running join keeps the rows of one of its sides. Of none of these: each row, with its count.
type Keeping struct {
	Counted bool // only how many there are of each key: they are looked at for partners, and never read
	Listed  bool // as they come, for they stay
	Settles bool // no longer than until they have found a partner: there is one at most, and it stays as it is
	Matches bool // and besides, the number of partners of each, which depends on more than the key
}

// Keeping says how the join keeps its sides: here it is decided, for the operator and for those who place indexes.
func (n *Join) Keeping() (l, r Keeping) {
	switch n.Kind {
	case Inner:
		l.Settles = uniqueAndGrowing(n.R, n.RKeys)
		r.Settles = !l.Settles && uniqueAndGrowing(n.L, n.LKeys)
		if !l.Settles && !r.Settles {
			l.Listed, r.Listed = AppendOnly(n.L), AppendOnly(n.R)
		}
		return l, r
	case Semi, Anti:
		r.Counted = n.On == nil
	}
	l.Matches = n.On != nil && n.Kind != Right
	r.Matches = n.On != nil && (n.Kind == Right || n.Kind == Full)
	return l, r
}

// uniqueAndGrowing tells whether for each value of the keys n has at most one row, which once there stays as it is.
func uniqueAndGrowing(n Node, keys []expr.Expr) bool {
	if !AppendOnly(n) {
		return false
	}
	unique := UniqueKey(n)
	if unique == nil {
		return false
	}
	for _, c := range unique {
		if !slices.ContainsFunc(keys, func(e expr.Expr) bool {
			k, ok := e.(*expr.Column)
			return ok && k.Index == c
		}) {
			return false
		}
	}
	return true
}

// Indexed is the join over indexes, where what it keeps of a side is a relation by some of its columns: then whoever else keeps
// the same can share it. It is n if no side is so.
//
// Not so is a side of which less is kept, or more (Keeping); one that only grows, and so may be long while few columns of it are
// read; one of which nothing is read but keys that many rows may have: these are one row with a count to the join, and to others may
// be any number; and the left one where both would read the same index, which one join cannot do (see exec/index.go). Of several
// keys the order does not matter to the join, so it is made that of the relation's columns.
func (n *Join) Indexed() *Join {
	if n.NullEqual || len(n.LKeys) == 0 {
		return n
	}
	lget, lby := indexable(n.L, n.LKeys)
	rget, rby := indexable(n.R, n.RKeys)
	if lget == nil && rget == nil {
		return n
	}
	lkept, rkept := n.Keeping()
	if lkept.Settles || rkept.Settles {
		return n
	}
	if lkept != (Keeping{}) {
		lget = nil
	}
	if rkept != (Keeping{}) {
		rget = nil
	}
	by := rby
	switch {
	case rget == nil && lget == nil:
		return n
	case rget == nil:
		by = lby
	}
	order := upTo(len(by))
	slices.SortFunc(order, func(i, j int) int { return by[i] - by[j] })
	out := *n
	out.LKeys, out.RKeys = permuted(n.LKeys, order), permuted(n.RKeys, order)
	if rget != nil {
		out.R = &Index{rget, plainIndexes(out.RKeys)}
	}
	if lget != nil {
		index := &Index{lget, plainIndexes(out.LKeys)}
		if right, ok := out.R.(*Index); !ok || right.Operator() != index.Operator() {
			out.L = index
		}
	}
	return &out
}

// indexable is the scan that a side of a join is, if an index of its relation can stand for it, and the columns of the relation
// that its keys are; nil if not.
func indexable(n Node, keys []expr.Expr) (*Get, []int) {
	get, ok := n.(*Get)
	if !ok || AppendOnly(get) || get.Relation.Kind != catalog.Table && get.Relation.Kind != catalog.MaterializedView {
		return nil, nil
	}
	if repeats(get.Columns) {
		return nil, nil
	}
	by, ok := plainColumns(keys)
	if !ok {
		return nil, nil
	}
	for i := range by {
		by[i] = get.Columns[by[i]]
	}
	if repeats(by) || len(by) == len(get.Columns) && !HasKey(get, upTo(len(by))) {
		return nil, nil
	}
	return get, by
}

// By is the columns of the relation that the index is by.
func (n *Index) By() []int {
	by := make([]int, len(n.Keys))
	for i, k := range n.Keys {
		by[i] = n.Input.Columns[k]
	}
	return by
}

func repeats(list []int) bool {
	for i, x := range list {
		if index(list[:i], x) >= 0 {
			return true
		}
	}
	return false
}

func permuted(exprs []expr.Expr, order []int) []expr.Expr {
	out := make([]expr.Expr, len(exprs))
	for i, at := range order {
		out[i] = exprs[at]
	}
	return out
}

func plainIndexes(exprs []expr.Expr) []int {
	cols, _ := plainColumns(exprs)
	return cols
}
