package planner

import (
	"tarn/planner/plan"
	"tarn/sql/expr"
	"tarn/sql/types"
)

// lowered is a plan and the column number of each of its output columns. A number is never twice among them.
type lowered struct {
	node plan.Node
	cols []int
}

func (r lowered) pos(id int) int {
	for i, c := range r.cols {
		if c == id {
			return i
		}
	}
	return -1
}

// over is e with positions in r for its column numbers.
func (r lowered) over(e expr.Expr) expr.Expr {
	if e == nil {
		return nil
	}
	at := make(map[int]int, len(r.cols))
	for i, c := range r.cols {
		at[c] = i
	}
	return expr.Remap(e, func(id int) int {
		i, ok := at[id]
		if !ok {
			panic("planner: column " + itoa(id) + " is not there")
		}
		return i
	})
}

func (r lowered) overAll(exprs []expr.Expr) []expr.Expr {
	out := make([]expr.Expr, len(exprs))
	for i, e := range exprs {
		out[i] = r.over(e)
	}
	return out
}

func (r lowered) overOrder(order []plan.Order) []plan.Order {
	out := make([]plan.Order, len(order))
	for i, o := range order {
		o.Expr = r.over(o.Expr)
		out[i] = o
	}
	return out
}

// column is an expression for a column number of r.
func (r lowered) column(id int) *expr.Column {
	i := r.pos(id)
	f := r.node.Schema()[i]
	return &expr.Column{T: f.Type, Index: i, Name: f.Name}
}

// pick is r with just these columns, in this order.
func (r lowered) pick(ids []int) lowered {
	if len(ids) == len(r.cols) {
		same := true
		for i := range ids {
			same = same && ids[i] == r.cols[i]
		}
		if same {
			return r
		}
	}
	p := &plan.Project{Input: r.node}
	schema := r.node.Schema()
	for _, id := range ids {
		i := r.pos(id)
		p.Exprs = append(p.Exprs, &expr.Column{T: schema[i].Type, Index: i, Name: schema[i].Name})
		p.Fields = append(p.Fields, schema[i])
	}
	return lowered{p, ids}
}

// domain is the outer rows a correlated subtree is computed for: one for each combination of the outer columns it uses. A
// domain without rel is virtual: the subtree must find the columns itself, by equalities with columns of its own, and may
// compute them for combinations that no outer row has.
type domain struct {
	cols []int
	rel  *lowered
}

// lowering turns the binder's algebra into a plan.
type lowering struct {
	*binder
	memo map[logical]lowered // what stands alone and was lowered already: a WITH query used twice stays one
	free outerColumns
}

// field describes a column number.
func (w *lowering) fieldsOf(ids []int) []plan.Field {
	out := make([]plan.Field, len(ids))
	for i, id := range ids {
		out[i] = w.fields[id]
	}
	return out
}

// lower gives the plan of n for a domain: its columns are those of the domain and those of n, in any order. d is nil where
// n stands alone. ok is false only for a virtual domain that n cannot supply.
func (w *lowering) lower(n logical, d *domain) (out lowered, ok bool) {
	heed(w.ctx)
	if d == nil {
		if r, ok := w.memo[n]; ok {
			return r, true
		}
		defer func() { w.memo[n] = out }()
	} else if !w.free.of(n).intersects(d.cols) {
		if d.rel == nil {
			return lowered{}, len(d.cols) == 0
		}
		r, _ := w.lower(n, nil)
		return lowered{&plan.Join{Kind: plan.Inner, L: d.rel.node, R: r.node}, append(d.cols[:len(d.cols):len(d.cols)], r.cols...)}, true
	}
	switch n := n.(type) {
	case *scan:
		g := &plan.Get{Relation: n.rel, Columns: make([]int, len(n.cols))}
		for i := range g.Columns {
			g.Columns[i] = i
		}
		return lowered{g, n.cols}, true
	case *rows:
		return w.lowerRows(n, d)
	case *filter:
		return w.lowerFilter(n, d)
	case *project:
		return w.lowerProject(n, d)
	case *join:
		return w.lowerJoin(n, d)
	case *aggregate:
		return w.lowerAggregate(n, d)
	case *distinct:
		in, ok := w.lower(n.in, d)
		if !ok {
			return in, false
		}
		in = in.pick(keepOrder(d, n.in.columns()))
		return lowered{&plan.Distinct{Input: in.node}, in.cols}, true
	case *union:
		return w.lowerUnion(n, d)
	case *difference:
		return w.lowerDifference(n, d)
	case *topK:
		in, ok := w.lower(n.in, d)
		if !ok {
			return in, false
		}
		t := &plan.TopK{Input: in.node, OrderBy: in.overOrder(n.order), Limit: n.limit, Offset: n.offset}
		if d != nil {
			for _, id := range d.cols {
				t.Keys = append(t.Keys, in.column(id))
			}
		}
		t.Keys = append(t.Keys, in.overAll(n.keys)...)
		return lowered{t, in.cols}, true
	case *flatMap:
		in, ok := w.lower(n.in, d)
		if !ok {
			return in, false
		}
		return w.flatMap(n, in), true
	}
	panic("planner: unknown node")
}

