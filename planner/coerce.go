package planner

import (
	"strings"

	"tarn/catalog"
	"tarn/sql/decode"
	"tarn/sql/expr"
	"tarn/sql/functions"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// coerce brings e to type to where casts of kind ctx apply, written as explicit nodes. ok is false if there is no way. An
// error is about a value: a literal that is not of the type's form.
func (b *binder) coerce(e expr.Expr, to types.Type, ctx functions.CastContext, pos int) (out expr.Expr, ok bool, err error) {
	from := e.Type()
	if from.OID == types.UnknownOID {
		switch e := e.(type) {
		case *expr.Const:
			out, err := b.coerceLiteral(e, to, ctx)
			if err != nil {
				return nil, true, at(err, pos)
			}
			return out, true, nil
		case *expr.Param:
			if to.OID != types.UnknownOID {
				b.params[e.N-1] = types.Of(to.OID)
			}
			return b.modify(&expr.Param{T: types.Of(to.OID), N: e.N}, to, ctx), true, nil
		}
	}
	if from.OID == to.OID {
		return b.modify(e, to, ctx), true, nil
	}
	cast, ok := functions.FindCast(from.OID, to.OID, ctx)
	if !ok || cast == nil && ctx == functions.Implicit && from.OID != types.UnknownOID {
		return nil, false, nil
	}
	return &expr.Cast{T: to, Arg: e, Cast: cast, Explicit: ctx == functions.Explicit}, true, nil
}

// modify applies the modifier of to (the length of varchar(n)) where e is not known to have it.
func (b *binder) modify(e expr.Expr, to types.Type, ctx functions.CastContext) expr.Expr {
	if to.Mod < 0 || e.Type().Mod == to.Mod {
		return e
	}
	return &expr.Cast{T: to, Arg: e, Explicit: ctx == functions.Explicit}
}

// coerceLiteral reads a literal of unknown type as a value of to.
func (b *binder) coerceLiteral(e *expr.Const, to types.Type, ctx functions.CastContext) (expr.Expr, error) {
	if e.Value.Null {
		return &expr.Const{T: to, Value: types.Null}, nil
	}
	plain := types.Of(to.OID)
	if to.OID == types.IntervalOID {
		plain = to // the fields of the modifier decide what a bare number means
	}
	d, err := types.Parse(plain, string(e.Value.Bytes), &b.ctx.Env)
	if err != nil {
		return nil, err
	}
	return b.modify(&expr.Const{T: plain, Value: d}, to, ctx), nil
}

// cast is an explicit cast. Errors: 42846 and those of the value.
func (b *binder) cast(e expr.Expr, to types.Type, pos int) (expr.Expr, error) {
	out, ok, err := b.coerce(e, to, functions.Explicit, pos)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, functions.CannotCast(types.Of(e.Type().OID), types.Of(to.OID)).At(pos)
	}
	return out, nil
}

// coerceArgs brings arguments to the types a function wants, which resolution has shown to be possible.
func (b *binder) coerceArgs(args []expr.Expr, want []types.OID, positions []int) error {
	for i := range args {
		if want[i] == types.AnyOID || want[i] == args[i].Type().OID {
			continue
		}
		out, ok, err := b.coerce(args[i], types.Of(want[i]), functions.Implicit, positions[i])
		if err != nil {
			return err
		}
		if !ok {
			return functions.CannotCast(args[i].Type(), types.Of(want[i])).At(positions[i])
		}
		args[i] = out
	}
	return nil
}

// common finds the type that several expressions are brought to, and brings them to it. A modifier survives if all share it.
func (b *binder) common(construct string, exprs []expr.Expr, positions []int) (types.Type, error) {
	t, err := b.commonType(construct, exprs, positions)
	if err != nil {
		return t, err
	}
	for i := range exprs {
		if exprs[i], err = b.coerceCommon(construct, exprs[i], t, positions[i]); err != nil {
			return t, err
		}
	}
	return t, nil
}

