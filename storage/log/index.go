package log

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// index says what a segment holds, by relation. That of the active segment is complete and in memory. That of a sealed
// one keeps a line per relation in memory; where the parts lie is in the index file, which can always be made again from
// the segment.
type index struct {
	records   int
	last      uint64 // the last epoch, 0 if there is no record
	relations map[uint32]*relationIndex
}

// relationIndex is one relation's share of a segment.
type relationIndex struct {
	first, last uint64 // epochs
	bytes       int64  // of payloads
	parts       int

	// refs are where the parts are, in order; nil once they are in the index file.
	refs    []partRef
	refsAt  int64 // in the index file
	refsCRC uint32
}

func newIndex() *index { return &index{relations: make(map[uint32]*relationIndex)} }

// add notes a part.
func (x *index) add(relation uint32, ref partRef) {
	r := x.relations[relation]
	if r == nil {
		r = &relationIndex{first: ref.epoch}
		x.relations[relation] = r
	}
	r.last = ref.epoch
	r.bytes += int64(ref.length)
	r.parts++
	r.refs = append(r.refs, ref)
}

// addFrame notes a record.
func (x *index) addFrame(f *frame) {
	if f.kind != kindEpoch {
		return
	}
	x.records++
	x.last = f.epoch
	for i := range f.parts {
		x.add(f.parts[i].relation, f.parts[i].ref)
	}
}

// The bytes of an index file, drawn in FORMAT.md.
const (
	indexMagic       = "TARNIDX\n"
	indexHeaderBytes = 56
	indexEntryBytes  = 48
	refBytes         = 24
)

// encode gives the bytes of the index file of a sealed segment, and fills in refsAt and refsCRC of copies of its
// relations, which are returned without refs.
func (x *index) encode(s *segment) (file []byte, summary *index) {
	ids := make([]uint32, 0, len(x.relations))
	parts := 0
	for id, r := range x.relations {
		ids = append(ids, id)
		parts += r.parts
	}
	slices.Sort(ids)
	le := binary.LittleEndian
	headBytes := indexHeaderBytes + indexEntryBytes*len(ids)
	file = make([]byte, headBytes, headBytes+refBytes*parts)
	summary = &index{records: x.records, last: x.last, relations: make(map[uint32]*relationIndex, len(ids))}
	for i, id := range ids {
		r := *x.relations[id]
		r.refsAt = int64(len(file))
		for _, ref := range r.refs {
			file = le.AppendUint64(file, ref.epoch)
			file = le.AppendUint64(file, uint64(ref.offset))
			file = le.AppendUint32(file, ref.length)
			file = le.AppendUint32(file, ref.crc)
		}
		r.refsCRC = checksum(s.salt, file[r.refsAt:])
		r.refs = nil
		summary.relations[id] = &r

		e := file[indexHeaderBytes+indexEntryBytes*i:]
		le.PutUint32(e, id)
		le.PutUint32(e[4:], r.refsCRC)
		le.PutUint64(e[8:], r.first)
		le.PutUint64(e[16:], r.last)
		le.PutUint64(e[24:], uint64(r.bytes))
		le.PutUint64(e[32:], uint64(r.parts))
		le.PutUint64(e[40:], uint64(r.refsAt))
	}
	copy(file, indexMagic)
	le.PutUint32(file[8:], formatVersion)
	le.PutUint64(file[16:], s.number)
	le.PutUint64(file[24:], uint64(s.end))
	le.PutUint64(file[32:], x.last)
	le.PutUint64(file[40:], uint64(x.records))
	le.PutUint32(file[48:], uint32(len(ids)))
	le.PutUint32(file[12:], checksum(s.salt, file[16:headBytes]))
	return file, summary
}

// errIndex says that an index file cannot be used and the segment must be read instead.
var errIndex = errors.New("the index file does not match its segment")

