package functions

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"tarn/sql/types"
)

// numberFormats are to_char of numbers, and to_number: section 9.8 of PostgreSQL's manual, in the locale C.
func numberFormats() []Function {
	return []Function{
		{Name: "to_char", Args: sig(int4, text), Returns: text, Eval: formatKernelOf(formatInt4)},
		{Name: "to_char", Args: sig(int8, text), Returns: text, Eval: formatKernelOf(formatInt8)},
		{Name: "to_char", Args: sig(float4, text), Returns: text, Eval: formatKernelOf(formatFloat(32, 6))},
		{Name: "to_char", Args: sig(float8, text), Returns: text, Eval: formatKernelOf(formatFloat(64, 15))},
		{Name: "to_char", Args: sig(numeric, text), Returns: text, Eval: formatKernelOf(formatNumeric)},
		{Name: "to_number", Args: sig(text, text), Returns: numeric, Volatility: Stable, Standing: true, Eval: blobs(parseNumber)},
	}
}

// formatKernelOf makes a kernel of a function that gives the text of a number, not laid out yet. It gets a copy of the template
// that it may change.
func formatKernelOf(form func(r *Row, t *numberTemplate) (string, error)) Kernel {
	return blobs(func(r *Row, dst []byte) ([]byte, error) {
		if r.Text(1) == "" {
			return dst, nil
		}
		t := *parseNumberTemplate(r.Text(1))
		if t.err != nil {
			return nil, t.err
		}
		s, err := form(r, &t)
		switch {
		case err != nil:
			return nil, err
		case t.exponent:
			return append(dst, s...), nil
		}
		return t.layOut(dst, s)
	})
}

func formatInt4(r *Row, t *numberTemplate) (string, error) {
	switch {
	case t.roman:
		return roman(r.Int(0)), nil
	case t.exponent:
		return exponential(float64(r.Int(0)), t.post), nil
	}
	return decimalText(types.NumericFromInt(nil, r.Int(0)), t)
}

func formatInt8(r *Row, t *numberTemplate) (string, error) {
	v := types.NumericFromInt(nil, r.Int(0))
	switch {
	case t.roman:
		return romanNumeric(v)
	case t.exponent:
		return exponentialNumeric(v, t), nil
	case t.multiply > 0: // a multiplication of bigints
		if t.multiply > 18 || magnitude(r.Int(0)) > math.MaxInt64/uint64(math.Pow10(t.multiply)) {
			return "", errBigint
		}
	}
	return decimalText(v, t)
}

func formatNumeric(r *Row, t *numberTemplate) (string, error) {
	switch {
	case t.roman:
		v, err := types.NumericRound(nil, r.Bytes(0), 0)
		if err != nil {
			return "", err
		}
		return romanNumeric(v)
	case t.exponent:
		return exponentialNumeric(r.Bytes(0), t), nil
	}
	return decimalText(r.Bytes(0), t)
}

// decimalText is a number multiplied as V asks, with the template's digits behind the point.
func decimalText(v []byte, t *numberTemplate) (string, error) {
	if t.multi {
		factor, err := types.NumericPower(nil, types.NumericFromInt(nil, 10), types.NumericFromInt(nil, int64(t.multiply)))
		if err != nil {
			return "", err
		}
		if v, err = types.NumericMul(nil, v, factor); err != nil {
			return "", err
		}
		t.pre += t.multiply
	}
	v, err := types.NumericRound(nil, v, t.post)
	return string(types.AppendNumericText(nil, v)), err
}

// formatFloat formats a float of so many bits, with no more digits behind the point than it has exactly.
func formatFloat(bits, digits int) func(r *Row, t *numberTemplate) (string, error) {
	return func(r *Row, t *numberTemplate) (string, error) {
		v := r.Float(0)
		switch {
		case t.roman:
			if v = math.RoundToEven(v); !(math.Abs(v) <= math.MaxInt32) {
				v = 0
			}
			return roman(int64(v)), nil
		case t.exponent && !finite(v):
			return noExponential(t), nil
		case t.exponent:
			return exponential(v, t.post), nil
		case t.multi:
			factor := math.Pow10(t.multiply)
			if v *= factor; bits == 32 {
				v = float64(float32(r.Float(0)) * float32(factor))
			}
			t.pre += t.multiply
		}
		whole := len(decimalFloat(math.Abs(v), 0))
		t.post = max(min(t.post, digits-whole), 0)
		return decimalFloat(v, t.post), nil
	}
}

// decimalFloat is a float with so many digits behind the point, or its name if it is not finite.
func decimalFloat(v float64, post int) string {
	if !finite(v) {
		return string(types.AppendFloat(nil, v, 64))
	}
	return strconv.FormatFloat(v, 'f', post, 64)
}

// exponential is a finite float as EEEE shows it.
func exponential(v float64, post int) string {
	s := strconv.FormatFloat(v, 'e', post, 64)
	if s[0] != '-' {
		s = " " + s
	}
	return s
}

// noExponential stands for what is no number.
func noExponential(t *numberTemplate) string {
	return " " + strings.Repeat("#", t.pre) + "." + strings.Repeat("#", t.post+4)
}

// exponentialNumeric is a numeric as EEEE shows it. The exponent is that of the number before it is rounded.
func exponentialNumeric(v []byte, t *numberTemplate) string {
	if types.NumericIsNaN(v) || types.NumericIsInf(v) != 0 {
		return noExponential(t)
	}
	sign := " "
	s, negative := strings.CutPrefix(string(types.AppendNumericText(nil, v)), "-")
	if negative {
		sign = "-"
	}
	whole, fraction, _ := strings.Cut(s, ".")
	digits, exponent := strings.TrimLeft(whole+fraction, "0"), 0
	if digits == "" {
		digits = "0"
	} else {
		exponent = len(whole) - 1 - (len(whole) + len(fraction) - len(digits))
	}
	if missing := t.post + 1 - len(digits); missing > 0 {
		digits += strings.Repeat("0", missing)
	}
	digits = digits[0:1] + "." + digits[1:]
	rounded, _ := types.NumericParse(nil, digits) // a number
	rounded, _ = types.NumericRound(nil, rounded, t.post)
	return fmt.Sprintf("%s%se%+03d", sign, types.AppendNumericText(nil, rounded), exponent)
}

func romanNumeric(v []byte) (string, error) {
	n, err := types.NumericToInt(v, int4)
	return roman(n), err
}

// roman is a number in Roman digits, or # for each place if it has none.
func roman(n int64) string {
	if n < 1 || n > 3999 {
		return strings.Repeat("#", 15)
	}
	form := ""
	for _, r := range [...]struct {
		v int64
		s string
	}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for ; n >= r.v; n -= r.v {
			form += r.s
		}
	}
	return form
}
