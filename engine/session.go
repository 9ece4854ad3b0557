package engine

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"tarn/catalog"
	"tarn/catalog/pgcatalog"
	"tarn/planner"
	"tarn/sql"
	"tarn/sql/functions"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
	"tarn/storage/slab"
)

// Session is one client's conversation: settings, prepared statements, a transaction. It is used by one goroutine, but for
// what Detach gives, which works with a Session of its own that holds what it needs.
type Session struct {
	engine         *Engine
	pid, secret    int32
	user, database string
	settings       settingsOf
	env            types.Env
	tx             *transaction // nil: none is open
	named          map[string]*Prepared
	path           atomic.Pointer[searchPath]
	account        *slab.Account // of what its client has sent, and of prepared statements
	outside        *Session      // of what a detached statement works with: the session it is of

	mu      sync.Mutex // guards what other goroutines look at
	running map[*execution]struct{}
	spare   *execution // one that has ended, to be used again
	ended   error      // set once the session must not go on
	idle    string     // what the session is called between statements; see noteStatus
	view    pgcatalog.Session
	made    []settingMade // by detached statements
}

// execution is one statement under way, as Cancel sees it. The next one can have its context, unless that has ended.
type execution struct {
	session *Session
	parent  context.Context
	ctx     context.Context
	cancel  context.CancelCauseFunc
	timer   *time.Timer // of its statement_timeout; nil for none
}

// Connect opens a session. Any user and database is taken. options are those of the startup message: settings.
func (e *Engine) Connect(user, database string, options map[string]string) (*Session, error) {
	if database == "" {
		database = user
	}
	s := &Session{
		engine: e, user: user, database: database,
		account: e.work.Account(), settings: settingsOf{}, named: map[string]*Prepared{}, running: map[*execution]struct{}{}, idle: "idle",
	}
	s.settings["session_authorization"] = user
	for name, value := range options {
		if _, err := s.settings.set(name, value); err != nil {
			return nil, err
		}
	}
	if err := s.loadEnv(); err != nil {
		return nil, err
	}
	var secret [4]byte
	if _, err := rand.Read(secret[:]); err != nil {
		return nil, err
	}
	s.secret = int32(binary.BigEndian.Uint32(secret[:]))
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil, sqlstate.New(sqlstate.CannotConnectNow, "the database system is shutting down")
	}
	e.lastPID++
	s.pid = e.lastPID
	app, _ := s.settings.get("application_name")
	if app == "psql" {
		s.settings["subscribe_output"] = "copy"
	}
	s.view = pgcatalog.Session{PID: s.pid, User: user, Database: database, Application: app, State: "idle", Started: microseconds(e.cfg.Now())}
	e.sessions[s.pid] = s
	return s, nil
}

// Close ends the session: what its open transaction has done never was.
func (s *Session) Close() {
	s.finish()
	s.account.Close()
	s.mu.Lock()
	if s.spare != nil {
		s.spare.cancel(nil)
		s.spare = nil
	}
	s.mu.Unlock()
	s.engine.mu.Lock()
	delete(s.engine.sessions, s.pid)
	s.engine.mu.Unlock()
}

// ID is what a client must know to cancel the session's statements.
func (s *Session) ID() (pid, secret int32) { return s.pid, s.secret }

// Env is what text forms depend on.
func (s *Session) Env() *types.Env { return &s.env }

// Parameters are the settings a client is told of when it connects.
func (s *Session) Parameters() [][2]string {
	var out [][2]string
	for _, name := range reportedSettings() {
		v, _ := s.settings.get(name)
		out = append(out, [2]string{name, v})
	}
	return out
}

// Status is 'I' outside a transaction block, 'T' in one, 'E' in one that has failed.
func (s *Session) Status() byte {
	switch {
	case s.tx == nil || !s.tx.block:
		return 'I'
	case s.tx.failed:
		return 'E'
	default:
		return 'T'
	}
}

