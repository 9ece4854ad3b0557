package state

import "math/bits"

// filter is a growing Bloom filter over the keys that were ever evicted: it says of nearly every new key that the store
// need not be asked. It is made of layers, each four times the last, of 64-byte blocks; a key sets six bits of one block
// in one layer, at ten to forty bits per key, which is wrong about one absent key in a hundred.
//
// Reading is safe from several goroutines as long as nobody adds.
type filter struct{ layers []layer }

type layer struct {
	blocks []block
	keys   int // how many were added
}

type block [8]uint64

const (
	firstBlocks  = 64
	keysPerBlock = 48
)

// mix spreads what a map knows of a key, its shard and its tag, over 64 bits.
func mix(hash uint64) uint64 {
	h := (hash>>56<<32 | hash&(1<<32-1)) * 0x9e3779b97f4a7c15
	h ^= h >> 32
	h *= 0xd6e8feb86659fd93
	return h ^ h>>29
}

// locate gives the block and the bits of a key, which differ from word to word.
func (l *layer) locate(h uint64) (*block, uint64) {
	high, _ := bits.Mul64(h, uint64(len(l.blocks)))
	return &l.blocks[high], h * 0xff51afd7ed558ccd
}

func (l *layer) has(h uint64) bool {
	b, probe := l.locate(h)
	for range 6 {
		if b[probe>>61]&(1<<(probe>>55&63)) == 0 {
			return false
		}
		probe = bits.RotateLeft64(probe, 9)
	}
	return true
}

func (l *layer) add(h uint64) {
	b, probe := l.locate(h)
	for range 6 {
		b[probe>>61] |= 1 << (probe >> 55 & 63)
		probe = bits.RotateLeft64(probe, 9)
	}
	l.keys++
}

// has says whether the key of this hash may have been added.
func (f *filter) has(hash uint64) bool {
	h := mix(hash)
	for i := range f.layers {
		if f.layers[i].has(h) {
			return true
		}
	}
	return false
}

func (f *filter) add(hash uint64) {
	if f.has(hash) {
		return
	}
	last := len(f.layers) - 1
	if last < 0 || f.layers[last].keys >= len(f.layers[last].blocks)*keysPerBlock {
		n := firstBlocks
		if last >= 0 {
			n = 4 * len(f.layers[last].blocks)
		}
		f.layers = append(f.layers, layer{blocks: make([]block, n)})
		last++
	}
	f.layers[last].add(mix(hash))
}

func (f *filter) bytes() int64 {
	if f == nil {
		return 0
	}
	n := int64(0)
	for i := range f.layers {
		n += int64(len(f.layers[i].blocks)) * 64
	}
	return n
}
