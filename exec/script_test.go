package exec

import (
	"slices"
	"strings"
	"testing"

	"tarn/planner/plan"
	"tarn/sql/expr"
	"tarn/sql/types"
)

// Every operator: insert, update, retract to nothing.

func TestFilter(t *testing.T) {
	a := scan(relA)
	script{
		{"a +1 1 1; a +1 2 5; a +1 3 NULL", "+1 1 1"},
		{"a -1 1 1; a +1 1 2; a +2 2 0", "+1 1 2; +2 2 0; -1 1 1"},
		{"a -1 1 2; a -2 2 0; a -1 3 NULL; a -1 2 5", "-1 1 2; -2 2 0"},
	}.run(t, &plan.Filter{Input: a, Cond: less(col(a, 1), num(3))})
}

func TestProjectMergesRowsThatBecomeEqual(t *testing.T) {
	a := scan(relA)
	script{
		{"a +1 1 2; a +1 2 1; a -2 3 0", ""},
		{"a +1 1 1", "+1 2"},
		{"a -1 1 2; a -1 2 1; a -1 1 1; a +2 3 0", "-1 2"},
	}.run(t, &plan.Project{
		Input: &plan.Filter{Input: a, Cond: less(num(0), col(a, 0))},
		Exprs: []expr.Expr{plus(col(a, 0), col(a, 1))}, Fields: fields(int8T)})
}

func TestErrorOfARowLastsAsLongAsTheRow(t *testing.T) {
	a := scan(relA)
	script{
		{"a +1 8 2; a +2 8 0", "+1 4; error +2 division by zero"},
		{"a -1 8 2; a -1 8 0", "-1 4; error -1 division by zero"},
		{"a -1 8 0", "error -1 division by zero"},
	}.run(t, &plan.Project{Input: a, Exprs: []expr.Expr{div(col(a, 0), col(a, 1))}, Fields: fields(int8T)})
}

func TestConstantIsEmittedOnce(t *testing.T) {
	c := &plan.Constant{Fields: fields(int8T), Rows: [][]expr.Expr{{num(7)}, {plus(num(1), num(1))}}}
	a := scan(relA)
	script{
		{"", "+1 2; +1 7"},
		{"a +1 5 5", "+1 5"},
		{"a -1 5 5", "-1 5"},
	}.run(t, &plan.Union{Children: []plan.Node{c, &plan.Project{Input: a, Exprs: []expr.Expr{col(a, 0)}, Fields: fields(int8T)}}, Fields: fields(int8T)})
}

func TestDistinct(t *testing.T) {
	script{
		{"a +1 1 NULL; a +1 1 NULL; a +3 2 2", "+1 1 NULL; +1 2 2"},
		{"a -1 1 NULL; a -3 2 2; a +1 2 3", "+1 2 3; -1 2 2"},
		{"a -1 1 NULL; a -1 2 3; a +1 9 9; a -1 9 9", "-1 1 NULL; -1 2 3"},
	}.run(t, &plan.Distinct{Input: scan(relA)})
}

// -0 and 0 are one row under SQL: the smaller one by its bytes that is there stands for both, in whatever order they came.
func TestDistinctOfEqualButDifferentRows(t *testing.T) {
	f := scan(relF)
	for _, p := range []plan.Node{&plan.Distinct{Input: f}, groupBy(f, []expr.Expr{col(f, 0), col(f, 1)})} {
		script{
			{"f +1 1 -0; f +1 1 0", "+1 1 0"},
			{"f -1 1 0", "+1 1 -0; -1 1 0"},
			{"f +1 1 0; f -1 1 -0", "+1 1 0; -1 1 -0"},
			{"f -1 1 0; f +1 1 -0; f +1 1 0", ""},
			{"f -1 1 0; f -1 1 -0", "-1 1 0"},
			{"f +1 1 -0", "+1 1 -0"},
			{"f -2 1 0; f -1 1 -0; f +1 1 0; f +1 1 -0; f +1 1 0", ""},
		}.run(t, p)
	}
}

// Of a group the key that is there is shown, whichever of its rows go first.
func TestAggregateOfEqualButDifferentValues(t *testing.T) {
	f := scan(relF)
	script{
		{"f +2 1 -0; f +1 2 0; f +1 2 3", "+1 0 3 2; +1 3 1 2"},
		{"f -1 2 0", "+1 -0 2 1; -1 0 3 2"},
		{"f -2 1 -0; f -1 2 3", "-1 -0 2 1; -1 3 1 2"},
	}.run(t, groupBy(f, []expr.Expr{col(f, 1)}, agg(countAgg, int8T), agg(maxAgg, int8T, col(f, 0))))
}

