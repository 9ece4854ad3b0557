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

// appendRows appends rows to the list of each key, those of a key in one call.
func appendRows(t *testing.T, l *Lists, w *ListWriter, rng *rand.Rand, want map[string][]string) {
	t.Helper()
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
		want[key] = append(want[key], fmt.Sprint(n, value, count))
	}
	for key, rows := range groups {
		if err := l.Append(w, Hash([]byte(key)), []byte(key), b, listKept, rows); err != nil {
			t.Fatal(err)
		}
	}
}

// checkLists compares the lists of all keys, those included that have none.
func checkLists(t *testing.T, l *Lists, want map[string][]string) {
	t.Helper()
	for n := range 42 {
		key := fmt.Appendf(nil, "key %d", n)
		cols := delta.NewBatch(listSchema, 0).Cols
		var counts []int64
		if err := l.Each(Hash(key), key, func(block []byte) (err error) {
			counts, err = delta.AppendBlock(cols, listKept, block, counts)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		var got []string
		for i, count := range counts {
			value := "NULL"
			if !cols[2].IsNull(i) {
				value = string(cols[2].Bytes(i))
			}
			got = append(got, fmt.Sprint(cols[1].Ints[i], value, count))
		}
		if !slices.Equal(got, want[string(key)]) {
			t.Fatalf("%s has %d rows, want %d, or others", key, len(got), len(want[string(key)]))
		}
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
		history := []map[string]int{{}} // by epoch, the length of each list
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
	if err := l.Append(&ListWriter{}, Hash(nil), nil, b, []int{0}, []int32{0}); err == nil {
		t.Fatal("a row was taken from a list")
	}
}
