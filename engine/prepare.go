package engine

import (
	"context"

	"tarn/planner"
	"tarn/sql"
	"tarn/sql/expr"
	"tarn/sql/sqlstate"
	"tarn/sql/stmt"
	"tarn/sql/types"
)

func executePrepare(ctx context.Context, x *executing) (string, error) {
	st, s := x.prepared.Statement.Node.(*stmt.Prepare), x.session
	if _, ok := s.named[st.Name]; ok {
		return "", sqlstate.New(sqlstate.DuplicatePreparedStatement, "prepared statement %q already exists", st.Name)
	}
	inner, err := sql.Parse(st.Text)
	if err != nil {
		return "", err
	}
	if len(inner) != 1 {
		return "", sqlstate.New(sqlstate.SyntaxError, "cannot insert multiple commands into a prepared statement")
	}
	declared := make([]types.OID, len(st.Types))
	for i, tn := range st.Types {
		t, err := planner.ResolveType(tn)
		if err != nil {
			return "", err
		}
		declared[i] = t.OID
	}
	p, err := s.Prepare(ctx, inner[0], declared)
	if err != nil {
		return "", err
	}
	if err := s.account.Take(p.Bytes()); err != nil {
		return "", err
	}
	s.named[st.Name] = p
	return "PREPARE", nil
}

// forget drops a statement of PREPARE.
func (s *Session) forget(name string) {
	s.account.Give(s.named[name].Bytes())
	delete(s.named, name)
}

func (s *Session) forgetAll() {
	for name := range s.named {
		s.forget(name)
	}
}

func (s *Session) preparedNamed(name string) (*Prepared, error) {
	p, ok := s.named[name]
	if !ok {
		return nil, sqlstate.New(sqlstate.InvalidSQLStatementName, "prepared statement %q does not exist", name)
	}
	return p, nil
}

func planExecute(pl *planning, p *Prepared) error {
	named, err := pl.session.preparedNamed(p.Statement.Node.(*stmt.Execute).Name)
	if err != nil {
		return err
	}
	p.Fields = named.Fields
	return nil
}

func executeExecute(ctx context.Context, x *executing) (string, error) {
	st, s := x.prepared.Statement.Node.(*stmt.Execute), x.session
	named, err := s.preparedNamed(st.Name)
	if err != nil {
		return "", err
	}
	if len(st.Args) != len(named.Params) {
		return "", sqlstate.New(sqlstate.SyntaxError, "wrong number of parameters for prepared statement %q", st.Name).
			WithDetail("Expected %d parameters but got %d.", len(named.Params), len(st.Args))
	}
	state, tx := s.look()
	if s.tx == nil {
		defer state.release()
	}
	params := make([]types.Datum, len(st.Args))
	for i, arg := range st.Args {
		e, err := planner.Scalar(state.Catalog, s.planEnv(ctx, state, tx, nil), arg, named.Params[i])
		if err != nil {
			return "", err
		}
		if params[i], err = expr.EvalConst(s.context(state, tx, nil), e); err != nil {
			return "", err
		}
	}
	k, ok := kindOf(named.Statement.Node)
	if !ok {
		return "", unsupportedStatement(named.Statement.Node)
	}
	inner := *x
	inner.prepared, inner.params = named, params
	return k.execute(ctx, &inner)
}

func executeDeallocate(_ context.Context, x *executing) (string, error) {
	st, s := x.prepared.Statement.Node.(*stmt.Deallocate), x.session
	if st.Name == "" {
		s.forgetAll()
		return "DEALLOCATE ALL", nil
	}
	if _, err := s.preparedNamed(st.Name); err != nil {
		return "", err
	}
	s.forget(st.Name)
	return "DEALLOCATE", nil
}
