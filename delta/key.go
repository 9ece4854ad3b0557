package delta

import (
	"encoding/binary"
	"slices"

	"github.com/cespare/xxhash/v2"

	"tarn/sql/types"
)

// Keys are the encoded keys of the rows of a batch, with their hashes.
type Keys struct {
	Offsets []uint32 // rows+1
	Data    []byte
	Hashes  []uint64
}

// Key is the encoded key of row i, aliasing Data.
func (k *Keys) Key(i int) []byte { return k.Data[k.Offsets[i]:k.Offsets[i+1]:k.Offsets[i+1]] }

// AppendKeyDatum appends one value of a key:
//
//	0x01 value      the canonical memcomparable encoding of types.AppendKey
//	0x02            NULL, which sorts last, as PostgreSQL's default order has it
func AppendKeyDatum(dst []byte, t types.Type, d types.Datum) []byte {
	if d.Null {
		return append(dst, 2)
	}
	return types.AppendKey(append(dst, 1), t, d)
}

// AppendKeyRow appends the key of row i over the columns cols of b, whose types are ts.
func AppendKeyRow(dst []byte, b *Batch, cols []int, ts []types.Type, i int) []byte {
	for j, c := range cols {
		dst = AppendKeyColumn(dst, &b.Cols[c], ts[j], i)
	}
	return dst
}

// AppendKeyColumn appends the key form of row i of one column of type t.
func AppendKeyColumn(dst []byte, c *Column, t types.Type, i int) []byte {
	if c.Valid != nil && !c.Valid.Get(i) {
		return append(dst, 2)
	}
	if c.Kind == types.Int64 {
		return binary.BigEndian.AppendUint64(append(dst, 1), uint64(c.Ints[i])^1<<63)
	}
	return types.AppendKey(append(dst, 1), t, c.Datum(i))
}

// EncodeKeys encodes the key of every row over columns (already evaluated, all of the same length n) of types ts into k,
// reusing its memory. The result is valid until the next call with the same k.
func (k *Keys) EncodeKeys(cols []Column, ts []types.Type, n int) {
	k.Data, k.Offsets, k.Hashes = k.Data[:0], append(k.Offsets[:0], 0), k.Hashes[:0]
	if len(cols) > 0 && allInts(cols) {
		if len(cols) == 1 {
			k.encodeInts(cols[0].Ints[:n])
		} else {
			k.encodeIntRows(cols, n)
		}
		return
	}
	for i := 0; i < n; i++ {
		from := len(k.Data)
		for j := range cols {
			k.Data = AppendKeyColumn(k.Data, &cols[j], ts[j], i)
		}
		k.Offsets = append(k.Offsets, uint32(len(k.Data)))
		k.Hashes = append(k.Hashes, HashKey(k.Data[from:]))
	}
}

func (k *Keys) encodeInts(v []int64) {
	for _, x := range v {
		u := uint64(x) ^ 1<<63
		k.Data = binary.BigEndian.AppendUint64(append(k.Data, 1), u)
		k.Offsets = append(k.Offsets, uint32(len(k.Data)))
		k.Hashes = append(k.Hashes, mix(u))
	}
}

// allInts tells whether all columns are integers without NULLs.
func allInts(cols []Column) bool {
	for j := range cols {
		if cols[j].Kind != types.Int64 || cols[j].Valid != nil {
			return false
		}
	}
	return true
}

// encodeIntRows is encodeInts for several columns. Rows of one key often come together: what is like the row before costs
// no hash.
func (k *Keys) encodeIntRows(cols []Column, n int) {
	size := 9 * len(cols)
	k.Data = slices.Grow(k.Data, size*n)[:size*n]
	k.Offsets, k.Hashes = slices.Grow(k.Offsets, n), slices.Grow(k.Hashes, n)
	for i := range n {
		key := k.Data[size*i : size*(i+1)]
		same := i > 0
		for j := range cols {
			v := cols[j].Ints[i]
			same = same && v == cols[j].Ints[i-1]
			key[9*j] = 1
			binary.BigEndian.PutUint64(key[9*j+1:], uint64(v)^1<<63)
		}
		hash := uint64(0)
		if same {
			hash = k.Hashes[i-1]
		} else {
			hash = HashKey(key)
		}
		k.Offsets = append(k.Offsets, uint32(size*(i+1)))
		k.Hashes = append(k.Hashes, hash)
	}
}

// HashKey is the hash of an encoded key: the same for the same bytes on every machine and in every version, because the
// shard of a key follows from it and is on disk.
func HashKey(key []byte) uint64 {
	if len(key) == 9 && key[0] == 1 {
		return mix(binary.BigEndian.Uint64(key[1:]))
	}
	return xxhash.Sum64(key)
}

// mix is the finaliser of SplitMix64 (Steele, Lea, Flood 2014).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
