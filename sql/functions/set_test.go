package functions

import (
	"strings"
	"testing"

	"tarn/delta"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// TestSets calls set-returning functions with arguments given as "type:text" and compares the rows, as PostgreSQL 15 has
// them.
func TestSets(t *testing.T) {
	for _, c := range []struct{ name, args, want string }{
		{"generate_series", "int4:1 int4:4", "1 2 3 4"},
		{"generate_series", "int4:5 int4:1 int4:-2", "5 3 1"},
		{"generate_series", "int4:5 int4:1", ""},
		{"generate_series", "int4:1 int4:2 int4:0", "22023: step size cannot equal zero"},
		{"generate_series", "int8:9223372036854775806 int8:9223372036854775807", "9223372036854775806 9223372036854775807"},
		{"generate_series", "numeric:1 numeric:2 numeric:0.4", "1 1.4 1.8"},
		{"generate_series", "numeric:NaN numeric:2", "22023: start value cannot be NaN"},
		{"generate_series", "numeric:1 numeric:2 numeric:NaN", "22023: step size cannot be NaN"},
		{"generate_series", "timestamp:2024-01-31 timestamp:2024-03-31 interval:1month", "2024-01-31_00:00:00 2024-02-29_00:00:00 2024-03-29_00:00:00"},
		{"unnest", "int4[]:{1,NULL,3}", "1 NULL 3"},
		{"unnest", "int4[]:{1,2} text[]:{a}", "1|a 2|NULL"},
		{"generate_subscripts", "int4[]:{7,8,9} int4:1", "1 2 3"},
		{"generate_subscripts", "int4[]:{7,8,9} int4:1 bool:t", "3 2 1"},
		{"generate_subscripts", "int4[]:{7} int4:2", ""},
		{"_pg_expandarray", "text[]:{a,b}", "a|1 b|2"},
		{"regexp_matches", "text:foobarbaz text:b(.) text:g", "{a} {a}"},
		{"regexp_split_to_table", "text:abc text:b", "a c"},
		{"string_to_table", "text:a,b,c text:,", "a b c"},
		{"jsonb_object_keys", `jsonb:{"b":1,"a":2}`, "a b"},
		{"jsonb_object_keys", `jsonb:[1]`, "22023: cannot call jsonb_object_keys on an array"},
		{"jsonb_array_elements", `jsonb:[1,"x",null]`, `1 "x" null`},
		{"jsonb_array_elements_text", `jsonb:[1,"x",null]`, `1 x NULL`},
		{"jsonb_array_elements", `jsonb:{}`, "22023: cannot extract elements from an object"},
		{"jsonb_each", `jsonb:{"a":1}`, "a|1"},
		{"json_each_text", `json:{"a":"x"}`, "a|x"},
		{"pg_options_to_table", "text[]:{a=b,c}", "a|b c|NULL"},
	} {
		if got := callSet(t, c.name, c.args); got != c.want {
			t.Errorf("%s(%s): got %s, want %s", c.name, c.args, got, c.want)
		}
	}
}

func callSet(t *testing.T, name, list string) string {
	t.Helper()
	var ts []types.OID
	var args []types.Datum
	for _, a := range strings.Fields(list) {
		typ, text, _ := strings.Cut(a, ":")
		oid, ok := types.ByName(typ)
		if !ok {
			t.Fatal(typ)
		}
		d, err := types.Parse(types.Of(oid), strings.ReplaceAll(text, "_", " "), nil)
		if err != nil {
			t.Fatal(err)
		}
		ts, args = append(ts, oid), append(args, d)
	}
	f, err := Resolve(name, ts)
	if err != nil {
		t.Fatal(err)
	}
	columns := f.Columns
	if columns == nil {
		columns = []SetColumn{{name, f.Returns}}
	}
	out := make([]delta.Column, len(columns))
	for i, c := range columns {
		out[i] = delta.NewColumn(types.Of(c.Type).Kind(), 0)
	}
	if err := f.Set(&Context{}, args, out); err != nil {
		e := sqlstate.From(err)
		return string(e.Code) + ": " + e.Message
	}
	var rows []string
	for i := range out[0].Len() {
		var fields []string
		for k, c := range columns {
			if out[k].IsNull(i) {
				fields = append(fields, "NULL")
			} else {
				fields = append(fields, strings.ReplaceAll(string(types.AppendText(nil, types.Of(c.Type), out[k].Datum(i), nil)), " ", "_"))
			}
		}
		rows = append(rows, strings.Join(fields, "|"))
	}
	return strings.Join(rows, " ")
}
