package engine

import (
	"context"
	"fmt"
	"testing"

	"tarn/sql/sqlstate"
)

// An update may not give two rows one key, even if they are equal in all else.
func TestUpdateToEqualRows(t *testing.T) {
	e := open(t, t.TempDir())
	s := connect(t, e)
	run(t, s, "CREATE TABLE t (k int PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'a'), (2, 'a')")
	if _, _, err := try(s, "UPDATE t SET k = 5"); code(err) != sqlstate.UniqueViolation {
		t.Fatal(err)
	}
	run(t, s, "INSERT INTO t VALUES (3, 'b')")
}

// A view that would read itself is refused.
func TestViewOfItself(t *testing.T) {
	e := open(t, t.TempDir())
	s := connect(t, e)
	run(t, s, "CREATE VIEW v AS SELECT 1 AS x")
	if _, _, err := try(s, "CREATE OR REPLACE VIEW v AS SELECT x FROM v"); err == nil {
		t.Fatal("no error")
	}
	run(t, s, "SELECT * FROM v")
}

// What a view's names mean is settled when it is made.
func TestSearchPathOfViews(t *testing.T) {
	dir := t.TempDir()
	e := open(t, dir)
	s := connect(t, e)
	run(t, s, `CREATE SCHEMA a; CREATE TABLE public.t (k int); INSERT INTO t VALUES (1); CREATE TABLE a.lone (k int); INSERT INTO a.lone VALUES (7);
		SET search_path = a, public; CREATE MATERIALIZED VIEW public.m AS SELECT k FROM t; CREATE MATERIALIZED VIEW public.o AS SELECT k FROM lone`)
	run(t, s, "CREATE TABLE a.t (k int, other text); INSERT INTO a.t VALUES (2)")
	want := []string{"1"}
	for i := range 3 {
		run(t, s, fmt.Sprintf("INSERT INTO public.t VALUES (%d)", 10+i))
		want = append(want, fmt.Sprint(10+i))
		rows, _ := run(t, s, "SELECT * FROM public.m")
		expect(t, rows, want...)
		rows, _ = run(t, s, "SELECT * FROM public.o")
		expect(t, rows, "7")
		if err := e.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
		e = open(t, dir)
		s = connect(t, e)
	}
}

// A block may read what it has made itself.
func TestBlockReadsItsNewTable(t *testing.T) {
	e := open(t, t.TempDir())
	s := connect(t, e)
	run(t, s, "BEGIN; CREATE TABLE t (k int PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'a'); UPDATE t SET v = 'b' WHERE k = 1; SELECT * FROM t; CREATE TABLE u AS SELECT * FROM t; COMMIT")
	rows, _ := run(t, s, "SELECT * FROM u")
	expect(t, rows, "1|b")
}

// A view dropped with CASCADE takes along what was made to depend on it later.
func TestCascadeThroughReplacedViews(t *testing.T) {
	e := open(t, t.TempDir())
	s := connect(t, e)
	run(t, s, `CREATE TABLE t (k int); CREATE VIEW first AS SELECT 1 AS k; CREATE VIEW second AS SELECT k FROM t;
		CREATE OR REPLACE VIEW first AS SELECT k FROM second; DROP TABLE t CASCADE`)
	rows, _ := run(t, s, "SELECT relname FROM pg_class WHERE relname IN ('t', 'first', 'second')")
	expect(t, rows)
}

func TestBlockReadsViewsOfItsWrites(t *testing.T) {
	e := open(t, t.TempDir())
	s := connect(t, e)
	run(t, s, "CREATE TABLE t (k int PRIMARY KEY); CREATE MATERIALIZED VIEW n AS SELECT count(*) AS n FROM t; BEGIN; INSERT INTO t VALUES (1)")
	rows, _ := run(t, s, "SELECT * FROM n")
	expect(t, rows, "1")
}

func TestReadOnlyDefinitions(t *testing.T) {
	e := open(t, t.TempDir())
	s := connect(t, e)
	if _, _, err := try(s, "BEGIN READ ONLY; CREATE MATERIALIZED VIEW m AS SELECT 1 AS x"); code(err) != sqlstate.ReadOnlySQLTransaction {
		t.Fatal(err)
	}
	run(t, s, "ROLLBACK; SET default_transaction_read_only = on")
	if _, _, err := try(s, "CREATE TABLE t (k int)"); code(err) != sqlstate.ReadOnlySQLTransaction {
		t.Fatal(err)
	}
}

