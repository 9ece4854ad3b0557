package arrangement

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
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

// checkpoint folds and hands over; the answer comes through the channel.
func checkpoint(s *storage.Store, epoch uint64, a *Arrangement) chan error {
	cp := s.Begin(epoch)
	a.Fold(cp)
	done := make(chan error, 1)
	cp.Commit(nil, nil, func(err error) { done <- err })
	return done
}

func wait(t testing.TB, done chan error) {
	t.Helper()
	if done == nil {
		return
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

type entry struct {
	key, row string
	count    int64
}

// contents is a model of what a View shows.
type contents map[string]entry

func (c contents) sorted(lo, hi []byte) []entry {
	var es []entry
	for _, e := range c {
		if lo != nil && e.key < string(lo) || hi != nil && e.key >= string(hi) {
			continue
		}
		es = append(es, e)
	}
	slices.SortFunc(es, func(a, b entry) int { return cmp.Compare(a.key, b.key) })
	return es
}

func (c contents) rows() (n int64) {
	for _, e := range c {
		n += e.count
	}
	return n
}

func scan(v *View, lo, hi []byte, reverse bool) ([]entry, error) {
	var es []entry
	err := v.Scan(context.Background(), lo, hi, reverse, func(key, row []byte, count int64) bool {
		es = append(es, entry{string(key), string(row), count})
		return true
	})
	return es, err
}

// compare reads a View in all the ways there are and compares it with a model.
func compare(v *View, want contents, rng *rand.Rand, keyOf func(int) []byte, keys int) error {
	if v.Rows() != want.rows() {
		return fmt.Errorf("%d rows, want %d", v.Rows(), want.rows())
	}
	for range 3 {
		var lo, hi []byte
		if rng.IntN(3) > 0 {
			lo = keyOf(rng.IntN(keys))
		}
		if rng.IntN(3) > 0 {
			hi = keyOf(rng.IntN(keys))
		}
		w := want.sorted(lo, hi)
		for _, reverse := range []bool{false, true} {
			got, err := scan(v, lo, hi, reverse)
			if err != nil {
				return err
			}
			if reverse {
				slices.Reverse(got)
			}
			if !slices.Equal(got, w) {
				return fmt.Errorf("scan [%x, %x) reverse %v: %d entries, want %d, or others", lo, hi, reverse, len(got), len(w))
			}
		}
	}
	for range 20 {
		key := keyOf(rng.IntN(keys))
		w := want[string(key)]
		row, count, err := v.Get([]byte("head"), key)
		if err != nil || count != w.count || string(row) != "head"+w.row {
			return fmt.Errorf("Get(%x) = %q, %d, %v; want %q, %d", key, row, count, err, w.row, w.count)
		}
	}
	return nil
}

// Random epochs, checkpoints under way, pinned views, restarts: each View is and stays the model of its epoch.
func TestAgainstModel(t *testing.T) {
	intKey := func(i int) []byte { return binary.BigEndian.AppendUint64([]byte{1}, uint64(i)) }
	textKey := func(i int) []byte { return []byte(strings.Repeat("a common prefix ", i%3) + fmt.Sprint(i)) }
	for _, c := range []struct {
		name string
		mode Mode
		key  func(int) []byte
		keys int
	}{
		{"unique", Unique, intKey, 300},
		{"unique text", Unique, textKey, 2000},
		{"bag", Bag, textKey, 300},
	} {
		t.Run(c.name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(5, uint64(c.keys)))
			fs := vfs.NewMem()
			s := openStore(t, fs)
			a, err := Open(s, 9, c.mode)
			if err != nil {
				t.Fatal(err)
			}
			type pinned struct {
				v    *View
				want contents
			}
			var pins []pinned
			want := contents{}
			var changes Changes
			var pending chan error
			for epoch := uint64(1); epoch <= 600; epoch++ {
				changes.Reset()
				n := 1
				if rng.IntN(10) == 0 {
					n = rng.IntN(c.keys)
				}
				for range n {
					key := c.key(rng.IntN(c.keys))
					old, had := want[string(key)]
					if c.mode == Bag {
						d := rng.Int64N(3) + 1
						if had && rng.IntN(2) == 0 {
							d = -old.count
						}
						changes.Add(key, nil, d)
						if d += old.count; d == 0 {
							delete(want, string(key))
						} else {
							want[string(key)] = entry{string(key), "", d}
						}
						continue
					}
					if had {
						changes.Add(key, []byte(old.row), -1)
						delete(want, string(key))
					}
					if !had || rng.IntN(3) > 0 {
						row := fmt.Sprint(rng.IntN(50))
						changes.Add(key, []byte(row), 1)
						want[string(key)] = entry{string(key), row, 1}
					}
				}
				if err := a.Apply(epoch, &changes); err != nil {
					t.Fatal(err)
				}
				if epoch%40 == 0 {
					wait(t, pending)
					pending = checkpoint(s, epoch, a)
				}
				if epoch%7 == 0 {
					pins = append(pins, pinned{a.Publish(), maps.Clone(want)})
				}
				if len(pins) > 0 && rng.IntN(6) == 0 {
					i := rng.IntN(len(pins))
					if err := compare(pins[i].v, pins[i].want, rng, c.key, c.keys); err != nil {
						t.Fatalf("epoch %d: %v", epoch, err)
					}
					pins[i].v.Release()
					pins = slices.Delete(pins, i, i+1)
				}
				if epoch%200 == 0 {
					for _, p := range pins {
						if err := compare(p.v, p.want, rng, c.key, c.keys); err != nil {
							t.Fatal(err)
						}
						p.v.Release()
					}
					pins = nil
					wait(t, pending)
					if pending = nil; !a.Settled() || a.Bytes() != 0 {
						t.Fatalf("%d bytes in memory after a checkpoint", a.Bytes())
					}
					if err := s.Close(); err != nil {
						t.Fatal(err)
					}
					s = openStore(t, fs)
					if a, err = Open(s, 9, c.mode); err != nil {
						t.Fatal(err)
					}
					v := a.Publish()
					if err := compare(v, want, rng, c.key, c.keys); err != nil {
						t.Fatalf("after restart: %v", err)
					}
					v.Release()
				}
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestAppend(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 6))
	fs := vfs.NewMem()
	s := openStore(t, fs)
	a, err := Open(s, 4, Append)
	if err != nil {
		t.Fatal(err)
	}
	want := contents{}
	last := uint64(0)
	seqKey := func(i int) []byte { return SeqKey(nil, uint64(i)) }
	var pending chan error
	for epoch := uint64(1); epoch <= 300; epoch++ {
		for range rng.IntN(3) {
			payload := bytes.Repeat([]byte{byte(epoch)}, rng.IntN(100))
			rows := rng.Int64N(5)
			seq, err := a.AppendBatch(epoch, payload, rows)
			if err != nil || seq != last+1 {
				t.Fatalf("batch %d after %d, %v", seq, last, err)
			}
			last = seq
			key := string(SeqKey(nil, seq))
			want[key] = entry{key, string(payload), rows}
		}
		if epoch%25 == 0 {
			v := a.Publish()
			before := maps.Clone(want)
			first, next := v.Batches()
			seq := first + rng.Uint64N(next-first+1)
			var dropped int64
			for k, e := range want {
				if k < string(SeqKey(nil, seq)) {
					dropped += e.count
					delete(want, k)
				}
			}
			if got, err := a.Truncate(epoch, seq); err != nil || got != dropped {
				t.Fatalf("Truncate(%d) = %d, %v; want %d", seq, got, err, dropped)
			}
			if err := compare(v, before, rng, seqKey, int(last)+2); err != nil {
				t.Fatalf("epoch %d, before truncation: %v", epoch, err)
			}
			v.Release()
		}
		if epoch%10 == 0 {
			wait(t, pending)
			pending = checkpoint(s, epoch, a)
		}
		if epoch%6 == 0 {
			v := a.Publish()
			if err := compare(v, want, rng, seqKey, int(last)+2); err != nil {
				t.Fatalf("epoch %d: %v", epoch, err)
			}
			v.Release()
		}
		if epoch%100 == 0 {
			wait(t, pending)
			if pending = nil; !a.Settled() || a.Bytes() != 0 {
				t.Fatalf("%d bytes in memory after a checkpoint", a.Bytes())
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			s = openStore(t, fs)
			if a, err = Open(s, 4, Append); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// Many readers, one writer: the sum over a View is the same in every epoch although rows move between keys all the time.
func TestConcurrentReaders(t *testing.T) {
	s := openStore(t, vfs.NewMem())
	a, err := Open(s, 1, Unique)
	if err != nil {
		t.Fatal(err)
	}
	const keys, total = 64, 64 * 100
	key := func(i int) []byte { return binary.BigEndian.AppendUint64([]byte{1}, uint64(i)) }
	row := func(n int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }
	var changes Changes
	balance := make([]int64, keys)
	for i := range balance {
		balance[i] = 100
		changes.Add(key(i), row(100), 1)
	}
	if err := a.Apply(1, &changes); err != nil {
		t.Fatal(err)
	}

	var mu sync.Mutex // stands for the engine's published state
	current := a.Publish()
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				mu.Lock()
				v := current
				v.Retain()
				mu.Unlock()
				var sum, n int64
				err := v.Scan(context.Background(), nil, nil, false, func(_, row []byte, _ int64) bool {
					sum += int64(binary.BigEndian.Uint64(row))
					n++
					return true
				})
				if err != nil || sum != total || n != keys || v.Rows() != keys {
					t.Errorf("sum %d of %d rows (%d), %v", sum, n, v.Rows(), err)
				}
				if _, count, err := v.Get(nil, key(int(sum)%keys)); count != 1 || err != nil {
					t.Errorf("Get: %d, %v", count, err)
				}
				v.Release()
			}
		})
	}
	rng := rand.New(rand.NewPCG(7, 7))
	var pending chan error
	for epoch := uint64(2); epoch < 1500; epoch++ {
		changes.Reset()
		from, to, n := rng.IntN(keys), rng.IntN(keys), rng.Int64N(10)
		if from == to {
			continue
		}
		changes.Add(key(from), row(balance[from]), -1)
		changes.Add(key(to), row(balance[to]), -1)
		balance[from] -= n
		balance[to] += n
		changes.Add(key(from), row(balance[from]), 1)
		changes.Add(key(to), row(balance[to]), 1)
		if err := a.Apply(epoch, &changes); err != nil {
			t.Fatal(err)
		}
		if epoch%50 == 0 {
			wait(t, pending)
			pending = checkpoint(s, epoch, a)
		}
		v := a.Publish()
		mu.Lock()
		old := current
		current = v
		mu.Unlock()
		old.Release()
	}
	close(stop)
	readers.Wait()
	wait(t, pending)
	current.Release()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestMisuseIsAnError(t *testing.T) {
	s := openStore(t, vfs.NewMem())
	unique, _ := Open(s, 1, Unique)
	bag, _ := Open(s, 2, Bag)
	var c Changes
	c.Add([]byte("k"), []byte("a"), 1)
	c.Add([]byte("k"), []byte("b"), 1)
	if err := unique.Apply(1, &c); err == nil {
		t.Error("two rows under one key")
	}
	if err := bag.Apply(1, &c); err == nil {
		t.Error("a bag with rows")
	}
	v := unique.Publish()
	if v.Rows() != 0 {
		t.Error("something was applied")
	}
	v.Release()
	if v.Retain() {
		t.Error("a released view was retained")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestScanStopsWithItsContext(t *testing.T) {
	s := openStore(t, vfs.NewMem())
	a, _ := Open(s, 1, Bag)
	var c Changes
	for i := range 10_000 {
		c.Add(fmt.Append(nil, i), nil, 1)
	}
	if err := a.Apply(1, &c); err != nil {
		t.Fatal(err)
	}
	v := a.Publish()
	ctx, cancel := context.WithCancel(context.Background())
	n := 0
	err := v.Scan(ctx, nil, nil, false, func(_, _ []byte, _ int64) bool {
		if n++; n == 1000 {
			cancel()
		}
		return true
	})
	if err != context.Canceled || n > 1000+contextEvery {
		t.Errorf("%v after %d entries", err, n)
	}
	v.Release()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestPrefixKeepsOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	random := func() []byte {
		b := make([]byte, rng.IntN(12))
		for i := range b {
			b[i] = byte(rng.IntN(256))
			if i == 0 || rng.IntN(2) == 0 {
				b[i] = byte(rng.IntN(5))
			}
		}
		return b
	}
	for range 200_000 {
		a, b := random(), random()
		if bytes.Compare(a, b) < 0 && prefixOf(a) > prefixOf(b) {
			t.Fatalf("%x < %x, but %x > %x", a, b, prefixOf(a), prefixOf(b))
		}
	}
}
