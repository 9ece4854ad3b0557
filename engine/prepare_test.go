package engine

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"tarn/sql/sqlstate"
)

// What prepared statements take counts as what statements hold, until they are dropped: long texts, and plans that are much larger
// than the texts.
func TestPreparedStatementsCount(t *testing.T) {
	e, err := Open(context.Background(), Config{Dir: "db", FS: vfs.NewMem(), Memory: 16 << 20, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close(context.Background())
	s := connect(t, e)
	terms := make([]string, 300)
	for i := range terms {
		terms[i] = fmt.Sprintf("a * %d", i)
	}
	run(t, s, "CREATE TABLE t (id int PRIMARY KEY, a int); CREATE VIEW v AS SELECT "+strings.Join(terms, " + ")+" AS x FROM t")
	used := e.work.Used()
	for _, c := range []struct {
		text        string // %d is the number of the statement
		least, most int    // statements that a memory of 4 MiB must and may take
	}{
		{"SELECT '" + strings.Repeat("x", 10_000) + "%d'", 100, 200},
		{"SELECT * FROM t WHERE id = $1 AND a <> %d", 400, 1500},
		{"SELECT x FROM v WHERE x <> %d", 8, 80},
		{"INSERT INTO t VALUES " + strings.Repeat("(1, 2), ", 1000) + "(%d, 3)", 25, 60},
		{"UPDATE t SET a = a + %d WHERE id = $1", 400, 1500},
	} {
		prepared, err := 0, error(nil)
		for ; err == nil && prepared <= c.most; prepared++ {
			_, _, err = try(s, fmt.Sprintf("PREPARE p%d AS "+c.text, prepared, prepared))
		}
		if code(err) != sqlstate.OutOfMemory || prepared < c.least {
			t.Errorf("%.50s: %v after %d statements", c.text, err, prepared)
		}
		run(t, s, "DEALLOCATE p0")
		run(t, s, "DEALLOCATE ALL")
		if got := e.work.Used(); got != used {
			t.Errorf("%.50s: %d bytes are held after all, %d were before", c.text, got, used)
		}
	}
}
