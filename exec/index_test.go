package exec

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strconv"
	"testing"

	"tarn/catalog"
	"tarn/delta"
	"tarn/planner/plan"
	"tarn/sql/expr"
	"tarn/sql/functions"
)

// indexed is a plan over indexes, as the planner has it.
func indexed(root plan.Node) plan.Node {
	done := map[plan.Node]plan.Node{}
	var place func(n plan.Node) plan.Node
	place = func(n plan.Node) plan.Node {
		if out, ok := done[n]; ok {
			return out
		}
		var in []plan.Node
		for _, child := range n.Inputs() {
			in = append(in, place(child))
		}
		out := n.WithInputs(in)
		if j, ok := out.(*plan.Join); ok {
			out = j.Indexed()
		}
		done[n] = out
		return out
	}
	return place(root)
}

// joinBy joins two plans by a column of either.
func joinBy(kind plan.JoinKind, l plan.Node, lkey int, r plan.Node, rkey int) *plan.Join {
	return &plan.Join{Kind: kind, L: l, R: r, LKeys: []expr.Expr{col(l, lkey)}, RKeys: []expr.Expr{col(r, rkey)}}
}

// indexes are the indexes that live in a dataflow.
func indexes(d *Dataflow) (all []*index) {
	for _, n := range d.nodes {
		if x, ok := n.op.(*index); ok {
			all = append(all, x)
		}
	}
	return all
}

// A row of the relation that both joins read meets the other side once, at whichever join it comes to first.
func TestIndexReadTwiceInOnePlan(t *testing.T) {
	first := joinBy(plan.Inner, scan(relA), 0, scan(relB), 0)
	p := indexed(joinBy(plan.Inner, first, 1, scan(relB), 0))
	script{
		{"a +1 1 2; b +1 1 10; b +1 2 20", "+1 1 2 1 10 2 20"},
		{"b +1 1 11; a +1 1 1", "+1 1 1 1 10 1 10; +1 1 1 1 10 1 11; +1 1 1 1 11 1 10; +1 1 1 1 11 1 11; +1 1 2 1 11 2 20"},
		{"b -1 1 11; b +1 2 21", "+1 1 2 1 10 2 21; -1 1 1 1 10 1 11; -1 1 1 1 11 1 10; -1 1 1 1 11 1 11; -1 1 2 1 11 2 20"},
		{"b -1 1 10; b -1 2 20; b -1 2 21", "-1 1 1 1 10 1 10; -1 1 2 1 10 2 20; -1 1 2 1 10 2 21"},
		{"a -1 1 2; a -1 1 1", ""},
	}.run(t, p)
	d := start(t, p)
	step(t, d, "a +1 1 1; b +1 1 1")
	if all := indexes(d); len(all) != 2 || d.Stats(500)[1].Bytes != 0 {
		t.Errorf("%d indexes, one of either relation wanted, or the join of both keeps rows", len(all))
	}
}

// Lone rows come and go with the number of rows under a key, several of which come in one batch.
func TestLeftJoinOverIndex(t *testing.T) {
	p := indexed(joinBy(plan.Left, scan(growing(relA)), 0, scan(relB), 0))
	script{
		{"A +1 1 10; A +1 NULL 5; b +1 2 20; b +1 NULL 20", "+1 1 10 NULL NULL; +1 NULL 5 NULL NULL"},
		{"b +1 1 20; b +1 1 21", "+1 1 10 1 20; +1 1 10 1 21; -1 1 10 NULL NULL"},
		{"b -1 1 20", "-1 1 10 1 20"},
		{"b -1 1 21; b +2 1 22; b -2 1 22", "+1 1 10 NULL NULL; -1 1 10 1 21"},
	}.run(t, p)
	d := start(t, p)
	step(t, d, "A +1 1 10")
	rows := delta.NewBatch(relB.Types(), 2)
	for v := range int64(2) {
		rows.Cols[0].AppendInt(1)
		rows.Cols[1].AppendInt(v)
		rows.AppendCount(1)
	}
	for _, want := range []string{"+1 1 10 1 0; +1 1 10 1 1; -1 1 10 NULL NULL", "+1 1 10 NULL NULL; -1 1 10 1 0; -1 1 10 1 1"} {
		out, err := d.Step(context.Background(), map[uint32]Input{relB.ID: {Rows: []*delta.Batch{rows}}})
		if err != nil || showOutput(out[500]) != want {
			t.Errorf("%s, %v; want %s", showOutput(out[500]), err, want)
		}
		rows = rows.Negate()
	}
}

