package decode

import (
	"github.com/pingcap/tidb/pkg/parser/ast"

	"tarn/sql/bridge"
	"tarn/sql/tidb"
)

// call reads a function call with all that is wrapped around it: from the outside in, OVER, FILTER, and the carrier of
// DISTINCT, ORDER BY and WITHIN GROUP.
func (t *Tree) call(n ast.ExprNode) Node {
	var c Call
	if w, ok := n.(*ast.WindowFuncExpr); ok {
		over := t.window(&w.Spec)
		c.Over = &over
		n = w.Args[0]
	}
	if isMarker(n, bridge.MarkFilter) {
		args := n.(*ast.FuncCallExpr).Args
		c.Filter = t.handle(args[1])
		n = args[0]
	}
	if a, ok := n.(*ast.AggregateFuncExpr); ok {
		c.Distinct = a.Distinct
		if a.Order != nil {
			c.OrderBy = t.orders(a.Order.Items)
		}
		separator, ok := a.Args[len(a.Args)-1].(*tidb.Value)
		c.Within = ok && separator.GetString() == "within"
		n = a.Args[0]
	}
	f, ok := n.(*ast.FuncCallExpr)
	if !ok {
		panic(unknown(n))
	}
	c.Pos = t.pos(f)
	t.function(&c, f)
	return c
}

// function reads the name and the arguments.
func (t *Tree) function(c *Call, f *ast.FuncCallExpr) {
	args := f.Args
	c.Schema, c.Name = f.Schema.O, f.FnName.O
	if f.Schema.O == bridge.Schema {
		c.Schema = "pg_catalog"
		switch f.FnName.O {
		case bridge.MarkCall:
			names := t.hole(args[0]).Names
			c.Schema, c.Name = "", names[len(names)-1]
			if len(names) > 1 {
				c.Schema = names[len(names)-2]
			}
			args = args[1:]
		case bridge.MarkPosition:
			c.Name, args = "position", []ast.ExprNode{args[1], args[0]}
		case bridge.MarkSubstring:
			c.Name, args = "substring", []ast.ExprNode{args[0], args[2], args[1]}
		case bridge.MarkTrim:
			c.Name = t.word(args[0])
			args = append(append([]ast.ExprNode{}, args[2:]...), args[1])
		case bridge.MarkOverlaps:
			c.Name, args = "overlaps", append(rowElems(args[0]), rowElems(args[1])...)
		default:
			panic("decode: unknown marker " + f.FnName.O)
		}
	}
	if len(args) == 1 && isMarker(args[0], bridge.MarkStar) {
		c.Star = true
		return
	}
	c.Args = make([]Arg, len(args))
	for i, a := range args {
		c.Args[i] = t.argument(a)
	}
}

func (t *Tree) argument(n ast.ExprNode) Arg {
	var arg Arg
	if isMarker(n, bridge.MarkVariadic) {
		arg.Variadic = true
		n = n.(*ast.FuncCallExpr).Args[0]
	}
	if isMarker(n, bridge.MarkNamed) {
		args := n.(*ast.FuncCallExpr).Args
		arg.Name = t.word(args[0])
		n = args[1]
	}
	arg.Expr = t.handle(n)
	return arg
}

// rowElems are the elements of a row, written either way. The copy may be appended to.
func rowElems(n ast.ExprNode) []ast.ExprNode {
	switch n := n.(type) {
	case *ast.RowExpr:
		return append([]ast.ExprNode{}, n.Values...)
	case *ast.FuncCallExpr:
		return append([]ast.ExprNode{}, n.Args...)
	}
	panic(unknown(n))
}

func (t *Tree) orders(items []*ast.ByItem) []Order {
	list := make([]Order, 0, len(items))
	for _, item := range items {
		list = append(list, t.order(item))
	}
	return list
}

func (t *Tree) order(item *ast.ByItem) Order {
	o := Order{Desc: item.Desc}
	n := item.Expr
	if isMarker(n, bridge.MarkNulls) {
		args := n.(*ast.FuncCallExpr).Args
		o.Nulls = NullsLast
		if t.word(args[1]) == "first" {
			o.Nulls = NullsFirst
		}
		n = args[0]
	}
	if isMarker(n, bridge.MarkUsing) {
		args := n.(*ast.FuncCallExpr).Args
		o.Using = t.word(args[1])
		n = args[0]
	}
	o.Expr = t.handle(n)
	o.Pos = Pos(o.Expr.Start())
	return o
}

// window reads OVER or a definition of the WINDOW clause.
func (t *Tree) window(spec *ast.WindowSpec) Window {
	w := Window{Name: spec.Name.O, Base: spec.Ref.O}
	if spec.PartitionBy != nil {
		for _, item := range spec.PartitionBy.Items {
			w.PartitionBy = append(w.PartitionBy, t.handle(item.Expr))
		}
	}
	exclude := ""
	if spec.OrderBy != nil {
		items := spec.OrderBy.Items
		if last := items[len(items)-1].Expr; isMarker(last, bridge.MarkExclude) {
			exclude = t.word(last.(*ast.FuncCallExpr).Args[0])
			items = items[:len(items)-1]
		}
		w.OrderBy = t.orders(items)
	}
	if f := spec.Frame; f != nil {
		w.Frame = &Frame{Start: t.frameBound(&f.Extent.Start), End: t.frameBound(&f.Extent.End), Exclude: exclude}
		switch int(f.Type) {
		case ast.Rows:
			w.Frame.Mode = RowsFrame
		case ast.Groups:
			w.Frame.Mode = GroupsFrame
		}
	}
	return w
}

// frameBound reads a bound. Its unit, a day, is a carrier without meaning.
func (t *Tree) frameBound(b *ast.FrameBound) Bound {
	bound := Bound{Offset: t.handle(b.Expr)}
	switch int(b.Type) {
	case ast.CurrentRow:
		bound.Kind = CurrentRow
	case ast.Preceding:
		bound.Kind = Preceding
		if b.UnBounded {
			bound.Kind = UnboundedPreceding
		}
	default:
		bound.Kind = Following
		if b.UnBounded {
			bound.Kind = UnboundedFollowing
		}
	}
	return bound
}
