package exec

import (
	"context"
	"testing"

	"tarn/catalog"
	"tarn/delta"
	"tarn/planner/plan"
	"tarn/sql/expr"
	"tarn/sql/types"
)

// Two views count the rows of each numeric, one of them made later, from the rows in another order. Where the input only grows, they
// have chosen differently for 1.0 and 1.00, so they must not share the operator, or the one above it would be told of rows it
// never saw. Where rows may go, they have not, and share it.
func TestChoicesAreNotShared(t *testing.T) {
	for _, grows := range []bool{true, false} {
		rel := &catalog.Relation{ID: 20000, Name: "t", Append: grows, Columns: []catalog.Column{{Name: "x", Type: numericT}}}
		get := &plan.Get{Relation: rel, Columns: []int{0}}
		groups := groupBy(get, []expr.Expr{at(0, numericT)}, agg(countAgg, int8T))
		above := &plan.TopK{Input: groups, Limit: num(9), OrderBy: []plan.Order{{Expr: at(0, numericT)}}}
		rows := func(texts ...string) *delta.Batch {
			b := delta.NewBatch([]types.Type{numericT}, len(texts))
			for _, s := range texts {
				appendText(t, &b.Cols[0], numericT, s)
				b.AppendCount(1)
			}
			return b
		}
		ctx, pool := context.Background(), Options{Pool: newPool()}
		step := func(d *Dataflow, b *delta.Batch) map[uint32]Output {
			out, err := d.Step(ctx, map[uint32]Input{rel.ID: {Rows: []*delta.Batch{b}}})
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		first, err := Compile(groups, 1, pool)
		if err != nil {
			t.Fatal(err)
		}
		step(first, rows("1.0", "1.00"))
		second, err := Compile(above, 2, pool)
		if err != nil {
			t.Fatal(err)
		}
		was := step(second, rows("1.00", "1.0"))[2].Rows
		first.Attach(second)
		aggregates := 0
		for _, n := range first.nodes {
			if _, ok := n.op.(*aggregate); ok {
				aggregates++
			}
		}
		if shared := aggregates == 1; shared == grows {
			t.Errorf("grows: %v; shared: %v", grows, shared)
		}
		out := step(first, rows("1.00"))
		if was == nil || out[2].Rows == nil {
			t.Fatal("no rows came")
		}
		if now := Consolidate([]*delta.Batch{was, out[2].Rows}); now.Len != 1 || now.Count(0) != 1 {
			t.Fatalf("grows: %v: a group has become %v", grows, showRows(now))
		}
		first.Release()
	}
}
