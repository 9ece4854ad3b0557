package exec

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"tarn/delta"
	"tarn/planner/plan"
	"tarn/sql/expr"
	"tarn/sql/functions"
	"tarn/sql/types"
)

// again runs a query with one parameter and returns its rows.
func again(q *Query, rels bags, param int64, emit func() error) (string, error) {
	var got string
	opts := Options{Pool: newPool(), Context: &functions.Context{Params: []types.Datum{{Int: param}}}}
	err := q.Run(context.Background(), rels, opts, func(b *delta.Batch) error {
		for i := range b.Len {
			got += show(&b.Cols[0], i) + " " + show(&b.Cols[1], i) + ";"
		}
		return emit()
	})
	return got, err
}

func taken() error { return nil }

// above is the rows of a whose first column is above $1, with the division of the second by it.
func above() plan.Node {
	a, param := scan(relA), &expr.Param{N: 1, T: int8T}
	f := &plan.Filter{Input: a, Cond: less(param, col(a, 0))}
	return &plan.Project{Input: f, Exprs: []expr.Expr{col(f, 0), div(col(f, 1), param)}, Fields: fields(int8T, int8T)}
}

// What one run of a query was given, or how it ended, is nothing to the next.
func TestQueryRunsAgain(t *testing.T) {
	rels := contents(t, "a +1 1 10; a +1 2 20; a +2 3 30")
	q := NewQuery(query(above(), 2))
	for _, c := range []struct {
		param int64
		want  string
	}{{1, "2 20;3 30;3 30;"}, {2, "3 15;3 15;"}, {5, ""}, {0, "division by zero (SQLSTATE 22012)"}, {2, "3 15;3 15;"}} {
		got, err := again(q, rels, c.param, taken)
		if err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("$1 = %d: %q, want %q", c.param, got, c.want)
		}
	}
	mine := errors.New("mine")
	if _, err := again(q, rels, 1, func() error { return mine }); err != mine {
		t.Error(err)
	}
	if got, err := again(q, rels, 2, taken); got != "3 15;3 15;" || err != nil {
		t.Error(got, err)
	}
	// of a query with state the operators are made anew
	q = NewQuery(query(totals(above()), 2))
	for range 2 {
		if got, err := again(q, rels, 1, taken); got != "2 20;3 60;" && got != "3 60;2 20;" || err != nil {
			t.Error(got, err)
		}
	}
}

// The limit is that of each run, and a limit of nothing reads nothing.
func TestQueryLimits(t *testing.T) {
	rels := contents(t, "a +1 1 10; a +1 2 20; a +2 3 30")
	p := query(above(), 2)
	p.Limit = &expr.Param{N: 1, T: int8T}
	q := NewQuery(p)
	for param, want := range map[int64]string{0: "", 1: "2 20;"} {
		for range 2 {
			if got, err := again(q, rels, param, taken); got != want || err != nil {
				t.Errorf("LIMIT %d: %q %v", param, got, err)
			}
		}
	}
}

func TestQueryRunsSideBySide(t *testing.T) {
	rels := contents(t, "a +1 1 10; a +1 2 20; a +2 3 30; a +1 4 40")
	q := NewQuery(query(above(), 2))
	want := []string{1: "2 20;3 30;3 30;4 40;", 2: "3 15;3 15;4 20;", 3: "4 13;"}
	var all sync.WaitGroup
	failed := make(chan error, 12)
	for g := range 12 {
		all.Go(func() {
			param := g%3 + 1
			for range 50 {
				if got, err := again(q, rels, int64(param), taken); got != want[param] || err != nil {
					failed <- fmt.Errorf("$1 = %d: %q %v", param, got, err)
					return
				}
			}
		})
	}
	all.Wait()
	close(failed)
	for err := range failed {
		t.Error(err)
	}
}

// A row may stand for any number of equal ones. They are sent in parts, until somebody has had enough, and of those that are
// sorted no more are kept than are wanted.
func TestRowsWithoutNumber(t *testing.T) {
	rels := contents(t, "a +1000000000000 1 10")
	for name, sorted := range map[string]bool{"as they come": false, "sorted": true} {
		p := query(scan(relA), 2)
		if sorted {
			p.OrderBy = []plan.Order{{Expr: col(scan(relA), 0)}}
			p.Limit = &expr.Const{T: int8T, Value: types.Datum{Int: 100_000}}
		}
		ctx, cancel := context.WithCancel(context.Background())
		rows := 0
		err := Run(ctx, p, rels, Options{Pool: newPool()}, func(b *delta.Batch) error {
			if rows += b.Len; rows == 100_000 || rows > 100_000 && !sorted {
				cancel()
			}
			return nil
		})
		if rows < 100_000 || rows > 200_000 || !sorted && err != context.Canceled {
			t.Errorf("%s: %d rows, %v", name, rows, err)
		}
		cancel()
	}
}
