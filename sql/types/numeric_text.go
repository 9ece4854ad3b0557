package types

import (
	"math"
	"strconv"
	"strings"

	"tarn/sql/sqlstate"
)

var numericCodec = codec{
	in: numericIn, out: numericOut, recv: numericRecv, send: numericSend,
	compare: func(a, b Datum) int { return NumericCmp(a.Bytes, b.Bytes) },
	key:     func(dst []byte, d Datum) []byte { return AppendKeyNumeric(dst, d.Bytes) },
}

// numericIn reads [spaces][sign]digits[.digits][e[sign]digits][spaces], NaN, and [sign]inf[inity].
func numericIn(d *Datum, s string, mod int32, _ *Env) error {
	d.Bytes = d.Bytes[:0]
	text := trimSpace(s)
	if coef, scale, ok := parseSmall(text); ok {
		if coef, scale, ok = coerceSmall(coef, scale, mod); ok {
			d.Bytes = AppendNumericSmall(d.Bytes, coef, scale)
			return nil
		}
	}
	var v decimal
	if err := v.parse(text, s); err != nil {
		return err
	}
	return v.appendCoerced(d, mod)
}

func (d *decimal) appendCoerced(to *Datum, mod int32) (err error) {
	if err = d.coerce(mod); err == nil {
		to.Bytes, err = d.append(to.Bytes)
	}
	return err
}

// parseSmall reads up to 18 digits without an exponent.
func parseSmall(s string) (coef int64, scale int, ok bool) {
	i, point := 0, -1
	negative := false
	if len(s) > 0 && (s[0] == '-' || s[0] == '+') {
		negative = s[0] == '-'
		i = 1
	}
	digits := len(s) - i
	for ; i < len(s); i++ {
		c := s[i]
		if c-'0' <= 9 {
			coef = coef*10 + int64(c-'0')
		} else if c == '.' && point < 0 {
			point = i
			digits--
		} else {
			return 0, 0, false
		}
	}
	if digits == 0 || digits > 18 {
		return 0, 0, false
	}
	if point >= 0 {
		scale = len(s) - 1 - point
	}
	if negative {
		coef = -coef
	}
	return coef, scale, true
}

// parse reads text; whole is what errors quote.
func (d *decimal) parse(text, whole string) error {
	unsigned := strings.TrimLeft(text, "+-")
	if len(text)-len(unsigned) <= 1 {
		negative := text != unsigned && text[0] == '-'
		switch {
		case strings.EqualFold(unsigned, "infinity") || strings.EqualFold(unsigned, "inf"):
			d.tag = tagPosInf
			if negative {
				d.tag = tagNegInf
			}
			return nil
		case text == unsigned && strings.EqualFold(text, "nan"):
			d.tag = tagNaN
			return nil
		}
	}
	mantissa, exponent, err := splitExponent(text, whole)
	if err != nil {
		return err
	}
	before, after, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(before, "+-")
	if len(before)-len(digits) > 1 || digits+after == "" || !isDigits(digits) || !isDigits(after) {
		return invalidText("numeric", whole)
	}
	if len(digits)+exponent > maxNumericDigits+1 && strings.Trim(digits+after, "0") != "" ||
		len(after)-exponent > math.MaxInt32/4 {
		return d.farOut(digits, after, exponent)
	}
	d.coef.SetString(digits+after, 10)
	if len(before) > len(digits) && before[0] == '-' {
		d.coef.Neg(&d.coef)
	}
	d.scale = len(after) - exponent
	if d.coef.Sign() == 0 {
		d.scale = max(d.scale, 0)
	}
	if d.scale < 0 {
		d.rescale(0)
	}
	if d.scale > maxNumericDscale {
		return numericOverflow()
	}
	return nil
}

// farOut decides values whose exponent alone puts them near or beyond the limits, without building them first.
func (d *decimal) farOut(digits, after string, exponent int) error {
	significant := strings.TrimLeft(digits+after, "0")
	if len(significant)-len(after)+exponent > maxNumericDigits || len(after)-exponent > maxNumericDscale {
		return numericOverflow()
	}
	d.coef.SetString(significant, 10)
	d.scale = len(after) - exponent
	d.integral()
	return nil
}

