package state

import (
	"encoding/binary"
	"errors"
	"fmt"

	"tarn/delta"
	"tarn/storage"
	"tarn/storage/slab"
)

// Lists is a map from keys to two lists of rows each that only grow: those of the sides of a join, which are asked for
// together. Where nothing is ever taken away and no order is asked for, it takes the place of a Multimap: a row is appended
// instead of being sorted in, and takes a third of the bytes, because it is written as the difference to the first row of its
// block.
//
// The lists of a key are an entry of one map, which has the last block of each, and, as entries of a second one, the blocks
// before those; they never change again, so a checkpoint writes what is new of a list and at most one block of either side
// besides.
//
//	uvarint  number of full blocks of side 0
//	uvarint  of side 1
//	uvarint  bytes of the last block of side 0
//	...      the last block of side 0 (delta.AppendBlock)
//	...      that of side 1
//
// What Map says of hashes, sharing and the validity of slices holds here too.
type Lists struct {
	heads  *Map // by key
	blocks *Map // by key‖number of the block from 1 on, 4 bytes big endian, their highest bit the side; in the shard of the key
}

const (
	blockBytes = 1 << 10 // a block of this size or more is full
	secondSide = 1 << 31 // in the numbers of blocks of side 1
)

// OpenLists returns the lists that are stored under an id; complete as for Open.
func OpenLists(store *storage.Store, id uint32, complete bool) *Lists {
	return newLists(open(store, storage.SpaceState, id, complete), open(store, storage.SpaceBlock, id, complete))
}

// EphemeralLists returns lists of which nothing is ever stored, as Ephemeral does.
func EphemeralLists(pool *slab.Pool) *Lists { return newLists(Ephemeral(pool), Ephemeral(pool)) }

func newLists(heads, blocks *Map) *Lists {
	blocks.suffix = 4
	return &Lists{heads, blocks}
}

// ListWriter is the memory that Append needs; each goroutine has its own.
type ListWriter struct {
	rows  delta.BlockWriter
	block []byte
	head  []byte
}

// head is the entry of a key, taken apart.
type head struct {
	full  [2]uint32
	tails [2][]byte
}

// parseHead takes an entry apart; of a key that has none, all is empty.
func parseHead(v []byte) (h head, err error) {
	if len(v) == 0 {
		return h, nil
	}
	var n [3]uint64
	for i := range n {
		u, size := binary.Uvarint(v)
		if size <= 0 || u >= secondSide {
			return h, errListHead
		}
		n[i], v = u, v[size:]
	}
	if n[2] > uint64(len(v)) {
		return h, errListHead
	}
	h.full = [2]uint32{uint32(n[0]), uint32(n[1])}
	h.tails = [2][]byte{v[:n[2]], v[n[2]:]}
	return h, nil
}

var errListHead = errors.New("state is corrupt: the head of a list is cut short")

// append appends the entry to dst, with more rows at the end of the last block of a side.
func (h *head) append(dst []byte, side int, more []byte) []byte {
	first := len(h.tails[0])
	if side == 0 {
		first += len(more)
	}
	for _, n := range [...]uint32{h.full[0], h.full[1], uint32(first)} {
		dst = binary.AppendUvarint(dst, uint64(n))
	}
	for i, tail := range h.tails {
		if dst = append(dst, tail...); i == side {
			dst = append(dst, more...)
		}
	}
	return dst
}

// Append appends rows of a batch to a list of a key: those of its columns whose numbers are in cols, which must be the same
// for all rows of a side. A row with a count below zero is an error. After an error, which else is of reading the store or
// of having no memory, the lists are to be released.
func (l *Lists) Append(w *ListWriter, hash uint64, key []byte, side int, b *delta.Batch, cols []int, rows []int32) error {
	return l.Meet(w, hash, key, side, b, cols, rows, nil)
}

