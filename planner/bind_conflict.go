package planner

import (
	"tarn/sql/expr"
	"tarn/sql/sqlstate"
	"tarn/sql/stmt"
)

// onConflict binds ON CONFLICT: the key it names must be the table's.
func (ins *inserting) onConflict(st *stmt.Insert) (*Conflict, error) {
	oc := st.OnConflict
	if oc == nil {
		return nil, nil
	}
	if oc.Exprs || !oc.TargetWhere.IsZero() {
		return nil, noConstraint()
	}
	if oc.Constraint != "" {
		if oc.Constraint != ins.rel.KeyName || ins.rel.Key == nil {
			return nil, sqlstate.New(sqlstate.UndefinedObject, "constraint \"%s\" for table \"%s\" does not exist", oc.Constraint, ins.rel.Name)
		}
	} else if oc.Columns != nil {
		var key []int
		for _, name := range oc.Columns {
			i := ins.rel.ColumnIndex(name)
			if i < 0 {
				return nil, sqlstate.New(sqlstate.UndefinedColumn, "column \"%s\" does not exist", name).At(oc.Pos)
			}
			if !within(key, i) {
				key = append(key, i)
			}
		}
		if len(key) != len(ins.rel.Key) {
			return nil, noConstraint()
		}
		for _, k := range ins.rel.Key {
			if !within(key, k) {
				return nil, noConstraint()
			}
		}
	} else if !oc.DoNothing {
		return nil, sqlstate.New(sqlstate.SyntaxError, "ON CONFLICT DO UPDATE requires inference specification or constraint name").
			WithHint("For example, ON CONFLICT (column_name).").At(oc.Pos)
	}
	if oc.DoNothing {
		ins.targetScope(st)
		return &Conflict{}, nil
	}
	sc := ins.targetScope(st)
	excluded := &entry{name: "excluded", relation: true, plain: false}
	for i := range ins.rel.Columns {
		c := &ins.rel.Columns[i]
		excluded.cols = append(excluded.cols, named{name: c.Name, id: ins.newColumn(c.Name, c.Type)})
	}
	sc.entries = append(sc.entries, excluded)
	positions := columnPositions(append(ins.cols[:len(ins.cols):len(ins.cols)], excluded.cols...))
	c := &clause{binder: ins.binder, sc: sc, name: "ON CONFLICT"}
	row, err := c.assignments(ins.rel, oc.Set, ins.cols)
	if err != nil {
		return nil, err
	}
	out := &Conflict{Update: make([]expr.Expr, len(row))}
	for i := range row {
		out.Update[i] = remap(row[i], positions)
	}
	if !oc.Where.IsZero() {
		if out.Where, err = c.bindBool(oc.Where, "WHERE"); err != nil {
			return nil, err
		}
		out.Where = remap(out.Where, positions)
	}
	return out, nil
}

func noConstraint() error {
	return sqlstate.New(sqlstate.InvalidColumnReference, "there is no unique or exclusion constraint matching the ON CONFLICT specification")
}
