package arrangement

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// After a crash, arrangements of all modes are as of the epoch the store says, and applying the epochs after it again, as
// the log's replay does, leads to where the crash was.
func TestCrashAndReplay(t *testing.T) {
	for seed := range uint64(25) {
		rng := rand.New(rand.NewPCG(11, seed))
		fs := vfs.NewCrashableMem()
		s := openStore(t, fs)
		modes := []Mode{Unique, Bag, Append}
		var as []*Arrangement
		for i, mode := range modes {
			a, err := Open(s, uint32(i+1), mode)
			if err != nil {
				t.Fatal(err)
			}
			as = append(as, a)
		}
		// What an epoch does to each, so that it can be done again.
		steps := []func(as []*Arrangement) error{nil}
		states := [][]contents{{{}, {}, {}}}
		crashAt := 5 + rng.IntN(40)
		var last chan error
		for epoch := uint64(1); epoch <= uint64(crashAt); epoch++ {
			now := []contents{maps.Clone(states[epoch-1][0]), maps.Clone(states[epoch-1][1]), maps.Clone(states[epoch-1][2])}
			step := randomStep(rng, epoch, now)
			if err := step(as); err != nil {
				t.Fatal(err)
			}
			steps, states = append(steps, step), append(states, now)
			if rng.IntN(4) > 0 {
				continue
			}
			cp := s.Begin(epoch)
			for _, a := range as {
				a.Fold(cp)
			}
			done := make(chan error, 1)
			cp.Commit(nil, nil, func(err error) { done <- err })
			if last = done; rng.IntN(2) == 0 {
				wait(t, last)
				last = nil
				if err := s.Flush(); err != nil {
					t.Fatal(err)
				}
			}
		}
		crashed := fs.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: rng.IntN(101), RNG: rng})
		wait(t, last)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}

		s = openStore(t, crashed)
		epoch := s.Meta().Epoch
		as = nil
		for i, mode := range modes {
			a, err := Open(s, uint32(i+1), mode)
			if err != nil {
				t.Fatal(err)
			}
			as = append(as, a)
		}
		for {
			for i, a := range as {
				v := a.Publish()
				got, err := scan(v, nil, nil, false)
				if want := states[epoch][i]; err != nil || !slices.Equal(got, want.sorted(nil, nil)) || v.Rows() != want.rows() {
					t.Fatalf("seed %d, mode %d, epoch %d: %d entries of %d rows, %v; want %d of %d",
						seed, modes[i], epoch, len(got), v.Rows(), err, len(want), want.rows())
				}
				v.Release()
			}
			if epoch++; epoch > uint64(crashAt) {
				break
			}
			if err := steps[epoch](as); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// randomStep changes the models and returns what does the same to arrangements.
func randomStep(rng *rand.Rand, epoch uint64, now []contents) func([]*Arrangement) error {
	var unique, bag Changes
	for range rng.IntN(10) {
		key := fmt.Sprint(rng.IntN(40))
		if old, had := now[0][key]; had {
			unique.Add([]byte(key), []byte(old.row), -1)
			delete(now[0], key)
		}
		if rng.IntN(3) > 0 {
			row := fmt.Sprint("row ", rng.IntN(100))
			unique.Add([]byte(key), []byte(row), 1)
			now[0][key] = entry{key, row, 1}
		}
		d := rng.Int64N(4) + 1
		if old := now[1][key]; old.count > 0 && rng.IntN(2) == 0 {
			d = -rng.Int64N(old.count) - 1
		}
		bag.Add([]byte(key), nil, d)
		if d += now[1][key].count; d > 0 {
			now[1][key] = entry{key, "", d}
		} else {
			delete(now[1], key)
		}
	}
	payload := fmt.Sprint("batch of epoch ", epoch)
	seq := string(SeqKey(nil, epoch))
	now[2][seq] = entry{seq, payload, int64(epoch % 5)}
	from := uint64(0)
	if epoch > 10 && epoch%7 == 0 {
		from = epoch - 5
		maps.DeleteFunc(now[2], func(key string, _ entry) bool { return key < string(SeqKey(nil, from)) })
	}
	return func(as []*Arrangement) error {
		if err := as[0].Apply(epoch, &unique); err != nil {
			return err
		}
		if err := as[1].Apply(epoch, &bag); err != nil {
			return err
		}
		if _, err := as[2].AppendBatch(epoch, []byte(payload), int64(epoch%5)); err != nil {
			return err
		}
		_, err := as[2].Truncate(epoch, from)
		return err
	}
}
