package exec

import (
	"tarn/delta"
	"tarn/planner/plan"
	"tarn/sql/expr"
	"tarn/sql/functions"
)

// constant emits its rows in the first epoch of its life and never again. It keeps nothing: whether that epoch has been
// is known from whether its state id is fresh (Options.State).
type constant struct {
	plan *plan.Constant
	fn   *functions.Context
	done bool // has been emitted
}

func (c *constant) push(*node, int, *delta.Batch) error { panic("exec: a constant has no input") }

func (c *constant) flush(n *node) error {
	if c.done {
		return nil
	}
	c.done = true
	out := delta.NewBatch(plan.Types(c.plan), len(c.plan.Rows))
	for _, row := range c.plan.Rows {
		if literals(row) {
			for i, e := range row {
				out.Cols[i].AppendDatum(e.(*expr.Const).Value)
			}
			out.AppendCount(1)
			continue
		}
		x := compileExprs(c.fn, row...)
		one, cols, err := x.eval(n, &delta.Batch{Len: 1}, nil)
		if err != nil {
			return err
		}
		out.AppendBatch(&delta.Batch{Cols: cols, Len: one.Len})
	}
	return n.emit(out)
}

func (c *constant) states() []keeper { return nil }

// literals tells whether a row needs no evaluation, as the rows of a long INSERT.
func literals(row []expr.Expr) bool {
	for _, e := range row {
		if _, ok := e.(*expr.Const); !ok {
			return false
		}
	}
	return true
}
