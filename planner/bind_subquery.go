package planner

import (
	"tarn/delta"
	"tarn/planner/plan"
	"tarn/sql/decode"
	"tarn/sql/expr"
	"tarn/sql/functions"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// anyValue is the value of a scalar subquery: that of its only row. Of several rows the first in order stands for all, and
// is not used, as the count beside it is more than one.
var anyValue = &functions.Aggregate{
	Name: "any_value", Args: []types.OID{types.AnyElementOID}, Returns: types.AnyElementOID, NullCall: true,
	Collect: func(_ *functions.Context, args []delta.Column, n int, out *delta.Column) {
		if n == 0 {
			out.AppendNull()
			return
		}
		out.AppendRow(&args[0], 0)
	},
}

// countRows is count(*).
func countRows() plan.Agg {
	fn, _, err := functions.ResolveAggregate("count", nil)
	if err != nil || fn == nil {
		panic("planner: no aggregate count(*)")
	}
	return plan.Agg{Fn: fn, T: int8Type}
}

func (b *binder) aggregateOf(name string, e expr.Expr, pos int) (plan.Agg, error) {
	fn, ok, err := functions.ResolveAggregate(name, []types.OID{e.Type().OID})
	if err != nil {
		return plan.Agg{}, at(err, pos)
	}
	if !ok {
		return plan.Agg{}, unsupported(pos, "%s is not supported", name)
	}
	args := []expr.Expr{e}
	return plan.Agg{Fn: fn, T: resultType(fn.Result, fn.Returns, args), Args: args}, nil
}

// subquery binds the query of an expression; want is its number of columns, 0 for any.
func (c *clause) subquery(ref decode.QueryRef, want int, pos int) (*bound, error) {
	if c.attach == nil {
		return nil, sqlstate.New(sqlstate.FeatureNotSupported, "cannot use subquery in %s", c.name).At(pos)
	}
	q, err := c.bindQuery(ref, c.sc, false)
	if err != nil {
		return nil, err
	}
	for _, col := range q.cols {
		if col.fields != nil && want != 0 {
			return nil, unsupported(pos, "row values are not supported here")
		}
	}
	switch {
	case want == 0 || len(q.cols) == want:
		return q, nil
	case want == 1 && len(q.cols) > 1:
		return nil, sqlstate.New(sqlstate.SyntaxError, "subquery must return only one column").At(pos)
	case len(q.cols) > want:
		return nil, sqlstate.New(sqlstate.SyntaxError, "subquery has too many columns").At(pos)
	}
	return nil, sqlstate.New(sqlstate.SyntaxError, "subquery has too few columns").At(pos)
}

// atMostOne tells whether n gives at most one row, whatever the outer row.
func atMostOne(n logical) bool {
	switch n := n.(type) {
	case *aggregate:
		return len(n.keys) == 0 && !n.grouped
	case *project:
		return atMostOne(n.in)
	case *filter:
		return atMostOne(n.in)
	case *rows:
		return len(n.rows) <= 1
	case *topK:
		limit, ok := n.limit.(*expr.Const)
		return ok && !limit.Value.Null && limit.Value.Int <= 1 && len(n.keys) == 0
	}
	return false
}

func (c *clause) bindScalarQuery(n decode.ScalarQuery) (expr.Expr, error) {
	q, err := c.subquery(n.Query, 1, n.Position())
	if err != nil {
		return nil, err
	}
	values, err := c.scalar(q)
	if err != nil {
		return nil, err
	}
	return values[0], nil
}

// scalar joins a query of at most one row and gives its columns: NULL for no row, an error (21000) for several.
func (c *clause) scalar(q *bound) ([]expr.Expr, error) {
	r := q.relation()
	values := make([]expr.Expr, len(q.cols))
	if atMostOne(r) {
		for i := range q.cols {
			values[i] = c.column(q.cols[i].id)
			delete(c.origins, q.cols[i].id) // to clients it is an expression
		}
	} else {
		agg := &aggregate{in: r, single: true}
		for _, col := range q.cols {
			fn := *anyValue
			t := c.fields[col.id].Type
			fn.Args, fn.Returns = []types.OID{t.OID}, t.OID
			id := c.newColumn(col.name, t)
			agg.aggs = append(agg.aggs, aggCall{id, plan.Agg{Fn: &fn, T: t, Args: []expr.Expr{c.column(col.id)}}})
		}
		n := c.newColumn("count", int8Type)
		agg.aggs = append(agg.aggs, aggCall{n, countRows()})
		many, err := c.operator("", ">", c.column(n), &expr.Const{T: int8Type, Value: types.Datum{Int: 1}}, 0, 0, 0)
		if err != nil {
			return nil, err
		}
		for i := range q.cols {
			t := c.fields[q.cols[i].id].Type
			values[i] = &expr.Case{T: t, Else: c.column(agg.aggs[i].id), Whens: []expr.When{{Cond: many, Then: &expr.Fail{
				T: t, Code: string(sqlstate.CardinalityViolation), Message: "more than one row returned by a subquery used as an expression",
			}}}}
		}
		r = agg
	}
	c.attach.add(nil, func(in logical) logical { return &join{kind: plan.Left, l: in, r: r} })
	return values, nil
}

// compareRowQuery binds (a, b) = (SELECT c, d ..).
func (c *clause) compareRowQuery(op string, l []decode.Handle, n decode.ScalarQuery, pos int) (expr.Expr, error) {
	q, err := c.subquery(n.Query, len(l), n.Position())
	if err != nil {
		return nil, err
	}
	values, err := c.scalar(q)
	if err != nil {
		return nil, err
	}
	ls, lpos, err := c.bindAll(l)
	if err != nil {
		return nil, err
	}
	rpos := make([]int, len(values))
	return c.compareFields(op, ls, values, lpos, rpos, pos)
}

// bindExists binds EXISTS as a value: whether the number of rows is positive.
func (c *clause) bindExists(n decode.Exists) (expr.Expr, error) {
	q, err := c.subquery(n.Query, 0, n.Position())
	if err != nil {
		return nil, err
	}
	id := c.newColumn("count", int8Type)
	agg := &aggregate{in: q.relation(), aggs: []aggCall{{id, countRows()}}}
	c.attach.add(nil, func(in logical) logical { return &join{kind: plan.Left, l: in, r: agg} })
	return c.operator("", ">", c.column(id), &expr.Const{T: int8Type}, 0, 0, n.Position())
}

// bindArrayQuery binds ARRAY(query): the values in the query's order.
func (c *clause) bindArrayQuery(n decode.ArrayQuery) (expr.Expr, error) {
	q, err := c.subquery(n.Query, 1, n.Position())
	if err != nil {
		return nil, err
	}
	agg, err := c.aggregateOf("array_agg", c.column(q.cols[0].id), n.Position())
	if err != nil {
		return nil, err
	}
	agg.OrderBy = q.order
	id := c.newColumn("array", agg.T)
	node := &aggregate{in: q.relation(), aggs: []aggCall{{id, agg}}}
	c.attach.add(nil, func(in logical) logical { return &join{kind: plan.Left, l: in, r: node} })
	empty, err := types.Parse(agg.T, "{}", nil)
	if err != nil {
		return nil, at(err, n.Position())
	}
	return &expr.Coalesce{T: agg.T, Args: []expr.Expr{c.column(id), &expr.Const{T: agg.T, Value: empty}}}, nil
}

// operands are the left sides of IN or ANY: one value, or the fields of a row.
func (c *clause) leftSide(h decode.Handle) ([]expr.Expr, []int, error) {
	if fields, ok := c.rowOf(h); ok {
		return c.bindAll(fields)
	}
	return c.bindAll([]decode.Handle{h})
}

func (c *clause) bindInQuery(n decode.InQuery) (expr.Expr, error) {
	e, err := c.quantify(n.X, "=", false, n.Query, n.Position())
	return negateIf(n.Negated, e), err
}

func (c *clause) bindQuantifiedQuery(n decode.Quantified) (expr.Expr, error) {
	return c.quantify(n.X, n.Op, n.All, n.Query, n.Position())
}

// quantify is x op ANY (query), or ALL, as a value of three-valued logic: with n rows, of which m compare without NULL,
//
//	ANY  true if any comparison is, else NULL if m < n, else false
//	ALL  false if any comparison is, else NULL if m < n, else true
func (c *clause) quantify(x decode.Handle, op string, all bool, query decode.QueryRef, pos int) (expr.Expr, error) {
	ls, lpos, err := c.leftSide(x)
	if err != nil {
		return nil, err
	}
	q, err := c.subquery(query, 0, pos)
	if err != nil {
		return nil, err
	}
	if err := columnCount(q, len(ls), pos); err != nil {
		return nil, err
	}
	operands := make([]item, len(ls))
	outer, inner, ipos := make([]expr.Expr, len(ls)), make([]expr.Expr, len(ls)), make([]int, len(ls))
	for i := range ls {
		if ls[i].Type().OID == types.UnknownOID {
			fn, err := functions.ResolveOperator(op, types.UnknownOID, c.fields[q.cols[i].id].Type.OID)
			if err != nil {
				return nil, at(err, pos)
			}
			if ls[i], err = c.coerceCommon("IN", ls[i], types.Of(fn.Args[0]), lpos[i]); err != nil {
				return nil, err
			}
		}
		id := c.newColumn("operand", ls[i].Type())
		operands[i] = item{id, ls[i]}
		outer[i], inner[i], ipos[i] = c.column(id), c.column(q.cols[i].id), q.cols[i].pos
	}
	cmp, err := c.compareFields(op, outer, inner, lpos, ipos, pos)
	if err != nil {
		return nil, err
	}
	if cmp.Type().OID != types.BoolOID {
		return nil, sqlstate.New(sqlstate.DatatypeMismatch, "row comparison operator must yield type boolean, not type %s", cmp.Type()).At(pos)
	}
	hit, err := c.aggregateOf(pick(all, "bool_and", "bool_or"), cmp, pos)
	if err != nil {
		return nil, err
	}
	compared := countRows()
	compared.Filter = &expr.Not{Arg: &expr.IsNull{Arg: cmp}}
	hitID, n, m := c.newColumn("hit", boolType), c.newColumn("count", int8Type), c.newColumn("count", int8Type)
	agg := &aggregate{in: q.relation(), aggs: []aggCall{{hitID, hit}, {n, countRows()}, {m, compared}}}
	c.attach.add(operands, func(in logical) logical { return &join{kind: plan.Left, l: in, r: agg} })
	nulls, err := c.operator("", "<", c.column(m), c.column(n), pos, pos, pos)
	if err != nil {
		return nil, err
	}
	return &expr.Case{T: boolType, Else: boolConst(all), Whens: []expr.When{
		{Cond: &expr.IsBool{Arg: c.column(hitID), Want: !all}, Then: boolConst(!all)},
		{Cond: nulls, Then: &expr.Const{T: boolType, Value: types.Null}},
	}}, nil
}

func columnCount(q *bound, want, pos int) error {
	switch {
	case len(q.cols) < want:
		return sqlstate.New(sqlstate.SyntaxError, "subquery has too few columns").At(pos)
	case len(q.cols) > want:
		return sqlstate.New(sqlstate.SyntaxError, "subquery has too many columns").At(pos)
	}
	return nil
}

// bindSemi binds a term of WHERE that is EXISTS, IN or = ANY, negated or not, as a semijoin or antijoin. ok is false for
// any other term.
func (c *clause) bindSemi(h decode.Handle) (wrap func(logical) logical, ok bool, err error) {
	negated := false
	node := h.Node()
	for {
		not, is := node.(decode.Not)
		if !is {
			break
		}
		negated = !negated
		node = not.X.Node()
	}
	switch n := node.(type) {
	case decode.Exists:
		q, err := c.subquery(n.Query, 0, n.Position())
		if err != nil {
			return nil, true, err
		}
		kind := plan.Semi
		if negated {
			kind = plan.Anti
		}
		return func(in logical) logical { return &join{kind: kind, l: in, r: q.relation()} }, true, nil
	case decode.InQuery:
		wrap, err := c.semiIn(n.X, n.Query, negated != n.Negated, n.Position())
		return wrap, true, err
	case decode.Quantified:
		if n.Query.IsZero() || n.Schema != "" || !(n.Op == "=" && !n.All || n.Op == "<>" && n.All) {
			return nil, false, nil
		}
		wrap, err := c.semiIn(n.X, n.Query, negated != n.All, n.Position())
		return wrap, true, err
	}
	return nil, false, nil
}

// semiIn is x IN (query) as a semijoin, or x NOT IN (query) as an antijoin. NOT IN is true only if no comparison is true or
// NULL: with possible NULLs and a query that stands alone, the numbers of rows and of NULLs are joined to every row, so that
// the antijoin itself stays one by equality.
func (c *clause) semiIn(x decode.Handle, query decode.QueryRef, negated bool, pos int) (func(logical) logical, error) {
	ls, lpos, err := c.leftSide(x)
	if err != nil {
		return nil, err
	}
	q, err := c.subquery(query, 0, pos)
	if err != nil {
		return nil, err
	}
	if err := columnCount(q, len(ls), pos); err != nil {
		return nil, err
	}
	rs, rpos := make([]expr.Expr, len(ls)), make([]int, len(ls))
	for i := range ls {
		rs[i], rpos[i] = c.column(q.cols[i].id), pos
	}
	on, err := c.compareFields("=", ls, rs, lpos, rpos, pos)
	if err != nil {
		return nil, err
	}
	r := q.relation()
	if !negated {
		return func(in logical) logical { return &join{kind: plan.Semi, l: in, r: r, on: on} }, nil
	}
	return func(in logical) logical {
		sure := true
		for i := range ls {
			sure = sure && notNullExpr(in, ls[i]) && notNullExpr(r, rs[i])
		}
		if sure {
			return &join{kind: plan.Anti, l: in, r: r, on: on}
		}
		if len(ls) > 1 || len(free(r)) > 0 {
			return &join{kind: plan.Anti, l: in, r: r, on: &expr.Not{Arg: &expr.IsBool{Arg: on, Want: false}}}
		}
		return c.nullAwareAnti(in, r, ls[0], rs[0], on)
	}, nil
}

// nullAwareAnti is x NOT IN (r), with r of one column y and standing alone.
func (c *clause) nullAwareAnti(in, r logical, x, y expr.Expr, on expr.Expr) logical {
	values := countRows()
	values.Filter = &expr.Not{Arg: &expr.IsNull{Arg: y}}
	n, m := c.newColumn("count", int8Type), c.newColumn("count", int8Type)
	counts := &aggregate{in: r, aggs: []aggCall{{n, countRows()}, {m, values}}}
	zero, err1 := c.operator("", "=", c.column(n), &expr.Const{T: int8Type}, 0, 0, 0)
	same, err2 := c.operator("", "=", c.column(n), c.column(m), 0, 0, 0)
	if err1 != nil || err2 != nil {
		return &join{kind: plan.Anti, l: in, r: r, on: &expr.Not{Arg: &expr.IsBool{Arg: on, Want: false}}}
	}
	cols := in.columns()
	var out logical = &filter{&join{kind: plan.Inner, l: in, r: counts}, &expr.Or{Args: []expr.Expr{zero, and(&expr.Not{Arg: &expr.IsNull{Arg: x}}, same)}}}
	p := &project{in: out}
	for _, id := range cols {
		p.items = append(p.items, item{id: id})
	}
	return &join{kind: plan.Anti, l: p, r: r, on: on}
}

// notNullExpr tells whether e, over the columns of n, is surely not NULL.
func notNullExpr(n logical, e expr.Expr) bool {
	switch e := e.(type) {
	case *expr.Const:
		return !e.Value.Null
	case *expr.Column:
		return notNull(n, e.Index)
	case *expr.Cast:
		return notNullExpr(n, e.Arg)
	case *expr.IsNull, *expr.IsBool, *expr.NotDistinct:
		return true
	}
	return false
}

// notNull tells whether a column of n is surely not NULL.
func notNull(n logical, id int) bool {
	switch n := n.(type) {
	case *scan:
		for i, c := range n.cols {
			if c == id {
				return n.rel.Columns[i].NotNull // a key says nothing: that of a view has a NULL where a group does
			}
		}
	case *filter:
		return notNull(n.in, id)
	case *distinct:
		return notNull(n.in, id)
	case *topK:
		return notNull(n.in, id)
	case *flatMap:
		return !n.outer && notNull(n.in, id)
	case *project:
		for _, it := range n.items {
			if it.id == id {
				if it.e == nil {
					return notNull(n.in, id)
				}
				return notNullExpr(n.in, it.e)
			}
		}
	case *join:
		switch n.kind {
		case plan.Inner:
			return notNull(n.l, id) || notNull(n.r, id)
		case plan.Left, plan.Semi, plan.Anti:
			return notNull(n.l, id)
		case plan.Right:
			return notNull(n.r, id)
		}
	case *aggregate:
		for _, k := range n.keys {
			if k.id == id {
				return notNullExpr(n.in, k.e)
			}
		}
		for _, a := range n.aggs {
			if a.id == id {
				return a.agg.Fn.Name == "count"
			}
		}
	}
	return false
}

func within(list []int, x int) bool {
	for _, v := range list {
		if v == x {
			return true
		}
	}
	return false
}
