package engine

import (
	"testing"

	"tarn/sql/sqlstate"
)

func TestCursor(t *testing.T) {
	s := connect(t, open(t, t.TempDir()))
	run(t, s, `CREATE TABLE t (k int PRIMARY KEY); INSERT INTO t SELECT g FROM generate_series(1, 10000) AS g;
		BEGIN; INSERT INTO t VALUES (0); DECLARE c CURSOR FOR SELECT k FROM t ORDER BY k; DELETE FROM t WHERE k < 5000`)
	rows, tag := run(t, s, "FETCH 2 FROM c")
	expect(t, rows, "0", "1")
	if tag != "FETCH 2" {
		t.Fatal(tag)
	}
	rows, _ = run(t, s, "MOVE 5000 IN c; FETCH c")
	expect(t, rows, "5002")
	rows, _ = run(t, s, "FETCH ABSOLUTE 9999 c; FETCH RELATIVE 2 c")
	expect(t, rows, "10000")
	if _, tag := run(t, s, "FETCH ALL c"); tag != "FETCH 0" {
		t.Fatal(tag)
	}
	if _, _, err := try(s, "FETCH PRIOR c"); code(err) != sqlstate.ObjectNotInPrerequisiteState {
		t.Fatal(err)
	}
	run(t, s, "ROLLBACK")
	if _, _, err := try(s, "FETCH c"); code(err) != sqlstate.InvalidCursorName {
		t.Fatal(err)
	}
}

// A cursor lives as long as the part of the transaction that declared it; an error of its query is FETCH's.
func TestCursorsAndSavepoints(t *testing.T) {
	s := connect(t, open(t, t.TempDir()))
	run(t, s, `BEGIN; DECLARE a CURSOR FOR VALUES (1), (2); SAVEPOINT p; DECLARE b CURSOR FOR VALUES (3); SAVEPOINT q;
		DECLARE e CURSOR FOR SELECT 1 / 0; RELEASE q`)
	if _, _, err := try(s, "FETCH e"); code(err) != sqlstate.DivisionByZero {
		t.Fatal(err)
	}
	rows, _ := run(t, s, "ROLLBACK TO p; FETCH a")
	expect(t, rows, "1")
	run(t, s, "SAVEPOINT r")
	for _, name := range []string{"b", "e"} {
		if _, _, err := try(s, "FETCH "+name); code(err) != sqlstate.InvalidCursorName {
			t.Fatal(err)
		}
		run(t, s, "ROLLBACK TO r")
	}
	rows, _ = run(t, s, "FETCH a")
	expect(t, rows, "2")
	if _, _, err := try(s, "DECLARE a CURSOR FOR SELECT 1"); code(err) != sqlstate.DuplicateCursor {
		t.Fatal(err)
	}
	run(t, s, "ROLLBACK TO r; CLOSE a; CLOSE ALL; COMMIT")
	if _, _, err := try(s, "DECLARE a CURSOR FOR SELECT 1"); code(err) != sqlstate.NoActiveSQLTransaction {
		t.Fatal(err)
	}
	run(t, s, "CLOSE ALL")
}
