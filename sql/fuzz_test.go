package sql

import (
	"strings"
	"testing"

	"tarn/sql/sqlstate"
)

// FuzzParse: no input panics, none that the bridge accepts is refused by the parser behind it (XX000), and whatever is
// parsed can be read to the last leaf.
func FuzzParse(f *testing.F) {
	for _, text := range clientCases(f) {
		if len(text) < 500 {
			f.Add(text)
		}
	}
	for _, line := range strings.Split(meaningText(f), "\n") {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, text string) {
		list, err := Parse(text)
		if err != nil {
			if e := sqlstate.From(err); e.Code == sqlstate.InternalError {
				t.Fatalf("%q: %s\n%s", text, e.Message, e.Detail)
			}
			return
		}
		for _, s := range list {
			dump(s.Node)
		}
	})
}
