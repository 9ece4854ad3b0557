package storage

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/bloom"
	"github.com/cockroachdb/pebble/v2/sstable"
	"github.com/cockroachdb/pebble/v2/vfs"

	"tarn/storage/slab"
)

// Version is the version of everything below a data directory, as its file FORMAT says and FORMAT.md describes.
const Version = "tarn 3"

const (
	formatFile = "FORMAT"
	lsmDir     = "lsm"

	// A memtable is a twentieth of the memory of states, within these bounds: the larger, the more often a key is written anew
	// before it goes to disk, and the fewer tables there are to be compacted.
	minMemTable = 32 << 20
	maxMemTable = 64 << 20
	retryEvery  = 100 * time.Millisecond // the pause between two attempts to write what the disk did not take
)

// Options of a store. The zero value is usable.
type Options struct {
	Memory     *slab.Pool   // where operator state lives; nil is a pool of its own of 1 GiB
	CacheBytes int64        // blocks of tables to keep in memory; 0 is an eighth of the memory's budget
	Logger     *slog.Logger // nil is slog.Default

	// For tests; 0 is the constant of that name, or what Open says, and Pebble's.
	memTable    uint64
	maxManifest int64
	retryEvery  time.Duration
	flushEvery  time.Duration
}

// Store is the checkpointed part of one data directory. All methods may be called from any goroutine, except that
// checkpoints are made by one.
type Store struct {
	memory *slab.Pool
	db     *pebble.DB
	cache  *pebble.Cache
	faults *faults
	room   *room
	closer *closer

	opened  Meta
	current atomic.Pointer[Snapshot]
	spare   atomic.Pointer[Checkpoint]
	begun   uint64 // number of the last checkpoint begun
	flushes flushes

	batch      *pebble.Batch // the committing goroutine's, empty; nil: none is kept
	batchBytes int           // what it was made for

	mu     sync.Mutex
	queue  []*Checkpoint // handed over and not yet answered; the first one is being committed
	wake   *sync.Cond    // queue or closed changed
	closed bool
	ended  chan struct{} // the committing goroutine has returned
}

// Meta is what a checkpoint says about itself.
type Meta struct {
	Epoch     uint64 // zero: no checkpoint was ever committed
	Cut       []byte
	Catalogue []byte
}

// Open opens the store in dir, which it creates if need be, and checks the version of the directory.
func Open(fs vfs.FS, dir string, opts Options) (*Store, error) {
	if opts.Memory == nil {
		opts.Memory = slab.NewPool(1 << 30)
	}
	if opts.CacheBytes == 0 {
		opts.CacheBytes = max(opts.Memory.Budget()/8, 8<<20)
	}
	if opts.Logger == nil {
		opts.Logger = slog.Default()
	}
	if err := checkFormat(fs, dir); err != nil {
		return nil, err
	}
	s := &Store{memory: opts.Memory, faults: newFaults(opts.Logger), ended: make(chan struct{})}
	s.wake = sync.NewCond(&s.mu)
	if opts.memTable == 0 {
		opts.memTable = uint64(min(max(opts.Memory.Budget()/20, minMemTable), maxMemTable))
	}
	if opts.retryEvery == 0 {
		opts.retryEvery = retryEvery
	}
	s.flushes = flushes{every: opts.flushEvery, last: time.Now()}
	if s.flushes.every == 0 {
		s.flushes.every = flushEvery
	}
	// Pebble takes the memory of its memtables, of which there are one or two, out of the cache.
	s.cache = pebble.NewCache(opts.CacheBytes + 2*int64(opts.memTable))
	lsm := fs.PathJoin(dir, lsmDir)
	if err := createDir(fs, lsm); err != nil {
		s.cache.Unref()
		return nil, fmt.Errorf("create %s: %w", lsm, err)
	}
	s.room = newRoom(markers{fs, s.faults}, s.faults, opts.retryEvery)
	o := s.pebbleOptions(s.room, opts)
	compactions := newScheduler(func() bool { return s.faults.err() != nil })
	o.Experimental.CompactionScheduler = compactions
	db, err := s.openPebble(lsm, o)
	if err != nil {
		s.cache.Unref()
		return nil, fmt.Errorf("open store %s: %w", lsm, err)
	}
	s.db = db
	if err := s.readMeta(); err != nil {
		_ = db.Close()
		s.cache.Unref()
		return nil, fmt.Errorf("open store %s: %w", lsm, err)
	}
	s.room.set(waiting)
	compactions.begin() // from here on they wait for room
	s.closer = newCloser()
	s.publish(0, s.opened.Epoch)
	go s.commitLoop()
	return s, nil
}

