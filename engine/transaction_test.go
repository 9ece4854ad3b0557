package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"tarn/sql/sqlstate"
)

func code(err error) sqlstate.Code {
	if err == nil {
		return ""
	}
	return sqlstate.From(err).Code
}

func TestTransactionSeesItsWritesAndOthersDoNot(t *testing.T) {
	e := open(t, t.TempDir())
	a, b := connect(t, e), connect(t, e)
	run(t, a, `CREATE TABLE t (k int PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'one');
		CREATE MATERIALIZED VIEW n AS SELECT count(*) AS n FROM t`)
	run(t, a, "BEGIN; INSERT INTO t VALUES (2, 'two'); UPDATE t SET v = 'ONE' WHERE k = 1; DELETE FROM t WHERE k = 2; INSERT INTO t VALUES (2, 'zwei')")
	rows, _ := run(t, a, "SELECT * FROM t")
	expect(t, rows, "1|ONE", "2|zwei")
	rows, _ = run(t, b, "SELECT * FROM t")
	expect(t, rows, "1|one")
	run(t, a, "COMMIT")
	rows, _ = run(t, b, "SELECT * FROM t")
	expect(t, rows, "1|ONE", "2|zwei")
	rows, _ = run(t, b, "SELECT * FROM n")
	expect(t, rows, "2")
}

// What a transaction takes back itself never was.
func TestTransactionThatCancelsOut(t *testing.T) {
	e := open(t, t.TempDir())
	s := connect(t, e)
	run(t, s, "CREATE TABLE t (k int PRIMARY KEY); CREATE TABLE u (k int); BEGIN; INSERT INTO t VALUES (1); INSERT INTO u VALUES (1); DELETE FROM t; DELETE FROM u; COMMIT")
	run(t, s, "BEGIN; INSERT INTO t VALUES (1); DELETE FROM t; INSERT INTO t VALUES (1); INSERT INTO t VALUES (2) ON CONFLICT DO NOTHING; COMMIT")
	rows, _ := run(t, s, "SELECT * FROM t")
	expect(t, rows, "1", "2")
}

func TestRollbackLeavesNothing(t *testing.T) {
	e := open(t, t.TempDir())
	s := connect(t, e)
	run(t, s, "CREATE TABLE t (k int PRIMARY KEY); BEGIN; INSERT INTO t VALUES (1)")
	if _, _, err := try(s, "INSERT INTO t VALUES (1)"); code(err) != sqlstate.UniqueViolation {
		t.Fatal(err)
	}
	if _, _, err := try(s, "SELECT 1"); code(err) != sqlstate.InFailedSQLTransaction {
		t.Fatal(err)
	}
	if _, tag := run(t, s, "COMMIT"); tag != "ROLLBACK" {
		t.Fatal(tag)
	}
	rows, _ := run(t, s, "SELECT * FROM t")
	expect(t, rows)
}

// Two transactions read what the other writes: only one of them may commit.
func TestWriteSkewIsRefused(t *testing.T) {
	e := open(t, t.TempDir())
	a, b := connect(t, e), connect(t, e)
	run(t, a, "CREATE TABLE oncall (who text PRIMARY KEY, yes bool); INSERT INTO oncall VALUES ('a', true), ('b', true)")
	run(t, a, "BEGIN; SELECT count(*) FROM oncall WHERE yes")
	run(t, b, "BEGIN; SELECT count(*) FROM oncall WHERE yes")
	run(t, a, "UPDATE oncall SET yes = false WHERE who = 'a'; COMMIT")
	run(t, b, "UPDATE oncall SET yes = false WHERE who = 'b'")
	if _, _, err := try(b, "COMMIT"); code(err) != sqlstate.SerializationFailure {
		t.Fatal(err)
	}
}

// Single statements never fail because of others: they are run again.
func TestConcurrentIncrements(t *testing.T) {
	e := open(t, t.TempDir())
	s := connect(t, e)
	run(t, s, "CREATE TABLE c (k int PRIMARY KEY, n int); INSERT INTO c VALUES (1, 0)")
	const clients, times = 8, 20
	var wg sync.WaitGroup
	for range clients {
		wg.Add(1)
		go func() {
			defer wg.Done()
			s := connect(t, e)
			for range times {
				if _, _, err := try(s, "UPDATE c SET n = n + 1 WHERE k = 1"); err != nil {
					t.Error(err)
				}
			}
		}()
	}
	wg.Wait()
	rows, _ := run(t, s, "SELECT n FROM c")
	expect(t, rows, fmt.Sprint(clients*times))
}

