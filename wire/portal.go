package wire

import (
	"context"
	"fmt"
	"runtime/debug"

	"tarn/engine"
	"tarn/sql"
	"tarn/sql/sqlstate"
	"tarn/sql/stmt"
	"tarn/sql/types"
)

// portal is a statement with its parameters, ready to be executed, perhaps in parts. It has one of these lives:
//
//	execute(0)                       the statement runs on the connection's goroutine; done
//	execute(n), execute(m), ...      a reading statement runs on a goroutine of its own, at most one batch ahead, until
//	                                 it ends or the portal is closed; any other statement runs to its end at once and
//	                                 its rows are kept
type portal struct {
	conn      *conn
	name      string
	statement *statement
	params    []types.Datum
	formats   []int16
	started   bool
	done      bool
	bytes     int64 // what it counts for of the memory of all statements
	rowBytes  int64 // and its rows that are kept

	// With a row limit:
	chunks  chan chunk    // from the statement's goroutine; closed when it has ended. nil: no goroutine
	cancel  func()        // ends the goroutine
	current chunk         // what has come and not been sent
	sent    int           // rows of current
	result  portalResult  // written before chunks is closed
	ended   chan struct{} // the goroutine has returned
}

type portalResult struct {
	tag string
	err error
}

// execute sends up to limit further rows (0: all), then PortalSuspended or CommandComplete.
func (p *portal) execute(limit int) error {
	if p.done {
		return p.again()
	}
	if !p.started {
		p.started = true
		switch {
		case limit <= 0 || p.statement.fields() == nil:
			return p.whole()
		case p.reads():
			p.start()
		default:
			if err := p.keep(); err != nil {
				return err
			}
		}
	}
	return p.part(limit)
}

// reads tells whether the statement changes nothing, and so can be left unfinished.
func (p *portal) reads() bool {
	switch p.statement.prepared.Statement.Node.(type) {
	case *stmt.Select, *stmt.Subscribe:
		return true
	}
	return false
}

// again executes a portal that has been executed to its end.
func (p *portal) again() error {
	if p.reads() {
		p.conn.out.commandComplete("SELECT 0")
		return nil
	}
	return sqlstate.New(sqlstate.ObjectNotInPrerequisiteState, "portal \"%s\" cannot be run", p.name)
}

// whole executes the statement with its results going straight to the client.
func (p *portal) whole() error {
	p.done = true
	c := p.conn
	client := client{conn: c}
	c.rows.reset(p.statement.fields(), p.formats, c.session.Env())
	tag, err := client.execute(p.statement.prepared, p.params, c.in.syncWaits())
	if err != nil {
		return err
	}
	c.out.commandComplete(tag)
	return nil
}

// buffer has an environment of its own: the session's may change while the portal is suspended.
func (p *portal) buffer() *rowBuffer {
	b := new(rowBuffer)
	env := *p.conn.session.Env()
	b.rows.reset(p.statement.fields(), p.formats, &env)
	return b
}

// portalBytes is what a portal counts for besides its parameters.
const portalBytes = 512

// hold takes memory for the portal until it is closed.
func (p *portal) hold(bytes int64) error {
	if err := p.conn.session.Room(bytes); err != nil {
		return err
	}
	p.bytes += bytes
	return nil
}

// holdRows takes memory for so many bytes of rows instead of what was taken for rows before.
func (p *portal) holdRows(bytes int64) error {
	if err := p.conn.session.Room(bytes - p.rowBytes); err != nil {
		return err
	}
	p.rowBytes = bytes
	return nil
}

// keep executes the statement to its end and keeps its rows; none if it fails.
func (p *portal) keep() error {
	b := p.buffer()
	b.deliver = func() error { return p.holdRows(int64(cap(b.chunk.rows) + 8*cap(b.chunk.ends))) }
	tag, err := p.conn.session.Execute(p.conn.ctx, p.statement.prepared, p.params, b)
	if err != nil {
		p.done, p.current = true, chunk{prelude: b.chunk.prelude}
		p.send(0)
		_ = p.holdRows(0) // giving back does not fail
		return err
	}
	p.result.tag, p.current = tag, b.chunk
	return nil
}