// openPebble opens Pebble, which when it can not write its manifest does not return.
func (s *Store) openPebble(dir string, opts *pebble.Options) (*pebble.DB, error) {
	type result struct {
		db  *pebble.DB
		err error
	}
	opened := make(chan result, 1)
	go func() {
		var r result
		defer func() { opened <- r }()
		defer caught(&r.err)
		r.db, r.err = pebble.Open(dir, opts)
	}()
	select {
	case r := <-opened:
		return r.db, r.err
	case <-s.faults.fatal:
		return nil, s.faults.err()
	}
}

func (s *Store) pebbleOptions(fs vfs.FS, opts Options) *pebble.Options {
	o := &pebble.Options{
		FS:                          fs,
		Cache:                       s.cache,
		DisableWAL:                  true,
		FormatMajorVersion:          pebble.FormatNewest,
		Merger:                      countMerger,
		MemTableSize:                opts.memTable,
		MaxManifestFileSize:         opts.maxManifest,
		MemTableStopWritesThreshold: 6,
		// Checkpoints scatter over all shards of an operator, so every flush overlaps all of the level below: gather some.
		L0CompactionThreshold:      8,
		L0StopWritesThreshold:      48,
		CompactionConcurrencyRange: func() (int, int) { return 1, 2 },
		Logger:                     s.faults,
		EventListener:              s.faults.listener(),
	}
	for i := range o.Levels {
		o.Levels[i].FilterPolicy = bloom.FilterPolicy(10)
		o.Levels[i].IndexBlockSize = 256 << 10 // one block for most tables: a second level costs every look-up of a key
		// What the last level holds has come to rest and is worth compressing; above it most is rewritten soon, and much is
		// compact already.
		if i < len(o.Levels)-1 {
			o.Levels[i].Compression = func() *sstable.CompressionProfile { return sstable.NoCompression }
		}
	}
	return o
}

