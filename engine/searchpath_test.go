package engine

import (
	"context"
	"io"
	"log/slog"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// A view means what it meant to the session that made it: for others, after a restart, and after a crash.
func TestViewsKeepTheirSearchPath(t *testing.T) {
	fs := vfs.NewCrashableMem()
	openOn := func(fs vfs.FS) *Engine {
		t.Helper()
		e, err := Open(context.Background(), Config{Dir: "db", FS: fs, Memory: 64 << 20, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	e := openOn(fs)
	s := connect(t, e)
	run(t, s, "CREATE SCHEMA apart")
	run(t, s, "SET search_path = apart")
	run(t, s, "CREATE TABLE t (a int PRIMARY KEY)")
	run(t, s, "INSERT INTO t VALUES (1)")
	run(t, s, "CREATE VIEW plain AS SELECT a FROM t")
	run(t, s, "CREATE MATERIALIZED VIEW direct AS SELECT a + 1 AS b FROM t")
	run(t, s, "CREATE MATERIALIZED VIEW through AS SELECT a + 2 AS b FROM plain")

	want := []string{"1|2|3"}
	check := func(e *Engine) {
		t.Helper()
		rows, _ := run(t, connect(t, e), "SELECT p.a, d.b, t.b FROM apart.plain p, apart.direct d, apart.through t")
		expect(t, rows, want...)
	}
	check(e)

	crashed := openOn(fs.CrashClone(vfs.CrashCloneCfg{}))
	check(crashed)
	if err := crashed.Close(context.Background()); err != nil {
		t.Error(err)
	}

	if err := e.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	restarted := openOn(fs)
	defer restarted.Close(context.Background())
	check(restarted)
}
