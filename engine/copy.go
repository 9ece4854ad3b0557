package engine

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"

	"tarn/catalog"
	"tarn/delta"
	"tarn/delta/arrowio"
	"tarn/exec"
	"tarn/planner"
	"tarn/planner/plan"
	"tarn/sql/copyformat"
	"tarn/sql/expr"
	"tarn/sql/functions"
	"tarn/sql/sqlstate"
	"tarn/sql/stmt"
	"tarn/sql/types"
)

// copyPlan is a planned COPY.
type copyPlan struct {
	options  copyformat.Options
	rel      *catalog.Relation // COPY FROM: the target
	columns  []int             // its columns that the data has, in order
	defaults []*expr.Program   // for each column of rel that the data has not; nil: NULL
	query    *plan.Query       // COPY TO
	follow   *Prepared         // COPY (SUBSCRIBE ...) TO
}

func planCopy(pl *planning, p *Prepared) error {
	st := p.Statement.Node.(*stmt.Copy)
	if st.Kind != stmt.CopyStdio {
		return sqlstate.New(sqlstate.FeatureNotSupported, "COPY to or from a file or program of the server is not supported").
			WithHint(`Use COPY FROM STDIN and COPY TO STDOUT, or psql's \copy.`)
	}
	options, err := copyformat.ParseOptions(st.Options, st.From)
	if err != nil {
		return err
	}
	c := &copyPlan{options: options}
	p.planned = c
	if st.Statement != nil {
		return c.planStatement(pl, p, st)
	}
	name := *st.Table
	name.Pos = 0 // PostgreSQL points at no place; psql's \copy, which sends another text than was typed, could show only a wrong one
	rel, err := pl.session.find(pl.state.Catalog, name)
	if err != nil {
		return err
	}
	c.options.Relation = rel.Name
	if c.columns, err = copyColumns(rel, st.Columns); err != nil {
		return err
	}
	if st.From {
		return c.planFrom(pl, rel, st)
	}
	if rel.Kind == catalog.View {
		return sqlstate.New(sqlstate.WrongObjectType, "cannot copy from view %q", rel.Name).
			WithHint("Try the COPY (SELECT ...) TO variant.")
	}
	c.query = tableQuery(rel, c.columns)
	return nil
}

func copyColumns(rel *catalog.Relation, names []string) ([]int, error) {
	var out []int
	if names == nil {
		for i := range rel.Columns {
			out = append(out, i)
		}
		return out, nil
	}
	for _, name := range names {
		i := rel.ColumnIndex(name)
		if i < 0 {
			return nil, sqlstate.New(sqlstate.UndefinedColumn, "column %q of relation %q does not exist", name, rel.Name)
		}
		for _, c := range out {
			if c == i {
				return nil, sqlstate.New(sqlstate.DuplicateColumn, "column %q specified more than once", name)
			}
		}
		out = append(out, i)
	}
	return out, nil
}

// tableQuery reads columns of a relation.
func tableQuery(rel *catalog.Relation, columns []int) *plan.Query {
	return &plan.Query{Root: &plan.Get{Relation: rel, Columns: columns}, Visible: len(columns)}
}

// planStatement is COPY (query) TO.
func (c *copyPlan) planStatement(pl *planning, p *Prepared, st *stmt.Copy) error {
	inner := &Prepared{Statement: p.Statement}
	inner.Statement.Node = st.Statement
	switch st.Statement.(type) {
	case *stmt.Select:
		if err := planSelect(pl, inner); err != nil {
			return err
		}
		c.query = inner.planned.(*selection).query
	case *stmt.Subscribe:
		if err := planSubscription(pl, inner); err != nil {
			return err
		}
		c.follow = inner
	default:
		return sqlstate.New(sqlstate.FeatureNotSupported, "COPY of this statement is not supported").
			WithHint("COPY takes a SELECT or a SUBSCRIBE in parentheses.").At(st.Pos)
	}
	if len(inner.Params) > 0 {
		return sqlstate.New(sqlstate.UndefinedParameter, "there is no parameter $1")
	}
	return nil
}

func (c *copyPlan) planFrom(pl *planning, rel *catalog.Relation, st *stmt.Copy) error {
	if err := writable(rel, false, "copy to"); err != nil {
		return err
	}
	if !st.Where.IsZero() {
		return sqlstate.New(sqlstate.FeatureNotSupported, "COPY FROM ... WHERE is not supported")
	}
	c.rel = rel
	given := make([]bool, len(rel.Columns))
	for _, i := range c.columns {
		given[i] = true
	}
	c.defaults = make([]*expr.Program, len(rel.Columns))
	for i := range rel.Columns {
		if given[i] || rel.Columns[i].Default == "" {
			continue
		}
		e, err := planner.ColumnDefault(pl.state.Catalog, pl.session.planEnv(pl.ctx, pl.state, pl.tx, nil), rel, i)
		if err != nil {
			return err
		}
		c.defaults[i] = expr.Compile(e)
	}
	return nil
}

