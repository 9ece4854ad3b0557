package types

import (
	"testing"
)

// fuzzText checks that no text makes Parse panic, and that what it accepts prints as text that reads back the same, has a
// binary form that reads back the same, and a key equal to its own.
func fuzzText(f *testing.F, oids []OID, seeds ...string) {
	for _, s := range seeds {
		f.Add(s)
	}
	env := goldenEnv(f)
	f.Fuzz(func(t *testing.T, s string) {
		for _, oid := range oids {
			typ := Of(oid)
			d, err := Parse(typ, s, env)
			if err != nil {
				continue
			}
			text := string(AppendText(nil, typ, d, env))
			again, err := Parse(typ, text, env)
			if err != nil || Compare(typ, d, again) != 0 {
				t.Fatalf("%s %q prints as %q, which reads as %+v, %v", typ, s, text, again, err)
			}
			back, err := ParseBinary(typ, AppendBinary(nil, typ, d))
			if err != nil || Compare(typ, d, back) != 0 {
				t.Fatalf("%s %q: binary form reads back as %+v, %v", typ, s, back, err)
			}
			if string(AppendKey(nil, typ, d)) != string(AppendKey(nil, typ, again)) {
				t.Fatalf("%s %q: two keys of one value", typ, s)
			}
		}
	})
}

func FuzzTimestamp(f *testing.F) {
	fuzzText(f, []OID{DateOID, TimeOID, TimestampOID, TimestamptzOID},
		"2024-01-02 03:04:05.678+02", "Jan 2 2024 3:04 PM", "20240102T030405", "J2451187", "infinity", "0044-03-15 BC",
		"2024-07-02 03:04:05 america/los_angeles", "1997.041 17:32:01", "2024-01-02 allballs", "2-Jan-2024")
}

func FuzzNumeric(f *testing.F) {
	fuzzText(f, []OID{NumericOID, Float8OID, Float4OID, Int8OID},
		"0", "-1.50", "1e10", "1.5e-5", ".5", "5.", "NaN", "-Infinity", "12345678901234567890.1", "1e-16383", "1e131071", "0x1p4")
}

func FuzzInterval(f *testing.F) {
	fuzzText(f, []OID{IntervalOID},
		"1 year 2 mons -3 days 04:05:06.789", "P1Y2M3W4DT5H6M7.5S", "P0001-02-03T04:05:06", "1-2 3 4:05:06", "-1 day +02:03 ago", "1.5 weeks")
}

func FuzzJSON(f *testing.F) {
	fuzzText(f, []OID{JSONBOID, JSONOID},
		`{"b":1,"a":[1,2 , {"c":null}],"a":2}`, `"\ud83d\ude00\u0001"`, `[]`, ` 1.50 `, `{"":{}}`)
}

func FuzzArray(f *testing.F) {
	fuzzText(f, []OID{Int4ArrayOID, TextArrayOID, NumericArrayOID},
		"{1,2,NULL}", "{{1,2},{3,4}}", "[2:3]={1,2}", `{"a b","",\,}`, "{}")
}

// FuzzBinary checks that no bytes make ParseBinary panic.
func FuzzBinary(f *testing.F) {
	env := goldenEnv(f)
	f.Add([]byte{0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 23, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 7})
	f.Add([]byte{0, 1, 0, 0, 0, 0, 0, 2, 4, 210})
	f.Add([]byte{1, '{', '}'})
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, info := range All() {
			typ := Of(info.OID)
			if d, err := ParseBinary(typ, b); err == nil {
				AppendText(nil, typ, d, env)
				AppendKey(nil, typ, d)
			}
		}
	})
}
