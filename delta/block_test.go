package delta

import (
	"bytes"
	"errors"
	"math/rand"
	"testing"

	"tarn/sql/types"
)

// Rows come out of a block as they went in, whether it was written in one go or continued row by row.
func TestBlockRoundTrip(t *testing.T) {
	r := rand.New(rand.NewSource(2))
	kept := []int{3, 0, 1, 2}
	for n := range 100 {
		b := randomBatch(r, n, n%2 == 0)
		for i := range b.Counts {
			b.Counts[i] = 1 + int64(r.Intn(3))*int64(r.Intn(200))
		}
		var whole, grown []byte
		var w, again BlockWriter
		if err := w.Start(nil, b, kept); err != nil {
			t.Fatal(err)
		}
		for i := range b.Len {
			whole = w.Append(whole, i)
			if err := again.Start(grown, b, kept); err != nil {
				t.Fatal(err)
			}
			grown = again.Append(grown, i)
		}
		for _, block := range [][]byte{whole, grown} {
			got := NewBatch(schema, n)
			counts, err := AppendBlock(got.Cols, kept, block, nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range counts {
				got.AppendCount(c)
			}
			sameRows(t, b, got)
		}
	}
}

// Rows appended together are the bytes that they are one by one, and end where the block is full.
func TestBlockMany(t *testing.T) {
	r := rand.New(rand.NewSource(4))
	for range 100 {
		b := &Batch{Cols: []Column{NewColumn(types.Int64, 0), NewColumn(types.Int64, 0)}}
		var rows []int32
		for i := range 2 + r.Intn(200) {
			b.Cols[0].AppendInt(int64(r.Uint64()) >> r.Intn(64))
			b.Cols[1].AppendInt(int64(i))
			b.AppendCount(1)
			rows = append(rows, int32(i))
		}
		var w, many BlockWriter
		if err := errors.Join(w.Start(nil, b, []int{1, 0}), many.Start(nil, b, []int{1, 0})); err != nil {
			t.Fatal(err)
		}
		if _, n := many.AppendMany(nil, rows, 0, 1<<10); n != 0 {
			t.Fatalf("%d rows were taken without a first one", n)
		}
		got := many.Append(nil, 0)
		want := w.Append(nil, 0)
		before, limit := r.Intn(100), 1+r.Intn(2000)
		got, n := many.AppendMany(got, rows[1:], before, limit)
		for i := 1; i <= n; i++ {
			if before+len(want) >= limit {
				t.Fatalf("row %d was appended to a full block", i)
			}
			want = w.Append(want, i)
		}
		if !bytes.Equal(got, want) || n < len(rows)-1 && before+len(got) < limit {
			t.Fatalf("%d of %d rows are %x, one by one %x", n, len(rows)-1, got, want)
		}
	}
}

// Numbers that are alike take few bytes.
func TestBlockIsSmall(t *testing.T) {
	b := NewBatch(schema[1:2], 100)
	for i := range int64(100) {
		b.Cols[0].AppendInt(800_000_000_000_000 + 1000*i)
		b.AppendCount(1)
	}
	var w BlockWriter
	if err := w.Start(nil, b, []int{0}); err != nil {
		t.Fatal(err)
	}
	var block []byte
	for i := range b.Len {
		block = w.Append(block, i)
	}
	if len(block) > 4*b.Len+8 {
		t.Fatalf("%d rows take %d bytes", b.Len, len(block))
	}
}

// Whatever bytes come from disk are rows or an error.
func FuzzAppendBlock(f *testing.F) {
	b := randomBatch(rand.New(rand.NewSource(3)), 8, true)
	b.Counts = nil
	var w BlockWriter
	kept := []int{0, 1, 2, 3}
	if err := w.Start(nil, b, kept); err != nil {
		f.Fatal(err)
	}
	var block []byte
	for i := range b.Len {
		block = w.Append(block, i)
	}
	f.Add(block)
	f.Add(block[:len(block)-1])
	f.Add([]byte{3, 0x0f})
	f.Fuzz(func(t *testing.T, block []byte) {
		got := NewBatch(schema, 0)
		counts, err := AppendBlock(got.Cols, kept, block, nil)
		if err == nil {
			for c := range got.Cols {
				if got.Cols[c].Len() != len(counts) {
					t.Fatalf("column %d has %d rows of %d", c, got.Cols[c].Len(), len(counts))
				}
			}
		}
		var w BlockWriter
		_ = w.Start(block, got, kept) // must not panic
	})
}
