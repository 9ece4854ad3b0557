package wire

import (
	"fmt"
	"unsafe"

	"github.com/jackc/pgproto3/v2"

	"tarn/engine"
	"tarn/sql"
	"tarn/sql/sqlstate"
	"tarn/sql/stmt"
	"tarn/sql/types"
)

// statement is a prepared statement. prepared is nil for the empty one.
type statement struct {
	name     string
	prepared *engine.Prepared
	bytes    int64 // what it counts for of the memory of all statements
}

// emptyBytes is what an empty statement counts for.
const emptyBytes = 256

// params and fields are those of the empty statement too.
func (s *statement) params() []types.Type {
	if s.prepared == nil {
		return nil
	}
	return s.prepared.Params
}

func (s *statement) fields() []engine.Field {
	if s.prepared == nil {
		return nil
	}
	return s.prepared.Fields
}

// parse serves Parse: a name, the text of one statement, and the types of its first parameters (0: to be inferred).
func (c *conn) parse(m *message) error {
	name, text := m.string(), m.string()
	oids := make([]types.OID, m.count(4))
	for i := range oids {
		oids[i] = types.OID(m.int32())
	}
	if err := m.end(); err != nil {
		return err
	}
	if name == "" {
		c.forget("")
	} else if c.statements[name] != nil {
		return sqlstate.New(sqlstate.DuplicatePreparedStatement, "prepared statement \"%s\" already exists", name)
	}
	if err := checkText(text); err != nil {
		return err
	}
	statements, err := c.session.Parse(text)
	if err != nil {
		return err
	}
	s := &statement{name: name, bytes: emptyBytes}
	switch len(statements) {
	case 0:
	case 1:
		err = c.run(false, func() error {
			s.prepared, err = c.session.Prepare(c.ctx, statements[0], oids)
			return err
		})
		if err != nil {
			return err
		}
		s.bytes = s.prepared.Bytes()
	default:
		return sqlstate.New(sqlstate.SyntaxError, "cannot insert multiple commands into a prepared statement")
	}
	if err := c.session.Room(s.bytes); err != nil {
		return err
	}
	c.statements[name] = s
	c.out.empty('1')
	return nil
}

// forget drops a prepared statement, if there is one.
func (c *conn) forget(name string) {
	if s := c.statements[name]; s != nil {
		_ = c.session.Room(-s.bytes) // giving back does not fail
		delete(c.statements, name)
	}
}

func (c *conn) forgetAll() {
	for name := range c.statements {
		c.forget(name)
	}
}

func (c *conn) statement(name string) (*statement, error) {
	if s := c.statements[name]; s != nil {
		return s, nil
	}
	if name == "" {
		return nil, sqlstate.New(sqlstate.InvalidSQLStatementName, "unnamed prepared statement does not exist")
	}
	return nil, sqlstate.New(sqlstate.InvalidSQLStatementName, "prepared statement \"%s\" does not exist", name)
}

func (c *conn) portal(name string) (*portal, error) {
	if p := c.portals[name]; p != nil {
		return p, nil
	}
	return nil, sqlstate.New(sqlstate.InvalidCursorName, "portal \"%s\" does not exist", name)
}

// keptValues is for how many parameters a connection keeps memory.
const keptValues = 64

// bind serves Bind: a portal's name, a statement's, the formats of parameters, their values, the formats of the result.
func (c *conn) bind(m *message) error {
	size := len(m.b)
	portalName, name := m.string(), m.string()
	paramFormats := formats(m)
	values := c.values[:0] // in the message
	for range m.count(4) {
		var v []byte
		if n := m.int32(); n >= 0 {
			v = m.bytes(int(n))
		} else if n != -1 {
			m.bad = true
		}
		values = append(values, v)
	}
	if c.values = values; len(values) > keptValues {
		c.values = nil
	}
	defer clear(values)
	resultFormats := formats(m)
	if err := m.end(); err != nil {
		return err
	}
	s, err := c.statement(name)
	if err != nil {
		return err
	}
	if err := checkFormats(s, paramFormats, len(values), resultFormats); err != nil {
		return err
	}
	if portalName == "" {
		c.closePortal("")
	} else if c.portals[portalName] != nil {
		return sqlstate.New(sqlstate.DuplicateCursor, "cursor \"%s\" already exists", portalName)
	}
	p := &portal{conn: c, name: portalName, statement: s, formats: resultFormats, params: make([]types.Datum, len(values))}
	env := c.session.Env()
	for i, v := range values {
		if err = parseParam(&p.params[i], s.params()[i], v, formatOf(paramFormats, i), env); err != nil {
			return inParameter(err, portalName, i+1, formatOf(paramFormats, i))
		}
	}
	if err := p.hold(portalBytes + int64(size) + int64(len(values))*int64(unsafe.Sizeof(types.Datum{}))); err != nil {
		return err
	}
	c.portals[portalName] = p
	c.out.empty('2')
	return nil
}

func formats(m *message) []int16 {
	n := m.count(2)
	if n == 0 {
		return nil
	}
	codes := make([]int16, n)
	for i := range codes {
		codes[i] = int16(m.int16())
	}
	return codes
}

