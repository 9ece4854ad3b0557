package engine

import (
	"context"
	"fmt"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"tarn/sql/sqlstate"
)

// What statements hold while they run comes out of one budget, whatever it is: rows to be sorted,
// tables of operators, rows to be written. What would exceed it fails with 53200 (or, of one transaction, 54000), the others go
// on, and afterwards nothing is held.
func TestStatementsShareABudget(t *testing.T) {
	e := openFS(t, vfs.NewMem()) // with 64 MiB
	s := connect(t, e)
	run(t, s, "CREATE TABLE t (k int PRIMARY KEY, g int NOT NULL, pad text NOT NULL); CREATE STREAM st (k int, pad text)")
	for lo := 0; lo < 40_000; lo += 4000 { // 40 MiB, the budget is 16
		run(t, s, fmt.Sprintf("INSERT INTO t SELECT n, n %% 10, repeat(md5(n::text), 32) FROM generate_series(%d, %d) n", lo, lo+3999))
	}
	for _, c := range []struct {
		text string
		code sqlstate.Code
	}{
		{"SELECT pad FROM t ORDER BY pad", sqlstate.OutOfMemory},
		{"SELECT pad FROM t ORDER BY pad LIMIT 10", ""},
		{"SELECT pad FROM t ORDER BY pad LIMIT 30000", sqlstate.OutOfMemory},
		{"SELECT g, array_agg(pad) FROM t GROUP BY g", sqlstate.OutOfMemory},
		{"SELECT string_agg(pad, ',') FROM t", sqlstate.OutOfMemory},
		{"SELECT DISTINCT pad FROM t", sqlstate.OutOfMemory},
		{"SELECT count(*) FROM t a JOIN t b ON a.pad = b.pad", sqlstate.OutOfMemory},
		{"SELECT count(*), max(pad) FROM t", ""},
		{"UPDATE t SET g = g + 1", sqlstate.ProgramLimitExceeded},
		{"DELETE FROM t", sqlstate.ProgramLimitExceeded},
		{"TRUNCATE t", sqlstate.ProgramLimitExceeded},
		{"CREATE TABLE u AS SELECT * FROM t", sqlstate.ProgramLimitExceeded},
	} {
		_, _, err := try(s, c.text)
		if code(err) != c.code || err != nil && sqlstate.From(err).Hint == "" {
			t.Errorf("%s: %v, want %q", c.text, err, c.code)
		}
		if used := e.work.Used(); used != 0 {
			t.Fatalf("%s: %d bytes are held", c.text, used)
		}
	}
	// Two transactions, neither of which is too large.
	half := "BEGIN; INSERT INTO st SELECT n, repeat('x', 1000) FROM generate_series(1, 9000) n"
	run(t, s, half)
	other := connect(t, e)
	if _, _, err := try(other, half); code(err) != sqlstate.OutOfMemory {
		t.Error(err)
	}
	run(t, other, "ROLLBACK")
	rows, _ := run(t, other, "SELECT k FROM t WHERE k = 7")
	expect(t, rows, "7")
	run(t, s, "ROLLBACK")
	run(t, other, half+"; SAVEPOINT a; INSERT INTO st SELECT n, repeat('x', 1000) FROM generate_series(1, 5000) n; ROLLBACK TO a; INSERT INTO st SELECT n, repeat('x', 1000) FROM generate_series(1, 5000) n; COMMIT")
	if used := e.work.Used(); used != 0 {
		t.Errorf("%d bytes are held", used)
	}
	if err := e.Close(context.Background()); err != nil {
		t.Error(err)
	}
}
