package sql

import (
	"fmt"

	"tarn/sql/decode"
)

func (d *deparser) constant(c decode.Const) {
	switch c.Kind {
	case decode.Null:
		d.f("NULL")
	case decode.Bool, decode.Int, decode.Numeric:
		d.f("%s", c.Text)
	case decode.String:
		d.f("%s", literal(c.Text))
	case decode.Bits:
		d.f("%c'%s'", c.Text[0], c.Text[1:])
	}
}

func not(negated bool) string {
	if negated {
		return "NOT "
	}
	return ""
}

func (d *deparser) expr(h decode.Handle) {
	switch n := h.Node().(type) {
	case decode.Const:
		d.constant(n)
	case decode.Param:
		d.f("$%d", n.N)
	case decode.ColumnRef:
		d.f("%s", quote(n.Parts...))
	case decode.Star:
		d.f("%s.*", quote(n.Qualifier...))
	case decode.Row:
		if n.Explicit {
			d.f("ROW")
		}
		d.f("(")
		each(d, n.Elems, d.expr)
		d.f(")")
	case decode.Array:
		d.f("ARRAY[")
		each(d, n.Elems, d.expr)
		d.f("]")
	case decode.ScalarQuery:
		d.f("(")
		d.query(n.Query)
		d.f(")")
	case decode.Typed:
		d.f("CAST(%s AS %s)", literal(n.Text), typeName(n.Type))
	case decode.Keyword:
		d.f("%s", n.Name)
		if n.Precision >= 0 {
			d.f("(%d)", n.Precision)
		}
	default:
		d.f("(")
		d.compound(n)
		d.f(")")
	}
}

func (d *deparser) operator(schema, name string) {
	if schema != "" {
		d.f(" OPERATOR(%s.%s) ", quote(schema), name)
	} else {
		d.f(" %s ", name)
	}
}

func (d *deparser) terms(list []decode.Handle, word string) {
	for i, h := range list {
		if i > 0 {
			d.f(" %s ", word)
		}
		d.expr(h)
	}
}

func (d *deparser) compound(n decode.Node) {
	switch n := n.(type) {
	case decode.Op:
		if len(n.Args) == 2 {
			d.expr(n.Args[0])
		}
		d.operator(n.Schema, n.Name)
		d.expr(n.Args[len(n.Args)-1])
	case decode.And:
		d.terms(n.Args, "AND")
	case decode.Or:
		d.terms(n.Args, "OR")
	case decode.Not:
		d.f("NOT ")
		d.expr(n.X)
	case decode.IsTest:
		d.expr(n.X)
		d.f(" IS %s%s %s", not(n.Negated), n.Form, [...]string{"NULL", "TRUE", "FALSE", "UNKNOWN", "DOCUMENT", "NORMALIZED"}[n.Kind])
	case decode.Distinct:
		d.expr(n.Left)
		d.f(" IS %sDISTINCT FROM ", not(n.Negated))
		d.expr(n.Right)
	case decode.Like:
		d.expr(n.X)
		d.f(" %s%s ", not(n.Negated), [...]string{"LIKE", "ILIKE", "SIMILAR TO"}[n.Kind])
		d.expr(n.Pattern)
		if !n.Escape.IsZero() {
			d.f(" ESCAPE ")
			d.expr(n.Escape)
		}
	case decode.Between:
		d.expr(n.X)
		d.f(" %sBETWEEN ", not(n.Negated))
		if n.Symmetric {
			d.f("SYMMETRIC ")
		}
		d.terms([]decode.Handle{n.Low, n.High}, "AND")
	case decode.InList:
		d.expr(n.X)
		d.f(" %sIN (", not(n.Negated))
		each(d, n.List, d.expr)
		d.f(")")
	case decode.InQuery:
		d.expr(n.X)
		d.f(" %sIN (", not(n.Negated))
		d.query(n.Query)
		d.f(")")
	case decode.Exists:
		d.f("EXISTS (")
		d.query(n.Query)
		d.f(")")
	case decode.ArrayQuery:
		d.f("ARRAY(")
		d.query(n.Query)
		d.f(")")
	case decode.Quantified:
		d.quantified(n)
	case decode.Case:
		d.caseExpr(n)
	case decode.Cast:
		d.f("CAST(")
		d.expr(n.X)
		d.f(" AS %s)", typeName(n.Type))
	case decode.Subscript:
		d.subscript(n)
	case decode.Field:
		d.f("(")
		d.expr(n.X)
		d.f(").%s", quote(n.Name))
	case decode.Expand:
		d.f("(")
		d.expr(n.X)
		d.f(").*")
	case decode.AtTimeZone:
		d.expr(n.X)
		d.f(" AT TIME ZONE ")
		d.expr(n.Zone)
	case decode.Collate:
		d.expr(n.X)
		d.f(" COLLATE %s", quote(n.Name...))
	case decode.SQLFunc:
		d.f("%s(", n.Name)
		each(d, n.Args, d.expr)
		d.f(")")
	case decode.Call:
		d.call(n)
	default:
		panic(fmt.Sprintf("deparse: %T", n))
	}
}

