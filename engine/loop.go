package engine

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"tarn/catalog"
	"tarn/delta"
	"tarn/exec"
	"tarn/sql/sqlstate"
	"tarn/storage/log"
	"tarn/storage/state"
)

// loop is what changes the database, one at a time, and everything it owns. Its fields belong to who holds turns: the loop's
// own goroutine, which others send requests, or a session that leads (see lead).
type loop struct {
	engine *Engine
	ctx    context.Context // of the engine's life: steps are never cut short by a client
	turns  sync.Mutex
	poked  chan struct{} // of capacity one: has the goroutine look at checkpoints and memory

	epoch     uint64
	time      int64
	catalog   *catalog.Snapshot
	relations map[uint32]*relation
	slots     catalog.Layers[uint32, int] // as the next State has them
	bySlot    []*relation                 // nil where a slot is free
	free      []int
	stale     stalePages
	flow      *exec.Dataflow
	followers map[*follower]struct{}

	encoder recordEncoder
	stepped time.Duration // what stepping the last epoch took
	marks   []mark
	horizon map[uint32]uint64 // what published states share; replaced when marks or streams change

	checkpoint checkpoints
	broken     error // set for good: no epoch turns any more
}

// request is what sessions send: either a commit or a piece of work that wants the loop to itself between two epochs.
type request struct {
	commit *commit
	work   func(*loop) error
	done   chan error // of capacity one
}

// Limits of one turn: requests beyond wait for the next.
const (
	turnRequests = 4096
	turnRows     = 1 << 17
	turnBytes    = 64 << 20
)

// run turns epochs until the engine closes. From then on it holds turns for good.
func (l *loop) run() {
	defer close(l.engine.ended)
	for {
		l.turns.Lock()
		l.persist()
		due := l.due()
		l.turns.Unlock()
		select {
		case first := <-l.engine.requests:
			l.turns.Lock()
			l.serve(first)
			l.turns.Unlock()
		case <-due:
			l.turns.Lock()
			l.checkpoint.overdue = true
			l.turns.Unlock()
		case <-l.poked:
		case <-l.engine.closing:
			l.turns.Lock()
			l.shutdown()
			return
		}
	}
}

// persist is called between two epochs: it takes the end of a checkpoint, begins one that is due, and waits where too much is
// not in the store.
func (l *loop) persist() {
	select {
	case done := <-l.checkpoint.done:
		l.checkpointDone(done)
	default:
	}
	switch {
	case l.broken == nil && l.checkpoint.full():
		l.startCheckpoint()
	case l.checkpoint.behind():
		l.awaitCheckpoint()
	}
	l.relieve()
}

// due is ready when a checkpoint should begin. Once no epoch turns any more there is none: what the loop holds may be more
// than the log does.
func (l *loop) due() <-chan time.Time {
	if l.broken != nil {
		return nil
	}
	return l.checkpoint.due()
}

// serve answers a request and all that waits behind it: commits in one epoch, work alone.
func (l *loop) serve(next *request) {
	for next != nil {
		if next.work != nil {
			next.done <- l.doWork(next.work)
			return
		}
		t := l.newTurn()
		var accepted []*request
		next, accepted = l.gather(t, next)
		err := l.turn(t, &control{}, nil)
		t.close()
		for _, r := range accepted {
			r.done <- err
		}
	}
}

func (l *loop) newTurn() *turn {
	return &turn{epoch: l.epoch + 1, writes: changes{}, keys: map[uint32]*state.Map{}}
}

// gather admits commits into a turn until none waits, the turn is full, or work comes, which is returned.
func (l *loop) gather(t *turn, next *request) (work *request, accepted []*request) {
	stuck := l.stuck()
	for n := 0; ; {
		if err := l.accept(t, next.commit, stuck); err != nil {
			next.done <- err
		} else {
			accepted = append(accepted, next)
		}
		if n++; n >= turnRequests || t.rows >= turnRows || t.bytes >= turnBytes {
			return nil, accepted
		}
		select {
		case next = <-l.engine.requests:
			if next.work != nil {
				return next, accepted
			}
		default:
			return nil, accepted
		}
	}
}

// accept admits a commit into a turn, unless no epoch may turn.
func (l *loop) accept(t *turn, c *commit, stuck error) error {
	if stuck != nil {
		return stuck
	}
	err := l.admit(t, c)
	if err == error(errConflict) {
		l.engine.counters.conflicts.Add(1)
	}
	return err
}

