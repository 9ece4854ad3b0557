package sql

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"tarn/sql/sqlstate"
	"tarn/sql/stmt"
)

// TestDepth: what nests too deep is refused before it can hurt anybody who recurses; long flat chains are not deep.
func TestDepth(t *testing.T) {
	const n = 20000
	repeat := strings.Repeat
	for _, c := range []struct {
		name, text string
		want       sqlstate.Code
	}{
		{"parentheses", "SELECT " + repeat("(", n) + "1" + repeat(")", n), sqlstate.StatementTooComplex},
		{"query parentheses", repeat("(", n) + "SELECT 1" + repeat(")", n), sqlstate.StatementTooComplex},
		{"from parentheses", "SELECT * FROM " + repeat("(", n) + "a JOIN b ON c" + repeat(")", n), sqlstate.StatementTooComplex},
		{"subqueries", repeat("SELECT (", n) + "1" + repeat(")", n), sqlstate.StatementTooComplex},
		{"calls", "SELECT " + repeat("f(", n) + "1" + repeat(")", n), sqlstate.StatementTooComplex},
		{"signs", "SELECT " + repeat("- ", n) + "x", sqlstate.StatementTooComplex},
		{"not", "SELECT " + repeat("NOT ", n) + "x", sqlstate.StatementTooComplex},
		{"sums", "SELECT 1" + repeat(" + 1", n), sqlstate.StatementTooComplex},
		{"casts", "SELECT 1" + repeat("::int", n), sqlstate.StatementTooComplex},
		{"is null", "SELECT 1" + repeat(" IS NULL", n), sqlstate.StatementTooComplex},
		{"fields", "SELECT (a)" + repeat(".b[1]", n), sqlstate.StatementTooComplex},
		{"arrays", "SELECT ARRAY" + repeat("[", n) + "1" + repeat("]", n), sqlstate.StatementTooComplex},
		{"joins", "SELECT * FROM a" + repeat(" CROSS JOIN a", n), sqlstate.StatementTooComplex},
		{"right joins", "SELECT * FROM a" + repeat(" JOIN a", n) + repeat(" ON true", n), sqlstate.StatementTooComplex},
		{"unions", "SELECT 1" + repeat(" UNION SELECT 1", n), sqlstate.StatementTooComplex},
		{"with", repeat("WITH a AS (", n) + "SELECT 1" + repeat(") SELECT 1", n), sqlstate.StatementTooComplex},
		{"grouping sets", "SELECT 1 GROUP BY " + repeat("GROUPING SETS (", n) + "1" + repeat(")", n), sqlstate.StatementTooComplex},
		{"explain", repeat("EXPLAIN ", n) + "SELECT 1", sqlstate.SyntaxError},
		{"or", "SELECT a" + repeat(" OR a = 1", n), ""},
		{"and", "SELECT a" + repeat(" AND a = 1", n), ""},
		{"list", "SELECT a IN (1" + repeat(", 1", n) + ")", ""},
		{"items", "SELECT 1" + repeat(", 1", n), ""},
		{"tables", "SELECT 1 FROM a" + repeat(", a", n), ""},
		{"statements", repeat("SELECT 1;", n), ""},
		{"semicolons", repeat(";", n), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			list, err := Parse(c.text)
			if got := codeOf(err); got != c.want {
				t.Errorf("code %q (%v) instead of %q", got, err, c.want)
			}
			if len(list) == 1 {
				dump(list[0].Node)
			}
		})
	}
}

func codeOf(err error) sqlstate.Code {
	if err == nil {
		return ""
	}
	return sqlstate.From(err).Code
}

// TestStatement: what Parse says about each statement of a string.
func TestStatement(t *testing.T) {
	source := " SELECT $2, $1 ; ; /* c */ INSERT INTO t VALUES ($3, 1) -- end\n"
	list, err := Parse(source)
	if err != nil || len(list) != 2 {
		t.Fatal(list, err)
	}
	for i, want := range []Statement{{Text: "SELECT $2, $1", Params: 2}, {Text: "INSERT INTO t VALUES ($3, 1)", Params: 3}} {
		if s := list[i]; s.Text != want.Text || s.Params != want.Params || s.Source != source {
			t.Errorf("%q with %d parameters", s.Text, s.Params)
		}
	}
	if list, err := Parse(""); err != nil || len(list) != 0 {
		t.Error(list, err)
	}
	if _, err := Parse("SELECT '\xff'"); codeOf(err) != sqlstate.CharacterNotInRepertoire {
		t.Error(err)
	}
}

