package log

import (
	"errors"
	"fmt"
	"io"
	"sort"
)

// Replay calls fn for each durable record from epoch from on, in order. The record's parts and payloads are valid only
// during the call. An error of fn ends the replay and is returned. Damage is a *CorruptionError; that Truncate has removed
// an epoch from from on, or may have, is an error too.
func (l *Log) Replay(from uint64, fn func(Record) error) error {
	segments, active, through := l.pin(func(s *segment, last uint64) bool { return last >= from })
	defer l.unpin(segments)
	if len(segments) == 0 {
		return nil
	}
	if base := completeAfter(segments); base >= max(from, 1) {
		return fmt.Errorf("replay from epoch %d: the log keeps all epochs only after %d", from, base)
	}
	var rec Record
	for _, s := range segments {
		if err := l.replay(s, s == active.segment, active.durable, from, through, &rec, fn); err != nil {
			return err
		}
	}
	return nil
}

// completeAfter is the epoch after which nothing is missing from segments: the base of the first of those at the end between
// which none was removed.
func completeAfter(segments []*segment) uint64 {
	base := segments[0].base
	for i, s := range segments {
		if i > 0 && s.number != segments[i-1].number+1 {
			base = s.base
		}
	}
	return base
}

// replay is Replay for one segment. If it is the active one, its records end at durable.
func (l *Log) replay(s *segment, active bool, durable int64, from, through uint64, rec *Record, fn func(Record) error) error {
	limit := int64(-1)
	if active {
		limit = durable
	}
	w, err := openWindow(l.fs, l.path(segmentName(s.number)), limit)
	if err != nil {
		return err
	}
	defer w.close()
	sc := newScanner(w, s)
	for {
		f, _, err := sc.next()
		if err == io.EOF {
			if sc.sealed || active && sc.offset == durable {
				return nil
			}
			return sc.damage("zeros instead of a record")
		}
		if err != nil {
			return err
		}
		if f.kind != kindEpoch || f.epoch < from {
			continue
		}
		if f.epoch > through {
			return nil
		}
		whole, err := w.bytes(f.offset, f.length)
		if err != nil {
			return sc.reading(err)
		}
		rec.Epoch = f.epoch
		rec.Parts = rec.Parts[:0]
		for i := range f.parts {
			rec.Parts = append(rec.Parts, Part{Relation: f.parts[i].relation, Payload: f.payload(whole, i)})
		}
		if err := fn(*rec); err != nil {
			return err
		}
	}
}

// readRunBytes and readGapBytes say when parts are fetched by one read: up to so many bytes, while no more than the gap
// between two of them is read in vain.
const (
	readRunBytes = 1 << 20
	readGapBytes = 16 << 10
)

// ReadRelation calls fn for each durable part of a relation in the epochs [from, to], in order, reading little else. The
// payload is valid only during the call. An error of fn ends the reading and is returned. History that Truncate has
// removed is not delivered, and its absence is no error: the caller knows what it let go.
func (l *Log) ReadRelation(relation uint32, from, to uint64, fn func(epoch uint64, payload []byte) error) error {
	segments, _, through := l.pin(func(s *segment, _ uint64) bool {
		r := s.index.relations[relation]
		return r != nil && r.last >= from && r.first <= to
	})
	defer l.unpin(segments)
	to = min(to, through)
	var buf []byte
	for _, s := range segments {
		refs, err := l.refs(s, relation)
		if err != nil {
			return err
		}
		refs = refs[sort.Search(len(refs), func(i int) bool { return refs[i].epoch >= from }):]
		refs = refs[:sort.Search(len(refs), func(i int) bool { return refs[i].epoch > to })]
		if buf, err = l.readParts(s, relation, refs, buf, fn); err != nil {
			return err
		}
	}
	return nil
}

// readParts delivers the parts of one segment. It returns buf, which may have grown.
func (l *Log) readParts(s *segment, relation uint32, refs []partRef, buf []byte, fn func(uint64, []byte) error) ([]byte, error) {
	if len(refs) == 0 {
		return buf, nil
	}
	file, err := l.fs.Open(l.path(segmentName(s.number)))
	if err != nil {
		return buf, err
	}
	defer file.Close()
	for len(refs) > 0 {
		n, start, end := 1, refs[0].offset, refs[0].offset+int64(refs[0].length)
		for ; n < len(refs); n++ {
			next := refs[n].offset + int64(refs[n].length)
			if refs[n].offset-end > readGapBytes || next-start > readRunBytes {
				break
			}
			end = next
		}
		if int64(cap(buf)) < end-start {
			buf = make([]byte, end-start)
		}
		buf = buf[:end-start]
		if got, err := file.ReadAt(buf, start); got < len(buf) {
			if err == nil || err == io.EOF {
				return buf, &CorruptionError{Segment: s.number, Offset: start, Reason: "the file ends inside a part"}
			}
			return buf, fmt.Errorf("read log segment %d: %w", s.number, err)
		}
		for _, ref := range refs[:n] {
			payload := buf[ref.offset-start:][:ref.length:ref.length]
			if checksum(s.salt, payload) != ref.crc {
				return buf, &CorruptionError{Segment: s.number, Offset: ref.offset,
					Reason: fmt.Sprintf("the checksum of relation %d in epoch %d does not match", relation, ref.epoch)}
			}
			if err := fn(ref.epoch, payload); err != nil {
				return buf, err
			}
		}
		refs = refs[n:]
	}
	return buf, nil
}

// refs returns where the parts of a relation in a pinned segment are. They may include some that are not durable.
func (l *Log) refs(s *segment, relation uint32) ([]partRef, error) {
	l.mu.RLock()
	r := *s.index.relations[relation]
	l.mu.RUnlock()
	if r.refs != nil {
		return r.refs, nil
	}
	refs, err := readRefs(l.fs, l.path(indexName(s.number)), s, &r)
	if err == nil {
		return refs, nil
	}
	x, _, scanErr := indexSealed(l.fs, l.path(segmentName(s.number)), s)
	if scanErr != nil {
		return nil, errors.Join(scanErr, err)
	}
	if found := x.relations[relation]; found != nil {
		return found.refs, nil
	}
	return nil, nil
}

// pin returns the segments that want chooses, by their last epoch, and keeps their files until unpin; with the active
// segment and the newest durable epoch, all of the same moment.
func (l *Log) pin(want func(s *segment, last uint64) bool) (chosen []*segment, active tail, durableEpoch uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range l.segments {
		if want(s, s.last()) {
			s.readers++
			chosen = append(chosen, s)
		}
	}
	return chosen, l.active, l.durableEpoch
}

func (l *Log) unpin(segments []*segment) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range segments {
		s.readers--
	}
}
