package wire

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"tarn/delta"
	"tarn/engine"
	"tarn/sql"
	"tarn/sql/copyformat"
	"tarn/sql/sqlstate"
	"tarn/sql/stmt"
	"tarn/sql/types"
)

// fakeDatabase is a database that understands just enough to show what the protocol does. Its statements:
//
//	select rows N          N rows (id int8, name text, half float8)
//	select echo            the parameters of an int4, a text, a timestamptz and a bytea
//	select wait            rows until interrupted
//	insert ...             INSERT 0 1; "returning N" gives N rows; "conflict" fails at commit with 40001
//	begin, commit, rollback
//	copy in, copy in bad   takes int4 and text columns of csv
//	copy out N             the rows of select rows N
//	subscribe              a row, flushed, then waits
//	notice, set, fail, panic
type fakeDatabase struct {
	mu       sync.Mutex
	sessions map[int32]*fakeSession
	last     int32
	refuse   error
	closed   atomic.Int32

	memory, taken atomic.Int64 // of Room; no memory: no limit
}

func (d *fakeDatabase) room(bytes int64) error {
	if most := d.memory.Load(); d.taken.Add(bytes) > most && most > 0 && bytes > 0 {
		d.taken.Add(-bytes)
		return sqlstate.New(sqlstate.OutOfMemory, "out of memory")
	}
	return nil
}

func newFakeDatabase() *fakeDatabase { return &fakeDatabase{sessions: make(map[int32]*fakeSession)} }

func (d *fakeDatabase) connect(user, database string, options map[string]string) (session, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.refuse != nil {
		return nil, d.refuse
	}
	d.last++
	s := &fakeSession{db: d, pid: d.last, secret: d.last * 7919, user: user, database: database, options: options}
	d.sessions[s.pid] = s
	return s, nil
}

func (d *fakeDatabase) Cancel(pid, secret int32) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if s := d.sessions[pid]; s != nil && s.secret == secret {
		if cancel := s.cancel.Load(); cancel != nil {
			(*cancel)(sqlstate.New(sqlstate.QueryCanceled, "canceling statement due to user request"))
		}
	}
}

type fakeSession struct {
	db             *fakeDatabase
	pid, secret    int32
	user, database string
	options        map[string]string
	status         byte
	conflict       bool // the implicit transaction will not commit
	commits        int
	cancel         atomic.Pointer[context.CancelCauseFunc]
}

func (s *fakeSession) ID() (pid, secret int32)              { return s.pid, s.secret }
func (s *fakeSession) Env() *types.Env                      { return new(types.Env) }
func (s *fakeSession) Cursor(string) ([]engine.Field, bool) { return nil, false }
func (s *fakeSession) Room(bytes int64) error               { return s.db.room(bytes) }
func (s *fakeSession) Close()                               { s.db.closed.Add(1) }

func (s *fakeSession) Parameters() [][2]string {
	return [][2]string{{"server_version", "15.18"}, {"client_encoding", "UTF8"}, {"standard_conforming_strings", "on"},
		{"application_name", s.options["application_name"]}}
}

func (s *fakeSession) Status() byte {
	if s.status == 0 {
		return 'I'
	}
	return s.status
}

func (s *fakeSession) Fail() {
	s.conflict = false
	if s.Status() == 'T' {
		s.status = 'E'
	}
}

func (s *fakeSession) Sync(context.Context) error {
	if s.Status() != 'I' {
		return nil
	}
	if s.conflict {
		s.conflict = false
		return sqlstate.New(sqlstate.SerializationFailure, "could not serialize access")
	}
	s.commits++
	return nil
}

