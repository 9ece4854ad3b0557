package engine

import (
	"context"
	"slices"
	"time"

	"tarn/catalog"
	"tarn/planner"
	"tarn/planner/plan"
	"tarn/sql/decode"
	"tarn/sql/functions"
	"tarn/sql/sqlstate"
	"tarn/sql/stmt"
)

// viewColumns names the columns of a view's definition.
func viewColumns(def *catalog.Relation, schema []plan.Field, names []string) error {
	if len(names) > len(schema) {
		if def.Kind == catalog.View {
			return sqlstate.New(sqlstate.SyntaxError, "CREATE VIEW specifies more column names than columns")
		}
		return sqlstate.New(sqlstate.SyntaxError, "too many column names were specified")
	}
	seen := map[string]bool{}
	for i, f := range schema {
		name := f.Name
		if i < len(names) {
			name = names[i]
		}
		if seen[name] {
			return sqlstate.New(sqlstate.DuplicateColumn, "column %q specified more than once", name)
		}
		seen[name] = true
		if err := storable(name, f.Type); err != nil {
			return err
		}
		def.Columns = append(def.Columns, catalog.Column{Name: name, Type: f.Type})
	}
	return nil
}

// viewQuery plans the query of a new view, and begins its definition, as of the catalogue that it returns. kept says that it
// will be kept current.
func (x *executing) viewQuery(ctx context.Context, q decode.QueryRef, kept bool) (root plan.Node, def *catalog.Relation, as *catalog.Snapshot, err error) {
	state, _ := x.session.look()
	if x.session.tx == nil {
		defer state.release()
	}
	env := viewEnv()
	env.Context = &functions.Context{Done: ctx.Done()}
	env.SearchPath = x.session.schemas(state.Catalog)
	v, err := planner.CreateView(state.Catalog, env, q, kept)
	if err != nil {
		return nil, nil, nil, err
	}
	def = &catalog.Relation{Kind: catalog.View, Depends: v.Depends, SearchPath: env.SearchPath}
	return v.Root, def, state.Catalog, nil
}

func executeCreateView(ctx context.Context, x *executing) (string, error) {
	st := x.prepared.Statement.Node.(*stmt.CreateView)
	if st.Temporary || st.Recursive || st.Check != "" {
		return "", sqlstate.New(sqlstate.FeatureNotSupported, "temporary, recursive and checked views are not supported")
	}
	return "CREATE VIEW", x.again(func() error { return x.createView(ctx, st) })
}

func (x *executing) createView(ctx context.Context, st *stmt.CreateView) error {
	root, def, as, err := x.viewQuery(ctx, st.Query, false)
	if err != nil {
		return err
	}
	def.Name, def.Query = st.Name.Name, st.QueryText
	if err := viewColumns(def, root.Schema(), st.Columns); err != nil {
		return err
	}
	return x.define(ctx, func(c *catalog.Snapshot) (*control, error) {
		if !unchanged(def, as, c) {
			return nil, errConflict
		}
		if def.Schema, err = x.target(st.Name, c); err != nil {
			return nil, err
		}
		old, taken := c.Relation(def.Schema, def.Name)
		switch {
		case !taken:
			def.ID = x.session.engine.newOID()
		case !st.OrReplace:
			return nil, errRelationExists(def.Name)
		case old.Kind != catalog.View:
			return nil, sqlstate.New(sqlstate.WrongObjectType, "%q is not a view", def.Name)
		case slices.Contains(def.Depends, old.ID):
			return nil, sqlstate.New(sqlstate.InvalidObjectDefinition, "infinite recursion detected in rules for relation %q", def.Name)
		case len(c.Dependents(old.ID)) > 0:
			return nil, sqlstate.New(sqlstate.DependentObjectsStillExist, "cannot replace view %q because other objects depend on it", def.Name)
		default:
			def.ID = old.ID
		}
		return &control{Put: []*catalog.Relation{def}}, nil
	})
}

// unchanged tells whether the relations a new view depends on are still what they were when it was planned: its plan holds
// the queries of the views among them.
func unchanged(def *catalog.Relation, then, now *catalog.Snapshot) bool {
	for _, id := range def.Depends {
		a, was := then.ByID(id)
		if b, is := now.ByID(id); !was || !is || !sameQuery(a, b) {
			return false
		}
	}
	return true
}

