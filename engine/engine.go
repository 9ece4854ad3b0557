package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"tarn/storage"
	"tarn/storage/log"
	"tarn/storage/slab"
)

// Config says where a database is and what it may use. Only Dir is required.
type Config struct {
	Dir    string           // made if it does not exist
	FS     vfs.FS           // nil: the operating system's
	Memory int64            // bytes for everything; 0: 2 GiB
	Logger *slog.Logger     // nil: slog.Default
	Now    func() time.Time // the clock; nil: time.Now
	Log    log.Options      // the zero value is right for a server

	// For tests; 0 is the constant of the same name.
	hydrateSave   int           // rows a view in the making takes between two checkpoints
	progressEvery time.Duration // between two notices of how far a view in the making is
}

// Engine is one open database. Its methods may be called from any goroutine.
type Engine struct {
	cfg   Config
	log   *log.Log
	store *storage.Store
	work  *slab.Pool // memory that all statements share

	published atomic.Pointer[State]
	failed    atomic.Pointer[error] // set once no epoch turns any more
	oids      atomic.Uint32         // the next free oid
	states    atomic.Uint32         // the next free id of operators' state
	loop      *loop
	requests  chan *request
	syncs     chan chan error
	closing   chan struct{}
	ended     chan struct{} // the loop has returned
	gate      gate
	started   time.Time
	reserve   reserve // Open's, then the loop's, then Close's

	pendingFeeds []pendingFeed // the loop's

	mu       sync.Mutex
	sessions map[int32]*Session
	lastPID  int32
	closed   bool
	running  sync.WaitGroup // statements
	counters counters
}

// Open opens the database in a directory, or makes one, and replays what its last checkpoint does not have (E5). It holds
// a lock on the directory until Close.
func Open(ctx context.Context, cfg Config) (*Engine, error) {
	if cfg.FS == nil {
		cfg.FS = vfs.Default
	}
	if cfg.Memory == 0 {
		cfg.Memory = 2 << 30
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.Default()
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.hydrateSave == 0 {
		cfg.hydrateSave = hydrateSave
	}
	if cfg.progressEvery == 0 {
		cfg.progressEvery = progressEvery
	}
	if err := makeDir(cfg.FS, cfg.Dir); err != nil {
		return nil, fmt.Errorf("open database %s: %w", cfg.Dir, err)
	}
	e := &Engine{
		cfg:      cfg,
		requests: make(chan *request, turnRequests),
		syncs:    make(chan chan error),
		closing:  make(chan struct{}),
		ended:    make(chan struct{}),
		sessions: make(map[int32]*Session),
		started:  cfg.Now(),
		work:     slab.NewPool(cfg.Memory / 4),
		reserve:  reserve{fs: cfg.FS, dir: cfg.Dir, memory: cfg.Memory, logger: cfg.Logger},
	}
	e.reserve.give(reserveStart)
	logDir, storeDir := cfg.FS.PathJoin(cfg.Dir, "log"), cfg.FS.PathJoin(cfg.Dir, "store")
	err := checkLogThere(cfg.FS, logDir, storeDir)
	if err == nil {
		e.log, err = log.Open(cfg.FS, logDir, cfg.Log)
	}
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", cfg.Dir, err)
	}
	// Of the memory, five eighths are operators' state and a quarter the store's cache and tables. What statements take while
	// they run is a quarter more: seldom is all of it taken, and it must not depend on how much state there is.
	e.store, err = storage.Open(cfg.FS, storeDir, storage.Options{
		Memory:     slab.NewPool(cfg.Memory / 8 * 5),
		CacheBytes: cfg.Memory / 8,
		Logger:     cfg.Logger,
	})
	if err != nil {
		e.log.Close()
		return nil, fmt.Errorf("open database %s: %w", cfg.Dir, err)
	}
	l := &loop{engine: e, ctx: context.WithoutCancel(ctx), poked: make(chan struct{}, 1)}
	e.loop = l
	if err := l.recover(ctx); err != nil {
		e.store.Close()
		e.log.Close()
		return nil, fmt.Errorf("open database %s: %w", cfg.Dir, err)
	}
	e.reserve.renew(reserveStart, false)
	e.reserve.renew(reserveStop, false)
	go e.syncer()
	go l.run()
	return e, nil
}

// makeDir makes a directory and those above it, such that a crash does not lose the entry of any: synced files in a directory
// that is gone are gone.
func makeDir(fs vfs.FS, dir string) error {
	if _, err := fs.Stat(dir); err == nil {
		return nil
	}
	parent := fs.PathDir(dir)
	if parent != dir {
		if err := makeDir(fs, parent); err != nil {
			return err
		}
	}
	if err := fs.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	d, err := fs.OpenDir(parent)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Close ends all sessions, finishes the epoch that turns, waits for the statements it has ended, checkpoints, and closes the
// files. A transaction that is still open in a session holds what it reads, and Close says so, with everything written.
func (e *Engine) Close(ctx context.Context) error {
	e.mu.Lock()
	if e.closed {
		e.mu.Unlock()
		return nil
	}
	e.closed = true
	for _, s := range e.sessions {
		s.interrupt(errShutdown)
	}
	e.mu.Unlock()
	close(e.closing)
	select {
	case <-e.ended:
	case <-ctx.Done():
		return ctx.Err()
	}
	close(e.syncs)
	last := e.published.Load()
	empty := &State{Epoch: last.Epoch, Time: last.Time, Catalog: last.Catalog} // for those who still ask for a state
	empty.refs.Store(1)
	e.published.Store(empty)
	last.release()
	finished := make(chan struct{})
	go func() {
		e.running.Wait()
		close(finished)
	}()
	select {
	case <-finished:
	case <-ctx.Done():
		return ctx.Err()
	}
	err := e.store.Close()
	if logErr := e.log.Close(); err == nil {
		err = logErr
	}
	e.reserve.renew(reserveStart, true)
	e.reserve.renew(reserveStop, true)
	return err
}

// do has the loop do work between two epochs and waits for it. The work is done even if ctx ends first.
func (e *Engine) do(ctx context.Context, work func(*loop) error) error {
	return e.submit(ctx, &request{work: work, done: make(chan error, 1)})
}

// commit submits a transaction and waits until it is durable and published, or refused (E1).
func (e *Engine) commit(ctx context.Context, c *commit) error {
	if led, err := e.loop.lead(c); led {
		return err
	}
	return e.submit(ctx, &request{commit: c, done: make(chan error, 1)})
}

// submit waits for the answer even when ctx ends: whether a transaction committed must not be left open.
func (e *Engine) submit(ctx context.Context, r *request) error {
	select {
	case e.requests <- r:
	case <-e.closing:
		return errShutdown
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-r.done:
		return err
	case <-e.ended:
		select {
		case err := <-r.done:
			return err
		default:
			return errShutdown
		}
	}
}

// Ready tells whether the database takes writes: nil, or why not.
func (e *Engine) Ready() error {
	if err := e.failed.Load(); err != nil {
		return *err
	}
	return nil
}
