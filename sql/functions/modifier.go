package functions

import (
	"math"
	"unicode/utf8"

	"tarn/delta"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// coerceModifier brings values of to's type to to's modifier: numeric is rounded, times are rounded, strings are cut or
// padded; 22001 where a string is too long and the cast is not explicit, 22003 where a numeric does not fit.
func coerceModifier(ctx *Context, c *delta.Column, n int, to types.Type, explicit bool) delta.Column {
	switch to.OID {
	case numeric:
		return keepNulls(c, n, unaryBlobs(func(dst, a []byte) ([]byte, error) { return types.NumericCoerce(dst, a, to.Mod) })(ctx, []delta.Column{*c}, n))
	case varchar, bpchar:
		if to.OID == varchar && allWithin(c, n, to.MaxLength()) {
			return *c
		}
		length, d := to.MaxLength(), types.Datum{}
		return keepNulls(c, n, unaryBlobs(func(dst, a []byte) ([]byte, error) {
			if explicit {
				a = firstRunes(a, length)
			}
			err := types.ParseBytes(to, a, &ctx.Env, &d)
			return append(dst, d.Bytes...), err
		})(ctx, []delta.Column{*c}, n))
	case clock, timestamp, timestamptz:
		unit := int64(math.Pow10(6 - int(to.Mod)))
		return keepNulls(c, n, ints(func(r *Row) (int64, error) { return roundTo64(r.Int(0), unit), nil })(ctx, []delta.Column{*c}, n))
	}
	out := delta.NewColumn(c.Kind, n)
	var d types.Datum
	var buf []byte
	for i := 0; i < n; i++ {
		if c.IsNull(i) {
			out.AppendNull()
			continue
		}
		buf = types.AppendText(buf[:0], types.Of(to.OID), c.Datum(i), &ctx.Env)
		if err := types.ParseBytes(to, buf, &ctx.Env, &d); err != nil {
			out.AppendNull()
			out.Fail(i, sqlstate.From(err))
			continue
		}
		out.AppendDatum(d)
	}
	return withErrors(out, c.Errs, n)
}

// keepNulls gives out the NULLs and errors of the column it was computed from.
func keepNulls(from *delta.Column, n int, out delta.Column) delta.Column {
	out.Valid = delta.And(out.Valid, from.Valid, n)
	return withErrors(out, from.Errs, n)
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

// firstRunes is the first n characters of b.
func firstRunes(b []byte, n int) []byte {
	if len(b) <= n {
		return b
	}
	end := 0
	for ; n > 0 && end < len(b); n-- {
		_, size := utf8.DecodeRune(b[end:])
		end += size
	}
	return b[:end]
}

// roundTo64 rounds a time to a multiple of unit, halves away from zero; infinities stay.
func roundTo64(v, unit int64) int64 {
	switch {
	case unit <= 1 || v == math.MaxInt64 || v == math.MinInt64:
		return v
	case v >= 0:
		return (v + unit/2) / unit * unit
	}
	return -((-v + unit/2) / unit * unit)
}
