// Package slab hands out memory the garbage collector never sees: chunks of 4 KiB to 64 MiB, powers of two, cut from
// 64 MiB mappings by the buddy method.
//
// It promises that a chunk is aligned to its size, that freed neighbours join again, and that memory once touched stays
// with its pool: a first touch costs 1.5 us per page, so nothing is returned to the operating system while the pool lives.
// Only a chunk above 64 MiB is a mapping of its own and is unmapped when it is freed. A pool that nobody refers to any more
// is unmapped: who holds a chunk must hold its pool.
//
// What a chunk contains when handed out is whatever its last owner left. Go pointers must never be stored in one. Who
// owns a chunk, and that it is freed once, is left to the caller.
package slab

import (
	"fmt"
	"math/bits"
	"runtime"
	"sync"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	// MinChunk and MaxChunk bound the chunks a long-lived structure should be built of; larger ones, up to any size,
	// are for the rare big array or value.
	MinChunk = 4 << 10
	MaxChunk = 1 << 20

	arenaBytes = 64 << 20
	arenaPages = arenaBytes / MinChunk
	orders     = 15 // 4 KiB << 14 = 64 MiB
	none       = -1
)

// Pool is the off-heap memory of one process or test. Its methods may be called from any goroutine.
type Pool struct {
	budget int64
	used   atomic.Int64
	mapped atomic.Int64

	mu     sync.Mutex
	arenas *arenas
	number map[uintptr]int32 // base address -> arena number
	free   [orders]int32     // first free block of an order, as a page number
	// For the first page of a free block: its order and its neighbours in the list of that order. A page's number is
	// arena*arenaPages + index.
	order      []int8
	next, prev []int32
}

// arenas are the base addresses of a pool's mappings, by arena number: apart from the pool, so that they outlive it by as
// long as it takes to unmap them.
type arenas struct{ bases []uintptr }

func (a *arenas) unmap() {
	for _, base := range a.bases {
		_ = unix.MunmapPtr(offHeap(base), arenaBytes) // what cannot be unmapped stays, and is never touched again
	}
}

// NewPool returns an empty pool. The budget is what the owner means to stay under; the pool itself never refuses memory
// because of it, see Over.
func NewPool(budget int64) *Pool {
	p := &Pool{budget: budget, arenas: &arenas{}, number: make(map[uintptr]int32)}
	for i := range p.free {
		p.free[i] = none
	}
	runtime.AddCleanup(p, (*arenas).unmap, p.arenas)
	return p
}

// Used is the sum of the sizes of all chunks handed out and not freed.
func (p *Pool) Used() int64 { return p.used.Load() }

// Mapped is how much address space the pool has taken; the part that was ever touched is resident.
func (p *Pool) Mapped() int64 { return p.mapped.Load() }

// Budget is the limit given to NewPool.
func (p *Pool) Budget() int64 { return p.budget }

// Over says whether handing out n more bytes would exceed the budget.
func (p *Pool) Over(n int) bool { return p.used.Load()+int64(n) > p.budget }

// ChunkSize is the size of the chunk that Get(n) returns.
func ChunkSize(n int) int {
	if n <= MinChunk {
		return MinChunk
	}
	return 1 << bits.Len(uint(n-1))
}

