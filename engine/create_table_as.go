package engine

import (
	"context"
	"fmt"

	"tarn/catalog"
	"tarn/delta"
	"tarn/exec"
	"tarn/planner"
	"tarn/sql/stmt"
)

// createTableAs makes a table of what a query gives: the table and its rows come in one epoch, at which the query still gives
// just these.
func (x *executing) createTableAs(ctx context.Context, st *stmt.CreateTable) (string, error) {
	defer x.sendNotices()
	return x.write(ctx, func(tx *transaction) (string, error) {
		x.notices = nil
		c := tx.state.Catalog
		schema, err := x.target(st.Name, c)
		if err != nil {
			return "", err
		}
		if _, taken := c.Relation(schema, st.Name.Name); taken {
			return "CREATE TABLE AS", x.exists(st.Name, st.IfNotExists)
		}
		q, err := planner.Query(c, x.session.planEnv(ctx, tx.state, tx, nil), st.AsQuery)
		if err != nil {
			return "", err
		}
		def := &catalog.Relation{Schema: schema, Name: st.Name.Name, Kind: catalog.Table}
		if err := viewColumns(def, q.Root.Schema()[:q.Visible], st.ColumnNames); err != nil {
			return "", err
		}
		var rows writeSet
		if !st.NoData {
			if err := x.runPlan(ctx, tx, exec.NewQuery(q), false, func(b *delta.Batch) error {
				rows.add(0, b)
				return x.checkRoom(tx, rows.bytes)
			}); err != nil {
				return "", err
			}
		}
		def.ID = x.session.engine.newOID()
		tx.define(&control{Put: []*catalog.Relation{def}})
		for _, b := range rows.changes[0] {
			tx.writes.add(def.ID, b)
		}
		return createdAs(st, rows.rows), x.checkSize(tx)
	})
}

func createdAs(st *stmt.CreateTable, rows int) string {
	if st.NoData {
		return "CREATE TABLE AS"
	}
	return fmt.Sprintf("SELECT %d", rows)
}
