package engine

import (
	"context"
	"sort"

	"tarn/delta"
	"tarn/sql/sqlstate"
)

// Ingest inserts batches into streams and tables of the schema public, by name, all in one epoch, and returns when they are
// durable and visible. It is the way in of connectors, beside SQL. Batches have all columns of their relation in its order
// and belong to the engine from here on.
func (e *Engine) Ingest(ctx context.Context, rows map[string]*delta.Batch) error {
	state := e.acquire()
	defer state.release()
	c := &commit{snapshot: state.Epoch, writes: changes{}}
	for name, b := range rows {
		if b == nil || b.Len == 0 {
			continue
		}
		rel, ok := state.Catalog.Relation("public", name)
		if !ok {
			return errGone(name)
		}
		if err := writable(rel, false, "insert into"); err != nil {
			return err
		}
		if len(b.Cols) != len(rel.Columns) {
			return sqlstate.New(sqlstate.DatatypeMismatch, "rows for %q have %d columns, the relation has %d", name, len(b.Cols), len(rel.Columns))
		}
		for i := range b.Cols {
			if b.Cols[i].Kind != rel.Columns[i].Type.Kind() {
				return sqlstate.New(sqlstate.DatatypeMismatch, "column %q of %q has another type", rel.Columns[i].Name, name)
			}
		}
		if err := checkNotNull(rel, b, nil, nil); err != nil {
			return err
		}
		c.writes[rel.ID] = []*delta.Batch{b}
		c.order = append(c.order, rel.ID)
	}
	if len(c.order) == 0 {
		return nil
	}
	sort.Slice(c.order, func(i, j int) bool { return c.order[i] < c.order[j] })
	if err := e.gate.enter(ctx, false); err != nil {
		return err
	}
	defer e.gate.leave()
	return e.commit(ctx, c)
}
