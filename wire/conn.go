package wire

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// errClientGone interrupts the statement of a client that is not there any more.
var errClientGone = sqlstate.New(sqlstate.ConnectionException, "connection to client lost")

// errTerminated ends a connection at the client's wish.
var errTerminated = errors.New("client terminated")

// conn is one client's connection. Its goroutine owns everything but what is said to be shared.
type conn struct {
	server  *Server
	socket  net.Conn
	in      *input
	out     *output
	session session
	counted bool // among the server's sessions

	statements map[string]*statement
	portals    map[string]*portal
	rows       rowEncoder
	values     [][]byte // memory of bind
	skipping   bool     // after an error in the extended protocol, up to Sync (W2)

	// Shared with the server:
	ctx     context.Context // of all statements
	cancel  context.CancelCauseFunc
	running atomic.Bool // a statement is executed: nothing is read from the socket
	mu      sync.Mutex
	idle    bool // waits for a message, outside of startup
	endless bool // the running statement ends only when interrupted
	drained bool // to be ended at the next chance
}

func newConn(s *Server, socket net.Conn) *conn {
	c := &conn{
		server:     s,
		socket:     socket,
		in:         newInput(socket, s.cfg.MaxMessage),
		out:        newOutput(socket),
		statements: make(map[string]*statement),
		portals:    make(map[string]*portal),
	}
	c.ctx, c.cancel = context.WithCancelCause(context.Background())
	return c
}

// serve runs the connection from its first byte to its last.
func (c *conn) serve() {
	defer c.close()
	err := c.guard(func() error {
		c.socket.SetDeadline(time.Now().Add(c.server.cfg.StartupTimeout))
		if err := c.start(); err != nil {
			return err
		}
		if err := c.out.flush(); err != nil {
			return err
		}
		c.socket.SetDeadline(time.Time{})
		return c.messages()
	})
	c.farewell(err)
}

// guard turns a panic into an error (W1).
func (c *conn) guard(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			c.server.cfg.Logger.Error("panic in connection", "client", c.socket.RemoteAddr(), "panic", p, "stack", string(debug.Stack()))
			err = sqlstate.New(sqlstate.InternalError, "internal error")
		}
	}()
	return f()
}

// refuse ends a connection that is not served, because there are too many or because the server stops. A new socket has room
// for what is said, so nobody waits for the client.
func (c *conn) refuse(tooMany bool) {
	why := errShutdown
	if tooMany {
		why = errTooMany
	}
	c.socket.SetDeadline(time.Now().Add(time.Second))
	c.out.error(why, "FATAL")
	c.out.flush()
	c.socket.Close()
}

// farewell tells the client why its connection ends, as far as it can be told.
func (c *conn) farewell(err error) {
	logger := c.server.cfg.Logger.With("client", c.socket.RemoteAddr())
	var e *sqlstate.Error
	switch {
	case err == errTerminated || err == errStartupDone || err == io.EOF:
		return
	case errors.Is(err, os.ErrDeadlineExceeded) && c.session == nil:
		logger.Debug("startup took too long")
		return
	case errors.Is(err, os.ErrDeadlineExceeded):
		e = errShutdown
	case !errors.As(err, &e):
		logger.Debug("connection lost", "error", err)
		return
	}
	logger.Debug("connection ended", "error", e)
	c.socket.SetWriteDeadline(time.Now().Add(time.Second))
	c.out.error(e, "FATAL")
	c.out.flush()
}

func (c *conn) close() {
	c.cancel(errClientGone)
	err := c.guard(func() error {
		c.closePortals()
		c.in.release()
		if c.session != nil {
			c.session.Close()
		}
		return nil
	})
	if err != nil {
		c.server.cfg.Logger.Error("close session", "error", err)
	}
	if c.counted {
		c.server.sessions.Add(-1)
	}
	c.socket.Close()
}

// drain asks for the end of the connection: at once if it is idle, after its statement otherwise. Called by the server.
func (c *conn) drain() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drained = true
	if c.idle {
		c.socket.SetReadDeadline(time.Unix(1, 0))
	}
	if c.endless {
		c.cancel(errShutdown)
	}
}

// interrupt ends what drain left running. Called by the server.
func (c *conn) interrupt() {
	c.cancel(errShutdown)
	c.socket.SetDeadline(time.Now().Add(time.Second))
}

// setIdle begins or ends the wait for a message. It fails once the connection should end.
func (c *conn) setIdle(idle bool) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if idle && c.drained {
		return errShutdown
	}
	if !idle && c.drained { // drain came while the message did: it is served, and the next wait is not begun
		c.socket.SetReadDeadline(time.Time{})
	}
	c.idle = idle
	return nil
}

