package planner

import (
	"slices"

	"tarn/planner/plan"
	"tarn/sql/expr"
)

// factor out of OR what all branches ask: (a AND b) OR (a AND c) is a AND (b OR c), in three-valued logic too. Then a can be a
// key of a join, or go below it, where the whole could not (TPC-H query 19).
//
// Wrong for a volatile term, which would be computed once instead of for each branch.
func factorOr(_ *optimiser, n plan.Node) (plan.Node, bool) {
	switch n := n.(type) {
	case *plan.Filter:
		if cond, ok := factored(n.Cond); ok {
			return &plan.Filter{Input: n.Input, Cond: cond}, true
		}
	case *plan.Join:
		if cond, ok := factored(n.On); ok {
			out := *n
			out.On = cond
			return &out, true
		}
	}
	return n, false
}

// factored is a condition with the common terms of each OR among its terms taken out.
func factored(cond expr.Expr) (expr.Expr, bool) {
	var out []expr.Expr
	changed := false
	for _, term := range conjuncts(cond) {
		or, ok := term.(*expr.Or)
		if !ok || volatile(term) {
			out = append(out, term)
			continue
		}
		common := commonTerms(or)
		if len(common) == 0 {
			out = append(out, term)
			continue
		}
		changed = true
		out = append(out, common...)
		var rest []expr.Expr
		for _, branch := range or.Args {
			left := without(conjuncts(branch), common)
			if len(left) == 0 { // this branch asks nothing else: so does the whole
				rest = nil
				break
			}
			rest = append(rest, and(left...))
		}
		if len(rest) > 0 {
			out = append(out, &expr.Or{Args: rest})
		}
	}
	if !changed {
		return cond, false
	}
	return and(out...), true
}

// commonTerms are the terms that every branch has, each once.
func commonTerms(or *expr.Or) []expr.Expr {
	var common []expr.Expr
	for _, e := range conjuncts(or.Args[0]) {
		if !has(common, e) {
			common = append(common, e)
		}
	}
	for _, branch := range or.Args[1:] {
		terms := conjuncts(branch)
		common = slices.DeleteFunc(common, func(e expr.Expr) bool { return !has(terms, e) })
	}
	return common
}

func has(terms []expr.Expr, e expr.Expr) bool {
	return slices.ContainsFunc(terms, func(t expr.Expr) bool { return expr.Equal(t, e) })
}

// without are the terms that are not among others.
func without(terms, others []expr.Expr) []expr.Expr {
	return slices.DeleteFunc(slices.Clone(terms), func(e expr.Expr) bool { return has(others, e) })
}
