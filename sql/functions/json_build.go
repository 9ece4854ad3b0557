package functions

import (
	"math"

	"tarn/delta"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// jsonBuilders make json and jsonb of other values.
func jsonBuilders() []Function {
	var out []Function
	for _, t := range sig(json, jsonb) {
		prefix := types.Of(t).Info().Name + "_"
		out = append(out,
			Function{Name: "to_" + types.Of(t).Info().Name, Args: sig(element), Returns: t, Volatility: Stable, Standing: true, Bind: func(args []types.OID) Kernel {
				of := types.Of(args[0])
				return blobs(func(r *Row, dst []byte) ([]byte, error) {
					return asJSON(t, dst, appendJSONOf(nil, of, r.datum(0), &r.Ctx.Env))
				})
			}},
			Function{Name: prefix + "build_array", Args: sig(anything), Variadic: true, Optional: 1, Returns: t, Volatility: Stable, Standing: true, NullCall: true, Bind: buildArray(t)},
			Function{Name: prefix + "build_object", Args: sig(anything), Variadic: true, Optional: 1, Returns: t, Volatility: Stable, Standing: true, NullCall: true, Bind: buildObject(t)},
			Function{Name: prefix + "object", Args: sig(texts), Returns: t, Eval: blobs(objectOfTexts(t))},
			Function{Name: prefix + "object", Args: sig(texts, texts), Returns: t, Eval: blobs(objectOfTexts(t))},
		)
	}
	return append(out,
		Function{Name: "row_to_json", Args: sig(record), Returns: json, Volatility: Stable, Standing: true, Eval: blobs(func(r *Row, dst []byte) ([]byte, error) {
			return appendJSONOf(dst, types.Of(record), r.datum(0), &r.Ctx.Env), nil
		})},
		Function{Name: "array_to_json", Args: sig(array), Returns: json, Volatility: Stable, Standing: true, Bind: func(args []types.OID) Kernel {
			of := types.Of(args[0])
			return blobs(func(r *Row, dst []byte) ([]byte, error) { return appendJSONOf(dst, of, r.datum(0), &r.Ctx.Env), nil })
		}},
	)
}

// asJSON appends a JSON text as it stands, or, for jsonb, in canonical form.
func asJSON(t types.OID, dst, form []byte) ([]byte, error) {
	if t == jsonb {
		return types.JSONBCanonical(dst, string(form))
	}
	return append(dst, form...), nil
}

// appendJSONOf appends any value as JSON, as to_json has it: numbers and booleans as such, times in ISO 8601, arrays and
// records as arrays and objects, and everything else as a string of its text.
func appendJSONOf(dst []byte, t types.Type, d types.Datum, env *types.Env) []byte {
	if d.Null {
		return append(dst, "null"...)
	}
	switch t.OID {
	case boolean:
		if d.Int != 0 {
			return append(dst, "true"...)
		}
		return append(dst, "false"...)
	case int2, int4, int8:
		return types.AppendText(dst, t, d, env)
	case float4, float8:
		if !math.IsNaN(d.Float) && !math.IsInf(d.Float, 0) {
			return types.AppendText(dst, t, d, env)
		}
	case numeric:
		if !types.NumericIsNaN(d.Bytes) && types.NumericIsInf(d.Bytes) == 0 {
			return types.AppendText(dst, t, d, env)
		}
	case json, jsonb:
		return append(dst, d.Bytes...)
	case timestamp, timestamptz:
		form := types.AppendText(nil, t, d, env)
		for i, c := range form {
			if c == ' ' && i+1 < len(form) && form[i+1] != 'B' {
				form[i] = 'T'
			}
		}
		if t.OID == timestamptz && types.IsFinite(d.Int) {
			form = fullOffset(form)
		}
		return types.AppendJSONString(dst, form)
	case record:
		return appendJSONRecord(dst, d.Bytes, env)
	}
	if t.IsArray() {
		a := types.DecodeArray(t.Elem().Kind(), d.Bytes)
		if len(a.Dims) == 0 {
			return append(dst, "[]"...)
		}
		dst, _ = appendJSONArray(dst, types.Of(t.Elem().OID), a.Dims, a.Elems, env)
		return dst
	}
	return types.AppendJSONString(dst, types.AppendText(nil, t, d, env))
}

// fullOffset writes the offset of a timestamptz with its minutes: +02 becomes +02:00.
func fullOffset(form []byte) []byte {
	if n := len(form); n > 3 && (form[n-3] == '+' || form[n-3] == '-') {
		return append(form, ":00"...)
	}
	return form
}

func appendJSONArray(dst []byte, elem types.Type, dims []types.Dim, elems []types.Datum, env *types.Env) ([]byte, []types.Datum) {
	dst = append(dst, '[')
	for i := range dims[0].Len {
		if i > 0 {
			dst = append(dst, ',')
		}
		if len(dims) > 1 {
			dst, elems = appendJSONArray(dst, elem, dims[1:], elems, env)
		} else {
			dst, elems = appendJSONOf(dst, elem, elems[0], env), elems[1:]
		}
	}
	return append(dst, ']'), elems
}

// appendJSONRecord names the fields of a row f1, f2, ...
func appendJSONRecord(dst, b []byte, env *types.Env) []byte {
	dst = append(dst, '{')
	types.RecordEach(b, func(i int, t types.Type, d types.Datum) bool {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, '"', 'f')
		dst = types.AppendText(dst, types.Of(int4), types.Datum{Int: int64(i) + 1}, nil)
		dst = append(dst, '"', ':')
		dst = appendJSONOf(dst, t, d, env)
		return true
	})
	return append(dst, '}')
}

