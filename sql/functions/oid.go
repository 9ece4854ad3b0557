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
	element     = types.AnyElementOID
	array       = types.AnyArrayOID

	texts = types.TextArrayOID
	names = types.NameArrayOID
	oids  = types.OidArrayOID
)

// sig is the argument types of a row.
func sig(args ...types.OID) []types.OID { return args }
