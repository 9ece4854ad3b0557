package delta

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"tarn/sql/types"
)

// The columnar encoding of a batch, as the log and append-only relations keep it (little endian):
//
//	uvarint rows | uvarint columns | 1 byte: 1 if counts follow | counts: rows x varint
//	then each column:
//	  1 byte kind | 1 byte: 1 if a validity bitmap follows | bitmap: (rows+63)/64 words of 8 bytes
//	  Bool    rows x 1 byte
//	  Int64   1 byte width w (0, 1, 2, 4, 8) | 8 bytes minimum | rows x w bytes: value - minimum
//	  Float64 rows x 8 bytes
//	  Bytes   rows x uvarint length | uvarint total | data
//
// Integers are stored as their distance from the smallest of the batch in as few bytes as hold it (frame of reference).

// MaxRows is how many rows one encoded batch may have: what bounds the memory a damaged encoding can ask for.
const MaxRows = 1 << 24

// EncodeBatch appends the columnar encoding of b, of at most MaxRows rows, to dst. Columns must not carry errors.
func EncodeBatch(dst []byte, b *Batch) []byte {
	dst = slices.Grow(dst, EncodedBound(b))
	dst = binary.AppendUvarint(dst, uint64(b.Len))
	dst = binary.AppendUvarint(dst, uint64(len(b.Cols)))
	if b.Counts == nil {
		dst = append(dst, 0)
	} else {
		dst = append(dst, 1)
		for _, c := range b.Counts[:b.Len] {
			dst = binary.AppendVarint(dst, c)
		}
	}
	for i := range b.Cols {
		dst = encodeColumn(dst, &b.Cols[i], b.Len)
	}
	return dst
}

// EncodedBound is how many bytes the encoding of b takes at most, give or take values and counts of unusual size: room got
// once costs less than growing. It looks at no row.
func EncodedBound(b *Batch) int {
	n := 32
	if b.Counts != nil {
		n += 2 * b.Len
	}
	for i := range b.Cols {
		c := &b.Cols[i]
		n += 32 + len(c.Valid)*8
		switch c.Kind {
		case types.Bool:
			n += b.Len
		case types.Bytes:
			n += 2 * b.Len
			if b.Len > 0 {
				n += int(c.Offsets[b.Len] - c.Offsets[0])
			}
		default:
			n += 8 * b.Len
		}
	}
	return n
}

func encodeColumn(dst []byte, c *Column, n int) []byte {
	dst = append(dst, byte(c.Kind))
	if c.Valid == nil {
		dst = append(dst, 0)
	} else {
		dst = append(dst, 1)
		for _, w := range c.Valid[:(n+63)>>6] {
			dst = binary.LittleEndian.AppendUint64(dst, w)
		}
	}
	switch c.Kind {
	case types.Bool:
		for _, v := range c.Bools[:n] {
			if v {
				dst = append(dst, 1)
			} else {
				dst = append(dst, 0)
			}
		}
	case types.Int64:
		dst = encodeInts(dst, c.Ints[:n])
	case types.Float64:
		for _, v := range c.Floats[:n] {
			dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(v))
		}
	case types.Bytes:
		if n == 0 {
			return binary.AppendUvarint(dst, 0)
		}
		dst = encodeLengths(dst, c.Offsets[:n+1])
		data := c.Data[c.Offsets[0]:c.Offsets[n]]
		dst = binary.AppendUvarint(dst, uint64(len(data)))
		dst = append(dst, data...)
	}
	return dst
}

// encodeLengths appends the lengths of the values between offsets, of which there is one at least.
func encodeLengths(dst []byte, offsets []uint32) []byte {
	at, n := len(dst), len(offsets)-1
	dst = slices.Grow(dst, n)[:at+n]
	// Nearly always all of them fit into a byte.
	from, all := offsets[0], uint32(0)
	out := dst[at:]
	for i, to := range offsets[1:][:len(out)] {
		out[i] = byte(to - from)
		all |= to - from
		from = to
	}
	if all < 0x80 {
		return dst
	}
	dst, from = dst[:at], offsets[0]
	for _, to := range offsets[1:] {
		dst = binary.AppendUvarint(dst, uint64(to-from))
		from = to
	}
	return dst
}

func bounds(v []int64) (lo, hi int64) {
	if len(v) == 0 {
		return 0, 0
	}
	// Four at a time, in two chains that need not wait for each other.
	lo, hi = v[0], v[0]
	lo2, hi2 := lo, hi
	for ; len(v) >= 4; v = v[4:] {
		x := (*[4]int64)(v)
		lo, hi = min(lo, x[0], x[1]), max(hi, x[0], x[1])
		lo2, hi2 = min(lo2, x[2], x[3]), max(hi2, x[2], x[3])
	}
	for _, x := range v {
		lo, hi = min(lo, x), max(hi, x)
	}
	return min(lo, lo2), max(hi, hi2)
}

// width is the bytes that hold the distance of the largest of some integers from the smallest.
func width(lo, hi int64) int {
	switch span := uint64(hi) - uint64(lo); {
	case span == 0:
		return 0
	case span < 1<<8:
		return 1
	case span < 1<<16:
		return 2
	case span < 1<<32:
		return 4
	}
	return 8
}

