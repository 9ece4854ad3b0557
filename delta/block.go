package delta

import (
	"encoding/binary"
	"math"
	"slices"

	"tarn/sql/types"
)

// A block is rows of some columns one after the other, none of them ever taken back, in a form that is small where they are
// alike. Of each row:
//
//	head        uvarint: 0 for a row of count 1 without NULLs, else 2·(count-1), + 1 if NULL bits follow
//	NULL bits   only if the head is odd: one per column, (n+7)/8 bytes, set = NULL
//	values      for each column that is not NULL, in order:
//	              Bool     1 byte
//	              Int64    zigzag varint of the difference to that column in the first row (there, and if it is NULL there, to 0)
//	              Float64  8 bytes, IEEE 754 bits, little endian
//	              Bytes    uvarint length, then the bytes
//
// Differences wrap around, so every value has one. A block does not know its columns; whoever keeps it does.

// BlockWriter appends rows of a batch to a block. It may be used again and again.
type BlockWriter struct {
	base  []int64 // of the first row, by column
	empty bool    // no row is in the block yet
	plain bool    // all columns are integers without NULLs, all counts are 1
	cols  []*Column
	batch *Batch
}

// Start has the writer continue a block, which may be empty, with rows of some columns of a batch.
func (w *BlockWriter) Start(block []byte, b *Batch, cols []int) error {
	w.batch, w.cols, w.base = b, w.cols[:0], w.base[:0]
	w.plain = b.Counts == nil
	for _, c := range cols {
		w.cols = append(w.cols, &b.Cols[c])
		w.base = append(w.base, 0)
		w.plain = w.plain && b.Cols[c].Kind == types.Int64 && b.Cols[c].Valid == nil
	}
	if w.empty = len(block) == 0; w.empty {
		return nil
	}
	r := blockReader{rest: block}
	nulls := r.head(len(w.cols))
	for j, c := range w.cols {
		if nulls != nil && nulls[j>>3]>>(j&7)&1 != 0 {
			continue
		}
		switch c.Kind {
		case types.Bool:
			r.take(1)
		case types.Int64:
			w.base[j] = r.varint()
		case types.Float64:
			r.take(8)
		default:
			r.take(int(min(r.uvarint(), math.MaxInt32)))
		}
	}
	if r.short {
		return errShortRow
	}
	return nil
}

// Next has the writer go on with an empty block.
func (w *BlockWriter) Next() {
	w.empty = true
	clear(w.base)
}

// Append appends row i of the batch, whose count is above zero, to dst, the block or the end of it.
func (w *BlockWriter) Append(dst []byte, i int) []byte {
	head := uint64(w.batch.Count(i)-1) << 1
	var nulls int
	for j := range w.cols {
		if w.cols[j].IsNull(i) {
			head |= 1
			break
		}
	}
	if head == 0 {
		dst = append(dst, 0)
	} else {
		dst = binary.AppendUvarint(dst, head)
		nulls = len(dst)
		if head&1 != 0 {
			for n := (len(w.cols) + 7) >> 3; n > 0; n-- {
				dst = append(dst, 0)
			}
		}
	}
	for j, c := range w.cols {
		if head&1 != 0 && c.IsNull(i) {
			dst[nulls+j>>3] |= 1 << (j & 7)
			continue
		}
		switch c.Kind {
		case types.Bool:
			v := byte(0)
			if c.Bools[i] {
				v = 1
			}
			dst = append(dst, v)
		case types.Int64:
			v := c.Ints[i]
			dst = appendVarint(dst, v-w.base[j])
			if w.empty {
				w.base[j] = v
			}
		case types.Float64:
			dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(c.Floats[i]))
		default:
			v := c.Data[c.Offsets[i]:c.Offsets[i+1]]
			dst = binary.AppendUvarint(dst, uint64(len(v)))
			dst = append(dst, v...)
		}
	}
	w.empty = false
	return dst
}

