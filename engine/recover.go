package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"tarn/catalog"
	"tarn/catalog/pgcatalog"
	"tarn/exec"
	"tarn/planner/plan"
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
	if err := checkLog(meta.Epoch, e.log.CompleteAfter(), e.log.LastEpoch()); err != nil {
		return err
	}
	l.epoch = meta.Epoch
	if err := l.loadCatalogue(meta.Catalogue); err != nil {
		return err
	}
	if err := l.dropStrays(); err != nil {
		return err
	}
	again, err := l.openRelations()
	if err != nil {
		return err
	}
	for _, r := range l.relations {
		l.giveSlot(r)
	}
	l.horizon = l.horizons()
	l.publish()
	if err := l.refill(ctx, again); err != nil {
		return err
	}
	records := 0
	err = e.log.Replay(l.epoch+1, func(rec log.Record) error {
		records++
		if err := ctx.Err(); err != nil {
			return err
		}
		return l.replay(ctx, rec)
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

// known are the ids in the store that the catalogue knows.
func (l *loop) known() map[uint32]bool {
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
	return known
}

// dropStrays removes what the store has under ids the catalogue does not know: views that were being filled when the
// server stopped.
func (l *loop) dropStrays() error {
	known := l.known()
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

// openRelations opens what the store has of all relations. again are the materialised views that have to be filled again:
// those whose plan is not the one that filled them, and those that read such a one.
func (l *loop) openRelations() (again []*catalog.Relation, err error) {
	stale := map[uint32]bool{}
	for _, def := range l.catalog.Relations() {
		if def.Kind == catalog.MaterializedView {
			flow, err := (*exec.Dataflow)(nil), error(nil)
			if !l.reads(def, stale) {
				if flow, err = l.resume(def); err != nil {
					return nil, fmt.Errorf("materialized view %q: %w", def.Name, err)
				}
			}
			if flow == nil {
				stale[def.ID] = true
				again = append(again, def)
				continue
			}
			l.attach(flow)
		}
		if l.relations[def.ID], err = openRelation(l.engine.store, def); err != nil {
			return nil, fmt.Errorf("relation %q: %w", def.Name, err)
		}
	}
	return again, nil
}

// resume makes the dataflow of a view whose state is in the store; nil if that was made by another plan: by another version
// of the planner, or by none, because the filling was cut short.
func (l *loop) resume(def *catalog.Relation) (*exec.Dataflow, error) {
	root, err := l.engine.viewPlan(l.catalog, def)
	if err != nil || plan.Fingerprint(root) != def.Plan {
		return nil, err
	}
	stale := false // an operator keeps other states than it did
	state := map[string]catalog.NodeState{}
	for _, n := range def.State {
		state[n.Fingerprint] = n
	}
	flow, err := exec.Compile(root, def.ID, exec.Options{
		Store:    l.engine.store,
		Parallel: parallel(),
		State: func(fingerprint string, n int) (uint32, bool) {
			s, ok := state[fingerprint]
			if !ok || int(s.Count) != n {
				stale = true
			}
			return s.ID, false
		},
		Columns: func(fingerprint string, needed []int) []int {
			kept := state[fingerprint].Columns
			stale = stale || slices.ContainsFunc(needed, func(c int) bool { return !slices.Contains(kept, c) })
			return kept
		},
	})
	if err == nil && stale {
		flow.Release()
		return nil, nil
	}
	return flow, err
}

// replay does one record of the log again.
func (l *loop) replay(ctx context.Context, rec log.Record) error {
	if rec.Epoch != l.epoch+1 {
		return errNotTogether("log/ has nothing between epoch %d and epoch %d, and store/ holds epoch %d", l.epoch, rec.Epoch, l.engine.store.Meta().Epoch)
	}
	// The payloads are the log's; batches keep theirs.
	for i := range rec.Parts {
		rec.Parts[i].Payload = append([]byte(nil), rec.Parts[i].Payload...)
	}
	c, _, in, err := decodeRecord(rec)
	if err != nil {
		return err
	}
	views, err := l.hydrate(ctx, c)
	if err != nil {
		return err
	}
	var created func() error
	if len(c.Put) > 0 {
		created = func() error { return l.create(c.Put, views) }
	}
	if err := l.advance(rec.Epoch, c, in, created); err != nil {
		return err
	}
	l.engine.pendingFeeds = l.engine.pendingFeeds[:0]
	l.persist()
	return l.stuck()
}

// hydrate fills the materialised views that a record of the log makes, by their ids, from what the relations below them hold
// before it: as when they were made, the changes of the record are the first that they get. What is there goes into
// checkpoints on the way, which are those of the epoch before: their catalogue does not have the views yet.
func (l *loop) hydrate(ctx context.Context, c *control) (map[uint32]*hydration, error) {
	views := map[uint32]*hydration{}
	for _, def := range c.Put {
		if def.Kind != catalog.MaterializedView || l.relations[def.ID] != nil {
			continue
		}
		began, logger := time.Now(), l.engine.cfg.Logger.With("view", def.Name)
		l.publish()
		h, err := l.engine.replan(c.apply(l.catalog), def)
		if err != nil {
			return nil, err
		}
		if err := l.fill(ctx, h, func(h *hydration) error {
			logger.Info("view being filled", "rows", h.rows, "took", time.Since(began).Round(time.Millisecond))
			return l.saveHydration(h)
		}); err != nil {
			return nil, err
		}
		views[def.ID] = h
	}
	return views, nil
}

// create brings relations into being whose definitions the log has; views are the filled ones among them.
func (l *loop) create(defs []*catalog.Relation, views map[uint32]*hydration) error {
	for _, def := range defs {
		if old := l.relations[def.ID]; old != nil { // only its definition changed
			old.def = def
			continue
		}
		if h := views[def.ID]; h != nil {
			if err := l.adopt(h); err != nil {
				return err
			}
			continue
		}
		r, err := openRelation(l.engine.store, def)
		if err != nil {
			return err
		}
		l.addRelation(r)
	}
	return nil
}

// parallel is how many goroutines may share the work on one large batch.
func parallel() int { return maxProcs() }