// run has a statement executed, in the sight of the watcher and of drain.
func (c *conn) run(endless bool, execute func() error) error {
	if endless {
		c.setEndless(true)
		defer c.setEndless(false)
	}
	c.running.Store(true)
	err := execute()
	c.running.Store(false)
	if cause := context.Cause(c.ctx); cause != nil && err != nil {
		return fatal{cause}
	}
	return err
}

func (c *conn) setEndless(endless bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.endless = endless
	if endless && c.drained {
		c.cancel(errShutdown)
	}
}

// fatal marks an error that ends the connection. Other errors of messages are sent to the client, and it goes on.
type fatal struct{ error }

func (f fatal) Unwrap() error { return f.error }

// messages serves messages until the connection ends; the error says why.
func (c *conn) messages() error {
	for {
		if err := c.setIdle(true); err != nil {
			return err
		}
		kind, n, err := c.in.header()
		if idleErr := c.setIdle(false); idleErr != nil {
			return idleErr
		}
		if err != nil {
			return err
		}
		if c.skipping && kind != 'S' && kind != 'X' || kind == 'd' || kind == 'c' || kind == 'f' {
			// Copy data outside of a copy is the rest of one that failed: the client had not heard of it yet.
			if err := c.in.discard(n); err != nil {
				return err
			}
			continue
		}
		body, err := c.in.body(n)
		var skipped refused
		if err == nil && (kind == 'Q' || kind == 'P') {
			if holdErr := c.in.hold(3 * int64(n)); holdErr != nil { // the text, and what is made of it
				err = refused{holdErr}
			}
		}
		switch {
		case err == nil:
			err = c.message(kind, message{b: body})
		case !errors.As(err, &skipped):
			return err
		}
		c.in.release()
		if err != nil {
			if err = c.failed(kind, err); err != nil {
				return err
			}
		}
		if err := c.out.flushFull(); err != nil {
			return err
		}
	}
}

// message serves one message. Its body is good until the connection reads again.
func (c *conn) message(kind byte, m message) error {
	switch kind {
	case 'Q':
		return c.query(&m)
	case 'P':
		return c.parse(&m)
	case 'B':
		return c.bind(&m)
	case 'D':
		return c.describe(&m)
	case 'E':
		return c.execute(&m)
	case 'C':
		return c.closeNamed(&m)
	case 'S':
		return c.sync()
	case 'H':
		return fatalOr(c.out.flush())
	case 'X':
		return fatal{errTerminated}
	case 'F':
		return sqlstate.New(sqlstate.FeatureNotSupported, "function call protocol message is not supported").
			WithHint("Call the function in a SELECT.")
	}
	return fatal{sqlstate.New(sqlstate.ProtocolViolation, "unexpected message type %s", describeKind(kind))}
}

func fatalOr(err error) error {
	if err != nil {
		return fatal{err}
	}
	return nil
}

// failed answers a message with an error. What it returns ends the connection.
func (c *conn) failed(kind byte, err error) error {
	var f fatal
	if errors.As(err, &f) {
		return f.error
	}
	if c.out.err != nil {
		return c.out.err
	}
	e := sqlstate.From(err)
	if e.Code == sqlstate.InternalError {
		c.server.cfg.Logger.Error("statement failed", "client", c.socket.RemoteAddr(), "error", err)
	}
	c.closePortals()
	c.session.Fail()
	c.out.error(e, "ERROR")
	switch kind {
	case 'Q', 'F', 'S':
		c.out.ready(c.session.Status())
		return c.out.flush()
	}
	c.skipping = true
	return c.out.flush() // at once: Flush is among what is skipped, and a client may wait for an answer before it sends Sync
}

// sync serves Sync: the end of a series of extended messages, where the implicit transaction commits.
func (c *conn) sync() error {
	c.skipping = false
	if c.session.Status() == 'I' {
		c.closePortals()
	}
	err := c.run(false, func() error { return c.session.Sync(c.ctx) })
	if err != nil {
		c.out.retractComplete()
		return err
	}
	c.out.ready(c.session.Status())
	return fatalOr(c.out.flush())
}

// checkText refuses strings of the protocol that are not UTF-8 (22021).
func checkText(s string) error {
	if utf8.ValidString(s) {
		return nil
	}
	_, err := types.Parse(types.Of(types.TextOID), s, nil)
	return err
}
