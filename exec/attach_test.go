package exec

import (
	"context"
	"testing"

	"tarn/catalog"
	"tarn/delta"
	"tarn/planner/plan"
	"tarn/sql/expr"
	"tarn/sql/types"
	"tarn/storage/slab"
)

// Two views count the rows of each numeric, one of them made later, from the rows in another order: for 1.0 and 1.00 they have
// chosen differently, so they must not share the operator, or the one above it would be told of rows it never saw.
func TestChoicesAreNotShared(t *testing.T) {
	numeric := types.Of(types.NumericOID)
	rel := &catalog.Relation{ID: 20000, Name: "t", Columns: []catalog.Column{{Name: "x", Type: numeric}}}
	groups := &plan.Distinct{Input: &plan.Get{Relation: rel, Columns: []int{0}}}
	above := &plan.TopK{Input: groups, Limit: &expr.Const{T: types.Of(types.Int8OID), Value: types.Datum{Int: 9}}, OrderBy: []plan.Order{{Expr: &expr.Column{T: numeric}}}}
	rows := func(texts ...string) *delta.Batch {
		b := delta.NewBatch([]types.Type{numeric}, len(texts))
		for _, s := range texts {
			d, err := types.Parse(numeric, s, nil)
			if err != nil {
				t.Fatal(err)
			}
			b.Cols[0].AppendDatum(d)
			b.AppendCount(1)
		}
		return b
	}
	ctx, pool := context.Background(), Options{Pool: slab.NewPool(1 << 26)}
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
	out := step(first, rows("1.0", "1.00").Negate())
	if was == nil || out[2].Rows == nil {
		t.Fatal("no rows came, or none went")
	}
	gone := Consolidate([]*delta.Batch{was, out[2].Rows})
	if gone != nil {
		t.Fatalf("%d rows are left after everything was taken back", gone.Len)
	}
}
