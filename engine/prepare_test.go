package engine

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"tarn/sql/sqlstate"
)

// What prepared statements take counts as what statements hold, until they are dropped: long texts, and plans that are much larger
// than the texts.
func TestPreparedStatementsCount(t *testing.T) {
	e, err := Open(context.Background(), Config{Dir: "db", FS: vfs.NewMem(), Memory: 16 << 20, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close(context.Background())
	s := connect(t, e)
	terms := make([]string, 300)
	for i := range terms {
		terms[i] = fmt.Sprintf("a * %d", i)
	}
	run(t, s, "CREATE TABLE t (id int PRIMARY KEY, a int); CREATE VIEW v AS SELECT "+strings.Join(terms, " + ")+" AS x FROM t")
	used := e.work.Used()
	for _, c := range []struct {
		text        string // %d is the number of the statement
		least, most int    // statements that a memory of 4 MiB must and may take
	}{
		{"SELECT '" + strings.Repeat("x", 10_000) + "%d'", 100, 200},
		{"SELECT * FROM t WHERE id = $1 AND a <> %d", 400, 1500},
		{"SELECT x FROM v WHERE x <> %d", 8, 80},
		{"INSERT INTO t VALUES " + strings.Repeat("(1, 2), ", 1000) + "(%d, 3)", 25, 60},
		{"UPDATE t SET a = a + %d WHERE id = $1", 400, 1500},
	} {
		prepared, err := 0, error(nil)
		for ; err == nil && prepared <= c.most; prepared++ {
			_, _, err = try(s, fmt.Sprintf("PREPARE p%d AS "+c.text, prepared, prepared))
		}
		if code(err) != sqlstate.OutOfMemory || prepared < c.least {
			t.Errorf("%.50s: %v after %d statements", c.text, err, prepared)
		}
		run(t, s, "DEALLOCATE p0")
		run(t, s, "DEALLOCATE ALL")
		if got := e.work.Used(); got != used {
			t.Errorf("%.50s: %d bytes are held after all, %d were before", c.text, got, used)
		}
	}
}

// What is given to the columns of a query takes their types, one column after the other: SELECT $1, $2 is as good as VALUES.
func TestTypesOfGivenColumns(t *testing.T) {
	s := connect(t, open(t, t.TempDir()))
	run(t, s, "CREATE TABLE t (a int8, b date, c numeric(5,1), d varchar(3))")
	for text, want := range map[string]string{
		"INSERT INTO t SELECT $1, $2, $3, $4":                            "bigint date numeric character varying",
		"INSERT INTO t (d, c, b) SELECT $1, $2, $3 WHERE $4":             "character varying numeric date boolean",
		"INSERT INTO t (a, b) SELECT 1, $1 ORDER BY 1 LIMIT 1":           "date",
		"SELECT $1, $2, $3 UNION ALL SELECT 1::int8, true, a FROM t":     "bigint boolean bigint",
		"SELECT 1::int8, date '2020-01-01' UNION SELECT $1, $2 LIMIT $3": "bigint date bigint",
	} {
		statements, err := s.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		p, err := s.Prepare(context.Background(), statements[0], nil)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := strings.Trim(fmt.Sprint(p.Params), "[]"); got != want {
			t.Errorf("%s: parameters are %s, want %s", text, got, want)
		}
	}
}
