package functions

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"

	"tarn/sql/sqlstate"
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

// numberWriter lays a number out in a template, place by place as PostgreSQL does.
type numberWriter struct {
	*numberTemplate
	dst      []byte
	number   string // without its sign
	at       int    // what of it is written
	blanks   int    // places before the number's first digit
	place    int
	last     int // with FM, the last character of the number that matters; -1 otherwise
	count    int // places
	negative bool
	signDone bool
	started  bool // a digit was written
}

func (t *numberTemplate) layOut(dst []byte, s string) ([]byte, error) {
	from := len(dst)
	w := &numberWriter{numberTemplate: t, dst: dst, last: -1}
	w.number, w.negative = strings.CutPrefix(s, "-")
	if t.roman {
		t.pre, t.post, t.signed, t.signFirst, t.plus, t.minus, t.bracket, t.zero, t.decimal = 0, 0, false, false, false, false, false, false, false
	} else if whole, _, _ := strings.Cut(w.number, "."); len(whole) > t.pre {
		w.number = strings.Repeat("#", t.pre) + "." + strings.Repeat("#", t.post)
	} else {
		w.blanks = t.pre - len(whole)
	}
	w.prepare()
	for _, node := range t.nodes {
		if node.pattern == "" {
			w.dst = append(w.dst, node.literal...)
			continue
		}
		if err := w.write(node.pattern); err != nil {
			return nil, err
		}
	}
	if end := bytes.IndexByte(w.dst[from:], 0); end >= 0 { // places behind the end of a shortened number
		return w.dst[:from+end], nil
	}
	return w.dst, nil
}

// prepare decides where the sign goes and what FM leaves out.
func (w *numberWriter) prepare() {
	if w.plus || w.minus {
		w.signDone = w.minus
	} else {
		if !w.negative && w.fill {
			w.bracket = false
		}
		w.signDone = !w.negative && w.fill && !w.signed
		if w.signFirst && w.pre == w.signAt {
			w.signFirst = false
		}
	}
	w.count = w.post + w.pre - 1
	if point := strings.IndexByte(w.number, '.'); w.fill && w.decimal && point >= 0 {
		w.last = max(point, len(strings.TrimRight(w.number, "0"))-1)
		if w.zeroTo > w.blanks {
			w.last = max(w.last, min(len(w.number)-1, w.zeroTo-w.blanks))
		}
	}
	if !w.signDone && w.blanks == 0 {
		w.count++
	}
}

// next is the number's next character, 0 behind its end.
func (w *numberWriter) next() byte {
	if w.at < len(w.number) {
		return w.number[w.at]
	}
	return 0
}

// pointLast tells whether FM leaves nothing behind the point.
func (w *numberWriter) pointLast() bool { return w.last >= 0 && w.number[w.last] == '.' }

// noZero tells whether the next character is a 0 before the point that is not written.
func (w *numberWriter) noZero() bool { return !w.zero && w.at == 0 && w.next() == '0' && w.post != 0 }

func (w *numberWriter) write(pattern string) error {
	switch pattern {
	case "9", "0", ".", "D":
		if !w.roman {
			w.digit(pattern == "0")
		}
	case ",", "G":
		if w.started {
			w.dst = append(w.dst, ',')
		} else if !w.fill {
			w.dst = append(w.dst, ' ')
		}
	case "L":
		w.dst = append(w.dst, ' ')
	case "RN", "rn":
		s := w.number
		if pattern == "rn" {
			s = strings.ToLower(s)
		}
		if !w.fill {
			s = fmt.Sprintf("%15s", s)
		}
		w.dst = append(w.dst, s...)
	case "TH", "th":
		if w.roman || w.number[0] == '#' || w.negative || w.decimal {
			return nil
		}
		return w.ordinal(pattern == "TH")
	case "MI":
		w.mark(w.negative, '-')
	case "PL":
		w.mark(!w.negative && !w.roman, '+')
	case "SG":
		if w.roman { // which has no sign, and ends here
			w.dst = append(w.dst, 0)
			return nil
		}
		w.dst = append(w.dst, plusMinus(w.negative))
	}
	return nil
}

func (w *numberWriter) ordinal(upper bool) (err error) {
	w.dst, err = appendOrdinal(w.dst, w.number, upper)
	return err
}

// digit writes one place: the sign before the first digit, a blank, a zero, the point, a digit, and the sign behind the last.
func (w *numberWriter) digit(zero bool) {
	w.started = false
	leading := w.zero && w.zeroFrom <= w.place // zeros instead of blanks
	if !w.signDone && (w.place >= w.blanks || w.zero && w.zeroFrom == w.place) && (!w.noZero() || w.pointLast()) {
		w.sign()
	}
	switch {
	case w.place < w.blanks && leading:
		w.dst = append(w.dst, '0')
		w.started = true
	case w.place < w.blanks:
		if !w.fill {
			w.dst = append(w.dst, ' ')
		}
	default:
		w.character(zero)
		if w.at < len(w.number) {
			w.at++
		}
	}
	end := w.count
	if w.blanks > 0 {
		end++
	}
	if w.decimal {
		end++
	}
	if w.last >= 0 && w.last == w.at {
		end = w.place
	}
	if w.place+1 == end {
		switch {
		case w.signDone && w.bracket && w.negative:
			w.dst = append(w.dst, '>')
		case w.signDone && w.bracket:
			w.dst = append(w.dst, ' ')
		case w.signed && !w.signFirst:
			w.dst = append(w.dst, plusMinus(w.negative))
		}
	}
	w.place++
}

// sign writes the sign before the number, unless it goes elsewhere.
func (w *numberWriter) sign() {
	switch {
	case w.signed:
		if !w.signFirst {
			return
		}
		w.dst = append(w.dst, plusMinus(w.negative))
	case w.bracket && w.negative:
		w.dst = append(w.dst, '<')
	case w.negative:
		w.dst = append(w.dst, '-')
	case w.bracket || !w.fill:
		w.dst = append(w.dst, ' ')
	}
	w.signDone = true
}

// character writes the number's next one.
func (w *numberWriter) character(zero bool) {
	switch {
	case w.next() == '.':
		if !w.pointLast() || w.fill {
			w.dst = append(w.dst, '.')
		}
	case w.last >= 0 && w.at > w.last && !zero:
	case w.noZero() && !w.fill:
		w.dst = append(w.dst, ' ')
	case w.noZero():
		if w.pointLast() {
			w.dst = append(w.dst, '0')
		}
	default:
		w.dst = append(w.dst, w.next())
		w.started = true
	}
}

// mark writes a sign, or the blank in its place.
func (w *numberWriter) mark(shown bool, sign byte) {
	if shown {
		w.dst = append(w.dst, sign)
	} else if !w.fill {
		w.dst = append(w.dst, ' ')
	}
}

func plusMinus(negative bool) byte {
	if negative {
		return '-'
	}
	return '+'
}

// appendOrdinal appends the ending of an ordinal number. 22P02 for what is no number.
func appendOrdinal(dst []byte, digits string, upper bool) ([]byte, error) {
	last := digits[len(digits)-1]
	if last < '0' || last > '9' {
		return nil, sqlstate.New(sqlstate.InvalidTextRepresentation, "\"%s\" is not a number", digits)
	}
	ending := "th"
	if n := len(digits); n < 2 || digits[n-2] != '1' {
		switch last {
		case '1':
			ending = "st"
		case '2':
			ending = "nd"
		case '3':
			ending = "rd"
		}
	}
	if upper {
		ending = strings.ToUpper(ending)
	}
	return append(dst, ending...), nil
}
