package expr

import (
	"tarn/delta"
	"tarn/sql/functions"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// compileArray packs its arguments; arrays among them become inner dimensions.
func compileArray(e *ArrayOf) evaluator {
	args, t := compileAll(e.Args), e.T.Elem()
	if len(e.Args) > 0 && e.Args[0].Type().IsArray() {
		t = e.T
	}
	return func(ctx *functions.Context, b *delta.Batch) delta.Column {
		cols := make([]delta.Column, len(args))
		for k, arg := range args {
			cols[k] = arg(ctx, b)
		}
		out := delta.NewColumn(types.Bytes, b.Len)
		elems := make([]types.Datum, len(args))
	rows:
		for i := 0; i < b.Len; i++ {
			for k := range cols {
				if err := cols[k].Errs.Err(i); err != nil {
					out.AppendNull()
					out.Fail(i, err)
					continue rows
				}
				elems[k] = cols[k].Datum(i)
			}
			data, err := functions.PackArray(out.Data, t, elems)
			if err != nil {
				out.AppendNull()
				out.Fail(i, sqlstate.From(err))
				continue
			}
			out.Data = data
			out.EndBytes()
		}
		return out
	}
}

// compileQuantified applies the operator to all pairs of a value and an element at once, and then decides row by row: for
// ANY one true decides, for ALL one false; otherwise an error counts, and otherwise a NULL.
func compileQuantified(e *Quantified) evaluator {
	if in, ok := quantifiedIn(e); ok {
		return compileIn(in)
	}
	left, array, fn, decisive, kind := compile(e.L), compile(e.Array), e.Op, !e.All, e.Elem.Kind()
	return func(ctx *functions.Context, b *delta.Batch) delta.Column {
		l, a := left(ctx, b), array(ctx, b)
		elems, sel, ends := delta.NewColumn(kind, b.Len), make([]int32, 0, b.Len), make([]int, b.Len)
		for i := range ends {
			if l.Errs.Err(i) == nil && a.Errs.Err(i) == nil && !a.IsNull(i) {
				types.ArrayEach(kind, a.Bytes(i), func(_ int, d types.Datum) bool {
					elems.AppendDatum(d)
					sel = append(sel, int32(i))
					return true
				})
			}
			ends[i] = len(sel)
		}
		pairs := functions.Call(ctx, fn, []delta.Column{l.Gather(sel), elems}, len(sel))
		out := delta.NewColumn(types.Bool, b.Len)
		from := 0
		for i, end := range ends {
			switch err := firstError(l.Errs.Err(i), a.Errs.Err(i)); {
			case err != nil:
				out.AppendNull()
				out.Fail(i, err)
			case a.IsNull(i):
				out.AppendNull()
			default:
				decide(&out, &pairs, from, end, decisive)
			}
			from = end
		}
		return out
	}
}

func firstError(a, b *sqlstate.Error) *sqlstate.Error {
	if a != nil {
		return a
	}
	return b
}

// decide appends the outcome of pairs [from, to).
func decide(out, pairs *delta.Column, from, to int, decisive bool) {
	null := false
	var failure *sqlstate.Error
	for j := from; j < to; j++ {
		switch err := pairs.Errs.Err(j); {
		case err != nil:
			failure = firstError(failure, err)
		case pairs.IsNull(j):
			null = true
		case pairs.Bools[j] == decisive:
			out.AppendBool(decisive)
			return
		}
	}
	switch {
	case failure != nil:
		out.AppendNull()
		out.Fail(out.Len()-1, failure)
	case null:
		out.AppendNull()
	default:
		out.AppendBool(!decisive)
	}
}

// quantifiedIn is x = ANY (constant array) as a look-up.
func quantifiedIn(e *Quantified) (*In, bool) {
	c, ok := e.Array.(*Const)
	if !ok || c.Value.Null || e.All || e.Op.Name != "=" || e.L.Type().OID != e.Elem.OID || types.ArrayCount(c.Value.Bytes) == 0 {
		return nil, false
	}
	return &In{Arg: e.L, List: types.DecodeArray(e.Elem.Kind(), c.Value.Bytes).Elems}, true
}