func (d *deparser) quantified(n decode.Quantified) {
	d.expr(n.X)
	d.operator(n.Schema, n.Op)
	if n.All {
		d.f("ALL (")
	} else {
		d.f("ANY (")
	}
	if n.Query.IsZero() {
		d.expr(n.Array)
	} else {
		d.query(n.Query)
	}
	d.f(")")
}

func (d *deparser) caseExpr(n decode.Case) {
	d.f("CASE ")
	if !n.Operand.IsZero() {
		d.expr(n.Operand)
	}
	for _, w := range n.Whens {
		d.f(" WHEN ")
		d.expr(w.Cond)
		d.f(" THEN ")
		d.expr(w.Result)
	}
	if !n.Else.IsZero() {
		d.f(" ELSE ")
		d.expr(n.Else)
	}
	d.f(" END")
}

func (d *deparser) subscript(n decode.Subscript) {
	d.f("(")
	d.expr(n.X)
	d.f(")")
	for _, i := range n.Indexes {
		d.f("[")
		if !i.Lower.IsZero() {
			d.expr(i.Lower)
		}
		if i.Slice {
			d.f(":")
		}
		if !i.Upper.IsZero() {
			d.expr(i.Upper)
		}
		d.f("]")
	}
}

// sqlSyntax are the words between the arguments of a call in SQL's own syntax, by name and number of arguments.
var sqlSyntax = map[string][]string{
	"btrim/1": {"TRIM(BOTH FROM ", ")"}, "ltrim/1": {"TRIM(LEADING FROM ", ")"}, "rtrim/1": {"TRIM(TRAILING FROM ", ")"},
	"substring/2": {"SUBSTRING(", " FROM ", ")"}, "substring/3": {"SUBSTRING(", " FROM ", " FOR ", ")"},
	"overlay/3": {"OVERLAY(", " PLACING ", " FROM ", ")"}, "overlay/4": {"OVERLAY(", " PLACING ", " FROM ", " FOR ", ")"},
	"extract/2": {"EXTRACT(", " FROM ", ")"}, "overlaps/4": {"(", ",", ") OVERLAPS (", ",", ")"},
	"normalize/1": {"NORMALIZE(", ")"}, "pg_collation_for/1": {"COLLATION FOR (", ")"},
}

// callSpecially prints a call in SQL's own syntax, if it has one.
func (d *deparser) callSpecially(n decode.Call) bool {
	if n.Schema != "pg_catalog" {
		return false
	}
	args := n.Args
	words := sqlSyntax[fmt.Sprintf("%s/%d", n.Name, len(args))]
	both := map[string]string{"btrim": "BOTH", "ltrim": "LEADING", "rtrim": "TRAILING"}[n.Name]
	switch {
	case both != "" && len(args) == 2:
		args, words = []decode.Arg{args[1], args[0]}, []string{"TRIM(" + both + " ", " FROM ", ")"}
	case n.Name == "position" && len(args) == 2:
		args, words = []decode.Arg{args[1], args[0]}, []string{"POSITION(", " IN ", ")"}
	case n.Name == "normalize" && len(args) == 2:
		d.f("NORMALIZE(")
		d.expr(args[0].Expr)
		d.f(", %s)", args[1].Expr.Node().(decode.Const).Text)
		return true
	case words == nil:
		return false
	}
	for i, a := range args {
		d.f("%s", words[i])
		d.expr(a.Expr)
	}
	d.f("%s", words[len(args)])
	return true
}

func (d *deparser) call(n decode.Call) {
	if d.special && d.callSpecially(n) {
		return
	}
	if n.Schema != "" {
		d.f("%s.", quote(n.Schema))
	}
	d.f("%s(", quote(n.Name))
	if n.Star {
		d.f("*")
	}
	if n.Distinct {
		d.f("DISTINCT ")
	}
	each(d, n.Args, func(a decode.Arg) {
		if a.Variadic {
			d.f("VARIADIC ")
		}
		if a.Name != "" {
			d.f("%s => ", quote(a.Name))
		}
		d.expr(a.Expr)
	})
	if !n.Within {
		d.orderBy(n.OrderBy)
	}
	d.f(")")
	if n.Within {
		d.f(" WITHIN GROUP (")
		d.orderBy(n.OrderBy)
		d.f(")")
	}
	if !n.Filter.IsZero() {
		d.f(" FILTER (WHERE ")
		d.expr(n.Filter)
		d.f(")")
	}
	if n.Over != nil {
		d.f(" OVER ")
		d.window(*n.Over)
	}
}
