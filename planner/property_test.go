package planner

import (
	"slices"
	"testing"

	"tarn/planner/plan"
	"tarn/sql"
	"tarn/sql/stmt"
)

func viewPlan(t *testing.T, text string) plan.Node {
	t.Helper()
	list, err := sql.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	n, err := View(testCatalog(), &Env{}, list[0].Node.(*stmt.Select).Query)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return n
}

func TestUniqueKey(t *testing.T) {
	for _, c := range []struct {
		query string
		key   []int // nil: none
	}{
		{"SELECT * FROM t", []int{0}},
		{"SELECT b, id FROM t WHERE a > 5", []int{1}},
		{"SELECT b FROM t", nil},
		{"SELECT id + 1 FROM t", nil},
		{"SELECT * FROM pair", []int{0, 1}},
		{"SELECT * FROM pair WHERE y = 3", []int{0}},
		{"SELECT * FROM t WHERE id = 3", []int{}},
		{"SELECT count(*) FROM t", []int{}},
		{"SELECT count(*), b FROM t GROUP BY b", []int{1}},
		{"SELECT DISTINCT a, b FROM u", []int{0, 1}},
		{"SELECT u.a, t.id FROM u JOIN t ON t.id = u.id", nil},
		{"SELECT t.id, a.iata FROM t JOIN airports a ON a.iata = t.b", []int{0}},
		{"SELECT t.id, a.iata FROM t LEFT JOIN airports a ON a.iata = t.b", []int{0}},
		{"SELECT t.id, a.iata FROM t FULL JOIN airports a ON a.iata = t.b", []int{0, 1}},
		{"SELECT t.id, a.iata FROM t JOIN airports a ON a.name = t.b", []int{0, 1}},
		{"SELECT id FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.id = t.id)", []int{0}},
		{"SELECT id FROM t UNION ALL SELECT id FROM t", nil},
		{"SELECT id FROM t UNION SELECT id FROM u", []int{0}},
		{"SELECT DISTINCT ON (b) b, id FROM u ORDER BY b, a", []int{0}},
		{"SELECT * FROM t ORDER BY a LIMIT 3", []int{0}},
		{"SELECT t.id, s.c FROM t, LATERAL (SELECT count(*) AS c FROM u WHERE u.id = t.id) s", []int{0}},
	} {
		if have := plan.UniqueKey(viewPlan(t, c.query)); !slices.Equal(have, c.key) || (have == nil) != (c.key == nil) {
			t.Errorf("%s: key %v, want %v", c.query, have, c.key)
		}
	}
}

func TestAppendOnly(t *testing.T) {
	for query, want := range map[string]bool{
		"SELECT * FROM flights":                                                               true,
		"SELECT origin, delay * 2 FROM flights WHERE delay > 5":                               true,
		"SELECT DISTINCT origin FROM flights":                                                 true,
		"SELECT * FROM flights UNION ALL SELECT * FROM flights":                               true,
		"SELECT f.delay FROM flights f JOIN flights g ON f.origin = g.destination":            true,
		"SELECT f.delay FROM flights f JOIN airports a ON f.origin = a.iata":                  false,
		"SELECT f.delay, g.at FROM flights f LEFT JOIN flights g ON f.origin = g.destination": false,
		"SELECT count(*) FROM flights":                                                        false,
		"SELECT origin FROM flights GROUP BY origin":                                          true,
		"SELECT * FROM flights ORDER BY delay LIMIT 3":                                        false,
		"SELECT origin FROM flights EXCEPT SELECT destination FROM flights":                   false,
		"SELECT * FROM t": false,
	} {
		if have := plan.AppendOnly(viewPlan(t, query)); have != want {
			t.Errorf("%s: append-only %v, want %v", query, have, want)
		}
	}
}

// TestFingerprint: names do not matter, everything else does, and the form is the same in every process, because it names
// state on disk.
func TestFingerprint(t *testing.T) {
	of := func(query string) string { return plan.Fingerprint(viewPlan(t, query)) }
	base := of("SELECT b, sum(a) AS s FROM t WHERE id > 5 GROUP BY b")
	if other := of("SELECT x.b, sum(x.a) FROM t AS x WHERE x.id > 5 GROUP BY x.b"); other != base {
		t.Error("names change the fingerprint")
	}
	for _, query := range []string{
		"SELECT b, sum(a) FROM t WHERE id > 6 GROUP BY b",
		"SELECT b, sum(a) FROM t WHERE id >= 5 GROUP BY b",
		"SELECT b, max(a) FROM t WHERE id > 5 GROUP BY b",
		"SELECT b, sum(DISTINCT a) FROM t WHERE id > 5 GROUP BY b",
		"SELECT b, sum(a) FILTER (WHERE a > 0) FROM t WHERE id > 5 GROUP BY b",
		"SELECT b, sum(a) FROM u WHERE id > 5 GROUP BY b",
		"SELECT b, sum(id) FROM t WHERE id > 5 GROUP BY b",
	} {
		if of(query) == base {
			t.Errorf("%s has the fingerprint of another query", query)
		}
	}
	if want := "cc6d15f4921e87dcabc3dc26e1f4dca5"; base != want {
		t.Errorf("the fingerprint changed from %s to %s: state on disk would not be found", want, base)
	}
}
