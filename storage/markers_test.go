package storage

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
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

// The directory can not be synced after the marker of the manifest has moved, for which Pebble panics: that stops the store, and
// opening fails, as where the manifest can not be written; a crash then leaves what was committed.
func TestMarkerIsNotSynced(t *testing.T) {
	mem := vfs.NewCrashableMem()
	var armed, moved atomic.Bool
	faulty := func(inner vfs.FS) vfs.FS {
		return errorfs.Wrap(inner, errorfs.InjectorFunc(func(op errorfs.Op) error {
			switch {
			case op.Kind == errorfs.OpRemove && strings.Contains(op.Path, "marker.manifest"):
				moved.Store(armed.Load())
			case op.Kind == errorfs.OpFileSync && strings.HasSuffix(op.Path, lsmDir) && moved.CompareAndSwap(true, false):
				return syscall.EIO
			}
			return nil
		}))
	}
	opts := testOptions()
	opts.maxManifest = 1 // every change makes a new one
	s, err := Open(faulty(mem), "data", opts)
	if err != nil {
		t.Fatal(err)
	}
	prefix := Prefix(nil, SpaceRow, 1)
	cp := s.Begin(1)
	cp.Put(prefix, []byte("a"), []byte("1"))
	mustCommit(t, cp, "", "")
	if err := s.Flush(); err != nil {
		t.Fatal(err)
	}
	armed.Store(true)
	for epoch := uint64(2); err == nil; epoch++ {
		if epoch > 100 {
			t.Fatal("a hundred flushes and no error")
		}
		cp := s.Begin(epoch)
		cp.Put(prefix, []byte("b"), []byte("2"))
		if err = commit(cp, nil, nil); err == nil {
			err = s.Flush()
		}
	}
	if !strings.Contains(err.Error(), "store stopped: MANIFEST or format could not be set") || s.Err() == nil {
		t.Errorf("%v; Err %v", err, s.Err())
	}
	if got := dumpNow(t, s, 1); got != "a=1 b=2" {
		t.Errorf("a stopped store has %s", got)
	}
	if err := s.Close(); err == nil {
		t.Error("a stopped store closed without an error")
	}
	if _, err := Open(faulty(mem.CrashClone(vfs.CrashCloneCfg{})), "data", opts); err == nil || !strings.Contains(err.Error(), "input/output error") {
		t.Errorf("opened without a synced marker: %v", err)
	}
	s = openTest(t, mem.CrashClone(vfs.CrashCloneCfg{}))
	if got := dumpNow(t, s, 1); !strings.HasPrefix(got, "a=1") {
		t.Errorf("reopened with %s", got)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
