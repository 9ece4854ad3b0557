package engine

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"tarn/delta"
	"tarn/sql/sqlstate"
	"tarn/storage/log"
	"tarn/storage/vfstest"
)

// openFS opens a database on a file system; the caller closes it.
func openFS(t testing.TB, fs vfs.FS) *Engine {
	t.Helper()
	e, err := Open(context.Background(), Config{
		Dir: "db", FS: fs, Memory: 64 << 20, Log: log.Options{GrowOnDemand: true}, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// afterCrash is the file system as a crash of the machine leaves it: with what was synced, and nothing else.
func afterCrash(fs *vfs.MemFS) *vfs.MemFS { return fs.CrashClone(vfs.CrashCloneCfg{}) }

// An epoch whose sync has failed is shown to nobody and goes into no checkpoint, whatever happens afterwards.
func TestFailedSyncIsNeverShown(t *testing.T) {
	mem := vfs.NewCrashableMem()
	fs := vfstest.New(mem)
	e := openFS(t, fs)
	s := connect(t, e)
	run(t, s, "CREATE TABLE t (k int PRIMARY KEY); CREATE MATERIALIZED VIEW n AS SELECT count(*) AS n FROM t; INSERT INTO t VALUES (1)")
	def, _ := e.Relation("public", "t")
	if err := e.do(context.Background(), func(l *loop) error {
		if l.checkpoint.running {
			l.checkpointDone(<-l.checkpoint.done)
		}
		l.startCheckpoint()
		fs.FailSyncs(errors.New("the disk is gone"))
		b := delta.NewBatch(def.Types(), 1)
		b.Cols[0].AppendInt(2)
		b.AppendCount(1)
		t := l.newTurn()
		defer t.close()
		if err := l.admit(t, &commit{snapshot: l.epoch, writes: changes{def.ID: {b}}, order: []uint32{def.ID}}); err != nil {
			return err
		}
		err := l.turn(t, &control{}, nil)
		fs.FailSyncs(nil)
		l.checkpointDone(<-l.checkpoint.done) // after which the loop publishes, and begins the next
		return err
	}); code(err) != "57P02" {
		t.Fatal(err)
	}
	if e.Ready() == nil {
		t.Fatal("the database takes writes")
	}
	rows, _ := run(t, s, "SELECT count(*), (SELECT n FROM n) FROM t")
	expect(t, rows, "1|1")
	if _, _, err := try(s, "INSERT INTO t VALUES (3)"); code(err) != sqlstate.IOError {
		t.Fatal(err)
	}
	crashed := afterCrash(mem)
	_ = e.Close(context.Background())
	e = openFS(t, crashed)
	defer e.Close(context.Background())
	s = connect(t, e)
	rows, _ = run(t, s, "SELECT count(*) = (SELECT n FROM n) FROM t")
	expect(t, rows, "t")
}

// A full disk refuses writes and nothing else; once there is space again, all is as if nobody had tried.
func TestRefusedEpochLeavesNothing(t *testing.T) {
	fs := vfstest.New(vfs.NewMem())
	e := openFS(t, fs)
	defer e.Close(context.Background())
	s := connect(t, e)
	run(t, s, "CREATE TABLE t (k int PRIMARY KEY, v text); CREATE MATERIALIZED VIEW m AS SELECT v FROM t; INSERT INTO t VALUES (1, 'a')")
	if err := e.do(context.Background(), func(l *loop) error { // so that none needs the disk below
		if l.checkpoint.running {
			l.checkpointDone(<-l.checkpoint.done)
		}
		l.startCheckpoint()
		l.checkpointDone(<-l.checkpoint.done)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	fs.SetFree(0)
	for _, text := range []string{
		"UPDATE t SET v = 'b' WHERE k = 1", "INSERT INTO t VALUES (2, 'c')", "CREATE TABLE u (k int)", "CREATE MATERIALIZED VIEW n AS SELECT k FROM t",
		"BEGIN; CREATE TABLE w (k int); INSERT INTO t VALUES (3, 'd'); COMMIT", "DROP MATERIALIZED VIEW m",
	} {
		if _, _, err := try(s, text); code(err) != sqlstate.DiskFull {
			t.Fatal(text, err)
		}
		rows, _ := run(t, s, "SELECT k, t.v, m.v FROM t, m")
		expect(t, rows, "1|a|a")
	}
	fs.Unlimit()
	run(t, s, "UPDATE t SET v = 'b' WHERE k = 1; INSERT INTO t VALUES (2, 'c'); CREATE TABLE u (k int); CREATE MATERIALIZED VIEW n AS SELECT k FROM t")
	rows, _ := run(t, s, "SELECT v FROM m")
	expect(t, rows, "b", "c")
	rows, _ = run(t, s, "SELECT k FROM n")
	expect(t, rows, "1", "2")
}

// A statement that panics in the loop ends the writing, not the server.
func TestPanicInTheLoop(t *testing.T) {
	e := openFS(t, vfs.NewMem())
	defer e.Close(context.Background())
	s := connect(t, e)
	run(t, s, "CREATE TABLE t (k int)")
	if err := e.do(context.Background(), func(*loop) error { panic("a broken invariant") }); code(err) != sqlstate.IOError {
		t.Fatal(err)
	}
	if _, _, err := try(s, "INSERT INTO t VALUES (1)"); code(err) != sqlstate.IOError {
		t.Fatal(err)
	}
	run(t, s, "SELECT * FROM t")
}

// When the database has stopped taking writes, the loop lets go of who waits for epochs, and a view that is being filled is let go
// of by its session.
func TestStoppedDatabaseLetsGo(t *testing.T) {
	e, err := Open(t.Context(), Config{
		Dir: "db", FS: vfs.NewMem(), Logger: slog.New(slog.DiscardHandler), hydrateSave: 300, progressEvery: time.Nanosecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close(context.Background())
	s, other := connect(t, e), connect(t, e)
	run(t, s, "CREATE TABLE t (k int PRIMARY KEY, g int)")
	run(t, s, "INSERT INTO t SELECT i, i % 1000 FROM generate_series(1, 5000) i")
	start := func(s *Session, text string, r *recorder) error {
		statements, err := s.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		p, err := s.Prepare(t.Context(), statements[0], nil)
		if err != nil {
			t.Fatal(err)
		}
		r.fields = p.Fields
		_, err = s.ExecuteLast(t.Context(), p, nil, r)
		return err
	}
	listening, ended := make(chan bool), make(chan error)
	go func() {
		r := &recorder{onFlush: sync.OnceValue(func() error { close(listening); return nil })}
		ended <- start(other, "SUBSCRIBE SELECT g, count(*) FROM t GROUP BY g", r)
	}()
	<-listening
	before := e.store.Memory().Used()
	r := &recorder{onNotice: sync.OnceFunc(func() { // the first that is heard of the view is while it is being filled
		if e.store.Memory().Used() <= before {
			t.Error("the view has no state")
		}
		_ = e.do(t.Context(), func(*loop) error { panic("a broken invariant") })
	})}
	if err := start(s, "CREATE MATERIALIZED VIEW v AS SELECT g, count(*), max(k) FROM t GROUP BY g", r); code(err) != sqlstate.IOError {
		t.Fatal(err)
	}
	if err := <-ended; code(err) != sqlstate.IOError {
		t.Fatal(err)
	}
	if used := e.store.Memory().Used(); used != before {
		t.Errorf("%d bytes of state are held, %d were before", used, before)
	}
	e.loop.turns.Lock()
	defer e.loop.turns.Unlock()
	if n := len(e.loop.followers); n != 0 {
		t.Errorf("%d followers are left", n)
	}
}

// A definition that is changed and replayed keeps the state of the run that replays it: the ids in its record are those of the
// run that wrote it, in which others had been taken before.
func TestStateOfAReplayedComment(t *testing.T) {
	mem := vfs.NewCrashableMem()
	e := openFS(t, mem)
	s := connect(t, e)
	run(t, s, "CREATE TABLE t (k int PRIMARY KEY, g int)")
	e.states.Add(10) // as a view does that did not come to be
	run(t, s, "CREATE MATERIALIZED VIEW m AS SELECT g, count(*) AS n FROM t GROUP BY g; COMMENT ON MATERIALIZED VIEW m IS 'x'; INSERT INTO t VALUES (1, 1), (2, 1)")
	for k := range 3 {
		crashed := afterCrash(mem)
		_ = e.Close(context.Background())
		mem = crashed
		e = openFS(t, mem)
		s = connect(t, e)
		if k == 1 {
			if err := e.Close(context.Background()); err != nil {
				t.Fatal(err)
			}
			e = openFS(t, mem)
			s = connect(t, e)
		}
		run(t, s, "UPDATE t SET g = g + 1")
		rows, _ := run(t, s, "SELECT g, n FROM m")
		expect(t, rows, []string{"2|2", "3|2", "4|2"}[k])
	}
	_ = e.Close(context.Background())
}
