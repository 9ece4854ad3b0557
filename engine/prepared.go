package engine

import "tarn/planner/plan"

// Bytes is about how much memory a prepared statement takes while it is kept: its text, the tree of that, what it was planned to be,
// and as much again for the operators that are made of a plan. It stays the same if the statement is planned again.
func (p *Prepared) Bytes() int64 {
	if p.bytes == 0 {
		p.bytes = preparedBytes + p.Statement.Bytes + 2*plannedBytes(p.planned)
	}
	return p.bytes
}

// preparedBytes is what even a statement like BEGIN takes, with its place among those of its session.
const preparedBytes = 1 << 10

func plannedBytes(planned any) int64 {
	switch planned := planned.(type) {
	case *selection:
		return plan.Bytes(planned.query.Root)
	case *explanation:
		if planned.root == nil {
			return 0
		}
		return plan.Bytes(planned.root)
	case *copyPlan:
		if planned.query != nil {
			return plan.Bytes(planned.query.Root)
		}
	case *insertion:
		var literals int64
		if planned.Literals != nil {
			literals = planned.Literals.Bytes()
		}
		return plan.Bytes(planned.source()) + literals
	case interface{ source() plan.Node }:
		return plan.Bytes(planned.source())
	}
	return 0
}
