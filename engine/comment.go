package engine

import (
	"context"
	"slices"
	"strings"

	"tarn/catalog"
	"tarn/sql/sqlstate"
	"tarn/sql/stmt"
)

// executeComment is COMMENT ON a relation or one of its columns: what psql's \d+ and many tools show.
func executeComment(ctx context.Context, x *executing) (string, error) {
	st := x.prepared.Statement.Node.(*stmt.Comment)
	object, name := strings.ToUpper(st.Object), st.Name
	column := ""
	if object == "COLUMN" {
		if len(name) < 2 {
			return "", sqlstate.New(sqlstate.SyntaxError, "column name must be qualified")
		}
		column, name = name[len(name)-1], name[:len(name)-1]
	}
	kinds := map[string][]catalog.Kind{
		"TABLE": {catalog.Table}, "STREAM": {catalog.Stream}, "VIEW": {catalog.View}, "MATERIALIZED VIEW": {catalog.MaterializedView},
		"COLUMN": {catalog.Table, catalog.Stream, catalog.View, catalog.MaterializedView},
	}[object]
	if kinds == nil {
		return "", sqlstate.New(sqlstate.FeatureNotSupported, "COMMENT ON %s is not supported", object).
			WithHint("Relations and their columns can have comments.")
	}
	return "COMMENT", x.define(ctx, func(c *catalog.Snapshot) (*control, error) {
		n := stmt.Name{Name: name[len(name)-1]}
		if len(name) > 1 {
			n.Schema = name[len(name)-2]
		}
		rel, err := x.session.find(c, n)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(kinds, rel.Kind) {
			return nil, wrongKind(rel, object)
		}
		def := *rel
		if column == "" {
			def.Comment = st.Text
			return &control{Put: []*catalog.Relation{&def}}, nil
		}
		i := rel.ColumnIndex(column)
		if i < 0 {
			return nil, sqlstate.New(sqlstate.UndefinedColumn, "column %q of relation %q does not exist", column, rel.Name)
		}
		def.Columns = slices.Clone(rel.Columns)
		def.Columns[i].Comment = st.Text
		return &control{Put: []*catalog.Relation{&def}}, nil
	})
}