// Of an input that only grows the first of equal rows stays there, and is not taken back for another.
func TestDistinctOfEqualButDifferentGrowingRows(t *testing.T) {
	f := scan(growing(relF))
	for _, p := range []plan.Node{&plan.Distinct{Input: f}, groupBy(f, []expr.Expr{col(f, 0), col(f, 1)})} {
		script{
			{"F +1 1 -0", "+1 1 -0"},
			{"F +1 1 0; F +1 2 0", "+1 2 0"},
			{"F +1 2 -0", ""},
		}.run(t, p)
	}
}

// What comes out of EXCEPT ALL is a part of its left side, in the forms that the right one leaves of it.
func TestThresholdOfEqualButDifferentRows(t *testing.T) {
	side := func(cond expr.Expr) plan.Node {
		f := &plan.Filter{Input: scan(relF), Cond: cond}
		return &plan.Project{Input: f, Exprs: []expr.Expr{col(f, 1)}, Fields: fields(floatT)}
	}
	k := at(0, int8T)
	script{
		{"f +1 1 -0; f +1 9 0", ""},
		{"f +2 1 -0; f +1 2 0", "+3 -0"},
		{"f -1 9 0", "+1 0"},
		{"f +3 9 0", "-1 0; -2 -0"},
		{"f -3 9 0", "+1 0; +2 -0"},
		{"f -3 1 -0; f -1 2 0", "-1 0; -3 -0"},
	}.run(t, &plan.Threshold{Input: &plan.Union{
		Children: []plan.Node{side(less(k, num(5))), &plan.Negate{Input: side(less(num(4), k))}}, Fields: fields(floatT)}})
}

// EXCEPT ALL: counts below zero are kept, and give nothing.
func TestThresholdOverNegate(t *testing.T) {
	script{
		{"a +3 1 1; b +1 1 1; b +1 2 2", "+2 1 1"},
		{"a +2 2 2; b +2 1 1", "+1 2 2; -2 1 1"},
		{"b -1 2 2; b -3 1 1; a -3 1 1; a -2 2 2", "-1 2 2"},
	}.run(t, &plan.Threshold{Input: &plan.Union{Children: []plan.Node{scan(relA), &plan.Negate{Input: scan(relB)}}, Fields: fields(int8T, int8T)}})
}

func joinOf(kind plan.JoinKind, on bool) *plan.Join {
	a, b := scan(relA), scan(relB)
	j := &plan.Join{Kind: kind, L: a, R: b, LKeys: []expr.Expr{col(a, 0)}, RKeys: []expr.Expr{col(b, 0)}}
	if on {
		j.On = less(at(1, int8T), at(3, int8T))
	}
	return j
}

func TestInnerJoin(t *testing.T) {
	script{
		{"a +2 1 10; b +3 1 20; a +1 NULL 1; b +1 NULL 1", "+6 1 10 1 20"},
		{"a -1 1 10; a +1 1 11", "+3 1 11 1 20; -3 1 10 1 20"},
		{"b -3 1 20; a -1 NULL 1", "-3 1 10 1 20; -3 1 11 1 20"},
	}.run(t, joinOf(plan.Inner, false))
}

func TestLeftJoin(t *testing.T) {
	script{
		{"a +1 1 10; a +1 NULL 5; b +1 2 20", "+1 1 10 NULL NULL; +1 NULL 5 NULL NULL"},
		{"b +1 1 20; b +1 1 21", "+1 1 10 1 20; +1 1 10 1 21; -1 1 10 NULL NULL"},
		{"b -1 1 20", "-1 1 10 1 20"},
		{"b -1 1 21; a -1 NULL 5", "+1 1 10 NULL NULL; -1 1 10 1 21; -1 NULL 5 NULL NULL"},
		{"a -1 1 10", "-1 1 10 NULL NULL"},
	}.run(t, joinOf(plan.Left, false))
}

