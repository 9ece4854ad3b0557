package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"tarn/catalog"
	"tarn/catalog/pgcatalog"
	"tarn/exec"
	"tarn/storage/log"
)

// recover brings the loop to the state after the last record of the log (E5): the last checkpoint, then every later record,
// through the same steps as when it was new.
func (l *loop) recover(ctx context.Context) error {
	began := time.Now()
	e := l.engine
	l.relations, l.followers = map[uint32]*relation{}, map[*follower]struct{}{}
	l.flow = exec.NewDataflow()
	l.checkpoint.done = make(chan error, 1)
	l.catalog = catalog.Empty(pgcatalog.Relations())
	meta := e.store.Meta()
	l.epoch = meta.Epoch
	if err := l.loadCatalogue(meta.Catalogue); err != nil {
		return err
	}
	if err := l.dropStrays(); err != nil {
		return err
	}
	for _, def := range l.catalog.Relations() {
		r, err := openRelation(e.store, def)
		if err != nil {
			return fmt.Errorf("relation %q: %w", def.Name, err)
		}
		l.relations[def.ID] = r
		if def.Kind != catalog.MaterializedView {
			continue
		}
		flow, stale, err := l.resume(def)
		if err != nil {
			return fmt.Errorf("materialized view %q: %w", def.Name, err)
		}
		if stale {
			return fmt.Errorf("materialized view %q: its plan is not the one its state was made by", def.Name)
		}
		l.checkpoint.drop(l.flow.Attach(flow)...)
	}
	l.reslot()
	l.horizon = l.horizons()
	l.publish()
	records := 0
	err := e.log.Replay(l.epoch+1, func(rec log.Record) error {
		records++
		if err := ctx.Err(); err != nil {
			return err
		}
		return l.replay(rec)
	})
	if err != nil {
		return fmt.Errorf("replay log: %w", err)
	}
	e.pendingFeeds = nil
	l.horizon = l.horizons()
	l.publish()
	e.oids.Store(l.catalog.NextID)
	e.cfg.Logger.Info("database open", "epoch", l.epoch, "relations", len(l.relations), "replayed", records, "took", time.Since(began).Round(time.Millisecond))
	return nil
}

func (l *loop) loadCatalogue(blob []byte) error {
	l.engine.states.Store(stateIDs)
	if blob == nil {
		return nil
	}
	var stored storedCatalogue
	if err := json.Unmarshal(blob, &stored); err != nil {
		return fmt.Errorf("stored catalogue: %w", err)
	}
	for _, s := range stored.Schemas {
		l.catalog = l.catalog.WithSchema(s)
	}
	for _, r := range stored.Relations {
		l.catalog = l.catalog.With(r)
	}
	l.catalog = l.catalog.WithNextID(stored.NextID)
	l.time, l.marks = stored.Time, stored.Marks
	l.engine.states.Store(stored.NextState)
	return nil
}

// dropStrays removes what the store has under ids the catalogue does not know: views that were being filled when the
// server stopped.
func (l *loop) dropStrays() error {
	known := map[uint32]bool{}
	for _, def := range l.catalog.Relations() {
		for _, id := range ids(def) {
			known[id] = true
		}
		for _, n := range def.State {
			for i := uint32(0); i < max(n.Count, 1); i++ {
				known[n.ID+i] = true
			}
		}
	}
	strays, err := l.engine.store.IDs()
	if err != nil {
		return err
	}
	var dropped []uint32
	for _, id := range strays {
		if !known[id] {
			dropped = append(dropped, id)
		}
	}
	if len(dropped) == 0 {
		return nil
	}
	cp := l.engine.store.Begin(l.epoch)
	for _, id := range dropped {
		cp.DropID(id)
	}
	done := make(chan error, 1)
	cp.Commit(nil, nil, func(err error) { done <- err })
	return <-done
}

// resume makes the dataflow of a view whose state is in the store. stale says that the plan has an operator for which the
// store has no state: the planner has changed since.
func (l *loop) resume(def *catalog.Relation) (flow *exec.Dataflow, stale bool, err error) {
	root, err := l.engine.viewPlan(l.catalog, def)
	if err != nil {
		return nil, false, err
	}
	state := map[string]catalog.NodeState{}
	for _, n := range def.State {
		state[n.Fingerprint] = n
	}
	flow, err = exec.Compile(root, def.ID, exec.Options{
		Store:    l.engine.store,
		Parallel: parallel(),
		State: func(fingerprint string, n int) (uint32, bool) {
			s, ok := state[fingerprint]
			if !ok || int(s.Count) != n {
				stale = true
			}
			return s.ID, false
		},
	})
	return flow, stale, err
}

// replay does one record of the log again.
func (l *loop) replay(rec log.Record) error {
	// The payloads are the log's; batches keep theirs.
	for i := range rec.Parts {
		rec.Parts[i].Payload = append([]byte(nil), rec.Parts[i].Payload...)
	}
	c, _, in, err := decodeRecord(rec)
	if err != nil {
		return err
	}
	var created func() error
	if len(c.Put) > 0 {
		created = func() error { return l.create(c.Put) }
	}
	if err := l.advance(rec.Epoch, c, in, created); err != nil {
		return err
	}
	l.engine.pendingFeeds = l.engine.pendingFeeds[:0]
	if l.checkpoint.full() {
		l.publish()
		l.startCheckpoint()
		l.checkpointDone(<-l.checkpoint.done)
	}
	return l.broken
}

// create brings relations into being whose definitions the log has: a materialised view is filled again from what the
// relations below it hold at this epoch.
func (l *loop) create(defs []*catalog.Relation) error {
	for _, def := range defs {
		if old := l.relations[def.ID]; old != nil { // only its definition changed
			old.def = def
			continue
		}
		if def.Kind != catalog.MaterializedView {
			r, err := openRelation(l.engine.store, def)
			if err != nil {
				return err
			}
			l.addRelation(r)
			continue
		}
		l.publish()
		root, err := l.engine.viewPlan(l.catalog, def)
		if err != nil {
			return err
		}
		h, err := l.engine.hydrate(l.ctx, def, root, l.engine.published.Load())
		if err != nil {
			return err
		}
		if err := l.adopt(h); err != nil {
			return err
		}
	}
	return nil
}

// parallel is how many goroutines may share the work on one large batch.
func parallel() int { return maxProcs() }
