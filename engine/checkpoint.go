package engine

import (
	"encoding/json"
	"time"

	"tarn/catalog"
	"tarn/storage"
	"tarn/storage/log"
)

// A checkpoint is due so long after the first change since the last one, or after so many changes.
const (
	checkpointEvery   = 100 * time.Millisecond
	checkpointChanges = 100_000
)

// checkpoints is the loop's record of what the store does not have yet (E4).
type checkpoints struct {
	changes int           // rows changed since the last checkpoint was begun
	timer   *time.Timer   // running while there are changes and no checkpoint is under way
	overdue bool          // it has run out
	running bool          // one is being committed
	done    chan error    // its end
	dropped []uint32      // ids whose contents the next one deletes
	dirty   bool          // the catalogue changed
	last    uint64        // epoch of the last one begun
	since   time.Duration // how long the last one took
	began   time.Time
}

// due is ready when a checkpoint should begin although no request comes.
func (c *checkpoints) due() <-chan time.Time {
	if c.running || c.changes == 0 && !c.dirty {
		return nil
	}
	if c.timer == nil {
		c.timer = time.NewTimer(checkpointEvery)
	}
	return c.timer.C
}

// unarmed tells whether nothing makes a checkpoint of what has changed become due: see due.
func (c *checkpoints) unarmed() bool {
	return c.timer == nil && !c.running && (c.changes > 0 || c.dirty)
}

// full tells whether a checkpoint should begin: so much has changed, or the first change is so long ago.
func (c *checkpoints) full() bool {
	select {
	case <-c.due():
		c.overdue = true
	default:
	}
	return !c.running && (c.changes >= checkpointChanges || c.overdue)
}

// behind tells whether so much has changed while a checkpoint is being committed that the next epoch had better wait for its
// end: what is not in the store is in memory.
func (c *checkpoints) behind() bool { return c.running && c.changes >= 20*checkpointChanges }

// drop has the next checkpoint delete all that the store has under some ids.
func (c *checkpoints) drop(ids ...uint32) { c.dropped = append(c.dropped, ids...) }

// stored form of the catalogue in a checkpoint.
type storedCatalogue struct {
	NextID    uint32              `json:"next_id"`
	NextState uint32              `json:"next_state"`
	Version   uint64              `json:"version"`
	Time      int64               `json:"time"` // of the epoch
	Marks     []mark              `json:"marks"`
	Schemas   []*catalog.Schema   `json:"schemas"`
	Relations []*catalog.Relation `json:"relations"`
}

// startCheckpoint copies what changed since the last checkpoint, and has it committed in the background. extra adds what
// a view in the making has so far.
func (l *loop) startCheckpoint() { l.writeCheckpoint(nil) }

func (l *loop) writeCheckpoint(extra func(*storage.Checkpoint)) {
	c := &l.checkpoint
	cp := l.engine.store.Begin(l.epoch)
	l.flow.WriteDirty(cp)
	for _, r := range l.relations {
		if r.rows != nil {
			r.rows.Fold(cp)
		}
		if r.errs != nil {
			r.errs.Fold(cp)
		}
	}
	if extra != nil {
		extra(cp)
	}
	for _, id := range c.dropped {
		cp.DropID(id)
	}
	stored := storedCatalogue{NextID: l.catalog.NextID, NextState: l.engine.states.Load(), Version: l.catalog.Version, Time: l.time, Marks: l.marks, Relations: l.catalog.Relations()}
	for _, s := range l.catalog.Schemas() {
		if s.ID >= catalog.FirstUserID {
			stored.Schemas = append(stored.Schemas, s)
		}
	}
	blob, err := json.Marshal(stored)
	if err != nil {
		l.fail(err)
		return
	}
	c.changes, c.dropped, c.dirty, c.running, c.last, c.began = 0, nil, false, true, l.epoch, time.Now()
	if c.timer != nil {
		c.timer.Stop()
		c.timer = nil
	}
	c.overdue = false
	cp.Commit(nil, blob, func(err error) {
		c.done <- err
		l.poke()
	})
}

// checkpointNow is a checkpoint that is waited for.
func (l *loop) checkpointNow() error {
	l.startCheckpoint()
	return l.finished()
}

