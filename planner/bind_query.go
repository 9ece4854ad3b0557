package planner

import (
	"strings"

	"tarn/planner/plan"
	"tarn/sql/decode"
	"tarn/sql/expr"
	"tarn/sql/functions"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// bound is a query that has been bound: its rows, and their order and cut, not applied yet.
type bound struct {
	node          logical
	cols          []output // what it gives out; node may have further columns to sort by
	order         []plan.Order
	limit, offset expr.Expr
	sc            *scope // what its expressions saw; nil for a set operation
}

// output is one column of a query.
type output struct {
	named
	pos int
}

// relation is the query as a collection: a cut applies, an order without one means nothing.
func (q *bound) relation() logical {
	if q.limit == nil && q.offset == nil {
		return q.node
	}
	return &topK{in: q.node, order: q.order, limit: q.limit, offset: q.offset}
}

// bindQuery binds a query in the scope of another one (nil: none). Output columns that are literals of no type become
// text, unless keepUnknown: then the caller gives them a type with give.
func (b *binder) bindQuery(ref decode.QueryRef, outer *scope, keepUnknown bool) (*bound, error) {
	heed(b.ctx)
	q := ref.Read()
	if len(q.Locking) > 0 {
		return nil, unsupported(int(q.Pos), "FOR %s is not supported", strings.ToUpper(q.Locking[0].Strength)).(*sqlstate.Error).
			WithHint("Transactions are serializable without locks: leave the clause out.")
	}
	if q.WithTies {
		return nil, unsupported(int(q.Pos), "FETCH FIRST ... WITH TIES is not supported")
	}
	sc := outer
	if len(q.With) > 0 {
		sc = &scope{outer: outer}
		if err := b.bindWith(q, sc); err != nil {
			return nil, err
		}
	}
	var out *bound
	var err error
	switch body := q.Body.(type) {
	case decode.Select:
		out, err = b.bindSelect(body, q.OrderBy, sc, keepUnknown)
	case decode.SetOp:
		if out, err = b.bindSetOp(body, sc); err == nil {
			err = b.orderOutputs(out, q.OrderBy, sc, true)
		}
	case decode.Values:
		if out, err = b.bindValues(body, sc, keepUnknown); err == nil {
			err = b.orderOutputs(out, q.OrderBy, sc, false)
		}
	default:
		err = unsupported(int(q.Pos), "this query is not supported")
	}
	if err != nil {
		return nil, err
	}
	cut := out.sc
	if cut == nil {
		cut = &scope{outer: sc}
	}
	if out.limit, err = b.bindCut(q.Limit, "LIMIT", cut); err != nil {
		return nil, err
	}
	out.offset, err = b.bindCut(q.Offset, "OFFSET", cut)
	return out, err
}

func (b *binder) bindWith(q *decode.Query, sc *scope) error {
	for _, w := range q.With {
		for _, other := range sc.ctes {
			if other.name == w.Name {
				return sqlstate.New(sqlstate.DuplicateAlias, "WITH query name \"%s\" specified more than once", w.Name).At(w.Position())
			}
		}
		inner := sc
		if q.Recursive {
			inner = &scope{outer: sc, ctes: []*cte{{name: w.Name}}}
		}
		bq, err := b.bindQuery(w.Query, inner, false)
		if err != nil {
			return err
		}
		if len(w.Columns) > len(bq.cols) {
			return sqlstate.New(sqlstate.InvalidColumnReference, "WITH query \"%s\" has %d columns available but %d columns specified", w.Name, len(bq.cols), len(w.Columns)).At(w.Position())
		}
		for i, name := range w.Columns {
			bq.cols[i].name = name
		}
		sc.ctes = append(sc.ctes, &cte{w.Name, bq})
	}
	return nil
}

// bindCut binds LIMIT or OFFSET: a constant or a parameter of type bigint.
func (b *binder) bindCut(h decode.Handle, word string, sc *scope) (expr.Expr, error) {
	if h.IsZero() {
		return nil, nil
	}
	c := &clause{binder: b, sc: sc, name: word}
	e, err := c.bind(h)
	if err != nil {
		return nil, err
	}
	out, ok, err := b.coerce(e, int8Type, functions.Assignment, h.Pos())
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, sqlstate.New(sqlstate.DatatypeMismatch, "argument of %s must be type bigint, not type %s", word, e.Type()).At(h.Pos())
	}
	if len(expr.Columns(e)) > 0 {
		return nil, sqlstate.New(sqlstate.InvalidColumnReference, "argument of %s must not contain variables", word).At(h.Pos())
	}
	if expr.IsConst(out) {
		d, err := expr.EvalConst(b.ctx, out)
		if err != nil {
			return nil, at(err, h.Pos())
		}
		switch {
		case d.Null:
			return nil, nil
		case d.Int < 0 && word == "LIMIT":
			return nil, sqlstate.New(sqlstate.InvalidRowCountInLimitClause, "LIMIT must not be negative")
		case d.Int < 0:
			return nil, sqlstate.New(sqlstate.InvalidRowCountInResultOffset, "OFFSET must not be negative")
		case d.Int == 0 && word == "OFFSET":
			return nil, nil
		}
		return &expr.Const{T: int8Type, Value: d}, nil
	}
	return out, nil
}

