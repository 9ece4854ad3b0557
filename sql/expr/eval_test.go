package expr

import (
	"strings"
	"testing"

	"tarn/delta"
	"tarn/sql/functions"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

var (
	int4T = types.Of(types.Int4OID)
	boolT = types.Of(types.BoolOID)
)

func op(t testing.TB, symbol string, l, r Expr) Expr {
	t.Helper()
	f, err := functions.ResolveOperator(symbol, l.Type().OID, r.Type().OID)
	if err != nil {
		t.Fatal(err)
	}
	return &Call{T: types.Of(f.Returns), Fn: f, Args: []Expr{l, r}, Operator: true}
}

func integer(v int64) Expr { return &Const{int4T, types.Datum{Int: v}} }

func column(i int) Expr { return &Column{T: int4T, Index: i} }

// show renders a column: values, NULL, and error codes.
func show(c delta.Column) []string {
	out := make([]string, c.Len())
	for i := range out {
		switch err := c.Errs.Err(i); {
		case err != nil:
			out[i] = string(err.Code)
		case c.IsNull(i):
			out[i] = "NULL"
		case c.Kind == types.Bool:
			out[i] = map[bool]string{true: "t", false: "f"}[c.Bools[i]]
		default:
			out[i] = string(types.AppendText(nil, int4T, c.Datum(i), nil))
		}
	}
	return out
}

// table is a batch of three integer columns: a divisor with a zero and a NULL, and two others.
func table() *delta.Batch {
	b := delta.NewBatch([]types.Type{int4T, int4T, int4T}, 4)
	for i, row := range [][3]int64{{1, 10, 0}, {0, 20, 1}, {2, 30, 0}, {-1, 40, 1}} {
		for c, v := range row {
			if i == 3 && c == 0 {
				b.Cols[c].AppendNull()
				continue
			}
			b.Cols[c].AppendInt(v)
		}
		b.AppendCount(1)
	}
	return b
}

func expect(t *testing.T, e Expr, want ...string) {
	t.Helper()
	got := show(Compile(e).Eval(&functions.Context{}, table()))
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%s, row %d: %s, want %s", String(e), i, got[i], want[i])
		}
	}
}

func TestStrictCallsPropagateNullsAndErrors(t *testing.T) {
	quotient := op(t, "/", column(1), column(0))
	expect(t, quotient, "10", "22012", "15", "NULL")
	expect(t, op(t, "+", quotient, integer(1)), "11", "22012", "16", "NULL")
	expect(t, op(t, ">", quotient, column(0)), "t", "22012", "t", "NULL")
}

// A kernel that builds its column row by row fails an early row and goes on.
func TestErrorBeforeGoodRows(t *testing.T) {
	textT := types.Of(types.TextOID)
	b := delta.NewBatch([]types.Type{textT}, 3)
	for _, s := range []string{"x", "1", "y", "2"} {
		b.Cols[0].AppendString(s)
		b.AppendCount(1)
	}
	toInt := &Cast{T: int4T, Arg: &Column{T: textT}, Explicit: true}
	for e, want := range map[Expr]string{
		toInt:                           "22P02 1 22P02 2",
		op(t, "+", toInt, integer(1)):   "22P02 2 22P02 3",
		&Coalesce{int4T, []Expr{toInt}}: "22P02 1 22P02 2",
		op(t, "=", toInt, op(t, "*", toInt, integer(1))): "22P02 t 22P02 t",
	} {
		if got := strings.Join(show(Compile(e).Eval(&functions.Context{}, b)), " "); got != want {
			t.Errorf("%s: %s, want %s", String(e), got, want)
		}
	}
}

// An error counts only if no other argument decides.
func TestLogicDropsErrorsThatDoNotMatter(t *testing.T) {
	fails := op(t, ">", op(t, "/", column(1), column(0)), integer(0)) // t, error, t, NULL
	zero := op(t, "=", column(2), integer(0))                         // t, f, t, f
	expect(t, &And{[]Expr{fails, zero}}, "t", "f", "t", "f")
	expect(t, &And{[]Expr{zero, fails}}, "t", "f", "t", "f")
	expect(t, &Or{[]Expr{fails, zero}}, "t", "22012", "t", "NULL")
	expect(t, &Or{[]Expr{fails, &Not{zero}}}, "t", "t", "t", "t")
	expect(t, &Not{fails}, "f", "22012", "f", "NULL")
}

