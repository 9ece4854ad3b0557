package decode

import (
	"slices"

	"github.com/pingcap/tidb/pkg/parser/ast"

	"tarn/sql/bridge"
)

// query reads one level of a query.
func (t *Tree) query(n ast.Node) *Query {
	q := &Query{}
	var with *ast.WithClause
	var order *ast.OrderByClause
	var limit *ast.Limit
	switch n := n.(type) {
	case *ast.SelectStmt:
		with, order, limit = n.With, n.OrderBy, n.Limit
		q.Body = t.block(n)
	case *ast.SetOprStmt:
		with, order, limit = n.With, n.OrderBy, n.Limit
		q.Body = t.setOp(n.SelectList.Selects)
	case *ast.SetOprSelectList:
		if len(n.Selects) == 1 {
			return t.query(n.Selects[0])
		}
		with, order, limit = n.With, n.OrderBy, n.Limit
		q.Body = t.setOp(n.Selects)
	default:
		panic(unknown(n))
	}
	q.Pos = Pos(q.Body.Position())
	if with != nil {
		q.Recursive = with.IsRecursive
		for _, c := range with.CTEs {
			q.With = append(q.With, t.cte(c))
		}
	}
	if order != nil {
		q.OrderBy = t.orders(order.Items)
	}
	if limit != nil {
		t.tail(q, &t.out.Tails[t.hole(limit.Count).N])
	}
	return q
}

func (t *Tree) tail(q *Query, tail *bridge.Tail) {
	q.Limit, q.Offset, q.WithTies = t.ref(tail.Limit), t.ref(tail.Offset), tail.WithTies
	for _, l := range tail.Locking {
		q.Locking = append(q.Locking, Locking{Strength: l.Strength, Of: l.Of, Wait: l.Wait})
	}
}

func (t *Tree) cte(c *ast.CommonTableExpression) CTE {
	l := t.label(c.Name)
	cte := CTE{Pos: t.sourcePos(l.Pos), Name: l.Name, Columns: l.Columns, Query: t.subquery(c.Query)}
	switch l.Materialized {
	case 1:
		cte.Materialized = MaterializeAlways
	case -1:
		cte.Materialized = MaterializeNever
	}
	return cte
}

// setOp reads a set operation. The bridge writes them with two sides, each in parentheses.
func (t *Tree) setOp(sides []ast.Node) Body {
	s := SetOp{Left: QueryRef{tree: t, node: sides[0]}, Right: QueryRef{tree: t, node: sides[1]}}
	var op *ast.SetOprType
	switch right := sides[1].(type) {
	case *ast.SetOprSelectList:
		op = right.AfterSetOperator
	case *ast.SelectStmt:
		op = right.AfterSetOperator
	}
	switch *op {
	case ast.Union:
		s.Kind = Union
	case ast.UnionAll:
		s.Kind, s.All = Union, true
	case ast.Intersect:
		s.Kind = Intersect
	case ast.IntersectAll:
		s.Kind, s.All = Intersect, true
	case ast.Except:
		s.Kind = Except
	case ast.ExceptAll:
		s.Kind, s.All = Except, true
	}
	return s
}

// block reads SELECT or VALUES.
func (t *Tree) block(n *ast.SelectStmt) Body {
	if n.Kind == ast.SelectStmtKindValues {
		v := Values{Rows: make([][]Handle, len(n.Lists))}
		for i, row := range n.Lists {
			v.Rows[i] = t.handles(row.Values)
		}
		v.Pos = Pos(v.Rows[0][0].Start())
		return v
	}
	s := Select{Distinct: n.Distinct, Where: t.handle(n.Where)}
	if first := n.Fields.Fields[0].Expr; first != nil && isMarker(first, bridge.MarkDistinctOn) {
		s.Distinct = false
		s.DistinctOn = t.handles(first.(*ast.FuncCallExpr).Args)
	}
	s.Items = t.items(n)
	if len(s.Items) > 0 {
		s.Pos = s.Items[0].Pos
	}
	s.From = t.from(n.From)
	if n.GroupBy != nil {
		items := n.GroupBy.Items
		if isMarker(items[0].Expr, bridge.MarkGroupDist) {
			s.GroupDistinct = true
			items = items[1:]
		}
		for _, item := range items {
			s.GroupBy = append(s.GroupBy, t.group(item.Expr))
		}
	}
	if n.Having != nil {
		s.Having = t.handle(n.Having.Expr)
	}
	for i := range n.WindowSpecs {
		s.Windows = append(s.Windows, t.window(&n.WindowSpecs[i]))
	}
	return s
}

// items reads a SELECT list without what the bridge put in front of it or in its place.
func (t *Tree) items(n *ast.SelectStmt) []SelectItem {
	fields := n.Fields.Fields
	if first := fields[0].Expr; first != nil {
		if isMarker(first, bridge.MarkNoColumns) {
			return nil
		}
		if isMarker(first, bridge.MarkDistinctOn) {
			fields = fields[1:]
		}
	}
	list := make([]SelectItem, len(fields))
	for i, f := range fields {
		item := SelectItem{Alias: f.AsName.O}
		switch {
		case f.WildCard != nil:
			item.Star, item.Pos = true, t.at(f.Offset)
			if f.WildCard.Table.O != "" {
				item.Qualifier = nonEmpty(f.WildCard.Schema.O, f.WildCard.Table.O)
			}
		case isMarker(f.Expr, bridge.MarkAllOf):
			item.Star, item.Pos = true, t.at(f.Offset)
			item.Qualifier = t.hole(f.Expr.(*ast.FuncCallExpr).Args[0]).Names
		default:
			item.Expr = t.handle(f.Expr)
			item.Pos = Pos(item.Expr.Start())
		}
		list[i] = item
	}
	return list
}

