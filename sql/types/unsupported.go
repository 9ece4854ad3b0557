package types

import (
	"strings"

	"tarn/sql/sqlstate"
)

// unsupportedTypes are types of PostgreSQL that are not there: whoever names one is told so, instead of that there is no such type.
// Pseudo-types and types of the server's inside are not among them.
var unsupportedTypes = strings.Fields(`bit varbit money inet cidr macaddr macaddr8 box circle line lseg path point polygon
	int4range int8range numrange daterange tsrange tstzrange
	int4multirange int8multirange nummultirange datemultirange tsmultirange tstzmultirange
	jsonpath xml tsvector tsquery timetz pg_lsn pg_snapshot txid_snapshot refcursor tid cid xid8
	regcollation regconfig regdictionary regoper regoperator regprocedure`)

// Missing is the error for the name of a type that ByName does not find, shown as full: 0A000 where PostgreSQL has one of the name,
// 42704 otherwise.
func Missing(name, full string) *sqlstate.Error {
	for _, t := range unsupportedTypes {
		if name == t {
			return sqlstate.New(sqlstate.FeatureNotSupported, "type %s is not supported", t)
		}
	}
	return sqlstate.New(sqlstate.UndefinedObject, "type \"%s\" does not exist", full)
}
