package exec

import (
	"bytes"
	"math"

	"tarn/delta"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// changes is what becomes of groups in an epoch: rows retracted and inserted, and errors of rows that could not be computed.
type changes struct {
	rows *delta.Batch
	errs []countedError
}

type countedError struct {
	err   *sqlstate.Error
	count int64
}

// collect compares the output rows of n groups. keys has n rows; vals has 2n, first those of all groups as they were, then
// as they are; existed and exists say which of them are there.
func (c *changes) collect(keys, vals []delta.Column, existed, exists []bool) {
	n := len(exists)
	var sel []int32 // into vals
	olds := 0
	for i := range n {
		if existed[i] && !(exists[i] && equalRows(vals, i, n+i)) {
			if c.failed(vals, i, -1) {
				continue
			}
			sel = append(sel, int32(i))
		}
	}
	olds = len(sel)
	for i := range n {
		if exists[i] && !(existed[i] && equalRows(vals, i, n+i)) {
			if c.failed(vals, n+i, 1) {
				continue
			}
			sel = append(sel, int32(n+i))
		}
	}
	if len(sel) == 0 {
		return
	}
	out := &delta.Batch{Len: len(sel)}
	if olds > 0 {
		out.Counts = make([]int64, len(sel))
		for i := range out.Counts {
			out.Counts[i] = 1
			if i < olds {
				out.Counts[i] = -1
			}
		}
	}
	out.Cols = make([]delta.Column, 0, len(keys)+len(vals))
	keySel := make([]int32, len(sel))
	for i, s := range sel {
		keySel[i] = s % int32(n)
	}
	for j := range keys {
		out.Cols = append(out.Cols, keys[j].Gather(keySel))
	}
	for j := range vals {
		out.Cols = append(out.Cols, vals[j].Gather(sel))
	}
	c.rows = out
}

// failed notes the error of row i, if it has one.
func (c *changes) failed(vals []delta.Column, i int, count int64) bool {
	e := firstError(vals, i)
	if e != nil {
		c.errs = append(c.errs, countedError{e, count})
	}
	return e != nil
}

// equalRows tells whether rows i and j are the same, exactly, and fail alike.
func equalRows(cols []delta.Column, i, j int) bool {
	for c := range cols {
		if !equalValues(&cols[c], i, j) {
			return false
		}
	}
	return true
}

func equalValues(c *delta.Column, i, j int) bool {
	if c.Errs != nil {
		a, b := errorAt(c, i), errorAt(c, j)
		if a != nil || b != nil {
			return a != nil && b != nil && *a == *b
		}
	}
	if a, b := c.IsNull(i), c.IsNull(j); a || b {
		return a && b
	}
	switch c.Kind {
	case types.Bool:
		return c.Bools[i] == c.Bools[j]
	case types.Int64:
		return c.Ints[i] == c.Ints[j]
	case types.Float64:
		return math.Float64bits(c.Floats[i]) == math.Float64bits(c.Floats[j])
	default:
		return bytes.Equal(c.Bytes(i), c.Bytes(j))
	}
}
