package planner

import (
	"slices"

	"tarn/planner/plan"
	"tarn/sql/expr"
)

// merge projections: one projection computes what two did.
//
// Wrong for volatile expressions, and wasteful if the upper one uses something costly of the lower one twice.
func mergeProjects(_ *optimiser, n plan.Node) (plan.Node, bool) {
	p, ok := n.(*plan.Project)
	if !ok {
		return n, false
	}
	inner, ok := p.Input.(*plan.Project)
	if !ok || volatile(inner.Exprs...) {
		return n, false
	}
	uses := make([]int, len(inner.Exprs))
	for _, e := range p.Exprs {
		expr.Walk(e, func(e expr.Expr) bool {
			if c, ok := e.(*expr.Column); ok {
				uses[c.Index]++
			}
			return true
		})
	}
	for i, e := range inner.Exprs {
		if uses[i] > 1 && !cheap(e) {
			return n, false
		}
	}
	out := &plan.Project{Input: inner.Input, Fields: p.Fields, Exprs: make([]expr.Expr, len(p.Exprs))}
	for i, e := range p.Exprs {
		out.Exprs[i] = expr.Substitute(e, inner.Exprs)
	}
	return out, true
}

func cheap(e expr.Expr) bool {
	switch e.(type) {
	case *expr.Column, *expr.Const, *expr.Param:
		return true
	}
	return false
}

// compute constant rows: a projection of rows that are given is rows that are given.
//
// Wrong for a cost beyond the statement: never; each expression is still computed once a row.
func computeConstantRows(_ *optimiser, n plan.Node) (plan.Node, bool) {
	p, ok := n.(*plan.Project)
	if !ok {
		return n, false
	}
	c, ok := p.Input.(*plan.Constant)
	if !ok {
		return n, false
	}
	for _, row := range c.Rows {
		if volatile(row...) {
			return n, false
		}
	}
	out := &plan.Constant{Fields: p.Fields, Rows: make([][]expr.Expr, len(c.Rows))}
	for i, row := range c.Rows {
		out.Rows[i] = make([]expr.Expr, len(p.Exprs))
		for k, e := range p.Exprs {
			out.Rows[i][k] = expr.Substitute(e, row)
		}
	}
	return out, true
}

// remove useless projection: one that passes on all columns in order. If it renames them, the operator below takes the names,
// where it has any of its own.
//
// Wrong if the names get lost: they are those the client sees.
func removeIdentity(_ *optimiser, n plan.Node) (plan.Node, bool) {
	p, ok := n.(*plan.Project)
	if !ok || !renames(p) {
		return n, false
	}
	if slices.Equal(p.Fields, p.Input.Schema()) {
		return p.Input, true
	}
	switch in := p.Input.(type) {
	case *plan.Aggregate:
		c := *in
		c.Fields = p.Fields
		return &c, true
	case *plan.Union:
		return &plan.Union{Children: in.Children, Fields: p.Fields}, true
	case *plan.Constant:
		return &plan.Constant{Rows: in.Rows, Fields: p.Fields}, true
	}
	return n, false
}

// flatten unions: a union of unions is one union, and a union of one input is that input.
//
// Wrong for the names of columns, which are the first input's: a projection keeps them.
func flattenUnions(_ *optimiser, n plan.Node) (plan.Node, bool) {
	u, ok := n.(*plan.Union)
	if !ok {
		return n, false
	}
	if len(u.Children) == 1 {
		exprs, _ := passOn(u.Children[0])
		return &plan.Project{Input: u.Children[0], Exprs: exprs, Fields: u.Fields}, true
	}
	inputs := func(c plan.Node) []plan.Node {
		if p, ok := c.(*plan.Project); ok && renames(p) { // one that only renames
			c = p.Input
		}
		if inner, ok := c.(*plan.Union); ok {
			return inner.Children
		}
		return nil
	}
	total := 0
	for _, c := range u.Children {
		total += max(1, len(inputs(c)))
	}
	if total > maxFlat && total > len(u.Children) {
		return n, false
	}
	var flat []plan.Node
	nested := false
	for _, c := range u.Children {
		if in := inputs(c); in != nil {
			flat, nested = append(flat, in...), true
		} else {
			flat = append(flat, c)
		}
	}
	if !nested {
		return n, false
	}
	return &plan.Union{Children: flat, Fields: u.Fields}, true
}

// maxFlat bounds the inputs of a flattened union: of unions that use others twice there would be more at every level.
const maxFlat = 1024

// renames tells whether a projection passes on all columns in order.
func renames(p *plan.Project) bool {
	if len(p.Exprs) != plan.Width(p.Input) {
		return false
	}
	for i, e := range p.Exprs {
		if !isColumn(e, i) {
			return false
		}
	}
	return true
}

// remove useless distinct: rows with a unique key are distinct already.
//
// Wrong if the key is only believed: keys come from declarations that are enforced, and from operators.
func removeDistinct(_ *optimiser, n plan.Node) (plan.Node, bool) {
	d, ok := n.(*plan.Distinct)
	if !ok || plan.UniqueKey(d.Input) == nil {
		return n, false
	}
	return d.Input, true
}
