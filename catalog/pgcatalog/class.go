package pgcatalog

import (
	"math"
	"sort"

	"tarn/catalog"
)

// The access methods. That a table is a stream shows in its own (\d+ and \dt+ of psql name it): to tools that know no streams it must
// be a table.
const (
	heapAM   = 2
	btreeAM  = 403
	streamAM = 9901 // none of PostgreSQL's
)

func pgClass() relation {
	return relation{oid: 1259, kind: 'r', schema: pgCatalog, name: "pg_class",
		columns: `
			oid oid!, relname name!, relnamespace oid!, reltype oid! = 0, reloftype oid! = 0, relowner oid! = 10, relam oid!,
			relfilenode oid!, reltablespace oid! = 0, relpages int4!, reltuples float4!, relallvisible int4! = 0,
			reltoastrelid oid! = 0, relhasindex bool!, relisshared bool! = f, relpersistence "char"! = p, relkind "char"!,
			relnatts int2!, relchecks int2! = 0, relhasrules bool!, relhastriggers bool! = f, relhassubclass bool! = f,
			relrowsecurity bool! = f, relforcerowsecurity bool! = f, relispopulated bool! = t, relreplident "char"!,
			relispartition bool! = f, relrewrite oid! = 0, relfrozenxid xid! = 0, relminmxid xid! = 0, relacl aclitem[] = null,
			reloptions text[], relpartbound pg_node_tree = null`,
		fixed: func(out *rows) {
			for _, d := range definitions() {
				schema := uint32(catalog.PgCatalogID)
				if d.schema == informationSchema {
					schema = catalog.InformationSchemaID
				}
				classRow(out, relationObject(d.catalog), schema, 0, -1)
			}
		},
		live: func(src *Source, out *rows) {
			for _, o := range src.userObjects() {
				pages, count := 0, src.rowCount(o.rel.ID)
				if !o.isIndex() {
					pages = int(min(src.bytes(o.oid)/8192, math.MaxInt32))
				}
				classRow(out, o, src.schemaOID(o.rel.Schema), pages, count)
			}
		},
	}
}

func classRow(out *rows, o *object, schema uint32, pages int, count float64) {
	am, file, columns, identity := 0, uint32(0), len(o.rel.Columns), byte('n')
	switch o.kind {
	case 'r', 'm':
		am, file, identity = heapAM, o.oid, 'd'
		if o.rel.Kind == catalog.Stream {
			am = streamAM
		}
	case 'i':
		am, file, columns = btreeAM, o.oid, len(o.rel.Key)
	}
	if o.rel.Kind == catalog.System {
		file, identity = 0, 'n'
	}
	isView := o.kind == 'v' || o.kind == 'm'
	out.add(o.oid, o.name(), schema, am, file, pages, float64(float32(count)),
		!o.isIndex() && hasPrimaryKey(o.rel), o.kind, columns, isView, identity, options(o))
}

// options are the WITH (...) of a relation as name=value, by name; NULL for none.
func options(o *object) any {
	if o.isIndex() || len(o.rel.Options) == 0 {
		return nil
	}
	var list []string
	for name, value := range o.rel.Options {
		list = append(list, name+"="+value)
	}
	sort.Strings(list)
	return list
}
