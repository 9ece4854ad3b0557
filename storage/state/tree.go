package state

import (
	"encoding/binary"
	"fmt"
)

// maxHeight bounds the path from a root to a leaf. Even with two children per node it is more than memory can hold.
const maxHeight = 32

// nodeKey builds the key of a node in buf and returns it with its hash, which puts it into the shard of the group.
func nodeKey(buf []byte, hash uint64, key []byte, id uint32) ([]byte, uint64) {
	k := binary.BigEndian.AppendUint32(append(buf, key...), id)
	return k, hash&(0xff<<56) | Hash(k)&(1<<56-1)
}

// load returns a node other than the root.
func (m *Multimap) load(hash uint64, key []byte, id uint32) ([]byte, error) {
	var buf [96]byte
	k, h := nodeKey(buf[:0], hash, key, id)
	v, found, err := m.nodes.Get(h, k)
	if err == nil && !found {
		err = fmt.Errorf("state is corrupt: node %d of group %x is missing", id, key)
	}
	return v, err
}

// growRoot makes a root that is too large a parent of two new nodes.
func (m *Multimap) growRoot(hash uint64, key []byte, atEnd bool) error {
	v, _, err := m.groups.Get(hash, key)
	if err != nil {
		return err
	}
	start := rootStart(v)
	at := cut(v, start, atEnd)
	var left, right uint32 = 1, 2
	height := rootHeight(v) + 1
	if height > 1 {
		left = lastNode(v) + 1
		right = left + 1
	}
	above, _, _ := entryAt(v, at)
	if height == 1 {
		below, _, _ := entryAt(v, lastEntry(v[:at], start))
		above = separator(below, above)
	}
	// v stays as it is until the root is written: the new nodes are entries of the other map.
	if err := m.store(hash, key, left, v[start:at]); err != nil {
		return err
	}
	if err := m.store(hash, key, right, v[at:]); err != nil {
		return err
	}
	above = append([]byte(nil), above...)
	toLeft, toRight := entryBytes(nil, int64(left)), entryBytes(above, int64(right))
	if v, _, err = m.groups.Put(hash, key, tallBytes+toLeft+toRight); err != nil {
		return err
	}
	v[0] = byte(height)
	setRootLast(v, 0)
	setLastNode(v, right)
	writeEntry(v[tallBytes:], nil, int64(left))
	writeEntry(v[tallBytes+toLeft:], above, int64(right))
	return nil
}

// store writes a new node.
func (m *Multimap) store(hash uint64, key []byte, id uint32, content []byte) error {
	var buf [96]byte
	k, h := nodeKey(buf[:0], hash, key, id)
	v, _, err := m.nodes.Put(h, k, len(content))
	if err == nil {
		copy(v, content)
	}
	return err
}

// step is one node on the path to a leaf: which it is, and the entry of it that was followed.
type step struct {
	id      uint32
	at, end int
}

// addTall is Add for a group that is a tree.
func (m *Multimap) addTall(hash uint64, key, row []byte, count int64) (before, after int64, err error) {
	v, _, err := m.groups.Get(hash, key)
	if err != nil {
		return 0, 0, err
	}
	height := rootHeight(v)
	if height >= maxHeight {
		return 0, 0, fmt.Errorf("state is corrupt: group %x has height %d", key, height)
	}
	var path [maxHeight]step
	off, id := tallBytes, uint32(0)
	for i := range height {
		at, end, below := child(v, off, row)
		path[i] = step{id, at, end}
		if v, err = m.load(hash, key, below); err != nil {
			return 0, 0, err
		}
		off, id = 0, below
	}
	at, end, before, equal := search(v, 0, row)
	after = before + count
	size, distinct := 0, int64(0)
	if after != 0 {
		size = entryBytes(row, after)
	}
	switch {
	case !equal:
		distinct = 1
	case after == 0:
		distinct = -1
	}
	if size == 0 && end-at == len(v) {
		err = m.dropNode(hash, key, path[:height], id)
	} else {
		var buf [96]byte
		k, h := nodeKey(buf[:0], hash, key, id)
		leaf := node{m: m.nodes, hash: h, key: k, value: v}
		if err = leaf.splice(at, end-at, row, after, size); err == nil && len(leaf.value) > nodeBytes {
			err = m.splitNode(hash, key, path[:height], id, at+size == len(leaf.value))
		}
	}
	if err != nil {
		return 0, 0, err
	}
	return before, after, m.count(hash, key, distinct, count)
}

