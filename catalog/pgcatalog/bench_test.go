package pgcatalog

import (
	"fmt"
	"testing"

	"tarn/catalog"
	"tarn/sql/types"
)

// BenchmarkManyRelations reads pg_attribute, and asks of each relation whether it is visible, in a database of 1,000 tables.
func BenchmarkManyRelations(b *testing.B) {
	s := catalog.Empty(Relations())
	columns := []catalog.Column{{Name: "id", Type: types.Of(types.Int8OID)}, {Name: "v", Type: types.Of(types.TextOID)}}
	for i := range 1000 {
		s = s.With(&catalog.Relation{ID: uint32(16385 + i), Schema: "public", Name: fmt.Sprintf("t%d", i), Kind: catalog.Table, Columns: columns, Key: []int{0}})
	}
	rel, _ := s.Relation("pg_catalog", "pg_attribute")
	for b.Loop() {
		src := &Source{Snapshot: s, Schemas: []string{"public"}}
		if _, err := Rows(rel, src, []int{0, 1, 2, 5}); err != nil {
			b.Fatal(err)
		}
		f := Functions(src.itself)
		for _, o := range src.userObjects() {
			if !f.Visible(int64(o.oid)) {
				b.Fatal(o.name())
			}
		}
	}
}
