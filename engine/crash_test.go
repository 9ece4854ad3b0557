package engine

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"tarn/sql/sqlstate"
)

var (
	crashRuns = flag.Int("crash.runs", 8, "how many databases are crashed, several times each")
	crashSeed = flag.Uint64("crash.seed", 1, "of the first of them")
)

// crash is what the disk of a running database would be left with if the machine stopped before one of its changes. The
// database itself does not notice, and goes on, on files that nobody will read.
type crash struct {
	memory    *vfs.MemFS
	histories []*history
	config    vfs.CrashCloneCfg

	mu      sync.Mutex
	changes int // before it happens
	left    *vfs.MemFS
	lo, hi  []int // for each history: the first and the last state that may be found
}

// disk is the file system whose changes are counted.
func (c *crash) disk() vfs.FS {
	return errorfs.Wrap(c.memory, errorfs.InjectorFunc(func(op errorfs.Op) error {
		if op.Kind.ReadOrWrite() == errorfs.OpIsWrite {
			c.mu.Lock()
			defer c.mu.Unlock()
			if c.changes--; c.changes == 0 {
				c.take()
			}
		}
		return nil
	}))
}

// take copies the disk. What was acknowledged before must be there; what is begun afterwards can not. The caller holds mu.
func (c *crash) take() {
	for _, h := range c.histories {
		acknowledged, _ := h.reach()
		c.lo = append(c.lo, acknowledged)
	}
	c.left = c.memory.CrashClone(c.config)
	for _, h := range c.histories {
		_, begun := h.reach()
		c.hi = append(c.hi, begun)
	}
}

func (c *crash) happened() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.left != nil
}

// force has the crash happen now, if it has not yet.
func (c *crash) force() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left == nil {
		c.take()
	}
}

// history is what one client has done: the states that its transactions, one after the other, bring about.
type history struct {
	mu           sync.Mutex
	states       []map[string]string
	acknowledged int
	base         int // the state that was found after the last crash: it is durable
}

func (h *history) reach() (acknowledged, begun int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.acknowledged, len(h.states) - 1
}

func (h *history) now() map[string]string { return h.states[len(h.states)-1] }

// try runs statements that lead to a new state, or, if next is nil, to none.
func (h *history) try(s *Session, next map[string]string, statements string) error {
	h.mu.Lock()
	if next != nil {
		h.states = append(h.states, next)
	}
	h.mu.Unlock()
	_, _, err := try(s, statements)
	if s.Status() != 'I' {
		if _, _, rollback := try(s, "ROLLBACK"); rollback != nil {
			return rollback
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case err == nil:
		h.acknowledged = len(h.states) - 1
	case next != nil:
		h.states = h.states[:len(h.states)-1]
	}
	return err
}

// rewind makes of all that was done what a crash may have left: the states from lo to hi.
func (h *history) rewind(lo, hi int) {
	h.acknowledged, hi = max(lo, h.base), max(min(hi, len(h.states)-1), h.base)
	h.states = h.states[:hi+1]
}

// found says which of the states that may be there is, and forgets those after it.
func (h *history) found(is func(map[string]string) bool) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i := len(h.states) - 1; i >= h.acknowledged; i-- {
		if is(h.states[i]) {
			h.states, h.acknowledged, h.base = h.states[:i+1], i, i
			return nil
		}
	}
	return fmt.Errorf("none of the states %d (acknowledged) to %d (begun) is there; the first is\n%v\nthe last is\n%v",
		h.acknowledged, len(h.states)-1, h.states[h.acknowledged], h.now())
}

const crashTables = `CREATE TABLE writes (id bigint PRIMARY KEY, worker int, n int, grp int); CREATE STREAM events (id bigint, worker int);
	CREATE TABLE groups (grp int PRIMARY KEY, title text); INSERT INTO groups VALUES (0, 'zero'), (1, 'one'), (2, 'two'), (3, NULL)`

