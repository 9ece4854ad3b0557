package sqllogictest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// originQueries are statements whose columns come from relations, or do not.
var originQueries = []string{
	"SELECT * FROM t",
	"SELECT b, a, a + 1, a AS other, 'x', a::int8, a::int4 FROM t",
	"SELECT x.a, y.b, y.a FROM t x JOIN u y ON x.a = y.a",
	"SELECT * FROM t JOIN u USING (a)",
	"SELECT * FROM t LEFT JOIN u USING (a)",
	"SELECT * FROM t RIGHT JOIN u USING (a)",
	"SELECT * FROM t FULL JOIN u USING (a)",
	"SELECT * FROM t NATURAL JOIN u",
	"SELECT * FROM (SELECT a, b || 'x' AS c, b FROM t) s",
	"SELECT s.q FROM (SELECT a FROM (SELECT b, a FROM t) i) s (q)",
	"WITH w AS (SELECT a, count(*) AS n FROM t GROUP BY a) SELECT * FROM w, w AS again",
	"SELECT b, count(*), max(a) FROM t GROUP BY b ORDER BY b LIMIT 3",
	"SELECT DISTINCT b FROM t",
	"SELECT DISTINCT ON (b) b, a FROM t ORDER BY b, a",
	"SELECT a FROM t UNION SELECT a FROM u",
	"SELECT a FROM t UNION ALL SELECT a FROM t",
	"SELECT * FROM (SELECT a FROM t EXCEPT SELECT a FROM u) s",
	"SELECT * FROM v",
	"SELECT big, a FROM v",
	"SELECT * FROM m",
	"SELECT * FROM (SELECT v.big FROM v JOIN m ON m.b = v.b) s",
	"SELECT (SELECT a FROM u LIMIT 1), a FROM t",
	"SELECT t.a, l.b FROM t CROSS JOIN LATERAL (SELECT t.b, u.a FROM u) l",
	"SELECT g, a FROM t, generate_series(1, 2) g",
	"SELECT * FROM (VALUES (1, 'x')) s",
	"SELECT coalesce(a, 1), CASE WHEN true THEN a END, (a) FROM t",
	"SELECT relname, oid, relkind FROM pg_class WHERE false",
	"TABLE u",
	"INSERT INTO t VALUES (7, 'seven') RETURNING *, a + 1, b AS named",
	"UPDATE t SET b = 'x' WHERE a = 7 RETURNING b, a, upper(b)",
	"UPDATE t SET b = u.b FROM u WHERE u.a = t.a RETURNING t.a, u.b",
	"DELETE FROM t WHERE a = 7 RETURNING t.*",
	"SHOW search_path",
	"EXPLAIN SELECT 1",
}

// origins describes where the columns of a statement come from, as the extended protocol tells before it runs: the relation's name
// and the number of its column.
func origins(t *testing.T, c *pgx.Conn, names map[uint32]string, text string) string {
	t.Helper()
	d, err := c.Prepare(context.Background(), "", text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	var out []string
	for _, f := range d.Fields {
		from := "-"
		if f.TableOID != 0 {
			from = fmt.Sprintf("%s.%d", names[f.TableOID], f.TableAttributeNumber)
		}
		out = append(out, f.Name+" "+from)
	}
	return strings.Join(out, ", ")
}

// Clients are told which columns of which relations the columns of a result are, as PostgreSQL tells them.
func TestOrigins(t *testing.T) {
	ctx := context.Background()
	given := map[string][]string{}
	for name, db := range map[string]func() Socket{
		"postgres": func() Socket { return postgresOf(t) },
		"tarn":     func() Socket { return database(t, Mode{Server: true}).(Socket) },
	} {
		c, err := pgx.Connect(ctx, db().URL)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close(ctx)
		if _, err := c.Exec(ctx, `DROP VIEW IF EXISTS v; DROP MATERIALIZED VIEW IF EXISTS m; DROP TABLE IF EXISTS t, u;
			CREATE TABLE t (a int PRIMARY KEY, b text); CREATE TABLE u (b text, a int);
			CREATE VIEW v AS SELECT b, a + 1 AS big, a FROM t; CREATE MATERIALIZED VIEW m AS SELECT count(*) AS n, b FROM t GROUP BY b`, pgx.QueryExecModeSimpleProtocol); err != nil {
			t.Fatal(err)
		}
		names := map[uint32]string{}
		rows, err := c.Query(ctx, "SELECT oid, relname FROM pg_class")
		if err != nil {
			t.Fatal(err)
		}
		var oid uint32
		var relation string
		if _, err := pgx.ForEachRow(rows, []any{&oid, &relation}, func() error { names[oid] = relation; return nil }); err != nil {
			t.Fatal(err)
		}
		for _, text := range originQueries {
			given[name] = append(given[name], origins(t, c, names, text))
		}
		if name == "tarn" { // as is what the simple protocol tells with the rows
			results := c.PgConn().Exec(ctx, "SELECT b AS x, a FROM t")
			if results.NextResult() {
				if f := results.ResultReader().FieldDescriptions()[0]; names[f.TableOID] != "t" || f.TableAttributeNumber != 2 {
					t.Errorf("the simple protocol: %+v", f)
				}
			}
			if err := results.Close(); err != nil {
				t.Error(err)
			}
		}
	}
	for i, text := range originQueries {
		if got, want := given["tarn"][i], given["postgres"][i]; got != want {
			t.Errorf("%s\n  got  %s\n  want %s", text, got, want)
		}
	}
}
