package sqllogictest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"

	"tarn/delta"
	"tarn/engine"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// InProcess is an engine of this process.
type InProcess struct{ *engine.Engine }

// Connect opens a session.
func (p InProcess) Connect(context.Context) (Connection, error) {
	s, err := p.Engine.Connect("tarn", "tarn", nil)
	if err != nil {
		return nil, failureOf(err)
	}
	return &engineConnection{s}, nil
}

type engineConnection struct{ session *engine.Session }

func (c *engineConnection) Run(ctx context.Context, text string, data []string) (Result, error) {
	statements, err := c.session.Parse(text)
	if err != nil {
		c.session.Fail()
		return Result{}, failureOf(err)
	}
	var result Result
	for i, st := range statements {
		p, err := c.session.Prepare(ctx, st, nil)
		if err != nil {
			c.session.Fail()
			return Result{}, failureOf(err)
		}
		k := &collector{fields: p.Fields, session: c.session, data: data}
		run := c.session.Execute
		if i == len(statements)-1 {
			run = c.session.ExecuteLast
		}
		tag, err := run(ctx, p, nil, k)
		if err != nil {
			return Result{}, failureOf(err)
		}
		result = Result{Types: k.letters(), Rows: k.rows, Tag: tag}
		if k.out.Len() > 0 {
			result.Types, result.Rows = "T", copyLines(k.out.Bytes())
		}
	}
	return result, nil
}

var errEnough = errors.New("enough rows")

func (c *engineConnection) Follow(ctx context.Context, text string, row func([]string) bool) error {
	statements, err := c.session.Parse(text)
	if err != nil {
		return failureOf(err)
	}
	p, err := c.session.Prepare(ctx, statements[0], nil)
	if err != nil {
		return failureOf(err)
	}
	_, err = c.session.ExecuteLast(ctx, p, nil, &collector{fields: p.Fields, session: c.session, row: row})
	return failureOf(err)
}

func (c *engineConnection) InBlock() bool { return c.session.Status() != 'I' }
func (c *engineConnection) Close()        { c.session.Close() }

// collector is an engine.Client that keeps what it is sent.
type collector struct {
	fields  []engine.Field
	session *engine.Session
	data    []string
	rows    []string
	row     func([]string) bool // gets the rows instead, if it is not nil
	out     bytes.Buffer
}

func (k *collector) letters() string {
	var b strings.Builder
	for _, f := range k.fields {
		b.WriteByte(letterOf(uint32(f.Type.OID)))
	}
	return b.String()
}

func (k *collector) Rows(b *delta.Batch) error {
	values := make([]string, len(k.fields))
	for i := 0; i < b.Len; i++ {
		for c := range values {
			if d := b.Cols[c].Datum(i); d.Null {
				values[c] = "NULL"
			} else {
				values[c] = valueText(string(types.AppendText(nil, k.fields[c].Type, d, k.session.Env())))
			}
		}
		if k.row == nil {
			k.rows = append(k.rows, strings.Join(values, "\t"))
		} else if !k.row(values) {
			return errEnough
		}
	}
	return nil
}

func (k *collector) Flush() error { return nil }
func (k *collector) CopyIn(int) (io.Reader, error) {
	return strings.NewReader(strings.Join(append(k.data, ""), "\n")), nil
}
func (k *collector) CopyOut(int) (io.Writer, error) { return &k.out, nil }
func (k *collector) Notice(*sqlstate.Error)         {}
func (k *collector) Parameter(string, string)       {}

// copyLines are the lines of COPY TO STDOUT as rows.
func copyLines(out []byte) []string {
	var rows []string
	for _, line := range strings.Split(strings.TrimSuffix(string(out), "\n"), "\n") {
		rows = append(rows, valueText(line))
	}
	return rows
}

func failureOf(err error) error {
	if err == nil {
		return nil
	}
	e := sqlstate.From(err)
	return &Failure{string(e.Code), e.Message, e.Detail, e.Hint, e.Position}
}
