package engine

import (
	"context"
	"fmt"
	"strings"
	"time"

	"tarn/catalog"
	"tarn/delta"
	"tarn/planner"
	"tarn/planner/plan"
	"tarn/sql/expr"
	"tarn/sql/sqlstate"
	"tarn/sql/stmt"
)

// explanation is a planned EXPLAIN.
type explanation struct {
	root  plan.Node
	once  bool              // it runs once, and is not kept
	query *plan.Query       // of a SELECT: with the order and cut of its result
	inner *Prepared         // what ANALYZE executes
	view  *catalog.Relation // EXPLAIN MATERIALIZED VIEW
}

func planExplain(pl *planning, p *Prepared) error {
	st := p.Statement.Node.(*stmt.Explain)
	for _, o := range st.Options {
		switch o.Name {
		case "analyze", "verbose", "costs", "buffers", "timing", "summary", "settings", "wal":
		case "format":
			if !strings.EqualFold(o.Value, "text") {
				return sqlstate.New(sqlstate.FeatureNotSupported, "EXPLAIN format %s is not supported", o.Value).At(o.Pos)
			}
		default:
			return sqlstate.New(sqlstate.SyntaxError, "unrecognized EXPLAIN option %q", o.Name).At(o.Pos)
		}
	}
	p.Fields = []Field{textField("QUERY PLAN")}
	x := &explanation{}
	p.planned = x
	if st.View != nil {
		rel, err := pl.session.find(pl.state.Catalog, *st.View)
		if err != nil {
			return err
		}
		if rel.Kind != catalog.MaterializedView {
			return sqlstate.New(sqlstate.WrongObjectType, "%q is not a materialized view", rel.Name).At(st.View.Pos)
		}
		x.view = rel
		x.root, err = pl.session.engine.viewPlan(pl.state.Catalog, rel)
		return err
	}
	inner := &Prepared{Statement: p.Statement}
	inner.Statement.Node = st.Statement
	switch node := st.Statement.(type) {
	case *stmt.Select:
		if err := planSelect(pl, inner); err != nil {
			return err
		}
		x.query, x.inner, p.Params = inner.planned.(*selection).query, inner, inner.Params
		x.root, x.once = x.query.Root, true
		if plan.Size(x.root) > maxExplained {
			return sqlstate.New(sqlstate.StatementTooComplex, "the plan is too large to be shown").
				WithHint("A WITH query that is used twice is shown twice, as are those that it uses.")
		}
		return nil
	case *stmt.CreateMaterializedView:
		if st.Analyze {
			return sqlstate.New(sqlstate.FeatureNotSupported, "EXPLAIN ANALYZE of CREATE MATERIALIZED VIEW is not supported").
				WithHint("Create the view, then EXPLAIN ANALYZE MATERIALIZED VIEW shows it at work.")
		}
		v, err := planner.CreateView(pl.state.Catalog, pl.session.planEnv(pl.ctx, pl.state, pl.tx, nil), node.Query, true)
		if err != nil {
			return err
		}
		x.root = v.Root
		return nil
	case *stmt.Insert, *stmt.Update, *stmt.Delete:
		if st.Analyze {
			return sqlstate.New(sqlstate.FeatureNotSupported, "EXPLAIN ANALYZE of a statement that writes is not supported")
		}
		k, _ := kindOf(node)
		if err := k.plan(pl, inner); err != nil {
			return err
		}
		p.Params = inner.Params
		x.root, x.once = inner.planned.(interface{ source() plan.Node }).source(), true
		return nil
	}
	return sqlstate.New(sqlstate.FeatureNotSupported, "EXPLAIN of this statement is not supported").
		WithHint("EXPLAIN takes queries, INSERT, UPDATE, DELETE and CREATE MATERIALIZED VIEW.")
}

// maxExplained bounds the operators that EXPLAIN shows.
const maxExplained = 1 << 16

func executeExplain(ctx context.Context, x *executing) (string, error) {
	st, e := x.prepared.Statement.Node.(*stmt.Explain), x.prepared.planned.(*explanation)
	var lines []string
	var err error
	switch {
	case e.view != nil && st.Analyze:
		lines, err = x.session.engine.explainRunning(ctx, e.view)
	case e.inner != nil && st.Analyze:
		lines, err = x.explainRun(ctx, e.inner)
	case e.once:
		lines = explainResult(e.query, linesOf(plan.ExplainOnce(e.root, nil)))
	default:
		lines = linesOf(plan.Explain(e.root))
	}
	if err != nil {
		return "", err
	}
	out := make([][]string, len(lines))
	for i, line := range lines {
		out[i] = []string{line}
	}
	return "EXPLAIN", x.client.Rows(textBatch(out))
}

