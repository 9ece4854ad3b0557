package exec

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"strconv"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"tarn/catalog"
	"tarn/delta"
	"tarn/planner/plan"
	"tarn/sql/expr"
	"tarn/sql/functions"
	"tarn/sql/types"
	"tarn/storage"
)

// randomPlans makes random plans with two columns of bigint.
type randomPlans struct{ *rand.Rand }

func (r randomPlans) leaf() plan.Node {
	return scan([]*catalog.Relation{relA, relB, growing(relA)}[r.IntN(3)])
}

func (r randomPlans) cols(n plan.Node, cols ...int) plan.Node {
	var es []expr.Expr
	for _, c := range cols {
		es = append(es, col(n, c))
	}
	return &plan.Project{Input: n, Exprs: es, Fields: fields(int8T, int8T)}
}

func (r randomPlans) order(n plan.Node) []plan.Order {
	return []plan.Order{{Expr: col(n, 1), Desc: r.IntN(2) == 0, NullsFirst: r.IntN(2) == 0}}
}

func (r randomPlans) node(depth int) plan.Node {
	if depth == 0 {
		return r.leaf()
	}
	in := r.node(depth - 1)
	switch r.IntN(11) {
	case 10: // INTERSECT ALL: rows are emitted, and then those of them taken back that the other side has not
		fs := fields(int8T, int8T)
		rest := &plan.Threshold{Input: &plan.Union{Children: []plan.Node{in, &plan.Negate{Input: r.node(depth - 1)}}, Fields: fs}}
		return &plan.Union{Children: []plan.Node{in, &plan.Negate{Input: rest}}, Fields: fs}
	case 0:
		return &plan.Filter{Input: in, Cond: less(col(in, r.IntN(2)), num(int64(r.IntN(5))))}
	case 1:
		return &plan.Project{Input: in, Exprs: []expr.Expr{col(in, 0), plus(col(in, 0), col(in, 1))}, Fields: fields(int8T, int8T)}
	case 2:
		return &plan.Project{Input: in, Exprs: []expr.Expr{div(col(in, 1), col(in, 0)), col(in, 1)}, Fields: fields(int8T, int8T)}
	case 3:
		return &plan.Distinct{Input: in}
	case 4:
		return &plan.Threshold{Distinct: r.IntN(2) == 0, Input: &plan.Union{
			Children: []plan.Node{in, &plan.Negate{Input: r.node(depth - 1)}}, Fields: fields(int8T, int8T)}}
	case 5:
		return r.aggregate(in, 0, 1)
	case 6:
		t := &plan.TopK{Input: in, OrderBy: r.order(in), Limit: num(int64(1 + r.IntN(3))), Offset: num(int64(r.IntN(2)))}
		if r.IntN(2) == 0 {
			t.Keys = []expr.Expr{col(in, 0)}
		}
		return t
	case 7:
		f := &plan.FlatMap{Input: in, Fn: seriesFn, Args: []expr.Expr{col(in, 0), col(in, 1)}, Columns: fields(int8T)}
		return r.cols(f, 0, 2)
	}
	j := &plan.Join{Kind: plan.JoinKind(r.IntN(6)), L: in, R: r.node(depth - 1), NullEqual: r.IntN(4) == 0}
	j.LKeys, j.RKeys = []expr.Expr{col(j.L, 0)}, []expr.Expr{col(j.R, 0)}
	switch r.IntN(4) {
	case 0:
		j.On = less(at(1, int8T), at(3, int8T))
	case 1:
		j.On = less(at(0, int8T), div(at(1, int8T), at(3, int8T)))
	}
	if j.Kind == plan.Semi || j.Kind == plan.Anti {
		return j
	}
	if r.IntN(3) == 0 {
		return r.aggregate(j, r.IntN(4), r.IntN(4)) // which reads some columns of the pairs, and keeps none
	}
	return r.cols(j, r.IntN(3), 2+r.IntN(2))
}

