package log

import (
	"errors"
	"fmt"
	"io"
	iofs "io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/cockroachdb/pebble/v2/vfs"

	"tarn/sql/sqlstate"
)

// Open opens the log in dir, making it if it is not there. It takes the file LOCK, so that a second server is refused
// (55006); cuts an unfinished write off the tail; and makes all that it found durable before it returns. It fails with a
// *CorruptionError where the package's comment says so, and names the version of a segment it cannot read.
func Open(fs vfs.FS, dir string, opts Options) (*Log, error) {
	if opts.SegmentBytes == 0 {
		opts.SegmentBytes = DefaultSegmentBytes
	}
	opts.SegmentBytes = max(opts.SegmentBytes, 2*firstRecord)
	if err := fs.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("create log directory: %w", err)
	}
	if err := syncDir(fs, fs.PathDir(dir)); err != nil {
		return nil, fmt.Errorf("sync the directory of %s: %w", dir, err)
	}
	lock, err := takeLock(fs, dir)
	if err != nil {
		return nil, err
	}
	l := &Log{fs: fs, dir: dir, opts: opts, lock: lock, jobs: make(chan func(), 16), jobsDone: make(chan struct{})}
	go func() {
		defer close(l.jobsDone)
		for job := range l.jobs {
			job()
		}
	}()
	if err := l.load(); err != nil {
		l.release()
		return nil, err
	}
	return l, nil
}

// Empty tells whether a directory, which may be missing, holds no segment of a log. It changes nothing.
func Empty(fs vfs.FS, dir string) (bool, error) {
	if _, err := fs.Stat(dir); errors.Is(err, iofs.ErrNotExist) {
		return true, nil
	}
	ls, err := list(fs, dir)
	return len(ls.logs) == 0, err
}

func takeLock(fs vfs.FS, dir string) (io.Closer, error) {
	lock, err := fs.Lock(fs.PathJoin(dir, "LOCK"))
	if err == nil {
		return lock, nil
	}
	// Failing to create the file is a PathError; what remains is a lock that is held.
	var path *iofs.PathError
	if errors.As(err, &path) {
		return nil, fmt.Errorf("lock log directory: %w", err)
	}
	return nil, sqlstate.New(sqlstate.ObjectInUse, "log directory \"%s\" is in use by another server", dir).
		WithHint("Stop the other server, or give this one a directory of its own.")
}

// listing is what a log's directory holds, by segment number.
type listing struct {
	logs, indexes, gone []uint64 // ascending
	temporary           []string
}

func list(fs vfs.FS, dir string) (listing, error) {
	var ls listing
	names, err := fs.List(dir)
	if err != nil {
		return ls, fmt.Errorf("list log directory: %w", err)
	}
	for _, name := range names {
		stem, ext, _ := strings.Cut(name, ".")
		n, err := strconv.ParseUint(stem, 10, 64)
		if err != nil || n == 0 {
			continue
		}
		switch ext {
		case "log":
			ls.logs = append(ls.logs, n)
		case "idx":
			ls.indexes = append(ls.indexes, n)
		case "gone":
			ls.gone = append(ls.gone, n)
		case "tmp", "idx.tmp":
			ls.temporary = append(ls.temporary, name)
		}
	}
	slices.Sort(ls.logs)
	slices.Sort(ls.indexes)
	slices.Sort(ls.gone)
	slices.Sort(ls.temporary)
	return ls, nil
}

// missing is the first segment that is neither there nor removed by Truncate, 0 if there is none.
func (ls *listing) missing() uint64 {
	for i := 1; i < len(ls.logs); i++ {
		for n := ls.logs[i-1] + 1; n < ls.logs[i]; n++ {
			if !slices.Contains(ls.gone, n) {
				return n
			}
		}
	}
	return 0
}

// load reads the directory and makes the last segment active.
func (l *Log) load() error {
	ls, err := list(l.fs, l.dir)
	if err != nil {
		return err
	}
	if err := l.tidy(&ls); err != nil {
		return fmt.Errorf("tidy log directory: %w", err)
	}
	if n := ls.missing(); n != 0 {
		return &CorruptionError{Segment: n, Reason: "the segment is missing"}
	}
	if len(ls.logs) == 0 {
		return l.start(1, 0)
	}
	last := ls.logs[len(ls.logs)-1]
	for i, n := range ls.logs {
		s, err := openSegment(l.fs, l.path(segmentName(n)), n)
		if err != nil {
			return err
		}
		if i > 0 {
			if err := l.segments[i-1].checkNext(s); err != nil {
				return err
			}
		}
		l.segments = append(l.segments, s)
		if n == last {
			break
		}
		if err := l.loadSealed(s); err != nil {
			return err
		}
	}
	return l.loadTail(l.segments[len(l.segments)-1])
}