func TestCaseComputesOnlyTheBranchTaken(t *testing.T) {
	quotient := op(t, "/", column(1), column(0))
	guarded := &Case{T: int4T, Whens: []When{{op(t, "=", column(0), integer(0)), integer(-1)}}, Else: quotient}
	expect(t, guarded, "10", "-1", "15", "NULL")
	expect(t, &Case{T: int4T, Whens: []When{{op(t, ">", quotient, integer(12)), integer(7)}}}, "NULL", "22012", "7", "NULL")
	expect(t, &Coalesce{int4T, []Expr{column(0), quotient}}, "1", "0", "2", "NULL")
	expect(t, &Coalesce{int4T, []Expr{quotient, column(1)}}, "10", "22012", "15", "40")
}

func TestTests(t *testing.T) {
	quotient := op(t, "/", column(1), column(0))
	expect(t, &IsNull{quotient}, "f", "22012", "f", "t")
	expect(t, &IsBool{op(t, ">", column(0), integer(1)), true}, "f", "f", "t", "f")
	equal, _ := functions.ResolveOperator("=", types.Int4OID, types.Int4OID)
	expect(t, &NotDistinct{equal, column(0), &Const{int4T, types.Null}}, "f", "f", "f", "t")
	expect(t, &In{column(0), []types.Datum{{Int: 0}, {Int: 2}}}, "f", "t", "t", "NULL")
	expect(t, &In{column(0), []types.Datum{{Int: 2}, types.Null}}, "NULL", "NULL", "t", "NULL")
	expect(t, &Fail{boolT, "21000", "no"}, "21000", "21000", "21000", "21000")
}

func TestOverflow(t *testing.T) {
	big := &Const{int4T, types.Datum{Int: 1<<31 - 1}}
	expect(t, op(t, "+", big, column(0)), "22003", "2147483647", "22003", "NULL")
	expect(t, op(t, "*", big, column(1)), "22003", "22003", "22003", "22003")
	expect(t, op(t, "-", &Const{int4T, types.Datum{Int: -1 << 31}}, column(0)), "22003", "-2147483648", "22003", "NULL")
}

// AND over a batch long enough that the second argument is computed for few rows only.
func TestSelectiveLogic(t *testing.T) {
	b := delta.NewBatch([]types.Type{int4T}, 1000)
	for i := range 1000 {
		b.Cols[0].AppendInt(int64(i))
		b.AppendCount(1)
	}
	small := op(t, "<", column(0), integer(50))
	fails := op(t, "=", op(t, "/", integer(7), op(t, "-", column(0), integer(10))), integer(7))
	got := Compile(&And{[]Expr{small, fails}}).Eval(&functions.Context{}, b)
	for i := range 1000 {
		switch {
		case i == 10 && got.Errs.Err(i) == nil, i != 10 && got.Errs.Err(i) != nil, i != 10 && got.Bools[i] != (i == 11):
			t.Fatalf("row %d: %v %v", i, got.Bools[i], got.Errs.Err(i))
		}
	}
}

func TestMapAndEqual(t *testing.T) {
	e := &And{[]Expr{op(t, "=", column(0), column(2)), &IsNull{column(1)}}}
	if got := Columns(e); len(got) != 3 {
		t.Errorf("columns %v", got)
	}
	shifted := Shift(e, 2)
	if got := String(shifted); got != "((#2 = #4) AND (#3 IS NULL))" {
		t.Error(got)
	}
	if Equal(e, shifted) || !Equal(e, Shift(shifted, -2)) || Shift(e, 0) != Expr(e) {
		t.Error("Equal or sharing")
	}
	if IsConst(e) || !IsConst(op(t, "+", integer(1), integer(2))) {
		t.Error("IsConst")
	}
	v, err := EvalConst(&functions.Context{}, op(t, "+", integer(1), integer(2)))
	if err != nil || v.Int != 3 {
		t.Error(v, err)
	}
	if _, err := EvalConst(&functions.Context{}, op(t, "/", integer(1), integer(0))); err == nil {
		t.Error("no error")
	}
}

func benchmark(b *testing.B, e Expr, batch *delta.Batch) {
	p, ctx := Compile(e), &functions.Context{}
	b.ReportAllocs()
	for b.Loop() {
		p.Eval(ctx, batch)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(batch.Len), "ns/row")
}

