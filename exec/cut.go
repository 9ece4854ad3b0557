package exec

import "tarn/delta"

// cut passes the rows of a one-time query on from skip up to skip+left in the order in which they come, and ends the reading of its
// input when there are no more. It keeps nothing.
type cut struct {
	stateless
	skip, left int64
}

// cutOff ends the run of all that is below a cut.
type cutOff struct{ at *node }

func (cutOff) Error() string { return "enough rows for a limit" }

func (c *cut) push(n *node, _ int, b *delta.Batch) error {
	if b.Counts == nil {
		return c.pass(n, b)
	}
	return repeat(b, func(part *delta.Batch) error { return c.pass(n, part) })
}

// pass takes rows that are there once each.
func (c *cut) pass(n *node, b *delta.Batch) error {
	b = takeRows(b, &c.skip, &c.left)
	if err := n.emit(b); err != nil {
		return err
	}
	if c.left == 0 {
		return cutOff{n}
	}
	return nil
}

// takeRows is the rows of a batch that are left when so many are skipped and no more than so many wanted; it counts both down.
func takeRows(b *delta.Batch, skip, left *int64) *delta.Batch {
	if n := min(*skip, int64(b.Len)); n > 0 {
		*skip -= n
		b = b.Slice(int(n), b.Len)
	}
	if int64(b.Len) > *left {
		b = b.Slice(0, int(*left))
	}
	*left -= int64(b.Len)
	return b
}
