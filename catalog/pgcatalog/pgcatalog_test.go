package pgcatalog

import (
	"strconv"
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
	env := &types.Env{Objects: Functions(src.itself)}
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

// users keeps the rows whose first column is the oid of something a user has made.
func users(rows []string) []string {
	var out []string
	for _, r := range rows {
		oid, _, _ := strings.Cut(r, "|")
		if n, err := strconv.Atoi(oid); err == nil && n >= catalog.FirstUserID {
			out = append(out, r)
		}
	}
	return out
}

// What a user has made is described as PostgreSQL describes it.
func TestUserRelations(t *testing.T) {
	src := shopSource()
	expect(t, users(query(t, src, "pg_catalog.pg_class", "oid", "relname", "relnamespace", "relkind", "relnatts", "relhasindex", "relam", "reltuples", "reloptions")), `
16385|airports|2200|r|5|t|2|7|NULL
1073758209|airports_pkey|2200|i|1|f|403|7|NULL
16386|Flights|16384|r|3|f|9901|7|{"retention=7 days"}
16387|late|2200|v|3|f|0|7|NULL
16388|delays|2200|m|2|f|2|7|NULL`)
	expect(t, users(query(t, src, "pg_catalog.pg_attribute", "attrelid", "attnum", "attname", "atttypid", "atttypmod", "attnotnull", "atthasdef", "attcollation", "attndims"))[:7], `
16385|1|iata|25|-1|t|f|100|0
16385|2|name|1043|104|t|f|100|0
16385|3|state|1042|-1|f|t|100|0
16385|4|latitude|701|-1|f|f|0|0
16385|5|tags|1009|-1|f|f|100|1
1073758209|1|iata|25|-1|f|f|100|0
16386|1|at|1184|-1|t|f|0|0`)
	expect(t, query(t, src, "pg_catalog.pg_index", "indexrelid", "indrelid", "indkey", "indclass", "indoption", "indcollation"), `
1073758209|16385|1|3126|0|100`)
	expect(t, query(t, src, "pg_catalog.pg_constraint", "oid", "conname", "conrelid", "conindid", "conkey"), `
1342193665|airports_pkey|16385|1073758209|{1}`)
	expect(t, query(t, src, "pg_catalog.pg_attrdef", "adrelid", "adnum", "adbin"), `
16385|3|'CA'::bpchar`)
	expect(t, query(t, src, "pg_catalog.pg_description", "objoid", "objsubid", "description"), `
16385|0|where one lands
16385|2|as on the sign`)
	expect(t, query(t, src, "pg_catalog.pg_matviews", "matviewname", "definition"), `
delays|SELECT origin, count(*) AS n FROM late GROUP BY origin;`)
	expect(t, query(t, src, "pg_catalog.pg_indexes", "tablename", "indexdef"), `
airports|CREATE UNIQUE INDEX airports_pkey ON public.airports USING btree (iata)`)
	expect(t, query(t, src, "information_schema.key_column_usage", "constraint_name", "table_name", "column_name", "ordinal_position"), `
airports_pkey|airports|iata|1`)
}

func TestInformationSchemaColumns(t *testing.T) {
	var got []string
	for _, r := range query(t, shopSource(), "information_schema.columns", "table_schema", "table_name", "column_name", "data_type",
		"character_maximum_length", "character_octet_length", "numeric_precision", "numeric_scale", "datetime_precision", "udt_name", "is_nullable", "column_default") {
		if strings.HasPrefix(r, "public|airports") || strings.HasPrefix(r, "sales") {
			got = append(got, r)
		}
	}
	expect(t, got, `
public|airports|iata|text|NULL|1073741824|NULL|NULL|NULL|text|NO|NULL
public|airports|name|character varying|100|400|NULL|NULL|NULL|varchar|NO|NULL
public|airports|state|character|NULL|1073741824|NULL|NULL|NULL|bpchar|YES|'CA'::bpchar
public|airports|latitude|double precision|NULL|NULL|53|NULL|NULL|float8|YES|NULL
public|airports|tags|ARRAY|NULL|NULL|NULL|NULL|NULL|_text|YES|NULL
sales|Flights|at|timestamp with time zone|NULL|NULL|NULL|NULL|6|timestamptz|NO|NULL
sales|Flights|origin|text|NULL|1073741824|NULL|NULL|NULL|text|YES|NULL
sales|Flights|delay|integer|NULL|NULL|32|0|NULL|int4|YES|NULL`)
}

// Functions, operators and types have numbers of their own, and pg_type's functions are in pg_proc.
func TestNumbers(t *testing.T) {
	src := shopSource()
	for _, name := range []string{"pg_class", "pg_proc", "pg_operator", "pg_type", "pg_cast", "pg_constraint"} {
		seen := map[string]bool{}
		for _, oid := range query(t, src, "pg_catalog."+name, "oid") {
			if seen[oid] {
				t.Errorf("%s: %s twice", name, oid)
			}
			seen[oid] = true
		}
	}
	var got []string
	for _, r := range query(t, src, "pg_catalog.pg_type", "typname", "typinput", "typoutput", "typreceive", "typsend", "typmodin", "typelem", "typarray", "typalign") {
		if strings.HasPrefix(r, "jsonb|") || strings.HasPrefix(r, "_numeric|") || strings.HasPrefix(r, "bool|") {
			got = append(got, r)
		}
	}
	expect(t, got, `
bool|boolin|boolout|boolrecv|boolsend|-|0|1000|c
jsonb|jsonb_in|jsonb_out|jsonb_recv|jsonb_send|-|0|3807|i
_numeric|array_in|array_out|array_recv|array_send|numerictypmodin|1700|0|i`)
}

// Text forms of regclass and its like follow the search path; names are folded unless they are quoted.
func TestObjectNames(t *testing.T) {
	src := shopSource()
	for _, c := range []struct {
		t          types.OID
		name, want string
	}{
		{types.RegclassOID, "airports", "airports"},
		{types.RegclassOID, " Public . AIRPORTS ", "airports"},
		{types.RegclassOID, `sales."Flights"`, `sales."Flights"`},
		{types.RegclassOID, `shop.sales."Flights"`, `sales."Flights"`},
		{types.RegclassOID, "airports_pkey", "airports_pkey"},
		{types.RegclassOID, "pg_class", "pg_class"},
		{types.RegclassOID, "information_schema.tables", "information_schema.tables"},
		{types.RegclassOID, "flights", `relation "flights" does not exist (SQLSTATE 42P01)`},
		{types.RegclassOID, "sales.flights", `relation "sales.flights" does not exist (SQLSTATE 42P01)`},
		{types.RegclassOID, "other.public.airports", `cross-database references are not implemented: "other.public.airports" (SQLSTATE 0A000)`},
		{types.RegclassOID, `"air`, `invalid name syntax (SQLSTATE 42602)`},
		{types.RegclassOID, ``, `invalid name syntax (SQLSTATE 42602)`},
		{types.RegprocOID, "int4in", "int4in"},
		{types.RegprocOID, "pg_catalog.array_recv", "array_recv"},
		{types.RegprocOID, "sum", `more than one function named "sum" (SQLSTATE 42725)`},
		{types.RegprocOID, "no.such", `function "no.such" does not exist (SQLSTATE 42883)`},
		{types.RegtypeOID, "int[]", "integer[]"},
		{types.RegnamespaceOID, "Sales", "sales"},
		{types.RegnamespaceOID, "nowhere", `schema "nowhere" does not exist (SQLSTATE 3F000)`},
		{types.RegroleOID, "tarn", "tarn"},
		{types.RegroleOID, "nobody", `role "nobody" does not exist (SQLSTATE 42704)`},
	} {
		got := ""
		oid, err := ObjectOID(src, c.t, c.name)
		if err != nil {
			got = err.Error()
		} else {
			got, _ = ObjectName(src, c.t, oid)
		}
		if got != c.want {
			t.Errorf("%s as %s: %s, want %s", c.name, types.Of(c.t), got, c.want)
		}
	}
}

func TestFunctions(t *testing.T) {
	f := Functions(shopSource().itself)
	text := func(s string, ok bool) string {
		if !ok {
			return "NULL"
		}
		return s
	}
	index, constraint := int64(indexOIDs+16385), int64(constraintOIDs+16385)
	for _, c := range []struct{ got, want string }{
		{text(f.ViewDefinition(16387)), `SELECT * FROM sales."Flights" WHERE delay > 15;`},
		{text(f.ViewDefinition(16385)), "NULL"},
		{text(f.ColumnDefault(16385, 3)), "'CA'::bpchar"},
		{text(f.ColumnDefault(16385, 9)), "NULL"},
		{text(f.ConstraintDefinition(constraint)), "PRIMARY KEY (iata)"},
		{text(f.ConstraintDefinition(16385)), "NULL"},
		{text(f.IndexDefinition(index, 0)), "CREATE UNIQUE INDEX airports_pkey ON public.airports USING btree (iata)"},
		{text(f.IndexDefinition(index, 1)), "iata"},
		{text(f.IndexDefinition(index, 2)), "NULL"},
		{text(f.RoleName(10)), "tarn"},
		{text(f.RoleName(int64(roleOID("ann")))), "ann"},
		{text(f.SchemaName(16384)), "sales"},
		{text(f.Description(16385, 0)), "where one lands"},
		{text(f.Description(16385, 2)), "as on the sign"},
		{text(f.Description(16385, 1)), "NULL"},
	} {
		if c.got != c.want {
			t.Errorf("got %s, want %s", c.got, c.want)
		}
	}
	if !f.Visible(16385) || f.Visible(16386) || !f.Visible(1259) || f.Visible(13425) || f.Visible(1) {
		t.Error("visibility")
	}
}
