package engine

import (
	"flag"
	"os"
	"strings"
	"testing"
)

var updateCatalog = flag.Bool("update-catalog", false, "rewrite the expected rows in testdata/pgcatalog.sql")

// testdata/pgcatalog.sql is a schema, and what psql's backslash commands and drivers ask about it, as
// they ask it, with the answers. Blocks are separated by empty lines:
//
//	-- what asks
//	query
//	----
//	rows, fields separated by |
//
// A block without ---- is a statement that answers nothing. The answers are PostgreSQL 15's for the same schema (a stream
// being a table), but for what Tarn has not got (template databases, plpgsql, roles that are not superusers), sizes, and the
// texts of defaults and views, which are as they were written.
func TestClientsReadTheCatalogue(t *testing.T) {
	const path = "testdata/pgcatalog.sql"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s := connect(t, open(t, t.TempDir()))
	var out []string
	for _, block := range strings.Split(strings.TrimSpace(string(text)), "\n\n") {
		query, want, asks := strings.Cut(block+"\n", "\n----\n")
		want = strings.TrimRight(want, "\n")
		rows, _, err := try(s, query)
		if err != nil {
			t.Errorf("%s\n%v", query, err)
		}
		got := strings.TrimRight(strings.Join(rows, "\n"), "\n")
		if asks && got != want && !*updateCatalog {
			t.Errorf("%s\ngot\n%s\nwant\n%s", query, got, want)
		}
		if asks {
			query = strings.TrimRight(query+"\n----\n"+got, "\n")
		} else {
			query = strings.TrimRight(query, "\n")
		}
		out = append(out, query)
	}
	if *updateCatalog {
		if err := os.WriteFile(path, []byte(strings.Join(out, "\n\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
