package planner

import (
	"strconv"

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

func itoa(i int) string { return strconv.Itoa(i) }

// oneRow is the relation of one row without columns: what SELECT without FROM reads.
func oneRow() logical { return &rows{rows: [][]expr.Expr{{}}} }

// bindFrom binds a FROM list. Its names go into sc, whose outer scope is that of the query around.
func (b *binder) bindFrom(list []decode.TableExpr, sc *scope) (logical, error) {
	var node logical
	for _, t := range list {
		n, entries, err := b.bindTableExpr(t, sc, sc.entries)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if err := conflict(sc.entries, e); err != nil {
				return nil, err
			}
		}
		sc.entries = append(sc.entries, entries...)
		if node == nil {
			node = n
		} else {
			node = &join{kind: plan.Inner, l: node, r: n}
		}
	}
	if node == nil {
		return oneRow(), nil
	}
	return node, nil
}

// conflict refuses two FROM items of one name.
func conflict(have []*entry, e *entry) error {
	for _, h := range have {
		if h.relation && e.relation && h.name != "" && h.name == e.name && !(h.rel != nil && e.rel != nil && h.unaliased == "" && e.unaliased == "" && h.schema != e.schema) {
			return sqlstate.New(sqlstate.DuplicateAlias, "table name \"%s\" specified more than once", e.name)
		}
	}
	return nil
}

// bindTableExpr binds an element of FROM; left is what stands left of it, which LATERAL items may use.
func (b *binder) bindTableExpr(t decode.TableExpr, sc *scope, left []*entry) (logical, []*entry, error) {
	switch t := t.(type) {
	case decode.Table:
		return b.bindTable(t, sc)
	case decode.SubQuery:
		return b.bindDerived(t, sc, left)
	case decode.Function:
		return b.bindTableFunction(t, sc, left)
	case decode.Join:
		return b.bindJoin(t, sc, left)
	}
	return nil, nil, unsupported(t.Position(), "this FROM item is not supported")
}

func (b *binder) bindTable(t decode.Table, sc *scope) (logical, []*entry, error) {
	if t.Sample {
		return nil, nil, unsupported(t.Position(), "TABLESAMPLE is not supported").(*sqlstate.Error).WithHint("Filter by random() instead.")
	}
	if t.Schema == "" {
		if w := sc.cte(t.Name); w != nil {
			return b.bindCTE(w, t)
		}
	}
	rel, err := b.relation(t.Catalog, t.Schema, t.Name, t.Position())
	if err != nil {
		return nil, nil, err
	}
	b.dependOn(rel)
	node, cols, err := b.bindRelation(rel, t.Position())
	if err != nil {
		return nil, nil, err
	}
	e := &entry{name: rel.Name, schema: rel.Schema, rel: rel, cols: cols, relation: true, plain: true}
	return node, []*entry{e}, e.applyAlias(t.Alias)
}

// bindRelation reads a relation; a view is replaced by its query.
func (b *binder) bindRelation(rel *catalog.Relation, pos int) (logical, []named, error) {
	if rel.Kind == catalog.View && rel.Query != "" {
		return b.expandView(rel)
	}
	if b.standing && rel.Kind == catalog.System {
		return nil, nil, unsupported(pos, "system relation \"%s\" cannot be used in a materialized view", rel.Name).(*sqlstate.Error).
			WithHint("Query it directly, or through a view.")
	}
	n := &scan{rel: rel}
	var cols []named
	for i, c := range rel.Columns {
		id := b.newColumn(c.Name, c.Type)
		b.origins[id] = plan.Origin{Relation: rel.ID, Column: int16(i + 1)}
		n.cols = append(n.cols, id)
		cols = append(cols, named{name: c.Name, id: id})
	}
	return n, cols, nil
}

