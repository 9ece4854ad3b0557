package engine

import (
	"context"
	"maps"
	"sync"
	"time"

	"tarn/catalog"
	"tarn/delta"
	"tarn/exec"
	"tarn/planner/plan"
	"tarn/sql/sqlstate"
	"tarn/sql/stmt"
	"tarn/storage/slab"
)

// transaction is a session's open transaction: one state that all its reads see, and what it wants to write. It is
// committed by the loop, in one epoch, if what it read is still so then (E3).
type transaction struct {
	engine   *Engine
	state    *State               // what it sees: base, with the transaction's own catalogue if it has changed it
	base     *State               // the published state it holds a reference of
	views    map[uint32]plan.Node // plans of the materialised views it makes
	now      time.Time            // its start
	block    bool                 // begun by BEGIN; otherwise it ends with the statement, or with a string of statements
	failed   bool                 // an error happened in the block: all is refused until its end
	readOnly bool
	inside   bool // it has passed the gate, alone
	writes   writeSet
	local    settingsOf // values that SET LOCAL hides until the end
	settings settingsOf // the session's before the transaction changed any; nil: it has not
	client   Client     // who is told when they come back

	savepoints []savepoint // newest last
	cursors    map[string]*cursor
	notes      *transaction            // takes the notes of what this one reads, if not nil
	written    map[uint32]*writtenRows // of tables with a key, where asked for
	indexed    int64                   // the memory they take

	mu      sync.Mutex // reads are noted by statements that may run side by side
	reads   map[uint32]bool
	keys    []keyRead
	catalog *catalog.Snapshot // of base, if it was read
	alone   bool              // reads that nobody validates need not be noted

	account *slab.Account // what it has of the memory that all statements share; nil: nothing yet
}

// charge makes what the transaction has of the memory that all statements share so many bytes, and what its indexes take.
func (tx *transaction) charge(bytes int64) error {
	if tx.account == nil {
		tx.account = tx.engine.work.Account()
	}
	return tx.account.Take(bytes + tx.indexed - tx.account.Held())
}

// release lets go of what the transaction holds.
func (tx *transaction) release() {
	tx.account.Close()
	tx.base.release()
}

func (s *Session) newTransaction(block bool) *transaction {
	v, _ := s.settings.get("default_transaction_read_only")
	state := s.engine.acquire()
	return &transaction{engine: s.engine, state: state, base: state, now: s.engine.cfg.Now(), block: block, readOnly: v == "on"}
}

// open returns the session's transaction, or a new implicit one.
func (s *Session) open() *transaction {
	if s.tx == nil {
		s.tx = s.newTransaction(false)
	}
	return s.tx
}

// noteScan remembers what a scan reads, for validation at commit.
func (tx *transaction) noteScan(scan *exec.Scan) {
	if tx.notes != nil {
		tx = tx.notes
	}
	if tx.alone {
		return
	}
	if scan.Relation.Kind == catalog.System {
		tx.noteCatalog()
		return
	}
	tx.mu.Lock()
	defer tx.mu.Unlock()
	if scan.Relation.Kind == catalog.Table && !tx.made(scan.Relation) {
		if parts := spans(nil, scan, scan.Relation); parts[0].point { // so are all
			for _, part := range parts {
				tx.keys = append(tx.keys, keyRead{scan.Relation.ID, delta.HashKey(part.lo)})
			}
			return
		}
	}
	tx.noteWhole(scan.Relation)
}

// noteCatalog remembers that a system relation, or a function of the catalogue, was read. Which definitions it has seen is not told
// apart: any change of the catalogue by others is a conflict.
func (tx *transaction) noteCatalog() {
	if tx.notes != nil {
		tx = tx.notes
	}
	tx.mu.Lock()
	defer tx.mu.Unlock()
	tx.catalog = tx.base.Catalog
}

// noteWhole remembers a relation as read, by the tables and streams it is made of.
func (tx *transaction) noteWhole(rel *catalog.Relation) {
	if rel.Kind == catalog.Table || rel.Kind == catalog.Stream {
		if tx.made(rel) {
			return
		}
		if tx.reads == nil {
			tx.reads = map[uint32]bool{}
		}
		tx.reads[rel.ID] = true
		return
	}
	for _, id := range rel.Depends {
		if below, ok := tx.state.Catalog.ByID(id); ok {
			tx.noteWhole(below)
		}
	}
}

// made tells whether the transaction itself has made a relation: nobody else can have changed it.
func (tx *transaction) made(rel *catalog.Relation) bool {
	_, before := tx.base.Catalog.ByID(rel.ID)
	return !before
}

// commit hands the transaction to the loop; one that wrote nothing has nothing to wait for.
func (tx *transaction) commit(ctx context.Context) error {
	if tx.writes.rows == 0 && tx.state == tx.base {
		return nil
	}
	c := &commit{snapshot: tx.state.Epoch, reads: tx.reads, keys: tx.keys, catalog: tx.catalog, writes: changes{}}
	for _, id := range tx.writes.order {
		rel, ok := tx.state.Catalog.ByID(id)
		if !ok {
			continue // written to, then dropped
		}
		batches := tx.writes.net(rel)
		if len(batches) > 0 {
			c.writes[id] = batches
			c.order = append(c.order, id)
		}
	}
	if tx.state != tx.base {
		return tx.commitDefinitions(ctx, c)
	}
	if len(c.order) == 0 {
		return nil
	}
	if !tx.inside {
		if err := tx.engine.gate.enter(ctx, false); err != nil {
			return err
		}
		defer tx.engine.gate.leave()
	}
	return tx.engine.commit(ctx, c)
}

