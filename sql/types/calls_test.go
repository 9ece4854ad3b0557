package types

import (
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// call is a function of dates, intervals or json as SQL writes it, and as Go does. Its arguments are texts of types.
type call struct {
	sql    string
	types  []OID
	result OID
	do     func(env *Env, args []Datum) (Datum, error)
}

func intResult(v int64, err error) (Datum, error) { return Datum{Int: v}, err }

func intervalResult(i Interval, err error) (Datum, error) { return Datum{Bytes: i.Append(nil)}, err }

func partResult(p Part, err error) (Datum, error) {
	if err != nil || p.Null {
		return Null, err
	}
	return Datum{Bytes: p.AppendNumeric(nil)}, nil
}

func bytesResult(b []byte, ok bool) (Datum, error) { return Datum{Null: !ok, Bytes: b}, nil }

func ival(d Datum) Interval { return IntervalOf(d.Bytes) }

func field(d Datum) Field { return LookupField(string(d.Bytes)) }

func toFloat(d Datum) float64 { return d.Float }

var calls = map[string]call{
	"ts+": {"$1 + $2", []OID{TimestampOID, IntervalOID}, TimestampOID, func(_ *Env, a []Datum) (Datum, error) { return intResult(TimestampAdd(a[0].Int, ival(a[1]))) }},
	"tz+": {"$1 + $2", []OID{TimestamptzOID, IntervalOID}, TimestamptzOID, func(e *Env, a []Datum) (Datum, error) {
		return intResult(TimestamptzAdd(a[0].Int, ival(a[1]), e.Location))
	}},
	"ts-":    {"$1 - $2", []OID{TimestampOID, TimestampOID}, IntervalOID, func(_ *Env, a []Datum) (Datum, error) { return intervalResult(TimestampSub(a[0].Int, a[1].Int)) }},
	"date+":  {"$1 + $2", []OID{DateOID, Int4OID}, DateOID, func(_ *Env, a []Datum) (Datum, error) { return intResult(DateAdd(a[0].Int, a[1].Int)) }},
	"date-":  {"$1 - $2", []OID{DateOID, DateOID}, Int4OID, func(_ *Env, a []Datum) (Datum, error) { return intResult(DateSub(a[0].Int, a[1].Int)) }},
	"date>":  {"$1::timestamp", []OID{DateOID}, TimestampOID, func(_ *Env, a []Datum) (Datum, error) { return intResult(DateToTimestamp(a[0].Int)) }},
	"datez>": {"$1::timestamptz", []OID{DateOID}, TimestamptzOID, func(e *Env, a []Datum) (Datum, error) { return intResult(DateToTimestamptz(a[0].Int, e.Location)) }},
	"ts>":    {"$1::date", []OID{TimestampOID}, DateOID, func(_ *Env, a []Datum) (Datum, error) { return intResult(TimestampToDate(a[0].Int), nil) }},
	"tsz>":   {"$1::timestamptz", []OID{TimestampOID}, TimestamptzOID, func(e *Env, a []Datum) (Datum, error) { return intResult(TimestampToInstant(a[0].Int, e.Location)) }},
	"tz>":    {"$1::timestamp", []OID{TimestamptzOID}, TimestampOID, func(e *Env, a []Datum) (Datum, error) { return intResult(InstantToTimestamp(a[0].Int, e.Location)) }},
	"time+":  {"$1 + $2", []OID{TimeOID, IntervalOID}, TimeOID, func(_ *Env, a []Datum) (Datum, error) { return intResult(TimeAdd(a[0].Int, ival(a[1])), nil) }},
	"age":    {"age($1, $2)", []OID{TimestampOID, TimestampOID}, IntervalOID, func(_ *Env, a []Datum) (Datum, error) { return intervalResult(Age(a[0].Int, a[1].Int)) }},
	"bin":    {"date_bin($1, $2, $3)", []OID{IntervalOID, TimestampOID, TimestampOID}, TimestampOID, func(_ *Env, a []Datum) (Datum, error) { return intResult(Bin(ival(a[0]), a[1].Int, a[2].Int)) }},

	"extract_ts": {"(SELECT extract(%1 FROM $2))", []OID{TextOID, TimestampOID}, NumericOID, func(_ *Env, a []Datum) (Datum, error) { return partResult(ExtractTimestamp(field(a[0]), a[1].Int)) }},
	"extract_tz": {"(SELECT extract(%1 FROM $2))", []OID{TextOID, TimestamptzOID}, NumericOID, func(e *Env, a []Datum) (Datum, error) {
		return partResult(ExtractTimestamptz(field(a[0]), a[1].Int, e.Location))
	}},
	"extract_date":     {"(SELECT extract(%1 FROM $2))", []OID{TextOID, DateOID}, NumericOID, func(_ *Env, a []Datum) (Datum, error) { return partResult(ExtractDate(field(a[0]), a[1].Int)) }},
	"extract_time":     {"(SELECT extract(%1 FROM $2))", []OID{TextOID, TimeOID}, NumericOID, func(_ *Env, a []Datum) (Datum, error) { return partResult(ExtractTime(field(a[0]), a[1].Int)) }},
	"extract_interval": {"(SELECT extract(%1 FROM $2))", []OID{TextOID, IntervalOID}, NumericOID, func(_ *Env, a []Datum) (Datum, error) { return partResult(ExtractInterval(field(a[0]), ival(a[1]))) }},
	"date_part":        {"date_part($1, $2)", []OID{TextOID, TimestampOID}, Float8OID, datePartCall},
	"trunc_ts":         {"date_trunc($1, $2)", []OID{TextOID, TimestampOID}, TimestampOID, func(_ *Env, a []Datum) (Datum, error) { return intResult(TruncTimestamp(field(a[0]), a[1].Int)) }},
	"trunc_tz": {"date_trunc($1, $2)", []OID{TextOID, TimestamptzOID}, TimestamptzOID, func(e *Env, a []Datum) (Datum, error) {
		return intResult(TruncTimestamptz(field(a[0]), a[1].Int, e.Location))
	}},
	"trunc_interval": {"date_trunc($1, $2)", []OID{TextOID, IntervalOID}, IntervalOID, func(_ *Env, a []Datum) (Datum, error) { return intervalResult(TruncInterval(field(a[0]), ival(a[1]))) }},

	"interval+":        {"$1 + $2", []OID{IntervalOID, IntervalOID}, IntervalOID, func(_ *Env, a []Datum) (Datum, error) { return intervalResult(ival(a[0]).Add(ival(a[1]))) }},
	"interval-":        {"$1 - $2", []OID{IntervalOID, IntervalOID}, IntervalOID, func(_ *Env, a []Datum) (Datum, error) { return intervalResult(ival(a[0]).Sub(ival(a[1]))) }},
	"interval_neg":     {"- $1", []OID{IntervalOID}, IntervalOID, func(_ *Env, a []Datum) (Datum, error) { return intervalResult(ival(a[0]).Neg()) }},
	"interval*":        {"$1 * $2", []OID{IntervalOID, Float8OID}, IntervalOID, func(_ *Env, a []Datum) (Datum, error) { return intervalResult(ival(a[0]).Mul(toFloat(a[1]))) }},
	"interval/":        {"$1 / $2", []OID{IntervalOID, Float8OID}, IntervalOID, func(_ *Env, a []Datum) (Datum, error) { return intervalResult(ival(a[0]).Div(toFloat(a[1]))) }},
	"interval_cmp":     {"interval_cmp($1, $2)", []OID{IntervalOID, IntervalOID}, Int4OID, func(_ *Env, a []Datum) (Datum, error) { return intResult(int64(ival(a[0]).Compare(ival(a[1]))), nil) }},
	"justify_hours":    {"justify_hours($1)", []OID{IntervalOID}, IntervalOID, func(_ *Env, a []Datum) (Datum, error) { return intervalResult(ival(a[0]).JustifyHours()) }},
	"justify_days":     {"justify_days($1)", []OID{IntervalOID}, IntervalOID, func(_ *Env, a []Datum) (Datum, error) { return intervalResult(ival(a[0]).JustifyDays()) }},
	"justify_interval": {"justify_interval($1)", []OID{IntervalOID}, IntervalOID, func(_ *Env, a []Datum) (Datum, error) { return intervalResult(ival(a[0]).JustifyInterval()) }},

	"make_date":      {"make_date($1, $2, $3)", []OID{Int4OID, Int4OID, Int4OID}, DateOID, func(_ *Env, a []Datum) (Datum, error) { return intResult(MakeDate(a[0].Int, a[1].Int, a[2].Int)) }},
	"make_time":      {"make_time($1, $2, $3)", []OID{Int4OID, Int4OID, Float8OID}, TimeOID, func(_ *Env, a []Datum) (Datum, error) { return intResult(MakeTime(a[0].Int, a[1].Int, a[2].Float)) }},
	"make_timestamp": {"make_timestamp($1, $2, $3, $4, $5, $6)", []OID{Int4OID, Int4OID, Int4OID, Int4OID, Int4OID, Float8OID}, TimestampOID, makeTimestampCall},
	"make_interval":  {"make_interval($1, $2, $3, $4, $5, $6, $7)", []OID{Int4OID, Int4OID, Int4OID, Int4OID, Int4OID, Int4OID, Float8OID}, IntervalOID, makeIntervalCall},
	"at_zone":        {"$1 AT TIME ZONE $2", []OID{TimestamptzOID, TextOID}, TimestampOID, atZoneCall},

	"jsonb->":     {"$1 -> $2", []OID{JSONBOID, TextOID}, JSONBOID, func(_ *Env, a []Datum) (Datum, error) { return bytesResult(JSONField(a[0].Bytes, a[1].Bytes)) }},
	"jsonb->n":    {"$1 -> $2", []OID{JSONBOID, Int4OID}, JSONBOID, func(_ *Env, a []Datum) (Datum, error) { return bytesResult(JSONBIndex(a[0].Bytes, int(a[1].Int))) }},
	"jsonb->>":    {"$1 ->> $2", []OID{JSONBOID, TextOID}, TextOID, fieldTextCall},
	"json->":      {"$1 -> $2", []OID{JSONOID, TextOID}, JSONOID, func(_ *Env, a []Datum) (Datum, error) { return bytesResult(JSONField(a[0].Bytes, a[1].Bytes)) }},
	"json->n":     {"$1 -> $2", []OID{JSONOID, Int4OID}, JSONOID, func(_ *Env, a []Datum) (Datum, error) { return bytesResult(JSONIndex(a[0].Bytes, int(a[1].Int))) }},
	"json->>":     {"$1 ->> $2", []OID{JSONOID, TextOID}, TextOID, fieldTextCall},
	"jsonb#>":     {"$1 #> $2", []OID{JSONBOID, TextArrayOID}, JSONBOID, pathCall},
	"json#>":      {"$1 #> $2", []OID{JSONOID, TextArrayOID}, JSONOID, pathCall},
	"json_typeof": {"json_typeof($1)", []OID{JSONOID}, TextOID, func(_ *Env, a []Datum) (Datum, error) { return bytesResult([]byte(JSONTypeof(a[0].Bytes)), true) }},
}

func datePartCall(_ *Env, a []Datum) (Datum, error) {
	p, err := ExtractTimestamp(field(a[0]), a[1].Int)
	if err != nil || p.Null {
		return Null, err
	}
	return Datum{Float: p.Float()}, nil
}

func makeTimestampCall(_ *Env, a []Datum) (Datum, error) {
	return intResult(MakeTimestamp(a[0].Int, a[1].Int, a[2].Int, a[3].Int, a[4].Int, a[5].Float))
}

func makeIntervalCall(_ *Env, a []Datum) (Datum, error) {
	return intervalResult(MakeInterval(a[0].Int, a[1].Int, a[2].Int, a[3].Int, a[4].Int, a[5].Int, a[6].Float))
}

func atZoneCall(_ *Env, a []Datum) (Datum, error) {
	loc, err := LoadZone(string(a[1].Bytes))
	if err != nil {
		return Null, err
	}
	return intResult(InstantToTimestamp(a[0].Int, loc))
}

func fieldTextCall(_ *Env, a []Datum) (Datum, error) {
	value, ok := JSONField(a[0].Bytes, a[1].Bytes)
	if !ok {
		return Null, nil
	}
	text, null := AppendJSONText(nil, value)
	return Datum{Null: null, Bytes: text}, nil
}

func pathCall(_ *Env, a []Datum) (Datum, error) {
	var path [][]byte
	for _, e := range DecodeArray(Bytes, a[1].Bytes).Elems {
		path = append(path, e.Bytes)
	}
	return bytesResult(JSONPath(a[0].Bytes, path))
}

// TestCalls checks functions of dates, intervals and json: lines "function | arguments, separated by ; | result".
func TestCalls(t *testing.T) {
	env := goldenEnv(t)
	golden(t, "calls.txt", 2, func(conn *pgconn.PgConn, in []string) string {
		c := calls[in[0]]
		sql := c.sql
		for i, arg := range splitArgs(in[1]) {
			sql = replaceAll(sql, "$"+strconv.Itoa(i+1), "("+literal(arg)+"::"+Of(c.types[i]).String()+")")
			sql = replaceAll(sql, "%"+strconv.Itoa(i+1), "\""+arg+"\"")
		}
		text, err := queryOne(conn, "SELECT "+sql, 0)
		switch {
		case err != nil:
			return describePG(err)
		case text == nil:
			return "NULL"
		}
		return string(text)
	}, func(in []string) string {
		c, ok := calls[in[0]]
		if !ok {
			t.Fatalf("no function %q", in[0])
		}
		var args []Datum
		for i, arg := range splitArgs(in[1]) {
			d, err := Parse(Of(c.types[i]), arg, env)
			if err != nil {
				return describe(err)
			}
			args = append(args, d)
		}
		result, err := c.do(env, args)
		switch {
		case err != nil:
			return describe(err)
		case result.Null:
			return "NULL"
		}
		return string(AppendText(nil, Of(c.result), result, env))
	})
}

func TestZoneSearch(t *testing.T) {
	for name, want := range map[string]int{
		"utc": 0, "america/new_york": -5 * 3600, "Europe/Berlin": 3600, "EST": -5 * 3600, "EST5EDT": -5 * 3600, "UTC+3": -3 * 3600,
		"+02": -2 * 3600, "Asia/Ho_Chi_Minh": 7 * 3600, "america/port_of_spain": -4 * 3600,
	} {
		loc, err := LoadZone(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := Offset(InstantOf(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)), loc); got != want {
			t.Errorf("%s: offset %d, want %d", name, got, want)
		}
	}
	for _, name := range []string{"", "Local", "../etc/passwd", "/etc/passwd", "No/Where", "x"} {
		if _, err := LoadZone(name); err == nil {
			t.Errorf("zone %q was accepted", name)
		}
	}
}
