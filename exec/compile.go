package exec

import (
	"math"
	"slices"

	"tarn/planner/plan"
	"tarn/sql/expr"
	"tarn/sql/functions"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
	"tarn/storage/state"
)

// Compile returns a dataflow with one output: the plan, under a relation's id. Operators start empty if their state ids
// are fresh, otherwise as the store has them. Errors are those of constant expressions (LIMIT), and 0A000.
func Compile(root plan.Node, output uint32, opts Options) (*Dataflow, error) {
	c := newCompiler(opts)
	c.indexed = indexedColumns(root)
	top, err := c.compile(root)
	if err != nil {
		c.flow.Release()
		return nil, err
	}
	c.output(output, top)
	c.flow.connect()
	c.flow.arrange()
	return c.flow, nil
}

// compiler turns the nodes of one plan into operators.
type compiler struct {
	flow     *Dataflow
	opts     Options
	fn       *functions.Context
	parallel int
	once     bool
	seen     map[plan.Node]*node // once: nodes of the plan that are one are computed once
	indexed  map[string][]int    // not once: by index, the columns that the plan reads of it, ascending
}

func newCompiler(opts Options) *compiler {
	c := &compiler{flow: NewDataflow(), opts: opts, fn: opts.Context, parallel: max(1, opts.Parallel)}
	if c.fn == nil {
		c.fn = &functions.Context{}
	}
	return c
}

// output makes the output of a dataflow.
func (c *compiler) output(id uint32, top *node) {
	o := &output{id: id}
	switch top.op.(type) {
	case *aggregate, *threshold, *formsThreshold, *topK:
		o.summed = true
	}
	n := &node{flow: c.flow, op: o}
	c.add(n, top)
	c.flow.outputs[id] = n
}

// add puts a node into the graph.
func (c *compiler) add(n *node, in ...*node) {
	n.in = in
	for port, i := range in {
		i.out = append(i.out, edge{n, port})
	}
	c.flow.nodes = append(c.flow.nodes, n)
}

// compile returns the operator of a plan node: one that is there already, if they have the same fingerprint.
func (c *compiler) compile(p plan.Node) (*node, error) {
	print := ""
	if c.once {
		if n := c.seen[p]; n != nil {
			return n, nil
		}
	} else {
		print = plan.Fingerprint(p)
		if n := c.flow.prints[print]; n != nil {
			return n, nil
		}
	}
	var in []*node
	for _, child := range p.Inputs() {
		n, err := c.input(p, child)
		if err != nil {
			return nil, err
		}
		if c.once && retracts(child) && !sums(p) {
			n = c.settled(n, child)
		}
		in = append(in, n)
	}
	n := &node{flow: c.flow, plan: p, print: print}
	if err := c.operator(n, p, in); err != nil {
		return nil, err
	}
	if j, ok := n.op.(*join); ok && j.flip {
		in[0], in[1] = in[1], in[0]
	}
	c.add(n, in...)
	if c.once {
		c.seen[p] = n
	} else {
		c.flow.prints[print] = n
	}
	return n, nil
}

// input is the operator of what a node reads.
func (c *compiler) input(p, child plan.Node) (*node, error) {
	x, ok := child.(*plan.Index)
	if !ok {
		return c.compile(child)
	}
	if c.once {
		return c.compile(x.Input)
	}
	if _, ok := p.(*plan.Join); !ok {
		return nil, sqlstate.New(sqlstate.InternalError, "an index below plan node %T", p)
	}
	return c.index(x), nil
}

