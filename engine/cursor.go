package engine

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"tarn/delta"
	"tarn/exec"
	"tarn/planner/plan"
	"tarn/sql/sqlstate"
	"tarn/sql/stmt"
)

// cursor is a query that DECLARE has begun and FETCH goes on with. It sees what its transaction saw at DECLARE, and runs
// only while a FETCH waits for it: the query's call stack rests between two batches, as a coroutine. It only moves forward.
type cursor struct {
	fields []Field
	depth  int // savepoints that were open at DECLARE
	next   func() (*delta.Batch, bool)
	stop   func() // ends the query
	ctx    context.Context
	cancel context.CancelCauseFunc

	batch *delta.Batch // good until next
	at    int          // rows of batch that have been fetched
	pos   int64        // rows that have been passed
	err   error        // of the query; every FETCH after it returns it
}

// openCursor starts a query of the transaction; nothing of it runs yet.
func (x *executing) openCursor(tx *transaction, q *plan.Query, fields []Field) *cursor {
	c := &cursor{fields: fields, depth: len(tx.savepoints)}
	c.ctx, c.cancel = context.WithCancelCause(context.Background())
	frozen := tx.frozen()
	run := *x // the statement is over when the query runs
	c.next, c.stop = iter.Pull(func(yield func(*delta.Batch) bool) {
		err := run.runPlan(c.ctx, frozen, exec.NewQuery(q), false, func(b *delta.Batch) error {
			if !yield(b) {
				return ErrStopped
			}
			return nil
		})
		if cause := context.Cause(c.ctx); err != nil && cause != nil {
			err = cause
		}
		c.err = err
	})
	return c
}

func (c *cursor) close() {
	c.cancel(ErrStopped)
	c.stop()
}

// forward passes up to count further rows (below 0: all), with each run of them given to emit, and returns how many.
func (c *cursor) forward(ctx context.Context, count int64, emit func(*delta.Batch) error) (int64, error) {
	defer context.AfterFunc(ctx, func() { c.cancel(context.Cause(ctx)) })()
	n := int64(0)
	for count < 0 || n < count {
		if c.batch == nil || c.at == c.batch.Len {
			var ok bool
			if c.batch, ok = c.next(); !ok {
				return n, c.err
			}
			c.at = 0
			continue
		}
		k := c.batch.Len - c.at
		if count >= 0 {
			k = int(min(int64(k), count-n))
		}
		if err := emit(c.batch.Slice(c.at, c.at+k)); err != nil {
			return n, err
		}
		c.at, c.pos, n = c.at+k, c.pos+int64(k), n+int64(k)
	}
	return n, nil
}

func planDeclare(pl *planning, p *Prepared) error {
	st := p.Statement.Node.(*stmt.Declare)
	sel, ok := st.Statement.(*stmt.Select)
	var refused *sqlstate.Error
	switch {
	case !ok:
		refused = sqlstate.New(sqlstate.FeatureNotSupported, "a cursor for SUBSCRIBE is not supported").
			WithHint("SUBSCRIBE sends changes as they happen; a portal with a row limit takes them in pieces.")
	case st.Hold:
		refused = sqlstate.New(sqlstate.FeatureNotSupported, "WITH HOLD cursors are not supported").
			WithHint("Fetch all rows before the end of the transaction.")
	case st.Scroll != nil && *st.Scroll:
		refused = sqlstate.New(sqlstate.FeatureNotSupported, "SCROLL cursors are not supported").
			WithHint("A cursor that only moves forward needs no SCROLL.")
	case st.Binary:
		refused = sqlstate.New(sqlstate.FeatureNotSupported, "BINARY cursors are not supported").
			WithHint("Ask for binary results with the extended protocol.")
	}
	if refused != nil {
		return refused
	}
	inner := &Prepared{Statement: p.Statement}
	inner.Statement.Node = sel
	if err := planSelect(pl, inner); err != nil {
		return err
	}
	p.planned, p.Params = inner, inner.Params
	return nil
}

