package planner

import (
	"context"

	"tarn/sql/functions"
)

// Planning ends when its statement is cancelled, which Env.Context.Done tells. What builds and rewrites plans returns no errors,
// so that the end travels as a panic to the function that was called from outside, as syntax errors do in package bridge.

// interrupted is that panic.
type interrupted struct{}

// heed ends the planning if its statement was cancelled. It is called where a node or an expression begins.
func heed(ctx *functions.Context) {
	select {
	case <-ctx.Done:
		panic(interrupted{})
	default:
	}
}

// caught makes an error of an interruption: context.Canceled. It is to be deferred by what is called from outside.
func caught(err *error) {
	switch r := recover().(type) {
	case nil:
	case interrupted:
		*err = context.Canceled
	default:
		panic(r)
	}
}
