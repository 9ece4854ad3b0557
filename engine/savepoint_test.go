package engine

import (
	"testing"

	"tarn/sql/sqlstate"
)

func TestSavepoints(t *testing.T) {
	e := open(t, t.TempDir())
	s := connect(t, e)
	run(t, s, `CREATE TABLE t (k int PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'one');
		CREATE MATERIALIZED VIEW n AS SELECT count(*) AS n FROM t`)
	run(t, s, `BEGIN; INSERT INTO t VALUES (2, 'two'); SAVEPOINT a; UPDATE t SET v = v || '!'; CREATE TABLE u (k int);
		INSERT INTO u VALUES (1); SAVEPOINT b; DELETE FROM t`)
	rows, _ := run(t, s, "ROLLBACK TO b; SELECT v, (SELECT count(*) FROM u) FROM t")
	expect(t, rows, "one!|1", "two!|1")
	rows, _ = run(t, s, "ROLLBACK TO SAVEPOINT a; SELECT v FROM t")
	expect(t, rows, "one", "two")
	if _, _, err := try(s, "SELECT * FROM u"); code(err) != sqlstate.UndefinedTable {
		t.Fatal(err)
	}
	if _, tag := run(t, s, "ROLLBACK TO a"); tag != "ROLLBACK" || s.Status() != 'T' {
		t.Fatal(tag, s.Status())
	}
	// A failed statement costs only what came after the savepoint, and its key is free again.
	if _, _, err := try(s, "INSERT INTO t VALUES (3, 'three'); INSERT INTO t VALUES (2, 'zwei')"); code(err) != sqlstate.UniqueViolation {
		t.Fatal(err)
	}
	if _, _, err := try(s, "SAVEPOINT c"); code(err) != sqlstate.InFailedSQLTransaction {
		t.Fatal(err)
	}
	run(t, s, "ROLLBACK TO a; INSERT INTO t VALUES (3, 'drei'); RELEASE a; CREATE MATERIALIZED VIEW m AS SELECT max(k) AS k FROM t; COMMIT")
	rows, _ = run(t, s, "SELECT v, n, m.k FROM t, n, m")
	expect(t, rows, "one|3|3", "two|3|3", "drei|3|3")
}

// A savepoint hides older ones of its name; ids of relations that were taken back are given again.
func TestSavepointNames(t *testing.T) {
	e := open(t, t.TempDir())
	s := connect(t, e)
	run(t, s, `CREATE TABLE t (k int); BEGIN; SAVEPOINT a; INSERT INTO t VALUES (1); SAVEPOINT a; INSERT INTO t VALUES (2);
		ROLLBACK TO a; RELEASE a; ROLLBACK TO a; CREATE MATERIALIZED VIEW m AS SELECT k FROM t; ROLLBACK TO a;
		CREATE TABLE u (k int PRIMARY KEY); INSERT INTO u VALUES (7); INSERT INTO t VALUES (3); COMMIT`)
	rows, _ := run(t, s, "SELECT * FROM t, u")
	expect(t, rows, "3|7")
	run(t, s, `BEGIN; SAVEPOINT a; CREATE TABLE x (k int PRIMARY KEY); INSERT INTO x VALUES (1); INSERT INTO x VALUES (2);
		ROLLBACK TO a; CREATE TABLE y (v text, k text PRIMARY KEY); INSERT INTO y VALUES ('one', 'a'); INSERT INTO y VALUES ('two', 'b')`)
	rows, _ = run(t, s, "SELECT * FROM y WHERE k = 'b'")
	expect(t, rows, "two|b")
	if _, _, err := try(s, "INSERT INTO y VALUES ('three', 'a')"); code(err) != sqlstate.UniqueViolation {
		t.Fatal(err)
	}
	run(t, s, "ROLLBACK")
	for text, want := range map[string]string{
		"SAVEPOINT a":                    "SAVEPOINT can only be used in transaction blocks (SQLSTATE 25P01)",
		"RELEASE a":                      "RELEASE SAVEPOINT can only be used in transaction blocks (SQLSTATE 25P01)",
		"ROLLBACK TO a":                  "ROLLBACK TO SAVEPOINT can only be used in transaction blocks (SQLSTATE 25P01)",
		"BEGIN; RELEASE a":               `savepoint "a" does not exist (SQLSTATE 3B001)`,
		"ROLLBACK; BEGIN; ROLLBACK TO a": `savepoint "a" does not exist (SQLSTATE 3B001)`,
	} {
		if _, _, err := try(s, text); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
		run(t, s, "ROLLBACK")
	}
}

// SET is undone with the transaction, or with the part of it, that it was made in.
func TestSettingsOfTransactions(t *testing.T) {
	e := open(t, t.TempDir())
	s := connect(t, e)
	run(t, s, "SET application_name = 'a'")
	for text, want := range map[string]string{
		"BEGIN; SET application_name = 'b'; ROLLBACK":                                                             "a",
		"BEGIN; SET LOCAL application_name = 'b'; COMMIT":                                                         "a",
		"BEGIN; SET application_name = 'b'; SAVEPOINT p; SET LOCAL application_name = 'c'; ROLLBACK TO p; COMMIT": "b",
		"BEGIN; SAVEPOINT p; SET application_name = 'c'; ROLLBACK TO p; COMMIT":                                   "a",
		"BEGIN; SET application_name = 'b'; COMMIT":                                                               "b",
		"SELECT set_config('application_name', 'b', true)":                                                        "a",
	} {
		run(t, s, "SET application_name = 'a'")
		run(t, s, text)
		rows, _ := run(t, s, "SHOW application_name")
		if len(rows) != 1 || rows[0] != want {
			t.Errorf("%s: %v, want %s", text, rows, want)
		}
	}
}

// A row that ROLLBACK TO takes back was told to be new: if its key is taken by the time of the commit, the transaction saw what was
// not so then.
func TestKeysTakenBackAreRead(t *testing.T) {
	e := open(t, t.TempDir())
	a, b := connect(t, e), connect(t, e)
	run(t, a, "CREATE TABLE t (k int PRIMARY KEY); CREATE TABLE u (x int)")
	run(t, a, "BEGIN; SAVEPOINT s; INSERT INTO t VALUES (1), (2); ROLLBACK TO s; INSERT INTO u VALUES (1)")
	run(t, b, "INSERT INTO t VALUES (3)")
	run(t, a, "COMMIT") // another key is nobody's business
	run(t, a, "BEGIN; SAVEPOINT s; INSERT INTO t VALUES (1), (2); ROLLBACK TO s; INSERT INTO u VALUES (1)")
	run(t, b, "INSERT INTO t VALUES (2)")
	if _, _, err := try(a, "COMMIT"); code(err) != sqlstate.SerializationFailure {
		t.Fatal(err)
	}
}
