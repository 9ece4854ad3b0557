package exec

import "tarn/delta"

// union adds its inputs up: every change of one of them is a change of the sum. It keeps nothing.
type union struct{ stateless }

func (union) push(n *node, _ int, b *delta.Batch) error { return n.emit(b) }
