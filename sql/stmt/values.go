package stmt

import "tarn/sql/decode"

// CellKind tells what a Cell of VALUES is.
type CellKind uint8

// The kinds of cells. Literals are decoded: Text holds the value without quotes and escapes.
const (
	NullCell CellKind = iota
	BoolCell          // Text is "true" or "false"
	IntCell           // digits, perhaps with a leading minus
	NumericCell       // digits with a point or exponent, perhaps with a leading minus
	StringCell        // of unknown type
	BitsCell          // as decode.Bits
	DefaultCell       // DEFAULT
	ParamCell         // N is the parameter's number
	ExprCell          // N is the index in Values.Exprs
)

// Cell is one value of a row of VALUES.
type Cell struct {
	Text string
	Pos  int32
	N    int32
	Kind CellKind
}

// Values are the rows of INSERT .. VALUES, in row-major order: row i is Cells[i*Width:(i+1)*Width]. Literals are kept as
// text, which shares the statement's memory where it can; everything else is an expression.
type Values struct {
	Width int
	Cells []Cell
	Exprs []decode.Handle
}

// Len is the number of rows.
func (v *Values) Len() int {
	if v.Width == 0 {
		return 0
	}
	return len(v.Cells) / v.Width
}

// Row is row i.
func (v *Values) Row(i int) []Cell { return v.Cells[i*v.Width : (i+1)*v.Width : (i+1)*v.Width] }
