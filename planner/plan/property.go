package plan

import (
	"tarn/catalog"
	"tarn/sql/expr"
)

// UniqueKey is a smallest set of output columns by which no two rows of n are equal under SQL, ascending; nil if none is
// known. A key without columns, not nil, means that n has at most one row.
func UniqueKey(n Node) []int {
	var best []int
	for _, k := range newKeyFinder().keys(n) {
		if best == nil || len(k) < len(best) {
			best = k
		}
	}
	return best
}

// HasKey tells whether some key of n lies within cols.
func HasKey(n Node, cols []int) bool {
	for _, k := range newKeyFinder().keys(n) {
		if subset(k, cols) {
			return true
		}
	}
	return false
}

// AtMostOne tells whether n never has more than one row.
func AtMostOne(n Node) bool { return HasKey(n, nil) }

// maxKeys bounds how many keys of one node are followed.
const maxKeys = 8

// keyFinder finds keys. Nodes that are used more than once are looked at once.
type keyFinder struct{ known map[Node][][]int }

func newKeyFinder() *keyFinder { return &keyFinder{map[Node][][]int{}} }

func (f *keyFinder) keys(n Node) [][]int {
	k, ok := f.known[n]
	if !ok {
		k = f.find(n)
		f.known[n] = k
	}
	return k
}

// find are the known keys of n. Each is ascending; a nil slice among them is written as an empty one.
func (f *keyFinder) find(n Node) [][]int {
	var out [][]int
	add := func(k []int) {
		if k == nil {
			k = []int{}
		}
		for _, o := range out {
			if subset(o, k) {
				return
			}
		}
		if len(out) < maxKeys {
			out = append(out, k)
		}
	}
	switch n := n.(type) {
	case *Get:
		if n.Relation.Key == nil {
			break
		}
		k := make([]int, 0, len(n.Relation.Key))
		for _, c := range n.Relation.Key {
			at := index(n.Columns, c)
			if at < 0 {
				return nil
			}
			k = append(k, at)
		}
		add(ascending(k))
	case *Index:
		return f.keys(n.Input)
	case *Constant:
		if len(n.Rows) <= 1 {
			add(nil)
		}
	case *Filter:
		fixed := constantColumns(n.Cond)
		for _, k := range f.keys(n.Input) {
			add(without(k, fixed))
		}
	case *Project:
		passed := make(map[int][]int) // input column to the outputs that pass it on
		for i, e := range n.Exprs {
			if c, ok := e.(*expr.Column); ok {
				passed[c.Index] = append(passed[c.Index], i)
			}
		}
		for _, k := range f.keys(n.Input) {
			for _, mapped := range choices(k, passed) {
				add(ascending(mapped))
			}
		}
	case *Join:
		f.joinKeys(n, add)
	case *Aggregate:
		if len(n.Keys) == 0 {
			add(nil)
			break
		}
		at, plain := make(map[int]int), []int(nil)
		all := make([]int, len(n.Keys))
		for i, e := range n.Keys {
			all[i] = i
			if c, ok := e.(*expr.Column); ok {
				at[c.Index] = i
				plain = append(plain, c.Index)
			}
		}
		for _, k := range f.keys(n.Input) {
			if subset(k, plain) {
				mapped := make([]int, len(k))
				for i, c := range k {
					mapped[i] = at[c]
				}
				add(ascending(mapped))
			}
		}
		add(all)
	case *Distinct:
		for _, k := range f.keys(n.Input) {
			add(k)
		}
		add(upTo(Width(n)))
	case *Threshold:
		if n.Distinct {
			add(upTo(Width(n)))
		}
	case *TopK:
		if isOne(n.Limit) {
			if cols, ok := plainColumns(n.Keys); ok {
				add(ascending(cols))
			}
		}
		for _, k := range f.keys(n.Input) {
			add(k)
		}
	case *FlatMap:
		if n.Ordinality {
			last := Width(n.Input) + len(n.Columns)
			for _, k := range f.keys(n.Input) {
				add(append(k[:len(k):len(k)], last))
			}
		}
	}
	return out
}

// choices are the ways to take one output for each column of a key; none if a column is not passed on.
func choices(key []int, passed map[int][]int) [][]int {
	out := [][]int{{}}
	for _, c := range key {
		var next [][]int
		for _, k := range out {
			for _, i := range passed[c] {
				if len(next) < maxKeys {
					next = append(next, append(k[:len(k):len(k)], i))
				}
			}
		}
		out = next
	}
	return out
}