// Meet is Each for the other side, unless f is nil, and then Append to this one, at one look-up of the key.
func (l *Lists) Meet(w *ListWriter, hash uint64, key []byte, side int, b *delta.Batch, cols []int, rows []int32, f func(block []byte) error) error {
	at, err := l.heads.look(hash, key)
	if err != nil {
		return err
	}
	v := at.value()
	h, err := parseHead(v)
	if err != nil {
		return err
	}
	if f != nil {
		if err := l.each(hash, key, 1-side, &h, f); err != nil {
			return err
		}
	}
	if err := w.rows.Start(h.tails[side], b, cols); err != nil {
		return fmt.Errorf("list %x: %w", key, err)
	}
	w.block = w.block[:0]
	before := h.full[side]
	for len(rows) > 0 {
		var n int
		if w.block, n = w.rows.AppendMany(w.block, rows, len(h.tails[side]), blockBytes); n == 0 {
			i := int(rows[0])
			if count := b.Count(i); count > 0 {
				w.block = w.rows.Append(w.block, i)
			} else if count < 0 {
				return fmt.Errorf("a row with count %d comes to a list that only grows", count)
			}
			n = 1
		}
		rows = rows[n:]
		if len(h.tails[side])+len(w.block) < blockBytes {
			continue
		}
		if h.full[side]++; h.full[side] == secondSide {
			return fmt.Errorf("list %x has %d blocks, and can have no more", key, h.full[side])
		}
		if err := l.store(hash, key, side, h.full[side], h.tails[side], w.block); err != nil {
			return err
		}
		h.tails[side], w.block = nil, w.block[:0]
		w.rows.Next()
	}
	if side == 1 && len(v) > 0 && h.full[1] == before { // what is there stays where it is
		n := len(v)
		if v, err = l.heads.putAt(at, hash, key, n+len(w.block)); err == nil {
			copy(v[n:], w.block)
		}
		return err
	}
	w.head = h.append(w.head[:0], side, w.block)
	if v, err = l.heads.putAt(at, hash, key, len(w.head)); err == nil {
		copy(v, w.head)
	}
	return err
}

// store writes a full block.
func (l *Lists) store(hash uint64, key []byte, side int, number uint32, from, to []byte) error {
	var buf [96]byte
	k, h := nodeKey(buf[:0], hash, key, number|uint32(side)*secondSide)
	v, _, err := l.blocks.Put(h, k, len(from)+len(to))
	if err == nil {
		copy(v[copy(v, from):], to)
	}
	return err
}

// Each calls f for the blocks of a list of a key, in order, until it returns an error, which Each returns. f must not change
// the lists; a block is valid as long as a value from Map.Get.
func (l *Lists) Each(hash uint64, key []byte, side int, f func(block []byte) error) error {
	v, found, err := l.heads.Get(hash, key)
	if err != nil || !found {
		return err
	}
	h, err := parseHead(v)
	if err != nil {
		return err
	}
	return l.each(hash, key, side, &h, f)
}

func (l *Lists) each(hash uint64, key []byte, side int, h *head, f func(block []byte) error) error {
	var buf [96]byte
	for n := uint32(1); n <= h.full[side]; n++ {
		k, hash := nodeKey(buf[:0], hash, key, n|uint32(side)*secondSide)
		v, found, err := l.blocks.Get(hash, k)
		if err == nil && !found {
			err = fmt.Errorf("state is corrupt: block %d of side %d of list %x is missing", n, side, key)
		}
		if err != nil {
			return err
		}
		if err := f(v); err != nil {
			return err
		}
	}
	if len(h.tails[side]) > 0 {
		return f(h.tails[side])
	}
	return nil
}

// Load is Map.Load for the last blocks of lists.
func (l *Lists) Load(keys *delta.Keys, rows []int32) error { return l.heads.Load(keys, rows) }

// Touch, Fork, WriteDirty and Release do for both maps what they do for one.
func (l *Lists) Touch(hashes []uint64) { l.heads.Touch(hashes) }

func (l *Lists) Fork() error {
	if err := l.heads.Fork(); err != nil {
		return err
	}
	return l.blocks.Fork()
}

func (l *Lists) WriteDirty(cp *storage.Checkpoint) {
	l.heads.WriteDirty(cp)
	l.blocks.WriteDirty(cp)
}

func (l *Lists) Release() {
	l.heads.Release()
	l.blocks.Release()
}

// Bytes is the memory the lists occupy.
func (l *Lists) Bytes() int64 { return l.heads.Bytes() + l.blocks.Bytes() }

// Evict is Map.Evict for both maps, each down to its part of the target.
func (l *Lists) Evict(target int64) (int64, error) { return evictBoth(l.heads, l.blocks, target) }

// evictBoth brings two maps down to a target together, each to its part of it.
func evictBoth(a, b *Map, target int64) (int64, error) {
	total := a.Bytes() + b.Bytes()
	if total <= target {
		return 0, nil
	}
	part := float64(target) / float64(total)
	first, err := a.Evict(int64(part * float64(a.Bytes())))
	if err != nil {
		return first, err
	}
	second, err := b.Evict(int64(part * float64(b.Bytes())))
	return first + second, err
}
