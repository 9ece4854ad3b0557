package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
)

var (
	crashRounds = flag.Int("crash.rounds", 6, "how often the server is killed")
	crashSeed   = flag.Uint64("crash.seed", 1, "of the moments and of the writes")
)

// asServer in the environment makes the test binary the server: the one that is tested is the one that was built.
const asServer = "TARN_TEST_AS_SERVER"

func TestMain(m *testing.M) {
	if os.Getenv(asServer) != "" {
		os.Exit(run(os.Args[1:]))
	}
	os.Exit(m.Run())
}

// process is a running server.
type process struct {
	cmd    *exec.Cmd
	listen string
	errors *strings.Builder
}

// start starts a server on a directory and waits until it is ready, or, if kill is true, kills it when it begins to recover.
func start(t *testing.T, dir string, kill bool) *process {
	t.Helper()
	p := &process{listen: freeAddress(t), errors: &strings.Builder{}}
	p.cmd = exec.Command(os.Args[0], "--data", dir, "--listen", p.listen, "--http", freeAddress(t), "--memory", "128MiB")
	p.cmd.Env = append(os.Environ(), asServer+"=1")
	pipe := p.cmd.StdoutPipe
	if kill {
		pipe = p.cmd.StderrPipe
	} else {
		p.cmd.Stderr = p.errors
	}
	out, err := pipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	if kill {
		lines.Scan() // "open database"
		p.kill()
		return nil
	}
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "Tarn is ready") {
			go io.Copy(io.Discard, out)
			return p
		}
	}
	_ = p.cmd.Wait()
	t.Fatalf("the server does not start:\n%s", p.errors)
	return nil
}

// kill is SIGKILL: the process gets no word.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
}

func (p *process) connect(t *testing.T) *pgx.Conn {
	t.Helper()
	c, err := pgx.Connect(context.Background(), "postgres://tarn@"+p.listen+"/tarn?sslmode=disable")
	if err != nil {
		t.Fatalf("%v\n%s", err, p.errors)
	}
	return c
}

// crashSchema has views of every kind of state: groups, a join, a top-k, a view three deep, a stream.
const crashSchema = `
	CREATE TABLE writes (id bigint PRIMARY KEY, worker int, n int, grp int);
	CREATE TABLE groups (grp int PRIMARY KEY, title text);
	CREATE STREAM events (id bigint, worker int);
	INSERT INTO groups VALUES (0, 'zero'), (1, 'one'), (2, 'two'), (3, NULL)`

var crashViews = []struct{ name, query string }{
	{"per_group", "SELECT grp, count(*) AS c, sum(n) AS s, max(n) AS m, count(DISTINCT n) AS d FROM writes GROUP BY grp"},
	{"joined", "SELECT w.id, w.n, g.title FROM writes w LEFT JOIN groups g ON g.grp = w.grp"},
	{"top", "SELECT id, n FROM writes ORDER BY n DESC, id LIMIT 7"},
	{"titles", "SELECT title, count(*) AS c, min(n) AS low FROM joined GROUP BY title"},
	{"most", "SELECT max(c) AS c, sum(c) AS s FROM titles"},
	{"heard", "SELECT worker, count(*) AS c, count(DISTINCT id) AS ids FROM events GROUP BY worker"},
	{"unheard", "SELECT id FROM writes WHERE id NOT IN (SELECT id FROM events WHERE id IS NOT NULL)"},
}

// worker writes rows of its own, and knows what must be there.
type worker struct {
	number int
	rng    *rand.Rand
	next   int64
	rows   map[int64]int // acknowledged: id to n
	events map[int64]int // acknowledged: id to how often
	// What the transaction under way would leave; nil when none is.
	pendingRows, pendingEvents map[int64]int
}

// write runs transactions until the connection is lost. Any other error is the server's fault.
func (w *worker) write(c *pgx.Conn, acknowledged func()) error {
	ctx := context.Background()
	for {
		rows, events := maps.Clone(w.rows), maps.Clone(w.events)
		statements := w.transaction(rows, events)
		w.pendingRows, w.pendingEvents = rows, events
		if w.rng.IntN(6) == 0 { // taken back: nothing of it may ever be there
			rows, events = w.rows, w.events
			w.pendingRows, w.pendingEvents = nil, nil
			if statements = statements[:len(statements)-1]; len(statements) == 0 {
				continue
			}
			statements = append(statements, "ROLLBACK")
		}
		for _, s := range statements {
			if _, err := c.Exec(ctx, s); err != nil {
				if !c.IsClosed() {
					return fmt.Errorf("%s: %w", s, err)
				}
				return nil
			}
		}
		w.rows, w.events, w.pendingRows, w.pendingEvents = rows, events, nil, nil
		acknowledged()
	}
}

