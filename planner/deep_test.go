package planner

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"tarn/sql"
	"tarn/sql/functions"
	"tarn/sql/sqlstate"
	"tarn/sql/stmt"
)

func each(n int, sep string, f func(i int) string) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = f(i)
	}
	return strings.Join(parts, sep)
}

// large are queries whose planning would not end if it did for each way to a node what it should do for each node, or if each
// level looked at all levels below.
var large = map[string]string{
	"queries in FROM":   strings.Repeat("SELECT * FROM (", 800) + "SELECT id FROM t" + strings.Repeat(") s", 800),
	"scalar subqueries": strings.Repeat("SELECT (", 400) + "SELECT max(id) FROM t" + strings.Repeat(")", 400),
	"correlated":        "SELECT id FROM t t0" + each(200, "", func(i int) string { return fmt.Sprintf(" WHERE EXISTS (SELECT 1 FROM t t%d", i+1) }) + " WHERE t200.a = t0.a" + strings.Repeat(")", 200),
	"WITH used twice": "WITH c0 AS (SELECT id FROM t), " + each(500, ", ", func(i int) string {
		return fmt.Sprintf("c%d AS (SELECT x.id FROM c%[2]d x JOIN c%[2]d y USING (id))", i+1, i)
	}) + " SELECT * FROM c500",
	"unions used twice": "WITH c0 AS (SELECT a FROM t), " + each(500, ", ", func(i int) string {
		return fmt.Sprintf("c%d AS (SELECT a FROM c%[2]d UNION ALL SELECT a FROM c%[2]d)", i+1, i)
	}) + " SELECT * FROM c500",
	"constants used twice": "WITH c0 AS (SELECT 1 AS a), " + each(500, ", ", func(i int) string {
		return fmt.Sprintf("c%d AS (SELECT x.a + y.a AS a FROM c%[2]d x, c%[2]d y)", i+1, i)
	}) + " SELECT * FROM c500",
	"UNION":          each(1000, " UNION ", func(i int) string { return fmt.Sprintf("SELECT id FROM t WHERE a = %d", i) }),
	"joins":          "SELECT 1 FROM t t0" + each(100, "", func(i int) string { return fmt.Sprintf(" JOIN t t%d ON t%[1]d.id = t%d.a", i+1, i) }),
	"outer joins":    "SELECT t0.id FROM t t0" + each(100, "", func(i int) string { return fmt.Sprintf(" LEFT JOIN u u%d ON u%[1]d.id = t0.a", i+1) }),
	"cross products": "SELECT count(*) FROM " + each(50, ", ", func(i int) string { return fmt.Sprint("t t", i) }),
	"AND":            "SELECT id FROM t WHERE " + each(10_000, " AND ", func(i int) string { return fmt.Sprint("a <> ", i) }),
	"OR":             "SELECT id FROM t WHERE " + each(10_000, " OR ", func(i int) string { return fmt.Sprint("a = ", i) }),
	"IN":             "SELECT id FROM t WHERE a IN (" + each(100_000, ", ", func(i int) string { return fmt.Sprint(i) }) + ")",
	"+":              "SELECT " + each(3000, " + ", func(int) string { return "a" }) + " FROM t",
	"GROUP BY":       "SELECT count(*) FROM t GROUP BY " + each(200, ", ", func(i int) string { return fmt.Sprint("a + ", i) }),
}

func TestLargeQueries(t *testing.T) {
	for name, text := range large {
		t.Run(name, func(t *testing.T) {
			list, err := sql.Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			query := list[0].Node.(*stmt.Select).Query
			if _, err := Query(testCatalog(), &Env{}, query); err != nil {
				t.Error(err)
			}
			done := make(chan struct{})
			close(done)
			env := &Env{Context: &functions.Context{Done: done}}
			if _, err := Query(testCatalog(), env, query); !errors.Is(err, context.Canceled) {
				t.Errorf("cancelled: %v", err)
			}
			_, err = CreateView(testCatalog(), &Env{}, query, true)
			if strings.HasSuffix(name, "used twice") {
				if err == nil || sqlstate.From(err).Code != sqlstate.StatementTooComplex {
					t.Errorf("as a view: %v", err)
				}
			} else if err != nil {
				t.Errorf("as a view: %v", err)
			}
		})
	}
}