// expandView binds the text of a view. Errors in it have no position in the statement.
func (b *binder) expandView(rel *catalog.Relation) (logical, []named, error) {
	parsed, err := sql.Parse(rel.Query)
	if err != nil {
		return nil, nil, viewError(rel, err)
	}
	if len(parsed) != 1 {
		return nil, nil, sqlstate.New(sqlstate.InternalError, "view \"%s\" does not hold one query", rel.Name)
	}
	sel, ok := parsed[0].Node.(*stmt.Select)
	if !ok {
		return nil, nil, sqlstate.New(sqlstate.InternalError, "view \"%s\" does not hold a query", rel.Name)
	}
	outside := b.env
	inside := *outside
	inside.SearchPath, inside.Depends = rel.SearchPath, rel.Depends
	b.env = &inside
	b.inView++
	q, err := b.bindQuery(sel.Query, nil, false)
	b.inView--
	b.env = outside
	if err != nil {
		return nil, nil, viewError(rel, err)
	}
	var cols []named
	node := &project{in: q.relation()}
	for i, c := range q.cols {
		name := c.name
		if i < len(rel.Columns) {
			name = rel.Columns[i].Name
		}
		id := b.newColumn(name, b.fields[c.id].Type)
		b.origins[id] = plan.Origin{Relation: rel.ID, Column: int16(i + 1)}
		node.items = append(node.items, item{id, b.column(c.id)})
		cols = append(cols, named{name: name, id: id})
	}
	return node, cols, nil
}

func viewError(rel *catalog.Relation, err error) error {
	e := *sqlstate.From(err)
	e.Position = 0
	e.Where = "view \"" + rel.Name + "\""
	return &e
}

func (b *binder) bindCTE(w *cte, t decode.Table) (logical, []*entry, error) {
	if w.q == nil {
		return nil, nil, unsupported(t.Position(), "recursive queries are not supported")
	}
	node := &project{in: w.q.relation()}
	e := &entry{name: w.name, relation: true, plain: true}
	if t.Alias.Name != "" && t.Alias.Name != w.name {
		e.unaliased = w.name
	}
	for _, c := range w.q.cols {
		id := b.newColumn(c.name, b.fields[c.id].Type)
		b.passes(id, b.column(c.id))
		node.items = append(node.items, item{id, b.column(c.id)})
		e.cols = append(e.cols, named{name: c.name, id: id})
	}
	return node, []*entry{e}, e.applyAlias(t.Alias)
}

// lateral is the scope of a FROM item: it sees the items left of it if it is LATERAL, and otherwise only knows of them.
func lateral(sc *scope, left []*entry, visible bool) *scope {
	out := &scope{outer: sc.outer, ctes: sc.ctes, entries: left}
	if !visible {
		out.entries = hidden(left)
	}
	return out
}

// hidden is entries that are known, for messages, but not visible.
func hidden(entries []*entry) []*entry {
	out := make([]*entry, len(entries))
	for i, e := range entries {
		h := *e
		h.hidden = true
		out[i] = &h
	}
	return out
}

func (b *binder) bindDerived(t decode.SubQuery, sc *scope, left []*entry) (logical, []*entry, error) {
	q, err := b.bindQuery(t.Query, lateral(sc, left, t.Lateral), false)
	if err != nil {
		return nil, nil, err
	}
	if t.Alias.Name == "" && len(q.cols) > 0 {
		return nil, nil, sqlstate.New(sqlstate.SyntaxError, "subquery in FROM must have an alias").
			WithHint("For example, FROM (SELECT ...) [AS] foo.").At(t.Position())
	}
	e := &entry{cols: outputNames(q.cols), relation: true, plain: true}
	return q.relation(), []*entry{e}, e.applyAlias(t.Alias)
}

