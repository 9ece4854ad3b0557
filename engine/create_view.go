package engine

import (
	"context"

	"tarn/catalog"
	"tarn/planner"
	"tarn/planner/plan"
	"tarn/sql/decode"
	"tarn/sql/sqlstate"
	"tarn/sql/stmt"
)

// viewColumns names the columns of a view's definition.
func viewColumns(def *catalog.Relation, schema []plan.Field, names []string) error {
	if len(names) > len(schema) {
		return sqlstate.New(sqlstate.SyntaxError, "CREATE VIEW specifies more column names than columns")
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

// viewQuery plans the query of a new view. kept says that it will be kept current.
func (x *executing) viewQuery(q decode.QueryRef, kept bool) (root plan.Node, depends []uint32, version uint64, err error) {
	state, _ := x.session.look()
	if x.session.tx == nil {
		defer state.release()
	}
	env := viewEnv()
	env.SearchPath = x.session.schemas(state.Catalog)
	v, err := planner.CreateView(state.Catalog, env, q, kept)
	if err != nil {
		return nil, nil, 0, err
	}
	return v.Root, v.Depends, state.Catalog.Version, nil
}

func executeCreateView(ctx context.Context, x *executing) (string, error) {
	st := x.prepared.Statement.Node.(*stmt.CreateView)
	if st.Temporary || st.Recursive || st.Check != "" {
		return "", sqlstate.New(sqlstate.FeatureNotSupported, "temporary, recursive and checked views are not supported")
	}
	root, depends, _, err := x.viewQuery(st.Query, false)
	if err != nil {
		return "", err
	}
	state, _ := x.session.look()
	if x.session.tx == nil {
		defer state.release()
	}
	def := &catalog.Relation{
		Name: st.Name.Name, Kind: catalog.View, Query: st.QueryText, Depends: depends, SearchPath: x.session.schemas(state.Catalog),
	}
	if err := viewColumns(def, root.Schema(), st.Columns); err != nil {
		return "", err
	}
	return "CREATE VIEW", x.define(ctx, func(c *catalog.Snapshot) (*control, error) {
		schema, err := x.target(st.Name, c)
		if err != nil {
			return nil, err
		}
		def.Schema = schema
		for _, id := range depends {
			if _, ok := c.ByID(id); !ok {
				return nil, errConflict
			}
		}
		old, taken := c.Relation(schema, def.Name)
		switch {
		case !taken:
			def.ID = x.session.engine.newOID()
		case !st.OrReplace:
			return nil, errRelationExists(def.Name)
		case old.Kind != catalog.View:
			return nil, sqlstate.New(sqlstate.WrongObjectType, "%q is not a view", def.Name)
		default:
			if len(c.Dependents(old.ID)) > 0 {
				return nil, sqlstate.New(sqlstate.DependentObjectsStillExist, "cannot replace view %q because other objects depend on it", def.Name)
			}
			def.ID = old.ID
		}
		return &control{Put: []*catalog.Relation{def}}, nil
	})
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
	// Only what is named is checked first, so that IF NOT EXISTS skips the query, as in PostgreSQL.
	state, _ := x.session.look()
	if x.session.tx == nil {
		defer state.release()
	}
	schema, err := x.target(st.Name, state.Catalog)
	if err != nil {
		return "", err
	}
	_, taken := state.Catalog.Relation(schema, st.Name.Name)
	if taken {
		return "CREATE MATERIALIZED VIEW", x.exists(st.Name, st.IfNotExists)
	}
	root, depends, _, err := x.viewQuery(st.Query, true)
	if err != nil {
		return "", err
	}
	def := &catalog.Relation{
		Schema: schema, Name: st.Name.Name, Kind: catalog.MaterializedView, Query: st.QueryText, Depends: depends,
		Append: plan.AppendOnly(root), Key: plan.UniqueKey(root), SearchPath: x.session.schemas(state.Catalog),
	}
	if err := viewColumns(def, root.Schema(), st.Columns); err != nil {
		return "", err
	}
	def.ID = x.session.engine.newOID()
	if !x.last {
		return "CREATE MATERIALIZED VIEW", x.session.open().defineView(def, root)
	}
	return "CREATE MATERIALIZED VIEW", x.session.engine.createViews(ctx, []*hydration{{def: def, root: root}}, nil)
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
