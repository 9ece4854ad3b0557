package sqllogictest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// query is a random query as a tree, so that it can be made smaller.
type query struct {
	distinct string // DISTINCT, or DISTINCT ON with its columns
	columns  []column
	from     []source
	where    []string
	group    []string
	having   string
	operator string // of a set operation with other
	other    *query
	limit    string // with its ORDER BY all columns; "" for none
}

// column is a column of a relation or a result.
type column struct{ expr, name, kind string }

// source is an element of FROM.
type source struct {
	join  string // before it; "" for the first
	table string
	query *query // instead of table
	cte   bool   // the query stands in WITH
	alias string
	on    []string
}

func (q *query) String() string {
	var ctes []string
	body := q.render(&ctes)
	if len(ctes) > 0 {
		return "WITH " + strings.Join(ctes, ", ") + " " + body
	}
	return body
}

func (q *query) render(ctes *[]string) string {
	var b strings.Builder
	b.WriteString("SELECT ")
	if q.distinct != "" {
		b.WriteString(q.distinct + " ")
	}
	for i, c := range q.columns {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(c.expr + " AS " + c.name)
	}
	for i, s := range q.from {
		b.WriteString(map[bool]string{true: " FROM ", false: " " + s.join + " "}[i == 0])
		switch {
		case s.query == nil:
			b.WriteString(s.table + " " + s.alias)
		case s.cte:
			*ctes = append(*ctes, "w"+s.alias+" AS ("+s.query.String()+")")
			b.WriteString("w" + s.alias + " " + s.alias)
		default:
			b.WriteString("(" + s.query.String() + ") " + s.alias)
		}
		if len(s.on) > 0 {
			b.WriteString(" ON " + strings.Join(s.on, " AND "))
		}
	}
	if len(q.where) > 0 {
		b.WriteString(" WHERE " + strings.Join(q.where, " AND "))
	}
	if len(q.group) > 0 {
		b.WriteString(" GROUP BY " + strings.Join(q.group, ", "))
	}
	if q.having != "" {
		b.WriteString(" HAVING " + q.having)
	}
	if q.operator != "" {
		b.WriteString(" " + q.operator + " " + q.other.render(ctes))
	}
	if q.limit != "" {
		b.WriteString(" ORDER BY 1")
		for i := range q.columns[1:] {
			fmt.Fprintf(&b, ", %d", i+2)
		}
		b.WriteString(" " + q.limit)
	}
	return b.String()
}

// smaller are queries with one thing less.
func (q *query) smaller() []*query {
	var out []*query
	with := func(change func(c *query)) {
		c := *q
		c.columns, c.from = slices.Clone(q.columns), slices.Clone(q.from)
		c.where, c.group = slices.Clone(q.where), slices.Clone(q.group)
		change(&c)
		out = append(out, &c)
	}
	if q.operator != "" {
		with(func(c *query) { c.operator, c.other = "", nil })
		for _, o := range q.other.smaller() {
			with(func(c *query) { c.other = o })
		}
		// A column of both sides.
		for i := 0; i < len(q.columns) && len(q.columns) > 1; i++ {
			with(func(c *query) {
				o := *q.other
				c.columns, o.columns = slices.Delete(c.columns, i, i+1), slices.Delete(slices.Clone(o.columns), i, i+1)
				c.other = &o
			})
		}
	}
	if q.limit != "" {
		with(func(c *query) { c.limit = "" })
	}
	if q.distinct != "" {
		with(func(c *query) { c.distinct = "" })
	}
	if q.having != "" {
		with(func(c *query) { c.having = "" })
	}
	for i := range q.where {
		with(func(c *query) { c.where = slices.Delete(c.where, i, i+1) })
	}
	for i := range q.group {
		with(func(c *query) { c.group = slices.Delete(c.group, i, i+1) })
	}
	for i := 0; i < len(q.columns) && len(q.columns) > 1; i++ {
		with(func(c *query) { c.columns = slices.Delete(c.columns, i, i+1) })
	}
	for i, s := range q.from {
		if i > 0 {
			with(func(c *query) { c.from = slices.Delete(c.from, i, i+1) })
		}
		for k := range s.on {
			if len(s.on) > 1 {
				with(func(c *query) { c.from[i].on = slices.Delete(slices.Clone(s.on), k, k+1) })
			}
		}
		if s.cte {
			with(func(c *query) { c.from[i].cte = false })
		}
		if s.query != nil {
			for _, inner := range s.query.smaller() {
				with(func(c *query) { c.from[i].query = inner })
			}
		}
	}
	for i, c := range q.columns {
		if !strings.HasPrefix(c.expr, "NULL::") && len(c.expr) > 12 {
			with(func(n *query) { n.columns[i].expr = "NULL::" + c.kind })
		}
	}
	return out
}

