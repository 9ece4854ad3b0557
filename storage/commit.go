package storage

import (
	"errors"
	"fmt"
	"time"

	"github.com/cockroachdb/pebble/v2"
)

var errClosed = errors.New("store is closed")

// enqueue hands a checkpoint to the committing goroutine, or answers it if there is none any more.
func (s *Store) enqueue(cp *Checkpoint) {
	s.mu.Lock()
	err := s.faults.err()
	if err == nil && s.closed {
		err = errClosed
	}
	if err == nil {
		s.queue = append(s.queue, cp)
		s.wake.Signal()
	}
	s.mu.Unlock()
	if err != nil && cp.done != nil {
		go cp.done(err) // always from another goroutine, so that the caller may hold its locks
	}
}

// commitLoop is the goroutine that commits checkpoints, until Close and the queue is empty, or for ever.
func (s *Store) commitLoop() {
	defer close(s.ended)
	go s.answerWhenFatal()
	for {
		s.mu.Lock()
		for len(s.queue) == 0 && !s.closed {
			s.wake.Wait()
		}
		if len(s.queue) == 0 {
			s.mu.Unlock()
			return
		}
		cp := s.queue[0]
		s.mu.Unlock()

		err := s.faults.err()
		if err == nil {
			if err = s.commit(cp); err != nil {
				err = fmt.Errorf("checkpoint of epoch %d: %w", cp.epoch, err)
				s.faults.fail(err)
			}
		}
		s.mu.Lock()
		mine := len(s.queue) > 0 && s.queue[0] == cp
		if mine {
			s.queue = s.queue[1:]
		}
		s.mu.Unlock()
		if !mine { // answered while Pebble kept this goroutine
			return
		}
		if cp.done != nil {
			cp.done(err)
		}
		if err == nil {
			cp.reset()
			s.spare.Store(cp)
		}
	}
}

// answerWhenFatal gives the error to everyone who waits for a checkpoint when Pebble keeps the goroutine that would
// have answered.
func (s *Store) answerWhenFatal() {
	select {
	case <-s.ended:
		return
	case <-s.faults.fatal:
	}
	s.mu.Lock()
	queue := s.queue
	s.queue = nil
	s.mu.Unlock()
	for _, cp := range queue {
		if cp.done != nil {
			cp.done(s.faults.err())
		}
	}
}

func (s *Store) commit(cp *Checkpoint) (err error) {
	defer caught(&err)
	b := &Batch{store: s, batch: s.batchOf(min(len(cp.bytes)+cp.laterBytes+16*len(cp.ops)+256, maxBatch))}
	defer b.close()
	if err := cp.write(b); err != nil {
		return err
	}
	took := b.batch.Len()
	if err := b.batch.Commit(pebble.NoSync); err != nil {
		return err
	}
	if took <= s.batchBytes && s.batchBytes <= keptBatchBytes {
		b.batch.Reset()
		s.batch, b.batch = b.batch, nil
	}
	s.publish(cp.number, cp.epoch)
	return s.flushDue()
}

// keptBatchBytes is the memory of a batch that is kept from one checkpoint to the next: touching fresh memory costs as much as
// filling it.
const keptBatchBytes = 16 << 20

// batchOf is an empty batch for about so many bytes: the last one, if it can hold them.
func (s *Store) batchOf(bytes int) *pebble.Batch {
	b := s.batch
	if s.batch = nil; b != nil && bytes <= s.batchBytes {
		return b
	}
	if b != nil {
		_ = b.Close() // it is empty
	}
	if s.batchBytes = bytes; bytes+bytes/4 <= keptBatchBytes {
		s.batchBytes += bytes / 4 // the next one may be a little larger
	}
	return s.db.NewBatchWithSize(s.batchBytes, pebble.WithMaxRetainedSizeBytes(keptBatchBytes))
}

// flushEvery is how long checkpoints are gathered in Pebble's memory before they are written to disk, unless it is full before
// then. What a crash takes out of memory is replayed from the log, and a memtable of small epochs takes many seconds to replay.
const flushEvery = 5 * time.Second

// flushes is when the committing goroutine has Pebble flush.
type flushes struct {
	every time.Duration
	last  time.Time
	end   <-chan struct{} // closed at the end of the last one; nil: there was none
}

// flushDue begins a flush if the last one began long ago, has ended, and no flush fails.
func (s *Store) flushDue() (err error) {
	f := &s.flushes
	if time.Since(f.last) < f.every || s.Degraded() != nil {
		return nil
	}
	if f.end != nil {
		select {
		case <-f.end:
		default:
			return nil
		}
	}
	f.last = time.Now()
	f.end, err = s.db.AsyncFlush()
	return err
}

// publish makes the store as it is now the snapshot that readers get.
func (s *Store) publish(number, epoch uint64) {
	snap := &Snapshot{closer: s.closer, number: number, epoch: epoch, snap: s.db.NewSnapshot()}
	snap.refs.Store(1)
	if old := s.current.Swap(snap); old != nil {
		old.Release()
	}
}
