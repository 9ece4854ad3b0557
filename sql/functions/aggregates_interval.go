package functions

import (
	"encoding/binary"

	"tarn/delta"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// intervalAggregates are sum and avg of intervals.
func intervalAggregates() []Aggregate {
	return []Aggregate{
		{Name: "sum", Args: sig(interval), Returns: interval, Size: 24, Update: addInterval, Final: finalIntervalSum},
		{Name: "avg", Args: sig(interval), Returns: interval, Size: 24, Update: addInterval, Final: finalIntervalAvg},
	}
}

// addInterval sums months, days and microseconds apart. The sums wrap around, which retraction undoes.
func addInterval(state []byte, args []delta.Column, i int, count int64) {
	months, days, us := types.IntervalParts(args[0].Bytes(i))
	for at, v := range [3]int64{int64(months), int64(days), us} {
		binary.LittleEndian.PutUint64(state[8*at:], binary.LittleEndian.Uint64(state[8*at:])+uint64(v*count))
	}
}

var errInterval = sqlstate.New(sqlstate.DatetimeFieldOverflow, "interval out of range")

// intervalSum appends the interval of a state.
func intervalSum(dst, state []byte) ([]byte, error) {
	months, days := int64(binary.LittleEndian.Uint64(state)), int64(binary.LittleEndian.Uint64(state[8:]))
	if months != int64(int32(months)) || days != int64(int32(days)) {
		return nil, errInterval
	}
	return types.AppendInterval(dst, int32(months), int32(days), int64(binary.LittleEndian.Uint64(state[16:]))), nil
}

func finalIntervalSum(_ *Context, state []byte, rows int64, out *delta.Column) {
	if rows == 0 {
		out.AppendNull()
		return
	}
	b, err := intervalSum(out.Data, state)
	finish(out, b, err)
}

func finalIntervalAvg(_ *Context, state []byte, rows int64, out *delta.Column) {
	if rows == 0 {
		out.AppendNull()
		return
	}
	var buf [16]byte
	sum, err := intervalSum(buf[:0], state)
	if err == nil {
		var mean types.Interval
		if mean, err = types.IntervalOf(sum).Div(float64(rows)); err == nil {
			sum = mean.Append(out.Data)
		}
	}
	finish(out, sum, err)
}
