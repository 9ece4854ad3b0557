package planner

import (
	"tarn/planner/plan"
	"tarn/sql/expr"
	"tarn/sql/types"
)

// This file removes correlation, after Neumann and Kemper. A join whose right side R uses columns F of its left side L,
//
//	L join[c] R(F)    becomes    L join[c and L.F = D.F] R'(D)    with D = distinct F of L
//
// where R' is R computed for all rows of D at once: D is pushed down to where the columns are used, and every operator on
// the way keeps them as further columns, grouping keys, or join keys. Two things come first, because they leave less to
// keep: conditions at the top of R move into the join, which often ends the correlation; and where R says itself that
// outer = inner, the inner column takes the place of D.

// lowerJoin lowers every kind of join.
func (w *lowering) lowerJoin(n *join, d *domain) (lowered, bool) {
	if w.free.of(n.r).intersects(n.l.columns()) {
		n = w.pullUp(n)
	}
	if d == nil {
		return w.dependentJoin(n, mustLower(w, n.l)), true
	}
	// Which sides must know the domain: those that use it, and those whose unmatched rows survive.
	lneeds := w.free.of(n.l).intersects(d.cols) || n.kind != plan.Inner && n.kind != plan.Right
	rneeds := w.free.of(n.r).intersects(d.cols) || n.kind == plan.Right || n.kind == plan.Full
	if w.free.of(n.r).intersects(n.l.columns()) {
		l, ok := w.lower(n.l, d)
		if !ok {
			return l, false
		}
		return w.dependentJoin(n, l), true
	}
	if !lneeds && !rneeds {
		lneeds = true
	}
	ld, rd := d, d
	if !lneeds {
		ld = nil
	}
	if !rneeds {
		rd = nil
	}
	l, ok := w.lower(n.l, ld)
	if !ok {
		return l, false
	}
	r, ok := w.lower(n.r, rd)
	if !ok {
		return r, false
	}
	if !lneeds || !rneeds {
		return w.plainJoin(n.kind, l, r, n.on), true
	}
	out := w.joinOn(n.kind, l, r, d.cols, n.on, true)
	if n.kind == plan.Right || n.kind == plan.Full {
		return w.mergeDomain(out, n.kind, l, r, d), true
	}
	return out, true
}

func mustLower(w *lowering, n logical) lowered {
	r, ok := w.lower(n, nil)
	if !ok {
		panic("planner: a relation that stands alone did not lower")
	}
	return r
}

func (w *lowering) plainJoin(kind plan.JoinKind, l, r lowered, on expr.Expr) lowered {
	both := append(l.cols[:len(l.cols):len(l.cols)], r.cols...)
	j := &plan.Join{Kind: kind, L: l.node, R: r.node, On: lowered{nil, both}.over(on)}
	if kind == plan.Semi || kind == plan.Anti {
		return lowered{j, l.cols}
	}
	return lowered{j, both}
}

// joinOn joins on columns that both sides have, NULL equal to NULL if asked for, and on a condition. The result has the
// columns of the left side, and those of the right side but the common ones.
func (w *lowering) joinOn(kind plan.JoinKind, l, r lowered, common []int, on expr.Expr, nullEqual bool) lowered {
	renamed := lowered{r.node, append([]int(nil), r.cols...)}
	j := &plan.Join{Kind: kind, L: l.node, R: r.node, NullEqual: nullEqual}
	for _, id := range common {
		j.LKeys = append(j.LKeys, l.column(id))
		j.RKeys = append(j.RKeys, r.column(id))
		renamed.cols[r.pos(id)] = w.newColumn(w.fields[id].Name, w.fields[id].Type)
	}
	both := append(l.cols[:len(l.cols):len(l.cols)], renamed.cols...)
	j.On = lowered{nil, both}.over(on)
	if kind == plan.Semi || kind == plan.Anti {
		return lowered{j, l.cols}
	}
	return lowered{j, both}
}

