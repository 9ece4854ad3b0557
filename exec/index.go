package exec

import (
	"slices"

	"tarn/catalog"
	"tarn/delta"
	"tarn/planner/plan"
	"tarn/sql/types"
	"tarn/storage/state"
)

// index keeps the rows of a relation by some of its columns, for the joins that read them. It reads the relation itself, and
// emits all that comes, with all columns of the relation: each join takes those it knows of.
//
// State: the exact rows of the columns that any of the joins reads, by key. A row with a NULL key has no partner and is not
// kept.
//
// A join pairs a change of one side with the other side as it is, and then adds it to its own (see join). Here the index adds a
// batch first, for all its readers at once, and then pushes it into one after the other. To each of them that is the same as long
// as between the adding and the push into this reader nothing comes in at its other port, which would meet rows that the join has
// not been told of (E6). What comes in at its other port in this time can only follow from the push into another reader that lies
// above it. So the readers are pushed into from below: whatever order the graph has, a reader goes before those it follows from.
//
//	t -> index ---------> J2 --> ...        flights f JOIN t a ON a.k = f.x JOIN t b ON b.k = f.y
//	          \           ^
//	           +--> J1 ---+
//	flights -------^
//
// A change dr of t goes to J2 first, and meets the pairs that J1 has given so far; then to J1, whose new pairs meet in J2 the rows
// with dr. From above, the new pairs would meet dr in J2, and dr then the new pairs again. For the same reason an index is never at
// both ports of one join.
//
// Counts below zero are kept as they are, as by a join. Two indexes of a relation by the same columns differ only in the columns
// that they keep, so one that has all of another's can stand for it: see Attach.
type index struct {
	stateless
	relation *catalog.Relation
	by       []int // the columns of the relation that are the key
	ts       []types.Type
	columns  []int // those kept, ascending
	rows     *state.Multimap

	keys    delta.Keys
	valid   []int32
	shares  shares
	workers []rowAdder
}

// index is the operator of an index: the one that the dataflow has, or a new one.
func (c *compiler) index(p *plan.Index) *node {
	print := p.Operator()
	if n := c.flow.prints[print]; n != nil {
		return n
	}
	columns := c.indexed[print]
	if c.opts.Columns != nil {
		columns = c.opts.Columns(print, columns)
	}
	n := &node{flow: c.flow, plan: p, print: print}
	x := &index{relation: p.Input.Relation, by: p.By(), columns: columns, workers: make([]rowAdder, c.parallel)}
	x.ts, x.rows = x.types(x.by), c.newMultimap(n, 0, c.ids(n, 1))
	n.op = x
	c.flow.gets[x.relation.ID] = append(c.flow.gets[x.relation.ID], n)
	c.add(n)
	c.flow.prints[print] = n
	return n
}

// indexedColumns are the columns that a plan reads of each index.
func indexedColumns(root plan.Node) map[string][]int {
	all, seen := map[string][]int{}, map[plan.Node]bool{}
	var visit func(n plan.Node)
	visit = func(n plan.Node) {
		if seen[n] {
			return
		}
		seen[n] = true
		if x, ok := n.(*plan.Index); ok {
			all[x.Operator()] = merged(all[x.Operator()], x.Input.Columns)
		}
		for _, in := range n.Inputs() {
			visit(in)
		}
	}
	visit(root)
	return all
}

// merged is the columns of either list, ascending.
func merged(a, b []int) []int {
	all := append(slices.Clone(a), b...)
	slices.Sort(all)
	return slices.Compact(all)
}

func (x *index) types(columns []int) (ts []types.Type) {
	for _, c := range columns {
		ts = append(ts, x.relation.Columns[c].Type)
	}
	return ts
}

func (x *index) states() []keeper { return []keeper{x.rows} }

// has tells whether the index keeps all of some columns.
func (x *index) has(columns []int) bool {
	return !slices.ContainsFunc(columns, func(c int) bool { return !slices.Contains(x.columns, c) })
}

func (x *index) push(n *node, _ int, b *delta.Batch) error {
	key := b.Project(x.by)
	encodeKeys(&x.keys, key.Cols, x.ts, b.Len)
	sel := withoutNulls(&x.valid, key.Cols, b.Len)
	if err := forkable(len(x.workers), b.Len, x.rows); err != nil {
		return err
	}
	x.shares.deal(len(x.workers), x.keys.Hashes, sel)
	kept := b.Project(x.columns)
	if err := fork(len(x.workers), b.Len, func(w int) error {
		return x.workers[w].add(x.rows, &x.keys, kept, x.shares.rows[w])
	}); err != nil {
		return err
	}
	return n.emit(b)
}

// rowAdder adds rows to a multimap: the memory of one worker.
type rowAdder struct {
	groups keyGroups
	set    state.RowSet
	row    []byte
}

// add adds rows of a batch by their keys, those of a key together.
func (a *rowAdder) add(to *state.Multimap, keys *delta.Keys, b *delta.Batch, rows []int32) error {
	if len(rows) < groupRows {
		return touch(to, keys, rows, func(run []int32) error {
			for _, i := range run {
				a.row = delta.AppendRow(a.row[:0], b, int(i))
				if _, _, err := to.Add(keys.Hashes[i], keys.Key(int(i)), a.row, b.Count(int(i))); err != nil {
					return err
				}
			}
			return nil
		})
	}
	a.groups.make(keys, rows)
	return a.groups.touch(to, keys, func(from, end int) error {
		for g := from; g < end; g++ {
			group := a.groups.group(g)
			a.set.Reset()
			for _, i := range group {
				a.set.Add(delta.AppendRow(a.set.Buffer(), b, int(i)), b.Count(int(i)))
			}
			first := int(group[0])
			if err := to.AddRows(keys.Hashes[first], keys.Key(first), &a.set); err != nil {
				return err
			}
		}
		return nil
	})
}
