package exec

import (
	"tarn/delta"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// ErrorTypes is the schema of batches of errors: code, message, detail, hint, where, table, column, constraint.
var ErrorTypes = []types.Type{
	types.Of(types.TextOID), types.Of(types.TextOID), types.Of(types.TextOID), types.Of(types.TextOID),
	types.Of(types.TextOID), types.Of(types.TextOID), types.Of(types.TextOID), types.Of(types.TextOID),
}

// AppendError appends an error with a count to a batch of ErrorTypes. A position is not kept: the statement it points
// into is gone when the error is read.
func AppendError(b *delta.Batch, e *sqlstate.Error, count int64) {
	for i, s := range [...]string{string(e.Code), e.Message, e.Detail, e.Hint, e.Where, e.Table, e.Column, e.Constraint} {
		b.Cols[i].AppendString(s)
	}
	b.AppendCount(count)
}

// ErrorAt is the error in row i of a batch of ErrorTypes.
func ErrorAt(b *delta.Batch, i int) *sqlstate.Error {
	s := func(c int) string { return string(b.Cols[c].Bytes(i)) }
	return &sqlstate.Error{
		Code: sqlstate.Code(s(0)), Message: s(1), Detail: s(2), Hint: s(3),
		Where: s(4), Table: s(5), Column: s(6), Constraint: s(7),
	}
}
