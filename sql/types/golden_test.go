package types

import (
	"context"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"tarn/sql/sqlstate"
)

// The files in testdata hold what PostgreSQL 15 answers. To ask it again:
//
//	go test ./sql/types -update -postgres 'host=localhost user=postgres'
var (
	update   = flag.Bool("update", false, "rewrite the expected results in testdata from -postgres")
	postgres = flag.String("postgres", "", "connection string of the PostgreSQL to ask")
)

// goldenEnv is the session that the files were written in.
func goldenEnv(t testing.TB) *Env {
	t.Helper()
	loc, err := LoadZone("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	return &Env{Location: loc}
}

// golden runs each line "input fields | result" of a file. ask makes the SQL that gives the result.
func golden(t *testing.T, file string, fields int, ask func(conn *pgconn.PgConn, in []string) string, answer func(in []string) string) {
	path := "testdata/" + file
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var conn *pgconn.PgConn
	if *update {
		if conn, err = pgconn.Connect(context.Background(), *postgres); err != nil {
			t.Fatal(err)
		}
		defer conn.Close(context.Background())
		if _, err := conn.Exec(context.Background(), "SET TimeZone = 'America/New_York'").ReadAll(); err != nil {
			t.Fatal(err)
		}
	}
	lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	for i, line := range lines {
		if line == "" || line[0] == '#' {
			continue
		}
		parts := strings.SplitN(line, " | ", fields+1)
		for len(parts) < fields+1 {
			parts = append(parts, "")
		}
		in := make([]string, fields)
		for j := range in {
			in[j] = unquote(parts[j])
		}
		if *update {
			parts[fields] = ask(conn, in)
			lines[i] = strings.Join(parts, " | ")
			continue
		}
		if got := answer(in); got != parts[fields] {
			t.Errorf("%s:%d: %s\n got %s\nwant %s", path, i+1, strings.Join(parts[:fields], " | "), got, parts[fields])
		}
	}
	if *update {
		if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// unquote reads a field: as it stands, or in Go's quotes where it has a quote, spaces at its ends or a bar.
func unquote(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 0 && s[0] == '"' {
		if text, err := strconv.Unquote(s); err == nil {
			return text
		}
	}
	return s
}

func quoteResult(s string) string {
	if strings.ContainsAny(s, "\n\r\t") {
		return strconv.Quote(s)
	}
	return s
}

func describe(err error) string {
	e := sqlstate.From(err)
	return describeFields(string(e.Code), e.Message, e.Detail, e.Hint, e.Where)
}

func describeFields(code, message, detail, hint, where string) string {
	s := "! " + code + " " + message
	if detail != "" {
		s += " / " + detail
	}
	if hint != "" {
		s += " / " + hint
	}
	if strings.HasPrefix(where, "JSON data") {
		s += " / " + where
	}
	return quoteResult(s)
}

func describePG(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return describeFields(e.Code, e.Message, e.Detail, e.Hint, e.Where)
	}
	return "! " + err.Error()
}

func literal(s string) string {
	if strings.Contains(s, `\`) {
		return " E'" + strings.ReplaceAll(strings.ReplaceAll(s, `\`, `\\`), "'", "''") + "'"
	}
	return "'" + strings.ReplaceAll(s, "'", "''") + "'"
}

// queryOne is the single value a query gives, in a format (0 text, 1 binary), or the error.
func queryOne(conn *pgconn.PgConn, sql string, format int16) ([]byte, error) {
	result := conn.ExecParams(context.Background(), sql, nil, nil, nil, []int16{format}).Read()
	if result.Err != nil {
		return nil, result.Err
	}
	return result.Rows[0][0], nil
}

// typeOf reads a type name with its modifier.
func typeOf(name string) (Type, error) {
	suffix := ""
	var args []int64
	if open := strings.IndexByte(name, '('); open >= 0 {
		end := strings.IndexByte(name, ')')
		for _, arg := range strings.Split(name[open+1:end], ",") {
			v, err := strconv.ParseInt(arg, 10, 64)
			if err != nil {
				return Type{}, err
			}
			args = append(args, v)
		}
		name, suffix = name[:open], name[end+1:]
	}
	if fields, ok := strings.CutPrefix(name, "interval "); ok {
		precision := int64(-1)
		if args != nil {
			precision = args[0]
		}
		mod, err := IntervalModifier(fields, precision)
		return Type{IntervalOID, mod}, err
	}
	oid, ok := ByName(name + suffix)
	if !ok {
		return Type{}, fmt.Errorf("no type %q", name+suffix)
	}
	mod, err := Modifier(oid, args)
	return Type{oid, mod}, err
}

// TestText checks input, output and the binary form of every type: lines "type | text | printed | binary".
func TestText(t *testing.T) {
	env := goldenEnv(t)
	golden(t, "text.txt", 2, func(conn *pgconn.PgConn, in []string) string {
		create := "DROP TABLE IF EXISTS v; CREATE TEMP TABLE v (v " + in[0] + ")"
		if _, err := conn.Exec(context.Background(), create).ReadAll(); err != nil {
			return describePG(err)
		}
		insert := "INSERT INTO v VALUES (" + literal(in[1]) + ") RETURNING v"
		text, err := queryOne(conn, insert, 0)
		if err != nil {
			return describePG(err)
		}
		binary, err := queryOne(conn, insert, 1)
		if err != nil {
			return describePG(err)
		}
		return quoteResult(string(text)) + " | " + hex.EncodeToString(binary)
	}, func(in []string) string {
		typ, err := typeOf(in[0])
		if err != nil {
			return describe(err)
		}
		d, err := Parse(typ, in[1], env)
		if err != nil {
			return describe(err)
		}
		binary := AppendBinary(nil, typ, d)
		back, err := ParseBinary(typ, binary)
		if err != nil {
			return "binary: " + describe(err)
		}
		if Compare(typ, d, back) != 0 || string(AppendText(nil, typ, back, env)) != string(AppendText(nil, typ, d, env)) {
			return "binary form reads back as " + string(AppendText(nil, typ, back, env))
		}
		return quoteResult(string(AppendText(nil, typ, d, env))) + " | " + hex.EncodeToString(binary)
	})
}

// TestCurrentTime checks the words that need a clock.
func TestCurrentTime(t *testing.T) {
	env := goldenEnv(t)
	if _, err := Parse(Of(DateOID), "now", env); err == nil {
		t.Error("now was accepted without a clock")
	}
	env.Now = time.Date(2024, 3, 10, 3, 30, 0, 123456789, time.UTC) // 22:30 of the day before in New York
	for _, c := range []struct {
		oid        OID
		text, want string
	}{
		{DateOID, "now", "2024-03-09"},
		{DateOID, "today", "2024-03-09"},
		{DateOID, "tomorrow", "2024-03-10"},
		{DateOID, "yesterday", "2024-03-08"},
		{TimeOID, "now", "22:30:00.123456"},
		{TimestampOID, "now", "2024-03-09 22:30:00.123456"},
		{TimestamptzOID, "now", "2024-03-09 22:30:00.123456-05"},
		{TimestamptzOID, "tomorrow", "2024-03-10 00:00:00-05"},
		{TimestamptzOID, "today 12:00", "2024-03-09 12:00:00-05"},
	} {
		d, err := Parse(Of(c.oid), c.text, env)
		if got := string(AppendText(nil, Of(c.oid), d, env)); err != nil || got != c.want {
			t.Errorf("%s %q: got %s, %v, want %s", Of(c.oid), c.text, got, err, c.want)
		}
	}
}

// replaceArgs puts literals of a type for $a and $b.
func replaceArgs(sql, typ, a, b string) string {
	return strings.NewReplacer("$a", "("+literal(a)+"::"+typ+")", "$b", "("+literal(b)+"::"+typ+")").Replace(sql)
}

func replaceAll(s, old, with string) string { return strings.ReplaceAll(s, old, with) }

// splitArgs divides the arguments of a line of calls.txt.
func splitArgs(s string) []string {
	var args []string
	for _, arg := range strings.Split(s, " ; ") {
		args = append(args, unquote(arg))
	}
	return args
}
