package planner

import (
	"math"
	"strconv"

	"tarn/sql/decode"
	"tarn/sql/expr"
	"tarn/sql/functions"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// bind resolves an expression. Literals and parameters that nothing has given a type yet come back as unknown.
func (c *clause) bind(h decode.Handle) (expr.Expr, error) {
	heed(c.ctx)
	switch n := h.Node().(type) {
	case decode.Const:
		return bindConst(n)
	case decode.Param:
		return c.bindParam(n)
	case decode.ColumnRef:
		return c.bindColumn(n)
	case decode.Op:
		return c.bindOp(n)
	case decode.And:
		return c.bindLogic(n.Args, "AND")
	case decode.Or:
		return c.bindLogic(n.Args, "OR")
	case decode.Not:
		e, err := c.bindBool(n.X, "NOT")
		if err != nil {
			return nil, err
		}
		return &expr.Not{Arg: e}, nil
	case decode.IsTest:
		return c.bindTest(n)
	case decode.Distinct:
		return c.bindDistinct(n)
	case decode.Like:
		return c.bindLike(n)
	case decode.Between:
		return c.bindBetween(n)
	case decode.InList:
		return c.bindInList(n)
	case decode.InQuery:
		return c.bindInQuery(n)
	case decode.Exists:
		return c.bindExists(n)
	case decode.ScalarQuery:
		return c.bindScalarQuery(n)
	case decode.ArrayQuery:
		return c.bindArrayQuery(n)
	case decode.Quantified:
		return c.bindQuantified(n)
	case decode.Case:
		return c.bindCase(n)
	case decode.Cast:
		return c.bindCast(n)
	case decode.Typed:
		t, err := ResolveType(n.Type)
		if err != nil {
			return nil, err
		}
		return c.cast(stringConst(n.Text), t, n.Position())
	case decode.Array:
		return c.bindArray(n, 0)
	case decode.Subscript:
		return c.bindSubscript(n)
	case decode.Field:
		return c.bindField(n)
	case decode.AtTimeZone:
		x, zone, err := c.bind2(n.X, n.Zone)
		if err != nil {
			return nil, err
		}
		return c.call("timezone", []expr.Expr{zone, x}, []int{n.Zone.Pos(), n.X.Pos()}, n.Position())
	case decode.Collate:
		return c.bindCollate(n)
	case decode.Call:
		return c.bindCall(n)
	case decode.SQLFunc:
		return c.bindSQLFunc(n)
	case decode.Keyword:
		return c.bindKeyword(n)
	case decode.Row:
		return nil, unsupported(n.Position(), "row values are not supported here")
	case decode.Star:
		return nil, unsupported(n.Position(), "whole-row references are not supported")
	case decode.Expand:
		return nil, unsupported(n.Position(), "row expansion via \"*\" is not supported here")
	default:
		return nil, unsupported(h.Pos(), "this expression is not supported")
	}
}

func (c *clause) bind2(l, r decode.Handle) (expr.Expr, expr.Expr, error) {
	le, err := c.bind(l)
	if err != nil {
		return nil, nil, err
	}
	re, err := c.bind(r)
	return le, re, err
}

// bindAll binds a list and gives the position of each.
func (c *clause) bindAll(hs []decode.Handle) ([]expr.Expr, []int, error) {
	out, positions := make([]expr.Expr, len(hs)), make([]int, len(hs))
	for i, h := range hs {
		e, err := c.bind(h)
		if err != nil {
			return nil, nil, err
		}
		out[i], positions[i] = e, h.Start()
	}
	return out, positions, nil
}

func stringConst(s string) *expr.Const {
	return &expr.Const{T: unknownType, Value: types.Datum{Bytes: []byte(s)}}
}

func boolConst(v bool) *expr.Const {
	d := types.Datum{}
	if v {
		d.Int = 1
	}
	return &expr.Const{T: boolType, Value: d}
}

func intConst(v int64) *expr.Const {
	if v >= math.MinInt32 && v <= math.MaxInt32 {
		return &expr.Const{T: int4Type, Value: types.Datum{Int: v}}
	}
	return &expr.Const{T: int8Type, Value: types.Datum{Int: v}}
}

func bindConst(n decode.Const) (expr.Expr, error) {
	switch n.Kind {
	case decode.Null:
		return &expr.Const{T: unknownType, Value: types.Null}, nil
	case decode.Bool:
		return boolConst(n.Text == "true"), nil
	case decode.Int:
		if v, err := strconv.ParseInt(n.Text, 10, 64); err == nil {
			return intConst(v), nil
		}
		return numericConst(n.Text, n.Position())
	case decode.Numeric:
		return numericConst(n.Text, n.Position())
	case decode.String:
		return stringConst(n.Text), nil
	default:
		return nil, unsupported(n.Position(), "bit strings are not supported")
	}
}

func numericConst(text string, pos int) (expr.Expr, error) {
	t := types.Of(types.NumericOID)
	d, err := types.Parse(t, text, nil)
	if err != nil {
		return nil, at(err, pos)
	}
	return &expr.Const{T: t, Value: d}, nil
}

func (c *clause) bindParam(n decode.Param) (expr.Expr, error) {
	if n.N < 1 || n.N > math.MaxUint16 {
		return nil, sqlstate.New(sqlstate.UndefinedParameter, "there is no parameter $%d", n.N).At(n.Position())
	}
	for len(c.params) < n.N {
		c.params = append(c.params, unknownType)
	}
	return &expr.Param{T: c.params[n.N-1], N: n.N}, nil
}

func (c *clause) bindColumn(n decode.ColumnRef) (expr.Expr, error) {
	col, err := c.sc.resolve(n.Parts, n.Position())
	if err != nil {
		if n.Parts[len(n.Parts)-1] == "tableoid" {
			if id, ok := c.sc.tableOID(n.Parts); ok {
				return &expr.Const{T: types.Of(types.OidOID), Value: types.Datum{Int: id}}, nil
			}
		}
		if len(n.Parts) == 1 {
			if _, e := c.sc.table("", n.Parts[0], 0); e == nil {
				return nil, unsupported(n.Position(), "whole-row references are not supported").(*sqlstate.Error).
					WithHint("Name the columns of \"%s\".", n.Parts[0])
			}
		}
		return nil, err
	}
	if col.fields != nil {
		return nil, unsupported(n.Position(), "row values are not supported here").(*sqlstate.Error).WithHint("Name one field of it: (%s).%s.", col.name, col.fields[0].name)
	}
	e := c.column(col.id)
	c.ref[e] = n.Position()
	return e, nil
}

func (c *clause) bindLogic(args []decode.Handle, name string) (expr.Expr, error) {
	terms := make([]expr.Expr, len(args))
	for i, h := range args {
		e, err := c.bindBool(h, name)
		if err != nil {
			return nil, err
		}
		terms[i] = e
	}
	if name == "AND" {
		return &expr.And{Args: terms}, nil
	}
	return &expr.Or{Args: terms}, nil
}

// bindTest binds IS tests. A row IS NULL if all its fields are; it IS NOT NULL if none is.
func (c *clause) bindTest(n decode.IsTest) (expr.Expr, error) {
	if row, ok := n.X.Node().(decode.Row); ok && n.Kind == decode.IsNull {
		elems, _, err := c.bindAll(row.Elems)
		if err != nil {
			return nil, err
		}
		terms := make([]expr.Expr, len(elems))
		for i, e := range elems {
			terms[i] = negateIf(n.Negated, &expr.IsNull{Arg: c.settle(e)})
		}
		return and(terms...), nil
	}
	if n.Kind == decode.IsNull {
		e, err := c.bind(n.X)
		if err != nil {
			return nil, err
		}
		return negateIf(n.Negated, &expr.IsNull{Arg: c.settle(e)}), nil
	}
	not := ""
	if n.Negated {
		not = "NOT "
	}
	switch n.Kind {
	case decode.IsTrue, decode.IsFalse:
		word := "TRUE"
		if n.Kind == decode.IsFalse {
			word = "FALSE"
		}
		e, err := c.bindBool(n.X, "IS "+not+word)
		if err != nil {
			return nil, err
		}
		return negateIf(n.Negated, &expr.IsBool{Arg: e, Want: n.Kind == decode.IsTrue}), nil
	case decode.IsUnknown:
		e, err := c.bindBool(n.X, "IS "+not+"UNKNOWN")
		if err != nil {
			return nil, err
		}
		return negateIf(n.Negated, &expr.IsNull{Arg: e}), nil
	case decode.IsDocument:
		return nil, unsupported(n.Position(), "IS DOCUMENT is not supported")
	default:
		e, err := c.bind(n.X)
		if err != nil {
			return nil, err
		}
		args, positions := []expr.Expr{e}, []int{n.X.Pos()}
		if n.Form != "" {
			args, positions = append(args, stringConst(n.Form)), append(positions, n.Position())
		}
		e, err = c.call("is_normalized", args, positions, n.Position())
		return negateIf(n.Negated, e), err
	}
}

func negateIf(negated bool, e expr.Expr) expr.Expr {
	if negated && e != nil {
		return &expr.Not{Arg: e}
	}
	return e
}

func (c *clause) bindCase(n decode.Case) (expr.Expr, error) {
	var operand expr.Expr
	if !n.Operand.IsZero() {
		e, err := c.bind(n.Operand)
		if err != nil {
			return nil, err
		}
		operand = c.settle(e)
	}
	whens := make([]expr.When, len(n.Whens))
	// PostgreSQL lets ELSE decide first, then the arms in order
	results, positions := make([]expr.Expr, 0, len(n.Whens)+1), make([]int, 0, len(n.Whens)+1)
	for i, w := range n.Whens {
		var err error
		if operand == nil {
			whens[i].Cond, err = c.bindBool(w.Cond, "CASE/WHEN")
		} else {
			var value expr.Expr
			if value, err = c.bind(w.Cond); err == nil {
				whens[i].Cond, err = c.operator("", "=", operand, value, n.Operand.Pos(), w.Cond.Pos(), w.Cond.Pos())
			}
		}
		if err != nil {
			return nil, err
		}
		if whens[i].Then, err = c.bind(w.Result); err != nil {
			return nil, err
		}
	}
	var otherwise expr.Expr = &expr.Const{T: unknownType, Value: types.Null}
	pos := n.Position()
	if !n.Else.IsZero() {
		var err error
		if otherwise, err = c.bind(n.Else); err != nil {
			return nil, err
		}
		pos = n.Else.Start()
	}
	results, positions = append(results, otherwise), append(positions, pos)
	for i, w := range n.Whens {
		results, positions = append(results, whens[i].Then), append(positions, w.Result.Start())
	}
	t, err := c.commonType("CASE", results, positions)
	if err != nil {
		return nil, err
	}
	for i := range results {
		if results[i], err = c.coerceCommon(pick(i == 0, "CASE/ELSE", "CASE/WHEN"), results[i], t, positions[i]); err != nil {
			return nil, err
		}
	}
	for i := range whens {
		whens[i].Then = results[i+1]
	}
	out := &expr.Case{T: t, Whens: whens}
	if !n.Else.IsZero() {
		out.Else = results[0]
	}
	return out, nil
}

func (c *clause) bindCast(n decode.Cast) (expr.Expr, error) {
	t, err := ResolveType(n.Type)
	if err != nil {
		return nil, err
	}
	if a, ok := n.X.Node().(decode.Array); ok && t.IsArray() {
		e, err := c.bindArray(a, t.Elem().OID)
		if err != nil {
			return nil, err
		}
		return c.cast(e, t, n.Position())
	}
	e, err := c.bind(n.X)
	if err != nil {
		return nil, err
	}
	pos := n.Position()
	if _, literal := e.(*expr.Const); literal {
		pos = n.X.Pos()
	}
	return c.cast(e, t, pos)
}

// bindArray binds ARRAY[..]; want is the element type that a cast around it asks for, or 0.
func (c *clause) bindArray(n decode.Array, want types.OID) (expr.Expr, error) {
	if len(n.Elems) == 0 {
		if want == 0 {
			return nil, sqlstate.New(sqlstate.IndeterminateDatatype, "cannot determine type of empty array").
				WithHint("Explicitly cast to the desired type, for example ARRAY[]::integer[].").At(n.Position())
		}
		return &expr.ArrayOf{T: types.Of(types.Of(want).Info().Array)}, nil
	}
	elems, positions := make([]expr.Expr, len(n.Elems)), make([]int, len(n.Elems))
	nested := false
	for i, h := range n.Elems {
		var err error
		if a, ok := h.Node().(decode.Array); ok {
			elems[i], err = c.bindArray(a, want)
			nested = true
		} else {
			elems[i], err = c.bind(h)
		}
		if err != nil {
			return nil, err
		}
		positions[i] = h.Start()
		if want != 0 && !nested {
			if elems[i], err = c.cast(elems[i], types.Of(want), positions[i]); err != nil {
				return nil, err
			}
		}
	}
	t, err := c.common("ARRAY", elems, positions)
	if err != nil {
		return nil, err
	}
	if t.IsArray() {
		return &expr.ArrayOf{T: types.Of(t.OID), Args: elems}, nil
	}
	array := t.Info().Array
	if array == 0 {
		return nil, sqlstate.New(sqlstate.UndefinedObject, "could not find array type for data type %s", t).At(n.Position())
	}
	return &expr.ArrayOf{T: types.Of(array), Args: elems}, nil
}

// bindSubscript binds x[i]. An element of a one-dimensional array goes by one subscript.
func (c *clause) bindSubscript(n decode.Subscript) (expr.Expr, error) {
	x, err := c.bind(n.X)
	if err != nil {
		return nil, err
	}
	t := x.Type()
	if t.OID == types.JSONBOID {
		for _, ix := range n.Indexes {
			if ix.Slice {
				return nil, sqlstate.New(sqlstate.DatatypeMismatch, "jsonb subscript does not support slices").At(n.Position())
			}
			key, err := c.bind(ix.Upper)
			if err != nil {
				return nil, err
			}
			if x, err = c.operator("", "->", x, key, n.X.Pos(), ix.Upper.Pos(), n.Position()); err != nil {
				return nil, err
			}
		}
		return x, nil
	}
	if !t.IsArray() {
		return nil, sqlstate.New(sqlstate.DatatypeMismatch, "cannot subscript type %s because it does not support subscripting", types.Of(t.OID)).At(n.X.Pos())
	}
	if len(n.Indexes) > types.MaxDims {
		return nil, types.TooManyDims(len(n.Indexes))
	}
	name := "array_subscript"
	args, positions := []expr.Expr{x}, []int{n.X.Pos()}
	for _, ix := range n.Indexes {
		if ix.Slice {
			name = "array_slice"
		}
	}
	if name == "array_slice" && len(n.Indexes) > 1 {
		return nil, unsupported(n.Position(), "slices of arrays of several dimensions are not supported")
	}
	for _, ix := range n.Indexes {
		bounds := []decode.Handle{ix.Upper}
		if ix.Slice {
			bounds = []decode.Handle{ix.Lower, ix.Upper}
		}
		for _, h := range bounds {
			if h.IsZero() {
				args, positions = append(args, &expr.Const{T: int4Type, Value: types.Null}), append(positions, n.Position())
				continue
			}
			e, err := c.bind(h)
			if err != nil {
				return nil, err
			}
			e, ok, err := c.coerce(e, int4Type, functions.Assignment, h.Pos())
			if err != nil {
				return nil, err
			}
			if !ok {
				return nil, sqlstate.New(sqlstate.DatatypeMismatch, "array subscript must have type integer").At(h.Pos())
			}
			args, positions = append(args, e), append(positions, h.Pos())
		}
	}
	return c.call(name, args, positions, n.Position())
}

func (c *clause) bindCollate(n decode.Collate) (expr.Expr, error) {
	e, err := c.bind(n.X)
	if err != nil {
		return nil, err
	}
	name := n.Name[len(n.Name)-1]
	switch name {
	case "default", "C", "POSIX", "ucs_basic":
	default:
		return nil, sqlstate.New(sqlstate.UndefinedObject, "collation \"%s\" for encoding \"UTF8\" does not exist", name).At(n.Position())
	}
	e = c.settle(e)
	if e.Type().Info().Category != 'S' && e.Type().OID != types.CharOID {
		return nil, sqlstate.New(sqlstate.DatatypeMismatch, "collations are not supported by type %s", types.Of(e.Type().OID)).At(n.Position())
	}
	return e, nil
}

func (c *clause) bindSQLFunc(n decode.SQLFunc) (expr.Expr, error) {
	args, positions, err := c.bindAll(n.Args)
	if err != nil {
		return nil, err
	}
	switch n.Name {
	case "coalesce":
		t, err := c.common("COALESCE", args, positions)
		if err != nil {
			return nil, err
		}
		return &expr.Coalesce{T: t, Args: args}, nil
	case "greatest", "least":
		word := map[string]string{"greatest": "GREATEST", "least": "LEAST"}[n.Name]
		t, err := c.common(word, args, positions)
		if err != nil {
			return nil, err
		}
		if _, err := functions.ResolveOperator("<", t.OID, t.OID); err != nil {
			return nil, sqlstate.New(sqlstate.UndefinedFunction, "could not identify a comparison function for type %s", types.Of(t.OID))
		}
		return c.call(n.Name, args, positions, n.Position())
	case "nullif":
		equal, err := c.operator("", "=", args[0], args[1], positions[0], positions[1], n.Position())
		if err != nil {
			return nil, err
		}
		x := equal.(*expr.Call).Args[0] // with the type that it is compared in
		return &expr.Case{T: x.Type(), Whens: []expr.When{{Cond: equal, Then: &expr.Const{T: x.Type(), Value: types.Null}}}, Else: x}, nil
	}
	return nil, unsupported(n.Position(), "%s is not supported", n.Name)
}

// keywordFunctions are the values written as bare words, and the functions that compute them.
var keywordFunctions = map[string]struct {
	name string
	t    types.OID
}{
	"current_timestamp": {"now", types.TimestamptzOID},
	"current_date":      {"now", types.DateOID},
	"localtime":         {"now", types.TimeOID},
	"localtimestamp":    {"now", types.TimestampOID},
	"current_user":      {"current_user", types.NameOID},
	"current_role":      {"current_user", types.NameOID},
	"session_user":      {"session_user", types.NameOID},
	"user":              {"current_user", types.NameOID},
	"current_catalog":   {"current_database", types.NameOID},
	"current_schema":    {"current_schema", types.NameOID},
}

func (c *clause) bindKeyword(n decode.Keyword) (expr.Expr, error) {
	if n.Name == "default" {
		return nil, sqlstate.New(sqlstate.SyntaxError, "DEFAULT is not allowed in this context").At(n.Position())
	}
	k, ok := keywordFunctions[n.Name]
	if !ok {
		return nil, unsupported(n.Position(), "%s is not supported", n.Name)
	}
	if c.standing {
		return nil, notStanding(n.Name, n.Position())
	}
	e, err := c.call(k.name, nil, nil, n.Position())
	if err != nil {
		return nil, err
	}
	t := types.Of(k.t)
	if n.Precision >= 0 {
		if t.Mod, err = types.Modifier(k.t, []int64{int64(n.Precision)}); err != nil {
			return nil, at(err, n.Position())
		}
	}
	return c.cast(e, t, n.Position())
}
