package wire

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"

	"tarn/sql/sqlstate"
)

const (
	inputSize    = 16 << 10
	keptSize     = 64 << 10 // a larger body is given back to the collector after its message, and counted
	smallMessage = 10_000   // limit of messages that carry no data
	maxStartup   = 10_000   // limit of the startup packet, as PostgreSQL has it
	maxLength    = 1 << 30  // of a message that is skipped because it is too large; a longer one is none
)

// input cuts what a client sends into messages. Errors that are not the connection's are *sqlstate.Error of class 08.
type input struct {
	conn  net.Conn
	limit int // of messages that carry data and are taken whole
	buf   []byte
	r, w  int // what has been read and not used is buf[r:w]
	large []byte

	take func(bytes int64) error // asked for the memory of large bodies, given it back with a number below zero; nil: none is asked
	held int64
}

func newInput(conn net.Conn, limit int) *input {
	return &input{conn: conn, limit: limit, buf: make([]byte, inputSize)}
}

// need makes n bytes available in buf, n being at most its size.
func (in *input) need(n int) error {
	if in.w-in.r >= n {
		return nil
	}
	if in.r > 0 {
		in.w = copy(in.buf, in.buf[in.r:in.w])
		in.r = 0
	}
	for in.w < n {
		k, err := in.conn.Read(in.buf[in.w:])
		in.w += k
		if err != nil && in.w < n {
			if err == io.EOF && in.w > 0 {
				return io.ErrUnexpectedEOF
			}
			return err
		}
	}
	return nil
}

// startup reads the packet that begins a connection. The result is good until the next read.
func (in *input) startup() ([]byte, error) {
	if err := in.need(4); err != nil {
		return nil, err
	}
	n := int64(binary.BigEndian.Uint32(in.buf[in.r:])) - 4
	if n < 4 || n > maxStartup {
		return nil, sqlstate.New(sqlstate.ProtocolViolation, "invalid length of startup packet")
	}
	in.r += 4
	return in.body(int(n))
}

// header reads the type and the length of the body of the next message.
func (in *input) header() (kind byte, n int, err error) {
	if err := in.need(5); err != nil {
		return 0, 0, err
	}
	kind = in.buf[in.r]
	length := int64(binary.BigEndian.Uint32(in.buf[in.r+1:])) - 4
	in.r += 5
	limit := int64(smallMessage)
	switch kind {
	case 'Q', 'P', 'B', 'd', 'F':
		limit = maxLength
	case 'C', 'D', 'E', 'H', 'S', 'X', 'c', 'f', 'p':
	default:
		return 0, 0, sqlstate.New(sqlstate.ProtocolViolation, "invalid frontend message type %d", kind)
	}
	if length < 0 || length > limit {
		return 0, 0, sqlstate.New(sqlstate.ProtocolViolation, "invalid message length")
	}
	return kind, int(length), nil
}

// body reads the n bytes of a message's body. They are good until the next read. A body that is too large, or that there is no
// memory for, is skipped: the error is a refused one.
func (in *input) body(n int) ([]byte, error) {
	if n > in.limit && n > smallMessage {
		return in.refuse(n, sqlstate.New(sqlstate.ProgramLimitExceeded, "message of %d bytes exceeds the maximum of %d bytes", n, in.limit).
			WithHint("Send less at once, or give the server more --memory."))
	}
	if n <= len(in.buf) {
		if err := in.need(n); err != nil {
			return nil, unexpected(err)
		}
		in.r += n
		return in.buf[in.r-n : in.r], nil
	}
	// Memory is taken as the bytes arrive, doubling (W1).
	if cap(in.large) > keptSize {
		in.large = nil
	}
	b := in.large[:0]
	for len(b) < n {
		room := min(n, max(2*len(b), cap(b), 4*inputSize))
		if cap(b) < room {
			if err := in.hold(int64(room)); err != nil {
				return in.refuse(n-len(b), err)
			}
			b = append(make([]byte, 0, room), b...)
		}
		from := len(b)
		b = b[:room]
		if err := in.full(b[from:]); err != nil {
			return nil, unexpected(err)
		}
	}
	in.large = b
	return b, nil
}

