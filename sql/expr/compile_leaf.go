package expr

import (
	"math/bits"
	"sync/atomic"

	"tarn/delta"
	"tarn/sql/functions"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// keptBytes is how much a constant may take to be kept.
const keptBytes = 1 << 20

// compileConst keeps one column of the constant, as long as the longest batch seen, and hands out the front of it.
func compileConst(e *Const) evaluator {
	kind, value := e.T.Kind(), e.Value
	if kind == types.Invalid {
		kind = types.Bytes
	}
	var kept atomic.Pointer[delta.Column]
	return func(ctx *functions.Context, b *delta.Batch) delta.Column {
		if len(value.Bytes)*b.Len > keptBytes {
			return ctx.Repeat(kind, value, b.Len)
		}
		c := kept.Load()
		if c == nil || c.Len() < b.Len {
			grown := delta.Repeat(kind, value, 1<<bits.Len(uint(b.Len)))
			c = &grown
			kept.Store(c)
		}
		return c.Slice(0, b.Len)
	}
}

func compileParam(e *Param) evaluator {
	kind, n := e.T.Kind(), e.N
	return func(ctx *functions.Context, b *delta.Batch) delta.Column {
		if n > len(ctx.Params) {
			err := sqlstate.New(sqlstate.UndefinedParameter, "there is no parameter $%d", n)
			return failed(kind, err, b.Len)
		}
		return ctx.Repeat(kind, ctx.Params[n-1], b.Len)
	}
}

func compileFail(e *Fail) evaluator {
	err := sqlstate.New(sqlstate.Code(e.Code), "%s", e.Message)
	kind := e.T.Kind()
	return func(_ *functions.Context, b *delta.Batch) delta.Column { return failed(kind, err, b.Len) }
}

// failed is n rows that all failed with err.
func failed(kind types.Kind, err *sqlstate.Error, n int) delta.Column {
	out := delta.Repeat(kind, types.Null, n)
	out.Errs = delta.NewErrors(n)
	for i := range out.Errs.ByRow {
		out.Errs.ByRow[i] = err
	}
	return out
}

func compileCall(e *Call) evaluator {
	fn := e.Fn
	switch len(e.Args) {
	case 1:
		arg := compile(e.Args[0])
		return func(ctx *functions.Context, b *delta.Batch) delta.Column {
			return functions.Call(ctx, fn, []delta.Column{arg(ctx, b)}, b.Len)
		}
	case 2:
		l, r := compile(e.Args[0]), compile(e.Args[1])
		return func(ctx *functions.Context, b *delta.Batch) delta.Column {
			return functions.Call(ctx, fn, []delta.Column{l(ctx, b), r(ctx, b)}, b.Len)
		}
	}
	args := compileAll(e.Args)
	return func(ctx *functions.Context, b *delta.Batch) delta.Column {
		cols := make([]delta.Column, len(args))
		for i, arg := range args {
			cols[i] = arg(ctx, b)
		}
		return functions.Call(ctx, fn, cols, b.Len)
	}
}

func compileCast(e *Cast) evaluator {
	arg, cast, from, to, explicit := compile(e.Arg), e.Cast, e.Arg.Type(), e.T, e.Explicit
	return func(ctx *functions.Context, b *delta.Batch) delta.Column {
		c := arg(ctx, b)
		return functions.Convert(ctx, cast, &c, b.Len, from, to, explicit)
	}
}
