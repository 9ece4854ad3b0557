package engine

import (
	"sync/atomic"

	"tarn/catalog"
)

// counters are what the engine counts while it works.
type counters struct {
	statements, failures, epochs, rows, conflicts atomic.Int64
}

// Stats is what the engine can say of itself at any time, for metrics.
type Stats struct {
	Epoch         uint64
	Sessions      int
	Relations     map[string]int // number by kind
	Statements    int64          // executed
	Failures      int64          // statements that ended in an error
	Epochs        int64          // turned since the start
	Rows          int64          // changed by users since the start
	Conflicts     int64          // transactions that lost a race
	StateBytes    int64          // operators' state in memory
	StateBudget   int64
	StoreBytes    uint64 // on disk
	LogBytes      int64
	LogSegments   int
	Checkpointed  uint64 // epoch of the last committed checkpoint
	TakesWrites   bool
	StoreDegraded bool
}

// Stats gathers them; cheap enough to be asked every second.
func (e *Engine) Stats() Stats {
	state := e.acquire()
	defer state.release()
	out := Stats{
		Epoch: state.Epoch, Relations: map[string]int{},
		Statements: e.counters.statements.Load(), Failures: e.counters.failures.Load(),
		Epochs: e.counters.epochs.Load(), Rows: e.counters.rows.Load(), Conflicts: e.counters.conflicts.Load(),
		StateBytes: e.store.Memory().Used(), StateBudget: e.store.Memory().Budget(),
		Checkpointed: e.store.Committed(),
		TakesWrites:  e.Ready() == nil, StoreDegraded: e.store.Degraded() != nil,
	}
	out.StoreBytes, _ = e.store.DiskBytes() // its only error is that of bounds in the wrong order
	for _, r := range state.Catalog.Relations() {
		out.Relations[kindNames[r.Kind]]++
	}
	stats := e.log.Stats()
	out.LogBytes, out.LogSegments = stats.Bytes, stats.Segments
	e.mu.Lock()
	out.Sessions = len(e.sessions)
	e.mu.Unlock()
	return out
}

// Relation finds a user's relation by name, for tools that work beside SQL.
func (e *Engine) Relation(schema, name string) (*catalog.Relation, bool) {
	return e.published.Load().Catalog.Relation(schema, name)
}
