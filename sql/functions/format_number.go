package functions

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// numberFormats are to_char of numbers: table 9.28 of PostgreSQL's manual, in the locale C.
func numberFormats() []Function {
	ofInt := blobs(func(r *Row, dst []byte) ([]byte, error) {
		return formatNumber(dst, types.NumericFromInt(nil, r.Int(0)), r.Text(1))
	})
	ofFloat := func(digits int) Kernel {
		return blobs(func(r *Row, dst []byte) ([]byte, error) { return formatFloat(dst, r.Float(0), digits, r.Text(1)) })
	}
	return []Function{
		{Name: "to_char", Args: sig(int4, text), Returns: text, Eval: ofInt},
		{Name: "to_char", Args: sig(int8, text), Returns: text, Eval: ofInt},
		{Name: "to_char", Args: sig(float4, text), Returns: text, Eval: ofFloat(6)},
		{Name: "to_char", Args: sig(float8, text), Returns: text, Eval: ofFloat(15)},
		{Name: "to_char", Args: sig(numeric, text), Returns: text, Eval: blobs(func(r *Row, dst []byte) ([]byte, error) {
			return formatNumber(dst, r.Bytes(0), r.Text(1))
		})},
	}
}

// numberTemplate is a template taken apart.
type numberTemplate struct {
	nodes     []string // 9 0 . , S PR ..., canonical; or literal text behind a NUL
	pre, post int      // digits before and behind the point
	point     int      // digits behind the point without which it is not printed
	zeroFrom  int      // the first 0 before the point, counted in digits; -1 for none
	zeroTo    int      // the last 0 behind the point, counted in digits
	multiply  int      // digits behind V
	fill      bool     // FM
	sign      string   // S, MI, PL, SG or PR
	signFirst bool     // S stands before the digits
	roman     bool
	exponent  bool
	err       error
}

var numberPatterns = []string{"EEEE", "FM", "MI", "PL", "PR", "RN", "SG", "SP", "TH", "th", "9", "0", ".", ",", "B", "C", "D", "G", "L", "S", "V"}

// numberTemplates is keyed by the template's text.
var numberTemplates cache[string, *numberTemplate]

func parseNumberTemplate(s string) *numberTemplate {
	if t, ok := numberTemplates.get(s); ok {
		return t
	}
	s = strings.Clone(s)
	t, key := &numberTemplate{zeroFrom: -1}, s
	behindPoint, behindV := false, false
	fail := func(message string) {
		if t.err == nil {
			t.err = sqlstate.New(sqlstate.SyntaxError, "%s", message)
		}
	}
	for s != "" {
		node := ""
		for _, p := range numberPatterns {
			if len(s) >= len(p) && (s[:len(p)] == p || p != "TH" && p != "th" && strings.EqualFold(s[:len(p)], p)) {
				node, s = p, s[len(p):]
				break
			}
		}
		switch node {
		case "":
			if s[0] == '"' {
				text, rest, _ := strings.Cut(s[1:], `"`)
				t.nodes, s = append(t.nodes, "\x00"+text), rest
				continue
			}
			_, size := utf8.DecodeRuneInString(s)
			t.nodes, s = append(t.nodes, "\x00"+s[:size]), s[size:]
			continue
		case "9", "0":
			switch {
			case t.sign == "PR":
				fail(`"9" must be ahead of "PR"`)
			case behindV:
				t.multiply++
				t.pre++
			case behindPoint:
				t.post++
				if node == "0" {
					t.zeroTo = t.post
				}
			default:
				if node == "0" && t.zeroFrom < 0 {
					t.zeroFrom = t.pre
				}
				t.pre++
			}
		case ".", "D":
			if behindPoint {
				fail("multiple decimal points")
			}
			if behindV {
				fail(`cannot use "V" and decimal point together`)
			}
			node, behindPoint = ".", true
		case "V":
			if behindPoint {
				fail(`cannot use "V" and decimal point together`)
			}
			behindV = true
			continue
		case "FM":
			t.fill = true
			continue
		case "S", "MI", "PL", "SG", "PR":
			if node == "S" && t.sign != "" {
				fail(`cannot use "S" twice`)
			}
			if node == "S" && t.pre == 0 && t.post == 0 {
				t.signFirst = true
			}
			t.sign = node
		case "RN":
			t.roman = true
		case "EEEE":
			t.exponent = true
		case "G":
			node = ","
		case "B", "C", "SP":
			continue
		}
		t.nodes = append(t.nodes, node)
	}
	numberTemplates.put(key, t)
	return t
}

func formatNumber(dst, value []byte, template string) ([]byte, error) {
	t := parseNumberTemplate(template)
	switch {
	case t.err != nil:
		return nil, t.err
	case t.roman:
		return appendRoman(dst, value, t.fill), nil
	case t.exponent:
		return t.scientific(dst, value)
	}
	var err error
	if t.multiply > 0 {
		factor := types.NumericFromInt(nil, 1)
		for range t.multiply {
			factor, _ = types.NumericMul(nil, factor, types.NumericFromInt(nil, 10))
		}
		if value, err = types.NumericMul(nil, value, factor); err != nil {
			return nil, err
		}
	}
	if !types.NumericIsNaN(value) && types.NumericIsInf(value) == 0 {
		if value, err = types.NumericRound(nil, value, t.post); err != nil {
			return nil, err
		}
	}
	return t.layOutDigits(dst, string(types.AppendNumericText(nil, value)))
}

