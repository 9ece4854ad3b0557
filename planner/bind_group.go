package planner

import (
	"tarn/catalog"
	"tarn/sql/decode"
	"tarn/sql/expr"
	"tarn/sql/sqlstate"
)

// bindGroups binds GROUP BY and HAVING over the filtered input, and makes every element of the SELECT list an expression
// over the groups. A block without either and without aggregates stays as it is.
func (s *selecting) bindGroups(in logical) (logical, error) {
	keys, pre, err := s.bindGroupKeys()
	if err != nil {
		return nil, err
	}
	var having expr.Expr
	var after attachments
	if !s.sel.Having.IsZero() {
		if having, err = s.clause("HAVING", &after).bindBool(s.sel.Having, "HAVING"); err != nil {
			return nil, err
		}
	}
	grouped := len(keys) > 0 // GROUP BY () has one group, even over nothing
	if len(s.sel.GroupBy) == 0 && having == nil && len(s.groups.aggs) == 0 {
		return in, nil
	}
	in = pre.onto(in)
	in = s.groups.before.onto(in)
	g := &grouped1{selecting: s, input: setOf(in.columns()), keys: keys}
	for i := range s.items {
		x := &s.items[i]
		if x.fields != nil {
			return nil, unsupported(x.pos, "row values are not supported with GROUP BY")
		}
		if x.e, err = g.over(x.e, x.pos); err != nil {
			return nil, err
		}
		if err := g.operands(&x.attach); err != nil {
			return nil, err
		}
	}
	if s.sets.sets != nil {
		for i := range s.sets.sets.calls {
			call := &s.sets.sets.calls[i]
			for a := range call.args {
				if call.args[a], err = g.over(call.args[a], 0); err != nil {
					return nil, err
				}
			}
		}
	}
	if having != nil {
		if having, err = g.over(having, s.sel.Having.Pos()); err != nil {
			return nil, err
		}
		if err := g.operands(&after); err != nil {
			return nil, err
		}
	}
	agg := &aggregate{in: in, aggs: s.groups.aggs, grouped: grouped}
	for i := range keys {
		agg.keys = append(agg.keys, item{keys[i].id, keys[i].e})
	}
	for _, id := range g.dependent {
		agg.keys = append(agg.keys, item{id, s.column(id)})
	}
	var node logical = agg
	node = after.onto(node)
	if having != nil {
		node = &filter{node, having}
	}
	return node, g.subqueries(node)
}

// bindGroupKeys binds the elements of GROUP BY: names of input columns, then of output columns, positions, expressions.
// pre is what their subqueries need.
func (s *selecting) bindGroupKeys() (keys []item, pre attachments, err error) {
	add := func(e expr.Expr, name string, pos int) error {
		e = s.settle(e)
		if err := s.groupable(e.Type(), pos); err != nil {
			return err
		}
		for _, k := range keys {
			if expr.Equal(k.e, e) {
				return nil
			}
		}
		id := -1
		if c, ok := e.(*expr.Column); ok {
			id = c.Index
		} else {
			id = s.newColumn(name, e.Type())
		}
		keys = append(keys, item{id, e})
		return nil
	}
	c := &clause{binder: s.binder, sc: s.sc, name: "GROUP BY", attach: &pre}
	var elements []decode.Handle
	for _, g := range s.sel.GroupBy {
		switch g.Kind {
		case decode.GroupEmpty:
			continue
		case decode.GroupExpr:
			if row, ok := g.Expr.Node().(decode.Row); ok && !row.Explicit {
				elements = append(elements, row.Elems...)
			} else {
				elements = append(elements, g.Expr)
			}
		default:
			return nil, pre, unsupported(g.Position(), "grouping sets are not supported").(*sqlstate.Error).
				WithHint("Use UNION ALL of queries with one GROUP BY each.")
		}
	}
	for _, h := range elements {
		i := -1
		if ref, ok := h.Node().(decode.ColumnRef); ok && len(ref.Parts) == 1 {
			if _, err := s.sc.resolvePlain(ref.Parts[0], ref.Position()); err != nil {
				if i, err = s.itemFor(h, "GROUP BY"); err != nil {
					return nil, pre, err
				}
			}
		} else if i, err = s.itemFor(h, "GROUP BY"); err != nil {
			return nil, pre, err
		}
		if i < 0 {
			e, err := c.bind(h)
			if err != nil {
				return nil, pre, err
			}
			if err := add(e, columnName(h), h.Pos()); err != nil {
				return nil, pre, err
			}
			continue
		}
		x := &s.items[i]
		if x.fields != nil {
			return nil, pre, unsupported(h.Pos(), "row values are not supported in GROUP BY")
		}
		for _, id := range expr.Columns(x.e) {
			if s.groups.ids[id] {
				return nil, pre, sqlstate.New(sqlstate.GroupingError, "aggregate functions are not allowed in GROUP BY").At(x.pos)
			}
		}
		pre.list = append(pre.list, x.attach.list...) // its subqueries are needed before the groups
		x.attach.list = nil
		x.e = s.settle(x.e)
		if err := add(x.e, x.name, x.pos); err != nil {
			return nil, pre, err
		}
	}
	return keys, pre, nil
}

