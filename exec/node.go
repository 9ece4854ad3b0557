package exec

import (
	"time"

	"tarn/delta"
	"tarn/planner/plan"
	"tarn/sql/sqlstate"
	"tarn/storage"
)

// operator is one incremental step. What it is pushed, it may keep but not change.
type operator interface {
	// push takes changes of one input. It may emit at once, or wait for flush.
	push(n *node, port int, b *delta.Batch) error
	// flush ends the epoch: afterwards everything that follows from what was pushed has been emitted.
	flush(n *node) error
	// states are what the operator keeps between epochs; nil for none.
	states() []keeper
}

// keeper is a state.Map, state.Multimap or state.Lists, as checkpoints and memory limits see it.
type keeper interface {
	WriteDirty(cp *storage.Checkpoint)
	Bytes() int64
	Evict(target int64) (int64, error)
	Release()
}

// reader is an operator that looks at some columns only of what it is pushed, and tells whether it hands anything of the batch
// on, or keeps it, so that its memory is in use after push has returned.
type reader interface {
	reads() (cols []int, keeps bool)
}

// chooser is an operator that may have to choose one of several values that are equal under SQL (1.0 and 1.00) to stand for
// all, by the order in which they came, because its input only grows: then its output is no function of its inputs' contents alone.
type chooser interface{ chooses() bool }

// stateless is embedded by operators that keep nothing, not even within an epoch.
type stateless struct{}

func (stateless) flush(*node) error { return nil }
func (stateless) states() []keeper  { return nil }

// node is an operator in its place in a graph.
type node struct {
	flow  *Dataflow
	plan  plan.Node // nil: an output
	print string    // fingerprint, "" in a one-time query
	op    operator
	in    []*node // by port; a get has the output it reads, or none
	out   []edge
	first uint32 // its state ids are first to first+ids-1
	ids   int
	dirty bool // has been pushed, or wants to be flushed for another reason

	spool *spool // of a one-time query, where several read it
	wants []bool // memory of wanted

	rowsIn, rowsOut, batches int64
	took                     time.Duration
}

// edge leads to an input of an operator.
type edge struct {
	to   *node
	port int
}

// push hands a batch to the operator, and to the statistics.
func (n *node) push(port int, b *delta.Batch) error {
	if b.Len == 0 {
		return nil
	}
	if err := n.flow.ctx.Err(); err != nil {
		return err
	}
	n.dirty = true
	n.rowsIn += int64(b.Len)
	n.batches++
	caller := n.flow.enter(n)
	err := n.take(port, b)
	n.flow.enter(caller)
	return err
}

// take gives the operator a batch, or its parts one after the other where the whole is too much.
func (n *node) take(port int, b *delta.Batch) error {
	err := n.op.push(n, port, b)
	part, ok := err.(tooLarge)
	if !ok {
		return err
	}
	if part.rows > 64 {
		part.rows &^= 63 // so that they share memory
	}
	for lo := 0; lo < b.Len; lo += part.rows {
		if err := n.take(port, b.Slice(lo, min(lo+part.rows, b.Len))); err != nil {
			return err
		}
	}
	return nil
}

// flush ends the epoch for the operator.
func (n *node) flush() error {
	n.dirty = false
	caller := n.flow.enter(n)
	err := n.op.flush(n)
	n.flow.enter(caller)
	return err
}

// enter charges the time since the last call to the operator that was running, and says which one runs now. Nobody asks for the
// times of a one-time query.
func (d *Dataflow) enter(n *node) (caller *node) {
	if d.once {
		return nil
	}
	now := time.Since(d.born)
	if d.running != nil {
		d.running.took += now - d.since
	}
	caller, d.running, d.since = d.running, n, now
	return caller
}

// emit hands a batch to everyone who reads the operator.
func (n *node) emit(b *delta.Batch) error {
	if b == nil || b.Len == 0 {
		return nil
	}
	n.rowsOut += int64(b.Len)
	if n.spool != nil {
		if err := n.spool.add(b); err != nil {
			return err
		}
		return n.flow.take(b.Bytes())
	}
	for _, e := range n.out {
		if err := e.to.push(e.port, b); err != nil {
			return err
		}
	}
	return nil
}

// wanted tells which columns of a batch those who read n look at, and whether the memory of the batch is free again once it has
// been emitted. A column that is not wanted may be left out of it. The result is valid until the next call.
func (n *node) wanted(cols int) (wanted []bool, free bool) {
	free = true
	all := n.spool != nil
	n.wants = n.wants[:0]
	for range cols {
		n.wants = append(n.wants, false)
	}
	for _, e := range n.out {
		r, ok := e.to.op.(reader)
		if !ok {
			all = true
			break
		}
		used, keeps := r.reads()
		for _, c := range used {
			n.wants[c] = true
		}
		free = free && !keeps
	}
	if all {
		free = false
		for c := range n.wants {
			n.wants[c] = true
		}
	}
	return n.wants, free
}

// fail emits the error of a row with the row's count (E4). In a one-time query it is the query's error.
func (n *node) fail(e *sqlstate.Error, count int64) error {
	if n.flow.once {
		return e
	}
	if count != 0 {
		b := delta.NewBatch(ErrorTypes, 1)
		AppendError(b, e, count)
		n.emitErrors(b)
	}
	return nil
}

// emitErrors brings errors to all outputs below n.
func (n *node) emitErrors(b *delta.Batch) {
	for _, e := range n.out {
		if o, ok := e.to.op.(*output); ok {
			o.errs = append(o.errs, b)
			e.to.dirty = true
		}
		e.to.emitErrors(b)
	}
}
