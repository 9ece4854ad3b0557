package types

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
)

// TestInfo checks the table of types against pg_type: lines "name | oid, length, category, preferred, array, element, SQL
// name".
func TestInfo(t *testing.T) {
	golden(t, "types.txt", 1, func(conn *pgconn.PgConn, in []string) string {
		text, err := queryOne(conn, `SELECT concat_ws(' ', oid::int, typlen, typcategory, typispreferred, typarray::int,
			CASE WHEN typcategory = 'A' THEN typelem::int ELSE 0 END, format_type(oid, NULL)) FROM pg_type WHERE typname = `+literal(in[0]), 0)
		if err != nil {
			return describePG(err)
		}
		return string(text)
	}, func(in []string) string {
		for _, info := range All() {
			if info.Name == in[0] {
				preferred := "f"
				if info.Preferred {
					preferred = "t"
				}
				return fmt.Sprintf("%d %d %c %s %d %d %s", info.OID, info.Len, info.Category, preferred, info.Array, info.Elem, info.SQLName)
			}
		}
		return "missing"
	})
}

// TestTypeNames checks spellings and modifiers: lines "type | as format_type prints it".
func TestTypeNames(t *testing.T) {
	golden(t, "names.txt", 1, func(conn *pgconn.PgConn, in []string) string {
		create := "DROP TABLE IF EXISTS n; CREATE TEMP TABLE n (v " + in[0] + ")"
		if _, err := conn.Exec(context.Background(), create).ReadAll(); err != nil {
			return describePG(err)
		}
		text, err := queryOne(conn, "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'n'::regclass AND attnum = 1", 0)
		if err != nil {
			return describePG(err)
		}
		return string(text)
	}, func(in []string) string {
		typ, err := typeOf(in[0])
		if err != nil {
			return describe(err)
		}
		return typ.String()
	})
	for _, name := range []string{"", "[]", "nosuch", "nosuch[]", "Integer"} {
		if oid, ok := ByName(name); ok {
			t.Errorf("%q names type %d", name, oid)
		}
	}
	if got := Of(999999).String(); got != "???" {
		t.Errorf("an unknown type prints as %s", got)
	}
}

// TestCoerce checks casts to modifiers, explicit and by assignment.
func TestCoerce(t *testing.T) {
	for _, c := range []struct {
		typ, in, assigned, cast string
	}{
		{"varchar(3)", "abcd", "! 22001 value too long for type character varying(3)", "abc"},
		{"varchar(3)", "abc  ", "abc", "abc"},
		{"varchar(2)", "äöü", "! 22001 value too long for type character varying(2)", "äö"},
		{"char(3)", "a", "a  ", "a  "},
		{"char(2)", "abc", "! 22001 value too long for type character(2)", "ab"},
		{"numeric(4,1)", "12.35", "12.4", "12.4"},
		{"timestamp(0)", "2024-01-02 03:04:05.5", "2024-01-02 03:04:06", "2024-01-02 03:04:06"},
		{"time(1)", "03:04:05.55", "03:04:05.6", "03:04:05.6"},
		{"interval(0)", "1.5", "00:00:02", "00:00:02"},
		{"varchar(1)[]", "{a,bc}", "! 22001 value too long for type character varying(1)", "{a,b}"},
	} {
		typ, err := typeOf(c.typ)
		if err != nil {
			t.Fatal(err)
		}
		for explicit, want := range map[bool]string{false: c.assigned, true: c.cast} {
			d, err := Parse(Of(typ.OID), c.in, nil)
			if err != nil {
				t.Fatal(err)
			}
			before := string(d.Bytes)
			kept := d.Bytes
			got := ""
			if err := Coerce(typ, &d, explicit); err != nil {
				got = describe(err)
			} else {
				got = string(AppendText(nil, typ, d, nil))
			}
			if got != want {
				t.Errorf("%s of %q, explicit %v: got %q, want %q", c.typ, c.in, explicit, got, want)
			}
			if string(kept) != before {
				t.Errorf("%s of %q wrote to the old bytes", c.typ, c.in)
			}
		}
	}
	if !strings.Contains(Type{VarcharOID, 7}.String(), "(3)") {
		t.Error("the modifier of varchar does not count its header")
	}
}
