package state

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// RowSet is rows with counts that are added to one key together. It keeps its memory when it is reset.
type RowSet struct {
	data  []byte
	items []rowItem
	node  []byte // a leaf in the making
}

// rowItem is one row, data[at:end]. Eight of its bytes from where the rows of the set begin to differ order most of them.
type rowItem struct {
	prefix  uint64
	at, end uint32
	count   int64
}

// Reset empties the set.
func (s *RowSet) Reset() { s.data, s.items = s.data[:0], s.items[:0] }

// Buffer is what the next row is to be appended to, and then given to Add.
func (s *RowSet) Buffer() []byte { return s.data }

// Add adds the row that was appended to Buffer.
func (s *RowSet) Add(buffer []byte, count int64) {
	s.items = append(s.items, rowItem{at: uint32(len(s.data)), end: uint32(len(buffer)), count: count})
	s.data = buffer
}

func (s *RowSet) row(i rowItem) []byte { return s.data[i.at:i.end] }

// sort brings the rows in order, each once, and drops those whose counts cancel out.
func (s *RowSet) sort() {
	if len(s.items) == 0 {
		return
	}
	first := s.row(s.items[0])
	same := len(first)
	for _, it := range s.items[1:] {
		same = common(first[:same], s.row(it))
	}
	for i := range s.items {
		s.items[i].prefix = prefixOf(s.row(s.items[i])[same:])
	}
	slices.SortFunc(s.items, func(a, b rowItem) int {
		switch {
		case a.prefix < b.prefix:
			return -1
		case a.prefix > b.prefix:
			return 1
		}
		return bytes.Compare(s.row(a), s.row(b))
	})
	kept := s.items[:0]
	for _, it := range s.items {
		if n := len(kept); n > 0 && kept[n-1].prefix == it.prefix && bytes.Equal(s.row(kept[n-1]), s.row(it)) {
			kept[n-1].count += it.count
			continue
		}
		kept = append(kept, it)
	}
	s.items = slices.DeleteFunc(kept, func(it rowItem) bool { return it.count == 0 })
}

// common is the length of the longest common prefix.
func common(a, b []byte) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// prefixOf is the first eight bytes as a number that orders like them.
func prefixOf(b []byte) uint64 {
	if len(b) >= 8 {
		return binary.BigEndian.Uint64(b)
	}
	var buf [8]byte
	copy(buf[:], b)
	return binary.BigEndian.Uint64(buf[:])
}

// AddRows is Add for every row of a set, which it reorders: a node that gets many rows is written once. What it says of
// errors holds here too.
func (m *Multimap) AddRows(hash uint64, key []byte, set *RowSet) error {
	set.sort()
	for items := set.items; len(items) > 0; {
		n, err := m.addRun(hash, key, set, items)
		if err != nil {
			return err
		}
		items = items[n:]
	}
	return nil
}

// addRun adds the first of the items: as many as belong into one leaf and leave it not much larger than it may be.
func (m *Multimap) addRun(hash uint64, key []byte, set *RowSet, items []rowItem) (n int, err error) {
	v, found, err := m.groups.Get(hash, key)
	if err != nil {
		return 0, err
	}
	if !found {
		if v, _, err = m.groups.Put(hash, key, headBytes); err != nil {
			return 0, err
		}
	}
	height := rootHeight(v)
	if height == 0 {
		return m.addRunSmall(hash, key, v, set, items)
	}
	var path [maxHeight]step
	var above []byte // the smallest row that belongs into a later leaf
	first := set.row(items[0])
	off, id := tallBytes, uint32(0)
	for i := range height {
		at, end, below := child(v, off, first)
		path[i] = step{id, at, end}
		if end < len(v) {
			above, _, _ = entryAt(v, end)
		}
		if v, err = m.load(hash, key, below); err != nil {
			return 0, err
		}
		off, id = 0, below
	}
	r := set.merge(v, items, above)
	if r.taken == 0 {
		_, _, err := m.Add(hash, key, first, items[0].count)
		return 1, err
	}
	var buf [96]byte
	k, h := nodeKey(buf[:0], hash, key, id)
	if v, _, err = m.nodes.Put(h, k, len(set.node)); err != nil {
		return 0, err
	}
	copy(v, set.node)
	if len(set.node) > nodeBytes {
		if err := m.splitNode(hash, key, path[:height], id, r.atEnd); err != nil {
			return 0, err
		}
	}
	return r.taken, m.count(hash, key, r.distinct, r.rows)
}

// addRunSmall is addRun for a group whose root is its only node; v may have no rows yet.
func (m *Multimap) addRunSmall(hash uint64, key, v []byte, set *RowSet, items []rowItem) (n int, err error) {
	last, size := rootLast(v), len(v)
	r := set.merge(v[headBytes:], items, nil)
	if r.taken == 0 {
		_, _, err := m.Add(hash, key, set.row(items[0]), items[0].count)
		return 1, err
	}
	if v, _, err = m.groups.Put(hash, key, headBytes+len(set.node)); err != nil {
		return 0, err
	}
	copy(v[headBytes:], set.node)
	if r.atEnd {
		last = headBytes + r.last
	} else {
		last += len(v) - size
	}
	setRootLast(v, last)
	addDistinct(v, r.distinct)
	addRootRows(v, r.rows)
	if len(set.node) > nodeBytes && rootDistinct(v) > 1 {
		err = m.growRoot(hash, key, r.atEnd)
	}
	return r.taken, err
}

// mergeResult is what merge did: how many items it took, what that adds to the numbers of rows, and where the last of them
// is in the node, at its end or not.
type mergeResult struct {
	taken          int
	distinct, rows int64
	last           int
	atEnd          bool
}

// merge makes set.node of the entries of a leaf and the first of the items, those below the row above, if that is not nil;
// it stops when the node is large enough to be split, and before an item that takes a row away.
func (s *RowSet) merge(leaf []byte, items []rowItem, above []byte) (r mergeResult) {
	out := s.node[:0]
	off, copied := 0, 0
	for _, it := range items {
		row := s.row(it)
		if above != nil && bytes.Compare(row, above) >= 0 {
			break
		}
		count, end, equal := it.count, 0, false
		for off < len(leaf) {
			old, n, next := entryAt(leaf, off)
			if c := bytes.Compare(old, row); c == 0 {
				count, end, equal = count+n, next, true
				break
			} else if c > 0 {
				break
			}
			off = next
		}
		if count == 0 {
			break
		}
		out = append(out, leaf[copied:off]...)
		if copied = off; equal {
			off, copied = end, end
		} else {
			r.distinct++
		}
		r.last = len(out)
		out = append(appendHead(out, len(row), count), row...)
		r.taken++
		r.rows += it.count
		if len(out)+len(leaf)-off > nodeBytes {
			break
		}
	}
	r.atEnd = copied == len(leaf)
	s.node = append(out, leaf[copied:]...)
	return r
}
