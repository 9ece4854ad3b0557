package log

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"syscall"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"tarn/sql/sqlstate"
	"tarn/storage/vfstest"
)

// After a crash at any moment, with any of the unsynced blocks lost, what is found is a prefix of what was appended that
// holds all that was acknowledged.
func TestCrashKeepsAcknowledgedRecords(t *testing.T) {
	for seed := range uint64(60) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(seed, 7))
			opts := small
			if seed%3 == 0 {
				opts = Options{SegmentBytes: 16 << 10}
			}
			fs := vfs.NewCrashableMem()
			var written []Record // all that may be found
			acked := 0           // so many of them must be
			for range 5 {
				l := mustOpen(t, fs, opts)
				found := replayed(t, l, 0)
				if len(found) < acked || len(found) > len(written) {
					t.Fatalf("found %d records of %d, of which %d were acknowledged", len(found), len(written), acked)
				}
				sameRecords(t, found, written[:len(found)])
				// What Open found is durable from then on.
				written, acked = written[:len(found)], len(found)
				for range rng.IntN(60) {
					rec := random(rng, l.LastEpoch()+1, 1500)
					if _, err := l.AppendNoSync(rec); err != nil {
						t.Fatal(err)
					}
					written = append(written, rec)
					if rng.IntN(3) == 0 {
						if err := l.Sync(); err != nil {
							t.Fatal(err)
						}
						acked = len(written)
					}
				}
				crashed := fs.CrashClone(vfs.CrashCloneCfg{
					UnsyncedDataPercent: rng.IntN(101), RNG: rand.New(rand.NewPCG(seed, 8)),
				})
				l.Close()
				fs = crashed
			}
		})
	}
}

// A crash while segments are being removed never leaves a hole that looks like a lost segment.
func TestCrashDuringTruncate(t *testing.T) {
	for seed := range uint64(40) {
		rng := rand.New(rand.NewPCG(seed, 9))
		fs := vfs.NewCrashableMem()
		l := mustOpen(t, fs, small)
		for epoch := range uint64(60) {
			// Relation 1 keeps its history and is in some of the segments only.
			relation := uint32(2)
			if rng.IntN(20) == 0 {
				relation = 1
			}
			mustAppend(t, l, simple(epoch+1, relation, strings.Repeat("t", 400)))
		}
		clones := make(chan *vfs.MemFS, 1)
		go func() {
			clones <- fs.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: 50, RNG: rand.New(rand.NewPCG(seed, 10))})
		}()
		if err := l.Truncate(55, keepRelation1); err != nil {
			t.Fatal(err)
		}
		for _, crashed := range []*vfs.MemFS{
			<-clones,
			fs.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: 50, RNG: rand.New(rand.NewPCG(seed, 11))}),
		} {
			l := mustOpen(t, crashed, small)
			if got := replayed(t, l, 55); len(got) != 6 {
				t.Fatalf("seed %d: %d records from 55 on", seed, len(got))
			}
			mustClose(t, l)
		}
		l.Close()
	}
}

func keepRelation1(relation uint32) (uint64, bool) { return 0, relation == 1 }

// diskFull checks that err is what a user sees of a full disk.
func diskFull(t *testing.T, err error) {
	t.Helper()
	var state *sqlstate.Error
	if !errors.As(err, &state) || state.Code != sqlstate.DiskFull ||
		state.Message != "could not write to log: No space left on device" {
		t.Fatal(err)
	}
	if errors.Is(err, ErrUncertain) {
		t.Fatalf("the outcome is certain: %v", err)
	}
}

// When the disk fills up after any number of bytes, the append that did not fit has not happened, and the log goes on
// when there is space.
func TestFullDisk(t *testing.T) {
	for free := int64(0); free < 3*firstRecord; free += 37 {
		fillDisk(t, small, free)
	}
	// With preallocated segments the space is missing when one is made.
	for free := int64(0); free < 6*firstRecord; free += 1999 {
		fillDisk(t, Options{SegmentBytes: 2 * firstRecord}, free)
	}
}

func fillDisk(t *testing.T, opts Options, free int64) {
	t.Helper()
	disk := vfstest.New(vfs.NewMem())
	l := mustOpen(t, disk, opts)
	disk.SetFree(free)
	var kept []Record
	full := 0
	for epoch := uint64(1); epoch < 80; epoch++ {
		rec := simple(epoch, 1, strings.Repeat("d", 300+int(epoch)))
		_, err := l.Append(rec)
		if err == nil {
			kept = append(kept, rec)
			continue
		}
		diskFull(t, err)
		sameRecords(t, replayed(t, l, 0), kept)
		if full++; full == 3 {
			disk.Unlimit()
		}
	}
	if full != 3 || l.LastEpoch() != 79 {
		t.Fatalf("%d appends failed, the last epoch is %d", full, l.LastEpoch())
	}
	for range 2 {
		sameRecords(t, replayed(t, l, 0), kept)
		mustClose(t, l)
		l = mustOpen(t, disk, opts)
	}
	mustClose(t, l)
}

