package delta

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"tarn/sql/types"
)

// orders is a batch such as events come in: ids close to each other, prices, times in order, short texts.
func orders(rows int) *Batch {
	r := rand.New(rand.NewPCG(1, 2))
	b := NewBatch([]types.Type{
		types.Of(types.Int8OID), types.Of(types.Int8OID), types.Of(types.Int8OID), types.Of(types.TimestampOID),
		types.Of(types.TextOID), types.Of(types.TextOID),
	}, rows)
	for i := range rows {
		b.Cols[0].AppendInt(int64(i) + 1_000_000)
		b.Cols[1].AppendInt(1000 + int64(r.IntN(100)))
		b.Cols[2].AppendInt(int64(r.IntN(1_000_000_000)))
		b.Cols[3].AppendInt(800_000_000_000_000 + int64(i)*100)
		b.Cols[4].AppendString(fmt.Sprintf("https://example.com/order/%d", i))
		b.Cols[5].AppendString([]string{"card", "cash", "transfer"}[r.IntN(3)])
		b.AppendCount(1)
	}
	return b
}

// BenchmarkEncodeBatch is the encoding of an epoch's rows for the log.
func BenchmarkEncodeBatch(b *testing.B) {
	for _, rows := range []int{1, 100, 10_000} {
		b.Run(fmt.Sprint(rows), func(b *testing.B) {
			batch := orders(rows)
			dst := EncodeBatch(nil, batch)
			b.SetBytes(int64(len(dst)))
			for b.Loop() {
				dst = EncodeBatch(dst[:0], batch)
			}
			b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(rows), "ns/row")
		})
	}
}
