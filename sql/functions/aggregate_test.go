package functions

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"tarn/delta"
	"tarn/sql/types"
)

// aggregateOf computes an aggregate the way an operator does: rows of changes in, the value of what is left out.
type aggregateOf struct {
	fn    *Aggregate
	arg   types.Type
	state []byte
	rows  int64
	all   []types.Datum // for Extreme and Collect: what is present, in order of arrival
}

func newAggregate(t testing.TB, name string, arg types.OID) *aggregateOf {
	t.Helper()
	fn, ok, err := ResolveAggregate(name, []types.OID{arg})
	if !ok || err != nil {
		t.Fatal(name, err)
	}
	return &aggregateOf{fn: fn, arg: types.Of(fn.Args[0]), state: make([]byte, fn.Size)}
}

func (a *aggregateOf) change(d types.Datum, count int64) {
	if d.Null && !a.fn.NullCall {
		return
	}
	args := []delta.Column{delta.Repeat(a.arg.Kind(), d, 1)}
	a.rows += count
	switch {
	case a.fn.Update != nil:
		a.fn.Update(a.state, args, 0, count)
	case a.fn.Fold != nil:
		if len(a.state) == 0 {
			a.state = nil
		}
		a.state = a.fn.Fold(a.state, args, 0, count)
	default:
		for ; count > 0; count-- {
			a.all = append(a.all, d)
		}
	}
}

func (a *aggregateOf) value() string {
	out := delta.NewColumn(types.Of(a.fn.Returns).Kind(), 1)
	switch {
	case a.fn.Final != nil:
		a.fn.Final(&Context{}, a.state, a.rows, &out)
	case a.fn.Collect != nil:
		col := delta.NewColumn(a.arg.Kind(), len(a.all))
		for _, d := range a.all {
			col.AppendDatum(d)
		}
		a.fn.Collect(&Context{}, []delta.Column{col}, len(a.all), &out)
	default:
		best := types.Null
		for _, d := range a.all {
			if best.Null || types.Compare(a.arg, d, best)*a.fn.Extreme > 0 {
				best = d
			}
		}
		out.AppendDatum(best)
	}
	if err := out.Errs.Err(0); err != nil {
		return fmt.Sprintf("%s: %s", err.Code, err.Message)
	}
	if out.IsNull(0) {
		return typeName(a.fn.Returns) + ": NULL"
	}
	return typeName(a.fn.Returns) + ": " + string(types.AppendText(nil, types.Of(a.fn.Returns), out.Datum(0), nil))
}

// TestAggregatesGolden compares with what PostgreSQL 15 answered for the lines of testdata/aggregates.txt.
func TestAggregatesGolden(t *testing.T) {
	text, err := os.ReadFile("testdata/aggregates.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		call, want, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " => ")
		head, list, _ := strings.Cut(call, ":")
		name, arg, _ := strings.Cut(strings.TrimSuffix(head, ")"), "(")
		oid, ok := types.ByName(arg)
		if !ok {
			t.Fatal(arg)
		}
		a := newAggregate(t, name, oid)
		for _, v := range strings.Split(list, ",") {
			switch v = strings.TrimSpace(v); v {
			case "":
			case "null":
				a.change(types.Null, 1)
			default:
				d, err := types.Parse(types.Of(oid), v, nil)
				if err != nil {
					t.Fatal(err)
				}
				a.change(d, 1)
			}
		}
		if got := a.value(); got != want {
			t.Errorf("%s\n got %s\nwant %s", call, got, want)
		}
	}
}

// randomValue is a value with the extremes of its type among the likely ones.
func randomValue(r *rand.Rand, t types.OID) types.Datum {
	switch t {
	case int2:
		return types.Datum{Int: int64(int16(r.Uint32()))}
	case int4:
		return types.Datum{Int: int64(int32(r.Uint32()))}
	case int8:
		return types.Datum{Int: int64(r.Uint64()) >> r.IntN(64)}
	case float4:
		return types.Datum{Float: float64(float32(r.NormFloat64() * math.Pow(10, float64(r.IntN(60)-30))))}
	case float8:
		switch r.IntN(12) {
		case 0:
			return types.Datum{Float: math.Inf(1)}
		case 1:
			return types.Datum{Float: math.NaN()}
		case 2:
			return types.Datum{Float: math.SmallestNonzeroFloat64 * float64(r.IntN(9)-4)}
		}
		return types.Datum{Float: r.NormFloat64() * math.Pow(10, float64(r.IntN(500)-250))}
	case numeric:
		var b []byte
		switch r.IntN(8) {
		case 0:
			b = types.AppendNumericNaN(nil)
		case 1:
			b, _ = types.NumericParse(nil, fmt.Sprintf("-%d%018d.%09d", r.Uint64(), r.IntN(1e18), r.IntN(1e9)))
		default:
			b = types.AppendNumericSmall(nil, int64(r.Uint64())>>r.IntN(64), r.IntN(12))
		}
		return types.Datum{Bytes: b}
	case interval:
		return types.Datum{Bytes: types.AppendInterval(nil, int32(r.IntN(100)-50), int32(r.IntN(100)-50), r.Int64N(1e12))}
	}
	return types.Datum{Int: int64(r.IntN(2))}
}

