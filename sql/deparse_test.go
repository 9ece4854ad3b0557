package sql

import (
	"fmt"
	"strconv"
	"strings"

	"tarn/sql/decode"
)

// deparse prints a query as PostgreSQL text again, with every expression in parentheses. It stands for the binder: what
// PostgreSQL makes of its text tells whether the meaning came through.
//
// A call of pg_catalog.btrim may have been written TRIM (..) or not, which PostgreSQL remembers for display; with
// special, all such calls are printed in SQL's own syntax.
func deparse(q decode.QueryRef, special bool) string {
	d := deparser{special: special}
	d.query(q)
	return d.String()
}

type deparser struct {
	strings.Builder
	special bool
}

func (d *deparser) f(format string, args ...any) { fmt.Fprintf(d, format, args...) }

func quote(names ...string) string {
	list := make([]string, len(names))
	for i, n := range names {
		list[i] = `"` + strings.ReplaceAll(n, `"`, `""`) + `"`
	}
	return strings.Join(list, ".")
}

func quoteList(names []string) string {
	list := make([]string, len(names))
	for i, n := range names {
		list[i] = quote(n)
	}
	return strings.Join(list, ", ")
}

func literal(s string) string {
	return "E'" + strings.ReplaceAll(strings.ReplaceAll(s, `\`, `\\`), "'", "''") + "'"
}

func each[T any](d *deparser, list []T, print func(T)) {
	for i, x := range list {
		if i > 0 {
			d.f(", ")
		}
		print(x)
	}
}

func (d *deparser) query(ref decode.QueryRef) {
	q := ref.Read()
	if len(q.With) > 0 {
		d.f("WITH ")
		if q.Recursive {
			d.f("RECURSIVE ")
		}
		each(d, q.With, d.cte)
		d.f(" ")
	}
	switch b := q.Body.(type) {
	case decode.Select:
		d.block(b)
	case decode.SetOp:
		d.f("(")
		d.query(b.Left)
		d.f(") %s ", [...]string{"UNION", "INTERSECT", "EXCEPT"}[b.Kind])
		if b.All {
			d.f("ALL ")
		}
		d.f("(")
		d.query(b.Right)
		d.f(")")
	case decode.Values:
		d.f("VALUES ")
		each(d, b.Rows, func(row []decode.Handle) {
			d.f("(")
			each(d, row, d.expr)
			d.f(")")
		})
	}
	d.orderBy(q.OrderBy)
	if !q.Offset.IsZero() {
		d.f(" OFFSET ")
		d.expr(q.Offset)
	}
	switch {
	case q.Limit.IsZero():
	case q.WithTies:
		d.f(" FETCH FIRST (")
		d.expr(q.Limit)
		d.f(") ROWS WITH TIES")
	default:
		d.f(" LIMIT ")
		d.expr(q.Limit)
	}
	for _, l := range q.Locking {
		d.f(" FOR %s", l.Strength)
		if len(l.Of) > 0 {
			d.f(" OF %s", quoteList(l.Of))
		}
		d.f(" %s", l.Wait)
	}
}

func (d *deparser) cte(c decode.CTE) {
	d.f("%s", quote(c.Name))
	if len(c.Columns) > 0 {
		d.f("(%s)", quoteList(c.Columns))
	}
	d.f(" AS %s(", [...]string{"", "MATERIALIZED ", "NOT MATERIALIZED "}[c.Materialized])
	d.query(c.Query)
	d.f(")")
}

func (d *deparser) block(s decode.Select) {
	d.f("SELECT ")
	if s.Distinct {
		d.f("DISTINCT ")
	}
	if s.DistinctOn != nil {
		d.f("DISTINCT ON (")
		each(d, s.DistinctOn, d.expr)
		d.f(") ")
	}
	each(d, s.Items, d.item)
	if len(s.From) > 0 {
		d.f(" FROM ")
		each(d, s.From, d.table)
	}
	if !s.Where.IsZero() {
		d.f(" WHERE ")
		d.expr(s.Where)
	}
	if len(s.GroupBy) > 0 {
		d.f(" GROUP BY ")
		if s.GroupDistinct {
			d.f("DISTINCT ")
		}
		each(d, s.GroupBy, d.group)
	}
	if !s.Having.IsZero() {
		d.f(" HAVING ")
		d.expr(s.Having)
	}
	if len(s.Windows) > 0 {
		d.f(" WINDOW ")
		each(d, s.Windows, func(w decode.Window) {
			d.f("%s AS ", quote(w.Name))
			w.Name = ""
			d.window(w)
		})
	}
}

func (d *deparser) item(i decode.SelectItem) {
	switch {
	case i.Star && i.Qualifier != nil:
		d.f("%s.*", quote(i.Qualifier...))
	case i.Star:
		d.f("*")
	default:
		d.expr(i.Expr)
	}
	if i.Alias != "" {
		d.f(" AS %s", quote(i.Alias))
	}
}

func (d *deparser) group(g decode.GroupItem) {
	switch g.Kind {
	case decode.GroupExpr:
		d.expr(g.Expr)
		return
	case decode.GroupEmpty:
		d.f("()")
		return
	case decode.GroupRollup:
		d.f("ROLLUP (")
	case decode.GroupCube:
		d.f("CUBE (")
	case decode.GroupSets:
		d.f("GROUPING SETS (")
	}
	each(d, g.Items, d.group)
	d.f(")")
}

func (d *deparser) alias(a decode.Alias) {
	if a.Name != "" {
		d.f(" AS %s", quote(a.Name))
	}
	if len(a.Columns) > 0 {
		d.f(" (%s)", quoteList(a.Columns))
	}
}

func (d *deparser) table(x decode.TableExpr) {
	switch x := x.(type) {
	case decode.Table:
		if x.Only {
			d.f("ONLY ")
		}
		for _, part := range []string{x.Catalog, x.Schema} {
			if part != "" {
				d.f("%s.", quote(part))
			}
		}
		d.f("%s", quote(x.Name))
		d.alias(x.Alias)
	case decode.SubQuery:
		if x.Lateral {
			d.f("LATERAL ")
		}
		d.f("(")
		d.query(x.Query)
		d.f(")")
		d.alias(x.Alias)
	case decode.Function:
		d.function(x)
	case decode.Join:
		d.join(x)
	}
}

func (d *deparser) function(x decode.Function) {
	if x.Lateral {
		d.f("LATERAL ")
	}
	if x.RowsFrom {
		d.f("ROWS FROM (")
	}
	each(d, x.Calls, func(h decode.Handle) {
		switch n := h.Node().(type) {
		case decode.Call, decode.SQLFunc:
			d.compound(n)
		default:
			d.expr(h)
		}
	})
	if x.RowsFrom {
		d.f(")")
	}
	if x.Ordinality {
		d.f(" WITH ORDINALITY")
	}
	d.alias(x.Alias)
	if len(x.Columns) > 0 {
		if x.Alias.Name == "" {
			d.f(" AS ")
		}
		d.f("(")
		each(d, x.Columns, func(c decode.ColumnDef) { d.f("%s %s", quote(c.Name), typeName(c.Type)) })
		d.f(")")
	}
}

func (d *deparser) join(x decode.Join) {
	d.f("(")
	d.table(x.Left)
	if x.Natural {
		d.f(" NATURAL")
	}
	d.f(" %s JOIN ", [...]string{"INNER", "LEFT", "RIGHT", "FULL", "CROSS"}[x.Kind])
	d.table(x.Right)
	switch {
	case x.Using != nil:
		d.f(" USING (%s)", quoteList(x.Using))
		if x.UsingAlias != "" {
			d.f(" AS %s", quote(x.UsingAlias))
		}
	case !x.On.IsZero():
		d.f(" ON ")
		d.expr(x.On)
	}
	d.f(")")
	d.alias(x.Alias)
}

func (d *deparser) orderBy(list []decode.Order) {
	if len(list) == 0 {
		return
	}
	d.f(" ORDER BY ")
	each(d, list, func(o decode.Order) {
		if c, ok := o.Expr.Node().(decode.Const); ok {
			d.constant(c)
		} else {
			d.expr(o.Expr)
		}
		if o.Using != "" {
			d.f(" USING %s", o.Using)
		}
		if o.Desc {
			d.f(" DESC")
		}
		d.f("%s", [...]string{"", " NULLS FIRST", " NULLS LAST"}[o.Nulls])
	})
}

func typeName(t decode.TypeName) string {
	s := ""
	if t.SetOf {
		s = "SETOF "
	}
	mods := ""
	if t.Mods != nil {
		list := make([]string, len(t.Mods))
		for i, m := range t.Mods {
			list[i] = strconv.FormatInt(m, 10)
		}
		mods = "(" + strings.Join(list, ",") + ")"
	}
	switch {
	case t.Name == "interval" && t.Schema == "pg_catalog":
		s += "interval " + t.Fields + mods
	case t.Schema != "":
		s += quote(t.Schema, t.Name) + mods
	default:
		s += quote(t.Name) + mods
	}
	return s + strings.Repeat("[]", t.ArrayDims)
}

func (d *deparser) window(w decode.Window) {
	if w.Name != "" {
		d.f("%s", quote(w.Name))
		return
	}
	d.f("(")
	if w.Base != "" {
		d.f("%s", quote(w.Base))
	}
	if len(w.PartitionBy) > 0 {
		d.f(" PARTITION BY ")
		each(d, w.PartitionBy, d.expr)
	}
	d.orderBy(w.OrderBy)
	if w.Frame != nil {
		d.f(" %s BETWEEN ", [...]string{"RANGE", "ROWS", "GROUPS"}[w.Frame.Mode])
		d.bound(w.Frame.Start)
		d.f(" AND ")
		d.bound(w.Frame.End)
		if w.Frame.Exclude != "" {
			d.f(" EXCLUDE %s", w.Frame.Exclude)
		}
	}
	d.f(")")
}

func (d *deparser) bound(b decode.Bound) {
	if !b.Offset.IsZero() {
		d.expr(b.Offset)
		d.f(" ")
	}
	d.f("%s", [...]string{"UNBOUNDED PRECEDING", "PRECEDING", "CURRENT ROW", "FOLLOWING", "UNBOUNDED FOLLOWING"}[b.Kind])
}