// AppendMany appends rows of the batch as Append does, until the block, of which dst is the end and before bytes come before it,
// has limit bytes or more, and returns how many. It takes none where each needs a look of its own: the first row of a block, and
// those of batches that have NULLs, counts or other kinds than integers.
func (w *BlockWriter) AppendMany(dst []byte, rows []int32, before, limit int) ([]byte, int) {
	if !w.plain || w.empty {
		return dst, 0
	}
	longest := 1 + binary.MaxVarintLen64*len(w.cols)
	for n, i := range rows {
		at := len(dst)
		if before+at >= limit {
			return dst, n
		}
		if cap(dst)-at < longest {
			dst = slices.Grow(dst, max(longest, limit))
		}
		row := dst[at:cap(dst)]
		row[0] = 0
		size := 1
		for j, c := range w.cols {
			v := c.Ints[i] - w.base[j]
			u := uint64(v<<1) ^ uint64(v>>63)
			for u >= 0x80 {
				row[size] = byte(u) | 0x80
				u >>= 7
				size++
			}
			row[size] = byte(u)
			size++
		}
		dst = dst[:at+size]
	}
	return dst, len(rows)
}

// appendVarint is binary.AppendVarint, written such that small numbers cost little.
func appendVarint(dst []byte, v int64) []byte {
	u := uint64(v<<1) ^ uint64(v>>63)
	for u >= 0x80 {
		dst = append(dst, byte(u)|0x80)
		u >>= 7
	}
	return append(dst, byte(u))
}

// AppendBlock appends the rows of a block to those of cols whose numbers are in kept, and their counts to counts. A block
// that ends early is an error: the bytes came from disk.
func AppendBlock(cols []Column, kept []int, block []byte, counts []int64) ([]int64, error) {
	var buf [16]int64
	base := buf[:0]
	for range kept {
		base = append(base, 0)
	}
	r := blockReader{rest: block}
	for first := true; len(r.rest) > 0; first = false {
		nulls := r.head(len(kept))
		for j, k := range kept {
			c := &cols[k]
			if nulls != nil && nulls[j>>3]>>(j&7)&1 != 0 {
				c.AppendNull()
				continue
			}
			switch c.Kind {
			case types.Bool:
				b := r.take(1)
				c.AppendBool(len(b) > 0 && b[0] != 0)
			case types.Int64:
				v := r.varint() + base[j]
				if first {
					base[j] = v
				}
				c.AppendInt(v)
			case types.Float64:
				if b := r.take(8); b != nil {
					c.AppendFloat(math.Float64frombits(binary.LittleEndian.Uint64(b)))
				}
			default:
				c.AppendBytes(r.take(int(min(r.uvarint(), math.MaxInt32))))
			}
		}
		if r.short {
			return counts, errShortRow
		}
		counts = append(counts, r.count)
	}
	return counts, nil
}

// blockReader takes a block apart. Beyond its end it reads zeros and is short.
type blockReader struct {
	rest  []byte
	count int64 // of the row whose head was read last
	short bool
}

// head reads the head of a row of so many columns and returns its NULL bits, nil for none.
func (r *blockReader) head(cols int) (nulls []byte) {
	r.count = 1
	if len(r.rest) > 0 && r.rest[0] == 0 {
		r.rest = r.rest[1:]
		return nil
	}
	h := r.uvarint()
	r.count = int64(h>>1) + 1
	if h&1 == 0 {
		return nil
	}
	return r.take((cols + 7) >> 3)
}

func (r *blockReader) take(n int) []byte {
	if n > len(r.rest) {
		r.rest, r.short = nil, true
		return nil
	}
	b := r.rest[:n:n]
	r.rest = r.rest[n:]
	return b
}

func (r *blockReader) uvarint() uint64 {
	var v uint64
	for i, b := range r.rest {
		if i == binary.MaxVarintLen64 {
			break
		}
		v |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			r.rest = r.rest[i+1:]
			return v
		}
	}
	r.rest, r.short = nil, true
	return 0
}

func (r *blockReader) varint() int64 {
	u := r.uvarint()
	return int64(u>>1) ^ -int64(u&1)
}
