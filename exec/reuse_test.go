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

// lender gives numbered rows in batches made by Scan.NewBatch, and remembers these.
type lender struct {
	rows  int
	given []*delta.Batch
}

func (l *lender) Scan(_ context.Context, s *Scan, f func(*delta.Batch) error) error {
	for from := 0; from < l.rows; from += 10 {
		b := s.NewBatch(10)
		l.given = append(l.given, b)
		for i := from; i < min(from+10, l.rows); i++ {
			b.Cols[0].AppendInt(int64(i))
			b.Cols[1].AppendInt(int64(-i))
			b.AppendCount(1)
		}
		if err := f(b); err != nil {
			return err
		}
	}
	return nil
}

// Where nobody keeps anything of a batch, the next one and those of the next run have its memory; where somebody does, each its own.
func TestBatchesAreLent(t *testing.T) {
	get := scan(relA)
	plain, sorted := query(get, 2), query(get, 2)
	sorted.OrderBy = []plan.Order{{Expr: col(get, 0)}}
	for _, c := range []struct {
		query         *plan.Query
		passing, lent bool
	}{{plain, true, true}, {plain, false, false}, {sorted, true, false}} {
		q, l := NewQuery(c.query), &lender{rows: 25}
		for range 2 {
			next := int64(0)
			if err := q.Run(context.Background(), l, Options{Pool: newPool(), Passing: c.passing}, func(b *delta.Batch) error {
				for i := range b.Len {
					if b.Cols[0].Ints[i] != next || b.Cols[1].Ints[i] != -next {
						t.Fatal(next, b.Cols[0].Ints[i], b.Cols[1].Ints[i])
					}
					next++
				}
				return nil
			}); err != nil || next != 25 {
				t.Fatal(next, err)
			}
		}
		for _, b := range l.given[1:] {
			if lent := b == l.given[0]; lent != c.lent {
				t.Errorf("passing %t, sorted %t: lent %t", c.passing, c.query == sorted, lent)
			}
		}
	}
}