func executeDeclare(ctx context.Context, x *executing) (string, error) {
	tx, err := x.block("DECLARE CURSOR")
	if err != nil {
		return "", err
	}
	name := x.prepared.Statement.Node.(*stmt.Declare).Name
	if tx.cursors[name] != nil {
		return "", sqlstate.New(sqlstate.DuplicateCursor, "cursor %q already exists", name)
	}
	if err := x.current(ctx, tx); err != nil {
		return "", err
	}
	if tx.cursors == nil {
		tx.cursors = map[string]*cursor{}
	}
	inner := x.prepared.planned.(*Prepared)
	tx.cursors[name] = x.openCursor(tx, inner.planned.(*selection).query, inner.Fields)
	return "DECLARE CURSOR", nil
}

// cursor finds a cursor of the open transaction.
func (s *Session) cursor(name string) (*cursor, error) {
	if s.tx != nil && s.tx.cursors[name] != nil {
		return s.tx.cursors[name], nil
	}
	return nil, sqlstate.New(sqlstate.InvalidCursorName, "cursor %q does not exist", name)
}

// Cursor describes the rows of a cursor, which clients may ask for as if it were a portal of the protocol.
func (s *Session) Cursor(name string) ([]Field, bool) {
	c, err := s.cursor(name)
	if err != nil {
		return nil, false
	}
	return c.fields, true
}

func planFetch(pl *planning, p *Prepared) error {
	st := p.Statement.Node.(*stmt.Fetch)
	c, err := pl.session.cursor(st.Cursor)
	if err == nil && !st.Move {
		p.Fields = c.fields
	}
	return err
}

var errForwardOnly = sqlstate.New(sqlstate.ObjectNotInPrerequisiteState, "cursor can only scan forward").
	WithHint("Keep the rows at the client, or declare another cursor.")

func executeFetch(ctx context.Context, x *executing) (string, error) {
	st := x.prepared.Statement.Node.(*stmt.Fetch)
	c, err := x.session.cursor(st.Cursor)
	if err != nil {
		return "", err
	}
	if !st.Move && !slices.Equal(c.fields, x.prepared.Fields) {
		return "", errResultType
	}
	skip, count := int64(0), st.Count
	switch {
	case st.Direction == stmt.FetchForward && st.All:
		count = -1
	case st.Direction == stmt.FetchAbsolute:
		skip, count = st.Count-c.pos-1, 1
	case st.Direction == stmt.FetchRelative:
		skip, count = st.Count-1, 1
	case st.Direction == stmt.FetchBackward, st.Count <= 0:
		return "", errForwardOnly
	}
	if skip < 0 || len(st.Options) > 0 {
		return "", errForwardOnly
	}
	emit, verb := x.client.Rows, "FETCH"
	pass := func(*delta.Batch) error { return nil }
	if st.Move {
		emit, verb = pass, "MOVE"
	}
	if _, err := c.forward(ctx, skip, pass); err != nil {
		return "", err
	}
	n, err := c.forward(ctx, count, emit)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s %d", verb, n), nil
}

func executeClose(_ context.Context, x *executing) (string, error) {
	name, s := x.prepared.Statement.Node.(*stmt.Close).Cursor, x.session
	if name == "" {
		if s.tx != nil {
			s.tx.closeCursors(0)
		}
		return "CLOSE CURSOR ALL", nil
	}
	c, err := s.cursor(name)
	if err != nil {
		return "", err
	}
	c.close()
	delete(s.tx.cursors, name)
	return "CLOSE CURSOR", nil
}

// closeCursors closes the cursors that were declared with at least so many savepoints open.
func (tx *transaction) closeCursors(depth int) {
	for name, c := range tx.cursors {
		if c.depth >= depth {
			c.close()
			delete(tx.cursors, name)
		}
	}
}
