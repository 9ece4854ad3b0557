package engine

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sort"
	"strings"

	"tarn/sql/sqlstate"
)

// serialSchema is what the random transactions work on: few keys, so that they meet.
const serialSchema = `CREATE TABLE reg (k int PRIMARY KEY, g int NOT NULL, v int NOT NULL);
	CREATE TABLE bag (k int, v int);
	CREATE TABLE lists (k int PRIMARY KEY, v text NOT NULL); INSERT INTO lists VALUES (0, ''), (1, ''), (2, '');
	CREATE STREAM committed (id int, saw text);
	CREATE MATERIALIZED VIEW sums AS SELECT g, count(*) AS n, sum(v) AS s FROM reg GROUP BY g;
	CREATE MATERIALIZED VIEW total AS SELECT coalesce(sum(n), 0) AS n, coalesce(sum(s), 0) AS s FROM sums;
	CREATE MATERIALIZED VIEW held AS SELECT r.k, r.v, l.v AS list FROM reg r LEFT JOIN lists l ON l.k = r.g;
	CREATE MATERIALIZED VIEW piles AS SELECT k, count(*) AS n FROM bag GROUP BY k;
	CREATE MATERIALIZED VIEW heard AS SELECT count(*) AS n, coalesce(sum(id), 0) AS s FROM committed`

const (
	serialKeys   = 6 // of reg and bag
	serialGroups = 4 // of reg; lists has a key less, so that held has rows without a list
)

// world is what the database holds, as plain Go has it: what statements are replayed on.
type world struct {
	reg   map[int]regRow
	bag   map[bagRow]int // how often
	lists map[int]string
	heard []string // the rows of the stream
	sum   int      // of their ids
}

type (
	regRow struct{ g, v int }
	bagRow struct{ k, v int }
)

func newWorld() *world {
	return &world{reg: map[int]regRow{}, bag: map[bagRow]int{}, lists: map[int]string{0: "", 1: "", 2: ""}}
}

func (w *world) clone() *world {
	c := *w
	c.reg, c.bag, c.lists, c.heard = maps.Clone(w.reg), maps.Clone(w.bag), maps.Clone(w.lists), slices.Clip(w.heard)
	return &c
}

// replay is a transaction that is done again on the model.
type replay struct {
	*world
	saved []*world // at its savepoints
}

// sentence is a statement, and what it answers and does by the model. One that fails changes nothing.
type sentence struct {
	text  string
	means func(*replay) string
}

// reply is an answer as it is recorded: the rows in a fixed order, then the tag, if the statement is no query.
func reply(tag string, rows []string) string {
	if strings.HasPrefix(tag, "SELECT ") || strings.HasPrefix(tag, "FETCH ") {
		tag = ""
	}
	rows = slices.Clone(rows)
	sort.Strings(rows)
	return strings.TrimSpace(strings.Join(rows, " / ") + " " + tag)
}

// rowsWhere are rows of reg that a condition holds for.
func (w *world) rowsWhere(holds func(k int, r regRow) bool, row func(k int, r regRow) string) []string {
	var out []string
	for k, r := range w.reg {
		if holds(k, r) {
			out = append(out, row(k, r))
		}
	}
	return out
}

func (w *world) total() (n, s int) {
	for _, r := range w.reg {
		n, s = n+1, s+r.v
	}
	return n, s
}

func (w *world) sums() []string {
	var out []string
	for g := range serialGroups {
		n, s := 0, 0
		for _, r := range w.reg {
			if r.g == g {
				n, s = n+1, s+r.v
			}
		}
		if n > 0 {
			out = append(out, fmt.Sprint(g, "|", n, "|", s))
		}
	}
	return out
}

func (w *world) held() []string {
	return w.rowsWhere(func(int, regRow) bool { return true }, func(k int, r regRow) string {
		list, ok := w.lists[r.g]
		if !ok {
			list = "NULL"
		}
		return fmt.Sprint(k, "|", r.v, "|", list)
	})
}

func (w *world) piles() []string {
	counts := map[int]int{}
	for r, n := range w.bag {
		counts[r.k] += n
	}
	var out []string
	for k, n := range counts {
		if n > 0 {
			out = append(out, fmt.Sprint(k, "|", n))
		}
	}
	return out
}