func TestKeyMayBePassedOn(t *testing.T) {
	e := open(t, t.TempDir())
	s := connect(t, e)
	run(t, s, "CREATE TABLE t (k int PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c'); UPDATE t SET k = k + 1")
	rows, _ := run(t, s, "SELECT * FROM t")
	expect(t, rows, "2|a", "3|b", "4|c")
	if _, _, err := try(s, "UPDATE t SET k = 4 WHERE k = 2"); code(err) != sqlstate.UniqueViolation {
		t.Fatal(err)
	}
}

// A key that is taken fails the statement, also among several statements that are one transaction without BEGIN: what comes
// after it must not see two rows with one key.
func TestKeyTakenInAnImplicitTransaction(t *testing.T) {
	e := open(t, t.TempDir())
	s := connect(t, e)
	run(t, s, "CREATE TABLE t (k int PRIMARY KEY); INSERT INTO t VALUES (1)")
	for _, text := range []string{"INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2), (2)", "UPDATE t SET k = 3"} {
		statements, err := s.Parse("INSERT INTO t VALUES (3); " + text)
		if err != nil {
			t.Fatal(err)
		}
		for i, st := range statements {
			p, err := s.Prepare(context.Background(), st, nil)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := s.Execute(context.Background(), p, nil, discard{}); i == 0 && err != nil || i == 1 && code(err) != sqlstate.UniqueViolation {
				t.Fatalf("%s: %v", st.Text, err)
			}
		}
	}
	rows, _ := run(t, s, "SELECT * FROM t")
	expect(t, rows, "1")
}

// That a key was taken is something a block has read, if it goes on from a savepoint.
func TestKeyTakenIsRead(t *testing.T) {
	e := open(t, t.TempDir())
	a, b := connect(t, e), connect(t, e)
	run(t, a, "CREATE TABLE t (k int PRIMARY KEY); CREATE TABLE u (k int); INSERT INTO t VALUES (1); BEGIN; SAVEPOINT s")
	if _, _, err := try(a, "INSERT INTO t VALUES (1)"); code(err) != sqlstate.UniqueViolation {
		t.Fatal(err)
	}
	run(t, a, "ROLLBACK TO s; INSERT INTO u VALUES (1)")
	run(t, b, "DELETE FROM t")
	if _, _, err := try(a, "COMMIT"); code(err) != sqlstate.SerializationFailure {
		t.Fatal(err)
	}
}

// What a transaction has taken back to a savepoint is no key any more.
func TestKeysAndSavepoints(t *testing.T) {
	e := open(t, t.TempDir())
	s := connect(t, e)
	run(t, s, `CREATE TABLE t (k int PRIMARY KEY, v text); BEGIN; INSERT INTO t VALUES (1, 'a'); SAVEPOINT s; INSERT INTO t VALUES (2, 'b'); ROLLBACK TO s;
		INSERT INTO t VALUES (2, 'c'), (3, 'd'); SAVEPOINT r`)
	for _, k := range []string{"1", "2", "3"} {
		if _, _, err := try(s, "INSERT INTO t VALUES ("+k+", 'x')"); code(err) != sqlstate.UniqueViolation {
			t.Fatal(k, err)
		}
		run(t, s, "ROLLBACK TO r")
	}
	run(t, s, "COMMIT")
	rows, _ := run(t, s, "SELECT * FROM t")
	expect(t, rows, "1|a", "2|c", "3|d")
}

