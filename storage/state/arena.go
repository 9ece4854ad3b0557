package state

import (
	"math/bits"
	"unsafe"

	"tarn/sql/sqlstate"
	"tarn/storage/slab"
)

// A ref is the address of a block in an arena, in 8-byte words: 15 bits of chunk number, 17 bits of offset. Zero is no
// block. A shard can thus hold 32 GiB.
const (
	offBits   = 17
	offMask   = 1<<offBits - 1
	maxChunks = 1 << (32 - offBits)
)

// Blocks come in classes of size: every 8 bytes up to 64, then four per doubling up to 1 MiB. A block of the class huge
// is a chunk of its own.
const (
	classes = 63
	huge    = 63
)

var classBytes = func() (size [classes]uint32) {
	for c := range 7 {
		size[c] = uint32(16 + 8*c)
	}
	for c := 7; c < classes; c++ {
		base := uint32(64) << ((c - 7) / 4)
		size[c] = base + base/4*uint32((c-7)%4+1)
	}
	return size
}()

// classOf is the smallest class whose blocks have n bytes.
func classOf(n int) int {
	if n <= 64 {
		return (max(n, 16)+7)/8 - 2
	}
	if n > slab.MaxChunk {
		return huge
	}
	b := bits.Len(uint(n - 1))
	base := 1 << (b - 1)
	step := base / 4
	return 6 + (b-7)*4 + (n-base+step-1)/step
}

// arena is the blocks of one shard: bump allocation from chunks, and a list of free blocks per class.
type arena struct {
	pool    *slab.Pool
	limited bool // refuse memory over the pool's budget

	base   []unsafe.Pointer // by chunk number; 0 is not used
	chunks [][]byte         // the same, as the pool gave them
	spare  []uint32         // numbers of chunks given back
	at     uint32           // the bump pointer, a ref
	room   uint32           // bytes left there
	free   [classes]uint32  // first free block; its first four bytes are the ref of the next
	bytes  int64            // of all chunks
	freed  int64            // of the blocks in the free lists
}

func (a *arena) ptr(ref uint32) unsafe.Pointer {
	return unsafe.Add(a.base[ref>>offBits], uintptr(ref&offMask)<<3)
}

// alloc returns a block of n bytes or more with arbitrary contents, and its class.
func (a *arena) alloc(n int) (ref uint32, class int, err error) {
	class = classOf(n)
	if class == huge {
		number, err := a.addChunk(n)
		return number << offBits, huge, err
	}
	size := classBytes[class]
	if ref = a.free[class]; ref != 0 {
		a.free[class] = *(*uint32)(a.ptr(ref))
		a.freed -= int64(size)
		return ref, class, nil
	}
	if a.room < size {
		a.retire()
		want := min(max(int(a.bytes/4), slab.MinChunk), slab.MaxChunk)
		if want&(want-1) != 0 {
			want = 1 << (bits.Len(uint(want)) - 1)
		}
		number, err := a.addChunk(max(want, int(size)))
		if err != nil {
			return 0, 0, err
		}
		a.at, a.room = number<<offBits, uint32(len(a.chunks[number]))
	}
	ref = a.at
	a.at += size / 8
	a.room -= size
	return ref, class, nil
}

// retire puts what is left of the chunk in use into the free lists.
func (a *arena) retire() {
	for a.room >= classBytes[0] {
		class := classOf(int(a.room))
		if classBytes[class] > a.room {
			class--
		}
		a.release(a.at, class)
		a.at += classBytes[class] / 8
		a.room -= classBytes[class]
	}
	a.room = 0
}

// release frees a block.
func (a *arena) release(ref uint32, class int) {
	if class == huge {
		number := ref >> offBits
		a.bytes -= int64(len(a.chunks[number]))
		a.pool.Put(a.chunks[number])
		a.base[number], a.chunks[number] = nil, nil
		a.spare = append(a.spare, number)
		return
	}
	*(*uint32)(a.ptr(ref)) = a.free[class]
	a.free[class] = ref
	a.freed += int64(classBytes[class])
}

func (a *arena) addChunk(n int) (number uint32, err error) {
	chunk, err := getChunk(a.pool, n, a.limited)
	if err != nil {
		return 0, err
	}
	if len(a.base) == 0 {
		a.base, a.chunks = append(a.base, nil), append(a.chunks, nil)
	}
	if last := len(a.spare) - 1; last >= 0 {
		number, a.spare = a.spare[last], a.spare[:last]
	} else if len(a.base) == maxChunks {
		a.pool.Put(chunk)
		return 0, sqlstate.New(sqlstate.ProgramLimitExceeded, "state of one shard exceeds %d chunks of memory", maxChunks)
	} else {
		number = uint32(len(a.base))
		a.base, a.chunks = append(a.base, nil), append(a.chunks, nil)
	}
	a.base[number], a.chunks[number] = unsafe.Pointer(unsafe.SliceData(chunk)), chunk
	a.bytes += int64(len(chunk))
	return number, nil
}

// reset gives everything back.
func (a *arena) reset() {
	for _, chunk := range a.chunks {
		if chunk != nil {
			a.pool.Put(chunk)
		}
	}
	*a = arena{pool: a.pool, limited: a.limited}
}

// getChunk takes a chunk from the pool; limited, only within its budget.
func getChunk(pool *slab.Pool, n int, limited bool) ([]byte, error) {
	if limited && pool.Over(slab.ChunkSize(n)) {
		return nil, pool.Exhausted(int64(n))
	}
	chunk, err := pool.Get(n)
	if err != nil {
		return nil, sqlstate.New(sqlstate.OutOfMemory, "out of memory").WithDetail("%s", err.Error())
	}
	return chunk, nil
}
