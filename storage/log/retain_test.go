package log

import (
	"errors"
	"strings"
	"syscall"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"tarn/storage/vfstest"
)

// keepNothing says that no relation wants its history.
func keepNothing(uint32) (uint64, bool) { return 0, false }

// Segments before the checkpoint go, except those with history that a relation wants; the log opens and reads on.
func TestTruncate(t *testing.T) {
	fs := vfs.NewMem()
	l := mustOpen(t, fs, small)
	var all []Record
	for epoch := range uint64(60) {
		relation := uint32(2)
		if epoch == 12 || epoch == 30 {
			relation = 1
		}
		all = append(all, simple(epoch+1, relation, strings.Repeat("t", 600)))
		mustAppend(t, l, all[epoch])
	}
	before := l.Stats().Segments
	truncate := func(keep uint64, keepRelation func(uint32) (uint64, bool)) {
		t.Helper()
		if err := l.Truncate(keep, keepRelation); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			sameRecords(t, replayed(t, l, keep), all[keep-1:])
			mustClose(t, l)
			l = mustOpen(t, fs, small)
		}
	}

	truncate(1, keepNothing)
	if got := l.Stats().Segments; got != before {
		t.Fatalf("%d segments of %d are left; no epoch was checkpointed", got, before)
	}
	truncate(50, keepRelation1)
	sameRelation(t, l, all, 1, 0, 60)
	if err := l.Replay(13, func(Record) error { return nil }); err == nil ||
		!strings.HasPrefix(err.Error(), "replay from epoch 13: the log keeps all epochs only after ") {
		t.Fatalf("a replay across removed segments: %v", err)
	}
	middle := l.Stats().Segments

	// The history before epoch 20 is let go: its segment and the note of those removed behind it.
	truncate(50, func(relation uint32) (uint64, bool) { return 20, relation == 1 })
	sameRelation(t, l, all, 1, 20, 60)
	if got := l.Stats().Segments; got != middle-1 {
		t.Fatalf("%d segments are left, want %d", got, middle-1)
	}
	truncate(60, keepNothing)
	if names, _ := fs.List("log"); strings.Contains(strings.Join(names, " "), "gone") {
		t.Fatalf("notes of removed segments are left: %v", names)
	}
	if got := l.Stats().Segments; got != 1 {
		t.Fatalf("%d segments are left", got)
	}
	mustClose(t, l)
}

// The active segment stays, and with it the last epoch, even if nothing is wanted.
func TestTruncateEverything(t *testing.T) {
	fs, all := sealedLog(t)
	l := mustOpen(t, fs, small)
	if err := l.Truncate(1<<40, keepNothing); err != nil {
		t.Fatal(err)
	}
	mustClose(t, l)
	l = mustOpen(t, fs, small)
	defer l.Close()
	if l.LastEpoch() != all[len(all)-1].Epoch {
		t.Fatalf("last epoch %d", l.LastEpoch())
	}
}

// A segment that is being read stays until the next call.
func TestTruncateWaitsForReaders(t *testing.T) {
	fs, all := sealedLog(t)
	l := mustOpen(t, fs, small)
	defer l.Close()
	n := 0
	err := l.ReadRelation(7, 0, 99, func(uint64, []byte) error {
		if n++; n == 1 {
			if err := l.Truncate(1<<40, keepNothing); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || n != len(all) {
		t.Fatalf("read %d of %d parts: %v", n, len(all), err)
	}
	if err := l.Truncate(1<<40, keepNothing); err != nil || l.Stats().Segments != 1 {
		t.Fatalf("%d segments: %v", l.Stats().Segments, err)
	}
}

// After an error in the middle of a removal nothing more is removed, and the next server takes it up again.
func TestTruncateFails(t *testing.T) {
	memory, all := sealedLog(t)
	disk := vfstest.New(memory)
	l := mustOpen(t, disk, small)
	disk.FailSyncs(syscall.EIO)
	if err := l.Truncate(1<<40, keepNothing); !errors.Is(err, syscall.EIO) {
		t.Fatal(err)
	}
	disk.FailSyncs(nil)
	if err := l.Truncate(1<<40, keepNothing); !errors.Is(err, syscall.EIO) {
		t.Fatal(err)
	}
	mustClose(t, l)
	l = mustOpen(t, disk, small)
	defer l.Close()
	if n := l.Stats().Segments; n != 4 {
		t.Fatalf("%d segments, want the 5 there were but the first", n)
	}
	if err := l.Truncate(1<<40, keepNothing); err != nil || l.Stats().Segments != 1 {
		t.Fatalf("%d segments: %v", l.Stats().Segments, err)
	}
	sameRecords(t, replayed(t, l, 33), all[32:])
}
