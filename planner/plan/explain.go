package plan

import (
	"fmt"
	"strings"

	"tarn/catalog"
	"tarn/sql/expr"
)

// Explain prints a plan as a tree, in the manner of PostgreSQL's EXPLAIN.
func Explain(n Node) string { return explainWith(n, nil) }

// explainWith is Explain with a line more below operators; "" for none.
func explainWith(n Node, more func(Node) string) string {
	var b strings.Builder
	explain(&b, n, 0, more)
	return b.String()
}

func explain(b *strings.Builder, n Node, depth int, more func(Node) string) {
	indent := strings.Repeat("  ", 3*depth)
	if depth > 0 {
		indent = indent[:len(indent)-6+2]
		fmt.Fprintf(b, "%s->  ", indent)
		indent += "      "
	} else {
		indent = "  "
	}
	title, details := describe(n)
	if more != nil {
		if line := more(n); line != "" {
			details = append(details, line)
		}
	}
	b.WriteString(title + "\n")
	for _, d := range details {
		fmt.Fprintf(b, "%s%s\n", indent, d)
	}
	for _, in := range n.Inputs() {
		explain(b, in, depth+1, more)
	}
}

var joinNames = [...]string{"Join", "Left Join", "Right Join", "Full Join", "Semi Join", "Anti Join"}

// Title is the name of an operator as EXPLAIN prints it.
func Title(n Node) string {
	title, _ := describe(n)
	return title
}

// describe is the first line of a node, and the lines below it.
func describe(n Node) (title string, details []string) {
	line := func(format string, args ...any) { details = append(details, fmt.Sprintf(format, args...)) }
	switch n := n.(type) {
	case *Get:
		title = "Scan on " + relationName(n.Relation)
		if len(n.Key) > 0 || n.Lo != nil || n.Hi != nil || n.Any != nil {
			title = "Key " + title
			line("Key Cond: %s", keyCondition(n))
		}
		switch n.Order {
		case Forward:
			line("Order: by key")
		case Backward:
			line("Order: by key, backward")
		}
		if len(n.Columns) < len(n.Relation.Columns) {
			names := make([]string, len(n.Columns))
			for i, c := range n.Columns {
				names[i] = n.Relation.Columns[c].Name
			}
			if len(names) == 0 {
				names = []string{"none"}
			}
			line("Columns: %s", strings.Join(names, ", "))
		}
	case *Index:
		names := make([]string, len(n.Keys))
		for i, c := range n.By() {
			names[i] = n.Input.Relation.Columns[c].Name
		}
		title = fmt.Sprintf("Index on %s (%s)", relationName(n.Input.Relation), strings.Join(names, ", "))
	case *Constant:
		if title = fmt.Sprintf("Values (%d rows)", len(n.Rows)); len(n.Rows) == 1 {
			title = "Result"
			if len(n.Rows[0]) > 0 {
				line("Output: %s", list(n.Rows[0]))
			}
		}
	case *Filter:
		title = "Filter"
		line("Cond: %s", expr.String(qualify(n.Cond, n.Input)))
	case *Project:
		title = "Project"
		out := make([]string, len(n.Exprs))
		for i, e := range n.Exprs {
			out[i] = expr.String(qualify(e, n.Input))
			if c, ok := e.(*expr.Column); !ok || c.Name != n.Fields[i].Name {
				out[i] += " AS " + n.Fields[i].Name
			}
		}
		line("Output: %s", strings.Join(out, ", "))
	case *Join:
		title = joinNames[n.Kind]
		if len(n.LKeys) > 0 {
			title = "Hash " + title
			sign := " = "
			if n.NullEqual {
				sign = " IS NOT DISTINCT FROM "
			}
			terms := make([]string, len(n.LKeys))
			for i := range n.LKeys {
				terms[i] = "(" + expr.String(qualify(n.LKeys[i], n.L, n.R)) + sign + expr.String(qualify(expr.Shift(n.RKeys[i], len(n.L.Schema())), n.L, n.R)) + ")"
			}
			line("Hash Cond: %s", strings.Join(terms, " AND "))
		} else if n.Kind == Inner && n.On == nil {
			title = "Cross Join"
		} else {
			title = "Nested Loop " + title
		}
		if n.On != nil {
			line("Join Filter: %s", expr.String(qualify(n.On, n.L, n.R)))
		}
	case *Aggregate:
		title = "Aggregate"
		if len(n.Keys) > 0 {
			title = "Hash Aggregate"
			line("Group Key: %s", list(qualifyAll(n.Keys, n.Input)))
		}
		if len(n.Aggs) > 0 {
			calls := make([]string, len(n.Aggs))
			for i := range n.Aggs {
				calls[i] = aggString(&n.Aggs[i])
			}
			line("Aggregates: %s", strings.Join(calls, ", "))
		}
	case *Distinct:
		title = "Distinct"
	case *Union:
		title = "Append"
	case *Negate:
		title = "Negate"
	case *Threshold:
		title = "Threshold"
		if n.Distinct {
			title = "Distinct Threshold"
		}
	case *TopK:
		title = "Top-K"
		if n.Ordered {
			title = "Limit"
		}
		if len(n.Keys) > 0 {
			line("Group Key: %s", list(n.Keys))
		}
		if len(n.OrderBy) > 0 && !n.Ordered {
			line("Sort Key: %s", orderString(n.OrderBy))
		}
		if n.Limit != nil {
			line("Limit: %s", expr.String(n.Limit))
		}
		if n.Offset != nil {
			line("Offset: %s", expr.String(n.Offset))
		}
	case *FlatMap:
		title = "Function Call"
		if n.Outer {
			title = "Outer Function Call"
		}
		line("Call: %s(%s)", n.Fn.Name, list(n.Args))
	default:
		title = fmt.Sprintf("%T", n)
	}
	return title, details
}

