package state

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"

	"tarn/delta"
	"tarn/storage"
)

// absence is a key that memory does not have, in a batch of keys.
type absence struct {
	order uint64 // shard and beginning of the key: the order of the store, nearly always
	row   int32
}

// Load brings into memory what the store has of the keys of some rows: what Get and Put would ask it for one key after the
// other is asked for in the order of the keys, which costs a fraction. Of a key that the store does not have either a
// tombstone says so until the next checkpoint. Like Put it is a call on the shards of the keys, after which earlier values are not
// valid.
func (m *Map) Load(keys *delta.Keys, rows []int32) (err error) {
	if !m.partial {
		return nil
	}
	var missing []absence
	for _, i := range rows {
		hash := keys.Hashes[i]
		s := m.shard(hash)
		if !s.partial || m.evicted != nil && !m.evicted.has(hash) {
			continue
		}
		if _, e := s.find(tagOf(hash), keys.Key(int(i))); e.none() {
			missing = append(missing, absence{orderOf(hash, keys.Key(int(i))), i})
		}
	}
	if len(missing) == 0 {
		return nil
	}
	if len(m.shards) == 1 && m.shards[0].taken+len(missing) > splitAt {
		if err := m.split(); err != nil {
			return err
		}
	}
	slices.SortFunc(missing, func(a, b absence) int {
		switch {
		case a.order < b.order:
			return -1
		case a.order > b.order:
			return 1
		}
		return bytes.Compare(keys.Key(int(a.row)), keys.Key(int(b.row)))
	})
	look, err := m.store.NewLookup()
	if err != nil {
		return fmt.Errorf("read state: %w", err)
	}
	defer func() {
		if e := look.Close(); err == nil && e != nil {
			err = fmt.Errorf("read state: %w", e)
		}
	}()
	for i, a := range missing {
		key, hash := keys.Key(int(a.row)), keys.Hashes[a.row]
		if i > 0 && bytes.Equal(key, keys.Key(int(missing[i-1].row))) {
			continue
		}
		s := m.shard(hash)
		e, err := m.ask(look, s, hash, key)
		if err == nil && e.none() {
			err = s.bury(tagOf(hash), key)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// orderOf is a number that orders like the keys in the store, as far as 64 bits go.
func orderOf(hash uint64, key []byte) uint64 {
	var buf [8]byte
	buf[0] = byte(Shard(hash))
	copy(buf[1:], key)
	return binary.BigEndian.Uint64(buf[:])
}

// ask looks a key that memory does not have up in the store, and keeps what it finds.
func (m *Map) ask(look storage.Lookup, s *shard, hash uint64, key []byte) (entry, error) {
	s.scratch = append(append(append(s.scratch[:0], m.prefix...), byte(Shard(hash))), key...)
	value, found, err := look.Get(s.scratch)
	if err != nil {
		return entry{}, fmt.Errorf("read state: %w", err)
	}
	if !found {
		return entry{}, nil
	}
	e, err := s.insert(tagOf(hash), key, len(value), flagStored|flagUsed)
	if err == nil {
		copy(e.value(), value)
	}
	return e, err
}

// bury notes that neither memory nor the store has a key. Unlike the tombstone of a key that was stored this one has nothing
// to tell a checkpoint, and goes with the next.
func (s *shard) bury(tag uint32, key []byte) error {
	e, err := s.insert(tag, key, 0, flagDead|flagUsed)
	if err == nil {
		s.note(tag, e)
	}
	return err
}
