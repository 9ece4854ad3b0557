package exec

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"tarn/catalog"
	"tarn/delta"
	"tarn/planner/plan"
	"tarn/sql/expr"
	"tarn/sql/functions"
	"tarn/sql/types"
)

// Scan says which rows of a relation a query reads. Key and the bounds are promises about what is needed, with values of
// the types of the key's columns: a source may return more rows than they ask for. It keeps nothing of a Scan.
type Scan struct {
	Relation *catalog.Relation
	Columns  []int          // into Relation.Columns: the columns of the batches, in this order
	Key      []types.Datum  // the leading columns of Relation.Key equal these; none is NULL
	Lo, Hi   *Bound         // of the column of Relation.Key behind them; nil for none
	Any      []types.Datum  // this column equals one of these, none of which is NULL; nil for no such list
	Order    plan.ScanOrder // in which the rows must come

	// Exact is for the source to set before it calls f: it returns only rows that have the Key.
	Exact bool

	lent *delta.Batch // memory for a batch of which nothing is kept; nil for none

	Decoder *delta.RowDecoder // of rows of the relation in the exact encoding, for these columns
	Types   []types.Type      // of these columns
}

// NewScan returns a Scan of all rows. The columns must not be changed.
func NewScan(relation *catalog.Relation, columns []int) *Scan {
	all := relation.Types()
	s := &Scan{Relation: relation, Columns: columns, Decoder: delta.NewRowDecoder(all, columns), Types: make([]types.Type, len(columns))}
	for i, c := range columns {
		s.Types[i] = all[c]
	}
	return s
}

// NewBatch returns an empty batch for rows of the scan, with room for n of them. It is to be handed on before the next one is made.
func (s *Scan) NewBatch(n int) *delta.Batch {
	if s.lent == nil || n > lentRows {
		return delta.NewBatch(s.Types, n)
	}
	b := s.lent
	if b.Cols == nil {
		b.Cols = newColumns(s.Types, n)
	}
	resetColumns(b.Cols)
	b.Counts, b.Len = nil, 0
	return b
}

// lentRows and lentBytes bound a batch whose memory is used again.
const (
	lentRows  = 64
	lentBytes = 16 << 10
)

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

// Query is a query to be run any number of times, by any number of goroutines. Where no operator keeps anything they are made
// once and used again, unless their constants have grown with many rows: what a Query takes between runs is bounded.
type Query struct {
	plan      *plan.Query
	lookups   func() map[*plan.Join]*plan.Lookup // found when a join is first run
	idle      atomic.Pointer[runner]             // of a run that has ended
	constants atomic.Int64                       // 1 and plan.ConstantBytes of the plan; 0: not found yet
}

// NewQuery returns a query to be run. The plan must not be changed.
func NewQuery(q *plan.Query) *Query {
	return &Query{plan: q, lookups: sync.OnceValue(func() map[*plan.Join]*plan.Lookup { return plan.Lookups(q.Root) })}
}

// Run runs a query once. See Query.Run.
func Run(ctx context.Context, query *plan.Query, sources Sources, opts Options, emit func(*delta.Batch) error) error {
	return NewQuery(query).Run(ctx, sources, opts, emit)
}

// Run runs the query over a snapshot. emit gets the rows to be sent, the first query.Visible columns, in the order asked
// for, with all counts one (Counts nil); it may keep them. Params are in opts.Context; Store and State are ignored.
//
// The first row that fails ends the query with its error; so does the first error of sources and of emit, and, at the
// next batch, the end of ctx. No more is read than needed once LIMIT is reached.
func (q *Query) Run(ctx context.Context, sources Sources, opts Options, emit func(*delta.Batch) error) error {
	r := q.idle.Swap(nil)
	if r == nil {
		var err error
		if r, err = q.compile(opts); err != nil {
			return err
		}
	} else if opts.Context != nil {
		r.context = *opts.Context
	}
	ended := false
	defer func() {
		r.flow.account.Close()
		if ended && r.reusable() && q.small(r) {
			r.forget()
			q.idle.Store(r)
		} else {
			r.flow.Release()
		}
	}()
	r.passing = opts.Passing
	err := r.query(ctx, q.plan, sources, emit)
	ended = err == nil
	return err
}

