package pgcatalog

import "tarn/catalog"

// each calls f for each relation of a kind: 'r', 'v' or 'm'; those of the system first.
func (s *Source) each(kind byte, f func(r *catalog.Relation)) {
	for _, d := range definitions() {
		if d.kind == kind {
			f(d.catalog)
		}
	}
	for _, r := range s.Snapshot.Relations() {
		if relationKind(r) == kind {
			f(r)
		}
	}
}

func pgTables() relation {
	return relation{oid: 12033, kind: 'v', schema: pgCatalog, name: "pg_tables",
		columns: `
			schemaname name, tablename name, tableowner name = tarn, tablespace name = null, hasindexes bool, hasrules bool = f,
			hastriggers bool = f, rowsecurity bool = f`,
		live: func(src *Source, out *rows) {
			src.each('r', func(r *catalog.Relation) { out.add(r.Schema, r.Name, hasPrimaryKey(r)) })
		},
	}
}

func pgViews() relation {
	return relation{oid: 12028, kind: 'v', schema: pgCatalog, name: "pg_views",
		columns: `schemaname name, viewname name, viewowner name = tarn, definition text`,
		live: func(src *Source, out *rows) {
			src.each('v', func(r *catalog.Relation) {
				if r.Query == "" {
					out.add(r.Schema, r.Name, nil) // computed by the system
				} else {
					out.add(r.Schema, r.Name, viewDefinition(r))
				}
			})
		},
	}
}

func pgMatviews() relation {
	return relation{oid: 12038, kind: 'v', schema: pgCatalog, name: "pg_matviews",
		columns: `
			schemaname name, matviewname name, matviewowner name = tarn, tablespace name = null, hasindexes bool = f,
			ispopulated bool = t, definition text`,
		live: func(src *Source, out *rows) {
			src.each('m', func(r *catalog.Relation) { out.add(r.Schema, r.Name, viewDefinition(r)) })
		},
	}
}

func pgIndexes() relation {
	return relation{oid: 12043, kind: 'v', schema: pgCatalog, name: "pg_indexes",
		columns: `schemaname name, tablename name, indexname name, tablespace name = null, indexdef text`,
		live: func(src *Source, out *rows) {
			for _, r := range src.keyed() {
				out.add(r.Schema, r.Name, keyName(r), indexDefinition(r))
			}
		},
	}
}

func pgSettings() relation {
	return relation{oid: 12104, kind: 'v', schema: pgCatalog, name: "pg_settings",
		columns: `
			name text, setting text, unit text = null, category text = null, short_desc text, extra_desc text = null,
			context text = user, vartype text = string, source text, min_val text = null, max_val text = null, enumvals text[] = null,
			boot_val text, reset_val text, sourcefile text = null, sourceline int4 = null, pending_restart bool = f`,
		live: func(src *Source, out *rows) {
			if src.Settings == nil {
				return
			}
			for _, s := range src.Settings() {
				source := "default"
				if s.Value != s.Default {
					source = "session"
				}
				out.add(s.Name, s.Value, s.Comment, source, s.Default, s.Default)
			}
		},
	}
}
