package state

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"tarn/storage"
	"tarn/storage/slab"
)

func openStore(t testing.TB, fs vfs.FS) *storage.Store {
	t.Helper()
	s, err := storage.Open(fs, "data", storage.Options{
		Memory: slab.NewPool(1 << 30), CacheBytes: 8 << 20, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// checkpoint writes what is dirty and waits for the commit.
func checkpoint(t testing.TB, s *storage.Store, epoch uint64, parts ...interface{ WriteDirty(*storage.Checkpoint) }) {
	t.Helper()
	cp := s.Begin(epoch)
	for _, p := range parts {
		p.WriteDirty(cp)
	}
	done := make(chan error)
	cp.Commit(nil, nil, func(err error) { done <- err })
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

// model runs random operations on a map and on a Go map side by side.
type model struct {
	t    *testing.T
	m    *Map
	want map[string]string
	rng  *rand.Rand
	keys int
}

func (o *model) key() []byte {
	n := o.rng.IntN(o.keys)
	return []byte(fmt.Sprintf("%0*d", 1+n%20, n))
}

func (o *model) step() {
	o.t.Helper()
	key := o.key()
	hash := Hash(key)
	old, had := o.want[string(key)]
	if o.rng.IntN(20) == 0 { // this changes nothing
		keys, rows := keysOf(key, o.key(), o.key(), o.key(), key)
		if err := o.m.Load(keys, rows); err != nil {
			o.t.Fatal(err)
		}
	}
	switch o.rng.IntN(10) {
	case 0, 1:
		existed, err := o.m.Delete(hash, key)
		if err != nil || existed != had {
			o.t.Fatalf("Delete(%s) = %v, %v; want %v", key, existed, err, had)
		}
		delete(o.want, string(key))
	case 2, 3, 4:
		val, found, err := o.m.Get(hash, key)
		if err != nil || found != had || string(val) != old {
			o.t.Fatalf("Get(%s) = %q, %v, %v; want %q, %v", key, val, found, err, old, had)
		}
	default:
		n := o.rng.IntN(40)
		if o.rng.IntN(200) == 0 {
			n = o.rng.IntN(6000)
		}
		val, existed, err := o.m.Put(hash, key, n)
		if err != nil || existed != had || len(val) != n {
			o.t.Fatalf("Put(%s, %d) = %d bytes, %v, %v; want existed %v", key, n, len(val), existed, err, had)
		}
		kept := make([]byte, n)
		copy(kept, old)
		if !bytes.Equal(val, kept) {
			o.t.Fatalf("Put(%s, %d) kept %q of %q", key, n, val, old)
		}
		for i := range val {
			val[i] = byte(o.rng.Uint32())
		}
		o.want[string(key)] = string(val)
	}
}

func (o *model) check() {
	o.t.Helper()
	got := map[string]string{}
	if err := o.m.Scan(func(key, val []byte) bool {
		if _, twice := got[string(key)]; twice {
			o.t.Fatalf("Scan gives %s twice", key)
		}
		got[string(key)] = string(val)
		return true
	}); err != nil {
		o.t.Fatal(err)
	}
	if !maps.Equal(got, o.want) {
		o.t.Fatalf("Scan gives %d keys, want %d, or other values", len(got), len(o.want))
	}
}

func TestEphemeralMap(t *testing.T) {
	for _, keys := range []int{10, 1000, 40_000} {
		pool := slab.NewPool(1 << 30)
		o := &model{t, Ephemeral(pool), map[string]string{}, rand.New(rand.NewPCG(1, uint64(keys))), keys}
		for range 3 * keys {
			o.step()
		}
		o.check()
		if o.m.Len() != len(o.want) {
			t.Fatalf("Len %d, want %d", o.m.Len(), len(o.want))
		}
		o.m.Release()
		if pool.Used() != 0 {
			t.Fatalf("%d bytes in use after Release", pool.Used())
		}
	}
}

// Operations, checkpoints, evictions and restarts, mixed: the map is always the model.
func TestMapWithStore(t *testing.T) {
	for _, keys := range []int{50, 3000, 30_000} {
		t.Run(fmt.Sprint(keys), func(t *testing.T) {
			fs := vfs.NewMem()
			s := openStore(t, fs)
			o := &model{t, Open(s, 7, true), map[string]string{}, rand.New(rand.NewPCG(2, uint64(keys))), keys}
			for round := range uint64(16) {
				for range max(keys/4, 1000) {
					o.step()
				}
				switch round % 4 {
				case 1:
					// Clean and dirty entries, and a checkpoint that is perhaps under way.
					cp := s.Begin(round)
					o.m.WriteDirty(cp)
					done := make(chan error, 1)
					cp.Commit(nil, nil, func(err error) { done <- err })
					for range keys / 10 {
						o.step()
					}
					if _, err := o.m.Evict(0); err != nil {
						t.Fatal(err)
					}
					if err := <-done; err != nil {
						t.Fatal(err)
					}
				case 2, 3:
					checkpoint(t, s, round, o.m)
					before := o.m.Bytes()
					freed, err := o.m.Evict(before / 4)
					if err != nil || freed != before-o.m.Bytes() {
						t.Fatalf("Evict = %d, %v; %d bytes became %d", freed, err, before, o.m.Bytes())
					}
				}
				if round%8 == 7 {
					o.check()
					checkpoint(t, s, round, o.m)
					o.m.Release()
					if used := s.Memory().Used(); used != 0 {
						t.Fatalf("%d bytes in use after Release", used)
					}
					if err := s.Close(); err != nil {
						t.Fatal(err)
					}
					s = openStore(t, fs)
					if s.Meta().Epoch != round {
						t.Fatalf("opened at epoch %d, want %d", s.Meta().Epoch, round)
					}
					o.m = Open(s, 7, false)
				}
			}
			o.check()
			o.m.Release()
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// State four times larger than what memory may hold.
func TestMapLargerThanMemory(t *testing.T) {
	s := openStore(t, vfs.NewMem())
	m := Open(s, 1, true)
	const keys, budget = 30_000, 1 << 20
	rng := rand.New(rand.NewPCG(3, 3))
	want := make([]uint64, keys)
	var key [8]byte
	for epoch := uint64(1); epoch <= 16; epoch++ {
		for range 5000 {
			k := rng.Uint64N(keys)
			binary.BigEndian.PutUint64(key[:], k)
			val, existed, err := m.Put(Hash(key[:]), key[:], 100)
			if err != nil || existed != (want[k] > 0) {
				t.Fatalf("Put(%d) existed %v, %v", k, existed, err)
			}
			if got := binary.LittleEndian.Uint64(val); got != want[k] {
				t.Fatalf("key %d has %d, want %d", k, got, want[k])
			}
			want[k]++
			binary.LittleEndian.PutUint64(val, want[k])
		}
		checkpoint(t, s, epoch, m)
		if _, err := m.Evict(budget); err != nil {
			t.Fatal(err)
		}
		if m.Bytes() > budget {
			t.Fatalf("%d bytes after eviction to %d", m.Bytes(), budget)
		}
	}
	if m.Len() > keys/2 {
		t.Fatalf("%d of %d keys in memory", m.Len(), keys)
	}
	m.Release()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// After Fork, goroutines work on shards of their own.
func TestForkedShards(t *testing.T) {
	s := openStore(t, vfs.NewMem())
	m := Open(s, 1, true)
	if err := m.Fork(); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for worker := range 4 {
		wg.Go(func() {
			var key [8]byte
			for i := range uint64(20_000) {
				binary.LittleEndian.PutUint64(key[:], i%5000)
				hash := Hash(key[:])
				if Shard(hash)%4 != worker {
					continue
				}
				val, _, err := m.Put(hash, key[:], 8)
				if err != nil {
					t.Error(err)
					return
				}
				val[0]++
			}
		})
	}
	wg.Wait()
	if m.Len() != 5000 {
		t.Fatalf("%d keys", m.Len())
	}
	if err := m.Scan(func(_, val []byte) bool { return val[0] == 4 || t.Failed() || fail(t, val) }); err != nil {
		t.Fatal(err)
	}
	m.Release()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func fail(t *testing.T, val []byte) bool {
	t.Errorf("counted %d, want 4", val[0])
	return false
}

func TestEphemeralMapIsBounded(t *testing.T) {
	pool := slab.NewPool(1 << 20)
	m := Ephemeral(pool)
	var key [8]byte
	for i := range uint64(1 << 20) {
		binary.BigEndian.PutUint64(key[:], i)
		if _, _, err := m.Put(Hash(key[:]), key[:], 64); err != nil {
			if got, want := err.Error(), "out of memory (SQLSTATE 53200)"; got != want {
				t.Fatalf("%s, want %s", got, want)
			}
			if pool.Used() > pool.Budget() {
				t.Fatalf("used %d", pool.Used())
			}
			return
		}
	}
	t.Fatal("never refused")
}

// The filter never denies what was added, and rarely affirms what was not.
func TestFilter(t *testing.T) {
	f, rng := &filter{}, rand.New(rand.NewPCG(4, 4))
	added := make([]uint64, 50_000)
	for i := range added {
		added[i] = rng.Uint64()
		f.add(added[i])
	}
	for _, h := range added {
		if !f.has(h) {
			t.Fatal("a key is denied")
		}
	}
	wrong := 0
	for range 100_000 {
		if f.has(rng.Uint64()) {
			wrong++
		}
	}
	if wrong > 3000 {
		t.Fatalf("%d of 100000 absent keys affirmed", wrong)
	}
}

func TestSizeClasses(t *testing.T) {
	for n := 1; n <= slab.MaxChunk; n += 1 + n/100 {
		c := classOf(n)
		if int(classBytes[c]) < n || c > 0 && int(classBytes[c-1]) >= n {
			t.Fatalf("%d bytes are in class %d of %d bytes", n, c, classBytes[c])
		}
	}
	if classOf(slab.MaxChunk+1) != huge || classBytes[classes-1] != slab.MaxChunk {
		t.Fatal("largest class")
	}
}
