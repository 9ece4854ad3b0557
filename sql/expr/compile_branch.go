package expr

import (
	"tarn/delta"
	"tarn/sql/functions"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// branches assembles a column from branches, each of which gives the values of some rows. Only the rows of a branch are
// computed, so that errors of branches not taken never arise.
type branches struct {
	n    int
	kind types.Kind
	from []int32 // for each row, 1 + the index of its piece; 0: NULL
	at   []int32 // for each row, its row in that piece
	cols []delta.Column
	errs []*sqlstate.Error
}

func newBranches(kind types.Kind, n int) *branches {
	return &branches{n: n, kind: kind, from: make([]int32, n), at: make([]int32, n)}
}

// give sets row rows[j] to row j of c, but not for failed rows unless fail is set.
func (r *branches) give(c delta.Column, rows []int32) {
	r.cols = append(r.cols, c)
	piece := int32(len(r.cols))
	for j, row := range rows {
		if err := c.Errs.Err(j); err != nil {
			r.fail(row, err)
			continue
		}
		r.from[row], r.at[row] = piece, int32(j)
	}
}

func (r *branches) fail(row int32, err *sqlstate.Error) {
	if r.errs == nil {
		r.errs = make([]*sqlstate.Error, r.n)
	}
	r.errs[row] = err
}

func (r *branches) column() delta.Column {
	var out delta.Column
	if len(r.cols) == 1 && r.cols[0].Len() == r.n && r.whole() {
		out = r.cols[0]
		out.Errs = nil
	} else {
		out = delta.NewColumn(r.kind, r.n)
		for i := 0; i < r.n; i++ {
			if p := r.from[i]; p == 0 {
				out.AppendNull()
			} else {
				out.AppendRow(&r.cols[p-1], int(r.at[i]))
			}
		}
	}
	if r.errs != nil {
		out.Errs = &delta.Errors{ByRow: r.errs}
	}
	return out
}

func (r *branches) whole() bool {
	for i, p := range r.from {
		if p != 1 || r.at[i] != int32(i) {
			return false
		}
	}
	return true
}

// subset evaluates e over the rows of b that rows names; all of b, uncopied, if that is all.
type subset struct {
	eval evaluator
	used []int
}

func compileSubset(e Expr) subset { return subset{compile(e), Columns(e)} }

func (s *subset) over(ctx *functions.Context, b *delta.Batch, rows []int32) delta.Column {
	if len(rows) == b.Len {
		return s.eval(ctx, b)
	}
	return s.eval(ctx, gatherUsed(b, s.used, rows))
}

func allRows(n int) []int32 {
	rows := make([]int32, n)
	for i := range rows {
		rows[i] = int32(i)
	}
	return rows
}

func compileCase(e *Case) evaluator {
	type when struct{ cond, then subset }
	whens := make([]when, len(e.Whens))
	for i, w := range e.Whens {
		whens[i] = when{compileSubset(w.Cond), compileSubset(w.Then)}
	}
	var otherwise *subset
	if e.Else != nil {
		s := compileSubset(e.Else)
		otherwise = &s
	}
	kind := e.T.Kind()
	return func(ctx *functions.Context, b *delta.Batch) delta.Column {
		out, rows := newBranches(kind, b.Len), allRows(b.Len)
		for i := range whens {
			if len(rows) == 0 {
				break
			}
			cond := whens[i].cond.over(ctx, b, rows)
			if cond.Errs != nil {
				for j, row := range rows {
					if err := cond.Errs.Err(j); err != nil {
						out.fail(row, err)
					}
				}
			}
			yes, no := truth(&cond, rows)
			if len(yes) > 0 {
				out.give(whens[i].then.over(ctx, b, yes), yes)
			}
			rows = no
		}
		if otherwise != nil && len(rows) > 0 {
			out.give(otherwise.over(ctx, b, rows), rows)
		}
		return out.column()
	}
}

func compileCoalesce(e *Coalesce) evaluator {
	args := make([]subset, len(e.Args))
	for i, arg := range e.Args {
		args[i] = compileSubset(arg)
	}
	kind := e.T.Kind()
	return func(ctx *functions.Context, b *delta.Batch) delta.Column {
		first := args[0].eval(ctx, b)
		if first.Valid == nil && first.Errs == nil {
			return first
		}
		out, rows := newBranches(kind, b.Len), allRows(b.Len)
		c := first
		for i := range args {
			if i > 0 {
				c = args[i].over(ctx, b, rows)
			}
			out.give(c, rows)
			var null []int32
			for j, row := range rows {
				if c.Errs.Err(j) == nil && c.IsNull(j) {
					null = append(null, row)
				}
			}
			if rows = null; len(rows) == 0 {
				break
			}
		}
		return out.column()
	}
}
