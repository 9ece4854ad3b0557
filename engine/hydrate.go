package engine

import (
	"context"
	"fmt"
	"runtime"

	"tarn/catalog"
	"tarn/delta"
	"tarn/exec"
	"tarn/planner"
	"tarn/planner/plan"
	"tarn/sql"
	"tarn/sql/stmt"
	"tarn/storage"
)

// hydration is a materialised view in the making: a dataflow of its own, filled from a state, then fed with the epochs
// that have passed since, until the loop adopts it between two epochs. Others go on meanwhile.
type hydration struct {
	relation *relation
	flow     *exec.Dataflow
	epoch    uint64 // the flow's
	pushed   int    // rows since the last flush
	unsaved  int    // rows since the last checkpoint that held them
	output   bool   // there was a flush
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
	return planner.View(c, viewEnv(), sel.Query)
}

// newHydration compiles a view with state ids that nobody has had.
func (e *Engine) newHydration(def *catalog.Relation, root plan.Node) (*hydration, error) {
	r, err := openRelation(e.store, def)
	if err != nil {
		return nil, err
	}
	flow, err := exec.Compile(root, def.ID, exec.Options{
		Store:    e.store,
		Parallel: parallel(),
		State: func(_ string, n int) (uint32, bool) {
			return e.states.Add(uint32(n)) - uint32(n), true
		},
	})
	if err != nil {
		return nil, err
	}
	return &hydration{relation: r, flow: flow}, nil
}

// hydrate makes a view and fills it from a state. Called by the loop itself when a log is replayed: then nothing is saved
// on the way.
func (e *Engine) hydrate(ctx context.Context, def *catalog.Relation, root plan.Node, s *State) (*hydration, error) {
	h, err := e.newHydration(def, root)
	if err != nil {
		return nil, err
	}
	if err := h.fill(ctx, e, s, nil); err != nil {
		h.flow.Release()
		return nil, err
	}
	return h, nil
}

// fill pushes what the relations below hold in a state. save, if not nil, has the loop put what is there into a
// checkpoint, so that memory stays bounded.
func (h *hydration) fill(ctx context.Context, e *Engine, s *State, save func(*hydration) error) error {
	src := &source{engine: e, state: s, errors: true}
	for _, id := range h.flow.Reads() {
		rel, ok := s.Catalog.ByID(id)
		if !ok {
			return fmt.Errorf("relation %d is gone", id)
		}
		cols := make([]int, len(rel.Columns))
		for i := range cols {
			cols[i] = i
		}
		if errs, err := src.errorsOf(ctx, rel); err != nil {
			return err
		} else if errs != nil {
			if err := h.flow.Push(ctx, id, exec.Input{Errs: errs}); err != nil {
				return err
			}
		}
		err := src.Scan(ctx, &exec.Scan{Relation: rel, Columns: cols}, func(b *delta.Batch) error {
			if err := h.flow.Push(ctx, id, exec.Input{Rows: []*delta.Batch{b}}); err != nil {
				return err
			}
			h.pushed += b.Len
			h.unsaved += b.Len
			if h.pushed < hydrateFlush {
				return nil
			}
			if err := h.flush(ctx, s.Epoch); err != nil {
				return err
			}
			if save == nil || h.unsaved < hydrateSave {
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
	l.checkpoint.drop(l.flow.Attach(h.flow)...)
	def := *h.relation.def
	def.State = l.flow.States(def.ID)
	h.relation.def = &def
	l.catalog = l.catalog.With(&def)
	l.checkpoint.dirty = true
	l.addRelation(h.relation)
	// Everything of the view is new to the checkpoint.
	l.checkpoint.changes += checkpointChanges
	return nil
}

// createView fills a materialised view and makes it visible at one epoch. name is checked by the caller's plan and again
// by the loop, as another session may have taken it meanwhile.
func (e *Engine) createView(ctx context.Context, def *catalog.Relation, root plan.Node) error {
	h, err := e.newHydration(def, root)
	if err != nil {
		return err
	}
	f := newFollower(h.flow.Reads(), 0)
	var s *State
	err = e.do(ctx, func(l *loop) error {
		if err := l.checkNew(def); err != nil {
			return err
		}
		s = e.acquire()
		l.followers[f] = struct{}{}
		return nil
	})
	if err != nil {
		h.flow.Release()
		return err
	}
	adopted := false
	defer func() {
		if !adopted {
			_ = e.do(context.WithoutCancel(ctx), func(l *loop) error {
				delete(l.followers, f)
				l.checkpoint.drop(ids(def)...)
				l.checkpoint.drop(h.flow.Detach(def.ID)...)
				l.checkpoint.dirty = true
				return nil
			})
			h.flow.Release()
		}
	}()
	save := func(h *hydration) error {
		return e.do(ctx, func(l *loop) error { return l.saveHydration(h) })
	}
	err = h.fill(ctx, e, s, save)
	s.release()
	if err != nil {
		return err
	}
	for {
		feeds, err := f.take()
		if err != nil {
			return err
		}
		if len(feeds) == 0 {
			break
		}
		if err := h.follow(ctx, feeds); err != nil {
			return err
		}
	}
	return e.do(ctx, func(l *loop) error {
		feeds, err := f.take()
		if err != nil {
			return err
		}
		if err := h.follow(l.ctx, feeds); err != nil {
			return err
		}
		delete(l.followers, f)
		if err := l.checkNew(def); err != nil {
			return err
		}
		t := &turn{epoch: l.epoch + 1, writes: changes{}}
		return l.turn(t, &control{Put: []*catalog.Relation{def}}, func() error {
			adopted = true
			return l.adopt(h)
		})
	})
}

// checkNew checks that a relation can be made: its name is free, and what it reads exists.
func (l *loop) checkNew(def *catalog.Relation) error {
	if _, ok := l.catalog.Schema(def.Schema); !ok {
		return errNoSchema(def.Schema)
	}
	if _, ok := l.catalog.Relation(def.Schema, def.Name); ok {
		return errRelationExists(def.Name)
	}
	for _, id := range def.Depends {
		if _, ok := l.catalog.ByID(id); !ok {
			return errConflict
		}
	}
	return nil
}

// saveHydration puts what a view in the making has so far into a checkpoint of its own kind: nothing refers to it until
// the catalogue names the view, and what a crash leaves of it is swept away at the next start.
func (l *loop) saveHydration(h *hydration) error {
	if l.checkpoint.running {
		l.checkpointDone(<-l.checkpoint.done)
	}
	if l.broken != nil {
		return l.broken
	}
	l.writeCheckpoint(func(cp *storage.Checkpoint) {
		h.flow.WriteDirty(cp)
		h.relation.rows.Fold(cp)
		h.relation.errs.Fold(cp)
	})
	l.checkpointDone(<-l.checkpoint.done)
	pool := l.engine.store.Memory()
	if pool.Used() > pool.Budget()*9/10 {
		if _, err := h.flow.Evict(pool.Budget() / 4); err != nil {
			return err
		}
	}
	return l.broken
}

func maxProcs() int { return runtime.GOMAXPROCS(0) }
