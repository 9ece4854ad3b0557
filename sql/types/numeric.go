package types

import (
	"encoding/binary"
	"math"
	"math/bits"

	"github.com/cockroachdb/apd/v3"

	"tarn/sql/sqlstate"
)

// A numeric is coefficient * 10^-scale, where the scale (PostgreSQL's dscale) is part of the value that is printed but not
// of the value that is compared. Its bytes are one of
//
//	small    scale (0..127) | coefficient, int64 little endian                          9 bytes
//	big      0x80 (>0), 0x81 (<0) | scale, uint16 big endian | magnitude, big endian    what does not fit above
//	special  0xFD -Infinity, 0xFE Infinity, 0xFF NaN                                    1 byte
//
// Every value with its scale has exactly one encoding. Functions that make a numeric append it to dst and return the
// extended slice; their arguments are encodings and are only read. dst must not overlap them.
const (
	maxSmallScale = 127
	smallLen      = 9
	tagBigPos     = 0x80
	tagBigNeg     = 0x81
	tagNegInf     = 0xFD
	tagPosInf     = 0xFE
	tagNaN        = 0xFF
)

// The limits of the type and of results whose scale is chosen, as in PostgreSQL's numeric.h and numeric.c.
const (
	maxNumericDigits  = 131072 // before the point
	maxNumericDscale  = 16383  // after it
	minSigDigits      = 16
	maxDisplayScale   = 1000
	maxResultScale    = 2000
	digitsPerBaseUnit = 4 // PostgreSQL computes in base 10,000; its choice of scales shows it
)

// decimal is a numeric unpacked for arithmetic. tag is 0 for a finite value, else one of the special tags.
type decimal struct {
	coef  apd.BigInt
	scale int
	tag   byte
}

// pow10 are the powers of ten an int64 can hold.
var pow10 = [...]int64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18}

var bigTen = apd.NewBigInt(10)

// setPow10 makes z 10^n.
func setPow10(z *apd.BigInt, n int) *apd.BigInt {
	if n < len(pow10) {
		return z.SetInt64(pow10[n])
	}
	return z.Exp(bigTen, apd.NewBigInt(int64(n)), nil)
}

// NumericSmall unpacks the small form: the value is coef * 10^-scale.
func NumericSmall(b []byte) (coef int64, scale int, ok bool) {
	if len(b) == smallLen && b[0] <= maxSmallScale {
		return int64(binary.LittleEndian.Uint64(b[1:])), int(b[0]), true
	}
	return 0, 0, false
}

// AppendNumericSmall appends coef * 10^-scale, for a scale of 0 to 127.
func AppendNumericSmall(dst []byte, coef int64, scale int) []byte {
	dst = append(dst, byte(scale))
	return binary.LittleEndian.AppendUint64(dst, uint64(coef))
}

// NumericFromInt appends an integer, with scale 0.
func NumericFromInt(dst []byte, v int64) []byte { return AppendNumericSmall(dst, v, 0) }

func (d *decimal) load(b []byte) {
	d.tag = 0
	if coef, scale, ok := NumericSmall(b); ok {
		d.coef.SetInt64(coef)
		d.scale = scale
		return
	}
	d.scale = 0
	if b[0] >= tagNegInf {
		d.tag = b[0]
		return
	}
	d.scale = int(binary.BigEndian.Uint16(b[1:]))
	d.coef.SetBytes(b[3:])
	if b[0] == tagBigNeg {
		d.coef.Neg(&d.coef)
	}
}

// append packs d, whose scale is not negative; 22003 when it exceeds the limits of the type.
func (d *decimal) append(dst []byte) ([]byte, error) {
	if d.tag != 0 {
		return append(dst, d.tag), nil
	}
	if d.scale <= maxSmallScale && d.coef.IsInt64() {
		return AppendNumericSmall(dst, d.coef.Int64(), d.scale), nil
	}
	if d.scale > maxNumericDscale || d.integerDigits() > maxNumericDigits {
		return dst, numericOverflow()
	}
	tag := byte(tagBigPos)
	if d.coef.Sign() < 0 {
		tag = tagBigNeg
	}
	dst = append(dst, tag, byte(d.scale>>8), byte(d.scale))
	return append(dst, d.coef.Bytes()...), nil
}

// integerDigits is the number of digits before the point; negative when zeros follow the point.
func (d *decimal) integerDigits() int {
	if d.coef.Sign() == 0 {
		return 0
	}
	return d.digits() - d.scale
}

// digits is the number of decimal digits of the coefficient.
func (d *decimal) digits() int { return int(apd.NumDigits(&d.coef)) }

