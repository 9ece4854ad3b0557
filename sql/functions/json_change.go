package functions

import (
	"bytes"

	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// jsonChanges make a jsonb of another.
func jsonChanges() []Function {
	return []Function{
		{Name: "||", Args: sig(jsonb, jsonb), Returns: jsonb, Eval: binaryBlobs(jsonConcat)},
		{Name: "-", Args: sig(jsonb, text), Returns: jsonb, Eval: blobs(func(r *Row, dst []byte) ([]byte, error) {
			return jsonDelete(dst, r.Bytes(0), [][]byte{r.Bytes(1)})
		})},
		{Name: "-", Args: sig(jsonb, texts), Returns: jsonb, Eval: blobs(func(r *Row, dst []byte) ([]byte, error) {
			elems, err := r.flat(1)
			if err != nil {
				return nil, err
			}
			var keys [][]byte
			for _, d := range elems {
				if !d.Null {
					keys = append(keys, d.Bytes)
				}
			}
			return jsonDelete(dst, r.Bytes(0), keys)
		})},
		{Name: "-", Args: sig(jsonb, int4), Returns: jsonb, Eval: blobs(jsonDeleteIndex)},
		{Name: "#-", Args: sig(jsonb, texts), Returns: jsonb, Eval: blobs(func(r *Row, dst []byte) ([]byte, error) {
			return jsonEdit(r, dst, "cannot delete path in scalar", editor{remove: true})
		})},
		{Name: "jsonb_set", Args: sig(jsonb, texts, jsonb, boolean), Optional: 1, Returns: jsonb, Eval: blobs(func(r *Row, dst []byte) ([]byte, error) {
			return jsonEdit(r, dst, "cannot set path in scalar", editor{value: r.Bytes(2), create: len(r.Args) < 4 || r.Bool(3)})
		})},
		{Name: "jsonb_insert", Args: sig(jsonb, texts, jsonb, boolean), Optional: 1, Returns: jsonb, Eval: blobs(func(r *Row, dst []byte) ([]byte, error) {
			return jsonEdit(r, dst, "cannot set path in scalar", editor{value: r.Bytes(2), create: true, insert: true, after: len(r.Args) > 3 && r.Bool(3)})
		})},
		{Name: "jsonb_strip_nulls", Args: sig(jsonb), Returns: jsonb, Eval: unaryBlobs(func(dst, a []byte) ([]byte, error) { return stripNulls(dst, a), nil })},
		{Name: "jsonb_pretty", Args: sig(jsonb), Returns: text, Eval: unaryBlobs(func(dst, a []byte) ([]byte, error) { return prettyJSON(dst, a, 0), nil })},
	}
}

func jsonMismatch(message string) error {
	return sqlstate.New(sqlstate.ArraySubscriptError, "%s", message)
}

func jsonNullKey() error {
	return sqlstate.New(sqlstate.NullValueNotAllowed, "null value not allowed for object key")
}

// jsonConcat merges two objects, and otherwise joins arrays, in which anything else is an element.
func jsonConcat(dst, a, b []byte) ([]byte, error) {
	aObject, aArray := isContainer(a)
	bObject, bArray := isContainer(b)
	if aObject && bObject {
		pairs := jsonPairs(b)
		for _, p := range jsonPairs(a) {
			if _, ok := types.JSONField(b, p.key); !ok {
				pairs = append(pairs, p)
			}
		}
		return appendPairs(dst, pairs), nil
	}
	items := [][]byte{a}
	if aArray {
		items = jsonItems(a)
	}
	if bArray {
		items = append(items, jsonItems(b)...)
	} else {
		items = append(items, b)
	}
	return appendItems(dst, items), nil
}

// jsonDelete removes keys from an object, or strings from an array.
func jsonDelete(dst, b []byte, keys [][]byte) ([]byte, error) {
	listed := func(match func(key []byte) bool) bool {
		for _, key := range keys {
			if match(key) {
				return true
			}
		}
		return false
	}
	switch object, array := isContainer(b); {
	case object:
		var left []jsonPair
		for _, p := range jsonPairs(b) {
			if !listed(func(key []byte) bool { return bytes.Equal(p.key, key) }) {
				left = append(left, p)
			}
		}
		return appendPairs(dst, left), nil
	case array:
		var left [][]byte
		for _, v := range jsonItems(b) {
			if !listed(func(key []byte) bool { return isJSONString(v, key) }) {
				left = append(left, v)
			}
		}
		return appendItems(dst, left), nil
	}
	return nil, jsonError("cannot delete from scalar")
}

func jsonDeleteIndex(r *Row, dst []byte) ([]byte, error) {
	switch object, array := isContainer(r.Bytes(0)); {
	case object:
		return nil, jsonError("cannot delete from object using integer index")
	case !array:
		return nil, jsonError("cannot delete from scalar")
	}
	items, i := jsonItems(r.Bytes(0)), int(r.Int(1))
	if i < 0 {
		i += len(items)
	}
	if i >= 0 && i < len(items) {
		items = append(items[:i:i], items[i+1:]...)
	}
	return appendItems(dst, items), nil
}

// editor is a change at the end of a path.
type editor struct {
	value  []byte
	create bool // a missing key or index is added
	insert bool // an element is added beside, not replaced
	after  bool
	remove bool
}

func jsonEdit(r *Row, dst []byte, scalar string, e editor) ([]byte, error) {
	path, err := r.flat(1)
	if err != nil {
		return nil, err
	}
	b := r.Bytes(0)
	object, array := isContainer(b)
	if !object && !array {
		return nil, jsonError("%s", scalar)
	}
	if len(path) == 0 || !e.create && len(b) == len("[]") {
		return append(dst, b...), nil
	}
	return e.apply(dst, r.Bytes(0), path, 1)
}

// flat is argument k, an array of text of at most one dimension.
func (r *Row) flat(k int) ([]types.Datum, error) {
	a := r.unpack(k, types.Bytes)
	if len(a.Dims) > 1 {
		return nil, jsonMismatch("wrong number of array subscripts")
	}
	return a.Elems, nil
}

// apply appends b with the change made at path, whose first step is number position of the whole.
func (e editor) apply(dst, b []byte, path []types.Datum, position int) ([]byte, error) {
	if path[0].Null {
		return nil, sqlstate.New(sqlstate.NullValueNotAllowed, "path element at position %d is null", position)
	}
	switch object, array := isContainer(b); {
	case object:
		return e.applyObject(dst, b, path, position)
	case array:
		return e.applyArray(dst, b, path, position)
	}
	return append(dst, b...), nil
}

func (e editor) applyObject(dst, b []byte, path []types.Datum, position int) ([]byte, error) {
	var out []jsonPair
	found := false
	for _, p := range jsonPairs(b) {
		if !bytes.Equal(p.key, path[0].Bytes) {
			out = append(out, p)
			continue
		}
		found = true
		switch {
		case len(path) > 1:
			changed, err := e.apply(nil, p.value, path[1:], position+1)
			if err != nil {
				return nil, err
			}
			out = append(out, jsonPair{p.key, changed})
		case e.remove:
		case e.insert:
			return nil, jsonError("cannot replace existing key")
		default:
			out = append(out, jsonPair{p.key, e.value})
		}
	}
	if !found && len(path) == 1 && e.create {
		out = append(out, jsonPair{path[0].Bytes, e.value})
	}
	return appendPairs(dst, out), nil
}

func (e editor) applyArray(dst, b []byte, path []types.Datum, position int) ([]byte, error) {
	i, err := jsonNumber(path[0].Bytes, position)
	if err != nil {
		return nil, err
	}
	items := jsonItems(b)
	if i < 0 {
		i += len(items)
	}
	outside := i < 0 || i >= len(items)
	last := len(path) == 1
	switch {
	case outside && last && e.create && i < 0:
		items = append([][]byte{e.value}, items...)
	case outside && last && e.create:
		items = append(items, e.value)
	case outside:
	case !last:
		changed, err := e.apply(nil, items[i], path[1:], position+1)
		if err != nil {
			return nil, err
		}
		items[i] = changed
	case e.remove:
		items = append(items[:i:i], items[i+1:]...)
	case e.insert:
		if e.after {
			i++
		}
		items = append(items[:i:i], append([][]byte{e.value}, items[i:]...)...)
	default:
		items[i] = e.value
	}
	return appendItems(dst, items), nil
}

// stripNulls removes the fields of objects that are null, at every depth.
func stripNulls(dst, b []byte) []byte {
	switch object, array := isContainer(b); {
	case object:
		var left []jsonPair
		for _, p := range jsonPairs(b) {
			if string(p.value) != "null" {
				left = append(left, jsonPair{p.key, stripNulls(nil, p.value)})
			}
		}
		return appendPairs(dst, left)
	case array:
		items := jsonItems(b)
		for i := range items {
			items[i] = stripNulls(nil, items[i])
		}
		return appendItems(dst, items)
	}
	return append(dst, b...)
}

func prettyJSON(dst, b []byte, depth int) []byte {
	line := func(depth int) {
		dst = append(dst, '\n')
		for range depth {
			dst = append(dst, "    "...)
		}
	}
	switch object, array := isContainer(b); {
	case object:
		dst = append(dst, '{')
		for i, p := range jsonPairs(b) {
			if i > 0 {
				dst = append(dst, ',')
			}
			line(depth + 1)
			dst = append(types.AppendJSONString(dst, p.key), ": "...)
			dst = prettyJSON(dst, p.value, depth+1)
		}
		line(depth)
		return append(dst, '}')
	case array:
		dst = append(dst, '[')
		for i, v := range jsonItems(b) {
			if i > 0 {
				dst = append(dst, ',')
			}
			line(depth + 1)
			dst = prettyJSON(dst, v, depth+1)
		}
		line(depth)
		return append(dst, ']')
	}
	return append(dst, b...)
}
