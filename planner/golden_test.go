package planner

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tarn/sql/sqlstate"
)

var update = flag.Bool("update", false, "rewrite the expected results in testdata")

// golden runs f for every case of a file and compares, or with -update rewrites, what follows it. A case is comment lines
// (#) and one statement on a line, with its result, indented, below:
//
//	# comment
//	SELECT 1
//		result
func golden(t *testing.T, file string, f func(comment, statement string) string) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out, comment strings.Builder
	var statement string
	var want []string
	flush := func() {
		if statement == "" {
			return
		}
		have := strings.TrimRight(f(comment.String(), statement), "\n")
		fmt.Fprintln(&out, statement)
		for _, line := range strings.Split(have, "\n") {
			fmt.Fprintln(&out, "\t"+line)
		}
		if expected := strings.Join(want, "\n"); have != expected && !*update {
			t.Errorf("%s: %s\nhave:\n%s\nwant:\n%s", filepath.Base(file), statement, have, expected)
		}
		comment.Reset()
		statement, want = "", nil
	}
	for _, line := range strings.Split(strings.TrimRight(string(raw), "\n"), "\n") {
		switch {
		case strings.HasPrefix(line, "\t"):
			want = append(want, line[1:])
		case strings.HasPrefix(line, "#"), line == "":
			flush()
			fmt.Fprintln(&out, line)
			fmt.Fprintln(&comment, line)
		default:
			flush()
			statement = line
		}
	}
	flush()
	if *update {
		if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestPlans compares the plans of statements, by topic.
func TestPlans(t *testing.T) {
	files, err := filepath.Glob("testdata/plans/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no plans to test", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			golden(t, file, func(_, statement string) string {
				p, err := planText(statement)
				if err != nil {
					return errorText(err)
				}
				return p.text
			})
		})
	}
}

// TestRules runs the cases of testdata/rules.txt: the comment above each case names the rule it expects.
func TestRules(t *testing.T) {
	seen := map[string]bool{}
	golden(t, "testdata/rules.txt", func(comment, statement string) string {
		p, err := planText(statement)
		if err != nil {
			return errorText(err)
		}
		for _, line := range strings.Split(comment, "\n") {
			if name, ok := strings.CutPrefix(line, "# rule: "); ok {
				seen[name] = true
				if !slices.Contains(p.rules, name) {
					t.Errorf("%s: rule %q did not apply; these did: %q", statement, name, p.rules)
				}
			}
		}
		return p.text
	})
	for _, name := range ruleNames() {
		if !seen[name] {
			t.Errorf("testdata/rules.txt has no case for the rule %q", name)
		}
	}
}

// ruleNames are the names of all rules, in their order.
func ruleNames() []string {
	var out []string
	for _, r := range rules {
		out = append(out, r.name)
	}
	return append(out, rulePrune, ruleAccess, ruleIndex)
}

// TestErrors compares the errors of wrong statements. The expected ones are what PostgreSQL 15 says, but for hints with the
// name of a similar relation, which it does not give.
func TestErrors(t *testing.T) {
	golden(t, "testdata/errors.txt", func(_, statement string) string {
		p, err := planText(statement)
		if err != nil {
			return errorText(err)
		}
		return p.text
	})
}

func errorText(err error) string {
	e := sqlstate.From(err)
	s := string(e.Code) + " " + e.Message
	if e.Position > 0 {
		s += fmt.Sprintf(" @%d", e.Position)
	}
	if e.Detail != "" {
		s += "\nDETAIL " + e.Detail
	}
	if e.Hint != "" {
		s += "\nHINT " + e.Hint
	}
	return s
}
