package types

import (
	"testing"
)

// benchmarkText measures reading and printing one value of a type, into memory that is reused.
func benchmarkText(b *testing.B, t Type, text string) {
	env := goldenEnv(b)
	input := []byte(text)
	b.Run("parse", func(b *testing.B) {
		b.ReportAllocs()
		var d Datum
		for range b.N {
			if err := ParseBytes(t, input, env, &d); err != nil {
				b.Fatal(err)
			}
		}
	})
	d, err := Parse(t, text, env)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("print", func(b *testing.B) {
		b.ReportAllocs()
		buf := make([]byte, 0, 64)
		for range b.N {
			buf = AppendText(buf[:0], t, d, env)
		}
	})
	b.Run("key", func(b *testing.B) {
		b.ReportAllocs()
		buf := make([]byte, 0, 64)
		for range b.N {
			buf = AppendKey(buf[:0], t, d)
		}
	})
}

func BenchmarkInt8(b *testing.B)      { benchmarkText(b, Of(Int8OID), "1234567890") }
func BenchmarkFloat8(b *testing.B)    { benchmarkText(b, Of(Float8OID), "1234.5678") }
func BenchmarkText(b *testing.B)      { benchmarkText(b, Of(TextOID), "a name of twenty let") }
func BenchmarkTimestamp(b *testing.B) { benchmarkText(b, Of(TimestampOID), "2024-01-02 03:04:05.678") }
func BenchmarkTimestamptz(b *testing.B) {
	benchmarkText(b, Of(TimestamptzOID), "2024-01-02 03:04:05.678+00")
}
func BenchmarkNumeric(b *testing.B) { benchmarkText(b, Of(NumericOID), "12345.67") }
func BenchmarkNumericPrecision(b *testing.B) {
	benchmarkText(b, Type{NumericOID, 10<<16 | 2 + modHeader}, "12345.678")
}
func BenchmarkInterval(b *testing.B) {
	benchmarkText(b, Of(IntervalOID), "1 day 02:03:04")
}

func benchmarkNumeric(b *testing.B, x, y string, f func(dst, a, b []byte) ([]byte, error)) {
	b.ReportAllocs()
	p, q := mustNumeric(b, x), mustNumeric(b, y)
	buf := make([]byte, 0, 64)
	for range b.N {
		buf, _ = f(buf[:0], p, q)
	}
}

func BenchmarkNumericAdd(b *testing.B)    { benchmarkNumeric(b, "12345.67", "0.123", NumericAdd) }
func BenchmarkNumericMul(b *testing.B)    { benchmarkNumeric(b, "12345.67", "0.123", NumericMul) }
func BenchmarkNumericDiv(b *testing.B)    { benchmarkNumeric(b, "12345.67", "0.123", NumericDiv) }
func BenchmarkNumericAddBig(b *testing.B) { benchmarkNumeric(b, "1e30", "0.123", NumericAdd) }

// TestAllocations checks that the hot paths do not allocate.
func TestAllocations(t *testing.T) {
	env := goldenEnv(t)
	buf := make([]byte, 0, 128)
	for _, c := range []struct {
		oid  OID
		text string
	}{
		{BoolOID, "t"}, {Int4OID, "-42"}, {Int8OID, "1234567890"}, {Float8OID, "1234.5678"}, {TextOID, "some text"}, {DateOID, "2024-01-02"},
		{TimestampOID, "2024-01-02 03:04:05.678"}, {TimestamptzOID, "2024-01-02 03:04:05.678+02"}, {NumericOID, "12345.67"},
		{UUIDOID, "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"},
	} {
		typ, input := Of(c.oid), []byte(c.text)
		d := Datum{Bytes: make([]byte, 0, 64)}
		if n := testing.AllocsPerRun(100, func() {
			if err := ParseBytes(typ, input, env, &d); err != nil {
				t.Fatal(err)
			}
			buf = AppendText(buf[:0], typ, d, env)
			buf = AppendKey(buf[:0], typ, d)
			buf = AppendBinary(buf[:0], typ, d)
		}); n != 0 && c.oid != NumericOID || n > 1 {
			t.Errorf("%s %q: %v allocations", typ, c.text, n)
		}
	}
	a, b := mustNumeric(t, "12345.67"), mustNumeric(t, "-0.125")
	if n := testing.AllocsPerRun(100, func() {
		buf, _ = NumericAdd(buf[:0], a, b)
		buf, _ = NumericSub(buf[:0], a, b)
		buf, _ = NumericMul(buf[:0], a, b)
		NumericCmp(a, b)
	}); n != 0 {
		t.Errorf("numeric arithmetic: %v allocations", n)
	}
}
