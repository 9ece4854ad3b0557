package engine

import (
	"context"
	"fmt"
	"runtime"
	"slices"

	"tarn/catalog"
	"tarn/delta"
	"tarn/exec"
	"tarn/planner"
	"tarn/planner/plan"
	"tarn/sql"
	"tarn/sql/sqlstate"
	"tarn/sql/stmt"
	"tarn/storage"
)

// hydration is a materialised view in the making: a dataflow of its own, filled from a state, then fed with the epochs
// that have passed since, until the loop adopts it between two epochs. Others go on meanwhile.
type hydration struct {
	def      *catalog.Relation
	root     plan.Node
	relation *relation
	flow     *exec.Dataflow
	epoch    uint64 // the flow's
	rows     int    // pushed by fill
	pushed   int    // rows since the last flush
	unsaved  int    // rows since the last checkpoint that held them

	told func(h *hydration) error // tells whoever waits how far it is, whenever so much is saved; nil: nobody
}

// Rows pushed before the output is taken, and rows before what is there goes into a checkpoint.
const (
	hydrateFlush = 1 << 18
	hydrateSave  = 1 << 20
)

// viewPlan plans the query of a materialised view against a catalogue.
func (e *Engine) viewPlan(c *catalog.Snapshot, def *catalog.Relation) (plan.Node, error) {
	statements, err := sql.Parse(def.Query)
	if err != nil {
		return nil, err
	}
	if len(statements) != 1 {
		return nil, fmt.Errorf("the query of %q is %d statements", def.Name, len(statements))
	}
	sel, ok := statements[0].Node.(*stmt.Select)
	if !ok {
		return nil, fmt.Errorf("the query of %q is no query", def.Name)
	}
	env := viewEnv()
	env.SearchPath, env.Depends = def.SearchPath, def.Depends
	return planner.View(c, env, sel.Query)
}

// compile makes the dataflow, with state ids that nobody has had. Its indexes get the columns of those that live, so that either
// has all that the other has when the view is adopted; c is the catalogue as of some epoch before.
func (h *hydration) compile(e *Engine, c *catalog.Snapshot) (err error) {
	if h.relation, err = openRelation(e.store, h.def); err != nil {
		return err
	}
	h.flow, err = exec.Compile(h.root, h.def.ID, exec.Options{
		Store:    e.store,
		Parallel: parallel(),
		State: func(_ string, n int) (uint32, bool) {
			return e.states.Add(uint32(n)) - uint32(n), true
		},
		Columns: func(fingerprint string, needed []int) []int { return withLiving(c, fingerprint, needed) },
	})
	return err
}

