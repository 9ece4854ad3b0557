package storage

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"
)

// A crash at any change that opening a store makes to the disk, on a file system that keeps some changes of a directory and
// loses others, leaves a store that opens with all it had.
func TestCrashWhileOpening(t *testing.T) {
	memory := vfs.NewCrashableMem()
	for epoch := range uint64(3) {
		s := openTest(t, memory)
		mustCommit(t, s.Begin(epoch+1), "", fmt.Sprint(epoch))
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for seed := range uint64(150) {
		rng := rand.New(rand.NewPCG(seed, 7))
		changes := 1 + rng.IntN(25)
		var mu sync.Mutex
		var left *vfs.MemFS
		inner := memory.CrashClone(vfs.CrashCloneCfg{})
		disk := errorfs.Wrap(inner, errorfs.InjectorFunc(func(op errorfs.Op) error {
			if op.Kind.ReadOrWrite() == errorfs.OpIsWrite {
				mu.Lock()
				defer mu.Unlock()
				if changes--; changes == 0 {
					left = inner.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: 50, RNG: rng})
				}
			}
			return nil
		}))
		s := openTest(t, disk)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if left == nil {
			continue
		}
		s = openTest(t, left)
		if got := s.Meta().Epoch; got != 3 {
			t.Fatalf("seed %d: the store is at epoch %d after the crash, not 3", seed, got)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