// checkFormat reads the version file of a data directory, or writes it into a new one.
func checkFormat(fs vfs.FS, dir string) error {
	if err := createDir(fs, dir); err != nil {
		return fmt.Errorf("create data directory %s: %w", dir, err)
	}
	path := fs.PathJoin(dir, formatFile)
	if f, err := fs.Open(path); err == nil {
		defer f.Close()
		b, err := io.ReadAll(io.LimitReader(f, 100))
		if err != nil {
			return fmt.Errorf("read %s: %w", path, err)
		}
		if got := strings.TrimSpace(string(b)); got != Version {
			return fmt.Errorf("data directory %s has format version %q, this server reads %q", dir, got, Version)
		}
		return nil
	}
	if _, err := fs.Stat(fs.PathJoin(dir, lsmDir)); err == nil {
		return fmt.Errorf("data directory %s has no file %s", dir, formatFile)
	}
	temp := path + ".tmp"
	err := writeFile(fs, temp, Version+"\n")
	if err == nil {
		err = fs.Rename(temp, path)
	}
	if err == nil {
		err = syncDir(fs, dir)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// createDir makes a directory and those above it, such that they survive a crash.
func createDir(fs vfs.FS, dir string) error {
	if _, err := fs.Stat(dir); err == nil {
		return nil
	}
	parent := fs.PathDir(dir)
	if parent != dir {
		if err := createDir(fs, parent); err != nil {
			return err
		}
	}
	if err := fs.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return syncDir(fs, parent)
}

func writeFile(fs vfs.FS, path, text string) error {
	f, err := fs.Create(path, vfs.WriteCategoryUnspecified)
	if err != nil {
		return err
	}
	if _, err = io.WriteString(f, text); err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	return err
}

func syncDir(fs vfs.FS, dir string) error {
	d, err := fs.OpenDir(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if e := d.Close(); err == nil {
		err = e
	}
	return err
}

func (s *Store) readMeta() error {
	value, ok, err := get(s.db, nil, keyMeta)
	if err != nil || !ok {
		return err
	}
	if s.opened, err = parseMeta(value); err != nil {
		return err
	}
	s.opened.Catalogue, _, err = get(s.db, nil, keyCatalogue)
	return err
}

func parseMeta(value []byte) (Meta, error) {
	epoch, n := binary.Uvarint(value)
	if n <= 0 {
		return Meta{}, fmt.Errorf("stored epoch %x is not a varint", value)
	}
	return Meta{Epoch: epoch, Cut: bytes.Clone(value[n:])}, nil
}

// Meta is the state the store was opened with: everything after its epoch has to be replayed from the log.
func (s *Store) Meta() Meta { return s.opened }

// Memory is the pool for the off-heap state that belongs to this store.
func (s *Store) Memory() *slab.Pool { return s.memory }

// Committed is the epoch of the last committed checkpoint, the one that Snapshot returns.
func (s *Store) Committed() uint64 { return s.current.Load().epoch }

// CommittedNumber is the number of the last committed checkpoint, of those begun since the store was opened.
func (s *Store) CommittedNumber() uint64 { return s.current.Load().number }

// Durable is the epoch and the cut that survive a crash now. The log may forget what is before them; Catalogue is not
// filled in.
func (s *Store) Durable() (Meta, error) {
	it, err := s.db.NewIter(&pebble.IterOptions{
		LowerBound:                keyMeta,
		UpperBound:                PrefixEnd(nil, keyMeta),
		OnlyReadGuaranteedDurable: true,
	})
	if err != nil {
		return Meta{}, err
	}
	defer it.Close()
	if !it.First() {
		return Meta{}, it.Error()
	}
	value, err := it.ValueAndErr()
	if err != nil {
		return Meta{}, err
	}
	return parseMeta(value)
}

// Get appends to dst the value that the last committed checkpoint gave a key, and says whether there is one.
func (s *Store) Get(dst, key []byte) ([]byte, bool, error) { return get(s.db, dst, key) }

// Flush makes all committed checkpoints durable. Where the disk does not let it, such as a full one, it returns why, and
// Pebble keeps trying.
func (s *Store) Flush() error {
	if err := s.faults.err(); err != nil {
		return err
	}
	failure := s.faults.nextFailure()
	done := make(chan error, 1)
	go func() {
		var err error
		defer func() { done <- err }()
		defer caught(&err)
		err = s.db.Flush()
	}()
	for {
		select {
		case err := <-done:
			return err
		case <-s.faults.fatal:
			return s.faults.err()
		case <-failure:
		}
		failure = s.faults.nextFailure()
		if err := s.Degraded(); err != nil { // else it was tried again meanwhile, with success
			return fmt.Errorf("flush: %w", err)
		}
	}
}

// Err is the error after which the store takes no checkpoint any more, or nil.
func (s *Store) Err() error { return s.faults.err() }

// Degraded is the last error of a flush or compaction that is being retried, such as a full disk; nil again once one
// succeeds. Meanwhile checkpoints are taken until Pebble's memory is full, then Commit's answer waits.
func (s *Store) Degraded() error { return s.faults.degraded() }

// NextFailure is closed when the next attempt to write to the disk fails. While the store is degraded there are several a
// second, until one succeeds.
func (s *Store) NextFailure() <-chan struct{} { return s.faults.nextFailure() }

// Close waits for the checkpoints handed over, makes them durable and closes the store. All snapshots but the store's
// own must have been released. After Err, or where a full disk does not let it end, the store is given up as it is, which
// is as after a crash: what Pebble still holds can not be closed.
func (s *Store) Close() error {
	s.mu.Lock()
	s.closed = true
	s.wake.Broadcast()
	s.mu.Unlock()
	if err := s.settled(s.ended); err != nil {
		s.room.set(abandoned)
		s.faults.fail(err)
		return err
	}
	err := s.Flush()
	s.room.set(closing)
	s.current.Load().Release()
	s.closer.finish()
	closed := make(chan error, 1)
	go func() {
		<-s.closer.ended
		var err error
		defer func() { closed <- err }()
		defer caught(&err)
		err = s.db.Close()
	}()
	select {
	case e := <-closed:
		if err == nil {
			err = e
		}
		s.cache.Unref()
		return err
	case <-s.faults.fatal:
		return s.faults.err()
	}
}

// settled waits until ended is closed, or the store has stopped or has twice failed to write: an attempt that began after
// the call, then, with nothing gained.
func (s *Store) settled(ended <-chan struct{}) error {
	for range 2 {
		failure := s.faults.nextFailure()
		select {
		case <-ended:
			return nil
		case <-s.faults.fatal:
			return s.faults.err()
		case <-failure:
		}
	}
	if err := s.Degraded(); err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	return s.settled(ended)
}

// DiskBytes is about how many bytes the store takes on disk; what is still in memory is not counted.
func (s *Store) DiskBytes() (uint64, error) {
	return s.db.EstimateDiskUsage([]byte{0}, []byte{0xFF}) // unlike Pebble's metrics this never waits for the manifest
}

// DiskUsage is about how many bytes the rows of an arrangement take on disk; what is still in memory is not counted.
func (s *Store) DiskUsage(id uint32) (uint64, error) {
	lo := Prefix(nil, SpaceRow, id)
	return s.db.EstimateDiskUsage(lo, PrefixEnd(nil, lo))
}
