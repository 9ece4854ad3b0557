package exec

import (
	"context"
	"slices"
	"time"

	"tarn/catalog"
	"tarn/delta"
	"tarn/planner/plan"
	"tarn/storage"
	"tarn/storage/slab"
)

// Input is the change of one relation: batches with all columns of the relation in its order, and changes of its errors
// (of the schema ErrorTypes; nil for none) if it is a view that is not an output of this dataflow.
type Input struct {
	Rows []*delta.Batch
	Errs *delta.Batch
}

// Output is the change of one output in an epoch. nil for no change.
type Output struct {
	// Rows are consolidated: equal rows are one row, no count is zero. Except where nothing can cancel: if every change of
	// the epoch is the insertion of one row, Counts is nil and equal rows may be several.
	Rows *delta.Batch
	Errs *delta.Batch // of the schema ErrorTypes, consolidated
}

// Dataflow is a graph of running operators. It is used by one goroutine at a time.
type Dataflow struct {
	nodes   []*node          // inputs before those who read them (a get after the output it reads)
	prints  map[string]*node // by fingerprint
	outputs map[uint32]*node
	gets    map[uint32][]*node // by relation: gets and indexes

	// The turn under way.
	ctx     context.Context
	once    bool          // a one-time query: errors end it, state is ephemeral, nothing is ever retracted
	account *slab.Account // what a one-time query has of its pool's budget, besides state
	result  map[uint32]Output
	born    time.Time
	running *node
	since   time.Duration
}

// NewDataflow returns a dataflow without outputs.
func NewDataflow() *Dataflow {
	return &Dataflow{
		prints:  map[string]*node{},
		outputs: map[uint32]*node{},
		gets:    map[uint32][]*node{},
		ctx:     context.Background(),
		born:    time.Now(),
	}
}

// take takes n bytes of the budget for rows that a one-time query keeps until its end.
func (d *Dataflow) take(n int64) error { return d.account.Take(n) }

// Reads are the ids of the relations the dataflow must be stepped with, ascending: what its plans read, without its own
// outputs.
func (d *Dataflow) Reads() []uint32 {
	var ids []uint32
	for id := range d.gets {
		if d.outputs[id] == nil {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// Outputs are the ids of the outputs, ascending.
func (d *Dataflow) Outputs() []uint32 {
	var ids []uint32
	for id := range d.outputs {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// Step takes the changes of one epoch, by relation id, and returns the changes of outputs that changed, by their ids.
// Relations the dataflow does not read are ignored. Where an output is read by the plan of another output, that sees the
// change within the same step. After an error (of the store, or ctx's) the dataflow is in no defined state and can only be
// released: errors of rows are not errors of Step.
//
// The first Step of a fresh dataflow also emits what is there with empty sources (constants, aggregates without groups).
func (d *Dataflow) Step(ctx context.Context, epoch map[uint32]Input) (map[uint32]Output, error) {
	ids := make([]uint32, 0, len(epoch))
	for id := range epoch {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		if err := d.Push(ctx, id, epoch[id]); err != nil {
			return nil, err
		}
	}
	return d.Flush(ctx)
}

// Push and Flush are the halves of Step: any number of pushes, then one flush ends the epoch. To hydrate a view from a
// snapshot, push its chunks and flush once at the end, or after every so many rows to bound the memory of the outputs.
func (d *Dataflow) Push(ctx context.Context, relation uint32, in Input) error {
	d.ctx = ctx
	if d.outputs[relation] != nil {
		return nil // its change is computed here
	}
	for _, get := range d.gets[relation] {
		for _, b := range in.Rows {
			if err := get.push(0, b); err != nil {
				return err
			}
		}
		if in.Errs != nil && in.Errs.Len > 0 {
			get.emitErrors(in.Errs)
		}
	}
	return nil
}

// Flush ends the epoch: see Push.
func (d *Dataflow) Flush(ctx context.Context) (map[uint32]Output, error) {
	d.ctx = ctx
	d.result = map[uint32]Output{}
	for _, n := range d.nodes {
		if n.dirty {
			if err := n.flush(); err != nil {
				return nil, err
			}
		}
	}
	result := d.result
	d.result = nil
	return result, nil
}

// States are the operators with state below an output, for the catalogue: shared ones appear for each of their outputs.
// What is below another output is that one's.
func (d *Dataflow) States(output uint32) []catalog.NodeState {
	var states []catalog.NodeState
	seen := map[*node]bool{}
	d.walk(d.outputs[output], 0, func(n *node, _ int) {
		if n.ids > 0 && !seen[n] {
			seen[n] = true
			s := catalog.NodeState{Fingerprint: n.print, ID: n.first, Count: uint32(n.ids)}
			if x, ok := n.op.(*index); ok {
				s.Columns = x.columns
			}
			states = append(states, s)
		}
	})
	return states
}

// walk visits the operators of one output's plan, each before what is below it.
func (d *Dataflow) walk(o *node, depth int, f func(n *node, depth int)) {
	if o == nil {
		return
	}
	for _, in := range o.in {
		if in.plan == nil {
			continue // another output
		}
		f(in, depth)
		d.walk(in, depth+1, f)
	}
}

// WriteDirty adds to a checkpoint what changed in all states since the last one. Between two epochs only.
func (d *Dataflow) WriteDirty(cp *storage.Checkpoint) {
	for _, s := range d.keepers() {
		s.WriteDirty(cp)
	}
}

func (d *Dataflow) keepers() (all []keeper) {
	for _, n := range d.nodes {
		all = append(all, n.op.states()...)
	}
	return all
}

// Bytes is the memory all states occupy.
func (d *Dataflow) Bytes() (total int64) {
	for _, s := range d.keepers() {
		total += s.Bytes()
	}
	return total
}

// Evict drops from memory what the store has until all states occupy at most target bytes or nothing more can go, and
// returns the bytes given back. Each state gives in proportion to its size. Between two epochs only.
func (d *Dataflow) Evict(target int64) (given int64, err error) {
	total := d.Bytes()
	if total <= target {
		return 0, nil
	}
	for _, s := range d.keepers() {
		share := int64(float64(s.Bytes()) * (float64(target) / float64(total)))
		n, err := s.Evict(share)
		given += n
		if err != nil {
			return given, err
		}
	}
	return given, nil
}

// Release gives back the memory of all states; what is stored stays. The dataflow must not be used afterwards.
func (d *Dataflow) Release() {
	for _, s := range d.keepers() {
		s.Release()
	}
	d.nodes = nil
}

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
// that is read twice appears twice; an index is one operator with the scan below it.
func (d *Dataflow) Stats(output uint32) []Stats {
	var all []Stats
	d.walk(d.outputs[output], 0, func(n *node, depth int) {
		s := Stats{Node: n.plan, Depth: depth, RowsIn: n.rowsIn, RowsOut: n.rowsOut, Batches: n.batches, Time: n.took, Shared: len(n.out)}
		for _, k := range n.op.states() {
			s.Bytes += k.Bytes()
		}
		all = append(all, s)
	})
	return all
}
