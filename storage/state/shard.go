package state

import (
	"unsafe"

	"tarn/storage/slab"
)

// shard is one table: open addressing with linear probing over slots of tag and ref, entries in an arena. The tag is the
// low half of the hash; it gives the home slot and tells nearly all other keys apart without looking at the entry.
type shard struct {
	slots []uint64 // tag << 32 | ref; 0 is empty
	mask  uint32
	taken int    // slots in use, tombstones included
	dead  int    // tombstones
	chunk []byte // the slots' memory if they are off-heap
	arena arena

	// A tag here stands for every dirty entry of that tag: entries move, tags do not.
	dirty  []uint32
	graves []uint32 // tombstones whose deletion is written and perhaps not committed

	partial bool // the store may have keys that memory does not
	scratch []byte
}

var noSlots = make([]uint64, 1)

const minSlots = 16

func (s *shard) init(pool *slab.Pool, limited, partial bool) {
	*s = shard{slots: noSlots, arena: arena{pool: pool, limited: limited}, partial: partial}
}

func tagOf(hash uint64) uint32 { return uint32(hash) }

// find returns the slot and the entry of a key, a tombstone included; without one the slot where it would go.
func (s *shard) find(tag uint32, key []byte) (slot uint32, e entry) {
	for i := tag & s.mask; ; i = (i + 1) & s.mask {
		v := s.slots[i]
		if v == 0 {
			return i, entry{}
		}
		if uint32(v>>32) == tag {
			e := entry{s.arena.ptr(uint32(v))}
			if string(e.key()) == string(key) {
				return i, e
			}
		}
	}
}

// insert adds an entry for a key that is not in memory, with a value of n arbitrary bytes.
func (s *shard) insert(tag uint32, key []byte, n int, f uint64) (entry, error) {
	if (s.taken+1)*4 > len(s.slots)*3 {
		if err := s.resize(max(minSlots, 2*len(s.slots))); err != nil {
			return entry{}, err
		}
	}
	ref, class, err := s.arena.alloc(entryHead + len(key) + n)
	if err != nil {
		return entry{}, err
	}
	e := entry{s.arena.ptr(ref)}
	e.init(class, key, n, f)
	s.place(tag, ref)
	s.taken++
	return e, nil
}

// place puts a ref into the first free slot for its tag.
func (s *shard) place(tag, ref uint32) {
	i := tag & s.mask
	for s.slots[i] != 0 {
		i = (i + 1) & s.mask
	}
	s.slots[i] = uint64(tag)<<32 | uint64(ref)
}

// remove frees an entry and closes the gap in the slots.
func (s *shard) remove(slot uint32, e entry) {
	if e.is(flagDead) {
		s.dead--
	}
	s.arena.release(uint32(s.slots[slot]), e.class())
	s.taken--
	for j := (slot + 1) & s.mask; s.slots[j] != 0; j = (j + 1) & s.mask {
		home := uint32(s.slots[j]>>32) & s.mask
		if (j-home)&s.mask >= (j-slot)&s.mask {
			s.slots[slot] = s.slots[j]
			slot = j
		}
	}
	s.slots[slot] = 0
}

// setLen makes the value of the entry in a slot n bytes long, moving it if it must; what is new is zero.
func (s *shard) setLen(slot uint32, e entry, n int) (entry, error) {
	old := e.valueLen()
	ref := uint32(s.slots[slot])
	room := e.room(&s.arena, ref)
	if n > room || n+entryHead+e.keyLen() < (room+entryHead+e.keyLen())/4 {
		size := entryHead + e.keyLen() + n
		if n > room {
			size += size / 4 // what grew once grows again, mostly
		}
		to, class, err := s.arena.alloc(size)
		if err != nil {
			return entry{}, err
		}
		moved := entry{s.arena.ptr(to)}
		moved.init(class, e.key(), n, *e.header()&flags)
		copy(moved.value(), e.value())
		s.arena.release(ref, e.class())
		s.slots[slot] = s.slots[slot]&^(1<<32-1) | uint64(to)
		e = moved
	} else {
		e.setValueLen(n)
	}
	if n > old {
		clear(e.value()[old:])
	}
	return e, nil
}

// resize makes room for n slots, a power of two. Only tags are read, not entries.
func (s *shard) resize(n int) error {
	slots, chunk, err := newSlots(&s.arena, n)
	if err != nil {
		return err
	}
	old, oldChunk := s.slots, s.chunk
	s.slots, s.chunk, s.mask = slots, chunk, uint32(n-1)
	for _, v := range old {
		if v != 0 {
			s.place(uint32(v>>32), uint32(v))
		}
	}
	if oldChunk != nil {
		s.arena.pool.Put(oldChunk)
	}
	return nil
}

func newSlots(a *arena, n int) (slots []uint64, chunk []byte, err error) {
	if n*8 < slab.MinChunk {
		return make([]uint64, n), nil, nil
	}
	if chunk, err = getChunk(a.pool, n*8, a.limited); err != nil {
		return nil, nil, err
	}
	slots = unsafe.Slice((*uint64)(unsafe.Pointer(unsafe.SliceData(chunk))), n)
	clear(slots)
	return slots, chunk, nil
}

func (s *shard) bytes() int64 { return s.arena.bytes + int64(len(s.slots))*8 }

// release gives the shard's memory back and leaves it empty.
func (s *shard) release() {
	if s.chunk != nil {
		s.arena.pool.Put(s.chunk)
	}
	s.arena.reset()
	s.init(s.arena.pool, s.arena.limited, s.partial)
}

// each calls f for every entry in memory, tombstones included, until it returns false.
func (s *shard) each(f func(tag uint32, e entry) bool) bool {
	for _, v := range s.slots {
		if v != 0 && !f(uint32(v>>32), entry{s.arena.ptr(uint32(v))}) {
			return false
		}
	}
	return true
}

// tagged calls f for every entry of a tag. f may remove the entry, and says so.
func (s *shard) tagged(tag uint32, f func(slot uint32, e entry) (removed bool)) {
	for i := tag & s.mask; s.slots[i] != 0; {
		v := s.slots[i]
		if uint32(v>>32) == tag && f(i, entry{s.arena.ptr(uint32(v))}) {
			continue // another entry may have moved into the gap
		}
		i = (i + 1) & s.mask
	}
}
