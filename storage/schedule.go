package storage

import (
	"sync"
	"time"

	"github.com/cockroachdb/pebble/v2"
)

// scheduler grants Pebble compactions, as many at a time as Pebble says, but none until the store is open: opening waits for
// compactions that have begun meanwhile, and whenever the last run left one to be made, one had. That took from half a second
// to many, the more the larger the store. Nor does one begin once the store has stopped.
type scheduler struct {
	stopped func() bool // the store has stopped: a compaction would only end as the one before
	db      pebble.DBForCompaction
	wake    chan struct{} // of capacity one: more may be allowed than was
	stop    chan struct{}
	ended   chan struct{} // the granting goroutine has returned

	mu      sync.Mutex
	begun   bool
	running int
}

// grantEvery is how often it is looked whether a compaction waits: what is allowed also depends on the store's shape.
const grantEvery = 100 * time.Millisecond

func newScheduler(stopped func() bool) *scheduler {
	return &scheduler{stopped: stopped, wake: make(chan struct{}, 1), stop: make(chan struct{}), ended: make(chan struct{})}
}

// begin is called once the store is open.
func (s *scheduler) begin() {
	s.mu.Lock()
	s.begun = true
	s.mu.Unlock()
	go s.grant()
}

// grant lets compactions begin that had to wait, until Unregister.
func (s *scheduler) grant() {
	defer close(s.ended)
	tick := time.NewTicker(grantEvery)
	defer tick.Stop()
	for {
		for s.take() {
			if waits, _ := s.db.GetWaitingCompaction(); !waits || !s.db.Schedule(s) {
				s.give()
				break
			}
		}
		select {
		case <-tick.C:
		case <-s.wake:
		case <-s.stop:
			return
		}
	}
}

// take counts one more compaction as running, if it may.
func (s *scheduler) take() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.begun || s.stopped() || s.running >= s.db.GetAllowedWithoutPermission() {
		return false
	}
	s.running++
	return true
}

func (s *scheduler) give() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running--
}

// Register implements pebble.CompactionScheduler: Pebble calls it while it opens.
func (s *scheduler) Register(_ int, db pebble.DBForCompaction) { s.db = db }

// Unregister implements pebble.CompactionScheduler: afterwards Pebble is not called any more.
func (s *scheduler) Unregister() {
	s.mu.Lock()
	begun := s.begun
	s.begun = false
	s.mu.Unlock()
	if begun {
		close(s.stop)
		<-s.ended
	}
}

// TrySchedule implements pebble.CompactionScheduler. A compaction that may not begin waits in Pebble to be granted.
func (s *scheduler) TrySchedule() (bool, pebble.CompactionGrantHandle) {
	if !s.take() {
		return false, nil
	}
	return true, s
}

// UpdateGetAllowedWithoutPermission implements pebble.CompactionScheduler.
func (s *scheduler) UpdateGetAllowedWithoutPermission() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Done implements pebble.CompactionGrantHandle: the end of a compaction.
func (s *scheduler) Done() {
	s.give()
	s.UpdateGetAllowedWithoutPermission()
}

// Started implements pebble.CompactionGrantHandle.
func (s *scheduler) Started() {}

// MeasureCPU implements pebble.CompactionGrantHandle.
func (s *scheduler) MeasureCPU(pebble.CompactionGoroutineKind) {}

// CumulativeStats implements pebble.CompactionGrantHandle.
func (s *scheduler) CumulativeStats(pebble.CompactionGrantHandleStats) {}
