package functions

import (
	"tarn/delta"
	"tarn/sql/types"
)

// castKernel is a cast as the body of a function.
func castKernel(c *Cast, from, to types.OID) Kernel {
	return func(ctx *Context, args []delta.Column, n int) delta.Column {
		return Convert(ctx, c, &args[0], n, types.Of(from), types.Of(to), true)
	}
}

func coerceModifier(ctx *Context, c *delta.Column, n int, to types.Type, explicit bool) delta.Column {
	return *c
}
