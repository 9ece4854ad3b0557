package stmt

import (
	"strconv"

	"tarn/sql/decode"
	"tarn/sql/lex"
	"tarn/sql/sqlstate"
)

// CellKind tells what a Cell of VALUES is.
type CellKind uint8

// The kinds of cells. Literals are decoded: Text holds the value without quotes and escapes.
const (
	NullCell    CellKind = iota
	BoolCell             // Text is "true" or "false"
	IntCell              // digits, perhaps with a leading minus
	NumericCell          // digits with a point or exponent, perhaps with a leading minus
	StringCell           // of unknown type
	BitsCell             // as decode.Bits
	DefaultCell          // DEFAULT
	ParamCell            // N is the parameter's number
	ExprCell             // N is the index in Values.Exprs
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

// values takes VALUES and its rows without the bridge: literals are kept as they are, only what is more becomes an
// expression. It returns nil, with nothing taken, if the VALUES turns out to be part of a larger query.
func (p *parser) values() *Values {
	start := p.Start()
	p.Next()
	v := &Values{}
	for {
		p.Expect('(')
		first := p.Start()
		n := len(v.Cells)
		for {
			v.Cells = append(v.Cells, p.cell(v))
			if !p.Accept(',') {
				break
			}
		}
		p.Expect(')')
		p.Trim()
		switch width := len(v.Cells) - n; {
		case n == 0:
			v.Width = width
		case width != v.Width:
			p.FailLater(sqlstate.SyntaxError, first, "VALUES lists must all be the same length")
		}
		if p.Kind() != ',' {
			break
		}
		p.Next()
	}
	switch p.Kind() {
	case lex.UNION, lex.INTERSECT, lex.EXCEPT, lex.ORDER, lex.LIMIT, lex.OFFSET, lex.FETCH, lex.FOR:
		p.Seek(start)
		return nil
	}
	return v
}

// cell takes one value of a row.
func (p *parser) cell(v *Values) Cell {
	t := *p.Peek(0)
	c := Cell{Text: t.Text, Pos: int32(p.Position(int(t.Start)))}
	last := 0 // the cell's last token, if it is a literal
	switch t.Kind {
	case lex.NULL:
		c.Kind, c.Text = NullCell, ""
	case lex.TRUE, lex.FALSE:
		c.Kind = BoolCell
	case lex.Integer:
		c.Kind = IntCell
	case lex.Numeric:
		c.Kind = NumericCell
	case lex.String:
		c.Kind = StringCell
	case lex.Bits:
		c.Kind = BitsCell
	case lex.DEFAULT:
		c.Kind, c.Text = DefaultCell, ""
	case lex.Param:
		c.Kind = ParamCell
	case '-':
		n := p.Peek(1)
		last = 1
		switch {
		case n.Kind == lex.Integer:
			c.Kind = IntCell
		case n.Kind == lex.Numeric:
			c.Kind = NumericCell
		default:
			return p.exprCell(v, c)
		}
		if n.Start == t.End {
			c.Text = p.Text[t.Start:n.End]
		} else {
			c.Text = "-" + n.Text
		}
	default:
		return p.exprCell(v, c)
	}
	if k := p.Peek(last + 1).Kind; k != ',' && k != ')' || t.National {
		return p.exprCell(v, c)
	}
	if c.Kind == ParamCell {
		n, err := strconv.Atoi(t.Text)
		if err != nil || n < 1 || n > maxParams {
			return p.exprCell(v, c)
		}
		p.NoteParam(n)
		c.Text, c.N = "", int32(n)
	}
	for range last + 1 {
		p.Next()
	}
	return c
}

// maxParams is how many parameters the protocol can carry.
const maxParams = 65535

func (p *parser) exprCell(v *Values, c Cell) Cell {
	c.Kind, c.Text, c.N = ExprCell, "", int32(len(v.Exprs))
	v.Exprs = append(v.Exprs, p.expr())
	return c
}