// A view that is replaced and a view that is made of it at the same time: only one of them comes to be, and the database
// opens again.
func TestReplacedViewAndItsNewDependent(t *testing.T) {
	dir := t.TempDir()
	e := open(t, dir)
	a, b := connect(t, e), connect(t, e)
	run(t, a, "CREATE TABLE t (k int, n int); INSERT INTO t VALUES (1, 2); CREATE VIEW v AS SELECT k AS x FROM t")
	run(t, a, "BEGIN; CREATE OR REPLACE VIEW v AS SELECT n AS x FROM t")
	run(t, b, "CREATE MATERIALIZED VIEW m AS SELECT sum(x) AS x FROM v")
	if _, _, err := try(a, "COMMIT"); code(err) != sqlstate.SerializationFailure {
		t.Fatal(err)
	}
	run(t, a, "DROP MATERIALIZED VIEW m; BEGIN; CREATE MATERIALIZED VIEW m AS SELECT sum(x) AS x FROM v; COMMENT ON VIEW v IS 'x'")
	run(t, b, "CREATE OR REPLACE VIEW v AS SELECT n AS x FROM t")
	if _, _, err := try(a, "COMMIT"); code(err) != sqlstate.SerializationFailure {
		t.Fatal(err)
	}
	run(t, a, "CREATE MATERIALIZED VIEW m AS SELECT sum(x) AS x FROM v; COMMENT ON VIEW v IS 'x'")
	for range 2 {
		rows, _ := run(t, a, "SELECT x FROM m")
		expect(t, rows, "2")
		if err := e.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
		e = open(t, dir)
		a = connect(t, e)
	}
}

// All schemas of a DROP go, or none does.
func TestDropOfSeveralSchemas(t *testing.T) {
	s := connect(t, open(t, t.TempDir()))
	run(t, s, "CREATE SCHEMA a; CREATE SCHEMA b; CREATE TABLE b.t (k int)")
	if _, _, err := try(s, "DROP SCHEMA a, b"); code(err) != sqlstate.DependentObjectsStillExist {
		t.Fatal(err)
	}
	run(t, s, "CREATE TABLE a.t (k int); DROP SCHEMA a, b CASCADE")
}

// A name means what it does in the state the statement reads and writes, even if that is not the newest any more: otherwise
// rows would go to a table of which the transaction knows nothing.
func TestPlannedForItsOwnState(t *testing.T) {
	e := open(t, t.TempDir())
	a, b := connect(t, e), connect(t, e)
	run(t, a, "CREATE TABLE t (k int)")
	statements, err := a.Parse("INSERT INTO t VALUES (1)")
	if err != nil {
		t.Fatal(err)
	}
	p, err := a.Prepare(context.Background(), statements[0], nil)
	if err != nil {
		t.Fatal(err)
	}
	run(t, b, "CREATE TABLE other (k int)")
	tx := a.newTransaction(false)
	defer tx.base.release()
	run(t, b, "BEGIN; DROP TABLE t; CREATE TABLE t (k int); COMMIT")
	x := &executing{session: a, prepared: p}
	if err := x.current(context.Background(), tx); err != nil {
		t.Fatal(err)
	}
	if p.catalog != tx.state.Catalog {
		t.Fatal("planned for another state")
	}
	if _, err := a.ExecuteLast(context.Background(), p, nil, discard{}); err != nil {
		t.Fatal(err)
	}
	rows, _ := run(t, b, "SELECT * FROM t")
	expect(t, rows, "1")
}

func TestPreparedFollowsTheSearchPath(t *testing.T) {
	e := open(t, t.TempDir())
	s := connect(t, e)
	run(t, s, "CREATE SCHEMA a; CREATE SCHEMA b; CREATE TABLE a.t AS SELECT 1 AS k; CREATE TABLE b.t AS SELECT 2 AS k; SET search_path = a; PREPARE q AS SELECT k FROM t")
	rows, _ := run(t, s, "SET search_path = b; EXECUTE q")
	expect(t, rows, "2")
}

// What the keys that changed lately are remembered for: no change after the epoch a transaction has read is overlooked.
func TestRecentKeysOfOneLargeEpoch(t *testing.T) {
	var k recentKeys
	for i := range uint64(recentGeneration + 100) {
		k.note(i, 5)
	}
	for i := range uint64(recentGeneration + 100) {
		k.note(1<<32+i, 6)
	}
	if !k.changedSince(1, 4) {
		t.Fatal("the change of epoch 5 is forgotten, and not known to be")
	}
	if k.changedSince(1, 5) || !k.changedSince(1<<32, 5) {
		t.Fatal("after epoch 5")
	}
	k.note(7, 8)
	if k.forget(7); k.changedSince(7, 7) || !k.changedSince(7, 6) {
		t.Fatal("an epoch that was not to be")
	}
}
