package slab

import (
	"math/rand/v2"
	"runtime"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Random chunks, each filled with its own byte: no two overlap, all are aligned, and the accounting is exact.
func TestChunksDoNotOverlap(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	p := NewPool(1 << 30)
	type held struct {
		chunk []byte
		fill  byte
	}
	var chunks []held
	var used int64
	for range 20_000 {
		if len(chunks) > 0 && rng.IntN(100) < 48 {
			i := rng.IntN(len(chunks))
			h := chunks[i]
			if h.chunk[0] != h.fill || h.chunk[len(h.chunk)-1] != h.fill || h.chunk[len(h.chunk)/2] != h.fill {
				t.Fatal("a chunk was overwritten")
			}
			used -= int64(len(h.chunk))
			p.Put(h.chunk)
			chunks[i] = chunks[len(chunks)-1]
			chunks = chunks[:len(chunks)-1]
		} else {
			n := 1 + rng.IntN(1<<(8+rng.IntN(11)))
			b, err := p.Get(n)
			if err != nil {
				t.Fatal(err)
			}
			if len(b) != ChunkSize(n) || len(b) < n {
				t.Fatalf("Get(%d) has %d bytes", n, len(b))
			}
			if addr := uintptr(unsafe.Pointer(&b[0])); addr%uintptr(len(b)) != 0 {
				t.Fatalf("chunk of %d bytes at %x", len(b), addr)
			}
			h := held{b, byte(rng.Uint32())}
			b[0], b[len(b)-1], b[len(b)/2] = h.fill, h.fill, h.fill
			used += int64(len(b))
			chunks = append(chunks, h)
		}
		if p.Used() != used {
			t.Fatalf("used %d, want %d", p.Used(), used)
		}
	}
}

// When everything is freed the neighbours have joined: whole arenas can be had again without mapping more.
func TestFreedChunksJoin(t *testing.T) {
	p := NewPool(1 << 30)
	var chunks [][]byte
	for i := range 4000 {
		b, err := p.Get(MinChunk << (i % 5))
		if err != nil {
			t.Fatal(err)
		}
		chunks = append(chunks, b)
	}
	mapped := p.Mapped()
	for _, i := range rand.New(rand.NewPCG(3, 4)).Perm(len(chunks)) {
		p.Put(chunks[i])
	}
	for range mapped / arenaBytes {
		if _, err := p.Get(arenaBytes); err != nil {
			t.Fatal(err)
		}
	}
	if p.Mapped() != mapped || p.Used() != mapped {
		t.Fatalf("mapped %d, used %d, want %d", p.Mapped(), p.Used(), mapped)
	}
}

func TestHugeChunk(t *testing.T) {
	p := NewPool(1 << 20)
	b, err := p.Get(arenaBytes + 1)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)-1] = 1
	if len(b) != 2*arenaBytes || p.Used() != 2*arenaBytes || !p.Over(0) {
		t.Fatalf("len %d used %d", len(b), p.Used())
	}
	p.Put(b)
	if p.Used() != 0 || p.Mapped() != 0 {
		t.Fatalf("used %d mapped %d after free", p.Used(), p.Mapped())
	}
}

func TestFreeingTwicePanics(t *testing.T) {
	p := NewPool(1 << 20)
	b, _ := p.Get(MinChunk)
	p.Put(b)
	defer func() {
		if recover() == nil {
			t.Fatal("no panic")
		}
	}()
	p.Put(b)
}

func BenchmarkGetPut(b *testing.B) {
	p := NewPool(1 << 30)
	for b.Loop() {
		c, _ := p.Get(64 << 10)
		p.Put(c)
	}
}

// A pool that is garbage is unmapped, once the collector has found it.
func TestPoolIsUnmapped(t *testing.T) {
	var mappings *arenas
	func() {
		p := NewPool(1 << 30)
		if _, err := p.Get(MaxChunk); err != nil {
			t.Fatal(err)
		}
		mappings = p.arenas
	}()
	base := mappings.bases[0]
	var resident [arenaPages]byte
	for range 1000 {
		runtime.GC()
		_, _, e := unix.Syscall(unix.SYS_MINCORE, base, arenaBytes, uintptr(unsafe.Pointer(&resident[0])))
		if e == unix.ENOMEM {
			return
		}
		runtime.Gosched()
	}
	t.Fatal("the pool's memory is still mapped")
}
