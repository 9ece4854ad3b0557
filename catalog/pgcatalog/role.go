package pgcatalog

import "sort"

// databases are the names of the databases, which are one and the same under every name: those in use, and the one that
// clients connect to if they know no other.
func (s *Source) databases() []string {
	names := map[string]bool{"postgres": true}
	if s.Database != "" {
		names[s.Database] = true
	}
	for _, session := range s.sessions() {
		names[session.Database] = true
	}
	return sorted(names)
}

func sorted(names map[string]bool) []string {
	out := make([]string, 0, len(names))
	for name := range names {
		out = append(out, name)
	}
	sort.Strings(out)
	return out
}

func pgAuthid() relation {
	return relation{oid: 1260, kind: 'r', schema: pgCatalog, name: "pg_authid",
		columns: `
			oid oid!, rolname name!, rolsuper bool! = t, rolinherit bool! = t, rolcreaterole bool! = t, rolcreatedb bool! = t,
			rolcanlogin bool! = t, rolreplication bool! = t, rolbypassrls bool! = t, rolconnlimit int4! = -1, rolpassword text = null,
			rolvaliduntil timestamptz = null`,
		live: func(src *Source, out *rows) {
			for _, name := range src.roles() {
				out.add(roleOID(name), name)
			}
		},
	}
}

func pgRoles() relation {
	return relation{oid: 12000, kind: 'v', schema: pgCatalog, name: "pg_roles",
		columns: `
			rolname name, rolsuper bool = t, rolinherit bool = t, rolcreaterole bool = t, rolcreatedb bool = t, rolcanlogin bool = t,
			rolreplication bool = t, rolconnlimit int4 = -1, rolpassword text = ********, rolvaliduntil timestamptz = null,
			rolbypassrls bool = t, rolconfig text[] = null, oid oid`,
		live: func(src *Source, out *rows) {
			for _, name := range src.roles() {
				out.add(name, roleOID(name))
			}
		},
	}
}

func pgUser() relation {
	return relation{oid: 12014, kind: 'v', schema: pgCatalog, name: "pg_user",
		columns: `
			usename name, usesysid oid, usecreatedb bool = t, usesuper bool = t, userepl bool = t, usebypassrls bool = t,
			passwd text = ********, valuntil timestamptz = null, useconfig text[] = null`,
		live: userRows,
	}
}

func pgShadow() relation {
	return relation{oid: 12005, kind: 'v', schema: pgCatalog, name: "pg_shadow",
		columns: `
			usename name, usesysid oid, usecreatedb bool = t, usesuper bool = t, userepl bool = t, usebypassrls bool = t,
			passwd text = null, valuntil timestamptz = null, useconfig text[] = null`,
		live: userRows,
	}
}

func userRows(src *Source, out *rows) {
	for _, name := range src.roles() {
		out.add(name, roleOID(name))
	}
}

func pgDatabase() relation {
	return relation{oid: 1262, kind: 'r', schema: pgCatalog, name: "pg_database",
		columns: `
			oid oid!, datname name!, datdba oid! = 10, encoding int4! = 6, datlocprovider "char"! = c, datistemplate bool! = f,
			datallowconn bool! = t, datconnlimit int4! = -1, datfrozenxid xid! = 0, datminmxid xid! = 0, dattablespace oid! = 1663,
			datcollate text! = C.UTF-8, datctype text! = C.UTF-8, daticulocale text = null, datcollversion text = null,
			datacl aclitem[] = null`,
		live: func(src *Source, out *rows) {
			for _, name := range src.databases() {
				out.add(nameOID(name), name)
			}
		},
	}
}
