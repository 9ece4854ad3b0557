package state

import (
	"bytes"
	"encoding/binary"

	"tarn/delta"
	"tarn/storage"
	"tarn/storage/slab"
)

// Multimap is a map from keys to multisets of rows, each sorted by the rows' bytes, with signed counts.
//
// A group of up to about 2 KiB is one entry of a Map. A larger one is a B+ tree whose root stays in that entry and whose
// other nodes are entries of a second map, so that a change of a group of any size rewrites a few nodes of 2 KiB. Nodes
// that become empty go; half-empty ones are not joined.
//
// The head of a group, before its root node:
//
//	1 byte   height: 0, the root is a leaf
//	1 byte   zero
//	2 bytes  where the last entry starts, if the root is a leaf
//	4 bytes  number of different rows
//	8 bytes  sum of their counts
//	4 bytes  last number given to a node, if the root is not a leaf
//
// All numbers are little endian. What Map says of hashes, sharing and the validity of slices holds here too.
type Multimap struct {
	groups *Map // by key
	nodes  *Map // by key‖number of the node, 4 bytes big endian; in the shard of the key
}

const (
	headBytes = 16
	tallBytes = headBytes + 4
)

// OpenMultimap returns the multimap that is stored under an id; complete as for Open.
func OpenMultimap(store *storage.Store, id uint32, complete bool) *Multimap {
	return newMultimap(open(store, storage.SpaceState, id, complete), open(store, storage.SpaceBlock, id, complete))
}

// EphemeralMultimap returns a multimap of which nothing is ever stored, as Ephemeral does.
func EphemeralMultimap(pool *slab.Pool) *Multimap {
	return newMultimap(Ephemeral(pool), Ephemeral(pool))
}

func newMultimap(groups, nodes *Map) *Multimap {
	nodes.suffix = 4
	return &Multimap{groups, nodes}
}

func rootHeight(v []byte) int         { return int(v[0]) }
func rootLast(v []byte) int           { return int(binary.LittleEndian.Uint16(v[2:])) }
func rootDistinct(v []byte) int64     { return int64(binary.LittleEndian.Uint32(v[4:])) }
func rootRows(v []byte) int64         { return int64(binary.LittleEndian.Uint64(v[8:])) }
func setRootLast(v []byte, off int)   { binary.LittleEndian.PutUint16(v[2:], uint16(off)) }
func addRootRows(v []byte, d int64)   { binary.LittleEndian.PutUint64(v[8:], uint64(rootRows(v)+d)) }
func addDistinct(v []byte, d int64)   { binary.LittleEndian.PutUint32(v[4:], uint32(rootDistinct(v)+d)) }
func lastNode(v []byte) uint32        { return binary.LittleEndian.Uint32(v[headBytes:]) }
func setLastNode(v []byte, id uint32) { binary.LittleEndian.PutUint32(v[headBytes:], id) }

// rootStart is where the root node starts in the entry of a group.
func rootStart(v []byte) int {
	if v[0] == 0 {
		return headBytes
	}
	return tallBytes
}

// Add adds count to the count of a row and returns the count as it was and as it is. It may be below zero. At zero the
// row goes, and with its last row the key. The row must not lie in this multimap's own memory. After an error, which is of
// reading the store or of having no memory, a group that is a tree may be half changed: the multimap is to be released.
func (m *Multimap) Add(hash uint64, key, row []byte, count int64) (before, after int64, err error) {
	if count == 0 {
		before, err = m.Count(hash, key, row)
		return before, before, err
	}
	v, found, err := m.groups.Get(hash, key)
	if err != nil {
		return 0, 0, err
	}
	if !found {
		if v, _, err = m.groups.Put(hash, key, headBytes+entryBytes(row, count)); err != nil {
			return 0, 0, err
		}
		setRootLast(v, headBytes)
		addDistinct(v, 1)
		addRootRows(v, count)
		writeEntry(v[headBytes:], row, count)
		return 0, count, nil
	}
	if rootHeight(v) > 0 {
		return m.addTall(hash, key, row, count)
	}
	return m.addSmall(hash, key, v, row, count)
}

