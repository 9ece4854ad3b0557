package engine

import (
	"context"
	"strings"

	"tarn/catalog"
	"tarn/planner"
	"tarn/sql/sqlstate"
	"tarn/sql/stmt"
	"tarn/sql/types"
)

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
		if err := x.addColumn(ctx, def, &columns[i]); err != nil {
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

// maxColumns is PostgreSQL's limit for a relation.
const maxColumns = 1600

func (x *executing) addColumn(ctx context.Context, def *catalog.Relation, cd *stmt.ColumnDef) error {
	if def.ColumnIndex(cd.Name) >= 0 {
		return sqlstate.New(sqlstate.DuplicateColumn, "column %q specified more than once", cd.Name).At(cd.Pos)
	}
	if cd.Identity != "" || cd.GeneratedSQL != "" {
		return sqlstate.New(sqlstate.FeatureNotSupported, "generated and identity columns are not supported").At(cd.Pos).
			WithHint("Give the column a DEFAULT, or compute it in a view.")
	}
	if len(def.Columns) == maxColumns {
		return sqlstate.New(sqlstate.TooManyColumns, "tables can have at most %d columns", maxColumns)
	}
	switch cd.Type.Name {
	case "serial", "bigserial", "smallserial", "serial4", "serial8", "serial2":
		return sqlstate.New(sqlstate.FeatureNotSupported, "sequences are not supported, and so is type \"%s\"", cd.Type.Name).At(cd.Type.Pos).
			WithHint("Declare the column as integer or bigint and insert its values, or as uuid DEFAULT gen_random_uuid().")
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
		if _, err := planner.Default(state.Catalog, x.session.planEnv(ctx, state, tx, nil), cd.Default, cd.Name, t); err != nil {
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
				x.notice(sqlstate.DuplicateSchema, "schema %q already exists, skipping", st.Name)
				return nil, nil
			}
			return nil, errSchemaExists(st.Name)
		}
		if strings.HasPrefix(st.Name, "pg_") {
			return nil, sqlstate.New(sqlstate.ReservedName, "unacceptable schema name %q", st.Name).
				WithDetail("The prefix \"pg_\" is reserved for system schemas.")
		}
		return &control{Schemas: []*catalog.Schema{{ID: x.session.engine.newOID(), Name: st.Name}}}, nil
	})
}
