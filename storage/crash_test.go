package storage

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// S3: whatever part of the unsynced data a crash leaves, the store opens at a committed checkpoint, with exactly its
// contents, and not before the one that was durable. Checkpoints of all sizes, some larger than a memtable, sets,
// deletes, counts and dropped ranges.
func TestCrashLeavesAPrefix(t *testing.T) {
	runs := 60
	if testing.Short() {
		runs = 10
	}
	survived := map[string]int{}
	for seed := range runs {
		rng := rand.New(rand.NewPCG(9, uint64(seed)))
		fs := vfs.NewCrashableMem()
		s := openTest(t, fs)
		history := []map[string]string{{}} // contents by epoch
		bags := []map[string]int64{{}}
		crashAt := 1 + rng.IntN(60)
		durable := uint64(0)
		var last chan error
		for epoch := 1; epoch <= crashAt; epoch++ {
			rows, bag := maps.Clone(history[epoch-1]), maps.Clone(bags[epoch-1])
			cp := s.Begin(uint64(epoch))
			randomCheckpoint(rng, cp, rows, bag)
			history, bags = append(history, rows), append(bags, bag)
			done := make(chan error, 1)
			last = done
			cp.Commit(fmt.Append(nil, "cut ", epoch), fmt.Append(nil, "catalogue ", epoch), func(err error) { done <- err })
			if rng.IntN(3) > 0 {
				if err := <-last; err != nil {
					t.Fatal(err)
				}
				last = nil
			}
			if rng.IntN(20) == 0 {
				if err := s.Flush(); err != nil {
					t.Fatal(err)
				}
			}
			m, err := s.Durable()
			if err != nil {
				t.Fatal(err)
			}
			durable = m.Epoch
		}
		percent := []int{0, 50, 100}[rng.IntN(3)]
		crashed := fs.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: percent, RNG: rng})
		if last != nil {
			<-last
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}

		s = openTest(t, crashed)
		epoch := s.Meta().Epoch
		if epoch < durable || epoch > uint64(crashAt) {
			t.Fatalf("seed %d: opened at epoch %d, durable was %d, the last was %d", seed, epoch, durable, crashAt)
		}
		if epoch > 0 {
			want := fmt.Sprint("cut ", epoch, " catalogue ", epoch)
			if got := fmt.Sprintf("%s %s", s.Meta().Cut, s.Meta().Catalogue); got != want {
				t.Fatalf("seed %d: opened with %s, want %s", seed, got, want)
			}
		}
		compareContents(t, s, history[epoch], bags[epoch])
		switch {
		case epoch == 0:
			survived["nothing"]++
		case epoch < uint64(crashAt):
			survived["a prefix"]++
		default:
			survived["all"]++
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if runs > 10 && (survived["nothing"] == 0 || survived["a prefix"] < runs/4) {
		t.Errorf("the test is not worth much: of %d crashes survived %v", runs, survived)
	}
}

// randomCheckpoint writes rows under id 1, counts under id 2, and follows in the model.
func randomCheckpoint(rng *rand.Rand, cp *Checkpoint, rows map[string]string, bag map[string]int64) {
	one, two := Prefix(nil, SpaceRow, 1), Prefix(nil, SpaceRow, 2)
	n := 1 + rng.IntN(20)
	if rng.IntN(10) == 0 {
		n = 300 // more than half a memtable: Pebble takes another way
	}
	seen := map[string]bool{}
	for range n {
		key := fmt.Sprintf("%04d", rng.IntN(1000))
		if seen[key] {
			continue
		}
		if seen[key] = true; rng.IntN(3) == 0 {
			cp.Delete(one, []byte(key))
			delete(rows, key)
			continue
		}
		value := strings.Repeat(fmt.Sprint(rng.IntN(1000)), 1+rng.IntN(60))
		cp.Put(one, []byte(key), []byte(value))
		rows[key] = value
	}
	deltas := map[string]int64{}
	for range n / 2 {
		key := fmt.Sprintf("%03d", rng.IntN(100))
		deltas[key] = rng.Int64N(5) - 2 - bag[key]
	}
	for key, d := range deltas {
		if bag[key] += d; bag[key] == 0 {
			delete(bag, key)
		}
	}
	cp.Later(0, func(b *Batch) error {
		for key, d := range deltas {
			b.AddCount(two, []byte(key), d)
		}
		return nil
	})
	if rng.IntN(8) == 0 {
		lo, hi := fmt.Sprintf("%04d", rng.IntN(1000)), fmt.Sprintf("%04d", rng.IntN(1000))
		if lo < hi {
			cp.DeleteRange(append(bytes.Clone(one), lo...), append(bytes.Clone(one), hi...))
			maps.DeleteFunc(rows, func(key, _ string) bool { return key >= lo && key < hi })
		}
	}
}

func compareContents(t *testing.T, s *Store, rows map[string]string, bag map[string]int64) {
	t.Helper()
	snap := s.Snapshot()
	defer snap.Release()
	it, err := snap.NewIter([]byte{byte(SpaceRow)}, []byte{byte(SpaceRow) + 1})
	if err != nil {
		t.Fatal(err)
	}
	defer it.Close()
	n := 0
	for ok := it.First(); ok; ok = it.Next() {
		key := string(it.Key()[PrefixLen:])
		if it.Key()[PrefixLen-1] == 1 {
			if rows[key] != string(it.Value()) {
				t.Fatalf("row %s is %s, want %s", key, it.Value(), rows[key])
			}
			n++
			continue
		}
		count, err := ParseCount(it.Value())
		if count != 0 { // a count that went below zero and back may be there
			n++
		}
		if err != nil || count != bag[key] {
			t.Fatalf("count of %s is %d, %v; want %d", key, count, err, bag[key])
		}
	}
	if n != len(rows)+len(bag) {
		t.Fatalf("%d entries, want %d rows and %d counts", n, len(rows), len(bag))
	}
}

// Checkpoints are on disk after a while, without anybody asking for it: what a crash has to replay is bounded.
func TestCheckpointsAreFlushed(t *testing.T) {
	fs := vfs.NewCrashableMem()
	opts := testOptions()
	opts.flushEvery = 1
	s, err := Open(fs, "data", opts)
	if err != nil {
		t.Fatal(err)
	}
	mustCommit(t, s.Begin(7), "", "")
	<-s.flushes.end // the committing goroutine has set it before it answered
	crashed := openTest(t, fs.CrashClone(vfs.CrashCloneCfg{}))
	if got := crashed.Meta().Epoch; got != 7 {
		t.Fatalf("opened at epoch %d", got)
	}
	for _, s := range []*Store{s, crashed} {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
