package exec

import (
	"context"
	"fmt"
	"math"
	"sort"
	"strconv"
	"strings"
	"testing"

	"tarn/catalog"
	"tarn/delta"
	"tarn/planner/plan"
	"tarn/sql/expr"
	"tarn/sql/functions"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
	"tarn/storage/slab"
)

// What tests are written with: relations a(k, v) and b(k, v) of bigint, s(k, x) of bigint and text, f(k, x) of bigint and
// double precision; a few functions and aggregates; epochs as text.

var (
	int8T  = types.Of(types.Int8OID)
	textT  = types.Of(types.TextOID)
	floatT = types.Of(types.Float8OID)
	boolT  = types.Of(types.BoolOID)

	relA = relation(1, "a", int8T, int8T)
	relB = relation(2, "b", int8T, int8T)
	relS = relation(3, "s", int8T, textT)
	relF = relation(4, "f", int8T, floatT)
)

func relation(id uint32, name string, k, v types.Type) *catalog.Relation {
	return &catalog.Relation{ID: id, Schema: "public", Name: name, Columns: []catalog.Column{{Name: "k", Type: k}, {Name: "v", Type: v}}}
}

// growing is the relation as one that only grows.
func growing(r *catalog.Relation) *catalog.Relation {
	c := *r
	c.Append = true
	c.ID += 100
	return &c
}

func scan(r *catalog.Relation) *plan.Get { return &plan.Get{Relation: r, Columns: []int{0, 1}} }

func col(n plan.Node, i int) expr.Expr {
	return &expr.Column{T: n.Schema()[i].Type, Index: i}
}

func at(i int, t types.Type) expr.Expr { return &expr.Column{T: t, Index: i} }

func num(v int64) expr.Expr { return &expr.Const{T: int8T, Value: types.Datum{Int: v}} }

func intKernel(f func(x, y int64) (int64, error)) functions.Kernel {
	return func(_ *functions.Context, args []delta.Column, n int) delta.Column {
		out := delta.IntColumn(make([]int64, n), nil)
		for i := range n {
			v, err := f(args[0].Ints[i], args[1].Ints[i])
			if err != nil && !args[0].IsNull(i) && !args[1].IsNull(i) {
				out.Fail(i, sqlstate.From(err))
			}
			out.Ints[i] = v
		}
		return out
	}
}

var (
	lessFn = &functions.Function{Name: "<", Returns: types.BoolOID, Eval: func(_ *functions.Context, args []delta.Column, n int) delta.Column {
		out := delta.BoolColumn(make([]bool, n), nil)
		for i := range n {
			out.Bools[i] = args[0].Ints[i] < args[1].Ints[i]
		}
		return out
	}}
	plusFn = &functions.Function{Name: "+", Returns: types.Int8OID, Eval: intKernel(func(x, y int64) (int64, error) { return x + y, nil })}
	divFn  = &functions.Function{Name: "/", Returns: types.Int8OID, Eval: intKernel(func(x, y int64) (int64, error) {
		if y == 0 {
			return 0, sqlstate.New(sqlstate.DivisionByZero, "division by zero")
		}
		return x / y, nil
	})}
	seriesFn = &functions.Function{Name: "series", Set: func(_ *functions.Context, args []types.Datum, out []delta.Column) error {
		for v := args[0].Int; v <= args[1].Int; v++ {
			if v == 4 {
				return sqlstate.New(sqlstate.DivisionByZero, "four is too much")
			}
			out[0].AppendInt(v)
		}
		return nil
	}}
)

func less(l, r expr.Expr) expr.Expr {
	return &expr.Call{T: boolT, Fn: lessFn, Args: []expr.Expr{l, r}, Operator: true}
}
func plus(l, r expr.Expr) expr.Expr {
	return &expr.Call{T: int8T, Fn: plusFn, Args: []expr.Expr{l, r}, Operator: true}
}
func div(l, r expr.Expr) expr.Expr {
	return &expr.Call{T: int8T, Fn: divFn, Args: []expr.Expr{l, r}, Operator: true}
}

var (
	countAgg = &functions.Aggregate{Name: "count", NullCall: true,
		Update: func([]byte, []delta.Column, int, int64) {},
		Final:  func(_ *functions.Context, _ []byte, rows int64, out *delta.Column) { out.AppendInt(rows) }}
	countArgAgg = &functions.Aggregate{Name: "count", Args: []types.OID{types.AnyOID},
		Update: func([]byte, []delta.Column, int, int64) {},
		Final:  func(_ *functions.Context, _ []byte, rows int64, out *delta.Column) { out.AppendInt(rows) }}
	sumAgg = &functions.Aggregate{Name: "sum", Size: 8,
		Update: func(s []byte, args []delta.Column, i int, count int64) { addInt(s, args[0].Ints[i]*count) },
		Final: func(_ *functions.Context, s []byte, rows int64, out *delta.Column) {
			if rows == 0 {
				out.AppendNull()
			} else {
				out.AppendInt(readInt(s))
			}
		}}
	// inverse is 100 / sum: an aggregate that can fail.
	inverseAgg = &functions.Aggregate{Name: "inverse", Size: 8, Update: sumAgg.Update,
		Final: func(_ *functions.Context, s []byte, _ int64, out *delta.Column) {
			v := readInt(s)
			out.AppendNull()
			if v == 0 {
				out.Fail(out.Len()-1, sqlstate.New(sqlstate.DivisionByZero, "division by zero"))
			}
		}}
	// lengths is the sum of the lengths of texts, kept as one byte for every byte of them.
	lengthsAgg = &functions.Aggregate{Name: "lengths",
		Fold: func(s []byte, args []delta.Column, i int, count int64) []byte {
			n := len(s) + len(args[0].Bytes(i))*int(count)
			for len(s) < n {
				s = append(s, 'x')
			}
			return s[:n]
		},
		Final: func(_ *functions.Context, s []byte, rows int64, out *delta.Column) { out.AppendInt(int64(len(s))) }}
	minAgg  = &functions.Aggregate{Name: "min", Extreme: -1}
	maxAgg  = &functions.Aggregate{Name: "max", Extreme: 1}
	listAgg = &functions.Aggregate{Name: "list", Collect: func(_ *functions.Context, args []delta.Column, n int, out *delta.Column) {
		parts := make([]string, n)
		for i := range parts {
			parts[i] = show(&args[0], i)
		}
		out.AppendString(strings.Join(parts, ","))
	}}
)

