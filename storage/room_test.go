package storage

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"tarn/storage/vfstest"
)

// openSmall opens a store that flushes, and begins a new manifest, as often as it can.
func openSmall(t testing.TB, fs vfs.FS) *Store {
	t.Helper()
	opts := testOptions()
	opts.maxManifest, opts.retryEvery = 1, time.Millisecond
	s, err := Open(fs, "data", opts)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// flushed makes everything durable, now that there is room again.
func flushed(t testing.TB, s *Store) {
	t.Helper()
	for err := s.Flush(); err != nil; err = s.Flush() { // of an attempt that was under way
		if !lacksRoom(err) {
			t.Fatal(err)
		}
	}
}

// The manifest, or the file that names it, can not be written for want of room, in the disk or in the directory: the store
// waits, readers come and go, and all is well when there is room.
func TestManifestWaitsForRoom(t *testing.T) {
	for _, file := range []string{"MANIFEST", "marker."} {
		for _, cause := range []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EROFS} {
			mem := vfs.NewMem()
			fs, fail := faultyFS(mem, cause)
			s := openSmall(t, fs)
			prefix := Prefix(nil, SpaceRow, 1)
			want, epoch := "", uint64(0)
			for range 3 {
				fail(file)
				var err error
				for err == nil { // until Pebble begins a new manifest
					before := s.Snapshot()
					epoch++
					cp := s.Begin(epoch)
					cp.Put(prefix, fmt.Appendf(nil, "%04d", epoch), []byte("x"))
					mustCommit(t, cp, "", "")
					err = s.Flush()
					if got := dump(t, before, 1); got != want {
						t.Errorf("%s: a snapshot has %s, want %s", file, got, want)
					}
					before.Release() // the oldest there is: Pebble may see something to compact
					want = strings.TrimSpace(fmt.Sprintf("%s %04d=x", want, epoch))
					if got := dumpNow(t, s, 1); got != want {
						t.Errorf("%s: the store has %s, want %s", file, got, want)
					}
				}
				if !lacksRoom(err) {
					t.Fatalf("%s: %v", file, err)
				}
				if _, err := s.DiskBytes(); err != nil || s.Err() != nil || s.Degraded() == nil {
					t.Errorf("%s: %v, %v, %v", file, err, s.Err(), s.Degraded())
				}
				fail("")
				flushed(t, s)
				if err := s.Degraded(); err != nil {
					t.Errorf("%s: still degraded: %v", file, err)
				}
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			s = openTest(t, mem)
			if got := dumpNow(t, s, 1); got != want || s.Meta().Epoch != epoch {
				t.Errorf("%s: reopened at epoch %d with %s", file, s.Meta().Epoch, got)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// A disk becomes full at any byte, of whatever file, and has room again some time later, over and over: checkpoints are
// taken or wait, what is there can be read, nothing is lost, and a crash at any moment leaves what S3 says.
func TestFullDiskAnywhere(t *testing.T) {
	seeds := []uint64{21, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11} // in the first the manifest is hit
	if testing.Short() {
		seeds = seeds[:3]
	}
	stuck, full := 0, 0
	for _, seed := range seeds {
		rng := rand.New(rand.NewPCG(31, seed))
		mem := vfs.NewCrashableMem()
		disk := vfstest.New(mem)
		s := openSmall(t, disk)
		history := []map[string]string{{}}
		bags := []map[string]int64{{}}
		check := func(s *Store, epoch uint64) {
			t.Helper()
			compareContents(t, s, history[epoch], bags[epoch])
		}
		afterCrash := func() {
			m, err := s.Durable()
			if err != nil {
				t.Fatal(err)
			}
			again := openSmall(t, mem.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: rng.IntN(101), RNG: rng}))
			if got := again.Meta().Epoch; got < m.Epoch || got >= uint64(len(history)) {
				t.Fatalf("seed %d: opened at epoch %d, durable was %d, the last was %d", seed, got, m.Epoch, len(history)-1)
			}
			check(again, again.Meta().Epoch)
			if err := again.Close(); err != nil {
				t.Fatal(err)
			}
		}
		for range 12 {
			disk.SetSize(disk.Used() + rng.Int64N(1<<rng.IntN(18)))
			var last chan error
			for n := rng.IntN(60); n >= 0; n-- {
				epoch := len(history)
				rows, bag := maps.Clone(history[epoch-1]), maps.Clone(bags[epoch-1])
				cp := s.Begin(uint64(epoch))
				randomCheckpoint(rng, cp, rows, bag)
				history, bags = append(history, rows), append(bags, bag)
				done, answered := make(chan error, 1), make(chan struct{})
				cp.Commit(nil, nil, func(err error) { done <- err; close(answered) })
				last = done
				if s.settled(answered) != nil {
					stuck++
					break
				}
			}
			if err := s.Flush(); err != nil {
				if full++; !lacksRoom(err) {
					t.Fatalf("seed %d: %v", seed, err)
				}
			}
			check(s, s.Committed())
			if rng.IntN(3) == 0 {
				afterCrash()
			}
			disk.SetSize(0)
			if err := <-last; err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			flushed(t, s)
			check(s, uint64(len(history)-1))
			if m, err := s.Durable(); err != nil || m.Epoch != uint64(len(history)-1) {
				t.Fatalf("seed %d: epoch %d is durable, %v; the last was %d", seed, m.Epoch, err, len(history)-1)
			}
		}
		if rng.IntN(2) == 0 {
			afterCrash()
		}
		if err := s.Close(); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
	t.Logf("%d rounds filled the disk, in %d of them checkpoints waited", full, stuck)
	if len(seeds) > 3 && (full < 50 || stuck < 10) {
		t.Error("the test is not worth much")
	}
}

// A full disk does not keep a store from being closed, whatever waits for room: a table, the manifest, or a checkpoint for
// which Pebble has no memory. All that was durable is there afterwards.
func TestCloseOnFullDisk(t *testing.T) {
	for _, c := range []struct {
		file  string
		fills bool
	}{{".sst", false}, {"MANIFEST", false}, {"marker.", false}, {".sst", true}, {"MANIFEST", true}} {
		mem := vfs.NewCrashableMem()
		fs, fail := faultyFS(mem, syscall.ENOSPC)
		s := openSmall(t, fs)
		prefix := Prefix(nil, SpaceRow, 1)
		put := func(epoch uint64, answered chan struct{}) {
			cp := s.Begin(epoch)
			cp.Put(prefix, []byte("a"), fmt.Append(make([]byte, 10<<10), epoch))
			cp.Commit(nil, nil, func(error) { close(answered) })
		}
		first := make(chan struct{})
		put(1, first)
		<-first
		if err := s.Flush(); err != nil {
			t.Fatal(err)
		}
		fail(c.file)
		for epoch := uint64(2); ; epoch++ {
			answered := make(chan struct{})
			put(epoch, answered)
			if s.settled(answered) != nil {
				break
			}
			if !c.fills {
				if err := s.Flush(); !lacksRoom(err) {
					t.Fatal(err)
				}
				break
			}
		}
		if err := s.Close(); err == nil {
			t.Errorf("%s: closed without an error", c.file)
		}
		s = openTest(t, mem.CrashClone(vfs.CrashCloneCfg{}))
		if s.Meta().Epoch < 1 {
			t.Errorf("%s: nothing is there", c.file)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// A store is not opened, and not made, on a full disk; with room it is, and has what it had.
func TestOpenOnFullDisk(t *testing.T) {
	mem := vfs.NewCrashableMem()
	s := openSmall(t, mem)
	cp := s.Begin(7)
	cp.Put(Prefix(nil, SpaceRow, 1), []byte("a"), []byte("1"))
	mustCommit(t, cp, "", "")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, there := range []bool{false, true} {
		refused := 0
		for size := int64(1); ; size = size*9/8 + 16 {
			left := vfs.NewCrashableMem()
			if there {
				left = mem.CrashClone(vfs.CrashCloneCfg{})
			}
			disk := vfstest.New(left)
			disk.SetSize(size)
			opts := testOptions()
			s, err := Open(disk, "data", opts)
			if err != nil {
				if refused++; !strings.Contains(err.Error(), "no space left on device") {
					t.Fatal(err)
				}
				continue
			}
			if there && (s.Meta().Epoch != 7 || dumpNow(t, s, 1) != "a=1") {
				t.Errorf("opened at epoch %d with %s", s.Meta().Epoch, dumpNow(t, s, 1))
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			break
		}
		if refused == 0 {
			t.Error("opened without room")
		}
	}
}

// After a table could not be written the next one is not begun at once.
func TestPauseBetweenAttempts(t *testing.T) {
	var full atomic.Bool
	var attempts atomic.Int64
	mem := vfs.NewMem()
	fs := errorfs.Wrap(mem, errorfs.InjectorFunc(func(op errorfs.Op) error {
		if op.Kind == errorfs.OpCreate && isTable(op.Path) && full.Load() {
			attempts.Add(1)
			return syscall.ENOSPC
		}
		return nil
	}))
	opts := testOptions()
	opts.retryEvery = time.Hour
	s, err := Open(fs, "data", opts)
	if err != nil {
		t.Fatal(err)
	}
	full.Store(true)
	for epoch := uint64(1); epoch <= 300; epoch++ {
		cp := s.Begin(epoch)
		cp.Put(Prefix(nil, SpaceRow, 1), []byte("a"), []byte("1"))
		mustCommit(t, cp, "", "")
		if epoch == 1 {
			if err := s.Flush(); !vfs.IsNoSpaceError(err) {
				t.Fatal(err)
			}
		}
		if got := dumpNow(t, s, 1); got != "a=1" {
			t.Fatal(got)
		}
	}
	if n := attempts.Load(); n != 1 {
		t.Errorf("%d attempts", n)
	}
	full.Store(false)
	s.room.set(closing) // which ends the pause
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
