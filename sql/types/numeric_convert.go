package types

import (
	"math"
	"strconv"

	"github.com/cockroachdb/apd/v3"

	"tarn/sql/sqlstate"
)

// NumericFromFloat appends a float8 (bits 64) or float4 (32) with 15 or 6 significant digits, as PostgreSQL's cast does.
func NumericFromFloat(dst []byte, f float64, bits int) ([]byte, error) {
	switch {
	case f != f:
		return append(dst, tagNaN), nil
	case math.IsInf(f, 0):
		return AppendNumericInf(dst, signInt(int64(math.Copysign(1, f)))), nil
	}
	precision := 15
	if bits == 32 {
		precision = 6
	}
	var buf [32]byte
	text := string(strconv.AppendFloat(buf[:0], f, 'g', precision, bits))
	return NumericParse(dst, text)
}

// exactPow10 are the powers of ten that float64 represents exactly.
var exactPow10 = [...]float64{
	1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
}

// NumericToFloat is the nearest float8 (bits 64) or float4 (32); 22003 when it overflows or vanishes.
func NumericToFloat(b []byte, bits int) (float64, error) {
	coef, scale, ok := NumericSmall(b)
	if ok && bits == 64 && absInt(coef) < 1<<53 && scale < len(exactPow10) {
		return float64(coef) / exactPow10[scale], nil
	}
	var buf [64]byte
	return parseFloat(string(AppendNumericText(buf[:0], b)), bits)
}

// approximate is the nearest float64, infinite where there is none.
func (d *decimal) approximate() float64 {
	var buf [64]byte
	text := append(d.coef.Append(buf[:0], 10), 'e')
	f, _ := strconv.ParseFloat(string(strconv.AppendInt(text, int64(-d.scale), 10)), 64) // ErrRange still gives ±Inf or 0
	return f
}

// NumericToInt rounds half away from zero to an int2, int4 or int8 (by its OID); 22003 when it does not fit, 0A000 for NaN
// and infinities.
func NumericToInt(b []byte, oid OID) (int64, error) {
	coef, scale, ok := NumericSmall(b)
	if ok && scale > 0 {
		if scale < len(pow10) {
			unit := pow10[scale]
			rest := coef % unit
			coef /= unit
			if absInt(rest) >= uint64(unit)-absInt(rest) {
				coef += int64(signInt(rest))
			}
		} else {
			ok = false
		}
	}
	name, low, high := "bigint", int64(math.MinInt64), int64(math.MaxInt64)
	switch oid {
	case Int4OID:
		name, low, high = "integer", math.MinInt32, math.MaxInt32
	case Int2OID:
		name, low, high = "smallint", math.MinInt16, math.MaxInt16
	}
	if !ok {
		var d decimal
		d.load(b)
		switch d.tag {
		case 0:
		case tagNaN:
			return 0, sqlstate.New(sqlstate.FeatureNotSupported, "cannot convert NaN to %s", name)
		default:
			return 0, sqlstate.New(sqlstate.FeatureNotSupported, "cannot convert infinity to %s", name)
		}
		d.rescale(0)
		if ok = d.coef.IsInt64(); ok {
			coef = d.coef.Int64()
		}
	}
	if !ok || coef < low || coef > high {
		return 0, sqlstate.New(sqlstate.NumericValueOutOfRange, "%s out of range", name)
	}
	return coef, nil
}

// NumericFromWide appends the 128-bit integer hi*2^64 + lo (two's complement) * 10^-scale: the sum of many int64.
func NumericFromWide(dst []byte, hi int64, lo uint64, scale int) ([]byte, error) {
	if hi == int64(lo)>>63 && scale <= maxSmallScale {
		return AppendNumericSmall(dst, int64(lo), scale), nil
	}
	var d decimal
	var low apd.BigInt
	d.coef.SetInt64(hi)
	d.coef.Lsh(&d.coef, 64)
	d.coef.Add(&d.coef, low.SetUint64(lo))
	d.scale = scale
	return d.append(dst)
}
