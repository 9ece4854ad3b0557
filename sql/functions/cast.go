package functions

import (
	"tarn/delta"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// FindCast finds how a value of type from becomes one of type to where casts of kind ctx apply. A nil Cast with ok is a
// conversion through the text form (from unknown, and to and from the string types), or none at all (from = to).
func FindCast(from, to types.OID, ctx CastContext) (*Cast, bool) {
	if from == to || from == unknown {
		return nil, true
	}
	if c, ok := load().castByType[castKey{from, to}]; ok {
		if c.Context <= ctx {
			return c, true
		}
		return nil, false
	}
	source, target := types.Of(from).Info(), types.Of(to).Info()
	if source.Elem != 0 && target.Elem != 0 && source.Category == 'A' && target.Category == 'A' {
		return findArrayCast(from, to, source.Elem, target.Elem, ctx)
	}
	if ctx >= Assignment && target.Category == 'S' && source.Category != 'P' || ctx == Explicit && source.Category == 'S' && target.Category != 'P' {
		return nil, true
	}
	return nil, false
}

// Convert applies a cast that FindCast found to the n rows of arg, then the modifier of to. In an explicit cast strings
// too long for char(n) and varchar(n) are cut; otherwise they are an error (22001). Errors of arg stay with their rows.
func Convert(ctx *Context, c *Cast, arg *delta.Column, n int, from, to types.Type, explicit bool) delta.Column {
	masked := maskErrors(arg, n)
	out := masked
	switch {
	case c != nil && c.Eval != nil:
		out = c.Eval(ctx, &masked, n, from, types.Of(to.OID))
		out.Valid = delta.And(out.Valid, masked.Valid, n)
	case c == nil && from.OID != to.OID:
		out = throughText(ctx, &masked, n, from, types.Of(to.OID))
	}
	if to.Mod >= 0 && !(from.OID == to.OID && from.Mod == to.Mod) {
		out = coerceModifier(&out, n, to, explicit)
	}
	return withErrors(out, arg.Errs, n)
}

// throughText prints every value and reads it back as the other type.
func throughText(ctx *Context, arg *delta.Column, n int, from, to types.Type) delta.Column {
	out := delta.NewColumn(to.Kind(), n)
	var buf []byte
	var d types.Datum
	plain := from.Info().Category == 'S' && from.OID != types.BpcharOID || from.OID == unknown
	for i := 0; i < n; i++ {
		if arg.IsNull(i) {
			out.AppendNull()
			continue
		}
		var form []byte
		if plain {
			form = arg.Bytes(i)
		} else {
			buf = types.AppendText(buf[:0], from, arg.Datum(i), &ctx.Env)
			form = buf
		}
		if to.OID == text || to.OID == varchar {
			out.AppendBytes(form)
			continue
		}
		if err := types.ParseBytes(to, form, &ctx.Env, &d); err != nil {
			out.AppendNull()
			out.Fail(i, sqlstate.From(err))
			continue
		}
		out.AppendDatum(d)
	}
	return out
}

// CannotCast is the error of a cast that does not exist (42846).
func CannotCast(from, to types.Type) *sqlstate.Error {
	return sqlstate.New(sqlstate.CannotCoerce, "cannot cast type %s to %s", from, to)
}

// CastVolatility is that of a conversion as FindCast found it: one that reads or prints times in the session's zone, or
// looks at the catalogue, is stable.
func CastVolatility(from, to types.OID, c *Cast) Volatility {
	if c == nil && from == to || c != nil && c.Eval == nil {
		return Immutable
	}
	for _, t := range []types.OID{from, to} {
		if elem := types.Of(t).Info().Elem; elem != 0 {
			t = elem
		}
		switch t {
		case timestamptz, regclass, regproc, regtype, regrole, regschema:
			return Stable
		case date, timestamp, clock:
			// their text forms include now, today and the like
			if from == text || from == varchar || from == bpchar || from == unknown {
				return Stable
			}
		}
	}
	return Immutable
}

// castKernel is a cast as the body of a function.
func castKernel(c *Cast, from, to types.OID) Kernel {
	return func(ctx *Context, args []delta.Column, n int) delta.Column {
		return Convert(ctx, c, &args[0], n, types.Of(from), types.Of(to), true)
	}
}
