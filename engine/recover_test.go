package engine

import (
	"context"
	"fmt"
	"testing"
)

// Ids of what was dropped are not given again, not after a restart either: from a checkpoint or from the log.
func TestIDsAreNotGivenAgain(t *testing.T) {
	dir := t.TempDir()
	seen := map[string]bool{}
	for life := range 4 {
		e := open(t, dir)
		s := connect(t, e)
		run(t, s, "CREATE TABLE t (k int); CREATE MATERIALIZED VIEW v AS SELECT k, count(*) AS n FROM t GROUP BY k")
		rows, _ := run(t, s, "SELECT oid FROM pg_class WHERE relname IN ('t', 'v')")
		if err := e.do(context.Background(), func(l *loop) error {
			for _, r := range l.relations {
				for _, n := range r.def.State {
					rows = append(rows, fmt.Sprint("state ", n.ID))
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		for _, id := range rows {
			if seen[id] {
				t.Fatalf("life %d: %s is given again", life, id)
			}
			seen[id] = true
		}
		run(t, s, "DROP MATERIALIZED VIEW v; DROP TABLE t")
		if err := e.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
}
