package storage

import (
	"encoding/binary"
	"fmt"
	"io"

	"github.com/cockroachdb/pebble/v2"
)

// mergerName is the name under which Pebble remembers the merge operator: a store written with another is refused.
const mergerName = "tarn.counts.1"

// countMerger sums the counts of a row. It never reports a sum of zero as deleted, although Pebble has a way to: in
// v2.1.7 a compaction that meets such a sum loses its place (cockroachdb/pebble issue 6168). Batch.AddCount deletes the
// row instead.
var countMerger = &pebble.Merger{
	Name: mergerName,
	Merge: func(_, value []byte) (pebble.ValueMerger, error) {
		s := &countSum{}
		return s, s.add(value)
	},
}

type countSum struct{ sum int64 }

func (s *countSum) add(value []byte) error {
	n, err := ParseCount(value)
	s.sum += n
	return err
}

func (s *countSum) MergeNewer(value []byte) error { return s.add(value) }
func (s *countSum) MergeOlder(value []byte) error { return s.add(value) }

func (s *countSum) Finish(bool) ([]byte, io.Closer, error) {
	return AppendCount(nil, s.sum), nil, nil
}

// AppendCount appends a count as it is stored: a zigzag varint.
func AppendCount(dst []byte, n int64) []byte { return binary.AppendVarint(dst, n) }

// ParseCount reads a count that takes up all of value.
func ParseCount(value []byte) (int64, error) {
	n, size := binary.Varint(value)
	if size <= 0 || size != len(value) {
		return 0, fmt.Errorf("stored count %x is not a varint", value)
	}
	return n, nil
}