func checkFormats(s *statement, params []int16, values int, results []int16) error {
	if len(params) > 1 && len(params) != values {
		return sqlstate.New(sqlstate.ProtocolViolation,
			"bind message has %d parameter formats but %d parameters", len(params), values)
	}
	if want := len(s.params()); values != want {
		return sqlstate.New(sqlstate.ProtocolViolation,
			"bind message supplies %d parameters, but prepared statement \"%s\" requires %d", values, s.name, want)
	}
	if fields := len(s.fields()); len(results) > 1 && len(results) != fields {
		return sqlstate.New(sqlstate.ProtocolViolation,
			"bind message has %d result formats but query has %d columns", len(results), fields)
	}
	for _, list := range [][]int16{params, results} {
		for _, f := range list {
			if f != textFormat && f != binaryFormat {
				return sqlstate.New(sqlstate.InvalidParameterValue, "unsupported format code: %d", f)
			}
		}
	}
	return nil
}

// parseParam reads the value of a parameter; nil is NULL. v is not kept.
func parseParam(d *types.Datum, t types.Type, v []byte, format int16, env *types.Env) (err error) {
	switch {
	case v == nil:
		*d = types.Null
	case format == binaryFormat:
		*d, err = types.ParseBinary(t, v)
	default:
		err = types.ParseBytes(t, v, env, d)
	}
	return err
}

// inParameter says in which parameter of a Bind an error is, as PostgreSQL does where it does not tell values.
func inParameter(err error, portal string, n int, format int16) error {
	e := *sqlstate.From(err)
	where := "unnamed portal"
	if portal != "" {
		where = fmt.Sprintf("portal \"%s\"", portal)
	}
	where += fmt.Sprintf(" parameter $%d", n)
	if format == textFormat {
		where += " = '...'"
	}
	if e.Where != "" {
		where = e.Where + "\n" + where
	}
	e.Where = where
	return &e
}

// describe serves Describe of a statement (S) or portal (P).
func (c *conn) describe(m *message) error {
	kind, name := m.byte(), m.string()
	if err := m.end(); err != nil {
		return err
	}
	switch kind {
	case 'S':
		s, err := c.statement(name)
		if err != nil {
			return err
		}
		d := &pgproto3.ParameterDescription{}
		for _, t := range s.params() {
			d.ParameterOIDs = append(d.ParameterOIDs, uint32(t.OID))
		}
		c.out.send(d)
		c.out.rowDescription(s.fields(), nil)
		return nil
	case 'P':
		p, err := c.portal(name)
		if err == nil {
			c.out.rowDescription(p.statement.fields(), p.formats)
		} else if fields, ok := c.session.Cursor(name); ok {
			c.out.rowDescription(fields, nil)
			err = nil
		}
		return err
	}
	return sqlstate.New(sqlstate.ProtocolViolation, "invalid DESCRIBE message subtype %d", kind)
}

// closeNamed serves Close of a statement (S) or portal (P); closing what does not exist is no error.
func (c *conn) closeNamed(m *message) error {
	kind, name := m.byte(), m.string()
	if err := m.end(); err != nil {
		return err
	}
	switch kind {
	case 'S':
		c.forget(name)
	case 'P':
		c.closePortal(name)
	default:
		return sqlstate.New(sqlstate.ProtocolViolation, "invalid CLOSE message subtype %d", kind)
	}
	c.out.empty('3')
	return nil
}

// execute serves Execute: a portal's name and how many rows to send at most (0: all).
func (c *conn) execute(m *message) error {
	name, limit := m.string(), int(m.int32())
	if err := m.end(); err != nil {
		return err
	}
	p, err := c.portal(name)
	if err != nil {
		return err
	}
	if p.statement.prepared == nil {
		c.out.empty('I')
		return nil
	}
	st := p.statement.prepared.Statement
	if !p.started {
		c.beforeExecute(st, limit <= 0 && c.in.syncWaits())
	}
	return c.run(isEndless(st), func() error { return p.execute(limit) })
}

// deallocate drops statements that were prepared by Parse: clients do that in SQL too. It reports what it has done alone;
// everything else is up to the session, whose own prepared statements are those of PREPARE.
func (c *conn) deallocate(node stmt.Statement) (tag string, ok bool) {
	switch n := node.(type) {
	case *stmt.Deallocate:
		if n.Name == "" {
			c.forgetAll()
		} else if c.statements[n.Name] != nil && c.session.Status() != 'E' {
			c.forget(n.Name)
			return "DEALLOCATE", true
		}
	case *stmt.Discard:
		if n.What == "ALL" {
			c.forgetAll()
		}
	}
	return "", false
}

// isEndless tells whether a statement runs until it is interrupted.
func isEndless(st sql.Statement) bool {
	switch n := st.Node.(type) {
	case *stmt.Subscribe:
		return true
	case *stmt.Copy:
		_, subscribe := n.Statement.(*stmt.Subscribe)
		return subscribe
	}
	return false
}
