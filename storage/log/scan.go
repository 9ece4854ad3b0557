package log

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// windowBytes is how much of a file is read at once.
const windowBytes = 256 << 10

// window reads a file from front to back through one buffer.
type window struct {
	file  vfs.File
	size  int64 // bytes at and after it are not read
	buf   []byte
	start int64 // buf holds the bytes of the file from here
}

// openWindow opens a file for reading. Its size is limit, or the whole file if limit is negative.
func openWindow(fs vfs.FS, path string, limit int64) (*window, error) {
	file, err := fs.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err != nil {
		file.Close()
		return nil, err
	}
	size := info.Size()
	if limit >= 0 {
		size = min(size, limit)
	}
	return &window{file: file, size: size}, nil
}

func (w *window) close() { w.file.Close() }

// bytes returns n bytes at offset, fewer where the file ends. They are valid until the next call.
func (w *window) bytes(offset, n int64) ([]byte, error) {
	if n = min(n, w.size-offset); n <= 0 {
		return nil, nil
	}
	if offset < w.start || offset+n > w.start+int64(len(w.buf)) {
		fill := min(max(n, windowBytes), w.size-offset)
		if int64(cap(w.buf)) < fill {
			w.buf = make([]byte, fill)
		}
		w.buf, w.start = w.buf[:fill], offset
		if got, err := w.file.ReadAt(w.buf, offset); int64(got) < fill {
			w.buf = w.buf[:0]
			if err == nil || err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return nil, err
		}
	}
	return w.buf[offset-w.start:][:n], nil
}

// scanner walks over the records of a segment, in order.
type scanner struct {
	w       *window
	segment *segment
	offset  int64 // of the next record
	epoch   uint64
	frame   frame
	sealed  bool // the seal was read
}

func newScanner(w *window, s *segment) *scanner {
	return &scanner{w: w, segment: s, offset: firstRecord, epoch: s.base}
}

// next reads one record; its frame is valid until the next call. At the seal, or where zeros or the end of the file
// follow instead of a record, the error is io.EOF. Invalid bytes are a *CorruptionError, with torn set if they may be an
// unfinished write. Other errors are errors of reading. After any error the scanner stays where it is.
func (s *scanner) next() (f *frame, torn bool, err error) {
	if s.sealed {
		return nil, false, io.EOF
	}
	head, err := s.w.bytes(s.offset, recordHeaderBytes)
	if err != nil {
		return nil, false, s.reading(err)
	}
	if allZero(head) {
		return nil, true, io.EOF
	}
	reason, torn, err := readFrame(s.w, s.segment.salt, s.offset, &s.frame)
	if err != nil {
		return nil, false, s.reading(err)
	}
	f = &s.frame
	if reason == "" {
		switch {
		case f.kind == kindEpoch && f.epoch <= s.epoch:
			reason = fmt.Sprintf("epoch %d follows epoch %d", f.epoch, s.epoch)
		case f.kind != kindEpoch && f.epoch != s.epoch:
			reason = fmt.Sprintf("the epoch of a mark is %d, not %d", f.epoch, s.epoch)
		}
	}
	if reason == "" {
		whole, err := s.w.bytes(f.offset, f.length)
		if err != nil {
			return nil, false, s.reading(err)
		}
		for i := range f.parts {
			if checksum(s.segment.salt, f.payload(whole, i)) != f.parts[i].ref.crc {
				reason, torn = fmt.Sprintf("the checksum of relation %d does not match", f.parts[i].relation), true
				break
			}
		}
	}
	if reason != "" {
		return nil, torn, s.damage(reason)
	}
	s.offset += f.length
	s.epoch = f.epoch
	s.sealed = f.kind == kindSeal
	return f, false, nil
}

func (s *scanner) damage(reason string) error {
	return &CorruptionError{Segment: s.segment.number, Offset: s.offset, Reason: reason}
}

func (s *scanner) reading(err error) error {
	return fmt.Errorf("read log segment %d: %w", s.segment.number, err)
}

// rest looks at everything from offset, where no valid record starts, to the end of the file. dirty is the end of the
// last byte there that is not zero, or offset. witness is the offset of a record header that says that the segment was
// durable beyond offset, 0 if there is none: see "Torn tail or damage" in the package's comment.
func (s *scanner) rest() (dirty, witness int64, err error) {
	dirty = s.offset
	headers := &window{file: s.w.file, size: s.w.size}
	var f frame
	for at := s.offset; at < s.w.size; {
		block, err := s.w.bytes(at, min(windowBytes, s.w.size-at))
		if err != nil {
			return 0, 0, s.reading(err)
		}
		if allZero(block) {
			at += int64(len(block))
			continue
		}
		dirty = at + int64(len(bytes.TrimRight(block, "\x00")))
		for i := 0; ; i++ {
			j := bytes.Index(block[i:], recordMagic)
			if j < 0 {
				break
			}
			i += j
			_, _, reason, err := readHeader(headers, s.segment.salt, at+int64(i), &f)
			if err != nil {
				return 0, 0, s.reading(err)
			}
			if reason == "" && f.offset == at+int64(i) && f.durable > s.offset {
				return dirty, f.offset, nil
			}
		}
		// A magic may straddle the border of two blocks.
		at += int64(max(len(block)-len(recordMagic)+1, 1))
	}
	return dirty, 0, nil
}

// witnessed is the damage of next's err, where rest found a witness against an unfinished write.
func (s *scanner) witnessed(err error, witness int64) error {
	reason := "zeros instead of a record"
	var corruption *CorruptionError
	if errors.As(err, &corruption) {
		reason = corruption.Reason
	}
	return s.damage(fmt.Sprintf("%s; the record at offset %d says that this one was durable", reason, witness))
}

var zeros [64 << 10]byte

func allZero(p []byte) bool {
	for len(p) > len(zeros) {
		if !bytes.Equal(p[:len(zeros)], zeros[:]) {
			return false
		}
		p = p[len(zeros):]
	}
	return bytes.Equal(p, zeros[:len(p)])
}
