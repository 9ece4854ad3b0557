package state

import (
	"bytes"
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"tarn/storage/slab"
)

type groups map[string]map[string]int64

type multiModel struct {
	t    *testing.T
	m    *Multimap
	want groups
	rng  *rand.Rand
}

func (o *multiModel) add(key, row []byte, count int64) {
	o.t.Helper()
	g := o.want[string(key)]
	if g == nil {
		g = map[string]int64{}
		o.want[string(key)] = g
	}
	b := g[string(row)]
	a := b + count
	before, after, err := o.m.Add(Hash(key), key, row, count)
	if err != nil || before != b || after != a {
		o.t.Fatalf("Add(%s, %q, %d) = %d, %d, %v; want %d, %d", key, row, count, before, after, err, b, a)
	}
	if g[string(row)] = a; a == 0 {
		delete(g, string(row))
	}
	if len(g) == 0 {
		delete(o.want, string(key))
	}
}

// check compares one key in every way it can be read.
func (o *multiModel) check(key []byte) {
	o.t.Helper()
	type rc struct {
		row   string
		count int64
	}
	var want []rc
	sum := int64(0)
	for row, count := range o.want[string(key)] {
		want = append(want, rc{row, count})
		sum += count
	}
	slices.SortFunc(want, func(a, b rc) int { return cmp.Compare(a.row, b.row) })
	hash := Hash(key)
	if len(want) > 0 {
		at := o.rng.IntN(len(want))
		after := append([]byte(want[at].row), make([]byte, o.rng.IntN(2))...) // a row, or what comes right behind it
		got := 0
		if err := o.m.EachAfter(hash, key, after, func(row []byte, _ int64) bool {
			got++
			return string(row) == want[at+got].row
		}); err != nil || got != len(want)-at-1 {
			o.t.Fatalf("key %s: %d of the %d rows behind one, %v", key, got, len(want)-at-1, err)
		}
	}
	for _, reverse := range []bool{false, true} {
		var got []rc
		f := func(row []byte, count int64) bool {
			got = append(got, rc{string(row), count})
			return true
		}
		each := o.m.Each
		if reverse {
			each = o.m.EachReverse
		}
		if err := each(hash, key, f); err != nil {
			o.t.Fatal(err)
		}
		if reverse {
			slices.Reverse(got)
		}
		if !slices.Equal(got, want) {
			o.t.Fatalf("key %s, reverse %v: %d rows, want %d, or others", key, reverse, len(got), len(want))
		}
	}
	rows, _ := o.m.Rows(hash, key)
	distinct, _ := o.m.Distinct(hash, key)
	if rows != sum || distinct != int64(len(want)) {
		o.t.Fatalf("key %s: %d rows, %d distinct; want %d, %d", key, rows, distinct, sum, len(want))
	}
	first, fc, found, _ := o.m.First(hash, key)
	if found != (len(want) > 0) {
		o.t.Fatalf("key %s found %v", key, found)
	}
	if found {
		if w := want[0]; string(first) != w.row || fc != w.count {
			o.t.Fatalf("First(%s) = %q, %d", key, first, fc)
		}
		last, lc, _, _ := o.m.Last(hash, key)
		if w := want[len(want)-1]; string(last) != w.row || lc != w.count {
			o.t.Fatalf("Last(%s) = %q, %d", key, last, lc)
		}
		w := want[o.rng.IntN(len(want))]
		if c, _ := o.m.Count(hash, key, []byte(w.row)); c != w.count {
			o.t.Fatalf("Count(%s, %q) = %d, want %d", key, w.row, c, w.count)
		}
	}
}

func (o *multiModel) checkAll() {
	o.t.Helper()
	n := 0
	if err := o.m.Scan(func(key, row []byte, count int64) bool {
		n++
		if o.want[string(key)][string(row)] != count {
			o.t.Fatalf("Scan gives %d of %q under %s", count, row, key)
		}
		return true
	}); err != nil {
		o.t.Fatal(err)
	}
	for _, g := range o.want {
		n -= len(g)
	}
	if n != 0 {
		o.t.Fatalf("Scan gives %d rows too many", n)
	}
}

// A few groups of very different sizes and shapes of rows; counts up and down through zero and below.
func (o *multiModel) step() {
	group := o.rng.IntN(8)
	key := []byte(fmt.Sprintf("group %d", group))
	n := o.rng.IntN(3 << (2 * group)) // 3 .. 49152 different rows
	var row []byte
	switch group % 3 {
	case 0:
		row = []byte(fmt.Sprintf("%06d", n))
	case 1:
		row = bytes.Repeat([]byte{byte(n), byte(n >> 8)}, 1+n%100)
	default:
		row = []byte(fmt.Sprintf("a long common prefix of rows %d", n))
	}
	if group == 3 && n%50 == 0 {
		row = append(row, make([]byte, 3000)...) // larger than a node
	}
	count := int64(1)
	if had := o.want[string(key)][string(row)]; had != 0 && o.rng.IntN(3) > 0 {
		count = -had
	} else if o.rng.IntN(10) == 0 {
		count = o.rng.Int64N(400) - 200
	}
	if count != 0 {
		o.add(key, row, count)
	}
	if o.rng.IntN(2000) == 0 {
		o.check(key)
	}
}