// crashViews have every kind of state, and views below them.
var crashViews = []struct{ name, query string }{
	{"per_group", "SELECT grp, count(*) AS c, sum(n) AS s, max(n) AS m, count(DISTINCT n) AS d FROM writes GROUP BY grp"},
	{"joined", "SELECT w.id, w.n, g.title FROM writes w LEFT JOIN groups g ON g.grp = w.grp"},
	{"top", "SELECT id, n FROM writes ORDER BY n DESC, id LIMIT 5"},
	{"titles", "SELECT title, count(*) AS c, min(n) AS low FROM joined GROUP BY title"},
	{"most", "SELECT max(c) AS c, sum(c) AS s FROM titles"},
	{"heard", "SELECT worker, count(*) AS c, count(DISTINCT id) AS ids FROM events GROUP BY worker"},
	{"small", "SELECT id FROM events WHERE id % 3 = 0"},
	{"unheard", "SELECT id FROM writes WHERE id NOT IN (SELECT id FROM events WHERE id IS NOT NULL)"},
	{"inverse", "SELECT id, 100 / (n - 1000) AS x FROM writes"},
	{"fails", "SELECT id, 100 / (n % 40 - 20) AS x FROM writes"}, // now and then, until the row is gone
}

// crashJoins are queries of views that come and go, and share indexes: of the same tables by the same columns, but with others.
var crashJoins = []string{
	"SELECT e.worker, w.n FROM events e JOIN writes w ON w.id = e.id",
	"SELECT e.id, w.worker, w.grp, g.title FROM events e JOIN writes w ON w.id = e.id LEFT JOIN groups g ON g.grp = w.grp",
	"SELECT a.id, a.n, b.grp FROM writes a FULL JOIN writes b ON b.id = a.n",
	"SELECT w.id FROM writes w WHERE EXISTS (SELECT FROM events e WHERE e.id = w.id)",
}

// crashWriter inserts, updates and deletes rows of its own. Some of its transactions it takes back, some are refused.
type crashWriter struct {
	*history
	number int
	rng    *rand.Rand
	next   int
}

func (w *crashWriter) transaction(s *Session) error {
	next := maps.Clone(w.now())
	var old []string
	for k := range next {
		if id, ok := strings.CutPrefix(k, "w "); ok {
			old = append(old, id)
		}
	}
	slices.Sort(old)
	var values, heard []string
	add := func(id, n int) {
		values = append(values, fmt.Sprintf("(%d, %d, %d, %d)", id, w.number, n, w.rng.IntN(5)))
		heard = append(heard, fmt.Sprintf("(%d, %d)", id, w.number))
	}
	for range w.rng.IntN(4) + 1 {
		w.next++
		id, n := w.number*1_000_000+w.next, w.rng.IntN(500)
		add(id, n)
		next[fmt.Sprint("w ", id)] = fmt.Sprint(n)
	}
	insert := "INSERT INTO writes VALUES "
	kind := w.rng.IntN(8)
	switch {
	case kind < 2:
		return w.try(s, next, insert+strings.Join(values, ", "))
	case kind == 2:
		return w.try(s, nil, "BEGIN; "+insert+strings.Join(values, ", ")+"; INSERT INTO events VALUES "+strings.Join(heard, ", ")+"; ROLLBACK")
	case kind == 3 && len(old) > 0:
		add(0, 0)
		values[len(values)-1] = fmt.Sprintf("(%s, 0, 0, 0)", old[w.rng.IntN(len(old))])
		if err := w.try(s, nil, insert+strings.Join(values, ", ")); code(err) != sqlstate.UniqueViolation {
			return fmt.Errorf("a second row with a key: %v", err)
		}
		return nil
	}
	text := "BEGIN; " + insert + strings.Join(values, ", ") + "; INSERT INTO events VALUES " + strings.Join(heard, ", ")
	for _, h := range heard {
		next["e "+h[1:strings.Index(h, ",")]] = "1"
	}
	if len(old) > 0 {
		id := old[w.rng.IntN(len(old))]
		text += fmt.Sprintf("; UPDATE writes SET n = %d WHERE id = %s", w.next, id)
		next["w "+id] = fmt.Sprint(w.next)
	}
	if len(old) > 20 || len(old) > 0 && w.rng.IntN(3) == 0 {
		id := old[w.rng.IntN(len(old))]
		text += "; DELETE FROM writes WHERE id = " + id
		delete(next, "w "+id)
	}
	return w.try(s, next, text+"; COMMIT")
}

