package functions

import "tarn/sql/types"

// Names for the types in the tables of this package, as SQL writes them.
const (
	boolean     = types.BoolOID
	bytea       = types.ByteaOID
	char1       = types.CharOID // "char"
	name        = types.NameOID
	int2        = types.Int2OID
	int4        = types.Int4OID
	int8        = types.Int8OID
	oid         = types.OidOID
	xid         = types.XidOID
	text        = types.TextOID
	bpchar      = types.BpcharOID
	varchar     = types.VarcharOID
	float4      = types.Float4OID
	float8      = types.Float8OID
	numeric     = types.NumericOID
	date        = types.DateOID
	clock       = types.TimeOID
	timestamp   = types.TimestampOID
	timestamptz = types.TimestamptzOID
	interval    = types.IntervalOID
	uuid        = types.UUIDOID
	json        = types.JSONOID
	jsonb       = types.JSONBOID
	regclass    = types.RegclassOID
	regtype     = types.RegtypeOID
	regproc     = types.RegprocOID
	regrole     = types.RegroleOID
	regschema   = types.RegnamespaceOID
	nodetree    = types.PgNodeTreeOID
	record      = types.RecordOID
	void        = types.VoidOID
	unknown     = types.UnknownOID
	anything    = types.AnyOID
	element     = types.AnyElementOID // all of one type in a call
	array       = types.AnyArrayOID

	// Polymorphic types that only the tables know (a call that is resolved never has them), numbered as PostgreSQL's:
	// anyelement but no array; and the anycompatible types, whose arguments are brought to a common type.
	nonarray    types.OID = 2776
	compatible  types.OID = 5077
	compatibles types.OID = 5078

	texts = types.TextArrayOID
	names = types.NameArrayOID
	oids  = types.OidArrayOID
)

// sig is the argument types of a row.
func sig(args ...types.OID) []types.OID { return args }