// formatColumns are the columns of the data of a COPY.
func (c *copyPlan) formatColumns() []copyformat.Column {
	var out []copyformat.Column
	switch {
	case c.rel != nil:
		for _, i := range c.columns {
			out = append(out, copyformat.Column{Name: c.rel.Columns[i].Name, Type: c.rel.Columns[i].Type})
		}
	case c.query != nil:
		for _, f := range fieldsOf(c.query) {
			out = append(out, copyformat.Column{Name: f.Name, Type: f.Type})
		}
	default:
		for _, f := range c.follow.Fields {
			out = append(out, copyformat.Column{Name: f.Name, Type: f.Type})
		}
	}
	return out
}

func executeCopy(ctx context.Context, x *executing) (string, error) {
	if x.prepared.planned.(*copyPlan).follow != nil {
		return executeSubscribe(ctx, x) // which keeps no transaction open
	}
	if err := x.current(ctx, x.session.open()); err != nil {
		return "", err
	}
	c := x.prepared.planned.(*copyPlan)
	if c.rel != nil {
		return x.copyFrom(ctx, c)
	}
	return x.copyTo(ctx, c)
}

// copyFrom loads what the client sends, as one transaction: a COPY that fails leaves nothing behind. The data can be read
// once only, so it is never run again after a lost race; but it reads nothing that others could change.
func (x *executing) copyFrom(ctx context.Context, c *copyPlan) (string, error) {
	if x.readOnly() {
		return "", x.errReadOnly()
	}
	in, err := x.client.CopyIn(len(c.columns))
	if err != nil {
		return "", err
	}
	tx := x.session.open()
	options := c.options
	options.MaxLine = x.session.engine.largestValue()
	reader, err := copyformat.NewReader(in, options, c.formatColumns(), &x.session.env)
	if err != nil {
		return "", err
	}
	fctx := x.session.context(tx.state, tx, nil)
	n := 0
	for {
		if err := ctx.Err(); err != nil {
			return "", err
		}
		b, err := reader.Next(copyRows)
		if errors.Is(err, io.EOF) {
			return fmt.Sprintf("COPY %d", n), nil
		}
		if err != nil {
			return "", err
		}
		full := &delta.Batch{Cols: make([]delta.Column, len(c.rel.Columns)), Len: b.Len}
		for i, col := range c.columns {
			full.Cols[col] = b.Cols[i]
		}
		for i := range full.Cols {
			if full.Cols[i].Kind != types.Invalid {
				continue
			}
			if full.Cols[i], err = c.missing(fctx, i, b.Len); err != nil {
				return "", err
			}
		}
		if err := x.insert(tx, c.rel, full, reader.Where); err != nil {
			return "", err
		}
		n += b.Len
	}
}

// missing is column i of n rows for which the data has none: its default, or NULL.
func (c *copyPlan) missing(ctx *functions.Context, i, n int) (delta.Column, error) {
	if c.defaults[i] == nil {
		return delta.Repeat(c.rel.Columns[i].Type.Kind(), types.Null, n), nil
	}
	b, err := evaluate(ctx, c.defaults[i:i+1], &delta.Batch{Len: n})
	if err != nil {
		return delta.Column{}, err
	}
	return b.Cols[0], nil
}

// copyRows is the size of the batches COPY FROM gathers.
const copyRows = 1 << 13

func (x *executing) copyTo(ctx context.Context, c *copyPlan) (string, error) {
	columns := c.formatColumns()
	out, err := x.client.CopyOut(len(columns))
	if err != nil {
		return "", err
	}
	write, end, err := c.writer(out, columns, x.session.Env())
	if err != nil {
		return "", err
	}
	n := 0
	emit := func(b *delta.Batch) error {
		n += b.Len
		return write(b)
	}
	if c.follow != nil {
		err = x.subscribe(ctx, c.follow, emit)
	} else {
		tx := x.session.open()
		err = x.runPlan(ctx, tx, exec.NewQuery(c.query), false, emit)
	}
	if err == nil {
		err = end()
	}
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("COPY %d", n), nil
}

// writer is how rows become bytes in the format asked for: for each batch, and at the end.
func (c *copyPlan) writer(out io.Writer, columns []copyformat.Column, env *types.Env) (write func(*delta.Batch) error, end func() error, err error) {
	if c.options.Format == copyformat.Arrow {
		fields := make([]arrowio.Field, len(columns))
		for i, col := range columns {
			fields[i] = arrowio.Field(col)
		}
		buffered := bufio.NewWriterSize(out, 1<<16)
		w := arrowio.NewWriter(buffered, fields, env)
		return w.Write, func() error { return errors.Join(w.Close(), buffered.Flush()) }, nil
	}
	w, err := copyformat.NewWriter(out, c.options, columns, env)
	if err != nil {
		return nil, nil, err
	}
	return w.Write, func() error { return nil }, w.Start()
}

// wholeScan reads all columns of a relation.
func wholeScan(rel *catalog.Relation) *exec.Scan {
	cols := make([]int, len(rel.Columns))
	for i := range cols {
		cols[i] = i
	}
	return exec.NewScan(rel, cols)
}
