package copyformat

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"tarn/delta"
	"tarn/sql/sqlstate"
	"tarn/sql/stmt"
	"tarn/sql/types"
)

// The files in testdata hold cases with the answers of a real PostgreSQL 15:
//
//	case     what it shows
//	columns  a int, b text
//	options  format csv
//	<        what COPY FROM reads, as Go strings         rows COPY TO reads, in from.txt's form of results
//	>        the rows of the table, or the error          the lines written, or the error
//
// go test -postgres 'host=... user=...' asks that server again and rewrites the answers.
var postgres = flag.String("postgres", "", "connection string of a PostgreSQL 15 to take the expected answers from")

type goldenCase struct {
	comment, columns, options string
	input, output             []string
}

func readCases(t *testing.T, file string) []goldenCase {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var cases []goldenCase
	for n, line := range strings.Split(string(text), "\n") {
		if line == "" {
			continue
		}
		key, value, _ := strings.Cut(line, " ")
		if key == "case" {
			cases = append(cases, goldenCase{comment: value})
			continue
		}
		c := &cases[len(cases)-1]
		switch key {
		case "columns":
			c.columns = value
		case "options":
			c.options = value
		case "<":
			c.input = append(c.input, value)
		case ">":
			c.output = append(c.output, value)
		default:
			t.Fatalf("%s:%d: %q", file, n+1, line)
		}
	}
	return cases
}

