package sqllogictest

import (
	"bytes"
	"context"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// Socket is a server behind PostgreSQL's protocol: Tarn's own, or a PostgreSQL.
type Socket struct {
	URL string
	// Extended also runs each statement by itself through the extended protocol: queries once more, to compare, and
	// every second of the others instead.
	Extended bool
}

// Connect opens a connection.
func (s Socket) Connect(ctx context.Context) (Connection, error) {
	c, err := pgconn.Connect(ctx, s.URL)
	if err != nil {
		return nil, err
	}
	return &socketConnection{conn: c, extended: s.Extended}, nil
}

type socketConnection struct {
	conn     *pgconn.PgConn
	extended bool
	turn     int
}

func (c *socketConnection) Run(ctx context.Context, text string, data []string) (Result, error) {
	upper := strings.ToUpper(strings.TrimSpace(text))
	if strings.HasPrefix(upper, "COPY ") {
		return c.copy(ctx, text, upper, data)
	}
	single := !strings.Contains(strings.TrimSuffix(strings.TrimSpace(text), ";"), ";")
	c.turn++
	reads := strings.HasPrefix(upper, "SELECT") || strings.HasPrefix(upper, "VALUES")
	if c.extended && single && !reads && c.turn%2 == 0 {
		return c.extendedRun(ctx, text)
	}
	result, err := c.simpleRun(ctx, text)
	if err != nil || !c.extended || !single || !reads {
		return result, err
	}
	again, err := c.extendedRun(ctx, text)
	if err != nil {
		return Result{}, errors.Join(errors.New("the extended protocol has an error where the simple one has none"), err)
	}
	if !equalRows(again.Rows, result.Rows, false) || again.Types != result.Types || again.Tag != result.Tag {
		return Result{}, errors.New("the extended protocol answers otherwise: " + strings.Join(again.Rows, " / "))
	}
	return result, nil
}

func (c *socketConnection) simpleRun(ctx context.Context, text string) (Result, error) {
	var result Result
	results := c.conn.Exec(ctx, text)
	for results.NextResult() {
		result = resultOf(results.ResultReader())
	}
	return result, pgFailure(results.Close())
}

func (c *socketConnection) extendedRun(ctx context.Context, text string) (Result, error) {
	r := c.conn.ExecParams(ctx, text, nil, nil, nil, nil)
	result := resultOf(r)
	_, err := r.Close()
	return result, pgFailure(err)
}

func (c *socketConnection) copy(ctx context.Context, text, upper string, data []string) (Result, error) {
	if strings.Contains(upper, "FROM STDIN") {
		tag, err := c.conn.CopyFrom(ctx, strings.NewReader(strings.Join(append(data, ""), "\n")), text)
		return Result{Tag: tag.String()}, pgFailure(err)
	}
	var out bytes.Buffer
	tag, err := c.conn.CopyTo(ctx, &out, text)
	if err != nil {
		return Result{}, pgFailure(err)
	}
	return Result{Types: "T", Rows: copyLines(out.Bytes()), Tag: tag.String()}, nil
}

func (c *socketConnection) Follow(ctx context.Context, text string, row func([]string) bool) error {
	r := c.conn.ExecParams(ctx, text, nil, nil, nil, nil)
	for r.NextRow() {
		if !row(valuesOf(r.Values())) {
			// The server notices the closed connection, and nothing more is wanted from it.
			return c.conn.Close(ctx)
		}
	}
	_, err := r.Close()
	return pgFailure(err)
}

func (c *socketConnection) InBlock() bool { return c.conn.TxStatus() != 'I' }
func (c *socketConnection) Close()        { _ = c.conn.Close(context.Background()) }

func valuesOf(raw [][]byte) []string {
	values := make([]string, len(raw))
	for i, v := range raw {
		if values[i] = "NULL"; v != nil {
			values[i] = valueText(string(v))
		}
	}
	return values
}

func resultOf(r *pgconn.ResultReader) Result {
	var out Result
	for r.NextRow() {
		out.Rows = append(out.Rows, strings.Join(valuesOf(r.Values()), "\t"))
	}
	for _, f := range r.FieldDescriptions() {
		out.Types += string(letterOf(f.DataTypeOID))
	}
	tag, _ := r.Close() // its error comes again at the end of all results
	out.Tag = tag.String()
	return out
}

func pgFailure(err error) error {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return &Failure{e.Code, e.Message, e.Detail, e.Hint, int(e.Position)}
	}
	return err
}