// is tells whether what the writer has in the database is one of its states.
func (w *crashWriter) is(t testing.TB, s *Session) func(map[string]string) bool {
	rows, _ := run(t, s, fmt.Sprintf(`SELECT 'w ' || id::text, n::text FROM writes WHERE worker = %d
		UNION ALL SELECT 'e ' || id::text, count(*)::text FROM events WHERE worker = %[1]d GROUP BY id`, w.number))
	there := map[string]string{}
	for _, row := range rows {
		key, value, _ := strings.Cut(row, "|")
		if _, twice := there[key]; twice {
			t.Errorf("%s is there twice", key)
		}
		there[key] = value
	}
	return func(state map[string]string) bool { return maps.Equal(there, state) }
}

// crashDefiner makes, replaces and drops materialised views. Its states are their names and queries.
type crashDefiner struct {
	*history
	rng *rand.Rand
}

func (d *crashDefiner) transaction(s *Session) error {
	next := maps.Clone(d.now())
	name, query := fmt.Sprint("made_", d.rng.IntN(4)), crashJoins[d.rng.IntN(len(crashJoins))]
	if d.rng.IntN(2) == 0 {
		query = crashViews[d.rng.IntN(len(crashViews))].query
	}
	var text string
	_, there := next[name]
	switch {
	case !there:
		text = "CREATE MATERIALIZED VIEW " + name + " AS " + query
		next[name] = query
	case d.rng.IntN(4) == 0:
		return d.try(s, nil, "COMMENT ON MATERIALIZED VIEW "+name+" IS 'the same view'") // its definition is in the log again
	case d.rng.IntN(2) == 0:
		text = "DROP MATERIALIZED VIEW " + name
		delete(next, name)
	default:
		text = "BEGIN; DROP MATERIALIZED VIEW " + name + "; CREATE MATERIALIZED VIEW " + name + " AS " + query + "; COMMIT"
		next[name] = query
	}
	if err := d.try(s, next, text); err != nil && code(err) != sqlstate.SerializationFailure {
		return fmt.Errorf("%s: %w", text, err)
	}
	return nil
}

func (d *crashDefiner) is(t testing.TB, s *Session) func(map[string]string) bool {
	names, _ := run(t, s, "SELECT relname FROM pg_class WHERE relkind = 'm' AND relname LIKE 'made%' ORDER BY relname")
	return func(state map[string]string) bool {
		if !slices.Equal(names, slices.Sorted(maps.Keys(state))) {
			return false
		}
		for name, query := range state {
			if answerTo(t, s, "SELECT * FROM "+name) != answerTo(t, s, query) {
				return false
			}
		}
		return true
	}
}

// answerTo are the rows of a query in a fixed order, or its error if a row makes it fail.
func answerTo(t testing.TB, s *Session, query string) string {
	t.Helper()
	rows, _, err := try(s, query)
	if code(err) == sqlstate.DivisionByZero {
		return err.Error()
	}
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	slices.Sort(rows)
	return strings.Join(rows, "\n")
}

// A crash at any moment (of a commit, a checkpoint, a flush of the store, the making of a view, a recovery) loses no
// acknowledged transaction and leaves none by half, and every view is what its query answers.
func TestCrashes(t *testing.T) {
	runs := *crashRuns
	if testing.Short() {
		runs = 3
	}
	for i := range uint64(runs) {
		seed := *crashSeed + i
		t.Run(fmt.Sprint(seed), func(t *testing.T) { crashOften(t, seed) })
	}
}