// checkpointDone is the end of a checkpoint in the background: what it holds need not be kept in memory any more, nor,
// once it is on disk, in the log.
func (l *loop) checkpointDone(err error) {
	c := &l.checkpoint
	c.running, c.since = false, time.Since(c.began)
	if err != nil {
		l.fail(err)
		return
	}
	if l.broken != nil {
		return // what came after the last published epoch is nobody's to see
	}
	l.horizon = l.horizons()
	for _, r := range l.relations {
		r.dirty = true // a new View reads the new checkpoint, and lets go of the memory it covers
	}
	l.stale.all = true
	l.publish()
	l.evict()
	l.forget()
	l.engine.reserve.renewMissing()
}

// awaitCheckpoint waits for the end of the checkpoint under way, unless the disk does not let it end: then it is false.
func (l *loop) awaitCheckpoint() bool {
	// The first failure may be that of an attempt which began before there was room again.
	for range 2 {
		failure := l.engine.store.NextFailure()
		select {
		case err := <-l.checkpoint.done:
			l.checkpointDone(err)
			return true
		case <-failure:
		}
	}
	return false
}

// stuck is why no epoch may turn: the store has no room for the checkpoint under way, and what it does not have is in
// memory. While the store only has to try again what it has in its memory, epochs turn.
func (l *loop) stuck() error {
	if l.broken == nil && l.checkpoint.running && l.engine.store.Degraded() != nil {
		return l.finished()
	}
	return l.broken
}

// finished has the checkpoint under way ended, or says why it does not end.
func (l *loop) finished() error {
	for l.broken == nil && l.checkpoint.running {
		if l.awaitCheckpoint() {
			break
		}
		if cause := l.engine.store.Degraded(); cause != nil {
			return log.WriteState("store", cause)
		}
	}
	return l.broken
}

// evict keeps the operators' state within its share of the memory budget.
func (l *loop) evict() {
	pool := l.engine.store.Memory()
	if pool.Used() <= pool.Budget()*9/10 {
		return
	}
	if _, err := l.flow.Evict(pool.Budget() * 3 / 4); err != nil {
		l.fail(err)
	}
}

// relieve brings the operators' state back under the budget when it has outgrown it between two checkpoints: only what the
// store has can leave the memory, so a checkpoint is made, and waited for. Evict leaves room for many epochs until the next.
func (l *loop) relieve() {
	pool := l.engine.store.Memory()
	if l.broken != nil || pool.Used() <= pool.Budget() {
		return
	}
	if l.checkpoint.running && !l.awaitCheckpoint() {
		return
	}
	if l.broken == nil && l.checkpoint.changes > 0 && pool.Used() > pool.Budget() {
		_ = l.checkpointNow() // where it cannot end, the next turn says so
	}
}

// forget gives up log segments that neither a restart nor the history of a stream needs: the history as of the epoch at
// which a restart would begin, for a view that was made since is filled from it again.
func (l *loop) forget() {
	durable, err := l.engine.store.Durable()
	if err != nil {
		l.engine.cfg.Logger.Warn("read what is durable", "error", err)
		return
	}
	at := l.timeOf(durable.Epoch)
	err = l.engine.log.Truncate(durable.Epoch+1, func(id uint32) (uint64, bool) {
		r := l.relations[id]
		if r == nil || r.def.Kind != catalog.Stream {
			return 0, false
		}
		return l.retained(r, at), true
	})
	if err != nil {
		l.engine.cfg.Logger.Warn("truncate log", "error", err)
	}
}

// finalCheckpoint leaves nothing to replay.
func (l *loop) finalCheckpoint() {
	if l.checkpoint.running && !l.awaitCheckpoint() {
		l.engine.cfg.Logger.Error("checkpoint", "error", l.engine.store.Degraded())
		return
	}
	if l.broken != nil {
		return
	}
	l.startCheckpoint()
	if !l.awaitCheckpoint() {
		l.engine.cfg.Logger.Error("checkpoint", "error", l.engine.store.Degraded())
		return
	}
	if l.broken != nil {
		return
	}
	err := l.engine.store.Flush()
	if err != nil {
		err = l.engine.store.Flush() // the first failure may be that of an attempt which began before there was room again
	}
	if err != nil {
		l.engine.cfg.Logger.Error("flush", "error", err)
	}
}
