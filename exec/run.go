package exec

import (
	"context"
	"errors"

	"tarn/catalog"
	"tarn/delta"
	"tarn/planner/plan"
	"tarn/sql/types"
)

// Scan says which rows of a relation a query reads. Key and the bounds are promises about what is needed, with values of
// the types of the key's columns: a source may return more rows than they ask for.
type Scan struct {
	Relation *catalog.Relation
	Columns  []int         // into Relation.Columns: the columns of the batches, in this order
	Key      []types.Datum // the leading columns of Relation.Key equal these; none is NULL
	Lo, Hi   *Bound        // of the column of Relation.Key behind them; nil for none
}

// Bound is one end of a range.
type Bound struct {
	Value     types.Datum
	Inclusive bool
}

// Sources is the snapshot a query reads.
type Sources interface {
	// Scan calls f with the rows of a relation, in batches of some thousand rows at most, until f returns an error, which
	// it hands back as it is. A view that holds errors returns the first of them.
	Scan(ctx context.Context, scan *Scan, f func(*delta.Batch) error) error
}

// Run runs a query over a snapshot. emit gets the rows to be sent, the first query.Visible columns, in the order asked
// for, with all counts one (Counts nil); it may keep them. Params are in opts.Context; Store and State are ignored.
//
// The first row that fails ends the query with its error; so does the first error of sources and of emit, and, at the
// next batch, the end of ctx. No more is read than needed once LIMIT is reached.
func Run(ctx context.Context, query *plan.Query, sources Sources, opts Options, emit func(*delta.Batch) error) error {
	return errors.New("")
}
