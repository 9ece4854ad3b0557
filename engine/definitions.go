package engine

import (
	"context"
	"slices"

	"tarn/catalog"
	"tarn/planner/plan"
	"tarn/sql/sqlstate"
)

// define makes a change of the catalogue that only the transaction sees, until it is committed.
func (tx *transaction) define(c *control) {
	seen := tx.state
	tx.state = &State{
		Epoch: seen.Epoch, Time: seen.Time, Catalog: c.apply(seen.Catalog),
		slots: seen.slots, pages: seen.pages, horizons: seen.horizons,
	}
}

// defineView is define for a materialised view, which is filled when the transaction is committed.
func (tx *transaction) defineView(def *catalog.Relation, root plan.Node) error {
	for _, id := range def.Depends {
		if _, ok := tx.views[id]; ok {
			return sqlstate.New(sqlstate.FeatureNotSupported, "a materialized view cannot read one that is created in the same transaction").
				WithHint("COMMIT first.")
		}
	}
	if tx.views == nil {
		tx.views = map[uint32]plan.Node{}
	}
	tx.views[def.ID] = root
	tx.define(&control{Put: []*catalog.Relation{def}})
	return nil
}

// definitions is what the transaction has changed in the catalogue, all in all.
func (tx *transaction) definitions() (*control, []*hydration) {
	before, after := tx.base.Catalog, tx.state.Catalog
	c := &control{}
	var views []*hydration
	for _, def := range after.Relations() {
		old, existed := before.ByID(def.ID)
		switch {
		case existed && old == def:
		case tx.views[def.ID] != nil:
			views = append(views, &hydration{def: def, root: tx.views[def.ID]})
		default:
			c.Put = append(c.Put, def)
		}
	}
	for _, def := range before.Relations() {
		if _, ok := after.ByID(def.ID); !ok {
			c.Drop = append(c.Drop, def.ID)
		}
	}
	for _, s := range after.Schemas() {
		if _, ok := before.Schema(s.Name); !ok {
			c.Schemas = append(c.Schemas, s)
		}
	}
	for _, s := range before.Schemas() {
		if _, ok := after.Schema(s.Name); !ok {
			c.Unnamed = append(c.Unnamed, s.Name)
		}
	}
	return c, views
}

// commitDefinitions commits a transaction that changes the catalogue: with what it writes, in one epoch.
func (tx *transaction) commitDefinitions(ctx context.Context, writes *commit) error {
	c, views := tx.definitions()
	return tx.engine.createViews(ctx, views, func(l *loop, defs []*catalog.Relation, created func() error) error {
		if err := l.checkDefinitions(c, defs, tx); err != nil {
			return err
		}
		t := l.newTurn()
		defer t.close()
		old := *writes
		old.order = nil // of relations that exist: only they have rows to be in conflict with
		for _, id := range writes.order {
			if l.relations[id] != nil {
				old.order = append(old.order, id)
			}
		}
		if err := l.admit(t, &old); err != nil {
			return err
		}
		for _, id := range writes.order {
			if l.relations[id] == nil {
				t.order, t.writes[id] = append(t.order, id), writes.writes[id]
				if err := l.admitNew(t, tx.state.Catalog, id); err != nil {
					return err
				}
			}
		}
		all := *c
		all.Put = append(all.Put[:len(all.Put):len(all.Put)], defs...)
		return l.turn(t, &all, func() error {
			if err := l.define(c); err != nil {
				return err
			}
			return created()
		})
	})
}

// admitNew checks the keys of rows written to a table that the same transaction makes.
func (l *loop) admitNew(t *turn, c *catalog.Snapshot, id uint32) error {
	def, ok := c.ByID(id)
	if !ok || def.Key == nil {
		return nil
	}
	return l.admitKeys(t, &relation{def: def, keys: keyTypes(def)}, t.writes[id], &undoKeys{})
}

// checkDefinitions checks that others have not meanwhile changed the catalogue in a way that these changes contradict.
func (l *loop) checkDefinitions(c *control, views []*catalog.Relation, tx *transaction) error {
	before, after := tx.base.Catalog, c.apply(l.catalog)
	for _, def := range append(c.Put[:len(c.Put):len(c.Put)], views...) {
		if now, ok := l.catalog.ByID(def.ID); ok {
			if old, _ := before.ByID(def.ID); old != now {
				return errConflict
			}
			if !sameQuery(now, def) && l.needed(c, def.ID) {
				return errConflict // by a view made since of what is replaced
			}
		} else if taken, ok := l.catalog.Relation(def.Schema, def.Name); ok && !dropped(c, taken.ID) {
			return errRelationExists(def.Name)
		}
		if _, ok := after.Schema(def.Schema); !ok {
			return errNoSchema(def.Schema)
		}
		if !unchanged(def, tx.state.Catalog, after) {
			return errConflict
		}
	}
	for _, schema := range c.Schemas {
		if _, ok := l.catalog.Schema(schema.Name); ok && !slices.Contains(c.Unnamed, schema.Name) {
			return errSchemaExists(schema.Name)
		}
	}
	for _, id := range c.Drop {
		if _, ok := l.catalog.ByID(id); !ok {
			return errConflict
		}
		if l.needed(c, id) {
			return errConflict
		}
	}
	for _, name := range c.Unnamed {
		for _, r := range after.Relations() {
			if r.Schema == name {
				return errConflict
			}
		}
	}
	return nil
}

// needed tells whether a relation depends on id that a control part does not drop.
func (l *loop) needed(c *control, id uint32) bool {
	return slices.ContainsFunc(l.catalog.Dependents(id), func(r *catalog.Relation) bool { return !dropped(c, r.ID) })
}

func dropped(c *control, id uint32) bool {
	return slices.Contains(c.Drop, id)
}
