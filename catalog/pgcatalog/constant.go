package pgcatalog

// The relations whose few rows are the same everywhere.

func pgAm() relation {
	return relation{oid: 2601, kind: 'r', schema: pgCatalog, name: "pg_am",
		columns: `oid oid!, amname name!, amhandler regproc! = 0, amtype "char"!`,
		fixed: func(out *rows) {
			out.add(heapAM, "heap", byte('t'))
			out.add(btreeAM, "btree", byte('i'))
			out.add(streamAM, "stream", byte('t'))
		},
	}
}

func pgCollation() relation {
	return relation{oid: 3456, kind: 'r', schema: pgCatalog, name: "pg_collation",
		columns: `
			oid oid!, collname name!, collnamespace oid! = 11, collowner oid! = 10, collprovider "char"!,
			collisdeterministic bool! = t, collencoding int4! = -1, collcollate text, collctype text, colliculocale text = null,
			collversion text = null`,
		fixed: func(out *rows) {
			out.add(defaultCollation, "default", byte('d'), nil, nil)
			out.add(cCollation, "C", byte('c'), "C", "C")
			out.add(951, "POSIX", byte('c'), "POSIX", "POSIX")
		},
	}
}

func pgLanguage() relation {
	return relation{oid: 2612, kind: 'r', schema: pgCatalog, name: "pg_language",
		columns: `
			oid oid!, lanname name!, lanowner oid! = 10, lanispl bool! = f, lanpltrusted bool!, lanplcallfoid oid! = 0, laninline oid! = 0,
			lanvalidator oid! = 0, lanacl aclitem[] = null`,
		fixed: func(out *rows) {
			out.add(internalLanguage, "internal", false)
			out.add(sqlLanguage, "sql", true)
		},
	}
}

func pgTablespace() relation {
	return relation{oid: 1213, kind: 'r', schema: pgCatalog, name: "pg_tablespace",
		columns: `oid oid!, spcname name!, spcowner oid! = 10, spcacl aclitem[] = null, spcoptions text[] = null`,
		fixed: func(out *rows) {
			out.add(1663, "pg_default")
			out.add(1664, "pg_global")
		},
	}
}