func (s *fakeSession) Parse(text string) ([]sql.Statement, error) {
	var out []sql.Statement
	for part := range strings.SplitSeq(text, ";") {
		part = strings.TrimSpace(part)
		var node stmt.Statement
		switch word, _, _ := strings.Cut(part, " "); word {
		case "":
			continue
		case "select":
			node = &stmt.Select{}
		case "insert":
			node = &stmt.Insert{}
		case "begin":
			node = &stmt.Begin{}
		case "commit":
			node = &stmt.Commit{}
		case "rollback":
			node = &stmt.Rollback{}
		case "copy":
			node = &stmt.Copy{}
		case "subscribe":
			node = &stmt.Subscribe{}
		case "deallocate":
			_, name, _ := strings.Cut(part, " ")
			node = &stmt.Deallocate{Name: strings.TrimPrefix(name, "all")}
		case "notice", "fail", "panic", "set":
			node = &stmt.Do{}
		default:
			return nil, sqlstate.New(sqlstate.SyntaxError, "syntax error at or near \"%s\"", word).At(strings.Index(text, word) + 1)
		}
		out = append(out, sql.Statement{Node: node, Source: text, Text: part, Bytes: int64(len(text))})
	}
	return out, nil
}

var (
	rowFields = []engine.Field{
		{Name: "id", Type: types.Of(types.Int8OID), Relation: 16384, Column: 1},
		{Name: "name", Type: types.Of(types.TextOID), Relation: 16384, Column: 2},
		{Name: "half", Type: types.Of(types.Float8OID)},
	}
	echoTypes = []types.Type{types.Of(types.Int4OID), types.Of(types.TextOID), types.Of(types.Float8OID), types.Of(types.ByteaOID)}
)

func (s *fakeSession) Prepare(_ context.Context, st sql.Statement, _ []types.OID) (*engine.Prepared, error) {
	p := &engine.Prepared{Statement: st}
	switch {
	case strings.HasPrefix(st.Text, "select echo"):
		p.Params = echoTypes
		for i, t := range echoTypes {
			p.Fields = append(p.Fields, engine.Field{Name: fmt.Sprintf("p%d", i+1), Type: t})
		}
	case strings.HasPrefix(st.Text, "select missing"):
		return nil, sqlstate.New(sqlstate.UndefinedColumn, "column \"missing\" does not exist").At(8).WithHint("Perhaps there is another.")
	case strings.HasPrefix(st.Text, "select"), strings.Contains(st.Text, "returning"), strings.HasPrefix(st.Text, "subscribe"):
		p.Fields = rowFields
	}
	return p, nil
}

func lastNumber(text string) int {
	n, _ := strconv.Atoi(text[strings.LastIndexByte(text, ' ')+1:])
	return n
}

// rowBatch has rows from to to-1; the name of every third is NULL.
func rowBatch(from, to int) *delta.Batch {
	b := delta.NewBatch([]types.Type{rowFields[0].Type, rowFields[1].Type, rowFields[2].Type}, to-from)
	for i := from; i < to; i++ {
		b.Cols[0].AppendInt(int64(i))
		if i%3 == 2 {
			b.Cols[1].AppendNull()
		} else {
			b.Cols[1].AppendString("name " + strconv.Itoa(i))
		}
		b.Cols[2].AppendFloat(float64(i) / 2)
		b.AppendCount(1)
	}
	return b
}