func ramp(n int) *delta.Batch {
	b := delta.NewBatch([]types.Type{int4T, types.Of(types.NumericOID)}, n)
	for i := range n {
		b.Cols[0].AppendInt(int64(i))
		b.Cols[1].AppendBytes(types.AppendNumericSmall(nil, int64(i)*17, 2))
		b.AppendCount(1)
	}
	return b
}

func BenchmarkIntCompare(b *testing.B)    { benchmark(b, op(b, "<", column(0), integer(500)), ramp(1024)) }
func BenchmarkIntAdd(b *testing.B)        { benchmark(b, op(b, "+", column(0), integer(500)), ramp(1024)) }
func BenchmarkIntCompareOne(b *testing.B) { benchmark(b, op(b, "<", column(0), integer(500)), ramp(1)) }
func BenchmarkNumericTimes(b *testing.B) {
	numericT := types.Of(types.NumericOID)
	rate := &Const{numericT, types.Datum{Bytes: types.AppendNumericSmall(nil, 908, 3)}}
	benchmark(b, op(b, "*", rate, &Column{T: numericT, Index: 1}), ramp(1024))
}

// array is a constant int4[].
func array(t *testing.T, text string) Expr {
	t.Helper()
	arrayT := types.Of(types.Int4ArrayOID)
	d, err := types.Parse(arrayT, text, nil)
	if err != nil {
		t.Fatal(err)
	}
	return &Const{arrayT, d}
}

func TestQuantified(t *testing.T) {
	compare := func(symbol string, all bool, a Expr) Expr {
		f, err := functions.ResolveOperator(symbol, types.Int4OID, types.Int4OID)
		if err != nil {
			t.Fatal(err)
		}
		return &Quantified{Op: f, All: all, L: column(0), Array: a, Elem: int4T}
	}
	expect(t, compare("=", false, array(t, "{0,2}")), "f", "t", "t", "NULL")
	expect(t, compare("=", false, array(t, "{2,NULL}")), "NULL", "NULL", "t", "NULL")
	expect(t, compare("=", false, array(t, "{}")), "f", "f", "f", "f")
	expect(t, compare("<>", true, array(t, "{0,2}")), "t", "f", "f", "NULL")
	expect(t, compare("<", true, array(t, "{1,2}")), "f", "t", "f", "NULL")
	expect(t, compare(">", true, array(t, "{}")), "t", "t", "t", "t")
	expect(t, compare("=", false, &Const{types.Of(types.Int4ArrayOID), types.Null}), "NULL", "NULL", "NULL", "NULL")
	built := &ArrayOf{T: types.Of(types.Int4ArrayOID), Args: []Expr{column(2), op(t, "/", column(1), column(0))}}
	expect(t, compare("=", false, built), "f", "22012", "f", "NULL")
	if got := String(compare("<", true, built)); got != "(#0 < ALL (ARRAY[#2, (#1 / #0)]))" {
		t.Error(got)
	}
}

func TestArrayOf(t *testing.T) {
	inner := &ArrayOf{T: types.Of(types.Int4ArrayOID), Args: []Expr{column(0), column(1)}}
	outer := &ArrayOf{T: types.Of(types.Int4ArrayOID), Args: []Expr{inner, inner}}
	out := Compile(outer).Eval(&functions.Context{}, table())
	for i, want := range []string{"{{1,10},{1,10}}", "{{0,20},{0,20}}", "{{2,30},{2,30}}", "{{NULL,40},{NULL,40}}"} {
		if got := string(types.AppendText(nil, types.Of(types.Int4ArrayOID), out.Datum(i), nil)); got != want {
			t.Errorf("row %d: %s, want %s", i, got, want)
		}
	}
}

// A cast to a type with a modifier: explicit casts cut strings, assignments refuse them.
func TestModifiers(t *testing.T) {
	textT := types.Of(types.TextOID)
	word := &Const{textT, types.Datum{Bytes: []byte("abcdef")}}
	to := types.Type{OID: types.VarcharOID, Mod: 3 + 4}
	c, ok := functions.FindCast(types.TextOID, types.VarcharOID, functions.Assignment)
	if !ok {
		t.Fatal("no cast")
	}
	if d, err := EvalConst(&functions.Context{}, &Cast{T: to, Arg: word, Cast: c, Explicit: true}); err != nil || string(d.Bytes) != "abc" {
		t.Error(d, err)
	}
	_, err := EvalConst(&functions.Context{}, &Cast{T: to, Arg: word, Cast: c})
	if e := sqlstate.From(err); e == nil || e.Code != sqlstate.StringDataRightTruncation {
		t.Error(err)
	}
}
