package planner

import (
	"tarn/planner/plan"
	"tarn/sql/functions"
)

// purpose is what a plan is for: once, or always.
type purpose interface{ purpose() }

type once struct{}
type always struct{}

func (once) purpose()   {}
func (always) purpose() {}

func optimise(n plan.Node, p purpose, ctx *functions.Context) plan.Node { return n }
