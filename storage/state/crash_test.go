package state

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// After a crash a multimap is as of the epoch the store says, its groups and its nodes alike.
func TestCrash(t *testing.T) {
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(10, seed))
		fs := vfs.NewCrashableMem()
		s := openStore(t, fs)
		m := OpenMultimap(s, 1, true)
		want := map[string]int64{} // count by row; the key is the row's first letter
		history := []map[string]int64{{}}
		crashAt := 2 + rng.IntN(12)
		var last chan error
		for epoch := 1; epoch <= crashAt; epoch++ {
			for range 400 {
				n := rng.IntN(4000)
				row := fmt.Sprintf("%c a row that is long enough for trees to grow %d", 'a'+n%3, n)
				d := int64(1)
				if want[row] > 0 {
					d = -want[row]
				}
				key := []byte(row[:1])
				if _, after, err := m.Add(Hash(key), key, []byte(row), d); err != nil || after != want[row]+d {
					t.Fatal(after, err)
				}
				if want[row] += d; want[row] == 0 {
					delete(want, row)
				}
			}
			history = append(history, maps.Clone(want))
			cp := s.Begin(uint64(epoch))
			m.WriteDirty(cp)
			done := make(chan error, 1)
			cp.Commit(nil, nil, func(err error) { done <- err })
			if last = done; rng.IntN(2) == 0 {
				if err := <-done; err != nil {
					t.Fatal(err)
				}
				last = nil
				if rng.IntN(2) == 0 {
					if err := s.Flush(); err != nil {
						t.Fatal(err)
					}
				}
				if _, err := m.Evict(m.Bytes() / 2); err != nil {
					t.Fatal(err)
				}
			}
		}
		crashed := fs.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: rng.IntN(101), RNG: rng})
		if last != nil {
			<-last
		}
		m.Release()
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}

		s = openStore(t, crashed)
		epoch := s.Meta().Epoch
		m = OpenMultimap(s, 1, epoch == 0)
		got := map[string]int64{}
		if err := m.Scan(func(key, row []byte, count int64) bool {
			got[string(row)] = count
			return key[0] == row[0]
		}); err != nil {
			t.Fatal(err)
		}
		if !maps.Equal(got, history[epoch]) {
			t.Fatalf("seed %d: %d rows at epoch %d, want %d, or others", seed, len(got), epoch, len(history[epoch]))
		}
		m.Release()
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// A small map is whole again after a restart: nothing is looked up in the store.
func TestSmallMapIsReadWhenOpened(t *testing.T) {
	fs := vfs.NewMem()
	for _, keys := range []int{100, 60_000} {
		s := openStore(t, fs)
		id := uint32(keys)
		m := Open(s, id, true)
		for i := range keys {
			key := fmt.Append(nil, i)
			if _, _, err := m.Put(Hash(key), key, 8); err != nil {
				t.Fatal(err)
			}
		}
		checkpoint(t, s, 1, m)
		m.Release()
		m = Open(s, id, false)
		if whole := !m.shards[0].partial; whole != (keys == 100) || whole && m.Len() != keys {
			t.Errorf("of %d keys %d are in memory, whole %v", keys, m.Len(), whole)
		}
		if m.Bytes() > 3*loadBytes {
			t.Errorf("%d bytes were read", m.Bytes())
		}
		for i := range keys / 10 {
			key := fmt.Append(nil, i)
			if _, found, err := m.Get(Hash(key), key); err != nil || !found {
				t.Fatalf("key %d: %v, %v", i, found, err)
			}
		}
		m.Release()
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
