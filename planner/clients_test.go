package planner

import (
	"os"
	"testing"

	"tarn/catalog"
	"tarn/catalog/pgcatalog"
	"tarn/planner/plan"
	"tarn/sql"
	"tarn/sql/functions"
	"tarn/sql/stmt"
	"tarn/sql/types"
)

// TestClients plans what psql, drivers and tools ask of the catalogue.
func TestClients(t *testing.T) {
	text, err := os.ReadFile("testdata/clients.sql")
	if err != nil {
		t.Fatal(err)
	}
	statements, err := sql.Parse(string(text))
	if err != nil {
		t.Fatal(err)
	}
	cat := catalog.Empty(pgcatalog.Relations())
	ctx := &functions.Context{}
	ctx.Env.ObjectOID = func(types.OID, string) (int64, error) { return 1259, nil }
	for _, s := range statements {
		q, err := Query(cat, &Env{Context: ctx}, s.Node.(*stmt.Select).Query)
		if err != nil {
			t.Errorf("%v\n%s", err, s.Text)
			continue
		}
		if n := crossJoins(q.Root); n > 1 { // one is asked for now and then
			t.Errorf("%d cross joins\n%s\n%s", n, s.Text, q)
		}
	}
}

// crossJoins counts the joins that compare nothing, of inputs with possibly many rows.
func crossJoins(n plan.Node) int {
	count := 0
	if j, ok := n.(*plan.Join); ok && len(j.LKeys) == 0 && j.On == nil && !plan.AtMostOne(j.L) && !plan.AtMostOne(j.R) {
		count++
	}
	for _, in := range n.Inputs() {
		count += crossJoins(in)
	}
	return count
}
