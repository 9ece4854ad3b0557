package planner

import (
	"tarn/sql/decode"
	"tarn/sql/expr"
	"tarn/sql/functions"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

func (c *clause) bindOp(n decode.Op) (expr.Expr, error) {
	if len(n.Args) == 1 {
		x, err := c.bind(n.Args[0])
		if err != nil {
			return nil, err
		}
		return c.operator(n.Schema, n.Name, nil, x, 0, n.Args[0].Pos(), n.Position())
	}
	if l, ok := c.rowOf(n.Args[0]); ok {
		if r, ok := c.rowOf(n.Args[1]); ok {
			return c.compareRows(n.Name, l, r, n.Position())
		}
		if q, ok := n.Args[1].Node().(decode.ScalarQuery); ok {
			return c.compareRowQuery(n.Name, l, q, n.Position())
		}
	}
	l, r, err := c.bind2(n.Args[0], n.Args[1])
	if err != nil {
		return nil, err
	}
	return c.operator(n.Schema, n.Name, l, r, n.Args[0].Pos(), n.Args[1].Pos(), n.Position())
}

// operator applies an operator; l is nil for a prefix operator.
func (b *binder) operator(schema, name string, l, r expr.Expr, lpos, rpos, pos int) (expr.Expr, error) {
	if schema != "" && schema != "pg_catalog" {
		return nil, sqlstate.New(sqlstate.UndefinedFunction, "operator does not exist: %s %s.%s %s", l.Type(), schema, name, r.Type()).At(pos)
	}
	left := types.OID(0)
	args, positions := []expr.Expr{r}, []int{rpos}
	if l != nil {
		left = l.Type().OID
		args, positions = []expr.Expr{l, r}, []int{lpos, rpos}
	}
	fn, err := functions.ResolveOperator(name, left, r.Type().OID)
	if err != nil {
		return nil, at(err, pos)
	}
	return b.apply(fn, args, positions, true)
}

// apply calls a resolved function.
func (b *binder) apply(fn *functions.Function, args []expr.Expr, positions []int, operator bool) (expr.Expr, error) {
	if err := b.coerceArgs(args, fn.Args, positions); err != nil {
		return nil, err
	}
	return &expr.Call{T: resultType(fn.Result, fn.Returns, args), Fn: fn, Args: args, Operator: operator}, nil
}

func resultType(result func([]types.Type) types.Type, returns types.OID, args []expr.Expr) types.Type {
	if result == nil {
		return types.Of(returns)
	}
	ts := make([]types.Type, len(args))
	for i := range args {
		ts[i] = args[i].Type()
	}
	return result(ts)
}

// equality is the function that compares two values of the types of l and r, which are cast for it.
func (b *binder) equality(l, r expr.Expr, lpos, rpos, pos int) (*functions.Function, expr.Expr, expr.Expr, error) {
	e, err := b.operator("", "=", l, r, lpos, rpos, pos)
	if err != nil {
		return nil, nil, nil, err
	}
	call := e.(*expr.Call)
	return call.Fn, call.Args[0], call.Args[1], nil
}

func (c *clause) bindDistinct(n decode.Distinct) (expr.Expr, error) {
	if lrow, ok := c.rowOf(n.Left); ok {
		if rrow, ok := c.rowOf(n.Right); ok {
			return c.distinctRows(lrow, rrow, n)
		}
	}
	l, r, err := c.bind2(n.Left, n.Right)
	if err != nil {
		return nil, err
	}
	if isNull(n.Right) { // no operator is needed
		return negateIf(!n.Negated, &expr.IsNull{Arg: c.settle(l)}), nil
	}
	if isNull(n.Left) {
		return negateIf(!n.Negated, &expr.IsNull{Arg: c.settle(r)}), nil
	}
	return c.notDistinct(l, r, n.Left.Pos(), n.Right.Pos(), n.Position(), n.Negated)
}

// isNull tells whether an expression is the word NULL.
func isNull(h decode.Handle) bool {
	n, ok := h.Node().(decode.Const)
	return ok && n.Kind == decode.Null
}

func (b *binder) notDistinct(l, r expr.Expr, lpos, rpos, pos int, negated bool) (expr.Expr, error) {
	fn, l, r, err := b.equality(l, r, lpos, rpos, pos)
	if err != nil {
		return nil, err
	}
	return negateIf(!negated, &expr.NotDistinct{Equal: fn, L: l, R: r}), nil
}

func (c *clause) distinctRows(l, r []decode.Handle, n decode.Distinct) (expr.Expr, error) {
	if len(l) != len(r) {
		return nil, unequalRows(n.Position())
	}
	var terms []expr.Expr
	for i := range l {
		x, y, err := c.bind2(l[i], r[i])
		if err != nil {
			return nil, err
		}
		t, err := c.notDistinct(x, y, l[i].Pos(), r[i].Pos(), n.Position(), true)
		if err != nil {
			return nil, err
		}
		terms = append(terms, t)
	}
	return negateIf(!n.Negated, and(terms...)), nil
}

func unequalRows(pos int) error {
	return sqlstate.New(sqlstate.SyntaxError, "unequal number of entries in row expressions").At(pos)
}

// rowOf gives the fields of (a, b) or ROW(a, b).
func (c *clause) rowOf(h decode.Handle) ([]decode.Handle, bool) {
	row, ok := h.Node().(decode.Row)
	return row.Elems, ok
}

// compareRows compares two rows field by field: = is a conjunction, <> a disjunction, an order is lexicographic.
func (c *clause) compareRows(op string, l, r []decode.Handle, pos int) (expr.Expr, error) {
	if len(l) != len(r) {
		return nil, unequalRows(pos)
	}
	ls, lpos, err := c.bindAll(l)
	if err != nil {
		return nil, err
	}
	rs, rpos, err := c.bindAll(r)
	if err != nil {
		return nil, err
	}
	return c.compareFields(op, ls, rs, lpos, rpos, pos)
}

func (b *binder) compareFields(op string, ls, rs []expr.Expr, lpos, rpos []int, pos int) (expr.Expr, error) {
	field := func(op string, i int) (expr.Expr, error) {
		return b.operator("", op, ls[i], rs[i], lpos[i], rpos[i], pos)
	}
	switch op {
	case "=", "<>":
		terms := make([]expr.Expr, len(ls))
		for i := range ls {
			var err error
			if terms[i], err = field(op, i); err != nil {
				return nil, err
			}
		}
		if op == "=" || len(terms) == 1 {
			return and(terms...), nil
		}
		return &expr.Or{Args: terms}, nil
	case "<", "<=", ">", ">=":
		for i := range ls { // each pair must have the operator itself
			if _, err := field(op, i); err != nil {
				return nil, err
			}
		}
		out, err := field(op, len(ls)-1)
		if err != nil {
			return nil, err
		}
		for i := len(ls) - 2; i >= 0; i-- {
			less, err := field(op[:1], i)
			if err != nil {
				return nil, err
			}
			equal, err := field("=", i)
			if err != nil {
				return nil, err
			}
			out = &expr.Or{Args: []expr.Expr{less, and(equal, out)}}
		}
		return out, nil
	}
	return nil, sqlstate.New(sqlstate.FeatureNotSupported, "could not determine interpretation of row comparison operator %s", op).
		WithHint("Row comparison operators must be associated with btree operator families.").At(pos)
}

func (c *clause) bindLike(n decode.Like) (expr.Expr, error) {
	x, pattern, err := c.bind2(n.X, n.Pattern)
	if err != nil {
		return nil, err
	}
	pos, ppos := n.Position(), n.Pattern.Pos()
	if n.Kind == decode.SimilarPattern {
		args, positions := []expr.Expr{pattern}, []int{ppos}
		if !n.Escape.IsZero() {
			e, err := c.bind(n.Escape)
			if err != nil {
				return nil, err
			}
			args, positions = append(args, e), append(positions, n.Escape.Pos())
		}
		if !functions.Exists("similar_to_escape") {
			return nil, unsupported(pos, "SIMILAR TO is not supported").(*sqlstate.Error).WithHint("Use LIKE or the regular expression operator ~.")
		}
		if pattern, err = c.call("similar_to_escape", args, positions, pos); err != nil {
			return nil, err
		}
		return c.operator("", pick(n.Negated, "!~", "~"), x, pattern, n.X.Pos(), ppos, pos)
	}
	if !n.Escape.IsZero() {
		e, err := c.bind(n.Escape)
		if err != nil {
			return nil, err
		}
		if pattern, err = c.call("like_escape", []expr.Expr{pattern, e}, []int{ppos, n.Escape.Pos()}, pos); err != nil {
			return nil, err
		}
	}
	name := pick(n.Negated, "!~~", "~~")
	if n.Kind == decode.ILikePattern {
		name += "*"
	}
	return c.operator("", name, x, pattern, n.X.Pos(), ppos, pos)
}

func pick(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

func (c *clause) bindBetween(n decode.Between) (expr.Expr, error) {
	x, err := c.bind(n.X)
	if err != nil {
		return nil, err
	}
	low, high, err := c.bind2(n.Low, n.High)
	if err != nil {
		return nil, err
	}
	within := func(low, high expr.Expr, lowPos, highPos int) (expr.Expr, error) {
		a, err := c.operator("", pick(n.Negated, "<", ">="), x, low, n.X.Pos(), lowPos, n.Position())
		if err != nil {
			return nil, err
		}
		b, err := c.operator("", pick(n.Negated, ">", "<="), x, high, n.X.Pos(), highPos, n.Position())
		if err != nil {
			return nil, err
		}
		if n.Negated {
			return &expr.Or{Args: []expr.Expr{a, b}}, nil
		}
		return &expr.And{Args: []expr.Expr{a, b}}, nil
	}
	out, err := within(low, high, n.Low.Pos(), n.High.Pos())
	if err != nil || !n.Symmetric {
		return out, err
	}
	other, err := within(high, low, n.High.Pos(), n.Low.Pos())
	if err != nil {
		return nil, err
	}
	if n.Negated {
		return &expr.And{Args: []expr.Expr{out, other}}, nil
	}
	return &expr.Or{Args: []expr.Expr{out, other}}, nil
}

// bindInList binds x IN (list): a look-up among constants where the list is of constants that share a type with x, else a
// chain of equalities.
func (c *clause) bindInList(n decode.InList) (expr.Expr, error) {
	if l, ok := c.rowOf(n.X); ok {
		var terms []expr.Expr
		for _, h := range n.List {
			r, ok := c.rowOf(h)
			if !ok {
				return nil, unequalRows(h.Pos())
			}
			t, err := c.compareRows("=", l, r, n.Position())
			if err != nil {
				return nil, err
			}
			terms = append(terms, t)
		}
		return negateIf(n.Negated, either(terms)), nil
	}
	x, err := c.bind(n.X)
	if err != nil {
		return nil, err
	}
	list, positions, err := c.bindAll(n.List)
	if err != nil {
		return nil, err
	}
	if e, ok, err := c.inConstants(x, n.X.Pos(), list, positions, n); err != nil || ok {
		return negateIf(n.Negated, e), err
	}
	terms := make([]expr.Expr, len(list))
	for i := range list {
		if terms[i], err = c.operator("", pick(n.Negated, "<>", "="), x, list[i], n.X.Pos(), positions[i], n.Position()); err != nil {
			return nil, err
		}
	}
	if n.Negated {
		return and(terms...), nil
	}
	return either(terms), nil
}

func either(terms []expr.Expr) expr.Expr {
	if len(terms) == 1 {
		return terms[0]
	}
	return &expr.Or{Args: terms}
}

// inConstants makes x IN (list) one look-up. ok is false if the list is not of constants of one type that x has too, or if
// there are no arrays of that type, which PostgreSQL would make of the list.
func (c *clause) inConstants(x expr.Expr, xpos int, list []expr.Expr, positions []int, n decode.InList) (out expr.Expr, ok bool, err error) {
	if len(list) < 2 {
		return nil, false, nil
	}
	for _, e := range list {
		if !expr.IsConst(e) {
			return nil, false, nil
		}
	}
	all := append([]expr.Expr{x}, list...)
	t, err := c.commonType("IN", all, append([]int{xpos}, positions...))
	if err != nil || !c.convertible(all, t) {
		return nil, false, nil // the operators may still know what to do, or say it better
	}
	if x.Type().OID == types.UnknownOID && t.OID == types.TextOID {
		return nil, false, nil
	}
	if t.Info().Array == 0 {
		return nil, false, nil
	}
	t.Mod = -1
	values := make([]expr.Expr, 0, len(list))
	evaluates := true
	datums := make([]types.Datum, 0, len(list))
	for i, e := range list {
		if e, err = c.coerceCommon("IN", e, t, positions[i]); err != nil {
			return nil, false, err
		}
		d, err := expr.EvalConst(c.ctx, e)
		evaluates = evaluates && err == nil
		datums, values = append(datums, d), append(values, e)
	}
	if _, err := functions.ResolveOperator(pick(n.Negated, "<>", "="), x.Type().OID, t.OID); err != nil {
		return nil, false, at(err, n.Position())
	}
	if !evaluates { // fails for each row, not for the statement
		array := &expr.ArrayOf{T: types.Of(t.Info().Array), Args: values}
		out, err := c.quantified("=", false, x, array, t, xpos, positions[0], n.Position())
		return out, err == nil, err
	}
	if x, err = c.coerceCommon("IN", x, t, xpos); err != nil {
		return nil, false, err
	}
	if _, err := functions.ResolveOperator("=", t.OID, t.OID); err != nil {
		return nil, false, nil
	}
	return &expr.In{Arg: x, List: datums}, true, nil
}

// bindQuantified binds x op ANY (array) and x op ALL (array or query).
func (c *clause) bindQuantified(n decode.Quantified) (expr.Expr, error) {
	if !n.Query.IsZero() {
		return c.bindQuantifiedQuery(n)
	}
	x, array, err := c.bind2(n.X, n.Array)
	if err != nil {
		return nil, err
	}
	if array.Type().OID == types.UnknownOID { // it is of what the operator wants
		fn, err := functions.ResolveOperator(n.Op, x.Type().OID, types.UnknownOID)
		if err != nil {
			return nil, at(err, n.Position())
		}
		a := types.Of(fn.Args[1]).Info().Array
		if a == 0 {
			return nil, sqlstate.New(sqlstate.UndefinedObject, "could not find array type for data type %s", pick(x.Type().IsArray(), types.Of(x.Type().OID).String(), types.Of(fn.Args[1]).String())).At(n.Position())
		}
		if array, _, err = c.coerce(array, types.Of(a), functions.Implicit, n.Array.Pos()); err != nil {
			return nil, err
		}
	}
	if !array.Type().IsArray() {
		return nil, sqlstate.New(sqlstate.WrongObjectType, "op ANY/ALL (array) requires array on right side").At(n.Position())
	}
	elem := types.Of(array.Type().Info().Elem)
	return c.quantified(n.Op, n.All, x, array, elem, n.X.Pos(), n.Array.Pos(), n.Position())
}

// quantified is x op ANY (array) or x op ALL (array) over an array of elements of a type.
func (c *clause) quantified(op string, all bool, x, array expr.Expr, elem types.Type, xpos, arrayPos, pos int) (expr.Expr, error) {
	fn, err := functions.ResolveOperator(op, x.Type().OID, elem.OID)
	if err != nil {
		return nil, at(err, pos)
	}
	if fn.Returns != types.BoolOID {
		return nil, sqlstate.New(sqlstate.WrongObjectType, "op ANY/ALL (array) requires operator to yield boolean").At(pos)
	}
	l := []expr.Expr{x}
	if err := c.coerceArgs(l, fn.Args[:1], []int{xpos}); err != nil {
		return nil, err
	}
	if want := types.Of(fn.Args[1]); want.OID != elem.OID {
		out, ok, err := c.coerce(array, types.Of(want.Info().Array), functions.Implicit, arrayPos)
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, functions.CannotCast(array.Type(), types.Of(want.Info().Array)).At(arrayPos)
		}
		array, elem = out, want
	}
	return &expr.Quantified{Op: fn, All: all, L: l[0], Array: array, Elem: elem}, nil
}