func relationName(r *catalog.Relation) string {
	if r.Schema == "public" || r.Schema == "pg_catalog" {
		return r.Name
	}
	return r.Schema + "." + r.Name
}

func keyCondition(n *Get) string {
	var terms []string
	name := func(i int) string {
		if i < len(n.Relation.Key) {
			return n.Relation.Columns[n.Relation.Key[i]].Name
		}
		return "?"
	}
	for i, e := range n.Key {
		terms = append(terms, fmt.Sprintf("(%s = %s)", name(i), expr.String(e)))
	}
	bound := func(b *Bound, sign string) {
		if b == nil {
			return
		}
		if b.Inclusive {
			sign += "="
		}
		terms = append(terms, fmt.Sprintf("(%s %s %s)", name(len(n.Key)), sign, expr.String(b.Expr)))
	}
	bound(n.Lo, ">")
	bound(n.Hi, "<")
	if n.Any != nil {
		column := &expr.Column{Name: name(len(n.Key)), T: n.Relation.Columns[n.Relation.Key[len(n.Key)]].Type}
		switch {
		case n.Any.Array != nil:
			terms = append(terms, fmt.Sprintf("(%s = ANY (%s))", column.Name, expr.String(n.Any.Array)))
		case n.Any.Exprs != nil:
			terms = append(terms, fmt.Sprintf("(%s IN (%s))", column.Name, list(n.Any.Exprs)))
		default:
			terms = append(terms, expr.String(&expr.In{Arg: column, List: n.Any.List}))
		}
	}
	return strings.Join(terms, " AND ")
}

func aggString(a *Agg) string {
	args := list(a.Args)
	if len(a.Args) == 0 {
		args = "*"
	}
	if a.Distinct {
		args = "DISTINCT " + args
	}
	if len(a.OrderBy) > 0 {
		args += " ORDER BY " + orderString(a.OrderBy)
	}
	s := a.Fn.Name + "(" + args + ")"
	if a.Filter != nil {
		s += " FILTER (WHERE " + expr.String(a.Filter) + ")"
	}
	return s
}

