package sql

import (
	"fmt"
	"reflect"
	"strings"

	"tarn/sql/decode"
	"tarn/sql/stmt"
)

// dump prints a statement with everything in it: structs as (Name field:value ..) without zero fields, handles and
// queries as what they read as, positions as @n behind the name. Lists that do not fit a line get one line per element.
func dump(v any) string { return dumpValue(reflect.ValueOf(v), 0) }

// kinds names the values of enumerations.
var kinds = map[reflect.Type][]string{
	reflect.TypeFor[decode.ConstKind]():       {"null", "bool", "int", "numeric", "string", "bits"},
	reflect.TypeFor[decode.TestKind]():        {"null", "true", "false", "unknown", "document", "normalized"},
	reflect.TypeFor[decode.LikeKind]():        {"like", "ilike", "similar"},
	reflect.TypeFor[decode.SetKind]():         {"union", "intersect", "except"},
	reflect.TypeFor[decode.GroupKind]():       {"expr", "empty", "rollup", "cube", "sets"},
	reflect.TypeFor[decode.JoinKind]():        {"inner", "left", "right", "full", "cross"},
	reflect.TypeFor[decode.FrameMode]():       {"range", "rows", "groups"},
	reflect.TypeFor[decode.BoundKind]():       {"unbounded-preceding", "preceding", "current-row", "following", "unbounded-following"},
	reflect.TypeFor[decode.NullsOrder]():      {"", "first", "last"},
	reflect.TypeFor[decode.Materialization](): {"", "always", "never"},
	reflect.TypeFor[stmt.CellKind]():          {"null", "bool", "int", "numeric", "string", "bits", "default", "param", "expr"},
	reflect.TypeFor[stmt.ConstraintKind]():    {"primary-key", "unique", "check", "foreign-key", "exclude"},
	reflect.TypeFor[stmt.AlterKind]():         {"other", "rename", "rename-column", "set-schema", "owner", "set", "reset"},
	reflect.TypeFor[stmt.CopyKind]():          {"stdio", "file", "program"},
	reflect.TypeFor[stmt.FetchDirection]():    {"forward", "backward", "absolute", "relative"},
}

func dumpValue(v reflect.Value, indent int) string {
	switch x := v.Interface().(type) {
	case decode.Handle:
		return dumpValue(reflect.ValueOf(x.Node()), indent)
	case decode.QueryRef:
		return dumpValue(reflect.ValueOf(x.Read()), indent)
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return dumpValue(v.Elem(), indent)
	case reflect.Struct:
		return dumpStruct(v, indent)
	case reflect.Slice:
		return dumpSlice(v, indent)
	case reflect.String:
		return fmt.Sprintf("%q", v.String())
	}
	return fmt.Sprint(v.Interface())
}

func dumpStruct(v reflect.Value, indent int) string {
	t := v.Type()
	var b strings.Builder
	b.WriteString("(" + t.Name())
	if f, ok := t.FieldByName("Pos"); ok {
		if pos := v.FieldByIndex(f.Index); pos.CanInt() && pos.Int() > 0 {
			fmt.Fprintf(&b, "@%d", pos.Int())
		}
	}
	for i := range t.NumField() {
		f, name := v.Field(i), strings.ToLower(t.Field(i).Name)
		if names := kinds[f.Type()]; names != nil {
			if name := names[f.Uint()]; name != "" {
				b.WriteString(" " + name)
			}
			continue
		}
		switch {
		case name == "pos" || f.IsZero() || f.Kind() == reflect.Slice && f.Len() == 0:
		case f.Kind() == reflect.Bool:
			b.WriteString(" " + name)
		default:
			b.WriteString(" " + name + ":" + dumpValue(f, indent+1))
		}
	}
	return b.String() + ")"
}

func dumpSlice(v reflect.Value, indent int) string {
	parts := make([]string, v.Len())
	size := 0
	for i := range parts {
		parts[i] = dumpValue(v.Index(i), indent+1)
		size += len(parts[i])
		if strings.Contains(parts[i], "\n") {
			size += 100
		}
	}
	if size < 100 {
		return "[" + strings.Join(parts, " ") + "]"
	}
	between := "\n" + strings.Repeat("  ", indent+1)
	return "[" + between + strings.Join(parts, between) + "]"
}
