package planner

import (
	"tarn/planner/plan"
	"tarn/sql/expr"
	"tarn/sql/functions"
	"tarn/sql/types"
)

// split join condition: equalities between the sides become keys, which are found by hashing, and terms about one side
// filter it before the join.
//
// Wrong for a term about the preserved side of an outer join or antijoin: rows that fail it survive, without a partner.
func splitJoinCondition(_ *optimiser, n plan.Node) (plan.Node, bool) {
	j, ok := n.(*plan.Join)
	if !ok || j.On == nil {
		return n, false
	}
	width := plan.Width(j.L)
	onLeft := func(c int) bool { return c < width }
	onRight := func(c int) bool { return c >= width }
	terms := conjuncts(j.On)
	count := len(terms)
	var left, right []expr.Expr
	if j.Kind == plan.Inner || j.Kind == plan.Right || j.Kind == plan.Semi {
		left, terms = split(terms, onLeft)
	}
	if j.Kind != plan.Right && j.Kind != plan.Full {
		right, terms = split(terms, onRight)
		about, constant := splitConstant(right)
		right, terms = about, append(terms, constant...)
	}
	out := *j
	var rest []expr.Expr
	for _, t := range terms {
		l, r, nullEqual, ok := keyPair(t, onLeft, onRight)
		if !ok || len(out.LKeys) > 0 && nullEqual != out.NullEqual || volatile(t) {
			rest = append(rest, t)
			continue
		}
		out.NullEqual = nullEqual
		out.LKeys = append(out.LKeys[:len(out.LKeys):len(out.LKeys)], l)
		out.RKeys = append(out.RKeys[:len(out.RKeys):len(out.RKeys)], expr.Shift(r, -width))
	}
	if len(left)+len(right) == 0 && len(rest) == count {
		return n, false
	}
	out.L = filterBy(j.L, left...)
	out.R = filterBy(j.R, shiftAll(right, -width)...)
	out.On = and(rest...)
	return &out, true
}

// keyPair takes an equality between the sides apart, with both made to be of one type.
func keyPair(t expr.Expr, onLeft, onRight func(int) bool) (l, r expr.Expr, nullEqual, ok bool) {
	switch e := t.(type) {
	case *expr.NotDistinct:
		l, r, nullEqual = e.L, e.R, true
	default:
		if l, r, ok = equalSides(t); !ok {
			return nil, nil, false, false
		}
	}
	if len(expr.Columns(l)) == 0 || len(expr.Columns(r)) == 0 {
		return nil, nil, false, false
	}
	if allColumns(r, onLeft) && allColumns(l, onRight) {
		l, r = r, l
	}
	if !allColumns(l, onLeft) || !allColumns(r, onRight) {
		return nil, nil, false, false
	}
	if l, r, ok = sameType(l, r); !ok {
		return nil, nil, false, false
	}
	return l, r, nullEqual, true
}

// sameType casts one of two comparable expressions to the type of the other. Only numbers and strings are: between dates and
// timestamps a cast may depend on the zone.
func sameType(l, r expr.Expr) (expr.Expr, expr.Expr, bool) {
	lt, rt := l.Type(), r.Type()
	if lt.OID == rt.OID {
		return l, r, true
	}
	category := lt.Info().Category
	if category != rt.Info().Category || category != 'N' && category != 'S' || lt.OID == types.BpcharOID || rt.OID == types.BpcharOID {
		return nil, nil, false
	}
	if c, ok := functions.FindCast(lt.OID, rt.OID, functions.Implicit); ok && c != nil {
		return &expr.Cast{T: types.Of(rt.OID), Arg: l, Cast: c}, r, true
	}
	if c, ok := functions.FindCast(rt.OID, lt.OID, functions.Implicit); ok && c != nil {
		return l, &expr.Cast{T: types.Of(lt.OID), Arg: r, Cast: c}, true
	}
	return nil, nil, false
}