// A crash right after an append failed for lack of space does not bring the record back.
func TestFailedAppendIsGoneAfterCrash(t *testing.T) {
	rec := simple(2, 1, strings.Repeat("d", 300))
	for free := range int64(400) {
		memory := vfs.NewCrashableMem()
		disk := vfstest.New(memory)
		l := mustOpen(t, disk, small)
		mustAppend(t, l, simple(1, 1, "kept"))
		disk.SetFree(free)
		_, err := l.AppendNoSync(rec)
		if err == nil {
			t.Skipf("%d bytes are enough", free)
		}
		diskFull(t, err)
		crashed := mustOpen(t, memory.CrashClone(vfs.CrashCloneCfg{
			UnsyncedDataPercent: 100, RNG: rand.New(rand.NewPCG(1, 1)),
		}), small)
		if got := texts(replayed(t, crashed, 0)); got != "1 1:kept" {
			t.Fatal(got)
		}
		if n := crashed.Stats().CutBytes; n != 0 {
			t.Fatalf("%d bytes were left of the failed append", n)
		}
		mustClose(t, crashed)
		l.Close()
	}
}

// While not even the remains of a failed write can be cut, the outcome is uncertain; the next append that can cuts them.
func TestWriteErrors(t *testing.T) {
	disk := vfstest.New(vfs.NewMem())
	l := mustOpen(t, disk, small)
	mustAppend(t, l, simple(1, 1, "a"))
	disk.FailWrites(50, syscall.EIO)
	_, err := l.Append(simple(2, 1, "a longer payload"))
	var state *sqlstate.Error
	if !errors.Is(err, ErrUncertain) || !errors.Is(err, syscall.EIO) || !errors.As(err, &state) ||
		state.Code != sqlstate.IOError || state.Message != "could not write to log: Input/output error" {
		t.Fatal(err)
	}
	if _, err := l.Append(simple(2, 1, "b")); err == nil || errors.Is(err, ErrUncertain) {
		t.Fatalf("the record was not even written: %v", err)
	}
	disk.FailWrites(0, nil)
	mustAppend(t, l, simple(2, 1, "c"))
	mustClose(t, l)
	l = mustOpen(t, disk, small)
	defer l.Close()
	if got := texts(replayed(t, l, 0)); got != "1 1:a, 2 1:c" {
		t.Fatal(got)
	}
}

// After a failed sync nothing is appended any more, though later syncs would succeed; what was durable can be read.
func TestFailedSyncIsFinal(t *testing.T) {
	memory := vfs.NewCrashableMem()
	disk := vfstest.New(memory)
	l := mustOpen(t, disk, small)
	mustAppend(t, l, simple(1, 1, "a"))
	disk.FailSyncs(syscall.EIO)
	if _, err := l.Append(simple(2, 1, "b")); !errors.Is(err, ErrUncertain) {
		t.Fatal(err)
	}
	disk.FailSyncs(nil)
	before := disk.Syncs()
	if _, err := l.Append(simple(3, 1, "c")); !errors.Is(err, syscall.EIO) {
		t.Fatal(err)
	}
	if err := l.Sync(); !errors.Is(err, syscall.EIO) {
		t.Fatal(err)
	}
	if got := texts(replayed(t, l, 0)); got != "1 1:a" {
		t.Fatal(got)
	}
	if err := l.Close(); !errors.Is(err, syscall.EIO) {
		t.Fatal(err)
	}
	if disk.Syncs() != before {
		t.Fatal("a failed sync was tried again")
	}

	// The next server finds the record in memory and must not believe that it is on disk: it is written again.
	l = mustOpen(t, disk, small)
	if got := texts(replayed(t, l, 0)); got != "1 1:a, 2 1:b" {
		t.Fatal(got)
	}
	crashed := mustOpen(t, memory.CrashClone(vfs.CrashCloneCfg{}), small)
	if got := texts(replayed(t, crashed, 0)); got != "1 1:a, 2 1:b" {
		t.Fatal(got)
	}
	mustClose(t, crashed)
	mustClose(t, l)
}

// Every write and sync that fails, at any point of a life of several segments, leaves a log that opens again with all
// that was acknowledged, and with nothing of which the failure was certain.
func TestEveryOperationMayFail(t *testing.T) {
	for at := range 80 {
		for _, failing := range []string{"sync", "write"} {
			opts := small
			opts.GrowOnDemand = at%4 > 0
			memory := vfs.NewCrashableMem()
			disk := vfstest.New(memory)
			l := mustOpen(t, disk, opts)
			var acked, uncertain []Record
			for i := range 80 {
				if i == at && failing == "sync" {
					disk.FailSyncs(syscall.EIO)
				}
				if i == at && failing == "write" {
					disk.FailWrites(int64(i), syscall.EIO)
				}
				rec := simple(l.LastEpoch()+1, 1, strings.Repeat("e", 300))
				switch _, err := l.Append(rec); {
				case err == nil:
					acked = append(acked, rec)
				case errors.Is(err, ErrUncertain) && uncertain == nil:
					uncertain = append(uncertain, rec)
				}
				disk.FailSyncs(nil)
				disk.FailWrites(0, nil)
			}
			crashed := mustOpen(t, memory.CrashClone(vfs.CrashCloneCfg{
				UnsyncedDataPercent: 50, RNG: rand.New(rand.NewPCG(uint64(at), 1)),
			}), small)
			got := replayed(t, crashed, 0)
			want := acked
			if len(got) == len(acked)+len(uncertain) {
				want = append(acked, uncertain...)
			}
			sameRecords(t, got, want)
			mustClose(t, crashed)
			l.Close()
		}
	}
}