// bindTableFunction binds functions in FROM. Arguments may use items to the left without LATERAL.
func (b *binder) bindTableFunction(t decode.Function, sc *scope, left []*entry) (logical, []*entry, error) {
	if len(t.Columns) > 0 {
		return nil, nil, unsupported(t.Position(), "column definition lists are not supported")
	}
	attach := &attachments{}
	c := &clause{binder: b, sc: lateral(sc, left, true), name: "functions in FROM", attach: attach}
	e := &entry{relation: true, plain: true}
	node := oneRow()
	var sets []setCall
	for _, h := range t.Calls {
		call, ok := h.Node().(decode.Call)
		if !ok { // CURRENT_DATE and the like
			x, err := c.bind(h)
			if err != nil {
				return nil, nil, err
			}
			id := b.newColumn(columnName(h), c.settle(x).Type())
			node = extend(node, []item{{id, c.settle(x)}})
			e.cols = append(e.cols, b.namedColumns([]int{id})...)
			e.name = columnName(h)
			continue
		}
		if e.name == "" {
			e.name = call.Name
		}
		if err := c.callable(call); err != nil {
			return nil, nil, err
		}
		if functions.IsAggregate(call.Name) {
			return nil, nil, sqlstate.New(sqlstate.GroupingError, "aggregate functions are not allowed in functions in FROM").At(call.Position())
		}
		if err := plainCall(call); err != nil {
			return nil, nil, err
		}
		args, positions, err := c.bindArgs(call)
		if err != nil {
			return nil, nil, err
		}
		if call.Name == "unnest" && len(args) > 1 { // short for ROWS FROM (unnest(a), unnest(b), ..)
			for i := range args {
				fn, err := functions.Resolve(call.Name, typesOf(args[i:i+1]))
				if err != nil {
					return nil, nil, at(err, positions[i])
				}
				arg := args[i : i+1 : i+1]
				if err := b.coerceArgs(arg, fn.Args, positions[i:]); err != nil {
					return nil, nil, err
				}
				cols := b.setColumns(fn, arg, call.Name)
				sets = append(sets, setCall{fn, arg, cols})
				e.cols = append(e.cols, b.namedColumns(cols)...)
			}
			continue
		}
		fn, err := functions.Resolve(call.Name, typesOf(args))
		if err != nil {
			return nil, nil, at(err, call.Position())
		}
		if err := b.permitted(fn, call.Position()); err != nil {
			return nil, nil, err
		}
		if fn.Set == nil {
			x, err := b.apply(fn, args, positions, false)
			if err != nil {
				return nil, nil, err
			}
			id := b.newColumn(call.Name, x.Type())
			node = extend(node, []item{{id, x}})
			e.cols = append(e.cols, b.namedColumns([]int{id})...)
			continue
		}
		if err := b.coerceArgs(args, fn.Args, positions); err != nil {
			return nil, nil, err
		}
		cols := b.setColumns(fn, args, call.Name)
		sets = append(sets, setCall{fn, args, cols})
		e.cols = append(e.cols, b.namedColumns(cols)...)
	}
	if len(t.Calls) > 1 && len(sets) < len(t.Calls) {
		return nil, nil, unsupported(t.Position(), "ROWS FROM with functions that return no set is not supported")
	}
	node = attach.onto(node)
	if len(t.Calls) == 1 && len(e.cols) == 1 && t.Alias.Name != "" && (sets == nil || len(sets[0].fn.Columns) == 0) {
		e.cols[0].name = t.Alias.Name // a function of one column gives it the alias for a name
	}
	ordinality := -1
	if t.Ordinality {
		ordinality = b.newColumn("ordinality", int8Type)
		e.cols = append(e.cols, named{name: "ordinality", id: ordinality})
	}
	switch {
	case len(sets) == 1:
		node = &flatMap{in: node, fn: sets[0].fn, args: sets[0].args, cols: sets[0].cols, ordinality: ordinality}
	case len(sets) > 1:
		fn, args, cols := zip(sets)
		node = &flatMap{in: node, fn: fn, args: args, cols: cols, ordinality: ordinality}
	case ordinality >= 0:
		node = extend(node, []item{{ordinality, &expr.Const{T: int8Type, Value: types.Datum{Int: 1}}}})
	}
	return node, []*entry{e}, e.applyAlias(t.Alias)
}

var joinKinds = map[decode.JoinKind]plan.JoinKind{
	decode.InnerJoin: plan.Inner, decode.CrossJoin: plan.Inner, decode.LeftJoin: plan.Left, decode.RightJoin: plan.Right, decode.FullJoin: plan.Full,
}

func (b *binder) bindJoin(t decode.Join, sc *scope, left []*entry) (logical, []*entry, error) {
	l, lentries, err := b.bindTableExpr(t.Left, sc, left)
	if err != nil {
		return nil, nil, err
	}
	r, rentries, err := b.bindTableExpr(t.Right, sc, append(left[:len(left):len(left)], lentries...))
	if err != nil {
		return nil, nil, err
	}
	for _, e := range rentries {
		if err := conflict(lentries, e); err != nil {
			return nil, nil, err
		}
	}
	n := &join{kind: joinKinds[t.Kind], l: l, r: r}
	if (n.kind == plan.Right || n.kind == plan.Full) && free(r).intersects(l.columns()) {
		return nil, nil, sqlstate.New(sqlstate.InvalidColumnReference, "invalid reference to FROM-clause entry for table \"%s\"", lentries[0].name).
			WithDetail("The combining JOIN type must be INNER or LEFT for a LATERAL reference.").At(t.Right.Position())
	}
	entries := append(lentries[:len(lentries):len(lentries)], rentries...)
	var node logical = n
	using := t.Using
	if t.Natural {
		using = commonNames(lentries, rentries)
	}
	if len(using) > 0 {
		if node, entries, err = b.joinUsing(n, using, lentries, rentries, t); err != nil {
			return nil, nil, err
		}
	} else if !t.On.IsZero() {
		attach := &attachments{}
		on := &clause{binder: b, sc: &scope{outer: sc.outer, ctes: sc.ctes, entries: append(entries[:len(entries):len(entries)], hidden(left)...)}, name: "JOIN conditions", attach: attach}
		if n.on, err = on.bindBool(t.On, "JOIN/ON"); err != nil {
			return nil, nil, err
		}
		switch {
		case len(attach.list) == 0:
		case n.kind == plan.Inner:
			cond := n.on
			n.on = nil
			node = &filter{attach.onto(n), cond}
		case n.kind == plan.Left:
			n.r = attach.onto(n.r)
		default:
			return nil, nil, unsupported(t.On.Pos(), "subqueries in the condition of a RIGHT or FULL JOIN are not supported")
		}
	}
	if t.Alias.Name == "" {
		return node, entries, nil
	}
	// (a JOIN b) AS j hides a and b
	j := &entry{relation: true, plain: true}
	for _, e := range entries {
		if e.plain {
			j.cols = append(j.cols, e.cols...)
		}
	}
	return node, []*entry{j}, j.applyAlias(t.Alias)
}

