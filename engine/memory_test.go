package engine

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"testing"

	"tarn/delta"
	"tarn/sql/types"
	"tarn/storage"
)

// Operators' state four times larger than all the memory: cold groups live in the store, come back when they are
// needed, and every answer is what it would be without a budget.
func TestStateLargerThanMemory(t *testing.T) {
	keys, times := 210_000, int64(4)
	if testing.Short() {
		keys, times = 60_000, 1
	}
	const memory = 8 << 20
	e, err := Open(context.Background(), Config{Dir: t.TempDir(), Memory: memory, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close(context.Background())
	s := connect(t, e)
	run(t, s, `CREATE STREAM f (k int NOT NULL, pad text NOT NULL, n int NOT NULL);
		CREATE MATERIALIZED VIEW sums AS SELECT k, pad, count(*) AS c, sum(n) AS s, min(n) AS lo FROM f GROUP BY k, pad;
		CREATE MATERIALIZED VIEW busy AS SELECT c, count(*) AS groups, sum(s) AS s FROM sums GROUP BY c`)
	pad := fmt.Sprintf("%0100d", 7)
	insert := func(from, to, n int) {
		for lo := from; lo < to; lo += 5000 {
			b := delta.NewBatch([]types.Type{types.Of(types.Int4OID), types.Of(types.TextOID), types.Of(types.Int4OID)}, 5000)
			for k := lo; k < min(lo+5000, to); k++ {
				b.Cols[0].AppendInt(int64(k * 7919 % keys))
				b.Cols[1].AppendString(pad)
				b.Cols[2].AppendInt(int64(n))
				b.AppendCount(1)
			}
			if err := e.Ingest(context.Background(), map[string]*delta.Batch{"f": b}); err != nil {
				t.Fatal(err)
			}
		}
	}
	insert(0, keys, 1)
	if used, budget := e.store.Memory().Used(), e.store.Memory().Budget(); used > 2*budget {
		t.Fatalf("%d bytes of state in memory, the budget is %d", used, budget)
	}
	insert(0, keys/3, 2)
	insert(keys/4, keys/2, 3)
	third, quarter, half := keys/3, keys/4, keys/2
	rows, _ := run(t, s, "SELECT c, groups, s FROM busy")
	one := keys - half
	three := third - quarter
	two := half - three
	// once: 1; twice: 1+2 below a quarter, 1+3 from a third on; thrice: 1+2+3
	expect(t, rows,
		fmt.Sprintf("1|%d|%d", one, one),
		fmt.Sprintf("2|%d|%d", two, 3*quarter+4*(half-third)),
		fmt.Sprintf("3|%d|%d", three, 6*three))
	rows, _ = run(t, s, "SELECT count(*), sum(c), sum(s), min(lo) FROM sums")
	expect(t, rows, fmt.Sprintf("%d|%d|%d|1", keys, keys+third+half-quarter, one+3*quarter+4*(half-third)+6*three))
	// And all of it is what the rows of the stream give; the query for that would not fit into the memory.
	type sums struct{ c, s, lo int }
	groups, busy := map[int]sums{}, map[int]sums{}
	rows, _ = run(t, s, "SELECT k, n FROM f")
	for _, row := range rows {
		var k, n int
		if _, err := fmt.Sscanf(row, "%d|%d", &k, &n); err != nil {
			t.Fatal(err)
		}
		g := groups[k]
		if g.c == 0 {
			g.lo = n
		}
		groups[k] = sums{g.c + 1, g.s + n, min(g.lo, n)}
	}
	var want []string
	for k, g := range groups {
		want = append(want, fmt.Sprintf("%d|%d|%d|%d", k, g.c, g.s, g.lo))
		busy[g.c] = sums{busy[g.c].c + 1, busy[g.c].s + g.s, 0}
	}
	rows, _ = run(t, s, "SELECT k, c, s, lo FROM sums")
	expect(t, rows, want...)
	want = nil
	for c, g := range busy {
		want = append(want, fmt.Sprintf("%d|%d|%d", c, g.c, g.s))
	}
	rows, _ = run(t, s, "SELECT c, groups, s FROM busy")
	expect(t, rows, want...)
	bytes := storedState(t, e)
	t.Logf("%d bytes of state, of which %d in memory, of a budget of %d in a memory of %d", bytes, e.store.Memory().Used(), e.store.Memory().Budget(), memory)
	if bytes < times*memory {
		t.Errorf("only %d bytes of state are no test of a memory of %d", bytes, memory)
	}
}

// storedState is how much the store has of the operators' state, all of it after a checkpoint: keys and values, without what
// the store makes of them.
func storedState(t testing.TB, e *Engine) (bytes int64) {
	t.Helper()
	if err := e.do(context.Background(), func(l *loop) error {
		if l.checkpoint.running {
			l.checkpointDone(<-l.checkpoint.done)
		}
		l.startCheckpoint()
		l.checkpointDone(<-l.checkpoint.done)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	snap := e.store.Snapshot()
	defer snap.Release()
	it, err := snap.NewIter([]byte{byte(storage.SpaceState)}, []byte{byte(storage.SpaceBlock) + 1})
	if err != nil {
		t.Fatal(err)
	}
	defer it.Close()
	for ok := it.First(); ok; ok = it.Next() {
		bytes += int64(len(it.Key()) + len(it.Value()))
	}
	if err := it.Error(); err != nil {
		t.Fatal(err)
	}
	return bytes
}
