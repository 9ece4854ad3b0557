package planner

import (
	"tarn/planner/plan"
	"tarn/sql/expr"
)

// drop what is empty: a filter that is always true goes, one that never is gives no rows, and what is computed from no rows
// has none.
//
// Wrong for an aggregate without keys, which has a row over nothing, and for the side of an outer join that only adds.
func dropEmpty(_ *optimiser, n plan.Node) (plan.Node, bool) {
	switch n := n.(type) {
	case *plan.Filter:
		if isTrue(n.Cond) {
			return n.Input, true
		}
		if _, constant := n.Cond.(*expr.Const); constant || isEmpty(n.Input) {
			return empty(n), true
		}
	case *plan.Project:
		return emptyIf(n, isEmpty(n.Input))
	case *plan.Distinct:
		return emptyIf(n, isEmpty(n.Input))
	case *plan.Negate:
		return emptyIf(n, isEmpty(n.Input))
	case *plan.Threshold:
		return emptyIf(n, isEmpty(n.Input))
	case *plan.FlatMap:
		return emptyIf(n, isEmpty(n.Input))
	case *plan.TopK:
		return emptyIf(n, isEmpty(n.Input) || isZero(n.Limit))
	case *plan.Aggregate:
		return emptyIf(n, (n.Grouped || len(n.Keys) > 0) && isEmpty(n.Input))
	case *plan.Join:
		l, r := isEmpty(n.L), isEmpty(n.R)
		switch n.Kind {
		case plan.Inner, plan.Semi:
			return emptyIf(n, l || r)
		case plan.Left:
			return emptyIf(n, l)
		case plan.Right:
			return emptyIf(n, r)
		case plan.Anti:
			if r {
				return n.L, true
			}
			return emptyIf(n, l)
		}
	case *plan.Union:
		var rest []plan.Node
		for _, c := range n.Children {
			if !isEmpty(c) {
				rest = append(rest, c)
			}
		}
		switch {
		case len(rest) == len(n.Children):
		case len(rest) == 0:
			return empty(n), true
		default:
			return &plan.Union{Children: rest, Fields: n.Fields}, true
		}
	}
	return n, false
}

func isEmpty(n plan.Node) bool {
	c, ok := n.(*plan.Constant)
	return ok && len(c.Rows) == 0
}

func isZero(e expr.Expr) bool {
	c, ok := e.(*expr.Const)
	return ok && !c.Value.Null && c.Value.Int == 0
}

func empty(n plan.Node) plan.Node { return &plan.Constant{Fields: n.Schema()} }

func emptyIf(n plan.Node, is bool) (plan.Node, bool) {
	if is {
		return empty(n), true
	}
	return n, false
}
