package state

import "unsafe"

// entry points at one key and its value in an arena:
//
//	8 bytes  header: value length 32 bits, key length 22, size class 6, flags 4
//	key
//	value
type entry struct{ p unsafe.Pointer }

const (
	keyLenBits = 22
	maxKey     = 1<<keyLenBits - 1
	maxValue   = 1<<32 - 1
	entryHead  = 8

	keyLenShift = 32
	classShift  = keyLenShift + keyLenBits

	flagDirty  = 1 << 60 // changed since it was last written to a checkpoint
	flagUsed   = 1 << 61 // used since the collector last passed
	flagDead   = 1 << 62 // deleted; kept until the store knows
	flagStored = 1 << 63 // the store may have the key
	flags      = flagDirty | flagUsed | flagDead | flagStored
)

func (e entry) none() bool        { return e.p == nil }
func (e entry) header() *uint64   { return (*uint64)(e.p) }
func (e entry) is(f uint64) bool  { return *e.header()&f != 0 }
func (e entry) set(f uint64)      { *e.header() |= f }
func (e entry) clear(f uint64)    { *e.header() &^= f }
func (e entry) keyLen() int       { return int(*e.header() >> keyLenShift & maxKey) }
func (e entry) valueLen() int     { return int(uint32(*e.header())) }
func (e entry) class() int        { return int(*e.header() >> classShift & 63) }
func (e entry) size() int         { return entryHead + e.keyLen() + e.valueLen() }
func (e entry) setValueLen(n int) { *e.header() = *e.header()&^(1<<32-1) | uint64(n) }

func (e entry) key() []byte {
	return unsafe.Slice((*byte)(unsafe.Add(e.p, entryHead)), e.keyLen())
}

func (e entry) value() []byte {
	return unsafe.Slice((*byte)(unsafe.Add(e.p, entryHead+e.keyLen())), e.valueLen())
}

// room is how long the value can become where it is.
func (e entry) room(a *arena, ref uint32) int {
	c := e.class()
	if c == huge {
		return len(a.chunks[ref>>offBits]) - entryHead - e.keyLen()
	}
	return int(classBytes[c]) - entryHead - e.keyLen()
}

// use marks the entry as used; the test spares the cache line of an entry that is only read.
func (e entry) use() {
	if h := e.header(); *h&flagUsed == 0 {
		*h |= flagUsed
	}
}

// init writes the header and the key of a new entry; its value is left as it is.
func (e entry) init(class int, key []byte, valueLen int, f uint64) {
	*e.header() = f | uint64(class)<<classShift | uint64(len(key))<<keyLenShift | uint64(valueLen)
	copy(e.key(), key)
}