func linesOf(text string) []string { return strings.Split(strings.TrimRight(text, "\n"), "\n") }

// explainRun runs a query and shows its plan, what was done of what its joins leave open, and what came.
func (x *executing) explainRun(ctx context.Context, query *Prepared) ([]string, error) {
	inner, done := *x, map[*plan.Get]int{}
	inner.prepared, inner.last = query, true
	inner.looked = func(g *plan.Get, keys int) { done[g] = keys }
	began, rows := time.Now(), 0
	if err := inner.query(ctx, func(b *delta.Batch) error {
		rows += b.Len
		return nil
	}); err != nil {
		return nil, err
	}
	took := time.Since(began)
	q := query.planned.(*selection).query // it may have been planned again
	lines := explainResult(q, linesOf(plan.ExplainOnce(q.Root, done)))
	return append(lines, fmt.Sprintf("Rows: %d", rows), fmt.Sprintf("Execution Time: %.3f ms", float64(took.Microseconds())/1000)), nil
}

// explainResult puts the sort and the cut of a query's result above the lines of its plan; nothing if it is not a query.
func explainResult(q *plan.Query, lines []string) []string {
	if q == nil {
		return lines
	}
	above := func(title string, details ...string) {
		out := append([]string{title}, details...)
		for i, line := range lines {
			if i == 0 {
				line = "->  " + line
			} else {
				line = "    " + line
			}
			out = append(out, "  "+line)
		}
		lines = out
	}
	if len(q.OrderBy) > 0 && !q.Ordered {
		keys := make([]string, len(q.OrderBy))
		for i, o := range q.OrderBy {
			keys[i] = expr.String(o.Expr)
			if o.Desc {
				keys[i] += " DESC"
			}
			if o.NullsFirst != o.Desc {
				keys[i] += map[bool]string{true: " NULLS FIRST", false: " NULLS LAST"}[o.NullsFirst]
			}
		}
		above("Sort", "  Sort Key: "+strings.Join(keys, ", "))
	}
	if q.Limit != nil || q.Offset != nil {
		var details []string
		if q.Limit != nil {
			details = append(details, "  Limit: "+expr.String(q.Limit))
		}
		if q.Offset != nil {
			details = append(details, "  Offset: "+expr.String(q.Offset))
		}
		above("Limit", details...)
	}
	return lines
}

// explainRunning shows the operators of a view at work: what each has seen, sent, keeps and cost.
func (e *Engine) explainRunning(ctx context.Context, rel *catalog.Relation) ([]string, error) {
	var lines []string
	err := e.do(ctx, func(l *loop) error {
		if l.relations[rel.ID] == nil {
			return errGone(rel.Name)
		}
		for _, s := range l.flow.Stats(rel.ID) {
			indent := strings.Repeat("  ", s.Depth)
			arrow := ""
			if s.Depth > 0 {
				arrow = "->  "
				indent = strings.Repeat("      ", s.Depth-1) + "  "
			}
			title := plan.Title(s.Node)
			shared := ""
			if s.Shared > 1 {
				shared = fmt.Sprintf(" shared by=%d", s.Shared)
			}
			lines = append(lines, fmt.Sprintf("%s%s%s  (rows in=%d out=%d batches=%d state=%s time=%.3f ms%s)",
				indent, arrow, title, s.RowsIn, s.RowsOut, s.Batches, sizeText(s.Bytes), float64(s.Time.Microseconds())/1000, shared))
		}
		if v := l.content(rel.ID).rows; v != nil {
			lines = append(lines, fmt.Sprintf("Rows: %d", v.Rows()), fmt.Sprintf("Epoch: %d", l.epoch))
		}
		if errs := l.content(rel.ID).errs; errs != nil && errs.Rows() > 0 {
			lines = append(lines, fmt.Sprintf("Errors: %d", errs.Rows()))
		}
		return nil
	})
	return lines, err
}

// sizeText is a number of bytes as pg_size_pretty has it.
func sizeText(n int64) string {
	units := []string{"bytes", "kB", "MB", "GB", "TB"}
	i := 0
	for n >= 10*1024 && i < len(units)-1 {
		n, i = (n+512)/1024, i+1
	}
	return fmt.Sprintf("%d %s", n, units[i])
}