func (b *binder) coerceCommon(construct string, e expr.Expr, t types.Type, pos int) (expr.Expr, error) {
	out, ok, err := b.coerce(e, t, functions.Implicit, pos)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, sqlstate.New(sqlstate.CannotCoerce, "%s could not convert type %s to %s", construct, types.Of(e.Type().OID), types.Of(t.OID)).At(pos)
	}
	return out, nil
}

func (b *binder) commonType(construct string, exprs []expr.Expr, positions []int) (types.Type, error) {
	oids := make([]types.OID, len(exprs))
	mod := int32(-1)
	for i, e := range exprs {
		oids[i] = e.Type().OID
		if i == 0 {
			mod = e.Type().Mod
		} else if e.Type().Mod != mod {
			mod = -1
		}
	}
	oid, wrong, err := functions.CommonTypeFor(construct, oids)
	if err != nil {
		return unknownType, at(err, positions[wrong])
	}
	for _, o := range oids {
		if o != oid {
			mod = -1
		}
	}
	return types.Type{OID: oid, Mod: mod}, nil
}

// convertible tells whether all expressions can be brought to a type, as literals perhaps not by their values.
func (b *binder) convertible(exprs []expr.Expr, t types.Type) bool {
	for _, e := range exprs {
		if from := e.Type().OID; from != t.OID && from != types.UnknownOID {
			if cast, ok := functions.FindCast(from, t.OID, functions.Implicit); !ok || cast == nil {
				return false
			}
		}
	}
	return true
}

// settle gives an expression that nothing has given a type the type text.
func (b *binder) settle(e expr.Expr) expr.Expr {
	if e.Type().OID != types.UnknownOID {
		return e
	}
	out, _, _ := b.coerce(e, textType, functions.Implicit, 0)
	return out
}

// ResolveType is the type a type name means. Errors: 42704, 22023 (modifiers), 0A000.
func ResolveType(t decode.TypeName) (types.Type, error) {
	if t.ColumnType || t.SetOf {
		return types.Type{}, unsupported(t.Pos, "type references of this form are not supported")
	}
	name := t.Name
	oid, ok := types.OID(0), false
	switch {
	case name == "char" || name == `"char"`:
		oid, ok = types.CharOID, true
	case t.Schema == "" || t.Schema == "pg_catalog":
		oid, ok = types.ByName(name)
	}
	if !ok {
		if t.Schema != "" && t.Schema != "pg_catalog" {
			full := t.Schema + "." + name
			return types.Type{}, types.Missing(full, full).At(t.Pos)
		}
		return types.Type{}, types.Missing(name, name).At(t.Pos)
	}
	mod, err := int32(-1), error(nil)
	if oid == types.IntervalOID && t.Fields != "" {
		precision := int64(-1)
		if len(t.Mods) > 0 {
			precision = t.Mods[0]
		}
		mod, err = types.IntervalModifier(strings.ToLower(t.Fields), precision)
	} else {
		mod, err = types.Modifier(oid, t.Mods)
	}
	if err != nil {
		return types.Type{}, at(err, t.Pos)
	}
	if t.ArrayDims > 0 {
		array := types.Of(oid).Info().Array
		if array == 0 {
			return types.Type{}, sqlstate.New(sqlstate.UndefinedObject, "could not find array type for data type %s", types.Of(oid)).At(t.Pos)
		}
		oid = array
	}
	return types.Type{OID: oid, Mod: mod}, nil
}

// assign brings e to the type of a column that it is stored in. Error: 42804, worded as PostgreSQL's.
func (b *binder) assign(e expr.Expr, col *catalog.Column, pos int) (expr.Expr, error) {
	out, ok, err := b.coerce(e, col.Type, functions.Assignment, pos)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, sqlstate.New(sqlstate.DatatypeMismatch, "column \"%s\" is of type %s but expression is of type %s", col.Name, types.Of(col.Type.OID), types.Of(e.Type().OID)).
			WithHint("You will need to rewrite or cast the expression.").At(pos)
	}
	return out, nil
}
