package pgcatalog

import (
	"fmt"

	"tarn/catalog"
)

func tableConstraints() relation {
	return relation{oid: 13411, kind: 'v', schema: informationSchema, name: "table_constraints",
		columns: `
			constraint_catalog name, constraint_schema name, constraint_name name, table_catalog name, table_schema name,
			table_name name, constraint_type varchar, is_deferrable varchar = NO, initially_deferred varchar = NO,
			enforced varchar = YES, nulls_distinct varchar = null`,
		live: func(src *Source, out *rows) {
			for _, r := range src.keyed() {
				out.add(src.Database, r.Schema, keyName(r), src.Database, r.Schema, r.Name, "PRIMARY KEY")
			}
			src.eachNotNull(func(r *catalog.Relation, _ int, name string) {
				out.add(src.Database, r.Schema, name, src.Database, r.Schema, r.Name, "CHECK")
			})
		},
	}
}

func checkConstraints() relation {
	return relation{oid: 13260, kind: 'v', schema: informationSchema, name: "check_constraints",
		columns: `constraint_catalog name, constraint_schema name, constraint_name name, check_clause varchar`,
		live: func(src *Source, out *rows) {
			src.eachNotNull(func(r *catalog.Relation, column int, name string) {
				out.add(src.Database, r.Schema, name, r.Columns[column].Name+" IS NOT NULL")
			})
		},
	}
}

// eachNotNull calls f for each column that is declared NOT NULL, which information_schema shows as a check of that name.
func (s *Source) eachNotNull(f func(r *catalog.Relation, column int, name string)) {
	for _, r := range s.Snapshot.Relations() {
		if relationKind(r) != 'r' {
			continue
		}
		for i, c := range r.Columns {
			if c.NotNull {
				f(r, i, fmt.Sprintf("%d_%d_%d_not_null", s.schemaOID(r.Schema), r.ID, i+1))
			}
		}
	}
}

func keyColumnUsage() relation {
	return relation{oid: 13329, kind: 'v', schema: informationSchema, name: "key_column_usage",
		columns: `
			constraint_catalog name, constraint_schema name, constraint_name name, table_catalog name, table_schema name,
			table_name name, column_name name, ordinal_position int4, position_in_unique_constraint int4 = null`,
		live: func(src *Source, out *rows) {
			for _, r := range src.keyed() {
				for i, c := range r.Key {
					out.add(src.Database, r.Schema, keyName(r), src.Database, r.Schema, r.Name, r.Columns[c].Name, i+1)
				}
			}
		},
	}
}

func constraintColumnUsage() relation {
	return relation{oid: 13300, kind: 'v', schema: informationSchema, name: "constraint_column_usage",
		columns: `
			table_catalog name, table_schema name, table_name name, column_name name, constraint_catalog name,
			constraint_schema name, constraint_name name`,
		live: func(src *Source, out *rows) {
			for _, r := range src.keyed() {
				for _, c := range r.Key {
					out.add(src.Database, r.Schema, r.Name, r.Columns[c].Name, src.Database, r.Schema, keyName(r))
				}
			}
		},
	}
}

func constraintTableUsage() relation {
	return relation{oid: 13305, kind: 'v', schema: informationSchema, name: "constraint_table_usage",
		columns: `
			table_catalog name, table_schema name, table_name name, constraint_catalog name, constraint_schema name,
			constraint_name name`,
		live: func(src *Source, out *rows) {
			for _, r := range src.keyed() {
				out.add(src.Database, r.Schema, r.Name, src.Database, r.Schema, keyName(r))
			}
		},
	}
}

// privilegesOn are the privileges that a role has on a relation.
func privilegesOn(r *catalog.Relation) []string {
	switch {
	case r.Kind == catalog.Table:
		return []string{"INSERT", "SELECT", "UPDATE", "DELETE", "TRUNCATE"}
	case r.Kind == catalog.Stream:
		return []string{"INSERT", "SELECT", "TRUNCATE"}
	}
	return []string{"SELECT"}
}

// grantColumns is the columns of table_privileges and role_table_grants. Every role may do everything, so the rows speak
// of the role of the session.
const grantColumns = `
	grantor name = tarn, grantee name, table_catalog name, table_schema name, table_name name, privilege_type varchar,
	is_grantable varchar = YES, with_hierarchy varchar`

func tablePrivileges() relation {
	return relation{oid: 13416, kind: 'v', schema: informationSchema, name: "table_privileges", columns: grantColumns, live: grantRows}
}

func roleTableGrants() relation {
	return relation{oid: 13421, kind: 'v', schema: informationSchema, name: "role_table_grants", columns: grantColumns, live: grantRows}
}

func grantRows(src *Source, out *rows) {
	for _, r := range src.Snapshot.Relations() {
		for _, privilege := range privilegesOn(r) {
			out.add(src.user(), src.Database, r.Schema, r.Name, privilege, yesNo(privilege == "SELECT"))
		}
	}
}

// user is the name of the session's role; of the owner if there is no session.
func (s *Source) user() string {
	if s.User == "" {
		return ownerName
	}
	return s.User
}

func columnPrivileges() relation {
	return relation{oid: 13285, kind: 'v', schema: informationSchema, name: "column_privileges",
		columns: `
			grantor name = tarn, grantee name, table_catalog name, table_schema name, table_name name, column_name name,
			privilege_type varchar, is_grantable varchar = YES`,
		live: func(src *Source, out *rows) {
			for _, r := range src.Snapshot.Relations() {
				for _, privilege := range privilegesOn(r) {
					if privilege == "DELETE" || privilege == "TRUNCATE" {
						continue
					}
					for _, c := range r.Columns {
						out.add(src.user(), src.Database, r.Schema, r.Name, c.Name, privilege)
					}
				}
			}
		},
	}
}
