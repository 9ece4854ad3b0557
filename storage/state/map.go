package state

import "tarn/storage"
import "tarn/storage/slab"

// Shards is the number of shards of a map. Which one a key is in is part of the stored format.
const Shards = 256

// Shard is the shard of a key with this hash.
func Shard(hash uint64) int { return int(hash >> 56) }

// Hash is the hash of a key by which all maps place it; callers compute it once per row and pass it along.
func Hash(key []byte) uint64 { panic("contract") }

// Map is a table of byte strings by byte strings, off the Go heap.
type Map struct{}

// Open returns the map stored under an id. complete says that nothing of it is in the store yet.
func Open(store *storage.Store, id uint32, complete bool) *Map { panic("contract") }

// Ephemeral returns a map that nothing of is ever stored. Put fails with out_of_memory (53200) once the pool is over its budget.
func Ephemeral(pool *slab.Pool) *Map { panic("contract") }

// Get returns the value of a key. It is valid until the next Put or Delete on the same shard (before Fork: on the map), Evict or Release; other Gets do not disturb it.
func (m *Map) Get(hash uint64, key []byte) (val []byte, found bool, err error) { panic("contract") }

// Put makes the value of a key n bytes long and returns it to be written to: the old content as far as it fits, zeros
// beyond. existed says whether the key was there. Valid as long as what Get returns.
func (m *Map) Put(hash uint64, key []byte, n int) (val []byte, existed bool, err error) {
	panic("contract")
}

// Delete removes a key and says whether it was there.
func (m *Map) Delete(hash uint64, key []byte) (existed bool, err error) { panic("contract") }

// Touch brings the entries of keys that are about to be used into the processor's cache; best 256 hashes at a time. It changes nothing.
func (m *Map) Touch(hashes []uint64) { panic("contract") }

// Fork prepares the map for calls from several goroutines: afterwards calls on different shards may run concurrently. Cheap if done before.
func (m *Map) Fork() { panic("contract") }

// Scan calls f for every key, those in the store included, in no particular order, until it returns false. f must not change the map or keep the slices.
func (m *Map) Scan(f func(key, val []byte) bool) error { panic("contract") }

// Len is the number of keys in memory: all keys as long as nothing was evicted or reopened.
func (m *Map) Len() int { panic("contract") }

// Bytes is the off-heap memory the map occupies.
func (m *Map) Bytes() int64 { panic("contract") }

// WriteDirty adds what changed since the last call to a checkpoint.
func (m *Map) WriteDirty(cp *storage.Checkpoint) { panic("contract") }

// Evict gives back memory until the map occupies at most target bytes or nothing more can go, and returns the bytes given back.
// While the checkpoint last written is not committed it does nothing.
func (m *Map) Evict(target int64) (int64, error) { panic("contract") }

// Release gives all memory back. The map must not be used again; what is stored stays.
func (m *Map) Release() { panic("contract") }