// Get returns a chunk of ChunkSize(n) bytes with arbitrary contents. The error says that the system has no memory.
func (p *Pool) Get(n int) ([]byte, error) {
	size := ChunkSize(n)
	if size > arenaBytes {
		b, err := unix.Mmap(-1, 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
		if err != nil {
			return nil, fmt.Errorf("map %d bytes: %w", size, err)
		}
		p.mapped.Add(int64(size))
		p.used.Add(int64(size))
		return b, nil
	}
	want := orderOf(size)

	p.mu.Lock()
	defer p.mu.Unlock()
	o := want
	for o < orders && p.free[o] == none {
		o++
	}
	if o == orders {
		if err := p.grow(); err != nil {
			return nil, err
		}
		o = orders - 1
	}
	page := p.free[o]
	p.unlink(page, o)
	for o > want { // keep the lower half, so that low addresses are used first
		o--
		p.link(page+1<<o, o)
	}
	p.used.Add(int64(size))
	return p.chunk(page, size), nil
}

// Put frees a chunk: exactly the slice that Get returned, with no reference to it left.
func (p *Pool) Put(b []byte) {
	size := len(b)
	p.used.Add(-int64(size))
	if size > arenaBytes {
		p.mapped.Add(-int64(size))
		if err := unix.Munmap(b); err != nil {
			panic(fmt.Sprintf("slab: unmap %d bytes: %v", size, err))
		}
		return
	}
	o := orderOf(size)
	addr := uintptr(unsafe.Pointer(unsafe.SliceData(b)))

	p.mu.Lock()
	defer p.mu.Unlock()
	arena, ok := p.number[addr&^(arenaBytes-1)]
	if !ok {
		panic("slab: freed memory is not of this pool")
	}
	first := arena * arenaPages
	at := int32(addr&(arenaBytes-1)) / MinChunk // within the arena
	if p.order[first+at] != none {
		panic("slab: chunk freed twice")
	}
	for o < orders-1 {
		buddy := at ^ 1<<o
		if p.order[first+buddy] != int8(o) {
			break
		}
		p.unlink(first+buddy, o)
		at &^= 1 << o
		o++
	}
	p.link(first+at, o)
}

func orderOf(size int) int {
	if size < MinChunk || size&(size-1) != 0 {
		panic(fmt.Sprintf("slab: %d is not the size of a chunk", size))
	}
	return bits.TrailingZeros(uint(size / MinChunk))
}

// chunk is the memory that starts at a page.
func (p *Pool) chunk(page int32, size int) []byte {
	base := p.arenas.bases[page/arenaPages]
	addr := base + uintptr(page%arenaPages)*MinChunk
	return unsafe.Slice((*byte)(offHeap(addr)), size)
}

// offHeap turns an address of a mapping into a pointer. The collector ignores it, for it lies outside its heap, and a
// mapping never moves.
func offHeap(addr uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&addr)) }

// grow maps one more arena, aligned to its size, and lists it as one free block.
func (p *Pool) grow() error {
	addr, err := unix.MmapPtr(-1, 0, nil, 2*arenaBytes, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE|unix.MAP_NORESERVE)
	if err != nil {
		return fmt.Errorf("map %d bytes: %w", arenaBytes, err)
	}
	base := (uintptr(addr) + arenaBytes - 1) &^ (arenaBytes - 1)
	if before := base - uintptr(addr); before > 0 {
		_ = unix.MunmapPtr(addr, before) // what cannot be trimmed is address space that is never touched
	}
	if after := uintptr(addr) + arenaBytes - base; after > 0 {
		_ = unix.MunmapPtr(offHeap(base+arenaBytes), after)
	}
	// Fewer faults and fewer TLB misses; a kernel without huge pages says no, and nothing depends on it.
	_ = unix.Madvise(unsafe.Slice((*byte)(offHeap(base)), arenaBytes), unix.MADV_HUGEPAGE)

	n := int32(len(p.arenas.bases))
	p.arenas.bases = append(p.arenas.bases, base)
	p.number[base] = n
	for range arenaPages {
		p.order = append(p.order, none)
	}
	p.next = append(p.next, make([]int32, arenaPages)...)
	p.prev = append(p.prev, make([]int32, arenaPages)...)
	p.link(n*arenaPages, orders-1)
	p.mapped.Add(arenaBytes)
	return nil
}

// link puts a block at the head of its order's list: memory freed last is used first, while it is warm.
func (p *Pool) link(page int32, o int) {
	head := p.free[o]
	p.order[page], p.next[page], p.prev[page] = int8(o), head, none
	if head != none {
		p.prev[head] = page
	}
	p.free[o] = page
}

func (p *Pool) unlink(page int32, o int) {
	next, prev := p.next[page], p.prev[page]
	if prev == none {
		p.free[o] = next
	} else {
		p.next[prev] = next
	}
	if next != none {
		p.prev[next] = prev
	}
	p.order[page] = none
}
