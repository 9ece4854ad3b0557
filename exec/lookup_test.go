package exec

import (
	"context"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"tarn/catalog"
	"tarn/delta"
	"tarn/planner/plan"
	"tarn/sql/expr"
	"tarn/sql/functions"
	"tarn/sql/types"
)

// strict are sources that return no row more than a scan asks for.
type strict struct{ bags }

func (s strict) Scan(ctx context.Context, scan *Scan, f func(*delta.Batch) error) error {
	whole := *scan
	whole.Columns = []int{0, 1}
	return s.bags.Scan(ctx, &whole, func(b *delta.Batch) error {
		var sel []int32
		for i := range b.Len {
			v := b.Cols[0].Datum(i).Int // the key, where there is one
			if len(scan.Key) > 0 && scan.Key[0].Int != v || scan.Lo != nil && v < scan.Lo.Value.Int || scan.Hi != nil && v > scan.Hi.Value.Int {
				continue
			}
			if scan.Any != nil && !slices.ContainsFunc(scan.Any, func(d types.Datum) bool { return !d.Null && d.Int == v }) {
				continue
			}
			sel = append(sel, int32(i))
		}
		return f(b.Gather(sel).Project(scan.Columns))
	})
}

// Joins of all kinds of a few rows with a relation by its key, below filters, projections, groups and other joins, on either side,
// give what the reference does, although the relation returns only the rows with the keys of the few. The few rows are those of a
// relation, of a group or another join, and may be read by others too; or turn out to be many.
func TestLookups(t *testing.T) {
	keyed := *relB
	keyed.ID, keyed.Key, keyed.Kind = 77, []int{0}, catalog.Table
	third := keyed
	third.ID = 78
	some := *relA
	some.Key, some.Kind = []int{0}, catalog.Table
	looked := 0
	for seed := range uint64(600) {
		rng := rand.New(rand.NewPCG(seed, 9))
		r := randomPlans{rng}
		rels := map[uint32]*bag{keyed.ID: newBag(keyed.Types()), third.ID: newBag(third.Types()), some.ID: newBag(some.Types())}
		rows := func(id uint32, n int) {
			b := delta.NewBatch(keyed.Types(), n)
			for k := range n {
				if rng.IntN(5) == 0 {
					continue
				}
				b.Cols[0].AppendInt(int64(k))
				if rng.IntN(6) == 0 {
					b.Cols[1].AppendNull()
				} else {
					b.Cols[1].AppendInt(rng.Int64N(int64(n)))
				}
				b.AppendCount(1)
			}
			rels[id].addAll(b)
		}
		few := 20
		if seed%20 == 0 {
			few = 2 * plan.MaxLookups // too many after all
		}
		rows(keyed.ID, max(60, few/2))
		rows(third.ID, max(60, few/2))
		rows(some.ID, few)
		// joined is n beside or in a join with the third relation, in two of whose columns it is found again.
		joined := func(n plan.Node) plan.Node {
			other := scan(&third)
			j := &plan.Join{Kind: plan.JoinKind(rng.IntN(6)), L: n, R: other, LKeys: []expr.Expr{col(n, 1)}, RKeys: []expr.Expr{col(other, rng.IntN(2))}}
			if rng.IntN(2) == 0 {
				j.L, j.R, j.LKeys, j.RKeys = j.R, j.L, j.RKeys, j.LKeys
			}
			if j.Kind == plan.Semi || j.Kind == plan.Anti {
				return j
			}
			at := rng.IntN(2) * 2
			return r.cols(j, at, at+1)
		}
		target := plan.Node(scan(&keyed))
		for range rng.IntN(4) {
			switch rng.IntN(5) {
			case 0:
				target = &plan.Filter{Input: target, Cond: less(num(rng.Int64N(5)), col(target, 1))}
			case 1:
				target = &plan.Project{Input: target, Exprs: []expr.Expr{col(target, 0), plus(col(target, 0), col(target, 1))}, Fields: fields(int8T, int8T)}
			case 2:
				target = groupBy(target, []expr.Expr{col(target, 0)}, agg(countArgAgg, int8T, col(target, 1)))
			default:
				target = joined(target)
			}
		}
		get := scan(&some)
		var other plan.Node = get
		switch rng.IntN(4) {
		case 0:
			get.Key = []expr.Expr{num(rng.Int64N(20))}
		case 1:
			get.Lo, get.Hi = &plan.Bound{Expr: num(rng.Int64N(10)), Inclusive: true}, &plan.Bound{Expr: num(int64(few)), Inclusive: true}
		case 2:
			get.Any = &plan.AnyOf{List: []types.Datum{{Int: 3}, {Int: 7}, {Int: 3}, {Null: true}, {Int: 500}}}
		}
		if get.Key != nil {
			other = &plan.Filter{Input: get, Cond: less(num(0), plus(num(1), col(get, 0)))}
		}
		switch rng.IntN(6) {
		case 0:
			other = groupBy(other, []expr.Expr{col(other, 0)}, agg(countArgAgg, int8T, col(other, 1)))
		case 1, 2:
			other = joined(other)
		}
		l, lk, rt, rk := other, 1, target, 0 // the other side's second column is the key
		if rng.IntN(2) == 0 {
			l, lk, rt, rk = target, 0, other, 1
		}
		j := &plan.Join{Kind: plan.JoinKind(rng.IntN(6)), L: l, R: rt, LKeys: []expr.Expr{col(l, lk)}, RKeys: []expr.Expr{col(rt, rk)}, NullEqual: rng.IntN(8) == 0}
		if rng.IntN(3) == 0 {
			j.On = less(at(1, int8T), at(3, int8T))
		}
		var p plan.Node = j
		if j.Kind != plan.Semi && j.Kind != plan.Anti {
			p = r.cols(j, rng.IntN(2), 2+rng.IntN(2))
		}
		if rng.IntN(4) == 0 { // read twice
			twice := []plan.Node{other, target}[rng.IntN(2)]
			p = &plan.Union{Children: []plan.Node{p, r.cols(twice, 0, 1)}, Fields: fields(int8T, int8T)}
		}
		did := false
		run := func(s Sources) *bag {
			out := newBag(plan.Types(p))
			opts := Options{Pool: newPool(), Looked: func(*plan.Get, int) { did = true }}
			err := Run(context.Background(), &plan.Query{Root: p, Visible: 2}, s, opts, func(b *delta.Batch) error {
				out.addAll(b)
				return nil
			})
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			return out
		}
		got := run(strict{rels})
		// What the scan of the few rows leaves out is no part of what the reference computes over.
		chosen := newBag(some.Types())
		if err := (strict{rels}).Scan(context.Background(), chosenScan(get), func(b *delta.Batch) error {
			chosen.addAll(b)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		rels[some.ID] = chosen
		want := &reference{rels: rels, errs: map[string]int64{}, fn: &functions.Context{}}
		if w := want.run(p); !reflect.DeepEqual(got.count, w.count) {
			t.Fatalf("seed %d: %s\n got %v\nwant %v", seed, plan.Explain(p), got, w)
		}
		if did {
			looked++
		}
	}
	if looked < 250 {
		t.Errorf("rows were looked up in %d cases only", looked)
	}
}

// chosenScan is the scan of a get whose bounds are constants.
func chosenScan(g *plan.Get) *Scan {
	s := NewScan(g.Relation, []int{0, 1})
	for _, e := range g.Key {
		s.Key = append(s.Key, e.(*expr.Const).Value)
	}
	if g.Lo != nil {
		s.Lo, s.Hi = &Bound{g.Lo.Expr.(*expr.Const).Value, true}, &Bound{g.Hi.Expr.(*expr.Const).Value, true}
	}
	if g.Any != nil {
		s.Any = g.Any.List
	}
	return s
}