// tidy removes what a crash left half made or half removed.
func (l *Log) tidy(ls *listing) error {
	remove := slices.Clone(ls.temporary)
	for _, n := range ls.gone {
		if slices.Contains(ls.logs, n) {
			remove = append(remove, segmentName(n))
		}
	}
	ls.logs = slices.DeleteFunc(ls.logs, func(n uint64) bool { return slices.Contains(ls.gone, n) })
	for _, n := range ls.indexes {
		if !slices.Contains(ls.logs, n) {
			remove = append(remove, indexName(n))
		}
	}
	for _, n := range ls.gone {
		if len(ls.logs) > 0 && n < ls.logs[0] {
			remove = append(remove, goneName(n))
		}
	}
	for _, name := range remove {
		if err := l.fs.Remove(l.path(name)); err != nil {
			return err
		}
	}
	if len(remove) == 0 {
		return nil
	}
	return syncDir(l.fs, l.dir)
}

// openSegment reads the header of a segment.
func openSegment(fs vfs.FS, path string, number uint64) (*segment, error) {
	w, err := openWindow(fs, path, segmentHeaderBytes)
	if err != nil {
		return nil, err
	}
	defer w.close()
	head, err := w.bytes(0, segmentHeaderBytes)
	if err != nil {
		return nil, fmt.Errorf("read log segment %d: %w", number, err)
	}
	return segmentHeader(head, number)
}

// last is the last epoch up to the end of a segment.
func (s *segment) last() uint64 {
	if s.index.records == 0 {
		return s.base
	}
	return s.index.last
}

// checkNext checks that next can follow s, with or without removed segments between them.
func (s *segment) checkNext(next *segment) error {
	if next.number == s.number+1 && next.base != s.last() || next.base < s.last() {
		return &CorruptionError{Segment: next.number,
			Reason: fmt.Sprintf("it begins after epoch %d, but segment %d ends at epoch %d", next.base, s.number, s.last())}
	}
	return nil
}

// loadSealed reads the index file of a segment that is not the last one, or makes it anew.
func (l *Log) loadSealed(s *segment) error {
	path := l.path(segmentName(s.number))
	x, end, err := readIndex(l.fs, l.path(indexName(s.number)), s)
	if err == nil {
		info, err := l.fs.Stat(path)
		if err != nil {
			return err
		}
		if info.Size() < end {
			return &CorruptionError{Segment: s.number, Offset: info.Size(),
				Reason: fmt.Sprintf("the file ends here, its records end at %d", end)}
		}
		s.index, s.end = x, end
		return nil
	}
	x, end, err = indexSealed(l.fs, path, s)
	if err != nil {
		return err
	}
	s.index, s.end = x, end
	l.noteBackground(l.writeIndex(s))
	return nil
}

// loadTail reads the last segment, cuts its tail and makes it active, or its successor if it is sealed.
func (l *Log) loadTail(s *segment) error {
	path := l.path(segmentName(s.number))
	w, err := openWindow(l.fs, path, -1)
	if err != nil {
		return err
	}
	defer w.close()
	sc := newScanner(w, s)
	durable := int64(firstRecord)
	dirty := int64(0)
	for {
		f, torn, err := sc.next()
		if err == nil {
			s.index.addFrame(f)
			durable = f.durable
			l.unmarked = f.kind == kindEpoch
			continue
		}
		if sc.sealed {
			dirty = sc.offset
			break
		}
		if !torn {
			return err
		}
		var witness int64
		var readErr error
		if dirty, witness, readErr = sc.rest(); readErr != nil {
			return readErr
		}
		if witness > 0 {
			return sc.witnessed(err, witness)
		}
		break
	}

	file, err := l.fs.OpenReadWrite(path, writeCategory)
	if err != nil {
		return err
	}
	l.active = tail{
		segment: s, file: file, end: sc.offset, durable: sc.offset, epoch: sc.epoch, sealed: sc.sealed,
	}
	l.durableEpoch = sc.epoch
	l.stats.CutBytes = dirty - sc.offset
	if err := overwrite(file, sc.offset, dirty); err != nil {
		return newWriteError(err, false, "cut the tail of log segment %d", s.number)
	}
	// After a sync that failed, the kernel may hold records as clean that never reached the disk. Written again they are
	// dirty, and this sync is a true one.
	if err := rewrite(w, file, durable, sc.offset); err != nil {
		return newWriteError(err, false, "write the tail of log segment %d again", s.number)
	}
	if err := file.SyncData(); err != nil {
		return newWriteError(err, false, "sync log segment %d", s.number)
	}
	if sc.sealed {
		s.end = sc.offset
		if err := l.start(s.number+1, sc.epoch); err != nil {
			return err
		}
		file.Close()
		l.indexLater(s)
	}
	return nil
}

// rewrite writes the bytes [from, to) of a file over themselves.
func rewrite(w *window, file vfs.File, from, to int64) error {
	for from < to {
		p, err := w.bytes(from, min(to-from, windowBytes))
		if err != nil {
			return err
		}
		if _, err := file.WriteAt(p, from); err != nil {
			return err
		}
		from += int64(len(p))
	}
	return nil
}
