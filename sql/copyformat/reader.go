package copyformat

import (
	"fmt"
	"io"
	"unicode/utf8"

	"tarn/delta"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

const (
	firstRows     = 64      // room of the first batch, which may be all there is
	maxBatchBytes = 8 << 20 // a batch ends early once its lines have this size
	maxShown      = 100     // bytes of data quoted in a context
)

// Reader reads the rows of COPY FROM.
type Reader struct {
	relation string
	header   Header
	columns  []readColumn
	schema   []types.Type
	env      *types.Env
	lines    lines
	splitter fieldSplitter
	rows     []rowSource // of the batch last returned
	capacity int         // rows the next batch has room for
	datum    types.Datum
}

type readColumn struct {
	Column
	plainText    bool // the field is the value
	forceNull    bool
	forceNotNull bool
}

// rowSource is where a row was read: its line number, and its bytes in lines.buf.
type rowSource struct{ number, from, to int }

// NewReader reads rows of columns, in their order, from r. env is what text forms depend on. Errors: 42P10, a column named
// in a FORCE option that is not copied.
func NewReader(r io.Reader, o Options, columns []Column, env *types.Env) (*Reader, error) {
	forceNull, err := flags(columns, o.ForceNull, "FORCE_NULL")
	if err != nil {
		return nil, err
	}
	forceNotNull, err := flags(columns, o.ForceNotNull, "FORCE_NOT_NULL")
	if err != nil {
		return nil, err
	}
	csv := o.Format == CSV
	rd := &Reader{
		relation: o.Relation,
		header:   o.Header,
		env:      env,
		capacity: firstRows,
		lines:    lines{source: r, most: maxLine, csv: csv, quote: o.Quote, escape: o.Escape},
		splitter: fieldSplitter{csv: csv, delimiter: o.Delimiter, quote: o.Quote, escape: o.Escape, null: []byte(o.Null)},
	}
	if o.MaxLine > 0 {
		rd.lines.most = min(o.MaxLine, maxLine)
	}
	if o.Escape == o.Quote {
		rd.lines.escape = 0
	}
	for i, c := range columns {
		rd.schema = append(rd.schema, c.Type)
		rd.columns = append(rd.columns, readColumn{
			Column:       c,
			plainText:    c.Type.OID == types.TextOID || c.Type.OID == types.VarcharOID && c.Type.Mod < 0,
			forceNull:    forceNull[i],
			forceNotNull: forceNotNull[i],
		})
	}
	return rd, nil
}

// Next returns up to maxRows further rows; fewer, but at least one, where the rows are long or the end is near. At the end
// it returns io.EOF. After an error of any other kind the reader is of no further use. Errors in the data are 22P04, 22021
// and those of types.Parse; they and errors of the source that are *sqlstate.Error carry the line in Where.
func (r *Reader) Next(maxRows int) (*delta.Batch, error) {
	r.lines.release()
	r.rows = r.rows[:0]
	if r.header != NoHeader {
		if err := r.readHeader(); err != nil {
			return nil, err
		}
		r.header = NoHeader
	}
	b := delta.NewBatch(r.schema, min(maxRows, r.capacity))
	for b.Len < maxRows && r.lines.pos < maxBatchBytes {
		from := r.lines.pos
		line, ok, err := r.lines.next()
		if err != nil {
			return nil, r.at(err, "")
		}
		if !ok {
			break
		}
		if err := r.appendRow(b, line); err != nil {
			return nil, err
		}
		r.rows = append(r.rows, rowSource{number: r.lines.number, from: from, to: from + len(line)})
	}
	if b.Len == 0 {
		return nil, io.EOF
	}
	r.capacity = max(r.capacity, 2*b.Len)
	return b, nil
}

// Where is the context of an error in a row of the batch that Next returned last: COPY t, line 3: "a,b". It is good until
// the next call of Next.
func (r *Reader) Where(row int) string {
	s := r.rows[row]
	return r.where(s.number, r.lines.buf[s.from:s.to])
}

func (r *Reader) where(number int, line []byte) string {
	return fmt.Sprintf("COPY %s, line %d: \"%s\"", r.relation, number, shorten(line))
}

// shorten cuts what a context quotes to maxShown bytes, between characters.
func shorten(b []byte) string {
	if len(b) <= maxShown {
		return string(b)
	}
	end := maxShown
	for end > 0 && !utf8.RuneStart(b[end]) {
		end--
	}
	return string(b[:end]) + "..."
}

// at adds the line last read to an error, and more precisely what of it is given.
func (r *Reader) at(err error, what string) error {
	e, ok := err.(*sqlstate.Error)
	if !ok || e.Where != "" {
		return err
	}
	withWhere := *e
	withWhere.Where = fmt.Sprintf("COPY %s, line %d%s", r.relation, r.lines.number, what)
	return &withWhere
}

func (r *Reader) inLine(err error, line []byte) error {
	e := *sqlstate.From(err)
	e.Where = r.where(r.lines.number, line)
	return &e
}

func (r *Reader) readHeader() error {
	line, ok, err := r.lines.next()
	if err != nil {
		return r.at(err, "")
	}
	if !ok || r.header != MatchHeader {
		return nil
	}
	fields, err := r.splitter.split(line, r.lines.isPlain)
	if err != nil {
		return r.inLine(err, line)
	}
	if len(fields) != len(r.columns) {
		return r.inLine(sqlstate.New(sqlstate.BadCopyFileFormat,
			"wrong number of fields in header line: got %d, expected %d", len(fields), len(r.columns)), line)
	}
	for i, f := range fields {
		switch name := r.columns[i].Name; {
		case f.null:
			return r.inLine(sqlstate.New(sqlstate.BadCopyFileFormat,
				"column name mismatch in header line field %d: got null value (\"%s\"), expected \"%s\"",
				i+1, r.splitter.null, name), line)
		case string(f.value) != name:
			return r.inLine(sqlstate.New(sqlstate.BadCopyFileFormat,
				"column name mismatch in header line field %d: got \"%s\", expected \"%s\"", i+1, f.value, name), line)
		}
	}
	return nil
}

// appendRow parses the fields of a line into the columns of b.
func (r *Reader) appendRow(b *delta.Batch, line []byte) error {
	fields, err := r.splitter.split(line, r.lines.isPlain)
	if err != nil {
		return r.inLine(err, line)
	}
	if len(fields) > len(r.columns) && (len(r.columns) > 0 || len(line) > 0) {
		return r.inLine(sqlstate.New(sqlstate.BadCopyFileFormat, "extra data after last expected column"), line)
	}
	for i := range r.columns {
		c, col := &r.columns[i], &b.Cols[i]
		if i >= len(fields) {
			return r.inLine(sqlstate.New(sqlstate.BadCopyFileFormat, "missing data for column \"%s\"", c.Name), line)
		}
		f := &fields[i]
		if f.null && !c.forceNotNull || !f.null && c.forceNull && string(f.value) == string(r.splitter.null) {
			col.AppendNull()
			continue
		}
		if c.plainText {
			col.AppendBytes(f.value)
			continue
		}
		if err := types.ParseBytes(c.Type, f.value, r.env, &r.datum); err != nil {
			return r.at(err, ", column "+c.Name+": \""+shorten(f.value)+"\"")
		}
		switch col.Kind {
		case types.Int64:
			col.AppendInt(r.datum.Int)
		case types.Float64:
			col.AppendFloat(r.datum.Float)
		case types.Bool:
			col.AppendBool(r.datum.Int != 0)
		default:
			col.AppendBytes(r.datum.Bytes)
		}
	}
	b.AppendCount(1)
	return nil
}
