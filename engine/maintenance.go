package engine

import (
	"context"
	"slices"

	"tarn/catalog"
	"tarn/sql/sqlstate"
	"tarn/sql/stmt"
)

// executeMaintenance executes statements that need no work here: what they name must be there.
func executeMaintenance(_ context.Context, x *executing) (string, error) {
	st, s := x.prepared.Statement.Node.(*stmt.Maintenance), x.session
	state, _ := s.look()
	if s.tx == nil {
		defer state.release()
	}
	c := state.Catalog
	for _, n := range st.Tables {
		var err error
		switch st.Object {
		case "INDEX":
			if !slices.ContainsFunc(c.Relations(), func(r *catalog.Relation) bool { return r.KeyName == n.Name }) {
				err = sqlstate.New(sqlstate.UndefinedTable, "relation %q does not exist", n.Name).At(n.Pos)
			}
		case "SCHEMA":
			if _, ok := c.Schema(n.Name); !ok {
				err = errNoSchema(n.Name)
			}
		case "DATABASE", "SYSTEM":
			if n.Name != s.database {
				err = sqlstate.New(sqlstate.FeatureNotSupported, "can only reindex the currently open database")
			}
		default:
			_, err = s.find(c, n)
		}
		if err != nil {
			return "", err
		}
	}
	return st.Verb, nil
}
