package types

import (
	"strings"
)

var boolCodec = codec{in: boolIn, out: boolOut, recv: boolRecv, send: boolSend}

// boolIn accepts what boolin does: any prefix of true, false, yes, no; on, off (of); 1, 0; in any case, spaces around.
func boolIn(d *Datum, s string, _ int32, _ *Env) error {
	switch word := trimSpace(s); {
	case word == "t" || word == "1" || isPrefixFold(word, "true", 1) || isPrefixFold(word, "yes", 1) || isPrefixFold(word, "on", 2):
		d.Int = 1
	case word == "f" || word == "0" || isPrefixFold(word, "false", 1) || isPrefixFold(word, "no", 1) || isPrefixFold(word, "off", 2):
		d.Int = 0
	default:
		return invalidText("boolean", s)
	}
	return nil
}

func isPrefixFold(s, word string, least int) bool {
	return len(s) >= least && len(s) <= len(word) && strings.EqualFold(s, word[:len(s)])
}

func boolOut(dst []byte, d Datum, _ *Env) []byte {
	if d.Int != 0 {
		return append(dst, 't')
	}
	return append(dst, 'f')
}

func boolRecv(d *Datum, b []byte, _ int32) error {
	if len(b) != 1 {
		return insufficientData
	}
	d.Int = 0
	if b[0] != 0 {
		d.Int = 1
	}
	return nil
}

func boolSend(dst []byte, d Datum) []byte { return append(dst, byte(d.Int)) }

// isSpace is C's isspace: what PostgreSQL skips around a value.
func isSpace(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

func trimSpace(s string) string {
	for len(s) > 0 && isSpace(s[0]) {
		s = s[1:]
	}
	for len(s) > 0 && isSpace(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}
