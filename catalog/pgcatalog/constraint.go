package pgcatalog

import (
	"tarn/catalog"
	"tarn/sql/types"
)

func pgConstraint() relation {
	return relation{oid: 2606, kind: 'r', schema: pgCatalog, name: "pg_constraint",
		columns: `
			oid oid!, conname name!, connamespace oid!, contype "char"! = p, condeferrable bool! = f, condeferred bool! = f,
			convalidated bool! = t, conrelid oid!, contypid oid! = 0, conindid oid!, conparentid oid! = 0, confrelid oid! = 0,
			confupdtype "char"! = , confdeltype "char"! = , confmatchtype "char"! = , conislocal bool! = t, coninhcount int4! = 0,
			connoinherit bool! = t, conkey int2[], confkey int2[] = null, conpfeqop oid[] = null, conppeqop oid[] = null,
			conffeqop oid[] = null, confdelsetcols int2[] = null, conexclop oid[] = null, conbin pg_node_tree = null`,
		live: func(src *Source, out *rows) {
			for _, r := range src.keyed() {
				out.add(constraintOIDs+r.ID, keyName(r), src.schemaOID(r.Schema), r.ID, indexOIDs+r.ID, keyNumbers(r))
			}
		},
	}
}

func pgIndex() relation {
	return relation{oid: 2610, kind: 'r', schema: pgCatalog, name: "pg_index",
		columns: `
			indexrelid oid!, indrelid oid!, indnatts int2!, indnkeyatts int2!, indisunique bool! = t,
			indnullsnotdistinct bool! = f, indisprimary bool! = t, indisexclusion bool! = f, indimmediate bool! = t,
			indisclustered bool! = f, indisvalid bool! = t, indcheckxmin bool! = f, indisready bool! = t, indislive bool! = t,
			indisreplident bool! = f, indkey int2vector!, indcollation oidvector!, indclass oidvector!, indoption int2vector!,
			indexprs pg_node_tree = null, indpred pg_node_tree = null`,
		live: func(src *Source, out *rows) {
			for _, r := range src.keyed() {
				n := len(r.Key)
				var collations, classes []types.OID
				for _, c := range r.Key {
					t := r.Columns[c].Type.OID
					collations = append(collations, types.OID(storageOf(t).collation))
					classes = append(classes, operatorClass(t))
				}
				out.add(indexOIDs+r.ID, r.ID, n, n, keyNumbers(r), collations, classes, make([]int, n))
			}
		},
	}
}

// keyed are the relations with a primary key.
func (s *Source) keyed() []*catalog.Relation {
	var out []*catalog.Relation
	for _, r := range s.Snapshot.Relations() {
		if hasPrimaryKey(r) {
			out = append(out, r)
		}
	}
	return out
}

// keyNumbers are the numbers of the columns of the primary key.
func keyNumbers(r *catalog.Relation) []int {
	out := make([]int, len(r.Key))
	for i, c := range r.Key {
		out[i] = c + 1
	}
	return out
}

// btreeClasses are the operator classes of b-trees, by PostgreSQL's numbers.
var btreeClasses = [...]struct {
	oid    types.OID
	name   string
	family uint32
	input  types.OID
}{
	{10000, "array_ops", 397, types.AnyArrayOID},
	{10002, "bool_ops", 424, types.BoolOID},
	{10004, "bpchar_ops", 426, types.BpcharOID},
	{10006, "bytea_ops", 428, types.ByteaOID},
	{10007, "char_ops", 429, types.CharOID},
	{3122, "date_ops", 434, types.DateOID},
	{10012, "float4_ops", 1970, types.Float4OID},
	{3123, "float8_ops", 1970, types.Float8OID},
	{1979, "int2_ops", 1976, types.Int2OID},
	{1978, "int4_ops", 1976, types.Int4OID},
	{3124, "int8_ops", 1976, types.Int8OID},
	{10022, "interval_ops", 1982, types.IntervalOID},
	{10088, "jsonb_ops", 4033, types.JSONBOID},
	{10028, "name_ops", 1994, types.NameOID},
	{3125, "numeric_ops", 1988, types.NumericOID},
	{1981, "oid_ops", 1989, types.OidOID},
	{10032, "oidvector_ops", 1991, types.OidVectorOID},
	{10034, "record_ops", 2994, types.RecordOID},
	{3126, "text_ops", 1994, types.TextOID},
	{10038, "time_ops", 1996, types.TimeOID},
	{3128, "timestamp_ops", 434, types.TimestampOID},
	{3127, "timestamptz_ops", 434, types.TimestamptzOID},
	{10065, "uuid_ops", 2968, types.UUIDOID},
}

// operatorClass is the class that orders the values of a type.
func operatorClass(t types.OID) types.OID {
	switch {
	case t == types.VarcharOID:
		t = types.TextOID
	case t == types.RegclassOID, t == types.RegtypeOID, t == types.RegprocOID, t == types.RegnamespaceOID, t == types.RegroleOID:
		t = types.OidOID
	case t != types.OidVectorOID && types.Of(t).IsArray():
		t = types.AnyArrayOID
	}
	for _, c := range btreeClasses {
		if c.input == t {
			return c.oid
		}
	}
	return 0
}

func pgOpclass() relation {
	return relation{oid: 2616, kind: 'r', schema: pgCatalog, name: "pg_opclass",
		columns: `
			oid oid!, opcmethod oid! = 403, opcname name!, opcnamespace oid! = 11, opcowner oid! = 10, opcfamily oid!, opcintype oid!,
			opcdefault bool! = t, opckeytype oid! = 0`,
		fixed: func(out *rows) {
			for _, c := range btreeClasses {
				out.add(c.oid, c.name, c.family, c.input)
			}
		},
	}
}