// everything is a query for all there is, and what it answers.
var everything = []sentence{
	{"SELECT k, g, v FROM reg", func(w *replay) string { return reply("", w.rowsWhere(anyRow, wholeRow)) }},
	{"SELECT k, v FROM bag", func(w *replay) string { return reply("", w.bagRows()) }},
	{"SELECT k, v FROM lists", func(w *replay) string {
		var out []string
		for k, v := range w.lists {
			out = append(out, fmt.Sprint(k, "|", v))
		}
		return reply("", out)
	}},
	{"SELECT * FROM committed", func(w *replay) string { return reply("", w.heard) }},
	{"SELECT * FROM sums", func(w *replay) string { return reply("", w.sums()) }},
	{"SELECT * FROM total", func(w *replay) string { n, s := w.total(); return fmt.Sprint(n, "|", s) }},
	{"SELECT * FROM held", func(w *replay) string { return reply("", w.held()) }},
	{"SELECT * FROM piles", func(w *replay) string { return reply("", w.piles()) }},
	{"SELECT * FROM heard", func(w *replay) string { return fmt.Sprint(len(w.heard), "|", w.sum) }},
}

func anyRow(int, regRow) bool         { return true }
func wholeRow(k int, r regRow) string { return fmt.Sprint(k, "|", r.g, "|", r.v) }

func (w *world) bagRows() []string {
	var out []string
	for r, n := range w.bag {
		for range n {
			out = append(out, fmt.Sprint(r.k, "|", r.v))
		}
	}
	return out
}

// serialReads make a random query each.
var serialReads = []func(*rand.Rand) sentence{
	func(r *rand.Rand) sentence { // by key
		k := r.IntN(serialKeys)
		return sentence{fmt.Sprintf("SELECT k, g, v FROM reg WHERE k = %d", k), func(w *replay) string {
			return reply("", w.rowsWhere(func(key int, _ regRow) bool { return key == k }, wholeRow))
		}}
	},
	func(r *rand.Rand) sentence { // a range of keys
		lo, hi := r.IntN(serialKeys), r.IntN(serialKeys)
		return sentence{fmt.Sprintf("SELECT k, g, v FROM reg WHERE k BETWEEN %d AND %d", lo, hi), func(w *replay) string {
			return reply("", w.rowsWhere(func(k int, _ regRow) bool { return lo <= k && k <= hi }, wholeRow))
		}}
	},
	func(r *rand.Rand) sentence { // a predicate
		v := r.IntN(10)
		return sentence{fmt.Sprintf("SELECT k, g, v FROM reg WHERE v < %d", v), func(w *replay) string {
			return reply("", w.rowsWhere(func(_ int, r regRow) bool { return r.v < v }, wholeRow))
		}}
	},
	func(r *rand.Rand) sentence { // a view by its key
		g := r.IntN(serialGroups)
		return sentence{fmt.Sprintf("SELECT g, n, s FROM sums WHERE g = %d", g), func(w *replay) string {
			return reply("", slices.DeleteFunc(w.sums(), func(row string) bool { return !strings.HasPrefix(row, fmt.Sprint(g, "|")) }))
		}}
	},
	func(r *rand.Rand) sentence { // a list by its key
		k := r.IntN(3)
		return sentence{fmt.Sprintf("SELECT v FROM lists WHERE k = %d", k), func(w *replay) string { return reply("", []string{w.lists[k]}) }}
	},
	func(*rand.Rand) sentence { // tables and views, in one statement
		return sentence{"SELECT (SELECT count(*) FROM reg), (SELECT n FROM total), (SELECT s FROM total), (SELECT sum(s) FROM sums), (SELECT count(*) FROM held), (SELECT n FROM heard)",
			func(w *replay) string {
				n, s := w.total()
				sum := "NULL"
				if n > 0 {
					sum = fmt.Sprint(s)
				}
				return fmt.Sprint(n, "|", n, "|", s, "|", sum, "|", n, "|", len(w.heard))
			}}
	},
	func(r *rand.Rand) sentence { // all of something
		return everything[r.IntN(len(everything))]
	},
}

