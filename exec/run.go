package exec

import (
	"context"
	"errors"

	"tarn/catalog"
	"tarn/delta"
	"tarn/planner/plan"
	"tarn/sql/expr"
	"tarn/sql/types"
)

// Scan says which rows of a relation a query reads. Key and the bounds are promises about what is needed, with values of
// the types of the key's columns: a source may return more rows than they ask for.
type Scan struct {
	Relation *catalog.Relation
	Columns  []int         // into Relation.Columns: the columns of the batches, in this order
	Key      []types.Datum // the leading columns of Relation.Key equal these; none is NULL
	Lo, Hi   *Bound        // of the column of Relation.Key behind them; nil for none
}

// Bound is one end of a range.
type Bound struct {
	Value     types.Datum
	Inclusive bool
}

// Sources is the snapshot a query reads.
type Sources interface {
	// Scan calls f with the rows of a relation, in batches of some thousand rows at most, until f returns an error, which
	// it hands back as it is. Counts are above zero. A view that holds errors returns the first of them.
	Scan(ctx context.Context, scan *Scan, f func(*delta.Batch) error) error
}

// errEnough stops a query that has all the rows it wants.
var errEnough = errors.New("enough rows")

// Run runs a query over a snapshot. emit gets the rows to be sent, the first query.Visible columns, in the order asked
// for, with all counts one (Counts nil); it may keep them. Params are in opts.Context; Store and State are ignored.
//
// The first row that fails ends the query with its error; so does the first error of sources and of emit, and, at the
// next batch, the end of ctx. No more is read than needed once LIMIT is reached.
func Run(ctx context.Context, query *plan.Query, sources Sources, opts Options, emit func(*delta.Batch) error) error {
	opts.Store, opts.State = nil, nil
	c := newCompiler(opts)
	c.once, c.flow.once, c.flow.ctx = true, true, ctx
	c.seen = map[plan.Node]*node{}
	defer c.flow.Release()

	top, err := c.compile(query.Root)
	if err != nil {
		return err
	}
	if retracts(query.Root) {
		top = c.settled(top, query.Root)
	}
	limit, offset, err := window64(c.fn, query.Limit, query.Offset)
	if err != nil || limit == 0 {
		return err
	}
	var last operator
	if len(query.OrderBy) > 0 {
		last = newSorter(c.fn, query, offset, limit, emit)
	} else {
		last = &sender{visible: query.Visible, skip: offset, left: limit, emit: emit}
	}
	n := &node{flow: c.flow, op: last}
	c.add(n, top)
	for _, m := range c.flow.nodes {
		if len(m.out) > 1 {
			m.spool = &spool{}
		}
	}
	r := runner{compiler: c, ctx: ctx, sources: sources}
	if err := r.run(n); err != nil && err != errEnough {
		return err
	}
	return nil
}

// runner drives a one-time query: everything below an operator's input is run to its end before the next input begins, and
// of a join the side that is kept comes first, so that the other one can pass by.
type runner struct {
	*compiler
	ctx     context.Context
	sources Sources
}

// run brings everything an operator reads to it, and ends its one epoch.
func (r *runner) run(n *node) error {
	if g, ok := n.plan.(*plan.Get); ok {
		return r.scan(n, g)
	}
	for i := range n.in {
		port := i
		if _, ok := n.op.(*join); ok {
			port = 1 - i
		}
		if err := r.feed(n, port); err != nil {
			return err
		}
	}
	if err := r.ctx.Err(); err != nil {
		return err
	}
	return n.flush()
}

// feed brings the whole of one input to an operator.
func (r *runner) feed(n *node, port int) error {
	in := n.in[port]
	s := in.spool
	if s == nil {
		return r.run(in)
	}
	if !s.full {
		if err := r.run(in); err != nil {
			return err
		}
		s.full = true
	}
	for _, b := range s.batches {
		if err := n.push(port, b); err != nil {
			return err
		}
	}
	return nil
}

// spool keeps what an operator of a one-time query emitted, for the several that read it.
type spool struct {
	batches []*delta.Batch
	full    bool
}

func (s *spool) add(b *delta.Batch) { s.batches = append(s.batches, b) }

// scan reads a relation. A NULL in a key or a bound equals nothing.
func (r *runner) scan(n *node, g *plan.Get) error {
	scan := &Scan{Relation: g.Relation, Columns: g.Columns}
	for _, e := range g.Key {
		d, err := expr.EvalConst(r.fn, e)
		if err != nil || d.Null {
			return err
		}
		scan.Key = append(scan.Key, d)
	}
	for _, end := range []struct {
		from *plan.Bound
		to   **Bound
	}{{g.Lo, &scan.Lo}, {g.Hi, &scan.Hi}} {
		if end.from == nil {
			continue
		}
		d, err := expr.EvalConst(r.fn, end.from.Expr)
		if err != nil || d.Null {
			return err
		}
		*end.to = &Bound{Value: d, Inclusive: end.from.Inclusive}
	}
	return r.sources.Scan(r.ctx, scan, func(b *delta.Batch) error {
		if err := r.ctx.Err(); err != nil {
			return err
		}
		n.rowsIn += int64(b.Len)
		n.batches++
		return n.emit(b)
	})
}

// sender sends rows in the order in which they come, and stops the query when they are enough.
type sender struct {
	stateless
	visible    int
	skip, left int64
	emit       func(*delta.Batch) error
}

func (s *sender) push(_ *node, _ int, b *delta.Batch) error {
	b = b.Project(columnsOf(s.visible))
	if b.Counts != nil {
		b = repeat(b)
	}
	if n := min(s.skip, int64(b.Len)); n > 0 {
		s.skip -= n
		b = b.Slice(int(n), b.Len)
	}
	if int64(b.Len) > s.left {
		b = b.Slice(0, int(s.left))
	}
	s.left -= int64(b.Len)
	if b.Len > 0 {
		if err := s.emit(b); err != nil {
			return err
		}
	}
	if s.left == 0 {
		return errEnough
	}
	return nil
}

// repeat is b with every row as often as its count says: not at all if that is zero or below.
func repeat(b *delta.Batch) *delta.Batch {
	if allOne(b.Counts) {
		return &delta.Batch{Cols: b.Cols, Len: b.Len}
	}
	var sel []int32
	for i, count := range b.Counts {
		for ; count > 0; count-- {
			sel = append(sel, int32(i))
		}
	}
	out := b.Gather(sel)
	out.Counts = nil
	return out
}
