package expr

import (
	"fmt"
	"strconv"
	"strings"

	"tarn/sql/types"
)

// String is e as SQL, for EXPLAIN: fully parenthesised, with columns by name, or by #index where they have none.
func String(e Expr) string {
	var b strings.Builder
	write(&b, e)
	return b.String()
}

func write(b *strings.Builder, e Expr) {
	switch e := e.(type) {
	case nil:
		b.WriteString("<none>")
	case *Const:
		writeConst(b, e.T, e.Value)
	case *Column:
		if e.Name == "" {
			fmt.Fprintf(b, "#%d", e.Index)
			break
		}
		b.WriteString(e.Name)
	case *Param:
		fmt.Fprintf(b, "$%d", e.N)
	case *Call:
		writeCall(b, e)
	case *Cast:
		writeOperand(b, e.Arg)
		b.WriteString("::")
		b.WriteString(e.T.String())
	case *And:
		writeList(b, "(", e.Args, " AND ", ")")
	case *Or:
		writeList(b, "(", e.Args, " OR ", ")")
	case *Not:
		writeList(b, "(NOT ", []Expr{e.Arg}, "", ")")
	case *IsNull:
		writeList(b, "(", []Expr{e.Arg}, "", " IS NULL)")
	case *IsBool:
		writeList(b, "(", []Expr{e.Arg}, "", " IS "+strings.ToUpper(strconv.FormatBool(e.Want))+")")
	case *NotDistinct:
		writeList(b, "(", []Expr{e.L, e.R}, " IS NOT DISTINCT FROM ", ")")
	case *Case:
		b.WriteString("CASE")
		for _, w := range e.Whens {
			writeList(b, " WHEN ", []Expr{w.Cond, w.Then}, " THEN ", "")
		}
		if e.Else != nil {
			writeList(b, " ELSE ", []Expr{e.Else}, "", "")
		}
		b.WriteString(" END")
	case *Coalesce:
		writeList(b, "COALESCE(", e.Args, ", ", ")")
	case *In:
		writeList(b, "(", []Expr{e.Arg}, "", " IN (")
		for i, d := range e.List {
			if i > 0 {
				b.WriteString(", ")
			}
			writeConst(b, e.Arg.Type(), d)
		}
		b.WriteString("))")
	case *Quantified:
		word := " ANY ("
		if e.All {
			word = " ALL ("
		}
		writeList(b, "(", []Expr{e.L, e.Array}, " "+e.Op.Name+word, "))")
	case *ArrayOf:
		writeList(b, "ARRAY[", e.Args, ", ", "]")
	case *Fail:
		fmt.Fprintf(b, "error(%s)", quote(e.Message))
	default:
		fmt.Fprintf(b, "%T", e)
	}
}

func writeCall(b *strings.Builder, e *Call) {
	switch {
	case e.Operator && len(e.Args) == 2:
		writeList(b, "(", e.Args, " "+e.Fn.Name+" ", ")")
	case e.Operator && len(e.Args) == 1:
		writeList(b, "("+e.Fn.Name+" ", e.Args, "", ")")
	default:
		writeList(b, e.Fn.Name+"(", e.Args, ", ", ")")
	}
}

func writeList(b *strings.Builder, open string, args []Expr, between, end string) {
	b.WriteString(open)
	for i, e := range args {
		if i > 0 {
			b.WriteString(between)
		}
		write(b, e)
	}
	b.WriteString(end)
}

// writeOperand is write with parentheses around what binds looser than a cast.
func writeOperand(b *strings.Builder, e Expr) {
	switch e.(type) {
	case *Case:
		writeList(b, "(", []Expr{e}, "", ")")
	default:
		write(b, e)
	}
}

// writeConst writes numbers and booleans bare where the text alone has the type, and everything else as 'text'::type.
func writeConst(b *strings.Builder, t types.Type, d types.Datum) {
	if d.Null {
		b.WriteString("NULL")
		if t.OID != types.UnknownOID {
			b.WriteString("::" + t.String())
		}
		return
	}
	s := string(types.AppendText(nil, t, d, nil))
	switch {
	case t.OID == types.BoolOID:
		b.WriteString(map[string]string{"t": "true", "f": "false"}[s])
	case t.OID == types.Int4OID && d.Int >= 0, t.OID == types.NumericOID && t.Mod < 0 && s[0] >= '0' && s[0] <= '9':
		b.WriteString(s)
	default:
		b.WriteString(quote(s) + "::" + t.String())
	}
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