// addSmall is Add for a group whose root is its only node.
func (m *Multimap) addSmall(hash uint64, key, v, row []byte, count int64) (before, after int64, err error) {
	at, end, equal := len(v), len(v), false
	last := rootLast(v)
	switch r, n, _ := entryAt(v, last); bytes.Compare(r, row) {
	case -1: // after the last one, where rows that arrive in order go
	case 0:
		at, before, equal = last, n, true
	default:
		at, end, before, equal = search(v, headBytes, row)
	}
	after = before + count
	root := node{m: m.groups, hash: hash, key: key, value: v}
	size := 0
	if after != 0 {
		size = entryBytes(row, after)
	}
	if after == 0 && rootDistinct(v) == 1 {
		_, err = m.groups.Delete(hash, key)
		return before, 0, err
	}
	if err = root.splice(at, end-at, row, after, size); err != nil {
		return 0, 0, err
	}
	v = root.value
	switch {
	case after == 0:
		addDistinct(v, -1)
		if at == last {
			setRootLast(v, lastEntry(v, headBytes))
		} else {
			setRootLast(v, last-(end-at))
		}
	case !equal:
		addDistinct(v, 1)
		if at > last {
			setRootLast(v, at)
		} else {
			setRootLast(v, last+size)
		}
	case at < last:
		setRootLast(v, last+size-(end-at))
	}
	addRootRows(v, count)
	if len(v)-headBytes > nodeBytes && rootDistinct(v) > 1 {
		err = m.growRoot(hash, key, at+size == len(v))
	}
	return before, after, err
}

// node is a node as an entry of a map: the value is all of the entry, a root's head included.
type node struct {
	m     *Map
	hash  uint64
	key   []byte
	value []byte
	start int // of the node's entries in the value
}

// splice replaces the bytes [at, at+old) of a node by an entry of size bytes, or by nothing if size is zero.
func (n *node) splice(at, old int, row []byte, value int64, size int) (err error) {
	was := len(n.value)
	if n.value, _, err = n.m.Put(n.hash, n.key, max(was, was+size-old)); err != nil {
		return err
	}
	copy(n.value[at+size:], n.value[at+old:was])
	if size > 0 {
		writeEntry(n.value[at:], row, value)
	}
	if size < old {
		n.value, _, err = n.m.Put(n.hash, n.key, was+size-old)
	}
	return err
}

func writeEntry(dst, row []byte, value int64) {
	n := binary.PutUvarint(dst, uint64(len(row)))
	n += binary.PutVarint(dst[n:], value)
	copy(dst[n:], row)
}

// Count returns the count of a row, zero if there is none.
func (m *Multimap) Count(hash uint64, key, row []byte) (int64, error) {
	v, found, err := m.groups.Get(hash, key)
	if err != nil || !found {
		return 0, err
	}
	leaf, off := v, rootStart(v)
	for range rootHeight(v) {
		_, _, id := child(leaf, off, row)
		if leaf, err = m.load(hash, key, id); err != nil {
			return 0, err
		}
		off = 0
	}
	_, _, count, equal := search(leaf, off, row)
	if !equal {
		return 0, nil
	}
	return count, nil
}

// Rows is the sum of the counts of a key's rows.
func (m *Multimap) Rows(hash uint64, key []byte) (int64, error) {
	v, found, err := m.groups.Get(hash, key)
	if err != nil || !found {
		return 0, err
	}
	return rootRows(v), nil
}

// Distinct is the number of different rows of a key.
func (m *Multimap) Distinct(hash uint64, key []byte) (int64, error) {
	v, found, err := m.groups.Get(hash, key)
	if err != nil || !found {
		return 0, err
	}
	return rootDistinct(v), nil
}

// Load is Map.Load for the groups; of a tree it brings the root.
func (m *Multimap) Load(keys *delta.Keys, rows []int32) error { return m.groups.Load(keys, rows) }

// Touch, Fork, WriteDirty and Release do for both maps what they do for one.
func (m *Multimap) Touch(hashes []uint64) { m.groups.Touch(hashes) }

func (m *Multimap) Fork() error {
	if err := m.groups.Fork(); err != nil {
		return err
	}
	return m.nodes.Fork()
}

func (m *Multimap) WriteDirty(cp *storage.Checkpoint) {
	m.groups.WriteDirty(cp)
	m.nodes.WriteDirty(cp)
}

func (m *Multimap) Release() {
	m.groups.Release()
	m.nodes.Release()
}

// Len is the number of keys in memory, as Map.Len.
func (m *Multimap) Len() int { return m.groups.Len() }

// Bytes is the memory the multimap occupies.
func (m *Multimap) Bytes() int64 { return m.groups.Bytes() + m.nodes.Bytes() }

// Evict is Map.Evict for both maps, each down to its part of the target.
func (m *Multimap) Evict(target int64) (int64, error) { return evictBoth(m.groups, m.nodes, target) }
