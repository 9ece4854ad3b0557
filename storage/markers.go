package storage

import (
	"strings"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// markers is the file system under Pebble. Pebble names the manifest and the format in use by the name of an empty file, the
// marker: to move it, it creates the new one, removes the old one, and then syncs the directory. On a file system that may
// keep any of these changes of a directory and lose others, a crash leaves a marker without its manifest, which does not
// open, or no marker at all, which opens as an empty store. So what is named is made durable before its marker, and the new
// marker before the old one goes.
type markers struct{ vfs.FS }

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

// Unwrap implements vfs.FS.
func (m markers) Unwrap() vfs.FS { return m.FS }
