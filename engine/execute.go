package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"tarn/planner/plan"
	"tarn/sql"
	"tarn/sql/sqlstate"
	"tarn/sql/stmt"
	"tarn/sql/types"
)

// Prepare binds and plans one statement for this session. params are the parameter types the client declares; 0 leaves one
// to the context. Cancel and statement_timeout end it, as they do Execute.
func (s *Session) Prepare(ctx context.Context, st sql.Statement, params []types.OID) (*Prepared, error) {
	if s.tx != nil && s.tx.failed && !endsBlock(st.Node) {
		return nil, errAborted
	}
	s.takeUp()
	running, err := s.begin(ctx, st.Text, s.settings["statement_timeout"])
	if err != nil {
		return nil, err
	}
	defer running.end()
	ctx = running.ctx
	p := &Prepared{Statement: st}
	state, tx := s.look()
	if s.tx == nil {
		defer state.release()
	}
	if err := s.plan(ctx, p, tx, params); err != nil {
		return nil, s.explainEnd(ctx, err)
	}
	return p, nil
}

// plan fills a Prepared from its statement, as of the catalogue a transaction sees.
func (s *Session) plan(ctx context.Context, p *Prepared, tx *transaction, params []types.OID) error {
	k, ok := kindOf(p.Statement.Node)
	if !ok {
		return unsupportedStatement(p.Statement.Node)
	}
	p.catalog = tx.state.Catalog
	p.path, _ = s.settings.get("search_path")
	if k.plan == nil {
		return nil
	}
	return k.plan(&planning{ctx: ctx, session: s, state: tx.state, tx: tx, declared: params}, p)
}

// look is the state a statement is planned against: the transaction's, or the newest with a reference of the caller's.
func (s *Session) look() (*State, *transaction) {
	if s.tx != nil {
		return s.tx.state, s.tx
	}
	state := s.engine.acquire()
	return state, &transaction{engine: s.engine, state: state, base: state, now: s.engine.cfg.Now(), alone: true}
}

// planning is what a kind of statement needs to plan itself.
type planning struct {
	ctx      context.Context
	session  *Session
	state    *State
	tx       *transaction
	declared []types.OID
}

// Execute runs a prepared statement: its rows go to c, its command tag is returned. It joins the open transaction, or an
// implicit one that Sync commits.
func (s *Session) Execute(ctx context.Context, p *Prepared, params []types.Datum, c Client) (string, error) {
	return s.run(ctx, p, params, c, false)
}

// ExecuteLast is Execute followed by Sync, for a statement that nothing else of its transaction precedes or follows. It
// runs a statement again that lost a race with another transaction, so that single statements never fail for that reason.
func (s *Session) ExecuteLast(ctx context.Context, p *Prepared, params []types.Datum, c Client) (string, error) {
	if s.tx != nil {
		tag, err := s.run(ctx, p, params, c, false)
		if err == nil {
			err = s.Sync(ctx)
		}
		return tag, err
	}
	return s.run(ctx, p, params, c, true)
}

func (s *Session) run(ctx context.Context, p *Prepared, params []types.Datum, c Client, last bool) (tag string, err error) {
	s.takeUp()
	running, err := s.begin(ctx, p.Statement.Text, s.settings["statement_timeout"])
	if err != nil {
		return "", err
	}
	defer running.end()
	ctx = running.ctx
	defer func() { err = s.explainEnd(ctx, err) }()
	x := &executing{session: s, prepared: p, params: params, client: s.told(c), last: last}
	if tag, err = x.execute(ctx); err != nil {
		if err != error(errAborted) && !errors.Is(context.Cause(ctx), ErrStopped) {
			s.Fail()
		}
		return "", err
	}
	if last {
		if err := s.Sync(ctx); err != nil {
			return "", err
		}
	}
	return tag, nil
}

// executing is one execution of a prepared statement.
type executing struct {
	session  *Session
	prepared *Prepared
	params   []types.Datum
	client   Client
	last     bool                 // the statement is a transaction of its own
	source   source               // of its query
	rows     int64                // sent
	notices  []*sqlstate.Error    // kept until the loop is done
	looked   func(*plan.Get, int) // see exec.Options; nil for nobody
}

// current plans the statement again for the transaction that will execute it, if its names may mean something else now than
// when it was planned. Its result type must stay.
func (x *executing) current(ctx context.Context, tx *transaction) error {
	p := x.prepared
	if path, _ := x.session.settings.get("search_path"); p.catalog == tx.state.Catalog && p.path == path {
		return nil
	}
	again := &Prepared{Statement: p.Statement}
	declared := make([]types.OID, len(p.Params))
	for i, t := range p.Params {
		declared[i] = t.OID
	}
	if err := x.session.plan(ctx, again, tx, declared); err != nil {
		return err
	}
	if len(again.Fields) != len(p.Fields) {
		return errResultType
	}
	for i := range again.Fields {
		if again.Fields[i].Type != p.Fields[i].Type || again.Fields[i].Name != p.Fields[i].Name {
			return errResultType
		}
	}
	p.planned, p.catalog, p.path = again.planned, again.catalog, again.path
	return nil
}

var errResultType = sqlstate.New(sqlstate.FeatureNotSupported, "cached plan must not change result type")

// kind is one row of the table of statements: how it is planned and executed.
type kind struct {
	plan    func(*planning, *Prepared) error // nil: nothing to plan
	execute func(context.Context, *executing) (tag string, err error)
	ends    bool // may be executed in a failed block, which it ends or takes back
}

