package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"tarn/sql/sqlstate"
	"tarn/storage/log"
	"tarn/storage/vfstest"
)

// parts is a file system whose log and store are on different faulty disks.
type parts struct {
	vfs.FS
	log, store *vfstest.FS
}

func newParts(inner vfs.FS) *parts {
	return &parts{FS: inner, log: vfstest.New(inner), store: vfstest.New(inner)}
}

func (p *parts) of(name string) vfs.FS {
	if strings.Contains(name, "store") {
		return p.store
	}
	return p.log
}

func (p *parts) Create(name string, c vfs.DiskWriteCategory) (vfs.File, error) {
	return p.of(name).Create(name, c)
}

func (p *parts) OpenReadWrite(name string, c vfs.DiskWriteCategory, opts ...vfs.OpenOption) (vfs.File, error) {
	return p.of(name).OpenReadWrite(name, c, opts...)
}

func (p *parts) ReuseForWrite(from, to string, c vfs.DiskWriteCategory) (vfs.File, error) {
	return p.of(to).ReuseForWrite(from, to, c)
}

func (p *parts) Remove(name string) error              { return p.of(name).Remove(name) }
func (p *parts) Rename(from, to string) error          { return p.of(to).Rename(from, to) }
func (p *parts) OpenDir(name string) (vfs.File, error) { return p.of(name).OpenDir(name) }
func (p *parts) Unwrap() vfs.FS                        { return p.FS }

func openOn(t testing.TB, fs vfs.FS) *Engine {
	t.Helper()
	e, err := Open(context.Background(), Config{
		Dir: "db", FS: fs, Memory: 64 << 20, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)), Log: log.Options{GrowOnDemand: true, SegmentBytes: 64 << 10},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close(context.Background()) }) // of a broken store: an error
	return e
}

const diskSchema = `CREATE TABLE t (k int PRIMARY KEY, pad text); CREATE STREAM s (k int);
	CREATE MATERIALIZED VIEW v AS SELECT k % 3 AS g, count(*) AS n, max(k) AS m FROM t GROUP BY k % 3;
	CREATE MATERIALIZED VIEW w AS SELECT t.k FROM t LEFT JOIN s ON s.k = t.k WHERE s.k IS NULL`

// diskKeys are the keys that are there; the views must say the same.
func diskKeys(t testing.TB, s *Session) []int {
	t.Helper()
	rows, _ := run(t, s, "SELECT k FROM t ORDER BY k")
	keys := make([]int, len(rows))
	for i := range rows {
		keys[i], _ = strconv.Atoi(rows[i])
	}
	for _, pair := range [][2]string{
		{"SELECT * FROM v", "SELECT k % 3, count(*), max(k) FROM t GROUP BY k % 3"},
		{"SELECT * FROM w", "SELECT k FROM t WHERE k NOT IN (SELECT k FROM s)"},
	} {
		want, _ := run(t, s, pair[1])
		got, _ := run(t, s, pair[0])
		expect(t, got, want...)
	}
	return keys
}

// A full disk refuses writes, serves reads, and is forgotten when there is space again.
func TestFullDisk(t *testing.T) {
	memory := vfs.NewCrashableMem()
	disk := newParts(memory)
	e := openOn(t, disk)
	s := connect(t, e)
	run(t, s, diskSchema)
	pad := strings.Repeat("x", 100)
	k := 0
	var want []int
	for round := range 3 {
		disk.log.SetFree(int64(2000 + 3000*round))
		disk.store.SetFree(0)
		for refused := 0; refused < 3; k++ {
			_, _, err := try(s, fmt.Sprintf("INSERT INTO t VALUES (%d, '%s')", k, pad))
			switch code(err) {
			case "":
				want = append(want, k)
			case sqlstate.DiskFull:
				refused++
			default:
				t.Fatal(err)
			}
			if k > 10000 {
				t.Fatal("the disk does not fill")
			}
		}
		if got := diskKeys(t, s); !slices.Equal(got, want) {
			t.Fatalf("round %d: %v are there, %v were acknowledged", round, got, want)
		}
		disk.log.Unlimit()
		disk.store.Unlimit()
		run(t, s, fmt.Sprintf("INSERT INTO t VALUES (%d, '%s')", k, pad))
		want = append(want, k)
		k++
		if err := e.Ready(); err != nil {
			t.Fatal(err)
		}
	}
	s = connect(t, openOn(t, memory.CrashClone(vfs.CrashCloneCfg{})))
	if got := diskKeys(t, s); !slices.Equal(got, want) {
		t.Fatalf("%v are there, %v were acknowledged", got, want)
	}
}