func TestOnConflict(t *testing.T) {
	e := open(t, t.TempDir())
	s := connect(t, e)
	run(t, s, "CREATE TABLE t (k int PRIMARY KEY, n int DEFAULT 7); INSERT INTO t VALUES (1, 1)")
	rows, tag := run(t, s, "INSERT INTO t VALUES (1, 5), (2, 2) ON CONFLICT (k) DO UPDATE SET n = t.n + excluded.n RETURNING k, n")
	expect(t, rows, "1|6", "2|2")
	if tag != "INSERT 0 2" {
		t.Fatal(tag)
	}
	if _, tag = run(t, s, "INSERT INTO t (k) VALUES (1), (3) ON CONFLICT DO NOTHING"); tag != "INSERT 0 1" {
		t.Fatal(tag)
	}
	rows, _ = run(t, s, "SELECT * FROM t")
	expect(t, rows, "1|6", "2|2", "3|7")
	run(t, s, "BEGIN; CREATE TABLE u (k int PRIMARY KEY); INSERT INTO u VALUES (1) ON CONFLICT DO NOTHING; INSERT INTO u VALUES (1), (2) ON CONFLICT DO NOTHING; COMMIT")
	rows, _ = run(t, s, "SELECT * FROM u")
	expect(t, rows, "1", "2")
}

// A row that makes a view's expression fail makes reading the view fail, until it is gone.
func TestErrorsAreData(t *testing.T) {
	e := open(t, t.TempDir())
	s := connect(t, e)
	run(t, s, `CREATE TABLE t (k int PRIMARY KEY, d int); INSERT INTO t VALUES (1, 2);
		CREATE MATERIALIZED VIEW v AS SELECT k, 10 / d AS q FROM t;
		CREATE MATERIALIZED VIEW w AS SELECT sum(q) AS s FROM v;
		INSERT INTO t VALUES (2, 0)`)
	for _, name := range []string{"v", "w"} {
		if _, _, err := try(s, "SELECT * FROM "+name); code(err) != sqlstate.DivisionByZero {
			t.Fatal(name, err)
		}
	}
	run(t, s, "DELETE FROM t WHERE k = 2")
	rows, _ := run(t, s, "SELECT * FROM w")
	expect(t, rows, "5")
}

func TestSubscribe(t *testing.T) {
	e := open(t, t.TempDir())
	s, w := connect(t, e), connect(t, e)
	run(t, s, `CREATE TABLE t (k int PRIMARY KEY, g text, n int); INSERT INTO t VALUES (1, 'a', 1);
		CREATE MATERIALIZED VIEW v AS SELECT g, sum(n) AS n FROM t GROUP BY g`)
	statements, err := s.Parse("SUBSCRIBE v")
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Prepare(context.Background(), statements[0], nil)
	if err != nil {
		t.Fatal(err)
	}
	r := &recorder{fields: p.Fields}
	stop := errors.New("enough")
	turns := 0
	r.onFlush = func() error {
		switch turns++; turns {
		case 1:
			run(t, w, "INSERT INTO t VALUES (2, 'a', 5)")
		case 2:
			run(t, w, "DELETE FROM t")
		case 3:
			return stop
		}
		return nil
	}
	_, err = s.Execute(context.Background(), p, nil, r)
	if !strings.Contains(err.Error(), "enough") {
		t.Fatal(err)
	}
	var changes []string
	for _, row := range r.rows {
		changes = append(changes, row[strings.Index(row, "|")+1:])
	}
	want := []string{"1|a|1", "-1|a|1", "1|a|6", "-1|a|6"}
	if fmt.Sprint(changes) != fmt.Sprint(want) {
		t.Fatalf("got %q", changes)
	}
}

func TestDropAndDependencies(t *testing.T) {
	e := open(t, t.TempDir())
	s := connect(t, e)
	run(t, s, `CREATE TABLE t (k int PRIMARY KEY); CREATE VIEW v AS SELECT k + 1 AS k FROM t; CREATE MATERIALIZED VIEW m AS SELECT sum(k) FROM v`)
	_, _, err := try(s, "DROP TABLE t")
	if code(err) != sqlstate.DependentObjectsStillExist {
		t.Fatal(err)
	}
	run(t, s, "DROP TABLE t CASCADE; CREATE TABLE t (k text); INSERT INTO t VALUES ('x'); CREATE MATERIALIZED VIEW m AS SELECT k FROM t")
	rows, _ := run(t, s, "SELECT * FROM m")
	expect(t, rows, "x")
}

