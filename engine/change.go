package engine

import (
	"context"
	"fmt"

	"tarn/delta"
	"tarn/exec"
	"tarn/planner"
	"tarn/planner/plan"
	"tarn/sql/stmt"
)

// changePlan is a planned UPDATE or DELETE.
type changePlan struct {
	*planner.Change
	run *exec.Query // of Source
}

// whole is the query for all columns of a plan.
func whole(root plan.Node) *exec.Query {
	return exec.NewQuery(&plan.Query{Root: root, Visible: len(root.Schema())})
}

func (c *changePlan) source() plan.Node { return c.Source }

func planUpdate(pl *planning, p *Prepared) error {
	c, err := planner.Update(pl.state.Catalog, pl.session.planEnv(pl.ctx, pl.state, pl.tx, pl.declared), p.Statement.Node.(*stmt.Update))
	if err != nil {
		return err
	}
	return prepareChange(p, c, "update")
}

func planDelete(pl *planning, p *Prepared) error {
	c, err := planner.Delete(pl.state.Catalog, pl.session.planEnv(pl.ctx, pl.state, pl.tx, pl.declared), p.Statement.Node.(*stmt.Delete))
	if err != nil {
		return err
	}
	return prepareChange(p, c, "delete from")
}

func prepareChange(p *Prepared, c *planner.Change, verb string) error {
	if err := writable(c.Relation, true, verb); err != nil {
		return err
	}
	if c.Returning != nil {
		p.Fields = returningFields(c.Returning)
	}
	p.planned, p.Params = &changePlan{c, whole(c.Source)}, c.Params
	return nil
}

func executeUpdate(ctx context.Context, x *executing) (string, error) { return x.change(ctx, "UPDATE") }
func executeDelete(ctx context.Context, x *executing) (string, error) { return x.change(ctx, "DELETE") }

// change runs the query that finds the rows, then writes them: old rows with count -1, new ones with +1.
func (x *executing) change(ctx context.Context, verb string) (string, error) {
	returned := x.returned()
	defer returned.reset()
	tag, err := x.write(ctx, func(tx *transaction) (string, error) {
		if err := x.current(ctx, tx); err != nil {
			return "", err
		}
		c := x.prepared.planned.(*changePlan)
		width := len(c.Relation.Columns)
		returned.reset()
		var rows []*delta.Batch
		n, bytes := 0, int64(0)
		err := x.runPlan(ctx, tx, c.run, false, func(b *delta.Batch) error {
			rows = append(rows, b)
			n += b.Len
			bytes += b.Bytes()
			return x.checkRoom(tx, bytes)
		})
		if err != nil {
			return "", err
		}
		// All old rows go before any new one comes: an update may pass keys on among its rows.
		for _, b := range rows {
			old := delta.Batch{Cols: b.Cols[:width], Len: b.Len}
			tx.writes.add(c.Relation.ID, old.Negate())
		}
		at := width
		if c.Update {
			for _, b := range rows {
				if err := x.insert(tx, c.Relation, &delta.Batch{Cols: b.Cols[width : 2*width], Len: b.Len}, nil); err != nil {
					return "", err
				}
			}
			at = 2 * width
		}
		if err := x.checkSize(tx); err != nil { // from here on the rows count for what is kept of them
			return "", err
		}
		if c.Returning != nil {
			for _, b := range rows {
				if err := returned.add(&delta.Batch{Cols: b.Cols[at:], Len: b.Len}); err != nil {
					return "", err
				}
			}
		}
		return fmt.Sprintf("%s %d", verb, n), nil
	})
	if err != nil {
		return "", err
	}
	return tag, returned.send(x.client)
}
