package functions

import (
	"errors"
	"unsafe"

	"tarn/delta"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// Row is one row of a call. A strict function never sees one with a NULL argument.
type Row struct {
	Ctx  *Context
	Args []delta.Column
	I    int
}

// errNull is what a body returns to give NULL.
var errNull = errors.New("null")

func (r *Row) Int(k int) int64     { return r.Args[k].Ints[r.I] }
func (r *Row) Float(k int) float64 { return r.Args[k].Floats[r.I] }
func (r *Row) Bool(k int) bool     { return r.Args[k].Bools[r.I] }
func (r *Row) Bytes(k int) []byte  { return r.Args[k].Bytes(r.I) }
func (r *Row) Null(k int) bool     { return r.Args[k].IsNull(r.I) }

// Text is a Bytes argument as a string that aliases the column: valid during the call only.
func (r *Row) Text(k int) string {
	b := r.Args[k].Bytes(r.I)
	return unsafe.String(unsafe.SliceData(b), len(b))
}

// ints, floats, bools and blobs make a kernel of a strict body of one row. A body of blobs appends its value to dst.
func ints(f func(r *Row) (int64, error)) Kernel     { return fixed(delta.IntColumn, f, true) }
func floats(f func(r *Row) (float64, error)) Kernel { return fixed(delta.FloatColumn, f, true) }
func bools(f func(r *Row) (bool, error)) Kernel     { return fixed(delta.BoolColumn, f, true) }
func blobs(f func(r *Row, dst []byte) ([]byte, error)) Kernel {
	return varying(f, true)
}

// nullInts and the like make the kernel of a function with NullCall.
func nullInts(f func(r *Row) (int64, error)) Kernel { return fixed(delta.IntColumn, f, false) }
func nullBools(f func(r *Row) (bool, error)) Kernel { return fixed(delta.BoolColumn, f, false) }
func nullBlobs(f func(r *Row, dst []byte) ([]byte, error)) Kernel {
	return varying(f, false)
}

func fixed[T int64 | float64 | bool](wrap func([]T, delta.Bitmap) delta.Column, f func(r *Row) (T, error), strict bool) Kernel {
	return func(ctx *Context, args []delta.Column, n int) delta.Column {
		values := make([]T, n)
		out := wrap(values, nil)
		valid := strictRows(args, n, strict)
		row := Row{Ctx: ctx, Args: args}
		for i := range values {
			if valid != nil && !valid.Get(i) {
				continue
			}
			row.I = i
			v, err := f(&row)
			if err != nil {
				reject(&out, i, n, err)
				continue
			}
			values[i] = v
		}
		return out
	}
}

func varying(f func(r *Row, dst []byte) ([]byte, error), strict bool) Kernel {
	return func(ctx *Context, args []delta.Column, n int) delta.Column {
		out := delta.NewColumn(types.Bytes, n)
		valid := strictRows(args, n, strict)
		row := Row{Ctx: ctx, Args: args}
		for i := 0; i < n; i++ {
			if valid != nil && !valid.Get(i) {
				out.AppendNull()
				continue
			}
			row.I = i
			at := len(out.Data)
			data, err := f(&row, out.Data)
			if err == nil {
				err = ctx.fitsBatch(data, at)
			}
			if err != nil {
				out.Data = out.Data[:at]
				out.AppendNull()
				if err != errNull {
					out.Fail(i, sqlstate.From(err))
				}
				if err == error(ErrLargeBatch) { // nobody wants the rest
					for i++; i < n; i++ {
						out.AppendNull()
						out.Fail(i, ErrLargeBatch)
					}
				}
				continue
			}
			out.Data = data
			out.EndBytes()
		}
		return out
	}
}

// strictRows is the rows without a NULL argument, nil for all.
func strictRows(args []delta.Column, n int, strict bool) delta.Bitmap {
	var valid delta.Bitmap
	if strict {
		for i := range args {
			valid = delta.And(valid, args[i].Valid, n)
		}
	}
	return valid
}

// reject gives row i of a column of n rows the error, or NULL for errNull.
func reject(out *delta.Column, i, n int, err error) {
	if err != errNull {
		out.Fail(i, sqlstate.From(err))
		return
	}
	if out.Valid == nil {
		out.Valid = delta.FullBitmap(n)
	}
	out.Valid.Clear(i)
}

// binaryBlobs is the kernel of a function of two Bytes arguments that appends its result.
func binaryBlobs(f func(dst, a, b []byte) ([]byte, error)) Kernel {
	return func(ctx *Context, args []delta.Column, n int) delta.Column {
		l, r := &args[0], &args[1]
		valid := strictRows(args, n, true)
		data := make([]byte, 0, 10*n)
		offsets := make([]uint32, n+1)
		out := delta.BytesColumn(offsets, nil, nil)
		for i := 0; i < n; i++ {
			if valid == nil || valid.Get(i) {
				grown, err := f(data, l.Data[l.Offsets[i]:l.Offsets[i+1]], r.Data[r.Offsets[i]:r.Offsets[i+1]])
				if err == nil {
					err = ctx.fitsBatch(grown, len(data))
				}
				if err != nil {
					reject(&out, i, n, err)
				} else {
					data = grown
				}
			}
			offsets[i+1] = uint32(len(data))
		}
		out.Data = data
		return out
	}
}

// unaryBlobs is the kernel of a function of one Bytes argument that appends its result.
func unaryBlobs(f func(dst, a []byte) ([]byte, error)) Kernel {
	return blobs(func(r *Row, dst []byte) ([]byte, error) { return f(dst, r.Bytes(0)) })
}
