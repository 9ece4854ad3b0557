package planner

import (
	"math"
	"strconv"

	"tarn/catalog"
	"tarn/delta"
	"tarn/planner/plan"
	"tarn/sql/decode"
	"tarn/sql/expr"
	"tarn/sql/sqlstate"
	"tarn/sql/stmt"
	"tarn/sql/types"
)

// Insertion is a planned INSERT.
type Insertion struct {
	Relation *catalog.Relation
	// The rows, with all columns of the relation in order, cast and with defaults: of Source, or, where the statement gives
	// only literals or a single row, of Exprs over Literals.
	Source     plan.Node
	Literals   *delta.Batch
	Exprs      []expr.Expr
	OnConflict *Conflict // nil: a row whose key is taken is an error
	Returning  *Returning
	Params     []types.Type
}

// Conflict says what happens to a row whose primary key is taken.
type Conflict struct {
	// Update is the row as it shall be, over the columns of the present row, then those of the row that was to be inserted;
	// nil: DO NOTHING.
	Update []expr.Expr
	Where  expr.Expr // over the same columns; the row stays as it is where it is not true. nil for none
}

// Returning is a RETURNING list.
type Returning struct {
	Exprs   []expr.Expr
	Fields  []plan.Field
	Origins []plan.Origin
}

// Insert plans an INSERT.
func Insert(cat *catalog.Snapshot, env *Env, st *stmt.Insert) (_ *Insertion, err error) {
	defer caught(&err)
	b := newBinder(cat, env)
	rel, err := b.relation(st.Table.Catalog, st.Table.Schema, st.Table.Name, st.Table.Pos)
	if err != nil {
		return nil, err
	}
	b.dependOn(rel)
	out := &Insertion{Relation: rel}
	ins := &inserting{binder: b, rel: rel, out: out, sc: &scope{}}
	if !st.With.IsZero() {
		if err := b.bindWith(st.With.Read(), ins.sc); err != nil {
			return nil, err
		}
	}
	if ins.targets, err = ins.targetColumns(st); err != nil {
		return nil, err
	}
	switch {
	case st.DefaultValues:
		ins.targets = nil
		err = ins.values(&stmt.Values{Cells: nil, Width: 0}, st)
	case st.Values != nil:
		err = ins.values(st.Values, st)
	default:
		err = ins.query(st.Query)
	}
	if err != nil {
		return nil, err
	}
	if out.OnConflict, err = ins.onConflict(st); err != nil {
		return nil, err
	}
	if len(st.Returning) > 0 {
		sc := ins.targetScope(st)
		if out.Returning, err = b.returning(st.Returning, sc, columnPositions(ins.cols)); err != nil {
			return nil, err
		}
	}
	out.Params, err = b.paramTypes()
	return out, err
}

// inserting is the work on one INSERT.
type inserting struct {
	*binder
	rel     *catalog.Relation
	out     *Insertion
	sc      *scope
	targets []int   // the column each given value goes to
	cols    []named // column numbers that stand for the relation's columns in ON CONFLICT and RETURNING
}

// targetColumns are the columns named, or all.
func (ins *inserting) targetColumns(st *stmt.Insert) ([]int, error) {
	var out []int
	if st.Columns == nil {
		for i := range ins.rel.Columns {
			out = append(out, i)
		}
		return out, nil
	}
	for _, t := range st.Columns {
		i, err := target(ins.rel, t)
		if err != nil {
			return nil, err
		}
		if within(out, i) {
			return nil, sqlstate.New(sqlstate.DuplicateColumn, "column \"%s\" specified more than once", t.Name).At(t.Pos)
		}
		out = append(out, i)
	}
	return out, nil
}

// target finds a column that is written to.
func target(rel *catalog.Relation, t stmt.ColumnTarget) (int, error) {
	i := rel.ColumnIndex(t.Name)
	if i < 0 {
		return 0, sqlstate.New(sqlstate.UndefinedColumn, "column \"%s\" of relation \"%s\" does not exist", t.Name, rel.Name).At(t.Pos)
	}
	if t.Indirect {
		return 0, unsupported(t.Pos, "assignment to part of a column is not supported")
	}
	return i, nil
}

func (ins *inserting) checkWidth(width, pos int, st *stmt.Insert) error {
	switch {
	case width > len(ins.targets):
		return sqlstate.New(sqlstate.SyntaxError, "INSERT has more expressions than target columns").At(pos)
	case width < len(ins.targets) && st.Columns != nil:
		return sqlstate.New(sqlstate.SyntaxError, "INSERT has more target columns than expressions").At(st.Columns[width].Pos)
	}
	ins.targets = ins.targets[:width]
	return nil
}

