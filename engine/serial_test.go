package engine

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"tarn/delta"
)

var (
	serialRuns  = flag.Int("serial.runs", 4, "how many random histories of each kind are checked for an order")
	serialSeed  = flag.Uint64("serial.seed", 1, "of the first of them")
	serialTimes = flag.Int("serial.transactions", 80, "by each client of a history")
)

// serialHistory is several clients of one database.
type serialHistory struct {
	clock   clock
	ids     atomic.Int64
	clients []*serialClient
}

func newSerialHistory(t *testing.T, e *Engine, seed uint64, clients int) *serialHistory {
	h := &serialHistory{}
	for i := range clients {
		h.clients = append(h.clients, &serialClient{
			number: i, session: connect(t, e), rng: rand.New(rand.NewPCG(seed, uint64(i))), clock: &h.clock, ids: &h.ids,
		})
	}
	return h
}

// check tells whether there is an order that explains it all, of which the database found in e is the end. stopped is the tick
// at which the machine stopped: what was answered later nobody has heard; 0 for never.
func (h *serialHistory) check(t *testing.T, e *Engine, stopped int64) {
	t.Helper()
	all := map[int]*undertaken{}
	lost := 0
	for _, c := range h.clients {
		if c.failure != nil {
			t.Fatal(c.failure)
		}
		if c.now != nil {
			c.done = append(c.done, c.now)
		}
		lost += c.lost
		for _, u := range c.done {
			if stopped > 0 && u.end > stopped {
				u.end = never
				if u.outcome == committed || u == c.now {
					u.outcome = unknown
				}
			}
			all[u.id] = u
		}
	}
	order, err := inOrder(rowsAdded(t, e, "committed"), rowsAdded(t, e, "lists"), all)
	if err != nil {
		t.Fatal(err)
	}
	placed := map[*undertaken]bool{}
	for _, u := range order {
		placed[u] = true
	}
	var others []*undertaken
	for _, u := range all {
		if placed[u] {
			continue
		}
		if stopped > 0 {
			u.said = slices.DeleteFunc(u.said, func(s said) bool { return s.at > stopped })
		}
		others = append(others, u)
	}
	last, err := strictlySerialisable(order, others)
	if err != nil {
		t.Fatal(err)
	}
	s := connect(t, e)
	for _, q := range everything {
		rows, tag := run(t, s, q.text)
		if got, want := reply(tag, rows), q.means(&replay{world: last}); got != want {
			t.Fatalf("at the end: %s\nanswers   %s\nshould be %s", q.text, got, want)
		}
	}
	t.Logf("%d in order, %d beside them, %d lost a race", len(order), len(others), lost)
	if stopped == 0 && (len(order) == 0 || lost == 0) {
		t.Fatal("the history is too tame to tell anything")
	}
}

