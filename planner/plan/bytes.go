package plan

import (
	"tarn/sql/expr"
	"tarn/sql/types"
)

// Bytes is about how much memory a plan takes, without the relations it reads. What is used twice counts once.
func Bytes(n Node) int64 {
	s := sizer{seen: map[any]bool{}}
	s.node(n)
	return s.bytes
}

// ConstantBytes is how much one value of each constant in the expressions of a plan takes.
func ConstantBytes(n Node) int64 {
	s := sizer{seen: map[any]bool{}}
	s.node(n)
	return s.constants
}

type sizer struct {
	seen             map[any]bool // nodes and expressions
	bytes, constants int64
}

// What an operator, a column of one, an expression and a value take.
const (
	nodeBytes  = 300
	fieldBytes = 48
	exprBytes  = 80
	datumBytes = 64
)

func (s *sizer) node(n Node) {
	if s.seen[n] {
		return
	}
	s.seen[n] = true
	s.bytes += nodeBytes
	switch n := n.(type) {
	case *Get:
		s.bytes += int64(8 * len(n.Columns))
		s.exprs(n.Key...)
		for _, b := range []*Bound{n.Lo, n.Hi} {
			if b != nil {
				s.exprs(b.Expr)
			}
		}
		if n.Any != nil {
			s.exprs(n.Any.Exprs...)
			s.exprs(n.Any.Array)
		}
	case *Constant:
		s.fields(n.Fields)
		for _, row := range n.Rows {
			s.exprs(row...)
		}
	case *Filter:
		s.exprs(n.Cond)
	case *Project:
		s.fields(n.Fields)
		s.exprs(n.Exprs...)
	case *Join:
		s.exprs(n.LKeys...)
		s.exprs(n.RKeys...)
		s.exprs(n.On)
	case *Aggregate:
		s.fields(n.Fields)
		s.exprs(n.Keys...)
		for i := range n.Aggs {
			s.bytes += nodeBytes
			s.exprs(n.Aggs[i].Args...)
			s.exprs(n.Aggs[i].Filter)
			s.order(n.Aggs[i].OrderBy)
		}
	case *Union:
		s.fields(n.Fields)
	case *TopK:
		s.exprs(n.Keys...)
		s.order(n.OrderBy)
		s.exprs(n.Limit, n.Offset)
	case *FlatMap:
		s.fields(n.Columns)
		s.exprs(n.Args...)
	}
	for _, in := range n.Inputs() {
		s.node(in)
	}
}

func (s *sizer) fields(f []Field) { s.bytes += int64(len(f)) * fieldBytes }

func (s *sizer) order(by []Order) {
	for _, o := range by {
		s.exprs(o.Expr)
	}
}

func (s *sizer) exprs(list ...expr.Expr) {
	for _, e := range list {
		if e == nil {
			continue
		}
		expr.Walk(e, func(e expr.Expr) bool {
			if s.seen[e] {
				return false
			}
			s.seen[e] = true
			s.bytes += exprBytes
			switch e := e.(type) {
			case *expr.Const:
				s.value(e.Value)
				s.constants += 8 + int64(len(e.Value.Bytes))
			case *expr.In:
				for _, d := range e.List {
					s.value(d)
				}
			}
			return true
		})
	}
}

func (s *sizer) value(d types.Datum) { s.bytes += datumBytes + int64(len(d.Bytes)) }
