package state

// Evict gives memory back until the map occupies at most target bytes, or nothing more can go, and returns how much it
// gave back. While a checkpoint that the map was written to is not committed it does nothing; dirty entries stay.
//
// It is a clock over shards: a shard's first pass spares what was used since the last one, the next does not. What stays
// is copied together, so a shard's holes close as well. While one shard is copied its entries exist twice, so the pool
// can exceed the budget by a 256th of the map.
func (m *Map) Evict(target int64) (int64, error) {
	if m.store == nil || !m.settled() {
		return 0, nil
	}
	m.reap()
	before := m.Bytes()
	now := before
	for range 2 * len(m.shards) {
		if now <= target {
			break
		}
		s := &m.shards[m.hand]
		was := s.bytes() + m.evicted.bytes()
		if err := m.collect(s, m.hand); err != nil {
			return before - now, err
		}
		now += s.bytes() + m.evicted.bytes() - was
		m.hand = (m.hand + 1) % len(m.shards)
	}
	return before - now, nil
}

// collect copies the entries of one shard that stay into fresh memory.
func (m *Map) collect(s *shard, index int) error {
	keep, bytes := 0, int64(0)
	s.each(func(_ uint32, e entry) bool {
		if stays(e) {
			keep++
			bytes += int64(classBytesOf(e.size()))
		}
		return true
	})
	if keep == s.taken && bytes > s.arena.bytes/2 { // nothing to gain; the next pass may find more
		s.each(func(_ uint32, e entry) bool {
			e.clear(flagUsed)
			return true
		})
		return nil
	}
	var to shard
	to.init(s.arena.pool, false, s.partial || keep < s.taken)
	slots := minSlots
	for slots*3 < (keep+1)*4 {
		slots *= 2
	}
	err := to.resize(slots)
	s.each(func(tag uint32, e entry) bool {
		if err != nil || !stays(e) {
			return err == nil
		}
		var copied entry
		if copied, err = to.insert(tag, e.key(), e.valueLen(), *e.header()&flags&^flagUsed); err != nil {
			return false
		}
		copy(copied.value(), e.value())
		to.note(tag, copied)
		return true
	})
	if err != nil {
		to.release()
		return err
	}
	if m.evicted != nil && keep < s.taken {
		s.each(func(tag uint32, e entry) bool {
			if !stays(e) {
				shard := index
				if len(m.shards) == 1 {
					shard = m.shardOf(e.key())
				}
				m.evicted.add(uint64(shard)<<56 | uint64(tag))
			}
			return true
		})
	}
	to.scratch = s.scratch
	m.partial = m.partial || to.partial
	s.release()
	*s = to
	return nil
}

// stays says what the collector spares: what the store does not have as it is, and what was used since the last pass.
// After reap there is no tombstone but dirty ones.
func stays(e entry) bool { return e.is(flagDirty | flagUsed) }

func classBytesOf(n int) int {
	if c := classOf(n); c != huge {
		return int(classBytes[c])
	}
	return n
}