func crashOften(t *testing.T, seed uint64) {
	rng := rand.New(rand.NewPCG(seed, 31))
	memory := vfs.NewCrashableMem()
	e := openOn(t, memory)
	s := connect(t, e)
	run(t, s, crashTables)
	for _, v := range crashViews {
		run(t, s, "CREATE MATERIALIZED VIEW "+v.name+" AS "+v.query)
	}
	if err := e.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	var writers []*crashWriter
	var histories []*history
	for i := range 3 {
		w := &crashWriter{history: &history{states: []map[string]string{{}}}, number: i + 1, rng: rand.New(rand.NewPCG(seed, uint64(i)))}
		writers, histories = append(writers, w), append(histories, w.history)
	}
	definer := &crashDefiner{history: &history{states: []map[string]string{{}}}, rng: rand.New(rand.NewPCG(seed, 77))}
	histories = append(histories, definer.history)

	check := func(life int, s *Session) {
		t.Helper()
		for _, w := range writers {
			if err := w.found(w.is(t, s)); err != nil {
				t.Errorf("life %d: writer %d: %v", life, w.number, err)
			}
		}
		if err := definer.found(definer.is(t, s)); err != nil {
			t.Errorf("life %d: views: %v", life, err)
		}
		for _, v := range crashViews {
			if got, want := answerTo(t, s, "SELECT * FROM "+v.name), answerTo(t, s, v.query); got != want {
				t.Errorf("life %d: view %s shows\n%s\nits query answers\n%s", life, v.name, got, want)
			}
		}
		if t.Failed() {
			t.FailNow()
		}
	}
	for life := range 6 {
		c := &crash{memory: memory, histories: histories, changes: 1 + rng.IntN([]int{20, 150, 500}[rng.IntN(3)])}
		c.config = vfs.CrashCloneCfg{UnsyncedDataPercent: []int{0, 30, 100}[rng.IntN(3)], RNG: rand.New(rand.NewPCG(seed, uint64(100+life)))}
		e := openOn(t, c.disk())
		check(life, connect(t, e))
		var wg sync.WaitGroup
		work := func(rng *rand.Rand, transaction func(*Session) error) {
			s := connect(t, e)
			wg.Go(func() {
				for n := 0; n < 60 && !c.happened(); n++ {
					if err := transaction(s); err != nil {
						t.Error(err)
						return
					}
					checkpointNow(t, e, rng.IntN(30))
				}
			})
		}
		for _, w := range writers {
			work(w.rng, w.transaction)
		}
		work(definer.rng, definer.transaction)
		wg.Wait()
		c.force()
		checkIDs(t, e)
		if err := e.Close(context.Background()); err != nil {
			t.Error(err)
		}
		for i, h := range histories {
			h.rewind(c.lo[i], c.hi[i])
		}
		memory = c.left
	}
	// An orderly stop after it all.
	for life := range 2 {
		e := openOn(t, memory)
		check(100+life, connect(t, e))
		if err := e.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
}

// checkIDs checks that after a checkpoint the store has nothing but what the catalogue knows: what was dropped is gone.
func checkIDs(t testing.TB, e *Engine) {
	t.Helper()
	if err := e.do(context.Background(), func(l *loop) error {
		if l.checkpoint.running {
			l.checkpointDone(<-l.checkpoint.done)
		}
		if err := l.checkpointNow(); err != nil {
			return err
		}
		stored, err := e.store.IDs()
		if err != nil {
			return err
		}
		known := l.known()
		if strays := slices.DeleteFunc(stored, func(id uint32) bool { return known[id] }); len(strays) > 0 {
			return fmt.Errorf("the store has the ids %d, which the catalogue does not know", strays)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}

// checkpointNow has a checkpoint begin (chance 0 and 1), and waits for its end and for it to be on disk (chance 1).
func checkpointNow(t *testing.T, e *Engine, chance int) {
	if chance > 1 {
		return
	}
	if err := e.do(context.Background(), func(l *loop) error {
		if !l.checkpoint.running {
			l.startCheckpoint()
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
	if chance == 1 {
		if err := e.store.Flush(); err != nil {
			t.Error(err)
		}
	}
}
