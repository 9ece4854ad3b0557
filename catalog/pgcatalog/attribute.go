package pgcatalog

import "tarn/catalog"

func pgAttribute() relation {
	return relation{oid: 1249, kind: 'r', schema: pgCatalog, name: "pg_attribute",
		columns: `
			attrelid oid!, attname name!, atttypid oid!, attstattarget int4! = -1, attlen int2!, attnum int2!, attndims int4!,
			attcacheoff int4! = -1, atttypmod int4!, attbyval bool!, attalign "char"!, attstorage "char"!,
			attcompression "char"! =, attnotnull bool!, atthasdef bool!, atthasmissing bool! = f, attidentity "char"! =,
			attgenerated "char"! =, attisdropped bool! = f, attislocal bool! = t, attinhcount int4! = 0, attcollation oid!,
			attacl aclitem[] = null, attoptions text[] = null, attfdwoptions text[] = null, attmissingval text = null`,
		fixed: func(out *rows) {
			for _, d := range definitions() {
				for i := range d.catalog.Columns {
					c := &d.catalog.Columns[i]
					collation := storageOf(c.Type.OID).collation
					if d.kind == 'r' && collation == defaultCollation {
						collation = cCollation // so that the catalogue does not depend on the database's
					}
					attributeRow(out, d.oid, i+1, c, collation)
				}
			}
		},
		live: func(src *Source, out *rows) {
			for _, o := range src.userObjects() {
				if !o.isIndex() {
					for i := range o.rel.Columns {
						attributeRow(out, o.oid, i+1, &o.rel.Columns[i], storageOf(o.rel.Columns[i].Type.OID).collation)
					}
					continue
				}
				for i, c := range o.rel.Key {
					column := o.rel.Columns[c]
					column.NotNull, column.Default = false, ""
					attributeRow(out, o.oid, i+1, &column, storageOf(column.Type.OID).collation)
				}
			}
		},
	}
}

func attributeRow(out *rows, relation uint32, number int, c *catalog.Column, collation uint32) {
	info, store := c.Type.Info(), storageOf(c.Type.OID)
	dims := 0
	if info.Name[0] == '_' {
		dims = 1
	}
	out.add(relation, c.Name, c.Type.OID, info.Len, number, dims, c.Type.Mod, store.byValue, store.align, store.storage,
		c.NotNull, c.Default != "", collation)
}
