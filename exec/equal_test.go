package exec

import (
	"context"
	"math/rand/v2"
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

// Values that are equal under SQL but not the same (1.0 and 1.00, -0 and 0) are one to keys, and each to itself to rows:
// what goes out comes back exactly, and with the aggregates of the tables of functions nothing is left of a sum. What stands for
// equal ones is the smallest that is there, so that the whole view is a function of its input.
func TestEqualButDifferentValues(t *testing.T) {
	defer func(n int) { forkRows = n }(forkRows)
	forkRows = 2
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
		all := resolved(t, "array_agg", x, 1)
		all.Distinct = true
		values := func(in plan.Node) plan.Node {
			return &plan.Project{Input: in, Exprs: []expr.Expr{col(in, 1)}, Fields: fields(c.t)}
		}
		minus := func(l, r plan.Node) plan.Node {
			return &plan.Union{Children: []plan.Node{l, &plan.Negate{Input: r}}, Fields: fields(c.t)}
		}
		left, right := values(x), values(&plan.Filter{Input: x, Cond: less(num(1), at(0, int8T))})
		plans := []plan.Node{
			&plan.Distinct{Input: x},
			&plan.Distinct{Input: left},
			groupBy(left, []expr.Expr{at(0, c.t)}),
			minus(left, &plan.Threshold{Input: minus(left, right)}), // INTERSECT ALL
			&plan.Threshold{Input: minus(left, groupBy(x, v))},      // EXCEPT ALL; the right side has other forms
			&plan.Threshold{Input: minus(left, groupBy(x, v)), Distinct: true},
			&plan.Threshold{Input: &plan.Union{Children: []plan.Node{x, &plan.Negate{Input: &plan.Filter{Input: x, Cond: less(at(0, int8T), num(2))}}}, Fields: x.Schema()}},
			groupBy(x, v, resolved(t, "count", x), resolved(t, "sum", x, 0)),
			groupBy(x, k, resolved(t, "sum", x, 1), resolved(t, "avg", x, 1), resolved(t, "min", x, 1), resolved(t, "max", x, 1)),
			groupBy(x, k, distinct, counted, all),
			groupBy(x, v, distinct, resolved(t, "min", x, 1), resolved(t, "max", x, 1)),
			&plan.Join{Kind: plan.Full, L: x, R: x, LKeys: v, RKeys: v, On: less(at(0, int8T), at(2, int8T))},
			&plan.TopK{Input: x, Keys: k, OrderBy: []plan.Order{{Expr: col(x, 1), Desc: true}}, Limit: num(2)},
		}
		for n, p := range plans {
			r := rand.New(rand.NewPCG(7, uint64(n)))
			store, opts := stored(t, 1+n%2)
			d, err := Compile(p, 500, opts)
			if err != nil {
				t.Fatal(err)
			}
			rels := map[uint32]*bag{rel.ID: newBag(rel.Types())}
			view := newBag(plan.Types(p))
			epoch := func(batches ...*delta.Batch) {
				t.Helper()
				out, err := d.Step(context.Background(), map[uint32]Input{rel.ID: {Rows: batches}})
				if err != nil {
					t.Fatal(err)
				}
				if out[500].Errs != nil {
					t.Fatalf("%T over %s: %v", p, c.t.Info().Name, showOutput(out[500]))
				}
				view.addAll(out[500].Rows)
				want := (&reference{rels: rels, errs: map[string]int64{}, fn: &functions.Context{}}).run(p)
				if view.String() != want.String() { // as text: there are several NaN
					t.Fatalf("%T over %s:\n got %v\nwant %v", p, c.t.Info().Name, view, want)
				}
			}
			for i := range 40 {
				content := rels[rel.ID]
				one := randomValues(t, r, rel, content, c.values)
				content.addAll(one)
				two := randomValues(t, r, rel, content, c.values)
				content.addAll(two)
				if i%2 == 0 {
					epoch(one, two)
				} else {
					epoch(two, one) // what is taken back may come later (E3)
				}
				switch r.IntN(4) {
				case 0:
					checkpoint(t, store, uint64(i+1), d)
					if _, err := d.Evict(0); err != nil {
						t.Fatal(err)
					}
				case 1:
					checkpoint(t, store, uint64(i+1), d)
					d.Release()
					if d, err = Compile(p, 500, opts); err != nil {
						t.Fatal(err)
					}
				}
			}
			all := rels[rel.ID].batch()
			rels[rel.ID] = newBag(rel.Types())
			epoch(all.Negate())
			if len(view.count) != 0 {
				t.Errorf("%T over %s: %v is left of nothing", p, c.t.Info().Name, view)
			}
			d.Release()
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