// net are the changes of a relation without those that cancel out: what a transaction has inserted and deleted again.
func (w *writeSet) net(rel *catalog.Relation) []*delta.Batch {
	batches := w.changes[rel.ID]
	deletes := 0
	for _, b := range batches {
		if b.Counts != nil {
			deletes++
		}
	}
	if deletes == 0 {
		return batches
	}
	if sum := exec.Consolidate(batches); sum != nil {
		return []*delta.Batch{sum}
	}
	return nil
}

// finish forgets the open transaction, whether it was committed or is to be undone.
func (s *Session) finish() {
	if s.tx == nil {
		return
	}
	tx := s.tx
	s.tx = nil
	if tx.block {
		s.noteStatus()
	}
	tx.closeCursors(0)
	tx.release()
}

// rollback undoes the open transaction and the settings that it changed.
func (s *Session) rollback() {
	if s.tx != nil && s.tx.settings != nil {
		s.restore(s.tx.settings, s.tx.client)
	}
	s.finish()
}

// endLocal brings back what SET LOCAL has hidden.
func (s *Session) endLocal() {
	if len(s.tx.local) == 0 {
		return
	}
	before := maps.Clone(s.settings)
	for name, value := range s.tx.local {
		if value == unset {
			delete(before, name)
		} else {
			before[name] = value
		}
	}
	s.restore(before, s.tx.client)
}

// Sync commits the implicit transaction, if one is open: the end of a simple query, or a Sync message.
func (s *Session) Sync(ctx context.Context) error {
	if s.tx == nil || s.tx.block {
		return nil
	}
	if err := s.tx.commit(ctx); err != nil {
		s.rollback()
		return err
	}
	s.endLocal()
	s.finish()
	return nil
}

// Fail tells the session that an error happened outside Execute: an open block has failed, an implicit transaction is
// undone.
func (s *Session) Fail() {
	switch {
	case s.tx == nil:
	case s.tx.block:
		s.tx.failed = true
		s.noteStatus()
	default:
		s.rollback()
	}
}

var errAborted = sqlstate.New(sqlstate.InFailedSQLTransaction, "current transaction is aborted, commands ignored until end of transaction block")

// control executes BEGIN, COMMIT and ROLLBACK; it returns their tags. Without a block COMMIT and ROLLBACK end the implicit
// transaction of the statements before them, as PostgreSQL's do.
func (s *Session) control(ctx context.Context, st stmt.Statement, c Client) (string, error) {
	if s.tx != nil {
		s.tx.client = c
	}
	switch st := st.(type) {
	case *stmt.Begin:
		tag := "BEGIN"
		if st.Start {
			tag = "START TRANSACTION"
		}
		if s.tx != nil && s.tx.block {
			c.Notice(sqlstate.New(sqlstate.ActiveSQLTransaction, "there is already a transaction in progress"))
			return tag, nil
		}
		if s.tx == nil {
			s.tx = s.newTransaction(true)
		}
		s.tx.block = true // an implicit transaction goes on as the block's
		s.noteStatus()
		return tag, s.setModes(st.Modes)
	case *stmt.Commit:
		if s.tx == nil || !s.tx.block {
			if st.Chain {
				return "", sqlstate.New(sqlstate.NoActiveSQLTransaction, "COMMIT AND CHAIN can only be used in transaction blocks")
			}
			c.Notice(sqlstate.New(sqlstate.NoActiveSQLTransaction, "there is no transaction in progress"))
			return "COMMIT", s.Sync(ctx) // what the string or series of statements has done so far
		}
		if s.tx.failed {
			s.rollback()
			return "ROLLBACK", s.chain(st.Chain)
		}
		if err := s.tx.commit(ctx); err != nil {
			s.rollback()
			return "", err
		}
		s.endLocal()
		s.finish()
		return "COMMIT", s.chain(st.Chain)
	case *stmt.Rollback:
		if s.tx == nil || !s.tx.block {
			if st.Chain {
				return "", sqlstate.New(sqlstate.NoActiveSQLTransaction, "ROLLBACK AND CHAIN can only be used in transaction blocks")
			}
			c.Notice(sqlstate.New(sqlstate.NoActiveSQLTransaction, "there is no transaction in progress"))
			s.rollback() // what the string or series of statements has done so far
			return "ROLLBACK", nil
		}
		s.rollback()
		return "ROLLBACK", s.chain(st.Chain)
	case *stmt.SetTransaction:
		if st.Session {
			if st.Modes.ReadOnly != nil {
				s.settings["default_transaction_read_only"] = onOff(*st.Modes.ReadOnly)
			}
			return "SET", nil
		}
		if s.tx == nil || !s.tx.block {
			c.Notice(sqlstate.New(sqlstate.NoActiveSQLTransaction, "SET TRANSACTION can only be used in transaction blocks"))
			return "SET", nil
		}
		return "SET", s.setModes(st.Modes)
	}
	return "", sqlstate.New(sqlstate.InternalError, "no transaction control: %T", st)
}

func (s *Session) chain(chain bool) error {
	if chain {
		s.tx = s.newTransaction(true)
		s.noteStatus()
	}
	return nil
}

// setModes sets the modes of the open block. Every isolation level is served by strict serialisability.
func (s *Session) setModes(m stmt.TransactionModes) error {
	if m.ReadOnly == nil {
		return nil
	}
	if !*m.ReadOnly && s.tx.readOnly && s.tx.writes.rows == 0 {
		s.tx.readOnly = false
		return nil
	}
	s.tx.readOnly = *m.ReadOnly
	return nil
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// unset marks a setting that had no value of its own before SET LOCAL.
const unset = "\x00"