// aggregate groups by column k and aggregates column v.
func (r randomPlans) aggregate(in plan.Node, k, v int) plan.Node {
	fns := []*functions.Aggregate{countAgg, countArgAgg, sumAgg, minAgg, maxAgg, inverseAgg, listAgg}
	keys := []expr.Expr{col(in, k)}
	if r.IntN(4) == 0 {
		keys = nil
	}
	var aggs []plan.Agg
	for range 1 + r.IntN(3) {
		fn := fns[r.IntN(len(fns))]
		t := int8T
		var args []expr.Expr
		if fn == listAgg {
			t = textT
		}
		if fn != countAgg {
			args = []expr.Expr{col(in, v)}
		}
		a := agg(fn, t, args...)
		a.Distinct = fn != countAgg && r.IntN(3) == 0
		if r.IntN(3) == 0 {
			a.Filter = less(num(1), col(in, v))
		}
		aggs = append(aggs, a)
	}
	g := groupBy(in, keys, aggs...)
	g.Grouped = r.IntN(2) == 0
	for i, a := range aggs {
		if at := len(g.Keys) + i; a.T == int8T && len(g.Keys) > 0 {
			return r.cols(g, 0, at)
		} else if a.T == int8T {
			return r.cols(g, at, at)
		}
	}
	// texts only: keep them apart by counting
	n := groupBy(g, []expr.Expr{col(g, len(g.Keys))}, agg(countAgg, int8T))
	return r.cols(n, 1, 1)
}

// change makes a random valid change of a relation, and makes it in rels too.
func (r randomPlans) change(rels map[uint32]*bag, rel *catalog.Relation, n int) *delta.Batch {
	b := delta.NewBatch(rel.Types(), n)
	content := rels[rel.ID]
	now := content.batch()
	for range n {
		if !rel.Append && now.Len > 0 && r.IntN(5) < 2 {
			i := r.IntN(now.Len)
			if count := content.count[string(delta.AppendRow(nil, now, i))]; count > 0 {
				take := 1 + r.Int64N(count)
				b.AppendRow(now, i, -take)
				content.add(now, i, -take)
			}
			continue
		}
		for c := range b.Cols {
			if r.IntN(8) == 0 {
				b.Cols[c].AppendNull()
			} else {
				b.Cols[c].AppendInt(int64(r.IntN(5 + 2*c)))
			}
		}
		b.AppendCount(1 + int64(r.IntN(2)))
		content.add(b, b.Len-1, b.Count(b.Len-1))
	}
	return b
}

// Random plans over random changes give at every epoch what the reference computes from scratch: with state that is
// checkpointed, evicted and reopened on the way, or shared between goroutines; and so does running them once.
func TestRandomPlansAgainstReference(t *testing.T) {
	seeds := uint64(80)
	if v, err := strconv.ParseUint(os.Getenv("TARN_SEEDS"), 10, 64); err == nil {
		seeds = v
	}
	for seed := range seeds {
		r := randomPlans{rand.New(rand.NewPCG(seed, 1))}
		p := r.node(1 + r.IntN(3))
		if seed%4 < 2 {
			p = indexed(p)
		}
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			randomRun(t, r, p, 1+int(seed%2))
			if t.Failed() {
				t.Logf("seed %d\n%s", seed, plan.Explain(p))
			}
		})
	}
}

