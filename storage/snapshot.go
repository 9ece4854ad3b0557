package storage

import (
	"errors"
	"sync/atomic"

	"github.com/cockroachdb/pebble/v2"
)

// Snapshot is the store as of one committed checkpoint. It is shared by all who read at that checkpoint and closed when
// the last of them releases it. Its methods may be called from any goroutine that holds a reference.
type Snapshot struct {
	closer *closer
	number uint64
	epoch  uint64
	snap   *pebble.Snapshot
	refs   atomic.Int64
}

// Snapshot returns the snapshot of the last committed checkpoint with one more reference, which the caller releases. The store
// must not be closed.
func (s *Store) Snapshot() *Snapshot {
	for {
		// The store's own reference may go between the two steps, never without a newer snapshot in its place.
		snap := s.current.Load()
		if snap.Retain() {
			return snap
		}
		if s.current.Load() == snap {
			panic("storage: snapshot of a closed store")
		}
	}
}

// Epoch is the epoch of the checkpoint; zero in a store that has none.
func (s *Snapshot) Epoch() uint64 { return s.epoch }

// Number is that of the last checkpoint in the snapshot; zero if none was made since the store was opened.
func (s *Snapshot) Number() uint64 { return s.number }

// Retain adds a reference, unless the last one is gone already.
func (s *Snapshot) Retain() bool {
	for {
		n := s.refs.Load()
		if n == 0 {
			return false
		}
		if s.refs.CompareAndSwap(n, n+1) {
			return true
		}
	}
}

// Release gives up one reference.
func (s *Snapshot) Release() {
	switch n := s.refs.Add(-1); {
	case n < 0:
		panic("storage: snapshot released more often than retained")
	case n == 0:
		s.closer.add(s.snap)
	}
}

// Get appends the value of a key to dst and says whether there is one.
func (s *Snapshot) Get(dst, key []byte) ([]byte, bool, error) { return get(s.snap, dst, key) }

// NewIter iterates over the keys k with lo <= k < hi. The caller closes it before it releases the snapshot.
func (s *Snapshot) NewIter(lo, hi []byte) (*pebble.Iterator, error) {
	return s.snap.NewIter(&pebble.IterOptions{LowerBound: lo, UpperBound: hi})
}

func get(r pebble.Reader, dst, key []byte) ([]byte, bool, error) {
	value, closer, err := r.Get(key)
	if err != nil {
		if errors.Is(err, pebble.ErrNotFound) {
			return dst, false, nil
		}
		return dst, false, err
	}
	dst = append(dst, value...)
	return dst, true, closer.Close()
}
