package wire

import (
	"encoding/binary"
	"net"
	"strings"

	"github.com/jackc/pgproto3/v2"

	"tarn/engine"
	"tarn/sql/sqlstate"
)

const (
	pieceSize   = 64 << 10 // the buffer is written once it holds this much
	keptOutput  = 4 * pieceSize
	firstOutput = 4 << 10
)

// output gathers messages for a client and writes them in large pieces.
type output struct {
	conn     net.Conn
	buf      []byte
	complete int   // where in buf the last message begins if it is a CommandComplete, else -1
	err      error // of the connection; sticky
}

func newOutput(conn net.Conn) *output {
	return &output{conn: conn, buf: make([]byte, 0, firstOutput), complete: -1}
}

// flush writes everything gathered.
func (o *output) flush() error {
	if o.err == nil && len(o.buf) > 0 {
		_, o.err = o.conn.Write(o.buf)
	}
	o.complete = -1
	if o.buf = o.buf[:0]; cap(o.buf) > keptOutput {
		o.buf = make([]byte, 0, pieceSize)
	}
	return o.err
}

// flushFull writes what has been gathered if it makes a large piece.
func (o *output) flushFull() error {
	if len(o.buf) < pieceSize {
		return o.err
	}
	return o.flush()
}

// send gathers a message.
func (o *output) send(m pgproto3.BackendMessage) {
	buf, err := m.Encode(o.buf)
	if err != nil { // too many elements for a message: what is described here never has them
		o.err = err
		return
	}
	o.buf, o.complete = buf, -1
}

// begin starts a message of a kind; end, with what begin returned, fills in its length.
func begin(dst []byte, kind byte) ([]byte, int) {
	return append(dst, kind, 0, 0, 0, 0), len(dst) + 1
}

func end(dst []byte, at int) []byte {
	binary.BigEndian.PutUint32(dst[at:], uint32(len(dst)-at))
	return dst
}

// empty gathers a message without a body: ParseComplete '1', BindComplete '2', CloseComplete '3', NoData 'n',
// PortalSuspended 's', EmptyQueryResponse 'I', CopyDone 'c'.
func (o *output) empty(kind byte) {
	o.buf, o.complete = append(o.buf, kind, 0, 0, 0, 4), -1
}

func (o *output) ready(status byte) {
	o.buf, o.complete = append(o.buf, 'Z', 0, 0, 0, 5, status), -1
}

func (o *output) commandComplete(tag string) {
	o.complete = len(o.buf)
	buf, at := begin(o.buf, 'C')
	o.buf = end(append(append(buf, tag...), 0), at)
}

// retractComplete takes a CommandComplete back if it was the last message and has not been written (W3).
func (o *output) retractComplete() {
	if o.complete >= 0 {
		o.buf, o.complete = o.buf[:o.complete], -1
	}
}

func (o *output) parameterStatus(name, value string) {
	o.send(&pgproto3.ParameterStatus{Name: clean(name), Value: clean(value)})
}

// error gathers an ErrorResponse; severity is ERROR, or FATAL where the connection ends.
func (o *output) error(e *sqlstate.Error, severity string) {
	o.send(errorResponse(e, severity))
}

func (o *output) notice(e *sqlstate.Error) {
	o.send(noticeResponse(e))
}

func noticeResponse(e *sqlstate.Error) *pgproto3.NoticeResponse {
	severity := "NOTICE"
	if e.Code.IsWarning() {
		severity = "WARNING"
	}
	return (*pgproto3.NoticeResponse)(errorResponse(e, severity))
}

func errorResponse(e *sqlstate.Error, severity string) *pgproto3.ErrorResponse {
	return &pgproto3.ErrorResponse{
		Severity:            severity,
		SeverityUnlocalized: severity,
		Code:                string(e.Code),
		Message:             clean(e.Message),
		Detail:              clean(e.Detail),
		Hint:                clean(e.Hint),
		Position:            int32(e.Position),
		Where:               clean(e.Where),
		SchemaName:          clean(e.Schema),
		TableName:           clean(e.Table),
		ColumnName:          clean(e.Column),
		ConstraintName:      clean(e.Constraint),
	}
}

// clean replaces zero bytes, which would end a field of a message early.
func clean(s string) string {
	if strings.IndexByte(s, 0) < 0 {
		return s
	}
	return strings.ReplaceAll(s, "\x00", "\uFFFD")
}

// rowDescription gathers a RowDescription, or NoData for a statement without rows.
func (o *output) rowDescription(fields []engine.Field, formats []int16) {
	if fields == nil {
		o.empty('n')
		return
	}
	buf, at := begin(o.buf, 'T')
	buf = binary.BigEndian.AppendUint16(buf, uint16(len(fields)))
	for i := range fields {
		f := &fields[i]
		buf = append(append(buf, clean(f.Name)...), 0)
		buf = binary.BigEndian.AppendUint32(buf, f.Relation)
		buf = binary.BigEndian.AppendUint16(buf, uint16(f.Column))
		buf = binary.BigEndian.AppendUint32(buf, uint32(f.Type.OID))
		buf = binary.BigEndian.AppendUint16(buf, uint16(f.Type.Info().Len))
		buf = binary.BigEndian.AppendUint32(buf, uint32(f.Type.Mod))
		buf = binary.BigEndian.AppendUint16(buf, uint16(formatOf(formats, i)))
	}
	o.buf, o.complete = end(buf, at), -1
}

// formatOf is the format of column i: formats has none (text for all), one for all, or one for each.
func formatOf(formats []int16, i int) int16 {
	switch len(formats) {
	case 0:
		return textFormat
	case 1:
		return formats[0]
	}
	return formats[i]
}

const (
	textFormat   = int16(pgproto3.TextFormat)
	binaryFormat = int16(pgproto3.BinaryFormat)
)
