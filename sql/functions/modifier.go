package functions

import (
	"tarn/delta"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// coerceModifier brings values of to's type to to's modifier, as types.Coerce does; NULLs and errors of c stay.
func coerceModifier(c *delta.Column, n int, to types.Type, explicit bool) delta.Column {
	if to.OID == varchar && allWithin(c, n, to.MaxLength()) {
		return *c
	}
	out := delta.NewColumn(c.Kind, n)
	for i := 0; i < n; i++ {
		if c.IsNull(i) || c.Errs.Err(i) != nil {
			out.AppendNull()
			continue
		}
		d := c.Datum(i)
		if err := types.Coerce(to, &d, explicit); err != nil {
			out.AppendNull()
			out.Fail(i, sqlstate.From(err))
			continue
		}
		out.AppendDatum(d)
	}
	return withErrors(out, c.Errs, n)
}

// allWithin tells whether no value has more than length bytes, and so none more characters.
func allWithin(c *delta.Column, n, length int) bool {
	for i := 0; i < n; i++ {
		if int(c.Offsets[i+1]-c.Offsets[i]) > length {
			return false
		}
	}
	return true
}

// roundTime rounds a time to a multiple of unit, halves away from zero; infinities stay.
func roundTime(v, unit int64) int64 {
	switch {
	case unit <= 1 || !types.IsFinite(v):
		return v
	case v >= 0:
		return (v + unit/2) / unit * unit
	}
	return -((-v + unit/2) / unit * unit)
}
