package types

// Info is what is true of every type with one OID: a row of the table below.
type Info struct {
	OID       OID
	Name      string // internal name: int4
	SQLName   string // as format_type prints it: integer
	Kind      Kind
	Category  byte // pg_type.typcategory
	Preferred bool // the preferred type of its category
	Len       int16
	Array     OID // the type of its arrays, 0 if none
	Elem      OID // of an array type, the type of its elements
	codec
}

// codec is what differs between types in code. A nil entry means: not possible (in, out, recv, send), or as the kind
// does it (compare, key). Arrays and regtype need the table itself and are dispatched in codec.go.
type codec struct {
	in      func(d *Datum, s string, mod int32, env *Env) error
	out     func(dst []byte, d Datum, env *Env) []byte
	recv    func(d *Datum, b []byte, mod int32) error
	send    func(dst []byte, d Datum) []byte
	compare func(a, b Datum) int
	key     func(dst []byte, d Datum) []byte
}

// Pseudo reports whether values of the type cannot be stored in a column.
func (i *Info) Pseudo() bool { return i.Category == 'P' || i.OID == UnknownOID }

// OIDs of array types beyond those of type.go.
const (
	JSONArrayOID         OID = 199
	RegprocArrayOID      OID = 1008
	XidArrayOID          OID = 1011
	RegclassArrayOID     OID = 2210
	RegtypeArrayOID      OID = 2211
	RegnamespaceArrayOID OID = 4090
	RegroleArrayOID      OID = 4097
)

// OIDs of types that only functions of PostgreSQL's own have; clients compare with them.
const (
	TriggerOID  OID = 2279
	InternalOID OID = 2281
)

// infos is the table of types. The array types are derived from its column Array.
var infos = [...]Info{
	{BoolOID, "bool", "boolean", Bool, 'B', true, 1, BoolArrayOID, 0, boolCodec},
	{ByteaOID, "bytea", "bytea", Bytes, 'U', false, -1, ByteaArrayOID, 0, byteaCodec},
	{CharOID, "char", `"char"`, Bytes, 'Z', false, 1, CharArrayOID, 0, charCodec},
	{NameOID, "name", "name", Bytes, 'S', false, 64, NameArrayOID, 0, nameCodec},
	{Int8OID, "int8", "bigint", Int64, 'N', false, 8, Int8ArrayOID, 0, int8Codec},
	{Int2OID, "int2", "smallint", Int64, 'N', false, 2, Int2ArrayOID, 0, int2Codec},
	{Int2VectorOID, "int2vector", "int2vector", Bytes, 'A', false, -1, 0, Int2OID, int2vectorCodec},
	{Int4OID, "int4", "integer", Int64, 'N', false, 4, Int4ArrayOID, 0, int4Codec},
	{RegprocOID, "regproc", "regproc", Int64, 'N', false, 4, RegprocArrayOID, 0, regCodec(RegprocOID)},
	{TextOID, "text", "text", Bytes, 'S', true, -1, TextArrayOID, 0, textCodec},
	{OidOID, "oid", "oid", Int64, 'N', true, 4, OidArrayOID, 0, oidCodec},
	{XidOID, "xid", "xid", Int64, 'U', false, 4, XidArrayOID, 0, xidCodec},
	{OidVectorOID, "oidvector", "oidvector", Bytes, 'A', false, -1, 0, OidOID, oidvectorCodec},
	{JSONOID, "json", "json", Bytes, 'U', false, -1, JSONArrayOID, 0, jsonCodec},
	{PgNodeTreeOID, "pg_node_tree", "pg_node_tree", Bytes, 'Z', false, -1, 0, 0, textCodec},
	{Float4OID, "float4", "real", Float64, 'N', false, 4, Float4ArrayOID, 0, float4Codec},
	{Float8OID, "float8", "double precision", Float64, 'N', true, 8, Float8ArrayOID, 0, float8Codec},
	{UnknownOID, "unknown", "unknown", Bytes, 'X', false, -2, 0, 0, textCodec},
	{AclItemOID, "aclitem", "aclitem", Bytes, 'U', false, 12, AclItemArrayOID, 0, textCodec},
	{BpcharOID, "bpchar", "character", Bytes, 'S', false, -1, BpcharArrayOID, 0, bpcharCodec},
	{VarcharOID, "varchar", "character varying", Bytes, 'S', false, -1, VarcharArrayOID, 0, varcharCodec},
	{DateOID, "date", "date", Int64, 'D', false, 4, DateArrayOID, 0, dateCodec},
	{TimeOID, "time", "time without time zone", Int64, 'D', false, 8, TimeArrayOID, 0, timeCodec},
	{TimestampOID, "timestamp", "timestamp without time zone", Int64, 'D', false, 8, TimestampArrayOID, 0, timestampCodec},
	{TimestamptzOID, "timestamptz", "timestamp with time zone", Int64, 'D', true, 8, TimestamptzArrayOID, 0, timestamptzCodec},
	{IntervalOID, "interval", "interval", Bytes, 'T', true, 16, IntervalArrayOID, 0, intervalCodec},
	{NumericOID, "numeric", "numeric", Bytes, 'N', false, -1, NumericArrayOID, 0, numericCodec},
	{RegclassOID, "regclass", "regclass", Int64, 'N', false, 4, RegclassArrayOID, 0, regCodec(RegclassOID)},
	{RegtypeOID, "regtype", "regtype", Int64, 'N', false, 4, RegtypeArrayOID, 0, regCodec(RegtypeOID)},
	{RecordOID, "record", "record", Bytes, 'P', false, -1, 0, 0, codec{}},
	{CstringOID, "cstring", "cstring", Bytes, 'P', false, -2, 0, 0, textCodec},
	{AnyOID, "any", `"any"`, Invalid, 'P', false, 4, 0, 0, codec{}},
	{AnyArrayOID, "anyarray", "anyarray", Invalid, 'P', false, -1, 0, 0, codec{}},
	{VoidOID, "void", "void", Bytes, 'P', false, 4, 0, 0, voidCodec},
	{TriggerOID, "trigger", "trigger", Invalid, 'P', false, 4, 0, 0, codec{}},
	{InternalOID, "internal", "internal", Invalid, 'P', false, 8, 0, 0, codec{}},
	{AnyElementOID, "anyelement", "anyelement", Invalid, 'P', false, 4, 0, 0, codec{}},
	{UUIDOID, "uuid", "uuid", Bytes, 'U', false, 16, UUIDArrayOID, 0, uuidCodec},
	{JSONBOID, "jsonb", "jsonb", Bytes, 'U', false, -1, JSONBArrayOID, 0, jsonbCodec},
	{RegnamespaceOID, "regnamespace", "regnamespace", Int64, 'N', false, 4, RegnamespaceArrayOID, 0, regCodec(RegnamespaceOID)},
	{RegroleOID, "regrole", "regrole", Int64, 'N', false, 4, RegroleArrayOID, 0, regCodec(RegroleOID)},
}

