package delta

import (
	"bytes"
	"math/rand"
	"testing"

	"tarn/sql/types"
)

// However many rows are encoded at once, and in whichever way, the key of a row and its hash are the same.
func TestKeysOfRowsAlike(t *testing.T) {
	r := rand.New(rand.NewSource(4))
	int8, text := types.Of(types.Int8OID), types.Of(types.TextOID)
	for _, ts := range [][]types.Type{{}, {int8}, {int8, int8}, {int8, int8, int8}, {int8, text}, {text}} {
		for _, nulls := range []bool{false, true} {
			b := NewBatch(ts, 0)
			for range 300 {
				for c := range b.Cols {
					switch {
					case nulls && r.Intn(4) == 0:
						b.Cols[c].AppendNull()
					case ts[c].Kind() == types.Int64:
						b.Cols[c].AppendInt(int64(r.Intn(3) - 1))
					default:
						b.Cols[c].AppendString("abc"[:r.Intn(4)])
					}
				}
				b.AppendCount(1)
			}
			var keys Keys
			keys.EncodeKeys(b.Cols, ts, 7) // what is left of another batch is gone
			keys.EncodeKeys(b.Cols, ts, b.Len)
			for i := range b.Len {
				want := AppendKeyRow(nil, b, []int{0, 1, 2}[:len(ts)], ts, i)
				if !bytes.Equal(keys.Key(i), want) || keys.Hashes[i] != HashKey(want) {
					t.Fatalf("row %d of %v: key %x, hash %x; want %x, %x", i, ts, keys.Key(i), keys.Hashes[i], want, HashKey(want))
				}
			}
		}
	}
}