func (s *fakeSession) Execute(ctx context.Context, p *engine.Prepared, params []types.Datum, c engine.Client) (tag string, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	s.cancel.Store(&cancel)
	defer cancel(nil)
	text := p.Statement.Text
	if s.Status() == 'E' && text != "rollback" {
		return "", sqlstate.New(sqlstate.InFailedSQLTransaction, "current transaction is aborted, commands ignored until end of transaction block")
	}
	defer func() {
		if err != nil && context.Cause(ctx) != engine.ErrStopped {
			s.Fail()
		}
	}()
	switch word, _, _ := strings.Cut(text, " "); {
	case strings.HasPrefix(text, "select rows"):
		return s.rows(c, lastNumber(text), "SELECT")
	case strings.HasPrefix(text, "select echo"):
		b := delta.NewBatch(echoTypes, 1)
		for i := range params {
			b.Cols[i].AppendDatum(params[i])
		}
		b.AppendCount(1)
		return "SELECT 1", c.Rows(b)
	case text == "select wait":
		for i := 0; ; i++ {
			if err := c.Rows(rowBatch(i, i+1)); err != nil {
				return "", err
			}
			if i == 10 {
				<-ctx.Done()
				return "", context.Cause(ctx)
			}
		}
	case text == "subscribe":
		if err := c.Rows(rowBatch(0, 1)); err != nil {
			return "", err
		}
		if err := c.Flush(); err != nil {
			return "", err
		}
		<-ctx.Done()
		return "", context.Cause(ctx)
	case word == "insert":
		s.conflict = strings.Contains(text, "conflict")
		if strings.Contains(text, "returning") {
			return s.rows(c, lastNumber(text), "INSERT 0")
		}
		return "INSERT 0 1", nil
	case word == "begin":
		s.status = 'T'
		return "BEGIN", nil
	case word == "commit", word == "rollback":
		s.status = 'I'
		return strings.ToUpper(word), nil
	case word == "deallocate":
		if text == "deallocate all" {
			return "DEALLOCATE ALL", nil
		}
		return "", sqlstate.New(sqlstate.InvalidSQLStatementName, "prepared statement does not exist")
	case word == "notice":
		c.Notice(sqlstate.New(sqlstate.SuccessfulCompletion, "relation exists, skipping"))
		c.Notice(sqlstate.New(sqlstate.Warning, "there is no transaction in progress"))
		return "NOTICE", nil
	case word == "set":
		c.Parameter("application_name", "other")
		return "SET", nil
	case word == "fail":
		return "", &sqlstate.Error{Code: sqlstate.UniqueViolation, Message: "duplicate key", Detail: "Key (a)=(1) already exists.",
			Hint: "h", Position: 3, Where: "w", Schema: "public", Table: "t", Column: "a", Constraint: "t_pkey"}
	case word == "panic":
		panic("as asked")
	case text == "copy in" || text == "copy in bad":
		return s.copyIn(c, text == "copy in bad")
	case strings.HasPrefix(text, "copy out"):
		return s.copyOut(c, lastNumber(text))
	}
	return "", sqlstate.New(sqlstate.FeatureNotSupported, "%s", text)
}

func (s *fakeSession) ExecuteLast(ctx context.Context, p *engine.Prepared, params []types.Datum, c engine.Client) (string, error) {
	tag, err := s.Execute(ctx, p, params, c)
	if err == nil {
		err = s.Sync(ctx)
	}
	return tag, err
}

func (s *fakeSession) Detach(p *engine.Prepared, params []types.Datum) func(context.Context, engine.Client) (string, error) {
	return func(ctx context.Context, c engine.Client) (string, error) { return s.Execute(ctx, p, params, c) }
}

func (s *fakeSession) rows(c engine.Client, n int, tag string) (string, error) {
	for from := 0; from < n; from += 100 {
		if err := c.Rows(rowBatch(from, min(n, from+100))); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("%s %d", tag, n), nil
}

func (s *fakeSession) copyIn(c engine.Client, bad bool) (string, error) {
	src, err := c.CopyIn(2)
	if err != nil {
		return "", err
	}
	if bad {
		return "", sqlstate.New(sqlstate.BadCopyFileFormat, "bad from the start")
	}
	o := copyformat.DefaultOptions(copyformat.CSV)
	o.Relation = "t"
	r, err := copyformat.NewReader(src, o, []copyformat.Column{{Name: "a", Type: types.Of(types.Int4OID)}, {Name: "b", Type: types.Of(types.TextOID)}}, nil)
	if err != nil {
		return "", err
	}
	for n := 0; ; {
		b, err := r.Next(1000)
		if err == io.EOF {
			return fmt.Sprintf("COPY %d", n), nil
		}
		if err != nil {
			return "", err
		}
		n += b.Len
	}
}

func (s *fakeSession) copyOut(c engine.Client, n int) (string, error) {
	dst, err := c.CopyOut(3)
	if err != nil {
		return "", err
	}
	var columns []copyformat.Column
	for _, f := range rowFields {
		columns = append(columns, copyformat.Column{Name: f.Name, Type: f.Type})
	}
	w, err := copyformat.NewWriter(dst, copyformat.DefaultOptions(copyformat.Text), columns, nil)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("COPY %d", n), w.Write(rowBatch(0, n))
}
