package exec

import (
	"context"
	"math/rand/v2"
	"reflect"
	"testing"

	"tarn/catalog"
	"tarn/delta"
	"tarn/planner/plan"
	"tarn/sql/expr"
	"tarn/sql/functions"
	"tarn/sql/types"
)

var numericT = types.Of(types.NumericOID)

// resolved is an aggregate of the tables of functions.
func resolved(t *testing.T, name string, in plan.Node, cols ...int) plan.Agg {
	t.Helper()
	var oids []types.OID
	var ts []types.Type
	var args []expr.Expr
	for _, c := range cols {
		args = append(args, col(in, c))
		ts = append(ts, args[len(args)-1].Type())
		oids = append(oids, ts[len(ts)-1].OID)
	}
	fn, ok, err := functions.ResolveAggregate(name, oids)
	if err != nil || !ok {
		t.Fatalf("%s: %v %v", name, ok, err)
	}
	out := types.Of(fn.Returns)
	if fn.Result != nil {
		out = fn.Result(ts)
	}
	return plan.Agg{Fn: fn, T: out, Args: args}
}

// canonical is a bag with rows that are equal under SQL taken together.
func canonical(b *bag) map[string]int64 {
	out := map[string]int64{}
	rows := b.batch()
	for i := range rows.Len {
		out[string(delta.AppendKeyRow(nil, rows, columnsOf(len(b.ts)), b.ts, i))] += rows.Count(i)
	}
	return out
}

// Values that are equal under SQL but not the same (1.0 and 1.00, -0 and 0) are one to keys, and each to itself to rows:
// what goes out comes back exactly, and with the aggregates of the tables of functions nothing is left of a sum.
func TestEqualButDifferentValues(t *testing.T) {
	for _, c := range []struct {
		t      types.Type
		values []string
	}{
		{numericT, []string{"1", "1.0", "1.00", "-2.5", "-2.50", "0", "0.00", "1e20", "NaN"}},
		{floatT, []string{"0", "-0", "1.5", "1e300", "-1e300", "1e-300", "NaN", "Infinity"}},
		{types.Of(types.IntervalOID), []string{"1 mon", "30 days", "720:00:00", "0", "-1 day"}},
	} {
		rel := relation(9, "x", int8T, c.t)
		x := scan(rel)
		k, v := []expr.Expr{col(x, 0)}, []expr.Expr{col(x, 1)}
		distinct := resolved(t, "sum", x, 1)
		distinct.Distinct = true
		counted := resolved(t, "count", x, 1)
		counted.Distinct = true
		plans := []plan.Node{
			&plan.Distinct{Input: x},
			&plan.Threshold{Input: &plan.Union{Children: []plan.Node{x, &plan.Negate{Input: &plan.Filter{Input: x, Cond: less(at(0, int8T), num(2))}}}, Fields: x.Schema()}},
			groupBy(x, v, resolved(t, "count", x), resolved(t, "sum", x, 0)),
			groupBy(x, k, resolved(t, "sum", x, 1), resolved(t, "avg", x, 1), resolved(t, "min", x, 1), resolved(t, "max", x, 1)),
			groupBy(x, k, distinct, counted),
			&plan.Join{Kind: plan.Full, L: x, R: x, LKeys: v, RKeys: v, On: less(at(0, int8T), at(2, int8T))},
			&plan.TopK{Input: x, Keys: k, OrderBy: []plan.Order{{Expr: col(x, 1), Desc: true}}, Limit: num(2)},
		}
		for _, p := range plans {
			r := rand.New(rand.NewPCG(7, 8))
			d := start(t, p)
			rels := map[uint32]*bag{rel.ID: newBag(rel.Types())}
			view := newBag(plan.Types(p))
			epoch := func(b *delta.Batch) {
				t.Helper()
				rels[rel.ID].addAll(b)
				out, err := d.Step(context.Background(), map[uint32]Input{rel.ID: {Rows: []*delta.Batch{b}}})
				if err != nil {
					t.Fatal(err)
				}
				if out[500].Errs != nil {
					t.Fatalf("%T over %s: %v", p, c.t.Info().Name, showOutput(out[500]))
				}
				view.addAll(out[500].Rows)
				want := (&reference{rels: rels, errs: map[string]int64{}, fn: &functions.Context{}}).run(p)
				if !reflect.DeepEqual(canonical(view), canonical(want)) {
					t.Fatalf("%T over %s:\n got %v\nwant %v", p, c.t.Info().Name, view, want)
				}
			}
			for range 30 {
				epoch(randomValues(t, r, rel, rels[rel.ID], c.values))
			}
			epoch(rels[rel.ID].batch().Negate())
			if len(view.count) != 0 {
				t.Errorf("%T over %s: %v is left of nothing", p, c.t.Info().Name, view)
			}
		}
	}
}

func randomValues(t *testing.T, r *rand.Rand, rel *catalog.Relation, content *bag, values []string) *delta.Batch {
	b := delta.NewBatch(rel.Types(), 4)
	now := content.batch()
	for range 1 + r.IntN(4) {
		if now.Len > 0 && r.IntN(2) == 0 {
			b.AppendRow(now, r.IntN(now.Len), -1)
			break // at most one, the last: no count goes below zero
		}
		b.Cols[0].AppendInt(r.Int64N(3))
		appendText(t, &b.Cols[1], rel.Columns[1].Type, values[r.IntN(len(values))])
		b.AppendCount(1)
	}
	return b
}
