package log

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// Catalogue is the relation under which catalogue and control changes are logged.
const Catalogue uint32 = 0

// DefaultSegmentBytes is the size of a segment when Options name none.
const DefaultSegmentBytes = 64 << 20

// Record is one epoch: for each relation that changed, an opaque payload.
type Record struct {
	Epoch uint64 // from 1, growing
	Parts []Part
}

// Part is what one epoch did to one relation.
type Part struct {
	Relation uint32
	Payload  []byte
}

// Position is where a record starts.
type Position struct {
	Segment uint64
	Offset  int64
}

func (p Position) String() string { return fmt.Sprintf("%d:%d", p.Segment, p.Offset) }

// Options of a log. The zero value is what a server uses.
type Options struct {
	// SegmentBytes is the size at which a segment is sealed; 0 is DefaultSegmentBytes. A record larger than that gets
	// a segment of its own.
	SegmentBytes int64
	// GrowOnDemand leaves segments as small as their records instead of filling them with zeros ahead of time. It
	// saves space; each sync then also writes the file's new size, which costs a third of the append rate.
	GrowOnDemand bool
}

// Log is an open log. Appends exclude each other; Sync, Truncate, Replay, ReadRelation and Stats may run beside them and
// beside each other, from any number of goroutines. The file system must allow WriteAt beside SyncData on one file, as
// vfs.Default does.
type Log struct {
	fs   vfs.FS
	dir  string
	opts Options
	lock io.Closer // of the file LOCK

	// jobs is background work, done in order by one goroutine that Close waits for.
	jobs     chan func()
	jobsDone chan struct{}

	// appendMu is held by whoever changes the log. Locks are taken in the order appendMu, syncMu, mu.
	appendMu sync.Mutex
	chunk    []byte       // what is being written
	frame    frame        // its description
	next     *preparation // the segment after the active one, nil until asked for
	torn     int64        // bytes after the active end that may hold a failed append, 0 if none
	unmarked bool         // something was appended after the last mark

	// truncateMu is held by Truncate, alone.
	truncateMu  sync.Mutex
	truncateErr error

	// syncMu is held during a sync of the active segment and while another one becomes active.
	syncMu sync.Mutex

	// mu guards what readers see. It is never held over I/O.
	mu           sync.RWMutex
	segments     []*segment // ascending; the last one is active
	active       tail
	durableEpoch uint64
	failed       error // of a sync; sticky
	closed       bool
	stats        Stats
}

// segment is one file of the log. Except for readers and the index, which Log.mu guards, it does not change.
type segment struct {
	number uint64
	salt   uint32
	base   uint64 // the last epoch before this segment
	end    int64  // where the records of a sealed segment end
	index  *index
	// readers counts the reads in progress: the file must not be removed.
	readers int
}

// tail is the segment that grows. Its fields are guarded by Log.mu for writing and, since only the holder of appendMu
// (or, for durable, of syncMu) changes them, readable under either.
type tail struct {
	*segment
	file    vfs.File
	end     int64 // the next record's offset
	durable int64 // everything below survived the last sync
	epoch   uint64
	sealed  bool // the seal is durable; a successor must be started before the next append
}

// Stats describes a log for metrics and for the line a server logs at start.
type Stats struct {
	Segments     int
	Records      int64 // retained
	Bytes        int64 // of retained records, without preallocated space
	LastEpoch    uint64
	DurableEpoch uint64
	Appended     int64 // bytes since Open
	Syncs        int64 // since Open
	SyncTime     time.Duration
	LastSync     time.Duration
	CutBytes     int64 // of an unfinished write that Open cut off the tail
	// Background is the last error of preparing a segment or of writing an index file. It loses nothing: both are done
	// again when needed.
	Background error
}

// Stats returns the counters of this moment.
func (l *Log) Stats() Stats {
	l.mu.RLock()
	defer l.mu.RUnlock()
	st := l.stats
	st.Segments = len(l.segments)
	for _, s := range l.segments {
		st.Records += int64(s.index.records)
		st.Bytes += s.end - firstRecord
	}
	st.Bytes += l.active.end - l.active.segment.end
	st.LastEpoch = l.active.epoch
	st.DurableEpoch = l.durableEpoch
	return st
}

// LastEpoch is the epoch of the newest record that was appended, 0 for an empty log.
func (l *Log) LastEpoch() uint64 {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.active.epoch
}

// CompleteAfter is the epoch after which the log has every record up to LastEpoch: 0 until Truncate has removed one.
func (l *Log) CompleteAfter() uint64 {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return completeAfter(l.segments)
}

// Close marks the end, syncs and releases the directory. No other call may be running or follow. The error is that of
// the mark or, if a sync had failed before, that one; the log is closed in any case.
func (l *Log) Close() error {
	l.appendMu.Lock()
	defer l.appendMu.Unlock()
	err := l.mark()
	if err == errClosed {
		return nil
	}
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	l.release()
	return err
}

// mark appends a mark behind the last record, so that damage to it can be told from an unfinished write.
func (l *Log) mark() error {
	if err := l.usable(); err != nil {
		return err
	}
	if !l.unmarked || l.active.sealed {
		return l.Sync()
	}
	if err := l.write(kindMark, l.active.epoch, nil); err != nil {
		return err
	}
	return l.Sync()
}

// release ends the background work and gives back files and lock.
func (l *Log) release() {
	close(l.jobs)
	<-l.jobsDone
	if l.next != nil && l.next.err == nil {
		// What cannot be removed now, the next Open removes.
		l.discard(l.next.file, l.path(temporaryName(l.active.number+1)))
	}
	if l.active.file != nil {
		l.active.file.Close()
	}
	l.lock.Close()
}

func (l *Log) path(name string) string { return l.fs.PathJoin(l.dir, name) }

func segmentName(number uint64) string   { return fmt.Sprintf("%08d.log", number) }
func indexName(number uint64) string     { return fmt.Sprintf("%08d.idx", number) }
func goneName(number uint64) string      { return fmt.Sprintf("%08d.gone", number) }
func temporaryName(number uint64) string { return fmt.Sprintf("%08d.tmp", number) }

// syncDir makes created, renamed and removed names of a directory durable.
func syncDir(fs vfs.FS, dir string) error {
	d, err := fs.OpenDir(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