// generator makes random schemas, queries and changes. Values are few and small, so that keys meet, nothing overflows,
// and sums of floats are exact.
type generator struct {
	*rand.Rand
	relations []relation
	names     int
}

// relation is something to select from.
type relation struct {
	name    string
	columns []column
	key     bool // the first column is a primary key
	stream  bool
}

var kinds = []string{"int", "bigint", "text", "numeric(20,2)", "float8", "bool", "date"}

func (g *generator) name(prefix string) string {
	g.names++
	return fmt.Sprintf("%s%d", prefix, g.names)
}

func (g *generator) one(of ...string) string { return of[g.IntN(len(of))] }
func (g *generator) chance(percent int) bool { return g.IntN(100) < percent }

// literal is a constant of a kind, sometimes NULL.
func (g *generator) literal(kind string) string {
	if g.chance(12) {
		return "NULL::" + kind
	}
	switch kind {
	case "int", "bigint":
		return fmt.Sprintf("(%d)", g.IntN(12)-2) + map[string]string{"bigint": "::bigint"}[kind]
	case "text":
		return "'" + g.one("a", "b", "c", "ab", "", "B", "zz", "%") + "'"
	case "numeric(20,2)":
		return fmt.Sprintf("%d.%s::numeric(20,2)", g.IntN(6), g.one("00", "50", "25"))
	case "float8":
		return fmt.Sprintf("%d.%s::float8", g.IntN(6), g.one("0", "5", "25"))
	case "bool":
		return g.one("true", "false")
	default:
		return fmt.Sprintf("'2024-01-%02d'::date", g.IntN(9)+1)
	}
}

// columnOf is a column of a kind in scope, or a literal if there is none.
func (g *generator) columnOf(kind string, scope []column) string {
	var fit []string
	for _, c := range scope {
		if c.kind == kind {
			fit = append(fit, c.expr)
		}
	}
	if len(fit) == 0 {
		return g.literal(kind)
	}
	return fit[g.IntN(len(fit))]
}

