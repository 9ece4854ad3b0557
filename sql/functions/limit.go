package functions

import (
	"tarn/delta"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// maxText is the longest value PostgreSQL stores.
const maxText = 1<<30 - 1

var errTextLength = sqlstate.New(sqlstate.ProgramLimitExceeded, "requested length too large")

// ErrLargeBatch is the error of the rows for which a column of a batch has no room any more: with fewer rows they would have
// values. Who evaluates expressions over batches tries again with parts.
var ErrLargeBatch = sqlstate.New(sqlstate.ProgramLimitExceeded, "values of a batch of rows are too large")

// largest is the most bytes a value may have.
func (ctx *Context) largest() int {
	if ctx == nil || ctx.Largest == 0 {
		return maxText
	}
	return ctx.Largest
}

// fits refuses a value of so many bytes if it is too large (54000).
func (ctx *Context) fits(n int64) error {
	most := ctx.largest()
	switch {
	case n <= int64(most):
		return nil
	case most == maxText:
		return errTextLength
	}
	return errTextLength.WithDetail("A value may have %d bytes.", most).WithHint("Give the server more --memory.")
}

// fitsBatch is fits for a value that has been appended to a column, from at on.
func (ctx *Context) fitsBatch(data []byte, at int) error {
	if len(data) <= ctx.largest() {
		return nil
	}
	if at == 0 {
		return ctx.fits(int64(len(data)))
	}
	return ErrLargeBatch
}

// Repeat is a column of n rows that hold d, as far as they fit.
func (ctx *Context) Repeat(kind types.Kind, d types.Datum, n int) delta.Column {
	fit := n
	if len(d.Bytes) > 0 {
		fit = min(n, max(ctx.largest()/len(d.Bytes), 1))
	}
	out := delta.Repeat(kind, d, fit)
	for i := fit; i < n; i++ {
		out.AppendNull()
		out.Fail(i, ErrLargeBatch)
	}
	return out
}
