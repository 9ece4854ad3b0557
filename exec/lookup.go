package exec

import (
	"errors"
	"slices"

	"tarn/catalog"
	"tarn/delta"
	"tarn/planner/plan"
	"tarn/sql/expr"
	"tarn/sql/types"
)

// A join of a one-time query whose one side is few rows and whose other side is a relation by its key reads of this one only
// the rows with those keys. The side is then joined as always: what was left out has no partner.

// maxLookups is how many keys are looked up instead of reading a relation.
const maxLookups = 1000

// target is a side of a join of which only rows with partners matter, and the relation whose rows they are.
type target struct {
	port int
	get  *node
	key  int // of the join's keys, the one that is the first column of the relation's key which is not fixed
}

// target finds a side of a join that can be looked up: filters, projections and groups over a relation, read by nobody else.
func (r *runner) target(n *node, j *join, port int) (t target, ok bool) {
	if j.sides[port].lone == loneUnmatched || j.sides[port].deferred || j.nullEqual {
		return t, false
	}
	p := n.plan.(*plan.Join)
	keys, others := p.LKeys, p.RKeys
	if (port == 1) != j.flip {
		keys, others = others, keys
	}
	for i, e := range keys {
		c, plain := e.(*expr.Column)
		if !plain || others[i].Type().OID != e.Type().OID {
			continue
		}
		if get := relationOf(n.in[port], c.Index); get != nil {
			return target{port, get, i}, true
		}
	}
	return t, false
}

// relationOf follows a column down to the relation that it is read from. It is nil unless rows with other values of the column can
// be left out there, and it is the first column of the relation's key which is not fixed.
func relationOf(n *node, column int) *node {
	for n.spool == nil && len(n.out) == 1 {
		switch p := n.plan.(type) {
		case *plan.Get:
			at := len(p.Key)
			if p.Any != nil || at >= len(p.Relation.Key) || p.Relation.Key[at] != p.Columns[column] {
				return nil
			}
			return n
		case *plan.Filter, *plan.Distinct:
		case *plan.Project:
			c, plain := p.Exprs[column].(*expr.Column)
			if !plain {
				return nil
			}
			column = c.Index
		case *plan.Aggregate:
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
		n = n.in[0]
	}
	return nil
}

// few tells whether a plan has few rows whatever is in the relations; and, if not, whether it may well have few and can be run
// twice.
func few(p plan.Node) (certain, maybe bool) {
	if p == nil {
		return false, false
	}
	if plan.AtMostOne(p) {
		return true, true
	}
	switch p := p.(type) {
	case *plan.Constant:
		return len(p.Rows) <= maxLookups, false
	case *plan.Filter:
		return few(p.Input)
	case *plan.Project:
		return few(p.Input)
	case *plan.Get:
		some := p.Any != nil || len(p.Key) > 0 || p.Lo != nil && p.Hi != nil
		return len(p.Key) == len(p.Relation.Key) && len(p.Key) > 0, some
	case *plan.Join:
		if p.Kind != plan.Inner && p.Kind != plan.Left {
			return false, false
		}
		certain, _ := few(p.L)
		columns, plain := plainKeys(p.RKeys)
		return certain && plain && plan.HasKey(p.R, columns), false
	}
	return false, false
}

func plainKeys(keys []expr.Expr) (columns []int, ok bool) {
	for _, e := range keys {
		c, ok := e.(*expr.Column)
		if !ok {
			return nil, false
		}
		columns = append(columns, c.Index)
	}
	slices.Sort(columns)
	return slices.Compact(columns), true
}

// join runs a join: the side that is kept first, so that the other one can pass by; or what tells the keys that are to be looked
// up before the side that has them.
func (r *runner) join(n *node, j *join) error {
	if t, ok := r.target(n, j, 1); ok && n.in[0].spool == nil && len(n.in[0].out) == 1 {
		if certain, maybe := few(n.in[0].plan); certain || maybe {
			return r.joinFew(n, j, t, certain)
		}
	}
	if t, ok := r.target(n, j, 0); ok {
		keys := newLookups(t)
		j.pushed = func(port int, cols []delta.Column, rows int) {
			if port == 1 {
				keys.add(cols[t.key], rows)
			}
		}
		err := r.feed(n, 1)
		j.pushed = nil
		if err != nil {
			return err
		}
		keys.limit(r)
	} else if err := r.feed(n, 1); err != nil {
		return err
	}
	return r.feed(n, 0)
}

// errMany ends a run of a side that has more rows than are looked up.
var errMany = errors.New("many rows")

// joinFew runs a join whose passing side is few rows, certainly or perhaps, and comes first.
func (r *runner) joinFew(n *node, j *join, t target, certain bool) error {
	in := n.in[0]
	in.spool = &spool{}
	if !certain {
		in.spool.limit = maxLookups
	}
	err := r.run(in)
	batches := in.spool.batches
	in.spool = nil
	if err == errMany {
		if err := r.feed(n, 1); err != nil {
			return err
		}
		return r.feed(n, 0)
	}
	if err != nil {
		return err
	}
	keys := newLookups(t)
	for _, b := range batches {
		b, cols, err := j.sides[0].keys.eval(n, b, nil)
		if err != nil {
			return err
		}
		keys.add(cols[t.key], b.Len)
	}
	keys.limit(r)
	if err := r.feed(n, 1); err != nil {
		return err
	}
	for _, b := range batches {
		if err := n.push(0, b); err != nil {
			return err
		}
	}
	return nil
}

// lookups gathers the values of a key, each once, unless they become too many.
type lookups struct {
	target target
	typ    types.Type
	seen   map[string]bool
	values []types.Datum
	many   bool
	buf    []byte
}

func newLookups(t target) *lookups {
	g := t.get.plan.(*plan.Get)
	return &lookups{target: t, typ: g.Relation.Columns[g.Relation.Key[len(g.Key)]].Type, seen: map[string]bool{}}
}

func (l *lookups) add(col delta.Column, rows int) {
	for i := 0; i < rows && !l.many; i++ {
		if col.IsNull(i) {
			continue // equals nothing
		}
		d := col.Datum(i)
		if l.buf = delta.AppendKeyDatum(l.buf[:0], l.typ, d); l.seen[string(l.buf)] {
			continue
		}
		if l.many = len(l.values) == maxLookups; l.many {
			l.values = nil
			return
		}
		l.seen[string(l.buf)] = true
		l.values = append(l.values, d)
	}
}

// limit has the relation read by these values. A view is read even for none, as it may hold errors.
func (l *lookups) limit(r *runner) {
	g := l.target.get.plan.(*plan.Get)
	if l.many || len(l.values) == 0 && g.Relation.Kind != catalog.Table {
		return
	}
	if r.limits == nil {
		r.limits = map[*node][]types.Datum{}
	}
	r.limits[l.target.get] = l.values
}
