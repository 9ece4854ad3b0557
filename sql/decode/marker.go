package decode

import (
	"strings"

	"github.com/pingcap/tidb/pkg/parser/ast"

	"tarn/sql/bridge"
	"tarn/sql/tidb"
)

// marker reads the call of a marker that is an expression.
func (t *Tree) marker(n *ast.FuncCallExpr) Node {
	pos, args := t.pos(n), n.Args
	switch n.FnName.O {
	case bridge.MarkOp:
		h := t.hole(args[0])
		return Op{Pos: pos, Schema: strings.Join(h.Names, "."), Name: h.Text, Args: t.handles(args[1:])}
	case bridge.MarkIs:
		return t.isTest(pos, t.word(args[0]), t.handle(args[1]))
	case bridge.MarkDistinct:
		return Distinct{Pos: pos, Left: t.handle(args[0]), Right: t.handle(args[1])}
	case bridge.MarkLike:
		return t.like(pos, args)
	case bridge.MarkBetween:
		return Between{Pos: pos, X: t.handle(args[1]), Low: t.handle(args[2]), High: t.handle(args[3]),
			Symmetric: true, Negated: t.word(args[0]) != ""}
	case bridge.MarkAny, bridge.MarkAll, bridge.MarkAnyQuery, bridge.MarkAllQuery:
		return t.quantified(pos, n.FnName.O, args)
	case bridge.MarkCast:
		return Cast{Pos: pos, X: t.handle(args[0]), Type: *t.hole(args[1]).Type}
	case bridge.MarkTyped:
		return Typed{Pos: pos, Text: t.word(args[0]), Type: *t.hole(args[1]).Type}
	case bridge.MarkArray:
		return Array{Pos: pos, Elems: t.handles(args)}
	case bridge.MarkArrayQuery:
		return ArrayQuery{Pos: pos, Query: t.subquery(args[0])}
	case bridge.MarkSub:
		return t.subscript(pos, args)
	case bridge.MarkField:
		return Field{Pos: pos, X: t.handle(args[0]), Name: t.word(args[1])}
	case bridge.MarkExpand:
		return Expand{Pos: pos, X: t.handle(args[0])}
	case bridge.MarkAllOf:
		return Star{Pos: pos, Qualifier: t.hole(args[0]).Names}
	case bridge.MarkRow:
		return Row{Pos: pos, Elems: t.handles(args), Explicit: true}
	case bridge.MarkZone:
		return AtTimeZone{Pos: pos, X: t.handle(args[0]), Zone: t.handle(args[1])}
	case bridge.MarkCollate:
		return Collate{Pos: pos, X: t.handle(args[0]), Name: t.hole(args[1]).Names}
	case bridge.MarkSQLFunc:
		return SQLFunc{Pos: pos, Name: t.word(args[0]), Args: t.handles(args[1:])}
	case bridge.MarkKeyword:
		h := t.hole(args[0])
		return Keyword{Pos: pos, Name: h.Text, Precision: int(h.N)}
	}
	return t.call(n)
}

func (t *Tree) isTest(pos Pos, what string, x Handle) Node {
	test := IsTest{Pos: pos, X: x}
	what, test.Negated = strings.CutPrefix(what, "NOT ")
	switch what {
	case "unknown":
		test.Kind = IsUnknown
	case "document":
		test.Kind = IsDocument
	default:
		test.Kind = IsNormalized
		if form, ok := strings.CutSuffix(what, " normalized"); ok {
			test.Form = strings.ToUpper(form)
		}
	}
	return test
}

func (t *Tree) like(pos Pos, args []ast.ExprNode) Node {
	l := Like{Pos: pos, X: t.handle(args[1]), Pattern: t.handle(args[2])}
	if len(args) > 3 {
		l.Escape = t.handle(args[3])
	}
	var word string
	word, l.Negated = strings.CutPrefix(t.word(args[0]), "NOT ")
	switch word {
	case "ILIKE":
		l.Kind = ILikePattern
	case "SIMILAR":
		l.Kind = SimilarPattern
	}
	return l
}

func (t *Tree) quantified(pos Pos, name string, args []ast.ExprNode) Node {
	h := t.hole(args[0])
	q := Quantified{Pos: pos, X: t.handle(args[1]), Schema: strings.Join(h.Names, "."), Op: h.Text}
	q.All = name == bridge.MarkAll || name == bridge.MarkAllQuery
	if name == bridge.MarkAny || name == bridge.MarkAll {
		q.Array = t.handle(args[2])
	} else {
		q.Query = t.subquery(args[2])
	}
	return q
}

func (t *Tree) subscript(pos Pos, args []ast.ExprNode) Node {
	s := Subscript{Pos: pos, X: t.handle(args[0]), Indexes: make([]Index, len(args)-1)}
	for i, a := range args[1:] {
		if isMarker(a, bridge.MarkSlice) {
			bounds := a.(*ast.FuncCallExpr).Args
			s.Indexes[i] = Index{Slice: true, Lower: t.bound(bounds[0]), Upper: t.bound(bounds[1])}
		} else {
			s.Indexes[i] = Index{Upper: t.handle(a)}
		}
	}
	return s
}

// bound is the bound of a slice, zero if it is a hole of kind None.
func (t *Tree) bound(n ast.ExprNode) Handle {
	if m, ok := n.(*tidb.Marker); ok && t.out.Hole(m.Offset).Kind == bridge.HoleNone {
		return Handle{}
	}
	return t.handle(n)
}
