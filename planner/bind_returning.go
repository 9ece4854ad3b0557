package planner

import (
	"tarn/catalog"
	"tarn/planner/plan"
	"tarn/sql/decode"
	"tarn/sql/expr"
	"tarn/sql/sqlstate"
	"tarn/sql/stmt"
)

// originOf is where the value of an expression comes from unchanged, if it is a column.
func (b *binder) originOf(e expr.Expr) plan.Origin {
	if c, ok := e.(*expr.Column); ok {
		return b.origins[c.Index]
	}
	return plan.Origin{}
}

// remap puts columns, which binding has numbered, at their positions.
func remap(e expr.Expr, positions map[int]int) expr.Expr {
	return expr.Remap(e, func(id int) int { return positions[id] })
}

// returning binds a RETURNING list over columns at known positions; nil if there is none.
func (b *binder) returning(list []decode.SelectItem, sc *scope, positions map[int]int) (*Returning, error) {
	if len(list) == 0 {
		return nil, nil
	}
	s := &selecting{binder: b, sc: sc, sel: decode.Select{Items: list}}
	out := &Returning{}
	for _, it := range list {
		if it.Star {
			if err := s.expandStar(it); err != nil {
				return nil, err
			}
			continue
		}
		c := &clause{binder: b, sc: sc, name: "RETURNING"}
		e, err := c.bind(it.Expr)
		if err != nil {
			return nil, err
		}
		name := it.Alias
		if name == "" {
			name = columnName(it.Expr)
		}
		s.items = append(s.items, selected{output: output{named{name: name}, it.Expr.Pos()}, e: e})
	}
	for i := range s.items {
		e := b.settle(s.items[i].e)
		out.Exprs = append(out.Exprs, remap(e, positions))
		out.Fields = append(out.Fields, plan.Field{Name: s.items[i].name, Type: e.Type()})
		out.Origins = append(out.Origins, b.originOf(e))
	}
	return out, nil
}

// assignments binds SET: the whole row as it shall be, over the numbers of the present row's columns.
func (c *clause) assignments(rel *catalog.Relation, set []stmt.Assignment, cols []named) ([]expr.Expr, error) {
	row := make([]expr.Expr, len(rel.Columns))
	put := func(t stmt.ColumnTarget, e expr.Expr, pos int) error {
		i, err := target(rel, t)
		if err != nil {
			return err
		}
		if row[i] != nil {
			return sqlstate.New(sqlstate.SyntaxError, "multiple assignments to same column \"%s\"", t.Name)
		}
		if e == nil { // DEFAULT
			row[i], err = ColumnDefault(c.cat, c.env, rel, i)
			return err
		}
		row[i], err = c.assign(e, &rel.Columns[i], pos)
		return err
	}
	value := func(h decode.Handle) (expr.Expr, error) {
		if k, ok := h.Node().(decode.Keyword); ok && k.Name == "default" {
			return nil, nil
		}
		return c.bind(h)
	}
	for _, a := range set {
		switch {
		case !a.Query.IsZero():
			q, err := c.subquery(a.Query, 0, a.Columns[0].Pos)
			if err != nil {
				return nil, err
			}
			if len(q.cols) != len(a.Columns) {
				return nil, sqlstate.New(sqlstate.SyntaxError, "number of columns does not match number of values").At(a.Columns[0].Pos)
			}
			values, err := c.scalar(q)
			if err != nil {
				return nil, err
			}
			for i := range values {
				if err := put(a.Columns[i], values[i], a.Columns[i].Pos); err != nil {
					return nil, err
				}
			}
		case a.Multi:
			if len(a.Row) != len(a.Columns) {
				return nil, sqlstate.New(sqlstate.SyntaxError, "number of columns does not match number of values").At(a.Columns[0].Pos)
			}
			for i, h := range a.Row {
				e, err := value(h)
				if err == nil {
					err = put(a.Columns[i], e, h.Pos())
				}
				if err != nil {
					return nil, err
				}
			}
		default:
			if _, err := target(rel, a.Columns[0]); err != nil {
				return nil, err
			}
			e, err := value(a.Expr)
			if err == nil {
				err = put(a.Columns[0], e, a.Expr.Pos())
			}
			if err != nil {
				return nil, err
			}
		}
	}
	for i := range row {
		if row[i] == nil {
			row[i] = c.column(cols[i].id)
		}
	}
	return row, nil
}
