package functions

import (
	"bytes"
	"sort"
	"strconv"

	"tarn/delta"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// jsonFunctions read json and jsonb: section 9.16 of PostgreSQL's manual. Those that make and change it are in
// json_build.go and json_change.go.
func jsonFunctions() []Function {
	var out []Function
	for _, t := range sig(json, jsonb) {
		prefix := types.Of(t).Info().Name + "_"
		index := types.JSONIndex
		if t == jsonb {
			index = types.JSONBIndex
		}
		field := func(r *Row) ([]byte, bool) { return types.JSONField(r.Bytes(0), r.Bytes(1)) }
		item := func(r *Row) ([]byte, bool) { return index(r.Bytes(0), int(r.Int(1))) }
		path := func(r *Row) ([]byte, bool) { return followPath(r.Bytes(0), r.unpack(1, types.Bytes).Elems) }
		variadic := func(r *Row) ([]byte, bool) {
			steps := make([]types.Datum, len(r.Args)-1)
			for i := range steps {
				steps[i] = r.datum(i + 1)
			}
			return followPath(r.Bytes(0), steps)
		}
		out = append(out,
			Function{Name: "->", Args: sig(t, text), Returns: t, Eval: jsonValue(field)},
			Function{Name: "->", Args: sig(t, int4), Returns: t, Eval: jsonValue(item)},
			Function{Name: "->>", Args: sig(t, text), Returns: text, Eval: jsonText(field)},
			Function{Name: "->>", Args: sig(t, int4), Returns: text, Eval: jsonText(item)},
			Function{Name: "#>", Args: sig(t, texts), Returns: t, Eval: jsonValue(path)},
			Function{Name: "#>>", Args: sig(t, texts), Returns: text, Eval: jsonText(path)},
			Function{Name: prefix + "extract_path", Args: sig(t, text), Variadic: true, Returns: t, Eval: jsonValue(variadic)},
			Function{Name: prefix + "extract_path_text", Args: sig(t, text), Variadic: true, Returns: text, Eval: jsonText(variadic)},
			Function{Name: prefix + "object_field", Args: sig(t, text), Returns: t, Eval: jsonValue(field)},
			Function{Name: prefix + "object_field_text", Args: sig(t, text), Returns: text, Eval: jsonText(field)},
			Function{Name: prefix + "typeof", Args: sig(t), Returns: text, Eval: unaryBlobs(func(dst, a []byte) ([]byte, error) {
				return append(dst, types.JSONTypeof(a)...), nil
			})},
			Function{Name: prefix + "array_length", Args: sig(t), Returns: int4, Eval: ints(jsonLength)},
			Function{Name: prefix + "object_keys", Args: sig(t), Returns: text, Set: objectKeys(prefix)},
			Function{Name: prefix + "array_elements", Args: sig(t), Returns: t, Set: arrayElements(prefix, false), Columns: []SetColumn{{"value", t}}},
			Function{Name: prefix + "array_elements_text", Args: sig(t), Returns: text, Set: arrayElements(prefix, true), Columns: []SetColumn{{"value", text}}},
			Function{Name: prefix + "each", Args: sig(t), Returns: record, Set: objectEach(prefix, false), Columns: []SetColumn{{"key", text}, {"value", t}}},
			Function{Name: prefix + "each_text", Args: sig(t), Returns: record, Set: objectEach(prefix, true), Columns: []SetColumn{{"key", text}, {"value", text}}},
		)
	}
	return append(out,
		Function{Name: "@>", Args: sig(jsonb, jsonb), Returns: boolean, Eval: bools(func(r *Row) (bool, error) { return jsonContains(r.Bytes(0), r.Bytes(1), true), nil })},
		Function{Name: "<@", Args: sig(jsonb, jsonb), Returns: boolean, Eval: bools(func(r *Row) (bool, error) { return jsonContains(r.Bytes(1), r.Bytes(0), true), nil })},
		Function{Name: "?", Args: sig(jsonb, text), Returns: boolean, Eval: bools(func(r *Row) (bool, error) { return jsonHas(r.Bytes(0), r.Bytes(1)), nil })},
		Function{Name: "?|", Args: sig(jsonb, texts), Returns: boolean, Eval: bools(jsonHasKeys(false))},
		Function{Name: "?&", Args: sig(jsonb, texts), Returns: boolean, Eval: bools(jsonHasKeys(true))},
		Function{Name: "jsonb_exists", Args: sig(jsonb, text), Returns: boolean, Eval: bools(func(r *Row) (bool, error) { return jsonHas(r.Bytes(0), r.Bytes(1)), nil })},
		Function{Name: "jsonb_contains", Args: sig(jsonb, jsonb), Returns: boolean, Eval: bools(func(r *Row) (bool, error) { return jsonContains(r.Bytes(0), r.Bytes(1), true), nil })},
	)
}

func jsonValue(find func(r *Row) ([]byte, bool)) Kernel {
	return blobs(func(r *Row, dst []byte) ([]byte, error) {
		if v, ok := find(r); ok {
			return append(dst, v...), nil
		}
		return nil, errNull
	})
}

func jsonText(find func(r *Row) ([]byte, bool)) Kernel {
	return blobs(func(r *Row, dst []byte) ([]byte, error) {
		v, ok := find(r)
		if !ok {
			return nil, errNull
		}
		out, null := types.AppendJSONText(dst, v)
		if null {
			return nil, errNull
		}
		return out, nil
	})
}

// followPath is #>: a NULL step leads nowhere.
func followPath(b []byte, steps []types.Datum) ([]byte, bool) {
	path := make([][]byte, len(steps))
	for i, d := range steps {
		if d.Null {
			return nil, false
		}
		path[i] = d.Bytes
	}
	return types.JSONPath(b, path)
}

func jsonError(format string, args ...any) error {
	return sqlstate.New(sqlstate.InvalidParameterValue, format, args...)
}

// isContainer tells whether a value is an object or an array.
func isContainer(b []byte) (object, array bool) {
	switch types.JSONTypeof(b) {
	case "object":
		return true, false
	case "array":
		return false, true
	}
	return false, false
}

func jsonLength(r *Row) (int64, error) {
	switch object, array := isContainer(r.Bytes(0)); {
	case object:
		return 0, jsonError("cannot get array length of a non-array")
	case !array:
		return 0, jsonError("cannot get array length of a scalar")
	}
	return int64(types.JSONLen(r.Bytes(0))), nil
}

func objectKeys(prefix string) SetKernel {
	return func(_ *Context, args []types.Datum, out []delta.Column) error {
		switch object, array := isContainer(args[0].Bytes); {
		case array:
			return jsonError("cannot call %sobject_keys on an array", prefix)
		case !object:
			return jsonError("cannot call %sobject_keys on a scalar", prefix)
		}
		types.JSONEach(args[0].Bytes, func(key, _ []byte) bool {
			out[0].AppendBytes(key)
			return true
		})
		return nil
	}
}

// appendJSON appends a value to a column, as itself or as text.
func appendJSON(out *delta.Column, v []byte, asText bool) {
	if !asText {
		out.AppendBytes(v)
		return
	}
	form, null := types.AppendJSONText(nil, v)
	if null {
		out.AppendNull()
		return
	}
	out.AppendBytes(form)
}

func arrayElements(prefix string, asText bool) SetKernel {
	name := prefix + "array_elements"
	if asText {
		name += "_text"
	}
	return func(_ *Context, args []types.Datum, out []delta.Column) error {
		switch object, array := isContainer(args[0].Bytes); {
		case object && prefix == "jsonb_":
			return jsonError("cannot extract elements from an object")
		case object:
			return jsonError("cannot call %s on a non-array", name)
		case !array && prefix == "jsonb_":
			return jsonError("cannot extract elements from a scalar")
		case !array:
			return jsonError("cannot call %s on a scalar", name)
		}
		types.JSONElements(args[0].Bytes, func(v []byte) bool {
			appendJSON(&out[0], v, asText)
			return true
		})
		return nil
	}
}

func objectEach(prefix string, asText bool) SetKernel {
	return func(_ *Context, args []types.Datum, out []delta.Column) error {
		if object, array := isContainer(args[0].Bytes); !object {
			switch {
			case prefix == "json_" && array:
				return jsonError("cannot deconstruct an array as an object")
			case prefix == "json_":
				return jsonError("cannot deconstruct a scalar")
			}
			name := "each"
			if asText {
				name = "each_text"
			}
			return jsonError("cannot call %s%s on a non-object", prefix, name)
		}
		types.JSONEach(args[0].Bytes, func(key, v []byte) bool {
			out[0].AppendBytes(key)
			appendJSON(&out[1], v, asText)
			return true
		})
		return nil
	}
}

// jsonHas tells whether a string is a key of an object, an element of an array, or the value itself.
func jsonHas(b, key []byte) bool {
	switch object, array := isContainer(b); {
	case object:
		_, ok := types.JSONField(b, key)
		return ok
	case array:
		found := false
		types.JSONElements(b, func(v []byte) bool {
			found = isJSONString(v, key)
			return !found
		})
		return found
	}
	return isJSONString(b, key)
}

func isJSONString(v, s []byte) bool {
	if len(v) == 0 || v[0] != '"' {
		return false
	}
	form, _ := types.AppendJSONText(nil, v)
	return bytes.Equal(form, s)
}

func jsonHasKeys(all bool) func(r *Row) (bool, error) {
	return func(r *Row) (bool, error) {
		result := all
		types.ArrayEach(types.Bytes, r.Bytes(1), func(_ int, d types.Datum) bool {
			if !d.Null && jsonHas(r.Bytes(0), d.Bytes) != all {
				result = !all
			}
			return result == all
		})
		return result, nil
	}
}

// jsonContains is @>: every part of b is found in a at the same place, the order of arrays aside. At the top an array
// contains a scalar that is one of its elements.
func jsonContains(a, b []byte, top bool) bool {
	aObject, aArray := isContainer(a)
	bObject, bArray := isContainer(b)
	switch {
	case aObject && bObject:
		all := true
		types.JSONEach(b, func(key, want []byte) bool {
			have, ok := types.JSONField(a, key)
			all = ok && jsonContains(have, want, false)
			return all
		})
		return all
	case aArray && bArray:
		all := true
		types.JSONElements(b, func(want []byte) bool {
			all = jsonElement(a, want)
			return all
		})
		return all
	case aArray && !bObject:
		return top && jsonElement(a, b)
	case aObject || aArray || bObject || bArray:
		return false
	}
	return sameJSON(a, b)
}

// jsonElement tells whether an element of an array contains a value.
func jsonElement(array, want []byte) bool {
	found := false
	types.JSONElements(array, func(have []byte) bool {
		found = jsonContains(have, want, false)
		return !found
	})
	return found
}

func sameJSON(a, b []byte) bool {
	return types.Compare(types.Of(jsonb), types.Datum{Bytes: a}, types.Datum{Bytes: b}) == 0
}

// jsonCasts are the casts from jsonb to the types of scalars.
func jsonCasts() []Cast {
	number := func(r *Row, to types.OID) ([]byte, error) {
		if kind := types.JSONTypeof(r.Bytes(0)); kind != "number" {
			return nil, jsonCastError(kind, to)
		}
		return types.NumericParse(nil, r.Text(0))
	}
	out := []Cast{
		{jsonb, boolean, Explicit, using(bools(func(r *Row) (bool, error) {
			if kind := types.JSONTypeof(r.Bytes(0)); kind != "boolean" {
				return false, jsonCastError(kind, boolean)
			}
			return r.Text(0) == "true", nil
		}))},
		{jsonb, numeric, Explicit, using(blobs(func(r *Row, dst []byte) ([]byte, error) {
			b, err := number(r, numeric)
			return append(dst, b...), err
		}))},
	}
	for _, t := range sig(int2, int4, int8) {
		out = append(out, Cast{jsonb, t, Explicit, using(ints(func(r *Row) (int64, error) {
			b, err := number(r, t)
			if err != nil {
				return 0, err
			}
			return types.NumericToInt(b, t)
		}))})
	}
	for i, t := range sig(float4, float8) {
		out = append(out, Cast{jsonb, t, Explicit, using(floats(func(r *Row) (float64, error) {
			b, err := number(r, t)
			if err != nil {
				return 0, err
			}
			return types.NumericToFloat(b, 32<<i)
		}))})
	}
	return out
}

func jsonCastError(kind string, to types.OID) error {
	if kind == "number" {
		kind = "numeric"
	}
	return jsonError("cannot cast jsonb %s to type %s", kind, typeName(to))
}

// jsonPair is one field of an object; the key is unescaped.
type jsonPair struct{ key, value []byte }

func jsonPairs(b []byte) []jsonPair {
	var out []jsonPair
	types.JSONEach(b, func(key, value []byte) bool {
		out = append(out, jsonPair{bytes.Clone(key), value})
		return true
	})
	return out
}

func jsonItems(b []byte) [][]byte {
	var out [][]byte
	types.JSONElements(b, func(v []byte) bool {
		out = append(out, v)
		return true
	})
	return out
}

// appendPairs appends a jsonb object: keys by length, then bytes.
func appendPairs(dst []byte, pairs []jsonPair) []byte {
	sort.SliceStable(pairs, func(i, j int) bool {
		a, b := pairs[i].key, pairs[j].key
		if len(a) != len(b) {
			return len(a) < len(b)
		}
		return bytes.Compare(a, b) < 0
	})
	dst = append(dst, '{')
	for i, p := range pairs {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = append(append(types.AppendJSONString(dst, p.key), ": "...), p.value...)
	}
	return append(dst, '}')
}

func appendItems(dst []byte, items [][]byte) []byte {
	dst = append(dst, '[')
	for i, v := range items {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = append(dst, v...)
	}
	return append(dst, ']')
}

// jsonNumber reads a step of a path as the index of an array.
func jsonNumber(step []byte, position int) (int, error) {
	n, err := strconv.Atoi(string(step))
	if err != nil {
		return 0, sqlstate.New(sqlstate.InvalidTextRepresentation, "path element at position %d is not an integer: \"%s\"", position, step)
	}
	return n, nil
}