// mergeDomain takes the domain's columns from whichever side has them: in a right or full join the left side may be missing.
func (w *lowering) mergeDomain(out lowered, kind plan.JoinKind, l, r lowered, d *domain) lowered {
	p := &plan.Project{Input: out.node}
	schema := out.node.Schema()
	var cols []int
	for i, id := range out.cols {
		var e expr.Expr = &expr.Column{T: schema[i].Type, Index: i, Name: schema[i].Name}
		if within(d.cols, id) {
			other := &expr.Column{T: schema[i].Type, Index: len(l.cols) + r.pos(id), Name: schema[i].Name}
			if e = other; kind == plan.Full {
				e = &expr.Coalesce{T: schema[i].Type, Args: []expr.Expr{&expr.Column{T: schema[i].Type, Index: i, Name: schema[i].Name}, other}}
			}
		}
		p.Exprs = append(p.Exprs, e)
		p.Fields = append(p.Fields, schema[i])
		cols = append(cols, id)
	}
	return lowered{p, cols}
}

// pullUp moves conditions from the top of the right side into the join. A projection they stand under keeps the columns they
// use, under new numbers.
func (w *lowering) pullUp(n *join) *join {
	if n.kind != plan.Inner && n.kind != plan.Left && n.kind != plan.Semi && n.kind != plan.Anti {
		return n
	}
	out := *n
	for {
		switch r := out.r.(type) {
		case *filter:
			out.on, out.r = and(out.on, r.cond), r.in
			continue
		case *project:
			f, ok := r.in.(*filter)
			if !ok {
				break
			}
			if p, on, ok := w.pullThrough(&out, r, f); ok {
				out.r, out.on = p, on
				continue
			}
		case *topK:
			if limit, ok := r.limit.(*expr.Const); ok && limit.Value.Int > 0 && r.offset == nil && out.on == nil && (out.kind == plan.Semi || out.kind == plan.Anti) {
				out.r = r.in
				continue
			}
		case *distinct:
			// whether a partner exists does not depend on how many there are
			if out.kind == plan.Semi || out.kind == plan.Anti {
				out.r = r.in
				continue
			}
		}
		return &out
	}
}

// pullThrough moves the condition of f, under the projection r, into the join. An item that uses outer columns can stay only
// if nobody needs it to be NULL or there at all.
func (w *lowering) pullThrough(n *join, r *project, f *filter) (*project, expr.Expr, bool) {
	have := setOf(f.in.columns())
	used := idSet{}
	used.addColumns(n.on)
	exists := n.kind == plan.Semi || n.kind == plan.Anti
	p := &project{in: f.in}
	on := n.on
	for _, it := range r.items {
		if exists && !used[it.id] {
			continue
		}
		if it.e != nil && !allWithin(expr.Columns(it.e), have) {
			if !exists {
				return nil, nil, false
			}
			on = substitute(on, it.id, it.e)
			continue
		}
		p.items = append(p.items, it)
	}
	// what the condition uses goes through, under new numbers
	needed := idSet{}
	needed.addColumns(f.cond)
	if exists {
		needed.addColumns(on)
		for _, it := range p.items {
			delete(needed, it.id)
		}
	}
	moved := map[int]int{}
	for _, id := range needed.among(f.in.columns()) {
		fresh := w.newColumn(w.fields[id].Name, w.fields[id].Type)
		moved[id] = fresh
		p.items = append(p.items, item{fresh, w.column(id)})
	}
	rename := func(e expr.Expr) expr.Expr {
		return expr.Remap(e, func(id int) int {
			if fresh, ok := moved[id]; ok {
				return fresh
			}
			return id
		})
	}
	if on != nil {
		on = rename(on)
	}
	return p, and(on, rename(f.cond)), true
}

func allWithin(ids []int, set idSet) bool {
	for _, id := range ids {
		if !set[id] {
			return false
		}
	}
	return true
}

// substitute puts with in place of a column.
func substitute(e expr.Expr, id int, with expr.Expr) expr.Expr {
	return expr.Map(e, func(e expr.Expr) expr.Expr {
		if isColumn(e, id) {
			return with
		}
		return e
	})
}