// order joins to avoid cross products: FROM a, b, c WHERE a.x = c.x AND b.y = c.y joins a with c before b. Among the relations
// that an equality ties to those joined already, the first in the text comes next.
//
// Wrong across outer joins, which do not commute: only trees of inner joins are taken apart.
func orderJoins(_ *optimiser, n plan.Node) (plan.Node, bool) {
	j, ok := n.(*plan.Join)
	if !ok || j.Kind != plan.Inner {
		return n, false
	}
	t := &joinTree{}
	t.flatten(j, 0)
	if len(t.leaves) < 3 || !t.hasCross {
		return n, false
	}
	order := t.choose()
	same := true
	for i := range order {
		same = same && order[i] == i
	}
	if same {
		return n, false
	}
	return t.build(order, j), true
}

// joinTree is a tree of inner joins taken apart: its leaves, where their columns start, and all conditions.
type joinTree struct {
	leaves   []plan.Node
	starts   []int
	terms    []expr.Expr
	hasCross bool
}

func (t *joinTree) flatten(n plan.Node, start int) {
	j, ok := n.(*plan.Join)
	if !ok || j.Kind != plan.Inner || j.NullEqual || volatile(j.On) {
		t.leaves, t.starts = append(t.leaves, n), append(t.starts, start)
		return
	}
	width := plan.Width(j.L)
	t.flatten(j.L, start)
	t.flatten(j.R, start+width)
	cross := len(j.LKeys) == 0
	for i := range j.LKeys {
		t.terms = append(t.terms, equals(expr.Shift(j.LKeys[i], start), expr.Shift(j.RKeys[i], start+width)))
	}
	for _, c := range conjuncts(j.On) {
		if _, _, _, ok := keyPair(c, func(c int) bool { return c < width }, func(c int) bool { return c >= width }); ok {
			cross = false
		}
		t.terms = append(t.terms, expr.Shift(c, start))
	}
	t.hasCross = t.hasCross || cross
}

// equals is l = r for two keys of one type.
func equals(l, r expr.Expr) expr.Expr {
	fn, err := functions.ResolveOperator("=", l.Type().OID, r.Type().OID)
	if err != nil {
		panic("planner: a join key has no equality")
	}
	args := []expr.Expr{l, r}
	for i := range args {
		if args[i].Type().OID != fn.Args[i] {
			c, _ := functions.FindCast(args[i].Type().OID, fn.Args[i], functions.Implicit)
			args[i] = &expr.Cast{T: types.Of(fn.Args[i]), Arg: args[i], Cast: c}
		}
	}
	return &expr.Call{T: boolType, Fn: fn, Args: args, Operator: true}
}

// leaf is the leaf that column c belongs to.
func (t *joinTree) leaf(c int) int {
	for i := len(t.starts) - 1; i >= 0; i-- {
		if c >= t.starts[i] {
			return i
		}
	}
	return 0
}

func (t *joinTree) choose() []int {
	joined := map[int]bool{0: true}
	order := []int{0}
	for len(order) < len(t.leaves) {
		next := -1
		for i := range t.leaves {
			if !joined[i] && t.tied(i, joined) {
				next = i
				break
			}
		}
		if next < 0 { // nothing is tied to these: the next in the text starts anew
			for i := range t.leaves {
				if !joined[i] {
					next = i
					break
				}
			}
		}
		joined[next] = true
		order = append(order, next)
	}
	return order
}

// tied tells whether an equality ties a leaf to those joined already.
func (t *joinTree) tied(i int, joined map[int]bool) bool {
	for _, term := range t.terms {
		_, _, _, ok := keyPair(term, func(c int) bool { return joined[t.leaf(c)] }, func(c int) bool { return t.leaf(c) == i })
		if ok {
			return true
		}
	}
	return false
}