// start executes the statement on a goroutine, which waits for each chunk to be taken.
func (p *portal) start() {
	ctx, cancel := context.WithCancelCause(p.conn.ctx)
	p.chunks, p.ended = make(chan chunk), make(chan struct{})
	p.cancel = func() { cancel(engine.ErrStopped) }
	b := p.buffer()
	b.deliver = func() error {
		select {
		case p.chunks <- b.chunk:
			b.chunk = chunk{}
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	run := p.conn.session.Detach(p.statement.prepared, p.params)
	go func() {
		defer close(p.ended)
		defer close(p.chunks)
		defer func() {
			if r := recover(); r != nil {
				p.conn.server.cfg.Logger.Error("panic in portal", "panic", r, "stack", string(debug.Stack()))
				p.result.err = fatal{sqlstate.New(sqlstate.InternalError, "internal error")}
			}
		}()
		p.result.tag, p.result.err = run(ctx, b)
		if p.result.err == nil && len(b.chunk.prelude) > 0 {
			b.deliver() // a notice behind the last row; if the portal has been closed nobody wants it
		}
	}()
}

// part sends up to limit rows of what the statement yields.
func (p *portal) part(limit int) error {
	out, rows := p.conn.out, 0
	for {
		k := len(p.current.ends) - p.sent
		if limit > 0 {
			k = min(k, limit-rows)
		}
		p.send(k)
		rows += k
		if err := out.flushFull(); err != nil {
			return err
		}
		if limit > 0 && rows == limit {
			out.empty('s')
			return nil
		}
		if p.current.flush {
			if err := out.flush(); err != nil {
				return err
			}
		}
		if !p.receive() {
			break
		}
	}
	p.done = true
	if p.result.err != nil {
		return p.result.err
	}
	if p.reads() { // each part counts its own rows
		p.result.tag = fmt.Sprintf("SELECT %d", rows)
	}
	out.commandComplete(p.result.tag)
	return nil
}

// send sends the next k rows of the current chunk.
func (p *portal) send(k int) {
	out, cur := p.conn.out, &p.current
	out.complete = -1
	out.buf = append(out.buf, cur.prelude...)
	cur.prelude = nil
	if k == 0 {
		return
	}
	from := 0
	if p.sent > 0 {
		from = cur.ends[p.sent-1]
	}
	p.sent += k
	out.buf = append(out.buf, cur.rows[from:cur.ends[p.sent-1]]...)
}

// receive waits for the next chunk; false is the end of the statement.
func (p *portal) receive() bool {
	p.current, p.sent = chunk{}, 0
	if p.chunks == nil {
		_ = p.holdRows(0) // giving back does not fail
		return false
	}
	next, ok := <-p.chunks
	if !ok {
		<-p.ended
		return false
	}
	p.current = next
	return true
}

// close ends a statement that still runs and waits for it.
func (p *portal) close() {
	if p.cancel != nil {
		p.cancel()
		<-p.ended
	}
	_ = p.conn.session.Room(-p.bytes - p.rowBytes) // giving back does not fail
	p.bytes, p.rowBytes = 0, 0
}

func (c *conn) closePortal(name string) {
	if p := c.portals[name]; p != nil {
		delete(c.portals, name)
		p.close()
	}
}

func (c *conn) closePortals() {
	for name := range c.portals {
		c.closePortal(name)
	}
}

// beforeExecute closes the portals whose transaction ends with a statement: with the end of a block, and with the last
// statement outside of one.
func (c *conn) beforeExecute(st sql.Statement, last bool) {
	ends := last && c.session.Status() == 'I'
	switch st.Node.(type) {
	case *stmt.Commit, *stmt.Rollback, *stmt.RollbackTo:
		ends = true
	}
	if !ends {
		return
	}
	for name, p := range c.portals {
		if p.started && !p.done {
			c.closePortal(name)
		}
	}
}
