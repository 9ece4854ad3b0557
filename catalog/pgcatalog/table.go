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
		pgAttrdef(),
		pgType(),
		pgProc(),
		pgOperator(),
		pgOpclass(),
		pgAggregate(),
		pgCast(),
		pgIndex(),
		pgConstraint(),
		pgRewrite(),
		pgDepend(),
		pgDescription(),
		pgAm(),
		pgCollation(),
		pgLanguage(),
		pgTablespace(),
		pgDatabase(),
		pgAuthid(),

		pgRoles(),
		pgUser(),
		pgShadow(),
		pgTables(),
		pgViews(),
		pgMatviews(),
		pgIndexes(),
		pgSettings(),
		pgStatActivity(),
		pgStatSSL(),
		pgStatGssapi(),
		pgStatDatabase(),
		pgStatAllTables(),
		pgStatSysTables(),
		pgStatUserTables(),
		pgStatAllIndexes(),
		pgStatUserIndexes(),
		pgStatioAllTables(),
		pgStatioUserTables(),

		tablesView(),
		columnsView(),
		viewsView(),
		viewTableUsage(),
		schemata(),
		catalogName(),
		enabledRoles(),
		characterSets(),
		collationsView(),
		routines(),
		tableConstraints(),
		checkConstraints(),
		keyColumnUsage(),
		constraintColumnUsage(),
		constraintTableUsage(),
		tablePrivileges(),
		roleTableGrants(),
		columnPrivileges(),
	}
	all = append(all, emptyTables()...)
	all = append(all, emptyViews()...)
	return append(all, emptyInformationSchema()...)
}
