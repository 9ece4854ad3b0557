package planner

import (
	"tarn/planner/plan"
	"tarn/sql/expr"
	"tarn/sql/functions"
)

// rule is one rewriting of a plan into an equal one. apply looks at one node, and says whether it has changed it.
type rule struct {
	name  string // a sentence
	apply func(o *optimiser, n plan.Node) (plan.Node, bool)
}

// rules is the list of all, in the order in which they are tried at each node, from the root down, until none applies.
var rules = []rule{
	{"fold constants", foldConstants},
	{"drop what is empty", dropEmpty},
	{"merge filters", mergeFilters},
	{"factor out of OR what all branches ask", factorOr},
	{"simplify outer joins", simplifyOuterJoin},
	{"push filter below projection", pushFilterBelowProject},
	{"push filter below join", pushFilterBelowJoin},
	{"push filter below aggregate", pushFilterBelowAggregate},
	{"push filter below set operation", pushFilterBelowUnion},
	{"push filter below function call", pushFilterBelowFlatMap},
	{"order joins to avoid cross products", orderJoins},
	{"split join condition", splitJoinCondition},
	{"carry constants across equal keys", carryConstants},
	{"merge projections", mergeProjects},
	{"compute constant rows", computeConstantRows},
	{"remove useless projection", removeIdentity},
	{"remove useless distinct", removeDistinct},
	{"flatten unions", flattenUnions},
}

// The rules that look at a whole plan at once run after those, in this order.
const (
	rulePrune  = "read only the columns that are used"
	ruleAccess = "find rows by key"
	ruleFirst  = "read only the first rows"
	ruleIndex  = "share indexes of relations"
)

// maxPasses bounds the rewriting; no plan is known to need more than a few.
const maxPasses = 16

// optimiser rewrites one plan.
type optimiser struct {
	ctx     *functions.Context
	applied []bool // by rule

	pruned, byKey, firsts, indexed bool // rulePrune, ruleAccess, ruleFirst and ruleIndex were
}

// use is what a plan is for.
type use uint8

const (
	once      use = iota // to run once: its reads may go by key
	alone                // to be kept current, by operators of its own
	alongside            // to be kept current beside others, with which it shares what it can
)

// optimise rewrites a plan by all rules that are right for its use.
func optimise(n plan.Node, to use, ctx *functions.Context) (out plan.Node, applied []string) {
	o := &optimiser{ctx: ctx, applied: make([]bool, len(rules))}
	n = o.fixpoint(n)
	if pruned := prunePlan(n, ctx); width(pruned) != width(n) {
		o.pruned = true
		n = o.fixpoint(pruned)
	}
	switch to {
	case once:
		n = o.access(n, map[plan.Node]plan.Node{})
		n = o.first(n, map[plan.Node]plan.Node{})
	case alongside:
		n = o.shareIndexes(n, map[plan.Node]plan.Node{})
	}
	for i := range o.applied {
		if o.applied[i] {
			applied = append(applied, rules[i].name)
		}
	}
	if o.pruned {
		applied = append(applied, rulePrune)
	}
	if o.byKey {
		applied = append(applied, ruleAccess)
	}
	if o.firsts {
		applied = append(applied, ruleFirst)
	}
	if o.indexed {
		applied = append(applied, ruleIndex)
	}
	return n, applied
}

// width is the number of columns of all nodes together, by which pruning is seen to have done something.
func width(n plan.Node) int {
	seen := map[plan.Node]bool{}
	total := 0
	var add func(n plan.Node)
	add = func(n plan.Node) {
		if seen[n] {
			return
		}
		seen[n] = true
		total += plan.Width(n)
		for _, in := range n.Inputs() {
			add(in)
		}
	}
	add(n)
	return total
}

func (o *optimiser) fixpoint(n plan.Node) plan.Node {
	for pass := 0; pass < maxPasses; pass++ {
		out := o.rewrite(n, map[plan.Node]plan.Node{})
		if out == n {
			break
		}
		n = out
	}
	return n
}

// rewrite applies the rules to a node and then to what is below. A node that is used twice is rewritten once.
func (o *optimiser) rewrite(n plan.Node, done map[plan.Node]plan.Node) plan.Node {
	if out, ok := done[n]; ok {
		return out
	}
	heed(o.ctx)
	out := n
	for changed, steps := true, 0; changed && steps < maxPasses; steps++ {
		changed = false
		for i := range rules {
			if next, ok := rules[i].apply(o, out); ok {
				out, changed = next, true
				o.applied[i] = true
			}
		}
	}
	out = mapInputs(out, func(in plan.Node) plan.Node { return o.rewrite(in, done) })
	done[n] = out
	return out
}

// mapInputs is n over changed inputs; n itself if none changed.
func mapInputs(n plan.Node, f func(plan.Node) plan.Node) plan.Node {
	inputs := n.Inputs()
	changed := false
	next := make([]plan.Node, len(inputs))
	for i, in := range inputs {
		next[i] = f(in)
		changed = changed || next[i] != in
	}
	if !changed {
		return n
	}
	return n.WithInputs(next)
}

// volatile tells whether a value of e may differ when it is computed again: it must not be moved or repeated.
func volatile(exprs ...expr.Expr) bool {
	for _, e := range exprs {
		if e != nil && expr.Volatility(e) == functions.Volatile {
			return true
		}
	}
	return false
}

// filterBy filters n, if there is anything to filter by.
func filterBy(n plan.Node, terms ...expr.Expr) plan.Node {
	if cond := and(terms...); cond != nil {
		return &plan.Filter{Input: n, Cond: cond}
	}
	return n
}

// split divides terms by whether all their columns satisfy in.
func split(terms []expr.Expr, in func(column int) bool) (yes, no []expr.Expr) {
	for _, t := range terms {
		if !volatile(t) && allColumns(t, in) {
			yes = append(yes, t)
		} else {
			no = append(no, t)
		}
	}
	return yes, no
}

func allColumns(e expr.Expr, in func(column int) bool) bool {
	for _, c := range expr.Columns(e) {
		if !in(c) {
			return false
		}
	}
	return true
}

func shiftAll(terms []expr.Expr, by int) []expr.Expr {
	out := make([]expr.Expr, len(terms))
	for i, t := range terms {
		out[i] = expr.Shift(t, by)
	}
	return out
}

// passOn is the columns of n as expressions, from column first on.
func passOn(n plan.Node) ([]expr.Expr, []plan.Field) {
	schema := n.Schema()
	out := make([]expr.Expr, len(schema))
	for i, f := range schema {
		out[i] = &expr.Column{T: f.Type, Index: i, Name: f.Name}
	}
	return out, schema
}
