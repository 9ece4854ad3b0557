package log

import (
	"fmt"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"tarn/sql/sqlstate"
)

// writeCategory names the log's writes in the file system's statistics.
const writeCategory vfs.DiskWriteCategory = "tarn-log"

const (
	// blockBytes is the unit in which the system keeps a file in memory. A write that covers a part of a block which is
	// not in memory waits until the rest of it has been read, so the log writes whole blocks.
	blockBytes = 4096
	// chunkBytes is how much of a record is gathered before it is written.
	chunkBytes = 256 << 10
	// A payload of directBytes or more is written from where it lies: a call of the system costs less than the copy.
	directBytes = 64 << 10
)

// Append makes rec durable and returns where it is. The payloads are not kept. rec.Epoch must be larger than every
// epoch before. The errors are those of AppendNoSync and of Sync.
func (l *Log) Append(rec Record) (Position, error) {
	pos, err := l.AppendNoSync(rec)
	if err != nil {
		return Position{}, err
	}
	return pos, l.Sync()
}

// AppendNoSync writes rec without waiting for the disk, which may begin to write it at once. Nobody may be told that it happened, and no reader sees it,
// before a Sync that began afterwards returned nil.
//
// A failed write is cut away again, and then the log is as it was: the caller may append another record of the same
// epoch, and does so with success once there is space (SQLSTATE 53100, 58030 for anything but a full disk). If cutting
// fails too, the error matches ErrUncertain and each later append first tries to cut. A record larger than 4 GiB is
// refused with 54000.
func (l *Log) AppendNoSync(rec Record) (Position, error) {
	l.appendMu.Lock()
	defer l.appendMu.Unlock()
	if err := l.usable(); err != nil {
		return Position{}, err
	}
	if rec.Epoch <= l.active.epoch {
		return Position{}, fmt.Errorf("append epoch %d to a log that ends at epoch %d", rec.Epoch, l.active.epoch)
	}
	length := recordHeaderBytes + partEntryBytes*int64(len(rec.Parts))
	for i := range rec.Parts {
		length += int64(len(rec.Parts[i].Payload))
	}
	if length > maxRecordBytes {
		return Position{}, sqlstate.New(sqlstate.ProgramLimitExceeded,
			"transaction of %d bytes exceeds the maximum of %d bytes", length, int64(maxRecordBytes))
	}
	// Room is left for the seal and for the mark of an orderly stop.
	full := l.active.end > firstRecord && l.active.end+length+2*recordHeaderBytes > l.opts.SegmentBytes
	if full || l.active.sealed {
		if err := l.roll(); err != nil {
			return Position{}, err
		}
	}
	pos := Position{Segment: l.active.number, Offset: l.active.end}
	if err := l.write(kindEpoch, rec.Epoch, rec.Parts); err != nil {
		return Position{}, err
	}
	l.unmarked = true
	if l.active.end > l.opts.SegmentBytes/2 {
		l.prepareAhead()
	}
	return pos, nil
}

// Sync makes everything durable that was appended before the call. It may run beside an append. If it fails, with an
// error that matches ErrUncertain, so do all later appends and syncs: L5.
func (l *Log) Sync() error {
	l.syncMu.Lock()
	defer l.syncMu.Unlock()
	l.mu.RLock()
	now, failed := l.active, l.failed
	l.mu.RUnlock()
	if failed != nil {
		return failed
	}
	if now.durable == now.end {
		return nil
	}
	start := time.Now()
	err := now.file.SyncData()
	took := time.Since(start)

	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		l.failed = newWriteError(err, true, "sync log segment %d", now.number)
		return l.failed
	}
	l.active.durable = now.end
	l.durableEpoch = now.epoch
	l.stats.Syncs++
	l.stats.SyncTime += took
	l.stats.LastSync = took
	return nil
}

// usable returns why nothing can be appended, after trying to mend it. The caller holds appendMu.
func (l *Log) usable() error {
	l.mu.RLock()
	failed, closed := l.failed, l.closed
	l.mu.RUnlock()
	if closed {
		return errClosed
	}
	if failed != nil {
		return failed
	}
	if l.torn > 0 {
		if err := l.cut(); err != nil {
			return newWriteError(err, false, "cut the failed append at %d:%d", l.active.number, l.active.end)
		}
	}
	return nil
}