// readIndex reads the summary in a sealed segment's index file: its index and where its records end.
func readIndex(fs vfs.FS, path string, s *segment) (x *index, end int64, err error) {
	w, err := openWindow(fs, path, -1)
	if err != nil {
		return nil, 0, err
	}
	defer w.close()
	head, err := w.bytes(0, indexHeaderBytes)
	if err != nil {
		return nil, 0, err
	}
	le := binary.LittleEndian
	if len(head) < indexHeaderBytes || string(head[:8]) != indexMagic ||
		le.Uint32(head[8:]) != formatVersion || le.Uint64(head[16:]) != s.number {
		return nil, 0, errIndex
	}
	relations := int64(le.Uint32(head[48:]))
	all := indexHeaderBytes + indexEntryBytes*relations
	if head, err = w.bytes(0, all); err != nil {
		return nil, 0, err
	}
	if int64(len(head)) < all || checksum(s.salt, head[16:]) != le.Uint32(head[12:]) {
		return nil, 0, errIndex
	}
	x = &index{
		records:   int(le.Uint64(head[40:])),
		last:      le.Uint64(head[32:]),
		relations: make(map[uint32]*relationIndex, relations),
	}
	for e := head[indexHeaderBytes:]; len(e) > 0; e = e[indexEntryBytes:] {
		x.relations[le.Uint32(e)] = &relationIndex{
			refsCRC: le.Uint32(e[4:]),
			first:   le.Uint64(e[8:]),
			last:    le.Uint64(e[16:]),
			bytes:   int64(le.Uint64(e[24:])),
			parts:   int(le.Uint64(e[32:])),
			refsAt:  int64(le.Uint64(e[40:])),
		}
	}
	return x, int64(le.Uint64(head[24:])), nil
}

// readRefs reads where the parts of a relation are from a sealed segment's index file.
func readRefs(fs vfs.FS, path string, s *segment, r *relationIndex) ([]partRef, error) {
	w, err := openWindow(fs, path, -1)
	if err != nil {
		return nil, err
	}
	defer w.close()
	p, err := w.bytes(r.refsAt, int64(r.parts)*refBytes)
	if err != nil {
		return nil, err
	}
	if len(p) != r.parts*refBytes || checksum(s.salt, p) != r.refsCRC {
		return nil, errIndex
	}
	le := binary.LittleEndian
	refs := make([]partRef, r.parts)
	for i := range refs {
		refs[i] = partRef{epoch: le.Uint64(p), offset: int64(le.Uint64(p[8:])), length: le.Uint32(p[16:]), crc: le.Uint32(p[20:])}
		p = p[refBytes:]
	}
	return refs, nil
}

// indexSealed makes the index of a sealed segment by reading all of it, up to the seal. It returns where the records end.
// What is not a valid record before the seal is a *CorruptionError.
func indexSealed(fs vfs.FS, path string, s *segment) (x *index, end int64, err error) {
	w, err := openWindow(fs, path, -1)
	if err != nil {
		return nil, 0, err
	}
	defer w.close()
	x = newIndex()
	sc := newScanner(w, s)
	for !sc.sealed {
		f, _, err := sc.next()
		if err == io.EOF {
			return nil, 0, sc.damage("the segment is not the last one and ends without a seal")
		}
		if err != nil {
			return nil, 0, err
		}
		x.addFrame(f)
	}
	return x, sc.offset, nil
}

// writeIndex writes the index file of a sealed segment and lets go of its refs in memory. It runs in the background; an
// error costs memory now and time at the next Open, nothing else.
func (l *Log) writeIndex(s *segment) error {
	file, summary := s.index.encode(s)
	name := l.path(indexName(s.number))
	if err := writeFile(l.fs, name+".tmp", name, file); err != nil {
		return fmt.Errorf("write index of log segment %d: %w", s.number, err)
	}
	l.mu.Lock()
	s.index = summary
	l.mu.Unlock()
	return nil
}

// writeFile makes a file appear whole or not at all.
func writeFile(fs vfs.FS, temporary, name string, content []byte) error {
	file, err := fs.Create(temporary, writeCategory)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	if err == nil {
		err = file.Sync()
	}
	if err2 := file.Close(); err == nil {
		err = err2
	}
	if err == nil {
		err = fs.Rename(temporary, name)
	}
	if err != nil {
		fs.Remove(temporary)
	}
	return err
}
