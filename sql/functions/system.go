package functions

import (
	"crypto/rand"
	"time"

	"tarn/delta"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// systemFunctions tell about the session and the server: section 9.26 of PostgreSQL's manual.
func systemFunctions() []Function {
	user := perCallText(func(ctx *Context) (string, bool) { return ctx.User, true })
	database := perCallText(func(ctx *Context) (string, bool) { return ctx.Database, true })
	return []Function{
		{Name: "version", Returns: text, Volatility: Stable, Eval: perCallText(func(ctx *Context) (string, bool) {
			v := "15.0 (Tarn)"
			if ctx.Setting != nil {
				if s, ok := ctx.Setting("server_version"); ok {
					v = s
				}
			}
			return "PostgreSQL " + v, true
		})},
		{Name: "current_database", Returns: name, Volatility: Stable, Eval: database},
		{Name: "current_catalog", Returns: name, Volatility: Stable, Eval: database},
		{Name: "current_user", Returns: name, Volatility: Stable, Eval: user},
		{Name: "current_role", Returns: name, Volatility: Stable, Eval: user},
		{Name: "session_user", Returns: name, Volatility: Stable, Eval: user},
		{Name: "user", Returns: name, Volatility: Stable, Eval: user},
		{Name: "getpgusername", Returns: name, Volatility: Stable, Eval: user},
		{Name: "current_schema", Returns: name, Volatility: Stable, Eval: perCallText(func(ctx *Context) (string, bool) {
			for _, s := range ctx.Schemas {
				if s != "pg_catalog" {
					return s, true
				}
			}
			return "", false
		})},
		{Name: "current_schemas", Args: sig(boolean), Returns: names, Volatility: Stable, Eval: blobs(currentSchemas)},
		{Name: "pg_backend_pid", Returns: int4, Volatility: Stable, Eval: perCall(func(ctx *Context) int64 { return int64(ctx.PID) })},
		{Name: "current_setting", Args: sig(text), Returns: text, Volatility: Stable, Eval: blobs(currentSetting)},
		{Name: "current_setting", Args: sig(text, boolean), Returns: text, Volatility: Stable, Eval: blobs(currentSetting)},
		{Name: "set_config", Args: sig(text, text, boolean), Returns: text, Volatility: Volatile, NullCall: true, Eval: nullBlobs(setConfig)},
		{Name: "pg_typeof", Args: sig(anything), Returns: regtype, NullCall: true, Bind: func(args []types.OID) Kernel {
			t := int64(args[0])
			return perCall(func(*Context) int64 { return t })
		}},
		{Name: "pg_column_size", Args: sig(anything), Returns: int4, Bind: columnSize},
		{Name: "txid_current", Returns: int8, Volatility: Stable, Eval: perCall(func(ctx *Context) int64 { return int64(ctx.Epoch) })},
		{Name: "txid_current_if_assigned", Returns: int8, Volatility: Stable, Eval: perCall(func(ctx *Context) int64 { return int64(ctx.Epoch) })},
		{Name: "pg_is_in_recovery", Returns: boolean, Volatility: Volatile, Eval: always(false)},
		{Name: "pg_is_wal_replay_paused", Returns: boolean, Volatility: Volatile, Eval: always(false)},
		{Name: "pg_jit_available", Returns: boolean, Volatility: Volatile, Eval: always(false)},
		{Name: "pg_postmaster_start_time", Returns: timestamptz, Volatility: Stable, Eval: perCall(func(*Context) int64 { return processStart })},
		{Name: "pg_conf_load_time", Returns: timestamptz, Volatility: Stable, Eval: perCall(func(*Context) int64 { return processStart })},
		{Name: "pg_sleep", Args: sig(float8), Returns: void, Volatility: Volatile, Eval: blobs(sleep)},
		{Name: "gen_random_uuid", Returns: uuid, Volatility: Volatile, Eval: randomUUID},
		{Name: "pg_advisory_unlock_all", Returns: void, Volatility: Volatile, Eval: constantText("")},
		{Name: "pg_listening_channels", Returns: text, Volatility: Stable, Set: func(*Context, []types.Datum, []delta.Column) error { return nil }},
		{Name: "getdatabaseencoding", Returns: name, Volatility: Stable, Eval: constantText("UTF8")},
		{Name: "pg_encoding_to_char", Args: sig(int4), Returns: name, Volatility: Stable, Eval: blobs(func(r *Row, dst []byte) ([]byte, error) {
			switch r.Int(0) {
			case 0:
				return append(dst, "SQL_ASCII"...), nil
			case utf8Encoding:
				return append(dst, "UTF8"...), nil
			}
			return dst, nil
		})},
		{Name: "pg_char_to_encoding", Args: sig(name), Returns: int4, Volatility: Stable, Eval: ints(func(r *Row) (int64, error) {
			switch r.Text(0) {
			case "UTF8", "utf8", "UTF-8", "utf-8", "unicode":
				return utf8Encoding, nil
			case "SQL_ASCII":
				return 0, nil
			}
			return -1, nil
		})},
		{Name: "pg_my_temp_schema", Returns: oid, Volatility: Stable, Eval: perCall(func(*Context) int64 { return 0 })},
		{Name: "pg_is_other_temp_schema", Args: sig(oid), Returns: boolean, Volatility: Stable, Eval: always(false)},
		{Name: "pg_get_keywords", Returns: record, Volatility: Stable, Set: keywords, Columns: []SetColumn{
			{"word", text}, {"catcode", char1}, {"barelabel", boolean}, {"catdesc", text}, {"baredesc", text},
		}},
	}
}

// utf8Encoding is PostgreSQL's number of UTF8.
const utf8Encoding = 6

var processStart = types.InstantOf(time.Now())

// perCallText is the kernel of a function of the session whose value, NULL if not ok, is the same for all rows.
func perCallText(f func(ctx *Context) (s string, ok bool)) Kernel {
	return func(ctx *Context, _ []delta.Column, n int) delta.Column {
		s, ok := f(ctx)
		return delta.Repeat(types.Bytes, types.Datum{Null: !ok, Bytes: []byte(s)}, n)
	}
}

// always is the kernel of a function that has the same answer to everything.
func always(v bool) Kernel {
	return func(_ *Context, _ []delta.Column, n int) delta.Column {
		out := make([]bool, n)
		for i := range out {
			out[i] = v
		}
		return delta.BoolColumn(out, nil)
	}
}

// nothing is the kernel of a function whose answer is NULL because Tarn has no objects of the kind it asks about.
func nothing(kind types.Kind) Kernel {
	return func(_ *Context, _ []delta.Column, n int) delta.Column { return delta.Repeat(kind, types.Null, n) }
}

func currentSchemas(r *Row, dst []byte) ([]byte, error) {
	var list []string
	system := false
	for _, s := range r.Ctx.Schemas {
		system = system || s == "pg_catalog"
	}
	if r.Bool(0) && !system {
		list = append(list, "pg_catalog")
	}
	for _, s := range r.Ctx.Schemas {
		if s != "pg_catalog" || r.Bool(0) {
			list = append(list, s)
		}
	}
	return appendTexts(dst, textDatums(list, types.Null)), nil
}

func currentSetting(r *Row, dst []byte) ([]byte, error) {
	if r.Ctx.Setting != nil {
		if v, ok := r.Ctx.Setting(r.Text(0)); ok {
			return append(dst, v...), nil
		}
	}
	if len(r.Args) > 1 && r.Bool(1) {
		return nil, errNull
	}
	return nil, sqlstate.New(sqlstate.UndefinedObject, "unrecognized configuration parameter \"%s\"", r.Text(0))
}

func setConfig(r *Row, dst []byte) ([]byte, error) {
	if r.Null(0) {
		return nil, sqlstate.New(sqlstate.NullValueNotAllowed, "SET requires parameter name")
	}
	if r.Ctx.Set == nil {
		return nil, sqlstate.New(sqlstate.FeatureNotSupported, "settings cannot be changed here")
	}
	value := ""
	if !r.Null(1) {
		value = r.Text(1)
	}
	if err := r.Ctx.Set(string(r.Bytes(0)), string([]byte(value)), !r.Null(2) && r.Bool(2)); err != nil {
		return nil, err
	}
	return append(dst, value...), nil
}

func columnSize(args []types.OID) Kernel {
	info := types.Of(args[0]).Info()
	return ints(func(r *Row) (int64, error) {
		if info.Len > 0 {
			return int64(info.Len), nil
		}
		return int64(len(r.Bytes(0))) + 4, nil
	})
}

// sleep waits, or ends with the statement's cancel (57014).
func sleep(r *Row, dst []byte) ([]byte, error) {
	timer := time.NewTimer(time.Duration(r.Float(0) * float64(time.Second)))
	defer timer.Stop()
	select {
	case <-timer.C:
		return dst, nil
	case <-r.Ctx.Done:
		return nil, sqlstate.New(sqlstate.QueryCanceled, "canceling statement due to user request")
	}
}

// randomUUID gives version 4 of RFC 4122.
func randomUUID(_ *Context, _ []delta.Column, n int) delta.Column {
	out := delta.NewColumn(types.Bytes, n)
	var b [16]byte
	for range n {
		_, _ = rand.Read(b[:]) // never fails
		b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
		out.AppendBytes(b[:])
	}
	return out
}

func keywords(_ *Context, _ []types.Datum, out []delta.Column) error {
	for _, word := range sortedWords(reservedWords) {
		out[0].AppendString(word)
		out[1].AppendString("R")
		out[2].AppendBool(true)
		out[3].AppendString("reserved")
		out[4].AppendString("can be bare label")
	}
	return nil
}
