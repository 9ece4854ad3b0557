package types

// Kind is how the values of a type lie in memory: which slice of a delta.Column holds them.
type Kind uint8

// The four physical kinds. Everything SQL knows is carried by one of them.
const (
	Invalid Kind = iota
	Bool         // []bool
	Int64        // []int64: integers, oids, dates (days), times and timestamps (microseconds)
	Float64      // []float64: float4 (rounded to float32) and float8
	Bytes        // offsets and data: text, bytea, jsonb, uuid, numeric, interval, arrays
)

// OID names a type as PostgreSQL's pg_type does.
type OID uint32

// Type is an SQL type: its OID and its modifier (-1 where it has none), encoded as PostgreSQL's atttypmod.
type Type struct {
	OID OID
	Mod int32
}

// Of is a type without modifier.
func Of(oid OID) Type { return Type{OID: oid, Mod: -1} }

// Datum is one value outside a column. Int holds Bool (0, 1) and Int64 kinds.
type Datum struct {
	Null  bool
	Int   int64
	Float float64
	Bytes []byte
}

// Null is the NULL of every type.
var Null = Datum{Null: true}

// The OIDs of the types Tarn knows, as PostgreSQL numbers them.
const (
	BoolOID         OID = 16
	ByteaOID        OID = 17
	CharOID         OID = 18 // "char", one byte, of the catalogue
	NameOID         OID = 19
	Int8OID         OID = 20
	Int2OID         OID = 21
	Int2VectorOID   OID = 22
	Int4OID         OID = 23
	RegprocOID      OID = 24
	TextOID         OID = 25
	OidOID          OID = 26
	XidOID          OID = 28
	OidVectorOID    OID = 30
	PgNodeTreeOID   OID = 194
	JSONOID         OID = 114
	Float4OID       OID = 700
	Float8OID       OID = 701
	UnknownOID      OID = 705
	BpcharOID       OID = 1042
	VarcharOID      OID = 1043
	DateOID         OID = 1082
	TimeOID         OID = 1083
	TimestampOID    OID = 1114
	TimestamptzOID  OID = 1184
	IntervalOID     OID = 1186
	NumericOID      OID = 1700
	RegclassOID     OID = 2205
	RegtypeOID      OID = 2206
	RecordOID       OID = 2249
	CstringOID      OID = 2275
	AnyOID          OID = 2276
	AnyArrayOID     OID = 2277
	VoidOID         OID = 2278
	AnyElementOID   OID = 2283
	AclItemOID      OID = 1033
	UUIDOID         OID = 2950
	JSONBOID        OID = 3802
	RegnamespaceOID OID = 4089
	RegroleOID      OID = 4096

	BoolArrayOID        OID = 1000
	ByteaArrayOID       OID = 1001
	CharArrayOID        OID = 1002
	NameArrayOID        OID = 1003
	Int2ArrayOID        OID = 1005
	Int4ArrayOID        OID = 1007
	TextArrayOID        OID = 1009
	BpcharArrayOID      OID = 1014
	VarcharArrayOID     OID = 1015
	Int8ArrayOID        OID = 1016
	Float4ArrayOID      OID = 1021
	Float8ArrayOID      OID = 1022
	OidArrayOID         OID = 1028
	AclItemArrayOID     OID = 1034
	TimestampArrayOID   OID = 1115
	DateArrayOID        OID = 1182
	TimeArrayOID        OID = 1183
	TimestamptzArrayOID OID = 1185
	IntervalArrayOID    OID = 1187
	NumericArrayOID     OID = 1231
	UUIDArrayOID        OID = 2951
	JSONBArrayOID       OID = 3807
)