// doWork runs work between two epochs.
func (l *loop) doWork(work func(*loop) error) (err error) {
	defer l.recovered(&err)
	if l.broken != nil {
		return l.broken
	}
	return work(l)
}

// turn makes one epoch of admitted writes and changes of the catalogue: log, step, apply, publish (E1, E2). created is
// called after the log has the epoch, before the step, to bring into being what the control part names.
func (l *loop) turn(t *turn, c *control, created func() error) error {
	if len(t.writes) == 0 && !c.catalogue() {
		return nil
	}
	c.Time = l.now()
	rec, err := l.encoder.encode(t.epoch, c, t.order, t.writes)
	if err != nil {
		return err
	}
	if err = l.stuck(); err == nil {
		if _, err = l.engine.log.AppendNoSync(rec); err != nil {
			err = l.logFailed(err)
		}
	}
	l.encoder.release()
	if err != nil {
		for id := range t.writes {
			if r := l.relations[id]; r != nil {
				r.recent.forget(l.epoch)
			}
		}
		return err
	}
	syncErr, err := l.syncAndAdvance(t, c, created)
	if syncErr != nil {
		_ = l.fail(fmt.Errorf("sync log: %w", syncErr))
		return errUncertain
	}
	if err != nil {
		_ = l.fail(err)
		return errUncertain // it is in the log, and the next start will try again
	}
	l.publish()
	l.engine.counters.epochs.Add(1)
	l.engine.counters.rows.Add(int64(t.rows))
	return nil
}

// advance brings the loop's state from one epoch to the next. It is all there is to replaying a record, too.
func (l *loop) advance(epoch uint64, c *control, in changes, created func() error) (err error) {
	defer l.recovered(&err)
	if c.catalogue() {
		l.keepStates(c)
		l.catalog = c.apply(l.catalog)
		if err := l.dropRelations(c.Drop); err != nil {
			return err
		}
	}
	if created != nil {
		if err := created(); err != nil {
			return err
		}
	}
	inputs := make(map[uint32]exec.Input, len(in))
	for id, batches := range in {
		inputs[id] = exec.Input{Rows: batches}
	}
	outputs, err := l.flow.Step(l.ctx, inputs)
	if err != nil {
		return fmt.Errorf("step epoch %d: %w", epoch, err)
	}
	l.epoch, l.time = epoch, c.Time
	l.addMark()
	for id, out := range outputs {
		inputs[id] = exec.Input{Rows: batchesOf(out.Rows), Errs: out.Errs}
	}
	rows := 0
	for id, change := range inputs {
		r := l.relations[id]
		if r == nil {
			return fmt.Errorf("epoch %d changes relation %d, which does not exist", epoch, id)
		}
		if err := r.apply(epoch, change); err != nil {
			return fmt.Errorf("apply epoch %d to relation %q: %w", epoch, r.def.Name, err)
		}
		l.stale.mark(r.slot)
		for _, b := range change.Rows {
			rows += b.Len
		}
	}
	l.checkpoint.changes += rows
	l.feed(inputs)
	return nil
}

// keepStates gives definitions that replace others what says how the contents that are there are kept: in a record of the
// log it is of the run that wrote it, and a view that was filled again since is kept otherwise.
func (l *loop) keepStates(c *control) {
	for i, def := range c.Put {
		if r := l.relations[def.ID]; r != nil && r.def.Kind == catalog.MaterializedView {
			kept := *def
			kept.State, kept.Plan, kept.Key, kept.Append = r.def.State, r.def.Plan, r.def.Key, r.def.Append
			c.Put[i] = &kept
		}
	}
}

func batchesOf(b *delta.Batch) []*delta.Batch {
	if b == nil || b.Len == 0 {
		return nil
	}
	return []*delta.Batch{b}
}

// feed keeps the epoch for followers; they get it when it is published.
func (l *loop) feed(inputs map[uint32]exec.Input) {
	for f := range l.followers {
		e, bytes := feed{epoch: l.epoch, time: l.time}, int64(0)
		for id, in := range inputs {
			if f.reads[id] && (len(in.Rows) > 0 || in.Errs != nil) {
				if e.changes == nil {
					e.changes = make(map[uint32]exec.Input)
				}
				e.changes[id] = in
				for _, b := range in.Rows {
					bytes += b.Bytes()
				}
			}
		}
		l.engine.pendingFeeds = append(l.engine.pendingFeeds, pendingFeed{f, e, bytes})
	}
}

