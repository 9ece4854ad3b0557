package decode

import (
	"slices"
	"strings"

	"github.com/pingcap/tidb/pkg/parser/ast"
	"github.com/pingcap/tidb/pkg/parser/opcode"

	"tarn/sql/bridge"
	"tarn/sql/tidb"
)

// expr reads one level of an expression.
func (t *Tree) expr(n ast.ExprNode) Node {
	switch n := n.(type) {
	case *ast.ParenthesesExpr:
		return t.compound(n.Expr, t.pos(n))
	case *tidb.Marker:
		return t.literal(t.out.Hole(n.Offset))
	case *tidb.Value:
		return t.value(n)
	case *ast.ColumnNameExpr:
		return ColumnRef{Pos: t.pos(n), Parts: nonEmpty(n.Name.Schema.O, n.Name.Table.O, n.Name.Name.O)}
	case *ast.FuncCallExpr:
		if n.Schema.O == bridge.Schema {
			return t.marker(n)
		}
		return t.call(n)
	case *ast.AggregateFuncExpr, *ast.WindowFuncExpr:
		return t.call(n)
	case *ast.RowExpr:
		return Row{Pos: t.pos(n), Elems: t.handles(n.Values)}
	case *ast.SubqueryExpr:
		return ScalarQuery{Pos: t.pos(n), Query: t.subquery(n)}
	}
	panic(unknown(n))
}

func nonEmpty(names ...string) []string {
	for len(names) > 1 && names[0] == "" {
		names = names[1:]
	}
	return names
}

func (t *Tree) subquery(n ast.ExprNode) QueryRef {
	return QueryRef{tree: t, node: n.(*ast.SubqueryExpr).Query}
}

// value reads TRUE, FALSE and NULL.
func (t *Tree) value(n *tidb.Value) Node {
	switch {
	case n.IsNull():
		return Const{Pos: t.pos(n), Kind: Null}
	case n.IsTrue():
		return Const{Pos: t.pos(n), Kind: Bool, Text: "true"}
	}
	return Const{Pos: t.pos(n), Kind: Bool, Text: "false"}
}

// literal reads a hole that is an expression.
func (t *Tree) literal(h *bridge.Hole) Node {
	pos := t.sourcePos(h.Pos)
	switch h.Kind {
	case bridge.HoleInteger:
		return Const{Pos: pos, Kind: Int, Text: h.Text}
	case bridge.HoleNumeric:
		return Const{Pos: pos, Kind: Numeric, Text: h.Text}
	case bridge.HoleString:
		return Const{Pos: pos, Kind: String, Text: h.Text}
	case bridge.HoleBits:
		return Const{Pos: pos, Kind: Bits, Text: h.Text}
	case bridge.HoleParam:
		return Param{Pos: pos, N: int(h.N)}
	case bridge.HoleNames:
		return ColumnRef{Pos: pos, Parts: h.Names}
	}
	panic("decode: a hole that is no expression")
}

// operators spells TiDB's native binary operators.
var operators = map[opcode.Op]string{
	opcode.EQ: "=", opcode.NE: "<>", opcode.LT: "<", opcode.LE: "<=", opcode.GT: ">", opcode.GE: ">=",
	opcode.Plus: "+", opcode.Minus: "-", opcode.Mul: "*", opcode.Div: "/", opcode.Mod: "%",
}

// compound reads what the bridge puts in parentheses, whose position is that of its operator.
func (t *Tree) compound(n ast.ExprNode, pos Pos) Node {
	switch n := n.(type) {
	case *ast.BinaryOperationExpr:
		switch n.Op {
		case opcode.LogicAnd:
			return And{Pos: pos, Args: t.chain(n)}
		case opcode.LogicOr:
			return Or{Pos: pos, Args: t.chain(n)}
		case opcode.NullEQ:
			return Distinct{Pos: pos, Left: t.handle(n.L), Right: t.handle(n.R), Negated: true}
		}
		return Op{Pos: pos, Name: operators[n.Op], Args: []Handle{t.handle(n.L), t.handle(n.R)}}
	case *ast.UnaryOperationExpr:
		return t.unary(n, pos)
	case *ast.IsNullExpr:
		return IsTest{Pos: pos, X: t.handle(n.Expr), Kind: IsNull, Negated: n.Not}
	case *ast.IsTruthExpr:
		kind := IsFalse
		if n.True == 1 {
			kind = IsTrue
		}
		return IsTest{Pos: pos, X: t.handle(n.Expr), Kind: kind, Negated: n.Not}
	case *ast.PatternInExpr:
		if n.Sel != nil {
			return InQuery{Pos: pos, X: t.handle(n.Expr), Query: t.subquery(n.Sel), Negated: n.Not}
		}
		return InList{Pos: pos, X: t.handle(n.Expr), List: t.handles(n.List), Negated: n.Not}
	case *ast.PatternLikeOrIlikeExpr:
		kind := ILikePattern
		if n.IsLike {
			kind = LikePattern
		}
		return Like{Pos: pos, Kind: kind, Negated: n.Not, X: t.handle(n.Expr), Pattern: t.handle(n.Pattern)}
	case *ast.BetweenExpr:
		return Between{Pos: pos, X: t.handle(n.Expr), Low: t.handle(n.Left), High: t.handle(n.Right), Negated: n.Not}
	case *ast.ExistsSubqueryExpr:
		return Exists{Pos: pos, Query: t.subquery(n.Sel)}
	case *ast.CaseExpr:
		c := Case{Pos: pos, Operand: t.handle(n.Value), Else: t.handle(n.ElseClause)}
		for _, w := range n.WhenClauses {
			c.Whens = append(c.Whens, When{Cond: t.handle(w.Expr), Result: t.handle(w.Result)})
		}
		return c
	}
	panic(unknown(n))
}

// chain collects the operands of a chain of AND or OR, whose tree leans to the left. Only the outermost has parentheses.
func (t *Tree) chain(n *ast.BinaryOperationExpr) []Handle {
	var list []Handle
	for {
		list = append(list, t.handle(n.R))
		left, ok := n.L.(*ast.BinaryOperationExpr)
		if !ok {
			list = append(list, t.handle(n.L))
			slices.Reverse(list)
			return list
		}
		n = left
	}
}

func (t *Tree) unary(n *ast.UnaryOperationExpr, pos Pos) Node {
	switch n.Op {
	case opcode.Not:
		return Not{Pos: pos, X: t.handle(n.V)}
	case opcode.Plus:
		return Op{Pos: pos, Name: "+", Args: []Handle{t.handle(n.V)}}
	}
	// PostgreSQL's grammar makes a minus part of the number behind it.
	switch n.V.(type) {
	case *tidb.Marker, *ast.ParenthesesExpr:
		if c, ok := t.negatable(n.V); ok {
			if rest, found := strings.CutPrefix(c.Text, "-"); found {
				c.Text = rest
			} else {
				c.Text = "-" + c.Text
			}
			c.Pos = pos
			return c
		}
	}
	return Op{Pos: pos, Name: "-", Args: []Handle{t.handle(n.V)}}
}

// negatable is the number that n is, with a minus or without.
func (t *Tree) negatable(n ast.ExprNode) (Const, bool) {
	if p, ok := n.(*ast.ParenthesesExpr); ok {
		if u, ok := p.Expr.(*ast.UnaryOperationExpr); !ok || u.Op != opcode.Minus {
			return Const{}, false
		}
	}
	c, ok := t.expr(n).(Const)
	return c, ok && (c.Kind == Int || c.Kind == Numeric)
}
