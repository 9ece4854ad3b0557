package state

import (
	"runtime"

	"tarn/delta"
	"tarn/sql/sqlstate"
	"tarn/storage"
	"tarn/storage/slab"
)

// Shards is the number of shards of a map. Which one a key is in is part of the stored format.
const Shards = 256

// splitAt is the number of keys at which a map goes from one table to one per shard. Below it, 256 tables would cost
// more memory than the keys; at it, the split takes about a millisecond.
const splitAt = 16 << 10

// Hash is the hash by which maps place a key; callers compute it once per row and pass it along. It is part of the
// stored format.
func Hash(key []byte) uint64 { return delta.HashKey(key) }

// Shard is the shard of a key with this hash.
func Shard(hash uint64) int { return int(hash >> 56) }

// Map is a table from byte strings to byte strings. Wherever a method takes a hash, it must be Hash of the key. Keys
// have less than 4 MiB, values less than 4 GiB.
type Map struct {
	shards []shard // one, or Shards of them
	shift  uint    // hash >> shift is the index into shards

	pool    *slab.Pool
	store   *storage.Store // nil if ephemeral
	prefix  []byte         // of the keys in the store
	suffix  int            // so many last bytes of a key do not count for its shard
	written uint64         // number of the last checkpoint written to

	// What was ever evicted; nil if the map was not complete when opened, for then nobody knows.
	evicted *filter
	partial bool // a shard may be
	hand    int  // the shard at which Evict goes on
}

// loadBytes is how much of a stored map is read when it is opened. If that is all of it, the map is complete again.
const loadBytes = 1 << 20

// Open returns the map that is stored under an id. complete says that nothing of it is stored yet, so that what memory
// does not have need not be looked up. Otherwise a map of up to a megabyte is read at once, and what a larger one has is
// looked up when it is asked for.
func Open(store *storage.Store, id uint32, complete bool) *Map {
	return open(store, storage.SpaceState, id, complete)
}

func open(store *storage.Store, space storage.Space, id uint32, complete bool) *Map {
	m := &Map{pool: store.Memory(), store: store, prefix: storage.Prefix(nil, space, id)}
	m.start(!complete)
	if complete || m.load() {
		m.shards[0].partial, m.partial = false, false
		m.evicted = &filter{}
	}
	return m
}

// Ephemeral returns a map of which nothing is ever stored or evicted. Once the pool is over its budget, Put fails with
// out_of_memory (53200). Release gives the memory back.
func Ephemeral(pool *slab.Pool) *Map {
	m := &Map{pool: pool}
	m.start(false)
	return m
}

func (m *Map) start(partial bool) {
	m.shards, m.shift, m.partial = make([]shard, 1), 64, partial
	m.shards[0].init(m.pool, m.store == nil, partial)
}

// shard is the table for a hash. A shift by 64 gives 0: while there is one table it is that one.
func (m *Map) shard(hash uint64) *shard { return &m.shards[hash>>m.shift] }

// Get returns the value of a key, which may be written to only after Put. It is valid until the next Put or Delete on
// the same shard (before Fork: on the map), Evict or Release; other Gets do not disturb it. The error is that of reading
// the store.
func (m *Map) Get(hash uint64, key []byte) (val []byte, found bool, err error) {
	s := m.shard(hash)
	_, e := s.find(tagOf(hash), key)
	if e.none() {
		if !s.partial {
			return nil, false, nil
		}
		if e, err = m.fetch(s, hash, key); err != nil || e.none() {
			return nil, false, err
		}
	}
	if e.is(flagDead) {
		return nil, false, nil
	}
	e.use()
	return e.value(), true, nil
}

// Put makes the value of a key n bytes long and returns it to be written to: the old content as far as it fits, zeros
// beyond. existed says whether the key was there. The value is valid as long as one from Get, and counts as changed.
func (m *Map) Put(hash uint64, key []byte, n int) (val []byte, existed bool, err error) {
	at, err := m.look(hash, key)
	if err != nil {
		return nil, false, err
	}
	val, err = m.putAt(at, hash, key, n)
	return val, !at.absent, err
}

// place is where a key is, or where it would go: valid as long as a value from Get.
type place struct {
	shard  *shard
	slot   uint32
	e      entry // none, or a tombstone, if the key is absent
	absent bool
}

// value is the value of the key; nil if it is absent.
func (p place) value() []byte {
	if p.absent {
		return nil
	}
	return p.e.value()
}

// look finds a key, as Get does.
func (m *Map) look(hash uint64, key []byte) (p place, err error) {
	s := m.shard(hash)
	slot, e := s.find(tagOf(hash), key)
	if e.none() && s.partial {
		if e, err = m.fetch(s, hash, key); err != nil {
			return p, err
		}
		slot, _ = s.find(tagOf(hash), key)
	}
	return place{s, slot, e, e.none() || e.is(flagDead)}, nil
}