// The residual condition a.v < b.v decides, row by row, who has a partner.
func TestFullJoinWithResidualCondition(t *testing.T) {
	script{
		{"a +1 1 10; a +1 1 30; b +1 1 20", "+1 1 10 1 20; +1 1 30 NULL NULL"},
		{"b -1 1 20; b +1 1 5", "+1 1 10 NULL NULL; +1 NULL NULL 1 5; -1 1 10 1 20"},
		{"a +1 1 4; b +1 1 40", "+1 1 10 1 40; +1 1 30 1 40; +1 1 4 1 40; +1 1 4 1 5; -1 1 10 NULL NULL; -1 1 30 NULL NULL; -1 NULL NULL 1 5"},
		{"a -1 1 4; a -1 1 10; a -1 1 30; b -1 1 40; b -1 1 5", "-1 1 10 1 40; -1 1 30 1 40; -1 1 4 1 40; -1 1 4 1 5"},
	}.run(t, joinOf(plan.Full, true))
}

func TestRightJoin(t *testing.T) {
	script{
		{"b +1 1 20; b +1 NULL 1", "+1 NULL NULL 1 20; +1 NULL NULL NULL 1"},
		{"a +1 1 10", "+1 1 10 1 20; -1 NULL NULL 1 20"},
		{"a -1 1 10; b -1 1 20; b -1 NULL 1", "-1 1 10 1 20; -1 NULL NULL NULL 1"},
	}.run(t, joinOf(plan.Right, false))
}

func TestSemiAndAntiJoin(t *testing.T) {
	script{
		{"a +2 1 10; b +1 1 1; b +1 1 2; a +1 2 2", "+2 1 10"},
		{"b -1 1 1; b +1 2 0", "+1 2 2"},
		{"b -1 1 2; b -1 2 0", "-1 2 2; -2 1 10"},
	}.run(t, joinOf(plan.Semi, false))
	script{
		{"a +2 1 10; b +1 1 1; a +1 2 2; a +1 NULL 0", "+1 2 2; +1 NULL 0"},
		{"b -1 1 1; b +1 2 0", "+2 1 10; -1 2 2"},
		{"a -2 1 10; a -1 2 2; a -1 NULL 0", "-1 NULL 0; -2 1 10"},
	}.run(t, joinOf(plan.Anti, false))
}

func TestNullKeysMatchIfAskedTo(t *testing.T) {
	j := joinOf(plan.Inner, false)
	j.NullEqual = true
	script{
		{"a +1 NULL 1; b +1 NULL 2", "+1 NULL 1 NULL 2"},
		{"b -1 NULL 2", "-1 NULL 1 NULL 2"},
	}.run(t, j)
}

// Rows whose only possible partner has come are not kept, and those that waited for it are forgotten.
func TestJoinWithGrowingUniqueSideForgetsTheOther(t *testing.T) {
	keyed := growing(relA)
	keyed.Key = []int{0}
	a, b := scan(keyed), scan(relB)
	for _, flip := range []bool{false, true} {
		p := &plan.Join{L: a, R: b, LKeys: []expr.Expr{col(a, 0)}, RKeys: []expr.Expr{col(b, 0)}}
		if flip {
			p.L, p.R, p.LKeys, p.RKeys = p.R, p.L, p.RKeys, p.LKeys
		}
		d := start(t, &plan.Project{Input: p, Exprs: []expr.Expr{at(1, int8T), at(3, int8T)}, Fields: fields(int8T, int8T)})
		for _, e := range []struct {
			epoch, want string
			kept        int64
		}{
			{"b +2 1 5; b +1 1 6; b +1 2 7", "", 4},
			{"A +1 1 8; b +1 1 9", "+1 8 6; +1 8 9; +2 8 5", 2},
			{"b -2 1 5; b -1 1 9; b -1 2 7", "-1 8 9; -2 8 5", 1},
			{"A +1 2 0; b -1 1 6", "-1 8 6", 2},
		} {
			want := e.want
			if flip {
				want = ""
				for i, row := range strings.Split(e.want, "; ") {
					if w := strings.Fields(row); len(w) == 3 {
						if i > 0 {
							want += "; "
						}
						want += w[0] + " " + w[2] + " " + w[1]
					}
				}
			}
			got, kept := step(t, d, e.epoch), int64(0)
			for _, n := range d.nodes {
				if j, ok := n.op.(*join); ok {
					for s := range j.sides {
						j.sides[s].rows.Scan(func(_, _ []byte, count int64) bool { kept += count; return true })
					}
				}
			}
			if sorted(got) != sorted(want) || kept != e.kept {
				t.Errorf("flip %v: %s: got %s, kept %d; want %s, kept %d", flip, e.epoch, got, kept, want, e.kept)
			}
		}
	}
}

