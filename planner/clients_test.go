package planner

import (
	"errors"
	"maps"
	"os"
	"strings"
	"testing"

	"tarn/catalog"
	"tarn/catalog/pgcatalog"
	"tarn/planner/plan"
	"tarn/sql"
	"tarn/sql/functions"
	"tarn/sql/sqlstate"
	"tarn/sql/stmt"
	"tarn/sql/types"
)

// refusedOfClients are the errors that clients' queries get, and of how many.
var refusedOfClients = map[string]int{
	"window functions are not supported":                    2,
	"recursive queries are not supported":                   1,
	`type regoperator is not supported`:                     1,
	"function pg_notify(unknown, unknown) is not supported": 1,
	`column "nocol" does not exist`:                         1, // so it is in PostgreSQL
}

// someObject stands for every object that has a name.
type someObject struct{}

func (someObject) ObjectOID(types.OID, string) (int64, error) { return 1259, nil }
func (someObject) ObjectName(types.OID, int64) (string, bool) { return "", false }

// TestClients plans what psql, drivers and tools ask of the catalogue, and not their queries of tables that are not there.
func TestClients(t *testing.T) {
	text, err := os.ReadFile("../sql/testdata/clients.sql")
	if err != nil {
		t.Fatal(err)
	}
	cat := catalog.Empty(pgcatalog.Relations())
	ctx := &functions.Context{}
	ctx.Env.Objects = someObject{}
	planned, refused := 0, map[string]int{}
	for _, text := range strings.Split(string(text), "\n------\n") {
		statements, err := sql.Parse(text)
		if err != nil {
			t.Errorf("%v\n%s", err, text)
		}
		for _, s := range statements {
			query, ok := s.Node.(*stmt.Select)
			if !ok {
				continue
			}
			q, err := Query(cat, &Env{Context: ctx}, query.Query)
			var e *sqlstate.Error
			if errors.As(err, &e) {
				if e.Code != sqlstate.UndefinedTable {
					refused[e.Message]++
				}
				continue
			}
			if err != nil {
				t.Errorf("%v\n%s", err, text)
				continue
			}
			planned++
			if n := crossJoins(q.Root); n > 1 { // one is asked for now and then
				t.Errorf("%d cross joins\n%s\n%s", n, text, q)
			}
		}
	}
	if !maps.Equal(refused, refusedOfClients) {
		t.Errorf("refused: %v\nwant: %v", refused, refusedOfClients)
	}
	if planned < 214 {
		t.Errorf("%d queries were planned", planned)
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
