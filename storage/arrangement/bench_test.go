package arrangement

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
)

var row40 = make([]byte, 40)

func intKey(dst []byte, i uint64) []byte { return binary.BigEndian.AppendUint64(append(dst, 1), i) }

// Epochs of one and of 100,000 new rows at random keys, with a checkpoint every 100,000 rows.
func BenchmarkApply(b *testing.B) {
	for _, n := range []int{1, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s := openStore(b, vfs.NewMem())
			a, _ := Open(s, 1, Unique)
			rng := rand.New(rand.NewPCG(1, 1))
			var c Changes
			var key []byte
			var pending chan error
			epoch, rows := uint64(0), 0
			for b.Loop() {
				c.Reset()
				for range n {
					key = intKey(key[:0], rng.Uint64())
					c.Add(key, row40, 1)
				}
				epoch++
				if err := a.Apply(epoch, &c); err != nil {
					b.Fatal(err)
				}
				a.Publish().Release()
				if rows += n; rows%100_000 == 0 {
					b.StopTimer()
					wait(b, pending)
					pending = checkpoint(s, epoch, a)
					wait(b, pending)
					pending = nil
					b.StartTimer()
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(rows), "ns/row")
		})
	}
}

// Reads of 200,000 rows: all in the store, or a tenth of them changed since.
func BenchmarkRead(b *testing.B) {
	const rows = 200_000
	for _, changed := range []int{0, rows / 10} {
		s := openStore(b, vfs.NewMem())
		a, _ := Open(s, 1, Unique)
		var c Changes
		for i := range uint64(rows) {
			c.Add(intKey(nil, i), row40, 1)
		}
		if err := a.Apply(1, &c); err != nil {
			b.Fatal(err)
		}
		wait(b, checkpoint(s, 1, a))
		if err := s.Flush(); err != nil {
			b.Fatal(err)
		}
		for i := range changed {
			c.Reset()
			c.Add(intKey(nil, uint64(i)*10), row40, -1)
			c.Add(intKey(nil, uint64(i)*10), row40[1:], 1)
			if err := a.Apply(uint64(2+i), &c); err != nil {
				b.Fatal(err)
			}
		}
		v := a.Publish()
		b.Run(fmt.Sprintf("get/%d", changed), func(b *testing.B) {
			rng := rand.New(rand.NewPCG(1, 1))
			var key, row []byte
			for b.Loop() {
				key = intKey(key[:0], rng.Uint64N(rows))
				var count int64
				var err error
				if row, count, err = v.Get(row[:0], key); err != nil || count != 1 {
					b.Fatal(count, err)
				}
			}
		})
		b.Run(fmt.Sprintf("scan/%d", changed), func(b *testing.B) {
			n := 0
			for b.Loop() {
				err := v.Scan(context.Background(), nil, nil, false, func(_, _ []byte, _ int64) bool {
					n++
					return true
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/row")
		})
		v.Release()
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
