package exec

import (
	"context"
	"strings"
	"testing"

	"tarn/delta"
	"tarn/planner/plan"
	"tarn/sql/expr"
	"tarn/sql/types"
)

// The operators of a query are used again after few rows, but not kept when they have grown with many: a constant is kept as often
// as the longest batch had rows.
func TestOperatorsOfManyRowsAreNotKept(t *testing.T) {
	text := func(e string) *expr.Const {
		return &expr.Const{T: types.Of(types.TextOID), Value: types.Datum{Bytes: []byte(e)}}
	}
	get := scan(relA)
	q := NewQuery(&plan.Query{Visible: 2, Root: &plan.Project{
		Input: get, Exprs: []expr.Expr{col(get, 0), text(strings.Repeat("x", 300))}, Fields: fields(int8T, types.Of(types.TextOID))}})
	for _, c := range []struct {
		rows int
		kept bool
	}{{0, true}, {1, true}, {5, true}, {100, false}, {2, true}, {2000, false}, {1, true}} {
		b := newBag(relA.Types())
		rows := delta.NewBatch(relA.Types(), c.rows)
		for i := range c.rows {
			rows.Cols[0].AppendInt(int64(i))
			rows.Cols[1].AppendInt(int64(i))
			rows.AppendCount(1)
		}
		b.addAll(rows)
		n := 0
		if err := q.Run(context.Background(), bags{relA.ID: b}, Options{Pool: newPool()}, func(b *delta.Batch) error {
			n += b.Len
			return nil
		}); err != nil || n != c.rows {
			t.Fatal(n, err)
		}
		if kept := q.idle.Load() != nil; kept != c.kept {
			t.Errorf("after %d rows operators are kept: %t", c.rows, kept)
		}
	}
}
