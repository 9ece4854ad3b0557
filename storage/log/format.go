package log

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
)

// The bytes drawn in FORMAT.md. All integers are little-endian.
const (
	formatVersion      = 2
	segmentMagic       = "TARNLOG\n"
	segmentHeaderBytes = 40
	firstRecord        = 4096 // records start after the header's own block

	recordHeaderBytes = 48
	partEntryBytes    = 16
	maxRecordBytes    = math.MaxUint32
)

// recordMagic starts every record. Its first byte cannot occur in UTF-8, so that text is never taken for a record.
var recordMagic = []byte{0xff, 'T', 'R', 'N'}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// checksum is CRC32C started from the segment's salt. With the salt in it, neither a payload that looks like a record
// nor a block of another segment passes for a record of this one.
func checksum(salt uint32, p []byte) uint32 { return crc32.Update(salt, castagnoli, p) }

// kind says what a record is for.
type kind uint32

const (
	kindEpoch kind = 1 // one epoch of changes
	kindMark  kind = 2 // an orderly stop; carries the last epoch, no parts
	kindSeal  kind = 3 // the end of a segment; carries the last epoch, no parts
)

// putSegmentHeader writes the header of s into p, which has segmentHeaderBytes.
func putSegmentHeader(p []byte, s *segment) {
	copy(p, segmentMagic)
	binary.LittleEndian.PutUint32(p[8:], formatVersion)
	binary.LittleEndian.PutUint32(p[12:], s.salt)
	binary.LittleEndian.PutUint64(p[16:], s.number)
	binary.LittleEndian.PutUint64(p[24:], s.base)
	binary.LittleEndian.PutUint32(p[32:], 0)
	binary.LittleEndian.PutUint32(p[36:], checksum(0, p[:36]))
}

// segmentHeader reads the header of segment number.
func segmentHeader(p []byte, number uint64) (*segment, error) {
	damaged := func(reason string) (*segment, error) {
		return nil, &CorruptionError{Segment: number, Reason: reason}
	}
	if len(p) < segmentHeaderBytes || string(p[:8]) != segmentMagic {
		return damaged("it does not start with a segment header")
	}
	if v := binary.LittleEndian.Uint32(p[8:]); v != formatVersion {
		return nil, fmt.Errorf("log segment %d (%s) has format version %d; this server reads version %d",
			number, segmentName(number), v, formatVersion)
	}
	if checksum(0, p[:36]) != binary.LittleEndian.Uint32(p[36:]) {
		return damaged("the segment header's checksum does not match")
	}
	if n := binary.LittleEndian.Uint64(p[16:]); n != number {
		return damaged(fmt.Sprintf("the segment header says that it is segment %d", n))
	}
	return &segment{
		number: number,
		salt:   binary.LittleEndian.Uint32(p[12:]),
		base:   binary.LittleEndian.Uint64(p[24:]),
		end:    firstRecord,
		index:  newIndex(),
	}, nil
}

// appendRecordHead appends the header and part table of a record to buf. The payloads follow it in the file.
func appendRecordHead(buf []byte, salt uint32, f *frame) []byte {
	start := len(buf)
	buf = append(buf, recordMagic...)
	buf = append(buf, zeros[:recordHeaderBytes-len(recordMagic)]...)
	for i := range f.parts {
		buf = binary.LittleEndian.AppendUint32(buf, f.parts[i].relation)
		buf = binary.LittleEndian.AppendUint32(buf, f.parts[i].ref.crc)
		buf = binary.LittleEndian.AppendUint64(buf, uint64(f.parts[i].ref.length))
	}
	head := buf[start:]
	binary.LittleEndian.PutUint64(head[8:], f.epoch)
	binary.LittleEndian.PutUint64(head[16:], uint64(f.offset))
	binary.LittleEndian.PutUint64(head[24:], uint64(f.durable))
	binary.LittleEndian.PutUint32(head[32:], uint32(f.length))
	binary.LittleEndian.PutUint32(head[36:], uint32(f.kind))
	binary.LittleEndian.PutUint32(head[40:], uint32(len(f.parts)))
	binary.LittleEndian.PutUint32(head[44:], checksum(salt, head[recordHeaderBytes:]))
	binary.LittleEndian.PutUint32(head[4:], checksum(salt, head[8:recordHeaderBytes]))
	return buf
}