func sorted(list string) string {
	rows := strings.Split(list, "; ")
	slices.Sort(rows)
	return strings.Join(rows, "; ")
}

func TestCrossJoin(t *testing.T) {
	script{
		{"a +1 1 1; a +1 2 2; b +1 3 3", "+1 1 1 3 3; +1 2 2 3 3"},
		{"b +1 4 4; a -1 1 1", "+1 2 2 4 4; -1 1 1 3 3"},
		{"b -1 3 3; b -1 4 4", "-1 2 2 3 3; -1 2 2 4 4"},
	}.run(t, &plan.Join{L: scan(relA), R: scan(relB)})
}

// A residual condition that fails for a pair is an error with the pair's count.
func TestJoinErrors(t *testing.T) {
	j := joinOf(plan.Left, false)
	j.On = less(num(1), div(at(1, int8T), at(3, int8T)))
	script{
		{"a +2 1 10; b +1 1 5; b +1 1 0", "+2 1 10 1 5; error +2 division by zero"},
		{"b -1 1 5", "+2 1 10 NULL NULL; -2 1 10 1 5"},
		{"a -2 1 10", "-2 1 10 NULL NULL; error -2 division by zero"},
	}.run(t, j)
}

func TestAggregate(t *testing.T) {
	a := scan(relA)
	script{
		{"a +1 1 10; a +2 1 NULL; a +1 NULL 3", "+1 1 3 1 10 10 10; +1 NULL 1 1 3 3 3"},
		{"a +1 1 20; a -1 1 10; a +1 NULL 3; a -1 NULL 3", "+1 1 3 1 20 20 20; -1 1 3 1 10 10 10"},
		{"a -1 1 20", "+1 1 2 0 NULL NULL NULL; -1 1 3 1 20 20 20"},
		{"a -2 1 NULL; a -1 NULL 3", "-1 1 2 0 NULL NULL NULL; -1 NULL 1 1 3 3 3"},
	}.run(t, groupBy(a, []expr.Expr{col(a, 0)},
		agg(countAgg, int8T), agg(countArgAgg, int8T, col(a, 1)), agg(sumAgg, int8T, col(a, 1)),
		agg(minAgg, int8T, col(a, 1)), agg(maxAgg, int8T, col(a, 1))))
}

func TestGlobalAggregateIsAlwaysOneRow(t *testing.T) {
	a := scan(relA)
	script{
		{"", "+1 0 NULL"},
		{"a +1 1 5", "+1 1 5; -1 0 NULL"},
		{"a -1 1 5", "+1 0 NULL; -1 1 5"},
	}.run(t, groupBy(a, nil, agg(countAgg, int8T), agg(sumAgg, int8T, col(a, 1))))

	grouped := groupBy(a, nil, agg(countAgg, int8T))
	grouped.Grouped = true
	script{
		{"", ""},
		{"a +1 1 5", "+1 1"},
		{"a -1 1 5", "-1 1"},
	}.run(t, grouped)
}

func TestAggregateFilterAndDistinct(t *testing.T) {
	a := scan(relA)
	filtered := agg(sumAgg, int8T, div(num(12), col(a, 1)))
	filtered.Filter = less(num(0), col(a, 1)) // 12/0 does not count
	distinct := agg(sumAgg, int8T, col(a, 1))
	distinct.Distinct = true
	script{
		{"a +2 1 3; a +1 1 0; a +1 1 4", "+1 1 11 7"},
		{"a -1 1 3; a -1 1 4", "+1 1 4 3; -1 1 11 7"},
		{"a -1 1 3; a -1 1 0", "-1 1 4 3"},
	}.run(t, groupBy(a, []expr.Expr{col(a, 0)}, filtered, distinct))
}

