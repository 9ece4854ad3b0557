package storage

import (
	"errors"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// room is the file system below Pebble where the disk may be full, or not writable for a while.
//
// Pebble survives a table that can not be written: it removes what there is of it and begins again, without a pause. So
// here the next table is made only some time after one has failed.
//
// It does not survive that with any other file, which says which tables there are: then it would end the process. So such
// a file is not failed but waits for room. Pebble holds no lock meanwhile that reads need; flushes, compactions and
// closing snapshots wait, and checkpoints go on until its memory is full.
//
// Once the store has stopped, for another reason, nothing more is written to such files, and nothing is removed: what is on
// disk fits together, and what Pebble holds in memory may not.
type room struct {
	vfs.FS
	faults *faults
	every  time.Duration // between two attempts

	mu     sync.Mutex
	mode   roomMode
	failed time.Time     // when a table could last not be written
	rest   time.Duration // the pause after that
	ended  chan struct{} // closed: nobody waits any more
}

type roomMode int

const (
	opening   roomMode = iota // all errors are Pebble's: it hands them on
	waiting                   // what can not fail waits
	closing                   // all errors are Pebble's again, and nothing pauses
	abandoned                 // what would wait or pause never returns: nobody is left who could be told
)

func newRoom(fs vfs.FS, faults *faults, every time.Duration) *room {
	return &room{FS: fs, faults: faults, every: every, ended: make(chan struct{})}
}

// set changes the mode, which only grows. Who waits is woken by the end of waiting.
func (r *room) set(mode roomMode) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if mode <= r.mode {
		return
	}
	if r.mode < closing && mode >= closing {
		close(r.ended)
	}
	r.mode = mode
}

// pause waits so long, or until nobody waits any more. It tells whether to try again.
func (r *room) pause(d time.Duration) bool {
	r.mu.Lock()
	mode := r.mode
	r.mu.Unlock()
	if mode == waiting {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-timer.C:
			return true
		case <-r.ended:
		}
		r.mu.Lock()
		mode = r.mode
		r.mu.Unlock()
	}
	if mode == abandoned {
		select {}
	}
	return false
}

// lacksRoom tells errors that go away when somebody makes room, on the disk, in a quota or in a directory that can not be
// written to.
func lacksRoom(err error) bool {
	return vfs.IsNoSpaceError(err) || errors.Is(err, syscall.EDQUOT) ||
		errors.Is(err, syscall.EACCES) || errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EROFS)
}

// insist calls try until it succeeds, or fails for another reason than lack of room, or nobody waits any more, unless the
// store has stopped.
func (r *room) insist(try func() error) error {
	if err := r.faults.err(); err != nil {
		return err
	}
	err := try()
	if err == nil || !lacksRoom(err) {
		return err
	}
	for rest := r.every; err != nil && lacksRoom(err); rest = r.longer(rest) {
		r.faults.failedForNow(err)
		if !r.pause(rest) {
			return err
		}
		err = try()
	}
	if err == nil {
		r.faults.recovered()
	}
	return err
}

// longer is the pause after one more failure: up to eight times the first.
func (r *room) longer(rest time.Duration) time.Duration { return min(2*rest, 8*r.every) }

// tableFailed notes the error of a table, after which the next one is not made at once.
func (r *room) tableFailed() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failed, r.rest = time.Now(), max(r.longer(r.rest), r.every)
}

// tableWritten notes that a table is whole.
func (r *room) tableWritten() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rest = 0
}

// holdTable is the pause before a table is made after another one has failed.
func (r *room) holdTable() {
	r.mu.Lock()
	rest, mode := r.rest, r.mode
	if rest > 0 {
		rest -= time.Since(r.failed)
	}
	r.mu.Unlock()
	if rest > 0 || mode == abandoned {
		r.pause(rest)
	}
}

func isTable(name string) bool {
	return strings.HasSuffix(name, ".sst") || strings.HasSuffix(name, ".blob")
}

// Create makes a file of Pebble's.
func (r *room) Create(name string, category vfs.DiskWriteCategory) (vfs.File, error) {
	if isTable(name) {
		r.holdTable()
		f, err := r.FS.Create(name, category)
		if err != nil {
			r.tableFailed()
			return nil, err
		}
		return &table{File: f, room: r}, nil
	}
	var f vfs.File
	err := r.insist(func() (err error) {
		f, err = r.FS.Create(name, category)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &ledger{File: f, room: r}, nil
}

// Remove removes a file.
func (r *room) Remove(name string) error {
	if err := r.faults.err(); err != nil {
		return err
	}
	return r.FS.Remove(name)
}

// Rename renames a file.
func (r *room) Rename(from, to string) error {
	if err := r.faults.err(); err != nil {
		return err
	}
	return r.FS.Rename(from, to)
}

// Unwrap is the file system below.
func (r *room) Unwrap() vfs.FS { return r.FS }

// table is a file that may fail.
type table struct {
	vfs.File
	room *room
}

func (t *table) Write(p []byte) (int, error) {
	n, err := t.File.Write(p)
	if err != nil {
		t.room.tableFailed()
	}
	return n, err
}

// Sync is the last thing that Pebble does to a table.
func (t *table) Sync() error {
	err := t.File.Sync()
	if err != nil {
		t.room.tableFailed()
	} else {
		t.room.tableWritten()
	}
	return err
}

// ledger is a file that may not fail. Its syncs are not tried again: after one has failed nobody knows what is on disk.
type ledger struct {
	vfs.File
	room *room
}

func (l *ledger) Write(p []byte) (int, error) {
	done := 0
	err := l.room.insist(func() error {
		n, err := l.File.Write(p[done:])
		done += n
		return err
	})
	return done, err
}

func (l *ledger) Sync() error {
	if err := l.room.faults.err(); err != nil {
		return err
	}
	return l.File.Sync()
}
