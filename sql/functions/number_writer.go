package functions

import (
	"bytes"
	"fmt"
	"strings"

	"tarn/sql/sqlstate"
)

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
