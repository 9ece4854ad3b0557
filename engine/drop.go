package engine

import (
	"context"
	"fmt"
	"strings"

	"tarn/catalog"
	"tarn/sql/sqlstate"
	"tarn/sql/stmt"
)

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
				e := sqlstate.From(err)
				if _, ok := c.Schema(n.Schema); n.Schema != "" && !ok && st.IfExists {
					x.notice(sqlstate.SuccessfulCompletion, "schema %q does not exist, skipping", n.Schema)
					continue
				}
				if st.IfExists && e.Code == sqlstate.UndefinedTable {
					x.notice(sqlstate.SuccessfulCompletion, "%s %q does not exist, skipping", strings.ToLower(st.Kind), n.Name)
					continue
				}
				return nil, sqlstate.New(sqlstate.UndefinedTable, "%s %q does not exist", strings.ToLower(st.Kind), n.Name).At(n.Pos)
			}
			if rel.Kind != wanted {
				return nil, wrongKind(rel, st.Kind)
			}
			roots = append(roots, rel)
		}
		dropped, along, err := closure(c, roots, st.Cascade)
		if err != nil || len(dropped) == 0 {
			return nil, err
		}
		x.noticeCascade(c, along)
		return &control{Drop: dropped}, nil
	})
}

// closure is what goes when roots go: with CASCADE all that depends on them, the extra ones among them; otherwise they must be
// free.
func closure(c *catalog.Snapshot, roots []*catalog.Relation, cascade bool) (out []uint32, extra []*catalog.Relation, err error) {
	gone := map[uint32]bool{}
	for _, r := range roots {
		gone[r.ID] = true
	}
	var details []string
	all := c.Relations()
	for found := true; found; { // again, because a view that was replaced may depend on what was made after it
		found = false
		for _, r := range all {
			for _, d := range r.Depends {
				if gone[d] && !gone[r.ID] {
					gone[r.ID], found = true, true
					extra = append(extra, r)
					below, _ := c.ByID(d)
					details = append(details, fmt.Sprintf("%s %s depends on %s %s", kindNames[r.Kind], r.Name, kindNames[below.Kind], below.Name))
				}
			}
		}
	}
	if len(extra) > 0 && !cascade {
		message := "cannot drop desired object(s) because other objects depend on them"
		if len(roots) == 1 {
			message = fmt.Sprintf("cannot drop %s %s because other objects depend on it", kindNames[roots[0].Kind], roots[0].Name)
		}
		return nil, nil, sqlstate.New(sqlstate.DependentObjectsStillExist, "%s", message).
			WithDetail("%s", strings.Join(details, "\n")).WithHint("Use DROP ... CASCADE to drop the dependent objects too.")
	}
	for _, r := range all {
		if gone[r.ID] {
			out = append(out, r.ID)
		}
	}
	return out, extra, nil
}

// noticeCascade tells what goes along, in one notice as PostgreSQL does.
func (x *executing) noticeCascade(c *catalog.Snapshot, along []*catalog.Relation) {
	const most = 100 // that are named
	path := x.session.schemas(c)
	var details []string
	for i, r := range along {
		if i == most {
			details = append(details, fmt.Sprintf("and %d other objects", len(along)-most))
			break
		}
		name := r.Schema + "." + r.Name
		for _, schema := range path { // which finds it by its name alone, if nothing else
			if found, ok := c.Relation(schema, r.Name); ok {
				if found.ID == r.ID {
					name = r.Name
				}
				break
			}
		}
		details = append(details, fmt.Sprintf("drop cascades to %s %s", kindNames[r.Kind], name))
	}
	switch len(along) {
	case 0:
	case 1:
		x.notice(sqlstate.SuccessfulCompletion, "%s", details[0])
	default:
		x.notices = append(x.notices, sqlstate.New(sqlstate.SuccessfulCompletion, "drop cascades to %d other objects", len(along)).
			WithDetail("%s", strings.Join(details, "\n")))
	}
}

// dropSchemas drops schemas, all of them or none.
func (x *executing) dropSchemas(ctx context.Context, st *stmt.Drop) error {
	return x.define(ctx, func(c *catalog.Snapshot) (*control, error) {
		out := &control{}
		var inside []*catalog.Relation
		for _, n := range st.Names {
			schema, ok := c.Schema(n.Name)
			switch {
			case !ok && st.IfExists:
				x.notice(sqlstate.SuccessfulCompletion, "schema %q does not exist, skipping", n.Name)
				continue
			case !ok:
				return nil, errNoSchema(n.Name)
			case schema.ID < catalog.FirstUserID:
				return nil, sqlstate.New(sqlstate.DependentObjectsStillExist, "cannot drop schema %s because it is required by the database system", n.Name)
			}
			out.Unnamed = append(out.Unnamed, n.Name)
			for _, r := range c.Relations() {
				if r.Schema == n.Name {
					inside = append(inside, r)
				}
			}
			if len(inside) > 0 && !st.Cascade {
				return nil, sqlstate.New(sqlstate.DependentObjectsStillExist, "cannot drop schema %s because other objects depend on it", n.Name).
					WithHint("Use DROP ... CASCADE to drop the dependent objects too.")
			}
		}
		if len(out.Unnamed) == 0 {
			return nil, nil
		}
		dropped, along, err := closure(c, inside, true)
		if err != nil {
			return nil, err
		}
		x.noticeCascade(c, append(inside, along...))
		out.Drop = dropped
		return out, nil
	})
}
