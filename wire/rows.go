package wire

import (
	"encoding/binary"
	"math"
	"strconv"

	"tarn/delta"
	"tarn/engine"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// rowEncoder turns rows of a result into DataRow messages.
type rowEncoder struct {
	env     *types.Env
	columns []columnEncoder
}

type columnEncoder struct {
	typ types.Type
	how encoding
}

// encoding is how a column's values are written: the common text forms have a way of their own.
type encoding uint8

const (
	asText encoding = iota
	asBinary
	asDecimal // text of integers
	asBytes   // text of strings
)

// reset makes the encoder one of a result with these fields, in these formats (see formatOf).
func (e *rowEncoder) reset(fields []engine.Field, formats []int16, env *types.Env) {
	e.env, e.columns = env, e.columns[:0]
	for i := range fields {
		c := columnEncoder{typ: fields[i].Type}
		switch {
		case formatOf(formats, i) == binaryFormat:
			c.how = asBinary
		case c.typ.OID == types.Int8OID || c.typ.OID == types.Int4OID || c.typ.OID == types.Int2OID:
			c.how = asDecimal
		case c.typ.OID == types.TextOID || c.typ.OID == types.VarcharOID:
			c.how = asBytes
		}
		e.columns = append(e.columns, c)
	}
}

// appendRow appends the DataRow of row i of b. The error is a row that is too large for a message.
func (e *rowEncoder) appendRow(dst []byte, b *delta.Batch, i int) ([]byte, error) {
	dst, start := begin(dst, 'D')
	dst = binary.BigEndian.AppendUint16(dst, uint16(len(e.columns)))
	for c := range e.columns {
		col := &b.Cols[c]
		if col.IsNull(i) {
			dst = append(dst, 0xFF, 0xFF, 0xFF, 0xFF)
			continue
		}
		at := len(dst)
		dst = append(dst, 0, 0, 0, 0)
		switch e.columns[c].how {
		case asDecimal:
			dst = strconv.AppendInt(dst, col.Ints[i], 10)
		case asBytes:
			dst = append(dst, col.Bytes(i)...)
		case asBinary:
			dst = types.AppendBinary(dst, e.columns[c].typ, col.Datum(i))
		default:
			dst = types.AppendText(dst, e.columns[c].typ, col.Datum(i), e.env)
		}
		binary.BigEndian.PutUint32(dst[at:], uint32(len(dst)-at-4))
	}
	if len(dst)-start > math.MaxInt32 {
		return dst, sqlstate.New(sqlstate.ProgramLimitExceeded, "row of the result exceeds %d bytes", math.MaxInt32)
	}
	return end(dst, start), nil
}
