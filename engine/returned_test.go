package engine

import (
	"context"
	"io"
	"log/slog"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"tarn/sql/sqlstate"
)

// What RETURNING keeps until its transaction is committed counts as what statements hold, and is given back.
func TestReturnedRowsCount(t *testing.T) {
	e, err := Open(context.Background(), Config{Dir: "db", FS: vfs.NewMem(), Memory: 16 << 20, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close(context.Background())
	s := connect(t, e)
	run(t, s, "CREATE TABLE t (k int PRIMARY KEY); INSERT INTO t SELECT * FROM generate_series(1, 600)")
	used := e.work.Used()
	for _, c := range []struct {
		text string
		code sqlstate.Code
	}{
		{"INSERT INTO t SELECT n FROM generate_series(1001, 61000) n RETURNING repeat('x', 100)", sqlstate.OutOfMemory},
		{"UPDATE t SET k = k + 10000 RETURNING repeat('x', 10000)", sqlstate.ProgramLimitExceeded},
		{"UPDATE t SET k = k RETURNING repeat('x', 100)", ""},
		{"INSERT INTO t VALUES (0) RETURNING k", ""},
		{"DELETE FROM t WHERE k = 0 RETURNING k", ""},
	} {
		text := c.text
		if _, _, err := try(s, text); code(err) != c.code {
			t.Errorf("%s: %v", text, err)
		}
		if got := e.work.Used(); got != used {
			t.Errorf("%s: %d bytes are held, %d were before", text, got, used)
		}
	}
	rows, _ := run(t, s, "SELECT count(*), max(k) FROM t")
	expect(t, rows, "600|600")
	rows, _ = run(t, s, "UPDATE t SET k = -k WHERE k < 3 RETURNING k, repeat('x', 3)")
	expect(t, rows, "-1|xxx", "-2|xxx")
}
