package engine

import (
	"context"
	"fmt"
	"strings"

	"tarn/catalog"
	"tarn/planner"
	"tarn/planner/plan"
	"tarn/sql/decode"
	"tarn/sql/sqlstate"
	"tarn/sql/stmt"
	"tarn/sql/types"
)

func errNoSchema(name string) error {
	return sqlstate.New(sqlstate.InvalidSchemaName, "schema %q does not exist", name)
}

func errRelationExists(name string) error {
	return sqlstate.New(sqlstate.DuplicateTable, "relation %q already exists", name)
}

// define makes a change of the catalogue. check is called on the newest catalogue and says what to change: nil for nothing.
// A statement of its own takes effect at once, in an epoch of its own; within a transaction the change becomes part of it.
func (x *executing) define(ctx context.Context, check func(*catalog.Snapshot) (*control, error)) error {
	if !x.last {
		tx := x.session.open()
		if tx.readOnly {
			return x.errReadOnly()
		}
		c, err := check(tx.state.Catalog)
		if err != nil || c == nil {
			return err
		}
		tx.define(c)
		return nil
	}
	return x.session.engine.do(ctx, func(l *loop) error {
		c, err := check(l.catalog)
		if err != nil || c == nil {
			return err
		}
		t := &turn{epoch: l.epoch + 1, writes: changes{}}
		return l.turn(t, c, func() error { return l.define(c) })
	})
}

// define brings into being what a control part puts into the catalogue, views that are filled apart.
func (l *loop) define(c *control) error {
	l.checkpoint.dirty = true
	for _, def := range c.Put {
		if old := l.relations[def.ID]; old != nil {
			old.def = def
			continue
		}
		r, err := openRelation(l.engine.store, def)
		if err != nil {
			return err
		}
		l.addRelation(r)
	}
	return nil
}

// target is the schema and name that a statement creates.
func (x *executing) target(n stmt.Name, c *catalog.Snapshot) (schema string, err error) {
	schema = n.Schema
	if schema == "" {
		path := x.session.schemas(c)
		if len(path) == 0 {
			return "", sqlstate.New(sqlstate.InvalidSchemaName, "no schema has been selected to create in").At(n.Pos)
		}
		schema = path[0]
	}
	if _, ok := c.Schema(schema); !ok {
		return "", sqlstate.From(errNoSchema(schema)).At(n.Pos)
	}
	if schema == "pg_catalog" || schema == "information_schema" {
		return "", sqlstate.New("42501", "permission denied for schema %s", schema).At(n.Pos)
	}
	if len(n.Name) > 63 {
		return "", sqlstate.New(sqlstate.NameTooLong, "identifier %q is longer than 63 bytes", n.Name).At(n.Pos)
	}
	return schema, nil
}

// exists is what CREATE does about a name that is taken: an error, or with IF NOT EXISTS a notice.
func (x *executing) exists(n stmt.Name, ifNotExists bool) error {
	if !ifNotExists {
		return errRelationExists(n.Name)
	}
	x.client.Notice(sqlstate.New(sqlstate.DuplicateTable, "relation %q already exists, skipping", n.Name))
	return nil
}

func executeCreateTable(ctx context.Context, x *executing) (string, error) {
	st := x.prepared.Statement.Node.(*stmt.CreateTable)
	if err := refuseTableClauses(st); err != nil {
		return "", err
	}
	if st.Columns == nil && !st.AsQuery.IsZero() {
		return x.createTableAs(ctx, st)
	}
	if len(st.With) > 0 {
		x.client.Notice(sqlstate.New(sqlstate.Warning, "storage parameters of a table have no effect"))
	}
	return "CREATE TABLE", x.createRelation(ctx, st.Name, st.IfNotExists, catalog.Table, st.Columns, st.Constraints, nil)
}

func refuseTableClauses(st *stmt.CreateTable) error {
	refuse := func(yes bool, what, hint string) error {
		if !yes {
			return nil
		}
		return sqlstate.New(sqlstate.FeatureNotSupported, "%s is not supported", what).WithHint("%s", hint)
	}
	for _, err := range []error{
		refuse(st.Temporary, "CREATE TEMPORARY TABLE", "Create a table and drop it when it is no longer needed."),
		refuse(len(st.Like) > 0, "CREATE TABLE ... (LIKE ...)", "Name the columns."),
		refuse(len(st.Inherits) > 0, "table inheritance", "Use a view with UNION ALL."),
		refuse(st.PartitionBy, "PARTITION BY", "Tables need no partitions here: state is sharded by key."),
	} {
		if err != nil {
			return err
		}
	}
	return nil
}