func setWord(k decode.SetKind) string { return [...]string{"UNION", "INTERSECT", "EXCEPT"}[k] }

func (b *binder) bindSetOp(n decode.SetOp, sc *scope) (*bound, error) {
	word := setWord(n.Kind)
	l, err := b.bindQuery(n.Left, sc, true)
	if err != nil {
		return nil, err
	}
	r, err := b.bindQuery(n.Right, sc, true)
	if err != nil {
		return nil, err
	}
	if len(l.cols) != len(r.cols) {
		err := sqlstate.New(sqlstate.SyntaxError, "each %s query must have the same number of columns", word)
		if len(r.cols) > 0 {
			err = err.At(r.cols[0].pos)
		}
		return nil, err
	}
	lnode, rnode := l.relation(), r.relation()
	out := &bound{}
	lids, rids := make([]int, len(l.cols)), make([]int, len(l.cols))
	for i := range l.cols {
		if l.cols[i].fields != nil || r.cols[i].fields != nil {
			return nil, unsupported(l.cols[i].pos, "row values are not supported in %s", word)
		}
		pair := []expr.Expr{outputExpr(b, lnode, l.cols[i].id), outputExpr(b, rnode, r.cols[i].id)}
		t, err := b.commonType(word, pair, []int{l.cols[i].pos, r.cols[i].pos})
		if err != nil {
			return nil, err
		}
		give := func(e expr.Expr, pos int) (expr.Expr, error) { return b.coerceCommon(word, e, t, pos) }
		if lnode, lids[i], err = b.give(lnode, l.cols[i], give); err != nil {
			return nil, err
		}
		if rnode, rids[i], err = b.give(rnode, r.cols[i], give); err != nil {
			return nil, err
		}
		if !(n.Kind == decode.Union && n.All) {
			of := l.cols[i] // which the type is of
			if pair[0].Type().OID != t.OID {
				of = r.cols[i]
			}
			if err := b.groupable(t, of.pos); err != nil {
				return nil, err
			}
		}
		id := b.newColumn(l.cols[i].name, t)
		out.cols = append(out.cols, output{named{name: l.cols[i].name, id: id}, l.cols[i].pos})
	}
	ids := outputIDs(out.cols)
	if n.Kind == decode.Union {
		out.node = &union{cols: ids, children: []logical{lnode, rnode}, inputs: [][]int{lids, rids}}
		if !n.All {
			out.node = &distinct{out.node}
		}
		return out, nil
	}
	// the columns of a difference are those of its left side, which must have no others
	lnode = b.rename(lnode, lids, ids)
	fresh := make([]int, len(rids))
	for i, id := range rids {
		fresh[i] = b.newColumn(b.fields[id].Name, b.fields[id].Type)
	}
	rnode = b.rename(rnode, rids, fresh)
	out.node = &difference{intersect: n.Kind == decode.Intersect, all: n.All, l: lnode, r: rnode, lcols: ids, rcols: fresh}
	return out, nil
}

