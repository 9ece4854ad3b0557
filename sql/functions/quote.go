package functions

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// reservedWords are the words that PostgreSQL quotes as identifiers: all keywords but the unreserved ones.
var reservedWords = words(`all analyse analyze and any array as asc asymmetric authorization between bigint binary bit
boolean both case cast char character check coalesce collate collation column concurrently constraint create cross
current_catalog current_date current_role current_schema current_time current_timestamp current_user dec decimal default
deferrable desc distinct do else end except exists extract false fetch float for foreign freeze from full grant greatest
group grouping having ilike in initially inner inout int integer intersect interval into is isnull join lateral leading
least left like limit localtime localtimestamp national natural nchar none normalize not notnull null nullif numeric
offset on only or order out outer overlaps overlay placing position precision primary real references returning right row
select session_user setof similar smallint some substring symmetric table tablesample then time timestamp to trailing
treat trim true union unique user using values varchar variadic verbose when where window with xmlattributes xmlconcat
xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable`)

func words(list string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(list) {
		out[w] = true
	}
	return out
}

// QuoteIdentifier is a name as SQL must write it: in quotes unless it is a plain lower-case word that is no keyword.
func QuoteIdentifier(s string) string {
	plain := s != "" && !reservedWords[s]
	for i := 0; plain && i < len(s); i++ {
		c := s[i]
		plain = c >= 'a' && c <= 'z' || c == '_' || i > 0 && c >= '0' && c <= '9'
	}
	if plain {
		return s
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}

// QuoteLiteral is a string as SQL must write it.
func QuoteLiteral(s string) string {
	quoted := "'" + strings.ReplaceAll(s, "'", "''") + "'"
	if strings.Contains(s, `\`) {
		return "E" + strings.ReplaceAll(quoted, `\`, `\\`)
	}
	return quoted
}

// quoteValue is quote_literal of any value, and with nullable quote_nullable.
func quoteValue(nullable bool) func(args []types.OID) Kernel {
	return func(args []types.OID) Kernel {
		t := args[0]
		return varying(func(r *Row, dst []byte) ([]byte, error) {
			if nullable && r.Null(0) {
				return append(dst, "NULL"...), nil
			}
			var form []byte
			switch t {
			case boolean: // as a cast to text has it
				form = strconv.AppendBool(nil, r.Bool(0))
			case bpchar:
				form = bytes.TrimRight(r.Bytes(0), " ")
			default:
				form = appendTextOf(nil, r, 0, t)
			}
			return append(dst, QuoteLiteral(string(form))...), nil
		}, !nullable)
	}
}

// formatFunctions are format, with and without arguments.
func formatFunctions() []Function {
	return []Function{
		{Name: "format", Args: sig(text), Returns: text, NullCall: true, Bind: format},
		{Name: "format", Args: sig(text, anything), Variadic: true, Returns: text, Volatility: Stable, Standing: true, NullCall: true, Bind: format},
	}
}

func format(args []types.OID) Kernel {
	args = append([]types.OID(nil), args...)
	return nullBlobs(func(r *Row, dst []byte) ([]byte, error) {
		if r.Null(0) {
			return nil, errNull
		}
		return appendFormat(dst, r, args)
	})
}

func formatError(message, hint string) error {
	err := sqlstate.New(sqlstate.InvalidParameterValue, "%s", message)
	if hint != "" {
		err = err.WithHint("%s", hint)
	}
	return err
}

// appendFormat writes the template of argument 0 with its specifiers %[position$][-][width]type replaced.
func appendFormat(dst []byte, r *Row, args []types.OID) ([]byte, error) {
	s, next, at := r.Text(0), 1, len(dst)
	for s != "" {
		if err := r.Ctx.fits(int64(len(dst) - at)); err != nil {
			return nil, err
		}
		i := strings.IndexByte(s, '%')
		if i < 0 {
			return append(dst, s...), nil
		}
		dst, s = append(dst, s[:i]...), s[i+1:]
		if s == "" {
			return nil, formatError("unterminated format() type specifier", `For a single "%" use "%%".`)
		}
		if s[0] == '%' {
			dst, s = append(dst, '%'), s[1:]
			continue
		}
		spec, rest, err := parseSpecifier(s)
		if err != nil {
			return nil, err
		}
		s = rest
		width := spec.width
		if spec.starWidth {
			k := next
			if spec.widthArg > 0 {
				k = spec.widthArg
			}
			if k >= len(args) {
				return nil, formatError("too few arguments for format()", "")
			}
			next = k + 1
			if !r.Null(k) {
				d, err := types.Parse(types.Of(int4), string(appendTextOf(nil, r, k, args[k])), nil)
				if err != nil {
					return nil, err
				}
				width = int(d.Int)
			}
		}
		k := next
		if spec.arg >= 0 {
			k = spec.arg
		}
		if k == 0 {
			return nil, formatError("format specifies argument 0, but arguments are numbered from 1", "")
		}
		if k >= len(args) {
			return nil, formatError("too few arguments for format()", "")
		}
		next = k + 1
		value, err := formatValue(r, k, args[k], spec.kind)
		if err != nil {
			return nil, err
		}
		if width == math.MinInt32 {
			return nil, sqlstate.New(sqlstate.NumericValueOutOfRange, "number is out of range")
		}
		if err := r.Ctx.fits(int64(abs(width))); err != nil {
			return nil, err
		}
		dst = appendPadded(dst, value, width, spec.minus)
	}
	return dst, nil
}

// specifier is one parsed %...; arg is -1 for the next argument.
type specifier struct {
	arg       int
	minus     bool
	width     int
	starWidth bool
	widthArg  int
	kind      byte
}

func parseSpecifier(s string) (specifier, string, error) {
	spec := specifier{arg: -1}
	unterminated := formatError("unterminated format() type specifier", `For a single "%" use "%%".`)
	if n, rest, ok := leadingNumber(s); ok && strings.HasPrefix(rest, "$") {
		spec.arg, s = n, rest[1:]
	}
	for strings.HasPrefix(s, "-") {
		spec.minus, s = true, s[1:]
	}
	if strings.HasPrefix(s, "*") {
		spec.starWidth, s = true, s[1:]
		if n, rest, ok := leadingNumber(s); ok {
			if !strings.HasPrefix(rest, "$") {
				return spec, "", formatError("width argument position must be ended by \"$\"", "")
			}
			spec.widthArg, s = n, rest[1:]
		}
	} else if n, rest, ok := leadingNumber(s); ok {
		spec.width, s = n, rest
	}
	if s == "" {
		return spec, "", unterminated
	}
	if spec.kind = s[0]; !strings.ContainsRune("sIL", rune(s[0])) {
		c, _ := utf8.DecodeRuneInString(s)
		return spec, "", formatError("unrecognized format() type specifier \""+string(c)+"\"", `For a single "%" use "%%".`)
	}
	return spec, s[1:], nil
}

func leadingNumber(s string) (n int, rest string, ok bool) {
	i := 0
	for i < len(s) && s[i] >= '0' && s[i] <= '9' && i < 9 {
		i++
	}
	if i == 0 {
		return 0, s, false
	}
	n, _ = strconv.Atoi(s[:i])
	return n, s[i:], true
}

func formatValue(r *Row, k int, t types.OID, kind byte) (string, error) {
	if r.Null(k) {
		switch kind {
		case 'I':
			return "", sqlstate.New(sqlstate.NullValueNotAllowed, "null values cannot be formatted as an SQL identifier")
		case 'L':
			return "NULL", nil
		}
		return "", nil
	}
	value := string(appendTextOf(nil, r, k, t))
	switch kind {
	case 'I':
		return QuoteIdentifier(value), nil
	case 'L':
		return QuoteLiteral(value), nil
	}
	return value, nil
}

func appendPadded(dst []byte, s string, width int, left bool) []byte {
	if width < 0 {
		width, left = -width, true
	}
	missing := width - utf8.RuneCountInString(s)
	if left {
		dst = append(dst, s...)
	}
	for ; missing > 0; missing-- {
		dst = append(dst, ' ')
	}
	if !left {
		dst = append(dst, s...)
	}
	return dst
}

// unistr replaces \XXXX, \+XXXXXX, \uXXXX and \UXXXXXXXX by the characters they number.
func unistr(dst, a []byte) ([]byte, error) {
	invalid := sqlstate.New(sqlstate.SyntaxError, "invalid Unicode escape").WithHint(
		`Unicode escapes must be \XXXX, \+XXXXXX, \uXXXX, or \UXXXXXXXX.`)
	pair := sqlstate.New(sqlstate.SyntaxError, "invalid Unicode surrogate pair")
	high := rune(0) // the first half of a pair
	for i := 0; i < len(a); {
		plain := a[i] != '\\' || i+1 < len(a) && a[i+1] == '\\'
		if plain && high != 0 {
			return nil, pair
		}
		if a[i] != '\\' {
			dst = append(dst, a[i])
			i++
			continue
		}
		i++
		if plain {
			dst = append(dst, '\\')
			i++
			continue
		}
		digits := 4
		if i < len(a) {
			switch a[i] {
			case '+':
				digits, i = 6, i+1
			case 'u':
				i++
			case 'U':
				digits, i = 8, i+1
			}
		}
		if i+digits > len(a) {
			return nil, invalid
		}
		v, err := strconv.ParseUint(string(a[i:i+digits]), 16, 32)
		if err != nil {
			return nil, invalid
		}
		if v == 0 || v > utf8.MaxRune {
			return nil, sqlstate.New(sqlstate.InvalidParameterValue, "invalid Unicode code point: %04X", v)
		}
		r := rune(v)
		switch first := utf16.IsSurrogate(r) && r < 0xdc00; {
		case high != 0:
			if r = utf16.DecodeRune(high, r); r == utf8.RuneError {
				return nil, pair
			}
			high = 0
			dst = utf8.AppendRune(dst, r)
		case first:
			high = r
		case utf16.IsSurrogate(r):
			return nil, pair
		default:
			dst = utf8.AppendRune(dst, r)
		}
		i += digits
	}
	if high != 0 {
		return nil, pair
	}
	return dst, nil
}

// parseIdent takes a possibly qualified name apart, as parse_ident does: folded unless quoted. What follows the name is an
// error if strict.
func parseIdent(s string, strict bool) ([]string, error) {
	const spaces = " \t\n\r\f"
	invalid := func() *sqlstate.Error {
		return sqlstate.New(sqlstate.InvalidParameterValue, "string is not a valid identifier: \"%s\"", s)
	}
	var parts []string
	rest := strings.TrimLeft(s, spaces)
	for {
		end := 0
		for end < len(rest) && identifierByte(rest[end], end == 0) {
			end++
		}
		switch {
		case strings.HasPrefix(rest, `"`):
			part, behind, ok := quotedPart(rest[1:])
			if !ok {
				return nil, invalid().WithDetail("String has unclosed double quotes.")
			}
			if part == "" {
				return nil, invalid().WithDetail("Quoted identifier must not be empty.")
			}
			parts, rest = append(parts, part), behind
		case end > 0:
			parts, rest = append(parts, foldIdentifier(rest[:end])), rest[end:]
		case strings.HasPrefix(rest, "."):
			return nil, invalid().WithDetail("No valid identifier before \".\".")
		case len(parts) > 0:
			return nil, invalid().WithDetail("No valid identifier after \".\".")
		default:
			return nil, invalid()
		}
		rest = strings.TrimLeft(rest, spaces)
		switch {
		case strings.HasPrefix(rest, "."):
			rest = strings.TrimLeft(rest[1:], spaces)
		case rest != "" && strict:
			return nil, invalid()
		default:
			return parts, nil
		}
	}
}

// identifierByte tells what an identifier without quotes is made of.
func identifierByte(c byte, first bool) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= utf8.RuneSelf || !first && (c >= '0' && c <= '9' || c == '$')
}

// quotedPart is what stands before the closing quote, and what behind it; a quote inside is written twice.
func quotedPart(s string) (part, behind string, ok bool) {
	var out strings.Builder
	for {
		before, rest, ok := strings.Cut(s, `"`)
		if !ok {
			return "", "", false
		}
		out.WriteString(before)
		if !strings.HasPrefix(rest, `"`) {
			return out.String(), rest, true
		}
		out.WriteByte('"')
		s = rest[1:]
	}
}

// foldIdentifier lowers the letters of ASCII, as PostgreSQL does where characters have several bytes.
func foldIdentifier(s string) string {
	return strings.Map(func(c rune) rune {
		if c >= 'A' && c <= 'Z' {
			return c + 'a' - 'A'
		}
		return c
	}, s)
}