// unique is the answer to a second row with a key.
const unique = string(sqlstate.UniqueViolation)

// changed is the answer of a statement that changed n rows.
func changed(verb string, n int) string { return fmt.Sprint(verb, " ", n) }

// updateReg changes the rows of reg that a condition holds for.
func (w *world) updateReg(holds func(k int, r regRow) bool, change func(*regRow)) string {
	n := 0
	for k, r := range w.reg {
		if holds(k, r) {
			change(&r)
			w.reg[k] = r
			n++
		}
	}
	return changed("UPDATE", n)
}

// serialWrites make a random change each, in the transaction of a number.
var serialWrites = []func(r *rand.Rand, id int) sentence{
	func(r *rand.Rand, _ int) sentence {
		k, row := r.IntN(serialKeys), regRow{r.IntN(serialGroups), r.IntN(10)}
		return sentence{fmt.Sprintf("INSERT INTO reg VALUES (%d, %d, %d)", k, row.g, row.v), func(w *replay) string {
			if _, ok := w.reg[k]; ok {
				return unique
			}
			w.reg[k] = row
			return changed("INSERT 0", 1)
		}}
	},
	func(r *rand.Rand, _ int) sentence {
		k, row := r.IntN(serialKeys), regRow{r.IntN(serialGroups), r.IntN(10)}
		return sentence{fmt.Sprintf("INSERT INTO reg VALUES (%d, %d, %d) ON CONFLICT (k) DO NOTHING", k, row.g, row.v), func(w *replay) string {
			if _, ok := w.reg[k]; ok {
				return changed("INSERT 0", 0)
			}
			w.reg[k] = row
			return changed("INSERT 0", 1)
		}}
	},
	func(r *rand.Rand, _ int) sentence {
		k, row := r.IntN(serialKeys), regRow{r.IntN(serialGroups), r.IntN(10)}
		return sentence{fmt.Sprintf("INSERT INTO reg VALUES (%d, %d, %d) ON CONFLICT (k) DO UPDATE SET v = reg.v + excluded.v RETURNING k, g, v", k, row.g, row.v), func(w *replay) string {
			new := row
			if old, ok := w.reg[k]; ok {
				new = regRow{old.g, old.v + row.v}
			}
			w.reg[k] = new
			return reply(changed("INSERT 0", 1), []string{wholeRow(k, new)})
		}}
	},
	func(r *rand.Rand, _ int) sentence {
		k, d := r.IntN(serialKeys), 1+r.IntN(9)
		return sentence{fmt.Sprintf("UPDATE reg SET v = v + %d WHERE k = %d", d, k), func(w *replay) string {
			return w.updateReg(func(key int, _ regRow) bool { return key == k }, func(r *regRow) { r.v += d })
		}}
	},
	func(r *rand.Rand, _ int) sentence {
		g, to := r.IntN(serialGroups), r.IntN(serialGroups)
		return sentence{fmt.Sprintf("UPDATE reg SET v = v / 2, g = %d WHERE g = %d", to, g), func(w *replay) string {
			return w.updateReg(func(_ int, r regRow) bool { return r.g == g }, func(r *regRow) { r.v, r.g = r.v/2, to })
		}}
	},
	func(r *rand.Rand, _ int) sentence { // from a view
		k := r.IntN(serialKeys)
		return sentence{fmt.Sprintf("UPDATE reg SET v = (SELECT s FROM total) %% 100 WHERE k = %d", k), func(w *replay) string {
			_, s := w.total()
			return w.updateReg(func(key int, _ regRow) bool { return key == k }, func(r *regRow) { r.v = s % 100 })
		}}
	},
	func(r *rand.Rand, _ int) sentence { // to another key
		from, to := r.IntN(serialKeys), r.IntN(serialKeys)
		return sentence{fmt.Sprintf("UPDATE reg SET k = %d WHERE k = %d", to, from), func(w *replay) string {
			row, ok := w.reg[from]
			if !ok {
				return changed("UPDATE", 0)
			}
			if _, taken := w.reg[to]; taken && to != from {
				return unique
			}
			delete(w.reg, from)
			w.reg[to] = row
			return changed("UPDATE", 1)
		}}
	},
	func(r *rand.Rand, _ int) sentence {
		k := r.IntN(serialKeys)
		return sentence{fmt.Sprintf("DELETE FROM reg WHERE k = %d", k), func(w *replay) string {
			_, ok := w.reg[k]
			delete(w.reg, k)
			return changed("DELETE", map[bool]int{true: 1}[ok])
		}}
	},
	func(r *rand.Rand, _ int) sentence {
		v := r.IntN(60)
		return sentence{fmt.Sprintf("DELETE FROM reg WHERE v > %d", v), func(w *replay) string {
			n := len(w.reg)
			maps.DeleteFunc(w.reg, func(_ int, r regRow) bool { return r.v > v })
			return changed("DELETE", n-len(w.reg))
		}}
	},
	func(r *rand.Rand, id int) sentence { return appendTo(r.IntN(3), id) },
	func(r *rand.Rand, id int) sentence { return appendTo(r.IntN(3), id) },
	func(r *rand.Rand, _ int) sentence {
		row := bagRow{r.IntN(serialKeys), r.IntN(3)}
		return sentence{fmt.Sprintf("INSERT INTO bag VALUES (%d, %d), (%[1]d, %[2]d)", row.k, row.v), func(w *replay) string {
			w.bag[row] += 2
			return changed("INSERT 0", 2)
		}}
	},
	func(r *rand.Rand, _ int) sentence {
		k := r.IntN(serialKeys)
		return sentence{fmt.Sprintf("DELETE FROM bag WHERE k = %d", k), func(w *replay) string {
			n := 0
			for row, count := range w.bag {
				if row.k == k {
					n += count
					delete(w.bag, row)
				}
			}
			return changed("DELETE", n)
		}}
	},
	func(r *rand.Rand, _ int) sentence { // from one table into another
		g := r.IntN(serialGroups)
		return sentence{fmt.Sprintf("INSERT INTO bag SELECT k, v FROM reg WHERE g = %d", g), func(w *replay) string {
			n := 0
			for k, row := range w.reg {
				if row.g == g {
					w.bag[bagRow{k, row.v}]++
					n++
				}
			}
			return changed("INSERT 0", n)
		}}
	},
}