// Whatever came and went, an aggregate is that of the rows that are left.
func TestRetractionIsExact(t *testing.T) {
	for _, a := range Aggregates() {
		if len(a.Args) != 1 || a.Update == nil && a.Fold == nil || a.Name == "count" {
			continue
		}
		t.Run(a.Name+"_"+types.Of(a.Args[0]).Info().Name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(7, uint64(len(a.Name))))
			for range 30 {
				live := newAggregate(t, a.Name, a.Args[0])
				var kept []types.Datum
				var counts []int64
				for range r.IntN(40) {
					d, count := randomValue(r, a.Args[0]), int64(r.IntN(5)+1)
					live.change(d, count)
					switch r.IntN(3) {
					case 0:
						live.change(d, -count)
					case 1:
						live.change(d, 1-count)
						count = 1
						fallthrough
					default:
						kept, counts = append(kept, d), append(counts, count)
					}
				}
				fresh := newAggregate(t, a.Name, a.Args[0])
				for _, i := range r.Perm(len(kept)) {
					fresh.change(kept[i], counts[i])
				}
				if got, want := live.value(), fresh.value(); got != want {
					t.Fatalf("got %s, want %s, of %d values", got, want, len(kept))
				}
				for i, d := range kept {
					live.change(d, -counts[i])
				}
				if got, want := live.value(), newAggregate(t, a.Name, a.Args[0]).value(); got != want {
					t.Fatalf("emptied: got %s, want %s", got, want)
				}
			}
		})
	}
}

// The exact sum of floats is rounded once, whatever the order.
func TestFloatSumIsCorrectlyRounded(t *testing.T) {
	sum := newAggregate(t, "sum", float8)
	for _, v := range []float64{1e100, 1, -1e100, 0x1p-1074, 1e-300} {
		sum.change(types.Datum{Float: v}, 1)
	}
	if got := sum.value(); got != "double precision: 1" {
		t.Error(got)
	}
	tenth := newAggregate(t, "sum", float8)
	tenth.change(types.Datum{Float: 0.1}, 10)
	if got := tenth.value(); got != "double precision: 1" {
		t.Error(got)
	}
}

// A numeric sum has the scale of the values present, not of those that were.
func TestNumericSumForgetsScale(t *testing.T) {
	sum := newAggregate(t, "sum", numeric)
	long, short := types.Datum{Bytes: types.AppendNumericSmall(nil, 12345, 4)}, types.Datum{Bytes: types.AppendNumericSmall(nil, 15, 1)}
	sum.change(long, 1)
	sum.change(short, 1)
	sum.change(long, -1)
	if got := sum.value(); got != "numeric: 1.5" {
		t.Error(got)
	}
	sum.change(short, -1)
	if !bytes.Equal(sum.state, nil) {
		t.Errorf("state left: %x", sum.state)
	}
}

func BenchmarkSumFloat(b *testing.B) {
	benchmarkFold(b, "sum", float8)
}

func BenchmarkSumNumeric(b *testing.B) {
	benchmarkFold(b, "sum", numeric)
}

func benchmarkFold(b *testing.B, name string, t types.OID) {
	a := newAggregate(b, name, t)
	r := rand.New(rand.NewPCG(1, 2))
	col := delta.NewColumn(a.arg.Kind(), 1024)
	for range 1024 {
		if t == numeric {
			col.AppendBytes(types.AppendNumericSmall(nil, r.Int64N(1e6), 2))
		} else {
			col.AppendFloat(r.Float64() * 1000)
		}
	}
	args := []delta.Column{col}
	var state []byte
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		state = a.fn.Fold(state, args, i&1023, 1)
	}
}
