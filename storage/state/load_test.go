package state

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"tarn/delta"
)

// keysOf are keys as the rows of a batch have them, with the numbers of all rows.
func keysOf(keys ...[]byte) (k *delta.Keys, rows []int32) {
	k = &delta.Keys{Offsets: []uint32{0}}
	for i, key := range keys {
		k.Data = append(k.Data, key...)
		k.Offsets = append(k.Offsets, uint32(len(k.Data)))
		k.Hashes = append(k.Hashes, Hash(key))
		rows = append(rows, int32(i))
	}
	return k, rows
}

func number(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// What Load brings is what Get and Put would have found. What it has found to be nowhere takes no memory beyond the next
// checkpoint, and as little as another key when it is put.
func TestLoad(t *testing.T) {
	fs := vfs.NewMem()
	s := openStore(t, fs)
	m := Open(s, 1, true)
	const stored = 40_000 // more than is read when the map is opened
	put := func(m *Map, n uint64, size int) {
		t.Helper()
		val, _, err := m.Put(Hash(number(n)), number(n), size)
		if err != nil {
			t.Fatal(err)
		}
		binary.LittleEndian.PutUint64(val, n)
	}
	for n := range uint64(stored) {
		put(m, n, 40)
	}
	checkpoint(t, s, 1, m)
	m.Release()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openStore(t, fs)
	m, plain := Open(s, 1, false), Open(s, 1, false)

	var batch [][]byte
	for n := range uint64(300) {
		batch = append(batch, number(n*n), number(1<<32+n), number(n*n)) // those from 200 on are not there either
	}
	keys, rows := keysOf(batch...)
	if err := m.Load(keys, rows); err != nil {
		t.Fatal(err)
	}
	for i, key := range batch {
		if _, e := m.shard(keys.Hashes[i]).find(tagOf(keys.Hashes[i]), key); e.none() {
			t.Fatalf("key %x is neither in memory nor known to be nowhere", key)
		}
	}
	for _, key := range batch {
		n := binary.BigEndian.Uint64(key)
		val, found, err := m.Get(Hash(key), key)
		if err != nil || found != (n < stored) || found && binary.LittleEndian.Uint64(val) != n {
			t.Fatalf("Get(%d) = %x, %v, %v", n, val, found, err)
		}
	}
	for _, key := range batch {
		n := binary.BigEndian.Uint64(key)
		put(m, n, 40)
		put(plain, n, 40)
	}
	if m.Bytes() > plain.Bytes()+64<<10 {
		t.Errorf("%d bytes with Load, %d without", m.Bytes(), plain.Bytes())
	}
	plain.Release()

	before := m.Bytes()
	batch = batch[:0]
	for n := range uint64(5000) {
		batch = append(batch, number(1<<40+n))
	}
	keys, rows = keysOf(batch...)
	if err := m.Load(keys, rows); err != nil {
		t.Fatal(err)
	}
	checkpoint(t, s, 2, m)
	if _, err := m.Evict(before); err != nil {
		t.Fatal(err)
	}
	tombstones := 0
	for i := range m.shards {
		tombstones += m.shards[i].dead
	}
	if tombstones != 0 {
		t.Errorf("%d tombstones of keys that never were", tombstones)
	}
	m.Release()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// Reading keys back one by one, and loading them in batches of several sizes, from a store whose data has come to rest in its
// last level; and the same of keys that are not there.
func BenchmarkLoad(b *testing.B) {
	s := openStore(b, vfs.NewMem())
	defer s.Close()
	m := Open(s, 1, true)
	const stored = 500_000
	for n := range uint64(stored) {
		if _, _, err := m.Put(Hash(number(n*2)), number(n*2), 60); err != nil {
			b.Fatal(err)
		}
		if n%(stored/20) == 0 { // so many tables that they are compacted
			checkpoint(b, s, 1+n, m)
			if err := s.Flush(); err != nil {
				b.Fatal(err)
			}
		}
	}
	checkpoint(b, s, stored+1, m)
	m.Release()
	for _, absent := range []uint64{0, 1} {
		for _, size := range []int{0, 1, 16, 1024, 16384} {
			b.Run(fmt.Sprintf("%s/%d", []string{"there", "absent"}[absent], size), func(b *testing.B) {
				m := Open(s, 1, false)
				defer m.Release()
				rng := rand.New(rand.NewPCG(1, 1))
				batch := make([][]byte, max(size, 1))
				for n := 0; n < b.N; n += len(batch) {
					for i := range batch {
						batch[i] = number(rng.Uint64N(stored)*2 + absent)
					}
					keys, rows := keysOf(batch...)
					if size > 0 {
						if err := m.Load(keys, rows); err != nil {
							b.Fatal(err)
						}
					}
					for i, key := range batch {
						if _, found, err := m.Get(keys.Hashes[i], key); err != nil || found == (absent == 1) {
							b.Fatal(found, err)
						}
					}
				}
			})
		}
	}
}
