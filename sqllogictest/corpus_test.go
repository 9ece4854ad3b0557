package sqllogictest

import (
	"context"
	"flag"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"tarn/engine"
	"tarn/storage/log"
	"tarn/wire"
)

var (
	update = flag.Bool("update", false, "write the answers of the plain mode into the scripts")
	only   = flag.String("file", "", "run only scripts whose name contains this")
)

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

// scripts reads the corpus.
func scripts(t *testing.T) []*Script {
	t.Helper()
	paths, err := filepath.Glob("testdata/*.slt")
	if err != nil || len(paths) == 0 {
		t.Fatal("no scripts", err)
	}
	var out []*Script
	for _, path := range paths {
		if !strings.Contains(path, *only) {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		s, err := Parse(path, string(text))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	return out
}

// openMemory opens an engine on files in memory.
func openMemory(fs vfs.FS) (*engine.Engine, error) {
	return engine.Open(context.Background(), engine.Config{
		Dir: "db", FS: fs, Memory: 64 << 20, Logger: quiet, Log: log.Options{GrowOnDemand: true, SegmentBytes: 1 << 20},
	})
}

// database opens what a script is run on in a mode; it is closed with the test.
func database(t *testing.T, m Mode) Database {
	t.Helper()
	e, err := openMemory(vfs.NewMem())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	if !m.Server {
		return InProcess{e}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- wire.New(e, wire.Config{Logger: quiet, Grace: time.Second}).Serve(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return Socket{URL: "postgres://tarn@" + l.Addr().String() + "/tarn?sslmode=disable", Extended: true}
}

// crasher is a database on a disk that loses what was not synced.
type crasher struct {
	t      *testing.T
	fs     *vfs.MemFS
	engine *engine.Engine
	rng    *rand.Rand
}

func newCrasher(t *testing.T, seed uint64) *crasher {
	c := &crasher{t: t, fs: vfs.NewCrashableMem(), rng: rand.New(rand.NewPCG(seed, 7))}
	var err error
	if c.engine, err = openMemory(c.fs); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.engine.Close(context.Background()) })
	return c
}

// crash opens what is left of the disk.
func (c *crasher) crash() (Database, error) {
	left := c.fs.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: []int{0, 30, 100}[c.rng.IntN(3)], RNG: c.rng})
	// The engine that has crashed goes on, on files that nobody will read, to its end.
	if err := c.engine.Close(context.Background()); err != nil {
		c.t.Error(err)
	}
	e, err := openMemory(left)
	if err != nil {
		return nil, err
	}
	c.fs, c.engine = left, e
	return InProcess{e}, nil
}

// The corpus has the same answers in all modes.
func TestCorpus(t *testing.T) {
	for _, m := range Modes {
		if *update && m.Name != "plain" {
			continue
		}
		t.Run(m.Name, func(t *testing.T) {
			var sum Stats
			for i, s := range scripts(t) {
				t.Run(strings.TrimSuffix(filepath.Base(s.Name), ".slt"), func(t *testing.T) {
					r := &Runner{Mode: m, Seed: uint64(i), Update: *update}
					if m.Crash {
						c := newCrasher(t, uint64(i))
						r.Database, r.Crash = InProcess{c.engine}, c.crash
					} else {
						r.Database = database(t, m)
					}
					stats, failures := r.Run(context.Background(), s)
					for _, err := range failures {
						t.Error(err)
					}
					sum.Add(stats)
					if *update && len(failures) == 0 {
						if err := os.WriteFile(s.Name, []byte(s.Updated()), 0o644); err != nil {
							t.Error(err)
						}
					}
				})
			}
			t.Logf("%+v", sum)
			if m.Before && sum.Views == 0 || !m.Before && !m.After && sum.Queries == 0 {
				t.Error("no query was run in this mode")
			}
		})
	}
}

// PostgreSQL gives the answers of the corpus, too, but for records marked skipif postgres.
func TestCorpusOnPostgres(t *testing.T) {
	db := postgresOf(t)
	var sum Stats
	for _, s := range scripts(t) {
		t.Run(strings.TrimSuffix(filepath.Base(s.Name), ".slt"), func(t *testing.T) {
			c, err := db.Connect(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			clean(t, c)
			r := &Runner{Mode: postgres, Database: db}
			stats, failures := r.Run(context.Background(), s)
			for _, err := range failures {
				t.Error(err)
			}
			sum.Add(stats)
		})
	}
	t.Logf("%+v", sum)
}