func encodeInts(dst []byte, v []int64) []byte {
	lo, hi := bounds(v)
	w := width(lo, hi)
	dst = append(dst, byte(w))
	dst = binary.LittleEndian.AppendUint64(dst, uint64(lo))
	at := len(dst)
	dst = slices.Grow(dst, w*len(v))[:at+w*len(v)]
	out := dst[at:]
	switch w {
	case 1:
		for i, x := range v[:len(out)] {
			out[i] = byte(x - lo)
		}
	case 2:
		for ; len(v) > 0 && len(out) >= 2; v, out = v[1:], out[2:] {
			binary.LittleEndian.PutUint16(out, uint16(v[0]-lo))
		}
	case 4:
		for ; len(v) >= 2 && len(out) >= 8; v, out = v[2:], out[8:] {
			binary.LittleEndian.PutUint64(out, uint64(v[0]-lo)|uint64(v[1]-lo)<<32)
		}
		for ; len(v) > 0 && len(out) >= 4; v, out = v[1:], out[4:] {
			binary.LittleEndian.PutUint32(out, uint32(v[0]-lo))
		}
	case 8:
		for ; len(v) > 0 && len(out) >= 8; v, out = v[1:], out[8:] {
			binary.LittleEndian.PutUint64(out, uint64(v[0]-lo))
		}
	}
	return dst
}

// DecodeBatch reads a batch written by EncodeBatch. The result shares no memory with enc, except the data of Bytes columns,
// so enc must not be changed afterwards. Bytes that are no batch are an error, never a panic: they came from disk.
func DecodeBatch(enc []byte) (*Batch, error) {
	d := decoder{rest: enc}
	n, columns := d.count(MaxRows), d.count(1<<12)
	b := &Batch{Len: n, Cols: make([]Column, 0, columns)}
	if d.byte() == 1 {
		if n > len(d.rest) {
			return nil, errBatch
		}
		b.Counts = make([]int64, n)
		for i := range b.Counts {
			b.Counts[i] = d.varint()
		}
	}
	for i := 0; i < columns && !d.failed; i++ {
		b.Cols = append(b.Cols, d.column(n))
	}
	if d.failed || len(d.rest) != 0 {
		return nil, errBatch
	}
	return b, nil
}

var errBatch = fmt.Errorf("batch encoding is damaged")

type decoder struct {
	rest   []byte
	failed bool
}

func (d *decoder) take(n int) []byte {
	if n < 0 || n > len(d.rest) {
		d.failed = true
		d.rest = nil
		return nil
	}
	out := d.rest[:n:n]
	d.rest = d.rest[n:]
	return out
}

func (d *decoder) byte() byte {
	if b := d.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (d *decoder) uvarint() uint64 {
	v, w := binary.Uvarint(d.rest)
	if w <= 0 {
		d.take(-1)
		return 0
	}
	d.rest = d.rest[w:]
	return v
}

func (d *decoder) varint() int64 {
	v, w := binary.Varint(d.rest)
	if w <= 0 {
		d.take(-1)
		return 0
	}
	d.rest = d.rest[w:]
	return v
}

func (d *decoder) count(limit int) int {
	v := d.uvarint()
	if v > uint64(limit) {
		d.take(-1)
		return 0
	}
	return int(v)
}

func (d *decoder) column(n int) Column {
	c := Column{Kind: types.Kind(d.byte()), n: n}
	if d.byte() == 1 {
		words := d.take((n + 63) >> 6 * 8)
		c.Valid = make(Bitmap, len(words)/8)
		for i := range c.Valid {
			c.Valid[i] = binary.LittleEndian.Uint64(words[i*8:])
		}
	}
	switch c.Kind {
	case types.Bool:
		raw := d.take(n)
		c.Bools = make([]bool, len(raw))
		for i, v := range raw {
			c.Bools[i] = v != 0
		}
	case types.Int64:
		c.Ints = d.ints(n)
	case types.Float64:
		raw := d.take(n * 8)
		c.Floats = make([]float64, len(raw)/8)
		for i := range c.Floats {
			c.Floats[i] = math.Float64frombits(binary.LittleEndian.Uint64(raw[i*8:]))
		}
	case types.Bytes:
		if n > len(d.rest) {
			d.take(-1)
			return c
		}
		c.Offsets = make([]uint32, n+1)
		var at uint64
		for i := 0; i < n; i++ {
			at += d.uvarint()
			if at > math.MaxUint32 {
				d.take(-1)
				return c
			}
			c.Offsets[i+1] = uint32(at)
		}
		if total := d.uvarint(); total != at {
			d.take(-1)
			return c
		}
		c.Data = d.take(int(at))
	default:
		d.take(-1)
	}
	return c
}

func (d *decoder) ints(n int) []int64 {
	width := int(d.byte())
	head := d.take(8)
	if head == nil {
		return nil
	}
	lo := binary.LittleEndian.Uint64(head)
	raw := d.take(n * width)
	if d.failed {
		return nil
	}
	out := make([]int64, n)
	switch width {
	case 0:
		for i := range out {
			out[i] = int64(lo)
		}
	case 1:
		for i, v := range raw {
			out[i] = int64(lo + uint64(v))
		}
	case 2:
		for i := range out {
			out[i] = int64(lo + uint64(binary.LittleEndian.Uint16(raw[i*2:])))
		}
	case 4:
		for i := range out {
			out[i] = int64(lo + uint64(binary.LittleEndian.Uint32(raw[i*4:])))
		}
	case 8:
		for i := range out {
			out[i] = int64(lo + binary.LittleEndian.Uint64(raw[i*8:]))
		}
	default:
		d.take(-1)
	}
	return out
}
