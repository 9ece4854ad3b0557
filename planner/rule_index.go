package planner

import "tarn/planner/plan"

// share indexes of relations: a join of a materialised view that would keep the rows of a relation by some of its columns reads them
// from an index instead, which all views share that join the relation by the same columns.
//
// Wrong for what of the relation is not kept so (plan.Join.Indexed says when). Once, nothing is kept.
func (o *optimiser) shareIndexes(n plan.Node, done map[plan.Node]plan.Node) plan.Node {
	if out, ok := done[n]; ok {
		return out
	}
	out := mapInputs(n, func(in plan.Node) plan.Node { return o.shareIndexes(in, done) })
	if j, ok := out.(*plan.Join); ok {
		if indexed := j.Indexed(); indexed != j {
			out, o.indexed = indexed, true
		}
	}
	done[n] = out
	return out
}
