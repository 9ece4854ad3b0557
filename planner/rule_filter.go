package planner

import (
	"tarn/planner/plan"
	"tarn/sql/expr"
)

// merge filters: two filters are one with the conjunction, so that a failing term of one is excused by the other.
//
// Never wrong.
func mergeFilters(_ *optimiser, n plan.Node) (plan.Node, bool) {
	f, ok := n.(*plan.Filter)
	if !ok {
		return n, false
	}
	inner, ok := f.Input.(*plan.Filter)
	if !ok {
		return n, false
	}
	return &plan.Filter{Input: inner.Input, Cond: and(inner.Cond, f.Cond)}, true
}

// push filter below projection: rows are thrown away before anything is computed for them, and the filter comes nearer to
// the relation it is about.
//
// Wrong if the projection computes something volatile: the filter would see another value.
func pushFilterBelowProject(_ *optimiser, n plan.Node) (plan.Node, bool) {
	f, ok := n.(*plan.Filter)
	if !ok {
		return n, false
	}
	p, ok := f.Input.(*plan.Project)
	if !ok || volatile(p.Exprs...) {
		return n, false
	}
	return &plan.Project{Input: &plan.Filter{Input: p.Input, Cond: expr.Substitute(f.Cond, p.Exprs)}, Exprs: p.Exprs, Fields: p.Fields}, true
}

// push filter below join: a term about one side filters that side; a term about both sides of an inner join becomes part of
// the join's condition.
//
// Wrong for the side of an outer join that may be missing: there the filter also removes the rows made up with NULLs.
func pushFilterBelowJoin(_ *optimiser, n plan.Node) (plan.Node, bool) {
	f, ok := n.(*plan.Filter)
	if !ok {
		return n, false
	}
	j, ok := f.Input.(*plan.Join)
	if !ok {
		return n, false
	}
	width := plan.Width(j.L)
	onLeft := func(c int) bool { return c < width }
	onRight := func(c int) bool { return c >= width }
	terms := conjuncts(f.Cond)
	var left, right, both []expr.Expr
	switch j.Kind {
	case plan.Inner:
		left, terms = split(terms, onLeft)
		right, terms = split(terms, onRight)
		both, terms = split(terms, func(int) bool { return true })
	case plan.Left, plan.Semi, plan.Anti:
		left, terms = split(terms, onLeft)
	case plan.Right:
		right, terms = split(terms, onRight)
	}
	if len(left)+len(right)+len(both) == 0 {
		return n, false
	}
	out := *j
	out.L = filterBy(j.L, left...)
	out.R = filterBy(j.R, shiftAll(right, -width)...)
	out.On = and(append([]expr.Expr{j.On}, both...)...)
	return filterBy(&out, terms...), true
}

// push filter below aggregate: a term about the grouping keys is true for all rows of a group or for none. The same holds for
// the groups of a top-k, and for DISTINCT, whose groups are all columns.
//
// Wrong for a term about an aggregate, and for an aggregate without keys, whose one row is there even over nothing.
func pushFilterBelowAggregate(_ *optimiser, n plan.Node) (plan.Node, bool) {
	f, ok := n.(*plan.Filter)
	if !ok {
		return n, false
	}
	terms := conjuncts(f.Cond)
	switch in := f.Input.(type) {
	case *plan.Aggregate:
		below, above := split(terms, func(c int) bool { return c < len(in.Keys) })
		below, constant := splitConstant(below)
		if len(below) == 0 || volatile(in.Keys...) {
			return n, false
		}
		out := *in
		moved := make([]expr.Expr, len(below))
		for i, t := range below {
			moved[i] = expr.Substitute(t, in.Keys)
		}
		out.Input = filterBy(in.Input, moved...)
		return filterBy(&out, append(above, constant...)...), true
	case *plan.TopK:
		keys := map[int]bool{}
		for _, k := range in.Keys {
			if c, ok := k.(*expr.Column); ok {
				keys[c.Index] = true
			}
		}
		below, above := split(terms, func(c int) bool { return keys[c] })
		below, constant := splitConstant(below)
		if len(below) == 0 {
			return n, false
		}
		out := *in
		out.Input = filterBy(in.Input, below...)
		return filterBy(&out, append(above, constant...)...), true
	case *plan.Distinct:
		if volatile(f.Cond) {
			return n, false
		}
		return &plan.Distinct{Input: filterBy(in.Input, terms...)}, true
	}
	return n, false
}

// splitConstant takes the terms that are about no column apart.
func splitConstant(terms []expr.Expr) (about, constant []expr.Expr) {
	for _, t := range terms {
		if len(expr.Columns(t)) == 0 {
			constant = append(constant, t)
		} else {
			about = append(about, t)
		}
	}
	return about, constant
}

// push filter below set operation: the rows of a union that pass are those of its inputs that pass; negation and threshold
// keep rows or drop them whole.
//
// Wrong for a volatile condition, which would be asked of equal rows separately.
func pushFilterBelowUnion(_ *optimiser, n plan.Node) (plan.Node, bool) {
	f, ok := n.(*plan.Filter)
	if !ok || volatile(f.Cond) {
		return n, false
	}
	switch in := f.Input.(type) {
	case *plan.Union:
		children := make([]plan.Node, len(in.Children))
		for i, c := range in.Children {
			children[i] = &plan.Filter{Input: c, Cond: f.Cond}
		}
		return &plan.Union{Children: children, Fields: in.Fields}, true
	case *plan.Negate:
		return &plan.Negate{Input: &plan.Filter{Input: in.Input, Cond: f.Cond}}, true
	case *plan.Threshold:
		return &plan.Threshold{Input: &plan.Filter{Input: in.Input, Cond: f.Cond}, Distinct: in.Distinct}, true
	}
	return n, false
}

// push filter below function call: a term about the input of a set-returning function saves the call.
//
// Wrong for a term about what the function returns.
func pushFilterBelowFlatMap(_ *optimiser, n plan.Node) (plan.Node, bool) {
	f, ok := n.(*plan.Filter)
	if !ok {
		return n, false
	}
	m, ok := f.Input.(*plan.FlatMap)
	if !ok {
		return n, false
	}
	width := plan.Width(m.Input)
	below, above := split(conjuncts(f.Cond), func(c int) bool { return c < width })
	if len(below) == 0 {
		return n, false
	}
	out := *m
	out.Input = filterBy(m.Input, below...)
	return filterBy(&out, above...), true
}