// compile makes the operators of a query.
func (q *Query) compile(opts Options) (*runner, error) {
	r := &runner{lookups: q.lookups, looked: opts.Looked}
	if opts.Context != nil {
		r.context = *opts.Context
	}
	opts.Store, opts.State, opts.Context = nil, nil, &r.context
	c := newCompiler(opts)
	c.once, c.flow.once, c.flow.account = true, true, opts.Pool.Account()
	c.seen = map[plan.Node]*node{}
	r.compiler, r.room = c, c.flow.take
	top, err := c.compile(q.plan.Root)
	if err != nil {
		c.flow.Release()
		return nil, err
	}
	if retracts(q.plan.Root) {
		top = c.settled(top, q.plan.Root)
	}
	r.last = &node{flow: c.flow, op: nobody{}}
	c.add(r.last, top)
	for _, m := range c.flow.nodes {
		if len(m.out) > 1 {
			m.spool = &spool{}
		}
	}
	return r, nil
}

// runner drives a one-time query: everything below an operator's input is run to its end before the next input begins, and
// of a join the side that is kept comes first, so that the other one can pass by.
type runner struct {
	*compiler
	context functions.Context // what the expressions of all operators are evaluated with
	last    *node             // its operator is that of one run
	sender  sender            // or this one
	room    func(int64) error // takes memory of the account
	ctx     context.Context
	sources Sources
	lookups func() map[*plan.Join]*plan.Lookup
	limits  map[*plan.Get][]types.Datum // relations of which only rows with some values of a key column are needed: see lookups
	looked  func(*plan.Get, int)
	passing bool // emit keeps nothing
}

// query runs the query once.
func (r *runner) query(ctx context.Context, query *plan.Query, sources Sources, emit func(*delta.Batch) error) error {
	limit, offset, err := window64(r.fn, query.Limit, query.Offset)
	if err != nil || limit == 0 {
		return err
	}
	if len(query.OrderBy) > 0 && !query.Ordered {
		r.last.op = newSorter(r.fn, query, offset, limit, emit)
	} else {
		r.sender = sender{visible: query.Visible, skip: offset, left: limit, emit: emit}
		r.last.op = &r.sender
		r.lend()
	}
	r.ctx, r.sources, r.flow.ctx = ctx, sources, ctx
	r.context.Room = r.room
	if err := r.run(r.last); err != nil && err != errEnough {
		return err
	}
	return nil
}

// lend has batches that nobody keeps anything of share their memory.
func (r *runner) lend() {
	if !r.passing || !r.reusable() {
		return
	}
	for _, n := range r.flow.nodes {
		if g, ok := n.op.(*get); ok {
			g.lent = &g.memory
		}
	}
}

// keptBytes is how much constants may take in operators that are used again.
const keptBytes = 16 << 10

// small tells whether operators take little memory: a constant is kept as often as the longest batch has had rows.
func (q *Query) small(r *runner) bool {
	rows := int64(0)
	for _, n := range r.flow.nodes {
		rows = max(rows, n.rowsIn)
	}
	if rows <= 1 {
		return true
	}
	size := q.constants.Load()
	if size == 0 {
		size = 1 + plan.ConstantBytes(q.plan.Root)
		q.constants.Store(size)
	}
	return size == 1 || rows*size <= keptBytes
}

// reusable tells whether the operators are, after a run, as they were before.
func (r *runner) reusable() bool {
	for _, n := range r.flow.nodes {
		if n == r.last {
			continue
		}
		switch n.op.(type) {
		case *get, *filter, *project, union, negate:
		default:
			return false
		}
		if n.spool != nil {
			return false
		}
	}
	return true
}

// forget drops what was of one run.
func (r *runner) forget() {
	r.context, r.ctx, r.sources, r.flow.ctx, r.last.op = functions.Context{}, nil, nil, nil, nobody{}
	r.sender = sender{}
	r.limits = nil
	for _, n := range r.flow.nodes {
		n.rowsIn = 0
		if g, ok := n.op.(*get); ok && g.scan != nil {
			clear(g.scan.Key)
			g.scan.Key, g.scan.Lo, g.scan.Hi, g.scan.Any = g.scan.Key[:0], nil, nil, nil
			if g.lent = nil; g.memory.Bytes() > lentBytes {
				g.memory = delta.Batch{}
			}
		}
	}
}

// nobody takes what a query sends between two runs: nothing.
type nobody struct{ stateless }

func (nobody) push(*node, int, *delta.Batch) error { return nil }

