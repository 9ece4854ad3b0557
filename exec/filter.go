package exec

import "tarn/delta"

// filter passes the rows for which a condition is true: not those for which it is false, NULL or fails. It keeps nothing,
// because the condition says the same of a row when it is deleted as when it was inserted.
type filter struct {
	stateless
	cond exprs
	cols []delta.Column
	sel  []int32
	get  *get // once: the condition says no more than the key of what this reads; nil otherwise
}

func (f *filter) push(n *node, _ int, b *delta.Batch) error {
	if f.get != nil && f.get.scan.Exact {
		return n.emit(b)
	}
	b, cols, err := f.cond.eval(n, b, f.cols[:0])
	if err != nil {
		return err
	}
	f.cols = cols
	return n.emit(f.keepTrue(b, &cols[0]))
}

// keepTrue is the rows of b for which cond is true: b itself if all are.
func (f *filter) keepTrue(b *delta.Batch, cond *delta.Column) *delta.Batch {
	sel := f.sel[:0]
	bools := cond.Bools[:b.Len]
	if cond.Valid == nil {
		for i, ok := range bools {
			if ok {
				sel = append(sel, int32(i))
			}
		}
	} else {
		for i, ok := range bools {
			if ok && cond.Valid.Get(i) {
				sel = append(sel, int32(i))
			}
		}
	}
	f.sel = sel
	if len(sel) == b.Len {
		return b
	}
	return b.Gather(sel)
}
