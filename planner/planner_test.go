package planner

import (
	"fmt"
	"strings"

	"tarn/catalog"
	"tarn/planner/plan"
	"tarn/sql"
	"tarn/sql/expr"
	"tarn/sql/stmt"
	"tarn/sql/types"
)

// testCatalog is the small database of the tests in this package.
func testCatalog() *catalog.Snapshot {
	col := func(name string, t types.OID) catalog.Column { return catalog.Column{Name: name, Type: types.Of(t)} }
	notNull := func(c catalog.Column) catalog.Column { c.NotNull = true; return c }
	var (
		i4, i8, text, f8 = types.Int4OID, types.Int8OID, types.TextOID, types.Float8OID
		num, at          = types.NumericOID, types.TimestamptzOID
	)
	c := catalog.Empty(nil)
	add := func(r *catalog.Relation) {
		r.ID, r.Schema = c.NextID, "public"
		c = c.With(r)
	}
	add(&catalog.Relation{Name: "airports", Kind: catalog.Table, Key: []int{0}, KeyName: "airports_pkey", Columns: []catalog.Column{
		notNull(col("iata", text)), notNull(col("name", text)), col("state", text), col("latitude", f8), col("longitude", f8)}})
	add(&catalog.Relation{Name: "flights", Kind: catalog.Stream, Append: true, Columns: []catalog.Column{
		notNull(col("at", at)), col("origin", text), col("destination", text), col("delay", i4), col("distance", i4)}})
	add(&catalog.Relation{Name: "t", Kind: catalog.Table, Key: []int{0}, KeyName: "t_pkey", Columns: []catalog.Column{
		notNull(col("id", i4)), col("a", i4), col("b", text), col("n", num)}})
	add(&catalog.Relation{Name: "u", Kind: catalog.Table, Columns: []catalog.Column{
		col("id", i4), col("a", i8), col("b", text), col("tags", types.TextArrayOID)}})
	add(&catalog.Relation{Name: "pair", Kind: catalog.Table, Key: []int{1, 0}, KeyName: "pair_pkey", Columns: []catalog.Column{
		notNull(col("x", i4)), notNull(col("y", i4)), {Name: "d", Type: types.Of(i4), Default: "40 + 2"}, {Name: "s", Type: types.Type{OID: types.VarcharOID, Mod: 7}}}})
	add(&catalog.Relation{Name: "late", Kind: catalog.View, Query: "SELECT origin, delay AS minutes FROM flights WHERE delay > 60",
		Columns: []catalog.Column{col("origin", text), col("minutes", i4)}})
	return c
}

// planned is what a statement comes to, as text, and the rules that made it.
type planned struct {
	text  string
	rules []string
}

// planText plans a statement and prints the plan. A query behind the word VIEW is planned as a materialised view.
func planText(text string) (planned, error) {
	query, view := strings.CutPrefix(text, "VIEW ")
	list, err := sql.Parse(query)
	if err != nil {
		return planned{}, err
	}
	cat, env := testCatalog(), &Env{}
	switch n := list[0].Node.(type) {
	case *stmt.Select:
		if view {
			v, err := CreateView(cat, env, n.Query, true)
			if err != nil {
				return planned{}, err
			}
			return planned{plan.Explain(v.Root), v.Rules}, nil
		}
		q, err := Query(cat, env, n.Query)
		if err != nil {
			return planned{}, err
		}
		return planned{q.String(), q.Rules}, nil
	case *stmt.Insert:
		i, err := Insert(cat, env, n)
		if err != nil {
			return planned{}, err
		}
		return planned{insertionText(i), nil}, nil
	case *stmt.Update:
		return changeText(Update(cat, env, n))
	case *stmt.Delete:
		return changeText(Delete(cat, env, n))
	}
	return planned{}, fmt.Errorf("no test for %T", list[0].Node)
}

func changeText(c *Change, err error) (planned, error) {
	if err != nil {
		return planned{}, err
	}
	return planned{plan.ExplainOnce(c.Source, nil), c.Rules}, nil
}

func insertionText(i *Insertion) string {
	var b strings.Builder
	if i.Source != nil {
		b.WriteString(plan.ExplainOnce(i.Source, nil))
	} else if len(i.Literals.Cols) == 0 {
		fmt.Fprintf(&b, "%d row: %s\n", i.Literals.Len, exprsText(i.Exprs))
	} else {
		fmt.Fprintf(&b, "%d rows of literals: %s\n", i.Literals.Len, exprsText(i.Exprs))
		for r := 0; r < i.Literals.Len; r++ {
			var row []string
			for c := range i.Literals.Cols {
				d, t := i.Literals.Cols[c].Datum(r), i.Relation.Columns[c].Type
				if d.Null {
					row = append(row, "null")
				} else {
					row = append(row, string(types.AppendText(nil, t, d, nil)))
				}
			}
			fmt.Fprintf(&b, "  (%s)\n", strings.Join(row, ", "))
		}
	}
	if c := i.OnConflict; c != nil {
		fmt.Fprintf(&b, "on conflict: update %s", exprsText(c.Update))
		if c.Where != nil {
			fmt.Fprintf(&b, " where %s", expr.String(c.Where))
		}
		b.WriteByte('\n')
	}
	if i.Returning != nil {
		fmt.Fprintf(&b, "returning: %s\n", exprsText(i.Returning.Exprs))
	}
	return b.String()
}

func exprsText(list []expr.Expr) string {
	out := make([]string, len(list))
	for i, e := range list {
		out[i] = expr.String(e)
	}
	return strings.Join(out, ", ")
}
