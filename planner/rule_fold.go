package planner

import (
	"tarn/planner/plan"
	"tarn/sql/expr"
	"tarn/sql/types"
)

// fold constants: what depends on nothing is computed now, and what a constant decides is left out.
//
// Wrong where the computation fails (1/0 in a branch that is never taken) or is not immutable (now() is another value
// tomorrow): such expressions stay.
func foldConstants(o *optimiser, n plan.Node) (plan.Node, bool) {
	changed := false
	out := mapExprs(n, func(e expr.Expr) expr.Expr {
		f := expr.Map(e, func(e expr.Expr) expr.Expr {
			s := o.simplify(e)
			changed = changed || s != e
			return s
		})
		return f
	})
	if !changed {
		return n, false
	}
	return out, true
}

func isTrue(e expr.Expr) bool {
	c, ok := e.(*expr.Const)
	return ok && !c.Value.Null && c.Value.Int != 0
}

func isFalse(e expr.Expr) bool {
	c, ok := e.(*expr.Const)
	return ok && !c.Value.Null && c.Value.Int == 0
}

// simplify looks at one expression whose operands are simple already. It gives e itself if there is nothing to do.
func (o *optimiser) simplify(e expr.Expr) expr.Expr {
	switch x := e.(type) {
	case *expr.Const, *expr.Column, *expr.Param, *expr.Fail:
		return e
	case *expr.And:
		return simplifyLogic(e, x.Args, isTrue, isFalse, func(args []expr.Expr) expr.Expr { return &expr.And{Args: args} })
	case *expr.Or:
		return simplifyLogic(e, x.Args, isFalse, isTrue, func(args []expr.Expr) expr.Expr { return &expr.Or{Args: args} })
	case *expr.Not:
		if inner, ok := x.Arg.(*expr.Not); ok {
			return inner.Arg
		}
	case *expr.Case:
		return simplifyCase(x)
	}
	if !expr.IsConst(e) {
		return e
	}
	d, err := expr.EvalConst(o.ctx, e)
	if err != nil {
		return e
	}
	if !d.Null && d.Bytes != nil {
		d.Bytes = append([]byte(nil), d.Bytes...)
	}
	return &expr.Const{T: e.Type(), Value: d}
}

// simplifyLogic flattens AND or OR, leaves out neutral terms, and stops at a term that decides.
func simplifyLogic(e expr.Expr, args []expr.Expr, neutral, decides func(expr.Expr) bool, make func([]expr.Expr) expr.Expr) expr.Expr {
	var out []expr.Expr
	_, isAnd := e.(*expr.And)
	for _, a := range args {
		if decides(a) {
			return a
		}
		if neutral(a) {
			continue
		}
		if inner, ok := a.(*expr.And); ok && isAnd {
			out = append(out, inner.Args...)
			continue
		}
		if inner, ok := a.(*expr.Or); ok && !isAnd {
			out = append(out, inner.Args...)
			continue
		}
		out = append(out, a)
	}
	switch {
	case len(out) == 0:
		return boolConst(isAnd)
	case len(out) == 1:
		return out[0]
	case len(out) == len(args):
		return e
	}
	return make(out)
}

// simplifyCase leaves out arms that are never taken, and what stands behind an arm that always is.
func simplifyCase(e *expr.Case) expr.Expr {
	var whens []expr.When
	for _, w := range e.Whens {
		if c, ok := w.Cond.(*expr.Const); ok {
			if !isTrue(c) {
				continue
			}
			if len(whens) == 0 {
				return w.Then
			}
			return &expr.Case{T: e.T, Whens: whens, Else: w.Then}
		}
		whens = append(whens, w)
	}
	switch {
	case len(whens) == len(e.Whens):
		return e
	case len(whens) > 0:
		return &expr.Case{T: e.T, Whens: whens, Else: e.Else}
	case e.Else == nil:
		return &expr.Const{T: e.T, Value: types.Null}
	}
	return e.Else
}

// mapExprs is n with f applied to every expression of it.
func mapExprs(n plan.Node, f func(expr.Expr) expr.Expr) plan.Node {
	one := func(e expr.Expr) expr.Expr {
		if e == nil {
			return nil
		}
		return f(e)
	}
	all := func(list []expr.Expr) []expr.Expr {
		if list == nil {
			return nil
		}
		out := make([]expr.Expr, len(list))
		for i, e := range list {
			out[i] = one(e)
		}
		return out
	}
	order := func(list []plan.Order) []plan.Order {
		out := make([]plan.Order, len(list))
		for i, o := range list {
			o.Expr = one(o.Expr)
			out[i] = o
		}
		return out
	}
	switch n := n.(type) {
	case *plan.Constant:
		c := *n
		c.Rows = make([][]expr.Expr, len(n.Rows))
		for i := range n.Rows {
			c.Rows[i] = all(n.Rows[i])
		}
		return &c
	case *plan.Filter:
		return &plan.Filter{Input: n.Input, Cond: one(n.Cond)}
	case *plan.Project:
		return &plan.Project{Input: n.Input, Exprs: all(n.Exprs), Fields: n.Fields}
	case *plan.Join:
		c := *n
		c.LKeys, c.RKeys, c.On = all(n.LKeys), all(n.RKeys), one(n.On)
		return &c
	case *plan.Aggregate:
		c := *n
		c.Keys = all(n.Keys)
		c.Aggs = make([]plan.Agg, len(n.Aggs))
		for i, a := range n.Aggs {
			a.Args, a.Filter, a.OrderBy = all(a.Args), one(a.Filter), order(a.OrderBy)
			c.Aggs[i] = a
		}
		return &c
	case *plan.TopK:
		c := *n
		c.Keys, c.OrderBy, c.Limit, c.Offset = all(n.Keys), order(n.OrderBy), one(n.Limit), one(n.Offset)
		return &c
	case *plan.FlatMap:
		c := *n
		c.Args = all(n.Args)
		return &c
	}
	return n
}
