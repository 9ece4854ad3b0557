package storage

import (
	"log/slog"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"
)

// faultyFS fails writes and syncs of the files whose path contains the text, while there is one.
func faultyFS(inner vfs.FS, with error) (fs vfs.FS, fail func(path string)) {
	var what atomic.Pointer[string]
	fs = errorfs.Wrap(inner, errorfs.InjectorFunc(func(op errorfs.Op) error {
		if p := what.Load(); p != nil && op.Kind.ReadOrWrite() == errorfs.OpIsWrite && strings.Contains(op.Path, *p) {
			return with
		}
		return nil
	}))
	return fs, func(path string) {
		if path == "" {
			what.Store(nil)
			return
		}
		what.Store(&path)
	}
}

// A full disk: flushes fail and are tried again, the store says so, and once there is space everything is there.
func TestFullDiskHeals(t *testing.T) {
	mem := vfs.NewMem()
	fs, fail := faultyFS(mem, syscall.ENOSPC)
	s := openTest(t, fs)
	prefix := Prefix(nil, SpaceRow, 1)
	fail(".sst")
	cp := s.Begin(1)
	cp.Put(prefix, []byte("a"), []byte("1"))
	mustCommit(t, cp, "", "")
	if err := s.Flush(); !vfs.IsNoSpaceError(err) {
		t.Fatalf("flushed to a full disk: %v", err)
	}
	if err := s.Degraded(); !strings.Contains(err.Error(), "no space left on device") {
		t.Errorf("degraded by %v", err)
	}
	if got := dumpNow(t, s, 1); got != "a=1" {
		t.Errorf("while the disk is full: %s", got)
	}
	fail("")
	for err := s.Flush(); err != nil; err = s.Flush() { // of an attempt that was under way
		if !vfs.IsNoSpaceError(err) {
			t.Fatal(err)
		}
	}
	if err := s.Degraded(); err != nil {
		t.Errorf("still degraded: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openTest(t, mem)
	if got := dumpNow(t, s, 1); got != "a=1" || s.Meta().Epoch != 1 {
		t.Errorf("reopened at epoch %d with %s", s.Meta().Epoch, got)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// The manifest can not be written, for which Pebble would end the process: the store stops taking checkpoints, stays
// readable, and readers that began before come to their end.
func TestFatalErrorStopsTheStore(t *testing.T) {
	mem := vfs.NewCrashableMem()
	fs, fail := faultyFS(mem, syscall.EIO)
	s := openTest(t, fs)
	prefix := Prefix(nil, SpaceRow, 1)
	cp := s.Begin(1)
	cp.Put(prefix, []byte("a"), []byte("1"))
	mustCommit(t, cp, "", "")
	if err := s.Flush(); err != nil {
		t.Fatal(err)
	}
	reader := s.Snapshot()
	it, err := reader.NewIter(prefix, PrefixEnd(nil, prefix))
	if err != nil || !it.First() {
		t.Fatal(err)
	}
	fail("MANIFEST")
	for epoch := uint64(2); err == nil; epoch++ { // until a memtable is full and flushed
		if epoch > 1000 {
			t.Fatal("a thousand checkpoints and no error")
		}
		cp := s.Begin(epoch)
		cp.Put(prefix, []byte("b"), make([]byte, 20<<10))
		err = commit(cp, nil, nil)
	}
	if !strings.Contains(err.Error(), "store stopped: MANIFEST") || s.Err() == nil {
		t.Errorf("%v; Err %v", err, s.Err())
	}
	if err := commit(s.Begin(2000), nil, nil); err == nil {
		t.Error("a stopped store took a checkpoint")
	}
	if got := dumpNow(t, s, 1); !strings.HasPrefix(got, "a=1 b=") {
		t.Errorf("a stopped store has %.10s", got)
	}
	if it.Next() || it.Close() != nil {
		t.Errorf("a reader from before: %v", it.Error())
	}
	reader.Release()
	if _, err := s.DiskBytes(); err != nil {
		t.Error(err)
	}
	if err := s.Flush(); err == nil {
		t.Error("a stopped store was flushed")
	}
	if err := s.Close(); err == nil {
		t.Error("a stopped store closed without an error")
	}
	s = openTest(t, mem.CrashClone(vfs.CrashCloneCfg{}))
	if got := dumpNow(t, s, 1); !strings.HasPrefix(got, "a=1") {
		t.Errorf("reopened with %.10s", got)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// A call that Pebble would end the process in is an error where Tarn made it, and ends a goroutine of Pebble's with its locks
// given back.
func TestFatalfOfWhom(t *testing.T) {
	f := newFaults(slog.New(slog.DiscardHandler))
	err := func() (err error) {
		defer caught(&err)
		f.Fatalf("not %s", "so")
		return nil
	}()
	if err == nil || err.Error() != "store stopped: not so" || f.err() == nil {
		t.Errorf("%v, %v", err, f.err())
	}
	func() {
		defer func() {
			if recover() != "another" {
				t.Error("a panic of another kind was taken for a stop")
			}
		}()
		defer caught(&err)
		panic("another")
	}()
}
