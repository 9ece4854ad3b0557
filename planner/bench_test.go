package planner

import (
	"fmt"
	"strings"
	"testing"

	"tarn/sql"
	"tarn/sql/stmt"
)

// BenchmarkPointSelect plans a look-up by key from its parsed text.
func BenchmarkPointSelect(b *testing.B) {
	cat, env := testCatalog(), &Env{}
	list, err := sql.Parse("SELECT id, a, b FROM t WHERE id = $1")
	if err != nil {
		b.Fatal(err)
	}
	q := list[0].Node.(*stmt.Select).Query
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Query(cat, env, q); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkInsertLiterals plans INSERT .. VALUES of a row, and of a thousand rows, of literals.
func BenchmarkInsertLiterals(b *testing.B) {
	for _, rows := range []int{1, 1000} {
		b.Run(fmt.Sprint(rows), func(b *testing.B) {
			var text strings.Builder
			text.WriteString("INSERT INTO t VALUES ")
			for i := range rows {
				if i > 0 {
					text.WriteByte(',')
				}
				fmt.Fprintf(&text, "(%d, %d, 'row %d', %d.5)", i, i*7, i, i)
			}
			cat, env := testCatalog(), &Env{}
			list, err := sql.Parse(text.String())
			if err != nil {
				b.Fatal(err)
			}
			st := list[0].Node.(*stmt.Insert)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Insert(cat, env, st); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