func orderString(order []Order) string {
	out := make([]string, len(order))
	for i, o := range order {
		out[i] = expr.String(o.Expr)
		if o.Desc {
			out[i] += " DESC"
		}
		if o.NullsFirst != o.Desc {
			out[i] += " NULLS " + map[bool]string{true: "FIRST", false: "LAST"}[o.NullsFirst]
		}
	}
	return strings.Join(out, ", ")
}

// qualify names the columns of e, over the columns of inputs in turn, by the relation they come from, where there is more
// than one relation below.
func qualify(e expr.Expr, inputs ...Node) expr.Expr {
	relations := 0
	for _, in := range inputs {
		relations += countGets(in)
	}
	if relations < 2 {
		return e
	}
	return expr.Map(e, func(e expr.Expr) expr.Expr {
		c, ok := e.(*expr.Column)
		if !ok {
			return e
		}
		at := c.Index
		for _, in := range inputs {
			width := len(in.Schema())
			if at < width {
				if name := origin(in, at); name != "" {
					return &expr.Column{T: c.T, Index: c.Index, Name: name}
				}
				break
			}
			at -= width
		}
		return e
	})
}

func qualifyAll(exprs []expr.Expr, in Node) []expr.Expr {
	out := make([]expr.Expr, len(exprs))
	for i, e := range exprs {
		out[i] = qualify(e, in)
	}
	return out
}

func countGets(n Node) int {
	if _, ok := n.(*Get); ok {
		return 1
	}
	count := 0
	for _, in := range n.Inputs() {
		count += countGets(in)
	}
	return count
}

// origin is relation.column for a column of n that is one of a relation; "" if it is computed.
func origin(n Node, col int) string {
	switch n := n.(type) {
	case *Get:
		return n.Relation.Name + "." + n.Relation.Columns[n.Columns[col]].Name
	case *Index, *Filter, *Distinct, *TopK, *Threshold:
		return origin(n.Inputs()[0], col)
	case *Project:
		if c, ok := n.Exprs[col].(*expr.Column); ok {
			return origin(n.Input, c.Index)
		}
	case *Aggregate:
		if col < len(n.Keys) {
			if c, ok := n.Keys[col].(*expr.Column); ok {
				return origin(n.Input, c.Index)
			}
		}
	case *Join:
		if width := len(n.L.Schema()); col >= width {
			return origin(n.R, col-width)
		}
		return origin(n.L, col)
	case *FlatMap:
		if col < len(n.Input.Schema()) {
			return origin(n.Input, col)
		}
	}
	return ""
}

func list(exprs []expr.Expr) string {
	out := make([]string, len(exprs))
	for i, e := range exprs {
		out[i] = expr.String(e)
	}
	return strings.Join(out, ", ")
}

// String prints what is sent to the client, then the plan.
func (q *Query) String() string {
	var b strings.Builder
	var details []string
	if len(q.OrderBy) > 0 && !q.Ordered {
		details = append(details, "Sort Key: "+orderString(q.OrderBy))
	}
	if q.Limit != nil {
		details = append(details, "Limit: "+expr.String(q.Limit))
	}
	if q.Offset != nil {
		details = append(details, "Offset: "+expr.String(q.Offset))
	}
	if len(details) == 0 {
		return ExplainOnce(q.Root, nil)
	}
	title := "Sort"
	switch {
	case len(q.OrderBy) == 0 || q.Ordered:
		title = "Limit"
	case q.Limit != nil || q.Offset != nil:
		title = "Sort and Limit"
	}
	b.WriteString(title + "\n")
	for _, d := range details {
		b.WriteString("  " + d + "\n")
	}
	explain(&b, q.Root, 1, lookupLines(q.Root, nil))
	return b.String()
}