// joinKeys: a side whose rows meet at most one row of the other keeps its keys; together the keys of both are a key.
func (f *keyFinder) joinKeys(n *Join, add func([]int)) {
	l := f.keys(n.L)
	if n.Kind == Semi || n.Kind == Anti {
		for _, k := range l {
			add(k)
		}
		return
	}
	r, width := f.keys(n.R), Width(n.L)
	shift := func(k []int) []int {
		out := make([]int, len(k))
		for i := range k {
			out[i] = k[i] + width
		}
		return out
	}
	if onlyPlain(n.RKeys, r) && (n.Kind == Inner || n.Kind == Left) {
		for _, k := range l {
			add(k)
		}
	}
	if onlyPlain(n.LKeys, l) && (n.Kind == Inner || n.Kind == Right) {
		for _, k := range r {
			add(shift(k))
		}
	}
	for _, a := range l {
		for _, b := range r {
			// A full join has lone rows of either side: those of keys that are NULL would be equal.
			if n.Kind != Full || neverNull(n.L, a) || neverNull(n.R, b) {
				add(append(a[:len(a):len(a)], shift(b)...))
			}
		}
	}
}

// neverNull tells whether one of the columns is known never to be NULL.
func neverNull(n Node, cols []int) bool {
	switch n := n.(type) {
	case *Get:
		for _, c := range cols {
			if n.Relation.Columns[n.Columns[c]].NotNull {
				return true
			}
		}
	case *Index, *Filter, *Distinct, *Threshold, *TopK:
		return neverNull(n.Inputs()[0], cols)
	case *Project:
		for _, c := range cols {
			if e, ok := n.Exprs[c].(*expr.Column); ok && neverNull(n.Input, []int{e.Index}) {
				return true
			}
		}
	}
	return false
}

// onlyPlain tells whether the columns among exprs hold one of the keys.
func onlyPlain(exprs []expr.Expr, keys [][]int) bool {
	var cols []int
	for _, e := range exprs {
		if c, ok := e.(*expr.Column); ok {
			cols = append(cols, c.Index)
		}
	}
	for _, k := range keys {
		if subset(k, cols) {
			return true
		}
	}
	return false
}

// constantColumns are the columns that a condition fixes to one value.
func constantColumns(cond expr.Expr) []int {
	var out []int
	switch e := cond.(type) {
	case *expr.And:
		for _, t := range e.Args {
			out = append(out, constantColumns(t)...)
		}
	case *expr.Call:
		if !e.Operator || e.Fn.Name != "=" || len(e.Args) != 2 {
			break
		}
		for i := range e.Args {
			if c, ok := e.Args[i].(*expr.Column); ok && len(expr.Columns(e.Args[1-i])) == 0 {
				out = append(out, c.Index)
			}
		}
	}
	return out
}

// AppendOnly tells whether n only ever gains rows: no row of it is ever deleted or changed, whatever happens to the
// relations it reads, as long as those that are declared to grow only do.
func AppendOnly(n Node) bool {
	switch n := n.(type) {
	case *Get:
		return n.Relation.Append || n.Relation.Kind == catalog.Stream
	case *Constant:
		return true
	case *Index, *Filter, *Project, *FlatMap, *Distinct, *Union:
		return all(n.Inputs(), AppendOnly)
	case *Join:
		return (n.Kind == Inner || n.Kind == Semi) && AppendOnly(n.L) && AppendOnly(n.R)
	case *Aggregate:
		return len(n.Aggs) == 0 && (len(n.Keys) > 0 || n.Grouped) && AppendOnly(n.Input)
	}
	return false
}

func all(nodes []Node, f func(Node) bool) bool {
	for _, n := range nodes {
		if !f(n) {
			return false
		}
	}
	return true
}

func isOne(e expr.Expr) bool {
	c, ok := e.(*expr.Const)
	return ok && !c.Value.Null && c.Value.Int == 1
}

func plainColumns(exprs []expr.Expr) ([]int, bool) {
	out := make([]int, len(exprs))
	for i, e := range exprs {
		c, ok := e.(*expr.Column)
		if !ok {
			return nil, false
		}
		out[i] = c.Index
	}
	return out, true
}

func index(list []int, x int) int {
	for i, v := range list {
		if v == x {
			return i
		}
	}
	return -1
}

func subset(a, b []int) bool {
	for _, x := range a {
		if index(b, x) < 0 {
			return false
		}
	}
	return true
}

func without(a, b []int) []int {
	out := []int{}
	for _, x := range a {
		if index(b, x) < 0 {
			out = append(out, x)
		}
	}
	return out
}

func upTo(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// ascending sorts a short list in place and drops repeats.
func ascending(k []int) []int {
	for i := 1; i < len(k); i++ {
		for j := i; j > 0 && k[j] < k[j-1]; j-- {
			k[j], k[j-1] = k[j-1], k[j]
		}
	}
	out := k[:0]
	for i, x := range k {
		if i == 0 || x != k[i-1] {
			out = append(out, x)
		}
	}
	return out
}