// Whoever waits for epochs is told when there will be none any more.
func TestSubscribeToAStoppedDatabase(t *testing.T) {
	disk := newParts(vfs.NewMem())
	e := openOn(t, disk)
	s, subscriber := connect(t, e), connect(t, e)
	run(t, s, diskSchema)
	started, ended := make(chan struct{}), make(chan error)
	go func() {
		_, err := follow(subscriber, "SUBSCRIBE v", sync.OnceFunc(func() { close(started) }), "never")
		ended <- err
	}()
	<-started
	disk.log.FailSyncs(errors.New("input/output error"))
	if _, _, err := try(s, "INSERT INTO t VALUES (1, 'x')"); code(err) != errUncertain.Code {
		t.Fatal(err)
	}
	if err := <-ended; code(err) != sqlstate.IOError {
		t.Fatal(err)
	}
}

// One disk for the log and the store becomes full at any byte, of whatever file, and has room again some time later, over and
// over: writes are refused with 53100 and leave nothing, reads go on, and the next write after there is room again succeeds.
// Some of the rounds end in a crash, some in a stop, on the full disk.
func TestFullDiskAnywhere(t *testing.T) {
	for seed := range uint64(6) {
		rng := rand.New(rand.NewPCG(seed, 5))
		memory := vfs.NewCrashableMem()
		disk := vfstest.New(memory)
		e := openOn(t, disk)
		s := connect(t, e)
		run(t, s, diskSchema)
		k, refused := 0, 0
		var want []int
		for round := range 8 {
			disk.SetSize(disk.Used() + rng.Int64N(1<<(8+rng.IntN(10))))
			for n, failed := rng.IntN(100), 0; n >= 0 && failed < 3; n-- {
				k++
				statement := fmt.Sprintf("INSERT INTO t VALUES (%d, '%s')", k, strings.Repeat("x", rng.IntN(2000)))
				if rng.IntN(3) == 0 {
					statement = fmt.Sprintf("BEGIN; %s; INSERT INTO s VALUES (%d); COMMIT", statement, k)
				}
				_, _, err := try(s, statement)
				switch code(err) {
				case "":
					want = append(want, k)
				case sqlstate.DiskFull:
					failed++
					refused++
					if sqlstate.From(err).Hint == "" {
						t.Fatalf("seed %d: no hint: %v", seed, err)
					}
				default:
					t.Fatalf("seed %d: %v", seed, err)
				}
				if s.Status() != 'I' {
					run(t, s, "ROLLBACK")
				}
				if rng.IntN(20) == 0 {
					_ = e.store.Flush() // succeeds, if ever, when the disk lets it
				}
			}
			if got := diskKeys(t, s); !slices.Equal(got, want) {
				t.Fatalf("seed %d, round %d: %v are there, %v were acknowledged", seed, round, got, want)
			}
			e.Stats()
			stop, crash := rng.IntN(8) == 0, rng.IntN(4) == 0
			if stop {
				_ = e.Close(context.Background()) // of a full disk: an error
			}
			if stop || crash {
				memory = memory.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: rng.IntN(101), RNG: rng})
				disk = vfstest.New(memory)
				e = openOn(t, disk)
				s = connect(t, e)
			} else {
				disk.SetSize(0)
			}
			k++
			run(t, s, fmt.Sprintf("INSERT INTO t VALUES (%d, 'y')", k))
			want = append(want, k)
			if got := diskKeys(t, s); !slices.Equal(got, want) || e.Ready() != nil {
				t.Fatalf("seed %d, round %d: %v are there, %v were acknowledged; %v", seed, round, got, want, e.Ready())
			}
		}
		if refused == 0 {
			t.Errorf("seed %d: the disk was never full", seed)
		}
	}
}