// expr is an expression of a kind over a scope.
func (g *generator) expr(kind string, depth int, scope []column) string {
	if depth <= 0 || g.chance(30) {
		if g.chance(80) {
			return g.columnOf(kind, scope)
		}
		return g.literal(kind)
	}
	sub := func(k string) string { return g.expr(k, depth-1, scope) }
	switch g.IntN(8) {
	case 0:
		return fmt.Sprintf("CASE WHEN %s THEN %s ELSE %s END", sub("bool"), sub(kind), sub(kind))
	case 1:
		return fmt.Sprintf("COALESCE(%s, %s)", sub(kind), sub(kind))
	case 2:
		return fmt.Sprintf("NULLIF(%s, %s)", sub(kind), sub(kind))
	case 3:
		if kind != "bool" {
			return fmt.Sprintf("%s(%s, %s)", g.one("greatest", "least"), sub(kind), sub(kind))
		}
	case 4:
		if depth > 1 && g.chance(40) {
			return g.scalar(kind, scope)
		}
	}
	switch kind {
	case "int":
		switch g.IntN(6) {
		case 0:
			return fmt.Sprintf("(%s %s %s)", sub(kind), g.one("+", "-"), sub(kind))
		case 1:
			return fmt.Sprintf("(%s %% %d)", sub(kind), g.IntN(5)+2)
		case 2:
			return "length(" + sub("text") + ")"
		case 3:
			return fmt.Sprintf("(%s - %s)", sub("date"), sub("date"))
		case 4:
			return "abs(" + sub(kind) + ")"
		}
		return fmt.Sprintf("(%s * %d)", sub(kind), g.IntN(3)+1)
	case "bigint":
		return g.one("("+sub(kind)+" + "+sub("int")+")", sub("int")+"::bigint", "("+sub(kind)+" - 1)")
	case "text":
		return g.one("("+sub(kind)+" || "+sub(kind)+")", "upper("+sub(kind)+")", "substr("+sub(kind)+", 1, 1)", sub("int")+"::text", sub("bool")+"::text", "left("+sub(kind)+", 2)")
	case "numeric(20,2)":
		return g.one("("+sub(kind)+" + "+sub(kind)+")", "("+sub(kind)+" - "+sub("int")+")::numeric(20,2)", sub("int")+"::numeric(20,2)", "abs("+sub(kind)+")")
	case "float8":
		return g.one("("+sub(kind)+" + "+sub(kind)+")", "("+sub(kind)+" * 0.5)", sub("int")+"::float8")
	case "date":
		return fmt.Sprintf("(%s + %d)", sub(kind), g.IntN(5))
	}
	return g.condition(depth, scope)
}

// condition is an expression of kind bool.
func (g *generator) condition(depth int, scope []column) string {
	k := kinds[g.IntN(len(kinds))]
	sub := func(kind string) string { return g.expr(kind, depth-1, scope) }
	switch g.IntN(11) {
	case 0, 1, 2:
		return fmt.Sprintf("(%s %s %s)", sub(k), g.one("=", "<>", "<", "<=", ">", ">="), sub(k))
	case 3:
		return fmt.Sprintf("(%s IS %sNULL)", sub(k), g.one("", "NOT "))
	case 4:
		return fmt.Sprintf("(%s %s %s)", sub("bool"), g.one("AND", "OR"), sub("bool"))
	case 5:
		return fmt.Sprintf("(NOT %s)", sub("bool"))
	case 6:
		return fmt.Sprintf("(%s %sIN (%s, %s, %s))", sub(k), g.one("", "NOT "), g.literal(k), g.literal(k), sub(k))
	case 7:
		return fmt.Sprintf("(%s IS %sDISTINCT FROM %s)", sub(k), g.one("", "NOT "), sub(k))
	case 8:
		return fmt.Sprintf("(%s %sBETWEEN %s AND %s)", sub(k), g.one("", "NOT "), sub(k), sub(k))
	case 9:
		return fmt.Sprintf("(%s %sLIKE %s)", sub("text"), g.one("", "NOT "), g.one("'a%'", "'%b'", "'_'", "'%'"))
	default:
		return fmt.Sprintf("(%s IS %s%s)", sub("bool"), g.one("", "NOT "), g.one("TRUE", "FALSE", "UNKNOWN"))
	}
}

// scalar is a scalar subquery, correlated or not.
func (g *generator) scalar(kind string, outer []column) string {
	r := g.relations[g.IntN(len(g.relations))]
	alias := g.name("s")
	scope := scopeOf(r, alias)
	where := g.correlation(scope, outer)
	switch {
	case kind == "bigint":
		return fmt.Sprintf("(SELECT count(%s) FROM %s %s%s)", g.one("*", g.columnOf("int", scope)), r.name, alias, where)
	case kind == "bool":
		return fmt.Sprintf("(SELECT bool_or(%s) FROM %s %s%s)", g.columnOf(kind, scope), r.name, alias, where)
	}
	return fmt.Sprintf("(SELECT %s(%s) FROM %s %s%s)", g.one("min", "max"), g.columnOf(kind, scope), r.name, alias, where)
}