// stored are options for operators whose state is kept, so that a dataflow can be compiled again as it was.
func stored(t testing.TB, parallel int) (*storage.Store, Options) {
	t.Helper()
	store, err := storage.Open(vfs.NewMem(), "data", storage.Options{Memory: newPool()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	ids, next := map[string]uint32{}, uint32(1)
	return store, Options{Store: store, Parallel: parallel, State: func(print string, n int) (uint32, bool) {
		if id, ok := ids[print]; ok {
			return id, false
		}
		ids[print] = next
		next += uint32(n)
		return ids[print], true
	}}
}

func randomRun(t *testing.T, r randomPlans, p plan.Node, parallel int) {
	defer func(n int) { forkRows = n }(forkRows)
	forkRows = 3
	store, opts := stored(t, parallel)
	var (
		rels = map[uint32]*bag{}
		view = newBag(plan.Types(p))
		errs = newBag(ErrorTypes)
	)
	for _, rel := range []*catalog.Relation{relA, relB, growing(relA)} {
		rels[rel.ID] = newBag(rel.Types())
	}
	d, err := Compile(p, 500, opts)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { d.Release() }()
	for epoch := range 12 {
		in := map[uint32]Input{}
		for _, rel := range []*catalog.Relation{relA, relB, growing(relA)} {
			for range r.IntN(3) {
				in[rel.ID] = Input{Rows: append(in[rel.ID].Rows, r.change(rels, rel, 1+r.IntN(5)))}
			}
		}
		out, err := d.Step(context.Background(), in)
		if err != nil {
			t.Fatal(err)
		}
		view.addAll(out[500].Rows)
		errs.addAll(out[500].Errs)
		ref := &reference{rels: rels, errs: map[string]int64{}, fn: &functions.Context{}}
		want := ref.run(p)
		if !reflect.DeepEqual(view.count, want.count) {
			t.Fatalf("epoch %d:\n got %v\nwant %v", epoch, view, want)
		}
		if got := byMessage(errs); !reflect.DeepEqual(got, ref.errs) {
			t.Fatalf("epoch %d: errors\n got %v\nwant %v", epoch, got, ref.errs)
		}
		checkProperties(t, p, want, out[500])
		switch r.IntN(4) {
		case 0:
			checkpoint(t, store, uint64(epoch+1), d)
			if _, err := d.Evict(0); err != nil {
				t.Fatal(err)
			}
		case 1:
			checkpoint(t, store, uint64(epoch+1), d)
			d.Release()
			if d, err = Compile(p, 500, opts); err != nil {
				t.Fatal(err)
			}
		}
		if epoch%4 == 3 {
			checkRun(t, p, rels, parallel, want, len(ref.errs) > 0)
		}
	}
}

// checkProperties checks what the plan package derives of a plan, and operators rely on.
func checkProperties(t *testing.T, p plan.Node, content *bag, change Output) {
	t.Helper()
	if change.Rows != nil && plan.AppendOnly(p) {
		for i := range change.Rows.Len {
			if change.Rows.Count(i) < 0 {
				t.Fatalf("a plan that only grows retracts: %s", showOutput(change))
			}
		}
	}
	unique := plan.UniqueKey(p)
	if unique == nil {
		return
	}
	rows := content.batch()
	ts, seen := make([]types.Type, len(unique)), map[string]bool{}
	for i, c := range unique {
		ts[i] = content.ts[c]
	}
	for i := range rows.Len {
		key := string(delta.AppendKeyRow(nil, rows, unique, ts, i))
		if seen[key] || rows.Count(i) != 1 {
			t.Fatalf("columns %v are no unique key of %v", unique, content)
		}
		seen[key] = true
	}
}

func byMessage(errs *bag) map[string]int64 {
	out := map[string]int64{}
	b := errs.batch()
	for i := range b.Len {
		out[ErrorAt(b, i).Message] += b.Count(i)
	}
	return out
}

func checkpoint(t testing.TB, store *storage.Store, epoch uint64, d *Dataflow) {
	t.Helper()
	cp := store.Begin(epoch)
	d.WriteDirty(cp)
	done := make(chan error)
	cp.Commit(nil, nil, func(err error) { done <- err })
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

// bags are sources for Run: their batches are small, and of counts other than one.
type bags map[uint32]*bag

func (s bags) Scan(_ context.Context, scan *Scan, f func(*delta.Batch) error) error {
	b := s[scan.Relation.ID].batch().Project(scan.Columns)
	for at := 0; at < b.Len; at += 5 {
		if err := f(b.Slice(at, min(at+5, b.Len))); err != nil {
			return err
		}
	}
	return nil
}

func checkRun(t *testing.T, p plan.Node, rels map[uint32]*bag, parallel int, want *bag, fails bool) {
	t.Helper()
	got := newBag(want.ts)
	pool := newPool()
	err := Run(context.Background(), &plan.Query{Root: p, Visible: len(want.ts)}, bags(rels), Options{Pool: pool, Parallel: parallel},
		func(b *delta.Batch) error {
			if b.Counts != nil {
				t.Error("a batch with counts was sent")
			}
			got.addAll(b)
			return nil
		})
	if fails != (err != nil) {
		t.Fatalf("once: error %v, want one: %v", err, fails)
	}
	if err == nil && !reflect.DeepEqual(got.count, want.count) {
		t.Fatalf("once:\n got %v\nwant %v", got, want)
	}
	if pool.Used() != 0 {
		t.Errorf("once: %d bytes of state are left", pool.Used())
	}
}
