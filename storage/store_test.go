package storage

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"tarn/storage/slab"
)

func openTest(t testing.TB, fs vfs.FS) *Store {
	t.Helper()
	s, err := Open(fs, "data", testOptions())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func testOptions() Options {
	return Options{Memory: slab.NewPool(1 << 20), CacheBytes: 1 << 20, Logger: slog.New(slog.DiscardHandler), memTable: 64 << 10}
}

// Who asks a closed store for a snapshot is not left waiting for one.
func TestSnapshotOfAClosedStore(t *testing.T) {
	s := openTest(t, vfs.NewMem())
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if recover() == nil {
			t.Error("a closed store has given a snapshot")
		}
	}()
	s.Snapshot()
}

// commit waits for the answer to a checkpoint.
func commit(cp *Checkpoint, cut, catalogue []byte) error {
	done := make(chan error)
	cp.Commit(cut, catalogue, func(err error) { done <- err })
	return <-done
}

func mustCommit(t testing.TB, cp *Checkpoint, cut, catalogue string) {
	t.Helper()
	var c []byte
	if catalogue != "" {
		c = []byte(catalogue)
	}
	if err := commit(cp, []byte(cut), c); err != nil {
		t.Fatal(err)
	}
}

// dump is all that a snapshot has of an id's rows.
func dump(t testing.TB, snap *Snapshot, id uint32) string {
	t.Helper()
	lo := Prefix(nil, SpaceRow, id)
	it, err := snap.NewIter(lo, PrefixEnd(nil, lo))
	if err != nil {
		t.Fatal(err)
	}
	defer it.Close()
	var b strings.Builder
	for ok := it.First(); ok; ok = it.Next() {
		fmt.Fprintf(&b, "%s=%s ", it.Key()[PrefixLen:], it.Value())
	}
	return strings.TrimSpace(b.String())
}

func dumpNow(t testing.TB, s *Store, id uint32) string {
	snap := s.Snapshot()
	defer snap.Release()
	return dump(t, snap, id)
}

func TestCheckpoints(t *testing.T) {
	fs := vfs.NewMem()
	s := openTest(t, fs)
	if m := s.Meta(); m.Epoch != 0 || m.Cut != nil || m.Catalogue != nil {
		t.Fatalf("a new store has %+v", m)
	}
	one, two := Prefix(nil, SpaceRow, 1), Prefix(nil, SpaceRow, 2)

	cp := s.Begin(10)
	cp.Put(one, []byte("b"), []byte("2"))
	cp.Put(one, []byte("a"), []byte("1"))
	cp.Put(two, []byte("x"), []byte("9"))
	mustCommit(t, cp, "cut 10", "catalogue 10")
	old := s.Snapshot()

	cp = s.Begin(20)
	cp.Delete(one, []byte("a"))
	cp.Later(0, func(b *Batch) error {
		b.Put(one, []byte("c"), []byte("3"))
		b.PutParts(one, []byte("d"), []byte("4"), []byte("5"))
		return nil
	})
	cp.DropID(2)
	mustCommit(t, cp, "cut 20", "")

	if got, want := dump(t, old, 1), "a=1 b=2"; got != want || old.Epoch() != 10 {
		t.Errorf("the snapshot of epoch %d has %s, want %s", old.Epoch(), got, want)
	}
	old.Release()
	if old.Retain() {
		t.Error("a closed snapshot was retained")
	}
	if got, want := dumpNow(t, s, 1), "b=2 c=3 d=45"; got != want {
		t.Errorf("now %s, want %s", got, want)
	}
	if got := dumpNow(t, s, 2); got != "" {
		t.Errorf("the dropped id has %s", got)
	}
	if ids, err := s.IDs(); err != nil || !slices.Equal(ids, []uint32{1}) {
		t.Errorf("ids %v, %v", ids, err)
	}
	if m, err := s.Durable(); err != nil || m.Epoch != 0 {
		t.Errorf("durable before a flush: %+v, %v", m, err)
	}
	if err := s.Flush(); err != nil {
		t.Fatal(err)
	}
	if m, err := s.Durable(); err != nil || m.Epoch != 20 || string(m.Cut) != "cut 20" {
		t.Errorf("durable after a flush: %+v, %v", m, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := commit(s.Begin(30), nil, nil); err != errClosed {
		t.Errorf("a checkpoint after Close: %v", err)
	}

	s = openTest(t, fs)
	if m := s.Meta(); m.Epoch != 20 || string(m.Cut) != "cut 20" || string(m.Catalogue) != "catalogue 10" {
		t.Errorf("reopened with %+v", m)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// Counts are summed wherever they lie, and at zero the key goes.
func TestCounts(t *testing.T) {
	s := openTest(t, vfs.NewMem())
	bag := Prefix(nil, SpaceRow, 1)
	for i, deltas := range []map[string]int64{{"a": 2, "b": 1}, {"a": -1, "b": -1, "c": -5}, {"a": 3, "c": 5}, {"c": 1}} {
		cp := s.Begin(uint64(i + 1))
		cp.Later(0, func(b *Batch) error {
			for _, key := range []string{"a", "b", "c"} {
				if d := deltas[key]; d != 0 {
					b.AddCount(bag, []byte(key), d)
				}
			}
			return nil
		})
		mustCommit(t, cp, "", "")
		if i == 1 {
			if err := s.Flush(); err != nil {
				t.Fatal(err)
			}
		}
	}
	for range 2 {
		for key, want := range map[string]int64{"a": 4, "b": 0, "c": 1} {
			v, found, err := s.Get(nil, append(Prefix(nil, SpaceRow, 1), key...))
			got := int64(0)
			if found {
				got, err = ParseCount(v)
			}
			if err != nil || got != want {
				t.Errorf("%s: %d, found %v, %v; want %d", key, got, found, err, want)
			}
		}
		if err := s.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestOtherVersionIsRefused(t *testing.T) {
	fs := vfs.NewMem()
	if err := openTest(t, fs).Close(); err != nil {
		t.Fatal(err)
	}
	if err := writeFile(fs, "data/FORMAT", "tarn 7\n"); err != nil {
		t.Fatal(err)
	}
	_, err := Open(fs, "data", testOptions())
	if want := `data directory data has format version "tarn 7", this server reads "tarn 3"`; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	if err := fs.Remove("data/FORMAT"); err != nil {
		t.Fatal(err)
	}
	if _, err = Open(fs, "data", testOptions()); err == nil || err.Error() != "data directory data has no file FORMAT" {
		t.Errorf("without the file: %v", err)
	}
}

func TestPrefixEnd(t *testing.T) {
	for _, c := range [][2]string{{"a", "b"}, {"a\xff", "b"}, {"a\x00", "a\x01"}, {"\xff\xff", ""}} {
		if got := string(PrefixEnd(nil, []byte(c[0]))); got != c[1] {
			t.Errorf("PrefixEnd(%q) = %q, want %q", c[0], got, c[1])
		}
	}
}
