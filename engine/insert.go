package engine

import (
	"context"
	"fmt"

	"tarn/catalog"
	"tarn/delta"
	"tarn/exec"
	"tarn/planner"
	"tarn/planner/plan"
	"tarn/sql/expr"
	"tarn/sql/functions"
	"tarn/sql/sqlstate"
	"tarn/sql/stmt"
	"tarn/storage/arrangement"
)

// insertion is a planned INSERT, compiled.
type insertion struct {
	*planner.Insertion
	run       *exec.Query     // of Source
	exprs     []*expr.Program // over Literals
	returning []*expr.Program
	update    []*expr.Program // ON CONFLICT DO UPDATE
	where     *expr.Program
}

func (i *insertion) source() plan.Node {
	if i.Source != nil {
		return i.Source
	}
	fields := make([]plan.Field, len(i.Relation.Columns))
	for c := range fields {
		fields[c] = plan.Field{Name: i.Relation.Columns[c].Name, Type: i.Relation.Columns[c].Type}
	}
	rows := make([][]expr.Expr, i.Literals.Len)
	if len(i.Literals.Cols) == 0 {
		rows[0] = i.Exprs
	}
	return &plan.Constant{Fields: fields, Rows: rows}
}

func planInsert(pl *planning, p *Prepared) error {
	st := p.Statement.Node.(*stmt.Insert)
	ins, err := planner.Insert(pl.state.Catalog, pl.session.planEnv(pl.ctx, pl.state, pl.tx, pl.declared), st)
	if err != nil {
		return err
	}
	if err := writable(ins.Relation, false, "insert into"); err != nil {
		return err
	}
	out := &insertion{Insertion: ins, exprs: compileAll(ins.Exprs)}
	if ins.Source != nil {
		out.run = whole(ins.Source)
	}
	if ins.Returning != nil {
		out.returning = compileAll(ins.Returning.Exprs)
		p.Fields = returningFields(ins.Returning)
	}
	if c := ins.OnConflict; c != nil {
		out.update = compileAll(c.Update)
		if c.Where != nil {
			out.where = expr.Compile(c.Where)
		}
	}
	p.planned, p.Params = out, ins.Params
	return nil
}

func compileAll(exprs []expr.Expr) []*expr.Program {
	out := make([]*expr.Program, len(exprs))
	for i, e := range exprs {
		out[i] = expr.Compile(e)
	}
	return out
}

func returningFields(r *planner.Returning) []Field {
	out := make([]Field, len(r.Fields))
	for i, f := range r.Fields {
		out[i] = Field{Name: f.Name, Type: f.Type, Relation: r.Origins[i].Relation, Column: r.Origins[i].Column}
	}
	return out
}

