package engine

import (
	"context"
	"strconv"

	"tarn/delta"
	"tarn/exec"
	"tarn/planner"
	"tarn/planner/plan"
	"tarn/sql/sqlstate"
	"tarn/sql/stmt"
)

// selection is a planned SELECT.
type selection struct {
	query *plan.Query
	run   *exec.Query
}

func planSelect(pl *planning, p *Prepared) error {
	st := p.Statement.Node.(*stmt.Select)
	if st.Into != nil {
		return sqlstate.New(sqlstate.FeatureNotSupported, "SELECT INTO is not supported").
			WithHint("Use CREATE TABLE and INSERT ... SELECT, or CREATE MATERIALIZED VIEW.")
	}
	q, err := planner.Query(pl.state.Catalog, pl.session.planEnv(pl.ctx, pl.state, pl.tx, pl.declared), st.Query)
	if err != nil {
		return err
	}
	p.planned, p.Params, p.Fields = &selection{q, exec.NewQuery(q)}, q.Params, fieldsOf(q)
	return nil
}

// fieldsOf describes the result of a query.
func fieldsOf(q *plan.Query) []Field {
	schema := q.Root.Schema()
	fields := make([]Field, q.Visible)
	for i := range fields {
		var from plan.Origin
		if q.Origins != nil {
			from = q.Origins[i]
		}
		fields[i] = Field{Name: schema[i].Name, Type: schema[i].Type, Relation: from.Relation, Column: from.Column}
	}
	return fields
}

func executeSelect(ctx context.Context, x *executing) (string, error) {
	x.rows = 0
	if err := x.query(ctx, x.send); err != nil {
		return "", err
	}
	return "SELECT " + strconv.FormatInt(x.rows, 10), nil
}

func (x *executing) send(b *delta.Batch) error {
	x.rows += int64(b.Len)
	return x.client.Rows(b)
}

// query runs the prepared query on the transaction's state, or if the statement is alone on the newest. emit keeps nothing of what it
// gets.
func (x *executing) query(ctx context.Context, emit func(*delta.Batch) error) error {
	s := x.session
	var tx *transaction
	if x.last {
		state, alone := s.look()
		defer state.release()
		tx = alone
	} else {
		tx = s.open()
	}
	if err := x.current(ctx, tx); err != nil {
		return err
	}
	return x.runPlan(ctx, tx, x.prepared.planned.(*selection).run, true, emit)
}

// runPlan runs a query over what a transaction sees. passing: emit keeps nothing of what it gets.
func (x *executing) runPlan(ctx context.Context, tx *transaction, q *exec.Query, passing bool, emit func(*delta.Batch) error) error {
	x.source = source{engine: x.session.engine, session: x.session, state: tx.state, tx: tx}
	fctx := x.session.context(tx.state, tx, x.params)
	fctx.Set, fctx.Done = x.setConfig, ctx.Done()
	opts := exec.Options{Pool: x.session.engine.work, Parallel: parallel(), Context: fctx, Looked: x.looked, Passing: passing}
	return q.Run(ctx, &x.source, opts, emit)
}
