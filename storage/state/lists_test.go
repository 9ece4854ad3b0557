package state

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"tarn/delta"
	"tarn/sql/types"
	"tarn/storage/slab"
)

var listSchema = []types.Type{types.Of(types.TextOID), types.Of(types.Int8OID), types.Of(types.TextOID)}

// listKept are the columns that the lists have: the first one is the key.
var listKept = []int{1, 2}

// listName names one of the lists of a key.
func listName(key string, side int) string { return fmt.Sprint(key, " side ", side) }

// appendRows appends rows to the lists of a side, those of a key in one call, which also reads the list of the other side.
func appendRows(t *testing.T, l *Lists, w *ListWriter, rng *rand.Rand, want map[string][]string) {
	t.Helper()
	side := rng.IntN(2)
	b := delta.NewBatch(listSchema, 0)
	groups := map[string][]int32{}
	for range 300 {
		key := fmt.Sprintf("key %d", min(rng.IntN(40), rng.IntN(40), rng.IntN(40)))
		n, count := rng.Int64N(1<<40), 1+rng.Int64N(3)*rng.Int64N(2)
		value := strings.Repeat("v", rng.IntN(20))
		if rng.IntN(100) == 0 {
			value = strings.Repeat("w", 3*blockBytes)
		}
		b.Cols[0].AppendString(key)
		b.Cols[1].AppendInt(n)
		if b.Cols[2].AppendString(value); rng.IntN(5) == 0 {
			value = "NULL"
			b.Cols[2] = b.Cols[2].Slice(0, b.Len)
			b.Cols[2].AppendNull()
		}
		b.AppendCount(count)
		groups[key] = append(groups[key], int32(b.Len-1))
		name := listName(key, side)
		want[name] = append(want[name], fmt.Sprint(n, value, count))
	}
	for key, rows := range groups {
		other := newListRows()
		if err := l.Meet(w, Hash([]byte(key)), []byte(key), side, b, listKept, rows, other.add); err != nil {
			t.Fatal(err)
		}
		other.check(t, listName(key, 1-side), want)
	}
}

// checkLists compares the lists of all keys, those included that have none.
func checkLists(t *testing.T, l *Lists, want map[string][]string) {
	t.Helper()
	for n := range 84 {
		key := fmt.Appendf(nil, "key %d", n/2)
		rows := newListRows()
		if err := l.Each(Hash(key), key, n%2, rows.add); err != nil {
			t.Fatal(err)
		}
		rows.check(t, listName(string(key), n%2), want)
	}
}

// listRows is what has been read of a list.
type listRows struct {
	cols   []delta.Column
	counts []int64
}

func newListRows() *listRows { return &listRows{cols: delta.NewBatch(listSchema, 0).Cols} }

func (r *listRows) add(block []byte) (err error) {
	r.counts, err = delta.AppendBlock(r.cols, listKept, block, r.counts)
	return err
}

func (r *listRows) check(t *testing.T, name string, want map[string][]string) {
	t.Helper()
	var got []string
	for i, count := range r.counts {
		value := "NULL"
		if !r.cols[2].IsNull(i) {
			value = string(r.cols[2].Bytes(i))
		}
		got = append(got, fmt.Sprint(r.cols[1].Ints[i], value, count))
	}
	if !slices.Equal(got, want[name]) {
		t.Fatalf("%s has %d rows, want %d, or others", name, len(got), len(want[name]))
	}
}

// Lists are what was appended to them, in that order, through checkpoints, evictions and restarts; and after a crash what
// they were at the epoch the store says.
func TestLists(t *testing.T) {
	for seed := range uint64(12) {
		rng := rand.New(rand.NewPCG(11, seed))
		fs := vfs.NewCrashableMem()
		s := openStore(t, fs)
		l := OpenLists(s, 1, true)
		if seed%2 == 0 {
			if err := l.Fork(); err != nil {
				t.Fatal(err)
			}
		}
		want := map[string][]string{}
		history := []map[string]int{{}} // by epoch, the length of each list by its name
		var w ListWriter
		epochs := 3 + rng.IntN(12)
		for epoch := 1; epoch <= epochs; epoch++ {
			appendRows(t, l, &w, rng, want)
			lengths := map[string]int{}
			for key, rows := range want {
				lengths[key] = len(rows)
			}
			history = append(history, lengths)
			checkpoint(t, s, uint64(epoch), l)
			if rng.IntN(3) == 0 {
				if err := s.Flush(); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := l.Evict(l.Bytes() / 2); err != nil {
				t.Fatal(err)
			}
			if rng.IntN(4) == 0 {
				l.Release()
				l = OpenLists(s, 1, false)
			}
			if epoch%3 == 0 {
				checkLists(t, l, want)
			}
		}
		checkLists(t, l, want)
		crashed := fs.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: rng.IntN(101), RNG: rng})
		l.Release()
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}

		s = openStore(t, crashed)
		for key, rows := range want {
			want[key] = rows[:history[s.Meta().Epoch][key]]
		}
		l = OpenLists(s, 1, s.Meta().Epoch == 0)
		checkLists(t, l, want)
		l.Release()
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// Nothing can be taken from a list.
func TestListsOnlyGrow(t *testing.T) {
	l := EphemeralLists(slab.NewPool(1 << 20))
	b := delta.NewBatch(listSchema[1:2], 0)
	b.Cols[0].AppendInt(1)
	b.AppendCount(-1)
	if err := l.Append(&ListWriter{}, Hash(nil), nil, 0, b, []int{0}, []int32{0}); err == nil {
		t.Fatal("a row was taken from a list")
	}
}