// evaluate computes programs over a batch. The first row that fails is the statement's error.
func evaluate(ctx *functions.Context, programs []*expr.Program, b *delta.Batch) (*delta.Batch, error) {
	out := &delta.Batch{Len: b.Len, Cols: make([]delta.Column, len(programs))}
	for i, p := range programs {
		out.Cols[i] = p.Eval(ctx, b)
	}
	for row := 0; row < b.Len; row++ {
		for i := range out.Cols {
			if err := out.Cols[i].Errs.Err(row); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

func executeInsert(ctx context.Context, x *executing) (string, error) {
	returned := x.returned()
	defer returned.reset()
	tag, err := x.write(ctx, func(tx *transaction) (string, error) {
		if err := x.current(ctx, tx); err != nil {
			return "", err
		}
		ins := x.prepared.planned.(*insertion)
		n := 0
		returned.reset()
		fctx := x.session.context(tx.state, tx, x.params)
		fctx.Set, fctx.Done = x.setConfig, ctx.Done()
		err := x.insertRows(ctx, tx, ins, fctx, func(b *delta.Batch) error {
			if ins.OnConflict != nil {
				var err error
				if b, err = x.resolveConflicts(ctx, tx, ins, fctx, b); err != nil {
					return err
				}
			} else if err := x.insert(tx, ins.Relation, b, nil); err != nil {
				return err
			}
			n += b.Len
			if ins.returning == nil || b.Len == 0 {
				return nil
			}
			out, err := evaluate(fctx, ins.returning, b)
			if err != nil {
				return err
			}
			return returned.add(out)
		})
		return fmt.Sprintf("INSERT 0 %d", n), err
	})
	if err != nil {
		return "", err
	}
	return tag, returned.send(x.client)
}

// insertRows gives the rows to be inserted, with all columns, in batches.
func (x *executing) insertRows(ctx context.Context, tx *transaction, ins *insertion, fctx *functions.Context, f func(*delta.Batch) error) error {
	if ins.Source == nil {
		b, err := evaluate(fctx, ins.exprs, ins.Literals)
		if err != nil {
			return err
		}
		return f(b)
	}
	// The rows are gathered first: the query must not see what it inserts.
	var all []*delta.Batch
	bytes := int64(0)
	if err := x.runPlan(ctx, tx, ins.run, false, func(b *delta.Batch) error {
		all = append(all, b)
		bytes += b.Bytes()
		if ins.OnConflict != nil { // not all of it need be written
			return tx.charge(tx.writes.bytes + bytes)
		}
		return x.checkRoom(tx, bytes)
	}); err != nil {
		return err
	}
	for _, b := range all {
		if err := f(b); err != nil {
			return err
		}
	}
	return nil
}

// resolveConflicts inserts rows whose keys are free; of the others it leaves the present row or updates it. It returns the
// rows as they are now, those that were left out. A key that was looked up is read: others may not change it before the
// commit.
func (x *executing) resolveConflicts(ctx context.Context, tx *transaction, ins *insertion, fctx *functions.Context, b *delta.Batch) (*delta.Batch, error) {
	rel := ins.Relation
	if rel.Key == nil {
		return b, x.insert(tx, rel, b, nil)
	}
	if err := checkNotNull(rel, b, &x.session.env, nil); err != nil {
		return nil, err
	}
	content, _ := tx.state.of(rel.ID)
	rows := &keyedRows{tx, rel, content.rows, map[string]bool{}}
	done, ts := delta.NewBatch(rel.Types(), b.Len), rel.Types()
	for i := 0; i < b.Len; i++ {
		key := appendKey(nil, rel, keyTypes(rel), b, i)
		tx.noteKey(rel, key)
		present, err := rows.get(key)
		if err != nil {
			return nil, err
		}
		if present == nil {
			row := delta.NewBatch(ts, 1)
			row.AppendRow(b, i, 1)
			tx.writes.add(rel.ID, row)
			rows.touched[string(key)] = true
			done.AppendBatch(row)
			continue
		}
		if rows.touched[string(key)] && ins.OnConflict.Update != nil {
			return nil, sqlstate.New(sqlstate.CardinalityViolation, "ON CONFLICT DO UPDATE command cannot affect row a second time").
				WithHint("Ensure that no rows proposed for insertion within the same command have duplicate constrained values.")
		}
		if ins.OnConflict.Update == nil {
			continue
		}
		both := &delta.Batch{Len: 1, Cols: append(present.Cols[:len(ts):len(ts)], b.Gather([]int32{int32(i)}).Cols...)}
		if ins.where != nil {
			cond := ins.where.Eval(fctx, both)
			if err := cond.Errs.Err(0); err != nil {
				return nil, err
			}
			if cond.IsNull(0) || !cond.Bools[0] {
				continue
			}
		}
		updated, err := evaluate(fctx, ins.update, both)
		if err != nil {
			return nil, err
		}
		if err := checkNotNull(rel, updated, &x.session.env, nil); err != nil {
			return nil, err
		}
		tx.writes.add(rel.ID, present.Negate())
		tx.writes.add(rel.ID, updated)
		rows.touched[string(key)] = true
		done.AppendBatch(updated)
	}
	return done, x.checkSize(tx)
}

// keyedRows finds the rows of a table by key, as a transaction sees them.
type keyedRows struct {
	tx      *transaction
	rel     *catalog.Relation
	view    *arrangement.View
	touched map[string]bool // by this statement
}

func (r *keyedRows) get(key []byte) (*delta.Batch, error) {
	if row, changed := r.tx.writtenTo(r.rel).get(key); changed {
		return row, nil
	}
	if r.view == nil { // made by this transaction
		return nil, nil
	}
	enc, count, err := r.view.Get(nil, key)
	if err != nil || count == 0 {
		return nil, err
	}
	row := delta.NewBatch(r.rel.Types(), 1)
	if _, err := delta.DecodeRow(row, enc); err != nil {
		return nil, err
	}
	row.AppendCount(1)
	return row, nil
}

// noteKey remembers a key as read. In a table that the transaction has made there is nothing that others could change.
func (tx *transaction) noteKey(rel *catalog.Relation, key []byte) {
	if tx.made(rel) {
		return
	}
	tx.mu.Lock()
	defer tx.mu.Unlock()
	tx.keys = append(tx.keys, keyRead{rel.ID, delta.HashKey(key)})
}