// operator makes the operator of a node that reads the operators in.
func (c *compiler) operator(n *node, p plan.Node, in []*node) error {
	switch p := p.(type) {
	case *plan.Get:
		n.op = &get{relation: p.Relation.ID, columns: p.Columns}
		c.flow.gets[p.Relation.ID] = append(c.flow.gets[p.Relation.ID], n)
	case *plan.Constant:
		op := &constant{plan: p, fn: c.fn}
		if len(p.Rows) > 0 && !c.ids(n, 1) {
			op.done = true
		}
		n.op, n.dirty = op, !op.done
	case *plan.Filter:
		f := &filter{cond: compileExprs(c.fn, p.Cond)}
		if g, ok := p.Input.(*plan.Get); ok && c.once && g.Whole {
			f.get = in[0].op.(*get)
		}
		n.op = f
	case *plan.Project:
		n.op = &project{exprs: compileExprs(c.fn, p.Exprs...)}
	case *plan.Union:
		n.op = union{}
	case *plan.Negate:
		n.op = negate{}
	case *plan.FlatMap:
		n.op = &flatmap{plan: p, args: compileExprs(c.fn, p.Args...)}
	case *plan.Distinct:
		n.op = c.threshold(n, p.Input, true)
	case *plan.Threshold:
		n.op = c.threshold(n, p.Input, p.Distinct)
	case *plan.Aggregate:
		n.op = c.aggregate(n, p)
		n.dirty = true
	case *plan.Join:
		n.op = c.join(n, p)
	case *plan.TopK:
		return c.topK(n, p)
	default:
		return sqlstate.New(sqlstate.InternalError, "no operator for plan node %T", p)
	}
	return nil
}

// sums tells whether an operator adds rows up without looking into them: then it makes no difference to it that a row is
// emitted first and cancelled later.
func sums(p plan.Node) bool {
	switch p.(type) {
	case *plan.Union, *plan.Negate, *plan.Threshold, *plan.Distinct:
		return true
	}
	return false
}

// retracts tells whether a node of a one-time query emits rows with counts below zero, for others to cancel.
func retracts(p plan.Node) bool {
	switch p.(type) {
	case *plan.Negate:
		return true
	case *plan.Union:
		return slices.ContainsFunc(p.Inputs(), retracts)
	}
	return false
}

// settled is what a node of a one-time query that retracts emits, summed up.
func (c *compiler) settled(in *node, p plan.Node) *node {
	n := &node{flow: c.flow, plan: &plan.Threshold{Input: p}}
	n.op = newThreshold(plan.Types(p), false, c.newMap(n, 0, true), c.parallel)
	c.add(n, in)
	return n
}

// ids takes state ids for an operator and tells whether they are fresh.
func (c *compiler) ids(n *node, count int) (fresh bool) {
	if c.opts.Store == nil {
		return true
	}
	n.first, fresh = c.opts.State(n.print, count)
	n.ids = count
	return fresh
}

func (c *compiler) newMap(n *node, id int, fresh bool) *state.Map {
	if c.opts.Store == nil {
		return state.Ephemeral(c.opts.Pool)
	}
	return state.Open(c.opts.Store, n.first+uint32(id), fresh)
}

func (c *compiler) newMultimap(n *node, id int, fresh bool) *state.Multimap {
	if c.opts.Store == nil {
		return state.EphemeralMultimap(c.opts.Pool)
	}
	return state.OpenMultimap(c.opts.Store, n.first+uint32(id), fresh)
}

// newLists makes lists in a dataflow that is not once.
func (c *compiler) newLists(n *node, id int, fresh bool) *state.Lists {
	if c.opts.Store == nil {
		return state.EphemeralLists(c.opts.Pool)
	}
	return state.OpenLists(c.opts.Store, n.first+uint32(id), fresh)
}

// grows tells whether nothing is ever retracted from what a node emits.
func (c *compiler) grows(p plan.Node) bool { return c.once || plan.AppendOnly(p) }

// changing tells whether values of the types come in forms that are equal under SQL, such as 1.0 and 1.00, and what a node emits of
// them may go again: then what stands for equal ones is not to outlive them. The first one seen does where nothing ever goes,
// at no cost, and without ever being taken back for another.
func (c *compiler) changing(p plan.Node, ts []types.Type) bool {
	return !keysAreExact(ts) && !c.grows(p)
}

func (c *compiler) threshold(n *node, in plan.Node, distinct bool) operator {
	ts := plan.Types(in)
	if c.changing(in, ts) {
		// Two state ids, of which the first is not used: earlier versions kept one row of equal ones under it.
		return &formsThreshold{ts: ts, distinct: distinct, rows: c.newMultimap(n, 1, c.ids(n, 2)), workers: make([]formsWorker, c.parallel)}
	}
	return newThreshold(ts, distinct, c.newMap(n, 0, c.ids(n, 1)), c.parallel)
}