// Of two indexes the one with the columns of both stays; of two that do not know of each other both do, and the third is for all.
func TestIndexOfMoreColumnsTakesOver(t *testing.T) {
	ids := &idSource{next: 1}
	also := []int{}
	opts := Options{Store: testStore(t), State: ids.state, Columns: func(_ string, needed []int) []int { return merged(needed, also) }}
	join := func(column int) plan.Node {
		l := scan(relA)
		return indexed(joinBy(plan.Inner, &plan.Distinct{Input: l}, 0, &plan.Get{Relation: wideT, Columns: []int{0, column}}, 0))
	}
	live := NewDataflow()
	attach := func(id uint32, p plan.Node, dropped, moved []uint32) {
		t.Helper()
		if d, m := live.Attach(mustCompile(t, p, id, opts)); !slices.Equal(d, dropped) || !slices.Equal(m, moved) {
			t.Errorf("view %d: state ids %v dropped, views %v moved; want %v, %v", id, d, m, dropped, moved)
		}
	}
	kept := func(want ...[]int) {
		t.Helper()
		var have [][]int
		for _, x := range indexes(live) {
			have = append(have, x.columns)
		}
		if !reflect.DeepEqual(have, want) {
			t.Errorf("the columns kept are %v, want %v", have, want)
		}
	}
	// Ids: the distinct rows, the index, four of the join.
	attach(500, join(1), nil, nil)
	also = []int{0, 1}
	attach(501, join(2), []uint32{7, 2}, []uint32{500})
	kept([]int{0, 1, 2})
	also = nil
	attach(502, join(1), []uint32{13, 14, 15, 16, 17, 18}, nil) // the same as the first
	// Its join lives, so nobody reads an index that has a column which none that lives has.
	also = []int{3}
	attach(503, &plan.Project{Input: join(1), Exprs: []expr.Expr{at(0, int8T)}, Fields: fields(int8T)}, []uint32{19, 21, 22, 23, 24, 20}, nil)
	kept([]int{0, 1, 2})
	also = nil
	attach(504, join(3), []uint32{25}, nil)
	kept([]int{0, 1, 2}, []int{0, 3})
	also = []int{0, 1, 2, 3}
	attach(505, joinBy(plan.Inner, join(1), 0, &plan.Distinct{Input: scan(relB)}, 0), []uint32{31, 33, 34, 35, 36, 8, 26}, []uint32{500, 501, 502, 503, 504})
	kept([]int{0, 1, 2, 3})

	out, err := live.Step(context.Background(), map[uint32]Input{
		relA.ID: parseEpoch(t, "a +1 1 10")[relA.ID], relB.ID: parseEpoch(t, "b +1 1 20")[relB.ID],
		wideT.ID: {Rows: []*delta.Batch{{Len: 1, Cols: []delta.Column{
			delta.IntColumn([]int64{1}, nil), delta.IntColumn([]int64{2}, nil), delta.IntColumn([]int64{3}, nil), delta.IntColumn([]int64{4}, nil)}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[uint32]string{
		500: "+1 1 10 1 2", 501: "+1 1 10 1 3", 502: "+1 1 10 1 2", 503: "+1 1", 504: "+1 1 10 1 4", 505: "+1 1 10 1 2 1 20",
	} {
		if got := showOutput(out[id]); got != want {
			t.Errorf("view %d: %s, want %s", id, got, want)
		}
	}
	for id := uint32(500); id <= 505; id++ {
		live.Detach(id)
	}
	if len(live.Reads()) != 0 || len(live.nodes) != 0 || live.Bytes() != 0 {
		t.Error("something is left")
	}
}

// A relation that is joined with itself by one column is indexed at one side: a row would meet itself twice.
func TestSelfJoinHasOneIndex(t *testing.T) {
	p := indexed(joinBy(plan.Inner, scan(relA), 0, scan(relA), 0)).(*plan.Join)
	if _, ok := p.R.(*plan.Index); !ok {
		t.Error("no index at the right")
	}
	if _, ok := p.L.(*plan.Index); ok {
		t.Error("an index at the left")
	}
	script{
		{"a +1 1 1", "+1 1 1 1 1"},
		{"a +1 1 2", "+1 1 1 1 2; +1 1 2 1 1; +1 1 2 1 2"},
		{"a -1 1 1; a -1 1 2", "-1 1 1 1 1; -1 1 1 1 2; -1 1 2 1 1; -1 1 2 1 2"},
	}.run(t, p)
}

// The rows of a large group are read in parts, and between them others read the index.
func TestLargeGroupOfIndex(t *testing.T) {
	const rows = 3*joinChunk + 7
	store, ids := testStore(t), &idSource{next: 1}
	first := joinBy(plan.Inner, scan(relA), 0, scan(relB), 0)
	counted := groupBy(indexed(joinBy(plan.Left, first, 3, scan(relB), 0)), nil, agg(countAgg, int8T), agg(countArgAgg, int8T, at(5, int8T)))
	d := mustCompile(t, counted, 500, Options{Store: store, State: ids.state})
	defer d.Release()
	b := delta.NewBatch(relB.Types(), rows)
	for v := range int64(rows) {
		b.Cols[0].AppendInt(1)
		b.Cols[1].AppendInt(v)
		b.AppendCount(1)
	}
	if _, err := d.Step(context.Background(), map[uint32]Input{relB.ID: {Rows: []*delta.Batch{b}}}); err != nil {
		t.Fatal(err)
	}
	checkpoint(t, store, 1, d)
	if _, err := d.Evict(0); err != nil {
		t.Fatal(err)
	}
	// Each of the rows is paired with a, and one of the pairs with each of the rows.
	if got, want := step(t, d, "a +1 1 0"), fmt.Sprintf("+1 %d %d; -1 0 0", 2*rows-1, rows); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got, want := step(t, d, "b -1 1 1"), fmt.Sprintf("+1 %d 0; -1 %d %d", rows-1, 2*rows-1, rows); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// wide are relations of four columns of bigint, and a view that is output 500.
var (
	wideT = wide(5, "t", catalog.Table)
	wideU = wide(6, "u", catalog.Table)
	wideV = wide(500, "v", catalog.MaterializedView)
)

func wide(id uint32, name string, kind catalog.Kind) *catalog.Relation {
	r := &catalog.Relation{ID: id, Schema: "public", Name: name, Kind: kind}
	for _, c := range []string{"a", "b", "c", "d"} {
		r.Columns = append(r.Columns, catalog.Column{Name: c, Type: int8T})
	}
	return r
}

func (r randomPlans) wideScan() *plan.Get {
	rel := []*catalog.Relation{wideT, wideT, wideU, wideV}[r.IntN(4)]
	return &plan.Get{Relation: rel, Columns: r.Perm(4)[:2+r.IntN(3)]}
}

// joins is a chain of joins, most of which can read indexes, many the same one. It begins with a plan, or nil for any.
func (r randomPlans) joins(in plan.Node, depth int) plan.Node {
	if in == nil {
		in = r.wideScan()
	}
	if r.IntN(3) == 0 {
		in = &plan.Filter{Input: in, Cond: less(num(0), col(in, 0))}
	}
	for range depth {
		var right plan.Node = r.wideScan()
		if r.IntN(6) == 0 {
			right = &plan.Distinct{Input: right}
		}
		j := joinBy(plan.JoinKind(r.IntN(6)), in, r.IntN(plan.Width(in)), right, r.IntN(2))
		if r.IntN(4) == 0 {
			j.LKeys, j.RKeys = append(j.LKeys, col(in, r.IntN(plan.Width(in)))), append(j.RKeys, col(right, 1))
		}
		if r.IntN(4) == 0 && j.Kind != plan.Semi && j.Kind != plan.Anti {
			j.On = less(at(0, int8T), at(plan.Width(in), int8T))
		}
		if in = j; r.IntN(3) == 0 {
			in = r.cols(in, r.IntN(plan.Width(in)), r.IntN(plan.Width(in)))
		}
	}
	return in
}

// sharing is a dataflow of views over the wide relations, as the engine runs it: views come, filled by themselves, and go, and
// it stops and starts again.
type sharing struct {
	t     *testing.T
	r     randomPlans
	opts  Options
	live  *Dataflow
	ids   *idSource
	inUse map[uint32]bool // state ids
	rels  map[uint32]*bag
	views map[uint32]*sharedView
	next  uint32
}

type sharedView struct {
	plan   plan.Node
	rows   *bag
	states []catalog.NodeState
}

// compile compiles a view with state ids of its own. It may know the indexes that live, or not, as when they have come since.
func (s *sharing) compile(id uint32, p plan.Node, knows bool) *Dataflow {
	opts := s.opts
	opts.State = func(print string, n int) (uint32, bool) {
		first, fresh := s.ids.state(print, n)
		for i := range uint32(n) {
			s.inUse[first+i] = true
		}
		return first, fresh
	}
	opts.Columns = func(print string, needed []int) []int {
		for _, n := range s.live.nodes {
			if x, ok := n.op.(*index); ok && knows && n.print == print {
				needed = merged(needed, x.columns)
			}
		}
		return needed
	}
	return mustCompile(s.t, p, id, opts)
}

func (s *sharing) drop(ids []uint32) {
	for _, id := range ids {
		if !s.inUse[id] {
			s.t.Fatalf("state id %d is dropped, and was not in use", id)
		}
		delete(s.inUse, id)
	}
}

// create fills a view with what is there, and attaches it.
func (s *sharing) create(p plan.Node, knows bool) {
	id := s.next
	s.next++
	d := s.compile(id, p, knows)
	for _, rel := range d.Reads() {
		if err := d.Push(context.Background(), rel, Input{Rows: []*delta.Batch{s.rels[rel].batch()}}); err != nil {
			s.t.Fatal(err)
		}
	}
	out, err := d.Flush(context.Background())
	if err != nil {
		s.t.Fatal(err)
	}
	v := &sharedView{plan: p, rows: newBag(plan.Types(p))}
	v.rows.addAll(out[id].Rows)
	dropped, moved := s.live.Attach(d)
	s.drop(dropped)
	s.views[id] = v
	if id == wideV.ID {
		s.rels[id] = v.rows
	}
	for _, id := range append(moved, id) {
		s.views[id].states = s.live.States(id)
	}
	s.check()
}

func (s *sharing) detach(id uint32) {
	s.drop(s.live.Detach(id))
	delete(s.views, id)
	s.check()
}

// restart makes the dataflow anew from what the store has.
func (s *sharing) restart() {
	s.live.Release()
	s.live = NewDataflow()
	for _, id := range sortedIDs(s.views) {
		v := s.views[id]
		find := func(print string) catalog.NodeState {
			i := slices.IndexFunc(v.states, func(n catalog.NodeState) bool { return n.Fingerprint == print })
			if i < 0 {
				s.t.Fatalf("view %d has no state of operator %s", id, print)
			}
			return v.states[i]
		}
		opts := s.opts
		opts.State = func(print string, n int) (uint32, bool) { return find(print).ID, false }
		opts.Columns = func(print string, needed []int) []int { return find(print).Columns }
		if dropped, moved := s.live.Attach(mustCompile(s.t, v.plan, id, opts)); dropped != nil || moved != nil {
			s.t.Fatalf("after a restart, %v dropped, views %v moved", dropped, moved)
		}
	}
	s.check()
}

func sortedIDs(views map[uint32]*sharedView) (ids []uint32) {
	for id := range views {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// check compares the views with what their plans say, and the states in use with those that the views name.
func (s *sharing) check() {
	s.t.Helper()
	named := map[uint32]bool{}
	for _, id := range sortedIDs(s.views) {
		v := s.views[id]
		ref := &reference{rels: s.rels, errs: map[string]int64{}, fn: &functions.Context{}}
		if want := ref.run(v.plan); !reflect.DeepEqual(v.rows.count, want.count) {
			s.t.Fatalf("view %d\n%s\n got %v\nwant %v", id, plan.Explain(v.plan), v.rows, want)
		}
		if states := s.live.States(id); !reflect.DeepEqual(states, v.states) {
			s.t.Fatalf("view %d has states %v, and was told %v", id, states, v.states)
		}
		for _, n := range v.states {
			for i := range n.Count {
				named[n.ID+i] = true
			}
		}
	}
	if !reflect.DeepEqual(named, s.inUse) {
		s.t.Fatalf("states in use are %v, those of the views %v", s.inUse, named)
	}
}

func (s *sharing) step() {
	in := map[uint32]Input{}
	for _, rel := range []*catalog.Relation{wideT, wideU} {
		for range s.r.IntN(3) {
			n := 1 + s.r.IntN(4)
			if s.r.IntN(8) == 0 && len(s.rels[rel.ID].count) < 2*groupRows {
				n += groupRows
			}
			in[rel.ID] = Input{Rows: append(in[rel.ID].Rows, s.r.change(s.rels, rel, n))}
		}
	}
	out, err := s.live.Step(context.Background(), in)
	if err != nil {
		s.t.Fatal(err)
	}
	for id, v := range s.views {
		v.rows.addAll(out[id].Rows)
	}
	s.check()
}

// Views over joins of the same relations, by the same columns and others, come and go; whatever they share, each is what its plan
// says.
func TestRandomViewsShareIndexes(t *testing.T) {
	seeds := uint64(24)
	if v, err := strconv.ParseUint(os.Getenv("TARN_SEEDS"), 10, 64); err == nil {
		seeds = v
	}
	defer func(n int) { forkRows = n }(forkRows)
	forkRows = 3
	for seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			store := testStore(t)
			s := &sharing{
				t: t, r: randomPlans{rand.New(rand.NewPCG(seed, 2))},
				opts: Options{Store: store, Parallel: 1 + int(seed%2)}, live: NewDataflow(), ids: &idSource{next: 1},
				inUse: map[uint32]bool{}, views: map[uint32]*sharedView{}, next: wideV.ID,
				rels: map[uint32]*bag{wideT.ID: newBag(wideT.Types()), wideU.ID: newBag(wideU.Types())},
			}
			defer func() { s.live.Release() }()
			u := &plan.Get{Relation: wideU, Columns: []int{0, 1, 2, 3}}
			s.create(&plan.Filter{Input: u, Cond: less(col(u, 1), num(4))}, true)
			strangers := seed%3 == 0 // views that do not know of each other
			for epoch := range 20 {
				s.step()
				ids := sortedIDs(s.views)[1:]
				switch s.r.IntN(6) {
				case 0, 1, 2:
					var in plan.Node
					if len(ids) > 0 && s.r.IntN(4) == 0 {
						in = s.views[ids[s.r.IntN(len(ids))]].plan // whose joins are shared
					}
					if len(ids) < 6 {
						s.create(indexed(s.r.joins(in, 1+s.r.IntN(3))), !strangers || s.r.IntN(2) == 0)
					}
				case 3:
					if len(ids) > 0 {
						s.detach(ids[s.r.IntN(len(ids))])
					}
				case 4:
					checkpoint(t, store, uint64(epoch+1), s.live)
					s.restart()
				case 5:
					checkpoint(t, store, uint64(epoch+1), s.live)
					if _, err := s.live.Evict(0); err != nil {
						t.Fatal(err)
					}
				}
				seen := map[string]bool{}
				for _, n := range s.live.nodes {
					if _, ok := n.op.(*index); ok && !strangers && seen[n.print] {
						t.Fatal("two indexes of one relation by the same columns")
					}
					seen[n.print] = true
				}
			}
		})
	}
}