// rescale changes the scale, rounding half away from zero when it shrinks. The scale may become negative.
func (d *decimal) rescale(scale int) {
	if d.tag != 0 || scale == d.scale {
		return
	}
	var unit apd.BigInt
	if scale > d.scale {
		d.coef.Mul(&d.coef, setPow10(&unit, scale-d.scale))
	} else if d.digits() < d.scale-scale {
		d.coef.SetInt64(0)
	} else {
		quoHalfAway(&d.coef, &d.coef, setPow10(&unit, d.scale-scale))
	}
	d.scale = scale
}

// truncate reduces the scale toward zero; it never raises it.
func (d *decimal) truncate(scale int) {
	if d.tag != 0 || scale >= d.scale {
		return
	}
	var unit apd.BigInt
	d.coef.Quo(&d.coef, setPow10(&unit, d.scale-scale))
	d.scale = scale
}

// integral brings a negative scale, an integer that ends in zeros, back to 0.
func (d *decimal) integral() {
	if d.scale < 0 {
		d.rescale(0)
	}
}

// quoHalfAway makes z x/y rounded half away from zero.
func quoHalfAway(z, x, y *apd.BigInt) {
	negative := x.Sign()*y.Sign() < 0
	var q, r, twice apd.BigInt
	q.QuoRem(x, y, &r)
	twice.Lsh(r.Abs(&r), 1)
	if twice.CmpAbs(y) >= 0 {
		if negative {
			q.Sub(&q, bigOne)
		} else {
			q.Add(&q, bigOne)
		}
	}
	z.Set(&q)
}

var bigOne = apd.NewBigInt(1)

func numericOverflow() error {
	return sqlstate.New(sqlstate.NumericValueOutOfRange, "value overflows numeric format")
}

// NumericIsNaN and NumericIsInf (1, -1 or 0) recognise the special values.
func NumericIsNaN(b []byte) bool { return len(b) == 1 && b[0] == tagNaN }

// NumericIsInf is 1 for Infinity, -1 for -Infinity, else 0.
func NumericIsInf(b []byte) int {
	if len(b) != 1 || b[0] == tagNaN {
		return 0
	}
	return int(b[0])*2 - (tagNegInf + tagPosInf)
}

// AppendNumericNaN appends NaN.
func AppendNumericNaN(dst []byte) []byte { return append(dst, tagNaN) }

// AppendNumericInf appends Infinity, or -Infinity for a negative sign.
func AppendNumericInf(dst []byte, sign int) []byte {
	if sign < 0 {
		return append(dst, tagNegInf)
	}
	return append(dst, tagPosInf)
}

// NumericSign is -1, 0 or 1; NaN counts as 1.
func NumericSign(b []byte) int {
	if coef, _, ok := NumericSmall(b); ok {
		return signInt(coef)
	}
	switch {
	case b[0] == tagBigNeg || b[0] == tagNegInf:
		return -1
	case b[0] == tagBigPos && len(b) == 3: // zero with a scale beyond the small form
		return 0
	}
	return 1
}

func signInt(v int64) int {
	switch {
	case v < 0:
		return -1
	case v > 0:
		return 1
	}
	return 0
}

// NumericScale is the number of digits printed after the point; -1 for NaN and infinities.
func NumericScale(b []byte) int {
	switch {
	case b[0] <= maxSmallScale:
		return int(b[0])
	case b[0] >= tagNegInf:
		return -1
	}
	return int(binary.BigEndian.Uint16(b[1:]))
}

// NumericMinScale is the smallest scale that loses nothing; -1 for NaN and infinities.
func NumericMinScale(b []byte) int {
	var d decimal
	d.load(b)
	if d.tag != 0 {
		return -1
	}
	d.trim()
	return d.scale
}

// NumericTrimScale appends the value without zeros at the end of its fraction.
func NumericTrimScale(dst, b []byte) []byte {
	var d decimal
	d.load(b)
	d.trim()
	dst, _ = d.append(dst) // a smaller scale cannot overflow
	return dst
}

// trim removes zeros at the end of the fraction.
func (d *decimal) trim() {
	if d.coef.Sign() == 0 {
		d.scale = 0
	}
	var q, r apd.BigInt
	for d.scale > 0 {
		if q.QuoRem(&d.coef, bigTen, &r); r.Sign() != 0 {
			break
		}
		d.coef.Set(&q)
		d.scale--
	}
}

// scaleUp multiplies by 10^n; ok is false when the product does not fit.
func scaleUp(v int64, n int) (product int64, ok bool) {
	if n >= len(pow10) {
		return 0, v == 0
	}
	return mulInt(v, pow10[n])
}

// mulInt multiplies; ok is false when the product does not fit.
func mulInt(a, b int64) (product int64, ok bool) {
	hi, lo := bits.Mul64(absInt(a), absInt(b))
	if hi != 0 || lo > math.MaxInt64 {
		return 0, false
	}
	if (a < 0) != (b < 0) {
		return -int64(lo), true
	}
	return int64(lo), true
}

func absInt(v int64) uint64 {
	if v < 0 {
		return -uint64(v)
	}
	return uint64(v)
}
