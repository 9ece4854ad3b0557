package planner

import (
	"tarn/delta"
	"tarn/sql/decode"
	"tarn/sql/expr"
	"tarn/sql/functions"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// setCall is one call of a set-returning function, and its columns.
type setCall struct {
	fn   *functions.Function
	args []expr.Expr
	cols []int
}

// setCalls are the calls of one SELECT list: they advance together, the shorter ones filled up with NULL.
type setCalls struct{ calls []setCall }

// addSet notes a call, once for equal ones; it returns the columns that hold its result.
func (a *attachments) addSet(fn *functions.Function, args []expr.Expr, cols []int) []int {
	if a.sets == nil {
		a.sets = &setCalls{}
	}
	a.sets.calls = append(a.sets.calls, setCall{fn, args, cols})
	return cols
}

func (s *setCalls) find(fn *functions.Function, args []expr.Expr) ([]int, bool) {
	if s == nil {
		return nil, false
	}
	for _, c := range s.calls {
		if c.fn.Name != fn.Name || len(c.args) != len(args) {
			continue
		}
		same := true
		for i := range args {
			same = same && expr.Equal(args[i], c.args[i])
		}
		if same {
			return c.cols, true
		}
	}
	return nil, false
}

func (s *setCalls) onto(in logical) logical {
	if len(s.calls) == 1 {
		c := s.calls[0]
		return &flatMap{in: in, fn: c.fn, args: c.args, cols: c.cols, ordinality: -1}
	}
	fn, args, cols := zip(s.calls)
	return &flatMap{in: in, fn: fn, args: args, cols: cols, ordinality: -1}
}

// zip is one function for several calls that advance together: ROWS FROM (a, b).
func zip(calls []setCall) (fn *functions.Function, args []expr.Expr, cols []int) {
	fn = &functions.Function{Name: "rows from", NullCall: true, Returns: types.RecordOID}
	for _, c := range calls {
		fn.Name += " " + c.fn.Name
		fn.Args = append(fn.Args, c.fn.Args...)
		fn.Volatility = max(fn.Volatility, c.fn.Volatility)
		args = append(args, c.args...)
		cols = append(cols, c.cols...)
	}
	fn.Set = func(ctx *functions.Context, args []types.Datum, out []delta.Column) error {
		parts := make([]delta.Column, len(out))
		for i := range out {
			parts[i] = delta.NewColumn(out[i].Kind, 0)
		}
		arg, col, longest := 0, 0, 0
		for _, c := range calls {
			given, made := args[arg:arg+len(c.args)], parts[col:col+len(c.cols)]
			arg, col = arg+len(c.args), col+len(c.cols)
			if !c.fn.NullCall && anyNull(given) {
				continue
			}
			if err := callSet(ctx, c.fn, given, made); err != nil {
				return err
			}
			longest = max(longest, made[0].Len())
		}
		for i := range parts {
			out[i].AppendColumn(&parts[i])
			for n := parts[i].Len(); n < longest; n++ {
				out[i].AppendNull()
			}
		}
		return nil
	}
	return fn, args, cols
}

// zipRows is how many rows sets that advance together may have in a view: all of them are in memory at once. Elsewhere the
// memory of statements says how many.
const zipRows = 1 << 24

// callSet is a call whose rows are held together.
func callSet(ctx *functions.Context, fn *functions.Function, args []types.Datum, out []delta.Column) error {
	if fn.Series == nil {
		return fn.Set(ctx, args, out)
	}
	return fn.Series(ctx, args, out, func() error {
		if ctx.Room != nil {
			return ctx.Room(functions.SetRows * 32) // with what those who take the set make of it
		}
		if out[0].Len() > zipRows {
			return sqlstate.New(sqlstate.ProgramLimitExceeded, "set-returning functions that advance together return more than %d rows", zipRows).
				WithHint("Call %s in FROM by itself.", fn.Name)
		}
		return nil
	})
}

func anyNull(args []types.Datum) bool {
	for i := range args {
		if args[i].Null {
			return true
		}
	}
	return false
}

// setColumns gives out the columns of a set-returning function; a single one is named as the call.
func (b *binder) setColumns(fn *functions.Function, args []expr.Expr, name string) []int {
	if len(fn.Columns) == 0 {
		return []int{b.newColumn(name, resultType(fn.Result, fn.Returns, args))}
	}
	cols := make([]int, len(fn.Columns))
	for i, c := range fn.Columns {
		cols[i] = b.newColumn(c.Name, types.Of(c.Type))
	}
	return cols
}

// bindField binds (x).name, where x is a function with several columns, or a column that holds such a row.
func (c *clause) bindField(n decode.Field) (expr.Expr, error) {
	fields, err := c.bindComposite(n.X)
	if err != nil {
		return nil, err
	}
	for _, f := range fields {
		if f.name == n.Name {
			return c.column(f.id), nil
		}
	}
	if fields != nil {
		return nil, sqlstate.New(sqlstate.UndefinedColumn, "column \"%s\" not found in data type record", n.Name).At(n.X.Pos())
	}
	x, err := c.bind(n.X)
	if err != nil {
		return nil, err
	}
	return nil, sqlstate.New(sqlstate.WrongObjectType, "column notation .%s applied to type %s, which is not a composite type", n.Name, types.Of(x.Type().OID)).At(n.X.Pos())
}

// bindComposite binds an expression that is a row: the call of a set-returning function with several columns, or the name
// of a column that holds one. nil if it is not.
func (c *clause) bindComposite(h decode.Handle) ([]named, error) {
	switch n := h.Node().(type) {
	case decode.ColumnRef:
		col, err := c.sc.resolve(n.Parts, n.Position())
		return col.fields, err
	case decode.Call:
		if functions.IsAggregate(n.Name) || !functions.Exists(n.Name) || !c.sets || c.attach == nil {
			return nil, nil
		}
		if err := c.callable(n); err != nil {
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
		if fn.Set == nil || len(fn.Columns) < 2 {
			return nil, nil
		}
		if err := c.permitted(fn, n.Position()); err != nil {
			return nil, err
		}
		if err := c.coerceArgs(args, fn.Args, positions); err != nil {
			return nil, err
		}
		cols, ok := c.attach.sets.find(fn, args)
		if !ok {
			cols = c.attach.addSet(fn, args, c.setColumns(fn, args, n.Name))
		}
		return c.namedColumns(cols), nil
	}
	return nil, nil
}

func (b *binder) namedColumns(ids []int) []named {
	out := make([]named, len(ids))
	for i, id := range ids {
		out[i] = named{name: b.fields[id].Name, id: id}
	}
	return out
}
