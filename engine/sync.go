package engine

import (
	"runtime"
	"time"
)

// handOver is about what it costs to have the log synced by a goroutine that sleeps, and to be woken by it when that is done:
// two switches of threads each way.
const handOver = 50 * time.Microsecond

// syncAndAdvance makes a turn's epoch durable and steps it: side by side if stepping takes longer than handing the sync over,
// which is taken from the last epoch; otherwise one after the other, while the disk has begun to write the epoch. Nothing of the
// epoch is shown or kept before both have succeeded.
func (l *loop) syncAndAdvance(t *turn, c *control, created func() error) (syncErr, err error) {
	var synced <-chan error
	if l.stepped >= handOver {
		synced = l.engine.syncLog()
	}
	began := time.Now()
	err = l.advance(t.epoch, c, t.writes, created)
	l.stepped = time.Since(began)
	if synced != nil {
		return <-synced, err
	}
	return l.engine.log.Sync(), err
}

// syncLog starts a sync of the log and returns where its end is told.
func (e *Engine) syncLog() <-chan error {
	done := make(chan error, 1)
	e.syncs <- done
	return done
}

// syncer syncs the log for the loop, which steps the dataflows meanwhile.
func (e *Engine) syncer() {
	runtime.LockOSThread() // the sync blocks a thread: have it be always the same
	for done := range e.syncs {
		done <- e.log.Sync()
	}
}
