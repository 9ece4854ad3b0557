package delta

import (
	"bytes"
	"math"
	"math/rand"
	"testing"

	"tarn/sql/types"
)

var schema = []types.Type{types.Of(types.BoolOID), types.Of(types.Int8OID), types.Of(types.Float8OID), types.Of(types.TextOID)}

func randomBatch(r *rand.Rand, n int, nulls bool) *Batch {
	b := NewBatch(schema, n)
	for i := 0; i < n; i++ {
		for c := range b.Cols {
			if nulls && r.Intn(4) == 0 {
				b.Cols[c].AppendNull()
				continue
			}
			switch b.Cols[c].Kind {
			case types.Bool:
				b.Cols[c].AppendBool(r.Intn(2) == 0)
			case types.Int64:
				b.Cols[c].AppendInt(r.Int63() >> uint(r.Intn(64)) * int64(1-2*r.Intn(2)))
			case types.Float64:
				b.Cols[c].AppendFloat(r.NormFloat64())
			default:
				b.Cols[c].AppendString("abcdefghijklmnop"[:r.Intn(16)])
			}
		}
		b.AppendCount(int64(r.Intn(3) - 1))
	}
	return b
}

func sameRows(t *testing.T, want, got *Batch) {
	t.Helper()
	if want.Len != got.Len {
		t.Fatalf("%d rows, want %d", got.Len, want.Len)
	}
	for i := 0; i < want.Len; i++ {
		if want.Count(i) != got.Count(i) || !bytes.Equal(AppendRow(nil, want, i), AppendRow(nil, got, i)) {
			t.Fatalf("row %d differs", i)
		}
	}
}

func TestBatchEncodingRoundTrip(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for n := range 200 {
		b := randomBatch(r, n, n%2 == 0)
		got, err := DecodeBatch(EncodeBatch(nil, b))
		if err != nil {
			t.Fatal(err)
		}
		sameRows(t, b, got)
	}
}

// Integers are kept in 0, 1, 2, 4 or 8 bytes, and lengths of values in one byte or more, whatever the number of rows.
func TestBatchEncodingOfWidths(t *testing.T) {
	r := rand.New(rand.NewSource(2))
	for _, bits := range []int{0, 1, 7, 8, 9, 15, 16, 17, 31, 32, 33, 62} {
		for n := range 20 {
			b := NewBatch([]types.Type{types.Of(types.Int8OID), types.Of(types.TextOID)}, n)
			for range n {
				b.Cols[0].AppendInt(-5 + r.Int63n(1<<bits))
				b.Cols[1].AppendBytes(bytes.Repeat([]byte{'t'}, r.Intn(1<<min(bits, 15))))
				b.AppendCount(1)
			}
			enc := EncodeBatch(nil, b)
			if len(enc) > EncodedBound(b) {
				t.Fatalf("%d rows of %d bits take %d bytes, the bound is %d", n, bits, len(enc), EncodedBound(b))
			}
			got, err := DecodeBatch(enc)
			if err != nil {
				t.Fatal(err)
			}
			sameRows(t, b, got)
		}
	}
}

// Integers at both ends of the range: the frame of reference wraps around without losing a value.
func TestBatchEncodingOfExtremes(t *testing.T) {
	b := NewBatch([]types.Type{types.Of(types.Int8OID)}, 3)
	for _, v := range []int64{math.MinInt64, 0, math.MaxInt64} {
		b.Cols[0].AppendInt(v)
		b.AppendCount(1)
	}
	got, err := DecodeBatch(EncodeBatch(nil, b))
	if err != nil {
		t.Fatal(err)
	}
	sameRows(t, b, got)
}

func TestRowRoundTripAndSubset(t *testing.T) {
	r := rand.New(rand.NewSource(2))
	b := randomBatch(r, 100, true)
	all, some := NewBatch(schema, 0), NewBatch([]types.Type{schema[3], schema[1]}, 0)
	d := NewRowDecoder(schema, []int{3, 1})
	for i := 0; i < b.Len; i++ {
		enc := AppendRow(nil, b, i)
		rest, err := DecodeRow(all, enc)
		if err != nil || len(rest) != 0 {
			t.Fatal(err, len(rest))
		}
		all.AppendCount(b.Count(i))
		if err := d.Append(some, enc, b.Count(i)); err != nil {
			t.Fatal(err)
		}
	}
	sameRows(t, b, all)
	sameRows(t, b.Project([]int{3, 1}), some)
}

func TestGatherSliceAppend(t *testing.T) {
	r := rand.New(rand.NewSource(3))
	b := randomBatch(r, 300, true)
	joined := NewBatch(schema, 0)
	for _, cut := range [][2]int{{0, 64}, {64, 100}, {100, 230}, {230, 300}} {
		joined.AppendBatch(b.Slice(cut[0], cut[1]))
	}
	sameRows(t, b, joined)
	sel := []int32{5, 5, 299, 0}
	got := b.Gather(sel)
	for j, i := range sel {
		if !bytes.Equal(AppendRow(nil, b, int(i)), AppendRow(nil, got, j)) {
			t.Fatalf("row %d differs", j)
		}
	}
}

// NULL at an index below zero is what outer joins ask for.
func TestGatherNull(t *testing.T) {
	c := IntColumn([]int64{1, 2}, nil)
	got := c.Gather([]int32{-1, 1})
	if !got.IsNull(0) || got.IsNull(1) || got.Ints[1] != 2 {
		t.Fatal("wrong rows")
	}
}

func FuzzDecodeBatch(f *testing.F) {
	r := rand.New(rand.NewSource(4))
	f.Add(EncodeBatch(nil, randomBatch(r, 10, true)))
	f.Add([]byte{1, 1, 0, 2, 0, 8})
	f.Fuzz(func(t *testing.T, enc []byte) {
		b, err := DecodeBatch(enc)
		if err != nil {
			return
		}
		for i := 0; i < min(b.Len, 100); i++ {
			AppendRow(nil, b, i)
		}
	})
}
