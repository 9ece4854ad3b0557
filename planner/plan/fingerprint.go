package plan

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"

	"tarn/sql/expr"
	"tarn/sql/types"
)

// Fingerprint identifies an operator and everything below it: two nodes with the same fingerprint compute the same relation
// in every process and version that writes the same form. Names of columns do not count. Access hints do not either.
func Fingerprint(n Node) string {
	sum := sha256.Sum256(appendNode(nil, n))
	return hex.EncodeToString(sum[:16])
}

// Operator is the fingerprint of the operator that keeps an index: that of the relation and the columns it is by. Which columns
// it keeps is no part of it, for it may come to keep more.
func (n *Index) Operator() string {
	sum := sha256.Sum256(appendInts(appendInt([]byte{'i'}, int64(n.Input.Relation.ID)), n.By()))
	return hex.EncodeToString(sum[:16])
}

// The canonical form is a prefix notation: a tag for every node and expression, counts before lists, lengths before bytes.
func appendNode(b []byte, n Node) []byte {
	switch n := n.(type) {
	case *Get:
		b = appendInt(append(b, 'g'), int64(n.Relation.ID))
		b = appendInts(b, n.Columns)
	case *Index:
		b = appendInts(append(b, 'i'), n.Keys)
	case *Constant:
		b = appendInt(append(b, 'c'), int64(len(n.Rows)))
		b = appendSchema(b, n)
		for _, row := range n.Rows {
			b = appendExprs(b, row)
		}
	case *Filter:
		b = appendExpr(append(b, 'f'), n.Cond)
	case *Project:
		b = appendExprs(append(b, 'p'), n.Exprs)
	case *Join:
		b = append(b, 'j', byte(n.Kind), flag(n.NullEqual))
		b = appendExprs(b, n.LKeys)
		b = appendExprs(b, n.RKeys)
		b = appendExpr(b, n.On)
	case *Aggregate:
		b = append(b, 'a', flag(n.Grouped))
		b = appendExprs(b, n.Keys)
		b = appendInt(b, int64(len(n.Aggs)))
		for i := range n.Aggs {
			b = appendAgg(b, &n.Aggs[i])
		}
	case *Distinct:
		b = append(b, 'd')
	case *Union:
		b = appendInt(append(b, 'u'), int64(len(n.Children)))
	case *Negate:
		b = append(b, 'n')
	case *Threshold:
		b = append(b, 't', flag(n.Distinct))
	case *TopK:
		b = appendExprs(append(b, 'k'), n.Keys)
		b = appendOrder(b, n.OrderBy)
		b = appendExpr(b, n.Limit)
		b = appendExpr(b, n.Offset)
	case *FlatMap:
		b = append(b, 'm', flag(n.Ordinality), flag(n.Outer))
		b = appendFunction(b, n.Fn.Name, n.Fn.Args)
		b = appendExprs(b, n.Args)
	default:
		panic("plan: fingerprint of an unknown node")
	}
	for _, in := range n.Inputs() {
		b = appendNode(b, in)
	}
	return b
}

func appendAgg(b []byte, a *Agg) []byte {
	b = appendFunction(b, a.Fn.Name, a.Fn.Args)
	b = appendType(append(b, flag(a.Distinct)), a.T)
	b = appendExprs(b, a.Args)
	b = appendExpr(b, a.Filter)
	return appendOrder(b, a.OrderBy)
}

func appendOrder(b []byte, order []Order) []byte {
	b = appendInt(b, int64(len(order)))
	for _, o := range order {
		b = appendExpr(append(b, flag(o.Desc), flag(o.NullsFirst)), o.Expr)
	}
	return b
}

func appendExprs(b []byte, exprs []expr.Expr) []byte {
	b = appendInt(b, int64(len(exprs)))
	for _, e := range exprs {
		b = appendExpr(b, e)
	}
	return b
}

func appendExpr(b []byte, e expr.Expr) []byte {
	switch e := e.(type) {
	case nil:
		return append(b, '0')
	case *expr.Const:
		return appendDatum(appendType(append(b, 'C'), e.T), e.Value)
	case *expr.Column:
		return appendType(appendInt(append(b, 'V'), int64(e.Index)), e.T)
	case *expr.Param:
		return appendType(appendInt(append(b, 'P'), int64(e.N)), e.T)
	case *expr.Call:
		b = appendFunction(appendType(append(b, 'F'), e.T), e.Fn.Name, e.Fn.Args)
		return appendExprs(b, e.Args)
	case *expr.Cast:
		return appendExpr(appendType(append(b, 'T', flag(e.Explicit)), e.T), e.Arg)
	case *expr.And:
		return appendExprs(append(b, '&'), e.Args)
	case *expr.Or:
		return appendExprs(append(b, '|'), e.Args)
	case *expr.Not:
		return appendExpr(append(b, '!'), e.Arg)
	case *expr.IsNull:
		return appendExpr(append(b, 'N'), e.Arg)
	case *expr.IsBool:
		return appendExpr(append(b, 'B', flag(e.Want)), e.Arg)
	case *expr.NotDistinct:
		b = appendFunction(append(b, 'D'), e.Equal.Name, e.Equal.Args)
		return appendExpr(appendExpr(b, e.L), e.R)
	case *expr.Case:
		b = appendInt(appendType(append(b, 'W'), e.T), int64(len(e.Whens)))
		for _, w := range e.Whens {
			b = appendExpr(appendExpr(b, w.Cond), w.Then)
		}
		return appendExpr(b, e.Else)
	case *expr.Coalesce:
		return appendExprs(appendType(append(b, 'O'), e.T), e.Args)
	case *expr.In:
		b = appendInt(appendExpr(append(b, 'I'), e.Arg), int64(len(e.List)))
		for _, d := range e.List {
			b = appendDatum(b, d)
		}
		return b
	case *expr.Quantified:
		b = appendFunction(append(b, 'Q', flag(e.All)), e.Op.Name, e.Op.Args)
		return appendExpr(appendExpr(b, e.L), e.Array)
	case *expr.ArrayOf:
		return appendExprs(appendType(append(b, 'A'), e.T), e.Args)
	case *expr.Fail:
		return appendText(appendText(appendType(append(b, 'X'), e.T), e.Code), e.Message)
	}
	panic("plan: fingerprint of an unknown expression")
}

func appendDatum(b []byte, d types.Datum) []byte {
	if d.Null {
		return append(b, '0')
	}
	b = appendInt(append(b, '1'), d.Int)
	b = binary.BigEndian.AppendUint64(b, math.Float64bits(d.Float))
	return appendText(b, string(d.Bytes))
}

func appendFunction(b []byte, name string, args []types.OID) []byte {
	b = appendInt(appendText(b, name), int64(len(args)))
	for _, t := range args {
		b = appendInt(b, int64(t))
	}
	return b
}

func appendSchema(b []byte, n Node) []byte {
	for _, t := range Types(n) {
		b = appendType(b, t)
	}
	return b
}

func appendType(b []byte, t types.Type) []byte {
	return appendInt(appendInt(b, int64(t.OID)), int64(t.Mod))
}

func appendInts(b []byte, list []int) []byte {
	b = appendInt(b, int64(len(list)))
	for _, x := range list {
		b = appendInt(b, int64(x))
	}
	return b
}

func appendText(b []byte, s string) []byte { return append(appendInt(b, int64(len(s))), s...) }

func appendInt(b []byte, v int64) []byte { return binary.AppendVarint(b, v) }

func flag(v bool) byte {
	if v {
		return 1
	}
	return 0
}
