// Package state keeps the state of operators.
package state

import (
	"tarn/storage"
	"tarn/storage/slab"
)

// Multimap is a map from keys to multisets of rows, each sorted by the bytes of the rows, with signed counts.
type Multimap struct{}

// OpenMultimap, EphemeralMultimap, and the methods of the same names are as those of Map.
func OpenMultimap(store *storage.Store, id uint32, complete bool) *Multimap { panic("contract") }

func EphemeralMultimap(pool *slab.Pool) *Multimap { panic("contract") }

// Add adds count to the count of a row, and returns it as it was and as it is. A count may be below zero; at zero the row goes, with the last row the key.
func (m *Multimap) Add(hash uint64, key, row []byte, count int64) (before, after int64, err error) {
	panic("contract")
}

// Each calls f for the rows of a key in ascending order until it returns false. f must not change the multimap; row is valid during the call.
func (m *Multimap) Each(hash uint64, key []byte, f func(row []byte, count int64) bool) error {
	panic("contract")
}

// EachReverse is Each in descending order.
func (m *Multimap) EachReverse(hash uint64, key []byte, f func(row []byte, count int64) bool) error {
	panic("contract")
}

// First returns the smallest row of a key, Last the largest; found is false if the key has none. Valid until the next Add.
func (m *Multimap) First(hash uint64, key []byte) (row []byte, count int64, found bool, err error) {
	panic("contract")
}
func (m *Multimap) Last(hash uint64, key []byte) (row []byte, count int64, found bool, err error) {
	panic("contract")
}

// Count returns the count of one row.
func (m *Multimap) Count(hash uint64, key, row []byte) (int64, error) { panic("contract") }

// Rows is the sum of the counts of a key, Distinct the number of its different rows.
func (m *Multimap) Rows(hash uint64, key []byte) (int64, error)     { panic("contract") }
func (m *Multimap) Distinct(hash uint64, key []byte) (int64, error) { panic("contract") }

// Scan calls f for every key and row, keys in no particular order, the rows of each ascending.
func (m *Multimap) Scan(f func(key, row []byte, count int64) bool) error { panic("contract") }

func (m *Multimap) Touch(hashes []uint64)             { panic("contract") }
func (m *Multimap) Fork()                             { panic("contract") }
func (m *Multimap) Len() int                          { panic("contract") }
func (m *Multimap) Bytes() int64                      { panic("contract") }
func (m *Multimap) WriteDirty(cp *storage.Checkpoint) { panic("contract") }
func (m *Multimap) Evict(target int64) (int64, error) { panic("contract") }
func (m *Multimap) Release()                          { panic("contract") }