func TestVaryingStateAndCollect(t *testing.T) {
	s := scan(relS)
	down := agg(listAgg, textT, col(s, 1))
	down.OrderBy = []plan.Order{{Expr: col(s, 1), Desc: true, NullsFirst: true}}
	once := agg(listAgg, textT, col(s, 1))
	once.Distinct = true
	script{
		{"s +2 1 b; s +1 1 ccc; s +1 1 NULL", "+1 1 5 b,b,ccc ccc,b,b b,ccc"},
		{"s -1 1 b; s +1 1 a", "+1 1 5 a,b,ccc ccc,b,a a,b,ccc; -1 1 5 b,b,ccc ccc,b,b b,ccc"},
		{"s -1 1 b; s -1 1 a; s -1 1 ccc", "+1 1 0 NULL NULL NULL; -1 1 5 a,b,ccc ccc,b,a a,b,ccc"},
		{"s -1 1 NULL", "-1 1 0 NULL NULL NULL"},
	}.run(t, groupBy(s, []expr.Expr{col(s, 0)}, agg(lengthsAgg, int8T, col(s, 1)), agg(listAgg, textT, col(s, 1)), down, once))
}

// min and max over an input that only grows keep only the best.
func TestExtremeOfGrowingInput(t *testing.T) {
	a, s := scan(growing(relA)), scan(growing(relS))
	script{
		{"A +1 1 5; A +1 1 7", "+1 1 5 7"},
		{"A +1 1 6", ""},
		{"A +1 1 9; A +1 2 NULL", "+1 1 5 9; +1 2 NULL NULL; -1 1 5 7"},
	}.run(t, groupBy(a, []expr.Expr{col(a, 0)}, agg(minAgg, int8T, col(a, 1)), agg(maxAgg, int8T, col(a, 1))))
	script{
		{"S +1 1 bb; S +1 1 c", "+1 1 bb c"},
		{"S +1 1 aaa; S +1 1 d", "+1 1 aaa d; -1 1 bb c"},
	}.run(t, groupBy(s, []expr.Expr{col(s, 0)}, agg(minAgg, textT, col(s, 1)), agg(maxAgg, textT, col(s, 1))))
}

// -0 and 0 are equal, and each is what it is when the other has gone.
func TestExtremesOfZeros(t *testing.T) {
	f := scan(relF)
	script{
		{"f +1 1 -0; f +1 1 0", "+1 1 0 -0"},
		{"f -1 1 0", "+1 1 -0 -0; -1 1 0 -0"},
		{"f -1 1 -0", "-1 1 -0 -0"},
	}.run(t, groupBy(f, []expr.Expr{col(f, 0)}, agg(minAgg, floatT, col(f, 1)), agg(maxAgg, floatT, col(f, 1))))
}

// A group whose aggregate fails is an error as long as it does.
func TestAggregateErrors(t *testing.T) {
	a := scan(relA)
	script{
		{"a +1 1 5; a +1 2 0", "+1 1 NULL; error +1 division by zero"},
		{"a +1 2 1; a +1 1 -5", "+1 2 NULL; -1 1 NULL"},
		{"a +1 1 7", "+1 1 NULL; error -1 division by zero"},
	}.run(t, groupBy(a, []expr.Expr{col(a, 0)}, agg(inverseAgg, int8T, col(a, 1))))
}

func TestTopK(t *testing.T) {
	a := scan(relA)
	script{
		{"a +1 1 10; a +1 1 30; a +1 1 20; a +1 1 40; a +1 2 5", "+1 1 20; +1 1 30"},
		{"a +1 1 35; a +1 2 6", "+1 1 35; +1 2 5; -1 1 20"},
		{"a -1 1 40; a -1 2 6", "+1 1 20; -1 1 35; -1 2 5"},
		{"a -1 1 10; a -1 1 20; a -1 1 30; a -1 1 35; a -1 2 5", "-1 1 20; -1 1 30"},
	}.run(t, &plan.TopK{Input: a, Keys: []expr.Expr{col(a, 0)}, Limit: num(2), Offset: num(1),
		OrderBy: []plan.Order{{Expr: col(a, 1), Desc: true, NullsFirst: true}}})
}

func TestTopKOrdersNulls(t *testing.T) {
	a := scan(relA)
	for _, c := range []struct {
		desc, first bool
		want        string
	}{{false, false, "+1 1 1"}, {false, true, "+1 1 NULL"}, {true, false, "+1 1 2"}, {true, true, "+1 1 NULL"}} {
		script{{"a +1 1 1; a +1 1 2; a +1 1 NULL", c.want}}.run(t, &plan.TopK{Input: a, Limit: num(1),
			OrderBy: []plan.Order{{Expr: col(a, 1), Desc: c.desc, NullsFirst: c.first}}})
	}
}