// correlation is a WHERE that may speak of an outer query.
func (g *generator) correlation(scope, outer []column) string {
	var parts []string
	if g.chance(70) {
		k := scope[g.IntN(len(scope))].kind
		op := "="
		if g.chance(15) {
			op = g.one("<", ">=", "<>")
		}
		parts = append(parts, fmt.Sprintf("%s %s %s", g.columnOf(k, scope), op, g.columnOf(k, outer)))
	}
	if g.chance(30) {
		parts = append(parts, g.condition(1, scope))
	}
	if len(parts) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(parts, " AND ")
}

// subcondition is EXISTS or IN with a subquery.
func (g *generator) subcondition(outer []column) string {
	r := g.relations[g.IntN(len(g.relations))]
	alias := g.name("s")
	scope := scopeOf(r, alias)
	not := g.one("", "", "NOT ")
	if g.chance(50) {
		return fmt.Sprintf("%sEXISTS (SELECT 1 FROM %s %s%s)", not, r.name, alias, g.correlation(scope, outer))
	}
	k := scope[g.IntN(len(scope))].kind
	where := ""
	if g.chance(50) {
		where = g.correlation(scope, outer)
	}
	return fmt.Sprintf("(%s %sIN (SELECT %s FROM %s %s%s))", g.columnOf(k, outer), not, g.columnOf(k, scope), r.name, alias, where)
}

func scopeOf(r relation, alias string) []column {
	var out []column
	for _, c := range r.columns {
		out = append(out, column{expr: alias + "." + c.name, name: c.name, kind: c.kind})
	}
	return out
}

// source is an element of FROM and what it brings into scope.
func (g *generator) source(depth int) (source, []column) {
	if depth > 0 && g.chance(25) {
		q := g.query(depth-1, nil)
		s := source{query: q, cte: g.chance(30), alias: g.name("q")}
		return s, scopeOf(relation{columns: q.columns}, s.alias)
	}
	r := g.relations[g.IntN(len(g.relations))]
	s := source{table: r.name, alias: g.name("r")}
	return s, scopeOf(r, s.alias)
}