// visible is the columns that plain names see, in order: what * gives.
func visible(entries []*entry) []named {
	var out []named
	for _, e := range entries {
		if e.plain && !e.hidden {
			out = append(out, e.cols...)
		}
	}
	return out
}

func commonNames(l, r []*entry) []string {
	var out []string
	for _, a := range visible(l) {
		for _, c := range visible(r) {
			if a.name == c.name {
				out = append(out, a.name)
				break
			}
		}
	}
	return out
}

// joinUsing joins on equal columns, which * and plain names then see once, and first.
func (b *binder) joinUsing(n *join, using []string, l, r []*entry, t decode.Join) (logical, []*entry, error) {
	find := func(entries []*entry, name, side string) (named, error) {
		found, count := named{}, 0
		for _, c := range visible(entries) {
			if c.name == name {
				found, count = c, count+1
			}
		}
		switch count {
		case 0:
			return found, sqlstate.New(sqlstate.UndefinedColumn, "column \"%s\" specified in USING clause does not exist in %s table", name, side)
		case 1:
			return found, nil
		}
		return found, sqlstate.New(sqlstate.AmbiguousColumn, "common column name \"%s\" appears more than once in %s table", name, side)
	}
	var node logical = n
	merged := &entry{name: t.UsingAlias, plain: true, relation: t.UsingAlias != ""}
	taken := map[string]bool{}
	var computed []item
	for _, name := range using {
		if taken[name] {
			return nil, nil, sqlstate.New(sqlstate.DuplicateColumn, "column name \"%s\" appears more than once in USING clause", name)
		}
		taken[name] = true
		lc, err := find(l, name, "left")
		if err != nil {
			return nil, nil, err
		}
		rc, err := find(r, name, "right")
		if err != nil {
			return nil, nil, err
		}
		le, re := expr.Expr(b.column(lc.id)), expr.Expr(b.column(rc.id))
		equal, err := b.operator("", "=", le, re, t.Position(), t.Position(), t.Position())
		if err != nil {
			return nil, nil, err
		}
		n.on = and(n.on, equal)
		pair, positions := []expr.Expr{le, re}, []int{t.Position(), t.Position()}
		ct, err := b.common("JOIN/USING", pair, positions)
		if err != nil {
			return nil, nil, err
		}
		var e expr.Expr
		switch n.kind {
		case plan.Right:
			e = pair[1]
		case plan.Full:
			e = &expr.Coalesce{T: ct, Args: pair}
		default:
			e = pair[0]
		}
		if c, ok := e.(*expr.Column); ok {
			merged.cols = append(merged.cols, named{name: name, id: c.Index})
			continue
		}
		id := b.newColumn(name, ct)
		computed = append(computed, item{id, e})
		merged.cols = append(merged.cols, named{name: name, id: id})
	}
	node = extend(node, computed)
	// the other columns follow; the tables keep theirs for qualified names
	rest := &entry{plain: true}
	for _, c := range visible(append(l[:len(l):len(l)], r...)) {
		if !taken[c.name] {
			rest.cols = append(rest.cols, c)
		}
	}
	entries := []*entry{merged, rest}
	for _, e := range append(l[:len(l):len(l)], r...) {
		if !e.relation {
			continue
		}
		q := *e
		q.plain = false
		entries = append(entries, &q)
	}
	return node, entries, nil
}
