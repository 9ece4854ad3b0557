package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"tarn/catalog"
	"tarn/sql/sqlstate"
	"tarn/storage"
	"tarn/storage/log"
)

// otherwise is what stands for the fingerprint of another version's plan.
const otherwise = "planned otherwise"

// anotherPlanner leaves a directory as another version's planner would have: it filled some views by other plans, and neither
// their operators nor how their rows are kept is what this version would have. A row too many shows if one is not filled
// again. It returns the catalogue as it was.
func anotherPlanner(t testing.TB, fs vfs.FS, views ...string) []*catalog.Relation {
	t.Helper()
	return changeStored(t, fs, func(stored *storedCatalogue, cp *storage.Checkpoint) {
		for _, def := range stored.Relations {
			if !slices.Contains(views, def.Name) {
				continue
			}
			def.Plan, def.Key, def.Append = otherwise, nil, false
			for i := range def.State {
				def.State[i].Fingerprint = otherwise
			}
			cp.Put(storage.Prefix(nil, storage.SpaceRow, def.ID), []byte("no row"), storage.AppendCount(nil, 1))
		}
	}).Relations
}

// samePlanner opens the directory again with the version that was another planner: what it had filled is filled as it would
// fill it.
func samePlanner(t testing.TB, fs vfs.FS, before []*catalog.Relation) {
	t.Helper()
	changeStored(t, fs, func(stored *storedCatalogue, cp *storage.Checkpoint) {
		for i, def := range stored.Relations {
			if def.Plan == otherwise {
				stored.Relations[i] = before[slices.IndexFunc(before, func(r *catalog.Relation) bool { return r.ID == def.ID })]
				cp.Delete(storage.Prefix(nil, storage.SpaceRow, def.ID), []byte("no row"))
			}
		}
	})
}

