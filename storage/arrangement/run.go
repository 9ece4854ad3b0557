package arrangement

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"sort"
)

// arena holds the bytes of the entries between two checkpoints. It only grows; what is written never changes, so runs
// made at different times share it. An entry:
//
//	4 bytes  length of the key, little endian
//	4 bytes  length of the row
//	key
//	row
type arena struct {
	chunks [][]byte
	used   int // of the last chunk
	bytes  int64
}

const (
	firstChunk = 4 << 10
	lastChunk  = 1 << 20
	entryHead  = 8
)

// ref is where an entry is: number of the chunk, offset.
type ref uint64

func (a *arena) add(key, row []byte) ref {
	n := entryHead + len(key) + len(row)
	if len(a.chunks) == 0 || a.used+n > len(a.chunks[len(a.chunks)-1]) {
		size := max(min(int(a.bytes), lastChunk), firstChunk, n)
		if size < lastChunk {
			size = 1 << bits.Len(uint(size-1))
		}
		a.chunks, a.used = append(a.chunks, make([]byte, size)), 0
		a.bytes += int64(size)
	}
	number := len(a.chunks) - 1
	b := a.chunks[number][a.used:]
	binary.LittleEndian.PutUint32(b, uint32(len(key)))
	binary.LittleEndian.PutUint32(b[4:], uint32(len(row)))
	copy(b[entryHead+copy(b[entryHead:], key):], row)
	at := ref(number)<<32 | ref(a.used)
	a.used += n
	return at
}

// run is a sorted, immutable list of entries, one per key, in columns. It has no pointer per entry.
type run struct {
	prefix []uint64
	refs   []ref
	count  []int64 // Unique: 1 puts the row, 0 deletes the key. Bag: what is added to the count, never 0
	chunks [][]byte
}

func newRun(n int) *run {
	return &run{prefix: make([]uint64, 0, n), refs: make([]ref, 0, n), count: make([]int64, 0, n)}
}

func (r *run) len() int { return len(r.refs) }

func (r *run) append(prefix uint64, at ref, count int64) {
	r.prefix = append(r.prefix, prefix)
	r.refs = append(r.refs, at)
	r.count = append(r.count, count)
}

func (r *run) key(i int) []byte {
	b := r.chunks[r.refs[i]>>32][uint32(r.refs[i]):]
	n := binary.LittleEndian.Uint32(b)
	return b[entryHead : entryHead+n : entryHead+n]
}

func (r *run) row(i int) []byte {
	b := r.chunks[r.refs[i]>>32][uint32(r.refs[i]):]
	from := entryHead + binary.LittleEndian.Uint32(b)
	to := from + binary.LittleEndian.Uint32(b[4:])
	return b[from:to:to]
}

// seek returns the first entry whose key is not below the given one.
func (r *run) seek(key []byte) int {
	p := prefixOf(key)
	return sort.Search(len(r.refs), func(i int) bool {
		if r.prefix[i] != p {
			return r.prefix[i] > p
		}
		return bytes.Compare(r.key(i), key) >= 0
	})
}

// find returns the entry of a key.
func (r *run) find(key []byte) (i int, found bool) {
	i = r.seek(key)
	return i, i < len(r.refs) && bytes.Equal(r.key(i), key)
}

func compareEntries(a *run, i int, b *run, j int) int {
	switch p, q := a.prefix[i], b.prefix[j]; {
	case p < q:
		return -1
	case p > q:
		return 1
	}
	return bytes.Compare(a.key(i), b.key(j))
}

// mergeRuns merges an older run and a newer one of the same arena.
func mergeRuns(mode Mode, old, young *run) *run {
	m := newRun(old.len() + young.len())
	m.chunks = young.chunks
	i, j := 0, 0
	for i < old.len() && j < young.len() {
		switch c := compareEntries(old, i, young, j); {
		case c < 0:
			m.append(old.prefix[i], old.refs[i], old.count[i])
			i++
		case c > 0:
			m.append(young.prefix[j], young.refs[j], young.count[j])
			j++
		default:
			count := young.count[j]
			if mode == Bag {
				count += old.count[i]
			}
			if mode == Unique || count != 0 {
				m.append(young.prefix[j], young.refs[j], count)
			}
			i++
			j++
		}
	}
	m.take(old, i)
	m.take(young, j)
	return m
}

// take appends the rest of a run from i on.
func (r *run) take(from *run, i int) {
	r.prefix = append(r.prefix, from.prefix[i:]...)
	r.refs = append(r.refs, from.refs[i:]...)
	r.count = append(r.count, from.count[i:]...)
}

// overlay walks over several runs, newest first, as over one, in either direction.
type overlay struct {
	mode    Mode
	reverse bool
	cursors []cursor
	row     []byte
	key     []byte
	count   int64 // as in run
	ok      bool
}

type cursor struct {
	run    *run
	at     int
	lo, hi int // what is left of the run: [lo, hi)
}

func newOverlay(mode Mode, runs []*run, lo, hi []byte, reverse bool) *overlay {
	o := &overlay{mode: mode, reverse: reverse}
	for _, r := range runs {
		c := cursor{run: r, hi: r.len()}
		if lo != nil {
			c.lo = r.seek(lo)
		}
		if hi != nil {
			c.hi = r.seek(hi)
		}
		if c.lo < c.hi {
			c.aim(reverse)
			o.cursors = append(o.cursors, c)
		}
	}
	o.next()
	return o
}

func (c *cursor) aim(reverse bool) {
	if reverse {
		c.at = c.hi - 1
	} else {
		c.at = c.lo
	}
}

// next goes to the next key; ok says whether there is one.
func (o *overlay) next() {
	for {
		if o.ok = len(o.cursors) > 0; !o.ok {
			return
		}
		best := 0
		for i := 1; i < len(o.cursors); i++ {
			a, b := &o.cursors[i], &o.cursors[best]
			if d := compareEntries(a.run, a.at, b.run, b.at); d != 0 && d < 0 != o.reverse {
				best = i
			}
		}
		// best is the newest run that has the smallest key.
		r, at := o.cursors[best].run, o.cursors[best].at
		o.key, o.row, o.count = r.key(at), r.row(at), r.count[at]
		kept := o.cursors[:best]
		for _, c := range o.cursors[best:] {
			if compareEntries(c.run, c.at, r, at) == 0 {
				if o.mode == Bag && c.run != r {
					o.count += c.run.count[c.at]
				}
				if o.reverse {
					c.hi--
				} else {
					c.lo++
				}
				if c.lo == c.hi {
					continue
				}
				c.aim(o.reverse)
			}
			kept = append(kept, c)
		}
		o.cursors = kept
		if o.mode == Unique || o.count != 0 {
			return
		}
	}
}