// count adds to the numbers in a group's head, if the group is still there.
func (m *Multimap) count(hash uint64, key []byte, distinct, rows int64) error {
	v, found, err := m.groups.Get(hash, key)
	if err != nil || !found {
		return err
	}
	if v, _, err = m.groups.Put(hash, key, len(v)); err != nil {
		return err
	}
	addDistinct(v, distinct)
	addRootRows(v, rows)
	return nil
}

// splitNode moves the upper part of a node, if it has two entries, to a new one and enters that into its parent, the
// last step of the path.
func (m *Multimap) splitNode(hash uint64, key []byte, path []step, id uint32, atEnd bool) error {
	v, err := m.load(hash, key, id)
	if err != nil {
		return err
	}
	if _, _, end := entryAt(v, 0); end == len(v) {
		return nil // one large row
	}
	root, _, err := m.groups.Get(hash, key)
	if err != nil {
		return err
	}
	at := cut(v, 0, atEnd)
	above, _, _ := entryAt(v, at)
	if len(path) == rootHeight(root) { // a leaf
		below, _, _ := entryAt(v, lastEntry(v[:at], 0))
		above = separator(below, above)
	}
	// Writing to the map moves entries, so what is taken from this one is copied first.
	above = append([]byte(nil), above...)
	upper := append([]byte(nil), v[at:]...)
	number := lastNode(root) + 1
	if root, _, err = m.groups.Put(hash, key, len(root)); err != nil {
		return err
	}
	setLastNode(root, number)
	if err := m.store(hash, key, number, upper); err != nil {
		return err
	}
	var buf [96]byte
	k, h := nodeKey(buf[:0], hash, key, id)
	if _, _, err := m.nodes.Put(h, k, at); err != nil {
		return err
	}

	up := path[len(path)-1]
	parent, err := m.open(hash, key, up.id, buf[:0])
	if err != nil {
		return err
	}
	size := entryBytes(above, int64(number))
	if err := parent.splice(up.end, 0, above, int64(number), size); err != nil {
		return err
	}
	if len(parent.value)-parent.start <= innerBytes {
		return nil
	}
	atEnd = up.end+size == len(parent.value)
	if up.id == 0 {
		return m.growRoot(hash, key, atEnd)
	}
	return m.splitNode(hash, key, path[:len(path)-1], up.id, atEnd)
}

// open returns an inner node to be written to; number 0 is the root. The key is built in buf.
func (m *Multimap) open(hash uint64, key []byte, id uint32, buf []byte) (node, error) {
	if id == 0 {
		v, _, err := m.groups.Get(hash, key)
		return node{m: m.groups, hash: hash, key: key, value: v, start: tallBytes}, err
	}
	v, err := m.load(hash, key, id)
	k, h := nodeKey(buf, hash, key, id)
	return node{m: m.nodes, hash: h, key: k, value: v}, err
}

// dropNode removes a node that has become empty from its parent, the last step of the path, and with it every parent
// that has no other child; with its root the group goes.
func (m *Multimap) dropNode(hash uint64, key []byte, path []step, id uint32) error {
	var buf [96]byte
	k, h := nodeKey(buf[:0], hash, key, id)
	if _, err := m.nodes.Delete(h, k); err != nil {
		return err
	}
	up := path[len(path)-1]
	parent, err := m.open(hash, key, up.id, buf[:0])
	if err != nil {
		return err
	}
	if up.end-up.at < len(parent.value)-parent.start {
		return parent.splice(up.at, up.end-up.at, nil, 0, 0)
	}
	if up.id == 0 {
		_, err := m.groups.Delete(hash, key)
		return err
	}
	return m.dropNode(hash, key, path[:len(path)-1], up.id)
}
