package sqllogictest

import (
	"testing"
)

var (
	numberPieces = []string{"9", "9", "9", "99", "0", "0", ".", "D", ",", "G", "FM", "S", "MI", "PL", "SG", "PR", "L", "TH", "th", "V", "EEEE", "RN", "rn", "B", "C", "SP",
		"x", " ", `"q"`, `\"`, "fm", "s"}
	timePieces = []string{"YYYY", "YYY", "YY", "Y", "Y,YYY", "IYYY", "IYY", "IY", "I", "MM", "Month", "MON", "mon", "RM", "DD", "DDD", "IDDD", "D", "ID", "Day", "DY", "WW", "IW", "W",
		"CC", "J", "Q", "HH24", "HH12", "HH", "MI", "SS", "MS", "US", "FF2", "FF6", "SSSS", "AM", "p.m.", "BC", "a.d.", "TZH", "TZM", "OF", "TZ", "FM", "TM", "FX", "TH", "th",
		"-", "/", ":", " ", " ", "  ", ".", ",", "x", `"q"`, "Tt"}
	readPieces = []string{"YYYY", "YYYY", "YY", "MM", "MM", "DD", "DD", "Mon", "Month", "DDD", "HH24", "HH", "MI", "SS", "AM", "BC", "CC", "MS", "US", "FF3", "TZH", "TZM", "IYYY", "IW", "ID",
		"J", "Q", "W", "D", "Dy", "RM", "FM", "FX", "th", "-", "-", " ", " ", ":", "/", `"q"`, "x", "  "}
)

// Templates put together at random format and read numbers and times as in PostgreSQL; what is read is mostly what the same
// template, or another one, has written.
func TestTemplatesOnPostgres(t *testing.T) {
	c := compare(t)
	defer c.done()
	numbers := []string{"smallint", "integer", "bigint", "real", "double precision", "numeric"}
	times := []string{"timestamp without time zone", "timestamp with time zone", "interval"}
	value := func(types []string) string {
		typ := types[c.IntN(len(types))]
		if values := argumentValues[typ]; c.IntN(2) == 0 {
			return quoted(values[c.IntN(len(values))]) + "::" + typ
		}
		switch typ {
		case "smallint", "integer", "bigint":
			return quoted([]string{"12", "-345", "7", "1234"}[c.IntN(4)]) + "::" + typ
		case "real", "double precision", "numeric":
			return quoted([]string{"12.34", "-0.5", "1234.005", "0.001", "-99.99", "9.996"}[c.IntN(6)]) + "::" + typ
		case "interval":
			return quoted([]string{"1 year 2 mons 3 days 04:05:06.7", "-400 days", "-3 mons", "100:00"}[c.IntN(4)]) + "::" + typ
		}
		return quoted([]string{"2024-02-29 12:34:56.789", "2023-12-31 23:59:59", "2021-01-03 00:00", "0044-03-15 10:00 BC"}[c.IntN(4)]) + "::" + typ
	}
	for range *callsOf * 300 {
		var call string
		switch c.IntN(4) {
		case 0:
			call = `"to_char"(` + value(numbers) + ", " + quoted(patternOf(c.Rand, numberPieces, 7)) + ")"
		case 1:
			call = `"to_char"(` + value(times) + ", " + quoted(patternOf(c.Rand, timePieces, 7)) + ")"
		case 2:
			written, read := patternOf(c.Rand, numberPieces, 6), patternOf(c.Rand, numberPieces, 6)
			if c.IntN(2) == 0 {
				read = written
			}
			text := rowsOf(t, c.there, "SELECT quote_literal(to_char(1234.5, '99,990.9')) UNION ALL SELECT quote_literal('-12.34') UNION ALL SELECT quote_literal('<1,2>st')")
			if result, err := c.there.Run(t.Context(), "SELECT quote_literal(to_char("+value(numbers[1:])+", "+quoted(written)+"))", nil); err == nil && c.IntN(4) > 0 {
				text = [][]string{{result.Rows[0]}}
			}
			call = `"to_number"(` + text[c.IntN(len(text))][0] + ", " + quoted(read) + ")"
		case 3:
			written, read := patternOf(c.Rand, readPieces, 8), patternOf(c.Rand, readPieces, 8)
			if c.IntN(3) > 0 {
				read = written
			}
			text := quoted("2024-02-29 12:34:56")
			if result, err := c.there.Run(t.Context(), "SELECT quote_literal(to_char("+value(times[1:2])+", "+quoted(written)+"))", nil); err == nil && result.Rows[0] != "NULL" {
				text = result.Rows[0]
			}
			call = []string{`"to_date"(`, `"to_timestamp"(`}[c.IntN(2)] + text + ", " + quoted(read) + ")"
		}
		c.same(call, "SELECT "+call)
	}
}
