package state

import (
	"fmt"
	"runtime"

	"tarn/storage"
)

// WriteDirty adds the entries changed since the last call to a checkpoint, which copies them. The checkpoint must be
// committed.
func (m *Map) WriteDirty(cp *storage.Checkpoint) {
	if m.store == nil {
		return
	}
	m.reap()
	for i := range m.shards {
		m.writeShard(cp, i)
	}
	m.written = cp.Number()
}

func (m *Map) writeShard(cp *storage.Checkpoint, index int) {
	s := &m.shards[index]
	prefix := append(append(s.scratch[:0], m.prefix...), byte(index))
	s.scratch = prefix
	for n, tag := range s.dirty {
		if n%touchTags == 0 {
			s.touch(s.dirty[n:min(n+touchTags, len(s.dirty))])
		}
		s.tagged(tag, func(slot uint32, e entry) (removed bool) {
			if !e.is(flagDirty) {
				return false
			}
			if len(m.shards) == 1 {
				prefix[storage.PrefixLen] = byte(m.shardOf(e.key()))
			}
			if !e.is(flagDead) {
				cp.Put(prefix, e.key(), e.value())
				e.clear(flagDirty)
				e.set(flagStored)
				return false
			}
			cp.Delete(prefix, e.key())
			if !s.partial { // absent means absent, the tombstone has served
				s.remove(slot, e)
				return true
			}
			e.clear(flagDirty)
			s.graves = append(s.graves, tag)
			return false
		})
	}
	if s.dirty = s.dirty[:0]; cap(s.dirty) > 1<<14 {
		s.dirty = nil
	}
}

// touchTags is how many entries are brought into the processor's cache ahead of their use.
const touchTags = 32

// touch is Map.Touch for entries of a shard that are there.
func (s *shard) touch(tags []uint32) {
	var first [touchTags]uint64
	var sum uint64
	for i, tag := range tags {
		first[i] = s.slots[tag&s.mask]
	}
	for i, tag := range tags {
		v := first[i]
		for at := tag & s.mask; v != 0 && uint32(v>>32) != tag; v = s.slots[at] {
			at = (at + 1) & s.mask
		}
		if v != 0 {
			sum += *entry{s.arena.ptr(uint32(v))}.header()
		}
	}
	runtime.KeepAlive(sum)
}

// settled says whether all that was written to checkpoints is committed.
func (m *Map) settled() bool { return m.store.CommittedNumber() >= m.written }

// reap removes the tombstones whose deletion is committed.
func (m *Map) reap() {
	if !m.settled() {
		return
	}
	for i := range m.shards {
		s := &m.shards[i]
		for _, tag := range s.graves {
			s.tagged(tag, func(slot uint32, e entry) bool {
				if !e.is(flagDead) || e.is(flagDirty) {
					return false
				}
				s.remove(slot, e)
				return true
			})
		}
		s.graves = s.graves[:0]
	}
}

// fetch looks a key that memory does not have up in the store, and keeps what it finds.
func (m *Map) fetch(s *shard, hash uint64, key []byte) (e entry, err error) {
	if m.evicted != nil && !m.evicted.has(hash) {
		return entry{}, nil
	}
	look, err := m.store.NewLookup()
	if err != nil {
		return entry{}, fmt.Errorf("read state: %w", err)
	}
	e, err = m.ask(look, s, hash, key)
	if closeErr := look.Close(); err == nil && closeErr != nil {
		err = fmt.Errorf("read state: %w", closeErr)
	}
	return e, err
}

// load reads what the store has of a map just opened, and says whether that was all. If it is too much, or can not be
// read, the rest is left for when it is asked for, and so is the error.
func (m *Map) load() (all bool) {
	snap := m.store.Snapshot()
	defer snap.Release()
	it, err := snap.NewIter(m.prefix, storage.PrefixEnd(nil, m.prefix))
	if err != nil {
		return false
	}
	defer it.Close()
	s := &m.shards[0]
	for ok := it.First(); ok; ok = it.Next() {
		key := it.Key()[storage.PrefixLen+1:]
		value, err := it.ValueAndErr()
		if err != nil || s.arena.bytes+int64(len(value)) > loadBytes {
			return false
		}
		e, err := s.insert(tagOf(Hash(key)), key, len(value), flagStored)
		if err != nil {
			return false
		}
		copy(e.value(), value)
	}
	return it.Error() == nil
}

// Scan calls f for every key, those that are only in the store included, in no particular order, until it returns
// false. f must not change the map, nor keep or write to the slices.
func (m *Map) Scan(f func(key, val []byte) bool) error {
	partial := false
	for i := range m.shards {
		s := &m.shards[i]
		partial = partial || s.partial
		if !s.each(func(_ uint32, e entry) bool { return e.is(flagDead) || f(e.key(), e.value()) }) {
			return nil
		}
	}
	if !partial {
		return nil
	}
	snap := m.store.Snapshot()
	defer snap.Release()
	it, err := snap.NewIter(m.prefix, storage.PrefixEnd(nil, m.prefix))
	if err != nil {
		return fmt.Errorf("read state: %w", err)
	}
	defer it.Close()
	for ok := it.First(); ok; ok = it.Next() {
		stored := it.Key()[storage.PrefixLen:]
		shard, key := stored[0], stored[1:]
		hash := uint64(shard)<<56 | uint64(tagOf(Hash(key)))
		if _, e := m.shard(hash).find(tagOf(hash), key); !e.none() {
			continue // seen in memory, or deleted there
		}
		value, err := it.ValueAndErr()
		if err != nil {
			return fmt.Errorf("read state: %w", err)
		}
		if !f(key, value) {
			return nil
		}
	}
	if err := it.Error(); err != nil {
		return fmt.Errorf("read state: %w", err)
	}
	return nil
}