func writeCases(t *testing.T, file string, cases []goldenCase) {
	var out strings.Builder
	for _, c := range cases {
		fmt.Fprintf(&out, "case %s\ncolumns %s\noptions %s\n", c.comment, c.columns, c.options)
		for _, l := range c.input {
			fmt.Fprintf(&out, "< %s\n", l)
		}
		for _, l := range c.output {
			fmt.Fprintf(&out, "> %s\n", l)
		}
		out.WriteString("\n")
	}
	if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// runCases compares what tarn answers with the file, after what PostgreSQL answers has been written there if asked for.
func runCases(t *testing.T, file string, tarn func(c goldenCase) ([]string, error), pg func(*pgconn.PgConn, goldenCase) ([]string, error)) {
	cases := readCases(t, file)
	if *postgres != "" {
		conn, err := pgconn.Connect(context.Background(), *postgres)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(context.Background())
		for i, c := range cases {
			ddl := "DROP TABLE IF EXISTS t; CREATE TABLE t (" + c.columns + ")"
			if _, err := conn.Exec(context.Background(), ddl).ReadAll(); err != nil {
				t.Fatalf("%s: %v", c.comment, err)
			}
			rows, err := pg(conn, c)
			cases[i].output = outcome(rows, err)
		}
		writeCases(t, file, cases)
	}
	for _, c := range cases {
		t.Run(c.comment, func(t *testing.T) {
			got := outcome(tarn(c))
			if strings.Join(got, "\n") != strings.Join(c.output, "\n") {
				t.Errorf("options %s, input\n\t%s\ngot\n\t%s\nwant\n\t%s", c.options,
					strings.Join(c.input, "\n\t"), strings.Join(got, "\n\t"), strings.Join(c.output, "\n\t"))
			}
		})
	}
}

// outcome is rows, or the fields of an error that must be PostgreSQL's.
func outcome(rows []string, err error) []string {
	var e *sqlstate.Error
	var pe *pgconn.PgError
	switch {
	case errors.As(err, &pe):
		e = &sqlstate.Error{Code: sqlstate.Code(pe.Code), Message: pe.Message, Hint: pe.Hint, Where: pe.Where}
	case errors.As(err, &e):
	case err != nil:
		return []string{err.Error()}
	default:
		return rows
	}
	out := []string{fmt.Sprintf("ERROR %s %s", e.Code, e.Message)}
	if e.Hint != "" {
		out = append(out, "HINT "+e.Hint)
	}
	if e.Where != "" {
		out = append(out, "WHERE "+strconv.Quote(e.Where))
	}
	return out
}

func unquoted(lines []string) []byte {
	var out []byte
	for _, l := range lines {
		s, err := strconv.Unquote(l)
		if err != nil {
			panic(l)
		}
		out = append(out, s...)
	}
	return out
}

func testColumns(columns string) (out []Column) {
	for c := range strings.SplitSeq(columns, ", ") {
		if c == "" {
			continue
		}
		space := strings.LastIndexByte(c, ' ')
		name, typ := c[:space], c[space+1:]
		typ, mod, _ := strings.Cut(typ, "(")
		oid, ok := types.ByName(typ)
		if !ok {
			panic(typ)
		}
		column := Column{Name: strings.Trim(name, `"`), Type: types.Of(oid)}
		if mod != "" {
			n, _ := strconv.ParseInt(strings.TrimSuffix(mod, ")"), 10, 64)
			column.Type.Mod, _ = types.Modifier(oid, []int64{n})
		}
		out = append(out, column)
	}
	return out
}

// testOptions reads options as the statement parser does: name ['string' | word | (list)], ...
func testOptions(s string) (out []stmt.Option) {
	for s != "" {
		name, rest, _ := strings.Cut(strings.ReplaceAll(s, `e'\n'`, "'\n'"), " ")
		o := stmt.Option{Name: strings.TrimSuffix(name, ",")}
		switch {
		case strings.HasSuffix(name, ","):
		case strings.HasPrefix(rest, "'"):
			o.HasValue = true
			end := strings.Index(rest[1:], "'") + 1
			o.Value, rest = rest[1:end], rest[end+1:]
			rest = strings.TrimPrefix(rest, ", ")
		case strings.HasPrefix(rest, "("):
			list, after, _ := strings.Cut(rest[1:], ")")
			o.List, rest = strings.Split(list, ", "), strings.TrimPrefix(after, ", ")
		case rest != "":
			o.HasValue, o.Word = true, true
			o.Value, rest, _ = strings.Cut(rest, ", ")
			if o.Value == "*" {
				o.HasValue, o.List = false, []string{"*"}
			}
		}
		out = append(out, o)
		s = rest
	}
	return out
}

func TestFrom(t *testing.T) {
	runCases(t, "testdata/from.txt", func(c goldenCase) ([]string, error) {
		whole, err := readAll(c, bytes.NewReader(unquoted(c.input)), 1000)
		// The answer may not depend on how the bytes arrive or on the size of batches.
		parts, err2 := readAll(c, &oneByteReader{data: unquoted(c.input)}, 1)
		if a, b := outcome(whole, err), outcome(parts, err2); strings.Join(a, "\n") != strings.Join(b, "\n") {
			return nil, fmt.Errorf("whole: %q, in parts: %q", a, b)
		}
		return whole, err
	}, func(conn *pgconn.PgConn, c goldenCase) ([]string, error) {
		ctx := context.Background()
		if _, err := conn.CopyFrom(ctx, bytes.NewReader(unquoted(c.input)), "COPY t FROM STDIN ("+c.options+")"); err != nil {
			return nil, err
		}
		r := conn.ExecParams(ctx, "SELECT * FROM t", nil, nil, nil, nil).Read()
		var out []string
		for _, row := range r.Rows {
			out = append(out, showRow(len(row), func(i int) (string, bool) { return string(row[i]), row[i] == nil }))
		}
		return out, r.Err
	})
}

type oneByteReader struct{ data []byte }

func (r *oneByteReader) Read(p []byte) (int, error) {
	if len(r.data) == 0 {
		return 0, io.EOF
	}
	n := copy(p[:1], r.data)
	r.data = r.data[n:]
	return n, nil
}

func readAll(c goldenCase, src io.Reader, rows int) ([]string, error) {
	o, err := testParse(c, true)
	if err != nil {
		return nil, err
	}
	columns := testColumns(c.columns)
	r, err := NewReader(src, o, columns, nil)
	if err != nil {
		return nil, err
	}
	var out []string
	for {
		b, err := r.Next(rows)
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		for i := range b.Len {
			out = append(out, showRow(len(b.Cols), func(j int) (string, bool) {
				if b.Cols[j].IsNull(i) {
					return "", true
				}
				return string(types.AppendText(nil, columns[j].Type, b.Cols[j].Datum(i), nil)), false
			}))
		}
	}
}

func testParse(c goldenCase, from bool) (Options, error) {
	o, err := ParseOptions(testOptions(c.options), from)
	o.Relation = "t"
	return o, err
}

func showRow(n int, value func(i int) (s string, null bool)) string {
	var parts []string
	for i := range n {
		if s, null := value(i); null {
			parts = append(parts, "NULL")
		} else {
			parts = append(parts, strconv.Quote(s))
		}
	}
	return strings.Join(parts, " ")
}

func parseRow(line string) (out []*string) {
	for line != "" {
		if rest, ok := strings.CutPrefix(line, "NULL"); ok {
			out, line = append(out, nil), strings.TrimPrefix(rest, " ")
			continue
		}
		quoted, err := strconv.QuotedPrefix(line)
		if err != nil {
			panic(line)
		}
		s, _ := strconv.Unquote(quoted)
		out, line = append(out, &s), strings.TrimPrefix(line[len(quoted):], " ")
	}
	return out
}

func TestTo(t *testing.T) {
	runCases(t, "testdata/to.txt", func(c goldenCase) ([]string, error) {
		o, err := testParse(c, false)
		if err != nil {
			return nil, err
		}
		columns := testColumns(c.columns)
		var schema []types.Type
		for _, col := range columns {
			schema = append(schema, col.Type)
		}
		b := delta.NewBatch(schema, len(c.input))
		for _, line := range c.input {
			for i, s := range parseRow(line) {
				d := types.Null
				if s != nil {
					if d, err = types.Parse(schema[i], *s, nil); err != nil {
						return nil, err
					}
				}
				b.Cols[i].AppendDatum(d)
			}
			b.AppendCount(1)
		}
		var out lineWriter
		w, err := NewWriter(&out, o, columns, nil)
		if err != nil {
			return nil, err
		}
		if err := w.Start(); err != nil {
			return nil, err
		}
		return out, w.Write(b)
	}, func(conn *pgconn.PgConn, c goldenCase) ([]string, error) {
		ctx := context.Background()
		for _, line := range c.input {
			row := parseRow(line)
			params, holes := make([][]byte, len(row)), make([]string, len(row))
			for i, s := range row {
				holes[i] = "$" + strconv.Itoa(i+1)
				if s != nil {
					params[i] = []byte(*s)
				}
			}
			insert := "INSERT INTO t VALUES (" + strings.Join(holes, ",") + ")"
			if r := conn.ExecParams(ctx, insert, params, nil, nil, nil).Read(); r.Err != nil {
				return nil, r.Err
			}
		}
		var out lineWriter
		_, err := conn.CopyTo(ctx, &out, "COPY t TO STDOUT ("+c.options+")")
		return out, err
	})
}

// lineWriter keeps each Write, as a Go string.
type lineWriter []string

func (w *lineWriter) Write(p []byte) (int, error) {
	*w = append(*w, strconv.Quote(string(p)))
	return len(p), nil
}