// frame is a record but for its payloads.
type frame struct {
	kind    kind
	epoch   uint64
	offset  int64
	durable int64
	length  int64
	parts   []framePart
}

// payload is part i, where whole are the bytes of the record.
func (f *frame) payload(whole []byte, i int) []byte {
	ref := &f.parts[i].ref
	return whole[ref.offset-f.offset:][:ref.length:ref.length]
}

// framePart is one entry of the part table.
type framePart struct {
	relation uint32
	ref      partRef
}

// partRef is where a payload lies and what it must hash to.
type partRef struct {
	epoch  uint64
	offset int64
	length uint32
	crc    uint32
}

// readHeader reads the fixed part of the record at offset into f, all but f.parts, and returns their number. The reason is
// empty if the header is whole; if not, the bytes may be an unfinished write.
func readHeader(w *window, salt uint32, offset int64, f *frame) (parts int64, tableCRC uint32, reason string, err error) {
	head, err := w.bytes(offset, recordHeaderBytes)
	if err != nil {
		return 0, 0, "", err
	}
	if len(head) < recordHeaderBytes {
		return 0, 0, "the file ends inside a record header", nil
	}
	if !bytes.Equal(head[:4], recordMagic) {
		return 0, 0, "no record starts here", nil
	}
	if checksum(salt, head[8:]) != binary.LittleEndian.Uint32(head[4:]) {
		return 0, 0, "the checksum of the record header does not match", nil
	}
	f.epoch = binary.LittleEndian.Uint64(head[8:])
	f.offset = int64(binary.LittleEndian.Uint64(head[16:]))
	f.durable = int64(binary.LittleEndian.Uint64(head[24:]))
	f.length = int64(binary.LittleEndian.Uint32(head[32:]))
	f.kind = kind(binary.LittleEndian.Uint32(head[36:]))
	return int64(binary.LittleEndian.Uint32(head[40:])), binary.LittleEndian.Uint32(head[44:]), "", nil
}

// readFrame reads the record at offset into f, but for its payloads, reusing f.parts. The reason is empty if it is valid.
// With torn, the bytes may be an unfinished write; without it, the checksums hold and yet the content is impossible. The
// error is one of reading.
func readFrame(w *window, salt uint32, offset int64, f *frame) (reason string, torn bool, err error) {
	f.parts = f.parts[:0]
	parts, tableCRC, reason, err := readHeader(w, salt, offset, f)
	if reason != "" || err != nil {
		return reason, true, err
	}
	at := recordHeaderBytes + partEntryBytes*parts
	switch {
	case f.offset != offset:
		return fmt.Sprintf("the record says that it belongs at offset %d", f.offset), false, nil
	case f.durable < firstRecord || f.durable > offset:
		return fmt.Sprintf("the record says that the segment was durable up to offset %d", f.durable), false, nil
	case f.kind < kindEpoch || f.kind > kindSeal:
		return fmt.Sprintf("the record is of the unknown kind %d", f.kind), false, nil
	case f.length < at:
		return fmt.Sprintf("a record of %d bytes cannot have %d parts", f.length, parts), false, nil
	case offset+f.length > w.size:
		return "the record reaches past the end of the file", true, nil
	}
	head, err := w.bytes(offset, at)
	if err != nil {
		return "", false, err
	}
	table := head[recordHeaderBytes:]
	if checksum(salt, table) != tableCRC {
		return "the checksum of the part table does not match", true, nil
	}
	for ; len(table) > 0; table = table[partEntryBytes:] {
		n := binary.LittleEndian.Uint64(table[8:])
		if n > uint64(f.length-at) {
			return "a part reaches past the end of its record", false, nil
		}
		f.parts = append(f.parts, framePart{
			relation: binary.LittleEndian.Uint32(table),
			ref: partRef{
				epoch: f.epoch, offset: offset + at, length: uint32(n), crc: binary.LittleEndian.Uint32(table[4:]),
			},
		})
		at += int64(n)
	}
	if at != f.length {
		return fmt.Sprintf("a record of %d bytes has parts for %d", f.length, at), false, nil
	}
	return "", false, nil
}
