package state

import (
	"bytes"
	"encoding/binary"
)

// A node of a multimap's tree is a run of entries, ascending by row:
//
//	length of the row (uvarint), value (zigzag varint), row
//
// In a leaf the value is the count of the row. In an inner node it is the number of a child, and the row a separator: at
// most the smallest row below the child, and above all rows below the child before it; the first child also takes what
// is below its separator.

// Sizes above which a leaf or a root, and an inner node, is split. Separators are short and a search reads a node from its
// start, so inner nodes are smaller.
const (
	nodeBytes  = 2 << 10
	innerBytes = 768
)

// entryAt decodes the entry at off; end is where the next one starts.
func entryAt(node []byte, off int) (row []byte, value int64, end int) {
	n, value, off := entryStart(node, off)
	end = off + n
	return node[off:end:end], value, end
}

// entryStart decodes what is before the row: its length, the value, and where it starts. Nearly always both numbers take
// one byte.
func entryStart(node []byte, off int) (n int, value int64, at int) {
	a, b := node[off], node[off+1]
	if a|b < 0x80 {
		return int(a), int64(b>>1) ^ -int64(b&1), off + 2
	}
	length, off := uvarint(node, off)
	u, off := uvarint(node, off)
	return int(length), int64(u>>1) ^ -int64(u&1), off
}

// uvarint is binary.Uvarint for numbers known to be whole, without the checks, which cost twice the decoding.
func uvarint(b []byte, off int) (u uint64, end int) {
	for shift := 0; ; shift += 7 {
		c := b[off]
		off++
		u |= uint64(c&0x7f) << shift
		if c < 0x80 {
			return u, off
		}
	}
}

func entryBytes(row []byte, value int64) int {
	var b [2 * binary.MaxVarintLen64]byte
	return len(appendHead(b[:0], len(row), value)) + len(row)
}

func appendHead(dst []byte, n int, value int64) []byte {
	return binary.AppendVarint(binary.AppendUvarint(dst, uint64(n)), value)
}

// search finds a row from off on: the bytes [at, end) of its entry and its value. Without it, at and end are where its
// entry would go.
func search(node []byte, off int, row []byte) (at, end int, value int64, equal bool) {
	for off < len(node) {
		r, v, next := entryAt(node, off)
		switch c := bytes.Compare(r, row); {
		case c == 0:
			return off, next, v, true
		case c > 0:
			return off, off, 0, false
		}
		off = next
	}
	return off, off, 0, false
}

// child returns the entry of an inner node from off on that a row belongs under.
func child(node []byte, off int, row []byte) (at, end int, id uint32) {
	_, v, next := entryAt(node, off)
	at, end, id = off, next, uint32(v)
	for end < len(node) {
		separator, v, next := entryAt(node, end)
		if bytes.Compare(separator, row) > 0 {
			break
		}
		at, end, id = end, next, uint32(v)
	}
	return at, end, id
}

// lastEntry returns where the last entry of a node starts that has one from off on.
func lastEntry(node []byte, off int) int {
	for {
		_, _, end := entryAt(node, off)
		if end == len(node) {
			return off
		}
		off = end
	}
}

// cut returns where to split a node from off on: at an entry, with at least one on either side. A node that grows at its
// end is left full, so that rows arriving in order fill their nodes.
func cut(node []byte, off int, atEnd bool) int {
	if atEnd {
		return lastEntry(node, off)
	}
	half := off + (len(node)-off)/2
	_, _, at := entryAt(node, off)
	for at < half {
		_, _, end := entryAt(node, at)
		if end == len(node) {
			break
		}
		at = end
	}
	return at
}

// separator is the shortest row above left and not above right.
func separator(left, right []byte) []byte {
	n := 0
	for n < len(left) && left[n] == right[n] {
		n++
	}
	return right[:n+1]
}
