package log

import (
	"crypto/rand"
	"encoding/binary"
	"errors"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// preparation is a segment file under its temporary name, made ahead of its use. done is closed when the other fields are
// set.
type preparation struct {
	done chan struct{}
	file vfs.File
	err  error
}

// prepareAhead starts to make the segment after the active one, in the background. The caller holds appendMu.
func (l *Log) prepareAhead() {
	if l.next != nil || l.opts.GrowOnDemand {
		return
	}
	p := &preparation{done: make(chan struct{})}
	number := l.active.number + 1
	l.next = p
	l.jobs <- func() {
		p.file, p.err = l.prepare(number)
		l.noteBackground(p.err)
		close(p.done)
	}
}

// prepare makes the file of a segment under its temporary name and fills it with zeros, so that syncs need not write
// metadata: 112 us against 229 us for 4 KiB.
func (l *Log) prepare(number uint64) (vfs.File, error) {
	name := l.path(temporaryName(number))
	file, err := l.fs.OpenReadWrite(name, writeCategory)
	if err != nil {
		return nil, err
	}
	if !l.opts.GrowOnDemand {
		// One large request gives the file system a chance to keep the segment in one piece. Where it is not supported,
		// the zeros allocate.
		if err = file.Preallocate(0, l.opts.SegmentBytes); !vfs.IsNoSpaceError(err) {
			err = fill(file, l.opts.SegmentBytes)
		}
		if err == nil {
			err = file.Sync()
		}
	}
	if err != nil {
		return nil, errors.Join(err, l.discard(file, name))
	}
	return file, nil
}

// fillStepBytes is how much of a segment is filled at a time. A sync of the log waits for what the disk is busy with: with
// all of a segment at once it took up to 28 ms, with these steps 3 ms.
const fillStepBytes = 1 << 20

// fill writes zeros over the first size bytes of a file: past the system's memory where that can be done, since nobody reads
// them, for a sixth of the processor's time; elsewhere with a sync after each step.
func fill(file vfs.File, size int64) error {
	at, err := fillDirect(file, size)
	if err != nil {
		return err
	}
	for ; at < size; at += fillStepBytes {
		if err := overwrite(file, at, min(at+fillStepBytes, size)); err != nil {
			return err
		}
		if err := file.SyncData(); err != nil {
			return err
		}
	}
	return nil
}

// discard closes and removes a file that is no segment yet.
func (l *Log) discard(file vfs.File, name string) error {
	return errors.Join(file.Close(), l.fs.Remove(name))
}

// roll seals the active segment and makes an empty one active. Where it fails without having failed a sync, the next
// append takes it up again. The caller holds appendMu.
func (l *Log) roll() error {
	if !l.active.sealed {
		if err := l.write(kindSeal, l.active.epoch, nil); err != nil {
			return err
		}
		if err := l.Sync(); err != nil {
			return err
		}
		l.mu.Lock()
		l.active.sealed = true
		l.active.segment.end = l.active.end
		l.mu.Unlock()
	}
	sealed, file := l.active.segment, l.active.file
	if err := l.start(sealed.number+1, l.active.epoch); err != nil {
		return err
	}
	// All of it is durable since the seal's sync.
	file.Close()
	l.indexLater(sealed)
	return nil
}

// indexLater writes the index file of a sealed segment in the background.
func (l *Log) indexLater(s *segment) {
	l.jobs <- func() { l.noteBackground(l.writeIndex(s)) }
}

func (l *Log) noteBackground(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		l.stats.Background = err
	}
}

// start makes an empty segment active. Its file gets its final name only when its header is durable, and it is used only
// when the name is: so every segment but the last is sealed, and every one has a header. The caller holds appendMu or is
// Open.
func (l *Log) start(number, base uint64) error {
	doing := func(err error) error { return newWriteError(err, false, "start log segment %d", number) }
	p := l.next
	l.next = nil
	if p != nil {
		<-p.done
	}
	if p == nil || p.err != nil {
		file, err := l.prepare(number)
		if err != nil {
			return doing(err)
		}
		p = &preparation{file: file}
	}
	s := &segment{number: number, base: base, end: firstRecord, index: newIndex()}
	var salt [4]byte
	rand.Read(salt[:])
	s.salt = binary.LittleEndian.Uint32(salt[:])
	var header [firstRecord]byte
	putSegmentHeader(header[:], s)
	_, err := p.file.WriteAt(header[:], 0)
	if err == nil {
		err = p.file.Sync()
	}
	if err == nil {
		err = l.fs.Rename(l.path(temporaryName(number)), l.path(segmentName(number)))
	}
	if err != nil {
		return doing(errors.Join(err, l.discard(p.file, l.path(temporaryName(number)))))
	}
	if err := syncDir(l.fs, l.dir); err != nil {
		// The name may be on disk or not, and a second sync would prove nothing: L5.
		p.file.Close()
		l.mu.Lock()
		defer l.mu.Unlock()
		l.failed = newWriteError(err, false, "sync log directory for segment %d", number)
		return l.failed
	}

	l.syncMu.Lock()
	defer l.syncMu.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.segments = append(l.segments, s)
	l.active = tail{segment: s, file: p.file, end: firstRecord, durable: firstRecord, epoch: base}
	return nil
}
