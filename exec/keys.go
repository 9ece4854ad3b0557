package exec

import (
	"crypto/sha256"

	"tarn/delta"
	"tarn/sql/types"
)

// longKey is the length above which a digest stands for a key: state keeps keys of a bounded length, and no row of a
// stream may be refused because of the length of its key. Operators compare keys for equality only, and never read a value
// out of one.
const longKey = 32 << 10

// encodeKeys encodes the keys of n rows, as delta.Keys.EncodeKeys does, with digests for long ones.
func encodeKeys(k *delta.Keys, cols []delta.Column, ts []types.Type, n int) {
	k.EncodeKeys(cols, ts, n)
	if len(k.Data) <= longKey {
		return
	}
	long := false
	for i := range n {
		long = long || k.Offsets[i+1]-k.Offsets[i] > longKey
	}
	if !long {
		return
	}
	data, offsets := make([]byte, 0, len(k.Data)), make([]uint32, 1, n+1)
	for i := range n {
		if key := k.Key(i); len(key) > longKey {
			data = append(data, shortKey(key)...)
			k.Hashes[i] = delta.HashKey(data[offsets[i]:])
		} else {
			data = append(data, key...)
		}
		offsets = append(offsets, uint32(len(data)))
	}
	k.Data, k.Offsets = data, offsets
}

// shortKey is key, or its digest if it is long. No key begins with the byte of a digest.
func shortKey(key []byte) []byte {
	if len(key) <= longKey {
		return key
	}
	sum := sha256.Sum256(key)
	return append([]byte{0xFF}, sum[:]...)
}

// withoutNulls is the rows, of n, in which no key is NULL; nil for all. It is in the memory that is lent.
func withoutNulls(memory *[]int32, keys []delta.Column, n int) []int32 {
	var valid delta.Bitmap
	for i := range keys {
		valid = delta.And(valid, keys[i].Valid, n)
	}
	if valid == nil {
		return nil
	}
	sel := (*memory)[:0]
	if sel == nil {
		sel = make([]int32, 0, n) // not nil even if no row is left
	}
	for i := range n {
		if valid.Get(i) {
			sel = append(sel, int32(i))
		}
	}
	*memory = sel
	return sel
}
