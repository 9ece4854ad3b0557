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

	// Whether the other side is read first to see if it is few rows. Otherwise it is read first anyway, as the side that is kept.
	Try bool
	// With Try: it is few rows whatever is in the relations.
	Certain bool
}

// Column is the name of the column by which rows are looked up.
func (l *Lookup) Column() string {
	r := l.Get.Relation
	return r.Columns[r.Key[len(l.Get.Key)]].Name
}

// Lookups are the joins of a one-time query that can be answered so. This is the rule: exec follows it when the few rows are there,
// EXPLAIN shows it.
func Lookups(root Node) map[*Join]*Lookup {
	f := lookupFinder{readers: map[Node]int{root: 1}, found: map[*Join]*Lookup{}}
	f.count(root)
	f.find(root, map[Node]bool{})
	return f.found
}

type lookupFinder struct {
	readers map[Node]int // how many inputs read a node
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
			f.found[j] = l
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
	passing := j.L
	if j.Kind == Right {
		passing = j.R
	}
	if j.Kind != Full && f.readers[passing] == 1 {
		if certain, maybe := few(passing); certain || maybe {
			if l := f.side(j, j.Kind != Right); l != nil {
				l.Try, l.Certain = true, certain
				return l
			}
		}
	}
	if j.Kind == Inner || j.Kind == Semi {
		return f.side(j, false)
	}
	return nil
}

// side finds what can be looked up on one side of a join: filters, projections and groups over a relation, read by nobody else.
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
		default:
			return nil
		}
		n = n.Inputs()[0]
	}
	return nil
}

// MaxLookups is how many keys are looked up instead of reading a relation.
const MaxLookups = 1000

// few tells whether a plan has few rows whatever is in the relations; and, if not, whether it may well have few and can be run
// twice.
func few(p Node) (certain, maybe bool) {
	if AtMostOne(p) {
		return true, true
	}
	switch p := p.(type) {
	case *Constant:
		return len(p.Rows) <= MaxLookups, false
	case *Filter:
		return few(p.Input)
	case *Project:
		return few(p.Input)
	case *Get:
		some := p.Any != nil || len(p.Key) > 0 || p.Lo != nil && p.Hi != nil
		return len(p.Key) == len(p.Relation.Key) && len(p.Key) > 0, some
	case *Join:
		if p.Kind != Inner && p.Kind != Left {
			return false, false
		}
		certain, _ := few(p.L)
		columns, plain := plainColumns(p.RKeys)
		return certain && plain && HasKey(p.R, columns), false
	}
	return false, false
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
