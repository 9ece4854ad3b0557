package engine

import (
	"testing"

	"tarn/delta"
)

// largest is a client that remembers how large the largest batch was.
type largest struct {
	discard
	rows  int
	bytes int64
}

func (l *largest) Rows(b *delta.Batch) error {
	l.rows += b.Len
	l.bytes = max(l.bytes, b.Bytes())
	return nil
}

// A long row that has many partners, on either side, goes on in parts.
func TestLongRowsAreJoinedInParts(t *testing.T) {
	s := connect(t, open(t, t.TempDir()))
	run(t, s, "CREATE TABLE long (k int, v text); CREATE TABLE many (k int, n int); INSERT INTO long VALUES (1, repeat('x', 1000000))")
	run(t, s, "INSERT INTO many SELECT 1, generate_series(1, 300)")
	for _, query := range []string{
		"SELECT v, n FROM long, many",
		"SELECT v, n FROM many, long",
		"SELECT v, n FROM long JOIN many USING (k)",
		"SELECT v, n FROM many JOIN long USING (k)",
		"SELECT v, n FROM many LEFT JOIN long ON many.k = long.k AND n > 0",
	} {
		statements, err := s.Parse(query)
		if err != nil {
			t.Fatal(err)
		}
		p, err := s.Prepare(t.Context(), statements[0], nil)
		if err != nil {
			t.Fatal(err)
		}
		l := &largest{}
		if _, err := s.ExecuteLast(t.Context(), p, nil, l); err != nil {
			t.Fatal(err)
		}
		if l.rows != 300 || l.bytes > 20<<20 {
			t.Errorf("%s: %d rows, the largest batch of %d bytes", query, l.rows, l.bytes)
		}
	}
}