func TestMultimap(t *testing.T) {
	pool := slab.NewPool(1 << 30)
	o := &multiModel{t, EphemeralMultimap(pool), groups{}, rand.New(rand.NewPCG(1, 1))}
	for range 200_000 {
		o.step()
	}
	o.checkAll()
	// Everything goes: no key, no node is left.
	for key, g := range o.want {
		for row, count := range g {
			if _, after, err := o.m.Add(Hash([]byte(key)), []byte(key), []byte(row), -count); err != nil || after != 0 {
				t.Fatal(after, err)
			}
		}
	}
	if o.m.groups.Len() != 0 || o.m.nodes.Len() != 0 {
		t.Fatalf("%d groups and %d nodes are left", o.m.groups.Len(), o.m.nodes.Len())
	}
	o.m.Release()
	if pool.Used() != 0 {
		t.Fatalf("%d bytes in use after Release", pool.Used())
	}
}

func TestMultimapWithStore(t *testing.T) {
	fs := vfs.NewMem()
	s := openStore(t, fs)
	o := &multiModel{t, OpenMultimap(s, 3, true), groups{}, rand.New(rand.NewPCG(2, 2))}
	for round := range uint64(16) {
		for range 8000 {
			o.step()
		}
		if round%2 == 1 {
			checkpoint(t, s, round, o.m)
			if _, err := o.m.Evict(o.m.Bytes() / 4); err != nil {
				t.Fatal(err)
			}
		}
		if round == 5 || round == 11 {
			o.m.Release()
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			s = openStore(t, fs)
			o.m = OpenMultimap(s, 3, false)
			o.checkAll()
		}
	}
	o.checkAll()
	o.m.Release()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// After Fork, goroutines work on shards of their own, with groups that are trees, some of whose nodes are only in the
// store.
func TestForkedMultimap(t *testing.T) {
	s := openStore(t, vfs.NewMem())
	m := OpenMultimap(s, 1, true)
	const keys, rows = 64, 300
	if err := m.Fork(); err != nil {
		t.Fatal(err)
	}
	for round := range uint64(3) {
		var wg sync.WaitGroup
		for worker := range 4 {
			wg.Go(func() {
				for i := range keys * rows {
					key := fmt.Append(nil, "key ", i%keys)
					hash := Hash(key)
					if Shard(hash)%4 != worker {
						continue
					}
					row := fmt.Appendf(nil, "row %d with some length to it", i/keys)
					if _, after, err := m.Add(hash, key, row, 1); err != nil || after != int64(round)+1 {
						t.Errorf("count %d, %v in round %d", after, err, round)
						return
					}
				}
			})
		}
		wg.Wait()
		checkpoint(t, s, round+1, m)
		if _, err := m.Evict(m.Bytes() / 3); err != nil {
			t.Fatal(err)
		}
	}
	n := 0
	if err := m.Scan(func(_, _ []byte, count int64) bool {
		n++
		return count == 3
	}); err != nil || n != keys*rows {
		t.Fatalf("%d rows of %d, %v", n, keys*rows, err)
	}
	m.Release()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// Rows in order fill their nodes, and a group of a hundred thousand rows shrinks from its front to nothing.
func TestLargeGroupInOrder(t *testing.T) {
	m := EphemeralMultimap(slab.NewPool(1 << 30))
	key := []byte("k")
	hash := Hash(key)
	row := func(i int) []byte { return []byte(fmt.Sprintf("%032d", i)) }
	const n = 100_000
	for i := range n {
		if _, _, err := m.Add(hash, key, row(i), 1); err != nil {
			t.Fatal(err)
		}
	}
	if bytes := m.Bytes() / n; bytes > 60 {
		t.Errorf("%d bytes per row of 32", bytes)
	}
	for i := range n {
		first, _, _, err := m.First(hash, key)
		if err != nil || !bytes.Equal(first, row(i)) {
			t.Fatalf("First is %s, want %d, %v", first, i, err)
		}
		if _, after, err := m.Add(hash, key, row(i), -1); err != nil || after != 0 {
			t.Fatal(after, err)
		}
	}
	if m.groups.Len()+m.nodes.Len() != 0 {
		t.Fatal("something is left")
	}
}