// changeStored changes the last checkpoint of a database that is not open.
func changeStored(t testing.TB, fs vfs.FS, change func(*storedCatalogue, *storage.Checkpoint)) (before storedCatalogue) {
	t.Helper()
	s, err := storage.Open(fs, "db/store", storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	meta := s.Meta()
	var stored storedCatalogue
	for _, into := range []*storedCatalogue{&before, &stored} {
		if err := json.Unmarshal(meta.Catalogue, into); err != nil {
			t.Fatal(err)
		}
	}
	cp := s.Begin(meta.Epoch)
	change(&stored, cp)
	blob, err := json.Marshal(stored)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	cp.Commit(meta.Cut, blob, func(err error) { done <- err })
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return before
}

// openLogged opens a database that saves a view in the making after every few rows, and returns what it logs. Each line goes
// to the functions, too.
func openLogged(ctx context.Context, fs vfs.FS, each ...func(line string)) (*Engine, string, error) {
	text := &lines{each: each}
	e, err := Open(ctx, Config{
		Dir: "db", FS: fs, Memory: 64 << 20, Logger: slog.New(slog.NewTextHandler(text, nil)),
		Log: log.Options{GrowOnDemand: true, SegmentBytes: 64 << 10}, hydrateSave: 40,
	})
	return e, text.String(), err
}

// lines is a log; it is written line by line.
type lines struct {
	each []func(string)

	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(line []byte) (int, error) {
	for _, f := range l.each {
		f(string(line))
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// refilled are the views that a log says have been filled again.
func refilled(text string) (views []string) {
	for _, line := range strings.Split(text, "\n") {
		if strings.Contains(line, "view filled again") {
			_, rest, _ := strings.Cut(line, "view=")
			name, _, _ := strings.Cut(rest, " ")
			views = append(views, name)
		}
	}
	return views
}

// checkCrashViews compares all views with their queries, and what the store has with what the catalogue knows.
func checkCrashViews(t testing.TB, e *Engine, s *Session) {
	t.Helper()
	for _, v := range crashViews {
		if got, want := answerTo(t, s, "SELECT * FROM "+v.name), answerTo(t, s, v.query); got != want {
			t.Fatalf("view %s shows\n%s\nits query answers\n%s", v.name, got, want)
		}
	}
	if got, want := answerTo(t, s, "SELECT * FROM twin"), answerTo(t, s, crashViews[0].query); got != want {
		t.Fatalf("view twin shows\n%s\nits query answers\n%s", got, want)
	}
	checkIDs(t, e)
}

// crashRows fills the tables of the crash test.
func crashRows(t testing.TB, s *Session, from, to int) {
	t.Helper()
	for i := from; i < to; i += 500 {
		var writes, events []string
		for k := i; k < min(i+500, to); k++ {
			writes = append(writes, fmt.Sprintf("(%d, 1, %d, %d)", k, k*7%499, k%5))
			events = append(events, fmt.Sprintf("(%d, %d)", k*2, k%3))
		}
		run(t, s, "INSERT INTO writes VALUES "+strings.Join(writes, ", ")+"; INSERT INTO events VALUES "+strings.Join(events, ", "))
	}
	run(t, s, fmt.Sprintf("UPDATE writes SET n = n + 1 WHERE id %% 4 = 0; DELETE FROM writes WHERE id %% 9 = %d", from%9))
}

// crashDatabase is a closed database with the views of the crash test.
func crashDatabase(t testing.TB, rows int) *vfs.MemFS {
	t.Helper()
	memory := vfs.NewCrashableMem()
	e := openOn(t, memory)
	s := connect(t, e)
	run(t, s, crashTables)
	for _, v := range crashViews {
		run(t, s, "CREATE MATERIALIZED VIEW "+v.name+" AS "+v.query)
	}
	run(t, s, "CREATE MATERIALIZED VIEW twin AS "+crashViews[0].query) // shares all operators
	crashRows(t, s, 0, rows)
	if err := e.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	return memory
}

// Views that another version's planner has filled are filled again, with those above them, and no others; all are exact then,
// and stay so.
func TestViewsOfAnotherPlanner(t *testing.T) {
	for _, c := range []struct{ stale, again []string }{
		{[]string{"heard"}, []string{"heard"}},
		{[]string{"small"}, []string{"small"}}, // no operator of it has state: only its plan tells
		{[]string{"joined"}, []string{"joined", "titles", "most"}},
		{[]string{"most", "per_group", "unheard"}, []string{"per_group", "most", "unheard"}},
		{[]string{"twin"}, []string{"twin"}},
	} {
		memory := crashDatabase(t, 300)
		anotherPlanner(t, memory, c.stale...)
		for life, want := range [][]string{c.again, nil, nil} {
			e, text, err := openLogged(context.Background(), memory)
			if err != nil {
				t.Fatal(err)
			}
			if got := refilled(text); !slices.Equal(got, want) {
				t.Fatalf("life %d of %v: filled again are %v, not %v:\n%s", life, c.stale, got, want, text)
			}
			if life == 0 && !strings.Contains(text, "view being filled again") {
				t.Fatalf("no progress is told:\n%s", text)
			}
			s := connect(t, e)
			checkCrashViews(t, e, s)
			crashRows(t, s, 5000*(life+1), 5000*(life+1)+50)
			checkCrashViews(t, e, s)
			if err := e.Close(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// So is a view whose plan is the same, but whose operators keep another number of states than they did.
func TestViewsWithOtherStates(t *testing.T) {
	memory := crashDatabase(t, 300)
	changeStored(t, memory, func(stored *storedCatalogue, _ *storage.Checkpoint) {
		for _, def := range stored.Relations {
			if def.Name == "heard" {
				def.State[0].Count--
			}
		}
	})
	e, text, err := openLogged(context.Background(), memory)
	if err != nil {
		t.Fatal(err)
	}
	if got := refilled(text); !slices.Equal(got, []string{"heard"}) {
		t.Fatal(got)
	}
	s := connect(t, e)
	crashRows(t, s, 5000, 5050)
	checkCrashViews(t, e, s)
	if err := e.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
}

// A view is filled again as of the last checkpoint; what the log has after it is replayed: rows, definitions that name how
// the other version kept the view, and views made above it.
func TestViewsOfAnotherPlannerReplayed(t *testing.T) {
	memory := crashDatabase(t, 300)
	e := openOn(t, memory)
	s := connect(t, e)
	crashRows(t, s, 5000, 5050)
	run(t, s, `COMMENT ON MATERIALIZED VIEW joined IS 'said later'; CREATE MATERIALIZED VIEW later AS SELECT title, n FROM joined WHERE n > 10;
		DROP MATERIALIZED VIEW most; CREATE MATERIALIZED VIEW most AS SELECT max(c) AS c, sum(c) AS s FROM titles`)
	crashRows(t, s, 6000, 6050)
	later := answerTo(t, s, "SELECT * FROM later")
	left := memory.CrashClone(vfs.CrashCloneCfg{}) // the store has flushed nothing since it was opened
	if err := e.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	anotherPlanner(t, left, "joined", "heard")
	for range 2 {
		e, text, err := openLogged(context.Background(), left)
		if err != nil {
			t.Fatal(err)
		}
		t.Log(refilled(text))
		s = connect(t, e)
		checkCrashViews(t, e, s)
		if got := answerTo(t, s, "SELECT * FROM later"); got != later {
			t.Fatalf("a view made later shows\n%s\nnot\n%s", got, later)
		}
		rows, _ := run(t, s, "SELECT obj_description('joined'::regclass)")
		expect(t, rows, "said later")
		if err := e.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
}

// Crashes while views are filled again, at any change of the disk.
func TestCrashesWhileFilledAgain(t *testing.T) {
	original := crashDatabase(t, 300)
	anotherPlanner(t, original, "joined", "heard", "inverse", "small")
	rng := rand.New(rand.NewPCG(4, 4))
	crashes := 0
	for round := range 12 {
		memory := original.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: 100, RNG: rng})
		for life := range 4 {
			c := &crash{memory: memory, changes: 1 + rng.IntN(120)}
			c.config = vfs.CrashCloneCfg{UnsyncedDataPercent: []int{0, 30, 100}[rng.IntN(3)], RNG: rng}
			e, _, err := openLogged(context.Background(), c.disk())
			if err != nil {
				t.Fatalf("round %d, life %d: %v", round, life, err)
			}
			s := connect(t, e)
			checkCrashViews(t, e, s)
			if c.happened() {
				crashes++
			}
			c.force()
			if err := e.Close(context.Background()); err != nil {
				t.Fatal(err)
			}
			memory = c.left
		}
		e, _, err := openLogged(context.Background(), memory)
		if err != nil {
			t.Fatal(err)
		}
		s := connect(t, e)
		checkCrashViews(t, e, s)
		crashRows(t, s, 5000, 5020)
		checkCrashViews(t, e, s)
		if err := e.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	if crashes < 6 {
		t.Fatalf("only %d crashes came before the views were filled", crashes)
	}
}

// A server that is told to stop while it fills views again leaves them half filled, on disk. They are begun anew, by this
// version and by the one that had filled them.
func TestStopsWhileFilledAgain(t *testing.T) {
	original := crashDatabase(t, 5000)
	before := anotherPlanner(t, original, "joined", "heard", "inverse", "small")
	rng := rand.New(rand.NewPCG(5, 5))
	for round := range 8 {
		memory := original.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: 100, RNG: rng})
		stops := 0
		for range 3 {
			ctx, cancel := context.WithCancel(context.Background())
			progress := 1 + rng.IntN(10)
			e, _, err := openLogged(ctx, memory, func(line string) {
				if strings.Contains(line, "view being filled again") {
					if progress--; progress == 0 {
						cancel()
					}
				}
			})
			switch {
			case err == nil:
				err = e.Close(context.Background())
			case errors.Is(err, context.Canceled):
				stops++
				err = nil
			}
			cancel()
			if err != nil {
				t.Fatal(err)
			}
		}
		if stops == 0 {
			t.Fatalf("round %d: no view was left half filled", round)
		}
		if round%2 == 0 {
			samePlanner(t, memory, before)
		}
		e, _, err := openLogged(context.Background(), memory)
		if err != nil {
			t.Fatal(err)
		}
		s := connect(t, e)
		checkCrashViews(t, e, s)
		crashRows(t, s, 5000, 5020)
		checkCrashViews(t, e, s)
		if err := e.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
}

// retentionDatabase is a closed database with views of a stream whose history is cut, except as of its first checkpoint.
func retentionDatabase(t testing.TB, after time.Duration) *vfs.MemFS {
	t.Helper()
	memory := vfs.NewCrashableMem()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	e, err := Open(context.Background(), Config{Dir: "db", FS: memory, Memory: 64 << 20, Now: func() time.Time { return now },
		Logger: slog.New(slog.DiscardHandler), Log: log.Options{GrowOnDemand: true, SegmentBytes: 64 << 10}})
	if err != nil {
		t.Fatal(err)
	}
	s := connect(t, e)
	run(t, s, `CREATE STREAM short (k int) WITH (retention = '1 hour'); CREATE TABLE whole (k int);
		CREATE VIEW name AS SELECT k FROM short; CREATE MATERIALIZED VIEW counted AS SELECT count(*) AS n FROM name;
		CREATE MATERIALIZED VIEW apart AS SELECT count(*) AS n FROM whole; CREATE MATERIALIZED VIEW above AS SELECT n + 1 AS n FROM counted`)
	for range 4 {
		run(t, s, "INSERT INTO short VALUES (1); INSERT INTO whole VALUES (1)")
		now = now.Add(after / 4)
	}
	if err := e.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	return memory
}

// A view that counts rows that are gone cannot be filled again: the directory is refused, and as it was.
func TestViewOfAnotherPlannerOverLostHistory(t *testing.T) {
	memory := retentionDatabase(t, 3*time.Hour)
	check := func(want ...string) {
		t.Helper()
		e, _, err := openLogged(context.Background(), memory)
		if err != nil {
			t.Fatal(err)
		}
		s := connect(t, e)
		rows, _ := run(t, s, "SELECT (SELECT n FROM counted), (SELECT n FROM apart), (SELECT n FROM above)")
		expect(t, rows, want...)
		if err := e.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	before := anotherPlanner(t, memory, "counted", "apart")
	for range 2 {
		_, _, err := openLogged(context.Background(), memory)
		if err == nil || !strings.Contains(err.Error(), `materialized view "counted" was filled by another plan`) || !strings.Contains(err.Error(), `"short" keeps only 1 hour`) {
			t.Fatal(err)
		}
		if hint := sqlstate.From(err).Hint; !strings.Contains(hint, "Nothing was changed") {
			t.Fatal(hint)
		}
	}
	samePlanner(t, memory, before)
	check("4|4|5")
	anotherPlanner(t, memory, "apart", "above")
	check("4|4|5")
}

// As long as all of a stream's rows are there, its views can be filled again.
func TestViewOfAnotherPlannerOverYoungHistory(t *testing.T) {
	memory := retentionDatabase(t, 40*time.Minute)
	anotherPlanner(t, memory, "counted")
	e, text, err := openLogged(context.Background(), memory)
	if err != nil {
		t.Fatal(err)
	}
	if got := refilled(text); !slices.Equal(got, []string{"counted", "above"}) {
		t.Fatal(got)
	}
	s := connect(t, e)
	run(t, s, "INSERT INTO short VALUES (1)")
	rows, _ := run(t, s, "SELECT (SELECT n FROM counted), (SELECT n FROM above)")
	expect(t, rows, "5|6")
	if err := e.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
}
