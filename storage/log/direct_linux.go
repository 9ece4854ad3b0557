package log

import (
	"golang.org/x/sys/unix"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// fillDirect writes zeros over the first bytes of a file, past the system's memory (O_DIRECT), and returns how many: size
// rounded down to whole steps, or fewer where the file system does not do that. After an error the file is of no use.
func fillDirect(file vfs.File, size int64) (filled int64, err error) {
	fd := file.Fd()
	if fd == vfs.InvalidFd {
		return 0, nil
	}
	flags, err := unix.FcntlInt(fd, unix.F_GETFL, 0)
	if err != nil {
		return 0, err
	}
	if _, err := unix.FcntlInt(fd, unix.F_SETFL, flags|unix.O_DIRECT); err != nil {
		return 0, nil
	}
	step := make([]byte, fillStepBytes) // so large a slice begins at a page, as it has to
	for filled+fillStepBytes <= size {
		if _, err := file.WriteAt(step, filled); err != nil {
			break // if it is a full disk, the ordinary write that comes next says so
		}
		filled += fillStepBytes
	}
	_, err = unix.FcntlInt(fd, unix.F_SETFL, flags)
	return filled, err
}