// keepOrder is the columns of a domain, then cols.
func keepOrder(d *domain, cols []int) []int {
	if d == nil {
		return cols
	}
	return append(d.cols[:len(d.cols):len(d.cols)], cols...)
}

func (w *lowering) flatMap(n *flatMap, in lowered) lowered {
	f := &plan.FlatMap{Input: in.node, Fn: n.fn, Args: in.overAll(n.args), Columns: w.fieldsOf(n.cols), Ordinality: n.ordinality >= 0, Outer: n.outer}
	cols := append(in.cols[:len(in.cols):len(in.cols)], n.cols...)
	if n.ordinality >= 0 {
		cols = append(cols, n.ordinality)
	}
	return lowered{f, cols}
}

func (w *lowering) lowerRows(n *rows, d *domain) (lowered, bool) {
	if d == nil {
		c := &plan.Constant{Fields: w.fieldsOf(n.cols), Rows: n.rows}
		return lowered{c, n.cols}, true
	}
	if d.rel == nil {
		return lowered{}, false
	}
	// each row is a projection of the domain
	cols := keepOrder(d, n.cols)
	u := &plan.Union{Fields: w.fieldsOf(cols)}
	for _, row := range n.rows {
		p := &plan.Project{Input: d.rel.node, Fields: u.Fields}
		for _, id := range d.cols {
			p.Exprs = append(p.Exprs, d.rel.column(id))
		}
		p.Exprs = append(p.Exprs, d.rel.overAll(row)...)
		u.Children = append(u.Children, p)
	}
	if len(u.Children) == 1 {
		return lowered{u.Children[0], cols}, true
	}
	return lowered{u, cols}, true
}

func (w *lowering) lowerFilter(n *filter, d *domain) (lowered, bool) {
	if d != nil && d.rel == nil && !w.free.of(n.in).intersects(d.cols) {
		return w.supply(n, d)
	}
	in, ok := w.lower(n.in, d)
	if !ok {
		return in, false
	}
	return lowered{&plan.Filter{Input: in.node, Cond: in.over(n.cond)}, in.cols}, true
}

// supply finds the columns of a virtual domain in the equalities of a filter: WHERE inner = outer means that outer is inner,
// for all outer values that matter.
func (w *lowering) supply(n *filter, d *domain) (lowered, bool) {
	in, _ := w.lower(n.in, nil)
	inner := setOf(in.cols)
	p := &plan.Project{Input: in.node}
	schema := in.node.Schema()
	for i := range in.cols {
		p.Exprs = append(p.Exprs, &expr.Column{T: schema[i].Type, Index: i, Name: schema[i].Name})
		p.Fields = append(p.Fields, schema[i])
	}
	cols := in.cols[:len(in.cols):len(in.cols)]
	terms := conjuncts(n.cond)
	for _, id := range d.cols {
		found := false
		for i, t := range terms {
			l, r, ok := equalSides(t)
			if !ok {
				continue
			}
			if !isColumn(l, id) {
				l, r = r, l
			}
			if !isColumn(l, id) || r.Type().OID != l.Type().OID || !exactEquality(l.Type()) || !onlyColumns(r, inner) {
				continue
			}
			p.Exprs = append(p.Exprs, in.over(r))
			p.Fields = append(p.Fields, w.fields[id])
			cols = append(cols, id)
			terms = append(terms[:i:i], terms[i+1:]...)
			found = true
			break
		}
		if !found {
			return lowered{}, false
		}
	}
	out := lowered{p, cols}
	if rest := and(terms...); rest != nil {
		out.node = &plan.Filter{Input: p, Cond: out.over(rest)}
	}
	return out, true
}