func splitExponent(text, whole string) (mantissa string, exponent int, err error) {
	i := strings.IndexAny(text, "eE")
	if i < 0 {
		return text, 0, nil
	}
	e := text[i+1:]
	if !isDigits(strings.TrimPrefix(strings.TrimPrefix(e, "-"), "+")) || e == "" || e == "+" || e == "-" || strings.HasPrefix(e, "-+") {
		return "", 0, invalidText("numeric", whole)
	}
	exponent, convErr := strconv.Atoi(e)
	if convErr != nil || exponent > math.MaxInt32/2 || exponent < -math.MaxInt32/2 {
		return "", 0, numericOverflow()
	}
	return text[:i], exponent, nil
}

func isDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i]-'0' > 9 {
			return false
		}
	}
	return true
}

// coerce rounds to the scale of a modifier and checks its precision (22003).
func (d *decimal) coerce(mod int32) error {
	precision, scale, ok := numericMod(mod)
	if !ok || d.tag == tagNaN {
		return nil
	}
	if d.tag != 0 {
		return sqlstate.New(sqlstate.NumericValueOutOfRange, "numeric field overflow").
			WithDetail("A field with precision %d, scale %d cannot hold an infinite value.", precision, scale)
	}
	d.rescale(scale)
	fits := d.integerDigits() <= precision-scale
	d.integral()
	if fits {
		return nil
	}
	limit := "1"
	if precision != scale {
		limit = "10^" + strconv.Itoa(precision-scale)
	}
	return sqlstate.New(sqlstate.NumericValueOutOfRange, "numeric field overflow").
		WithDetail("A field with precision %d, scale %d must round to an absolute value less than %s.", precision, scale, limit)
}

// coerceSmall is coerce of a small value; ok is false where that needs more than an int64, or refuses the value.
func coerceSmall(coef int64, scale int, mod int32) (int64, int, bool) {
	precision, to, limited := numericMod(mod)
	if !limited {
		return coef, scale, true
	}
	if to < 0 || to > maxSmallScale || precision >= len(pow10) || scale-to >= len(pow10) {
		return 0, 0, false
	}
	ok := true
	if scale <= to {
		coef, ok = scaleUp(coef, to-scale)
	} else {
		unit := pow10[scale-to]
		rest := coef % unit
		coef /= unit
		if absInt(rest) >= uint64(unit)-absInt(rest) {
			coef += int64(signInt(rest))
		}
	}
	return coef, to, ok && absInt(coef) < uint64(pow10[precision])
}

// NumericCoerce appends a rounded to the modifier of numeric(p,s); 22003 when it does not fit.
func NumericCoerce(dst, a []byte, mod int32) ([]byte, error) {
	if _, _, ok := numericMod(mod); !ok {
		return append(dst, a...), nil
	}
	if coef, scale, ok := NumericSmall(a); ok {
		if coef, scale, ok = coerceSmall(coef, scale, mod); ok {
			return AppendNumericSmall(dst, coef, scale), nil
		}
	}
	var d decimal
	d.load(a)
	if err := d.coerce(mod); err != nil {
		return dst, err
	}
	return d.append(dst)
}

// NumericParse appends the numeric that a text denotes.
func NumericParse(dst []byte, s string) ([]byte, error) {
	d := Datum{}
	if err := numericIn(&d, s, -1, nil); err != nil {
		return dst, err
	}
	return append(dst, d.Bytes...), nil
}

func numericOut(dst []byte, d Datum, _ *Env) []byte { return AppendNumericText(dst, d.Bytes) }

// AppendNumericText appends the text form, with as many digits after the point as the scale says.
func AppendNumericText(dst, b []byte) []byte {
	if coef, scale, ok := NumericSmall(b); ok {
		if coef < 0 {
			dst = append(dst, '-')
		}
		var digits [20]byte
		return appendPoint(dst, strconv.AppendUint(digits[:0], absInt(coef), 10), scale)
	}
	var d decimal
	d.load(b)
	switch d.tag {
	case tagNaN:
		return append(dst, "NaN"...)
	case tagPosInf:
		return append(dst, "Infinity"...)
	case tagNegInf:
		return append(dst, "-Infinity"...)
	}
	if d.coef.Sign() < 0 {
		dst = append(dst, '-')
		d.coef.Neg(&d.coef)
	}
	var digits [64]byte
	return appendPoint(dst, d.coef.Append(digits[:0], 10), d.scale)
}

func appendPoint(dst, digits []byte, scale int) []byte {
	if scale == 0 {
		return append(dst, digits...)
	}
	whole := len(digits) - scale
	if whole <= 0 {
		dst = append(dst, '0', '.')
		for ; whole < 0; whole++ {
			dst = append(dst, '0')
		}
		return append(dst, digits...)
	}
	dst = append(append(dst, digits[:whole]...), '.')
	return append(dst, digits[whole:]...)
}
