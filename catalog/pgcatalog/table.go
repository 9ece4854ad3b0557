package pgcatalog

// The schemas of the relations.
const (
	pgCatalog         = "pg_catalog"
	informationSchema = "information_schema"
)

// relations is every relation of pg_catalog and information_schema. A new one is one line here.
func relations() []relation {
	all := []relation{
		pgNamespace(),
		pgClass(),
		pgAttribute(),
		pgType(),
	}
	all = append(all, emptyTables()...)
	all = append(all, emptyViews()...)
	return append(all, emptyInformationSchema()...)
}
