package engine

import (
	"context"
	"fmt"
	"testing"

	"tarn/sql/types"
)

// BenchmarkStatement is what single statements by key cost a session, each its own transaction: prepared once, planned
// anew from a text that was seen before (as unnamed statements with parameters are), and from a text never seen.
func BenchmarkStatement(b *testing.B) {
	const rows = 100_000
	e := open(b, b.TempDir())
	s := connect(b, e)
	run(b, s, "CREATE TABLE kv (id int PRIMARY KEY, v int, t text)")
	run(b, s, fmt.Sprintf("INSERT INTO kv SELECT g, g, 'value ' || g FROM generate_series(1, %d) AS g", rows))
	run(b, s, "CREATE TABLE fresh (id int PRIMARY KEY, v int, t text)")
	next := int64(0)
	for _, st := range []struct {
		name, prepared, literal string
	}{
		{"select", "SELECT * FROM kv WHERE id = $1", "SELECT * FROM kv WHERE id = %d"},
		{"update", "UPDATE kv SET v = v + 1 WHERE id = $1", "UPDATE kv SET v = v + 1 WHERE id = %d"},
		{"insert", "INSERT INTO fresh VALUES ($1, 1, 'hello')", "INSERT INTO fresh VALUES (%d, 1, 'hello')"},
	} {
		argument := func() int64 {
			if next++; st.name == "insert" {
				return next
			}
			return next*7919%rows + 1
		}
		execute := func(b *testing.B, p *Prepared, params ...types.Datum) {
			if _, err := s.ExecuteLast(context.Background(), p, params, discard{}); err != nil {
				b.Fatal(err)
			}
		}
		prepare := func(b *testing.B, text string) *Prepared {
			parsed, err := s.Parse(text)
			if err != nil {
				b.Fatal(err)
			}
			p, err := s.Prepare(context.Background(), parsed[0], nil)
			if err != nil {
				b.Fatal(err)
			}
			return p
		}
		b.Run(st.name+"/prepared", func(b *testing.B) {
			p := prepare(b, st.prepared)
			b.ReportAllocs()
			for b.Loop() {
				execute(b, p, types.Datum{Int: argument()})
			}
		})
		b.Run(st.name+"/planned", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				execute(b, prepare(b, st.prepared), types.Datum{Int: argument()})
			}
		})
		b.Run(st.name+"/parsed", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				execute(b, prepare(b, fmt.Sprintf(st.literal, argument())))
			}
		})
	}
}
