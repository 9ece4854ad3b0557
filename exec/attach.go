package exec

import "slices"

// How views come into a running dataflow, and go.

// Attach moves the operators and outputs of other into d, between two epochs and with both at the same one. Operators of
// other whose fingerprints live in d are released in favour of those, whose state is the same (E2), unless they have chosen
// among values that are equal under SQL: the two may have chosen differently, and what lies above has seen the choice.
//
// Of two indexes the one stays that has the columns of both, and the joins of the other read it from then on. If neither has, both
// stay; the next one to come has the columns of both (Options.Columns).
//
// dropped are the state ids that nobody uses any more, moved the outputs, ascending, that lived in d and whose operators have
// other states than they had (see States). other must not be used afterwards.
func (d *Dataflow) Attach(other *Dataflow) (dropped, moved []uint32) {
	live := map[*node]*node{}  // what stands for a node of other
	chosen := map[*node]bool{} // nodes of other whose output follows from a choice
	var indexes []*node        // those that may have lost their readers
	for _, n := range other.nodes {
		if c, ok := n.op.(chooser); ok && c.chooses() {
			chosen[n] = true
		}
		for _, in := range n.in {
			chosen[n] = chosen[n] || chosen[in]
		}
		if n.plan != nil {
			have := d.prints[n.print]
			if x, ok := n.op.(*index); ok {
				have = d.indexWith(n.print, x.relation.ID, x.columns)
			}
			if have != nil && !chosen[n] {
				live[n] = have
				dropped = append(dropped, n.retire(have)...)
				continue
			}
			d.prints[n.print] = n
		}
		live[n] = n
		n.flow = d
		n.out = nil
		for port, in := range n.in {
			live[in].lead(n, port)
		}
		switch op := n.op.(type) {
		case *get:
			d.gets[op.relation] = append(d.gets[op.relation], n)
		case *index:
			indexes = append(indexes, n)
			for _, old := range d.replaced(n, op) {
				moved = append(moved, outputsBelow(old)...)
				for _, e := range old.out {
					n.lead(e.to, e.port)
				}
				old.out = nil
				indexes = append(indexes, old)
			}
			d.gets[op.relation.ID] = append(d.gets[op.relation.ID], n)
		case *output:
			d.outputs[op.id] = n
		}
	}
	for _, n := range indexes {
		if len(n.out) == 0 {
			dropped = append(dropped, d.remove(n)...)
		}
	}
	d.connect()
	d.arrange()
	slices.Sort(moved)
	return dropped, slices.Compact(moved)
}

// lead makes an input of an operator that of what n emits. A join finds the rows of an index in it.
func (n *node) lead(to *node, port int) {
	to.in[port] = n
	n.out = append(n.out, edge{to, port})
	if x, ok := n.op.(*index); ok {
		to.op.(*join).sides[port].read(x)
	}
}

// indexWith is the living index of a fingerprint that has some columns, or nil.
func (d *Dataflow) indexWith(print string, relation uint32, columns []int) *node {
	for _, n := range d.gets[relation] {
		if x, ok := n.op.(*index); ok && n.print == print && x.has(columns) {
			return n
		}
	}
	return nil
}

// replaced are the living indexes that have no columns but those of a new one, n.
func (d *Dataflow) replaced(n *node, by *index) (old []*node) {
	for _, o := range d.gets[by.relation.ID] {
		if x, ok := o.op.(*index); ok && o.print == n.print && by.has(x.columns) {
			old = append(old, o)
		}
	}
	return old
}

// outputsBelow are the ids of the outputs whose plans have an operator.
func outputsBelow(n *node) (ids []uint32) {
	seen := map[*node]bool{}
	var visit func(n *node)
	visit = func(n *node) {
		if seen[n] {
			return
		}
		seen[n] = true
		if o, ok := n.op.(*output); ok {
			ids = append(ids, o.id)
			return
		}
		for _, e := range n.out {
			visit(e.to)
		}
	}
	visit(n)
	return ids
}

// connect lets every get and index of an output read it.
func (d *Dataflow) connect() {
	for id, o := range d.outputs {
		for _, g := range d.gets[id] {
			if len(g.in) == 0 {
				g.in = []*node{o}
				o.out = append(o.out, edge{g, 0})
			}
		}
	}
}

// arrange puts the nodes in an order in which they can be flushed, the same whenever the same outputs live in d, and their readers
// in that order, too: those of an index in the reverse (E6).
func (d *Dataflow) arrange() {
	d.nodes = d.nodes[:0]
	seen := map[*node]bool{}
	var visit func(n *node)
	visit = func(n *node) {
		if seen[n] {
			return
		}
		seen[n] = true
		for _, in := range n.in {
			visit(in)
		}
		d.nodes = append(d.nodes, n)
	}
	for _, id := range d.Outputs() {
		visit(d.outputs[id])
	}
	at := make(map[*node]int, len(d.nodes))
	for i, n := range d.nodes {
		at[n] = i
	}
	for _, n := range d.nodes {
		slices.SortStableFunc(n.out, func(a, b edge) int {
			if c := at[a.to] - at[b.to]; c != 0 {
				return c
			}
			return a.port - b.port
		})
		if _, ok := n.op.(*index); ok {
			slices.Reverse(n.out)
		}
	}
}

// retire releases an operator's state and returns the ids that heir, its successor if any, does not use.
func (n *node) retire(heir *node) (ids []uint32) {
	for _, s := range n.op.states() {
		s.Release()
	}
	if heir != nil && heir.first == n.first {
		return nil
	}
	for i := range n.ids {
		ids = append(ids, n.first+uint32(i))
	}
	return ids
}

// Detach removes an output, between two epochs, and every operator that no remaining output needs. freed are the state
// ids they used, for the engine to delete. Nothing may read the output any more.
func (d *Dataflow) Detach(output uint32) (freed []uint32) {
	delete(d.outputs, output)
	before := slices.Clone(d.nodes)
	d.arrange()
	needed := map[*node]bool{}
	for _, n := range d.nodes {
		needed[n] = true
	}
	for _, n := range before {
		if !needed[n] {
			freed = append(freed, d.remove(n)...)
		}
	}
	return freed
}

// remove takes an operator out of the graph, read by none but such as are taken out too, and returns the state ids it used.
func (d *Dataflow) remove(n *node) (freed []uint32) {
	if d.prints[n.print] == n {
		delete(d.prints, n.print)
	}
	for _, in := range n.in {
		in.out = slices.DeleteFunc(in.out, func(e edge) bool { return e.to == n })
	}
	var relation uint32
	switch op := n.op.(type) {
	case *get:
		relation = op.relation
	case *index:
		relation = op.relation.ID
	default:
		return n.retire(nil)
	}
	rest := slices.DeleteFunc(d.gets[relation], func(o *node) bool { return o == n })
	if len(rest) == 0 {
		delete(d.gets, relation)
	} else {
		d.gets[relation] = rest
	}
	return n.retire(nil)
}
