package planner

import (
	"fmt"
	"maps"
	"slices"

	"tarn/planner/plan"
	"tarn/sql/expr"
	"tarn/sql/functions"
)

// read only the columns that are used: relations are read, and joins keep, only the columns something above needs. A left
// join whose right side adds neither columns nor rows goes.
//
// Wrong below DISTINCT, EXCEPT and the like, where every column counts: they need all of theirs.
func prunePlan(n plan.Node, ctx *functions.Context) plan.Node {
	p := &pruning{ctx: ctx, shared: map[plan.Node]bool{}, done: map[prunedFor]pruned{}}
	p.findShared(n, map[plan.Node]bool{})
	return p.whole(n)
}

// pruning is the work on one plan. A node that is used more than once is pruned once for each set of columns that is wanted of it:
// otherwise there would be as many copies of it as there are ways to it.
type pruning struct {
	ctx    *functions.Context
	shared map[plan.Node]bool
	done   map[prunedFor]pruned
}

type prunedFor struct {
	node plan.Node
	need string
}

type pruned struct {
	node plan.Node
	at   moved
}

func (p *pruning) findShared(n plan.Node, seen map[plan.Node]bool) {
	if seen[n] {
		p.shared[n] = true
		return
	}
	seen[n] = true
	for _, in := range n.Inputs() {
		p.findShared(in, seen)
	}
}

// whole is n with all its columns.
func (p *pruning) whole(n plan.Node) plan.Node {
	all := columnSet{}
	for i := range n.Schema() {
		all[i] = true
	}
	return p.exactly(n, all)
}

// columnSet is a set of columns of a node.
type columnSet map[int]bool

func (s columnSet) add(exprs ...expr.Expr) {
	for _, e := range exprs {
		if e != nil {
			for _, c := range expr.Columns(e) {
				s[c] = true
			}
		}
	}
}

func (s columnSet) addOrder(order []plan.Order) {
	for _, o := range order {
		s.add(o.Expr)
	}
}

// String tells sets of columns apart.
func (s columnSet) String() string { return fmt.Sprint(slices.Sorted(maps.Keys(s))) }

func (s columnSet) copy() columnSet {
	out := make(columnSet, len(s))
	for c := range s {
		out[c] = true
	}
	return out
}

// moved says where each column of a node has gone; -1: it is gone.
type moved []int

func unmoved(width int) moved {
	m := make(moved, width)
	for i := range m {
		m[i] = i
	}
	return m
}

func (m moved) expr(e expr.Expr) expr.Expr {
	if e == nil {
		return nil
	}
	return expr.Remap(e, func(c int) int { return m[c] })
}

func (m moved) exprs(list []expr.Expr) []expr.Expr {
	out := make([]expr.Expr, len(list))
	for i, e := range list {
		out[i] = m.expr(e)
	}
	return out
}

func (m moved) order(list []plan.Order) []plan.Order {
	out := make([]plan.Order, len(list))
	for i, o := range list {
		o.Expr = m.expr(o.Expr)
		out[i] = o
	}
	return out
}

// exactly is n with just the columns of need, in order.
func (p *pruning) exactly(n plan.Node, need columnSet) plan.Node {
	out, m := p.prune(n, need)
	width := plan.Width(out)
	if width == len(need) {
		inOrder := true
		next := 0
		for c := range m {
			if need[c] {
				inOrder = inOrder && m[c] == next
				next++
			}
		}
		if inOrder {
			return out
		}
	}
	picked := &plan.Project{Input: out}
	for c, f := range n.Schema() {
		if need[c] {
			picked.Exprs = append(picked.Exprs, &expr.Column{T: f.Type, Index: m[c], Name: f.Name})
			picked.Fields = append(picked.Fields, f)
		}
	}
	return picked
}

// packed is where the columns of need are in what exactly gives.
func packed(width int, need columnSet) moved {
	m, next := make(moved, width), 0
	for c := range m {
		m[c] = -1
		if need[c] {
			m[c] = next
			next++
		}
	}
	return m
}

// prune is n with at least the columns of need, and where they are. The caller does not change the latter.
func (p *pruning) prune(n plan.Node, need columnSet) (plan.Node, moved) {
	heed(p.ctx)
	if !p.shared[n] {
		return p.pruneNode(n, need)
	}
	key := prunedFor{n, need.String()}
	out, ok := p.done[key]
	if !ok {
		out.node, out.at = p.pruneNode(n, need)
		p.done[key] = out
	}
	return out.node, out.at
}

