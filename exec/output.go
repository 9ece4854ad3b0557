package exec

import "tarn/delta"

// output collects the change of a view in an epoch and hands it, consolidated, to the caller of Flush and to the gets that
// read the view. It keeps nothing beyond the epoch. Its errors have gone on to those gets already when they came.
type output struct {
	id     uint32
	rows   []*delta.Batch
	errs   []*delta.Batch
	summed bool // what comes in one batch is consolidated: the operator above it emits at flush, each row once
	sum    consolidator
}

func (o *output) push(_ *node, _ int, b *delta.Batch) error {
	o.rows = append(o.rows, b)
	return nil
}

func (o *output) flush(n *node) error {
	var out Output
	if insertions(o.rows) || o.summed && len(o.rows) == 1 {
		out.Rows = concat(o.rows)
	} else {
		out.Rows = o.sum.sum(o.rows)
	}
	out.Errs = Consolidate(o.errs)
	o.rows, o.errs = nil, nil
	if out.Rows == nil && out.Errs == nil {
		return nil
	}
	n.flow.result[o.id] = out
	return n.emit(out.Rows)
}

func (o *output) states() []keeper { return nil }
