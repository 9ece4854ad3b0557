package pgcatalog

func pgNamespace() relation {
	return relation{oid: 2615, kind: 'r', schema: pgCatalog, name: "pg_namespace",
		columns: `oid oid!, nspname name!, nspowner oid! = 10, nspacl aclitem[] = null`,
		live: func(src *Source, out *rows) {
			for _, s := range src.Snapshot.Schemas() {
				out.add(s.ID, s.Name)
			}
		},
	}
}