// The store is on a full disk for long while the log has room: writes go on as long as what they change has a place in
// memory, then they are refused; reads go on. With room again, nobody notices that it was so.
func TestFullStore(t *testing.T) {
	memory := vfs.NewCrashableMem()
	disk := newParts(memory)
	e := openOn(t, disk)
	s := connect(t, e)
	run(t, s, diskSchema)
	disk.store.SetFree(0)
	insert := "INSERT INTO t SELECT n, repeat('x', 10000) FROM generate_series(%d, %d) n"
	var refused error
	want := 0
	for batch := 0; refused == nil; batch++ {
		if batch > 200 {
			t.Fatal("a gigabyte, and no end")
		}
		if _, _, refused = try(s, fmt.Sprintf(insert, want+1, want+500)); refused == nil {
			want += 500
		}
	}
	if code(refused) != sqlstate.DiskFull || !strings.Contains(refused.Error(), "could not write to store: No space left on device") {
		t.Fatal(refused)
	}
	for range 2 {
		rows, _ := run(t, s, "SELECT count(*), max(k), (SELECT sum(n) FROM v) FROM t")
		expect(t, rows, fmt.Sprintf("%d|%[1]d|%[1]d", want))
		if _, _, err := try(s, "CREATE MATERIALIZED VIEW x AS SELECT k FROM t"); code(err) != sqlstate.DiskFull {
			t.Fatal(err)
		}
	}
	disk.store.Unlimit()
	run(t, s, fmt.Sprintf(insert, want+1, want+500))
	want += 500
	rows, _ := run(t, s, "SELECT count(*), max(k), (SELECT sum(n) FROM v) FROM t")
	expect(t, rows, fmt.Sprintf("%d|%[1]d|%[1]d", want))
	s = connect(t, openOn(t, memory.CrashClone(vfs.CrashCloneCfg{})))
	rows, _ = run(t, s, "SELECT count(*), max(k), (SELECT sum(n) FROM v) FROM t")
	expect(t, rows, fmt.Sprintf("%d|%[1]d|%[1]d", want))
}

// Faults at random moments: of the log's writes, some of which leave a part behind, of its syncs, and of the store's. Nothing
// that was acknowledged is ever missing, nothing that was refused is ever there, and reads go on.
func TestFaultyDisk(t *testing.T) {
	broken := errors.New("input/output error")
	seen := map[sqlstate.Code]int{}
	for seed := range uint64(40) {
		rng := rand.New(rand.NewPCG(seed, 21))
		memory := vfs.NewCrashableMem()
		disk := newParts(memory)
		e := openOn(t, disk)
		s := connect(t, e)
		run(t, s, diskSchema)
		acknowledged, refused := map[int]bool{}, map[int]bool{}
		stopped := false
		for k := range 60 {
			switch rng.IntN(25) {
			case 0:
				disk.log.FailWrites(int64(rng.IntN(60)), broken)
			case 1:
				disk.log.FailSyncs(broken)
			case 2:
				disk.log.SetFree(int64(rng.IntN(200)))
			case 3:
				disk.store.FailWrites(int64(rng.IntN(60)), broken)
			case 4:
				disk.store.FailSyncs(broken)
			case 5, 6:
				for _, d := range []*vfstest.FS{disk.log, disk.store} {
					d.FailWrites(0, nil)
					d.FailSyncs(nil)
					d.Unlimit()
				}
			case 7:
				go e.store.Flush() // returns, if ever, when the disk lets it
			}
			statement := fmt.Sprintf("INSERT INTO t VALUES (%d, 'x')", k)
			if rng.IntN(3) == 0 {
				statement = fmt.Sprintf("BEGIN; INSERT INTO t VALUES (%d, 'y'); INSERT INTO s VALUES (%[1]d); COMMIT", k)
			}
			_, _, err := try(s, statement)
			if s.Status() != 'I' {
				run(t, s, "ROLLBACK")
			}
			c := code(err)
			seen[c]++
			switch c {
			case "":
				acknowledged[k] = true
				if stopped {
					t.Fatalf("seed %d: a write is acknowledged after the database has stopped taking writes", seed)
				}
			case errUncertain.Code:
				stopped = true
			case sqlstate.DiskFull:
				refused[k] = true
			case sqlstate.IOError:
				refused[k] = true
				stopped = stopped || e.Ready() != nil
			default:
				t.Fatalf("seed %d: %v", seed, err)
			}
			if !stopped {
				diskKeys(t, s)
			}
		}
		diskKeys(t, s)
		left := memory.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: []int{0, 50, 100}[rng.IntN(3)], RNG: rng})
		for _, d := range []*vfstest.FS{disk.log, disk.store} {
			d.FailWrites(0, nil)
			d.FailSyncs(nil)
		}
		again := openOn(t, left)
		got := map[int]bool{}
		for _, k := range diskKeys(t, connect(t, again)) {
			got[k] = true
			if refused[k] {
				t.Errorf("seed %d: key %d was refused and is there", seed, k)
			}
		}
		for k := range acknowledged {
			if !got[k] {
				t.Errorf("seed %d: key %d was acknowledged and is not there", seed, k)
			}
		}
		if err := again.Close(context.Background()); err != nil {
			t.Errorf("seed %d: %v", seed, err)
		}
		if t.Failed() {
			return
		}
	}
	for _, c := range []sqlstate.Code{"", sqlstate.DiskFull, sqlstate.IOError, errUncertain.Code} {
		if seen[c] == 0 {
			t.Errorf("no write ended with %q", c)
		}
	}
	t.Log(seen)
}
