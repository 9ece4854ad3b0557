package exec

import (
	"context"
	"errors"
	"time"

	"tarn/catalog"
	"tarn/delta"
	"tarn/planner/plan"
	"tarn/storage"
)

// Input is the change of one relation: batches with all columns of the relation in its order, and changes of its errors
// (of the schema ErrorTypes; nil for none) if it is a view that is not an output of this dataflow.
type Input struct {
	Rows []*delta.Batch
	Errs *delta.Batch
}

// Output is the change of one output in an epoch. Both are consolidated: equal rows are one row, no count is zero. nil for
// no change.
type Output struct {
	Rows *delta.Batch
	Errs *delta.Batch // of the schema ErrorTypes
}

// Dataflow is a graph of running operators. It is used by one goroutine at a time.
type Dataflow struct{}

// NewDataflow returns a dataflow without outputs.
func NewDataflow() *Dataflow { return &Dataflow{} }

// Compile returns a dataflow with one output: the plan, under a relation's id. Operators start empty if their state ids
// are fresh, otherwise as the store has them. Errors are those of constant expressions (LIMIT), and 0A000.
func Compile(root plan.Node, output uint32, opts Options) (*Dataflow, error) { return nil, errors.New("") }

// Reads are the ids of the relations the dataflow must be stepped with, ascending: what its plans read, without its own outputs.
func (d *Dataflow) Reads() []uint32 { return nil }

// Outputs are the ids of the outputs, ascending.
func (d *Dataflow) Outputs() []uint32 { return nil }

// Step takes the changes of one epoch, by relation id, and returns the changes of outputs that changed, by their ids.
// Relations the dataflow does not read are ignored. Where an output is read by the plan of another output, that sees the
// change within the same step. After an error (of the store, or ctx's) the dataflow is in no defined state and can only be
// released: errors of rows are not errors of Step.
//
// The first Step of a fresh dataflow also emits what is there with empty sources (constants, aggregates without groups).
func (d *Dataflow) Step(ctx context.Context, epoch map[uint32]Input) (map[uint32]Output, error) {
	return nil, nil
}

// Push and Flush are the halves of Step: any number of pushes, then one flush ends the epoch. To hydrate a view from a
// snapshot, push its chunks and flush once at the end, or after every so many rows to bound the memory of the outputs.
func (d *Dataflow) Push(ctx context.Context, relation uint32, in Input) error { return nil }

// Flush ends the epoch: see Push.
func (d *Dataflow) Flush(ctx context.Context) (map[uint32]Output, error) { return nil, nil }

// Attach moves the operators and outputs of other into d, between two epochs and with both at the same one. Operators of
// other whose fingerprints live in d are released in favour of those, whose state is the same (E2); dropped are the
// state ids that nobody uses any more. other must not be used afterwards.
func (d *Dataflow) Attach(other *Dataflow) (dropped []uint32) { return nil }

// Detach removes an output, between two epochs, and every operator that no remaining output needs. freed are the state
// ids they used, for the engine to delete. Nothing may read the output any more.
func (d *Dataflow) Detach(output uint32) (freed []uint32) { return nil }

// States are the operators with state below an output, for the catalogue: shared ones appear for each of their outputs.
func (d *Dataflow) States(output uint32) []catalog.NodeState { return nil }

// WriteDirty adds to a checkpoint what changed in all states since the last one. Between two epochs only.
func (d *Dataflow) WriteDirty(cp *storage.Checkpoint) {}

// Bytes is the memory all states occupy.
func (d *Dataflow) Bytes() int64 { return 0 }

// Evict drops from memory what the store has until all states occupy at most target bytes or nothing more can go, the
// largest first, and returns the bytes given back. Between two epochs only.
func (d *Dataflow) Evict(target int64) (int64, error) { return 0, nil }

// Release gives back the memory of all states; what is stored stays. The dataflow must not be used afterwards.
func (d *Dataflow) Release() {}

// Stats are the counters of one operator since it was made.
type Stats struct {
	Node    plan.Node
	Depth   int // distance from the output, 0 for its top operator
	RowsIn  int64
	RowsOut int64
	Batches int64         // batches in
	Time    time.Duration // in the operator itself
	Bytes   int64         // of its state in memory
	Shared  int           // how many operators and outputs read it
}

// Stats are the operators below an output in the order EXPLAIN prints its plan: an operator, then what is below it. One
// that is read twice appears twice.
func (d *Dataflow) Stats(output uint32) []Stats { return nil }
