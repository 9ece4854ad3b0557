package planner

import (
	"slices"

	"tarn/planner/plan"
	"tarn/sql/expr"
	"tarn/sql/types"
)

// read only the first rows: min and max of the leading column of a table's key, or of the one behind those that are fixed, are of
// the first row in the order of the key, forward or backward; so a one-time query reads it in that order and stops. ORDER BY and
// LIMIT of a subquery over the whole key are read so too.
//
// Wrong in a view, where the row may go, for the key of a view, which may be NULL, for a part of the key in a subquery, where it
// would be the order of reading that chooses among equal rows, and where something volatile is below, which others may read too.
// Slower for min and max where a filter of other columns may find its first row late: reading backward costs more.
func (o *optimiser) first(n plan.Node, done map[plan.Node]plan.Node) plan.Node {
	if out, ok := done[n]; ok {
		return out
	}
	out := mapInputs(n, func(in plan.Node) plan.Node { return o.first(in, done) })
	var better plan.Node
	switch n := out.(type) {
	case *plan.Aggregate:
		better = firstExtremes(n)
	case *plan.TopK:
		better = firstRows(n)
	}
	if better != nil {
		out, o.firsts = better, true
	}
	done[n] = out
	return out
}

// firstRows is a TopK that is read in its order; nil if it cannot be.
func firstRows(n *plan.TopK) plan.Node {
	if len(n.Keys) > 0 || n.Limit == nil || n.Ordered {
		return nil
	}
	columns, order, ok := sortColumns(n.OrderBy)
	if !ok || !steady(n.Input) || !plan.HasKey(n.Input, columns) {
		return nil
	}
	in := inOrder(n.Input, columns, order)
	if in == nil {
		return nil
	}
	out := *n
	out.Input, out.Ordered = in, true
	return &out
}

// firstExtremes is an aggregate of the first row only, or several such side by side; nil if that cannot be.
func firstExtremes(n *plan.Aggregate) plan.Node {
	if len(n.Keys) > 0 || len(n.Aggs) == 0 || n.Grouped && len(n.Aggs) > 1 || !steady(n.Input) {
		return nil
	}
	parts := make([]plan.Node, len(n.Aggs))
	for i := range n.Aggs {
		input := firstRow(n.Input, &n.Aggs[i])
		if input == nil {
			return nil
		}
		part := *n
		part.Input, part.Aggs, part.Fields = input, n.Aggs[i:i+1], n.Fields[i:i+1]
		parts[i] = &part
	}
	out := parts[0]
	for _, part := range parts[1:] {
		out = &plan.Join{Kind: plan.Inner, L: out, R: part}
	}
	return out
}

// firstRow is the row that decides a call of min or max; nil if that is not the first in the order of a key.
func firstRow(in plan.Node, call *plan.Agg) plan.Node {
	if call.Fn.Extreme == 0 || call.Filter != nil || len(call.Args) != 1 {
		return nil
	}
	c, ok := sameOrder(call.Args[0]).(*expr.Column)
	if !ok {
		return nil
	}
	by := plan.Order{Expr: c, Desc: call.Fn.Extreme > 0, NullsFirst: call.Fn.Extreme > 0}
	order := plan.Forward
	if by.Desc {
		order = plan.Backward
	}
	if in = inOrder(in, []int{c.Index}, order); in == nil || !filteredByKey(in) {
		return nil
	}
	one := &expr.Const{T: types.Of(types.Int8OID), Value: types.Datum{Int: 1}}
	return &plan.TopK{Input: in, OrderBy: []plan.Order{by}, Limit: one, Ordered: true}
}

// sameOrder is e without a cast that gives strings another name and leaves them in their order.
func sameOrder(e expr.Expr) expr.Expr {
	if c, ok := e.(*expr.Cast); ok && c.Cast != nil && c.Cast.Eval == nil && c.Arg.Type().OID == types.VarcharOID && c.T.OID == types.TextOID {
		return c.Arg
	}
	return e
}

// filteredByKey tells whether the filters over a relation look at the columns of its key only.
func filteredByKey(n plan.Node) bool {
	f, ok := n.(*plan.Filter)
	if !ok {
		return len(n.Inputs()) == 0 || filteredByKey(n.Inputs()[0])
	}
	g, ok := f.Input.(*plan.Get)
	return ok && allColumns(f.Cond, func(c int) bool { return slices.Contains(g.Relation.Key, g.Columns[c]) })
}

// steady tells whether nothing in filters and projections is volatile.
func steady(n plan.Node) bool {
	switch n := n.(type) {
	case *plan.Filter:
		return !volatile(n.Cond) && steady(n.Input)
	case *plan.Project:
		return !slices.ContainsFunc(n.Exprs, func(e expr.Expr) bool { return volatile(e) }) && steady(n.Input)
	}
	return true
}
