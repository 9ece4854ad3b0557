package pgcatalog

import (
	"hash/fnv"

	"tarn/catalog"
)

// Derived oids. A user's relation has an oid from 16384 up; what comes with it is numbered by putting a number in front:
//
//	0x40000000 + relation   the index of its primary key
//	0x50000000 + relation   the constraint of its primary key
//	0x58000000 + relation   the rule that makes it a view
//	0x60000000 + n          the n-th default of a column, over all relations
//	0x68000000 + hash       a role or a database, by its name
//
// Functions are numbered by functions.FirstOID, operators likewise: pg_operator has its own numbers. Casts count from 1.
// All of them fit a signed 32-bit integer, which is where careless clients put them.
const (
	indexOIDs      = 0x40000000
	constraintOIDs = 0x50000000
	ruleOIDs       = 0x58000000
	defaultOIDs    = 0x60000000
	nameOIDs       = 0x68000000
)

// owner is the oid of the role that owns everything, PostgreSQL's bootstrap superuser; ownerName is its name.
const (
	owner     = 10
	ownerName = "tarn"
)

// nameOID is the oid of a role or database.
func nameOID(name string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(name))
	return nameOIDs + h.Sum32()&0x07ffffff
}

func roleOID(name string) uint32 {
	if name == ownerName {
		return owner
	}
	return nameOID(name)
}

// hasPrimaryKey tells whether a relation has a primary key that is declared, and so an index and a constraint.
func hasPrimaryKey(r *catalog.Relation) bool {
	return r.Kind == catalog.Table && len(r.Key) > 0
}

// keyName is the name of the primary key: of its constraint and its index.
func keyName(r *catalog.Relation) string {
	if r.KeyName != "" {
		return r.KeyName
	}
	return r.Name + "_pkey"
}
