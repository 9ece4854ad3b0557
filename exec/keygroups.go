package exec

import (
	"bytes"

	"tarn/delta"
)

// keyGroups is rows of a batch ordered by their keys: what state has under a key is then looked for once for all of them. The
// groups are in the order in which their keys first come, the rows of each in their own order.
type keyGroups struct {
	rows   []int32
	firsts []int32 // the first row of each group
	ends   []int32 // where each group ends in rows
	of     []int32 // the group of each row, in the order given
	slots  []int32 // number of a group + 1 by hash, open addressing
}

// groupRows is how many rows there are at least for grouping them to pay.
const groupRows = 16

// group is the rows of group i.
func (g *keyGroups) group(i int) []int32 {
	from := int32(0)
	if i > 0 {
		from = g.ends[i-1]
	}
	return g.rows[from:g.ends[i]]
}

// single makes every row a group of its own.
func (g *keyGroups) single(rows []int32) {
	g.rows, g.firsts, g.ends = append(g.rows[:0], rows...), append(g.firsts[:0], rows...), g.ends[:0]
	for i := range rows {
		g.ends = append(g.ends, int32(i+1))
	}
}

// make groups rows by their keys, unless they are few.
func (g *keyGroups) make(keys *delta.Keys, rows []int32) {
	if len(rows) < groupRows {
		g.single(rows)
		return
	}
	g.gather(keys, rows)
}

// gather groups rows by their keys, however few they are.
func (g *keyGroups) gather(keys *delta.Keys, rows []int32) {
	g.firsts, g.ends = g.firsts[:0], g.ends[:0]
	size := 2 * groupRows
	for size < 2*len(rows) {
		size *= 2
	}
	if cap(g.slots) < size {
		g.slots = make([]int32, size)
	}
	g.slots = g.slots[:size]
	clear(g.slots)
	g.of = g.of[:0]
	mask := uint64(size - 1)
	for _, row := range rows {
		hash := keys.Hashes[row]
		s := hash & mask
		for g.slots[s] != 0 {
			first := g.firsts[g.slots[s]-1]
			if keys.Hashes[first] == hash && bytes.Equal(keys.Key(int(first)), keys.Key(int(row))) {
				break
			}
			s = (s + 1) & mask
		}
		if g.slots[s] == 0 {
			g.firsts = append(g.firsts, row)
			g.ends = append(g.ends, 0)
			g.slots[s] = int32(len(g.firsts))
		}
		group := g.slots[s] - 1
		g.ends[group]++
		g.of = append(g.of, group)
	}
	at := int32(0)
	for i, n := range g.ends { // sizes become starts, which filling moves to the ends
		g.ends[i] = at
		at += n
	}
	if cap(g.rows) < len(rows) {
		g.rows = make([]int32, len(rows))
	}
	g.rows = g.rows[:len(rows)]
	for i, row := range rows {
		group := g.of[i]
		g.rows[g.ends[group]] = row
		g.ends[group]++
	}
}

// touch calls f for the groups in runs [from, to), after bringing what a state has of their keys into memory and into the cache.
func (g *keyGroups) touch(t table, keys *delta.Keys, f func(from, to int) error) error {
	at := 0
	return touch(t, keys, g.firsts, func(run []int32) error {
		from := at
		at += len(run)
		return f(from, at)
	})
}
