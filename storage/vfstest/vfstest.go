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

func (f *FS) Create(name string, category vfs.DiskWriteCategory) (vfs.File, error) {
	inner, err := f.FS.Create(name, category)
	return f.wrap(name, inner, err)
}

func (f *FS) OpenReadWrite(name string, category vfs.DiskWriteCategory, opts ...vfs.OpenOption) (vfs.File, error) {
	inner, err := f.FS.OpenReadWrite(name, category, opts...)
	return f.wrap(name, inner, err)
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
	if !f.fs.limited {
		return n, nil
	}
	info, err := f.File.Stat()
	if err != nil {
		return 0, err
	}
	grow := max(offset+n-max(info.Size(), offset), 0)
	if grow <= f.fs.free {
		f.fs.free -= grow
		return n, nil
	}
	n -= grow - f.fs.free
	f.fs.free = 0
	return n, &iofs.PathError{Op: "write", Path: f.name, Err: syscall.ENOSPC}
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
