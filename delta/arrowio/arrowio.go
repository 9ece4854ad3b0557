// Package arrowio takes batches across the border to Apache Arrow: COPY ... TO STDOUT (FORMAT arrow) writes a result as an Arrow
// IPC stream, which pandas, Polars, DuckDB and the like read as they are.
//
// Inside, a batch is in Arrow's layout with narrow types widened (package delta); here every type gets the Arrow type its
// readers expect:
//
//	boolean                    bool                 date         date32
//	smallint integer bigint    int16 int32 int64    time         time64[us]
//	oid and its like           int64                timestamp    timestamp[us]
//	real, double precision     float32, float64     timestamptz  timestamp[us, tz=UTC]
//	text, varchar, char, name  string               interval     month_day_nano_interval
//	json, jsonb                string               uuid         fixed_size_binary[16]
//	bytea                      binary               numeric      string, as PostgreSQL prints it: exact
//
// Arrays and other types are strings in PostgreSQL's text form. An infinite date or timestamp is the smallest or largest value of
// its Arrow type.
package arrowio

import (
	"io"
	"math"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/bitutil"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"tarn/delta"
	"tarn/sql/types"
)

// Field is a column of the stream.
type Field struct {
	Name string
	Type types.Type
}

// Writer writes batches as an Arrow IPC stream.
type Writer struct {
	fields []Field
	schema *arrow.Schema
	ipc    *ipc.Writer
	env    *types.Env
}

// NewWriter writes the schema of the stream to w.
func NewWriter(w io.Writer, fields []Field, env *types.Env) *Writer {
	out := make([]arrow.Field, len(fields))
	for i, f := range fields {
		out[i] = arrow.Field{Name: f.Name, Type: typeOf(f.Type), Nullable: true}
	}
	schema := arrow.NewSchema(out, nil)
	return &Writer{fields, schema, ipc.NewWriter(w, ipc.WithSchema(schema)), env}
}

// Write writes the rows of a batch, whose counts must all be one.
func (w *Writer) Write(b *delta.Batch) error {
	record := Record(w.schema, w.fields, b, w.env)
	defer record.Release()
	return w.ipc.Write(record)
}

// Close ends the stream.
func (w *Writer) Close() error { return w.ipc.Close() }

// typeOf is the Arrow type of an SQL type.
func typeOf(t types.Type) arrow.DataType {
	switch t.OID {
	case types.BoolOID:
		return arrow.FixedWidthTypes.Boolean
	case types.Int2OID:
		return arrow.PrimitiveTypes.Int16
	case types.Int4OID:
		return arrow.PrimitiveTypes.Int32
	case types.Float4OID:
		return arrow.PrimitiveTypes.Float32
	case types.Float8OID:
		return arrow.PrimitiveTypes.Float64
	case types.ByteaOID:
		return arrow.BinaryTypes.Binary
	case types.DateOID:
		return arrow.FixedWidthTypes.Date32
	case types.TimeOID:
		return arrow.FixedWidthTypes.Time64us
	case types.TimestampOID:
		return &arrow.TimestampType{Unit: arrow.Microsecond}
	case types.TimestamptzOID:
		return &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}
	case types.IntervalOID:
		return arrow.FixedWidthTypes.MonthDayNanoInterval
	case types.UUIDOID:
		return &arrow.FixedSizeBinaryType{ByteWidth: 16}
	}
	if t.Kind() == types.Int64 {
		return arrow.PrimitiveTypes.Int64
	}
	return arrow.BinaryTypes.String
}

// Record is a batch as an Arrow record. The caller releases it.
func Record(schema *arrow.Schema, fields []Field, b *delta.Batch, env *types.Env) arrow.RecordBatch {
	columns := make([]arrow.Array, len(fields))
	for i, f := range fields {
		columns[i] = column(f.Type, &b.Cols[i], b.Len, env)
	}
	defer func() {
		for _, c := range columns {
			c.Release()
		}
	}()
	return array.NewRecordBatch(schema, columns, int64(b.Len))
}

func column(t types.Type, c *delta.Column, n int, env *types.Env) arrow.Array {
	switch t.OID {
	case types.Int2OID:
		return fixed(t, c, narrow(c.Ints[:n], func(v int64) int16 { return int16(v) }))
	case types.Int4OID:
		return fixed(t, c, narrow(c.Ints[:n], func(v int64) int32 { return int32(v) }))
	case types.DateOID:
		return fixed(t, c, narrow(c.Ints[:n], unixDays))
	case types.TimestampOID, types.TimestamptzOID:
		return fixed(t, c, narrow(c.Ints[:n], unixMicros))
	case types.Float4OID:
		return fixed(t, c, narrow(c.Floats[:n], func(v float64) float32 { return float32(v) }))
	case types.Float8OID:
		return fixed(t, c, c.Floats[:n])
	case types.BoolOID:
		return booleans(c, n)
	case types.UUIDOID:
		return uuids(t, c, n)
	case types.IntervalOID:
		return intervals(c, n)
	case types.TextOID, types.VarcharOID, types.BpcharOID, types.NameOID, types.JSONBOID, types.JSONOID, types.ByteaOID:
		return strings(t, c, n)
	}
	if t.Kind() == types.Int64 {
		return fixed(t, c, c.Ints[:n])
	}
	return printed(t, c, n, env)
}