// formatFloat is to_char of a float, which prints no more than its digits.
func formatFloat(dst []byte, v float64, digits int, template string) ([]byte, error) {
	t := parseNumberTemplate(template)
	if t.err != nil || t.roman || t.exponent {
		b, err := types.NumericFromFloat(nil, v, 64)
		if err != nil {
			return nil, err
		}
		return formatNumber(dst, b, template)
	}
	if t.multiply > 0 {
		v *= math.Pow10(t.multiply)
	}
	if !finite(v) {
		return t.layOutDigits(dst, string(types.AppendFloat(nil, v, 64)))
	}
	before := len(strconv.FormatFloat(math.Abs(v), 'f', 0, 64))
	post := min(t.post, max(digits-before, 0))
	form := strconv.FormatFloat(v, 'f', post, 64)
	if post < t.post {
		narrower := *t
		narrower.post, narrower.point = post, 1
		t = &narrower
	}
	return t.layOutDigits(dst, form)
}

// layOutDigits writes a number that is rounded already, or no number at all, into the template.
func (t *numberTemplate) layOutDigits(dst []byte, digits string) ([]byte, error) {
	negative := strings.HasPrefix(digits, "-")
	digits = strings.TrimPrefix(digits, "-")
	whole, fraction, _ := strings.Cut(digits, ".")
	if len(whole) > t.pre {
		whole, fraction = strings.Repeat("#", t.pre), strings.Repeat("#", t.post)
	}
	if whole == "NaN" && t.post == 0 && (slices.Contains(t.nodes, "TH") || slices.Contains(t.nodes, "th")) {
		return nil, sqlstate.New(sqlstate.InvalidTextRepresentation, "\"NaN\" is not a number")
	}
	bare := t.fill && t.zeroTo == 0 && strings.Trim(fraction, "0") == "" // FM leaves nothing behind the point
	if whole == "0" && t.post > 0 && !bare || len(whole) > t.pre {
		whole = ""
	}
	return t.layOut(dst, negative, whole, fraction), nil
}

// layOut writes digits into the template. The sign, unless the template places it, goes before the first digit.
func (t *numberTemplate) layOut(dst []byte, negative bool, whole, fraction string) []byte {
	blanks := t.pre - len(whole)
	at, behind, signed, started := 0, 0, false, false
	floating := t.sign == "" || t.sign == "PL" || t.sign == "PR" || t.sign == "S" && t.signFirst
	last := max(t.zeroTo, len(strings.TrimRight(fraction, "0"))) // digits behind the point that FM keeps
	start := func() {
		started = true
		if signed || !floating {
			return
		}
		signed = true
		switch {
		case t.sign == "S":
			dst = append(dst, plusMinus(negative))
		case t.sign == "PR" && negative:
			dst = append(dst, '<')
		case t.sign != "PR" && negative:
			dst = append(dst, '-')
		case !t.fill:
			dst = append(dst, ' ')
		}
	}
	inFraction := false
	for _, node := range t.nodes {
		switch node {
		case "9", "0":
			if inFraction {
				if behind++; behind <= len(fraction) && (!t.fill || behind <= last) {
					dst = append(dst, fraction[behind-1])
				}
				continue
			}
			switch zeros := t.zeroFrom >= 0 && at >= t.zeroFrom; {
			case at >= blanks:
				start()
				dst = append(dst, whole[at-blanks])
			case zeros:
				start()
				dst = append(dst, '0')
			case !t.fill:
				dst = append(dst, ' ')
			}
			at++
		case ".":
			start()
			if whole != "NaN" && t.post >= t.point {
				dst = append(dst, '.')
			}
			inFraction = true
		case ",":
			switch {
			case started || inFraction:
				dst = append(dst, ',')
			case !t.fill:
				dst = append(dst, ' ')
			}
		case "S":
			if !t.signFirst {
				dst = append(dst, plusMinus(negative))
			}
		case "SG":
			dst = append(dst, plusMinus(negative))
		case "MI":
			dst = t.mark(dst, negative, '-')
		case "PL":
			dst = t.mark(dst, !negative, '+')
		case "PR":
			dst = t.mark(dst, negative, '>')
		case "L":
			if !t.fill {
				dst = append(dst, ' ')
			}
		case "TH", "th":
			if whole != "" && whole[0] != '#' && t.post == 0 && !negative {
				dst = append(dst, ordinal(whole, node == "TH")...)
			}
		default:
			dst = append(dst, strings.TrimPrefix(node, "\x00")...)
		}
	}
	return dst
}

// mark writes a sign, or the blank in its place.
func (t *numberTemplate) mark(dst []byte, shown bool, sign byte) []byte {
	switch {
	case shown:
		return append(dst, sign)
	case !t.fill:
		return append(dst, ' ')
	}
	return dst
}

func plusMinus(negative bool) byte {
	if negative {
		return '-'
	}
	return '+'
}

func (t *numberTemplate) scientific(dst, value []byte) ([]byte, error) {
	v, err := types.NumericToFloat(value, 64)
	if err != nil {
		return nil, err
	}
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return append(dst, " "+strings.Repeat("#", t.pre)+"."+strings.Repeat("#", t.post+4)...), nil
	}
	if v >= 0 && !t.fill {
		dst = append(dst, ' ')
	}
	return strconv.AppendFloat(dst, v, 'e', t.post, 64), nil
}

func appendRoman(dst, value []byte, fill bool) []byte {
	const width = 15
	n, err := types.NumericToInt(value, int4)
	form := strings.Repeat("#", width)
	if err == nil && n > 0 && n < 4000 {
		form = ""
		for _, r := range [...]struct {
			v int64
			s string
		}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
			for ; n >= r.v; n -= r.v {
				form += r.s
			}
		}
	}
	if !fill {
		dst = append(dst, strings.Repeat(" ", width-len(form))...)
	}
	return append(dst, form...)
}