func conjuncts(e expr.Expr) []expr.Expr {
	if a, ok := e.(*expr.And); ok {
		var out []expr.Expr
		for _, t := range a.Args {
			out = append(out, conjuncts(t)...)
		}
		return out
	}
	if e == nil {
		return nil
	}
	return []expr.Expr{e}
}

// equalSides takes an equality apart.
func equalSides(e expr.Expr) (l, r expr.Expr, ok bool) {
	c, ok := e.(*expr.Call)
	if !ok || !c.Operator || c.Fn.Name != "=" || len(c.Args) != 2 {
		return nil, nil, false
	}
	return c.Args[0], c.Args[1], true
}

func isColumn(e expr.Expr, id int) bool {
	c, ok := e.(*expr.Column)
	return ok && c.Index == id
}

// onlyColumns tells whether e reads some column, and only such of a set.
func onlyColumns(e expr.Expr, set idSet) bool {
	cols := expr.Columns(e)
	for _, id := range cols {
		if !set[id] {
			return false
		}
	}
	return len(cols) > 0
}

// exactEquality tells whether values equal under SQL are the same value in every respect: 1.0 = 1.00 are not.
func exactEquality(t types.Type) bool {
	switch t.OID {
	case types.NumericOID, types.Float4OID, types.Float8OID, types.IntervalOID, types.BpcharOID, types.JSONBOID, types.RecordOID:
		return false
	}
	return !t.IsArray()
}

func (w *lowering) lowerProject(n *project, d *domain) (lowered, bool) {
	in, ok := w.lower(n.in, d)
	if !ok {
		return in, false
	}
	p := &plan.Project{Input: in.node}
	cols := keepOrder(d, n.columns())
	if d != nil {
		for _, id := range d.cols {
			p.Exprs = append(p.Exprs, in.column(id))
			p.Fields = append(p.Fields, w.fields[id])
		}
	}
	for _, it := range n.items {
		if it.e == nil {
			p.Exprs = append(p.Exprs, in.column(it.id))
		} else {
			p.Exprs = append(p.Exprs, in.over(it.e))
		}
		p.Fields = append(p.Fields, w.fields[it.id])
	}
	return lowered{p, cols}, true
}

func (w *lowering) lowerUnion(n *union, d *domain) (lowered, bool) {
	cols := keepOrder(d, n.cols)
	u := &plan.Union{Fields: w.fieldsOf(cols)}
	for i, child := range n.children {
		in, ok := w.lower(child, d)
		if !ok {
			return in, false
		}
		p := &plan.Project{Input: in.node, Fields: u.Fields}
		if d != nil {
			for _, id := range d.cols {
				p.Exprs = append(p.Exprs, in.column(id))
			}
		}
		for _, id := range n.inputs[i] {
			p.Exprs = append(p.Exprs, in.column(id))
		}
		u.Children = append(u.Children, p)
	}
	return lowered{u, cols}, true
}

// lowerDifference makes EXCEPT and INTERSECT joins of distinct rows, and their ALL forms sums of counts:
//
//	l EXCEPT ALL r      positive part of l - r
//	l INTERSECT ALL r   l - positive part of (l - r)
func (w *lowering) lowerDifference(n *difference, d *domain) (lowered, bool) {
	l, ok := w.lower(n.l, d)
	if !ok {
		return l, false
	}
	r, ok := w.lower(n.r, d)
	if !ok {
		return r, false
	}
	l, r = l.pick(keepOrder(d, n.lcols)), r.pick(keepOrder(d, n.rcols))
	if n.all {
		fields := l.node.Schema()
		rest := &plan.Threshold{Input: &plan.Union{Children: []plan.Node{l.node, &plan.Negate{Input: r.node}}, Fields: fields}}
		if !n.intersect {
			return lowered{rest, l.cols}, true
		}
		return lowered{&plan.Union{Children: []plan.Node{l.node, &plan.Negate{Input: rest}}, Fields: fields}, l.cols}, true
	}
	j := &plan.Join{Kind: plan.Anti, L: &plan.Distinct{Input: l.node}, R: r.node, NullEqual: true}
	if n.intersect {
		j.Kind = plan.Semi
	}
	for i := range l.cols {
		j.LKeys = append(j.LKeys, l.column(l.cols[i]))
		j.RKeys = append(j.RKeys, r.column(r.cols[i]))
	}
	return lowered{j, l.cols}, true
}
