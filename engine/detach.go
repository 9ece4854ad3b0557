package engine

import (
	"context"
	"errors"
	"maps"
	"slices"

	"tarn/sql/stmt"
	"tarn/sql/types"
)

// Detach is Execute for a SELECT or SUBSCRIBE that a client takes in parts (a suspended portal): run may be called from another
// goroutine, beside all that the session does until run has returned. The statement sees the session as it is now: settings, open
// transaction and what that has written. An error of run does not fail the transaction: who hears of it calls Fail, on the
// session's goroutine. run must have returned before the transaction ends.
func (s *Session) Detach(p *Prepared, params []types.Datum) (run func(context.Context, Client) (tag string, err error)) {
	s.takeUp()
	if _, reads := p.Statement.Node.(*stmt.Select); reads {
		s.open()
	}
	aside := &Session{
		engine: s.engine, pid: s.pid, user: s.user, database: s.database, env: s.env,
		settings: maps.Clone(s.settings), outside: s,
	}
	aside.env.Objects = aside
	if s.tx != nil {
		aside.tx = s.tx.frozen()
	}
	own := *p // it may be planned again
	x := &executing{session: aside, prepared: &own, params: params}
	return func(ctx context.Context, c Client) (string, error) {
		running, err := s.begin(ctx, p.Statement.Text, aside.settings["statement_timeout"])
		if err != nil {
			return "", err
		}
		defer running.end()
		x.client = aside.told(c)
		tag, err := x.execute(running.ctx)
		return tag, s.explainEnd(running.ctx, err)
	}
}

// frozen is what a transaction sees now, for a statement that goes on while the transaction does. Its reads are noted in the
// transaction.
func (tx *transaction) frozen() *transaction {
	f := &transaction{
		engine: tx.engine, state: tx.state, base: tx.base, views: maps.Clone(tx.views), now: tx.now, block: tx.block, failed: tx.failed,
		notes: tx, writes: tx.writes,
	}
	f.writes.changes, f.writes.order = maps.Clone(tx.writes.changes), slices.Clone(tx.writes.order)
	return f
}

// setting made by a detached statement, which its session has yet to take up.
type settingMade struct {
	name, value string
	local       bool
}

// takeUp makes the settings that detached statements have made (set_config) the session's own. Called on its goroutine.
func (s *Session) takeUp() {
	s.mu.Lock()
	made := s.made
	s.made = nil
	s.mu.Unlock()
	for _, m := range made {
		x := &executing{session: s, client: discard{}, last: s.tx == nil}
		_ = x.setConfig(m.name, m.value, m.local) // it was checked, and the client told, when it was made
	}
}

// execute runs the statement and counts it.
func (x *executing) execute(ctx context.Context) (string, error) {
	s := x.session
	k, ok := kindOf(x.prepared.Statement.Node)
	if !ok {
		return "", unsupportedStatement(x.prepared.Statement.Node)
	}
	if s.tx != nil && s.tx.failed && !endsBlock(x.prepared.Statement.Node) {
		return "", errAborted
	}
	s.engine.counters.statements.Add(1)
	tag, err := k.execute(ctx, x)
	if err == nil {
		return tag, nil
	}
	if !errors.Is(context.Cause(ctx), ErrStopped) {
		s.engine.counters.failures.Add(1)
	}
	return "", err
}