func (c *compiler) aggregate(n *node, p *plan.Aggregate) *aggregate {
	a := &aggregate{
		exprs:   compileExprs(c.fn, p.Keys...),
		nkeys:   len(p.Keys),
		fixed:   groupFixed,
		global:  len(p.Keys) == 0 && !p.Grouped,
		workers: make([]aggregateWorker, c.parallel),
	}
	a.keyRow = !keysAreExact(a.exprs.ts)
	ids := 1 + 2*len(p.Aggs)
	keyForms, argForms := 0, make([]int, len(p.Aggs)) // state ids of forms
	if c.changing(p.Input, a.exprs.ts) {
		keyForms = ids
		ids++
	}
	for i := range p.Aggs {
		g := &p.Aggs[i]
		if g.Fn.Extreme != 0 && g.Args[0].Type().Kind() == types.Float64 && !c.grows(p.Input) {
			ids++ // not used: earlier versions kept -0 as 0
		}
		if counted(g) && c.changing(p.Input, argTypes(g)) {
			argForms[i] = ids
			ids++
		}
	}
	fresh := c.ids(n, ids)
	a.groups = c.newMap(n, 0, fresh)
	if keyForms > 0 {
		a.others = c.newMultimap(n, keyForms, fresh)
		for w := range a.workers {
			a.workers[w].forms.others = a.others
		}
	}
	for i := range p.Aggs {
		a.outs = append(a.outs, p.Aggs[i].T)
		k := c.call(n, a, &p.Aggs[i], 1+2*i, fresh, c.grows(p.Input))
		if argForms[i] > 0 {
			k.forms = &forms{others: c.newMultimap(n, argForms[i], fresh)}
		}
		a.calls = append(a.calls, k)
	}
	return a
}

// counted tells whether the arguments of a call are counted by their keys, so that equal ones go into it once.
func counted(p *plan.Agg) bool { return p.Distinct && p.Fn.Extreme == 0 && p.Fn.Collect == nil }

func argTypes(p *plan.Agg) (ts []types.Type) {
	for _, e := range p.Args {
		ts = append(ts, e.Type())
	}
	return ts
}

// call makes one aggregate call, with the state ids id and id+1.
func (c *compiler) call(n *node, a *aggregate, p *plan.Agg, id int, fresh, grows bool) *call {
	k := &call{fn: p.Fn, ctx: c.fn, filter: -1}
	add := func(e expr.Expr) int {
		a.exprs.add(e)
		return len(a.exprs.progs) - 1
	}
	k.args = len(a.exprs.progs)
	k.ts = argTypes(p)
	for _, e := range p.Args {
		add(where(p.Filter, e))
	}
	k.orderBy = len(a.exprs.progs)
	for _, o := range p.OrderBy {
		add(where(p.Filter, o.Expr))
	}
	if p.Filter != nil {
		k.filter = add(p.Filter)
	}
	k.skipNull = !p.Fn.NullCall && len(p.Args) > 0
	distinct := counted(p)
	switch {
	case p.Fn.Collect != nil:
		k.kind, k.unique = collected, p.Distinct
		k.order = newSortOrder(p.OrderBy)
		for _, t := range k.ts {
			k.byValue.add(t, false, false)
		}
		k.values = c.newMultimap(n, id, fresh)
	case p.Fn.Extreme != 0 && !grows:
		k.kind = extreme
		k.byValue.add(k.ts[0], false, false)
		k.values = c.newMultimap(n, id, fresh)
	case p.Fn.Extreme != 0 && (k.ts[0].Kind() == types.Int64 || k.ts[0].Kind() == types.Float64):
		k.kind, k.size = bestFixed, 8
	case p.Fn.Extreme != 0:
		k.kind = bestVarying
	case p.Fn.Fold != nil:
		k.kind = varyingState
	default:
		k.kind, k.size = fixedState, p.Fn.Size
	}
	if distinct {
		k.distinct = c.newMap(n, id+1, fresh)
		k.keepArg = !keysAreExact(k.ts)
		a.workers = a.workers[:1] // a value's shard is not its group's
	}
	if k.values == nil && (k.skipNull || k.filter >= 0 || distinct) {
		k.count = a.fixed
		a.fixed += 8
	}
	k.at = a.fixed
	a.fixed += k.size
	if k.kind == varyingState || k.kind == bestVarying {
		k.tail = a.tails
		a.tails++
	}
	return k
}