// Days and microseconds from 1970-01-01 to 2000-01-01.
const (
	days   = 10957
	micros = days * 86_400_000_000
)

func unixDays(v int64) int32 {
	switch v {
	case math.MinInt64:
		return math.MinInt32
	case math.MaxInt64:
		return math.MaxInt32
	}
	return int32(v + days)
}

func unixMicros(v int64) int64 {
	if v == math.MinInt64 || v >= math.MaxInt64-micros {
		return v
	}
	return v + micros
}

func narrow[A, B any](v []A, f func(A) B) []B {
	out := make([]B, len(v))
	for i := range v {
		out[i] = f(v[i])
	}
	return out
}

// validity is a column's bitmap as Arrow has it, and the number of NULLs.
func validity(c *delta.Column, n int) (*memory.Buffer, int) {
	if c.Valid == nil {
		return nil, 0
	}
	return memory.NewBufferBytes(arrow.Uint64Traits.CastToBytes(c.Valid)), n - c.Valid.Count(n)
}

// fixed wraps values of fixed width without copying them.
func fixed[T arrow.FixedWidthType | int64 | int32 | int16 | float64 | float32](t types.Type, c *delta.Column, v []T) arrow.Array {
	valid, nulls := validity(c, len(v))
	data := array.NewData(typeOf(t), len(v), []*memory.Buffer{valid, memory.NewBufferBytes(arrow.GetBytes(v))}, nil, nulls, 0)
	defer data.Release()
	return array.MakeFromData(data)
}

func booleans(c *delta.Column, n int) arrow.Array {
	bits := make([]byte, (n+7)/8)
	for i, v := range c.Bools[:n] {
		bitutil.SetBitTo(bits, i, v)
	}
	valid, nulls := validity(c, n)
	data := array.NewData(arrow.FixedWidthTypes.Boolean, n, []*memory.Buffer{valid, memory.NewBufferBytes(bits)}, nil, nulls, 0)
	defer data.Release()
	return array.MakeFromData(data)
}

// strings wraps text and bytea without copying them.
func strings(t types.Type, c *delta.Column, n int) arrow.Array {
	if n == 0 {
		return array.MakeArrayOfNull(memory.DefaultAllocator, typeOf(t), 0)
	}
	valid, nulls := validity(c, n)
	offsets := memory.NewBufferBytes(arrow.Uint32Traits.CastToBytes(c.Offsets[:n+1]))
	data := array.NewData(typeOf(t), n, []*memory.Buffer{valid, offsets, memory.NewBufferBytes(c.Data)}, nil, nulls, 0)
	defer data.Release()
	return array.MakeFromData(data)
}

func uuids(t types.Type, c *delta.Column, n int) arrow.Array {
	b := array.NewFixedSizeBinaryBuilder(memory.DefaultAllocator, typeOf(t).(*arrow.FixedSizeBinaryType))
	defer b.Release()
	for i := 0; i < n; i++ {
		if c.IsNull(i) {
			b.AppendNull()
		} else {
			b.Append(c.Bytes(i))
		}
	}
	return b.NewArray()
}

func intervals(c *delta.Column, n int) arrow.Array {
	b := array.NewMonthDayNanoIntervalBuilder(memory.DefaultAllocator)
	defer b.Release()
	for i := 0; i < n; i++ {
		if c.IsNull(i) {
			b.AppendNull()
			continue
		}
		m, d, us := types.IntervalParts(c.Bytes(i))
		b.Append(arrow.MonthDayNanoInterval{Months: m, Days: d, Nanoseconds: us * 1000})
	}
	return b.NewArray()
}

// printed is everything else in its text form.
func printed(t types.Type, c *delta.Column, n int, env *types.Env) arrow.Array {
	b := array.NewStringBuilder(memory.DefaultAllocator)
	defer b.Release()
	var text []byte
	for i := 0; i < n; i++ {
		if c.IsNull(i) {
			b.AppendNull()
			continue
		}
		text = types.AppendText(text[:0], t, c.Datum(i), env)
		b.Append(string(text))
	}
	return b.NewArray()
}
