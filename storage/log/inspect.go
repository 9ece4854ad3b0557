package log

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// Inspect describes the log in dir: its segments, their records, epochs, relations and sizes, and where they are damaged.
// It reads and verifies every byte, changes nothing and takes no lock; beside a running server, what that appends
// meanwhile may show as an unfinished write. The error is the first damage found, or one of reading or of w.
func Inspect(w io.Writer, fs vfs.FS, dir string) error {
	ls, err := list(fs, dir)
	if err != nil {
		return err
	}
	p := &inspector{w: w, fs: fs, dir: dir}
	p.printf("log %s: %d segments\n", dir, len(ls.logs))
	var previous *segment // nil if its header cannot be read
	for i, n := range ls.logs {
		for gap := ls.logs[max(i-1, 0)] + 1; gap < n; gap++ {
			if slices.Contains(ls.gone, gap) {
				p.printf("segment %d: removed, nobody needs it\n", gap)
			} else {
				p.damage(&CorruptionError{Segment: gap, Reason: "the segment is missing"})
			}
		}
		s, err := openSegment(fs, fs.PathJoin(dir, segmentName(n)), n)
		if err == nil && previous != nil {
			err = previous.checkNext(s)
		}
		if err != nil {
			p.damage(err)
		}
		if s != nil {
			p.segment(s, i == len(ls.logs)-1)
		}
		previous = s
	}
	return errors.Join(p.first, p.err)
}

// inspector prints until writing fails and remembers the first damage.
type inspector struct {
	w     io.Writer
	fs    vfs.FS
	dir   string
	first error
	err   error
}

func (p *inspector) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}

func (p *inspector) damage(err error) {
	p.printf("  DAMAGE: %v\n", err)
	if p.first == nil {
		p.first = err
	}
}

// segment describes one segment, filling in its index.
func (p *inspector) segment(s *segment, last bool) {
	w, err := openWindow(p.fs, p.fs.PathJoin(p.dir, segmentName(s.number)), -1)
	if err != nil {
		p.damage(err)
		return
	}
	defer w.close()
	sc := newScanner(w, s)
	marks := 0
	var f *frame
	torn := false
	for err == nil {
		if f, torn, err = sc.next(); err == nil {
			s.index.addFrame(f)
			if f.kind == kindMark {
				marks++
			}
		}
	}

	state := "open"
	if sc.sealed {
		state = "sealed"
	}
	p.printf("segment %d: %s, format %d, begins after epoch %d, %d records", s.number, state, formatVersion, s.base, s.index.records)
	if s.index.records > 0 {
		p.printf(" up to epoch %d", s.index.last)
	}
	p.printf(", %d bytes of %d", sc.offset, w.size)
	if marks > 0 {
		p.printf(", %d orderly stops", marks)
	}
	p.printf("\n")
	for _, id := range slices.Sorted(maps.Keys(s.index.relations)) {
		r := s.index.relations[id]
		name := ""
		if id == Catalogue {
			name = " (catalogue)"
		}
		p.printf("  relation %d%s: %d parts, %d bytes, epochs %d to %d\n", id, name, r.parts, r.bytes, r.first, r.last)
	}
	if sc.sealed {
		p.index(s)
		return
	}
	p.tail(sc, last, torn, err)
}

// index compares the index file of a sealed segment with what was read.
func (p *inspector) index(s *segment) {
	path := p.fs.PathJoin(p.dir, indexName(s.number))
	x, _, err := readIndex(p.fs, path, s)
	switch {
	case err != nil:
		p.printf("  index file: none that can be used; the next start makes it (%v)\n", err)
		return
	case x.records != s.index.records || len(x.relations) != len(s.index.relations):
		p.damage(&CorruptionError{Segment: s.number, Reason: "the index file tells of other records"})
		return
	}
	for id, r := range x.relations {
		refs, err := readRefs(p.fs, path, s, r)
		if err != nil {
			p.printf("  index file: relation %d cannot be used; it is read from the segment (%v)\n", id, err)
		} else if found := s.index.relations[id]; found == nil || !slices.Equal(refs, found.refs) {
			p.damage(&CorruptionError{Segment: s.number, Reason: fmt.Sprintf("the index file is wrong about relation %d", id)})
		}
	}
}

// tail describes what follows the last valid record of a segment without a seal, where the scanner stopped with err.
func (p *inspector) tail(sc *scanner, last, torn bool, err error) {
	dirty, witness, restErr := sc.rest()
	switch {
	case restErr != nil:
		p.damage(restErr)
	case !last && err == io.EOF:
		p.damage(sc.damage("the segment is not the last one and ends without a seal"))
	case !torn || !last:
		p.damage(err)
	case witness > 0:
		p.damage(sc.witnessed(err, witness))
	case dirty > sc.offset:
		p.printf("  unfinished write: offsets %d to %d; the next start cuts it\n", sc.offset, dirty)
	}
}
