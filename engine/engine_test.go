package engine

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"sort"
	"strings"
	"testing"

	"tarn/delta"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// recorder is a client that keeps what it is sent.
type recorder struct {
	fields   []Field
	rows     []string
	notices  []string
	in       io.Reader
	out      strings.Builder
	onFlush  func() error
	onNotice func()
}

func (r *recorder) Rows(b *delta.Batch) error {
	for i := 0; i < b.Len; i++ {
		var parts []string
		for c := range r.fields {
			d := b.Cols[c].Datum(i)
			if d.Null {
				parts = append(parts, "NULL")
				continue
			}
			parts = append(parts, string(types.AppendText(nil, r.fields[c].Type, d, nil)))
		}
		r.rows = append(r.rows, strings.Join(parts, "|"))
	}
	return nil
}

func (r *recorder) Flush() error {
	if r.onFlush != nil {
		return r.onFlush()
	}
	return nil
}
func (r *recorder) CopyIn(int) (io.Reader, error)  { return r.in, nil }
func (r *recorder) CopyOut(int) (io.Writer, error) { return &r.out, nil }
func (r *recorder) Notice(n *sqlstate.Error) {
	r.notices = append(r.notices, n.Message+n.Detail)
	if r.onNotice != nil {
		r.onNotice()
	}
}
func (r *recorder) Parameter(string, string) {}

// open opens a database in a directory; it is closed with the test.
func open(t testing.TB, dir string) *Engine {
	t.Helper()
	e, err := Open(context.Background(), Config{Dir: dir, Memory: 256 << 20, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close(context.Background()) })
	return e
}

// run executes statements one by one, each its own transaction unless they say otherwise, and returns the rows and tag of
// the last.
func run(t testing.TB, s *Session, text string, params ...types.Datum) ([]string, string) {
	t.Helper()
	rows, tag, err := try(s, text, params...)
	if err != nil {
		t.Fatalf("%s: %v %s", text, err, sqlstate.From(err).Hint)
	}
	return rows, tag
}

func try(s *Session, text string, params ...types.Datum) (rows []string, tag string, err error) {
	statements, err := s.Parse(text)
	if err != nil {
		return nil, "", err
	}
	for _, st := range statements {
		p, err := s.Prepare(context.Background(), st, nil)
		if err != nil {
			s.Fail()
			return nil, "", err
		}
		r := &recorder{fields: p.Fields}
		if tag, err = s.ExecuteLast(context.Background(), p, params, r); err != nil {
			return nil, "", err
		}
		rows = r.rows
	}
	return rows, tag, nil
}

func connect(t testing.TB, e *Engine) *Session {
	t.Helper()
	s, err := e.Connect("tarn", "tarn", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func expect(t testing.TB, got []string, want ...string) {
	t.Helper()
	sort.Strings(got)
	sort.Strings(want)
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Fatalf("got  %q\nwant %q", got, want)
	}
}

// The transcript of the first minute: a table, a stream, a view over both, and every change shows in the view at once.
func TestFirstMinute(t *testing.T) {
	dir := t.TempDir()
	e := open(t, dir)
	s := connect(t, e)
	run(t, s, `CREATE TABLE airports (iata text PRIMARY KEY, name text NOT NULL, state text, latitude float8, longitude float8);
		CREATE STREAM flights (at timestamptz NOT NULL, origin text, destination text, delay int, distance int);
		INSERT INTO airports VALUES ('SEA', 'Seattle', 'WASH', 47.4, -122.3), ('SFO', 'San Francisco', 'CA', 37.6, -122.4);
		CREATE MATERIALIZED VIEW delays AS
		  SELECT a.state, count(*) AS flights, avg(f.delay) AS avg_delay, max(f.delay) AS worst
		  FROM flights f JOIN airports a ON a.iata = f.origin GROUP BY a.state HAVING count(*) > 1;
		INSERT INTO flights VALUES (now(), 'SEA', 'SFO', 12, 678), (now(), 'SEA', 'SFO', 20, 678), (now(), 'SFO', 'SEA', 5, 678)`)
	rows, _ := run(t, s, "SELECT * FROM delays")
	expect(t, rows, "WASH|2|16.0000000000000000|20")
	if _, tag := run(t, s, "UPDATE airports SET state = 'WA' WHERE iata = 'SEA'"); tag != "UPDATE 1" {
		t.Fatal(tag)
	}
	rows, _ = run(t, s, "SELECT * FROM delays")
	expect(t, rows, "WA|2|16.0000000000000000|20")
	run(t, s, "DELETE FROM airports WHERE iata = 'SEA'")
	rows, _ = run(t, s, "SELECT * FROM delays")
	expect(t, rows)
	if err := e.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	e = open(t, dir)
	s = connect(t, e)
	run(t, s, "INSERT INTO airports VALUES ('SEA', 'Seattle', 'WA', 47.4, -122.3)")
	rows, _ = run(t, s, "SELECT state, flights FROM delays")
	expect(t, rows, "WA|2")
}
