package planner

import (
	"tarn/catalog"
	"tarn/planner/plan"
	"tarn/sql/expr"
)

const ruleOrder = "read in order"

// read in order: a one-time query that wants rows of one table in the order of its key, or the reverse of that, has them read so:
// nothing is sorted, and with LIMIT no more is read than is sent.
//
// Wrong for the key of a view, which may be NULL, and below anything that makes other rows.
func readInOrder(q *plan.Query) {
	columns, order, ok := sortColumns(q.OrderBy)
	if !ok {
		return
	}
	if root := inOrder(q.Root, columns, order); root != nil {
		q.Root, q.Ordered, q.Rules = root, true, append(q.Rules, ruleOrder)
	}
}

// sortColumns are the columns of an order that is all ascending or all descending.
func sortColumns(by []plan.Order) (columns []int, order plan.ScanOrder, ok bool) {
	for _, k := range by {
		c, plain := k.Expr.(*expr.Column)
		if !plain || k.Desc != by[0].Desc {
			return nil, 0, false
		}
		columns = append(columns, c.Index)
	}
	if len(columns) == 0 {
		return nil, 0, false
	}
	if by[0].Desc {
		return columns, plan.Backward, true
	}
	return columns, plan.Forward, true
}

// inOrder is n with its rows in the order of some columns; nil if that is not the order of a key.
func inOrder(n plan.Node, columns []int, order plan.ScanOrder) plan.Node {
	switch n := n.(type) {
	case *plan.Filter:
		if in := inOrder(n.Input, columns, order); in != nil {
			return &plan.Filter{Input: in, Cond: n.Cond}
		}
	case *plan.Project:
		below := make([]int, len(columns))
		for i, c := range columns {
			e, ok := n.Exprs[c].(*expr.Column)
			if !ok {
				return nil
			}
			below[i] = e.Index
		}
		if in := inOrder(n.Input, below, order); in != nil {
			out := *n
			out.Input = in
			return &out
		}
	case *plan.Get:
		if n.Relation.Kind != catalog.Table || !followsKey(n, columns) {
			return nil
		}
		out := *n
		out.Order = order
		return &out
	}
	return nil
}

// followsKey tells whether rows in the order of a relation's key are in the order of some columns. Those of the key that are fixed
// may be missing, and behind the whole key all is one row.
func followsKey(g *plan.Get, columns []int) bool {
	at, key := 0, g.Relation.Key
	for _, c := range columns {
		for at < len(g.Key) && key[at] != g.Columns[c] {
			at++
		}
		if at == len(key) {
			return at > 0
		}
		if key[at] != g.Columns[c] {
			return false
		}
		at++
	}
	return true
}
