package types

import (
	"strconv"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
)

// numericCall is a function of numeric.go as SQL writes it (a and b are the arguments) and as Go does.
type numericCall struct {
	sql string
	do  func(a, b []byte) ([]byte, error)
}

func scaleArg(b []byte) int {
	v, _ := NumericToInt(b, Int4OID)
	return int(v)
}

func of1(f func(dst, a []byte) ([]byte, error)) func(a, b []byte) ([]byte, error) {
	return func(a, _ []byte) ([]byte, error) { return f(nil, a) }
}

func of2(f func(dst, a, b []byte) ([]byte, error)) func(a, b []byte) ([]byte, error) {
	return func(a, b []byte) ([]byte, error) { return f(nil, a, b) }
}

var numericCalls = map[string]numericCall{
	"add":   {"$a + $b", of2(NumericAdd)},
	"sub":   {"$a - $b", of2(NumericSub)},
	"mul":   {"$a * $b", of2(NumericMul)},
	"div":   {"$a / $b", of2(NumericDiv)},
	"quot":  {"div($a, $b)", of2(NumericDivInt)},
	"mod":   {"$a % $b", of2(NumericMod)},
	"gcd":   {"gcd($a, $b)", of2(NumericGCD)},
	"lcm":   {"lcm($a, $b)", of2(NumericLCM)},
	"log":   {"log($a, $b)", of2(NumericLog)},
	"power": {"power($a, $b)", of2(NumericPower)},
	"neg":   {"- $a", of1(NumericNeg)},
	"abs":   {"abs($a)", of1(NumericAbs)},
	"floor": {"floor($a)", of1(NumericFloor)},
	"ceil":  {"ceil($a)", of1(NumericCeil)},
	"sqrt":  {"sqrt($a)", of1(NumericSqrt)},
	"exp":   {"exp($a)", of1(NumericExp)},
	"ln":    {"ln($a)", of1(NumericLn)},
	"log10": {"log($a)", of1(NumericLog10)},
	"round": {"round($a, $b::int)", func(a, b []byte) ([]byte, error) { return NumericRound(nil, a, scaleArg(b)) }},
	"trunc": {"trunc($a, $b::int)", func(a, b []byte) ([]byte, error) { return NumericTrunc(nil, a, scaleArg(b)) }},
	"trim":  {"trim_scale($a)", func(a, _ []byte) ([]byte, error) { return NumericTrimScale(nil, a), nil }},
	"cmp": {"numeric_cmp($a, $b)::numeric", func(a, b []byte) ([]byte, error) {
		return NumericFromInt(nil, int64(NumericCmp(a, b))), nil
	}},
	"sign": {"sign($a)", func(a, _ []byte) ([]byte, error) {
		if NumericIsNaN(a) {
			return a, nil
		}
		return NumericFromInt(nil, int64(NumericSign(a))), nil
	}},
	"int8":   {"($a)::int8::numeric", toInt(Int8OID)},
	"int4":   {"($a)::int4::numeric", toInt(Int4OID)},
	"int2":   {"($a)::int2::numeric", toInt(Int2OID)},
	"float8": {"($a)::float8::numeric", viaFloat(64)},
	"float4": {"($a)::float4::numeric", viaFloat(32)},
}

func toInt(oid OID) func(a, b []byte) ([]byte, error) {
	return func(a, _ []byte) ([]byte, error) {
		v, err := NumericToInt(a, oid)
		return NumericFromInt(nil, v), err
	}
}

func viaFloat(bits int) func(a, b []byte) ([]byte, error) {
	return func(a, _ []byte) ([]byte, error) {
		f, err := NumericToFloat(a, bits)
		if err != nil {
			return nil, err
		}
		return NumericFromFloat(nil, f, bits)
	}
}

// TestNumeric checks arithmetic: lines "function | a | b | result".
func TestNumeric(t *testing.T) {
	golden(t, "numeric.txt", 3, func(conn *pgconn.PgConn, in []string) string {
		sql := "SELECT " + replaceArgs(numericCalls[in[0]].sql, "numeric", in[1], in[2])
		text, err := queryOne(conn, sql, 0)
		if err != nil {
			return describePG(err)
		}
		return string(text)
	}, func(in []string) string {
		call, ok := numericCalls[in[0]]
		if !ok {
			t.Fatalf("no function %q", in[0])
		}
		var args [2][]byte
		for i := range args {
			if in[i+1] == "" {
				continue
			}
			var err error
			if args[i], err = NumericParse(nil, in[i+1]); err != nil {
				return describe(err)
			}
		}
		result, err := call.do(args[0], args[1])
		if err != nil {
			return describe(err)
		}
		return string(AppendNumericText(nil, result))
	})
}

// TestNumericCanonical checks that a value with its scale has one encoding, however it came about.
func TestNumericCanonical(t *testing.T) {
	big, err := NumericParse(nil, "92233720368547758070")
	if err != nil {
		t.Fatal(err)
	}
	sum, err := NumericSub(nil, big, mustNumeric(t, "92233720368547758069"))
	if err != nil || string(sum) != string(NumericFromInt(nil, 1)) {
		t.Errorf("a difference of big values is not in the small form: %x, %v", sum, err)
	}
	wide, err := NumericFromWide(nil, 1, 0, 2)
	if got := string(AppendNumericText(nil, wide)); err != nil || got != "184467440737095516.16" {
		t.Errorf("2^64 at scale 2 is %s, %v", got, err)
	}
	wide, err = NumericFromWide(nil, -1, 1<<63-1, 0)
	if got := string(AppendNumericText(nil, wide)); err != nil || got != "-9223372036854775809" {
		t.Errorf("-2^63-1 is %s, %v", got, err)
	}
	if _, _, ok := NumericSmall(NumericFromInt(nil, -1<<63)); !ok {
		t.Error("the smallest int64 is not small")
	}
	for _, s := range []string{"0", "-1.50", "NaN", "Infinity", "-Infinity", "1e30", "0." + strconv.Itoa(1e9)} {
		b := mustNumeric(t, s)
		again := mustNumeric(t, string(AppendNumericText(nil, b)))
		if string(b) != string(again) {
			t.Errorf("%s: %x printed and read is %x", s, b, again)
		}
	}
}

func mustNumeric(t testing.TB, s string) []byte {
	t.Helper()
	b, err := NumericParse(nil, s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
