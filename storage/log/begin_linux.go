package log

import (
	"golang.org/x/sys/unix"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// beginWrite has the disk begin to write what a file was given from an offset on, so that a sync a little later waits for less. It
// promises nothing, and so has no error.
func beginWrite(file vfs.File, offset, length int64) {
	if fd := file.Fd(); fd != vfs.InvalidFd {
		_ = unix.SyncFileRange(int(fd), offset, length, unix.SYNC_FILE_RANGE_WRITE)
	}
}
