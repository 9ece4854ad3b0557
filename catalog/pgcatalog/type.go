package pgcatalog

import (
	"tarn/sql/types"
)

func pgType() relation {
	return relation{oid: 1247, kind: 'r', schema: pgCatalog, name: "pg_type",
		columns: `
			oid oid!, typname name!, typnamespace oid! = 11, typowner oid! = 10, typlen int2!, typbyval bool!, typtype "char"!,
			typcategory "char"!, typispreferred bool!, typisdefined bool! = t, typdelim "char"!, typrelid oid! = 0,
			typsubscript regproc!, typelem oid!, typarray oid!, typinput regproc!, typoutput regproc!, typreceive regproc!,
			typsend regproc!, typmodin regproc!, typmodout regproc!, typanalyze regproc!, typalign "char"!, typstorage "char"!,
			typnotnull bool! = f, typbasetype oid! = 0, typtypmod int4! = -1, typndims int4! = 0, typcollation oid!,
			typdefaultbin pg_node_tree = null, typdefault text = null, typacl aclitem[] = null`,
		fixed: func(out *rows) {
			for _, info := range types.All() {
				typeRow(out, info)
			}
		},
	}
}

// Functions that pg_type names besides those of storage.functions.
const (
	arraySubscript = 6179
	rawSubscript   = 6180
	jsonbSubscript = 6098
	arrayAnalyze   = 3816
)

func typeRow(out *rows, info *types.Info) {
	s := storageOf(info.OID)
	kind, subscript, analyze, elem := byte('b'), 0, 0, info.Elem
	switch {
	case info.Category == 'A':
		subscript = arraySubscript
		if info.Name[0] == '_' {
			analyze = arrayAnalyze
		}
	case info.OID == types.NameOID:
		subscript, elem = rawSubscript, types.CharOID
	case info.OID == types.JSONBOID:
		subscript = jsonbSubscript
	}
	if info.Pseudo() {
		kind = 'p'
	}
	f := s.functions
	out.add(info.OID, info.Name, info.Len, s.byValue, kind, info.Category, info.Preferred, byte(','), subscript, elem, info.Array,
		f[0], f[1], f[2], f[3], f[4], f[5], analyze, s.align, s.storage, s.collation)
}