func buildArray(t types.OID) func(args []types.OID) Kernel {
	return func(args []types.OID) Kernel {
		args = append([]types.OID(nil), args...)
		return nullBlobs(func(r *Row, dst []byte) ([]byte, error) {
			items := make([][]byte, len(args))
			for k, of := range args {
				items[k] = appendJSONOf(nil, types.Of(of), r.datum(k), &r.Ctx.Env)
			}
			return asJSON(t, dst, appendItems(nil, items))
		})
	}
}

func buildObject(t types.OID) func(args []types.OID) Kernel {
	return func(args []types.OID) Kernel {
		args = append([]types.OID(nil), args...)
		return nullBlobs(func(r *Row, dst []byte) ([]byte, error) {
			if len(args)%2 != 0 {
				return nil, sqlstate.New(sqlstate.InvalidParameterValue, "argument list must have even number of elements").
					WithHint("The arguments of %s_build_object() must consist of alternating keys and values.", types.Of(t))
			}
			form := []byte{'{'}
			for k := 0; k < len(args); k += 2 {
				if r.Null(k) {
					if t == jsonb {
						return nil, jsonError("argument %d: key must not be null", k+1)
					}
					return nil, jsonError("argument %d cannot be null", k+1)
				}
				if k > 0 {
					form = append(form, ", "...)
				}
				form = types.AppendJSONString(form, appendTextOf(nil, r, k, args[k]))
				form = append(form, " : "...)
				form = appendJSONOf(form, types.Of(args[k+1]), r.datum(k+1), &r.Ctx.Env)
			}
			return asJSON(t, dst, append(form, '}'))
		})
	}
}

// objectOfTexts makes an object of pairs, or of an array of keys and one of values.
func objectOfTexts(t types.OID) func(r *Row, dst []byte) ([]byte, error) {
	return func(r *Row, dst []byte) ([]byte, error) {
		a := r.unpack(0, types.Bytes)
		keys := a.Elems
		var values []types.Datum
		if len(r.Args) > 1 {
			b := r.unpack(1, types.Bytes)
			values = b.Elems
			switch {
			case len(a.Dims) > 1 || len(a.Dims) != len(b.Dims):
				return nil, jsonMismatch("wrong number of array subscripts")
			case len(values) != len(keys):
				return nil, jsonMismatch("mismatched array dimensions")
			}
		} else {
			switch {
			case len(a.Dims) == 1 && len(keys)%2 != 0:
				return nil, jsonMismatch("array must have even number of elements")
			case len(a.Dims) == 2 && a.Dims[1].Len != 2:
				return nil, jsonMismatch("array must have two columns")
			case len(a.Dims) > 2:
				return nil, jsonMismatch("wrong number of array subscripts")
			}
			pairs := keys
			keys = nil
			for i := 0; i < len(pairs); i += 2 {
				keys, values = append(keys, pairs[i]), append(values, pairs[i+1])
			}
		}
		form := []byte{'{'}
		for i := range keys {
			if keys[i].Null {
				return nil, jsonNullKey()
			}
			if i > 0 {
				form = append(form, ", "...)
			}
			form = append(types.AppendJSONString(form, keys[i].Bytes), " : "...)
			if values[i].Null {
				form = append(form, "null"...)
			} else {
				form = types.AppendJSONString(form, values[i].Bytes)
			}
		}
		return asJSON(t, dst, append(form, '}'))
	}
}

// jsonAggregates collect values into json and jsonb.
func jsonAggregates() []Aggregate {
	var out []Aggregate
	for _, t := range sig(json, jsonb) {
		prefix := types.Of(t).Info().Name + "_"
		out = append(out,
			Aggregate{Name: prefix + "agg", Args: sig(element), Returns: t, NullCall: true, Bind: jsonAgg(t)},
			Aggregate{Name: prefix + "object_agg", Args: sig(anything, anything), Returns: t, NullCall: true, Bind: jsonObjectAgg(t)},
		)
	}
	return out
}

func jsonAgg(t types.OID) func(args []types.OID, a *Aggregate) {
	return func(args []types.OID, a *Aggregate) {
		of := types.Of(args[0])
		a.Collect = func(ctx *Context, args []delta.Column, n int, out *delta.Column) {
			if n == 0 {
				out.AppendNull()
				return
			}
			form := []byte{'['}
			for i := 0; i < n; i++ {
				if i > 0 {
					form = append(form, ", "...)
					if !args[0].IsNull(i) && (of.IsArray() || of.OID == record) {
						form = append(form, "\n "...)
					}
				}
				form = appendJSONOf(form, of, args[0].Datum(i), &ctx.Env)
			}
			b, err := asJSON(t, out.Data, append(form, ']'))
			finish(out, b, err)
		}
	}
}

func jsonObjectAgg(t types.OID) func(args []types.OID, a *Aggregate) {
	return func(args []types.OID, a *Aggregate) {
		key, value := args[0], types.Of(args[1])
		a.Collect = func(ctx *Context, args []delta.Column, n int, out *delta.Column) {
			if n == 0 {
				out.AppendNull()
				return
			}
			form := []byte("{ ")
			row := Row{Ctx: ctx, Args: args}
			for i := 0; i < n; i++ {
				if args[0].IsNull(i) {
					failLast(out, jsonError("field name must not be null"))
					return
				}
				if i > 0 {
					form = append(form, ", "...)
				}
				row.I = i
				form = append(types.AppendJSONString(form, appendTextOf(nil, &row, 0, key)), " : "...)
				form = appendJSONOf(form, value, args[1].Datum(i), &ctx.Env)
			}
			b, err := asJSON(t, out.Data, append(form, " }"...))
			finish(out, b, err)
		}
	}
}
