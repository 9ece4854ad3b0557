package engine

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"tarn/storage/log"
)

// The history that a view was filled from is kept until no restart would fill it again, even if its retention has passed.
func TestHistoryOfViewsToBeReplayed(t *testing.T) {
	memory := vfs.NewCrashableMem()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	e, err := Open(context.Background(), Config{Dir: "db", FS: memory, Memory: 64 << 20, Now: func() time.Time { return now },
		Logger: slog.New(slog.DiscardHandler), Log: log.Options{GrowOnDemand: true, SegmentBytes: 16 << 10}})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close(context.Background())
	s := connect(t, e)
	run(t, s, "CREATE STREAM short (k int, pad text) WITH (retention = '1 hour')")
	insert := "INSERT INTO short VALUES (1, '" + strings.Repeat("x", 5000) + "')"
	for range 20 {
		run(t, s, insert)
		now = now.Add(time.Minute)
	}
	checkpoint := func() {
		t.Helper()
		if err := e.do(context.Background(), func(l *loop) error {
			if l.checkpoint.running {
				l.checkpointDone(<-l.checkpoint.done)
			}
			return l.checkpointNow()
		}); err != nil {
			t.Fatal(err)
		}
	}
	checkpoint()
	if err := e.store.Flush(); err != nil {
		t.Fatal(err)
	}
	run(t, s, "CREATE MATERIALIZED VIEW counted AS SELECT count(*) AS n FROM short")
	now = now.Add(3 * time.Hour)
	run(t, s, insert)
	segments := e.log.Stats().Segments
	checkpoint() // in memory: a restart begins before the view was made
	rows, _ := run(t, s, "SELECT n FROM counted")
	expect(t, rows, "21")
	again := openOn(t, memory.CrashClone(vfs.CrashCloneCfg{}))
	rows, _ = run(t, connect(t, again), "SELECT n FROM counted")
	expect(t, rows, "21")
	if err := e.store.Flush(); err != nil {
		t.Fatal(err)
	}
	run(t, s, insert)
	if checkpoint(); e.log.Stats().Segments >= segments {
		t.Fatal("no segment was given up in the end")
	}
}

// The log keeps what the store has only in memory.
func TestLogKeepsWhatARestartReplays(t *testing.T) {
	memory := vfs.NewCrashableMem()
	e := openOn(t, memory)
	s := connect(t, e)
	run(t, s, "CREATE TABLE t (k int, pad text)")
	for range 30 {
		run(t, s, "INSERT INTO t VALUES (1, '"+strings.Repeat("x", 12_000)+"')")
		if err := e.do(context.Background(), func(l *loop) error {
			if l.checkpoint.running {
				l.checkpointDone(<-l.checkpoint.done)
			}
			return l.checkpointNow()
		}); err != nil {
			t.Fatal(err)
		}
	}
	if n := e.log.Stats().Segments; n < 4 {
		t.Fatalf("only %d segments", n)
	}
	rows, _ := run(t, connect(t, openOn(t, memory.CrashClone(vfs.CrashCloneCfg{}))), "SELECT count(*) FROM t")
	expect(t, rows, "30")
}
