package engine

import (
	"sync/atomic"

	"tarn/catalog"
	"tarn/sql/sqlstate"
	"tarn/storage/arrangement"
)

// State is the database as of one epoch. Immutable; whoever reads it holds a reference.
type State struct {
	Epoch    uint64
	Time     int64 // the epoch's own time, microseconds since 2000-01-01 UTC
	Catalog  *catalog.Snapshot
	slots    catalog.Layers[uint32, int] // relation id to its place in pages
	pages    []*page
	horizons map[uint32]uint64 // first epochs of the streams whose history is cut
	refs     atomic.Int64
}

// contents are the rows of one relation. A stream has none: its rows are the log's.
type contents struct {
	rows *arrangement.View
	errs *arrangement.View // errors of a materialised view
}

func (c contents) retain() {
	if c.rows != nil {
		c.rows.Retain()
	}
	if c.errs != nil {
		c.errs.Retain()
	}
}

func (c contents) release() {
	if c.rows != nil {
		c.rows.Release()
	}
	if c.errs != nil {
		c.errs.Release()
	}
}

// retain adds a reference unless the last one is gone.
func (s *State) retain() bool {
	for {
		n := s.refs.Load()
		if n == 0 {
			return false
		}
		if s.refs.CompareAndSwap(n, n+1) {
			return true
		}
	}
}

// release gives a reference up.
func (s *State) release() {
	if s.refs.Add(-1) > 0 {
		return
	}
	for _, p := range s.pages {
		p.release()
	}
}

// of finds the contents of a relation.
func (s *State) of(id uint32) (contents, bool) {
	i, ok := s.slots.Get(id)
	if !ok {
		return contents{}, false
	}
	return s.pages[i/pageSize].content[i%pageSize], true
}

// acquire returns the newest published state with a reference of the caller's.
func (e *Engine) acquire() *State {
	for {
		if s := e.published.Load(); s.retain() {
			return s
		}
	}
}

// errGone is what a reader gets when a relation was dropped under a prepared statement.
func errGone(name string) error {
	return sqlstate.New(sqlstate.UndefinedTable, "relation %q does not exist", name)
}
