package engine

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"tarn/catalog"
)

// indexesOf are the indexes of relations that the catalogue names: each with its columns and the views that read it. The dataflow
// must have the same.
func indexesOf(t testing.TB, e *Engine) (all []string) {
	t.Helper()
	if err := e.do(context.Background(), func(l *loop) error {
		readers, columns := map[uint32][]string{}, map[uint32][]int{}
		for _, def := range l.catalog.Relations() {
			if def.Kind != catalog.MaterializedView {
				continue
			}
			if running := l.flow.States(def.ID); fmt.Sprint(running) != fmt.Sprint(def.State) {
				return fmt.Errorf("view %s has the states %v, and the catalogue says %v", def.Name, running, def.State)
			}
			for _, n := range def.State {
				if n.Columns != nil {
					readers[n.ID], columns[n.ID] = append(readers[n.ID], def.Name), n.Columns
				}
			}
		}
		for _, id := range slices.Sorted(maps.Keys(readers)) {
			slices.Sort(readers[id])
			all = append(all, fmt.Sprint(columns[id], " ", strings.Join(readers[id], " ")))
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	slices.Sort(all)
	return all
}

// Views that join a table by the same column share one index of it, whatever columns they read; it stays as long as one of them
// does, and wherever the database stops it is found again.
func TestViewsShareAnIndex(t *testing.T) {
	memory, rng := vfs.NewCrashableMem(), rand.New(rand.NewPCG(6, 6))
	e := openOn(t, memory)
	s := connect(t, e)
	views := map[string]string{
		"a":     "SELECT f.id, d.a FROM fact f JOIN dim d ON d.id = f.dim",
		"b":     "SELECT f.id, d.b FROM fact f LEFT JOIN dim d ON d.id = f.dim",
		"c":     "SELECT f.id, d.c, b.b FROM dim d RIGHT JOIN fact f ON d.id = f.dim JOIN b ON b.id = f.id",
		"x":     "SELECT d.x, e.y FROM fact f JOIN other d ON d.id = f.dim JOIN other e ON e.id = f.id",
		"y":     "SELECT d.y FROM fact f JOIN other d ON d.id = f.dim",
		"x_too": "SELECT d.x FROM fact f JOIN other d ON d.id = f.dim",
		"z":     "SELECT d.z, d.id FROM fact f JOIN other d ON d.id = f.dim",
		"wide":  "SELECT d.x, d.y, d.z FROM fact f JOIN other d ON d.id = f.dim AND d.x = f.id",
	}
	create := func(names ...string) (text string) {
		for _, name := range names {
			text += "CREATE MATERIALIZED VIEW " + name + " AS " + views[name] + ";"
		}
		return text
	}
	written := 0
	write := func(s *Session) {
		t.Helper()
		written++
		k := written % 4
		run(t, s, fmt.Sprintf(`INSERT INTO fact VALUES (%[1]d, %[1]d %% 5), (%[1]d, NULL); UPDATE dim SET a = a || 'x', b = NULL, c = c + 1 WHERE id = %[1]d;
			DELETE FROM other WHERE id = %[1]d; INSERT INTO other VALUES (%[1]d, %[2]d, %[2]d, %[2]d)`, k, written))
	}
	check := func(e *Engine, s *Session, want []string) {
		t.Helper()
		if got := indexesOf(t, e); !slices.Equal(got, want) {
			t.Fatalf("the indexes are %q, want %q", got, want)
		}
		names, _ := run(t, s, "SELECT relname FROM pg_class WHERE relkind = 'm'")
		for _, name := range names {
			if got, want := answerTo(t, s, "SELECT * FROM "+name), answerTo(t, s, views[name]); got != want {
				t.Fatalf("view %s shows\n%s\nits query answers\n%s", name, got, want)
			}
		}
	}
	run(t, s, `CREATE STREAM fact (id int, dim int); CREATE TABLE dim (id int PRIMARY KEY, a text, b text, c int);
		CREATE TABLE other (id int PRIMARY KEY, x int, y int, z int); INSERT INTO fact SELECT n, n % 6 FROM generate_series(1, 20) g(n);
		INSERT INTO dim SELECT n, n, n, n FROM generate_series(1, 5) g(n); INSERT INTO other SELECT n, n, n, n FROM generate_series(1, 5) g(n)`)
	for i, step := range []struct {
		statement string
		want      []string
	}{
		{create("a"), []string{"[0 1] a"}},
		{create("b"), []string{"[0 1 2] a b"}},
		{"COMMENT ON MATERIALIZED VIEW a IS 'moved'", []string{"[0 1 2] a b"}},
		{create("c"), []string{"[0 1 2 3] a b c", "[0 1] c"}}, // c reads b by a column, too
		{"DROP MATERIALIZED VIEW a", []string{"[0 1 2 3] b c", "[0 1] c"}},
		{create("a"), []string{"[0 1 2 3] a b c", "[0 1] c"}},
		{"DROP MATERIALIZED VIEW b CASCADE; DROP MATERIALIZED VIEW a", nil},
		{create("x"), []string{"[0 1 2] x"}}, // at two joins
		{create("y"), []string{"[0 1 2] x y"}},
		{create("wide"), []string{"[0 1 2 3] wide", "[0 1 2] x y"}}, // by two columns: another one
		{"DROP MATERIALIZED VIEW x; DROP MATERIALIZED VIEW y; DROP MATERIALIZED VIEW wide", nil},
		// Of one transaction: they do not know of each other. The next one brings them together.
		{"BEGIN;" + create("z", "y") + "COMMIT", []string{"[0 2] y", "[0 3] z"}},
		{create("x_too"), []string{"[0 1 2 3] x_too y z"}},
	} {
		run(t, s, step.statement)
		check(e, s, step.want)
		write(s)
		check(e, s, step.want)
		crashed := openOn(t, memory.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: []int{0, 50, 100}[i%3], RNG: rng}))
		again := connect(t, crashed)
		check(crashed, again, step.want)
		write(again)
		check(crashed, again, step.want)
		checkIDs(t, crashed)
		checkIDs(t, e)
		if i%3 == 2 {
			if err := e.Close(context.Background()); err != nil {
				t.Fatal(err)
			}
			e = openOn(t, memory)
			s = connect(t, e)
			check(e, s, step.want)
		}
	}
	rows, _ := run(t, s, "EXPLAIN ANALYZE MATERIALIZED VIEW x_too")
	if plan := strings.Join(rows, "\n"); !strings.Contains(plan, "Index on other (id)") || !strings.Contains(plan, "shared by=3") {
		t.Errorf("no shared index in\n%s", plan)
	}
}

// Views over the same table come and go at the same time, while it is written to: they meet each other's indexes half made, replaced
// and gone.
func TestIndexesOfViewsMadeAtOnce(t *testing.T) {
	e := openOn(t, vfs.NewCrashableMem())
	s := connect(t, e)
	run(t, s, `CREATE STREAM fact (id int, dim int); CREATE TABLE dim (id int PRIMARY KEY, a int, b int, c int);
		INSERT INTO fact SELECT n, n % 40 FROM generate_series(1, 300) g(n); INSERT INTO dim SELECT n, n, n, n FROM generate_series(1, 30) g(n)`)
	var makers, writer sync.WaitGroup
	done := make(chan struct{})
	queries := map[string]string{}
	for i, columns := range []string{"d.a", "d.b, d.a", "d.c", "d.b, d.c"} {
		name := fmt.Sprint("made_", i)
		query := "SELECT f.id, " + columns + " FROM fact f LEFT JOIN dim d ON d.id = f.dim"
		queries[name] = query
		s := connect(t, e)
		makers.Go(func() {
			for round := range 12 {
				statement := "DROP MATERIALIZED VIEW " + name
				if round%2 == 0 {
					statement = "CREATE MATERIALIZED VIEW " + name + " AS " + query
				}
				if _, _, err := try(s, statement); err != nil {
					t.Error(statement, err)
				}
			}
			if _, _, err := try(s, "CREATE MATERIALIZED VIEW "+name+" AS "+query); err != nil {
				t.Error(err)
			}
		})
	}
	s2 := connect(t, e)
	writer.Go(func() {
		for n := 0; ; n++ {
			select {
			case <-done:
				return
			default:
			}
			if _, _, err := try(s2, fmt.Sprintf("UPDATE dim SET a = a + 1, b = b - 1, c = %d WHERE id %% 5 = %d; DELETE FROM dim WHERE id = %d; INSERT INTO dim VALUES (%d, 1, 2, 3) ON CONFLICT DO NOTHING", n, n%5, n%30+31, (n+7)%30+31)); err != nil {
				t.Error(err)
				return
			}
		}
	})
	makers.Wait()
	close(done)
	writer.Wait()
	for name, query := range queries {
		if got, want := answerTo(t, s, "SELECT * FROM "+name), answerTo(t, s, query); got != want {
			t.Errorf("view %s shows\n%s\nits query answers\n%s", name, got, want)
		}
	}
	indexesOf(t, e)
	checkIDs(t, e)
	run(t, s, "CREATE MATERIALIZED VIEW last AS SELECT f.id, d.a FROM fact f JOIN dim d ON d.id = f.dim")
	expect(t, indexesOf(t, e), "[0 1 2 3] last made_0 made_1 made_2 made_3")
}
