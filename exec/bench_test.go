package exec

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"tarn/catalog"
	"tarn/delta"
	"tarn/planner/plan"
	"tarn/sql/expr"
)

// intBatches are batches of (k, v), k uniform below keys.
func intBatches(n, rows int, keys int64) []*delta.Batch {
	r := rand.New(rand.NewPCG(1, 2))
	out := make([]*delta.Batch, n)
	for i := range out {
		k, v := make([]int64, rows), make([]int64, rows)
		for j := range rows {
			k[j], v[j] = r.Int64N(keys), r.Int64N(1000)
		}
		out[i] = &delta.Batch{Cols: []delta.Column{delta.IntColumn(k, nil), delta.IntColumn(v, nil)}, Len: rows}
	}
	return out
}

// clock measures the processor time of a benchmark, that of all threads, which other processes disturb less than wall time.
type clock struct{ from int64 }

func cpu() int64 {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}

func startClock(b *testing.B) clock {
	b.ReportAllocs()
	b.ResetTimer()
	return clock{cpu()}
}

func (c clock) report(b *testing.B, rows int64) {
	b.ReportMetric(float64(cpu()-c.from)/float64(rows), "cpu-ns/row")
}

func benchPush(b *testing.B, p plan.Node, batches []*delta.Batch, rel uint32) {
	d := start(b, p)
	ctx := context.Background()
	for _, in := range batches { // warm up: state is there
		if _, err := d.Step(ctx, map[uint32]Input{rel: {Rows: []*delta.Batch{in}}}); err != nil {
			b.Fatal(err)
		}
	}
	rows := int64(0)
	c := startClock(b)
	for i := range b.N {
		in := batches[i%len(batches)]
		if _, err := d.Step(ctx, map[uint32]Input{rel: {Rows: []*delta.Batch{in}}}); err != nil {
			b.Fatal(err)
		}
		rows += int64(in.Len)
	}
	c.report(b, rows)
}

func BenchmarkFilterProject(b *testing.B) {
	a := scan(relA)
	p := &plan.Project{Input: &plan.Filter{Input: a, Cond: less(col(a, 1), num(500))}, Exprs: []expr.Expr{plus(col(a, 0), col(a, 1))}, Fields: fields(int8T)}
	for _, rows := range []int{1, 1000, 10000} {
		b.Run(fmt.Sprint(rows), func(b *testing.B) { benchPush(b, p, intBatches(10, rows, 1000), relA.ID) })
	}
}

// Aggregate by an integer key, count and sum; the output is computed and consolidated.
func BenchmarkAggregate(b *testing.B) {
	for _, keys := range []int64{1000, 1000000} {
		for _, rows := range []int{1, 1000, 10000} {
			b.Run(fmt.Sprintf("keys=%d/rows=%d", keys, rows), func(b *testing.B) {
				a := scan(relA)
				benchPush(b, groupBy(a, []expr.Expr{col(a, 0)}, agg(countAgg, int8T), agg(sumAgg, int8T, col(a, 1))),
					intBatches(1000000/rows/10+10, rows, keys), relA.ID)
			})
		}
	}
}

// The same, and DISTINCT, by a numeric key: of values all written alike, and with some that are equal but not the same. Rows go
// again, so that what stands for equal ones may change.
func BenchmarkNumericKeys(b *testing.B) {
	rel := relation(9, "x", numericT, int8T)
	for _, unlike := range []int{0, 10} {
		r := rand.New(rand.NewPCG(1, 2))
		var batches []*delta.Batch
		for range 100 {
			in := delta.NewBatch(rel.Types(), 1000)
			for i := range 1000 {
				text := fmt.Sprintf("%d.50", r.IntN(100000))
				if r.IntN(100) < unlike {
					text += "0"
				}
				appendText(b, &in.Cols[0], numericT, text)
				in.Cols[1].AppendInt(int64(i))
				in.AppendCount(1)
			}
			batches = append(batches, in)
		}
		for _, in := range batches[:100:100] {
			batches = append(batches, in.Negate())
		}
		x := scan(rel)
		key := []expr.Expr{col(x, 0)}
		b.Run(fmt.Sprintf("aggregate/unlike=%d%%", unlike), func(b *testing.B) {
			benchPush(b, groupBy(x, key, agg(countAgg, int8T), agg(sumAgg, int8T, col(x, 1))), batches, rel.ID)
		})
		b.Run(fmt.Sprintf("distinct/unlike=%d%%", unlike), func(b *testing.B) {
			benchPush(b, &plan.Distinct{Input: &plan.Project{Input: x, Exprs: key, Fields: fields(numericT)}}, batches, rel.ID)
		})
	}
}

// Inner join, each row finds about one partner and is added to its own side.
func BenchmarkJoin(b *testing.B) {
	for _, rows := range []int{1, 1000, 10000} {
		b.Run(fmt.Sprintf("rows=%d", rows), func(b *testing.B) {
			l, r := scan(relA), scan(relB)
			d := start(b, &plan.Join{L: l, R: r, LKeys: []expr.Expr{col(l, 0)}, RKeys: []expr.Expr{col(r, 0)}})
			ctx := context.Background()
			right := intBatches(1, 200000, 200000)
			if _, err := d.Step(ctx, map[uint32]Input{relB.ID: {Rows: right}}); err != nil {
				b.Fatal(err)
			}
			left := intBatches(200000/rows, rows, 200000)
			n := int64(0)
			c := startClock(b)
			for i := range b.N {
				in := left[i%len(left)]
				if i/len(left)%2 == 1 {
					in = in.Negate()
				}
				if _, err := d.Step(ctx, map[uint32]Input{relA.ID: {Rows: []*delta.Batch{in}}}); err != nil {
					b.Fatal(err)
				}
				n += int64(rows)
			}
			c.report(b, n)
		})
	}
}

