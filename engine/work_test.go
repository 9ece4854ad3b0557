package engine

import (
	"context"
	"fmt"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"tarn/sql/sqlstate"
)

// What statements hold while they run comes out of one budget, whatever it is: rows to be sorted, tables of operators, rows to
// be written. What would exceed it fails with 53200 (or, of one transaction, 54000), the others go on, and afterwards nothing
// is held.
func TestStatementsShareABudget(t *testing.T) {
	e := openFS(t, vfs.NewMem()) // with 64 MiB
	s := connect(t, e)
	run(t, s, "CREATE TABLE t (k int PRIMARY KEY, g int NOT NULL, pad text NOT NULL); CREATE STREAM st (k int, pad text)")
	for lo := 0; lo < 24_000; lo += 4000 { // 24 MiB, the budget is 16
		run(t, s, fmt.Sprintf("INSERT INTO t SELECT n, n %% 10, repeat(md5(n::text), 32) FROM generate_series(%d, %d) n", lo, lo+3999))
	}
	for _, c := range []struct {
		text string
		code sqlstate.Code
	}{
		{"SELECT pad FROM t ORDER BY pad", sqlstate.OutOfMemory},
		{"SELECT pad FROM t ORDER BY pad LIMIT 10", ""},
		{"SELECT pad FROM t ORDER BY pad LIMIT 20000", sqlstate.OutOfMemory},
		{"SELECT g, array_agg(pad) FROM t GROUP BY g", sqlstate.OutOfMemory},
		{"SELECT string_agg(pad, ',') FROM t", sqlstate.OutOfMemory},
		{"SELECT DISTINCT pad FROM t", sqlstate.OutOfMemory},
		{"SELECT count(*) FROM t a JOIN t b ON a.pad = b.pad", sqlstate.OutOfMemory},
		{"SELECT count(*), max(pad) FROM t", ""},
		{"UPDATE t SET g = g + 1", sqlstate.ProgramLimitExceeded},
		{"DELETE FROM t", sqlstate.ProgramLimitExceeded},
		{"TRUNCATE t", sqlstate.ProgramLimitExceeded},
		{"INSERT INTO st SELECT n, repeat('x', 1000) FROM generate_series(1, 100000000) n", sqlstate.ProgramLimitExceeded},
		{"INSERT INTO t SELECT * FROM t ON CONFLICT DO NOTHING", sqlstate.OutOfMemory},
		{"SELECT repeat('x', 1000000) FROM generate_series(1, 500)", ""},
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

// Large values, and many in one batch, are bounded: a value of a sixteenth of the memory, 4 MiB here, is refused with 54000, and
// rows that are too large together are computed in smaller batches. Sets that would not fit go by.
func TestLargeValues(t *testing.T) {
	e := openFS(t, vfs.NewMem())
	s := connect(t, e)
	for _, c := range []struct{ text, want string }{
		{"SELECT sum(length(repeat('x', 1000000))) FROM generate_series(1, 100)", "100000000"},
		{"SELECT count(*), max(length(n || repeat('y', 3000000))) FROM generate_series(1, 20) n WHERE repeat('x', 2000000 + n) > 'x'", "20|3000002"},
		{"SELECT count(*), sum(n), max(o) FROM generate_series(1, 300000) WITH ORDINALITY AS g (n, o)", "300000|45000150000|300000"},
		{"SELECT count(*), max(n) FROM generate_series(1, 2) a, generate_series(1::numeric, 20000, 0.5) n", "79998|20000.0"},
		{"SELECT count(*) FROM generate_series(timestamp '2000-01-01', '2000-12-31', '1 minute')", "525601"},
		{"SELECT n FROM generate_series(1, 9000000000000000000) n LIMIT 1", "1"},
		{"SELECT length(repeat('x', 4000000))", "4000000"},
	} {
		rows, _ := run(t, s, c.text)
		expect(t, rows, c.want)
	}
	for _, c := range []struct {
		text string
		code sqlstate.Code
	}{
		{"SELECT repeat('x', 5000000)", sqlstate.ProgramLimitExceeded},
		{"SELECT repeat('x', 2000000000) || 'y'", sqlstate.ProgramLimitExceeded},
		{"SELECT repeat(repeat('xy', 2000000), 2147483647)", sqlstate.ProgramLimitExceeded},
		{"SELECT lpad('x', 2000000000, 'abc')", sqlstate.ProgramLimitExceeded},
		{"SELECT replace(repeat('x', 3000000), 'x', repeat('y', 3000000))", sqlstate.ProgramLimitExceeded},
		{"SELECT regexp_replace(repeat('x', 1000), 'x', repeat('y', 1000000), 'g')", sqlstate.ProgramLimitExceeded},
		{"SELECT format(repeat('%1$s', 1000000), repeat('x', 3000000))", sqlstate.ProgramLimitExceeded},
		{"SELECT format('%100000000s', 'x')", sqlstate.ProgramLimitExceeded},
		{"SELECT array_to_string(array_fill(1, ARRAY[100000]), repeat('x', 3000000))", sqlstate.ProgramLimitExceeded},
		{"SELECT array_fill(1, ARRAY[100000000])", sqlstate.ProgramLimitExceeded},
		{"SELECT concat_ws(repeat('x', 3000000), 1, 2, 3, 4)", sqlstate.ProgramLimitExceeded},
		{"SELECT generate_series(1, 2000000000), generate_series(1, 2)", sqlstate.OutOfMemory},
		{"SELECT array_agg(n) FROM generate_series(1, 100000000) n", sqlstate.OutOfMemory},
		{"SELECT string_agg(repeat('x', 100), ',') FROM generate_series(1, 1000000)", sqlstate.OutOfMemory},
	} {
		_, _, err := try(s, c.text)
		if code(err) != c.code || sqlstate.From(err).Hint == "" && c.code == sqlstate.OutOfMemory {
			t.Errorf("%s: %v, want %q", c.text, err, c.code)
		}
	}
	if used := e.work.Used(); used != 0 {
		t.Errorf("%d bytes are held", used)
	}
}

// Eight sessions at once do what takes the most memory, again and again: each statement ends with its answer or with an error that
// says so, reads of single rows go on beside them, and the heap stays within twice the memory and a constant.
func TestHostileStatements(t *testing.T) {
	const memory, most = 64 << 20, 2*(64<<20) + 192<<20
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as the server does
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(128 << 20))
	e := openFS(t, vfs.NewMem()) // with so much memory
	s := connect(t, e)
	run(t, s, "CREATE TABLE t (k int PRIMARY KEY, g int NOT NULL, pad text NOT NULL); CREATE STREAM st (k int, pad text)")
	for lo := 0; lo < 24_000; lo += 4000 {
		run(t, s, fmt.Sprintf("INSERT INTO t SELECT n, n %% 10, repeat(md5(n::text), 32) FROM generate_series(%d, %d) n", lo, lo+3999))
	}
	statements := []string{
		"SELECT pad FROM t ORDER BY pad", "SELECT a.k FROM t a JOIN t b ON a.pad = b.pad", "SELECT g, array_agg(pad) FROM t GROUP BY g",
		"SELECT string_agg(pad, ',') FROM t", "SELECT length(string_agg(repeat('x', 1000), '')) FROM t", "SELECT a.k FROM t a, t b ORDER BY a.pad, b.pad",
		"SELECT repeat('x', 1000000) FROM generate_series(1, 100)", "SELECT repeat('x', 1000000000)", "UPDATE t SET g = g + 1", "DELETE FROM t",
		"INSERT INTO st SELECT n, repeat('x', 1000) FROM generate_series(1, 1000000) n", "SELECT array_agg(n) FROM generate_series(1, 1000000000) n",
		"SELECT count(DISTINCT pad) FROM t", "SELECT array_fill(n, ARRAY[100000]) AS a FROM generate_series(1, 1000) n ORDER BY a",
	}
	heap := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(heap)
	base := heap[0].Value.Uint64() // what the disk in memory and other tests have
	peak := uint64(0)
	var hostile sync.WaitGroup
	for i := range 8 {
		own := connect(t, e)
		hostile.Go(func() {
			for j := range 7 {
				text := statements[(i*5+j)%len(statements)]
				switch err := drop(own, text); code(err) {
				case "", sqlstate.OutOfMemory, sqlstate.ProgramLimitExceeded:
				default:
					t.Errorf("%s: %v", text, err)
				}
			}
		})
	}
	done := make(chan struct{})
	go func() { hostile.Wait(); close(done) }()
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
		}
		rows, _ := run(t, s, "SELECT k FROM t WHERE k = 77")
		expect(t, rows, "77")
		metrics.Read(heap)
		peak = max(peak, heap[0].Value.Uint64())
	}
	if used := e.work.Used(); used != 0 {
		t.Errorf("%d bytes are held", used)
	}
	t.Logf("the heap had %d MiB at most, %d at first; the memory is %d", peak>>20, base>>20, memory>>20)
	if peak > base+most {
		t.Errorf("the heap had %d bytes, %d more than at first", peak, peak-base)
	}
}

// drop executes a statement for its effects, and for what it takes.
func drop(s *Session, text string) error {
	statements, err := s.Parse(text)
	if err != nil {
		return err
	}
	p, err := s.Prepare(context.Background(), statements[0], nil)
	if err != nil {
		s.Fail()
		return err
	}
	_, err = s.ExecuteLast(context.Background(), p, nil, discard{})
	return err
}