func agg(fn *functions.Aggregate, t types.Type, args ...expr.Expr) plan.Agg {
	return plan.Agg{Fn: fn, T: t, Args: args}
}

func fields(ts ...types.Type) []plan.Field {
	fs := make([]plan.Field, len(ts))
	for i, t := range ts {
		fs[i] = plan.Field{Name: fmt.Sprintf("c%d", i), Type: t}
	}
	return fs
}

// group is an Aggregate with its schema made up.
func groupBy(in plan.Node, keys []expr.Expr, aggs ...plan.Agg) *plan.Aggregate {
	var ts []types.Type
	for _, k := range keys {
		ts = append(ts, k.Type())
	}
	for _, a := range aggs {
		ts = append(ts, a.T)
	}
	return &plan.Aggregate{Input: in, Keys: keys, Aggs: aggs, Fields: fields(ts...)}
}

func newPool() *slab.Pool { return slab.NewPool(1 << 30) }

// start compiles a plan as output 500 of a dataflow with ephemeral state.
func start(t testing.TB, p plan.Node) *Dataflow {
	t.Helper()
	d, err := Compile(p, 500, Options{Pool: newPool()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Release)
	return d
}

// step steps a dataflow with an epoch such as "a +1 2 NULL; s -1 3 x" (relation, count, values) and returns the changes of
// output 500 as such text, sorted: "+1 2 7; -1 3 8; error +1 division by zero".
func step(t testing.TB, d *Dataflow, epoch string) string {
	t.Helper()
	out, err := d.Step(context.Background(), parseEpoch(t, epoch))
	if err != nil {
		t.Fatal(err)
	}
	return showOutput(out[500])
}

func parseEpoch(t testing.TB, epoch string) map[uint32]Input {
	t.Helper()
	rels := map[string]*catalog.Relation{"a": relA, "b": relB, "s": relS, "f": relF, "A": growing(relA), "S": growing(relS), "F": growing(relF)}
	in := map[uint32]Input{}
	for _, line := range strings.Split(epoch, ";") {
		w := strings.Fields(line)
		if len(w) == 0 {
			continue
		}
		r := rels[w[0]]
		b := delta.NewBatch(r.Types(), 1)
		for i, c := range r.Columns {
			appendText(t, &b.Cols[i], c.Type, w[2+i])
		}
		n, err := strconv.ParseInt(w[1], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		b.AppendCount(n)
		in[r.ID] = Input{Rows: append(in[r.ID].Rows, b)}
	}
	return in
}

func appendText(t testing.TB, c *delta.Column, typ types.Type, s string) {
	if s == "NULL" {
		c.AppendNull()
		return
	}
	d, err := types.Parse(typ, s, nil)
	if err != nil {
		t.Fatal(err)
	}
	c.AppendDatum(d)
}

func show(c *delta.Column, i int) string {
	if c.IsNull(i) {
		return "NULL"
	}
	switch c.Kind {
	case types.Bool:
		return fmt.Sprint(c.Bools[i])
	case types.Int64:
		return strconv.FormatInt(c.Ints[i], 10)
	case types.Float64:
		if c.Floats[i] == 0 && math.Signbit(c.Floats[i]) {
			return "-0"
		}
		return strconv.FormatFloat(c.Floats[i], 'g', -1, 64)
	default:
		return string(c.Bytes(i))
	}
}

func showRows(b *delta.Batch) []string {
	var lines []string
	if b == nil {
		return nil
	}
	for i := range b.Len {
		line := fmt.Sprintf("%+d", b.Count(i))
		for c := range b.Cols {
			line += " " + show(&b.Cols[c], i)
		}
		lines = append(lines, line)
	}
	sort.Strings(lines)
	return lines
}

func showOutput(o Output) string {
	lines := showRows(o.Rows)
	if o.Errs != nil {
		for i := range o.Errs.Len {
			lines = append(lines, fmt.Sprintf("error %+d %s", o.Errs.Count(i), ErrorAt(o.Errs, i).Message))
		}
	}
	return strings.Join(lines, "; ")
}

// script is epochs and what the output answers.
type script []struct{ epoch, want string }

func (s script) run(t *testing.T, p plan.Node) {
	t.Helper()
	d := start(t, p)
	for i, e := range s {
		if got := step(t, d, e.epoch); got != e.want {
			t.Fatalf("epoch %d: %s\n got: %s\nwant: %s", i+1, e.epoch, got, e.want)
		}
	}
}
