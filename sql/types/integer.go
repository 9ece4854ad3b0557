package types

import (
	"encoding/binary"
	"math"
	"strconv"

	"tarn/sql/sqlstate"
)

var (
	int2Codec = integerCodec("smallint", 2, math.MinInt16, math.MaxInt16)
	int4Codec = integerCodec("integer", 4, math.MinInt32, math.MaxInt32)
	int8Codec = integerCodec("bigint", 8, math.MinInt64, math.MaxInt64)
)

func integerCodec(name string, size int, low, high int64) codec {
	return codec{
		in: func(d *Datum, s string, _ int32, _ *Env) error {
			v, state := parseInteger(s)
			if state == integerOK && v >= low && v <= high {
				d.Int = v
				return nil
			}
			if state == integerInvalid && v >= low && v <= high {
				return invalidText(name, s)
			}
			return sqlstate.New(sqlstate.NumericValueOutOfRange, "value \"%s\" is out of range for type %s", s, name)
		},
		out:  integerOut,
		recv: func(d *Datum, b []byte, _ int32) (err error) { d.Int, err = recvInteger(b, size); return err },
		send: func(dst []byte, d Datum) []byte { return sendInteger(dst, d.Int, size) },
	}
}

func integerOut(dst []byte, d Datum, _ *Env) []byte { return strconv.AppendInt(dst, d.Int, 10) }

type integerState uint8

const (
	integerOK integerState = iota
	integerInvalid
	integerOverflow
)

// parseInteger reads [spaces][sign]digits[spaces]. The digits are also given when something wrong follows them, because
// PostgreSQL notices first that they are too many.
func parseInteger(s string) (int64, integerState) {
	i := 0
	for i < len(s) && isSpace(s[i]) {
		i++
	}
	negative := false
	if i < len(s) && (s[i] == '-' || s[i] == '+') {
		negative = s[i] == '-'
		i++
	}
	start := i
	var v uint64
	for ; i < len(s) && s[i]-'0' <= 9; i++ {
		if v > math.MaxUint64/10-1 {
			return 0, integerOverflow
		}
		v = v*10 + uint64(s[i]-'0')
	}
	if i == start {
		return 0, integerInvalid
	}
	if v > math.MaxInt64 && !(negative && v == 1<<63) {
		return 0, integerOverflow
	}
	for i < len(s) && isSpace(s[i]) {
		i++
	}
	state := integerOK
	if i < len(s) {
		state = integerInvalid
	}
	if negative {
		return -int64(v), state
	}
	return int64(v), state
}

func recvInteger(b []byte, size int) (int64, error) {
	if len(b) != size {
		return 0, insufficientData
	}
	switch size {
	case 2:
		return int64(int16(binary.BigEndian.Uint16(b))), nil
	case 4:
		return int64(int32(binary.BigEndian.Uint32(b))), nil
	}
	return int64(binary.BigEndian.Uint64(b)), nil
}

func sendInteger(dst []byte, v int64, size int) []byte {
	switch size {
	case 2:
		return binary.BigEndian.AppendUint16(dst, uint16(v))
	case 4:
		return binary.BigEndian.AppendUint32(dst, uint32(v))
	}
	return binary.BigEndian.AppendUint64(dst, uint64(v))
}