// kindOf finds what a statement is: the list of all that Tarn can be asked to do.
func kindOf(st stmt.Statement) (kind, bool) {
	switch st.(type) {
	case *stmt.Select:
		return kind{plan: planSelect, execute: executeSelect}, true
	case *stmt.Insert:
		return kind{plan: planInsert, execute: executeInsert}, true
	case *stmt.Update:
		return kind{plan: planUpdate, execute: executeUpdate}, true
	case *stmt.Delete:
		return kind{plan: planDelete, execute: executeDelete}, true
	case *stmt.Truncate:
		return kind{execute: executeTruncate}, true
	case *stmt.Copy:
		return kind{plan: planCopy, execute: executeCopy}, true
	case *stmt.Subscribe:
		return kind{plan: planSubscribe, execute: executeSubscribe}, true
	case *stmt.Explain:
		return kind{plan: planExplain, execute: executeExplain}, true
	case *stmt.CreateTable:
		return kind{execute: executeCreateTable}, true
	case *stmt.CreateStream:
		return kind{execute: executeCreateStream}, true
	case *stmt.CreateView:
		return kind{execute: executeCreateView}, true
	case *stmt.CreateMaterializedView:
		return kind{execute: executeCreateMaterializedView}, true
	case *stmt.CreateSchema:
		return kind{execute: executeCreateSchema}, true
	case *stmt.Drop:
		return kind{execute: executeDrop}, true
	case *stmt.Comment:
		return kind{execute: executeComment}, true
	case *stmt.RefreshMaterializedView:
		return kind{execute: executeRefresh}, true
	case *stmt.Begin, *stmt.SetTransaction:
		return kind{execute: executeControl}, true
	case *stmt.Commit, *stmt.Rollback:
		return kind{execute: executeControl, ends: true}, true
	case *stmt.Savepoint:
		return kind{execute: executeSavepoint}, true
	case *stmt.Release:
		return kind{execute: executeRelease}, true
	case *stmt.RollbackTo:
		return kind{execute: executeRollbackTo, ends: true}, true
	case *stmt.Set:
		return kind{execute: executeSet}, true
	case *stmt.Reset:
		return kind{execute: executeReset}, true
	case *stmt.Show:
		return kind{plan: planShow, execute: executeShow}, true
	case *stmt.Discard:
		return kind{execute: executeDiscard}, true
	case *stmt.Declare:
		return kind{plan: planDeclare, execute: executeDeclare}, true
	case *stmt.Fetch:
		return kind{plan: planFetch, execute: executeFetch}, true
	case *stmt.Close:
		return kind{execute: executeClose}, true
	case *stmt.Unlisten: // pools send it when they take a connection back
		return kind{execute: tagged("UNLISTEN")}, true
	case *stmt.SetConstraints:
		return kind{execute: tagged("SET CONSTRAINTS")}, true
	case *stmt.Prepare:
		return kind{execute: executePrepare}, true
	case *stmt.Execute:
		return kind{plan: planExecute, execute: executeExecute}, true
	case *stmt.Deallocate:
		return kind{execute: executeDeallocate}, true
	case *stmt.Maintenance:
		return kind{execute: executeMaintenance}, true
	}
	return kind{}, false
}

func endsBlock(st stmt.Statement) bool {
	k, _ := kindOf(st)
	return k.ends
}

func executeControl(ctx context.Context, x *executing) (string, error) {
	return x.session.control(ctx, x.prepared.Statement.Node, x.client)
}

// tagged executes statements that are true already.
func tagged(tag string) func(context.Context, *executing) (string, error) {
	return func(context.Context, *executing) (string, error) { return tag, nil }
}

// unsupportedStatement names a statement that Tarn does not have.
func unsupportedStatement(st stmt.Statement) error {
	switch st := st.(type) {
	case *stmt.Unsupported:
		return sqlstate.New(sqlstate.FeatureNotSupported, "%s is not supported", st.Verb).At(st.Pos)
	case *stmt.CreateOpaque:
		return sqlstate.New(sqlstate.FeatureNotSupported, "CREATE %s is not supported yet", st.Kind).
			WithHint("CREATE STREAM makes a stream that is fed by INSERT and COPY.").At(st.Pos)
	case *stmt.Alter:
		e := sqlstate.New(sqlstate.FeatureNotSupported, "ALTER %s is not supported", st.Object).At(st.Pos)
		if st.Object == "TABLE" {
			e = e.WithHint("Declare columns and PRIMARY KEY in CREATE TABLE, and bring the rows over with INSERT ... SELECT.")
		}
		return e
	case *stmt.Listen, *stmt.Notify:
		return sqlstate.New(sqlstate.FeatureNotSupported, "LISTEN and NOTIFY are not supported").
			WithHint("SUBSCRIBE sends the changes of a relation as they happen.")
	case *stmt.CreateIndex:
		return sqlstate.New(sqlstate.FeatureNotSupported, "CREATE INDEX is not supported").
			WithHint("A materialized view keyed by the columns you search by serves the same look-ups.")
	case *stmt.Grant:
		return sqlstate.New(sqlstate.FeatureNotSupported, "privileges are not supported")
	case *stmt.Lock:
		return sqlstate.New(sqlstate.FeatureNotSupported, "LOCK TABLE is not supported").
			WithHint("Transactions are serializable without locks; one that loses a race fails with SQLSTATE 40001 and can be retried.")
	}
	name := strings.TrimPrefix(fmt.Sprintf("%T", st), "*stmt.")
	return sqlstate.New(sqlstate.FeatureNotSupported, "%s is not supported", strings.ToUpper(name))
}

// explainEnd gives an error the reason for which its context ended, and everything an SQLSTATE.
func (s *Session) explainEnd(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)) {
		if cause := context.Cause(ctx); cause != nil {
			err = cause
		}
		if errors.Is(err, context.Canceled) {
			err = sqlstate.New(sqlstate.QueryCanceled, "canceling statement due to user request")
		}
	}
	return sqlstate.From(err)
}