// withLiving is some columns of a relation, and those that indexes with the fingerprint given keep, ascending.
func withLiving(c *catalog.Snapshot, fingerprint string, columns []int) []int {
	all := slices.Clone(columns)
	for _, def := range c.Relations() {
		for i := range def.State {
			if s := &def.State[i]; s.Fingerprint == fingerprint {
				all = append(all, s.Columns...)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// fill pushes what the relations below hold in a state. save has the loop put what is there into a checkpoint, so that memory
// stays bounded.
func (h *hydration) fill(ctx context.Context, e *Engine, s *State, save func(*hydration) error) error {
	src := &source{engine: e, state: s, errors: true}
	for _, id := range h.flow.Reads() {
		rel, ok := s.Catalog.ByID(id)
		if !ok {
			continue // made by the same transaction: it comes with the transaction's writes
		}
		if errs, err := src.errorsOf(ctx, rel); err != nil {
			return err
		} else if errs != nil {
			if err := h.flow.Push(ctx, id, exec.Input{Errs: errs}); err != nil {
				return err
			}
		}
		err := src.Scan(ctx, wholeScan(rel), func(b *delta.Batch) error {
			if err := h.flow.Push(ctx, id, exec.Input{Rows: []*delta.Batch{b}}); err != nil {
				return err
			}
			h.rows += b.Len
			h.pushed += b.Len
			h.unsaved += b.Len
			if h.pushed < min(hydrateFlush, e.cfg.hydrateSave) {
				return nil
			}
			if err := h.flush(ctx, s.Epoch); err != nil {
				return err
			}
			if h.unsaved < e.cfg.hydrateSave {
				return nil
			}
			h.unsaved = 0
			return save(h)
		})
		if err != nil {
			return err
		}
	}
	h.epoch = s.Epoch
	return h.flush(ctx, s.Epoch)
}

// flush takes the dataflow's output into the view's arrangements.
func (h *hydration) flush(ctx context.Context, epoch uint64) error {
	outputs, err := h.flow.Flush(ctx)
	if err != nil {
		return err
	}
	h.pushed = 0
	return h.apply(epoch, outputs)
}

func (h *hydration) apply(epoch uint64, outputs map[uint32]exec.Output) error {
	out, ok := outputs[h.relation.def.ID]
	if !ok {
		return nil
	}
	return h.relation.apply(epoch, exec.Input{Rows: batchesOf(out.Rows), Errs: out.Errs})
}

// follow steps the dataflow with epochs that have passed since it was filled.
func (h *hydration) follow(ctx context.Context, feeds []feed) error {
	for _, f := range feeds {
		if f.epoch <= h.epoch || len(f.changes) == 0 {
			continue
		}
		outputs, err := h.flow.Step(ctx, f.changes)
		if err != nil {
			return err
		}
		if err := h.apply(f.epoch, outputs); err != nil {
			return err
		}
		h.epoch = f.epoch
	}
	return nil
}

// adopt makes a hydrated view part of the loop's dataflow. Its definition gets the ids of the state it ended up with.
func (l *loop) adopt(h *hydration) error {
	l.attach(h.flow)
	def := *h.relation.def
	def.State, def.Plan = l.flow.States(def.ID), plan.Fingerprint(h.root)
	h.relation.def = &def
	l.catalog = l.catalog.With(&def)
	l.checkpoint.dirty = true
	l.addRelation(h.relation)
	// Everything of the view is new to the checkpoint.
	l.checkpoint.changes += checkpointChanges
	return nil
}

// attach moves a view's operators into the loop's dataflow. Other views may come to share an index with it that was none of theirs:
// their definitions say where it lies.
func (l *loop) attach(flow *exec.Dataflow) {
	dropped, moved := l.flow.Attach(flow)
	l.checkpoint.drop(dropped...)
	for _, id := range moved {
		r := l.relations[id]
		def := *r.def
		def.State = l.flow.States(id)
		r.def = &def
		l.catalog = l.catalog.With(&def)
		l.checkpoint.dirty = true
	}
}

// createViews fills materialised views and makes them visible at one epoch, together with what else their transaction does
// (finish, called by the loop with their definitions and what brings the views into being).
func (e *Engine) createViews(ctx context.Context, views []*hydration, finish func(l *loop, views []*catalog.Relation, created func() error) error) (err error) {
	if len(views) == 0 {
		return e.do(ctx, func(l *loop) error { return finish(l, nil, func() error { return nil }) })
	}
	f := newFollower(nil, e.cfg.Memory/8, errOutrun)
	defs := make([]*catalog.Relation, len(views))
	adopted := false
	defer func() {
		if !adopted {
			e.abandon(ctx, views, f)
		}
	}()
	for i, h := range views {
		defs[i] = h.def
		if err := h.compile(e, e.published.Load().Catalog); err != nil {
			return err
		}
		for _, id := range h.flow.Reads() {
			f.reads[id] = true
		}
	}
	var s *State
	if err := e.do(ctx, func(l *loop) error {
		s = e.acquire()
		l.followers[f] = struct{}{}
		return nil
	}); err != nil {
		return err
	}
	for _, h := range views {
		if err = h.fill(ctx, e, s, func(h *hydration) error {
			err := e.do(ctx, func(l *loop) error { return l.saveHydration(h) })
			if err == nil && h.told != nil {
				err = h.told(h)
			}
			return err
		}); err != nil {
			break
		}
	}
	s.release()
	if err != nil {
		return err
	}
	follow := func(ctx context.Context) (int, error) {
		feeds, err := f.take()
		for _, h := range views {
			if err == nil {
				err = h.follow(ctx, feeds)
			}
		}
		return len(feeds), err
	}
	for n := 1; n > 0; {
		if n, err = follow(ctx); err != nil {
			return err
		}
	}
	return e.do(ctx, func(l *loop) error {
		if _, err := follow(l.ctx); err != nil {
			return err
		}
		return finish(l, defs, func() error {
			adopted = true
			delete(l.followers, f)
			for _, h := range views {
				if err := l.adopt(h); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// errOutrun ends the making of a view that finds no time to catch up with what is written meanwhile.
var errOutrun = sqlstate.New(sqlstate.InsufficientResources, "more is written to what the view reads than can be kept until the view is filled").
	WithHint("Create the view while less is written, or give the server more --memory.")

// abandon undoes views that did not come to be. When the loop takes no work any more, it has let go of the follower, and nobody but
// the caller has the views.
func (e *Engine) abandon(ctx context.Context, views []*hydration, f *follower) {
	served := false
	_ = e.do(context.WithoutCancel(ctx), func(l *loop) error {
		served = true
		delete(l.followers, f)
		for _, h := range views {
			if h.flow != nil {
				l.checkpoint.drop(ids(h.def)...)
				l.checkpoint.drop(h.flow.Detach(h.def.ID)...)
				l.checkpoint.dirty = true
			}
		}
		return nil
	})
	for _, h := range views {
		if !served && h.flow != nil {
			h.flow.Release()
		}
	}
}

// checkNew checks that a view can be made that was planned as of a catalogue: its name is free, and what it reads is the same.
func (l *loop) checkNew(def *catalog.Relation, as *catalog.Snapshot) error {
	if _, ok := l.catalog.Schema(def.Schema); !ok {
		return errNoSchema(def.Schema)
	}
	if _, ok := l.catalog.Relation(def.Schema, def.Name); ok {
		return errRelationExists(def.Name)
	}
	if !unchanged(def, as, l.catalog) {
		return errConflict
	}
	return nil
}

// saveHydration puts what a view in the making has so far into a checkpoint of its own kind: nothing refers to it until
// the catalogue names the view, and what a crash leaves of it is swept away at the next start.
func (l *loop) saveHydration(h *hydration) error {
	if err := l.finished(); err != nil {
		return err
	}
	l.writeCheckpoint(func(cp *storage.Checkpoint) {
		h.flow.WriteDirty(cp)
		h.relation.rows.Fold(cp)
		h.relation.errs.Fold(cp)
	})
	if err := l.finished(); err != nil {
		return err
	}
	pool := l.engine.store.Memory()
	if pool.Used() > pool.Budget()*9/10 {
		if _, err := h.flow.Evict(pool.Budget() / 4); err != nil {
			return err
		}
	}
	return l.broken
}

func maxProcs() int { return runtime.GOMAXPROCS(0) }
