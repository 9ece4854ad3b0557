package state

import (
	"encoding/binary"
	"fmt"

	"tarn/delta"
	"tarn/storage"
	"tarn/storage/slab"
)

// Lists is a map from keys to lists of rows that only grow. Where nothing is ever taken away and no order is asked for, it
// takes the place of a Multimap: a row is appended instead of being sorted in, and takes a third of the bytes, because it is
// written as the difference to the first row of its block.
//
// A list is an entry of one map, which has its last block, and, as entries of a second one, the blocks before it; those never
// change again, so a checkpoint writes what is new of a list and at most one block besides.
//
//	4 bytes  number of full blocks, little endian
//	...      the last block (delta.AppendBlock)
//
// What Map says of hashes, sharing and the validity of slices holds here too.
type Lists struct {
	heads  *Map // by key
	blocks *Map // by key‖number of the block from 1 on, 4 bytes big endian; in the shard of the key
}

const (
	listHead   = 4
	blockBytes = 1 << 10 // a block of this size or more is full
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
}

// Append appends rows of a batch to the list of a key: those of its columns whose numbers are in cols, which must be the same
// for all rows of the lists. A row with a count below zero is an error. After an error, which else is of reading the store or
// of having no memory, the lists are to be released.
func (l *Lists) Append(w *ListWriter, hash uint64, key []byte, b *delta.Batch, cols []int, rows []int32) error {
	v, found, err := l.heads.Get(hash, key)
	if err != nil {
		return err
	}
	full, tail := uint32(0), []byte(nil)
	if found {
		full, tail = binary.LittleEndian.Uint32(v), v[listHead:]
	}
	if err := w.rows.Start(tail, b, cols); err != nil {
		return fmt.Errorf("list %x: %w", key, err)
	}
	w.block = w.block[:0]
	for _, i := range rows {
		if n := b.Count(int(i)); n < 1 {
			if n == 0 {
				continue
			}
			return fmt.Errorf("a row with count %d comes to a list that only grows", n)
		}
		w.block = w.rows.Append(w.block, int(i))
		if len(tail)+len(w.block) < blockBytes {
			continue
		}
		full++
		if err := l.store(hash, key, full, tail, w.block); err != nil {
			return err
		}
		tail, w.block = nil, w.block[:0]
		w.rows.Next()
	}
	if v, _, err = l.heads.Put(hash, key, listHead+len(tail)+len(w.block)); err != nil {
		return err
	}
	binary.LittleEndian.PutUint32(v, full)
	copy(v[listHead+len(tail):], w.block)
	return nil
}

// store writes a full block.
func (l *Lists) store(hash uint64, key []byte, number uint32, from, to []byte) error {
	var buf [96]byte
	k, h := nodeKey(buf[:0], hash, key, number)
	v, _, err := l.blocks.Put(h, k, len(from)+len(to))
	if err == nil {
		copy(v[copy(v, from):], to)
	}
	return err
}

// Each calls f for the blocks of the list of a key, in order, until it returns an error, which Each returns. f must not
// change the lists; a block is valid as long as a value from Map.Get.
func (l *Lists) Each(hash uint64, key []byte, f func(block []byte) error) error {
	head, found, err := l.heads.Get(hash, key)
	if err != nil || !found {
		return err
	}
	var buf [96]byte
	for n := uint32(1); n <= binary.LittleEndian.Uint32(head); n++ {
		k, h := nodeKey(buf[:0], hash, key, n)
		v, found, err := l.blocks.Get(h, k)
		if err == nil && !found {
			err = fmt.Errorf("state is corrupt: block %d of list %x is missing", n, key)
		}
		if err != nil {
			return err
		}
		if err := f(v); err != nil {
			return err
		}
	}
	if len(head) > listHead {
		return f(head[listHead:])
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