// query is a random query; want, if it is not nil, are the kinds of its columns.
func (g *generator) query(depth int, want []string) *query {
	q := &query{}
	first, scope := g.source(depth)
	q.from = append(q.from, first)
	for n := 0; n < 2 && g.chance(45); n++ {
		s, more := g.source(depth)
		s.join = g.one("JOIN", "JOIN", "LEFT JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "CROSS JOIN")
		if s.join != "CROSS JOIN" {
			k := more[g.IntN(len(more))].kind
			s.on = append(s.on, fmt.Sprintf("%s = %s", g.columnOf(k, scope), g.columnOf(k, more)))
			// A full join needs conditions that can be hashed, and no subqueries are in ON.
			if s.join != "FULL JOIN" && g.chance(30) {
				s.on = append(s.on, g.condition(1, append(slices.Clone(scope), more...)))
			}
			if s.join == "FULL JOIN" && !(strings.Contains(s.on[0], s.alias+".") && mentions(s.on[0], scope)) {
				s.join = "LEFT JOIN"
			}
		}
		q.from, scope = append(q.from, s), append(scope, more...)
	}
	for g.chance(35) {
		q.where = append(q.where, g.condition(2, scope))
	}
	if g.chance(20) {
		q.where = append(q.where, g.subcondition(scope))
	}
	if want == nil {
		for range g.IntN(4) + 1 {
			want = append(want, kinds[g.IntN(len(kinds))])
		}
	}
	if g.chance(40) {
		g.aggregate(q, want, scope)
	} else {
		for _, k := range want {
			q.columns = append(q.columns, column{expr: g.expr(k, 2, scope), name: g.name("c"), kind: k})
		}
		switch {
		case g.chance(15):
			q.distinct = "DISTINCT"
		case g.chance(8):
			q.distinct = "DISTINCT ON (1)"
			q.limit = "LIMIT 1000"
		}
	}
	if g.chance(15) && !strings.Contains(q.distinct, "ON") {
		q.operator = g.one("UNION", "UNION ALL", "UNION ALL", "INTERSECT", "EXCEPT", "INTERSECT ALL", "EXCEPT ALL")
		q.other = g.query(0, want)
		q.other.limit, q.other.operator, q.other.other = "", "", nil
		if strings.Contains(q.other.distinct, "ON") {
			q.other.distinct = "DISTINCT"
		}
	}
	if g.chance(12) && q.limit == "" {
		q.limit = fmt.Sprintf("LIMIT %d", g.IntN(5)+1)
		if g.chance(30) {
			q.limit += fmt.Sprintf(" OFFSET %d", g.IntN(3))
		}
	}
	return q
}

func mentions(text string, scope []column) bool {
	for _, c := range scope {
		if strings.Contains(text, c.expr) {
			return true
		}
	}
	return false
}

// aggregate makes a query one of groups.
func (g *generator) aggregate(q *query, want []string, scope []column) {
	var groups []column
	if g.chance(80) {
		for range g.IntN(2) + 1 {
			k := kinds[g.IntN(len(kinds))]
			e := g.columnOf(k, scope)
			if strings.ContainsAny(e, "'") || !mentions(e, scope) { // a constant would be a position
				c := scope[g.IntN(len(scope))]
				e, k = c.expr, c.kind
			}
			groups = append(groups, column{expr: e, kind: k})
			q.group = append(q.group, e)
		}
	}
	for _, k := range want {
		e := ""
		for _, c := range groups {
			if c.kind == k && g.chance(50) {
				e = c.expr
			}
		}
		if e == "" {
			e = g.call(k, scope)
		}
		q.columns = append(q.columns, column{expr: e, name: g.name("c"), kind: k})
	}
	if g.chance(20) {
		q.having = fmt.Sprintf("%s %s %s", g.call("bigint", scope), g.one(">", "<", "<>"), g.literal("int"))
	}
}

// call is an aggregate call of a kind.
func (g *generator) call(kind string, scope []column) string {
	filter := ""
	if g.chance(25) {
		filter = " FILTER (WHERE " + g.condition(1, scope) + ")"
	}
	distinct := g.one("", "", "DISTINCT ")
	arg := func(k string) string { return g.expr(k, 1, scope) }
	switch kind {
	case "bool":
		return fmt.Sprintf("%s(%s)%s", g.one("bool_and", "bool_or"), arg("bool"), filter)
	case "bigint":
		switch g.IntN(4) {
		case 0:
			return "count(*)" + filter
		case 1:
			return fmt.Sprintf("count(%s%s)%s", distinct, arg(kinds[g.IntN(len(kinds))]), filter)
		case 2:
			return fmt.Sprintf("sum(%s%s)%s", distinct, arg("int"), filter)
		}
	case "numeric(20,2)":
		switch g.IntN(3) {
		case 0:
			return fmt.Sprintf("(sum(%s%s)%s)::numeric(20,2)", distinct, arg(kind), filter)
		case 1:
			return fmt.Sprintf("(avg(%s%s)%s)::numeric(20,2)", distinct, arg(g.one("int", "bigint", kind)), filter)
		}
	case "float8":
		if g.chance(60) {
			return fmt.Sprintf("%s(%s%s)%s", g.one("sum", "avg"), distinct, arg(kind), filter)
		}
	case "text":
		if g.chance(40) {
			e := arg(kind)
			return fmt.Sprintf("string_agg(%s, ',' ORDER BY %s)%s", e, e, filter)
		}
	}
	return fmt.Sprintf("%s(%s)%s", g.one("min", "max"), arg(kind), filter)
}