func (t *Tree) group(n ast.ExprNode) GroupItem {
	g := GroupItem{Pos: t.pos(n)}
	call := marker(n)
	name := ""
	if call != nil {
		name = call.FnName.O
	}
	switch name {
	case bridge.MarkEmptySet:
		g.Kind = GroupEmpty
		return g
	case bridge.MarkRollup:
		g.Kind = GroupRollup
	case bridge.MarkCube:
		g.Kind = GroupCube
	case bridge.MarkSets:
		g.Kind = GroupSets
	default:
		g.Expr = t.handle(n)
		g.Pos = Pos(g.Expr.Start())
		return g
	}
	for _, a := range call.Args {
		g.Items = append(g.Items, t.group(a))
	}
	return g
}

// from reads a FROM list: TiDB's chain of joins without condition, which leans to the left.
func (t *Tree) from(clause *ast.TableRefsClause) []TableExpr {
	if clause == nil {
		return nil
	}
	var list []TableExpr
	for n := ast.ResultSetNode(clause.TableRefs); n != nil; {
		join, ok := n.(*ast.Join)
		switch {
		case !ok || join.On != nil:
			list = append(list, t.table(n))
			n = nil
		case join.Right == nil:
			n = join.Left
		default:
			list = append(list, t.table(join.Right))
			n = join.Left
		}
	}
	slices.Reverse(list)
	if len(list) == 1 {
		if table, ok := list[0].(Table); ok && table.Name == "" { // the bridge's FROM of a SELECT without one
			return nil
		}
	}
	return list
}

// table reads an element of FROM.
func (t *Tree) table(n ast.ResultSetNode) TableExpr {
	switch n := n.(type) {
	case *ast.Join:
		if n.On == nil && n.Right == nil {
			return t.table(n.Left)
		}
		return t.join(n)
	case *ast.TableSource:
		switch source := n.Source.(type) {
		case *ast.TableName:
			return t.relation(source, n.AsName)
		case *ast.SelectStmt:
			return t.derived(source, t.label(n.AsName))
		default:
			return t.subQuery(n.Source, t.label(n.AsName))
		}
	}
	panic(unknown(n))
}

func (t *Tree) relation(name *ast.TableName, alias ast.CIStr) TableExpr {
	if alias.O == "" {
		return Table{}
	}
	l := t.label(alias)
	table := Table{Pos: t.sourcePos(l.Pos), Schema: name.Schema.O, Name: name.Name.O, Only: l.Only, Sample: l.Sample,
		Alias: Alias{Name: l.Name, Columns: l.Columns}}
	if n := len(l.Path); n > 0 {
		table.Schema, table.Name = "", l.Path[n-1]
		if n > 1 {
			table.Schema = l.Path[n-2]
		}
		if n > 2 {
			table.Catalog = l.Path[n-3]
		}
	}
	return table
}

func (t *Tree) subQuery(n ast.Node, l *bridge.Label) TableExpr {
	return SubQuery{Pos: t.sourcePos(l.Pos), Query: QueryRef{tree: t, node: n}, Lateral: l.Lateral,
		Alias: Alias{Name: l.Name, Columns: l.Columns}}
}

// derived reads a query in FROM, which may carry a function or the alias of a join.
func (t *Tree) derived(n *ast.SelectStmt, l *bridge.Label) TableExpr {
	call := marker(n.Fields.Fields[0].Expr)
	if call == nil {
		return t.subQuery(n, l)
	}
	alias := Alias{Name: l.Name, Columns: l.Columns}
	switch call.FnName.O {
	case bridge.MarkJoinAlias:
		join := t.from(n.From)[0].(Join)
		join.Alias = alias
		return join
	case bridge.MarkFunction, bridge.MarkRowsFrom:
		f := Function{Pos: t.sourcePos(l.Pos), Calls: t.handles(call.Args), RowsFrom: call.FnName.O == bridge.MarkRowsFrom,
			Ordinality: l.Ordinality, Lateral: l.Lateral, Alias: alias}
		for _, d := range l.Defs {
			f.Columns = append(f.Columns, ColumnDef(d))
		}
		return f
	}
	return t.subQuery(n, l)
}

func (t *Tree) join(n *ast.Join) TableExpr {
	j := Join{Left: t.table(n.Left), Right: t.table(n.Right)}
	switch {
	case n.StraightJoin:
		j.Kind = FullJoin
	case n.Tp == ast.LeftJoin:
		j.Kind = LeftJoin
	case n.Tp == ast.RightJoin:
		j.Kind = RightJoin
	}
	on := n.On.Expr
	call := marker(on)
	name := ""
	if call != nil {
		name = call.FnName.O
	}
	switch name {
	case bridge.MarkCross:
		j.Kind, j.Pos = CrossJoin, t.pos(call)
	case bridge.MarkNatural:
		j.Natural, j.Pos = true, t.pos(call)
	case bridge.MarkJoinUsing:
		h := t.hole(call.Args[0])
		j.Using, j.UsingAlias, j.Pos = h.Names, h.Text, t.pos(call)
	default:
		j.On = t.handle(on)
		j.Pos = Pos(j.On.Start())
	}
	return j
}
