package engine

import (
	"strings"
	"testing"
)

// EXPLAIN says which relation a join may look up by key, EXPLAIN ANALYZE whether it was; a view that is kept up to date looks
// nothing up.
func TestExplainLookups(t *testing.T) {
	e := open(t, t.TempDir())
	s := connect(t, e)
	run(t, s, "CREATE TABLE customer (id int PRIMARY KEY, name text)")
	run(t, s, "CREATE TABLE ordered (id int PRIMARY KEY, customer int)")
	run(t, s, "INSERT INTO customer SELECT i, 'c' || i FROM generate_series(1, 5000) i")
	run(t, s, "INSERT INTO ordered SELECT i, i % 5000 + 1 FROM generate_series(1, 5000) i")
	lookups := func(text string) (found []string) {
		t.Helper()
		rows, _ := run(t, s, text)
		for _, row := range rows {
			if line := strings.TrimSpace(row); strings.HasPrefix(line, "Lookup: ") {
				found = append(found, line)
			}
		}
		return found
	}
	query := func(ids string) string {
		return "SELECT * FROM ordered o JOIN customer c ON c.id = o.customer WHERE o.id " + ids
	}
	expect(t, lookups("EXPLAIN "+query("IN (7, 8)")), "Lookup: by (id), if the other side of the join has few rows")
	expect(t, lookups("EXPLAIN ANALYZE "+query("IN (7, 8)")), "Lookup: by (id), 2 keys")
	expect(t, lookups("EXPLAIN ANALYZE "+query("IN (7, 5001)")), "Lookup: by (id), 1 key")
	expect(t, lookups("EXPLAIN ANALYZE "+query("BETWEEN 1 AND 1001")), "Lookup: by (id), not done")
	expect(t, lookups("EXPLAIN DELETE FROM customer USING ordered o WHERE o.id = 5 AND customer.id = o.customer"),
		"Lookup: by (id), if the other side of the join has few rows")
	expect(t, lookups("EXPLAIN CREATE MATERIALIZED VIEW v AS "+query("IN (7, 8)")))
}
