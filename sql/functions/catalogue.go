package functions

import (
	"sort"
	"strconv"
	"strings"

	"tarn/delta"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// catalogueFunctions tell about the objects of the database: tables 9.69 to 9.77 of PostgreSQL's manual. Those of kinds of
// objects that Tarn does not have (triggers, rules, sequences, partitions) answer NULL or nothing.
func catalogueFunctions() []Function {
	out := []Function{
		{Name: "format_type", Args: sig(oid, int4), Returns: text, Volatility: Stable, NullCall: true, Eval: nullBlobs(formatType)},
		{Name: "pg_get_expr", Args: sig(nodetree, oid, boolean), Optional: 1, Returns: text, Volatility: Stable, Eval: unaryBlobs(itself)},
		{Name: "pg_get_userbyid", Args: sig(oid), Returns: name, Volatility: Stable, Eval: blobs(userByID)},
		{Name: "pg_table_is_visible", Args: sig(oid), Returns: boolean, Volatility: Stable, Eval: bools(func(r *Row) (bool, error) {
			return r.Ctx.Catalog != nil && r.Ctx.Catalog.Visible(r.Int(0)), nil
		})},
		{Name: "pg_get_viewdef", Args: sig(oid, boolean), Optional: 1, Returns: text, Volatility: Stable, Eval: blobs(viewDefinition)},
		{Name: "pg_get_viewdef", Args: sig(oid, int4), Returns: text, Volatility: Stable, Eval: blobs(viewDefinition)},
		{Name: "pg_get_viewdef", Args: sig(text, boolean), Optional: 1, Returns: text, Volatility: Stable, Eval: blobs(viewDefinitionByName)},
		{Name: "pg_get_indexdef", Args: sig(oid), Returns: text, Volatility: Stable, Eval: blobs(indexDefinition)},
		{Name: "pg_get_indexdef", Args: sig(oid, int4, boolean), Returns: text, Volatility: Stable, Eval: blobs(indexDefinition)},
		{Name: "pg_get_constraintdef", Args: sig(oid, boolean), Optional: 1, Returns: text, Volatility: Stable, Eval: blobs(constraintDefinition)},
		{Name: "obj_description", Args: sig(oid, name), Optional: 1, Returns: text, Volatility: Stable, Eval: blobs(func(r *Row, dst []byte) ([]byte, error) {
			return described(r, dst, 0)
		})},
		{Name: "col_description", Args: sig(oid, int4), Returns: text, Volatility: Stable, Eval: blobs(func(r *Row, dst []byte) ([]byte, error) {
			return described(r, dst, int(r.Int(1)))
		})},
		{Name: "pg_get_function_arguments", Args: sig(oid), Returns: text, Volatility: Stable, Eval: blobs(functionArguments)},
		{Name: "pg_get_function_identity_arguments", Args: sig(oid), Returns: text, Volatility: Stable, Eval: blobs(functionArguments)},
		{Name: "pg_get_function_result", Args: sig(oid), Returns: text, Volatility: Stable, Eval: blobs(functionResult)},
		{Name: "to_regclass", Args: sig(text), Returns: regclass, Volatility: Stable, Eval: ints(resolveObject(regclass))},
		{Name: "to_regtype", Args: sig(text), Returns: regtype, Volatility: Stable, Eval: ints(resolveObject(regtype))},
		{Name: "to_regproc", Args: sig(text), Returns: regproc, Volatility: Stable, Eval: ints(resolveObject(regproc))},
		{Name: "to_regnamespace", Args: sig(text), Returns: regschema, Volatility: Stable, Eval: ints(resolveObject(regschema))},
		{Name: "to_regrole", Args: sig(text), Returns: regrole, Volatility: Stable, Eval: ints(resolveObject(regrole))},
		{Name: "pg_size_pretty", Args: sig(int8), Returns: text, Eval: blobs(func(r *Row, dst []byte) ([]byte, error) { return appendSize(dst, r.Int(0)), nil })},
		{Name: "pg_size_pretty", Args: sig(numeric), Returns: text, Eval: blobs(func(r *Row, dst []byte) ([]byte, error) {
			n, err := types.NumericToInt(r.Bytes(0), int8)
			return appendSize(dst, n), err
		})},
		{Name: "pg_relation_size", Args: sig(regclass, text), Optional: 1, Returns: int8, Volatility: Volatile, Eval: ints(relationSize)},
		{Name: "pg_table_size", Args: sig(regclass), Returns: int8, Volatility: Volatile, Eval: ints(relationSize)},
		{Name: "pg_total_relation_size", Args: sig(regclass), Returns: int8, Volatility: Volatile, Eval: ints(relationSize)},
		{Name: "pg_indexes_size", Args: sig(regclass), Returns: int8, Volatility: Volatile, Eval: perCall(func(*Context) int64 { return 0 })},
		{Name: "pg_relation_is_publishable", Args: sig(regclass), Returns: boolean, Volatility: Stable, Eval: always(true)},
		{Name: "pg_relation_filenode", Args: sig(regclass), Returns: oid, Volatility: Stable, Eval: ints(func(r *Row) (int64, error) { return r.Int(0), nil })},
		{Name: "pg_tablespace_location", Args: sig(oid), Returns: text, Volatility: Stable, Eval: constantText("")},
		{Name: "pg_partition_ancestors", Args: sig(regclass), Returns: regclass, Set: func(*Context, []types.Datum, []delta.Column) error { return nil }},
		{Name: "pg_options_to_table", Args: sig(texts), Returns: record, Volatility: Stable, Set: optionsToTable, Columns: []SetColumn{
			{"option_name", text}, {"option_value", text},
		}},
		{Name: "pg_index_column_has_property", Args: sig(regclass, int4, text), Returns: boolean, Volatility: Stable, Eval: bools(indexProperty)},
		{Name: "acldefault", Args: sig(char1, oid), Returns: types.AclItemArrayOID, Eval: nothing(types.Bytes)},
	}
	for _, t := range sig(name, oid) {
		out = append(out,
			Function{Name: "pg_database_size", Args: sig(t), Returns: int8, Volatility: Volatile, Eval: perCall(databaseSize)},
			Function{Name: "pg_tablespace_size", Args: sig(t), Returns: int8, Volatility: Volatile, Eval: perCall(databaseSize)},
		)
	}
	for _, kind := range [...]string{"type", "function", "operator", "opclass", "opfamily", "collation", "conversion", "statistics_obj",
		"ts_config", "ts_dict", "ts_parser", "ts_template"} {
		out = append(out, Function{Name: "pg_" + kind + "_is_visible", Args: sig(oid), Returns: boolean, Volatility: Stable, Eval: always(true)})
	}
	for _, f := range absent {
		out = append(out, Function{Name: f.name, Args: f.args, Optional: f.optional, Returns: text, Volatility: Stable, Eval: nothing(types.Bytes)})
	}
	return append(out, privilegeFunctions()...)
}

// absent are the functions that describe objects of kinds that Tarn does not have.
var absent = []struct {
	name     string
	args     []types.OID
	optional int
}{
	{"pg_get_triggerdef", sig(oid, boolean), 1},
	{"pg_get_ruledef", sig(oid, boolean), 1},
	{"pg_get_partkeydef", sig(oid), 0},
	{"pg_get_functiondef", sig(oid), 0},
	{"pg_get_function_sqlbody", sig(oid), 0},
	{"pg_get_function_arg_default", sig(oid, int4), 0},
	{"pg_get_statisticsobjdef", sig(oid), 0},
	{"pg_get_statisticsobjdef_columns", sig(oid), 0},
	{"pg_get_serial_sequence", sig(text, text), 0},
	{"pg_describe_object", sig(oid, oid, int4), 0},
	{"shobj_description", sig(oid, name), 0},
}

// privilegeFunctions are has_..._privilege in all their forms: every role may do everything.
func privilegeFunctions() []Function {
	var out []Function
	for _, kind := range [...]string{"table", "any_column", "schema", "database", "function", "sequence", "language", "tablespace", "type",
		"server", "foreign_data_wrapper"} {
		for _, object := range sig(text, oid) {
			out = append(out, Function{Name: "has_" + kind + "_privilege", Args: sig(object, text), Returns: boolean, Volatility: Stable, Eval: always(true)})
			for _, role := range sig(name, oid) {
				out = append(out, Function{Name: "has_" + kind + "_privilege", Args: sig(role, object, text), Returns: boolean, Volatility: Stable, Eval: always(true)})
			}
		}
	}
	for _, object := range sig(text, oid) {
		for _, column := range sig(text, int2) {
			out = append(out, Function{Name: "has_column_privilege", Args: sig(object, column, text), Returns: boolean, Volatility: Stable, Eval: always(true)})
			for _, role := range sig(name, oid) {
				out = append(out, Function{Name: "has_column_privilege", Args: sig(role, object, column, text), Returns: boolean, Volatility: Stable, Eval: always(true)})
			}
		}
	}
	for _, role := range sig(name, oid) {
		out = append(out, Function{Name: "pg_has_role", Args: sig(role, text), Returns: boolean, Volatility: Stable, Eval: always(true)})
		for _, user := range sig(name, oid) {
			out = append(out, Function{Name: "pg_has_role", Args: sig(user, role, text), Returns: boolean, Volatility: Stable, Eval: always(true)})
		}
	}
	return out
}

func itself(dst, a []byte) ([]byte, error) { return append(dst, a...), nil }

func formatType(r *Row, dst []byte) ([]byte, error) {
	if r.Null(0) {
		return nil, errNull
	}
	t := types.Of(types.OID(r.Int(0)))
	switch {
	case t.OID == 0:
		return append(dst, '-'), nil
	case r.Null(1):
		return append(dst, t.String()...), nil
	case t.OID == bpchar && r.Int(1) < 0:
		return append(dst, "bpchar"...), nil
	}
	t.Mod = int32(r.Int(1))
	return append(dst, t.String()...), nil
}

func userByID(r *Row, dst []byte) ([]byte, error) {
	if r.Ctx.Catalog != nil {
		if role, ok := r.Ctx.Catalog.RoleName(r.Int(0)); ok {
			return append(dst, role...), nil
		}
	}
	return append(strconv.AppendInt(append(dst, "unknown (OID="...), r.Int(0), 10), ')'), nil
}

// orNull appends a text the catalogue knows, or gives NULL.
func orNull(dst []byte, s string, ok bool) ([]byte, error) {
	if !ok {
		return nil, errNull
	}
	return append(dst, s...), nil
}

func viewDefinition(r *Row, dst []byte) ([]byte, error) {
	if r.Ctx.Catalog == nil {
		return nil, errNull
	}
	s, ok := r.Ctx.Catalog.ViewDefinition(r.Int(0))
	return orNull(dst, s, ok)
}

func viewDefinitionByName(r *Row, dst []byte) ([]byte, error) {
	d, err := types.Parse(types.Of(regclass), r.Text(0), &r.Ctx.Env)
	if err != nil || r.Ctx.Catalog == nil {
		return nil, err
	}
	s, ok := r.Ctx.Catalog.ViewDefinition(d.Int)
	return orNull(dst, s, ok)
}

func indexDefinition(r *Row, dst []byte) ([]byte, error) {
	if r.Ctx.Catalog == nil {
		return nil, errNull
	}
	s, ok := r.Ctx.Catalog.IndexDefinition(r.Int(0), int(r.number(1, 0)))
	return orNull(dst, s, ok)
}

func constraintDefinition(r *Row, dst []byte) ([]byte, error) {
	if r.Ctx.Catalog == nil {
		return nil, errNull
	}
	s, ok := r.Ctx.Catalog.ConstraintDefinition(r.Int(0))
	return orNull(dst, s, ok)
}

func described(r *Row, dst []byte, column int) ([]byte, error) {
	if r.Ctx.Catalog == nil {
		return nil, errNull
	}
	s, ok := r.Ctx.Catalog.Description(r.Int(0), column)
	return orNull(dst, s, ok)
}

func functionArguments(r *Row, dst []byte) ([]byte, error) {
	f, a, ok := ByOID(r.Int(0))
	if !ok {
		return nil, errNull
	}
	args, variadic := []types.OID(nil), false
	if f != nil {
		args, variadic = f.Args, f.Variadic
	} else if args = a.Args; len(args) == 0 {
		return append(dst, '*'), nil
	}
	for i, t := range args {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		if variadic && i == len(args)-1 {
			dst = append(dst, "VARIADIC "...)
		}
		dst = append(dst, typeName(t)...)
	}
	return dst, nil
}

func functionResult(r *Row, dst []byte) ([]byte, error) {
	f, a, ok := ByOID(r.Int(0))
	if !ok {
		return nil, errNull
	}
	if f == nil {
		return append(dst, typeName(a.Returns)...), nil
	}
	if f.Set != nil || f.BindSet != nil {
		dst = append(dst, "SETOF "...)
	}
	return append(dst, typeName(f.Returns)...), nil
}

// resolveObject is the to_reg... functions: NULL for a name that means nothing.
func resolveObject(t types.OID) func(r *Row) (int64, error) {
	return func(r *Row) (int64, error) {
		d, err := types.Parse(types.Of(t), string(r.Bytes(0)), &r.Ctx.Env)
		if err != nil {
			return 0, errNull
		}
		return d.Int, nil
	}
}

func relationSize(r *Row) (int64, error) {
	if r.Ctx.Catalog == nil {
		return 0, errNull
	}
	return r.Ctx.Catalog.RelationBytes(r.Int(0)), nil
}

func databaseSize(ctx *Context) int64 {
	if ctx.Catalog == nil {
		return 0
	}
	return ctx.Catalog.RelationBytes(0)
}

// appendSize writes a size with the largest unit that leaves at least 10 of it, rounded half away from zero.
func appendSize(dst []byte, n int64) []byte {
	units := [...]string{" bytes", " kB", " MB", " GB", " TB", " PB"}
	unit := 0
	limit := int64(10 * 1024)
	half := false
	for unit < len(units)-1 && magnitude(n) >= uint64(limit) {
		// the first step keeps one more bit, for rounding
		shift := 10
		if unit == 0 {
			shift = 9
		}
		n /= 1 << shift
		unit, half, limit = unit+1, true, 20*1024-1
	}
	if half {
		if n < 0 {
			n = (n - 1) / 2
		} else {
			n = (n + 1) / 2
		}
	}
	return append(strconv.AppendInt(dst, n, 10), units[unit]...)
}

func optionsToTable(_ *Context, args []types.Datum, out []delta.Column) error {
	types.ArrayEach(types.Bytes, args[0].Bytes, func(_ int, d types.Datum) bool {
		option, value, ok := strings.Cut(string(d.Bytes), "=")
		out[0].AppendString(option)
		if ok {
			out[1].AppendString(value)
		} else {
			out[1].AppendNull()
		}
		return true
	})
	return nil
}

// indexProperty answers for the only kind of index there is, that of a key: ascending, NULLs last.
func indexProperty(r *Row) (bool, error) {
	switch strings.ToLower(r.Text(2)) {
	case "asc", "nulls_last", "orderable", "returnable", "search_array", "search_nulls":
		return true, nil
	case "desc", "nulls_first", "distance_orderable":
		return false, nil
	}
	return false, errNull
}

func sortedWords(set map[string]bool) []string {
	out := make([]string, 0, len(set))
	for w := range set {
		out = append(out, w)
	}
	sort.Strings(out)
	return out
}

// FirstOID is the oid of the first row of All; the aggregates of Aggregates follow behind its last. PostgreSQL has numbered
// nothing from there up to 9999, and what reads and writes types has numbers of its below.
const FirstOID = 8000

// ByOID is the function or the aggregate with an oid of pg_proc.
func ByOID(oid int64) (*Function, *Aggregate, bool) {
	t := load()
	i := oid - FirstOID
	switch {
	case i < 0:
		return nil, nil, false
	case i < int64(len(t.functions)):
		return t.functions[i], nil, true
	case i < int64(len(t.functions)+len(t.aggregates)):
		return nil, t.aggregates[i-int64(len(t.functions))], true
	}
	return nil, nil, false
}

// ProcOID is the oid of the first function or aggregate of a name (regproc).
func ProcOID(name string) (int64, error) {
	t := load()
	for i, f := range t.functions {
		if f.Name == name {
			return FirstOID + int64(i), nil
		}
	}
	for i, a := range t.aggregates {
		if a.Name == name {
			return FirstOID + int64(len(t.functions)+i), nil
		}
	}
	return 0, sqlstate.New(sqlstate.UndefinedFunction, "function \"%s\" does not exist", name)
}
