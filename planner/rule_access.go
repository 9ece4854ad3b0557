package planner

import (
	"tarn/planner/plan"
	"tarn/sql/expr"
	"tarn/sql/types"
)

// find rows by key: a filter by equality on the leading columns of a relation's key, and by a range or by a list of values on
// the next one, tells a one-time query which rows it needs to read.
//
// Wrong in a view, which sees all changes; and for an expression of another type than the column, whose key would be other
// bytes. The filter stays above.
func (o *optimiser) access(n plan.Node, done map[plan.Node]plan.Node) plan.Node {
	if out, ok := done[n]; ok {
		return out
	}
	out := o.accessNode(mapInputs(n, func(in plan.Node) plan.Node { return o.access(in, done) }))
	done[n] = out
	return out
}

func (o *optimiser) accessNode(n plan.Node) plan.Node {
	f, ok := n.(*plan.Filter)
	if !ok {
		return n
	}
	g, ok := f.Input.(*plan.Get)
	if !ok || len(g.Relation.Key) == 0 {
		return n
	}
	terms := conjuncts(f.Cond)
	out := *g
	for _, k := range g.Relation.Key {
		e := keyEquals(g, terms, k)
		if e == nil {
			if out.Any = keyAnyOf(g, terms, k); out.Any == nil {
				out.Lo, out.Hi = keyRange(g, terms, k)
			}
			break
		}
		out.Key = append(out.Key, e)
	}
	out.Whole = len(out.Key) == len(terms) // two terms about one column leave one out
	if len(out.Key) == 0 && out.Lo == nil && out.Hi == nil && out.Any == nil {
		return n
	}
	o.byKey = true
	return &plan.Filter{Input: &out, Cond: f.Cond}
}

// keyEquals is what the filter wants column k of the relation to equal, or nil.
func keyEquals(g *plan.Get, terms []expr.Expr, k int) expr.Expr {
	for _, t := range terms {
		if op, e := keyComparison(g, t, k); op == "=" {
			return e
		}
	}
	return nil
}

func keyRange(g *plan.Get, terms []expr.Expr, k int) (lo, hi *plan.Bound) {
	for _, t := range terms {
		switch op, e := keyComparison(g, t, k); op {
		case ">", ">=":
			if lo == nil {
				lo = &plan.Bound{Expr: e, Inclusive: op == ">="}
			}
		case "<", "<=":
			if hi == nil {
				hi = &plan.Bound{Expr: e, Inclusive: op == "<="}
			}
		}
	}
	return lo, hi
}

// keyAnyOf is the values of which column k must equal one, or nil.
func keyAnyOf(g *plan.Get, terms []expr.Expr, k int) *plan.AnyOf {
	for _, t := range terms {
		switch t := t.(type) {
		case *expr.In:
			if isKeyColumn(g, t.Arg, k, t.Arg.Type()) {
				return &plan.AnyOf{List: t.List}
			}
		case *expr.Quantified:
			if t.Op.Name == "=" && !t.All && isKeyColumn(g, t.L, k, t.Elem) && len(expr.Columns(t.Array)) == 0 && !volatile(t.Array) {
				return &plan.AnyOf{Array: t.Array, Elem: t.Elem}
			}
		case *expr.Or:
			var exprs []expr.Expr
			for _, arg := range t.Args {
				if op, e := keyComparison(g, arg, k); op == "=" {
					exprs = append(exprs, e)
				}
			}
			if len(exprs) == len(t.Args) {
				return &plan.AnyOf{Exprs: exprs}
			}
		}
	}
	return nil
}

var mirrored = map[string]string{"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

// keyComparison takes a comparison of column k with something that reads no columns apart; op is "" for any other term.
func keyComparison(g *plan.Get, t expr.Expr, k int) (op string, e expr.Expr) {
	c, ok := t.(*expr.Call)
	if !ok || !c.Operator || len(c.Args) != 2 || mirrored[c.Fn.Name] == "" {
		return "", nil
	}
	op = c.Fn.Name
	l, r := c.Args[0], c.Args[1]
	if len(expr.Columns(l)) == 0 {
		l, r, op = r, l, mirrored[op]
	}
	if len(expr.Columns(r)) > 0 || volatile(r) {
		return "", nil
	}
	if !isKeyColumn(g, l, k, r.Type()) {
		return "", nil
	}
	return op, r
}

// isKeyColumn tells whether e is column k of the relation, and values of a type have the same bytes in a key as its own.
func isKeyColumn(g *plan.Get, e expr.Expr, k int, have types.Type) bool {
	if cast, ok := e.(*expr.Cast); ok && cast.Cast != nil && cast.Cast.Eval == nil { // the same bytes under another name
		e = cast.Arg
	}
	col, ok := e.(*expr.Column)
	if !ok || g.Columns[col.Index] != k {
		return false
	}
	want := g.Relation.Columns[k].Type
	return have.OID == want.OID || have.Kind() == want.Kind() && have.Info().Category == want.Info().Category && (have.Info().Category == 'N' || have.Info().Category == 'S') &&
		want.OID != types.NumericOID && have.OID != types.NumericOID && want.OID != types.BpcharOID && have.OID != types.BpcharOID
}
