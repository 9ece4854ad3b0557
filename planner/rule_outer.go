package planner

import (
	"tarn/planner/plan"
	"tarn/sql/expr"
)

// simplify outer joins: where a filter above is never true for a row made up with NULLs, the join need not make it up.
//
// Wrong if the filter can be true of NULL (x IS NULL, coalesce(x, 0) = 0): only operators known to be strict count.
func simplifyOuterJoin(_ *optimiser, n plan.Node) (plan.Node, bool) {
	f, ok := n.(*plan.Filter)
	if !ok {
		return n, false
	}
	j, ok := f.Input.(*plan.Join)
	if !ok {
		return n, false
	}
	width := plan.Width(j.L)
	noLeft := rejectsNull(f.Cond, func(c int) bool { return c < width })
	noRight := rejectsNull(f.Cond, func(c int) bool { return c >= width })
	kind := j.Kind
	switch {
	case kind == plan.Left && noRight, kind == plan.Right && noLeft, kind == plan.Full && noLeft && noRight:
		kind = plan.Inner
	case kind == plan.Full && noLeft: // the right rows without a partner are not wanted
		kind = plan.Left
	case kind == plan.Full && noRight:
		kind = plan.Right
	default:
		return n, false
	}
	out := *j
	out.Kind = kind
	return &plan.Filter{Input: &out, Cond: f.Cond}, true
}

// rejectsNull tells whether e is surely not true where all columns of a set are NULL.
func rejectsNull(e expr.Expr, in func(int) bool) bool {
	switch e := e.(type) {
	case *expr.And:
		for _, a := range e.Args {
			if rejectsNull(a, in) {
				return true
			}
		}
		return false
	case *expr.Or:
		for _, a := range e.Args {
			if !rejectsNull(a, in) {
				return false
			}
		}
		return true
	case *expr.Not:
		switch x := e.Arg.(type) {
		case *expr.IsNull:
			return isNullThere(x.Arg, in)
		case *expr.Quantified: // NOT (x = ANY (empty)) is true of NULL
			return false
		}
	case *expr.IsBool:
		return isNullThere(e.Arg, in)
	case *expr.Quantified:
		return !e.All && isNullThere(e.L, in)
	}
	return isNullThere(e, in)
}

// isNullThere tells whether e is surely NULL where all columns of a set are.
func isNullThere(e expr.Expr, in func(int) bool) bool {
	switch e := e.(type) {
	case *expr.Const:
		return e.Value.Null
	case *expr.Column:
		return in(e.Index)
	case *expr.Cast:
		return isNullThere(e.Arg, in)
	case *expr.Not:
		return isNullThere(e.Arg, in)
	case *expr.In:
		return isNullThere(e.Arg, in)
	case *expr.Call:
		if e.Fn.NullCall {
			return false
		}
		for _, a := range e.Args {
			if isNullThere(a, in) {
				return true
			}
		}
	}
	return false
}