func executeCreateStream(ctx context.Context, x *executing) (string, error) {
	st := x.prepared.Statement.Node.(*stmt.CreateStream)
	if len(st.Watermarks) > 0 {
		return "", sqlstate.New(sqlstate.FeatureNotSupported, "WATERMARK is not supported yet").At(st.Watermarks[0].Pos)
	}
	options := map[string]string{}
	for _, o := range st.With {
		if o.Name != "retention" {
			return "", sqlstate.New(sqlstate.InvalidParameterValue, "unrecognized parameter %q", o.Name).
				WithHint("A stream takes the parameter retention, an interval.").At(o.Pos)
		}
		d, err := types.Parse(types.Of(types.IntervalOID), o.Value, nil)
		if err != nil {
			return "", sqlstate.From(err).At(o.Pos)
		}
		months, days, us := types.IntervalParts(d.Bytes)
		if int64(months)*30*86400e6+int64(days)*86400e6+us <= 0 {
			return "", sqlstate.New(sqlstate.InvalidParameterValue, "retention must be positive").At(o.Pos)
		}
		options["retention"] = o.Value
	}
	return "CREATE STREAM", x.createRelation(ctx, st.Name, st.IfNotExists, catalog.Stream, st.Columns, st.Constraints, options)
}

// createRelation makes a table or stream from its columns and constraints.
func (x *executing) createRelation(ctx context.Context, n stmt.Name, ifNotExists bool, k catalog.Kind, columns []stmt.ColumnDef, constraints []stmt.Constraint, options map[string]string) error {
	def := &catalog.Relation{Name: n.Name, Kind: k, Options: options, Append: k == catalog.Stream}
	for i := range columns {
		if err := x.addColumn(def, &columns[i]); err != nil {
			return err
		}
	}
	for i := range columns {
		for j := range columns[i].Constraints {
			if err := addConstraint(def, &columns[i].Constraints[j]); err != nil {
				return err
			}
		}
	}
	for i := range constraints {
		if err := addConstraint(def, &constraints[i]); err != nil {
			return err
		}
	}
	return x.define(ctx, func(c *catalog.Snapshot) (*control, error) {
		schema, err := x.target(n, c)
		if err != nil {
			return nil, err
		}
		if _, ok := c.Relation(schema, n.Name); ok {
			return nil, x.exists(n, ifNotExists)
		}
		def.Schema, def.ID = schema, x.session.engine.newOID()
		return &control{Put: []*catalog.Relation{def}}, nil
	})
}

func (e *Engine) newOID() uint32 { return e.oids.Add(1) - 1 }

func (x *executing) addColumn(def *catalog.Relation, cd *stmt.ColumnDef) error {
	if def.ColumnIndex(cd.Name) >= 0 {
		return sqlstate.New(sqlstate.DuplicateColumn, "column %q specified more than once", cd.Name).At(cd.Pos)
	}
	if cd.Identity != "" || cd.GeneratedSQL != "" {
		return sqlstate.New(sqlstate.FeatureNotSupported, "generated and identity columns are not supported").At(cd.Pos).
			WithHint("Give the column a DEFAULT, or compute it in a view.")
	}
	t, err := planner.ResolveType(cd.Type)
	if err != nil {
		return err
	}
	if err := storable(cd.Name, t); err != nil {
		return err
	}
	if len(cd.Collation) > 0 {
		if c := cd.Collation[len(cd.Collation)-1]; c != "C" && c != "POSIX" && c != "default" {
			return sqlstate.New(sqlstate.FeatureNotSupported, "collation %q is not supported", c).WithHint("Text is ordered by its bytes, as the collation C has it.").At(cd.Pos)
		}
	}
	if cd.DefaultSQL != "" {
		state, tx := x.session.look()
		if x.session.tx == nil {
			defer state.release()
		}
		if _, err := planner.Default(state.Catalog, x.session.planEnv(state, tx, nil), cd.Default, cd.Name, t); err != nil {
			return err
		}
	}
	def.Columns = append(def.Columns, catalog.Column{Name: cd.Name, Type: t, NotNull: cd.NotNull, Default: cd.DefaultSQL})
	return nil
}

// storable refuses a column of a type that has no values to store.
func storable(name string, t types.Type) error {
	if t.Info().Pseudo() {
		return sqlstate.New(sqlstate.InvalidTableDefinition, "column %q has pseudo-type %s", name, t)
	}
	return nil
}

