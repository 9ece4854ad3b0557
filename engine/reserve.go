package engine

import (
	"log/slog"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// reserve is room on the disk that is kept for when there is no other: two files of which nothing is ever read. One is given up by
// a start on a full disk, which needs a new manifest; the other by a stop, so that all that was acknowledged is in the store and
// nothing has to be replayed by the next start. Both are made when there is room for them twice, at the start or at the end of a
// checkpoint; the end of a stop sets aside again what it has left over.
//
// It takes a file system that tells how full it is and can set blocks aside. A quota is not seen: where one is used up, a start
// may fail and a stop leaves the rest to the log.
type reserve struct {
	fs      vfs.FS
	dir     string
	memory  int64
	logger  *slog.Logger
	missing bool // a file is to be made when there is room for it
}

// The files, and how large they are. The flush of a stop writes what Pebble has in memory: one memtable or two.
const (
	reserveStart      = "reserve.start"
	reserveStop       = "reserve.stop"
	reserveStartBytes = 4 << 20
	reserveStopMin    = 8 << 20
	reserveStopMax    = 128 << 20
)

func (r *reserve) bytes(name string) int64 {
	if name == reserveStart {
		return reserveStartBytes
	}
	return min(max(r.memory/16, reserveStopMin), reserveStopMax)
}

// free is how many bytes the disk has, and whether that is known.
func (r *reserve) free() (int64, bool) {
	usage, err := r.fs.GetDiskUsage(r.dir)
	return int64(min(usage.AvailBytes, 1<<62)), err == nil
}

// give gives a file up if the disk has less room than it takes.
func (r *reserve) give(name string) {
	path := r.fs.PathJoin(r.dir, name)
	free, known := r.free()
	if !known || free >= r.bytes(name) {
		return
	}
	if _, err := r.fs.Stat(path); err != nil {
		return
	}
	r.missing = true
	if err := r.fs.Remove(path); err != nil {
		r.logger.Warn("give up reserve on disk", "file", path, "error", err)
		return
	}
	r.logger.Warn("the disk is full: a reserve is given up", "file", path, "bytes", r.bytes(name))
}

// renew makes a file, or as much of it as is missing, if the disk has room for that twice, or, where last, as much as it has room
// for. That it fails is no more than that there is no reserve.
func (r *reserve) renew(name string, last bool) {
	path, size, has := r.fs.PathJoin(r.dir, name), r.bytes(name), int64(0)
	if info, err := r.fs.Stat(path); err == nil {
		has = info.Size()
	}
	free, known := r.free()
	switch {
	case has >= size || !known:
		return
	case last && free < 2*(size-has):
		size = has + free/10*9
		if size -= size % 4096; size <= has {
			return
		}
	case free < 2*(size-has):
		r.missing = true
		return
	}
	f, err := r.fs.OpenReadWrite(path, vfs.WriteCategoryUnspecified)
	if err == nil {
		err = f.Preallocate(has, size-has)
		if err == nil {
			_, err = f.WriteAt([]byte{0}, size-1) // so that it looks as large as it is
		}
		if e := f.Close(); err == nil {
			err = e
		}
	}
	r.missing = r.missing || vfs.IsNoSpaceError(err) // another error would come again
}

// renewMissing is renew for both, if there was no room for one.
func (r *reserve) renewMissing() {
	if r.missing {
		r.missing = false
		r.renew(reserveStart, false)
		r.renew(reserveStop, false)
	}
}
