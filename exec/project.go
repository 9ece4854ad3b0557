package exec

import "tarn/delta"

// project computes columns. It keeps nothing: a row's image is the same when it is deleted as when it was inserted.
type project struct {
	stateless
	exprs exprs
}

func (p *project) reads() (cols []int, keeps bool) { return p.exprs.used, true }

func (p *project) push(n *node, _ int, b *delta.Batch) error {
	b, cols, err := p.exprs.eval(n, b, make([]delta.Column, 0, len(p.exprs.progs)))
	if err != nil {
		return err
	}
	return n.emit(&delta.Batch{Cols: cols, Counts: b.Counts, Len: b.Len})
}