// write puts a record at the end of the active segment and into its index. The caller holds appendMu.
func (l *Log) write(k kind, epoch uint64, parts []Part) error {
	l.mu.RLock()
	durable := l.active.durable
	l.mu.RUnlock()
	f := &l.frame
	*f = frame{kind: k, epoch: epoch, offset: l.active.end, durable: durable, parts: f.parts[:0]}
	f.length = recordHeaderBytes + partEntryBytes*int64(len(parts))
	for i := range parts {
		p := parts[i].Payload
		f.parts = append(f.parts, framePart{relation: parts[i].Relation, ref: partRef{
			epoch: epoch, offset: f.offset + f.length, length: uint32(len(p)), crc: checksum(l.active.salt, p),
		}})
		f.length += int64(len(p))
	}
	w := chunkWriter{file: l.active.file, offset: f.offset, buf: appendRecordHead(l.chunk[:0], l.active.salt, f)}
	for i := range parts {
		w.write(parts[i].Payload)
	}
	if !l.opts.GrowOnDemand {
		w.write(zeros[:-(f.offset+f.length)&(blockBytes-1)])
	}
	w.flush()
	l.chunk = w.buf
	if w.err != nil {
		l.torn = w.offset - f.offset
		cutErr := l.cut()
		return newWriteError(w.err, cutErr != nil, "append at %d:%d", l.active.number, f.offset)
	}
	beginWrite(l.active.file, f.offset, f.length)

	l.mu.Lock()
	defer l.mu.Unlock()
	l.active.end += f.length
	l.active.epoch = epoch
	l.active.index.addFrame(f)
	l.stats.Appended += f.length
	return nil
}

// cut overwrites what a failed append may have left after the end, and syncs, so that no Open takes it for a record: L3.
// The caller holds appendMu.
func (l *Log) cut() error {
	info, err := l.active.file.Stat()
	if err != nil {
		return err
	}
	// Only bytes that exist are overwritten: that needs no space.
	dirty := min(l.active.end+l.torn, info.Size())
	if err := overwrite(l.active.file, l.active.end, dirty); err != nil {
		return err
	}
	l.syncMu.Lock()
	defer l.syncMu.Unlock()
	if err := l.active.file.SyncData(); err != nil {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.failed = newWriteError(err, true, "sync log segment %d", l.active.number)
		return err
	}
	l.torn = 0
	return nil
}

// overwrite writes zeros over [from, to) of a file.
func overwrite(file vfs.File, from, to int64) error {
	for from < to {
		n := min(to-from, int64(len(zeros)))
		if _, err := file.WriteAt(zeros[:n], from); err != nil {
			return err
		}
		from += n
	}
	return nil
}

// chunkWriter gathers bytes and writes them at growing offsets, all but the last in whole blocks. After an error it does
// nothing more, and offset is the end of the bytes it may have touched.
type chunkWriter struct {
	file   vfs.File
	offset int64
	buf    []byte
	err    error
}

func (w *chunkWriter) write(p []byte) {
	if len(p) >= directBytes {
		n := int(-(w.offset + int64(len(w.buf))) & (blockBytes - 1))
		w.buf = append(w.buf, p[:n]...)
		w.flush()
		whole := (len(p) - n) &^ (blockBytes - 1)
		w.put(p[n : n+whole])
		p = p[n+whole:]
	}
	w.buf = append(w.buf, p...)
	if len(w.buf) >= chunkBytes {
		n := len(w.buf) - int((w.offset+int64(len(w.buf)))&(blockBytes-1))
		w.put(w.buf[:n])
		w.buf = w.buf[:copy(w.buf, w.buf[n:])]
	}
}

func (w *chunkWriter) flush() {
	w.put(w.buf)
	w.buf = w.buf[:0]
}

func (w *chunkWriter) put(p []byte) {
	if w.err != nil || len(p) == 0 {
		return
	}
	_, w.err = w.file.WriteAt(p, w.offset)
	w.offset += int64(len(p))
}
