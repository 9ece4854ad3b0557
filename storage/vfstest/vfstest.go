// Package vfstest is a file system for tests whose disk fills up and fails on demand. It stands on any other vfs.FS,
// usually one in memory, and passes through what it does not break.
//
// Unlike pebble's errorfs, a failing write leaves the part of it behind that fit, as a real disk does.
package vfstest

import (
	iofs "io/fs"
	"sync"
	"syscall"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// FS breaks the files that are opened through it. Its methods may be called from any goroutine.
type FS struct {
	vfs.FS

	mu       sync.Mutex
	limited  bool
	free     int64
	size     int64 // of the disk; 0: endless
	used     int64 // by the files made through it
	writeErr error
	keep     int64
	syncErr  error
	syncs    int
}

// New is a file system on inner that breaks nothing yet.
func New(inner vfs.FS) *FS { return &FS{FS: inner} }

// SetFree lets files grow by so many more bytes before they get ENOSPC. Overwriting needs no space; removing gives none
// back.
func (f *FS) SetFree(bytes int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.limited, f.free = true, bytes
}

// Unlimit ends the effect of SetFree.
func (f *FS) Unlimit() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.limited = false
}

// FileBytes is what a file takes on a disk of a size besides its bytes, as directories and inodes do.
const FileBytes = 256

// SetSize makes the disk so large that all files made through the file system share so many bytes, and gets ENOSPC where they
// do not suffice, for new files too. What is removed or overwritten by a rename gives its bytes back. 0 ends it.
func (f *FS) SetSize(bytes int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.size = bytes
}

// Used is how many bytes the files take, by the measure of SetSize.
func (f *FS) Used() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.used
}

// GetDiskUsage tells how full the disk is, if it has a size.
func (f *FS) GetDiskUsage(path string) (vfs.DiskUsage, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.size == 0 {
		return f.FS.GetDiskUsage(path)
	}
	return vfs.DiskUsage{AvailBytes: uint64(max(f.size-f.used, 0)), TotalBytes: uint64(f.size), UsedBytes: uint64(f.used)}, nil
}

// FailWrites makes each write leave its first keep bytes and fail with err. A nil err heals.
func (f *FS) FailWrites(keep int64, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.keep, f.writeErr = keep, err
}

// FailSyncs makes each sync of a file or directory fail with err, without syncing. A nil err heals.
func (f *FS) FailSyncs(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.syncErr = err
}

// Syncs counts the syncs that were asked for.
func (f *FS) Syncs() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.syncs
}

// Unwrap is the file system below.
func (f *FS) Unwrap() vfs.FS { return f.FS }

func (f *FS) wrap(name string, inner vfs.File, err error) (vfs.File, error) {
	if err != nil {
		return nil, err
	}
	return &file{File: inner, fs: f, name: name}, nil
}

// taken is what the file of a name takes, 0 if there is none. The caller holds mu.
func (f *FS) taken(name string) int64 {
	info, err := f.FS.Stat(name)
	if err != nil || info.IsDir() {
		return 0
	}
	return FileBytes + info.Size()
}

// make calls create, which makes an empty file, or fails as on a full disk.
func (f *FS) make(name string, create func() (vfs.File, error)) (vfs.File, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	before := f.taken(name)
	if f.size > 0 && before == 0 && f.used+FileBytes > f.size {
		return nil, &iofs.PathError{Op: "open", Path: name, Err: syscall.ENOSPC}
	}
	inner, err := create()
	if err == nil {
		f.used += f.taken(name) - before
	}
	return f.wrap(name, inner, err)
}

func (f *FS) Create(name string, category vfs.DiskWriteCategory) (vfs.File, error) {
	return f.make(name, func() (vfs.File, error) { return f.FS.Create(name, category) })
}

func (f *FS) OpenReadWrite(name string, category vfs.DiskWriteCategory, opts ...vfs.OpenOption) (vfs.File, error) {
	return f.make(name, func() (vfs.File, error) { return f.FS.OpenReadWrite(name, category, opts...) })
}

func (f *FS) Remove(name string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	freed := f.taken(name)
	err := f.FS.Remove(name)
	if err == nil {
		f.used -= freed
	}
	return err
}

func (f *FS) Rename(from, to string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	freed := f.taken(to)
	err := f.FS.Rename(from, to)
	if err == nil {
		f.used -= freed
	}
	return err
}

func (f *FS) ReuseForWrite(oldname, newname string, category vfs.DiskWriteCategory) (vfs.File, error) {
	inner, err := f.FS.ReuseForWrite(oldname, newname, category)
	return f.wrap(newname, inner, err)
}

func (f *FS) OpenDir(name string) (vfs.File, error) {
	inner, err := f.FS.OpenDir(name)
	return f.wrap(name, inner, err)
}

// file is one open file of an FS.
type file struct {
	vfs.File
	fs      *FS
	name    string
	written int64 // by Write, whose offset vfs.File does not tell
}

// admit says how many of n bytes may be written at offset, and the error if they are fewer.
func (f *file) admit(offset, n int64) (int64, error) {
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	if f.fs.writeErr != nil {
		return min(f.fs.keep, n), &iofs.PathError{Op: "write", Path: f.name, Err: f.fs.writeErr}
	}
	info, err := f.File.Stat()
	if err != nil {
		return 0, err
	}
	grow := max(offset+n-max(info.Size(), offset), 0)
	free := grow
	if f.fs.limited {
		free = min(free, f.fs.free)
	}
	if f.fs.size > 0 {
		free = min(free, max(f.fs.size-f.fs.used, 0))
	}
	f.fs.used += free
	if f.fs.limited {
		f.fs.free -= free
	}
	if free == grow {
		return n, nil
	}
	return n - (grow - free), &iofs.PathError{Op: "write", Path: f.name, Err: syscall.ENOSPC}
}

func (f *file) Write(p []byte) (int, error) {
	n, failed := f.admit(f.written, int64(len(p)))
	done, err := f.File.Write(p[:n])
	f.written += int64(done)
	if failed != nil {
		err = failed
	}
	return done, err
}

func (f *file) WriteAt(p []byte, offset int64) (int, error) {
	n, failed := f.admit(offset, int64(len(p)))
	done, err := f.File.WriteAt(p[:n], offset)
	if failed != nil {
		err = failed
	}
	return done, err
}

// Preallocate makes the file so long, with zeros, if the disk has room for all of them.
func (f *file) Preallocate(offset, length int64) error {
	info, err := f.File.Stat()
	if err != nil {
		return err
	}
	from := max(offset, info.Size())
	if offset+length <= from {
		return nil
	}
	f.fs.mu.Lock()
	lacks := f.fs.limited && f.fs.free < offset+length-from || f.fs.size > 0 && f.fs.size-f.fs.used < offset+length-from
	f.fs.mu.Unlock()
	if lacks {
		return &iofs.PathError{Op: "fallocate", Path: f.name, Err: syscall.ENOSPC}
	}
	_, err = f.WriteAt(make([]byte, offset+length-from), from)
	return err
}

func (f *file) sync(do func() error) error {
	f.fs.mu.Lock()
	f.fs.syncs++
	err := f.fs.syncErr
	f.fs.mu.Unlock()
	if err != nil {
		return &iofs.PathError{Op: "sync", Path: f.name, Err: err}
	}
	return do()
}

func (f *file) Sync() error     { return f.sync(f.File.Sync) }
func (f *file) SyncData() error { return f.sync(f.File.SyncData) }
