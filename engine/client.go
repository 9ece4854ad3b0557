package engine

import (
	"errors"
	"io"

	"tarn/catalog"
	"tarn/delta"
	"tarn/sql"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// ErrStopped is the cause of a context that ends a statement because nobody wants the rest of it: a suspended portal was
// closed. The statement ends, and its transaction does not fail.
var ErrStopped = errors.New("the client has seen enough")

// Client is where a statement's results go: the wire connection, or a test. Its methods are called by the goroutine that
// called Session.Execute, and an error from any of them ends the statement with that error.
type Client interface {
	// Rows takes rows of the result, in order; every count is 1. The batch must not be kept.
	Rows(b *delta.Batch) error
	// Flush sends what has been taken so far: between the changes of a SUBSCRIBE, which may be long in coming.
	Flush() error
	// CopyIn asks the client for the data of COPY FROM STDIN. The reader ends with io.EOF at CopyDone, and with an error at
	// CopyFail or when the connection is lost.
	CopyIn(columns int) (io.Reader, error)
	// CopyOut starts COPY TO STDOUT; each Write is one or more whole lines.
	CopyOut(columns int) (io.Writer, error)
	// Notice sends a NOTICE, or a WARNING if its code is one.
	Notice(n *sqlstate.Error)
	// Parameter tells the client that a setting it follows has changed (ParameterStatus).
	Parameter(name, value string)
}

// Prepared is one statement that has been parsed, bound and planned for a session. It is good until the catalogue changes,
// and is planned again then; its parameters and fields must stay the same (0A000 "cached plan must not change result type").
type Prepared struct {
	Statement sql.Statement
	Params    []types.Type
	Fields    []Field           // nil: the statement returns no rows
	planned   any               // what the kind of statement needs to run; see the file of that kind
	catalog   *catalog.Snapshot // it was planned against
	path      string            // search path it was planned with
	bytes     int64             // see Bytes; 0: not asked for yet
}

// Field describes one column of a result, as RowDescription has it.
type Field struct {
	Name     string
	Type     types.Type
	Relation uint32 // oid of the relation the column comes from, 0 for an expression
	Column   int16  // its number there, from 1
}

// selective is a client that client_min_messages keeps some notices from.
type selective struct {
	Client
	warnings bool // it is told of warnings
}

func (c selective) Notice(n *sqlstate.Error) {
	if c.warnings && n.Code.IsWarning() {
		c.Client.Notice(n)
	}
}

// told is the client of a statement with what client_min_messages keeps from it.
func (s *Session) told(c Client) Client {
	switch s.settings["client_min_messages"] {
	case "warning":
		return selective{c, true}
	case "error":
		return selective{c, false}
	}
	return c
}

// discard is the client of statements whose results nobody wants.
type discard struct{}

func (discard) Rows(*delta.Batch) error        { return nil }
func (discard) Flush() error                   { return nil }
func (discard) CopyIn(int) (io.Reader, error)  { return nil, io.EOF }
func (discard) CopyOut(int) (io.Writer, error) { return io.Discard, nil }
func (discard) Notice(*sqlstate.Error)         {}
func (discard) Parameter(string, string)       {}
