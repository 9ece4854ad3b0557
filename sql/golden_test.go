package sql

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tarn/sql/sqlstate"
)

var update = flag.Bool("update", false, "rewrite the expected outputs in testdata")

// TestGolden parses the cases of testdata/golden and testdata/errors.sql. A case is an input, a line ----, and what comes
// out: the tree of each statement, or the error. Blank lines separate cases; a file may begin with a comment.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/golden/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	for _, file := range append(files, "testdata/errors.sql") {
		t.Run(filepath.Base(file), func(t *testing.T) { golden(t, file) })
	}
}

func golden(t *testing.T, file string) {
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var after bytes.Buffer
	for i, part := range strings.Split(strings.TrimSpace(string(before)), "\n\n") {
		if i > 0 {
			after.WriteString("\n\n")
		}
		input, want, _ := strings.Cut(part, "\n----\n")
		after.WriteString(input)
		if strings.HasPrefix(input, "-- ") {
			continue
		}
		got := outcome(input)
		after.WriteString("\n----\n" + got)
		if got != want && !*update {
			t.Errorf("%s\ngives\n%s\ninstead of\n%s", input, got, want)
		}
	}
	after.WriteString("\n")
	if *update && !bytes.Equal(before, after.Bytes()) {
		if err := os.WriteFile(file, after.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// outcome prints what Parse makes of a text.
func outcome(text string) string {
	list, err := Parse(text)
	if err != nil {
		return describeError(sqlstate.From(err))
	}
	var lines []string
	for _, s := range list {
		lines = append(lines, dump(s.Node))
	}
	if lines == nil {
		return "(nothing)"
	}
	return strings.Join(lines, "\n")
}
