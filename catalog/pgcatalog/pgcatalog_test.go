package pgcatalog

import (
	"strings"
	"testing"

	"tarn/catalog"
	"tarn/sql/types"
)

// shop is a catalogue with one relation of each kind.
func shop() *catalog.Snapshot {
	columns := func(spec ...string) []catalog.Column {
		var out []catalog.Column
		for _, s := range spec {
			name, typeName, _ := strings.Cut(s, " ")
			typeName, notNull := strings.CutSuffix(typeName, "!")
			oid, ok := types.ByName(typeName)
			if !ok {
				panic(typeName)
			}
			out = append(out, catalog.Column{Name: name, Type: types.Of(oid), NotNull: notNull})
		}
		return out
	}
	airports := columns("iata text!", "name varchar!", "state bpchar", "latitude float8", "tags text[]")
	airports[1].Type.Mod = 104
	airports[1].Comment = "as on the sign"
	airports[2].Default = "'CA'::bpchar"
	s := catalog.Empty(Relations())
	s = s.WithSchema(&catalog.Schema{ID: 16384, Name: "sales"})
	s = s.With(&catalog.Relation{ID: 16385, Schema: "public", Name: "airports", Kind: catalog.Table, Columns: airports, Key: []int{0},
		KeyName: "airports_pkey", Comment: "where one lands"})
	s = s.With(&catalog.Relation{ID: 16386, Schema: "sales", Name: "Flights", Kind: catalog.Stream, Append: true,
		Columns: columns("at timestamptz!", "origin text", "delay int4"), Options: map[string]string{"retention": "7 days"}})
	s = s.With(&catalog.Relation{ID: 16387, Schema: "public", Name: "late", Kind: catalog.View, Query: `SELECT * FROM sales."Flights" WHERE delay > 15`,
		Columns: columns("at timestamptz", "origin text", "delay int4"), Depends: []uint32{16386}})
	return s.With(&catalog.Relation{ID: 16388, Schema: "public", Name: "delays", Kind: catalog.MaterializedView,
		Query: `SELECT origin, count(*) AS n FROM late GROUP BY origin`, Columns: columns("origin text", "n int8"), Key: []int{0}, Depends: []uint32{16387}})
}

func shopSource() *Source {
	return &Source{
		Snapshot: shop(), User: "ann", Database: "shop", Schemas: []string{"public"},
		RowCount: func(id uint32) float64 { return 7 },
		Sessions: func() []Session {
			return []Session{{PID: 3, User: "ann", Database: "shop", State: "active", Query: "SELECT 1", Started: 1, QueryStarted: 2}}
		},
		Settings: func() []Setting { return []Setting{{"TimeZone", "UTC", "UTC", "the zone"}} },
	}
}

// query prints the rows of a relation, chosen columns separated by |.
func query(t *testing.T, src *Source, relation string, columns ...string) []string {
	t.Helper()
	schema, name, _ := strings.Cut(relation, ".")
	rel, ok := src.Snapshot.Relation(schema, name)
	if !ok {
		t.Fatalf("no relation %s", relation)
	}
	var cols []int
	if len(columns) == 0 {
		for i := range rel.Columns {
			cols = append(cols, i)
		}
	}
	for _, c := range columns {
		if rel.ColumnIndex(c) < 0 {
			t.Fatalf("%s has no column %s", relation, c)
		}
		cols = append(cols, rel.ColumnIndex(c))
	}
	b, err := Rows(rel, src, cols)
	if err != nil {
		t.Fatal(err)
	}
	env := &types.Env{ObjectName: func(t types.OID, oid int64) (string, bool) { return ObjectName(src, t, oid) }}
	var out []string
	for i := 0; i < b.Len; i++ {
		var fields []string
		for j, c := range cols {
			col := rel.Columns[c]
			d := b.Cols[j].Datum(i)
			if d.Null {
				if col.NotNull {
					t.Errorf("%s.%s: row %d is NULL", relation, col.Name, i)
				}
				fields = append(fields, "NULL")
				continue
			}
			fields = append(fields, string(types.AppendText(nil, col.Type, d, env)))
		}
		out = append(out, strings.Join(fields, "|"))
	}
	return out
}

// Every relation can be read, whole, with and without a session.
func TestEveryRelation(t *testing.T) {
	for _, src := range []*Source{{Snapshot: catalog.Empty(Relations())}, shopSource()} {
		n := 0
		for schema, relations := range Relations() {
			for name := range relations {
				query(t, src, schema+"."+name)
				n++
			}
		}
		if n < 150 {
			t.Errorf("only %d relations", n)
		}
	}
}

func expect(t *testing.T, got []string, want string) {
	t.Helper()
	text := strings.Join(got, "\n")
	if text != strings.TrimSpace(want) {
		t.Errorf("got\n%s\nwant\n%s", text, strings.TrimSpace(want))
	}
}
