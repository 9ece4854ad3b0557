package pgcatalog

import (
	"sync"

	"tarn/sql/types"
)

// storage is what pg_type says of how PostgreSQL stores a type and which functions read and write it. Clients look at it;
// Tarn stores values as tarn/sql/types says.
type storage struct {
	name      string
	joint     string    // between the type's name and in, out, recv and send in the names of its functions
	functions [6]uint32 // oids of the functions that read and write it, from ioIn to ioModifierOut; 0 for none
	byValue   bool
	align     byte
	storage   byte
	collation uint32
}

// collations: default, and C for names.
const (
	defaultCollation = 100
	cCollation       = 950
)

// storages has a row for each type that is no array, by oid.
func storages() []storage {
	return []storage{
		{"bool", "", [6]uint32{1242, 1243, 2436, 2437}, true, 'c', 'p', 0},
		{"bytea", "", [6]uint32{1244, 31, 2412, 2413}, false, 'i', 'x', 0},
		{"char", "", [6]uint32{1245, 33, 2434, 2435}, true, 'c', 'p', 0},
		{"name", "", [6]uint32{34, 35, 2422, 2423}, false, 'c', 'p', cCollation},
		{"int8", "", [6]uint32{460, 461, 2408, 2409}, true, 'd', 'p', 0},
		{"int2", "", [6]uint32{38, 39, 2404, 2405}, true, 's', 'p', 0},
		{"int2vector", "", [6]uint32{40, 41, 2410, 2411}, false, 'i', 'p', 0},
		{"int4", "", [6]uint32{42, 43, 2406, 2407}, true, 'i', 'p', 0},
		{"regproc", "", [6]uint32{44, 45, 2444, 2445}, true, 'i', 'p', 0},
		{"text", "", [6]uint32{46, 47, 2414, 2415}, false, 'i', 'x', defaultCollation},
		{"oid", "", [6]uint32{1798, 1799, 2418, 2419}, true, 'i', 'p', 0},
		{"xid", "", [6]uint32{50, 51, 2440, 2441}, true, 'i', 'p', 0},
		{"oidvector", "", [6]uint32{54, 55, 2420, 2421}, false, 'i', 'p', 0},
		{"json", "_", [6]uint32{321, 322, 323, 324}, false, 'i', 'x', 0},
		{"pg_node_tree", "_", [6]uint32{195, 196, 197, 198}, false, 'i', 'x', defaultCollation},
		{"float4", "", [6]uint32{200, 201, 2424, 2425}, true, 'i', 'p', 0},
		{"float8", "", [6]uint32{214, 215, 2426, 2427}, true, 'd', 'p', 0},
		{"unknown", "", [6]uint32{109, 110, 2416, 2417}, false, 'c', 'p', 0},
		{"aclitem", "", [6]uint32{1031, 1032}, false, 'i', 'p', 0},
		{"bpchar", "", [6]uint32{1044, 1045, 2430, 2431, 2913, 2914}, false, 'i', 'x', defaultCollation},
		{"varchar", "", [6]uint32{1046, 1047, 2432, 2433, 2915, 2916}, false, 'i', 'x', defaultCollation},
		{"date", "_", [6]uint32{1084, 1085, 2468, 2469}, true, 'i', 'p', 0},
		{"time", "_", [6]uint32{1143, 1144, 2470, 2471, 2909, 2910}, true, 'd', 'p', 0},
		{"timestamp", "_", [6]uint32{1312, 1313, 2474, 2475, 2905, 2906}, true, 'd', 'p', 0},
		{"timestamptz", "_", [6]uint32{1150, 1151, 2476, 2477, 2907, 2908}, true, 'd', 'p', 0},
		{"interval", "_", [6]uint32{1160, 1161, 2478, 2479, 2903, 2904}, false, 'd', 'p', 0},
		{"numeric", "_", [6]uint32{1701, 1702, 2460, 2461, 2917, 2918}, false, 'i', 'm', 0},
		{"regclass", "", [6]uint32{2218, 2219, 2452, 2453}, true, 'i', 'p', 0},
		{"regtype", "", [6]uint32{2220, 2221, 2454, 2455}, true, 'i', 'p', 0},
		{"record", "_", [6]uint32{2290, 2291, 2402, 2403}, false, 'd', 'x', 0},
		{"cstring", "_", [6]uint32{2292, 2293, 2500, 2501}, false, 'c', 'p', 0},
		{"any", "_", [6]uint32{2294, 2295}, true, 'i', 'p', 0},
		{"anyarray", "_", [6]uint32{2296, 2297, 2502, 2503}, false, 'd', 'x', 0},
		{"void", "_", [6]uint32{2298, 2299, 3120, 3121}, true, 'i', 'p', 0},
		{"trigger", "_", [6]uint32{2300, 2301}, true, 'i', 'p', 0},
		{"internal", "_", [6]uint32{2304, 2305}, true, 'd', 'p', 0},
		{"anyelement", "_", [6]uint32{2312, 2313}, true, 'i', 'p', 0},
		{"uuid", "_", [6]uint32{2952, 2953, 2961, 2962}, false, 'c', 'p', 0},
		{"jsonb", "_", [6]uint32{3806, 3804, 3805, 3803}, false, 'i', 'x', 0},
		{"regnamespace", "", [6]uint32{4084, 4085, 4087, 4088}, true, 'i', 'p', 0},
		{"regrole", "", [6]uint32{4098, 4092, 4094, 4095}, true, 'i', 'p', 0},
	}
}

// ioSuffixes end the names of the functions of a type.
var ioSuffixes = [...]string{"in", "out", "recv", "send", "typmodin", "typmodout"}

// arrayFunctions read and write all arrays.
var arrayFunctions = [6]uint32{750, 751, 2400, 2401}

var stored struct {
	once sync.Once
	of   map[types.OID]storage
	io   []ioFunction
}

// ioFunction is a function that reads or writes a type.
type ioFunction struct {
	oid  uint32
	name string
	typ  types.OID
	role int // which of them: ioIn to ioModifierOut
}

// The places in storage.functions.
const (
	ioIn = iota
	ioOut
	ioRecv
	ioSend
	ioModifierIn
	ioModifierOut
)

func loadStorage() {
	stored.once.Do(func() {
		stored.of = map[types.OID]storage{}
		add := func(s storage, t types.OID, prefix string) {
			for i, oid := range s.functions {
				if oid != 0 {
					name := prefix + s.joint + ioSuffixes[i]
					if i >= ioModifierIn {
						name = prefix + ioSuffixes[i]
					}
					stored.io = append(stored.io, ioFunction{oid, name, t, i})
				}
			}
		}
		for _, s := range storages() {
			t, _ := types.ByName(s.name)
			if s.name == "char" {
				t = types.CharOID
			}
			stored.of[t] = s
			add(s, t, s.name)
		}
		add(storage{joint: "_", functions: arrayFunctions}, types.AnyArrayOID, "array")
		for _, info := range types.All() {
			if elem := info.Elem; info.Name[0] == '_' {
				s := storage{name: info.Name, functions: arrayFunctions, align: 'i', storage: 'x', collation: stored.of[elem].collation}
				if stored.of[elem].align == 'd' {
					s.align = 'd'
				}
				typmod := stored.of[elem].functions
				s.functions[4], s.functions[5] = typmod[4], typmod[5]
				stored.of[info.OID] = s
			}
		}
	})
}

func storageOf(t types.OID) storage {
	loadStorage()
	return stored.of[t]
}

// ioFunctions are the functions that read and write types.
func ioFunctions() []ioFunction {
	loadStorage()
	return stored.io
}
