package engine

import (
	"log/slog"
	"testing"
	"time"
)

// Whoever waits for a view to be filled is told how far it is.
func TestProgressOfCreateView(t *testing.T) {
	e, err := Open(t.Context(), Config{Dir: t.TempDir(), Logger: slog.New(slog.DiscardHandler), hydrateSave: 300, progressEvery: time.Nanosecond})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close(t.Context())
	s := connect(t, e)
	run(t, s, "CREATE STREAM s (n int)")
	for range 3 {
		run(t, s, "INSERT INTO s SELECT generate_series(1, 10000)")
	}
	statements, err := s.Parse("CREATE MATERIALIZED VIEW v AS SELECT n % 7 AS n, count(*) FROM s GROUP BY 1")
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Prepare(t.Context(), statements[0], nil)
	if err != nil {
		t.Fatal(err)
	}
	r := &recorder{}
	if _, err := s.ExecuteLast(t.Context(), p, nil, r); err != nil {
		t.Fatal(err)
	}
	// How many rows are read at a time is the log's affair.
	if len(r.notices) < 2 || r.notices[len(r.notices)-1] != `materialized view "v" is being filled: 30000 rows read` {
		t.Fatalf("notices %q", r.notices)
	}
}
