package sql

import (
	"os"
	"strings"
	"testing"

	"tarn/sql/stmt"
)

// clientCases are the statements of testdata/clients.sql.
func clientCases(t testing.TB) []string {
	b, err := os.ReadFile("testdata/clients.sql")
	if err != nil {
		t.Fatal(err)
	}
	_, body, _ := strings.Cut(string(b), "\n\n")
	return strings.Split(strings.TrimSuffix(body, "\n------\n"), "\n------\n")
}

// TestClients parses and reads all that real clients send.
func TestClients(t *testing.T) {
	for _, text := range clientCases(t) {
		list, err := Parse(text)
		if err != nil {
			t.Errorf("%s\n%v", text, err)
		}
		for _, s := range list {
			dump(s.Node)
			if u, ok := s.Node.(*stmt.Unsupported); ok {
				t.Logf("not supported: %s", u.Verb)
			}
		}
	}
}

// TestMeaningOfClients is TestMeaning for the catalogue queries of real clients. What PostgreSQL itself refuses, because
// a table is not there, says nothing.
func TestMeaningOfClients(t *testing.T) {
	o := startOracle(t)
	for _, text := range clientCases(t) {
		list, err := Parse(text)
		if err != nil || len(list) != 1 {
			continue
		}
		if _, ok := list[0].Node.(*stmt.Select); !ok {
			continue
		}
		if _, err := o.meaning(text); err == nil {
			compareMeaning(t, o, strings.TrimRight(text, "; \n"))
		}
	}
}