// appendTo puts a transaction's number at the end of a list: who reads the list reads the order of those before.
func appendTo(k, id int) sentence {
	return sentence{fmt.Sprintf("UPDATE lists SET v = v || ' %d' WHERE k = %d RETURNING v", id, k), func(w *replay) string {
		w.lists[k] += fmt.Sprint(" ", id)
		return reply(changed("UPDATE", 1), []string{w.lists[k]})
	}}
}

// note leaves a transaction's number in the stream, from which the order of all is told.
func note(id int) sentence {
	return sentence{fmt.Sprintf("INSERT INTO committed VALUES (%d, '')", id), func(w *replay) string {
		w.hear(id, "")
		return changed("INSERT 0", 1)
	}}
}

// noteTotal does the same with what the statement itself reads.
func noteTotal(id int) sentence {
	return sentence{fmt.Sprintf("INSERT INTO committed SELECT %d, n::text || ':' || s::text FROM total RETURNING saw", id), func(w *replay) string {
		n, s := w.total()
		saw := fmt.Sprint(n, ":", s)
		w.hear(id, saw)
		return reply(changed("INSERT 0", 1), []string{saw})
	}}
}

func (w *world) hear(id int, saw string) {
	w.heard, w.sum = append(w.heard, fmt.Sprint(id, "|", saw)), w.sum+id
}

// The savepoints of a transaction lie one in the other.
func save(depth int) sentence {
	return sentence{fmt.Sprint("SAVEPOINT s", depth), func(w *replay) string {
		w.saved = append(w.saved[:depth:depth], w.world.clone())
		return "SAVEPOINT"
	}}
}

func backTo(depth int) sentence {
	return sentence{fmt.Sprint("ROLLBACK TO s", depth), func(w *replay) string {
		w.saved = w.saved[:depth+1]
		w.world = w.saved[depth].clone()
		return "ROLLBACK"
	}}
}