func addConstraint(def *catalog.Relation, c *stmt.Constraint) error {
	switch {
	case c.Kind != stmt.PrimaryKey:
		name := [...]string{"PRIMARY KEY", "UNIQUE", "CHECK", "FOREIGN KEY", "EXCLUDE"}[c.Kind]
		return sqlstate.New(sqlstate.FeatureNotSupported, "%s constraints are not supported", name).At(c.Pos).
			WithHint("PRIMARY KEY and NOT NULL are enforced.")
	case def.Kind == catalog.Stream:
		return sqlstate.New(sqlstate.FeatureNotSupported, "a stream has no primary key").At(c.Pos).
			WithHint("A stream only grows. CREATE TABLE has a primary key.")
	case def.Key != nil:
		return sqlstate.New(sqlstate.InvalidTableDefinition, "multiple primary keys for table %q are not allowed", def.Name).At(c.Pos)
	}
	for _, name := range c.Columns {
		i := def.ColumnIndex(name)
		if i < 0 {
			return sqlstate.New(sqlstate.UndefinedColumn, "column %q named in key does not exist", name).At(c.Pos)
		}
		for _, k := range def.Key {
			if k == i {
				return sqlstate.New(sqlstate.DuplicateColumn, "column %q appears twice in primary key constraint", name).At(c.Pos)
			}
		}
		def.Key = append(def.Key, i)
		def.Columns[i].NotNull = true
	}
	def.KeyName = c.Name
	if def.KeyName == "" {
		def.KeyName = def.Name + "_pkey"
	}
	return nil
}

func executeCreateSchema(ctx context.Context, x *executing) (string, error) {
	st := x.prepared.Statement.Node.(*stmt.CreateSchema)
	return "CREATE SCHEMA", x.define(ctx, func(c *catalog.Snapshot) (*control, error) {
		if _, ok := c.Schema(st.Name); ok {
			if st.IfNotExists {
				x.client.Notice(sqlstate.New(sqlstate.DuplicateSchema, "schema %q already exists, skipping", st.Name))
				return nil, nil
			}
			return nil, sqlstate.New(sqlstate.DuplicateSchema, "schema %q already exists", st.Name)
		}
		if strings.HasPrefix(st.Name, "pg_") {
			return nil, sqlstate.New(sqlstate.ReservedName, "unacceptable schema name %q", st.Name).
				WithDetail("The prefix \"pg_\" is reserved for system schemas.")
		}
		return &control{Schemas: []*catalog.Schema{{ID: x.session.engine.newOID(), Name: st.Name}}}, nil
	})
}

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
	def := &catalog.Relation{Name: st.Name.Name, Kind: catalog.View, Query: st.QueryText, Depends: depends}
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

// find finds a relation by a name in a statement.
func (s *Session) find(c *catalog.Snapshot, n stmt.Name) (*catalog.Relation, error) {
	return planner.FindRelation(c, &planner.Env{SearchPath: s.schemas(c)}, n.Schema, n.Name, n.Pos)
}

func executeDrop(ctx context.Context, x *executing) (string, error) {
	st := x.prepared.Statement.Node.(*stmt.Drop)
	tag := "DROP " + st.Kind
	if st.Kind == "SCHEMA" {
		return tag, x.dropSchemas(ctx, st)
	}
	wanted, ok := map[string]catalog.Kind{
		"TABLE": catalog.Table, "STREAM": catalog.Stream, "VIEW": catalog.View, "MATERIALIZED VIEW": catalog.MaterializedView,
	}[st.Kind]
	if !ok {
		if st.IfExists {
			for _, n := range st.Names {
				x.client.Notice(sqlstate.New(sqlstate.SuccessfulCompletion, "%s %q does not exist, skipping", strings.ToLower(st.Kind), n.Name))
			}
			return tag, nil
		}
		return "", sqlstate.New(sqlstate.FeatureNotSupported, "DROP %s is not supported", st.Kind)
	}
	return tag, x.define(ctx, func(c *catalog.Snapshot) (*control, error) {
		var roots []*catalog.Relation
		for _, n := range st.Names {
			rel, err := x.session.find(c, n)
			if err != nil {
				if e := sqlstate.From(err); st.IfExists && (e.Code == sqlstate.UndefinedTable || e.Code == sqlstate.InvalidSchemaName) {
					x.client.Notice(sqlstate.New(sqlstate.SuccessfulCompletion, "%s %q does not exist, skipping", strings.ToLower(st.Kind), n.Name))
					continue
				}
				return nil, sqlstate.New(sqlstate.UndefinedTable, "%s %q does not exist", strings.ToLower(st.Kind), n.Name).At(n.Pos)
			}
			if rel.Kind != wanted {
				return nil, wrongKind(rel, st.Kind)
			}
			roots = append(roots, rel)
		}
		dropped, err := x.closure(c, roots, st.Cascade, fmt.Sprintf("%s %s", strings.ToLower(st.Kind), joinNames(roots)))
		if err != nil || len(dropped) == 0 {
			return nil, err
		}
		return &control{Drop: dropped}, nil
	})
}