func TestTopKOfGrowingInputKeepsOnlyTheWindow(t *testing.T) {
	a := scan(growing(relA))
	p := &plan.TopK{Input: a, Limit: num(2), OrderBy: []plan.Order{{Expr: col(a, 1)}}}
	d := start(t, p)
	for _, e := range []struct{ epoch, want string }{
		{"A +3 1 5; A +1 1 4", "+1 1 4; +1 1 5"},
		{"A +1 1 9; A +1 1 3", "+1 1 3; -1 1 5"},
	} {
		if got := step(t, d, e.epoch); got != e.want {
			t.Fatalf("%s: got %s, want %s", e.epoch, got, e.want)
		}
	}
	rows := 0
	for _, n := range d.nodes {
		if k, ok := n.op.(*topK); ok {
			k.rows.Scan(func(_, _ []byte, count int64) bool { rows += int(count); return true })
		}
	}
	if rows != 2 {
		t.Errorf("%d rows are kept, want 2", rows)
	}
}

func TestFlatMap(t *testing.T) {
	a := scan(relA)
	p := &plan.FlatMap{Input: a, Fn: seriesFn, Args: []expr.Expr{col(a, 0), col(a, 1)}, Columns: fields(int8T), Ordinality: true}
	script{
		{"a +2 2 3; a +1 1 0; a +1 3 4", "+2 2 3 2 1; +2 2 3 3 2; error +1 four is too much"},
		{"a -2 2 3; a -1 1 0; a -1 3 4", "-2 2 3 2 1; -2 2 3 3 2; error -1 four is too much"},
	}.run(t, p)
	outer := *p
	outer.Outer = true
	script{
		{"a +1 1 0; a +1 NULL 1; a +1 1 1", "+1 1 0 NULL NULL; +1 1 1 1 1; +1 NULL 1 NULL NULL"},
		{"a -1 NULL 1", "-1 NULL 1 NULL NULL"},
	}.run(t, &outer)
}

func TestLimitMustNotBeNegative(t *testing.T) {
	_, err := Compile(&plan.TopK{Input: scan(relA), Limit: num(-1)}, 500, Options{Pool: newPool()})
	if err == nil || err.Error() != "LIMIT must not be negative (SQLSTATE 2201W)" {
		t.Error(err)
	}
	null := &expr.Const{T: int8T, Value: types.Null}
	script{{"a +1 1 1; a +1 2 2", "+1 1 1; +1 2 2"}}.run(t, &plan.TopK{Input: scan(relA), Limit: null, Offset: null})
}

// Values of any length go through every operator that keeps state.
func TestLongValues(t *testing.T) {
	s := scan(relS)
	k := []expr.Expr{col(s, 0)}
	x := []expr.Expr{col(s, 1)}
	distinct := agg(countArgAgg, int8T, col(s, 1))
	distinct.Distinct = true
	on := joinOf(plan.Full, false)
	on.L, on.R, on.LKeys, on.RKeys, on.On = s, s, k, k, less(at(0, int8T), at(2, int8T))
	plans := []plan.Node{
		&plan.Distinct{Input: s},
		groupBy(s, x, agg(countAgg, int8T)),
		groupBy(s, k, agg(maxAgg, textT, col(s, 1)), distinct, agg(listAgg, textT, col(s, 1)), agg(lengthsAgg, int8T, col(s, 1))),
		&plan.Join{L: s, R: s, LKeys: x, RKeys: x},
		on,
		&plan.TopK{Input: s, Keys: x, OrderBy: []plan.Order{{Expr: col(s, 1)}}, Limit: num(1)},
	}
	for _, length := range []int{100, 3000, 70000, 5 << 20} {
		long := strings.Repeat("y", length)
		for _, p := range plans {
			d := start(t, p)
			first := step(t, d, "s +1 1 "+long)
			second := step(t, d, "s +1 1 "+long[1:])
			third := step(t, d, "s -1 1 "+long[1:])
			last := step(t, d, "s -1 1 "+long)
			if len(first) < length || len(second) < length-1 || len(third) != len(second) || len(last) != len(first) {
				t.Fatalf("%T of %d bytes: %d, %d, %d, %d", p, length, len(first), len(second), len(third), len(last))
			}
			d.Release()
		}
	}
}
