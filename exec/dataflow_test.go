package exec

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"tarn/catalog"
	"tarn/delta"
	"tarn/planner/plan"
	"tarn/sql/expr"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
	"tarn/storage"
)

// idSource hands out state ids as the engine does: what is in known belongs to views that live already.
type idSource struct {
	next  uint32
	known map[string]uint32
}

func (s *idSource) state(print string, n int) (uint32, bool) {
	if id, ok := s.known[print]; ok {
		return id, false
	}
	first := s.next
	s.next += uint32(n)
	return first, true
}

func mustCompile(t *testing.T, p plan.Node, id uint32, opts Options) *Dataflow {
	t.Helper()
	d, err := Compile(p, id, opts)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func testStore(t *testing.T) *storage.Store {
	t.Helper()
	store, err := storage.Open(vfs.NewMem(), "data", storage.Options{Memory: newPool()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store
}

func totals(in plan.Node) *plan.Aggregate {
	return groupBy(in, []expr.Expr{col(in, 0)}, agg(sumAgg, int8T, col(in, 1)))
}

// Two views of one aggregate share it; the second is hydrated by itself first. What only one of them needs goes with it.
func TestAttachSharesOperatorsAndDetachFreesThem(t *testing.T) {
	ids := &idSource{next: 1}
	opts := Options{Store: testStore(t), State: ids.state}
	shared := totals(scan(relA))
	top := &plan.TopK{Input: shared, OrderBy: []plan.Order{{Expr: col(shared, 1)}}, Limit: num(1)}

	live := NewDataflow()
	if dropped, _ := live.Attach(mustCompile(t, shared, 500, opts)); dropped != nil {
		t.Errorf("dropped %v", dropped)
	}
	if got := step(t, live, "a +1 1 5; a +1 2 3"); got != "+1 1 5; +1 2 3" {
		t.Fatal(got)
	}

	fresh := mustCompile(t, top, 501, opts)
	out, err := fresh.Step(context.Background(), parseEpoch(t, "a +1 2 3; a +1 1 5"))
	if err != nil || showOutput(out[501]) != "+1 2 3" {
		t.Fatal(showOutput(out[501]), err)
	}
	dropped, moved := live.Attach(fresh)
	if want := []uint32{4, 5, 6}; !slices.Equal(dropped, want) {
		t.Errorf("dropped %v, want those of the second aggregate, %v", dropped, want)
	}
	if moved != nil {
		t.Errorf("moved %v", moved)
	}
	if got, want := live.States(501), []catalog.NodeState{
		{Fingerprint: plan.Fingerprint(top), ID: 7, Count: 1}, {Fingerprint: plan.Fingerprint(shared), ID: 1, Count: 3},
	}; !reflect.DeepEqual(got, want) {
		t.Errorf("states %v, want %v", got, want)
	}

	out, err = live.Step(context.Background(), parseEpoch(t, "a -1 2 3; a +1 1 1"))
	if err != nil || showOutput(out[500]) != "+1 1 6; -1 1 5; -1 2 3" || showOutput(out[501]) != "+1 1 6; -1 2 3" {
		t.Fatal(showOutput(out[500]), "|", showOutput(out[501]), err)
	}
	if s := live.Stats(501); len(s) != 3 || s[0].Depth != 0 || s[1].Shared != 2 || s[1].RowsIn != 4 || s[1].Bytes == 0 {
		t.Errorf("stats %+v", s)
	}

	if freed := live.Detach(500); freed != nil {
		t.Errorf("freed %v, all of which the other view needs", freed)
	}
	if freed := live.Detach(501); !slices.Equal(freed, []uint32{1, 2, 3, 7}) {
		t.Errorf("freed %v", freed)
	}
	if len(live.Reads()) != 0 || len(live.nodes) != 0 || live.Bytes() != 0 {
		t.Error("something is left")
	}
}

// A restart compiles every view again, over the same ids: what they share is dropped without freeing the ids.
func TestAttachAfterRestart(t *testing.T) {
	p := totals(scan(relA))
	ids := &idSource{next: 10, known: map[string]uint32{plan.Fingerprint(p): 1}}
	opts := Options{Store: testStore(t), State: ids.state}
	live := NewDataflow()
	for id := uint32(500); id < 502; id++ {
		if dropped, _ := live.Attach(mustCompile(t, p, id, opts)); dropped != nil {
			t.Errorf("dropped %v", dropped)
		}
	}
	out, err := live.Step(context.Background(), parseEpoch(t, "a +1 1 5"))
	if err != nil || len(out) != 2 || showOutput(out[501]) != "+1 1 5" {
		t.Fatal(out, err)
	}
}

// A view of a view sees a change in the same step, and its errors too.
func TestViewsOfViews(t *testing.T) {
	divided := &plan.Project{Input: scan(relA), Fields: fields(int8T, int8T), Exprs: []expr.Expr{at(0, int8T), div(num(10), at(1, int8T))}}
	rel := &catalog.Relation{ID: 500, Name: "v", Kind: catalog.MaterializedView, Columns: relA.Columns}
	live := NewDataflow()
	pool := newPool()
	live.Attach(mustCompile(t, divided, 500, Options{Pool: pool}))
	live.Attach(mustCompile(t, totals(scan(rel)), 501, Options{Pool: pool}))
	if got := live.Reads(); !slices.Equal(got, []uint32{relA.ID}) {
		t.Errorf("reads %v", got)
	}
	for _, e := range []struct{ epoch, want, over string }{
		{"a +1 1 5; a +1 1 0", "+1 1 2; error +1 division by zero", "+1 1 2; error +1 division by zero"},
		{"a -1 1 0; a +2 1 2", "+2 1 5; error -1 division by zero", "+1 1 12; -1 1 2; error -1 division by zero"},
		{"a +1 1 3; a -1 1 3", "", ""},
	} {
		out, err := live.Step(context.Background(), parseEpoch(t, e.epoch))
		if err != nil || showOutput(out[500]) != e.want || showOutput(out[501]) != e.over {
			t.Errorf("%s: %s | %s %v", e.epoch, showOutput(out[500]), showOutput(out[501]), err)
		}
	}
	if s := live.Stats(501); len(s) != 2 {
		t.Errorf("stats of a view reach into the one it reads: %+v", s)
	}
}

// Hydration brings the errors of a view that is read along.
func TestErrorsOfSources(t *testing.T) {
	d := start(t, totals(scan(relA)))
	errs := delta.NewBatch(ErrorTypes, 1)
	AppendError(errs, sqlstate.New(sqlstate.DivisionByZero, "division by zero").WithHint("do not"), 2)
	out, err := d.Step(context.Background(), map[uint32]Input{relA.ID: {Errs: errs}})
	if err != nil || showOutput(out[500]) != "error +2 division by zero" || ErrorAt(out[500].Errs, 0).Hint != "do not" {
		t.Fatal(showOutput(out[500]), err)
	}
}

func query(root plan.Node, visible int) *plan.Query { return &plan.Query{Root: root, Visible: visible} }

func runText(t *testing.T, q *plan.Query, rels bags) string {
	t.Helper()
	var lines []string
	err := Run(context.Background(), q, rels, Options{Pool: newPool()}, func(b *delta.Batch) error {
		for i := range b.Len {
			var values []string
			for c := range b.Cols {
				values = append(values, show(&b.Cols[c], i))
			}
			lines = append(lines, strings.Join(values, " "))
		}
		return nil
	})
	if err != nil {
		return err.Error()
	}
	return strings.Join(lines, "; ")
}

func contents(t *testing.T, epoch string) bags {
	t.Helper()
	rels := bags{}
	for _, r := range []*catalog.Relation{relA, relB, relS} {
		rels[r.ID] = newBag(r.Types())
	}
	for id, in := range parseEpoch(t, epoch) {
		for _, b := range in.Rows {
			rels[id].addAll(b)
		}
	}
	return rels
}

func TestRunOrdersAndCuts(t *testing.T) {
	rels := contents(t, "a +2 1 30; a +1 2 NULL; a +1 3 10; a +1 4 20")
	q := query(scan(relA), 1)
	q.OrderBy = []plan.Order{{Expr: at(1, int8T), Desc: true, NullsFirst: true}}
	if got := runText(t, q, rels); got != "2; 1; 1; 4; 3" {
		t.Error(got)
	}
	q.Limit, q.Offset = num(2), num(1)
	if got := runText(t, q, rels); got != "1; 1" {
		t.Error(got)
	}
	q.OrderBy = nil
	q.Limit, q.Offset = num(3), num(2)
	if got := runText(t, q, rels); len(strings.Split(got, ";")) != 3 {
		t.Error(got)
	}
	q.Limit = num(0)
	if got := runText(t, q, rels); got != "" {
		t.Error(got)
	}
	q.Limit, q.Offset = nil, num(-1)
	if got := runText(t, q, rels); got != "OFFSET must not be negative (SQLSTATE 2201X)" {
		t.Error(got)
	}
}

// A limited sort throws rows away as it goes and still gives what a full sort would.
func TestRunPrunesLimitedSort(t *testing.T) {
	rels := bags{relA.ID: newBag(relA.Types())}
	b := delta.NewBatch(relA.Types(), 40000)
	for i := range 40000 {
		b.Cols[0].AppendInt(int64(i))
		b.Cols[1].AppendInt(int64(i * 7919 % 40000))
		b.AppendCount(1)
	}
	rels[relA.ID].addAll(b)
	q := query(scan(relA), 2)
	q.OrderBy = []plan.Order{{Expr: at(1, int8T)}}
	q.Limit, q.Offset = num(3), num(1000)
	if got := runText(t, q, rels); !strings.HasSuffix(got, " 1002") || !strings.Contains(got, " 1000; ") || !strings.Contains(got, " 1001; ") {
		t.Error(got)
	}
}

func TestRunStopsAtItsLimit(t *testing.T) {
	rels := contents(t, "a +1 1 1; a +1 1 2; a +1 1 3; a +1 1 4; a +1 1 5; a +1 1 6; a +1 1 0; b +9 0 0")
	// the division fails for one row of a, in a later batch than the first
	p := &plan.Project{Input: scan(relA), Exprs: []expr.Expr{div(num(6), plus(at(1, int8T), num(-6)))}, Fields: fields(int8T)}
	q := query(p, 1)
	q.Limit = num(2)
	if got := runText(t, q, rels); strings.Contains(got, "division") {
		t.Error(got)
	}
	q.Limit = nil
	if got := runText(t, q, rels); got != "division by zero (SQLSTATE 22012)" {
		t.Error(got)
	}
}

// A node that is read twice is computed once.
func TestRunSharesNodes(t *testing.T) {
	g := totals(scan(relA))
	p := &plan.Join{L: g, R: g, LKeys: []expr.Expr{col(g, 0)}, RKeys: []expr.Expr{col(g, 0)}}
	if got := runText(t, query(p, 4), contents(t, "a +1 1 5; a +2 1 1")); got != "1 7 1 7" {
		t.Error(got)
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	rels := contents(t, "a +1 1 1; a +1 1 2; a +1 1 3; a +1 1 4; a +1 1 5; a +1 1 6; a +1 1 7; a +1 1 8")
	calls := 0
	err := Run(ctx, query(scan(relA), 1), rels, Options{Pool: newPool()}, func(*delta.Batch) error {
		calls++
		cancel()
		return nil
	})
	if !errors.Is(err, context.Canceled) || calls != 1 {
		t.Error(err, calls)
	}
	mine := errors.New("mine")
	if err := Run(context.Background(), query(scan(relA), 1), rels, Options{Pool: newPool()}, func(*delta.Batch) error { return mine }); err != mine {
		t.Error(err)
	}
}

func TestRunPassesAccessHints(t *testing.T) {
	get := scan(relA)
	get.Key = []expr.Expr{num(7)}
	get.Lo = &plan.Bound{Expr: num(3), Inclusive: true}
	var seen *Scan
	probe := probeSources(func(s *Scan) {
		kept := *s
		kept.Key = slices.Clone(s.Key)
		seen = &kept
	})
	run := func() error {
		return Run(context.Background(), query(get, 2), probe, Options{}, func(*delta.Batch) error { return nil })
	}
	if err := run(); err != nil || seen == nil || seen.Key[0].Int != 7 || seen.Lo.Value.Int != 3 || !seen.Lo.Inclusive || seen.Hi != nil {
		t.Errorf("%+v %v", seen, err)
	}
	seen = nil
	get.Key = []expr.Expr{&expr.Const{T: int8T, Value: types.Null}}
	if err := run(); err != nil || seen != nil {
		t.Errorf("a NULL key equals nothing: %+v %v", seen, err)
	}
}

type probeSources func(*Scan)

func (p probeSources) Scan(_ context.Context, s *Scan, _ func(*delta.Batch) error) error {
	p(s)
	return nil
}
