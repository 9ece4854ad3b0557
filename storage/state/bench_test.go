package state

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"tarn/storage/slab"
)

// Updates of a count under 12-byte keys, a million of them, uniformly at random, in batches: hash, touch, put.
func BenchmarkMapUpdate(b *testing.B) {
	const keys = 1 << 20
	for _, batch := range []int{1, 256, 10_000} {
		b.Run(fmt.Sprint(batch), func(b *testing.B) {
			m := Ephemeral(slab.NewPool(8 << 30))
			defer m.Release()
			rng := rand.New(rand.NewPCG(1, 1))
			hashes, encoded := make([]uint64, batch), make([]byte, 12*batch)
			run := func(next func() uint64) {
				for i := range batch {
					key := encoded[12*i : 12*i+12]
					binary.BigEndian.PutUint64(key[4:], next())
					hashes[i] = Hash(key)
				}
				if batch > 8 {
					for from := 0; from < batch; from += 256 {
						to := min(from+256, batch)
						m.Touch(hashes[from:to])
						update(b, m, hashes[from:to], encoded[12*from:12*to])
					}
					return
				}
				update(b, m, hashes, encoded)
			}
			n := uint64(0)
			for n < keys {
				run(func() uint64 { n++; return n })
			}
			b.ResetTimer()
			for i := 0; i < b.N; i += batch {
				run(func() uint64 { return rng.Uint64N(keys) })
			}
			b.ReportMetric(float64(m.Bytes())/keys, "B/key")
		})
	}
}

func update(b *testing.B, m *Map, hashes []uint64, encoded []byte) {
	for i, hash := range hashes {
		val, _, err := m.Put(hash, encoded[12*i:12*i+12], 16)
		if err != nil {
			b.Fatal(err)
		}
		binary.LittleEndian.PutUint64(val, binary.LittleEndian.Uint64(val)+1)
	}
}

// Rows of 40 bytes under a million keys at random, as bids come to auctions, two per key at a time: each operation adds
// one row and takes an old one away.
func BenchmarkMultimapAdd(b *testing.B) {
	const keys, live, batch = 1 << 20, 2 << 20, 256
	m := EphemeralMultimap(slab.NewPool(8 << 30))
	defer m.Release()
	hashes := make([]uint64, batch)
	encoded := make([]byte, 8*batch)
	row := make([]byte, 40)
	add := func(from uint64, count int64) {
		for i := range hashes {
			key := encoded[8*i : 8*i+8]
			binary.BigEndian.PutUint64(key, (from+uint64(i))*0x9e3779b97f4a7c15>>20%keys)
			hashes[i] = Hash(key)
		}
		m.Touch(hashes)
		for i, hash := range hashes {
			binary.BigEndian.PutUint64(row, from+uint64(i))
			if _, _, err := m.Add(hash, encoded[8*i:8*i+8], row, count); err != nil {
				b.Fatal(err)
			}
		}
	}
	next := uint64(0)
	for ; next < live; next += batch {
		add(next, 1)
	}
	b.ResetTimer()
	for i := 0; i < b.N; i += batch {
		add(next, 1)
		add(next-live, -1)
		next += batch
	}
	b.ReportMetric(float64(m.Bytes())/live, "B/row")
}

// One group of a million rows, random inserts and deletes.
func BenchmarkMultimapHugeGroup(b *testing.B) {
	m := EphemeralMultimap(slab.NewPool(8 << 30))
	defer m.Release()
	key := []byte("group")
	hash := Hash(key)
	row := make([]byte, 40)
	rng := rand.New(rand.NewPCG(1, 1))
	add := func(n uint64, count int64) {
		binary.BigEndian.PutUint64(row, n)
		if _, _, err := m.Add(hash, key, row, count); err != nil {
			b.Fatal(err)
		}
	}
	for i := range uint64(1 << 20) {
		add(i*0x9e3779b97f4a7c15, 1)
	}
	for b.Loop() {
		n := rng.Uint64()
		add(n, 1)
		add(n, -1)
	}
}

// What a checkpoint costs the goroutine that turns epochs, per dirty entry.
func BenchmarkWriteDirty(b *testing.B) {
	s := openStore(b, vfs.NewMem())
	m := Open(s, 1, true)
	const keys = 100_000
	epoch := uint64(0)
	var key [8]byte
	for b.Loop() {
		b.StopTimer()
		for i := range uint64(keys) {
			binary.BigEndian.PutUint64(key[:], i)
			val, _, err := m.Put(Hash(key[:]), key[:], 32)
			if err != nil {
				b.Fatal(err)
			}
			val[0]++
		}
		epoch++
		cp := s.Begin(epoch)
		b.StartTimer()
		m.WriteDirty(cp)
		b.StopTimer()
		done := make(chan error)
		cp.Commit(nil, nil, func(err error) { done <- err })
		if err := <-done; err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/keys, "ns/entry")
}

// Reading back entries that were evicted.
func BenchmarkFault(b *testing.B) {
	s := openStore(b, vfs.NewMem())
	m := Open(s, 1, true)
	const keys = 200_000
	var key [8]byte
	put := func(i uint64) {
		binary.BigEndian.PutUint64(key[:], i)
		if _, _, err := m.Put(Hash(key[:]), key[:], 100); err != nil {
			b.Fatal(err)
		}
	}
	for i := range uint64(keys) {
		put(i)
	}
	checkpoint(b, s, 1, m)
	if err := s.Flush(); err != nil {
		b.Fatal(err)
	}
	i := uint64(0)
	for b.Loop() {
		if i%keys == 0 {
			b.StopTimer()
			if _, err := m.Evict(0); err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
		}
		i++
		binary.BigEndian.PutUint64(key[:], i*7919%keys)
		if _, found, err := m.Get(Hash(key[:]), key[:]); err != nil || !found {
			b.Fatal(found, err)
		}
	}
}
