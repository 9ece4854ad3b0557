package engine

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"testing"

	"tarn/delta"
	"tarn/sql/types"
)

// Operators' state four times larger than its share of the memory: cold groups live in the store, come back when they are
// needed, and every answer is what it would be without a budget.
func TestStateLargerThanMemory(t *testing.T) {
	keys := 120_000
	if testing.Short() {
		keys = 60_000
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
	t.Logf("%d bytes of state in memory of a budget of %d", e.store.Memory().Used(), e.store.Memory().Budget())
}