// grouped1 rewrites the expressions of one block from its input to its groups.
type grouped1 struct {
	*selecting
	input     idSet  // columns of the input, which exist no more
	keys      []item // the groups
	dependent []int  // input columns that a primary key among the keys determines
}

// over is e over the groups: keys in place of equal expressions. A column that is left over is an error (42803).
func (g *grouped1) over(e expr.Expr, pos int) (expr.Expr, error) {
	out := expr.Map(e, func(e expr.Expr) expr.Expr {
		for i := range g.keys {
			if _, plain := g.keys[i].e.(*expr.Column); !plain && expr.Equal(e, g.keys[i].e) {
				return g.column(g.keys[i].id)
			}
		}
		return e
	})
	var err error
	expr.Walk(out, func(e expr.Expr) bool {
		if c, ok := e.(*expr.Column); ok && err == nil && g.input[c.Index] && !g.known(c.Index) {
			at := g.ref[c]
			if at == 0 {
				at = pos
			}
			err = g.ungrouped(c.Index, at)
		}
		return true
	})
	return out, err
}

// known tells whether a column of the input is one of the groups, or determined by them.
func (g *grouped1) known(id int) bool {
	for i := range g.keys {
		if g.keys[i].id == id {
			return true
		}
	}
	for _, d := range g.dependent {
		if d == id {
			return true
		}
	}
	for _, e := range g.sc.entries {
		if e.rel == nil || len(e.rel.Key) == 0 || e.rel.Kind != catalog.Table || len(e.cols) != len(e.rel.Columns) {
			continue
		}
		within, grouped := false, true
		for _, c := range e.cols {
			within = within || c.id == id
		}
		for _, k := range e.rel.Key {
			found := false
			for i := range g.keys {
				found = found || g.keys[i].id == e.cols[k].id
			}
			grouped = grouped && found
		}
		if within && grouped {
			g.dependent = append(g.dependent, id)
			return true
		}
	}
	return false
}

func (g *grouped1) ungrouped(id, pos int) error {
	return sqlstate.New(sqlstate.GroupingError, "column \"%s\" must appear in the GROUP BY clause or be used in an aggregate function", g.qualified(id)).At(pos)
}

// qualified is the name of an input column as messages have it.
func (g *grouped1) qualified(id int) string {
	for _, e := range g.sc.entries {
		if !e.relation {
			continue
		}
		for _, c := range e.cols {
			if c.id == id {
				return e.name + "." + c.name
			}
		}
	}
	return g.fields[id].Name
}

// operands rewrites what subqueries compare with.
func (g *grouped1) operands(a *attachments) error {
	for i := range a.list {
		for j := range a.list[i].operands {
			o := &a.list[i].operands[j]
			var err error
			if o.e, err = g.over(o.e, 0); err != nil {
				return err
			}
		}
	}
	return nil
}

// subqueries checks that the subqueries joined to the groups use only what the groups have.
func (g *grouped1) subqueries(node logical) error {
	for i := range g.items {
		node = g.items[i].attach.onto(node)
	}
	missing := free(node)
	for id := range g.input {
		if missing[id] && g.known(id) {
			continue
		}
		if missing[id] {
			return sqlstate.New(sqlstate.GroupingError, "subquery uses ungrouped column \"%s\" from outer query", g.qualified(id))
		}
	}
	return nil
}
