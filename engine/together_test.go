package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"tarn/sql/sqlstate"
	"tarn/storage/log"
)

// written is a database as it was after some of its epochs: with everything on disk, and a segment of the log for every few.
type written struct {
	disk  *vfs.MemFS
	epoch uint64
}

// writeAges makes a database and keeps what its disk held after each of its last epochs. Without a stream, the log forgets what
// the store has.
func writeAges(t *testing.T, stream bool) (ages []written) {
	t.Helper()
	memory := vfs.NewCrashableMem()
	e := openOn(t, memory)
	s := connect(t, e)
	insert := "INSERT INTO t VALUES (%d, '" + strings.Repeat("x", 12_000) + "')"
	run(t, s, "CREATE TABLE t (k int PRIMARY KEY, pad text); CREATE MATERIALIZED VIEW v AS SELECT k % 3 AS g, count(*) AS n FROM t GROUP BY k % 3")
	if stream {
		run(t, s, "CREATE STREAM s (k int, pad text); CREATE MATERIALIZED VIEW w AS SELECT count(*) AS n FROM s")
		insert = "BEGIN; " + insert + "; " + strings.Replace(insert, "INTO t", "INTO s", 1) + "; COMMIT"
	}
	for k := range 24 {
		run(t, s, strings.ReplaceAll(insert, "%d", fmt.Sprint(k)))
		if err := e.do(context.Background(), func(l *loop) error {
			if l.checkpoint.running {
				l.checkpointDone(<-l.checkpoint.done)
			}
			if err := l.checkpointNow(); err != nil {
				return err
			}
			if err := e.store.Flush(); err != nil {
				return err
			}
			l.forget()
			ages = append(ages, written{memory.CrashClone(vfs.CrashCloneCfg{}), l.epoch})
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	return ages
}

// together is a data directory of the log and the store of two ages. Either may be missing.
func together(t *testing.T, ofLog, ofStore *vfs.MemFS) *vfs.MemFS {
	t.Helper()
	out := vfs.NewCrashableMem()
	for part, from := range map[string]*vfs.MemFS{"log": ofLog, "store": ofStore} {
		if from == nil {
			continue
		}
		if err := out.MkdirAll("db", 0o755); err != nil {
			t.Fatal(err)
		}
		if ok, err := vfs.Clone(from, out, "db/"+part, "db/"+part, vfs.CloneSync); err != nil || !ok {
			t.Fatal(ok, err)
		}
	}
	return out
}

// refused opens a directory that must be refused, twice, with the same words.
func refused(t *testing.T, fs vfs.FS, want string) {
	t.Helper()
	for range 2 {
		_, _, err := openLogged(context.Background(), fs)
		if err == nil || code(err) != sqlstate.DataCorrupted || !strings.HasSuffix(err.Error(), want+": put back the log/ and store/ that belong together (SQLSTATE XX001)") {
			t.Fatalf("got  %v\nwant %s", err, want)
		}
	}
}

// opened opens a directory that must hold so many rows.
func opened(t *testing.T, fs vfs.FS, stream bool, rows int) {
	t.Helper()
	e, _, err := openLogged(context.Background(), fs)
	if err != nil {
		t.Fatal(err)
	}
	s := connect(t, e)
	queries := []string{"SELECT count(*) FROM t", "SELECT sum(n) FROM v"}
	if stream {
		queries = append(queries, "SELECT count(*) FROM s", "SELECT n FROM w")
	}
	for _, q := range queries {
		if got := answerTo(t, s, q); got != fmt.Sprint(rows) {
			t.Fatalf("%s: %s, not %d", q, got, rows)
		}
	}
	run(t, s, "INSERT INTO t VALUES (1000, 'new')")
	if err := e.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func TestLogAndStoreThatDoNotBelongTogether(t *testing.T) {
	whole, cut := writeAges(t, true), writeAges(t, false)
	last := len(whole) - 1
	end := whole[last].epoch

	t.Run("log lost", func(t *testing.T) {
		fs := together(t, nil, whole[last].disk)
		refused(t, fs, fmt.Sprintf("log/ has no epoch, and store/ holds epoch %d", end))
		if _, err := fs.Stat("db/log"); err == nil {
			t.Fatal("a log was made")
		}
		if err := fs.MkdirAll("db/log", 0o755); err != nil {
			t.Fatal(err)
		}
		refused(t, fs, fmt.Sprintf("log/ has no epoch, and store/ holds epoch %d", end))
	})
	t.Run("log empty", func(t *testing.T) {
		fs := together(t, nil, whole[last].disk)
		l, err := log.Open(fs, "db/log", log.Options{GrowOnDemand: true})
		if err != nil {
			t.Fatal(err)
		}
		l.Close()
		refused(t, fs, fmt.Sprintf("log/ ends at epoch 0, and store/ holds epoch %d", end))
	})
	t.Run("log rolled back", func(t *testing.T) {
		for i := 0; i < last; i += 5 {
			refused(t, together(t, whole[i].disk, whole[last].disk), fmt.Sprintf("log/ ends at epoch %d, and store/ holds epoch %d", whole[i].epoch, end))
		}
	})
	t.Run("log of another history", func(t *testing.T) {
		fs := together(t, nil, whole[last].disk)
		l, err := log.Open(fs, "db/log", log.Options{GrowOnDemand: true})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := l.Append(log.Record{Epoch: end + 5, Parts: []log.Part{{Payload: []byte(`{"time": 1}`)}}}); err != nil {
			t.Fatal(err)
		}
		l.Close()
		refused(t, fs, fmt.Sprintf("log/ has nothing between epoch %d and epoch %d, and store/ holds epoch %[1]d", end, end+5))
	})
	t.Run("store rolled back", func(t *testing.T) {
		for i := 0; i < last; i += 5 {
			opened(t, together(t, whole[last].disk, whole[i].disk), true, last+1) // the log has all of it
		}
	})
	t.Run("store lost", func(t *testing.T) {
		for i := 0; i <= last; i += 5 {
			opened(t, together(t, whole[i].disk, nil), true, i+1)
		}
	})
	t.Run("store rolled back behind a truncated log", func(t *testing.T) {
		seen := map[bool]int{}
		for i := range last {
			after := completeAfter(t, cut[last].disk)
			fs, gone := together(t, cut[last].disk, cut[i].disk), after > cut[i].epoch
			if seen[gone]++; gone {
				refused(t, fs, fmt.Sprintf("log/ keeps all epochs only after %d, and store/ holds epoch %d", after, cut[i].epoch))
			} else {
				opened(t, fs, false, last+1)
			}
		}
		if seen[true] == 0 || seen[false] == 0 {
			t.Fatal(seen)
		}
	})
	t.Run("store lost behind a truncated log", func(t *testing.T) {
		after := completeAfter(t, cut[last].disk)
		refused(t, together(t, cut[last].disk, nil), fmt.Sprintf("log/ keeps all epochs only after %d, and store/ holds none", after))
	})
	t.Run("log that ends in an empty segment", func(t *testing.T) {
		seen := 0
		for i := 1; i <= last; i++ {
			before, now := segments(t, whole[i-1].disk), segments(t, whole[i].disk)
			if len(now) != len(before)+1 {
				continue
			}
			// The epoch before began no segment, this one did: without it, the log is sealed right behind the epoch before.
			seen++
			fs := together(t, whole[i].disk, whole[i-1].disk)
			if err := fs.Remove("db/log/" + now[len(now)-1]); err != nil {
				t.Fatal(err)
			}
			opened(t, fs, true, i)
			fs = together(t, whole[i].disk, whole[i].disk)
			if err := fs.Remove("db/log/" + now[len(now)-1]); err != nil {
				t.Fatal(err)
			}
			refused(t, fs, fmt.Sprintf("log/ ends at epoch %d, and store/ holds epoch %d", whole[i-1].epoch, whole[i].epoch))
		}
		if seen == 0 {
			t.Fatal("no epoch began a segment")
		}
	})
}

func completeAfter(t *testing.T, disk *vfs.MemFS) uint64 {
	t.Helper()
	l, err := log.Open(disk.CrashClone(vfs.CrashCloneCfg{}), "db/log", log.Options{GrowOnDemand: true})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.CompleteAfter()
}

// segments are the files of a log's segments, in order.
func segments(t *testing.T, disk *vfs.MemFS) (names []string) {
	t.Helper()
	all, err := disk.List("db/log")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range all {
		if strings.HasSuffix(name, ".log") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
