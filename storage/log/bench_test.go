package log

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// BenchmarkAppend is one durable epoch of so many bytes on the real disk: the latency of an idle server's commit.
func BenchmarkAppend(b *testing.B) {
	for _, size := range []int{1, 100, 10 << 10, 100 << 10} {
		for _, opts := range []Options{{}, {GrowOnDemand: true}} {
			name := fmt.Sprintf("%dB/preallocated", size)
			if opts.GrowOnDemand {
				name = fmt.Sprintf("%dB/growing", size)
			}
			b.Run(name, func(b *testing.B) {
				l, err := Open(vfs.Default, b.TempDir(), opts)
				if err != nil {
					b.Fatal(err)
				}
				defer l.Close()
				rec := Record{Parts: []Part{{1, make([]byte, size)}}}
				b.SetBytes(int64(size))
				b.ReportAllocs()
				for b.Loop() {
					rec.Epoch++
					mustAppend(b, l, rec)
				}
			})
		}
	}
}

// BenchmarkAppendNoSync is the processor's share of an append.
func BenchmarkAppendNoSync(b *testing.B) {
	for _, size := range []int{1, 100, 10 << 10, 100 << 10} {
		b.Run(fmt.Sprintf("%dB", size), func(b *testing.B) {
			l, err := Open(vfs.Default, b.TempDir(), Options{})
			if err != nil {
				b.Fatal(err)
			}
			defer l.Close()
			rec := Record{Parts: []Part{{1, make([]byte, size)}}}
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				rec.Epoch++
				if _, err := l.AppendNoSync(rec); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkRead is the reading of a log of 100,000 epochs with two relations of 100 bytes each.
func BenchmarkRead(b *testing.B) {
	const epochs = 100_000
	l, err := Open(vfs.Default, b.TempDir(), Options{SegmentBytes: 8 << 20})
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	payload := bytes.Repeat([]byte("r"), 100)
	for epoch := range uint64(epochs) {
		if _, err := l.AppendNoSync(Record{Epoch: epoch + 1, Parts: []Part{{1, payload}, {2, payload}}}); err != nil {
			b.Fatal(err)
		}
	}
	if err := l.Sync(); err != nil {
		b.Fatal(err)
	}
	b.Run("replay", func(b *testing.B) {
		b.SetBytes(l.Stats().Bytes)
		for b.Loop() {
			l.Replay(0, func(Record) error { return nil })
		}
	})
	b.Run("relation", func(b *testing.B) {
		b.SetBytes(epochs * 100)
		for b.Loop() {
			l.ReadRelation(1, 0, epochs, func(uint64, []byte) error { return nil })
		}
	})
}
