package exec

import (
	"tarn/delta"
	"tarn/planner/plan"
	"tarn/sql/functions"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// flatmap calls a set-returning function for every row and emits the row once for each row it returns, with the count of
// the row. It keeps nothing: the function returns the same set when the row is deleted as when it was inserted. A strict
// function returns nothing for a NULL argument.
//
// Sets go on in pieces, however large they are. If a call fails after some of its rows have gone, they are taken back: the
// same call once more, with the count's sign changed, which fails at the same row.
type flatmap struct {
	stateless
	plan *plan.FlatMap
	args exprs
}

func (f *flatmap) push(n *node, _ int, b *delta.Batch) error {
	b, args, err := f.args.eval(n, b, nil)
	if err != nil {
		return err
	}
	r := f.run(n, b)
	row := make([]types.Datum, len(args))
	for i := range b.Len {
		null := false
		for j := range args {
			row[j] = args[j].Datum(i)
			null = null || row[j].Null
		}
		r.begin(i)
		failed := false
		if !null || f.plan.Fn.NullCall {
			if failed, err = f.call(r, row); err != nil {
				return err
			}
		}
		if !failed {
			r.end()
		}
		if len(r.sel) >= functions.SetRows {
			if err := r.emit(); err != nil {
				return err
			}
		}
	}
	return r.emit()
}

// call calls the function for the row that has begun. A row for which it fails is an error, and nothing of its set stays.
func (f *flatmap) call(r *flatRun, row []types.Datum) (failed bool, err error) {
	var interrupted error // of what comes after, or of a cancel: not of the function
	more := func() error {
		r.note()
		interrupted = r.emit()
		return interrupted
	}
	if f.plan.Fn.Series != nil {
		err = f.plan.Fn.Series(r.fn, row, r.set, more)
	} else {
		err = f.plan.Fn.Set(r.fn, row, r.set)
	}
	if err == nil || interrupted != nil {
		return false, interrupted
	}
	r.drop()
	if err := r.node.fail(sqlstate.From(err), r.batch.Count(r.row)); err != nil || r.made == 0 {
		return true, err
	}
	back := f.run(r.node, r.batch.Negate())
	back.begin(r.row)
	_ = f.plan.Fn.Series(back.fn, row, back.set, func() error {
		back.note()
		interrupted = back.emit()
		return interrupted
	})
	return true, interrupted
}

// flatRun is the rows that one batch becomes.
type flatRun struct {
	*flatmap
	node  *node
	batch *delta.Batch
	fn    *functions.Context
	held  int64 // what functions took of a query's memory for sets that must be whole

	row  int            // of the batch, whose call is under way
	from int            // where its rows begin in set
	made int64          // rows of it noted so far
	set  []delta.Column // what calls returned and emit has not taken

	sel      []int32 // by row of set: the row of the batch
	ordinals []int64
	outer    []int32 // rows of set that are NULL-extended
}

func (f *flatmap) run(n *node, b *delta.Batch) *flatRun {
	r := &flatRun{flatmap: f, node: n, batch: b, fn: f.args.fn, set: make([]delta.Column, len(f.plan.Columns))}
	if n.flow.once {
		fn := *f.args.fn
		fn.Room = func(bytes int64) error {
			err := n.flow.take(bytes)
			if err == nil {
				r.held += bytes
			}
			return err
		}
		r.fn = &fn
	}
	for i, c := range f.plan.Columns {
		r.set[i] = delta.NewColumn(c.Type.Kind(), b.Len)
	}
	return r
}

func (r *flatRun) begin(row int) { r.row, r.from, r.made = row, r.set[0].Len(), 0 }

// note notes whose the rows are that set has got.
func (r *flatRun) note() {
	for ; r.from < r.set[0].Len(); r.from++ {
		r.made++
		r.sel = append(r.sel, int32(r.row))
		r.ordinals = append(r.ordinals, r.made)
	}
}

// drop takes the rows away that are not noted: those of a call that failed half way.
func (r *flatRun) drop() {
	sel := make([]int32, r.from)
	for i := range sel {
		sel[i] = int32(i)
	}
	for j := range r.set {
		r.set[j] = r.set[j].Gather(sel)
	}
}

// end ends a row: without rows of its own, it is NULL-extended in an outer join.
func (r *flatRun) end() {
	r.note()
	if !r.plan.Outer || r.made > 0 {
		return
	}
	r.outer = append(r.outer, int32(len(r.sel)))
	r.sel = append(r.sel, int32(r.row))
	r.ordinals = append(r.ordinals, 0)
	for j := range r.set {
		r.set[j].AppendNull()
	}
}

// emit emits the rows noted. set is empty afterwards.
func (r *flatRun) emit() error {
	if err := r.node.flow.ctx.Err(); err != nil {
		return err
	}
	made := &delta.Batch{Cols: append([]delta.Column(nil), r.set...), Len: len(r.sel)}
	if r.plan.Ordinality {
		var valid delta.Bitmap
		if len(r.outer) > 0 {
			valid = delta.FullBitmap(len(r.sel))
			for _, i := range r.outer {
				valid.Clear(int(i))
			}
		}
		made.Cols = append(made.Cols, delta.IntColumn(r.ordinals, valid))
	}
	for j := range r.set {
		r.set[j] = delta.NewColumn(r.set[j].Kind, 0)
	}
	sel := r.sel
	r.sel, r.ordinals, r.outer, r.from = nil, nil, nil, 0
	// What follows holds memory for a batch, and stops between batches.
	for lo, rows := 0, r.rows(); lo < len(sel); lo += rows {
		hi := min(lo+rows, len(sel))
		out := r.batch.Gather(sel[lo:hi])
		out.Cols = append(out.Cols, made.Slice(lo, hi).Cols...)
		if err := r.node.emit(out); err != nil {
			return err
		}
	}
	held := r.held
	r.held = 0
	return r.node.flow.take(-held)
}

// rows is how many rows go on at once: fewer where those that are repeated are long.
func (r *flatRun) rows() int {
	rows := max(setBytes/(longest(r.batch.Cols, 0, r.batch.Len)+8*len(r.batch.Cols)+1), 1)
	if rows > 64 {
		rows &^= 63 // so that slices share memory
	}
	return min(rows, functions.SetRows)
}

// longest is how many bytes of values the longest of some rows has in columns.
func longest(cols []delta.Column, from, to int) (bytes int) {
	for j := range cols {
		c, most := &cols[j], uint32(0)
		if c.Kind != types.Bytes || from >= to {
			continue
		}
		at := c.Offsets[from]
		for _, end := range c.Offsets[from+1 : to+1] {
			most = max(most, end-at)
			at = end
		}
		bytes += int(most)
	}
	return bytes
}

// setBytes is about what the rows take that go on at once.
const setBytes = 8 << 20