func TestStreamOnlyGrows(t *testing.T) {
	dir := t.TempDir()
	e := open(t, dir)
	s := connect(t, e)
	run(t, s, "CREATE STREAM f (k int, v text); INSERT INTO f VALUES (1, 'a'), (2, NULL); INSERT INTO f SELECT k + 10, v FROM f")
	if _, _, err := try(s, "DELETE FROM f"); code(err) != sqlstate.WrongObjectType {
		t.Fatal(err)
	}
	run(t, s, "CREATE MATERIALIZED VIEW big AS SELECT k FROM f WHERE k > 1")
	e.Close(context.Background())
	e = open(t, dir)
	s = connect(t, e)
	run(t, s, "INSERT INTO f VALUES (3, 'c')")
	rows, _ := run(t, s, "SELECT * FROM f")
	expect(t, rows, "1|a", "2|NULL", "11|a", "12|NULL", "3|c")
	rows, _ = run(t, s, "SELECT * FROM big")
	expect(t, rows, "2", "11", "12", "3")
}

// A constant view, and one over no rows, are the same after a restart.
func TestRestartOfConstantViews(t *testing.T) {
	dir := t.TempDir()
	e := open(t, dir)
	s := connect(t, e)
	run(t, s, `CREATE MATERIALIZED VIEW one AS SELECT 1 AS x UNION ALL SELECT 1; CREATE TABLE t (k int);
		CREATE MATERIALIZED VIEW n AS SELECT count(*) AS n FROM t; CREATE MATERIALIZED VIEW nn AS SELECT n + x AS y FROM n, one`)
	for range 3 {
		rows, _ := run(t, s, "SELECT * FROM one")
		expect(t, rows, "1", "1")
		rows, _ = run(t, s, "SELECT * FROM nn")
		expect(t, rows, "1", "1")
		e.Close(context.Background())
		e = open(t, dir)
		s = connect(t, e)
	}
	run(t, s, "INSERT INTO t VALUES (1), (1); DELETE FROM t; INSERT INTO t VALUES (5)")
	rows, _ := run(t, s, "SELECT * FROM nn")
	expect(t, rows, "2", "2")
}

// The catalogue is read like any relation: who wrote according to what it said is refused if it says something else now.
func TestCatalogueReadsAreValidated(t *testing.T) {
	e := open(t, t.TempDir())
	a, b := connect(t, e), connect(t, e)
	run(t, a, "CREATE TABLE notes (what text)")
	for i, read := range []string{"SELECT count(*) FROM pg_class WHERE relname LIKE 'made%'", "SELECT to_regclass('made0')", "SELECT count(*) FROM information_schema.tables"} {
		run(t, a, "BEGIN; "+read)
		run(t, b, fmt.Sprintf("CREATE TABLE made%d (k int)", i))
		run(t, a, "INSERT INTO notes VALUES ('no such table')")
		if _, _, err := try(a, "COMMIT"); code(err) != sqlstate.SerializationFailure {
			t.Errorf("%s: %v", read, err)
		}
		run(t, a, "BEGIN; "+read+"; CREATE TABLE again (k int); INSERT INTO again SELECT count(*) FROM pg_class; DROP TABLE again; INSERT INTO notes VALUES ('alone'); COMMIT")
	}
	// names are looked up in what the transaction sees
	rows, _ := run(t, a, "BEGIN; CREATE TABLE mine (k int); SELECT 'mine'::regclass = (SELECT oid FROM pg_class WHERE relname = 'mine'), to_regclass('mine') IS NULL, 'mine'::regclass::text")
	expect(t, rows, "t|f|mine")
	run(t, a, "ROLLBACK")
	// single statements are run again, and those that read only or write nothing of tables have nothing to fear
	run(t, a, "BEGIN; SELECT count(*) FROM pg_class")
	run(t, b, "CREATE TABLE more (k int); INSERT INTO notes SELECT relname FROM pg_class WHERE relname = 'more'")
	run(t, a, "COMMIT")
	rows, _ = run(t, a, "SELECT what, count(*) FROM notes GROUP BY what")
	expect(t, rows, "alone|3", "more|1")
}
