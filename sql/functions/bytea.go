package functions

import (
	"bytes"
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"math"
	"strings"

	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// byteaFunctions are the functions of binary strings: section 9.5 of PostgreSQL's manual.
func byteaFunctions() []Function {
	out := []Function{
		{Name: "||", Args: sig(bytea, bytea), Returns: bytea, Eval: binaryBlobs(concatenate)},
		{Name: "length", Args: sig(bytea), Returns: int4, Eval: byteLength},
		{Name: "octet_length", Args: sig(bytea), Returns: int4, Eval: byteLength},
		{Name: "length", Args: sig(bytea, name), Returns: int4, Eval: ints(encodedLength)},
		{Name: "bit_length", Args: sig(bytea), Returns: int4, Eval: ints(func(r *Row) (int64, error) { return 8 * int64(len(r.Bytes(0))), nil })},
		{Name: "substring", Args: sig(bytea, int4), Returns: bytea, Eval: blobs(byteSubstring)},
		{Name: "substring", Args: sig(bytea, int4, int4), Returns: bytea, Eval: blobs(byteSubstring)},
		{Name: "substr", Args: sig(bytea, int4), Returns: bytea, Eval: blobs(byteSubstring)},
		{Name: "substr", Args: sig(bytea, int4, int4), Returns: bytea, Eval: blobs(byteSubstring)},
		{Name: "position", Args: sig(bytea, bytea), Returns: int4, Eval: ints(func(r *Row) (int64, error) {
			return int64(bytes.Index(r.Bytes(0), r.Bytes(1))) + 1, nil
		})},
		{Name: "overlay", Args: sig(bytea, bytea, int4, int4), Optional: 1, Returns: bytea, Eval: blobs(byteOverlay)},
		{Name: "btrim", Args: sig(bytea, bytea), Returns: bytea, Eval: blobs(func(r *Row, dst []byte) ([]byte, error) {
			return append(dst, trimBytes(r.Bytes(0), r.Bytes(1), true, true)...), nil
		})},
		{Name: "ltrim", Args: sig(bytea, bytea), Returns: bytea, Eval: blobs(func(r *Row, dst []byte) ([]byte, error) {
			return append(dst, trimBytes(r.Bytes(0), r.Bytes(1), true, false)...), nil
		})},
		{Name: "rtrim", Args: sig(bytea, bytea), Returns: bytea, Eval: blobs(func(r *Row, dst []byte) ([]byte, error) {
			return append(dst, trimBytes(r.Bytes(0), r.Bytes(1), false, true)...), nil
		})},
		{Name: "get_byte", Args: sig(bytea, int4), Returns: int4, Eval: ints(getByte)},
		{Name: "set_byte", Args: sig(bytea, int4, int4), Returns: bytea, Eval: blobs(setByte)},
		{Name: "md5", Args: sig(bytea), Returns: text, Eval: unaryBlobs(func(dst, a []byte) ([]byte, error) {
			sum := md5.Sum(a)
			return hex.AppendEncode(dst, sum[:]), nil
		})},
		{Name: "encode", Args: sig(bytea, text), Returns: text, Eval: blobs(encode)},
		{Name: "decode", Args: sig(text, text), Returns: bytea, Eval: blobs(decode)},
		{Name: "convert_to", Args: sig(text, name), Returns: bytea, Eval: blobs(convertTo)},
		{Name: "convert_from", Args: sig(bytea, name), Returns: text, Eval: blobs(convertFrom)},
	}
	for bits, f := range [...]string{"sha224", "sha256", "sha384", "sha512"} {
		out = append(out, Function{Name: f, Args: sig(bytea), Returns: bytea, Eval: sha([...]int{224, 256, 384, 512}[bits])})
	}
	return out
}

func byteSubstring(r *Row, dst []byte) ([]byte, error) {
	b, from := r.Bytes(0), r.Int(1)
	end := int64(len(b)) + 1
	if len(r.Args) > 2 {
		if r.Int(2) < 0 {
			return nil, errSubstring
		}
		end = min(end, from+r.Int(2))
	}
	if from = max(from, 1); end <= from {
		return dst, nil
	}
	return append(dst, b[from-1:end-1]...), nil
}

func byteOverlay(r *Row, dst []byte) ([]byte, error) {
	b, with, from := r.Bytes(0), r.Bytes(1), r.Int(2)
	n := r.number(3, int64(len(with)))
	if from <= 0 {
		return nil, errSubstring
	}
	if from+n > math.MaxInt32 {
		return nil, errInteger
	}
	length := int64(len(b))
	dst = append(dst, b[:min(from-1, length)]...)
	dst = append(dst, with...)
	return append(dst, b[min(max(from-1+n, 0), length):]...), nil
}

func trimBytes(b, set []byte, left, right bool) []byte {
	for left && len(b) > 0 && bytes.IndexByte(set, b[0]) >= 0 {
		b = b[1:]
	}
	for right && len(b) > 0 && bytes.IndexByte(set, b[len(b)-1]) >= 0 {
		b = b[:len(b)-1]
	}
	return b
}

func indexError(i int64, n int) error {
	return sqlstate.New(sqlstate.ArraySubscriptError, "index %d out of valid range, 0..%d", i, n-1)
}

func getByte(r *Row) (int64, error) {
	if i := r.Int(1); i >= 0 && i < int64(len(r.Bytes(0))) {
		return int64(r.Bytes(0)[i]), nil
	}
	return 0, indexError(r.Int(1), len(r.Bytes(0)))
}

func setByte(r *Row, dst []byte) ([]byte, error) {
	i := r.Int(1)
	if i < 0 || i >= int64(len(r.Bytes(0))) {
		return nil, indexError(i, len(r.Bytes(0)))
	}
	at := len(dst)
	dst = append(dst, r.Bytes(0)...)
	dst[at+int(i)] = byte(r.Int(2))
	return dst, nil
}

func encode(r *Row, dst []byte) ([]byte, error) {
	b := r.Bytes(0)
	switch strings.ToLower(r.Text(1)) {
	case "hex":
		return hex.AppendEncode(dst, b), nil
	case "base64":
		// lines of 76 characters
		form := base64.StdEncoding.EncodeToString(b)
		for len(form) > 76 {
			dst, form = append(append(dst, form[:76]...), '\n'), form[76:]
		}
		return append(dst, form...), nil
	case "escape":
		for _, c := range b {
			switch {
			case c == 0 || c >= 0x80:
				dst = append(dst, '\\', '0'+c>>6, '0'+c>>3&7, '0'+c&7)
			case c == '\\':
				dst = append(dst, '\\', '\\')
			default:
				dst = append(dst, c)
			}
		}
		return dst, nil
	}
	return nil, sqlstate.New(sqlstate.InvalidParameterValue, "unrecognized encoding: \"%s\"", r.Text(1))
}

func decode(r *Row, dst []byte) ([]byte, error) {
	s := r.Text(0)
	switch strings.ToLower(r.Text(1)) {
	case "hex":
		return decodeHex(dst, s)
	case "base64":
		kept := strings.Map(func(c rune) rune {
			if strings.ContainsRune(" \t\n\r", c) {
				return -1
			}
			return c
		}, s)
		for _, c := range kept {
			if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '+' || c == '/' || c == '=') {
				return nil, sqlstate.New(sqlstate.InvalidParameterValue, "invalid symbol \"%c\" found while decoding base64 sequence", c)
			}
		}
		out, err := base64.StdEncoding.AppendDecode(dst, []byte(kept))
		if err != nil {
			return nil, sqlstate.New(sqlstate.InvalidParameterValue, "invalid base64 end sequence").WithHint("Input data is missing padding, is truncated, or is otherwise corrupted.")
		}
		return out, nil
	case "escape":
		d, err := types.Parse(types.Of(bytea), strings.TrimPrefix(s, `\x`), nil)
		return append(dst, d.Bytes...), err
	}
	return nil, sqlstate.New(sqlstate.InvalidParameterValue, "unrecognized encoding: \"%s\"", r.Text(1))
}

func decodeHex(dst []byte, s string) ([]byte, error) {
	digit := -1
	for _, c := range s {
		v := 0
		switch {
		case digit < 0 && strings.ContainsRune(" \t\n\r", c):
			continue
		case c >= '0' && c <= '9':
			v = int(c - '0')
		case c >= 'a' && c <= 'f':
			v = int(c-'a') + 10
		case c >= 'A' && c <= 'F':
			v = int(c-'A') + 10
		default:
			return nil, sqlstate.New(sqlstate.InvalidParameterValue, "invalid hexadecimal digit: \"%c\"", c)
		}
		if digit < 0 {
			digit = v
			continue
		}
		dst, digit = append(dst, byte(digit<<4|v)), -1
	}
	if digit >= 0 {
		return nil, sqlstate.New(sqlstate.InvalidParameterValue, "invalid hexadecimal data: odd number of digits")
	}
	return dst, nil
}
