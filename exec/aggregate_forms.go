package exec

import (
	"bytes"

	"tarn/delta"
)

// Which keys stand for a group, where equal ones may come in several forms and rows may go (see forms). A group's value ends with
// the row of those that do; flagForms says that there are others. During an epoch the ones stay that the group had before it.

// addForms counts those of a group's rows whose keys are not in the form that stands for it.
func (w *aggregateWorker) addForms(a *aggregate, g *group, rows []int32, b *delta.Batch) error {
	rep := a.keyPart(g.val)
	for _, i := range rows {
		w.buf = delta.AppendRow(w.buf[:0], &delta.Batch{Cols: a.cols[:a.nkeys]}, int(i))
		if bytes.Equal(w.buf, rep) {
			continue
		}
		g.val[groupFlag] |= flagForms
		if _, _, err := a.others.Add(g.hash, g.key, w.buf, b.Count(int(i))); err != nil {
			return err
		}
	}
	return nil
}

// choose finds the keys that stand for a group at the end of an epoch. Others than before are put behind those of all groups
// touched, and changed is true.
func (w *aggregateWorker) choose(a *aggregate, g *group) (changed bool, err error) {
	if g.val[groupFlag]&flagForms == 0 {
		return false, nil
	}
	rep := a.keyPart(g.val)
	stands, more, err := w.forms.choose(g.hash, g.key, rep, readInt(g.val))
	if err != nil {
		return false, err
	}
	if !more {
		g.val[groupFlag] &^= flagForms
	}
	if bytes.Equal(stands, rep) {
		return false, nil
	}
	w.buf = append(append(w.buf[:0], g.val[:len(g.val)-len(rep)]...), stands...)
	if g.val, _, err = a.groups.Put(g.hash, g.key, len(w.buf)); err != nil {
		return false, err
	}
	copy(g.val, w.buf)
	_, err = delta.DecodeColumns(w.keys, stands)
	return true, err
}

// twice is the keys of n groups touched as they were, then as they are.
func (w *aggregateWorker) twice(n int) []delta.Column {
	sel := make([]int32, 2*n)
	for i := range n {
		sel[i], sel[n+i] = int32(i), int32(i)
	}
	for k, i := range w.chosen {
		sel[n+int(i)] = int32(n + k)
	}
	cols := make([]delta.Column, len(w.keys))
	for j := range cols {
		cols[j] = w.keys[j].Gather(sel)
	}
	return cols
}
