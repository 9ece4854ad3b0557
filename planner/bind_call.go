package planner

import (
	"tarn/planner/plan"
	"tarn/sql/decode"
	"tarn/sql/expr"
	"tarn/sql/functions"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// call resolves and calls a function by name.
func (b *binder) call(name string, args []expr.Expr, positions []int, pos int) (expr.Expr, error) {
	fn, err := functions.Resolve(name, typesOf(args))
	if err != nil {
		return nil, at(err, pos)
	}
	return b.apply(fn, args, positions, false)
}

func typesOf(args []expr.Expr) []types.OID {
	oids := make([]types.OID, len(args))
	for i := range args {
		oids[i] = args[i].Type().OID
	}
	return oids
}

func (c *clause) bindCall(n decode.Call) (expr.Expr, error) {
	if err := c.callable(n); err != nil {
		return nil, err
	}
	if functions.IsAggregate(n.Name) {
		return c.bindAggregate(n)
	}
	if err := plainCall(n); err != nil {
		return nil, err
	}
	args, positions, err := c.bindArgs(n)
	if err != nil {
		return nil, err
	}
	fn, err := functions.Resolve(n.Name, typesOf(args))
	if err != nil {
		return nil, at(err, n.Position())
	}
	if err := c.permitted(fn, n.Position()); err != nil {
		return nil, err
	}
	if fn.Set == nil {
		return c.apply(fn, args, positions, false)
	}
	if !c.sets || c.attach == nil {
		return nil, sqlstate.New(sqlstate.FeatureNotSupported, "set-returning functions are not allowed in %s", c.name).At(n.Position())
	}
	if err := c.coerceArgs(args, fn.Args, positions); err != nil {
		return nil, err
	}
	cols := c.setColumns(fn, args, n.Name)
	if len(cols) > 1 {
		return nil, unsupported(n.Position(), "a function that returns rows is not supported in a SELECT list").(*sqlstate.Error).
			WithHint("Call \"%s\" in FROM, or name one column of it: (%s(...)).%s.", n.Name, n.Name, c.fields[cols[0]].Name)
	}
	c.attach.addSet(fn, args, cols)
	return c.column(cols[0]), nil
}

// callable refuses what Tarn does not have around a call.
func (c *clause) callable(n decode.Call) error {
	if n.Over != nil {
		return unsupported(n.Position(), "window functions are not supported").(*sqlstate.Error).
			WithHint("Use GROUP BY, DISTINCT ON, or ORDER BY with LIMIT.")
	}
	if n.Within {
		return unsupported(n.Position(), "ordered-set aggregates are not supported")
	}
	switch n.Schema {
	case "", "pg_catalog", "information_schema", "public":
	default:
		if _, ok := c.cat.Schema(n.Schema); !ok {
			return sqlstate.New(sqlstate.InvalidSchemaName, "schema \"%s\" does not exist", n.Schema).At(n.Position())
		}
		args, _, err := c.bindArgs(n)
		if err != nil {
			return err
		}
		_, err = functions.Resolve(n.Schema+"."+n.Name, typesOf(args))
		return at(err, n.Position())
	}
	if windowOnly[n.Name] && !functions.Exists(n.Name) {
		return sqlstate.New(sqlstate.WrongObjectType, "window function %s requires an OVER clause", n.Name).At(n.Position())
	}
	for _, a := range n.Args {
		if a.Name != "" {
			return unsupported(a.Expr.Pos(), "named arguments are not supported").(*sqlstate.Error).WithHint("Give the arguments by position.")
		}
		if a.Variadic {
			return unsupported(a.Expr.Pos(), "VARIADIC arguments are not supported").(*sqlstate.Error).WithHint("Give the arguments one by one.")
		}
	}
	return nil
}

var windowOnly = map[string]bool{
	"row_number": true, "rank": true, "dense_rank": true, "percent_rank": true, "cume_dist": true, "ntile": true,
	"lag": true, "lead": true, "first_value": true, "last_value": true, "nth_value": true,
}

// plainCall refuses the decorations that only aggregates take.
func plainCall(n decode.Call) error {
	wrong := func(format string) error {
		return sqlstate.New(sqlstate.WrongObjectType, format, n.Name).At(n.Position())
	}
	switch {
	case n.Star:
		return wrong("%s(*) specified, but %[1]s is not an aggregate function")
	case n.Distinct:
		return wrong("DISTINCT specified, but %s is not an aggregate function")
	case n.OrderBy != nil:
		return wrong("ORDER BY specified, but %s is not an aggregate function")
	case !n.Filter.IsZero():
		return wrong("FILTER specified, but %s is not an aggregate function")
	}
	return nil
}

func (c *clause) bindArgs(n decode.Call) ([]expr.Expr, []int, error) {
	hs := make([]decode.Handle, len(n.Args))
	for i := range n.Args {
		hs[i] = n.Args[i].Expr
	}
	return c.bindAll(hs)
}

// permitted refuses in a materialised view what has no value outside a statement.
func (b *binder) permitted(fn *functions.Function, pos int) error {
	if !b.standing || fn.Volatility == functions.Immutable || fn.Standing || fn.IsOperator() {
		return nil
	}
	return notStanding(fn.Name+"()", pos)
}

func notStanding(name string, pos int) error {
	return unsupported(pos, "%s cannot be used in a materialized view: its value changes while the rows do not", name).(*sqlstate.Error).
		WithHint("Store the value in a column when the row is inserted, or use it in the query that reads the view.")
}

// grouping collects the aggregate calls of one SELECT.
type grouping struct {
	aggs   []aggCall
	before attachments // subqueries inside the arguments
	ids    idSet       // the columns that hold aggregates
}

func (c *clause) bindAggregate(n decode.Call) (expr.Expr, error) {
	switch {
	case c.nested:
		return nil, sqlstate.New(sqlstate.GroupingError, "aggregate function calls cannot be nested").At(n.Position())
	case c.groups == nil:
		return nil, sqlstate.New(sqlstate.GroupingError, "aggregate functions are not allowed in %s", c.name).At(n.Position())
	}
	inner := *c
	inner.nested, inner.attach, inner.sets, inner.groups = true, &c.groups.before, false, nil
	inner.name = "aggregate arguments"
	args, positions, err := inner.bindArgs(n)
	if err != nil {
		return nil, err
	}
	if n.Star && len(args) == 0 && n.Name != "count" || !n.Star && len(args) == 0 {
		if n.Name == "count" {
			return nil, sqlstate.New(sqlstate.WrongObjectType, "count(*) must be used to call a parameterless aggregate function").At(n.Position())
		}
		return nil, sqlstate.New(sqlstate.UndefinedFunction, "function %s() does not exist", n.Name).
			WithHint("No function matches the given name and argument types. You might need to add explicit type casts.").At(n.Position())
	}
	if c.sc.outerOnly(args) {
		return nil, unsupported(n.Position(), "aggregates over columns of an outer query are not supported").(*sqlstate.Error).
			WithHint("Compute the aggregate in the outer query.")
	}
	fn, _, err := functions.ResolveAggregate(n.Name, typesOf(args))
	if err != nil {
		return nil, at(err, n.Position())
	}
	if err := c.coerceArgs(args, fn.Args, positions); err != nil {
		return nil, err
	}
	agg := plan.Agg{Fn: fn, T: resultType(fn.Result, fn.Returns, args), Args: args, Distinct: n.Distinct}
	if n.Distinct && len(args) > 1 {
		for _, a := range args[1:] {
			if !expr.IsConst(a) {
				return nil, unsupported(n.Position(), "DISTINCT is supported only for aggregates of one argument")
			}
		}
	}
	if !n.Filter.IsZero() {
		inner.name = "FILTER"
		if agg.Filter, err = inner.bindBool(n.Filter, "FILTER"); err != nil {
			return nil, err
		}
	}
	for _, o := range n.OrderBy {
		e, err := inner.bind(o.Expr)
		if err != nil {
			return nil, err
		}
		e = c.settle(e)
		if n.Distinct && !expr.Equal(e, args[0]) {
			return nil, sqlstate.New(sqlstate.InvalidColumnReference, "in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list").At(o.Expr.Pos())
		}
		key, err := c.orderBy(o, e)
		if err != nil {
			return nil, err
		}
		agg.OrderBy = append(agg.OrderBy, key)
	}
	return c.column(c.groups.add(c.binder, n.Name, agg)), nil
}

// add notes an aggregate call, once for equal ones, and gives its column.
func (g *grouping) add(b *binder, name string, agg plan.Agg) int {
	for i := range g.aggs {
		if sameAgg(&g.aggs[i].agg, &agg) {
			return g.aggs[i].id
		}
	}
	id := b.newColumn(name, agg.T)
	g.aggs = append(g.aggs, aggCall{id, agg})
	if g.ids == nil {
		g.ids = idSet{}
	}
	g.ids[id] = true
	return id
}

func sameAgg(a, b *plan.Agg) bool {
	if a.Fn.Name != b.Fn.Name || a.T != b.T || a.Distinct != b.Distinct || len(a.Args) != len(b.Args) ||
		len(a.OrderBy) != len(b.OrderBy) || !expr.Equal(a.Filter, b.Filter) {
		return false
	}
	for i := range a.Args {
		if !expr.Equal(a.Args[i], b.Args[i]) {
			return false
		}
	}
	for i := range a.OrderBy {
		x, y := a.OrderBy[i], b.OrderBy[i]
		if x.Desc != y.Desc || x.NullsFirst != y.NullsFirst || !expr.Equal(x.Expr, y.Expr) {
			return false
		}
	}
	return true
}

// orderBy is a sort key over e. NULLs are greatest unless said otherwise.
func (b *binder) orderBy(o decode.Order, e expr.Expr) (plan.Order, error) {
	desc := o.Desc
	switch o.Using {
	case "", "<":
	case ">":
		desc = true
	default:
		return plan.Order{}, sqlstate.New(sqlstate.WrongObjectType, "operator %s is not a valid ordering operator", o.Using).
			WithHint("Ordering operators must be \"<\" or \">\" members of btree operator families.").At(o.Position())
	}
	if err := b.sortable(e.Type(), o.Expr.Pos()); err != nil {
		return plan.Order{}, err
	}
	nullsFirst := desc
	switch o.Nulls {
	case decode.NullsFirst:
		nullsFirst = true
	case decode.NullsLast:
		nullsFirst = false
	}
	return plan.Order{Expr: e, Desc: desc, NullsFirst: nullsFirst}, nil
}

// sortable refuses types without an order (json).
func (b *binder) sortable(t types.Type, pos int) error {
	if t.OID == types.JSONOID {
		return sqlstate.New(sqlstate.UndefinedFunction, "could not identify an ordering operator for type %s", t).
			WithHint("Use an explicit ordering operator or modify the query.").At(pos)
	}
	return nil
}

// groupable refuses types without equality (json).
func (b *binder) groupable(t types.Type, pos int) error {
	if t.OID == types.JSONOID {
		return sqlstate.New(sqlstate.UndefinedFunction, "could not identify an equality operator for type %s", t).At(pos)
	}
	return nil
}