// run brings everything an operator reads to it, and ends its one epoch.
func (r *runner) run(n *node) error {
	if g, ok := n.plan.(*plan.Get); ok {
		return r.scan(n, g)
	}
	if j, ok := n.op.(*join); ok {
		if err := r.join(n, j); err != nil {
			return err
		}
	} else {
		for port := range n.in {
			if err := r.feed(n, port); err != nil && err != (cutOff{n}) {
				return err
			}
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
	if err := r.fill(in); err != nil {
		return err
	}
	return n.pushAll(port, s.batches)
}

// fill runs an operator that several read, unless it has been run.
func (r *runner) fill(n *node) error {
	if n.spool.full {
		return nil
	}
	if err := r.run(n); err != nil {
		return err
	}
	n.spool.full = true
	return nil
}

// pushAll hands batches to the operator.
func (n *node) pushAll(port int, batches []*delta.Batch) error {
	for _, b := range batches {
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
	rows    int
	limit   int          // more rows than this are too many; 0: none are
	over    func() error // is called once they are
}

func (s *spool) add(b *delta.Batch) error {
	s.batches = append(s.batches, b)
	if s.rows += b.Len; s.limit > 0 && s.rows > s.limit {
		return s.over()
	}
	return nil
}

// scan reads a relation. A NULL in a key or a bound equals nothing.
func (r *runner) scan(n *node, g *plan.Get) error {
	op := n.op.(*get)
	if op.scan == nil {
		op.scan = NewScan(g.Relation, g.Columns)
		op.scan.Order = g.Order
		op.take = func(b *delta.Batch) error {
			if err := r.ctx.Err(); err != nil {
				return err
			}
			n.rowsIn += int64(b.Len)
			n.batches++
			return n.emit(b)
		}
	}
	scan := op.scan
	scan.lent = op.lent
	scan.Key, scan.Lo, scan.Hi, scan.Any, scan.Exact = scan.Key[:0], nil, nil, nil, false
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
	if g.Any != nil {
		var err error
		if scan.Any, err = anyOf(r.fn, g.Any); err != nil || len(scan.Any) == 0 {
			return err
		}
	}
	if values, ok := r.limits[g]; ok {
		if len(values) == 0 {
			return nil
		}
		scan.Any, scan.Lo, scan.Hi = values, nil, nil
	}
	return r.sources.Scan(r.ctx, scan, op.take)
}

// anyOf are the values that are not NULL.
func anyOf(fn *functions.Context, a *plan.AnyOf) (values []types.Datum, err error) {
	list := a.List
	if a.Array != nil {
		d, err := expr.EvalConst(fn, a.Array)
		if err != nil || d.Null {
			return nil, err
		}
		list = types.DecodeArray(a.Elem.Kind(), d.Bytes).Elems
	}
	for _, e := range a.Exprs {
		d, err := expr.EvalConst(fn, e)
		if err != nil {
			return nil, err
		}
		if !d.Null {
			values = append(values, d)
		}
	}
	for _, d := range list {
		if !d.Null {
			values = append(values, d)
		}
	}
	return values, nil
}

// sender sends rows in the order in which they come, and stops the query when they are enough.
type sender struct {
	stateless
	visible    int
	skip, left int64
	emit       func(*delta.Batch) error
}

func (s *sender) push(n *node, _ int, b *delta.Batch) error {
	if s.visible < len(b.Cols) {
		b = b.Project(columnsOf(s.visible))
	}
	if b.Counts == nil {
		return s.send(b)
	}
	return repeat(b, func(part *delta.Batch) error {
		if err := n.flow.ctx.Err(); err != nil {
			return err
		}
		return s.send(part)
	})
}

// send sends rows that are there once each.
func (s *sender) send(b *delta.Batch) error {
	b = takeRows(b, &s.skip, &s.left)
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

// repeatRows bounds the batches of repeat.
const repeatRows = 1 << 14

// repeat calls f with every row of b as often as its count says, not at all if that is zero or below. A count has no bound: of a
// cross product without columns that are used, one row stands for all. So this is done in parts.
func repeat(b *delta.Batch, f func(part *delta.Batch) error) error {
	if allOne(b.Counts) {
		return f(&delta.Batch{Cols: b.Cols, Len: b.Len})
	}
	var sel []int32
	part := func() error {
		out := b.Gather(sel)
		out.Counts = nil
		sel = nil
		return f(out)
	}
	for i, count := range b.Counts {
		for ; count > 0; count-- {
			if sel = append(sel, int32(i)); len(sel) == repeatRows {
				if err := part(); err != nil {
					return err
				}
			}
		}
	}
	if len(sel) == 0 {
		return nil
	}
	return part()
}
