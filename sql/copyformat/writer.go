package copyformat

import (
	"bytes"
	"io"

	"tarn/delta"
	"tarn/sql/types"
)

// Writer writes the rows of COPY TO: each as one call of Write on what it writes to, with its line end.
type Writer struct {
	w          io.Writer
	o          Options
	columns    []Column
	forceQuote []bool
	env        *types.Env
	started    bool
	line       []byte
	value      []byte
}

// NewWriter writes rows of columns to w. env is what text forms depend on. Errors: 42P10, a column named in FORCE_QUOTE
// that is not copied.
func NewWriter(w io.Writer, o Options, columns []Column, env *types.Env) (*Writer, error) {
	all := len(o.ForceQuote) == 1 && o.ForceQuote[0] == "*"
	if all {
		o.ForceQuote = nil
	}
	forceQuote, err := flags(columns, o.ForceQuote, "FORCE_QUOTE")
	if err != nil {
		return nil, err
	}
	for i := range forceQuote {
		forceQuote[i] = forceQuote[i] || all
	}
	return &Writer{w: w, o: o, columns: columns, forceQuote: forceQuote, env: env}, nil
}

// Write writes the rows of b, whose counts do not matter. Errors are those of the underlying writer.
func (w *Writer) Write(b *delta.Batch) error {
	if err := w.Start(); err != nil {
		return err
	}
	for row := range b.Len {
		w.line = w.line[:0]
		for i := range w.columns {
			w.appendField(&b.Cols[i], i, row)
		}
		w.line = append(w.line, '\n')
		if _, err := w.w.Write(w.line); err != nil {
			return err
		}
	}
	return nil
}

// Start writes the header, if there is one, unless that has been done. A COPY without rows has a header too.
func (w *Writer) Start() error {
	if w.started {
		return nil
	}
	w.started = true
	if w.o.Header == NoHeader {
		return nil
	}
	w.line = w.line[:0]
	for i, c := range w.columns {
		w.delimit(i)
		if w.o.Format == CSV {
			w.appendCSV([]byte(c.Name), false)
		} else {
			w.appendText([]byte(c.Name))
		}
	}
	w.line = append(w.line, '\n')
	_, err := w.w.Write(w.line)
	return err
}

func (w *Writer) delimit(i int) {
	if i > 0 {
		w.line = append(w.line, w.o.Delimiter)
	}
}

func (w *Writer) appendField(c *delta.Column, i, row int) {
	w.delimit(i)
	if c.IsNull(row) {
		w.line = append(w.line, w.o.Null...)
		return
	}
	w.value = types.AppendText(w.value[:0], w.columns[i].Type, c.Datum(row), w.env)
	if w.o.Format == CSV {
		w.appendCSV(w.value, w.forceQuote[i])
	} else {
		w.appendText(w.value)
	}
}

// appendText appends a value with the escapes of the text format.
func (w *Writer) appendText(v []byte) {
	for _, c := range v {
		switch {
		case c >= ' ' && c != '\\' && c != w.o.Delimiter:
			w.line = append(w.line, c)
		case c >= '\b' && c <= '\r':
			w.line = append(w.line, '\\', "btnvfr"[c-'\b'])
		case c == '\\' || c == w.o.Delimiter:
			w.line = append(w.line, '\\', c)
		default:
			w.line = append(w.line, c)
		}
	}
}

// appendCSV appends a value, in quotes if it could be read as anything else.
func (w *Writer) appendCSV(v []byte, quote bool) {
	if !quote && !w.needsQuotes(v) {
		w.line = append(w.line, v...)
		return
	}
	w.line = append(w.line, w.o.Quote)
	for _, c := range v {
		if c == w.o.Quote || c == w.o.Escape {
			w.line = append(w.line, w.o.Escape)
		}
		w.line = append(w.line, c)
	}
	w.line = append(w.line, w.o.Quote)
}

func (w *Writer) needsQuotes(v []byte) bool {
	if string(v) == w.o.Null || len(w.columns) == 1 && string(v) == `\.` {
		return true
	}
	return bytes.IndexByte(v, w.o.Delimiter) >= 0 || bytes.IndexByte(v, w.o.Quote) >= 0 ||
		bytes.IndexByte(v, '\n') >= 0 || bytes.IndexByte(v, '\r') >= 0
}
