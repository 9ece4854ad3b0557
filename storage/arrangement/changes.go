package arrangement

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"
)

// Changes is a reusable buffer of changes to one arrangement, in any order.
type Changes struct {
	bytes []byte // keys and rows
	items []change
	order []sortKey
}

// change is one change in Changes.bytes: key, then row.
type change struct {
	at       int
	key, row int
	count    int64
}

// sortKey is what changes are sorted by: nearly always the prefix alone decides.
type sortKey struct {
	prefix uint64
	item   uint32
}

// Add records a change; key and row are copied.
//
//   - Unique: the old row of a key with count -1, the new one with +1. Rows that cancel out are dropped.
//   - Bag: the key is the element, the row is empty, and count any number.
func (c *Changes) Add(key, row []byte, count int64) {
	at := len(c.bytes)
	c.bytes = append(append(c.bytes, key...), row...)
	c.items = append(c.items, change{at, len(key), len(row), count})
}

// Len is the number of changes recorded.
func (c *Changes) Len() int { return len(c.items) }

// Reset empties the buffer for reuse.
func (c *Changes) Reset() {
	if cap(c.bytes) > 64<<20 {
		*c = Changes{}
		return
	}
	c.bytes, c.items = c.bytes[:0], c.items[:0]
}

func (c *Changes) key(i uint32) []byte {
	it := &c.items[i]
	return c.bytes[it.at : it.at+it.key]
}

func (c *Changes) row(i uint32) []byte {
	it := &c.items[i]
	return c.bytes[it.at+it.key : it.at+it.key+it.row]
}

// sort orders the changes by key, then row.
func (c *Changes) sort() []sortKey {
	c.order = c.order[:0]
	for i := range c.items {
		c.order = append(c.order, sortKey{prefixOf(c.key(uint32(i))), uint32(i)})
	}
	slices.SortFunc(c.order, func(a, b sortKey) int {
		if d := cmp.Compare(a.prefix, b.prefix); d != 0 {
			return d
		}
		if d := bytes.Compare(c.key(a.item), c.key(b.item)); d != 0 {
			return d
		}
		return bytes.Compare(c.row(a.item), c.row(b.item))
	})
	return c.order
}

// prefixOf maps keys to numbers in the same order, as far as 64 bits go: if a <= b then prefixOf(a) <= prefixOf(b). The
// first byte of a key is mostly a small marker, which gets two bits so that an integer after it keeps 62 of its 64.
func prefixOf(key []byte) uint64 {
	if len(key) >= 9 && key[0] < 3 {
		return uint64(key[0])<<62 | binary.BigEndian.Uint64(key[1:])>>2
	}
	var b [9]byte
	copy(b[:], key)
	if b[0] < 3 {
		return uint64(b[0])<<62 | binary.BigEndian.Uint64(b[1:])>>2
	}
	return 3<<62 | binary.BigEndian.Uint64(b[:])>>2
}
