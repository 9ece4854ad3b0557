package storage

import (
	"runtime"
	"strings"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// markers is the file system under Pebble. Pebble names the manifest and the format in use by the name of an empty file, the
// marker: to move it, it creates the new one, removes the old one, and then syncs the directory. On a file system that may
// keep any of these changes of a directory and lose others, a crash leaves a marker without its manifest, which does not
// open, or no marker at all, which opens as an empty store. So what is named is made durable before its marker, and the new
// marker before the old one goes.
//
// Where the sync at the end of that fails, Pebble panics. What it has moved is durable by then, but after a failed sync nothing
// is certain: the store stops, as it does where the manifest itself can not be written.
type markers struct {
	vfs.FS
	faults *faults
}

func isMarker(fs vfs.FS, name string) bool { return strings.HasPrefix(fs.PathBase(name), "marker.") }

func (m markers) Create(name string, category vfs.DiskWriteCategory) (vfs.File, error) {
	if isMarker(m.FS, name) {
		if err := syncDir(m.FS, m.PathDir(name)); err != nil {
			return nil, err
		}
	}
	return m.FS.Create(name, category)
}

func (m markers) Remove(name string) error {
	if isMarker(m.FS, name) {
		if err := syncDir(m.FS, m.PathDir(name)); err != nil {
			return err
		}
	}
	return m.FS.Remove(name)
}

// OpenDir opens a directory, for it to be synced.
func (m markers) OpenDir(name string) (vfs.File, error) {
	d, err := m.FS.OpenDir(name)
	if err != nil {
		return nil, err
	}
	return directory{d, m.faults}, nil
}

type directory struct {
	vfs.File
	faults *faults
}

func (d directory) Sync() error {
	err := d.File.Sync()
	if err != nil && movesMarker() {
		d.faults.Fatalf("MANIFEST or format could not be set: %v", err)
	}
	return err
}

// movesMarker tells whether Pebble is moving a marker on the calling goroutine: all that its sync of the directory has in common
// with no other one.
func movesMarker() bool {
	var callers [8]uintptr
	n := runtime.Callers(3, callers[:]) // without Callers, movesMarker and Sync
	for frames := runtime.CallersFrames(callers[:n]); ; {
		frame, more := frames.Next()
		if strings.HasSuffix(frame.Function, "/vfs/atomicfs.(*Marker).Move") {
			return true
		}
		if !more {
			return false
		}
	}
}

// Unwrap implements vfs.FS.
func (m markers) Unwrap() vfs.FS { return m.FS }