func (p *pruning) pruneNode(n plan.Node, need columnSet) (plan.Node, moved) {
	width := plan.Width(n)
	switch n := n.(type) {
	case *plan.Get:
		out := *n
		out.Columns = nil
		for i, c := range n.Columns {
			if need[i] {
				out.Columns = append(out.Columns, c)
			}
		}
		return &out, packed(width, need)
	case *plan.Constant:
		out := &plan.Constant{Rows: make([][]expr.Expr, len(n.Rows))}
		for i, f := range n.Fields {
			if !need[i] {
				continue
			}
			out.Fields = append(out.Fields, f)
			for r := range n.Rows {
				out.Rows[r] = append(out.Rows[r], n.Rows[r][i])
			}
		}
		return out, packed(width, need)
	case *plan.Filter:
		below := need.copy()
		below.add(n.Cond)
		in, m := p.prune(n.Input, below)
		return &plan.Filter{Input: in, Cond: m.expr(n.Cond)}, m
	case *plan.Project:
		below := columnSet{}
		for i, e := range n.Exprs {
			if need[i] {
				below.add(e)
			}
		}
		in, m := p.prune(n.Input, below)
		out := &plan.Project{Input: in}
		for i, e := range n.Exprs {
			if need[i] {
				out.Exprs = append(out.Exprs, m.expr(e))
				out.Fields = append(out.Fields, n.Fields[i])
			}
		}
		return out, packed(width, need)
	case *plan.Join:
		return p.pruneJoin(n, need)
	case *plan.Aggregate:
		return p.pruneAggregate(n, need)
	case *plan.Union:
		out := &plan.Union{}
		for _, c := range n.Children {
			out.Children = append(out.Children, p.exactly(c, need))
		}
		for i, f := range n.Fields {
			if need[i] {
				out.Fields = append(out.Fields, f)
			}
		}
		return out, packed(width, need)
	case *plan.Negate:
		return &plan.Negate{Input: p.exactly(n.Input, need)}, packed(width, need)
	case *plan.TopK:
		below := need.copy()
		below.add(n.Keys...)
		below.addOrder(n.OrderBy)
		m := packed(width, below)
		out := *n
		out.Input, out.Keys, out.OrderBy = p.exactly(n.Input, below), m.exprs(n.Keys), m.order(n.OrderBy)
		return &out, m
	case *plan.FlatMap:
		return p.pruneFlatMap(n, need)
	}
	// Distinct and Threshold: every column counts
	out := mapInputs(n, p.whole)
	return out, unmoved(width)
}

func (p *pruning) pruneJoin(n *plan.Join, need columnSet) (plan.Node, moved) {
	lwidth := plan.Width(n.L)
	both := need.copy()
	both.add(n.On)
	left, right := columnSet{}, columnSet{}
	for c := range both {
		if c < lwidth {
			left[c] = true
		} else {
			right[c-lwidth] = true
		}
	}
	if n.Kind == plan.Left && len(right) == 0 && n.On == nil && keyed(n.R, n.RKeys) {
		in, m := p.prune(n.L, left)
		m = slices.Clip(m)
		for range n.R.Schema() {
			m = append(m, -1)
		}
		return in, m
	}
	left.add(n.LKeys...)
	right.add(n.RKeys...)
	out := *n
	out.L, out.R = p.exactly(n.L, left), p.exactly(n.R, right)
	lm, rm := packed(lwidth, left), packed(plan.Width(n.R), right)
	out.LKeys, out.RKeys = lm.exprs(n.LKeys), rm.exprs(n.RKeys)
	m := lm[:lwidth:lwidth]
	for _, c := range rm {
		if c >= 0 {
			c += len(left)
		}
		m = append(m, c)
	}
	out.On = m.expr(n.On)
	if n.Kind == plan.Semi || n.Kind == plan.Anti {
		m = m[:lwidth]
	}
	return &out, m
}

// keyed tells whether plain columns among keys hold a unique key of n.
func keyed(n plan.Node, keys []expr.Expr) bool {
	var cols []int
	for _, k := range keys {
		if c, ok := k.(*expr.Column); ok {
			cols = append(cols, c.Index)
		}
	}
	return plan.HasKey(n, cols)
}

func (p *pruning) pruneAggregate(n *plan.Aggregate, need columnSet) (plan.Node, moved) {
	below := columnSet{}
	below.add(n.Keys...)
	out := *n
	out.Aggs, out.Fields = nil, n.Fields[:len(n.Keys):len(n.Keys)]
	m := unmoved(len(n.Fields))
	for i := range n.Aggs {
		at := len(n.Keys) + i
		if !need[at] {
			m[at] = -1
			continue
		}
		a := &n.Aggs[i]
		below.add(a.Args...)
		below.add(a.Filter)
		below.addOrder(a.OrderBy)
		m[at] = len(n.Keys) + len(out.Aggs)
		out.Aggs = append(out.Aggs, *a)
		out.Fields = append(out.Fields, n.Fields[at])
	}
	var im moved
	out.Input, im = p.prune(n.Input, below)
	out.Keys = im.exprs(n.Keys)
	for i := range out.Aggs {
		a := &out.Aggs[i]
		a.Args, a.Filter, a.OrderBy = im.exprs(a.Args), im.expr(a.Filter), im.order(a.OrderBy)
	}
	return &out, m
}

func (p *pruning) pruneFlatMap(n *plan.FlatMap, need columnSet) (plan.Node, moved) {
	width := plan.Width(n.Input)
	below := columnSet{}
	for c := range need {
		if c < width {
			below[c] = true
		}
	}
	below.add(n.Args...)
	out := *n
	in, im := p.prune(n.Input, below)
	out.Input, out.Args = in, im.exprs(n.Args)
	m := im
	first := plan.Width(in)
	for i := 0; i < plan.Width(n)-width; i++ {
		m = append(m[:len(m):len(m)], first+i)
	}
	return &out, m
}
