package functions

import (
	"testing"

	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

func TestResolve(t *testing.T) {
	show := func(f *Function, err error) string {
		if err != nil {
			e := sqlstate.From(err)
			return string(e.Code) + " " + e.Message
		}
		return signature(f.Name, f.Args) + " " + typeName(f.Returns)
	}
	for _, c := range []struct {
		got, want string
	}{
		{show(ResolveOperator("+", int4, numeric)), "+(numeric, numeric) numeric"},
		{show(ResolveOperator("=", varchar, unknown)), "=(text, text) boolean"},
		{show(ResolveOperator("=", bpchar, unknown)), "=(character, character) boolean"},
		{show(ResolveOperator("=", regclass, oid)), "=(oid, oid) boolean"},
		{show(ResolveOperator("||", types.TextArrayOID, unknown)), "||(text[], text[]) text[]"},
		{show(ResolveOperator("!=", int4, int8)), "<>(integer, bigint) boolean"},
		{show(ResolveOperator("-", 0, text)), "42883 operator does not exist: - text"},
		{show(ResolveOperator("+", unknown, unknown)), "42725 operator is not unique: unknown + unknown"},
		{show(Resolve("substring", sig(text, int2))), "substring(text, integer) text"},
		{show(Resolve("concat", sig(int4, unknown, boolean))), "concat(integer, text, boolean) text"},
		{show(Resolve("greatest", sig(int4, numeric))), "greatest(numeric, numeric) numeric"},
		{show(Resolve("array_append", sig(types.Int4ArrayOID, unknown))), "array_append(integer[], integer) integer[]"},
		{show(Resolve("date_trunc", sig(unknown, date))), "date_trunc(text, timestamp with time zone) timestamp with time zone"},
		{show(Resolve("int8", sig(text))), "int8(text) bigint"},
		{show(Resolve("nosuch", sig(int4))), "42883 function nosuch(integer) does not exist"},
		{show(Resolve("array_length", sig(types.Int2VectorOID, int4))), "array_length(int2vector, integer) integer"},
	} {
		if c.got != c.want {
			t.Errorf("got %s, want %s", c.got, c.want)
		}
	}
}

func TestCommonType(t *testing.T) {
	for _, c := range []struct {
		in   []types.OID
		want types.OID
	}{
		{sig(int4, numeric, unknown), numeric},
		{sig(unknown, unknown), text},
		{sig(varchar, text), varchar},
		{sig(text, varchar), text},
		{sig(date, timestamptz), timestamptz},
		{sig(int2, int8, int4), int8},
		{sig(float4, numeric), float4},
		{sig(float8, numeric), float8},
	} {
		if got, err := CommonType(c.in); err != nil || got != c.want {
			t.Errorf("%v: %v %v, want %v", c.in, got, err, c.want)
		}
	}
	_, _, err := CommonTypeFor("CASE", sig(int4, text))
	if e := sqlstate.From(err); e == nil || e.Message != "CASE types integer and text cannot be matched" {
		t.Error(err)
	}
}

// Every row says what it does in exactly one way.
func TestTablesAreWellFormed(t *testing.T) {
	for _, f := range All() {
		bodies := 0
		for _, given := range [...]bool{f.Eval != nil, f.Bind != nil, f.Set != nil, f.BindSet != nil} {
			if given {
				bodies++
			}
		}
		if bodies != 1 || f.Returns == 0 || f.Optional > len(f.Args) {
			t.Errorf("%s: %d bodies", signature(f.Name, f.Args), bodies)
		}
	}
	for _, a := range Aggregates() {
		ways := 0
		for _, given := range [...]bool{a.Update != nil, a.Fold != nil, a.Extreme != 0, a.Collect != nil || a.Bind != nil} {
			if given {
				ways++
			}
		}
		if ways != 1 {
			t.Errorf("%s: %d ways", signature(a.Name, a.Args), ways)
		}
	}
	seen := map[string]bool{}
	for _, f := range All() {
		if s := signature(f.Name, f.Args); seen[s] {
			t.Errorf("%s twice", s)
		} else {
			seen[s] = true
		}
	}
}
