package engine

import (
	"context"
	"maps"

	"tarn/catalog"
	"tarn/delta"
	"tarn/planner/plan"
	"tarn/sql/sqlstate"
	"tarn/sql/stmt"
)

// savepoint is a place in a transaction that ROLLBACK TO goes back to. Writes and definitions since then are forgotten;
// what was read since then stays noted, as the client may act on it.
type savepoint struct {
	name     string
	state    *State
	views    map[uint32]plan.Node
	writes   writeMark
	readOnly bool
	settings settingsOf // nil: as when the transaction began
	local    settingsOf
}

// writeMark is how far a writeSet had come.
type writeMark struct {
	batches []int // of each relation, in the order of first write
	rows    int
	bytes   int64
}

func (w *writeSet) mark() writeMark {
	m := writeMark{batches: make([]int, len(w.order)), rows: w.rows, bytes: w.bytes}
	for i, id := range w.order {
		m.batches[i] = len(w.changes[id])
	}
	return m
}

// cut forgets what was written after the mark.
func (w *writeSet) cut(m writeMark) {
	for i, id := range w.order {
		if i < len(m.batches) {
			n := m.batches[i]
			w.changes[id] = w.changes[id][:n:n]
		} else {
			delete(w.changes, id)
		}
	}
	w.order, w.rows, w.bytes = w.order[:len(m.batches)], m.rows, m.bytes
}

// noteCut notes as read the keys of rows inserted after a mark, which are about to be forgotten: the client was told that they were
// free. Kept rows need no note, as their keys are checked when they come in.
func (tx *transaction) noteCut(m writeMark) {
	var key []byte
	for i, id := range tx.writes.order {
		rel, ok := tx.state.Catalog.ByID(id)
		if !ok || rel.Kind != catalog.Table || rel.Key == nil {
			continue
		}
		from := 0
		if i < len(m.batches) {
			from = m.batches[i]
		}
		types := keyTypes(rel)
		for _, b := range tx.writes.changes[id][from:] {
			for r := range b.Len {
				if b.Count(r) > 0 {
					key = delta.AppendKeyRow(key[:0], b, rel.Key, types, r)
					tx.noteKey(rel, key)
				}
			}
		}
	}
}

func executeSavepoint(_ context.Context, x *executing) (string, error) {
	tx, err := x.block("SAVEPOINT")
	if err != nil {
		return "", err
	}
	p := savepoint{
		name: x.prepared.Statement.Node.(*stmt.Savepoint).Name, state: tx.state, views: maps.Clone(tx.views),
		writes: tx.writes.mark(), readOnly: tx.readOnly, local: maps.Clone(tx.local),
	}
	if tx.settings != nil {
		p.settings = maps.Clone(x.session.settings)
	}
	tx.savepoints = append(tx.savepoints, p)
	return "SAVEPOINT", nil
}

// executeRelease forgets a savepoint and those after it, and nothing else.
func executeRelease(_ context.Context, x *executing) (string, error) {
	tx, err := x.block("RELEASE SAVEPOINT")
	if err != nil {
		return "", err
	}
	i, err := tx.savepoint(x.prepared.Statement.Node.(*stmt.Release).Name)
	if err != nil {
		return "", err
	}
	tx.savepoints = tx.savepoints[:i]
	for _, c := range tx.cursors {
		c.depth = min(c.depth, i)
	}
	return "RELEASE", nil
}

// executeRollbackTo goes back to a savepoint, which stays. A failed block goes on from there.
func executeRollbackTo(_ context.Context, x *executing) (string, error) {
	tx, err := x.block("ROLLBACK TO SAVEPOINT")
	if err != nil {
		return "", err
	}
	i, err := tx.savepoint(x.prepared.Statement.Node.(*stmt.RollbackTo).Name)
	if err != nil {
		return "", err
	}
	p := &tx.savepoints[i]
	tx.savepoints = tx.savepoints[:i+1]
	tx.closeCursors(i + 1)
	tx.noteCut(p.writes)
	tx.cutWritten(p.writes)
	tx.writes.cut(p.writes)
	tx.state, tx.views, tx.readOnly, tx.local = p.state, maps.Clone(p.views), p.readOnly, maps.Clone(p.local)
	if tx.settings != nil {
		settings := p.settings
		if settings == nil {
			settings = tx.settings
		}
		x.session.restore(settings, x.client)
	}
	tx.failed = false
	x.session.noteStatus()
	return "ROLLBACK", nil
}

// block is the open block, where a statement needs one.
func (x *executing) block(statement string) (*transaction, error) {
	if tx := x.session.tx; tx != nil && tx.block {
		return tx, nil
	}
	return nil, sqlstate.New(sqlstate.NoActiveSQLTransaction, "%s can only be used in transaction blocks", statement)
}

// savepoint finds the newest savepoint of a name.
func (tx *transaction) savepoint(name string) (int, error) {
	for i := len(tx.savepoints) - 1; i >= 0; i-- {
		if tx.savepoints[i].name == name {
			return i, nil
		}
	}
	return 0, sqlstate.New(sqlstate.InvalidSavepointSpecification, "savepoint %q does not exist", name)
}

// keepSettings remembers the settings before a transaction changes any, in case it is undone, and whom to tell then. What is not
// a transaction of its own opens the implicit one.
func (x *executing) keepSettings() {
	s := x.session
	if !x.last && s.outside == nil {
		s.open()
	}
	if s.tx != nil && s.tx.settings == nil {
		s.tx.settings, s.tx.client = maps.Clone(s.settings), x.client
	}
}

// restore makes the settings those of before, and tells the client of those that it follows.
func (s *Session) restore(before settingsOf, c Client) {
	after := s.settings
	s.settings = maps.Clone(before)
	_ = s.loadEnv() // the zone was loaded before
	for i := range settings {
		if name := settings[i].name; settings[i].reported {
			was, _ := after.get(name)
			if now, _ := s.settings.get(name); now != was {
				c.Parameter(name, now)
			}
		}
	}
	application, _ := s.settings.get("application_name")
	s.mu.Lock()
	s.view.Application = application
	s.mu.Unlock()
}
