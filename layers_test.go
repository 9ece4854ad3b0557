package tarn_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// layers is the drawing of the house, from the ground up. A package may import packages of lower lines only; packages of one
// line do not know each other. The test reads the files itself, so that no cache can keep it passing. It changes only together
// with ARCHITECTURE.md.
var layers = []string{
	"sql/sqlstate",
	"sql/types",
	"delta",
	"sql/functions   delta/arrowio     storage/slab",
	"sql/expr                          storage/log",
	"sql/lex         storage           storage/vfstest",
	"sql/bridge      storage/state     storage/arrangement",
	"sql/tidb",
	"sql/decode",
	"sql/stmt",
	"sql             sql/copyformat    catalog",
	"catalog/pgcatalog                 planner/plan",
	"planner         exec              connector/nexmark",
	"engine",
	"wire",
	"sqllogictest",
	"cmd/server      bench",
}

// only says which outside modules only some packages may import: the borders of DESIGN.md.
var only = map[string][]string{
	"github.com/pingcap/tidb/":       {"sql/tidb", "sql/decode", "sql/bridge"},
	"github.com/jackc/pgproto3/":     {"wire"},
	"github.com/cockroachdb/pebble/": {"storage", "storage/log", "storage/arrangement", "storage/state", "storage/vfstest", "engine", "cmd/server"},
	"github.com/prometheus/":         {"cmd/server"},
	"github.com/cockroachdb/apd/":    {"sql/types"},
	"github.com/apache/arrow-go/":    {"delta/arrowio"},
	"github.com/jackc/pgx/":          {"sqllogictest"},
}

func TestImportsRunDownhill(t *testing.T) {
	level := map[string]int{}
	for i, line := range layers {
		for _, p := range strings.Fields(line) {
			level[p] = i
		}
	}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && path != "." || d.Name() == "data") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		pkg := filepath.ToSlash(filepath.Dir(path))
		mine, known := level[pkg]
		if !known {
			t.Errorf("%s: package %s has no line in layers", path, pkg)
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, imp := range f.Imports {
			name, err := strconv.Unquote(imp.Path.Value)
			if err != nil {
				return err
			}
			if inside, ok := strings.CutPrefix(name, "tarn/"); ok {
				theirs, known := level[inside]
				if !known {
					t.Errorf("%s imports %s, which has no line in layers", path, inside)
				} else if theirs >= mine {
					t.Errorf("%s: %s may not import %s: it is not on a lower line", path, pkg, inside)
				}
			}
			for prefix, may := range only {
				if strings.HasPrefix(name, prefix) && !contains(may, pkg) {
					t.Errorf("%s: %s may not import %s: that is for %s", path, pkg, name, strings.Join(may, ", "))
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func contains(list []string, s string) bool {
	for _, e := range list {
		if e == s {
			return true
		}
	}
	return false
}