type pendingFeed struct {
	to    *follower
	feed  feed
	bytes int64
}

// dropFeeds lets go of what followers were to get.
func (l *loop) dropFeeds() {
	clear(l.engine.pendingFeeds)
	l.engine.pendingFeeds = l.engine.pendingFeeds[:0]
}

// now is the time of the next epoch: the clock's, but never before an epoch that was.
func (l *loop) now() int64 {
	return max(microseconds(l.engine.cfg.Now()), l.time+1)
}

// microseconds is a time as timestamptz has it: since 2000-01-01 UTC.
func microseconds(t time.Time) int64 { return t.UnixMicro() - 946684800000000 }

// logFailed is what a transaction is told when the log could not take it: nothing has happened. A full disk is not for
// ever; anything that leaves the log uncertain is.
func (l *loop) logFailed(err error) error {
	var e *sqlstate.Error
	switch {
	case errors.Is(err, log.ErrUncertain):
		// Whether the epoch is in the log the next start will tell; no client may be told that it is not.
		_ = l.fail(fmt.Errorf("append to log: %w", err))
		return errUncertain
	case errors.As(err, &e) && (e.Code == sqlstate.DiskFull || e.Code == sqlstate.ProgramLimitExceeded):
		return err
	}
	return l.fail(fmt.Errorf("append to log: %w", err))
}

// errUncertain ends the connections whose transactions may or may not have been committed, as a crash would.
var errUncertain = sqlstate.New("57P02", "terminating connection because the log could not be written").
	WithDetail("Whether the transaction was committed is known after the server has restarted.")

// fail stops all further epochs, tells those who wait for them, and lets go of them. What was published stays readable; what is in
// the log is replayed at the next start.
func (l *loop) fail(err error) error {
	l.engine.cfg.Logger.Error("the database stops taking writes", "epoch", l.epoch, "error", err)
	l.broken = sqlstate.New(sqlstate.IOError, "the server has stopped taking writes: %v", err).
		WithHint("Nothing that was acknowledged is lost. Mend the cause, then restart the server.")
	l.engine.failed.Store(&l.broken)
	for f := range l.followers {
		f.close(l.broken)
	}
	clear(l.followers)
	l.dropFeeds()
	return l.broken
}

// recovered makes an error of a panic. Nobody knows what it has left behind, so it is the last thing the loop does; readers
// go on.
func (l *loop) recovered(err *error) {
	if p := recover(); p != nil {
		l.engine.cfg.Logger.Error("panic in the loop", "panic", p, "stack", string(debug.Stack()))
		*err = l.fail(fmt.Errorf("internal error: %v", p))
	}
}

// addRelation brings a relation's arrangements into being.
func (l *loop) addRelation(r *relation) {
	l.relations[r.def.ID] = r
	l.giveSlot(r)
}

// dropRelations removes relations, their dataflows and what the store has of them.
func (l *loop) dropRelations(dropped []uint32) error {
	// Dependents have higher ids than what they depend on: the last to come is the first to go.
	for i := len(dropped) - 1; i >= 0; i-- {
		r := l.relations[dropped[i]]
		if r == nil {
			continue
		}
		if r.def.Kind == catalog.MaterializedView {
			l.checkpoint.drop(l.flow.Detach(r.def.ID)...)
		}
		l.checkpoint.drop(ids(r.def)...)
		delete(l.relations, r.def.ID)
		l.takeSlot(r)
		for f := range l.followers {
			if f.reads[r.def.ID] {
				f.close(errGone(r.def.Name))
			}
		}
	}
	return nil
}

// shutdown answers what waits, and leaves the store with everything in it.
func (l *loop) shutdown() {
	for {
		select {
		case r := <-l.engine.requests:
			r.done <- errShutdown
			continue
		default:
		}
		break
	}
	for f := range l.followers {
		f.close(errShutdown)
	}
	l.engine.reserve.give(reserveStop)
	l.finalCheckpoint()
}

var errShutdown = sqlstate.New(sqlstate.AdminShutdown, "terminating connection due to administrator command")
