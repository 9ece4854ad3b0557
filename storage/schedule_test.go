package storage

import (
	"sync/atomic"
	"testing"

	"github.com/cockroachdb/pebble/v2"
)

// patient stands for Pebble: it allows two compactions at a time, and takes each that it is granted.
type patient struct {
	granted chan pebble.CompactionGrantHandle
	waits   chan struct{} // one element for each compaction that waits
}

func (w *patient) GetAllowedWithoutPermission() int { return 2 }
func (w *patient) GetWaitingCompaction() (bool, pebble.WaitingCompaction) {
	return len(w.waits) > 0, pebble.WaitingCompaction{}
}

func (w *patient) Schedule(h pebble.CompactionGrantHandle) bool {
	select {
	case <-w.waits:
		w.granted <- h
		return true
	default:
		return false
	}
}

// No compaction begins before the store is open; then what waits begins, as many as are allowed, and the end of one lets the
// next begin. None begins once the store has stopped.
func TestCompactionsWaitForTheStoreToBeOpen(t *testing.T) {
	w := &patient{granted: make(chan pebble.CompactionGrantHandle, 10), waits: make(chan struct{}, 10)}
	var stopped atomic.Bool
	s := newScheduler(stopped.Load)
	s.Register(2, w)
	for range 5 {
		if ok, _ := s.TrySchedule(); ok {
			t.Fatal("a compaction begins before the store is open")
		}
		w.waits <- struct{}{}
	}
	s.UpdateGetAllowedWithoutPermission()
	s.begin()
	running := []pebble.CompactionGrantHandle{<-w.granted, <-w.granted}
	if ok, _ := s.TrySchedule(); ok {
		t.Fatal("three compactions at a time")
	}
	for range 3 {
		running[0].Done()
		running = append(running[1:], <-w.granted)
	}
	stopped.Store(true)
	w.waits <- struct{}{}
	running[0].Done()
	if ok, _ := s.TrySchedule(); ok {
		t.Fatal("a compaction begins after the store has stopped")
	}
	running[1].Done()
	s.Unregister()
	if ok, _ := s.TrySchedule(); ok || len(w.granted) > 0 {
		t.Fatal("a compaction begins after the end")
	}
	never := newScheduler(func() bool { return false })
	never.Register(2, w)
	never.Unregister() // of a store that could not be opened
}
