package exec

import (
	"tarn/catalog"
	"tarn/delta"
	"tarn/planner/plan"
	"tarn/sql/types"
)

// A join of a one-time query whose one side is few rows and whose other side is a relation by its key (plan.Lookups) reads of this
// one only the rows with those keys. The side is then joined as always: what was left out has no partner.

// join runs a join: the side that is kept first, so that the other one can pass by; or what tells the keys that are to be looked
// up before the side that has them.
func (r *runner) join(n *node, j *join) error {
	l := r.lookups()[n.plan.(*plan.Join)]
	if l != nil && l.Kept {
		return r.joinFew(n, j, l)
	}
	if l != nil {
		keys := newLookups(l)
		j.pushed = func(port int, cols []delta.Column, rows int) {
			if port == 1 {
				keys.add(cols[l.Key], rows)
			}
		}
		err := r.feed(n, 1)
		j.pushed = nil
		if err != nil {
			return err
		}
		keys.limit(r)
		return r.feed(n, 0)
	}
	return r.feedBoth(n)
}

// feedBoth brings both sides of a join to it.
func (r *runner) feedBoth(n *node) error {
	if err := r.feed(n, 1); err != nil {
		return err
	}
	return r.feed(n, 0)
}

// joinFew runs a join whose passing side comes first, as it may be few rows. When they become too many, all of the other side is read
// in between.
func (r *runner) joinFew(n *node, j *join, l *plan.Lookup) error {
	in := n.in[0]
	s := in.spool
	if s != nil { // several read it
		if err := r.fill(in); err != nil {
			return err
		}
		if s.rows > plan.MaxLookups {
			return r.feedBoth(n)
		}
	} else {
		s = &spool{limit: plan.MaxLookups}
		s.over = func() error {
			in.spool = nil
			if err := r.feed(n, 1); err != nil {
				return err
			}
			return n.pushAll(0, s.batches)
		}
		in.spool = s
		if err := r.run(in); err != nil || in.spool == nil {
			return err
		}
		in.spool = nil
	}
	keys := newLookups(l)
	for _, b := range s.batches {
		b, cols, err := j.sides[0].keys.eval(n, b, nil)
		if err != nil {
			return err
		}
		keys.add(cols[l.Key], b.Len)
	}
	keys.limit(r)
	if err := r.feed(n, 1); err != nil {
		return err
	}
	return n.pushAll(0, s.batches)
}

// lookups gathers the values of a key, each once, unless they become too many.
type lookups struct {
	get    *plan.Get
	typ    types.Type
	seen   map[string]bool
	values []types.Datum
	many   bool
	buf    []byte
}

func newLookups(l *plan.Lookup) *lookups {
	g := l.Get
	return &lookups{get: g, typ: g.Relation.Columns[g.Relation.Key[len(g.Key)]].Type, seen: map[string]bool{}}
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
		if l.many = len(l.values) == plan.MaxLookups; l.many {
			l.values = nil
			return
		}
		l.seen[string(l.buf)] = true
		l.values = append(l.values, d)
	}
}

// limit has the relation read by these values. A view is read even for none, as it may hold errors.
func (l *lookups) limit(r *runner) {
	if l.many || len(l.values) == 0 && l.get.Relation.Kind != catalog.Table {
		return
	}
	if r.limits == nil {
		r.limits = map[*plan.Get][]types.Datum{}
	}
	if have, ok := r.limits[l.get]; ok && len(have) <= len(l.values) {
		return // another join wants fewer
	}
	r.limits[l.get] = l.values
	if r.looked != nil {
		r.looked(l.get, len(l.values))
	}
}
