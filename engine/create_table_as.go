package engine

import (
	"context"
	"fmt"

	"tarn/catalog"
	"tarn/delta"
	"tarn/planner"
	"tarn/sql/stmt"
)

// createTableAs makes a table of what a query gives: the table and its rows come in one epoch.
func (x *executing) createTableAs(ctx context.Context, st *stmt.CreateTable) (string, error) {
	s := x.session
	state, tx := s.look()
	if s.tx == nil {
		defer state.release()
	}
	schema, err := x.target(st.Name, state.Catalog)
	if err != nil {
		return "", err
	}
	if _, taken := state.Catalog.Relation(schema, st.Name.Name); taken {
		return "CREATE TABLE AS", x.exists(st.Name, st.IfNotExists)
	}
	q, err := planner.Query(state.Catalog, s.planEnv(state, tx, nil), st.AsQuery)
	if err != nil {
		return "", err
	}
	def := &catalog.Relation{Schema: schema, Name: st.Name.Name, Kind: catalog.Table}
	if err := viewColumns(def, q.Root.Schema()[:q.Visible], st.ColumnNames); err != nil {
		return "", err
	}
	t := &turn{writes: changes{}}
	if !st.NoData {
		var w writeSet
		if err := x.runPlan(ctx, tx, q, func(b *delta.Batch) error {
			w.add(0, b)
			return x.checkSize(&transaction{writes: writeSet{bytes: w.bytes}})
		}); err != nil {
			return "", err
		}
		t.writes, t.rows = w.changes, w.rows
	}
	if !x.last {
		def.ID = s.engine.newOID()
		tx.define(&control{Put: []*catalog.Relation{def}})
		for _, b := range t.writes[0] {
			tx.writes.add(def.ID, b)
		}
		return createdAs(st, t.rows), x.checkSize(tx)
	}
	err = s.engine.do(ctx, func(l *loop) error {
		if err := l.checkNew(def); err != nil {
			return err
		}
		def.ID = s.engine.newOID()
		t.epoch = l.epoch + 1
		if t.rows > 0 {
			t.writes, t.order = changes{def.ID: t.writes[0]}, []uint32{def.ID}
		}
		c := &control{Put: []*catalog.Relation{def}}
		return l.turn(t, c, func() error { return l.define(c) })
	})
	if err != nil {
		return "", err
	}
	return createdAs(st, t.rows), nil
}

func createdAs(st *stmt.CreateTable, rows int) string {
	if st.NoData {
		return "CREATE TABLE AS"
	}
	return fmt.Sprintf("SELECT %d", rows)
}