// build joins the leaves in an order, each condition as soon as its columns are there, and restores the order of columns.
func (t *joinTree) build(order []int, was *plan.Join) plan.Node {
	at := map[int]int{} // column of the old order to the new one
	var out plan.Node
	width := 0
	terms := t.terms
	for _, i := range order {
		leaf := t.leaves[i]
		n := plan.Width(leaf)
		for c := 0; c < n; c++ {
			at[t.starts[i]+c] = width + c
		}
		width += n
		if out == nil {
			out = leaf
			continue
		}
		j := &plan.Join{Kind: plan.Inner, L: out, R: leaf}
		var now, later []expr.Expr
		for _, term := range terms {
			if allColumns(term, func(c int) bool { _, ok := at[c]; return ok }) {
				now = append(now, expr.Remap(term, func(c int) int { return at[c] }))
			} else {
				later = append(later, term)
			}
		}
		j.On, terms = and(now...), later
		out = j
	}
	p := &plan.Project{Input: out, Fields: was.Schema()}
	for c, f := range p.Fields {
		p.Exprs = append(p.Exprs, &expr.Column{T: f.Type, Index: at[c], Name: f.Name})
	}
	return p
}

// carry constants across equal keys: of a.x = b.y and a.x = 5 follows b.y = 5, which filters b before the join.
//
// Wrong for types whose equal values differ (1.0 = 1.00 but not in every function): only the comparison itself is carried,
// and only with the very operator of the key's type.
func carryConstants(_ *optimiser, n plan.Node) (plan.Node, bool) {
	j, ok := n.(*plan.Join)
	if !ok || j.NullEqual || j.Kind != plan.Inner && j.Kind != plan.Semi {
		return n, false
	}
	var toLeft, toRight []expr.Expr
	for i := range j.LKeys {
		toRight = append(toRight, carried(j.L, j.R, j.LKeys[i], j.RKeys[i])...)
		toLeft = append(toLeft, carried(j.R, j.L, j.RKeys[i], j.LKeys[i])...)
	}
	if len(toLeft)+len(toRight) == 0 {
		return n, false
	}
	out := *j
	out.L, out.R = filterBy(j.L, toLeft...), filterBy(j.R, toRight...)
	return &out, true
}

// carried is what a filter on one side of a join says about its key, said about the other side's.
func carried(from, to plan.Node, key, other expr.Expr) []expr.Expr {
	f, ok := from.(*plan.Filter)
	if !ok {
		return nil
	}
	var have []expr.Expr
	if g, ok := to.(*plan.Filter); ok {
		have = conjuncts(g.Cond)
	}
	var out []expr.Expr
	for _, t := range conjuncts(f.Cond) {
		l, r, ok := equalSides(t)
		if !ok {
			continue
		}
		if !expr.Equal(l, key) {
			l, r = r, l
		}
		if !expr.Equal(l, key) || len(expr.Columns(r)) > 0 || r.Type().OID != other.Type().OID || volatile(r) {
			continue
		}
		carry, known := equals(other, r), false
		for _, h := range have {
			known = known || expr.Equal(h, carry)
		}
		if !known && !saidBelow(to, carry) {
			out = append(out, carry)
		}
	}
	return out
}

// saidBelow tells whether a filter further down says the same already, so that the rule comes to an end.
func saidBelow(n plan.Node, term expr.Expr) bool {
	switch n := n.(type) {
	case *plan.Filter:
		for _, t := range conjuncts(n.Cond) {
			if expr.Equal(t, term) {
				return true
			}
		}
		return saidBelow(n.Input, term)
	case *plan.Project:
		if volatile(n.Exprs...) {
			return true
		}
		return saidBelow(n.Input, expr.Substitute(term, n.Exprs))
	case *plan.Join:
		width := plan.Width(n.L)
		if allColumns(term, func(c int) bool { return c < width }) && n.Kind != plan.Right && n.Kind != plan.Full {
			return saidBelow(n.L, term)
		}
		if allColumns(term, func(c int) bool { return c >= width }) && (n.Kind == plan.Inner || n.Kind == plan.Right) {
			return saidBelow(n.R, expr.Shift(term, -width))
		}
		return true // it could not go below: carrying it gains little
	case *plan.Get:
		return false
	}
	return true
}
