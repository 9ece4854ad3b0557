package engine

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"tarn/sql/sqlstate"
)

// beside runs statements of a session again and again while a detached one of it runs, and returns what that gives.
func beside(t *testing.T, s *Session, query, statements string) ([]string, error) {
	t.Helper()
	parsed, err := s.Parse(query)
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Prepare(context.Background(), parsed[0], nil)
	if err != nil {
		t.Fatal(err)
	}
	r := &recorder{fields: p.Fields}
	run := s.Detach(p, nil)
	var wg sync.WaitGroup
	ended := make(chan error, 1)
	wg.Go(func() {
		_, err := run(context.Background(), r)
		ended <- err
	})
	defer wg.Wait()
	for n := 0; ; n++ {
		select {
		case err := <-ended:
			return r.rows, err
		default:
			if _, _, err := try(s, strings.ReplaceAll(statements, "$n", fmt.Sprint(n))); err != nil {
				t.Errorf("%s: %v", statements, err)
				return nil, <-ended
			}
		}
	}
}

// A suspended portal runs on a goroutine of its own, and its session goes on: it may set what the portal reads, write what it
// reads, and the portal may set something itself. The portal sees all as it was when it began.
func TestDetachedStatement(t *testing.T) {
	e := open(t, t.TempDir())
	s := connect(t, e)
	run(t, s, `CREATE TABLE t (k int PRIMARY KEY); INSERT INTO t SELECT g FROM generate_series(0, 19999) g; CREATE MATERIALIZED VIEW n AS SELECT count(*) AS n FROM t;
		SET application_name = 'before'; SET TimeZone = 'Europe/Berlin'; CREATE SCHEMA other; BEGIN; INSERT INTO t VALUES (-1)`)
	const query = `SELECT k, current_setting('application_name') AS app, current_setting('TimeZone') AS zone, '2020-01-01 00:00:00Z'::timestamptz::text AS at,
		current_schema(), to_regclass('t')::text, (SELECT setting FROM pg_settings WHERE name = 'application_name') AS shown FROM t WHERE k < 20000
		AND EXISTS (SELECT 1 FROM t x WHERE x.k = t.k) AND EXISTS (SELECT 1 FROM n WHERE n = 20001)`
	rows, err := beside(t, s, query, `SET application_name = 'n$n'; SET TimeZone = 'Asia/Tokyo'; SET LOCAL search_path = other, public; RESET search_path; INSERT INTO t VALUES (20000 + $n);
		SELECT count(*) FROM t WHERE k = $n; SET statement_timeout = '1h'; SHOW application_name`)
	if err != nil || len(rows) != 20001 {
		t.Fatal(len(rows), err)
	}
	for _, row := range rows {
		if want := "|before|Europe/Berlin|2020-01-01 01:00:00+01|public|t|before"; !strings.HasSuffix(row, want) {
			t.Fatalf("got %s, want %s", row, want)
		}
	}
	rows, err = beside(t, s, "SELECT set_config('my.number', g::text, false), set_config('TimeZone', 'UTC', true) FROM generate_series(1, 5000) g", "SET application_name = 'n$n'")
	if err != nil || len(rows) != 5000 {
		t.Fatal(len(rows), err)
	}
	rows, _ = run(t, s, "SELECT current_setting('my.number'), current_setting('TimeZone')")
	expect(t, rows, "5000|UTC")
	// an error is the transaction's when the session hears of it
	if _, err = beside(t, s, "SELECT 1 / (4000 - g) FROM generate_series(1, 5000) g", "SELECT 1"); code(err) != sqlstate.DivisionByZero || s.Status() != 'T' {
		t.Fatal(err, string(s.Status()))
	}
	s.Fail()
	if s.Status() != 'E' {
		t.Fatal(string(s.Status()))
	}
	run(t, s, "ROLLBACK")
	rows, _ = run(t, s, "SELECT current_setting('application_name'), current_setting('TimeZone'), count(*) FROM t")
	expect(t, rows, "before|Europe/Berlin|20000")
}

// What a detached statement has read is validated with the rest of its transaction.
func TestDetachedReads(t *testing.T) {
	e := open(t, t.TempDir())
	a, b := connect(t, e), connect(t, e)
	run(t, a, "CREATE TABLE t (k int PRIMARY KEY); CREATE TABLE u (k int); BEGIN")
	if rows, err := beside(t, a, "SELECT count(*) FROM t", "SELECT 1"); err != nil || rows[0] != "0" {
		t.Fatal(rows, err)
	}
	run(t, b, "INSERT INTO t VALUES (1)")
	run(t, a, "INSERT INTO u VALUES (1)")
	if _, _, err := try(a, "COMMIT"); code(err) != sqlstate.SerializationFailure {
		t.Fatal(err)
	}
}
