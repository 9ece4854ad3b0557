package exec

import (
	"bytes"
	"fmt"
	"slices"
	"sort"

	"tarn/delta"
	"tarn/planner/plan"
	"tarn/sql/expr"
	"tarn/sql/functions"
	"tarn/sql/types"
)

// The reference: plans computed from scratch, row by row, from what they say.

// bag is a collection: exact rows with counts.
type bag struct {
	ts    []types.Type
	count map[string]int64
}

func newBag(ts []types.Type) *bag { return &bag{ts, map[string]int64{}} }

func (b *bag) add(batch *delta.Batch, i int, count int64) {
	key := string(delta.AppendRow(nil, batch, i))
	if b.count[key] += count; b.count[key] == 0 {
		delete(b.count, key)
	}
}

func (b *bag) addAll(batch *delta.Batch) {
	for i := 0; batch != nil && i < batch.Len; i++ {
		b.add(batch, i, batch.Count(i))
	}
}

// batch is the rows in order of their bytes.
func (b *bag) batch() *delta.Batch {
	keys := make([]string, 0, len(b.count))
	for k := range b.count {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	out := delta.NewBatch(b.ts, len(keys))
	for _, k := range keys {
		if _, err := delta.DecodeRow(out, []byte(k)); err != nil {
			panic(err)
		}
		out.AppendCount(b.count[k])
	}
	return out
}

func (b *bag) String() string { return fmt.Sprint(showRows(b.batch())) }

// reference computes plans over contents of relations.
type reference struct {
	rels map[uint32]*bag
	errs map[string]int64 // by message
	fn   *functions.Context
}

// eval is the columns of expressions over b, and the rows for which none failed.
func (r *reference) eval(b *delta.Batch, es []expr.Expr) (cols []delta.Column, good []int) {
	for _, e := range es {
		cols = append(cols, expr.Compile(e).Eval(r.fn, b))
	}
	for i := range b.Len {
		if e := firstError(cols, i); e != nil {
			r.fail(e.Message, b.Count(i))
		} else {
			good = append(good, i)
		}
	}
	return cols, good
}

func (r *reference) fail(message string, count int64) {
	if r.errs[message] += count; r.errs[message] == 0 {
		delete(r.errs, message)
	}
}

func keyOf(cols []delta.Column, es []expr.Expr, i int) (key string, null bool) {
	var k []byte
	for j := range es {
		null = null || cols[j].IsNull(i)
		k = delta.AppendKeyColumn(k, &cols[j], es[j].Type(), i)
	}
	return string(k), null
}

func (r *reference) run(p plan.Node) *bag {
	out := newBag(plan.Types(p))
	switch p := p.(type) {
	case *plan.Get:
		out.addAll(r.rels[p.Relation.ID].batch().Project(p.Columns))
	case *plan.Index:
		return r.run(p.Input)
	case *plan.Filter:
		b := r.run(p.Input).batch()
		cols, good := r.eval(b, []expr.Expr{p.Cond})
		for _, i := range good {
			if isTrue(&cols[0], i) {
				out.add(b, i, b.Count(i))
			}
		}
	case *plan.Project:
		b := r.run(p.Input).batch()
		cols, good := r.eval(b, p.Exprs)
		for _, i := range good {
			out.add(&delta.Batch{Cols: cols, Len: b.Len}, i, b.Count(i))
		}
	case *plan.Union:
		for _, c := range p.Children {
			out.addAll(r.run(c).batch())
		}
	case *plan.Negate:
		out.addAll(r.run(p.Input).batch().Negate())
	case *plan.Distinct:
		r.threshold(r.run(p.Input).batch(), true, out)
	case *plan.Threshold:
		r.threshold(r.run(p.Input).batch(), p.Distinct, out)
	case *plan.FlatMap:
		r.flatMap(p, out)
	case *plan.Join:
		r.join(p, out)
	case *plan.Aggregate:
		r.aggregate(p, out)
	case *plan.TopK:
		r.topK(p, out)
	default:
		panic(fmt.Sprintf("%T", p))
	}
	return out
}

// threshold sums up rows that are equal under SQL. Of those whose own counts are above zero the smallest by their bytes are in the
// output, none more often than it is there.
func (r *reference) threshold(b *delta.Batch, distinct bool, out *bag) {
	sums, keys := map[string]int64{}, make([]string, b.Len)
	for i := range b.Len {
		keys[i] = string(delta.AppendKeyRow(nil, b, columnsOf(len(out.ts)), out.ts, i))
		sums[keys[i]] += b.Count(i)
	}
	if distinct {
		for key, sum := range sums {
			sums[key] = min(sum, 1)
		}
	}
	for i, key := range keys {
		if n := min(sums[key], b.Count(i)); n > 0 {
			out.add(b, i, n)
			sums[key] -= n
		}
	}
}

func (r *reference) flatMap(p *plan.FlatMap, out *bag) {
	b := r.run(p.Input).batch()
	cols, good := r.eval(b, p.Args)
	for _, i := range good {
		set := []delta.Column{delta.NewColumn(types.Int64, 0)}
		if !cols[0].IsNull(i) && !cols[1].IsNull(i) {
			if err := p.Fn.Set(r.fn, []types.Datum{cols[0].Datum(i), cols[1].Datum(i)}, set); err != nil {
				r.fail("four is too much", b.Count(i))
				continue
			}
		}
		for k := range set[0].Len() {
			row := b.Gather([]int32{int32(i)})
			row.Cols = append(row.Cols, set[0].Gather([]int32{int32(k)}))
			out.add(row, 0, b.Count(i))
		}
	}
}

func (r *reference) join(p *plan.Join, out *bag) {
	l, rt := r.run(p.L).batch(), r.run(p.R).batch()
	lcols, lgood := r.eval(l, p.LKeys)
	rcols, rgood := r.eval(rt, p.RKeys)
	lpartners, rpartners := map[int]int64{}, map[int]int64{}
	pairs := p.Kind != plan.Semi && p.Kind != plan.Anti
	for _, i := range lgood {
		lkey, lnull := keyOf(lcols, p.LKeys, i)
		for _, j := range rgood {
			rkey, rnull := keyOf(rcols, p.RKeys, j)
			if lkey != rkey || (lnull || rnull) && !p.NullEqual {
				continue
			}
			row := l.Gather([]int32{int32(i)})
			row.Cols = append(row.Cols, rt.Gather([]int32{int32(j)}).Cols...)
			row.Counts = []int64{l.Count(i) * rt.Count(j)}
			if p.On != nil {
				c, good := r.eval(row, []expr.Expr{p.On})
				if len(good) == 0 || !isTrue(&c[0], 0) {
					continue
				}
			}
			lpartners[i] += rt.Count(j)
			rpartners[j] += l.Count(i)
			if pairs {
				out.add(row, 0, row.Counts[0])
			}
		}
	}
	extend := func(b *delta.Batch, i int, ts []types.Type, left bool) {
		row := b.Gather([]int32{int32(i)})
		if pairs {
			var null []delta.Column
			for _, t := range ts {
				null = append(null, nulls(t.Kind(), 1))
			}
			if left {
				row.Cols = append(row.Cols, null...)
			} else {
				row.Cols = append(null, row.Cols...)
			}
		}
		out.add(row, 0, b.Count(i))
	}
	for _, i := range lgood {
		switch {
		case p.Kind == plan.Semi && lpartners[i] > 0,
			(p.Kind == plan.Left || p.Kind == plan.Full || p.Kind == plan.Anti) && lpartners[i] == 0:
			extend(l, i, plan.Types(p.R), true)
		}
	}
	for _, j := range rgood {
		if (p.Kind == plan.Right || p.Kind == plan.Full) && rpartners[j] == 0 {
			extend(rt, j, plan.Types(p.L), false)
		}
	}
}

func (r *reference) aggregate(p *plan.Aggregate, out *bag) {
	b := r.run(p.Input).batch()
	var es []expr.Expr
	es = append(es, p.Keys...)
	for _, a := range p.Aggs {
		for _, e := range a.Args {
			es = append(es, where(a.Filter, e))
		}
		if a.Filter != nil {
			es = append(es, a.Filter)
		}
	}
	cols, good := r.eval(b, es)
	groups := map[string][]int{}
	var order []string
	for _, i := range good {
		key, _ := keyOf(cols, p.Keys, i)
		if groups[key] == nil {
			order = append(order, key)
		}
		groups[key] = append(groups[key], i)
	}
	if len(p.Keys) == 0 && !p.Grouped && len(order) == 0 {
		order = append(order, "")
	}
	for _, key := range order {
		rows := groups[key]
		row := &delta.Batch{Len: 1}
		stands := 0
		if len(p.Keys) > 0 {
			stands = slices.MinFunc(rows, byForm(cols[:len(p.Keys)]))
		}
		for k := range p.Keys {
			row.Cols = append(row.Cols, cols[k].Gather([]int32{int32(stands)}))
		}
		at := len(p.Keys)
		for a := range p.Aggs {
			g := &p.Aggs[a]
			args := cols[at : at+len(g.Args)]
			at += len(g.Args)
			var filter *delta.Column
			if g.Filter != nil {
				filter = &cols[at]
				at++
			}
			row.Cols = append(row.Cols, r.call(g, args, filter, b, rows))
		}
		if e := firstError(row.Cols, 0); e != nil {
			r.fail(e.Message, 1)
		} else {
			out.add(row, 0, 1)
		}
	}
}

// byForm orders rows by the bytes of some columns.
func byForm(cols []delta.Column) func(i, j int) int {
	b := &delta.Batch{Cols: cols}
	return func(i, j int) int { return bytes.Compare(delta.AppendRow(nil, b, i), delta.AppendRow(nil, b, j)) }
}

func (r *reference) call(g *plan.Agg, args []delta.Column, filter *delta.Column, b *delta.Batch, rows []int) delta.Column {
	type value struct {
		row   int
		count int64
	}
	var values []value
	seen := map[string]bool{}
	n := int64(0)
	if len(args) > 0 {
		rows = slices.SortedStableFunc(slices.Values(rows), byForm(args))
	}
	for _, i := range rows {
		if filter != nil && !isTrue(filter, i) || len(args) > 0 && !g.Fn.NullCall && args[0].IsNull(i) {
			continue
		}
		count := b.Count(i)
		if g.Distinct {
			key, _ := keyOf(args, g.Args, i)
			if seen[key] {
				continue
			}
			seen[key], count = true, 1
		}
		values = append(values, value{i, count})
		n += count
	}
	out := delta.NewColumn(g.T.Kind(), 1)
	if g.Fn.Extreme != 0 || g.Fn.Collect != nil {
		slices.SortStableFunc(values, func(x, y value) int {
			return types.Compare(g.Args[0].Type(), args[0].Datum(x.row), args[0].Datum(y.row))
		})
	}
	switch {
	case g.Fn.Extreme != 0 && n == 0 || g.Fn.Collect != nil && n == 0:
		out.AppendNull()
	case g.Fn.Extreme < 0:
		out.AppendRow(&args[0], values[0].row)
	case g.Fn.Extreme > 0:
		out.AppendRow(&args[0], values[len(values)-1].row)
	case g.Fn.Collect != nil:
		var sel []int32
		for _, v := range values {
			for range v.count {
				sel = append(sel, int32(v.row))
			}
		}
		g.Fn.Collect(r.fn, []delta.Column{args[0].Gather(sel)}, len(sel), &out)
	case g.Fn.Fold != nil:
		var s []byte
		for _, v := range values {
			s = g.Fn.Fold(s, args, v.row, v.count)
		}
		g.Fn.Final(r.fn, s, n, &out)
	default:
		s := make([]byte, g.Fn.Size)
		for _, v := range values {
			g.Fn.Update(s, args, v.row, v.count)
		}
		g.Fn.Final(r.fn, s, n, &out)
	}
	return out
}

func (r *reference) topK(p *plan.TopK, out *bag) {
	b := r.run(p.Input).batch()
	var es []expr.Expr
	es = append(es, p.Keys...)
	for _, o := range p.OrderBy {
		es = append(es, o.Expr)
	}
	cols, good := r.eval(b, es)
	groups := map[string][]int{}
	for _, i := range good {
		key, _ := keyOf(cols, p.Keys, i)
		for range b.Count(i) {
			groups[key] = append(groups[key], i)
		}
	}
	limit, offset, _ := window64(r.fn, p.Limit, p.Offset)
	for _, rows := range groups {
		slices.SortStableFunc(rows, func(x, y int) int {
			for k, o := range p.OrderBy {
				if c := compareNulls(&cols[len(p.Keys)+k], o.Expr.Type(), x, y, o.NullsFirst, o.Desc); c != 0 {
					return c
				}
			}
			for c, t := range plan.Types(p) {
				if d := compareNulls(&b.Cols[c], t, x, y, false, false); d != 0 {
					return d
				}
			}
			return bytes.Compare(delta.AppendRow(nil, b, x), delta.AppendRow(nil, b, y))
		})
		for at, i := range rows {
			if int64(at) >= offset && int64(at)-offset < limit {
				out.add(b, i, 1)
			}
		}
	}
}

func compareNulls(c *delta.Column, t types.Type, i, j int, nullsFirst, desc bool) int {
	in, jn := c.IsNull(i), c.IsNull(j)
	switch {
	case in && jn:
		return 0
	case in:
		if nullsFirst {
			return -1
		}
		return 1
	case jn:
		if nullsFirst {
			return 1
		}
		return -1
	}
	d := types.Compare(t, c.Datum(i), c.Datum(j))
	if desc {
		return -d
	}
	return d
}
