package engine

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"tarn/sql/sqlstate"
)

// unwritable is a file system in which, while on is set, no file can be made, renamed or removed.
func unwritable(inner vfs.FS, cause syscall.Errno) (fs vfs.FS, on *atomic.Bool) {
	on = &atomic.Bool{}
	return errorfs.Wrap(inner, errorfs.InjectorFunc(func(op errorfs.Op) error {
		switch op.Kind {
		case errorfs.OpCreate, errorfs.OpLink, errorfs.OpRename, errorfs.OpReuseForWrite, errorfs.OpRemove, errorfs.OpMkdirAll:
			if on.Load() {
				return &os.PathError{Op: "open", Path: op.Path, Err: cause}
			}
		}
		return nil
	})), on
}

// A directory in which no new file can be made is like a full disk: writes go on while the log's file has room, are refused
// then with 53100, reads go on, and all is well when it is mended.
func TestUnwritableDirectory(t *testing.T) {
	for _, cause := range []syscall.Errno{syscall.EACCES, syscall.EROFS, syscall.EDQUOT} {
		memory := vfs.NewCrashableMem()
		fs, on := unwritable(memory, cause)
		e := openOn(t, fs)
		s := connect(t, e)
		run(t, s, diskSchema)
		var want []string
		k := 0
		insert := func() error {
			k++
			_, _, err := try(s, fmt.Sprintf("INSERT INTO t VALUES (%d, '%s')", k, strings.Repeat("x", 8000)))
			if err == nil {
				want = append(want, fmt.Sprint(k))
			}
			return err
		}
		for range 2 {
			on.Store(true)
			var err error
			for err == nil && k < 100 {
				err = insert()
			}
			if code(err) != sqlstate.DiskFull || sqlstate.From(err).Hint == "" || !strings.Contains(err.Error(), systemText(cause)) {
				t.Fatalf("%v: %v %q", cause, err, sqlstate.From(err).Hint)
			}
			rows, _ := run(t, s, "SELECT k FROM t")
			expect(t, rows, want...)
			diskKeys(t, s)
			on.Store(false)
			if err := insert(); err != nil {
				t.Fatal(err)
			}
		}
		rows, _ := run(t, connect(t, openOn(t, memory.CrashClone(vfs.CrashCloneCfg{}))), "SELECT k FROM t")
		expect(t, rows, want...)
	}
}

// systemText is strerror's sentence.
func systemText(no syscall.Errno) string {
	text := no.Error()
	return strings.ToUpper(text[:1]) + text[1:]
}

// A database is not made where no directory can be made, and the error says where.
func TestNowhereToMakeIt(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	fs, on := unwritable(vfs.NewMem(), syscall.EACCES)
	on.Store(true)
	for _, c := range []Config{{Dir: filepath.Join(file, "data")}, {Dir: file}, {Dir: "db", FS: fs}} {
		_, err := Open(context.Background(), c)
		if err == nil || !strings.Contains(err.Error(), c.Dir) {
			t.Errorf("%s: %v", c.Dir, err)
		}
	}
	if b, err := os.ReadFile(file); err != nil || string(b) != "mine" {
		t.Errorf("the file is now %q, %v", b, err)
	}
}

// Only one server has a directory. The second is told so, and harms nothing.
func TestSecondServer(t *testing.T) {
	dir := t.TempDir()
	e := open(t, dir)
	s := connect(t, e)
	run(t, s, diskSchema)
	for k := range 3 {
		run(t, s, fmt.Sprintf("INSERT INTO t VALUES (%d, 'x')", k))
		_, err := Open(context.Background(), Config{Dir: dir})
		if code(err) != sqlstate.ObjectInUse || !strings.Contains(err.Error(), "in use by another server") {
			t.Fatal(err)
		}
	}
	if err := e.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	if got := diskKeys(t, connect(t, open(t, dir))); len(got) != 3 {
		t.Fatal(got)
	}
}

// A directory written by a server of another format is refused with its version, and is as it was.
func TestOtherFormat(t *testing.T) {
	dir := t.TempDir()
	e := open(t, dir)
	run(t, connect(t, e), diskSchema+"; INSERT INTO t VALUES (1, 'x')")
	if err := e.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "store", "FORMAT")
	ours, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, other := range []string{"tarn 999\n", ""} {
		if err := os.WriteFile(path, []byte(other), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Open(context.Background(), Config{Dir: dir})
		if want := fmt.Sprintf("format version %q", strings.TrimSpace(other)); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), dir) {
			t.Fatalf("want %s, got %v", want, err)
		}
	}
	if err := os.WriteFile(path, ours, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := diskKeys(t, connect(t, open(t, dir))); len(got) != 1 {
		t.Fatal(got)
	}
}

// A server whose disk is full stops all the same, and has everything when there is space again.
func TestStopOnFullDisk(t *testing.T) {
	memory := vfs.NewCrashableMem()
	fs, on := unwritable(memory, syscall.ENOSPC)
	e := openOn(t, fs)
	run(t, connect(t, e), diskSchema+"; INSERT INTO t VALUES (1, 'x')")
	on.Store(true)
	if err := e.Close(context.Background()); !vfs.IsNoSpaceError(err) {
		t.Fatal(err)
	}
	on.Store(false)
	if got := diskKeys(t, connect(t, openOn(t, memory))); len(got) != 1 {
		t.Fatal(got)
	}
}
