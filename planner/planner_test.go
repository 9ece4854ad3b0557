package planner

import (
	"strings"
	"testing"

	"tarn/catalog"
	"tarn/planner/plan"
	"tarn/sql"
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

func parseOne(t *testing.T, text string) stmt.Statement {
	t.Helper()
	list, err := sql.Parse(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	if len(list) != 1 {
		t.Fatalf("%s: %d statements", text, len(list))
	}
	return list[0].Node
}

// planText plans a statement and prints the plan. A query that begins with VIEW is planned as a materialised view.
func planText(text string) (string, error) {
	view := strings.HasPrefix(text, "VIEW ")
	list, err := sql.Parse(strings.TrimPrefix(text, "VIEW "))
	if err != nil {
		return "", err
	}
	cat, env := testCatalog(), &Env{}
	switch n := list[0].Node.(type) {
	case *stmt.Select:
		if view {
			v, err := CreateView(cat, env, n.Query, true)
			if err != nil {
				return "", err
			}
			return plan.Explain(v.Root), nil
		}
		q, err := Query(cat, env, n.Query)
		if err != nil {
			return "", err
		}
		return q.String(), nil
	case *stmt.Insert:
		i, err := Insert(cat, env, n)
		if err != nil {
			return "", err
		}
		if i.Source == nil {
			return "Literals\n", nil
		}
		return plan.Explain(i.Source), nil
	case *stmt.Update:
		c, err := Update(cat, env, n)
		if err != nil {
			return "", err
		}
		return plan.Explain(c.Source), nil
	case *stmt.Delete:
		c, err := Delete(cat, env, n)
		if err != nil {
			return "", err
		}
		return plan.Explain(c.Source), nil
	}
	return "", nil
}
