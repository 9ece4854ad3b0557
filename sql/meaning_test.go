package sql

import (
	"os"
	"strings"
	"testing"

	"tarn/sql/sqlstate"
	"tarn/sql/stmt"
)

// oracleSchema is what the queries of testdata/meaning.sql are about.
const oracleSchema = `
CREATE TABLE t (a int, b int, c int, s text, ok bool, ts timestamptz, x int[], xx int[][], j jsonb);
CREATE TABLE u (a int, b int);
CREATE TABLE v (a int);
CREATE TABLE words (year int, month int, key int, rank int, "left" int, value int, name int, type int, date int, text int,
  count int, position int, user_name int, interval int, time int, timestamp int);
CREATE SCHEMA "s "; CREATE TABLE "s ".t (a int);
CREATE FUNCTION composite(int) RETURNS t LANGUAGE sql AS 'SELECT * FROM t LIMIT $1';`

// cases are the parts of a file of testdata, which blank lines separate, without its leading comment.
func cases(t testing.TB, file string) []string {
	t.Helper()
	b, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(string(b), "\n\n")[1:]
}

// TestMeaning compares what PostgreSQL makes of a query and of the same query printed back from its tree.
func TestMeaning(t *testing.T) {
	o := startOracle(t)
	if _, err := o.text(oracleSchema); err != nil {
		t.Fatal(err)
	}
	for _, sql := range meaningCases(t) {
		compareMeaning(t, o, sql)
	}
}

// meaningText is testdata/meaning.sql without its comment.
func meaningText(t testing.TB) string { return strings.TrimRight(cases(t, "meaning.sql")[0], "\n") }

// meaningCases are the queries of testdata/meaning.sql: a line that begins with a blank or FROM goes on with the one above.
func meaningCases(t *testing.T) []string {
	var list []string
	for _, line := range strings.Split(meaningText(t), "\n") {
		if strings.HasPrefix(line, " ") || strings.HasPrefix(line, "FROM") {
			list[len(list)-1] += "\n" + line
		} else {
			list = append(list, line)
		}
	}
	return list
}

func compareMeaning(t *testing.T, o *oracle, sql string) {
	t.Helper()
	want, wantErr := o.meaning(sql)
	list, err := Parse(sql)
	if err != nil || len(list) != 1 {
		t.Errorf("%s\nis not parsed: %v (PostgreSQL: %v)", sql, err, wantErr)
		return
	}
	q, ok := list[0].Node.(*stmt.Select)
	if !ok {
		t.Errorf("%s\nis a %T", sql, list[0].Node)
		return
	}
	var text, got string
	for _, special := range []bool{false, true} {
		text = deparse(q.Query, special)
		var gotErr error
		got, gotErr = o.meaning(text)
		if wantErr != nil && gotErr != nil && state(wantErr) == state(gotErr) || wantErr == nil && got == want {
			return
		}
		if gotErr != nil {
			got = gotErr.Error()
		}
	}
	if wantErr != nil {
		want = wantErr.Error()
	}
	t.Errorf("%s\nwas printed back as\n%s\nand PostgreSQL says\n%s\ninstead of\n%s", sql, text, firstDifference(got, want), firstDifference(want, got))
}

// firstDifference is the first line of a that b does not have.
func firstDifference(a, b string) string {
	other := strings.Split(b, "\n")
	for i, line := range strings.Split(a, "\n") {
		if i >= len(other) || line != other[i] {
			return line
		}
	}
	return ""
}

// TestErrorsAreThoseOfPostgres compares SQLSTATE, message, hint and position of what is refused.
func TestErrorsAreThoseOfPostgres(t *testing.T) {
	o := startOracle(t)
	for _, sql := range cases(t, "errors.sql") {
		if strings.HasPrefix(sql, "-- tarn") {
			break
		}
		sql, _, _ = strings.Cut(sql, "\n----\n")
		sql = strings.TrimSuffix(sql, "\n")
		_, err := Parse(sql)
		got := "accepted"
		if err != nil {
			got = describeError(sqlstate.From(err))
		}
		if want := o.refusal(sql); got != want {
			t.Errorf("%s\nis refused with\n  %s\nand by PostgreSQL with\n  %s", sql, got, want)
		}
	}
}
