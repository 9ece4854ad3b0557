package functions

import (
	"testing"

	"tarn/delta"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// A kernel that panics fails the rows it panics for, and no others, whichever rows they come with.
func TestPanicFailsTheRow(t *testing.T) {
	f := &Function{Name: "third", Args: []types.OID{types.Int8OID}, Returns: types.Int8OID, Eval: func(_ *Context, args []delta.Column, n int) delta.Column {
		out := make([]int64, n)
		for i := range out {
			out[i] = [...]int64{7, 8, 9}[args[0].Ints[i]]
		}
		return delta.IntColumn(out, nil)
	}}
	arg := delta.NewColumn(types.Int64, 0)
	for _, v := range []int64{0, 5, 2, -1} {
		arg.AppendInt(v)
	}
	for _, c := range []struct {
		args delta.Column
		want []int64 // 0 fails
	}{{arg, []int64{7, 0, 9, 0}}, {arg.Gather([]int32{1}), []int64{0}}, {arg.Gather([]int32{2, 0}), []int64{9, 7}}} {
		out := Call(&Context{}, f, []delta.Column{c.args}, len(c.want))
		for i, want := range c.want {
			err := out.Errs.Err(i)
			if want == 0 && (err == nil || err.Code != sqlstate.InternalError) || want != 0 && (err != nil || out.Ints[i] != want) {
				t.Errorf("row %d of %v: %v, %v", i, c.args.Ints, out.Ints[i], err)
			}
		}
	}
}
