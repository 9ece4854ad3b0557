package engine

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

// Statements that read and write a table by key, by a part of it and by a range, over what the transaction has already written,
// between savepoints and after going back to them, see what a sorted map says.
func TestOwnWritesByKey(t *testing.T) {
	type key struct{ a, b int }
	type rows map[key]int
	for seed := range uint64(30) {
		rng := rand.New(rand.NewPCG(seed, 3))
		s := connect(t, open(t, t.TempDir()))
		run(t, s, "CREATE TABLE t (a int, b int, v int, PRIMARY KEY (a, b))")
		model, next := rows{}, 0
		for range 10 {
			k := key{rng.IntN(3), rng.IntN(8)}
			if _, there := model[k]; !there {
				model[k] = 0
				run(t, s, fmt.Sprintf("INSERT INTO t VALUES (%d, %d, 0)", k.a, k.b))
			}
		}
		committed := maps.Clone(model)
		run(t, s, "BEGIN")
		var saved []rows
		for step := range 60 {
			k, lo := key{rng.IntN(3), rng.IntN(8)}, rng.IntN(8)
			hi := lo + rng.IntN(4)
			next++
			_, there := model[k]
			in := func(o key) bool { return o.a == k.a && o.b >= lo && o.b <= hi }
			var statement string
			switch rng.IntN(9) {
			case 0:
				if there {
					continue
				}
				statement = fmt.Sprintf("INSERT INTO t VALUES (%d, %d, %d)", k.a, k.b, next)
				model[k] = next
			case 1:
				statement = fmt.Sprintf("INSERT INTO t VALUES (%d, %d, %d) ON CONFLICT (a, b) DO UPDATE SET v = t.v + 1", k.a, k.b, next)
				if there {
					model[k]++
				} else {
					model[k] = next
				}
			case 2:
				statement = fmt.Sprintf("UPDATE t SET v = %d WHERE a = %d AND b = %d", next, k.a, k.b)
				if there {
					model[k] = next
				}
			case 3:
				statement = fmt.Sprintf("UPDATE t SET v = v + 1 WHERE a = %d AND b BETWEEN %d AND %d", k.a, lo, hi)
				for o := range model {
					if in(o) {
						model[o]++
					}
				}
			case 4:
				statement = fmt.Sprintf("DELETE FROM t WHERE a = %d AND b BETWEEN %d AND %d", k.a, lo, hi)
				maps.DeleteFunc(model, func(o key, _ int) bool { return in(o) })
			case 5: // rows keep their values, or get them back
				statement = fmt.Sprintf("UPDATE t SET v = v WHERE a >= %d", k.a)
			case 6:
				statement = fmt.Sprintf("SAVEPOINT p%d", len(saved))
				saved = append(saved, maps.Clone(model))
			case 7, 8:
				if len(saved) == 0 {
					continue
				}
				n := rng.IntN(len(saved))
				statement = fmt.Sprintf("ROLLBACK TO p%d", n)
				model, saved = maps.Clone(saved[n]), saved[:n+1]
			}
			run(t, s, statement)
			expectKeys := func(where string, of func(key) bool) {
				var want []string
				var as, bs []int
				for _, o := range slices.SortedFunc(maps.Keys(model), func(x, y key) int { return 100*(x.a-y.a) + x.b - y.b }) {
					if of(o) {
						want = append(want, fmt.Sprintf("%d|%d|%d", o.a, o.b, model[o]))
						as, bs = append(as, o.a), append(bs, o.b)
					}
				}
				if got, _ := run(t, s, "SELECT * FROM t WHERE "+where+" ORDER BY a, b"); !slices.Equal(got, want) {
					t.Fatalf("seed %d, step %d, after %s:\n%s\n got %v\nwant %v", seed, step, statement, where, got, want)
				}
				slices.Reverse(want)
				if got, _ := run(t, s, "SELECT * FROM t WHERE "+where+" ORDER BY a DESC, b DESC"); !slices.Equal(got, want) {
					t.Fatalf("seed %d, step %d, after %s:\n%s, backward\n got %v\nwant %v", seed, step, statement, where, got, want)
				}
				extremes := "NULL|NULL|NULL|NULL"
				if len(as) > 0 {
					extremes = fmt.Sprintf("%d|%d|%d|%d", slices.Min(as), slices.Max(as), slices.Min(bs), slices.Max(bs))
				}
				if rng.IntN(3) > 0 {
					return
				}
				if got, _ := run(t, s, "SELECT min(a), max(a), (SELECT min(b) FROM t WHERE "+where+"), (SELECT max(b) FROM t WHERE "+where+") FROM t WHERE "+where); got[0] != extremes {
					t.Fatalf("seed %d, step %d, after %s:\nextremes where %s\n got %v\nwant %v", seed, step, statement, where, got[0], extremes)
				}
			}
			expectKeys(fmt.Sprintf("a = %d AND b = %d", k.a, k.b), func(o key) bool { return o == k })
			expectKeys(fmt.Sprintf("a = %d", k.a), func(o key) bool { return o.a == k.a })
			expectKeys(fmt.Sprintf("a = %d AND b BETWEEN %d AND %d", k.a, lo, hi), in)
			expectKeys(fmt.Sprintf("a = %d AND b IN (%d, %d, %[2]d)", k.a, lo, hi), func(o key) bool { return o.a == k.a && (o.b == lo || o.b == hi) })
			expectKeys(fmt.Sprintf("a = ANY (ARRAY[%d, NULL, 2, 7])", k.a), func(o key) bool { return o.a == k.a || o.a == 2 })
			expectKeys(fmt.Sprintf("a > %d", k.a), func(o key) bool { return o.a > k.a })
			expectKeys("true", func(key) bool { return true })
		}
		if rng.IntN(2) == 0 {
			run(t, s, "COMMIT")
			committed = model
		} else {
			run(t, s, "ROLLBACK")
		}
		rows, _ := run(t, s, "SELECT count(*), coalesce(sum(v), 0) FROM t")
		sum := 0
		for _, v := range committed {
			sum += v
		}
		expect(t, rows, fmt.Sprintf("%d|%d", len(committed), sum))
	}
}