func joinNames(rels []*catalog.Relation) string {
	names := make([]string, len(rels))
	for i, r := range rels {
		names[i] = r.Name
	}
	return strings.Join(names, ", ")
}

// kindNames are the kinds of relations in words.
var kindNames = map[catalog.Kind]string{
	catalog.Table: "table", catalog.Stream: "stream", catalog.View: "view", catalog.MaterializedView: "materialized view", catalog.System: "table",
}

func wrongKind(rel *catalog.Relation, wanted string) error {
	e := sqlstate.New(sqlstate.WrongObjectType, "%q is not a %s", rel.Name, strings.ToLower(wanted))
	if rel.Kind == catalog.System {
		return sqlstate.New("42501", "permission denied: %q is a system catalog", rel.Name)
	}
	return e.WithHint("Use DROP %s to remove a %s.", strings.ToUpper(kindNames[rel.Kind]), kindNames[rel.Kind])
}

// closure is what goes when roots go: with CASCADE all that depends on them, otherwise they must be free.
func (x *executing) closure(c *catalog.Snapshot, roots []*catalog.Relation, cascade bool, what string) ([]uint32, error) {
	gone := map[uint32]bool{}
	for _, r := range roots {
		gone[r.ID] = true
	}
	var details []string
	var extra []*catalog.Relation
	for _, r := range c.Relations() { // dependents come after what they depend on
		for _, d := range r.Depends {
			if gone[d] && !gone[r.ID] {
				gone[r.ID] = true
				extra = append(extra, r)
				below, _ := c.ByID(d)
				details = append(details, fmt.Sprintf("%s %s depends on %s %s", kindNames[r.Kind], r.Name, kindNames[below.Kind], below.Name))
			}
		}
	}
	if len(extra) > 0 && !cascade {
		return nil, sqlstate.New(sqlstate.DependentObjectsStillExist, "cannot drop %s because other objects depend on it", what).
			WithDetail("%s", strings.Join(details, "\n")).WithHint("Use DROP ... CASCADE to drop the dependent objects too.")
	}
	for _, r := range extra {
		x.client.Notice(sqlstate.New(sqlstate.SuccessfulCompletion, "drop cascades to %s %s", kindNames[r.Kind], r.Name))
	}
	var out []uint32
	for _, r := range c.Relations() {
		if gone[r.ID] {
			out = append(out, r.ID)
		}
	}
	return out, nil
}

func (x *executing) dropSchemas(ctx context.Context, st *stmt.Drop) error {
	for _, n := range st.Names {
		err := x.define(ctx, func(c *catalog.Snapshot) (*control, error) {
			schema, ok := c.Schema(n.Name)
			if !ok {
				if st.IfExists {
					x.client.Notice(sqlstate.New(sqlstate.SuccessfulCompletion, "schema %q does not exist, skipping", n.Name))
					return nil, nil
				}
				return nil, errNoSchema(n.Name)
			}
			if schema.ID < catalog.FirstUserID {
				return nil, sqlstate.New(sqlstate.DependentObjectsStillExist, "cannot drop schema %s because it is required by the database system", n.Name)
			}
			var inside []*catalog.Relation
			for _, r := range c.Relations() {
				if r.Schema == n.Name {
					inside = append(inside, r)
				}
			}
			if len(inside) > 0 && !st.Cascade {
				return nil, sqlstate.New(sqlstate.DependentObjectsStillExist, "cannot drop schema %s because other objects depend on it", n.Name).
					WithHint("Use DROP ... CASCADE to drop the dependent objects too.")
			}
			dropped, err := x.closure(c, inside, true, "schema "+n.Name)
			if err != nil {
				return nil, err
			}
			return &control{Drop: dropped, Unnamed: []string{n.Name}}, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
