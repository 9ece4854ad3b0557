package expr

import (
	"tarn/delta"
	"tarn/sql/functions"
	"tarn/sql/types"
)

// Program is a compiled expression. It is immutable and may be evaluated by several goroutines at once.
type Program struct {
	eval evaluator
	t    types.Type
}

// evaluator computes the rows of one expression over a batch. The column it returns may be, or share memory with, a column
// of the batch.
type evaluator func(ctx *functions.Context, b *delta.Batch) delta.Column

// Compile turns an expression into closures over columns. It panics on an expression that is not of this package.
func Compile(e Expr) *Program { return &Program{eval: compile(e), t: e.Type()} }

// Type is the type of the result.
func (p *Program) Type() types.Type { return p.t }

// Eval computes the expression for every row of b. A row that fails has its error in the result's Errs. The result is not
// to be written to: it may share memory with b.
func (p *Program) Eval(ctx *functions.Context, b *delta.Batch) delta.Column { return p.eval(ctx, b) }

// EvalConst computes an expression that reads no columns.
func EvalConst(ctx *functions.Context, e Expr) (types.Datum, error) {
	switch e := e.(type) {
	case *Const:
		return e.Value, nil
	case *Param:
		if e.N <= len(ctx.Params) {
			return ctx.Params[e.N-1], nil
		}
	}
	out := compile(e)(ctx, &delta.Batch{Len: 1})
	if err := out.Errs.Err(0); err != nil {
		return types.Null, err
	}
	return out.Datum(0), nil
}

func compile(e Expr) evaluator {
	switch e := e.(type) {
	case *Const:
		return compileConst(e)
	case *Column:
		index := e.Index
		return func(_ *functions.Context, b *delta.Batch) delta.Column { return b.Cols[index] }
	case *Param:
		return compileParam(e)
	case *Call:
		return compileCall(e)
	case *Cast:
		return compileCast(e)
	case *And:
		return compileLogic(e.Args, false)
	case *Or:
		return compileLogic(e.Args, true)
	case *Not:
		return compileNot(e)
	case *IsNull:
		return compileIsNull(e)
	case *IsBool:
		return compileIsBool(e)
	case *NotDistinct:
		return compileNotDistinct(e)
	case *Case:
		return compileCase(e)
	case *Coalesce:
		return compileCoalesce(e)
	case *In:
		return compileIn(e)
	case *Quantified:
		return compileQuantified(e)
	case *ArrayOf:
		return compileArray(e)
	case *Fail:
		return compileFail(e)
	}
	panic("expr: no such expression")
}

func compileAll(args []Expr) []evaluator {
	out := make([]evaluator, len(args))
	for i, e := range args {
		out[i] = compile(e)
	}
	return out
}

// gatherUsed is the rows of b that sel names, with only the columns used filled in: what a branch is evaluated over.
func gatherUsed(b *delta.Batch, used []int, sel []int32) *delta.Batch {
	out := &delta.Batch{Cols: make([]delta.Column, len(b.Cols)), Len: len(sel)}
	for _, c := range used {
		out.Cols[c] = b.Cols[c].Gather(sel)
	}
	return out
}
