package engine

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tarn/catalog"
	"tarn/planner/plan"
	"tarn/sql/sqlstate"
)

// reads tells whether a view reads one of some relations, by itself or through views that are only names.
func (l *loop) reads(def *catalog.Relation, some map[uint32]bool) bool {
	return slices.ContainsFunc(def.Depends, func(id uint32) bool {
		below, ok := l.catalog.ByID(id)
		return some[id] || ok && below.Kind == catalog.View && l.reads(below, some)
	})
}

// refill fills materialised views again whose state another plan has made, each from what the relations below it hold at the
// epoch of the last checkpoint, before the log is replayed. What lies above such a view is among them: the new plan may give
// the same rows in another form (1.0 and 1.00), or better ones. See docs/decisions/0010.
//
// First it makes sure that all of them can be: a refusal leaves the directory as it was, for the version that made it. Then
// one checkpoint takes away what the store has of them and says so in the catalogue, so that a view that a crash leaves half
// filled is begun anew, by whatever version opens the directory next.
func (l *loop) refill(ctx context.Context, again []*catalog.Relation) error {
	if len(again) == 0 {
		return nil
	}
	for _, def := range again {
		if err := l.refillable(def); err != nil {
			return err
		}
	}
	l.empty(again)
	if err := l.checkpointNow(); err != nil {
		return err
	}
	for _, def := range again {
		if err := l.refillView(ctx, def); err != nil {
			return fmt.Errorf("fill materialized view %q again: %w", def.Name, err)
		}
	}
	return l.checkpointNow()
}

// refillable refuses a view that reads the history of a stream of which a part may be gone: filled again it would lack rows
// that it counts now. How much is gone is told by the time of the last checkpoint's epoch, which passes no further until the
// views are filled: what was begun can be begun anew.
func (l *loop) refillable(def *catalog.Relation) error {
	if _, err := l.engine.replan(l.catalog, def); err != nil {
		return fmt.Errorf("materialized view %q: %w", def.Name, err)
	}
	for _, stream := range l.catalog.Relations() {
		if l.horizon[stream.ID] > 0 && l.reads(def, map[uint32]bool{stream.ID: true}) {
			return sqlstate.New(sqlstate.FeatureNotSupported,
				"materialized view %q was filled by another plan than this version's, and cannot be filled again because stream %q keeps only %s of its rows",
				def.Name, stream.Name, stream.Options["retention"]).
				WithHint("Nothing was changed. Open the directory with the version that made the view, and drop the view there.")
		}
	}
	return nil
}

// replan is a view's plan, and its definition as that plan has it: another version may have derived another key.
func (e *Engine) replan(c *catalog.Snapshot, def *catalog.Relation) (*hydration, error) {
	root, err := e.viewPlan(c, def)
	if err != nil {
		return nil, err
	}
	schema := root.Schema()
	if len(schema) != len(def.Columns) {
		return nil, fmt.Errorf("it has %d columns, and its query %d", len(def.Columns), len(schema))
	}
	for i, c := range def.Columns {
		if c.Type != schema[i].Type {
			return nil, fmt.Errorf("its column %q is of type %s, and that of its query of type %s", c.Name, c.Type, schema[i].Type)
		}
	}
	fresh := *def
	fresh.Append, fresh.Key = plan.AppendOnly(root), plan.UniqueKey(root)
	fresh.State, fresh.Plan = nil, ""
	return &hydration{def: &fresh, root: root}, nil
}

// empty has the next checkpoint take away all that the store has of some views, but for states that others share.
func (l *loop) empty(views []*catalog.Relation) {
	kept := map[uint32]bool{}
	for _, r := range l.relations {
		for _, n := range r.def.State {
			kept[n.ID] = true
		}
	}
	for _, def := range views {
		l.checkpoint.drop(ids(def)...)
		for _, n := range def.State {
			for i := range n.Count {
				if !kept[n.ID] {
					l.checkpoint.drop(n.ID + i)
				}
			}
		}
		unfilled := *def
		unfilled.State, unfilled.Plan = nil, ""
		l.catalog = l.catalog.With(&unfilled)
	}
}

// refillView fills one view. What is there goes into checkpoints on the way, so that memory stays bounded.
func (l *loop) refillView(ctx context.Context, def *catalog.Relation) error {
	began, logger := time.Now(), l.engine.cfg.Logger.With("view", def.Name)
	logger.Warn("another plan has filled this view: it is filled again", "epoch", l.epoch)
	h, err := l.engine.replan(l.catalog, def)
	if err != nil {
		return err
	}
	if err := l.fill(ctx, h, func(h *hydration) error {
		logger.Info("view being filled again", "rows", h.rows, "took", time.Since(began).Round(time.Millisecond))
		return l.saveHydration(h)
	}); err != nil {
		return err
	}
	if err := l.adopt(h); err != nil {
		return err
	}
	l.publish()
	logger.Info("view filled again", "rows", h.rows, "took", time.Since(began).Round(time.Millisecond))
	return nil
}

// fill fills a view from what is published.
func (l *loop) fill(ctx context.Context, h *hydration, save func(*hydration) error) error {
	if err := h.compile(l.engine, l.catalog); err != nil {
		return err
	}
	s := l.engine.acquire() // saving publishes others
	defer s.release()
	if err := h.fill(ctx, l.engine, s, save); err != nil {
		h.flow.Release()
		return err
	}
	return nil
}
