package vfstest

import (
	"errors"
	"io"
	"syscall"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
)

const category = vfs.WriteCategoryUnspecified

func content(t *testing.T, fs vfs.FS, name string) string {
	t.Helper()
	f, err := fs.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(p)
}

// A full disk takes what fits, and what overwrites.
func TestFullDisk(t *testing.T) {
	disk := New(vfs.NewMem())
	f, err := disk.OpenReadWrite("f", category)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	disk.SetFree(5)
	if n, err := f.WriteAt([]byte("abc"), 0); n != 3 || err != nil {
		t.Fatal(n, err)
	}
	if n, err := f.WriteAt([]byte("xyzw"), 2); n != 3 || !errors.Is(err, syscall.ENOSPC) || !vfs.IsNoSpaceError(err) {
		t.Fatal(n, err)
	}
	if n, err := f.WriteAt([]byte("A"), 0); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if got := content(t, disk, "f"); got != "Abxyz" {
		t.Fatal(got)
	}
	disk.Unlimit()
	if n, err := f.WriteAt([]byte("more"), 5); n != 4 || err != nil {
		t.Fatal(n, err)
	}

	g, err := disk.Create("g", category)
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	disk.SetFree(3)
	if n, err := g.Write([]byte("ab")); n != 2 || err != nil {
		t.Fatal(n, err)
	}
	if n, err := g.Write([]byte("cd")); n != 1 || !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(n, err)
	}
}

// A disk of some size is shared by all files; removing gives space back.
func TestSmallDisk(t *testing.T) {
	disk := New(vfs.NewMem())
	write := func(f vfs.File, n, want int) {
		t.Helper()
		if got, err := f.Write(make([]byte, n)); got != want || (err != nil) != (want < n) || err != nil && !vfs.IsNoSpaceError(err) {
			t.Fatal(got, err)
		}
	}
	f, err := disk.Create("f", category)
	if err != nil {
		t.Fatal(err)
	}
	write(f, 50, 50)
	disk.SetSize(2*FileBytes + 100)
	g, err := disk.Create("g", category)
	if err != nil {
		t.Fatal(err)
	}
	write(g, 30, 30)
	write(f, 30, 20)
	if _, err := disk.Create("h", category); !vfs.IsNoSpaceError(err) {
		t.Fatal(err)
	}
	if err := disk.Remove("g"); err != nil || disk.Used() != FileBytes+70 {
		t.Fatal(err, disk.Used())
	}
	write(f, 10, 10)
	h, err := disk.Create("h", category)
	if err != nil {
		t.Fatal(err)
	}
	write(h, 30, 20)
	if err := disk.Rename("h", "f"); err != nil || disk.Used() != FileBytes+20 {
		t.Fatal(err, disk.Used())
	}
	if f, err = disk.Create("f", category); err != nil || disk.Used() != FileBytes {
		t.Fatal(err, disk.Used())
	}
	disk.SetSize(0)
	write(f, 1000, 1000)
}

// Failing writes leave their beginning; failing syncs sync nothing.
func TestFailures(t *testing.T) {
	memory := vfs.NewCrashableMem()
	disk := New(memory)
	f, err := disk.Create("f", category)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	dir, err := disk.OpenDir("")
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	if err := dir.Sync(); err != nil {
		t.Fatal(err)
	}
	disk.FailWrites(2, syscall.EIO)
	if n, err := f.Write([]byte("abc")); n != 2 || !errors.Is(err, syscall.EIO) {
		t.Fatal(n, err)
	}
	disk.FailWrites(0, nil)
	disk.FailSyncs(syscall.EIO)
	if err := f.SyncData(); !errors.Is(err, syscall.EIO) {
		t.Fatal(err)
	}
	if got := content(t, memory.CrashClone(vfs.CrashCloneCfg{}), "f"); got != "" {
		t.Fatal(got)
	}
	disk.FailSyncs(nil)
	if err := f.Sync(); err != nil {
		t.Fatal(err)
	}
	if got := content(t, memory.CrashClone(vfs.CrashCloneCfg{}), "f"); got != "ab" || disk.Syncs() != 3 {
		t.Fatal(got, disk.Syncs())
	}
}
