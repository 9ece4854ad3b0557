package exec

import "bytes"

// rowIndex numbers byte strings in the order in which they are first seen. It forgets with reset but keeps its memory.
type rowIndex struct {
	slots  []int32 // number+1 by hash, open addressing; 0 is free
	hashes []uint64
	ends   []int // of entry i in data
	data   []byte
}

func (x *rowIndex) len() int { return len(x.hashes) }

// at is entry i; valid until reset.
func (x *rowIndex) at(i int) []byte {
	from := 0
	if i > 0 {
		from = x.ends[i-1]
	}
	return x.data[from:x.ends[i]:x.ends[i]]
}

// add returns the number of key, which it copies if it is new.
func (x *rowIndex) add(hash uint64, key []byte) (i int, fresh bool) {
	if 4*(len(x.hashes)+1) > 3*len(x.slots) {
		x.grow()
	}
	mask := uint64(len(x.slots) - 1)
	s := hash & mask
	for x.slots[s] != 0 {
		i := int(x.slots[s] - 1)
		if x.hashes[i] == hash && bytes.Equal(x.at(i), key) {
			return i, false
		}
		s = (s + 1) & mask
	}
	x.hashes = append(x.hashes, hash)
	x.slots[s] = int32(len(x.hashes))
	x.data = append(x.data, key...)
	x.ends = append(x.ends, len(x.data))
	return len(x.hashes) - 1, true
}

func (x *rowIndex) grow() {
	x.slots = make([]int32, max(64, 2*len(x.slots)))
	mask := uint64(len(x.slots) - 1)
	for i, h := range x.hashes {
		s := h & mask
		for x.slots[s] != 0 {
			s = (s + 1) & mask
		}
		x.slots[s] = int32(i + 1)
	}
}

// reset forgets all entries. Memory that one large epoch took is given up.
func (x *rowIndex) reset() {
	if len(x.hashes) > 1<<16 {
		*x = rowIndex{}
		return
	}
	if len(x.hashes) > 0 {
		clear(x.slots)
	}
	x.hashes, x.ends, x.data = x.hashes[:0], x.ends[:0], x.data[:0]
}
