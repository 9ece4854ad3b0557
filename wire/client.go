package wire

import (
	"io"

	"github.com/jackc/pgproto3/v2"

	"tarn/delta"
	"tarn/engine"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// client is the engine.Client of a statement that runs on the connection's goroutine: results go straight to output.
type client struct {
	conn    *conn
	copyIn  *copyInReader // of COPY FROM STDIN
	copyOut bool          // a COPY TO STDOUT has begun
}

func (cl *client) Rows(b *delta.Batch) error {
	out := cl.conn.out
	out.complete = -1
	for i := range b.Len {
		from := len(out.buf)
		buf, err := cl.conn.rows.appendRow(out.buf, b, i)
		if err != nil {
			out.buf = buf[:from]
			return err
		}
		if out.buf = buf; len(buf) >= pieceSize {
			if err := out.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (cl *client) Flush() error { return cl.conn.out.flush() }

func (cl *client) CopyIn(columns int) (io.Reader, error) {
	cl.conn.out.send(&pgproto3.CopyInResponse{ColumnFormatCodes: make([]uint16, columns)})
	if err := cl.conn.out.flush(); err != nil {
		return nil, err
	}
	cl.copyIn = &copyInReader{conn: cl.conn}
	return cl.copyIn, nil
}

func (cl *client) CopyOut(columns int) (io.Writer, error) {
	cl.conn.out.send(&pgproto3.CopyOutResponse{ColumnFormatCodes: make([]uint16, columns)})
	cl.copyOut = true
	return copyOutWriter{cl.conn.out}, nil
}

func (cl *client) Notice(n *sqlstate.Error) { cl.conn.out.notice(n) }

func (cl *client) Parameter(name, value string) { cl.conn.out.parameterStatus(name, value) }

// execute executes a statement with the results going to cl. After the last one of a message or series of messages the
// implicit transaction commits, if there is one.
func (cl *client) execute(p *engine.Prepared, params []types.Datum, last bool) (tag string, err error) {
	c := cl.conn
	if tag, ok := c.deallocate(p.Statement.Node); ok {
		return tag, nil
	}
	if last {
		tag, err = c.session.ExecuteLast(c.ctx, p, params, cl)
	} else {
		tag, err = c.session.Execute(c.ctx, p, params, cl)
	}
	if cl.copyIn != nil && cl.copyIn.left > 0 { // failed inside a message: what follows in it is no message
		if discardErr := c.in.discard(cl.copyIn.left); discardErr != nil && err == nil {
			err = c.lost(discardErr)
		}
	}
	if err == nil && cl.copyOut {
		c.out.empty('c')
	}
	return tag, err
}

// copyOutWriter makes each Write one CopyData message: clients rely on getting a row at a time.
type copyOutWriter struct{ out *output }

func (w copyOutWriter) Write(p []byte) (int, error) {
	buf, at := begin(w.out.buf, 'd')
	w.out.buf, w.out.complete = end(append(buf, p...), at), -1
	return len(p), w.out.flushFull()
}

// copyInReader reads the data of CopyData messages, up to CopyDone.
type copyInReader struct {
	conn *conn
	left int // of the current message
	err  error
}

func (r *copyInReader) Read(p []byte) (int, error) {
	for r.err == nil && r.left == 0 {
		r.err = r.next()
	}
	if r.err != nil || len(p) == 0 {
		return 0, r.err
	}
	n, err := r.conn.in.read(p[:min(len(p), r.left)])
	r.left -= n
	if err != nil && n == 0 {
		r.err = r.conn.lost(err)
		return 0, r.err
	}
	return n, nil
}

// next reads messages up to one with data (nil) or one that ends the copy.
func (r *copyInReader) next() error {
	kind, n, err := r.conn.in.header()
	if err != nil {
		return r.conn.lost(err)
	}
	switch kind {
	case 'd':
		r.left = n
		return nil
	case 'H', 'S': // of clients that send them before they know that the statement is a COPY
		return r.discarded(n, nil)
	case 'c':
		return r.discarded(n, io.EOF)
	case 'f':
		body, err := r.conn.in.body(n)
		if err != nil {
			return r.conn.lost(err)
		}
		m := message{b: body}
		return sqlstate.New(sqlstate.QueryCanceled, "COPY from stdin failed: %s", m.string())
	}
	return r.conn.lost(sqlstate.New(sqlstate.ProtocolViolation, "unexpected message type 0x%02X during COPY from stdin", kind))
}

func (r *copyInReader) discarded(n int, then error) error {
	if err := r.conn.in.discard(n); err != nil {
		return r.conn.lost(err)
	}
	return then
}

// lost ends the connection along with its statement: the next message cannot be found any more.
func (c *conn) lost(err error) error {
	c.cancel(err)
	return fatal{err}
}

// rowBuffer is the engine.Client of a portal with a row limit: DataRow messages gather in a chunk, which deliver hands
// over at the end of each batch.
type rowBuffer struct {
	rows    rowEncoder
	chunk   chunk
	deliver func() error
}

// chunk is messages on their way to a client: first those of prelude, then rows, row i ending at ends[i].
type chunk struct {
	prelude []byte
	rows    []byte
	ends    []int
	flush   bool // the client should see them soon
}

func (b *rowBuffer) Rows(batch *delta.Batch) error {
	for i := range batch.Len {
		var err error
		if b.chunk.rows, err = b.rows.appendRow(b.chunk.rows, batch, i); err != nil {
			return err
		}
		b.chunk.ends = append(b.chunk.ends, len(b.chunk.rows))
	}
	return b.deliver()
}

func (b *rowBuffer) Flush() error {
	b.chunk.flush = true
	return b.deliver()
}

func (b *rowBuffer) CopyIn(int) (io.Reader, error)  { return nil, errCopyInPortal }
func (b *rowBuffer) CopyOut(int) (io.Writer, error) { return nil, errCopyInPortal }

var errCopyInPortal = sqlstate.New(sqlstate.FeatureNotSupported, "COPY is not supported in a portal with a row limit")

func (b *rowBuffer) Notice(n *sqlstate.Error) {
	b.prelude(noticeResponse(n))
}

func (b *rowBuffer) Parameter(name, value string) {
	b.prelude(&pgproto3.ParameterStatus{Name: clean(name), Value: clean(value)})
}

func (b *rowBuffer) prelude(m pgproto3.BackendMessage) {
	if buf, err := m.Encode(b.chunk.prelude); err == nil {
		b.chunk.prelude = buf
	}
}
