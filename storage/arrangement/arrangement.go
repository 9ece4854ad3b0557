// Package arrangement keeps relations readable as of published epochs.
package arrangement

import (
	"context"

	"tarn/storage"
)

// Mode says what an arrangement holds.
type Mode uint8

const (
	Unique Mode = iota + 1 // key -> row; keys are memcomparable
	Bag                    // row -> count; the key is the row, or anything that determines it
	Append                 // sequence number -> opaque batch of rows
)

// Changes is a reusable buffer of changes to one arrangement.
type Changes struct{}

// Add records a change; key and row are copied. Unique: count is the sign of the change (the old row -1, the new row +1, in any
// order). Bag: key is the element, row must be empty. Not for Append.
func (c *Changes) Add(key, row []byte, count int64) { panic("contract") }

// Len is the number of changes; Reset empties the buffer for reuse.
func (c *Changes) Len() int { panic("contract") }
func (c *Changes) Reset()   { panic("contract") }

// Arrangement is a relation's contents. Its methods belong to the goroutine that turns epochs; readers use Views.
type Arrangement struct{}

// Open opens the arrangement of an id as of the last committed checkpoint.
func Open(store *storage.Store, id uint32, mode Mode) (*Arrangement, error) { panic("contract") }

// Apply makes the changes of an epoch (Unique, Bag). The buffer may be reset and reused afterwards.
func (a *Arrangement) Apply(epoch uint64, c *Changes) error { panic("contract") }

// AppendBatch appends an encoded batch of rows (Append) and returns its sequence number; the payload is copied.
func (a *Arrangement) AppendBatch(epoch uint64, payload []byte, rows int64) (seq uint64, err error) {
	panic("contract")
}

// Truncate drops the batches before seq (Append) and returns how many rows they had.
func (a *Arrangement) Truncate(seq uint64) (rows int64, err error) { panic("contract") }

// Publish returns the contents as they are now, with one reference that the caller releases.
func (a *Arrangement) Publish() *View { panic("contract") }

// Fold adds what changed since the last Fold to a checkpoint.
func (a *Arrangement) Fold(cp *storage.Checkpoint) { panic("contract") }

// View is an immutable state of an arrangement, for any number of goroutines.
type View struct{}

// Retain adds a reference unless the last one is gone already; Release gives one up.
func (v *View) Retain() bool { panic("contract") }
func (v *View) Release()     { panic("contract") }

// Rows is the number of rows: keys, sum of counts, rows of all batches.
func (v *View) Rows() int64 { panic("contract") }

// Get appends the row of a key to dst (Unique: count 1; Bag: nothing appended, the count; Append: the payload, its rows). A count of 0: absent.
func (v *View) Get(dst, key []byte) (row []byte, count int64, err error) { panic("contract") }

// Scan calls f for the entries with lo <= key < hi (nil: unbounded), ascending or descending, until it returns false. The slices
// are valid during the call. Bag: row is the key. Append: key is the sequence number in 8 bytes big endian (SeqKey), row the payload, count
// its number of rows. The context is looked at every few hundred entries.
func (v *View) Scan(ctx context.Context, lo, hi []byte, reverse bool, f func(key, row []byte, count int64) bool) error {
	panic("contract")
}

// SeqKey appends the key of a sequence number, for the bounds of a scan (Append).
func SeqKey(dst []byte, seq uint64) []byte { panic("contract") }
