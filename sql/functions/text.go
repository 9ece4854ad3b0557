package functions

import (
	"bytes"
	"crypto/md5"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"math"
	"math/bits"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tarn/delta"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// textFunctions are the functions of strings: section 9.4 of PostgreSQL's manual. Characters are those of UTF-8;
// lower, upper and initcap know all of Unicode, whatever the collation.
func textFunctions() []Function {
	return []Function{
		{Name: "||", Args: sig(text, text), Returns: text, Eval: binaryBlobs(concatenate)},
		{Name: "||", Args: sig(text, nonarray), Returns: text, Volatility: Stable, Bind: func(args []types.OID) Kernel { return concatMixed(args) }},
		{Name: "||", Args: sig(nonarray, text), Returns: text, Volatility: Stable, Bind: func(args []types.OID) Kernel { return concatMixed(args) }},
		{Name: "textcat", Args: sig(text, text), Returns: text, Eval: binaryBlobs(concatenate)},
		{Name: "length", Args: sig(text), Returns: int4, Eval: textLength},
		{Name: "char_length", Args: sig(text), Returns: int4, Eval: textLength},
		{Name: "character_length", Args: sig(text), Returns: int4, Eval: textLength},
		{Name: "length", Args: sig(bpchar), Returns: int4, Eval: bpcharLength},
		{Name: "char_length", Args: sig(bpchar), Returns: int4, Eval: bpcharLength},
		{Name: "character_length", Args: sig(bpchar), Returns: int4, Eval: bpcharLength},
		{Name: "octet_length", Args: sig(text), Returns: int4, Eval: byteLength},
		{Name: "octet_length", Args: sig(bpchar), Returns: int4, Eval: byteLength},
		{Name: "bit_length", Args: sig(text), Returns: int4, Eval: ints(func(r *Row) (int64, error) { return 8 * int64(len(r.Bytes(0))), nil })},
		{Name: "lower", Args: sig(text), Returns: text, Eval: mapText(unicode.ToLower)},
		{Name: "upper", Args: sig(text), Returns: text, Eval: mapText(unicode.ToUpper)},
		{Name: "initcap", Args: sig(text), Returns: text, Eval: unaryBlobs(initcap)},
		{Name: "substring", Args: sig(text, int4), Returns: text, Eval: blobs(substringFrom)},
		{Name: "substring", Args: sig(text, int4, int4), Returns: text, Eval: blobs(substringFor)},
		{Name: "substr", Args: sig(text, int4), Returns: text, Eval: blobs(substringFrom)},
		{Name: "substr", Args: sig(text, int4, int4), Returns: text, Eval: blobs(substringFor)},
		{Name: "overlay", Args: sig(text, text, int4), Returns: text, Eval: blobs(func(r *Row, dst []byte) ([]byte, error) {
			return overlay(dst, r.Bytes(0), r.Bytes(1), r.Int(2), int64(utf8.RuneCount(r.Bytes(1))))
		})},
		{Name: "overlay", Args: sig(text, text, int4, int4), Returns: text, Eval: blobs(func(r *Row, dst []byte) ([]byte, error) {
			return overlay(dst, r.Bytes(0), r.Bytes(1), r.Int(2), r.Int(3))
		})},
		{Name: "position", Args: sig(text, text), Returns: int4, Eval: ints(position)},
		{Name: "strpos", Args: sig(text, text), Returns: int4, Eval: ints(position)},
		{Name: "btrim", Args: sig(text, text), Returns: text, Eval: trim(true, true)},
		{Name: "btrim", Args: sig(text), Returns: text, Eval: trim(true, true)},
		{Name: "ltrim", Args: sig(text, text), Returns: text, Eval: trim(true, false)},
		{Name: "ltrim", Args: sig(text), Returns: text, Eval: trim(true, false)},
		{Name: "rtrim", Args: sig(text, text), Returns: text, Eval: trim(false, true)},
		{Name: "rtrim", Args: sig(text), Returns: text, Eval: trim(false, true)},
		{Name: "lpad", Args: sig(text, int4, text), Returns: text, Eval: pad(true)},
		{Name: "lpad", Args: sig(text, int4), Returns: text, Eval: pad(true)},
		{Name: "rpad", Args: sig(text, int4, text), Returns: text, Eval: pad(false)},
		{Name: "rpad", Args: sig(text, int4), Returns: text, Eval: pad(false)},
		{Name: "repeat", Args: sig(text, int4), Returns: text, Eval: blobs(repeat)},
		{Name: "replace", Args: sig(text, text, text), Returns: text, Eval: blobs(func(r *Row, dst []byte) ([]byte, error) {
			if len(r.Bytes(1)) == 0 {
				return append(dst, r.Bytes(0)...), nil
			}
			n := int64(bytes.Count(r.Bytes(0), r.Bytes(1)))
			if err := r.Ctx.fits(int64(len(r.Bytes(0))) + n*int64(len(r.Bytes(2))-len(r.Bytes(1)))); err != nil {
				return nil, err
			}
			return append(dst, bytes.ReplaceAll(r.Bytes(0), r.Bytes(1), r.Bytes(2))...), nil
		})},
		{Name: "translate", Args: sig(text, text, text), Returns: text, Eval: blobs(translate)},
		{Name: "reverse", Args: sig(text), Returns: text, Eval: unaryBlobs(reverse)},
		{Name: "left", Args: sig(text, int4), Returns: text, Eval: blobs(func(r *Row, dst []byte) ([]byte, error) {
			return append(dst, r.Bytes(0)[:runeOffset(r.Bytes(0), fromEnd(r.Bytes(0), r.Int(1)))]...), nil
		})},
		{Name: "right", Args: sig(text, int4), Returns: text, Eval: blobs(right)},
		{Name: "split_part", Args: sig(text, text, int4), Returns: text, Eval: blobs(splitPart)},
		{Name: "concat", Args: sig(anything), Variadic: true, Returns: text, Volatility: Stable, Standing: true, NullCall: true, Bind: concat},
		{Name: "concat_ws", Args: sig(text, anything), Variadic: true, Returns: text, Volatility: Stable, Standing: true, NullCall: true, Bind: concatWS},
		{Name: "quote_ident", Args: sig(text), Returns: text, Eval: blobs(func(r *Row, dst []byte) ([]byte, error) {
			return append(dst, QuoteIdentifier(r.Text(0))...), nil
		})},
		{Name: "quote_literal", Args: sig(text), Returns: text, Eval: blobs(func(r *Row, dst []byte) ([]byte, error) {
			return append(dst, QuoteLiteral(r.Text(0))...), nil
		})},
		{Name: "quote_literal", Args: sig(element), Returns: text, Volatility: Stable, Standing: true, Bind: quoteValue(false)},
		{Name: "quote_nullable", Args: sig(text), Returns: text, NullCall: true, Bind: quoteValue(true)},
		{Name: "quote_nullable", Args: sig(element), Returns: text, Volatility: Stable, Standing: true, NullCall: true, Bind: quoteValue(true)},
		{Name: "md5", Args: sig(text), Returns: text, Eval: unaryBlobs(md5Hex)},
		{Name: "ascii", Args: sig(text), Returns: int4, Eval: ints(func(r *Row) (int64, error) {
			if len(r.Bytes(0)) == 0 {
				return 0, nil
			}
			c, _ := utf8.DecodeRune(r.Bytes(0))
			return int64(c), nil
		})},
		{Name: "chr", Args: sig(int4), Returns: text, Eval: blobs(chr)},
		{Name: "starts_with", Args: sig(text, text), Returns: boolean, Eval: bools(startsWith)},
		{Name: "^@", Args: sig(text, text), Returns: boolean, Eval: bools(startsWith)},
		{Name: "to_hex", Args: sig(int4), Returns: text, Eval: blobs(func(r *Row, dst []byte) ([]byte, error) {
			return appendHex(dst, uint64(uint32(r.Int(0)))), nil
		})},
		{Name: "to_hex", Args: sig(int8), Returns: text, Eval: blobs(func(r *Row, dst []byte) ([]byte, error) {
			return appendHex(dst, uint64(r.Int(0))), nil
		})},
		{Name: "pg_client_encoding", Returns: name, Volatility: Stable, Eval: constantText("UTF8")},
		{Name: "normalize", Args: sig(text), Returns: text, Eval: unaryBlobs(func(dst, a []byte) ([]byte, error) {
			for _, c := range a {
				if c >= utf8.RuneSelf {
					return nil, sqlstate.New(sqlstate.FeatureNotSupported, "normalize is supported for ASCII text only")
				}
			}
			return append(dst, a...), nil
		})},
		{Name: "unistr", Args: sig(text), Returns: text, Eval: unaryBlobs(unistr)},
		{Name: "string_to_table", Args: sig(text, text), Returns: text, NullCall: true, Set: stringToTable},
		{Name: "string_to_table", Args: sig(text, text, text), Returns: text, NullCall: true, Set: stringToTable},
	}
}

func concatenate(dst, a, b []byte) ([]byte, error) { return append(append(dst, a...), b...), nil }

// constantText is the kernel of a function without arguments that always gives the same string.
func constantText(s string) Kernel {
	return func(_ *Context, _ []delta.Column, n int) delta.Column {
		return delta.Repeat(types.Bytes, types.Datum{Bytes: []byte(s)}, n)
	}
}

// appendTextOf appends the text form of an argument of type t.
func appendTextOf(dst []byte, r *Row, k int, t types.OID) []byte {
	switch t {
	case text, varchar, name:
		return append(dst, r.Bytes(k)...)
	case boolean:
		return types.AppendText(dst, types.Of(boolean), r.Args[k].Datum(r.I), nil)
	}
	return types.AppendText(dst, types.Of(t), r.Args[k].Datum(r.I), &r.Ctx.Env)
}

// concatMixed is || where one side is no string: it is printed, booleans in full, as a cast to text has it.
func concatMixed(args []types.OID) Kernel {
	args = append([]types.OID(nil), args...)
	return blobs(func(r *Row, dst []byte) ([]byte, error) {
		for k, t := range args {
			switch {
			case t == boolean && r.Bool(k):
				dst = append(dst, "true"...)
			case t == boolean:
				dst = append(dst, "false"...)
			case t == bpchar:
				dst = append(dst, bytes.TrimRight(r.Bytes(k), " ")...)
			default:
				dst = appendTextOf(dst, r, k, t)
			}
		}
		return dst, nil
	})
}

func concat(args []types.OID) Kernel {
	args = append([]types.OID(nil), args...)
	return nullBlobs(func(r *Row, dst []byte) ([]byte, error) {
		for k, t := range args {
			if !r.Null(k) {
				dst = appendTextOf(dst, r, k, t)
			}
		}
		return dst, nil
	})
}

func concatWS(args []types.OID) Kernel {
	args = append([]types.OID(nil), args...)
	return nullBlobs(func(r *Row, dst []byte) ([]byte, error) {
		if r.Null(0) {
			return nil, errNull
		}
		first, at := true, len(dst)
		for k := 1; k < len(args); k++ {
			if r.Null(k) {
				continue
			}
			if err := r.Ctx.fits(int64(len(dst) - at)); err != nil {
				return nil, err
			}
			if !first {
				dst = append(dst, r.Bytes(0)...)
			}
			dst, first = appendTextOf(dst, r, k, args[k]), false
		}
		return dst, nil
	})
}

func textLength(_ *Context, args []delta.Column, n int) delta.Column {
	c, out := &args[0], make([]int64, n)
	for i := range out {
		out[i] = int64(utf8.RuneCount(c.Data[c.Offsets[i]:c.Offsets[i+1]]))
	}
	return delta.IntColumn(out, nil)
}

func bpcharLength(_ *Context, args []delta.Column, n int) delta.Column {
	c, out := &args[0], make([]int64, n)
	for i := range out {
		out[i] = int64(utf8.RuneCount(bytes.TrimRight(c.Data[c.Offsets[i]:c.Offsets[i+1]], " ")))
	}
	return delta.IntColumn(out, nil)
}

func byteLength(_ *Context, args []delta.Column, n int) delta.Column {
	c, out := &args[0], make([]int64, n)
	for i := range out {
		out[i] = int64(c.Offsets[i+1] - c.Offsets[i])
	}
	return delta.IntColumn(out, nil)
}

// mapText maps every character.
func mapText(f func(rune) rune) Kernel {
	return unaryBlobs(func(dst, a []byte) ([]byte, error) {
		for len(a) > 0 {
			c, size := utf8.DecodeRune(a)
			dst = utf8.AppendRune(dst, f(c))
			a = a[size:]
		}
		return dst, nil
	})
}

// initcap makes the first letter of each word upper case and the rest lower; words are of letters and digits.
func initcap(dst, a []byte) ([]byte, error) {
	inside := false
	for len(a) > 0 {
		c, size := utf8.DecodeRune(a)
		if inside {
			dst = utf8.AppendRune(dst, unicode.ToLower(c))
		} else {
			dst = utf8.AppendRune(dst, unicode.ToUpper(c))
		}
		inside = unicode.IsLetter(c) || unicode.IsDigit(c)
		a = a[size:]
	}
	return dst, nil
}

// runeOffset is where character n (from 0) begins; the end if there are not so many.
func runeOffset(b []byte, n int64) int {
	if n >= int64(len(b)) {
		return len(b)
	}
	at := 0
	for ; n > 0 && at < len(b); n-- {
		_, size := utf8.DecodeRune(b[at:])
		at += size
	}
	return at
}

// fromEnd is n, or, if n is negative, the number of characters without the last -n.
func fromEnd(b []byte, n int64) int64 {
	if n < 0 {
		return max(0, int64(utf8.RuneCount(b))+n)
	}
	return n
}

func right(r *Row, dst []byte) ([]byte, error) {
	b, n := r.Bytes(0), r.Int(1)
	switch {
	case n == math.MinInt32: // has no counterpart in 32 bits, and so takes nothing away
		return append(dst, b...), nil
	case n < 0:
		return append(dst, b[runeOffset(b, -n):]...), nil
	}
	return append(dst, b[runeOffset(b, max(0, int64(utf8.RuneCount(b))-n)):]...), nil
}

var errSubstring = sqlstate.New(sqlstate.SubstringError, "negative substring length not allowed")

func substringFrom(r *Row, dst []byte) ([]byte, error) {
	b := r.Bytes(0)
	return append(dst, b[runeOffset(b, r.Int(1)-1):]...), nil
}

func substringFor(r *Row, dst []byte) ([]byte, error) {
	b, from, n := r.Bytes(0), r.Int(1), r.Int(2)
	if n < 0 {
		return nil, errSubstring
	}
	end := from + n // both are of 32 bits
	from = max(from, 1)
	if end <= from {
		return dst, nil
	}
	b = b[runeOffset(b, from-1):]
	return append(dst, b[:runeOffset(b, end-from)]...), nil
}

func overlay(dst, b, with []byte, from, n int64) ([]byte, error) {
	if from <= 0 {
		return nil, errSubstring
	}
	if from+n > math.MaxInt32 {
		return nil, errInteger
	}
	dst = append(dst, b[:runeOffset(b, from-1)]...)
	dst = append(dst, with...)
	return append(dst, b[runeOffset(b, max(0, from-1+n)):]...), nil
}

func position(r *Row) (int64, error) {
	i := bytes.Index(r.Bytes(0), r.Bytes(1))
	if i < 0 {
		return 0, nil
	}
	return int64(utf8.RuneCount(r.Bytes(0)[:i])) + 1, nil
}

func trim(left, right bool) Kernel {
	return blobs(func(r *Row, dst []byte) ([]byte, error) {
		b, set := r.Bytes(0), " "
		if len(r.Args) > 1 {
			set = r.Text(1)
		}
		if left {
			b = bytes.TrimLeft(b, set)
		}
		if right {
			b = bytes.TrimRight(b, set)
		}
		return append(dst, b...), nil
	})
}

func pad(left bool) Kernel {
	return blobs(func(r *Row, dst []byte) ([]byte, error) {
		b, want, fill := r.Bytes(0), max(r.Int(1), 0), " "
		if len(r.Args) > 2 {
			fill = r.Text(2)
		}
		have := int64(utf8.RuneCount(b))
		if have >= want || fill == "" {
			return append(dst, b[:runeOffset(b, want)]...), nil
		}
		if err := r.Ctx.fits(want * 4); err != nil {
			return nil, err
		}
		if !left {
			dst = append(dst, b...)
		}
		rest := fill
		for missing := want - have; missing > 0; missing-- {
			if rest == "" {
				rest = fill
			}
			_, size := utf8.DecodeRuneInString(rest)
			dst, rest = append(dst, rest[:size]...), rest[size:]
		}
		if left {
			dst = append(dst, b...)
		}
		return dst, nil
	})
}

func repeat(r *Row, dst []byte) ([]byte, error) {
	b, n := r.Bytes(0), max(r.Int(1), 0)
	if hi, lo := bits.Mul64(uint64(len(b)), uint64(n)); hi > 0 || lo > maxText {
		return nil, errTextLength
	} else if err := r.Ctx.fits(int64(lo)); err != nil {
		return nil, err
	}
	dst = slices.Grow(dst, len(b)*int(n))
	for ; n > 0; n-- {
		dst = append(dst, b...)
	}
	return dst, nil
}

func translate(r *Row, dst []byte) ([]byte, error) {
	from, to := []rune(r.Text(1)), []rune(r.Text(2))
next:
	for _, c := range r.Text(0) {
		for i, f := range from {
			if f == c {
				if i < len(to) {
					dst = utf8.AppendRune(dst, to[i])
				}
				continue next
			}
		}
		dst = utf8.AppendRune(dst, c)
	}
	return dst, nil
}

func reverse(dst, a []byte) ([]byte, error) {
	for len(a) > 0 {
		c, size := utf8.DecodeLastRune(a)
		dst = utf8.AppendRune(dst, c)
		a = a[:len(a)-size]
	}
	return dst, nil
}

func splitPart(r *Row, dst []byte) ([]byte, error) {
	s, sep, n := r.Text(0), r.Text(1), r.Int(2)
	if n == 0 {
		return nil, sqlstate.New(sqlstate.InvalidParameterValue, "field position must not be zero")
	}
	parts := []string{s}
	if sep != "" && s != "" {
		parts = strings.Split(s, sep)
	}
	if n < 0 {
		n += int64(len(parts)) + 1
	}
	if n < 1 || n > int64(len(parts)) {
		return dst, nil
	}
	return append(dst, parts[n-1]...), nil
}

func md5Hex(dst, a []byte) ([]byte, error) {
	sum := md5.Sum(a)
	return hex.AppendEncode(dst, sum[:]), nil
}

func sha(bits int) Kernel {
	return unaryBlobs(func(dst, a []byte) ([]byte, error) {
		switch bits {
		case 224:
			sum := sha256.Sum224(a)
			return append(dst, sum[:]...), nil
		case 256:
			sum := sha256.Sum256(a)
			return append(dst, sum[:]...), nil
		case 384:
			sum := sha512.Sum384(a)
			return append(dst, sum[:]...), nil
		}
		sum := sha512.Sum512(a)
		return append(dst, sum[:]...), nil
	})
}

func chr(r *Row, dst []byte) ([]byte, error) {
	switch c := r.Int(0); {
	case c == 0:
		return nil, sqlstate.New(sqlstate.ProgramLimitExceeded, "null character not permitted")
	case c < 0:
		return nil, sqlstate.New(sqlstate.InvalidParameterValue, "character number must be positive")
	case c > unicode.MaxRune:
		return nil, sqlstate.New(sqlstate.ProgramLimitExceeded, "requested character too large for encoding: %d", c)
	case !utf8.ValidRune(rune(c)):
		return nil, sqlstate.New(sqlstate.ProgramLimitExceeded, "requested character not valid for encoding: %d", c)
	default:
		return utf8.AppendRune(dst, rune(c)), nil
	}
}

func startsWith(r *Row) (bool, error) { return bytes.HasPrefix(r.Bytes(0), r.Bytes(1)), nil }

func appendHex(dst []byte, v uint64) []byte {
	const digits = "0123456789abcdef"
	shift := 60
	for shift > 0 && v>>shift == 0 {
		shift -= 4
	}
	for ; shift >= 0; shift -= 4 {
		dst = append(dst, digits[v>>shift&15])
	}
	return dst
}
