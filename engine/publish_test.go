package engine

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"
)

// Every State has the relations of its catalogue with the rows that they had, and no others, while tables are made, filled and
// dropped, and their places are used again; after a restart too.
func TestStatesKeepTheirRelations(t *testing.T) {
	for seed := range uint64(3) {
		rng := rand.New(rand.NewPCG(seed, 8))
		dir := t.TempDir()
		e := open(t, dir)
		s := connect(t, e)
		type held struct {
			state *State
			rows  map[string]int
		}
		var states []held
		rows, next := map[string]int{}, 0
		ids := map[uint32]bool{}
		check := func(h held) {
			t.Helper()
			seen := 0
			for id := range ids {
				rel, there := h.state.Catalog.ByID(id)
				c, ok := h.state.of(id)
				if there != ok {
					t.Fatalf("seed %d, epoch %d: relation %d is in the catalogue: %t, in the state: %t", seed, h.state.Epoch, id, there, ok)
				}
				if ok {
					if seen++; c.rows.Rows() != int64(h.rows[rel.Name]) {
						t.Fatalf("seed %d, epoch %d: %s has %d rows, not %d", seed, h.state.Epoch, rel.Name, c.rows.Rows(), h.rows[rel.Name])
					}
				}
			}
			if seen != len(h.rows) {
				t.Fatalf("seed %d, epoch %d: %d relations, not %d", seed, h.state.Epoch, seen, len(h.rows))
			}
		}
		for step := range 400 {
			some := ""
			for name := range rows {
				some = max(some, name)
				if rng.IntN(4) == 0 {
					break
				}
			}
			switch n := rng.IntN(10); {
			case n < 4:
				run(t, s, fmt.Sprintf("CREATE TABLE t%d (k int)", next))
				rows[fmt.Sprint("t", next)] = 0
				next++
			case n < 6 && some != "":
				run(t, s, "DROP TABLE "+some)
				delete(rows, some)
			case n < 8 && some != "":
				run(t, s, "INSERT INTO "+some+" VALUES (1)")
				rows[some]++
			case n == 8 && some != "": // one goes and others come, at once
				run(t, s, fmt.Sprintf("BEGIN; DROP TABLE %s; CREATE TABLE t%d (k int); INSERT INTO t%[2]d VALUES (1), (2); CREATE TABLE t%d (k int); COMMIT", some, next, next+1))
				delete(rows, some)
				rows[fmt.Sprint("t", next)], rows[fmt.Sprint("t", next+1)] = 2, 0
				next += 2
			}
			now := held{e.acquire(), maps.Clone(rows)}
			for _, rel := range now.state.Catalog.Relations() {
				ids[rel.ID] = true
			}
			check(now)
			if rng.IntN(8) > 0 {
				now.state.release()
			} else if states = append(states, now); len(states) > 10 {
				i := rng.IntN(len(states))
				check(states[i])
				states[i].state.release()
				states = append(states[:i], states[i+1:]...)
			}
			if step%150 == 149 {
				for _, h := range states {
					check(h)
					h.state.release()
				}
				states = nil
				if err := e.Close(t.Context()); err != nil {
					t.Fatal(err)
				}
				e = open(t, dir)
				s = connect(t, e)
			}
		}
		for _, h := range states {
			check(h)
			h.state.release()
		}
	}
}