// dependentJoin joins l with the right side of n, which may use columns of l, whatever they are: of n's left side or of a
// domain that l carries.
func (w *lowering) dependentJoin(n *join, l lowered) lowered {
	uses := w.free.of(n.r).among(l.cols)
	if len(uses) == 0 {
		r := mustLower(w, n.r)
		return w.plainJoin(n.kind, l, r, n.on)
	}
	if out, ok := w.callPerRow(n, l); ok {
		return out
	}
	if n.kind == plan.Inner || n.kind == plan.Left {
		if out, ok := w.joinAggregate(n, l, uses); ok {
			return out
		}
	}
	r, nullEqual := w.forDomain(n.r, l, uses)
	return w.joinOn(n.kind, l, r, uses, n.on, nullEqual)
}

// forDomain computes n for the values of some columns of l. nullEqual tells how they are to be joined with l.
func (w *lowering) forDomain(n logical, l lowered, uses []int) (r lowered, nullEqual bool) {
	if r, ok := w.lower(n, &domain{cols: uses}); ok {
		return r, false
	}
	d := l.pick(uses)
	d.node = &plan.Distinct{Input: d.node}
	r, _ = w.lower(n, &domain{cols: uses, rel: &d})
	return r, true
}

// callPerRow is the join with a set-returning function of the left columns: the function is called for each row.
func (w *lowering) callPerRow(n *join, l lowered) (lowered, bool) {
	f, ok := n.r.(*flatMap)
	if !ok || n.kind != plan.Inner && (n.kind != plan.Left || n.on != nil) {
		return lowered{}, false
	}
	if one, ok := f.in.(*rows); !ok || len(one.rows) != 1 || len(one.cols) != 0 {
		return lowered{}, false
	}
	call := *f
	call.outer = n.kind == plan.Left
	out := w.flatMap(&call, l)
	if n.on != nil {
		out.node = &plan.Filter{Input: out.node, Cond: out.over(n.on)}
	}
	return out, true
}

// joinAggregate joins with an aggregate without keys, which gives one row for every outer row, also where it covers none.
// The groups there are are joined from the left; where there is none, the counts are 0 and everything else is NULL; what
// is computed over the aggregate is computed above the join.
func (w *lowering) joinAggregate(n *join, l lowered, uses []int) (lowered, bool) {
	var above []*project
	r := n.r
	for {
		p, ok := r.(*project)
		if !ok {
			break
		}
		above = append(above, p)
		r = p.in
	}
	agg, ok := r.(*aggregate)
	if !ok || len(agg.keys) > 0 || agg.grouped || n.kind == plan.Left && n.on != nil {
		return lowered{}, false
	}
	in, nullEqual := w.forDomain(agg.in, l, uses)
	groups := w.groupsOf(agg, in, uses)
	out := w.joinOn(plan.Left, l, groups, uses, nil, nullEqual)
	out = w.emptyGroups(agg, out)
	for i := len(above) - 1; i >= 0; i-- {
		var items []item
		for _, it := range above[i].items {
			if it.e != nil {
				items = append(items, it)
			}
		}
		out = w.compute(out, items)
	}
	if n.on != nil {
		out.node = &plan.Filter{Input: out.node, Cond: out.over(n.on)}
	}
	return out, true
}

// groupsOf aggregates by the columns of a domain. The check of a scalar subquery is left out where they are a key.
func (w *lowering) groupsOf(agg *aggregate, in lowered, uses []int) lowered {
	if agg.single {
		positions := make([]int, len(uses))
		for i, id := range uses {
			positions[i] = in.pos(id)
		}
		if plan.HasKey(in.node, positions) {
			return w.singleRow(agg, in, uses)
		}
	}
	a := &plan.Aggregate{Input: in.node, Grouped: true}
	for _, id := range uses {
		a.Keys = append(a.Keys, in.column(id))
		a.Fields = append(a.Fields, w.fields[id])
	}
	cols := uses[:len(uses):len(uses)]
	w.addAggs(a, agg, in)
	for _, c := range agg.aggs {
		cols = append(cols, c.id)
	}
	return lowered{a, cols}
}