// noteStatus tells others what the session is between statements. Called where the transaction changes.
func (s *Session) noteStatus() {
	state := map[byte]string{'I': "idle", 'T': "idle in transaction", 'E': "idle in transaction (aborted)"}[s.Status()]
	s.mu.Lock()
	defer s.mu.Unlock()
	s.idle = state
	if len(s.running) == 0 {
		s.view.State = state
	}
}

// Cancel cancels the statements a session is executing. A wrong secret does nothing.
func (e *Engine) Cancel(pid, secret int32) {
	e.mu.Lock()
	s := e.sessions[pid]
	e.mu.Unlock()
	if s == nil || s.secret != secret {
		return
	}
	s.cancel(sqlstate.New(sqlstate.QueryCanceled, "canceling statement due to user request"))
}

func (s *Session) cancel(why error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for x := range s.running {
		x.cancel(why)
	}
}

// interrupt ends what the session is doing and lets it begin nothing new.
func (s *Session) interrupt(why error) {
	s.mu.Lock()
	s.ended = why
	s.mu.Unlock()
	s.cancel(why)
}

// begin registers a statement that starts, with its statement_timeout, "" for none; it is to be ended with end. Its context ends
// with the reason why as its cause, but not with the statement: nobody may hold it longer.
func (s *Session) begin(ctx context.Context, text, timeout string) (*execution, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended != nil {
		return nil, s.ended
	}
	x := s.spare
	if s.spare = nil; x == nil || x.parent != ctx {
		if x != nil {
			x.cancel(nil)
		}
		x = &execution{session: s, parent: ctx}
		x.ctx, x.cancel = context.WithCancelCause(ctx)
	}
	s.running[x] = struct{}{}
	s.engine.running.Add(1) // never after Close has begun to wait: by then every session has ended
	s.view.Query, s.view.State, s.view.QueryStarted = text, "active", microseconds(s.engine.cfg.Now())
	if timeout != "" {
		if d, err := parseDuration(timeout); err == nil && d > 0 {
			x.timer = time.AfterFunc(d, func() {
				x.cancel(sqlstate.New(sqlstate.QueryCanceled, "canceling statement due to statement timeout"))
			})
		}
	}
	return x, nil
}

// end ends what begin began.
func (x *execution) end() {
	s := x.session
	defer s.engine.running.Done()
	used := x.timer != nil && !x.timer.Stop() // it may be about to cancel
	x.timer = nil
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.running, x)
	if len(s.running) == 0 {
		s.view.State = s.idle
	}
	if used || s.spare != nil || s.ended != nil || x.ctx.Err() != nil {
		x.cancel(nil)
	} else {
		s.spare = x
	}
}

// Room takes bytes of the memory that all statements share for what a client has sent (53200 if they are not there), and gives
// them back with a number below zero.
func (s *Session) Room(bytes int64) error { return s.account.Take(bytes) }

// Parse parses a string of statements.
func (s *Session) Parse(text string) ([]sql.Statement, error) { return sql.Parse(text) }

// loadEnv derives from the settings what text forms depend on.
func (s *Session) loadEnv() error {
	v, _ := s.settings.get("TimeZone")
	loc, err := loadZone(v)
	if err != nil {
		return invalidSetting("TimeZone", v)
	}
	s.env.Location = loc
	s.env.Objects = s
	return nil
}

// ObjectName and ObjectOID implement types.Objects against the catalogue of the open transaction or else the newest.
func (s *Session) ObjectName(t types.OID, oid int64) (string, bool) {
	return pgcatalog.ObjectName(s.objects(), t, oid)
}

// ObjectOID: see ObjectName.
func (s *Session) ObjectOID(t types.OID, name string) (int64, error) {
	return pgcatalog.ObjectOID(s.objects(), t, name)
}

func (s *Session) objects() *pgcatalog.Source {
	if s.tx != nil {
		return s.tx.objects(s)
	}
	return s.engine.catalogSource(s, s.engine.published.Load())
}

// objects is the catalogue as a transaction sees it, which counts as read.
func (tx *transaction) objects(s *Session) *pgcatalog.Source {
	tx.noteCatalog()
	return s.engine.catalogSource(s, tx.state)
}

