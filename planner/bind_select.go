package planner

import (
	"tarn/planner/plan"
	"tarn/sql/decode"
	"tarn/sql/expr"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// selected is one computed element of a SELECT list, with what its expression needs joined to the input.
type selected struct {
	output
	e      expr.Expr // nil for a row of columns
	attach attachments
}

// selecting is the work on one SELECT block.
type selecting struct {
	*binder
	sc      *scope
	sel     decode.Select
	groups  grouping
	items   []selected // the SELECT list, then columns only to sort by
	visible int
	sets    attachments // the set-returning functions of the list
}

// bindSelect binds one SELECT block with the ORDER BY that applies to it.
func (b *binder) bindSelect(sel decode.Select, orderBy []decode.Order, outer *scope, keepUnknown bool) (*bound, error) {
	s := &selecting{binder: b, sc: &scope{outer: outer}, sel: sel}
	node, err := b.bindFrom(sel.From, s.sc)
	if err != nil {
		return nil, err
	}
	if !sel.Where.IsZero() {
		if node, err = b.bindWhere(sel.Where, s.sc, node); err != nil {
			return nil, err
		}
	}
	if err := s.bindItems(); err != nil {
		return nil, err
	}
	s.visible = len(s.items)
	order, err := s.bindOrder(orderBy)
	if err != nil {
		return nil, err
	}
	if node, err = s.bindGroups(node); err != nil {
		return nil, err
	}
	settle := !keepUnknown || sel.Distinct || len(sel.DistinctOn) > 0
	return s.finish(node, order, settle)
}

// clause is where an expression of this block stands that may hold aggregates.
func (s *selecting) clause(name string, attach *attachments) *clause {
	return &clause{binder: s.binder, sc: s.sc, name: name, groups: &s.groups, attach: attach}
}

// bindWhere filters a FROM clause. Subqueries that are whole terms of the condition become semi- and antijoins.
func (b *binder) bindWhere(h decode.Handle, sc *scope, in logical) (logical, error) {
	attach := &attachments{}
	c := &clause{binder: b, sc: sc, name: "WHERE", attach: attach}
	var conds []expr.Expr
	terms := []decode.Handle{h}
	if n, ok := h.Node().(decode.And); ok {
		terms = n.Args
	}
	var filters []func(logical) logical
	for _, t := range terms {
		wrap, ok, err := c.bindSemi(t)
		if err != nil {
			return nil, err
		}
		if ok {
			filters = append(filters, wrap)
			continue
		}
		construct := "WHERE"
		if len(terms) > 1 {
			construct = "AND"
		}
		e, err := c.bindBool(t, construct)
		if err != nil {
			return nil, err
		}
		conds = append(conds, e)
	}
	out := attach.onto(in)
	for _, wrap := range filters {
		out = wrap(out)
	}
	if len(conds) > 0 {
		out = &filter{out, and(conds...)}
	}
	return out, nil
}

// bindItems binds the SELECT list.
func (s *selecting) bindItems() error {
	for _, it := range s.sel.Items {
		if it.Star {
			if err := s.expandStar(it); err != nil {
				return err
			}
			continue
		}
		x := selected{output: output{named{name: it.Alias}, it.Expr.Start()}}
		if x.name == "" {
			x.name = columnName(it.Expr)
		}
		c := s.clause("SELECT", &x.attach)
		c.sets = true
		c.attach.sets = s.sets.sets
		fields, err := s.compositeItem(c, it.Expr)
		if err != nil {
			return err
		}
		if fields != nil {
			x.fields = fields
		} else if x.e, err = c.bind(it.Expr); err != nil {
			return err
		}
		s.sets.sets, x.attach.sets = x.attach.sets, nil
		s.items = append(s.items, x)
	}
	if len(s.items) > maxItems {
		return sqlstate.New(sqlstate.TooManyColumns, "target lists can have at most %d entries", maxItems)
	}
	return nil
}

// maxItems is PostgreSQL's limit for a SELECT list. The protocol counts columns in 16 bits.
const maxItems = 1664

// compositeItem binds an element of the SELECT list that is a row: a function with several columns, or a column that holds
// its result. nil if it is not.
func (s *selecting) compositeItem(c *clause, h decode.Handle) ([]named, error) {
	switch n := h.Node().(type) {
	case decode.ColumnRef:
		if col, err := s.sc.resolve(n.Parts, n.Position()); err == nil {
			return col.fields, nil
		}
		return nil, nil // bind says what is wrong
	case decode.Call:
		return c.bindComposite(h)
	}
	return nil, nil
}

func (s *selecting) expandStar(it decode.SelectItem) error {
	var cols []named
	if len(it.Qualifier) == 0 {
		if len(s.sc.entries) == 0 {
			return sqlstate.New(sqlstate.SyntaxError, "SELECT * with no tables specified is not valid").At(it.Position())
		}
		cols = visible(s.sc.entries)
	} else {
		schema := ""
		if len(it.Qualifier) > 1 {
			schema = it.Qualifier[len(it.Qualifier)-2]
		}
		e, err := s.sc.table(schema, it.Qualifier[len(it.Qualifier)-1], it.Position())
		if err != nil {
			return err
		}
		cols = e.cols
	}
	for _, c := range cols {
		x := selected{output: output{named{name: c.name, fields: c.fields}, it.Position()}}
		if c.fields == nil {
			e := s.column(c.id)
			s.ref[e] = it.Position()
			x.e = e
		}
		s.items = append(s.items, x)
	}
	return nil
}

// sortKey is an ORDER BY element, by the item that holds it.
type sortKey struct {
	item int
	key  plan.Order
}

// bindOrder binds ORDER BY: names of output columns, positions, and expressions over the input, in this order.
func (s *selecting) bindOrder(orderBy []decode.Order) ([]sortKey, error) {
	var keys []sortKey
	for _, o := range orderBy {
		i, err := s.itemFor(o.Expr, "ORDER BY")
		if err != nil {
			return nil, err
		}
		if i < 0 {
			if i, err = s.extraItem(o.Expr, "ORDER BY", "for SELECT DISTINCT, ORDER BY expressions must appear in select list"); err != nil {
				return nil, err
			}
		}
		x := &s.items[i]
		if x.fields != nil {
			return nil, unsupported(o.Expr.Pos(), "row values are not supported in ORDER BY")
		}
		x.e = s.settle(x.e)
		key, err := s.orderBy(o, x.e)
		if err != nil {
			return nil, err
		}
		keys = append(keys, sortKey{i, key})
	}
	return keys, nil
}

// itemFor is the element of the SELECT list that a name or position means, or -1.
func (s *selecting) itemFor(h decode.Handle, word string) (int, error) {
	cols := make([]output, s.visible)
	for i := range cols {
		cols[i] = s.items[i].output
		cols[i].id = i
		for j := 0; j < i; j++ { // equal expressions of one name are no ambiguity
			if s.items[j].e != nil && expr.Equal(s.items[i].e, s.items[j].e) {
				cols[i].id = j
				break
			}
		}
	}
	return outputFor(h, cols, word)
}

// extraItem binds an expression that is sorted or grouped by; one that is in the SELECT list already is that element.
func (s *selecting) extraItem(h decode.Handle, word, distinctMessage string) (int, error) {
	x := selected{output: output{named{name: columnName(h)}, h.Start()}}
	c := s.clause(word, &x.attach)
	c.sets = true
	c.attach.sets = s.sets.sets
	var err error
	if x.e, err = c.bind(h); err != nil {
		return 0, err
	}
	s.sets.sets, x.attach.sets = x.attach.sets, nil
	x.e = s.settle(x.e)
	for i := range s.items {
		if s.items[i].e != nil && expr.Equal(s.items[i].e, x.e) {
			return i, nil
		}
	}
	if s.sel.Distinct && distinctMessage != "" {
		return 0, sqlstate.New(sqlstate.InvalidColumnReference, "%s", distinctMessage).At(h.Pos())
	}
	s.items = append(s.items, x)
	return len(s.items) - 1, nil
}

// finish computes the SELECT list over its input and applies DISTINCT.
func (s *selecting) finish(node logical, order []sortKey, settle bool) (*bound, error) {
	distinctOn, err := s.bindDistinctOn(order)
	if err != nil {
		return nil, err
	}
	for i := range s.items {
		node = s.items[i].attach.onto(node)
	}
	node = s.sets.onto(node)
	out := &bound{sc: s.sc}
	p := &project{in: node}
	for i := range s.items {
		x := &s.items[i]
		if x.fields != nil {
			if s.sel.Distinct || len(s.sel.DistinctOn) > 0 {
				return nil, unsupported(x.pos, "row values are not supported in SELECT DISTINCT")
			}
			fields := make([]named, len(x.fields))
			for f := range x.fields {
				id := s.newColumn(x.fields[f].name, s.fields[x.fields[f].id].Type)
				p.items = append(p.items, item{id, s.column(x.fields[f].id)})
				fields[f] = named{name: x.fields[f].name, id: id}
			}
			x.fields, x.id = fields, fields[0].id
		} else {
			if settle {
				x.e = s.binder.settle(x.e)
			}
			x.id = s.newColumn(x.name, x.e.Type())
			s.passes(x.id, x.e)
			p.items = append(p.items, item{x.id, x.e})
		}
		if i < s.visible {
			out.cols = append(out.cols, x.output)
		}
	}
	for _, k := range order {
		k.key.Expr = s.column(s.items[k.item].id)
		out.order = append(out.order, k.key)
	}
	out.node = p
	if s.sel.Distinct {
		for i := range out.cols {
			if err := s.groupable(s.fields[out.cols[i].id].Type, out.cols[i].pos); err != nil {
				return nil, err
			}
		}
		out.node = &distinct{out.node}
	}
	if len(distinctOn) > 0 {
		keys := make([]expr.Expr, len(distinctOn))
		for i, x := range distinctOn {
			keys[i] = s.column(s.items[x].id)
		}
		out.node = &topK{in: out.node, keys: keys, order: out.order, limit: &expr.Const{T: int8Type, Value: types.Datum{Int: 1}}}
	}
	return out, nil
}

// bindDistinctOn binds the keys of DISTINCT ON, which must be what ORDER BY starts with.
func (s *selecting) bindDistinctOn(order []sortKey) ([]int, error) {
	var keys []int
	for _, h := range s.sel.DistinctOn {
		i, err := s.itemFor(h, "DISTINCT ON")
		if err != nil {
			return nil, err
		}
		if i < 0 {
			if i, err = s.extraItem(h, "DISTINCT ON", ""); err != nil {
				return nil, err
			}
		}
		keys = append(keys, i)
	}
	in := map[int]bool{}
	for _, k := range keys {
		in[k] = true
	}
	for i, k := range order {
		if i < len(in) && len(keys) > 0 && !in[k.item] {
			return nil, sqlstate.New(sqlstate.InvalidColumnReference, "SELECT DISTINCT ON expressions must match initial ORDER BY expressions").At(s.sel.DistinctOn[0].Pos())
		}
	}
	return keys, nil
}

// columnName is the name PostgreSQL gives a column without an alias (FigureColname).
func columnName(h decode.Handle) string {
	if name, _ := figureName(h); name != "" {
		return name
	}
	return "?column?"
}

// figureName also tells how good the name is: 2 for a name in the text, 1 for a type's or CASE's.
func figureName(h decode.Handle) (string, int) {
	switch n := h.Node().(type) {
	case decode.ColumnRef:
		return n.Parts[len(n.Parts)-1], 2
	case decode.Field:
		return n.Name, 2
	case decode.Subscript:
		return figureName(n.X)
	case decode.Call:
		return n.Name, 2
	case decode.SQLFunc:
		return n.Name, 2
	case decode.AtTimeZone:
		return "timezone", 2
	case decode.Keyword:
		return n.Name, 2
	case decode.Collate:
		return figureName(n.X)
	case decode.Cast:
		if name, strength := figureName(n.X); strength > 1 {
			return name, strength
		}
		return typeColumnName(n.Type), 1
	case decode.Typed:
		return typeColumnName(n.Type), 1
	case decode.Case:
		if !n.Else.IsZero() {
			if name, strength := figureName(n.Else); strength > 1 {
				return name, strength
			}
		}
		return "case", 1
	case decode.Array, decode.ArrayQuery:
		return "array", 2
	case decode.Row:
		return "row", 2
	case decode.Exists:
		return "exists", 2
	case decode.ScalarQuery:
		return queryName(n.Query), 2
	case decode.IsTest:
		if n.Kind == decode.IsNormalized {
			return "is_normalized", 2
		}
	}
	return "", 0
}

func typeColumnName(t decode.TypeName) string {
	if t.Name == `"char"` {
		return "char"
	}
	return t.Name
}

// queryName is the name of the first column of a subquery.
func queryName(ref decode.QueryRef) string {
	switch body := ref.Read().Body.(type) {
	case decode.Select:
		if len(body.Items) > 0 {
			if it := body.Items[0]; it.Alias != "" {
				return it.Alias
			} else if !it.Star {
				return columnName(it.Expr)
			}
		}
	case decode.SetOp:
		return queryName(body.Left)
	case decode.Values:
		return "column1"
	}
	return ""
}
