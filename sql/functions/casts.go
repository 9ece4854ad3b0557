package functions

import (
	"bytes"
	"math"

	"tarn/delta"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// converter is the body of a cast.
type converter = func(ctx *Context, arg *delta.Column, n int, from, to types.Type) delta.Column

// using makes a converter of a kernel of one argument.
func using(k Kernel) converter {
	return func(ctx *Context, arg *delta.Column, n int, _, _ types.Type) delta.Column {
		return k(ctx, []delta.Column{*arg}, n)
	}
}

// numberCasts are the casts between numbers, and between numbers and booleans.
func numberCasts() []Cast {
	out := []Cast{
		{int4, boolean, Explicit, using(bools(func(r *Row) (bool, error) { return r.Int(0) != 0, nil }))},
		{boolean, int4, Explicit, using(ints(func(r *Row) (int64, error) {
			if r.Bool(0) {
				return 1, nil
			}
			return 0, nil
		}))},
		{float4, float8, Implicit, nil},
		{float8, float4, Assignment, using(floats(narrowFloat))},
	}
	integers := sig(int2, int4, int8)
	for i, from := range integers {
		for j, to := range integers {
			switch {
			case i < j:
				out = append(out, Cast{from, to, Implicit, nil})
			case i > j:
				out = append(out, Cast{from, to, Assignment, narrowInt(to)})
			}
		}
		out = append(out,
			Cast{from, float4, Implicit, using(floats(func(r *Row) (float64, error) { return float64(float32(r.Int(0))), nil }))},
			Cast{from, float8, Implicit, intToFloat},
			Cast{from, numeric, Implicit, intToNumeric},
			Cast{float4, from, Assignment, using(ints(floatToInt(from)))},
			Cast{float8, from, Assignment, using(ints(floatToInt(from)))},
			Cast{numeric, from, Assignment, using(ints(func(r *Row) (int64, error) { return types.NumericToInt(r.Bytes(0), from) }))},
		)
	}
	for i, t := range sig(float4, float8) {
		bits := 32 << i
		out = append(out,
			Cast{numeric, t, Implicit, using(floats(func(r *Row) (float64, error) { return types.NumericToFloat(r.Bytes(0), bits) }))},
			Cast{t, numeric, Assignment, using(blobs(func(r *Row, dst []byte) ([]byte, error) {
				return types.NumericFromFloat(dst, r.Float(0), bits)
			}))},
		)
	}
	return out
}

func narrowInt(to types.OID) converter {
	lo, hi, overflow := intRange(to)
	return func(_ *Context, arg *delta.Column, n int, _, _ types.Type) delta.Column {
		out := *arg
		for i, v := range arg.Ints[:n] {
			if (v < lo || v > hi) && !arg.IsNull(i) {
				out.Fail(i, overflow)
			}
		}
		return out
	}
}

func intToFloat(_ *Context, arg *delta.Column, n int, _, _ types.Type) delta.Column {
	out := make([]float64, n)
	for i, v := range arg.Ints[:n] {
		out[i] = float64(v)
	}
	return delta.FloatColumn(out, arg.Valid)
}

func intToNumeric(_ *Context, arg *delta.Column, n int, _, _ types.Type) delta.Column {
	offsets, data := make([]uint32, n+1), make([]byte, 0, 9*n)
	for i, v := range arg.Ints[:n] {
		data = types.NumericFromInt(data, v)
		offsets[i+1] = uint32(len(data))
	}
	return delta.BytesColumn(offsets, data, arg.Valid)
}

// floatToInt rounds halves to even, as rint does.
func floatToInt(to types.OID) func(r *Row) (int64, error) {
	lo, hi, overflow := intRange(to)
	return func(r *Row) (int64, error) {
		v := math.RoundToEven(r.Float(0))
		if !(v >= float64(lo) && v <= float64(hi)) || to == int8 && v == -float64(math.MinInt64) {
			return 0, overflow
		}
		return int64(v), nil
	}
}

func narrowFloat(r *Row) (float64, error) {
	v := r.Float(0)
	out := float64(float32(v))
	switch {
	case math.IsInf(out, 0) && !math.IsInf(v, 0):
		return 0, errOverflow
	case out == 0 && v != 0:
		return 0, errUnderflow
	}
	return out, nil
}

// textCasts are the casts among the string types; PostgreSQL's input and output conversions are not rows.
func textCasts() []Cast {
	trim := using(unaryBlobs(func(dst, a []byte) ([]byte, error) { return append(dst, bytes.TrimRight(a, " ")...), nil }))
	shorten := func(dst, a []byte) ([]byte, error) {
		d, err := types.Parse(types.Of(name), string(a), nil)
		return append(dst, d.Bytes...), err
	}
	printed := using(unaryBlobs(func(dst, a []byte) ([]byte, error) {
		return types.AppendText(dst, types.Of(char1), types.Datum{Bytes: a}, nil), nil
	}))
	first := using(unaryBlobs(func(dst, a []byte) ([]byte, error) { return append(dst, a[:min(1, len(a))]...), nil }))
	truth := using(blobs(func(r *Row, dst []byte) ([]byte, error) {
		if r.Bool(0) {
			return append(dst, "true"...), nil
		}
		return append(dst, "false"...), nil
	}))
	return []Cast{
		{text, bpchar, Implicit, nil},
		{text, varchar, Implicit, nil},
		{bpchar, text, Implicit, trim},
		{bpchar, varchar, Implicit, trim},
		{varchar, text, Implicit, nil},
		{varchar, bpchar, Implicit, nil},
		{char1, text, Implicit, printed},
		{name, text, Implicit, nil},
		{char1, bpchar, Assignment, printed},
		{char1, varchar, Assignment, printed},
		{name, bpchar, Assignment, nil},
		{name, varchar, Assignment, nil},
		{text, char1, Assignment, first},
		{bpchar, char1, Assignment, first},
		{varchar, char1, Assignment, first},
		{text, name, Implicit, using(unaryBlobs(shorten))},
		{bpchar, name, Implicit, using(unaryBlobs(func(dst, a []byte) ([]byte, error) { return shorten(dst, bytes.TrimRight(a, " ")) }))},
		{varchar, name, Implicit, using(unaryBlobs(shorten))},
		{boolean, text, Assignment, truth},
		{boolean, bpchar, Assignment, truth},
		{boolean, varchar, Assignment, truth},
		{nodetree, text, Implicit, nil},
		{int4, char1, Explicit, using(blobs(func(r *Row, dst []byte) ([]byte, error) {
			v := r.Int(0)
			if v < math.MinInt8 || v > math.MaxInt8 {
				return nil, sqlstate.New(sqlstate.NumericValueOutOfRange, `"char" out of range`)
			}
			if v == 0 {
				return dst, nil
			}
			return append(dst, byte(v)), nil
		}))},
		{char1, int4, Explicit, using(ints(func(r *Row) (int64, error) {
			if b := r.Bytes(0); len(b) > 0 {
				return (int64(b[0]) ^ 0x80) - 0x80, nil
			}
			return 0, nil
		}))},
		{json, jsonb, Assignment, throughText},
		{jsonb, json, Assignment, nil},
	}
}

// relationNamed is the relation of a name; other than where regclass is read, a number is no name.
func relationNamed(r *Row) (int64, error) {
	if r.Ctx.Env.Objects == nil {
		return 0, sqlstate.New(sqlstate.FeatureNotSupported, "the name \"%s\" cannot be resolved here", r.Text(0))
	}
	return r.Ctx.Env.Objects.ObjectOID(regclass, r.Text(0))
}

// objectCasts are the casts of oid and the types whose values are the oids of named objects.
func objectCasts() []Cast {
	toOID := using(ints(func(r *Row) (int64, error) {
		v := r.Int(0)
		if v < 0 || v > math.MaxUint32 {
			return 0, sqlstate.New(sqlstate.NumericValueOutOfRange, "OID out of range")
		}
		return v, nil
	}))
	wrap := using(ints(func(r *Row) (int64, error) { return int64(uint32(r.Int(0))), nil }))
	signed := using(ints(func(r *Row) (int64, error) { return int64(int32(r.Int(0))), nil }))
	out := []Cast{
		{text, regclass, Implicit, using(ints(relationNamed))},
		{varchar, regclass, Implicit, using(ints(relationNamed))},
	}
	for _, t := range sig(oid, regclass, regtype, regproc, regrole, regschema) {
		out = append(out,
			Cast{int8, t, Implicit, toOID},
			Cast{int4, t, Implicit, wrap},
			Cast{int2, t, Implicit, wrap},
			Cast{t, int8, Assignment, nil},
			Cast{t, int4, Assignment, signed},
		)
		if t != oid {
			out = append(out, Cast{t, oid, Implicit, nil}, Cast{oid, t, Implicit, nil})
		}
	}
	return out
}
