package storage

import (
	"bytes"
	"fmt"

	"github.com/cockroachdb/pebble/v2"
)

// Lookup reads single keys of the store as of the checkpoint that was the last one committed when it was made.
//
// It is for keys of which many are not there. Pebble's own Get does not ask the Bloom filters of the last level, where nearly
// all keys are, and reads a block of every table that might have the key; a Lookup asks all filters. Keys in ascending order
// cost least: then the iterator goes on from where it stands.
type Lookup struct{ it *pebble.Iterator }

// NewLookup returns a Lookup, which belongs to one goroutine and is to be closed soon: it keeps the files it reads.
func (s *Store) NewLookup() (Lookup, error) {
	it, err := s.db.NewIter(&pebble.IterOptions{UseL6Filters: true})
	return Lookup{it}, err
}

// Get returns the value of a key, which is valid until the next call, and says whether there is one.
func (l Lookup) Get(key []byte) (value []byte, found bool, err error) {
	if !l.it.SeekPrefixGE(key) || !bytes.Equal(l.it.Key(), key) {
		return nil, false, l.it.Error()
	}
	value, err = l.it.ValueAndErr()
	return value, err == nil, err
}

// Close gives up what the Lookup reads.
func (l Lookup) Close() error {
	if err := l.it.Close(); err != nil {
		return fmt.Errorf("close look-up: %w", err)
	}
	return nil
}
