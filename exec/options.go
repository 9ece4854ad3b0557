package exec

import (
	"tarn/planner/plan"
	"tarn/sql/functions"
	"tarn/storage"
	"tarn/storage/slab"
)

// Options say where the operators of a dataflow keep their state and what their expressions may depend on.
type Options struct {
	Store *storage.Store // where state is persisted; nil: nowhere, it is ephemeral
	Pool  *slab.Pool     // memory of ephemeral state, and the budget of all that a one-time query keeps; ignored with a Store

	// State gives the ids under which the operator of a fingerprint keeps its state: first, first+1, ... first+n-1. fresh
	// says that they are new; otherwise they were given to the operator before, and it continues from what the store has.
	// It is asked once per operator, only for those that need an id; nil if Store is nil.
	State func(fingerprint string, n int) (first uint32, fresh bool)

	// Columns gives the columns of its relation, ascending, that the index of a fingerprint keeps: at least those that are needed,
	// and if it is not fresh, those that it has kept. nil: those that are needed.
	Columns func(fingerprint string, needed []int) []int

	// Parallel is how many goroutines may share the work on one large batch; below 2 all is done on the caller's.
	Parallel int

	// Context is what expressions are evaluated with; nil is an empty one, as views have it.
	Context *functions.Context

	// Passing says of a one-time query that emit keeps nothing of a batch when it has returned.
	Passing bool

	// Looked is told, of a one-time query, which relation a join reads only by how many keys; nil for nobody.
	Looked func(g *plan.Get, keys int)
}
