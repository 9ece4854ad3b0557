package engine

import (
	"context"
	"sync"

	"tarn/exec"
	"tarn/sql/sqlstate"
)

// follower receives every epoch's changes of some relations from a state on: what hydrating views and SUBSCRIBE stand on.
// The loop puts, one goroutine takes.
type follower struct {
	reads map[uint32]bool
	limit int64 // bytes it may fall behind
	slow  error // its end if it does

	mu    sync.Mutex
	queue []feed
	bytes int64
	end   error         // why there will be no more
	wake  chan struct{} // of capacity one
}

// feed is one epoch's changes of the relations followed; epochs that change none of them are fed only as progress.
type feed struct {
	epoch   uint64
	time    int64
	changes map[uint32]exec.Input
}

func newFollower(reads []uint32, limit int64, slow error) *follower {
	f := &follower{reads: make(map[uint32]bool), limit: limit, slow: slow, wake: make(chan struct{}, 1)}
	for _, id := range reads {
		f.reads[id] = true
	}
	return f
}

// put is called by the loop after an epoch was published.
func (f *follower) put(e feed, bytes int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case f.end != nil:
		return
	case f.bytes+bytes > f.limit && len(f.queue) > 0:
		f.end, f.queue = f.slow, nil
	case len(e.changes) == 0 && len(f.queue) > 0 && len(f.queue[len(f.queue)-1].changes) == 0:
		f.queue[len(f.queue)-1] = e // progress only: the newest is enough
	default:
		f.queue = append(f.queue, e)
		f.bytes += bytes
	}
	f.signal()
}

func (f *follower) signal() {
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

var errTooSlow = sqlstate.New(sqlstate.InsufficientResources, "the reader of the changes has fallen too far behind").
	WithHint("Read faster, or subscribe to fewer rows.")

// close ends the follower: take returns what is queued, then the error.
func (f *follower) close(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.end == nil {
		f.end = err
	}
	f.signal()
}

// take returns all epochs that wait, without waiting for any.
func (f *follower) take() ([]feed, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := f.queue
	f.queue, f.bytes = nil, 0
	if len(out) == 0 {
		return nil, f.end
	}
	return out, nil
}

// next waits for epochs.
func (f *follower) next(ctx context.Context) ([]feed, error) {
	for {
		out, err := f.take()
		if err != nil || len(out) > 0 {
			return out, err
		}
		select {
		case <-f.wake:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
