package types

import "encoding/hex"

var uuidCodec = codec{in: uuidIn, out: uuidOut, recv: uuidRecv, send: bytesSend, key: uuidKey}

const uuidLen = 16

// uuidIn reads 32 hexadecimal digits, with a hyphen allowed after each group of four, and braces around them.
func uuidIn(d *Datum, s string, _ int32, _ *Env) error {
	text := s
	if len(text) >= 2 && text[0] == '{' && text[len(text)-1] == '}' {
		text = text[1 : len(text)-1]
	}
	d.Bytes = d.Bytes[:0]
	for n := range uuidLen {
		if n > 0 && n%2 == 0 && len(text) > 0 && text[0] == '-' {
			text = text[1:]
		}
		if len(text) < 2 {
			return invalidText("uuid", s)
		}
		high, ok1 := hexDigit(text[0])
		low, ok2 := hexDigit(text[1])
		if !ok1 || !ok2 {
			return invalidText("uuid", s)
		}
		d.Bytes = append(d.Bytes, high<<4|low)
		text = text[2:]
	}
	if text != "" {
		return invalidText("uuid", s)
	}
	return nil
}

func uuidOut(dst []byte, d Datum, _ *Env) []byte {
	for i, end := range [...]int{4, 6, 8, 10, 16} {
		start := [...]int{0, 4, 6, 8, 10}[i]
		if i > 0 {
			dst = append(dst, '-')
		}
		dst = hex.AppendEncode(dst, d.Bytes[start:end])
	}
	return dst
}

func uuidRecv(d *Datum, b []byte, _ int32) error {
	if len(b) != uuidLen {
		return insufficientData
	}
	d.Bytes = append(d.Bytes[:0], b...)
	return nil
}

func uuidKey(dst []byte, d Datum) []byte { return append(dst, d.Bytes...) }
