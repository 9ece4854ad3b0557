package types

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"tarn/sql/sqlstate"
)

var (
	textCodec    = codec{in: textIn, out: bytesOut, recv: textRecv, send: bytesSend}
	varcharCodec = codec{in: varcharIn, out: bytesOut, recv: recvAs(varcharIn), send: bytesSend}
	bpcharCodec  = codec{in: bpcharIn, out: bytesOut, recv: recvAs(bpcharIn), send: bytesSend, compare: compareBpchar, key: appendBpcharKey}
	nameCodec    = codec{in: nameIn, out: bytesOut, recv: recvAs(nameIn), send: bytesSend}
	charCodec    = codec{in: charIn, out: charOut, recv: recvAs(charIn), send: charSend}
	voidCodec    = codec{in: voidIn, out: bytesOut, recv: recvAs(voidIn), send: bytesSend}
)

// nameLen is the longest name, in bytes.
const nameLen = 63

// recvAs is the binary form of a type whose binary form is its text.
func recvAs(in func(d *Datum, s string, mod int32, env *Env) error) func(d *Datum, b []byte, mod int32) error {
	return func(d *Datum, b []byte, mod int32) error { return in(d, string(b), mod, nil) }
}

func bytesOut(dst []byte, d Datum, _ *Env) []byte { return append(dst, d.Bytes...) }
func bytesSend(dst []byte, d Datum) []byte        { return append(dst, d.Bytes...) }

func textIn(d *Datum, s string, _ int32, _ *Env) error {
	d.Bytes = append(d.Bytes[:0], s...)
	return checkText(s)
}

func textRecv(d *Datum, b []byte, _ int32) error {
	d.Bytes = append(d.Bytes[:0], b...)
	return checkText(string(b))
}

func voidIn(d *Datum, _ string, _ int32, _ *Env) error {
	d.Bytes = d.Bytes[:0]
	return nil
}

// checkText refuses what is not UTF-8, and the NUL that PostgreSQL's text cannot hold (22021).
func checkText(s string) error {
	if utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 {
		return nil
	}
	for i, r := range s {
		if r == 0 {
			return sqlstate.New(sqlstate.CharacterNotInRepertoire, "invalid byte sequence for encoding \"UTF8\": 0x00")
		}
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(s[i:]); size == 1 {
				return invalidUTF8(s[i:])
			}
		}
	}
	return nil
}

func invalidUTF8(s string) error {
	n := 1 // as many bytes as the first one announces
	switch c := s[0]; {
	case c >= 0xF0 && c < 0xF8:
		n = 4
	case c >= 0xE0 && c < 0xF0:
		n = 3
	case c >= 0xC0 && c < 0xE0:
		n = 2
	}
	const hex = "0123456789abcdef"
	var text []byte
	for _, c := range []byte(s[:min(n, len(s))]) {
		text = append(text, ' ', '0', 'x', hex[c>>4], hex[c&15])
	}
	return sqlstate.New(sqlstate.CharacterNotInRepertoire, "invalid byte sequence for encoding \"UTF8\":%s", text)
}

func varcharIn(d *Datum, s string, mod int32, env *Env) error {
	if err := textIn(d, s, mod, env); err != nil || mod < modHeader {
		return err
	}
	return limitText(d, int(mod)-modHeader, "character varying", false)
}

func bpcharIn(d *Datum, s string, mod int32, env *Env) error {
	if err := textIn(d, s, mod, env); err != nil || mod < modHeader {
		return err
	}
	return padText(d, int(mod)-modHeader, false)
}

// limitText cuts d to n characters. Characters beyond that may only be spaces (22001) unless the cast is explicit.
func limitText(d *Datum, n int, name string, explicit bool) error {
	if len(d.Bytes) <= n {
		return nil
	}
	end := 0
	for range n {
		if end == len(d.Bytes) {
			return nil
		}
		_, size := utf8.DecodeRune(d.Bytes[end:])
		end += size
	}
	if end == len(d.Bytes) {
		return nil
	}
	if !explicit && len(bytes.TrimRight(d.Bytes[end:], " ")) > 0 {
		return sqlstate.New(sqlstate.StringDataRightTruncation, "value too long for type %s(%d)", name, n)
	}
	d.Bytes = d.Bytes[:end:end]
	return nil
}

// padText cuts d to n characters as limitText does, or fills it up with spaces.
func padText(d *Datum, n int, explicit bool) error {
	if err := limitText(d, n, "character", explicit); err != nil {
		return err
	}
	for missing := n - utf8.RuneCount(d.Bytes); missing > 0; missing-- {
		d.Bytes = append(d.Bytes, ' ')
	}
	return nil
}

func compareBpchar(a, b Datum) int { return bytes.Compare(trimBlanks(a.Bytes), trimBlanks(b.Bytes)) }

func appendBpcharKey(dst []byte, d Datum) []byte { return AppendKeyBytes(dst, trimBlanks(d.Bytes)) }

func trimBlanks(b []byte) []byte {
	for len(b) > 0 && b[len(b)-1] == ' ' {
		b = b[:len(b)-1]
	}
	return b
}

// nameIn cuts a name to 63 bytes, between characters.
func nameIn(d *Datum, s string, mod int32, env *Env) error {
	if len(s) > nameLen {
		end := nameLen
		for end > 0 && !utf8.RuneStart(s[end]) {
			end--
		}
		s = s[:end]
	}
	return textIn(d, s, mod, env)
}

// charIn keeps the first byte of a string, or one written as backslash and three octal digits; "" is the zero byte.
func charIn(d *Datum, s string, _ int32, _ *Env) error {
	d.Bytes = d.Bytes[:0]
	if len(s) == 4 && s[0] == '\\' && isOctal(s[1]) && isOctal(s[2]) && isOctal(s[3]) {
		if c := octal(s[1:]); c != 0 {
			d.Bytes = append(d.Bytes, c)
		}
		return nil
	}
	if len(s) > 0 && s[0] != 0 {
		d.Bytes = append(d.Bytes, s[0])
	}
	return nil
}

// charOut prints a byte that is no ASCII in octal.
func charOut(dst []byte, d Datum, _ *Env) []byte {
	if len(d.Bytes) > 0 && d.Bytes[0] >= 0x80 {
		c := d.Bytes[0]
		return append(dst, '\\', '0'+c>>6, '0'+c>>3&7, '0'+c&7)
	}
	return append(dst, d.Bytes...)
}

func isOctal(c byte) bool { return c >= '0' && c <= '7' }

func charSend(dst []byte, d Datum) []byte {
	if len(d.Bytes) == 0 {
		return append(dst, 0)
	}
	return append(dst, d.Bytes[0])
}
