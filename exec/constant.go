package exec

import "tarn/delta"

// constant emits its rows in the first epoch of its life and never again. It keeps nothing: whether that epoch has been
// is known from whether its state id is fresh (Options.State).
type constant struct {
	rows []exprs
	n    int  // columns
	done bool // has been emitted
}

func (c *constant) push(*node, int, *delta.Batch) error { panic("exec: a constant has no input") }

func (c *constant) flush(n *node) error {
	if c.done {
		return nil
	}
	c.done = true
	one := &delta.Batch{Len: 1}
	var out *delta.Batch
	for i := range c.rows {
		row, cols, err := c.rows[i].eval(n, one, nil)
		if err != nil {
			return err
		}
		if row.Len == 0 {
			continue // failed
		}
		b := &delta.Batch{Cols: cols, Len: 1}
		if out == nil {
			out = delta.NewBatch(c.rows[i].ts, len(c.rows))
		}
		out.AppendBatch(b)
	}
	return n.emit(out)
}

func (c *constant) states() []keeper { return nil }
