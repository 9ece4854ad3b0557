package exec

import "tarn/delta"

// negate turns every count around, so that a union with it subtracts. Its output has counts below zero, for a threshold
// to deal with. It keeps nothing.
type negate struct{ stateless }

func (negate) push(n *node, _ int, b *delta.Batch) error { return n.emit(b.Negate()) }
