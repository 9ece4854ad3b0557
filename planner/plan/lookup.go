package plan

import (
	"fmt"

	"tarn/sql/expr"
)

// Lookup is a relation that a join of a one-time query need not read whole: if the other side of the join turns out to be few rows,
// those with their keys are all that matters.
type Lookup struct {
	Get   *Get
	Right bool // it is on the join's right side
	Key   int  // of the join's keys, the one that is the first column of the relation's key which is not fixed
	Kept  bool // it is on the side that is kept, and the other one begins, to see if it is few rows
}

// Column is the name of the column by which rows are looked up.
func (l *Lookup) Column() string {
	r := l.Get.Relation
	return r.Columns[r.Key[len(l.Get.Key)]].Name
}

// Lookups are the joins of a one-time query that can be answered so. This is the rule: exec follows it when the few rows are there,
// EXPLAIN shows it.
func Lookups(root Node) map[*Join]*Lookup {
	f := lookupFinder{map[Node]int{root: 1}, map[Node]int{}, map[*Get]bool{}, map[*Join]*Lookup{}}
	f.count(root)
	f.find(root, map[Node]bool{})
	return f.found
}

type lookupFinder struct {
	readers map[Node]int // how many inputs read a node
	widths  map[Node]int
	targets map[*Get]bool // what joins further up may look up
	found   map[*Join]*Lookup
}

func (f *lookupFinder) count(n Node) {
	for _, in := range n.Inputs() {
		if f.readers[in]++; f.readers[in] == 1 {
			f.count(in)
		}
	}
}

func (f *lookupFinder) find(n Node, seen map[Node]bool) {
	if seen[n] {
		return
	}
	seen[n] = true
	if j, ok := n.(*Join); ok {
		if l := f.join(j); l != nil {
			f.found[j], f.targets[l.Get] = l, true
		}
	}
	for _, in := range n.Inputs() {
		f.find(in, seen)
	}
}

// join is what can be looked up for a join. One of its sides is kept, and is read before the other one, which passes by: the right
// one is kept, of a right join the left.
func (f *lookupFinder) join(j *Join) *Lookup {
	if j.NullEqual {
		return nil // a row that is left out may be a partner of NULL
	}
	passing, keptRight := j.L, true
	if j.Kind == Right {
		passing, keptRight = j.R, false
	}
	var kept, passed *Lookup
	if j.Kind != Full {
		if kept = f.side(j, keptRight); kept != nil {
			kept.Kept = true
		}
	}
	if j.Kind == Inner || j.Kind == Semi {
		passed = f.side(j, !keptRight)
	}
	if kept != nil && (passed == nil || f.few(passing)) {
		return kept
	}
	return passed
}

// side finds what can be looked up on one side of a join: below filters, projections, groups and other joins a relation, read by
// nobody else.
func (f *lookupFinder) side(j *Join, right bool) *Lookup {
	in, keys, others := j.L, j.LKeys, j.RKeys
	if right {
		in, keys, others = j.R, j.RKeys, j.LKeys
	}
	for i, e := range keys {
		c, plain := e.(*expr.Column)
		if !plain || others[i].Type().OID != e.Type().OID {
			continue
		}
		if get := f.relation(in, c.Index); get != nil {
			return &Lookup{Get: get, Right: right, Key: i}
		}
	}
	return nil
}

// relation follows a column down to the relation that it is read from. It is nil unless rows with other values of the column can
// be left out there, and it is the first column of the relation's key which is not fixed.
func (f *lookupFinder) relation(n Node, column int) *Get {
	for f.readers[n] == 1 {
		switch p := n.(type) {
		case *Get:
			at := len(p.Key)
			if p.Any != nil || at >= len(p.Relation.Key) || p.Relation.Key[at] != p.Columns[column] {
				return nil
			}
			return p
		case *Filter, *Distinct:
		case *Project:
			c, plain := p.Exprs[column].(*expr.Column)
			if !plain {
				return nil
			}
			column = c.Index
		case *Aggregate:
			if column >= len(p.Keys) {
				return nil
			}
			c, plain := p.Keys[column].(*expr.Column)
			if !plain {
				return nil
			}
			column = c.Index
		case *Join:
			// A side without which there is no row: what it lacks, the join lacks.
			switch width := f.width(p.L); {
			case column < width && (p.Kind == Right || p.Kind == Full):
				return nil
			case column >= width && p.Kind != Inner && p.Kind != Right:
				return nil
			case column >= width:
				n, column = p.R, column-width
				continue
			}
		default:
			return nil
		}
		n = n.Inputs()[0]
	}
	return nil
}

func (f *lookupFinder) width(n Node) int {
	w, ok := f.widths[n]
	if !ok {
		w = Width(n)
		f.widths[n] = w
	}
	return w
}

// MaxLookups is how many keys are looked up instead of reading a relation.
const MaxLookups = 1000

// few tells whether a plan has few rows whatever is in the relations, or may well have: where either side of a join could be looked
// up it says which.
func (f *lookupFinder) few(p Node) bool {
	if AtMostOne(p) {
		return true
	}
	switch p := p.(type) {
	case *Constant:
		return len(p.Rows) <= MaxLookups
	case *Filter:
		return f.few(p.Input)
	case *Project:
		return f.few(p.Input)
	case *Get:
		return p.Any != nil || len(p.Key) > 0 || p.Lo != nil && p.Hi != nil || f.targets[p]
	case *Join:
		if p.Kind != Inner && p.Kind != Left {
			return false
		}
		columns, plain := plainColumns(p.RKeys)
		return plain && f.few(p.L) && HasKey(p.R, columns)
	}
	return false
}

// ExplainOnce is Explain of a plan that is run once: it also shows which relations joins look up by key. done is how many keys each
// of them was looked up by; nil before the plan has run.
func ExplainOnce(root Node, done map[*Get]int) string {
	return explainWith(root, lookupLines(root, done))
}

func lookupLines(root Node, done map[*Get]int) func(Node) string {
	lookups := map[*Get]*Lookup{}
	for _, l := range Lookups(root) {
		lookups[l.Get] = l
	}
	return func(n Node) string {
		g, ok := n.(*Get)
		if !ok || lookups[g] == nil {
			return ""
		}
		what := "if the other side of the join has few rows"
		if done != nil {
			if keys, ok := done[g]; !ok {
				what = "not done"
			} else if what = fmt.Sprintf("%d keys", keys); keys == 1 {
				what = "1 key"
			}
		}
		return fmt.Sprintf("Lookup: by (%s), %s", lookups[g].Column(), what)
	}
}