// TestCache: texts that came twice come back as they were parsed, and the cache does not grow without bound.
func TestCache(t *testing.T) {
	once, err := Parse("SELECT 'cached'")
	if err != nil {
		t.Fatal(err)
	}
	first, _ := Parse("SELECT 'cached'")
	if first[0].Node == once[0].Node {
		t.Error("kept at first sight")
	}
	if again, _ := Parse("SELECT 'cached'"); again[0].Node != first[0].Node {
		t.Error("parsed twice")
	}
	for i := range 2 * cachedBytes / longestText {
		for range 2 {
			if _, err := Parse("SELECT '" + strings.Repeat("x", longestText-100) + strconv.Itoa(i) + "'"); err != nil {
				t.Fatal(err)
			}
		}
	}
	if parsed.bytes > cachedBytes || len(parsed.entries) != parsed.order.Len() {
		t.Errorf("%d bytes in %d entries, %d in order", parsed.bytes, len(parsed.entries), parsed.order.Len())
	}
	if again, _ := Parse("SELECT 'cached'"); again[0].Node == first[0].Node {
		t.Error("the oldest text is still there")
	}
}

// TestValues: many rows stay literals, and a late row of another width is found.
func TestValues(t *testing.T) {
	rows := strings.Repeat("(1, 'a', -2.5, NULL, DEFAULT), ", 1000)
	list, err := Parse("INSERT INTO t VALUES " + rows + "(1 + 1, lower('a'), 3, true, $7)")
	if err != nil {
		t.Fatal(err)
	}
	v := list[0].Node.(*stmt.Insert).Values
	if v.Len() != 1001 || v.Width != 5 || len(v.Exprs) != 2 || list[0].Params != 7 {
		t.Errorf("%d rows of %d, %d expressions, %d parameters", v.Len(), v.Width, len(v.Exprs), list[0].Params)
	}
	if got := v.Row(1000)[1]; got.Kind != stmt.ExprCell || got.N != 1 {
		t.Errorf("last row: %+v", got)
	}
	_, err = Parse("INSERT INTO t VALUES " + rows + "(1)")
	if e := sqlstate.From(err); e == nil || e.Position != len("INSERT INTO t VALUES ")+len(rows)+2 {
		t.Errorf("%+v", e)
	}
}

// TestConcurrent parses and reads the same statements from many goroutines; it is meant for -race.
func TestConcurrent(t *testing.T) {
	texts := clientCases(t)[:60]
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for _, text := range texts {
				list, err := Parse(text)
				if err != nil {
					t.Error(err)
				}
				for _, s := range list {
					dump(s.Node)
				}
			}
		})
	}
	wg.Wait()
}

// TestMarkersAreDecoded: every marker the bridge may write has a reader in package decode.
func TestMarkersAreDecoded(t *testing.T) {
	markers, err := os.ReadFile("bridge/marker.go")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("decode/*.go")
	if err != nil {
		t.Fatal(err)
	}
	decode := ""
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		decode += string(b)
	}
	names := regexp.MustCompile(`\n\t(Mark\w+) +=`).FindAllStringSubmatch(string(markers), -1)
	if len(names) < 40 {
		t.Fatalf("only %d markers found", len(names))
	}
	for _, name := range names {
		if !regexp.MustCompile(`bridge\.` + name[1] + `\b`).MatchString(decode) {
			t.Errorf("package decode does not know %s", name[1])
		}
	}
}

// TestImports: only sql/tidb and sql/decode may see TiDB's parser, whose carriers mislead everybody else.
func TestImports(t *testing.T) {
	files, err := filepath.Glob("*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(files, "parse.go", "cache.go") {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		dir := filepath.Dir(file)
		if strings.Contains(string(b), `"github.com/pingcap/`) && dir != "tidb" && dir != "decode" {
			t.Errorf("%s imports TiDB's parser", file)
		}
	}
}
