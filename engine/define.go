package engine

import (
	"context"
	"strings"

	"tarn/catalog"
	"tarn/planner"
	"tarn/sql/sqlstate"
	"tarn/sql/stmt"
)

func errNoSchema(name string) error {
	return sqlstate.New(sqlstate.InvalidSchemaName, "schema %q does not exist", name)
}

func errRelationExists(name string) error {
	return sqlstate.New(sqlstate.DuplicateTable, "relation %q already exists", name)
}

func errSchemaExists(name string) error {
	return sqlstate.New(sqlstate.DuplicateSchema, "schema %q already exists", name)
}

// define makes a change of the catalogue. check is called on the newest catalogue and says what to change: nil for nothing.
// A statement of its own takes effect at once, in an epoch of its own; within a transaction the change becomes part of it.
func (x *executing) define(ctx context.Context, check func(*catalog.Snapshot) (*control, error)) error {
	defer x.sendNotices()
	if x.readOnly() {
		return x.errReadOnly()
	}
	if !x.last {
		tx := x.session.open()
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

// notice keeps a notice for when check has returned: the loop must not wait for a client.
func (x *executing) notice(code sqlstate.Code, format string, args ...any) {
	x.notices = append(x.notices, sqlstate.New(code, format, args...))
}

func (x *executing) sendNotices() {
	for _, n := range x.notices {
		x.client.Notice(n)
	}
	x.notices = nil
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
	return schema, nil
}

// exists is what CREATE does about a name that is taken: an error, or with IF NOT EXISTS a notice, which the caller sends.
func (x *executing) exists(n stmt.Name, ifNotExists bool) error {
	if !ifNotExists {
		return errRelationExists(n.Name)
	}
	x.notice(sqlstate.DuplicateTable, "relation %q already exists, skipping", n.Name)
	return nil
}

func (e *Engine) newOID() uint32 { return e.oids.Add(1) - 1 }

// find finds a relation by a name in a statement.
func (s *Session) find(c *catalog.Snapshot, n stmt.Name) (*catalog.Relation, error) {
	return planner.FindRelation(c, &planner.Env{SearchPath: s.schemas(c)}, n.Schema, n.Name, n.Pos)
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