// sameQuery tells whether two definitions of a relation differ in no more than what is said about it.
func sameQuery(a, b *catalog.Relation) bool {
	return a == b || a.Query == b.Query && slices.Equal(a.SearchPath, b.SearchPath) && slices.Equal(a.Depends, b.Depends) &&
		slices.EqualFunc(a.Columns, b.Columns, func(x, y catalog.Column) bool { return x.Name == y.Name && x.Type == y.Type })
}

// again runs a statement of its own again if it lost a race. The last time it says so.
func (x *executing) again(f func() error) error {
	for try := 0; ; try++ {
		if err := f(); err != error(errConflict) || !x.last || try == 3 {
			return err
		}
	}
}

func executeCreateMaterializedView(ctx context.Context, x *executing) (string, error) {
	st := x.prepared.Statement.Node.(*stmt.CreateMaterializedView)
	if st.OrReplace {
		return "", sqlstate.New(sqlstate.FeatureNotSupported, "CREATE OR REPLACE MATERIALIZED VIEW is not supported").
			WithHint("Create a second view, switch readers to it, then drop the first.")
	}
	if st.NoData {
		return "", sqlstate.New(sqlstate.FeatureNotSupported, "WITH NO DATA is not supported").
			WithHint("A materialized view is always current.")
	}
	if x.readOnly() {
		return "", x.errReadOnly()
	}
	defer x.sendNotices()
	return "CREATE MATERIALIZED VIEW", x.again(func() error { return x.createMaterializedView(ctx, st) })
}

func (x *executing) createMaterializedView(ctx context.Context, st *stmt.CreateMaterializedView) error {
	// Only what is named is checked first, so that IF NOT EXISTS skips the query, as in PostgreSQL.
	state, _ := x.session.look()
	if x.session.tx == nil {
		defer state.release()
	}
	schema, err := x.target(st.Name, state.Catalog)
	if err != nil {
		return err
	}
	if _, taken := state.Catalog.Relation(schema, st.Name.Name); taken {
		return x.exists(st.Name, st.IfNotExists)
	}
	root, def, as, err := x.viewQuery(ctx, st.Query, true)
	if err != nil {
		return err
	}
	def.Kind, def.Schema, def.Name, def.Query = catalog.MaterializedView, schema, st.Name.Name, st.QueryText
	def.Append, def.Key = plan.AppendOnly(root), plan.UniqueKey(root)
	if err := viewColumns(def, root.Schema(), st.Columns); err != nil {
		return err
	}
	def.ID = x.session.engine.newOID()
	if !x.last {
		return x.session.open().defineView(def, root)
	}
	return x.session.engine.createViews(ctx, []*hydration{{def: def, root: root, told: x.tellProgress()}}, func(l *loop, defs []*catalog.Relation, created func() error) error {
		if err := l.checkNew(def, as); err != nil {
			return err
		}
		return l.turn(&turn{epoch: l.epoch + 1, writes: changes{}}, &control{Put: defs}, created)
	})
}

// progressEvery is how long a client that waits for a view is told nothing.
const progressEvery = 5 * time.Second

// tellProgress tells the client, every few seconds, how far the filling of a view is.
func (x *executing) tellProgress() func(h *hydration) error {
	last := time.Now()
	return func(h *hydration) error {
		if time.Since(last) < x.session.engine.cfg.progressEvery {
			return nil
		}
		last = time.Now()
		x.client.Notice(sqlstate.New(sqlstate.SuccessfulCompletion, "materialized view %q is being filled: %d rows read", h.def.Name, h.rows))
		return x.client.Flush()
	}
}

// executeRefresh waits for what a refresh would bring: everything committed before it, which a view shows already.
func executeRefresh(ctx context.Context, x *executing) (string, error) {
	st := x.prepared.Statement.Node.(*stmt.RefreshMaterializedView)
	state, _ := x.session.look()
	if x.session.tx == nil {
		defer state.release()
	}
	rel, err := x.session.find(state.Catalog, st.Name)
	if err != nil {
		return "", err
	}
	if rel.Kind != catalog.MaterializedView {
		return "", sqlstate.New(sqlstate.WrongObjectType, "%q is not a materialized view", rel.Name).At(st.Name.Pos)
	}
	return "REFRESH MATERIALIZED VIEW", nil
}
