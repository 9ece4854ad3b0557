package functions

import "tarn/sql/types"

func findArrayCast(from, to, fromElem, toElem types.OID, ctx CastContext) (*Cast, bool) {
	return nil, false
}