// refused is why a message was skipped; the connection goes on behind it.
type refused struct{ error }

func (r refused) Unwrap() error { return r.error }

// refuse skips the n bytes left of a message.
func (in *input) refuse(n int, why error) ([]byte, error) {
	if err := in.discard(n); err != nil {
		return nil, err
	}
	return nil, refused{why}
}

// hold asks for the memory of a body, all in all. What is kept from message to message is not asked for.
func (in *input) hold(bytes int64) error {
	if in.take == nil || bytes <= keptSize {
		return nil
	}
	err := in.take(bytes - in.held)
	if err == nil {
		in.held = bytes
	}
	return err
}

// release gives back what the last body took.
func (in *input) release() {
	if in.held > 0 {
		in.large = nil
		_ = in.take(-in.held)
		in.held = 0
	}
}

func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

func (in *input) full(p []byte) error {
	for len(p) > 0 {
		n, err := in.read(p)
		p = p[n:]
		if err != nil && len(p) > 0 {
			return err
		}
	}
	return nil
}

// read is io.Reader's Read, past buf where p is large.
func (in *input) read(p []byte) (int, error) {
	if in.r == in.w {
		if len(p) >= len(in.buf) {
			return in.conn.Read(p)
		}
		in.r, in.w = 0, 0
		n, err := in.conn.Read(in.buf)
		in.w = n
		if n == 0 {
			return 0, err
		}
	}
	n := copy(p, in.buf[in.r:in.w])
	in.r += n
	return n, nil
}

// discard skips n bytes.
func (in *input) discard(n int) error {
	for n > 0 {
		if in.r == in.w {
			in.r, in.w = 0, 0
			k, err := in.conn.Read(in.buf)
			in.w = k
			if k == 0 && err != nil {
				return unexpected(err)
			}
		}
		k := min(n, in.w-in.r)
		in.r += k
		n -= k
	}
	return nil
}

// waiting tells whether part of a further message has arrived already.
func (in *input) waiting() bool { return in.w > in.r }

// syncWaits tells whether the next message has arrived already and is Sync.
func (in *input) syncWaits() bool { return in.w-in.r >= 5 && in.buf[in.r] == 'S' }

// message is a cursor over the body of a message. After a read past the end all reads are empty and bad is set.
type message struct {
	b   []byte
	bad bool
}

var errMessage = sqlstate.New(sqlstate.ProtocolViolation, "invalid message format")

// end reports a message that was too short, or too long for what it should hold.
func (m *message) end() error {
	if m.bad || len(m.b) > 0 {
		return errMessage
	}
	return nil
}

func (m *message) bytes(n int) []byte {
	if n < 0 || n > len(m.b) {
		m.bad, m.b = true, nil
		return nil
	}
	v := m.b[:n:n]
	m.b = m.b[n:]
	return v
}

func (m *message) byte() byte {
	if v := m.bytes(1); v != nil {
		return v[0]
	}
	return 0
}

func (m *message) int16() int {
	if v := m.bytes(2); v != nil {
		return int(binary.BigEndian.Uint16(v))
	}
	return 0
}

func (m *message) int32() int32 {
	if v := m.bytes(4); v != nil {
		return int32(binary.BigEndian.Uint32(v))
	}
	return 0
}

// string reads bytes up to a zero.
func (m *message) string() string {
	for i, c := range m.b {
		if c == 0 {
			v := string(m.b[:i])
			m.b = m.b[i+1:]
			return v
		}
	}
	m.bad, m.b = true, nil
	return ""
}

// count reads a number of elements, each at least size bytes long: what cannot fit into the message is refused before
// memory is taken for it.
func (m *message) count(size int) int {
	n := m.int16()
	if n*size > len(m.b) {
		m.bad, m.b = true, nil
		return 0
	}
	return n
}

func describeKind(kind byte) string {
	if kind >= ' ' && kind < 0x7F {
		return fmt.Sprintf("%q", kind)
	}
	return fmt.Sprintf("0x%02X", kind)
}
