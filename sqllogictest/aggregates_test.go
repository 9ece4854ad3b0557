package sqllogictest

import (
	"context"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// aggregateColumns are the columns of the table that is aggregated, and what its values are drawn from. Equal values look the
// same, so that it does not matter which of them an aggregate gives, and sums of floats are exact in any order.
var aggregateColumns = []struct {
	name, typ string
	values    []string
}{
	{"b", "boolean", []string{"t", "f"}},
	{"i2", "smallint", []string{"0", "1", "-7", "32767", "-32768"}},
	{"i4", "integer", []string{"0", "1", "-3", "2147483647", "-2147483648"}},
	{"i8", "bigint", []string{"0", "12", "-5", "9223372036854775807", "-9223372036854775808"}},
	{"f4", "real", []string{"0", "1.5", "-2.25", "1024", "NaN", "Infinity", "-Infinity"}},
	{"f8", "double precision", []string{"0", "1.5", "-2.25", "1048576", "0.125", "NaN", "Infinity", "-Infinity"}},
	{"n", "numeric", []string{"0", "1.5", "-2.25", "123456789012345678901234567890.123", "NaN", "Infinity", "-Infinity", "1e-20", "7"}},
	{"s", "text", []string{"", "a", "B", "ä", "a b", `"q"`}},
	{"v", "character varying(5)", []string{"", "a", "Zz"}},
	{"c", "character(3)", []string{"", "a", "ab", "abc"}},
	{"x", "bytea", []string{`\x`, `\x00`, `\xff01`}},
	{"d", "date", []string{"2024-02-29", "infinity", "-infinity", "0044-03-15 BC"}},
	{"ti", "time", []string{"00:00:00", "23:59:59.999999", "24:00:00"}},
	{"ts", "timestamp", []string{"2024-02-29 12:34:56.789", "infinity", "-infinity"}},
	{"tz", "timestamptz", []string{"2024-03-31 01:30:00+00", "2024-10-27 00:30:00+00", "infinity"}},
	{"iv", "interval", []string{"1 day", "-2 mons", "00:00:01.5", "1 year 2 days -03:00", "0"}},
	{"u", "uuid", []string{"00000000-0000-0000-0000-000000000000", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"}},
	{"j", "jsonb", []string{"null", "1", `{"a": [1, null]}`, `"x"`, "[]"}},
	{"ai", "integer[]", []string{"{}", "{1,2}", "{NULL}", "{3,4}"}},
	{"at", "text[]", []string{"{}", `{a,"b c"}`, "{NULL}"}},
}

// aggregateCall is a call of an aggregate as an expression, with whatever PostgreSQL's grammar has for one.
func (c *comparison) aggregateCall(name string, args []string) string {
	ordered := regexp.MustCompile(`_agg$`).MatchString(name)
	call := strings.Join(args, ", ")
	distinct := c.IntN(4) == 0 && len(args) > 0
	switch {
	case len(args) == 0:
		call = "*"
	case distinct && ordered: // by the arguments only, or PostgreSQL refuses
		call = "DISTINCT " + call + " ORDER BY " + call
	case distinct:
		call = "DISTINCT " + call
	case ordered:
		call += " ORDER BY " + []string{"id", "id DESC", args[0] + ", id", args[0] + " DESC NULLS LAST, id"}[c.IntN(4)]
	}
	call = strconv.Quote(name) + "(" + call + ")"
	if c.IntN(4) == 0 {
		call += " FILTER (WHERE " + []string{"i4 > 0", "b", "id % 3 <> 1", "s IS NULL", "n > 1 OR n IS NULL"}[c.IntN(5)] + ")"
	}
	return call
}

// aggregateCalls are calls of every aggregate that both have, for every type of column.
func (c *comparison) aggregateCalls() []string {
	columnOf := map[string]string{}
	for _, column := range aggregateColumns {
		typ, _, _ := strings.Cut(column.typ, "(")
		columnOf[typ] = column.name
	}
	columnOf["time without time zone"], columnOf["timestamp without time zone"], columnOf["timestamp with time zone"] = "ti", "ts", "tz"
	names := c.typeNames()
	var calls []string
	for _, row := range c.both("SELECT proname, proargtypes::text FROM pg_proc WHERE prokind = 'a' ORDER BY 1, 2") {
		choices := [][]string{nil}
		for _, oid := range strings.Fields(row[1]) {
			var columns []string
			for _, column := range aggregateColumns {
				array := strings.HasSuffix(column.typ, "[]")
				switch typ := names[oid]; {
				case typ == `"any"`, strings.HasPrefix(typ, "any") && !strings.HasSuffix(typ, "array") && !strings.HasSuffix(typ, "nonarray"),
					typ == "anynonarray" && !array, typ == "anyarray" && array:
					columns = append(columns, column.name)
				}
			}
			if column := columnOf[names[oid]]; column != "" {
				columns = append(columns, column)
			}
			var longer [][]string
			for _, before := range choices {
				for _, column := range columns {
					longer = append(longer, append(slices.Clone(before), column))
				}
			}
			choices = longer
		}
		for _, args := range choices {
			if strings.HasSuffix(row[0], "object_agg") && !slices.Contains([]string{"i4", "s", "c"}, args[0]) {
				continue // names, of which there may be NULL
			}
			calls = append(calls, c.aggregateCall(row[0], args))
		}
	}
	return calls
}

// aggregateRows are rows of the table as VALUES has them, with a number, a group and columns.
func (c *comparison) aggregateRows(from, n int) string {
	var rows []string
	for i := range n {
		row := []string{strconv.Itoa(from + i), []string{"1", "2", "3", "NULL"}[c.IntN(4)]}
		for _, column := range aggregateColumns {
			value := "NULL"
			if c.IntN(4) > 0 {
				values := column.values
				if c.IntN(3) > 0 { // infinities and the like hide everything else
					values = values[:(len(values)+1)/2]
				}
				value = quoted(values[c.IntN(len(values))])
			}
			row = append(row, value)
		}
		rows = append(rows, "("+strings.Join(row, ", ")+")")
	}
	return strings.Join(rows, ", ")
}

// both databases run a statement, which must succeed.
func (c *comparison) bothRun(statement string) {
	c.t.Helper()
	rowsOf(c.t, c.here, statement)
	rowsOf(c.t, c.there, statement)
}

func (c *comparison) aggregateTable() {
	clean(c.t, c.there)
	definition := "CREATE TABLE t (id integer PRIMARY KEY, g integer"
	for _, column := range aggregateColumns {
		definition += ", " + column.name + " " + column.typ
	}
	c.bothRun(definition + ")")
}

// aggregateDifferences are where an answer that is not PostgreSQL's is right.
var aggregateDifferences = []struct {
	call   *regexp.Regexp
	accept func(got, want string) bool
	why    string
}{
	{regexp.MustCompile(`^"(var|std)\w*"\(.*\bf[48]\b`), nearlyEqual, "exact here, and rounded at each step there"},
	{regexp.MustCompile(`\(DISTINCT \w+, `), func(got, want string) bool {
		return strings.HasPrefix(got, "error 0A000 DISTINCT is supported only for aggregates of one argument") && !strings.HasPrefix(want, "failure")
	}, "not supported"},
	{regexp.MustCompile(`^"array_agg"\(.*\ba[it]\b`), func(got, want string) bool {
		return strings.HasPrefix(got, "error 22") && strings.Contains(got, "cannot accumulate") && strings.Contains(want, "cannot accumulate")
	}, "which group fails first"},
}

func (c *comparison) sameAggregate(call, query string) {
	c.t.Helper()
	c.calls++
	got, want := outcome(c.here, query), outcome(c.there, query)
	for _, d := range aggregateDifferences {
		if got != want && d.call.MatchString(call) && d.accept(got, want) {
			c.accepted++
			return
		}
	}
	c.judge(call, query, got, want)
}

// nearlyEqual tells whether two outcomes differ in floats only, and by less than a part in 10^12.
func nearlyEqual(got, want string) bool {
	a, b := strings.FieldsFunc(got, cutsFloats), strings.FieldsFunc(want, cutsFloats)
	return slices.EqualFunc(a, b, func(a, b string) bool {
		x, err1 := strconv.ParseFloat(a, 64)
		y, err2 := strconv.ParseFloat(b, 64)
		return a == b || err1 == nil && err2 == nil && math.Abs(x-y) <= 1e-12*math.Abs(y)
	})
}

func cutsFloats(c rune) bool { return c == ' ' || c == '\t' }

// Every aggregate gives what PostgreSQL gives over random rows: by DISTINCT, FILTER and ORDER BY, in groups, over nothing; as
// a query, and as a view that is kept while rows come, change and go.
func TestAggregatesOnPostgres(t *testing.T) {
	c := compare(t)
	defer c.done()
	like := regexp.MustCompile(*callsLike)
	c.aggregateTable()
	calls := slices.DeleteFunc(c.aggregateCalls(), func(call string) bool { return !like.MatchString(call) })
	var views []string // of calls that can be kept
	for i, call := range calls {
		view := fmt.Sprintf("v%d", i)
		query := "SELECT g, " + call + " FROM t GROUP BY g"
		if i%3 == 0 {
			query = "SELECT " + call + " FROM t"
		}
		if _, err := c.here.Run(context.Background(), "CREATE MATERIALIZED VIEW "+view+" AS "+query, nil); err == nil {
			rowsOf(t, c.there, "CREATE VIEW "+view+" AS "+query)
			views = append(views, view)
		}
	}
	check := func(what string) {
		t.Helper()
		for _, call := range calls {
			c.sameAggregate(call, "SELECT g, "+call+" FROM t GROUP BY g ORDER BY g")
			c.sameAggregate(call, "SELECT "+call+" FROM t WHERE g < 3")
		}
		c.bothRun("SET timezone = 'UTC'") // what a view holds has one zone
		for _, view := range views {
			i, _ := strconv.Atoi(view[1:])
			c.sameAggregate(calls[i], "SELECT * FROM "+view+" ORDER BY 1 /* "+calls[i]+" "+what+" */")
		}
		c.bothRun("SET timezone = 'Europe/Berlin'")
	}
	check("over nothing")
	next := 1
	for round := range max(*callsOf/4, 1) {
		n := c.IntN(12) + 1
		c.bothRun("INSERT INTO t VALUES " + c.aggregateRows(next, n))
		next += n
		for range 2 {
			column := aggregateColumns[c.IntN(len(aggregateColumns))]
			c.bothRun(fmt.Sprintf("UPDATE t SET %s = %s, g = %d WHERE id %% %d = 0", column.name, quoted(column.values[c.IntN(len(column.values))]), c.IntN(4), c.IntN(5)+2))
		}
		c.bothRun(fmt.Sprintf("DELETE FROM t WHERE id %% %d = %d", c.IntN(3)+2, c.IntN(2)))
		check(fmt.Sprintf("after round %d", round))
	}
	c.bothRun("DELETE FROM t")
	check("after the last row")
}