func (w *lowering) addAggs(a *plan.Aggregate, agg *aggregate, in lowered) {
	for _, c := range agg.aggs {
		call := c.agg
		call.Args, call.OrderBy, call.Filter = in.overAll(call.Args), in.overOrder(call.OrderBy), in.over(call.Filter)
		a.Aggs = append(a.Aggs, call)
		a.Fields = append(a.Fields, w.fields[c.id])
	}
}

// singleRow is the check of a scalar subquery over rows that are known to be single: the row itself, counted once.
func (w *lowering) singleRow(agg *aggregate, in lowered, uses []int) lowered {
	p := &plan.Project{Input: in.node}
	cols := uses[:len(uses):len(uses)]
	for _, id := range uses {
		p.Exprs = append(p.Exprs, in.column(id))
		p.Fields = append(p.Fields, w.fields[id])
	}
	for _, c := range agg.aggs {
		if len(c.agg.Args) == 0 {
			p.Exprs = append(p.Exprs, &expr.Const{T: int8Type, Value: types.Datum{Int: 1}})
		} else {
			p.Exprs = append(p.Exprs, in.over(c.agg.Args[0]))
		}
		p.Fields = append(p.Fields, w.fields[c.id])
		cols = append(cols, c.id)
	}
	return lowered{p, cols}
}

// emptyGroups gives the aggregates of groups that are not there, NULL from an outer join, the value they have over nothing.
func (w *lowering) emptyGroups(agg *aggregate, in lowered) lowered {
	zero := map[int]bool{}
	for _, c := range agg.aggs {
		if c.agg.Fn.Name == "count" || c.agg.Fn.Name == "regr_count" {
			zero[c.id] = true
		}
	}
	if len(zero) == 0 || agg.single {
		return in
	}
	p := &plan.Project{Input: in.node}
	schema := in.node.Schema()
	for i, id := range in.cols {
		var e expr.Expr = &expr.Column{T: schema[i].Type, Index: i, Name: schema[i].Name}
		if zero[id] {
			e = &expr.Coalesce{T: schema[i].Type, Args: []expr.Expr{e, &expr.Const{T: schema[i].Type}}}
		}
		p.Exprs = append(p.Exprs, e)
		p.Fields = append(p.Fields, schema[i])
	}
	return lowered{p, in.cols}
}

// compute adds columns to a plan.
func (w *lowering) compute(in lowered, items []item) lowered {
	if len(items) == 0 {
		return in
	}
	p := &plan.Project{Input: in.node}
	schema := in.node.Schema()
	cols := in.cols[:len(in.cols):len(in.cols)]
	for i := range in.cols {
		p.Exprs = append(p.Exprs, &expr.Column{T: schema[i].Type, Index: i, Name: schema[i].Name})
		p.Fields = append(p.Fields, schema[i])
	}
	for _, it := range items {
		p.Exprs = append(p.Exprs, in.over(it.e))
		p.Fields = append(p.Fields, w.fields[it.id])
		cols = append(cols, it.id)
	}
	return lowered{p, cols}
}

// lowerAggregate groups by the domain's columns too. Without keys of its own it has a row for every row of the domain.
func (w *lowering) lowerAggregate(n *aggregate, d *domain) (lowered, bool) {
	everyRow := d != nil && len(n.keys) == 0 && !n.grouped
	if everyRow && d.rel == nil {
		return lowered{}, false
	}
	in, ok := w.lower(n.in, d)
	if !ok {
		return in, false
	}
	if everyRow {
		groups := w.groupsOf(n, in, d.cols)
		return w.emptyGroups(n, w.joinOn(plan.Left, *d.rel, groups, d.cols, nil, true)), true
	}
	a := &plan.Aggregate{Input: in.node, Grouped: n.grouped}
	if d != nil {
		for _, id := range d.cols {
			a.Keys = append(a.Keys, in.column(id))
			a.Fields = append(a.Fields, w.fields[id])
		}
	}
	for _, k := range n.keys {
		a.Keys = append(a.Keys, in.over(k.e))
		a.Fields = append(a.Fields, w.fields[k.id])
	}
	w.addAggs(a, n, in)
	return lowered{a, keepOrder(d, n.columns())}, true
}