// where is an expression that matters only where the filter is true: elsewhere it does not fail.
func where(filter, e expr.Expr) expr.Expr {
	switch e.(type) {
	case *expr.Column, *expr.Const, *expr.Param:
		return e
	}
	if filter == nil {
		return e
	}
	return &expr.Case{T: e.Type(), Whens: []expr.When{{Cond: filter, Then: e}}}
}

func (c *compiler) join(n *node, p *plan.Join) *join {
	j := &join{
		fn:        c.fn,
		pairs:     p.Kind != plan.Semi && p.Kind != plan.Anti,
		flip:      p.Kind == plan.Right,
		nullEqual: p.NullEqual,
		once:      c.once,
		workers:   make([]joinWorker, c.parallel),
	}
	inputs, keys := []plan.Node{p.L, p.R}, [][]expr.Expr{p.LKeys, p.RKeys}
	kept := make([]plan.Keeping, 2)
	kept[0], kept[1] = p.Keeping()
	if j.flip {
		slices.Reverse(inputs)
		slices.Reverse(keys)
		slices.Reverse(kept)
	}
	if p.On != nil {
		on := compileExprs(c.fn, p.On)
		j.on = &on
	}
	l, r := &j.sides[0], &j.sides[1]
	switch p.Kind {
	case plan.Left, plan.Right, plan.Anti:
		l.lone = loneUnmatched
	case plan.Semi:
		l.lone = loneMatched
	case plan.Full:
		l.lone, r.lone = loneUnmatched, loneUnmatched
		r.deferred = c.once
	}
	fresh := c.ids(n, 4)
	for i := range j.sides {
		s := &j.sides[i]
		s.keys, s.ts, s.counted = compileExprs(c.fn, keys[i]...), plan.Types(inputs[i]), kept[i].Counted
		if kept[i].Matches && (!c.once || s.deferred) {
			s.matches = c.newMap(n, 2+i, fresh)
			j.workers = j.workers[:1] // a row's shard is not its key's
		}
		if c.once {
			continue
		}
		s.settles = kept[i].Settles
		switch x, ok := inputs[i].(*plan.Index); {
		case ok:
			s.columns = x.Input.Columns
			s.read(c.index(x).op.(*index))
		case kept[i].Listed && i == 1 && l.list != nil:
			s.grow(l.list, 1, keys[i])
		case kept[i].Listed:
			s.grow(c.newLists(n, i, fresh), 0, keys[i])
		}
	}
	if l.table() == nil && (!c.once || r.deferred && j.on == nil) {
		l.rows = c.newMultimap(n, 0, fresh)
		l.counted = c.once
	}
	if r.table() == nil {
		r.rows = c.newMultimap(n, 1, fresh)
	}
	return j
}

func (c *compiler) topK(n *node, p *plan.TopK) error {
	limit, offset, err := window64(c.fn, p.Limit, p.Offset)
	if err != nil {
		return err
	}
	if p.Ordered {
		n.op = &cut{skip: offset, left: limit}
		return nil
	}
	t := newTopK(plan.Types(p), newSortOrder(p.OrderBy), offset, limit)
	t.nkeys = len(p.Keys)
	keys := p.Keys[:t.nkeys:t.nkeys]
	for _, o := range p.OrderBy {
		keys = append(keys, o.Expr)
	}
	t.exprs = compileExprs(c.fn, keys...)
	t.grows = c.grows(p.Input)
	t.rows = c.newMultimap(n, 0, c.ids(n, 1))
	n.op = t
	return nil
}

// window64 computes LIMIT and OFFSET: NULL and nothing are no limit and no offset.
func window64(fn *functions.Context, limit, offset expr.Expr) (l, o int64, err error) {
	l = math.MaxInt64
	if limit != nil {
		d, err := expr.EvalConst(fn, limit)
		if err != nil {
			return 0, 0, err
		}
		if !d.Null {
			if l = d.Int; l < 0 {
				return 0, 0, sqlstate.New(sqlstate.InvalidRowCountInLimitClause, "LIMIT must not be negative")
			}
		}
	}
	if offset != nil {
		d, err := expr.EvalConst(fn, offset)
		if err != nil {
			return 0, 0, err
		}
		if !d.Null {
			if o = d.Int; o < 0 {
				return 0, 0, sqlstate.New(sqlstate.InvalidRowCountInResultOffset, "OFFSET must not be negative")
			}
		}
	}
	return l, o, nil
}
