package exec

import "tarn/delta"

// get picks columns of a relation. It keeps nothing: a changed row is the same change of fewer columns, and rows that
// become equal thereby add up wherever it matters.
type get struct {
	stateless
	relation uint32
	columns  []int

	scan *Scan                    // once: of the last run, whose memory is used again
	take func(*delta.Batch) error // once: what its rows are handed to

	memory delta.Batch  // once: of a batch of the last run
	lent   *delta.Batch // once: this, if nobody keeps anything of a batch
}

func (g *get) push(n *node, _ int, b *delta.Batch) error { return n.emit(b.Project(g.columns)) }