// complete gives the expressions for all columns: those given for targets, defaults for the others.
func (ins *inserting) complete(given func(i int) expr.Expr) ([]expr.Expr, error) {
	out := make([]expr.Expr, len(ins.rel.Columns))
	for i, t := range ins.targets {
		out[t] = given(i)
	}
	for i := range out {
		if out[i] != nil {
			continue
		}
		var err error
		if out[i], err = ColumnDefault(ins.cat, ins.env, ins.rel, i); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// query inserts the rows of a query.
func (ins *inserting) query(ref decode.QueryRef) error {
	q, err := ins.bindQuery(ref, ins.sc, true)
	if err != nil {
		return err
	}
	if len(q.cols) > len(ins.targets) {
		return sqlstate.New(sqlstate.SyntaxError, "INSERT has more expressions than target columns").At(q.cols[len(ins.targets)].pos)
	}
	if len(q.cols) < len(ins.targets) {
		if len(ins.targets) != len(ins.rel.Columns) {
			return sqlstate.New(sqlstate.SyntaxError, "INSERT has more target columns than expressions")
		}
		ins.targets = ins.targets[:len(q.cols)]
	}
	node := q.relation()
	ids := make([]int, len(q.cols))
	for i := range q.cols {
		if q.cols[i].fields != nil {
			return unsupported(q.cols[i].pos, "row values cannot be inserted")
		}
		col := &ins.rel.Columns[ins.targets[i]]
		assign := func(e expr.Expr, pos int) (expr.Expr, error) { return ins.assign(e, col, pos) }
		if node, ids[i], err = ins.give(node, q.cols[i], assign); err != nil {
			return err
		}
	}
	return ins.source(node, func(i int) expr.Expr { return ins.column(ids[i]) })
}

// source computes all columns over a node that has the given ones. A single row of expressions, as most statements with
// parameters insert, needs no plan.
func (ins *inserting) source(in logical, given func(i int) expr.Expr) error {
	exprs, err := ins.complete(given)
	if err != nil {
		return err
	}
	p := &project{in: in}
	var cols []output
	for i, e := range exprs {
		name := ins.rel.Columns[i].Name
		id := ins.newColumn(name, ins.rel.Columns[i].Type)
		p.items = append(p.items, item{id, e})
		cols = append(cols, output{named: named{name: name, id: id}})
	}
	root := ins.lowered(p, outputIDs(cols), cols)
	ins.out.Source, _ = optimise(root.node, once, ins.ctx)
	if c, ok := ins.out.Source.(*plan.Constant); ok && len(c.Rows) == 1 {
		ins.out.Source, ins.out.Literals, ins.out.Exprs = nil, &delta.Batch{Len: 1}, c.Rows[0]
	}
	return nil
}

// values inserts VALUES: literals go straight into a batch; with anything else among them the rows become expressions.
func (ins *inserting) values(v *stmt.Values, st *stmt.Insert) error {
	if v.Width > 0 {
		if err := ins.checkWidth(v.Width, int(v.Cells[min(len(ins.targets), v.Width-1)].Pos), st); err != nil {
			return err
		}
	}
	for i := range v.Cells {
		if k := v.Cells[i].Kind; k == stmt.ParamCell || k == stmt.ExprCell || k == stmt.DefaultCell {
			return ins.expressions(v)
		}
	}
	if v.Width == 0 {
		return ins.source(oneRow(), nil)
	}
	batch := &delta.Batch{Cols: make([]delta.Column, v.Width), Len: v.Len()}
	for i, t := range ins.targets {
		if err := ins.literals(v, i, &ins.rel.Columns[t], &batch.Cols[i]); err != nil {
			return err
		}
	}
	exprs, err := ins.complete(func(i int) expr.Expr {
		col := &ins.rel.Columns[ins.targets[i]]
		return &expr.Column{T: col.Type, Index: i, Name: col.Name}
	})
	ins.out.Literals, ins.out.Exprs = batch, exprs
	return err
}

// literals reads column i of VALUES into a column of its type.
func (ins *inserting) literals(v *stmt.Values, i int, col *catalog.Column, out *delta.Column) error {
	*out = delta.NewColumn(col.Type.Kind(), v.Len())
	var d types.Datum
	var text []byte
	for r := 0; r < v.Len(); r++ {
		cell := &v.Cells[r*v.Width+i]
		if cell.Kind == stmt.NullCell {
			out.AppendNull()
			continue
		}
		if n, ok := smallInteger(cell, col.Type.OID); ok {
			out.AppendInt(n)
			continue
		}
		if directText(cell.Kind, col.Type.OID) {
			text = append(text[:0], cell.Text...)
			if err := types.ParseBytes(col.Type, text, &ins.ctx.Env, &d); err != nil {
				if e := sqlstate.From(err); e.Code != sqlstate.StringDataRightTruncation { // that is about the column
					err = e.At(int(cell.Pos))
				}
				return err
			}
			if cell.Kind != stmt.StringCell && d.Float == 0 {
				d.Float = 0 // a number has no negative zero, unless it is a float already
			}
			out.AppendDatum(d)
			continue
		}
		e, err := ins.cell(cell, nil)
		if err != nil {
			return err
		}
		if e, err = ins.assign(e, col, int(cell.Pos)); err != nil {
			return err
		}
		value, err := expr.EvalConst(ins.ctx, e)
		if err != nil {
			return err
		}
		out.AppendDatum(value)
	}
	return nil
}

// smallInteger is an integer literal for an integer column, if it fits.
func smallInteger(cell *stmt.Cell, t types.OID) (int64, bool) {
	if cell.Kind != stmt.IntCell {
		return 0, false
	}
	n, err := strconv.ParseInt(cell.Text, 10, 64)
	if err != nil {
		return 0, false
	}
	switch t {
	case types.Int2OID:
		return n, n >= math.MinInt16 && n <= math.MaxInt16
	case types.Int4OID:
		return n, n >= math.MinInt32 && n <= math.MaxInt32
	case types.Int8OID:
		return n, true
	}
	return 0, false
}

// directText tells whether a literal's text, read as the column's type, is what assigning the literal would give.
func directText(k stmt.CellKind, t types.OID) bool {
	switch k {
	case stmt.StringCell:
		return true
	case stmt.IntCell, stmt.NumericCell:
		return t == types.NumericOID || t == types.Float8OID
	case stmt.BoolCell:
		return t == types.BoolOID
	}
	return false
}

// cell is a cell as an expression, with the type PostgreSQL gives the literal.
func (ins *inserting) cell(cell *stmt.Cell, bind func(i int32) (expr.Expr, error)) (expr.Expr, error) {
	switch cell.Kind {
	case stmt.NullCell:
		return &expr.Const{T: unknownType, Value: types.Null}, nil
	case stmt.BoolCell:
		return boolConst(cell.Text == "true"), nil
	case stmt.IntCell:
		return bindConst(decode.Const{Pos: decode.Pos(cell.Pos), Kind: decode.Int, Text: cell.Text})
	case stmt.NumericCell:
		return bindConst(decode.Const{Pos: decode.Pos(cell.Pos), Kind: decode.Numeric, Text: cell.Text})
	case stmt.StringCell:
		return stringConst(cell.Text), nil
	case stmt.BitsCell:
		return nil, unsupported(int(cell.Pos), "bit strings are not supported")
	case stmt.ParamCell:
		return (&clause{binder: ins.binder}).bindParam(decode.Param{Pos: decode.Pos(cell.Pos), N: int(cell.N)})
	default:
		return bind(cell.N)
	}
}

// expressions inserts VALUES that are not all literals.
func (ins *inserting) expressions(v *stmt.Values) error {
	attach := &attachments{}
	c := &clause{binder: ins.binder, sc: ins.sc, name: "VALUES", attach: attach}
	node := &rows{}
	for i := range ins.targets {
		col := &ins.rel.Columns[ins.targets[i]]
		node.cols = append(node.cols, ins.newColumn(col.Name, col.Type))
	}
	defaults := make([]expr.Expr, len(ins.rel.Columns))
	for r := 0; r < v.Len(); r++ {
		row := make([]expr.Expr, v.Width)
		for i, cell := range v.Row(r) {
			t := ins.targets[i]
			if cell.Kind == stmt.DefaultCell {
				if defaults[t] == nil {
					var err error
					if defaults[t], err = ColumnDefault(ins.cat, ins.env, ins.rel, t); err != nil {
						return err
					}
				}
				row[i] = defaults[t]
				continue
			}
			e, err := ins.cell(&cell, func(n int32) (expr.Expr, error) { return c.bind(v.Exprs[n]) })
			if err != nil {
				return err
			}
			if row[i], err = ins.assign(e, &ins.rel.Columns[t], int(cell.Pos)); err != nil {
				return err
			}
		}
		node.rows = append(node.rows, row)
	}
	if len(attach.list) == 0 {
		return ins.source(node, func(i int) expr.Expr { return ins.column(node.cols[i]) })
	}
	if len(node.rows) > 1 {
		return unsupported(int(v.Cells[0].Pos), "subqueries in VALUES of several rows are not supported").(*sqlstate.Error).WithHint("Use INSERT ... SELECT ... UNION ALL SELECT ....")
	}
	return ins.source(attach.onto(oneRow()), func(i int) expr.Expr { return node.rows[0][i] })
}

// targetScope names the relation's columns for RETURNING and ON CONFLICT.
func (ins *inserting) targetScope(st *stmt.Insert) *scope {
	if ins.cols == nil {
		for i := range ins.rel.Columns {
			c := &ins.rel.Columns[i]
			id := ins.newColumn(c.Name, c.Type)
			ins.origins[id] = plan.Origin{Relation: ins.rel.ID, Column: int16(i + 1)}
			ins.cols = append(ins.cols, named{name: c.Name, id: id})
		}
	}
	e := &entry{name: ins.rel.Name, schema: ins.rel.Schema, rel: ins.rel, cols: ins.cols, relation: true, plain: true}
	if st.Alias != "" {
		e.name, e.unaliased = st.Alias, ins.rel.Name
	}
	return &scope{outer: ins.sc, entries: []*entry{e}}
}

// columnPositions maps column numbers to their order.
func columnPositions(cols []named) map[int]int {
	at := make(map[int]int, len(cols))
	for i, c := range cols {
		at[c.id] = i
	}
	return at
}