// rowsAdded reads from the log which rows each epoch added to a relation, by the number of the transaction in them.
func rowsAdded(t *testing.T, e *Engine, name string) []added {
	t.Helper()
	state := e.acquire()
	defer state.release()
	rel, ok := state.Catalog.Relation("public", name)
	if !ok {
		t.Fatalf("no %s", name)
	}
	r := &recorder{}
	for i := range rel.Columns {
		r.fields = append(r.fields, Field{Type: rel.Columns[i].Type})
	}
	var out []added
	err := e.log.ReadRelation(rel.ID, 0, state.Epoch, func(epoch uint64, payload []byte) error {
		b, err := delta.DecodeBatch(append([]byte(nil), payload...))
		if err != nil {
			return err
		}
		for i := range b.Len {
			if b.Count(i) < 0 {
				continue
			}
			r.rows = nil
			_ = r.Rows(b.Slice(i, i+1))
			row := r.rows[0]
			if name == "lists" {
				row = row[strings.LastIndexAny(row, " |")+1:] // the number that was put last
				if row == "" {
					continue // the list as it was made
				}
			} else {
				row = row[:strings.Index(row, "|")]
			}
			id, err := strconv.Atoi(row)
			if err != nil {
				return err
			}
			out = append(out, added{epoch, id, name})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func serially(t *testing.T, history func(t *testing.T, seed uint64)) {
	runs := *serialRuns
	if testing.Short() {
		runs = 1
	}
	for i := range uint64(runs) {
		seed := *serialSeed + i
		t.Run(fmt.Sprint(seed), func(t *testing.T) { history(t, seed) })
	}
}

// Transactions whose statements alternate at random, sent by one goroutine, so that a seed always gives the same history:
// there is an order that explains all answers, and it respects real time (E1, E2, E3).
func TestSerialInterleaved(t *testing.T) {
	serially(t, func(t *testing.T, seed uint64) {
		e := open(t, t.TempDir())
		run(t, connect(t, e), serialSchema)
		h := newSerialHistory(t, e, seed, 5)
		rng := rand.New(rand.NewPCG(seed, 99))
		for busy := h.clients; len(busy) > 0; {
			c := busy[rng.IntN(len(busy))]
			if c.step(); c.failure != nil || c.now == nil && len(c.done) >= *serialTimes {
				busy = slices.DeleteFunc(slices.Clone(busy), func(b *serialClient) bool { return b == c })
			}
		}
		h.check(t, e, 0)
	})
}

// The same from clients that run side by side, while views are made and dropped and checkpoints are written.
func TestSerialConcurrent(t *testing.T) {
	serially(t, func(t *testing.T, seed uint64) {
		e := open(t, t.TempDir())
		run(t, connect(t, e), serialSchema)
		h := newSerialHistory(t, e, seed, 6)
		var wg, definer sync.WaitGroup
		for _, c := range h.clients {
			wg.Go(func() {
				for c.failure == nil && (c.now != nil || len(c.done) < *serialTimes) {
					c.step()
					if c.rng.IntN(4) == 0 {
						runtime.Gosched()
					}
				}
			})
		}
		maker := newSerialHistory(t, e, seed, 1).clients[0]
		maker.number, maker.clock, maker.ids = len(h.clients), &h.clock, &h.ids
		stop := make(chan struct{})
		definer.Go(func() {
			for maker.failure == nil {
				select {
				case <-stop:
					return
				default:
					maker.makeAndRead()
					checkpointNow(t, e, maker.rng.IntN(6))
				}
			}
		})
		wg.Wait()
		close(stop)
		definer.Wait()
		h.clients = append(h.clients, maker)
		h.check(t, e, 0)
	})
}

// The machine stops at some write or sync of the log, while clients run side by side. Just before it does, one more reads:
// what anyone has read until then, committed or seen of others, is part of the history that the disk tells (E1, E2, E5).
func TestSerialCrash(t *testing.T) {
	serially(t, func(t *testing.T, seed uint64) {
		rng := rand.New(rand.NewPCG(seed, 98))
		c := &crash{memory: vfs.NewCrashableMem(), config: vfs.CrashCloneCfg{RNG: rng}}
		var h *serialHistory
		var left atomic.Int64 // changes of the log until it happens
		var stopped int64
		e := openOn(t, errorfs.Wrap(c.memory, errorfs.InjectorFunc(func(op errorfs.Op) error {
			if op.Kind.ReadOrWrite() == errorfs.OpIsWrite && strings.Contains(op.Path, "/log/") && left.Add(-1) == 0 {
				h.clients[0].look()
				stopped = h.clock.tick()
				c.force()
			}
			return nil
		})))
		run(t, connect(t, e), serialSchema)
		h = newSerialHistory(t, e, seed, 5)
		left.Store(10 + rng.Int64N(300))
		var wg sync.WaitGroup
		for _, client := range h.clients[1:] {
			wg.Go(func() {
				for client.failure == nil && !c.happened() && len(client.done) < 10**serialTimes {
					client.step()
				}
			})
		}
		wg.Wait()
		if !c.happened() {
			t.Fatal("the log was not written to")
		}
		for _, client := range h.clients {
			client.session.Close()
		}
		if err := e.Close(context.Background()); err != nil {
			t.Error(err)
		}
		h.check(t, openOn(t, c.left), stopped)
	})
}