// searchPath is a session's search path as it was worked out last.
type searchPath struct {
	catalog *catalog.Snapshot
	setting string
	schemas []string
}

// schemas is the search path, as far as its schemas exist. The caller does not change it.
func (s *Session) schemas(c *catalog.Snapshot) []string {
	v, _ := s.settings.get("search_path")
	if last := s.path.Load(); last != nil && last.catalog == c && last.setting == v {
		return last.schemas
	}
	schemas := s.existing(c, v)
	s.path.Store(&searchPath{c, v, schemas})
	return schemas
}

// existing are the schemas of a search path that exist.
func (s *Session) existing(c *catalog.Snapshot, v string) []string {
	var out []string
	for _, name := range strings.Split(v, ",") {
		name = strings.TrimSpace(name)
		if strings.HasPrefix(name, `"`) {
			name = strings.Trim(name, `"`)
		} else {
			name = strings.ToLower(name)
		}
		if name == "$user" {
			name = s.user
		}
		if _, ok := c.Schema(name); ok {
			out = append(out, name)
		}
	}
	return out
}

// context is what the expressions of a statement may depend on.
func (s *Session) context(state *State, tx *transaction, params []types.Datum) *functions.Context {
	c := &functions.Context{
		Env: s.env, Params: params, User: s.user, Database: s.database,
		Schemas: s.schemas(state.Catalog), PID: s.pid, Setting: s.settings.get, Epoch: state.Epoch,
		Largest: s.engine.largestValue(),
	}
	c.Env.Now = tx.now
	answers := pgcatalog.Functions(func() *pgcatalog.Source { return tx.objects(s) })
	c.Env.Objects, c.Catalog = answers, answers
	return c
}

// planEnv is what the planner wants to know of the session.
func (s *Session) planEnv(ctx context.Context, state *State, tx *transaction, params []types.OID) *planner.Env {
	env := &planner.Env{SearchPath: s.schemas(state.Catalog), Context: s.context(state, tx, nil)}
	env.Context.Done = ctx.Done()
	for _, oid := range params {
		env.Params = append(env.Params, types.Of(oid))
	}
	return env
}

// viewEnv is the environment of views: that of no session.
func viewEnv() *planner.Env { return &planner.Env{SearchPath: []string{"pg_catalog", "public"}} }

// catalogSource is what the relations of pg_catalog are computed from.
func (e *Engine) catalogSource(s *Session, state *State) *pgcatalog.Source {
	src := &pgcatalog.Source{
		Snapshot: state.Catalog,
		Started:  microseconds(e.started),
		RowCount: func(id uint32) float64 {
			if c, ok := state.of(id); ok && c.rows != nil {
				return float64(c.rows.Rows())
			}
			return -1
		},
	}
	src.Bytes = func(id uint32) int64 {
		if id == 0 {
			n, err := e.store.DiskBytes()
			if err != nil {
				return 0
			}
			return int64(n) + e.log.Stats().Bytes
		}
		n, err := e.store.DiskUsage(id)
		if err != nil {
			return 0
		}
		return int64(n)
	}
	if s == nil {
		return src
	}
	src.User, src.Database, src.Schemas = s.user, s.database, s.schemas(state.Catalog)
	src.Sessions = e.sessionViews
	src.Settings = func() []pgcatalog.Setting {
		out := make([]pgcatalog.Setting, 0, len(settings))
		for i := range settings {
			v, _ := s.settings.get(settings[i].name)
			out = append(out, pgcatalog.Setting{Name: settings[i].name, Value: v, Default: settings[i].value, Comment: settings[i].comment})
		}
		return out
	}
	return src
}

// sessionViews are the sessions as pg_stat_activity shows them.
func (e *Engine) sessionViews() []pgcatalog.Session {
	e.mu.Lock()
	defer e.mu.Unlock()
	out := make([]pgcatalog.Session, 0, len(e.sessions))
	for _, s := range e.sessions {
		s.mu.Lock()
		out = append(out, s.view)
		s.mu.Unlock()
	}
	return out
}
