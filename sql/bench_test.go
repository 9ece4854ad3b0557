package sql

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkParse parses without the cache.
func BenchmarkParse(b *testing.B) {
	var values strings.Builder
	values.WriteString("INSERT INTO t VALUES ")
	for i := range 5000 {
		if i > 0 {
			values.WriteByte(',')
		}
		fmt.Fprintf(&values, "(%d, 'name %d', %d.5, true, NULL)", i, i, i)
	}
	list := "SELECT a FROM t WHERE a IN (1" + strings.Repeat(", 12345", 9999) + ")"
	for _, c := range []struct{ name, text string }{
		{"point", "SELECT id, name FROM users WHERE id = $1"},
		{"insert", "INSERT INTO t (a, b, c) VALUES ($1, $2, $3)"},
		{"aggregate", "SELECT a.state, count(*) AS flights, avg(f.delay) AS avg_delay, max(f.delay) AS worst FROM flights f JOIN airports a ON a.iata = f.origin WHERE f.delay > 10 AND a.state <> 'WA' GROUP BY a.state HAVING count(*) > 10 ORDER BY 2 DESC LIMIT 5"},
		{"in10000", list},
		{"values5000", values.String()},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.text)))
			b.ReportAllocs()
			for range b.N {
				if _, err := parse(c.text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
