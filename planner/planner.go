package planner

import (
	"tarn/catalog"
	"tarn/planner/plan"
	"tarn/sql"
	"tarn/sql/decode"
	"tarn/sql/expr"
	"tarn/sql/functions"
	"tarn/sql/sqlstate"
	"tarn/sql/stmt"
	"tarn/sql/types"
)

// Query plans a query that is asked once.
func Query(cat *catalog.Snapshot, env *Env, q decode.QueryRef) (_ *plan.Query, err error) {
	defer caught(&err)
	b := newBinder(cat, env)
	bq, err := b.bindQuery(q, nil, false)
	if err != nil {
		return nil, err
	}
	return b.query(bq)
}

// query lowers and optimises a bound query.
func (b *binder) query(q *bound) (*plan.Query, error) {
	out := &plan.Query{Visible: len(q.cols), Limit: q.limit, Offset: q.offset}
	ids := outputIDs(q.cols)
	for i := range q.cols {
		out.Origins = append(out.Origins, b.origins[q.cols[i].id])
		if q.cols[i].fields != nil {
			return nil, unsupported(q.cols[i].pos, "row values are not supported in the result of a query").(*sqlstate.Error).
				WithHint("Name one column of the row: (%s).%s.", q.cols[i].name, q.cols[i].fields[0].name)
		}
	}
	for _, k := range q.order {
		for _, id := range expr.Columns(k.Expr) {
			if !within(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	root := b.lowered(q.node, ids, q.cols)
	out.OrderBy = root.overOrder(q.order)
	if len(q.order) == 0 && (q.limit != nil || q.offset != nil) {
		out.OrderBy = nil
	}
	out.Root, out.Rules = optimise(root.node, once, b.ctx)
	readInOrder(out)
	var err error
	out.Params, err = b.paramTypes()
	return out, err
}

// lowered is the plan of n with just the columns ids; the first are named as cols say.
func (b *binder) lowered(n logical, ids []int, cols []output) lowered {
	w := &lowering{binder: b, memo: map[logical]lowered{}, free: outerColumns{}}
	in := mustLower(w, n)
	p := &plan.Project{Input: in.node}
	for i, id := range ids {
		c := in.column(id)
		f := plan.Field{Name: c.Name, Type: c.T}
		if i < len(cols) {
			f.Name = cols[i].name
		}
		p.Exprs = append(p.Exprs, c)
		p.Fields = append(p.Fields, f)
	}
	return lowered{p, ids}
}

// Created is what the query of a new view comes to.
type Created struct {
	Root    plan.Node
	Depends []uint32 // the users' relations it names, in the order of the text
	Rules   []string // names of the rewrite rules that applied
}

// CreateView plans the query of a view. Of one that will be kept up to date (kept), nothing may depend on the clock or on a
// session (0A000). An ORDER BY means nothing in a view, except together with LIMIT, which keeps the first rows.
func CreateView(cat *catalog.Snapshot, env *Env, q decode.QueryRef, kept bool) (_ *Created, err error) {
	defer caught(&err)
	b := newBinder(cat, env)
	b.standing = kept
	bq, err := b.bindQuery(q, nil, false)
	if err != nil {
		return nil, err
	}
	if len(b.params) > 0 {
		return nil, sqlstate.New(sqlstate.UndefinedParameter, "there is no parameter $1").WithHint("The definition of a view cannot use parameters.")
	}
	for i := range bq.cols {
		if bq.cols[i].fields != nil {
			return nil, unsupported(bq.cols[i].pos, "row values are not supported in the result of a view").(*sqlstate.Error).
				WithHint("Name one column of the row: (%s).%s.", bq.cols[i].name, bq.cols[i].fields[0].name)
		}
	}
	root := b.lowered(bq.relation(), outputIDs(bq.cols), bq.cols)
	out := &Created{Depends: b.depends}
	to := alone
	if kept {
		to = alongside
	}
	out.Root, out.Rules = optimise(root.node, to, b.ctx)
	return out, checkSize(out.Root)
}

// maxNodes bounds the plan of a view as a tree: its operators are told apart by all that is below them.
const maxNodes = 1 << 16

func checkSize(root plan.Node) error {
	if plan.Size(root) <= maxNodes {
		return nil
	}
	return sqlstate.New(sqlstate.StatementTooComplex, "the query of the view is too large").
		WithHint("A WITH query that is used twice counts twice, as do those that it uses. Make views of some of them.")
}

// View plans the query of a materialised view that exists.
func View(cat *catalog.Snapshot, env *Env, q decode.QueryRef) (plan.Node, error) {
	v, err := CreateView(cat, env, q, true)
	if err != nil {
		return nil, err
	}
	return v.Root, nil
}

// Relation plans reading all of a relation for ever: a view is replaced by its query.
func Relation(cat *catalog.Snapshot, env *Env, rel *catalog.Relation) (_ plan.Node, err error) {
	defer caught(&err)
	b := newBinder(cat, env)
	b.standing = true
	node, cols, err := b.bindRelation(rel, 0)
	if err != nil {
		return nil, err
	}
	outputs := make([]output, len(cols))
	for i := range cols {
		outputs[i] = output{named: cols[i]}
	}
	root := b.lowered(node, outputIDs(outputs), outputs)
	out, _ := optimise(root.node, alone, b.ctx)
	return out, nil
}

// FindRelation finds a relation by a name in a statement. Errors: 42P01 with the nearest name as a hint.
func FindRelation(cat *catalog.Snapshot, env *Env, schema, name string, pos int) (*catalog.Relation, error) {
	return newBinder(cat, env).relation("", schema, name, pos)
}

// Scalar binds an expression without columns as a value to be assigned to type t.
func Scalar(cat *catalog.Snapshot, env *Env, h decode.Handle, t types.Type) (_ expr.Expr, err error) {
	defer caught(&err)
	b := newBinder(cat, env)
	c := &clause{binder: b, sc: &scope{}, name: "EXECUTE parameters"}
	e, err := c.bind(h)
	if err != nil {
		return nil, err
	}
	out, ok, err := b.coerce(e, t, functions.Assignment, h.Pos())
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, sqlstate.New(sqlstate.DatatypeMismatch, "parameter of type %s cannot be coerced to the expected type %s", types.Of(e.Type().OID), t).
			WithHint("You will need to rewrite or cast the expression.").At(h.Pos())
	}
	return out, nil
}

// Default binds the DEFAULT expression of a column.
func Default(cat *catalog.Snapshot, env *Env, h decode.Handle, column string, t types.Type) (_ expr.Expr, err error) {
	defer caught(&err)
	b := newBinder(cat, env)
	c := &clause{binder: b, sc: &scope{}, name: "DEFAULT expressions"}
	if ref, ok := h.Node().(decode.ColumnRef); ok {
		return nil, sqlstate.New(sqlstate.FeatureNotSupported, "cannot use column reference in DEFAULT expression").At(ref.Position())
	}
	e, err := c.bind(h)
	if err != nil {
		return nil, err
	}
	out, ok, err := b.coerce(e, t, functions.Assignment, h.Pos())
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, sqlstate.New(sqlstate.DatatypeMismatch, "column \"%s\" is of type %s but default expression is of type %s", column, t, types.Of(e.Type().OID)).
			WithHint("You will need to rewrite or cast the expression.")
	}
	return out, nil
}

// ColumnDefault is what a column holds where a row gives nothing: its default, or NULL.
func ColumnDefault(cat *catalog.Snapshot, env *Env, rel *catalog.Relation, column int) (expr.Expr, error) {
	col := &rel.Columns[column]
	if col.Default == "" {
		return &expr.Const{T: col.Type, Value: types.Null}, nil
	}
	parsed, err := sql.Parse("SELECT " + col.Default)
	if err != nil {
		return nil, err
	}
	if len(parsed) == 1 {
		if sel, ok := parsed[0].Node.(*stmt.Select); ok {
			if body, ok := sel.Query.Read().Body.(decode.Select); ok && len(body.Items) == 1 && !body.Items[0].Star {
				return Default(cat, env, body.Items[0].Expr, col.Name, col.Type)
			}
		}
	}
	return nil, sqlstate.New(sqlstate.InternalError, "default of column \"%s\" is no expression", col.Name)
}