// putAt is Put for a key that was looked for last.
func (m *Map) putAt(p place, hash uint64, key []byte, n int) (val []byte, err error) {
	if len(key) > maxKey || n > maxValue {
		return nil, sqlstate.New(sqlstate.ProgramLimitExceeded,
			"state entry of %d bytes with a key of %d bytes is too large", n, len(key))
	}
	s, e, tag := p.shard, p.e, tagOf(hash)
	if !e.none() && e.is(flagDead) && !e.is(flagStored) { // Load has found that it is nowhere: it is made anew in its size
		s.remove(p.slot, e)
		e = entry{}
	}
	if e.none() {
		if len(m.shards) == 1 && s.taken >= splitAt {
			if err := m.split(); err != nil {
				return nil, err
			}
			s = m.shard(hash)
		}
		var f uint64 = flagUsed
		if m.store != nil {
			f |= flagDirty
		}
		if e, err = s.insert(tag, key, n, f); err != nil {
			return nil, err
		}
		clear(e.value())
		if m.store != nil {
			s.dirty = append(s.dirty, tag)
		}
		return e.value(), nil
	}
	if e.is(flagDead) {
		e.clear(flagDead)
		s.dead--
		clear(e.value())
	}
	if n != e.valueLen() {
		if e, err = s.setLen(p.slot, e, n); err != nil {
			return nil, err
		}
	}
	m.touch(s, tag, e)
	return e.value(), nil
}

// touch marks an entry as used and changed.
func (m *Map) touch(s *shard, tag uint32, e entry) {
	if m.store != nil && !e.is(flagDirty) {
		e.set(flagDirty)
		s.dirty = append(s.dirty, tag)
	}
	e.use()
}

// Delete removes a key and says whether it was there.
func (m *Map) Delete(hash uint64, key []byte) (existed bool, err error) {
	s := m.shard(hash)
	tag := tagOf(hash)
	slot, e := s.find(tag, key)
	if e.none() && s.partial {
		if e, err = m.fetch(s, hash, key); err != nil {
			return false, err
		}
		slot, _ = s.find(tag, key)
	}
	if e.none() || e.is(flagDead) {
		return false, nil
	}
	if !e.is(flagStored) {
		s.remove(slot, e) // the store never heard of it
		return true, nil
	}
	if e, err = s.setLen(slot, e, 0); err != nil {
		return false, err
	}
	e.set(flagDead)
	s.dead++
	m.touch(s, tag, e)
	return true, nil
}

// Touch brings what will be needed of keys with these hashes into the processor's cache: the misses of a batch overlap
// where those of Get after Get queue up. Worth it for batches of more than about eight keys in a large map.
func (m *Map) Touch(hashes []uint64) {
	var first [256]uint64
	var sum uint64
	for len(hashes) > 0 {
		n := min(len(hashes), len(first))
		for i, hash := range hashes[:n] {
			s := m.shard(hash)
			first[i] = s.slots[tagOf(hash)&s.mask]
		}
		for i, hash := range hashes[:n] {
			s, tag, v := m.shard(hash), tagOf(hash), first[i]
			for at := tag & s.mask; v != 0 && uint32(v>>32) != tag; v = s.slots[at] {
				at = (at + 1) & s.mask
			}
			if v != 0 {
				sum += *entry{s.arena.ptr(uint32(v))}.header()
			} else if s.arena.room > 64 { // where its entry would go
				sum += *entry{s.arena.ptr(s.arena.at)}.header() + *entry{s.arena.ptr(s.arena.at + 8)}.header()
			}
		}
		hashes = hashes[n:]
	}
	runtime.KeepAlive(sum)
}

// Fork prepares for calls from several goroutines: from now on calls on different shards may run side by side.
func (m *Map) Fork() error {
	if len(m.shards) > 1 {
		return nil
	}
	return m.split()
}

// split goes from one table to one per shard.
func (m *Map) split() error {
	one := &m.shards[0]
	shards := make([]shard, Shards)
	for i := range shards {
		shards[i].init(m.pool, m.store == nil, one.partial)
	}
	var err error
	one.each(func(tag uint32, e entry) bool {
		s := &shards[m.shardOf(e.key())]
		var to entry
		if to, err = s.insert(tag, e.key(), e.valueLen(), *e.header()&flags); err != nil {
			return false
		}
		copy(to.value(), e.value())
		s.note(tag, to)
		return true
	})
	if err != nil {
		for i := range shards {
			shards[i].release()
		}
		return err
	}
	one.release()
	m.shards, m.shift, m.hand = shards, 56, 0
	return nil
}

// note enters an entry that came from another table into the lists it belongs to.
func (s *shard) note(tag uint32, e entry) {
	dead := e.is(flagDead)
	if dead {
		s.dead++
	}
	if e.is(flagDirty) {
		s.dirty = append(s.dirty, tag)
	} else if dead {
		s.graves = append(s.graves, tag)
	}
}

// shardOf is the shard of a key whose hash is not at hand.
func (m *Map) shardOf(key []byte) int { return Shard(Hash(key[:len(key)-m.suffix])) }

// Len is the number of keys in memory; as long as nothing was evicted and the map was opened as complete, of all keys.
func (m *Map) Len() int {
	n := 0
	for i := range m.shards {
		n += m.shards[i].taken - m.shards[i].dead
	}
	return n
}

// Bytes is the memory the map occupies.
func (m *Map) Bytes() int64 {
	n := m.evicted.bytes()
	for i := range m.shards {
		n += m.shards[i].bytes()
	}
	return n
}

// Release gives all memory back. The map must not be used again; what is stored stays.
func (m *Map) Release() {
	for i := range m.shards {
		m.shards[i].release()
	}
	m.shards = nil
}