func outputIDs(cols []output) []int {
	ids := make([]int, len(cols))
	for i := range cols {
		ids[i] = cols[i].id
	}
	return ids
}

// rename gives out the columns from under new numbers.
func (b *binder) rename(in logical, from, to []int) logical {
	p := &project{in: in}
	for i := range from {
		p.items = append(p.items, item{to[i], b.column(from[i])})
	}
	return p
}

// outputExpr is the expression of an output column where the query computes it at its top and it is a literal that has no
// type yet; otherwise the column.
func outputExpr(b *binder, n logical, id int) expr.Expr {
	switch n := n.(type) {
	case *project:
		for i := range n.items {
			switch it := &n.items[i]; {
			case it.id != id:
			case it.e == nil: // computed below what another column was given
				return outputExpr(b, n.in, id)
			case it.e.Type().OID == types.UnknownOID:
				return it.e
			}
		}
	case *topK:
		return outputExpr(b, n.in, id)
	}
	return b.column(id)
}

// give coerces one output column of a query: a literal where it is written, anything else in a projection on top. It
// returns the new node and the number of the coerced column.
func (b *binder) give(n logical, col output, coerce func(e expr.Expr, pos int) (expr.Expr, error)) (logical, int, error) {
	if b.fields[col.id].Type.OID == types.UnknownOID && b.giveLiteral(n, col, coerce) {
		return n, col.id, nil
	}
	e, err := coerce(outputExpr(b, n, col.id), col.pos)
	if err != nil {
		return nil, 0, err
	}
	if c, ok := e.(*expr.Column); ok && c.Index == col.id {
		return n, col.id, nil
	}
	id := b.newColumn(col.name, e.Type())
	return extend(n, []item{{id, e}}), id, nil
}

// giveLiteral coerces a literal in the cells of VALUES, or in the SELECT list, if the column is one and it can be done.
func (b *binder) giveLiteral(n logical, col output, coerce func(e expr.Expr, pos int) (expr.Expr, error)) bool {
	switch n := n.(type) {
	case *topK:
		return b.giveLiteral(n.in, col, coerce)
	case *project:
		for i := range n.items {
			if it := &n.items[i]; it.id == col.id && it.e == nil {
				return b.giveLiteral(n.in, col, coerce)
			}
		}
	case *rows:
		for i, id := range n.cols {
			if id != col.id {
				continue
			}
			cells := make([]expr.Expr, len(n.rows))
			for r := range n.rows {
				e, err := coerce(n.rows[r][i], col.pos)
				if err != nil {
					return false
				}
				cells[r] = e
			}
			for r := range n.rows {
				n.rows[r][i] = cells[r]
				b.fields[id].Type = cells[r].Type()
			}
			return true
		}
	}
	return false
}

// orderOutputs binds the ORDER BY of a set operation or VALUES: names and positions of output columns only.
func (b *binder) orderOutputs(q *bound, orderBy []decode.Order, sc *scope, setOp bool) error {
	for _, o := range orderBy {
		i, err := outputFor(o.Expr, q.cols, "ORDER BY")
		if err != nil {
			return err
		}
		var e expr.Expr
		if i >= 0 {
			e = b.column(q.cols[i].id)
		} else if setOp {
			if ref, ok := o.Expr.Node().(decode.ColumnRef); ok && len(ref.Parts) == 1 {
				return sqlstate.New(sqlstate.UndefinedColumn, "column \"%s\" does not exist", ref.Parts[0]).At(ref.Position())
			}
			return sqlstate.New(sqlstate.FeatureNotSupported, "invalid UNION/INTERSECT/EXCEPT ORDER BY clause").
				WithDetail("Only result column names can be used, not expressions or functions.").
				WithHint("Add the expression/function to every SELECT, or move the UNION into a FROM clause.").At(o.Position())
		} else {
			c := &clause{binder: b, name: "ORDER BY", sc: &scope{outer: sc, entries: []*entry{{name: "*VALUES*", cols: outputNames(q.cols), plain: true, relation: true}}}}
			if e, err = c.bind(o.Expr); err != nil {
				return err
			}
		}
		key, err := b.orderBy(o, b.settle(e))
		if err != nil {
			return err
		}
		q.order = append(q.order, key)
	}
	return nil
}

