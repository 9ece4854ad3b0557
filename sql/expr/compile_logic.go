package expr

import (
	"tarn/delta"
	"tarn/sql/functions"
)

// compileLogic is AND (decisive false) and OR (decisive true) by three-valued logic: an argument equal to decisive decides
// the row, whatever the others are; otherwise an error counts, and otherwise a NULL. Once few rows are undecided the
// remaining arguments are computed for those only.
func compileLogic(args []Expr, decisive bool) evaluator {
	evals := compileAll(args)
	used := make([][]int, len(args))
	for i, e := range args {
		used[i] = Columns(e)
	}
	return func(ctx *functions.Context, b *delta.Batch) delta.Column {
		acc := newLogic(evals[0](ctx, b), b.Len, decisive)
		for i := 1; i < len(evals); i++ {
			sel, few := acc.undecided()
			switch {
			case len(sel) == 0 && few:
				return acc.col
			case few:
				c := evals[i](ctx, gatherUsed(b, used[i], sel))
				for j, row := range sel {
					acc.combine(int(row), &c, j)
				}
			default:
				c := evals[i](ctx, b)
				acc.combineAll(&c)
			}
		}
		return acc.col
	}
}

// logic accumulates the arguments of one AND or OR.
type logic struct {
	col      delta.Column
	n        int
	decisive bool
}

func newLogic(c delta.Column, n int, decisive bool) *logic {
	own := delta.BoolColumn(append(make([]bool, 0, n), c.Bools[:n]...), nil)
	if c.Valid != nil {
		own.Valid = append(delta.Bitmap(nil), c.Valid[:(n+63)>>6]...)
	}
	if c.Errs != nil {
		own.Errs = delta.NewErrors(n)
		copy(own.Errs.ByRow, c.Errs.ByRow)
	}
	return &logic{own, n, decisive}
}

// undecided lists the rows that the arguments so far leave open, if they are few enough to be worth gathering.
func (l *logic) undecided() (sel []int32, few bool) {
	if l.n < 8 {
		return nil, false
	}
	open := 0
	for i := range l.col.Bools {
		if l.col.Bools[i] != l.decisive {
			open++
		}
	}
	if l.col.Valid != nil || l.col.Errs != nil || open > l.n/4 {
		return nil, false
	}
	sel = make([]int32, 0, open)
	for i := range l.col.Bools {
		if l.col.Bools[i] != l.decisive {
			sel = append(sel, int32(i))
		}
	}
	return sel, true
}

func (l *logic) combineAll(c *delta.Column) {
	if l.col.Valid == nil && l.col.Errs == nil && c.Valid == nil && c.Errs == nil {
		out, in := l.col.Bools, c.Bools[:l.n]
		if l.decisive {
			for i := range out {
				out[i] = out[i] || in[i]
			}
		} else {
			for i := range out {
				out[i] = out[i] && in[i]
			}
		}
		return
	}
	for i := 0; i < l.n; i++ {
		l.combine(i, c, i)
	}
}

// combine takes row j of the next argument into row i.
func (l *logic) combine(i int, c *delta.Column, j int) {
	own := l.col.Errs.Err(i)
	if own == nil && !l.col.IsNull(i) && l.col.Bools[i] == l.decisive {
		return
	}
	err := c.Errs.Err(j)
	switch {
	case err == nil && !c.IsNull(j) && c.Bools[j] == l.decisive:
		l.col.Bools[i] = l.decisive
		if l.col.Valid != nil {
			l.col.Valid.Set(i)
		}
		if own != nil {
			l.col.Errs.ByRow[i] = nil
		}
	case own != nil:
	case err != nil:
		l.col.Fail(i, err)
	case c.IsNull(j):
		if l.col.Valid == nil {
			l.col.Valid = delta.FullBitmap(l.n)
		}
		l.col.Valid.Clear(i)
	}
}

func compileNot(e *Not) evaluator {
	arg := compile(e.Arg)
	return func(ctx *functions.Context, b *delta.Batch) delta.Column {
		c := arg(ctx, b)
		v := make([]bool, b.Len)
		for i, x := range c.Bools[:b.Len] {
			v[i] = !x
		}
		out := delta.BoolColumn(v, c.Valid)
		out.Errs = c.Errs
		return out
	}
}

func compileIsNull(e *IsNull) evaluator {
	arg := compile(e.Arg)
	return func(ctx *functions.Context, b *delta.Batch) delta.Column {
		c := arg(ctx, b)
		v := make([]bool, b.Len)
		if c.Valid != nil {
			for i := range v {
				v[i] = !c.Valid.Get(i)
			}
		}
		out := delta.BoolColumn(v, nil)
		out.Errs = c.Errs
		return out
	}
}

func compileIsBool(e *IsBool) evaluator {
	arg, want := compile(e.Arg), e.Want
	return func(ctx *functions.Context, b *delta.Batch) delta.Column {
		c := arg(ctx, b)
		v := make([]bool, b.Len)
		for i := range v {
			v[i] = !c.IsNull(i) && c.Bools[i] == want
		}
		out := delta.BoolColumn(v, nil)
		out.Errs = c.Errs
		return out
	}
}

func compileNotDistinct(e *NotDistinct) evaluator {
	l, r, equal := compile(e.L), compile(e.R), e.Equal
	return func(ctx *functions.Context, b *delta.Batch) delta.Column {
		args := []delta.Column{l(ctx, b), r(ctx, b)}
		out := functions.Call(ctx, equal, args, b.Len)
		if out.Valid == nil {
			return out
		}
		v := append(make([]bool, 0, b.Len), out.Bools[:b.Len]...)
		for i := range v {
			if ln, rn := args[0].IsNull(i), args[1].IsNull(i); ln || rn {
				v[i] = ln && rn
			}
		}
		return withErrors(delta.BoolColumn(v, nil), out.Errs)
	}
}

func withErrors(c delta.Column, errs *delta.Errors) delta.Column {
	c.Errs = errs
	return c
}

// truth lists the rows for which a condition is true, those for which it is not, and gives the errors.
func truth(c *delta.Column, rows []int32) (yes, no []int32) {
	yes = make([]int32, 0, len(rows))
	for j, row := range rows {
		if c.Errs.Err(j) != nil {
			continue
		}
		if !c.IsNull(j) && c.Bools[j] {
			yes = append(yes, row)
		} else {
			no = append(no, row)
		}
	}
	return yes, no
}