// transaction makes statements, and does to the maps what they do to the tables.
func (w *worker) transaction(rows, events map[int64]int) []string {
	var values, heard []string
	for range w.rng.IntN(4) + 1 {
		id := int64(w.number)<<32 | w.next
		w.next++
		n := w.rng.IntN(1000)
		rows[id] = n
		events[id]++
		values = append(values, fmt.Sprintf("(%d, %d, %d, %d)", id, w.number, n, w.rng.IntN(5)))
		heard = append(heard, fmt.Sprintf("(%d, %d)", id, w.number))
	}
	insert := "INSERT INTO writes VALUES " + strings.Join(values, ", ")
	if w.rng.IntN(3) == 0 { // no block: the stream is not told
		for id := range events {
			if _, old := w.events[id]; !old {
				delete(events, id)
			}
		}
		return []string{insert}
	}
	out := []string{"BEGIN", insert, "INSERT INTO events VALUES " + strings.Join(heard, ", ")}
	ids := slices.Sorted(maps.Keys(w.rows))
	if len(ids) > 0 && w.rng.IntN(2) == 0 {
		id := ids[w.rng.IntN(len(ids))]
		rows[id]++
		out = append(out, fmt.Sprintf("UPDATE writes SET n = n + 1 WHERE id = %d", id))
	}
	if len(ids) > 0 && w.rng.IntN(3) == 0 {
		id := ids[w.rng.IntN(len(ids))]
		delete(rows, id)
		out = append(out, fmt.Sprintf("DELETE FROM writes WHERE id = %d", id))
	}
	return append(out, "COMMIT")
}

// check compares what a worker knows with what is there: the transaction under way happened as a whole or not at all.
func (w *worker) check(t *testing.T, c *pgx.Conn) {
	t.Helper()
	rows := counts(t, c, "SELECT id, n FROM writes WHERE worker = $1", w.number)
	events := counts(t, c, "SELECT id, count(*)::int FROM events WHERE worker = $1 GROUP BY id", w.number)
	switch {
	case maps.Equal(rows, w.rows) && maps.Equal(events, w.events):
	case w.pendingRows != nil && maps.Equal(rows, w.pendingRows) && maps.Equal(events, w.pendingEvents):
	default:
		t.Errorf("worker %d: %d rows and %d events are there; %d and %d were acknowledged; with the last transaction %d and %d",
			w.number, len(rows), len(events), len(w.rows), len(w.events), len(w.pendingRows), len(w.pendingEvents))
	}
	w.rows, w.events, w.pendingRows, w.pendingEvents = rows, events, nil, nil
}

func counts(t *testing.T, c *pgx.Conn, query string, worker int) map[int64]int {
	t.Helper()
	rows, err := c.Query(context.Background(), query, worker)
	if err != nil {
		t.Fatal(err)
	}
	out := map[int64]int{}
	for rows.Next() {
		var id int64
		var n int
		if err := rows.Scan(&id, &n); err != nil {
			t.Fatal(err)
		}
		if _, twice := out[id]; twice {
			t.Errorf("id %d is there twice", id)
		}
		out[id] = n
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// answerOf are the rows of a query, as sorted text.
func answerOf(t *testing.T, c *pgx.Conn, query string) string {
	t.Helper()
	r := c.PgConn().ExecParams(context.Background(), query, nil, nil, nil, nil).Read()
	if r.Err != nil {
		t.Fatalf("%s: %v", query, r.Err)
	}
	var lines []string
	for _, row := range r.Rows {
		var line strings.Builder
		for _, v := range row {
			fmt.Fprintf(&line, "%q,", v)
		}
		lines = append(lines, line.String())
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// A server that is killed at any moment has, when it is back, every acknowledged write once, of every other transaction all
// or nothing, and views that show what their queries answer.
func TestKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("starts servers")
	}
	dir := filepath.Join(t.TempDir(), "data")
	rng := rand.New(rand.NewPCG(*crashSeed, 5))
	p := start(t, dir, false)
	defer func() { p.kill() }()
	c := p.connect(t)
	if _, err := c.PgConn().Exec(context.Background(), crashSchema).ReadAll(); err != nil {
		t.Fatal(err)
	}
	for _, v := range crashViews {
		if _, err := c.Exec(context.Background(), "CREATE MATERIALIZED VIEW "+v.name+" AS "+v.query); err != nil {
			t.Fatal(err)
		}
	}
	workers := make([]*worker, 4)
	for i := range workers {
		workers[i] = &worker{number: i, rng: rand.New(rand.NewPCG(*crashSeed, uint64(100+i))), rows: map[int64]int{}, events: map[int64]int{}}
	}
	total := 0
	for round := range *crashRounds {
		var done atomic.Int64
		limit := int64(1 + rng.IntN(300))
		total += int(limit)
		enough := make(chan struct{})
		var wg sync.WaitGroup
		for _, w := range workers {
			conn := p.connect(t)
			wg.Go(func() {
				if err := w.write(conn, func() {
					if done.Add(1) == limit {
						close(enough)
					}
				}); err != nil {
					t.Error(err)
				}
			})
		}
		<-enough
		p.kill()
		wg.Wait()
		for rng.IntN(3) == 0 { // not even the recovery comes to its end
			start(t, dir, true)
		}
		p = start(t, dir, false)
		c = p.connect(t)
		for _, w := range workers {
			w.check(t, c)
		}
		for _, v := range crashViews {
			if got, want := answerOf(t, c, "SELECT * FROM "+v.name), answerOf(t, c, v.query); got != want {
				t.Errorf("round %d: view %s shows\n%.2000s\nits query answers\n%.2000s", round, v.name, got, want)
			}
		}
		if t.Failed() {
			t.Fatalf("round %d\n%s", round, p.errors)
		}
	}
	t.Logf("killed %d times after %d transactions", *crashRounds, total)
}