func outputNames(cols []output) []named {
	out := make([]named, len(cols))
	for i := range cols {
		out[i] = cols[i].named
	}
	return out
}

// outputFor is the output column that a name or a position in ORDER BY means, or -1. Errors: 42P10, 42702.
func outputFor(h decode.Handle, cols []output, word string) (int, error) {
	switch n := h.Node().(type) {
	case decode.ColumnRef:
		if len(n.Parts) != 1 {
			return -1, nil
		}
		found := -1
		for i := range cols {
			if cols[i].name == n.Parts[0] {
				if found >= 0 && cols[found].id != cols[i].id {
					return 0, sqlstate.New(sqlstate.AmbiguousColumn, "%s \"%s\" is ambiguous", word, n.Parts[0]).At(n.Position())
				}
				found = i
			}
		}
		return found, nil
	case decode.Const:
		switch n.Kind {
		case decode.Int:
			e, err := bindConst(n)
			if err != nil {
				return 0, err
			}
			i := e.(*expr.Const).Value.Int
			if e.Type().OID == types.NumericOID || i < 1 || i > int64(len(cols)) {
				return 0, sqlstate.New(sqlstate.InvalidColumnReference, "%s position %s is not in select list", word, n.Text).At(n.Position())
			}
			return int(i) - 1, nil
		default:
			return 0, sqlstate.New(sqlstate.SyntaxError, "non-integer constant in %s", word).At(n.Position())
		}
	}
	return -1, nil
}

func (b *binder) bindValues(n decode.Values, sc *scope, keepUnknown bool) (*bound, error) {
	width := len(n.Rows[0])
	table := make([][]expr.Expr, len(n.Rows))
	positions := make([][]int, len(n.Rows))
	attach := &attachments{}
	c := &clause{binder: b, sc: &scope{outer: sc}, name: "VALUES", attach: attach}
	for r, row := range n.Rows {
		if len(row) != width {
			return nil, sqlstate.New(sqlstate.SyntaxError, "VALUES lists must all be the same length").At(row[0].Pos())
		}
		var err error
		if table[r], positions[r], err = c.bindAll(row); err != nil {
			return nil, err
		}
	}
	out := &bound{}
	node := &rows{rows: table}
	for i := 0; i < width; i++ {
		column, at := make([]expr.Expr, len(table)), make([]int, len(table))
		known := false
		for r := range table {
			column[r], at[r] = table[r][i], positions[r][i]
			known = known || column[r].Type().OID != types.UnknownOID
		}
		t := unknownType
		if known || !keepUnknown {
			var err error
			if t, err = b.common("VALUES", column, at); err != nil {
				return nil, err
			}
			for r := range table {
				table[r][i] = column[r]
			}
		}
		name := "column" + itoa(i+1)
		id := b.newColumn(name, t)
		node.cols = append(node.cols, id)
		out.cols = append(out.cols, output{named{name: name, id: id}, at[0]})
	}
	out.node = node
	if len(attach.list) > 0 {
		if len(table) > 1 {
			return nil, unsupported(n.Position(), "subqueries in VALUES of several rows are not supported").(*sqlstate.Error).WithHint("Use UNION ALL of SELECTs.")
		}
		p := &project{in: attach.onto(&rows{rows: [][]expr.Expr{{}}})}
		for i, id := range node.cols {
			p.items = append(p.items, item{id, table[0][i]})
		}
		out.node = p
	}
	return out, nil
}