// An epoch of 50 rows through a join and an aggregate.
func BenchmarkSmallEpoch(b *testing.B) {
	l, r := scan(relA), scan(relB)
	j := &plan.Join{L: l, R: r, LKeys: []expr.Expr{col(l, 0)}, RKeys: []expr.Expr{col(r, 0)}}
	p := groupBy(j, []expr.Expr{col(j, 3)}, agg(countAgg, int8T), agg(sumAgg, int8T, col(j, 1)))
	d := start(b, p)
	ctx := context.Background()
	if _, err := d.Step(ctx, map[uint32]Input{relB.ID: {Rows: intBatches(1, 100000, 100000)}}); err != nil {
		b.Fatal(err)
	}
	in := intBatches(1000, 50, 100000)
	c := startClock(b)
	defer func() { c.report(b, int64(b.N)) }()
	for i := range b.N {
		if _, err := d.Step(ctx, map[uint32]Input{relA.ID: {Rows: in[i%len(in) : i%len(in)+1]}}); err != nil {
			b.Fatal(err)
		}
	}
}

// Nexmark's q4 over 1 M bids: the average, by category, of the highest bid of each auction while it was open.
func BenchmarkNexmarkQ4(b *testing.B) {
	auctions := &catalog.Relation{ID: 11, Name: "auction", Append: true, Key: []int{0}, Columns: []catalog.Column{
		{Name: "id", Type: int8T}, {Name: "category", Type: int8T}, {Name: "at", Type: int8T}, {Name: "expires", Type: int8T}}}
	bids := &catalog.Relation{ID: 12, Name: "bid", Append: true, Columns: []catalog.Column{
		{Name: "auction", Type: int8T}, {Name: "price", Type: int8T}, {Name: "at", Type: int8T}}}
	l := &plan.Get{Relation: auctions, Columns: []int{0, 1, 2, 3}}
	r := &plan.Get{Relation: bids, Columns: []int{0, 1, 2}}
	j := &plan.Join{L: l, R: r, LKeys: []expr.Expr{col(l, 0)}, RKeys: []expr.Expr{col(r, 0)},
		On: &expr.And{Args: []expr.Expr{less(at(2, int8T), at(6, int8T)), less(at(6, int8T), at(3, int8T))}}}
	top := groupBy(j, []expr.Expr{col(j, 0), col(j, 1)}, agg(maxAgg, int8T, col(j, 5)))
	p := groupBy(top, []expr.Expr{col(top, 1)}, agg(sumAgg, int8T, col(top, 2)), agg(countAgg, int8T))

	for _, rows := range []int{1000, 10000} {
		b.Run(fmt.Sprint(rows), func(b *testing.B) {
			rnd := rand.New(rand.NewPCG(3, 4))
			id, clock := int64(0), int64(0)
			epoch := func() map[uint32]Input {
				a, n := delta.NewBatch(auctions.Types(), rows/16), delta.NewBatch(bids.Types(), rows)
				for range rows {
					clock++
					switch k := rnd.IntN(50); {
					case k == 0:
					case k < 4:
						id++
						for c, v := range []int64{id, rnd.Int64N(5), clock, clock + rnd.Int64N(20000)} {
							a.Cols[c].AppendInt(v)
						}
						a.AppendCount(1)
					default:
						for c, v := range []int64{max(1, id-rnd.Int64N(100)), 100 + rnd.Int64N(10000), clock} {
							n.Cols[c].AppendInt(v)
						}
						n.AppendCount(1)
					}
				}
				return map[uint32]Input{11: {Rows: []*delta.Batch{a}}, 12: {Rows: []*delta.Batch{n}}}
			}
			var epochs []map[uint32]Input
			for range 1000000 / rows {
				epochs = append(epochs, epoch())
			}
			c := startClock(b)
			for range b.N {
				d := start(b, p)
				for _, e := range epochs {
					if _, err := d.Step(context.Background(), e); err != nil {
						b.Fatal(err)
					}
				}
				if testing.Verbose() {
					for _, s := range d.Stats(500) {
						b.Logf("%*s%T in %d out %d %v %d bytes", 2*s.Depth, "", s.Node, s.RowsIn, s.RowsOut, s.Time.Round(time.Microsecond), s.Bytes)
					}
				}
				d.Release()
			}
			c.report(b, int64(b.N)*1000000)
		})
	}
}

func BenchmarkRunPoint(b *testing.B) {
	a := scan(relA)
	q := query(&plan.Filter{Input: a, Cond: less(col(a, 1), num(500))}, 2)
	rels := bags{relA.ID: newBag(relA.Types())}
	rels[relA.ID].addAll(intBatches(1, 1, 10)[0])
	pool := newPool()
	c := startClock(b)
	defer func() { c.report(b, int64(b.N)) }()
	for range b.N {
		if err := Run(context.Background(), q, rels, Options{Pool: pool}, func(*delta.Batch) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}