// spellings are the names of types in SQL that are neither a Name nor a SQLName of the table.
var spellings = map[string]OID{
	"int":          Int4OID,
	"float":        Float8OID,
	"decimal":      NumericOID,
	"dec":          NumericOID,
	"char":         BpcharOID, // "char" with the quotes is the one-byte type
	"nchar":        BpcharOID,
	"time":         TimeOID,
	"timestamp":    TimestampOID,
	"char varying": VarcharOID,
}

// maxOID bounds the table that finds a type by its OID.
const maxOID = 4100

// all is infos followed by the array types; byOID and byName index it.
var (
	all    = withArrays()
	byOID  = indexOIDs()
	byName = indexNames()
)

func withArrays() []Info {
	rows := append([]Info(nil), infos[:]...)
	for i := range infos {
		if elem := &infos[i]; elem.Array != 0 {
			rows = append(rows, Info{
				OID: elem.Array, Name: "_" + elem.Name, SQLName: elem.SQLName + "[]",
				Kind: Bytes, Category: 'A', Len: -1, Elem: elem.OID,
			})
		}
	}
	return rows
}

func indexOIDs() *[maxOID]*Info {
	index := new([maxOID]*Info)
	for i := range all {
		index[all[i].OID] = &all[i]
	}
	return index
}

func indexNames() map[string]OID {
	index := make(map[string]OID, 3*len(all))
	for i := range all {
		index[all[i].Name] = all[i].OID
		index[all[i].SQLName] = all[i].OID
	}
	for name, oid := range spellings {
		index[name] = oid
	}
	return index
}

// All is every type, ordinary ones first, then arrays. The caller must not change the rows.
func All() []*Info {
	rows := make([]*Info, len(all))
	for i := range all {
		rows[i] = &all[i]
	}
	return rows
}

// Lookup finds a type by its OID.
func Lookup(oid OID) (*Info, bool) {
	if oid >= maxOID || byOID[oid] == nil {
		return nil, false
	}
	return byOID[oid], true
}

// ByName finds a type by a name in lower case: internal (int4, _int4), SQL (integer, timestamp with time zone), an alias
// (decimal), any of them followed by [] for its arrays. char is character; "char", with its quotes, the one-byte type.
func ByName(name string) (OID, bool) {
	if oid, ok := byName[name]; ok {
		return oid, true
	}
	if n := len(name); n > 2 && name[n-2:] == "[]" {
		if elem, ok := ByName(name[:n-2]); ok {
			info := byOID[elem]
			if info.Category == 'A' { // int[][] is int[]
				return elem, true
			}
			return info.Array, info.Array != 0
		}
	}
	return 0, false
}

// invalidInfo stands for an OID that names no type, so that Info never returns nil.
var invalidInfo = Info{Name: "???", SQLName: "???"}

// Info is the row of the type; for an unknown OID one of Kind Invalid named ???.
func (t Type) Info() *Info {
	if t.OID >= maxOID || byOID[t.OID] == nil {
		return &invalidInfo
	}
	return byOID[t.OID]
}

// Kind is how values of the type lie in memory; Invalid for an unknown or polymorphic type.
func (t Type) Kind() Kind { return t.Info().Kind }

// IsArray reports whether values are arrays in the encoding of array.go.
func (t Type) IsArray() bool { return t.Info().Category == 'A' }

// Elem is the type of an array's elements, with the array's modifier.
func (t Type) Elem() Type { return Type{OID: t.Info().Elem, Mod: t.Mod} }
