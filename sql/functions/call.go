package functions

import (
	"tarn/delta"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// Call evaluates f over argument columns of n rows. It deals with what is the same for all functions: a row with a failed
// argument fails, and a strict function gives NULL for a row with a NULL argument.
func Call(ctx *Context, f *Function, args []delta.Column, n int) delta.Column {
	failed := false
	for i := range args {
		if args[i].Errs != nil {
			failed = true
			break
		}
	}
	if failed {
		return callFailed(ctx, f, args, n)
	}
	out := eval(ctx, f, args, n)
	if f.NullCall {
		return out
	}
	for i := range args {
		out.Valid = delta.And(out.Valid, args[i].Valid, n)
	}
	return out
}

// eval calls the kernel. A kernel that panics has a bug, and the rows it panics for are errors as any others: that a view is
// made of them must not stop the epochs of all. So that a row's error does not depend on the rows it came with, each is then
// computed by itself.
func eval(ctx *Context, f *Function, args []delta.Column, n int) (out delta.Column) {
	defer func() {
		if p := recover(); p != nil {
			out = evalEach(ctx, f, args, n, p)
		}
	}()
	return f.Eval(ctx, args, n)
}

func evalEach(ctx *Context, f *Function, args []delta.Column, n int, panicked any) delta.Column {
	out := delta.NewColumn(types.Of(f.Returns).Kind(), n)
	for i := range n {
		if n == 1 {
			out.AppendNull()
			out.Fail(0, sqlstate.New(sqlstate.InternalError, "function %s failed: %v", f.Name, panicked))
			break
		}
		one := make([]delta.Column, len(args))
		for j := range args {
			one[j] = args[j].Gather([]int32{int32(i)})
		}
		c := eval(ctx, f, one, 1)
		out.AppendColumn(&c)
		if err := c.Errs.Err(0); err != nil {
			out.Fail(i, err)
		}
	}
	return out
}

// callFailed is Call where some rows of the arguments failed: the kernel sees them as NULL, and the result has their errors.
func callFailed(ctx *Context, f *Function, args []delta.Column, n int) delta.Column {
	masked := make([]delta.Column, len(args))
	for i := range args {
		masked[i] = maskErrors(&args[i], n)
	}
	out := eval(ctx, f, masked, n)
	if !f.NullCall {
		for i := range masked {
			out.Valid = delta.And(out.Valid, masked[i].Valid, n)
		}
	}
	for i := range args {
		out = withErrors(out, args[i].Errs, n)
	}
	return out
}

// maskErrors is c with NULL in place of its failed rows.
func maskErrors(c *delta.Column, n int) delta.Column {
	if c.Errs == nil {
		return *c
	}
	out := *c
	out.Errs = nil
	out.Valid = delta.FullBitmap(n)
	if c.Valid != nil {
		copy(out.Valid, c.Valid)
	}
	for i := range n {
		if c.Errs.Err(i) != nil {
			out.Valid.Clear(i)
		}
	}
	return out
}

// withErrors is c with the errors of errs in place of its values; where both have one, that of errs stays.
func withErrors(c delta.Column, errs *delta.Errors, n int) delta.Column {
	if errs == nil || c.Errs == errs {
		return c
	}
	merged := make([]*sqlstate.Error, n)
	copy(merged, errs.ByRow)
	for i := range merged {
		if merged[i] == nil {
			merged[i] = c.Errs.Err(i)
		}
	}
	c.Errs = &delta.Errors{ByRow: merged}
	return c
}
