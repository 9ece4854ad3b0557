package wire

import (
	"encoding/binary"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgproto3/v2"

	"tarn/engine"
	"tarn/sql"
)

// rawClient sends bytes and shows the messages that come back in short.
type rawClient struct {
	t    *testing.T
	conn net.Conn
}

func (s *served) raw(t *testing.T) *rawClient {
	t.Helper()
	conn, err := net.Dial("tcp", s.addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	return &rawClient{t, conn}
}

// started is a raw client past startup.
func (s *served) started(t *testing.T) *rawClient {
	t.Helper()
	c := s.raw(t)
	c.send(startupPacket(version3, "user", "tarn"))
	c.expect("R S S S S K Z(I)")
	return c
}

func startupPacket(version uint32, params ...string) []byte {
	b := binary.BigEndian.AppendUint32(make([]byte, 4), version)
	for _, p := range params {
		b = append(append(b, p...), 0)
	}
	b = append(b, 0)
	binary.BigEndian.PutUint32(b, uint32(len(b)))
	return b
}

func (c *rawClient) send(parts ...[]byte) {
	c.t.Helper()
	for _, p := range parts {
		if _, err := c.conn.Write(p); err != nil {
			c.t.Fatal(err)
		}
	}
}

func encode(messages ...pgproto3.FrontendMessage) (b []byte) {
	for _, m := range messages {
		var err error
		if b, err = m.Encode(b); err != nil {
			panic(err)
		}
	}
	return b
}

func (c *rawClient) messages(messages ...pgproto3.FrontendMessage) { c.send(encode(messages...)) }

// next is the next message in short: its type, and of some types what matters.
func (c *rawClient) next() string {
	header := make([]byte, 5)
	if _, err := io.ReadFull(c.conn, header); err != nil {
		return "end"
	}
	body := make([]byte, binary.BigEndian.Uint32(header[1:])-4)
	if _, err := io.ReadFull(c.conn, body); err != nil {
		return "cut"
	}
	switch header[0] {
	case 'E', 'N':
		var e pgproto3.ErrorResponse
		if err := e.Decode(body); err != nil {
			return err.Error()
		}
		return fmt.Sprintf("%c(%s,%s)", header[0], e.Severity, e.Code)
	case 'C':
		return fmt.Sprintf("C(%s)", strings.ReplaceAll(string(body[:len(body)-1]), " ", "_"))
	case 'Z':
		return fmt.Sprintf("Z(%c)", body[0])
	case 'D':
		return fmt.Sprintf("D%d", binary.BigEndian.Uint16(body))
	}
	return string(header[:1])
}

// expect reads as many messages as are named, separated by blanks; D*n stands for n rows.
func (c *rawClient) expect(want string) {
	c.t.Helper()
	var got []string
	for w := range strings.FieldsSeq(want) {
		rows := 0
		if _, err := fmt.Sscanf(w, "D*%d", &rows); err != nil {
			got = append(got, c.next())
			if last := got[len(got)-1]; last == "end" {
				break
			}
			continue
		}
		for i := range rows {
			if m := c.next(); !strings.HasPrefix(m, "D") {
				c.t.Fatalf("after %v: row %d of %d is %s", got, i, rows, m)
			}
		}
		got = append(got, w)
	}
	if g := strings.Join(got, " "); g != want {
		c.t.Fatalf("\ngot  %s\nwant %s", g, want)
	}
}

func parse(name, query string) *pgproto3.Parse { return &pgproto3.Parse{Name: name, Query: query} }

func bind(portal, statement string) *pgproto3.Bind {
	return &pgproto3.Bind{DestinationPortal: portal, PreparedStatement: statement}
}

func execute(portal string, limit uint32) *pgproto3.Execute {
	return &pgproto3.Execute{Portal: portal, MaxRows: limit}
}

func TestRowLimit(t *testing.T) {
	c := serve(t, Config{}).started(t)
	c.messages(parse("", "select rows 250"), bind("", ""), execute("", 100), execute("", 100), execute("", 100), execute("", 100), &pgproto3.Sync{})
	c.expect("1 2 D*100 s D*100 s D*50 C(SELECT_50) C(SELECT_0) Z(I)")
}

// A portal with a limit that reads can be left, closed, and mixed with others; one that writes runs to its end.
func TestRowLimitOfPortals(t *testing.T) {
	s := serve(t, Config{})
	c := s.started(t)
	c.messages(&pgproto3.Query{String: "begin"})
	c.expect("C(BEGIN) Z(T)")
	c.messages(parse("a", "select rows 1000"), bind("p", "a"), bind("q", "a"), execute("p", 3), &pgproto3.Sync{})
	c.expect("1 2 2 D*3 s Z(T)")
	c.messages(execute("q", 5), execute("p", 150), &pgproto3.Close{ObjectType: 'P', Name: "p"}, &pgproto3.Sync{})
	c.expect("D*5 s D*150 s 3 Z(T)") // what was left of p does not fail the block
	c.messages(execute("p", 1), &pgproto3.Sync{})
	c.expect("E(ERROR,34000) Z(E)")
	c.messages(&pgproto3.Query{String: "rollback"})
	c.expect("C(ROLLBACK) Z(I)")
	c.messages(parse("", "insert returning 250"), bind("", ""), execute("", 249), execute("", 249), execute("", 249), &pgproto3.Sync{})
	c.expect("1 2 D*249 s D*1 C(INSERT_0_250) E(ERROR,55000) Z(I)")
	// A suspended portal outside of a block ends with Sync.
	c.messages(bind("p", "a"), execute("p", 3), &pgproto3.Sync{}, execute("p", 3), &pgproto3.Sync{})
	c.expect("2 D*3 s Z(I) E(ERROR,34000) Z(I)")
	// One that waits for its rows ends with the connection.
	c.messages(parse("", "select wait"), bind("", ""), execute("", 5), &pgproto3.Flush{})
	c.expect("1 2 D*5 s")
	c.conn.Close()
	eventually(t, func() bool { return s.db.closed.Load() == 1 })
}

func TestErrorsOfExtendedMessages(t *testing.T) {
	c := serve(t, Config{}).started(t)
	sync := &pgproto3.Sync{}
	for _, test := range []struct {
		messages []pgproto3.FrontendMessage
		want     string
	}{
		{[]pgproto3.FrontendMessage{parse("", "select rows 1; select rows 2"), bind("", ""), execute("", 0)}, "E(ERROR,42601)"},
		{[]pgproto3.FrontendMessage{parse("", "nonsense"), bind("", ""), execute("", 0)}, "E(ERROR,42601)"},
		{[]pgproto3.FrontendMessage{bind("", "")}, "E(ERROR,26000)"},
		{[]pgproto3.FrontendMessage{bind("", "nothing")}, "E(ERROR,26000)"},
		{[]pgproto3.FrontendMessage{execute("nothing", 0)}, "E(ERROR,34000)"},
		{[]pgproto3.FrontendMessage{&pgproto3.Describe{ObjectType: 'S', Name: "nothing"}}, "E(ERROR,26000)"},
		{[]pgproto3.FrontendMessage{&pgproto3.Describe{ObjectType: 'P', Name: "nothing"}}, "E(ERROR,34000)"},
		{[]pgproto3.FrontendMessage{&pgproto3.Describe{ObjectType: 'x'}}, "E(ERROR,08P01)"},
		{[]pgproto3.FrontendMessage{&pgproto3.Close{ObjectType: 'x'}}, "E(ERROR,08P01)"},
		{[]pgproto3.FrontendMessage{&pgproto3.Close{ObjectType: 'S', Name: "nothing"}}, "3"},
		{[]pgproto3.FrontendMessage{parse("s", "select rows 1"), parse("s", "select rows 1")}, "1 E(ERROR,42P05)"},
		{[]pgproto3.FrontendMessage{bind("p", "s"), bind("p", "s")}, "2 E(ERROR,42P03)"},
		{[]pgproto3.FrontendMessage{&pgproto3.Bind{PreparedStatement: "s", Parameters: [][]byte{nil}}}, "E(ERROR,08P01)"},
		{[]pgproto3.FrontendMessage{&pgproto3.Bind{PreparedStatement: "s", ResultFormatCodes: []int16{0, 1}}}, "E(ERROR,08P01)"},
		{[]pgproto3.FrontendMessage{&pgproto3.Bind{PreparedStatement: "s", ResultFormatCodes: []int16{2}}}, "E(ERROR,22023)"},
		{[]pgproto3.FrontendMessage{&pgproto3.Bind{PreparedStatement: "s", ParameterFormatCodes: []int16{0, 1}}}, "E(ERROR,08P01)"},
		{[]pgproto3.FrontendMessage{parse("e", "select echo"), &pgproto3.Bind{PreparedStatement: "e",
			Parameters: [][]byte{[]byte("x"), nil, nil, nil}}}, "1 E(ERROR,22P02)"},
		{[]pgproto3.FrontendMessage{&pgproto3.Bind{PreparedStatement: "e", ParameterFormatCodes: []int16{1},
			Parameters: [][]byte{[]byte("x"), nil, nil, nil}}}, "E(ERROR,08P01)"},
		{[]pgproto3.FrontendMessage{parse("", "select \xff")}, "E(ERROR,22021)"},
		{[]pgproto3.FrontendMessage{&pgproto3.FunctionCall{}}, "E(ERROR,0A000) Z(I)"},
		{[]pgproto3.FrontendMessage{&pgproto3.CopyData{Data: []byte("stray")}, &pgproto3.CopyDone{}}, ""},
		// All is well again after Sync.
		{[]pgproto3.FrontendMessage{bind("", "s"), &pgproto3.Describe{ObjectType: 'P'}, execute("", 0)}, "2 T D*1 C(SELECT_1)"},
		{[]pgproto3.FrontendMessage{parse("", ""), &pgproto3.Describe{ObjectType: 'S'}, bind("", ""), execute("", 0)}, "1 t n 2 I"},
	} {
		c.messages(append(test.messages, sync)...)
		c.expect(strings.TrimSpace(test.want + " Z(I)"))
	}
}

// Statements of Parse can be dropped in SQL.
func TestDeallocate(t *testing.T) {
	c := serve(t, Config{}).started(t)
	c.messages(parse("a", "select rows 1"), parse("b", "select rows 1"), parse("c", "select rows 1"), &pgproto3.Sync{})
	c.expect("1 1 1 Z(I)")
	c.messages(&pgproto3.Query{String: "deallocate a"}, &pgproto3.Query{String: "deallocate a"})
	c.expect("C(DEALLOCATE) Z(I) E(ERROR,26000) Z(I)")
	c.messages(parse("", "deallocate b"), bind("", ""), execute("", 0), &pgproto3.Sync{}, bind("", "c"), bind("", "b"), &pgproto3.Sync{})
	c.expect("1 2 C(DEALLOCATE) Z(I) 2 E(ERROR,26000) Z(I)")
	c.messages(&pgproto3.Query{String: "deallocate all"}, bind("", "c"), &pgproto3.Sync{})
	c.expect("C(DEALLOCATE_ALL) Z(I) E(ERROR,26000) Z(I)")
}

// Sync and Flush inside of COPY FROM mean nothing, as clients send them ahead; a failed copy is skipped over.
func TestCopyInExtended(t *testing.T) {
	c := serve(t, Config{}).started(t)
	data := &pgproto3.CopyData{Data: []byte("1,x\n")}
	c.messages(parse("", "copy in"), bind("", ""), execute("", 0), &pgproto3.Sync{}, data, &pgproto3.Flush{}, data, &pgproto3.CopyDone{}, &pgproto3.Sync{})
	c.expect("1 2 G C(COPY_2) Z(I)")
	c.messages(bind("", ""), execute("", 0), data, &pgproto3.CopyFail{Message: "enough"}, execute("", 0), &pgproto3.Sync{})
	c.expect("2 G E(ERROR,57014) Z(I)")
	c.messages(bind("", ""), execute("", 0), &pgproto3.CopyData{Data: []byte("x\n")}, data, data, &pgproto3.CopyDone{}, &pgproto3.Sync{})
	c.expect("2 G E(ERROR,22P02) Z(I)")
	c.messages(bind("", ""), execute("", 0), data, &pgproto3.Query{String: "select rows 1"})
	c.expect("2 G E(FATAL,08P01) end")
}

// Nothing leaves before it has to: the answers of a pipeline come with Sync.
func TestFlush(t *testing.T) {
	c := serve(t, Config{}).started(t)
	c.messages(parse("", "select rows 1"))
	c.conn.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
	if m := c.next(); m != "end" {
		t.Fatalf("%s before Flush", m)
	}
	c.conn.SetReadDeadline(time.Now().Add(20 * time.Second))
	c.messages(&pgproto3.Flush{})
	c.expect("1")
}

func TestStartupPackets(t *testing.T) {
	s := serve(t, Config{StartupTimeout: 200 * time.Millisecond})
	ssl, gss := startupRequest(sslRequest), startupRequest(gssencRequest)
	for _, test := range []struct {
		name string
		send []byte
		want string
	}{
		{"minor version", startupPacket(3<<16|2, "user", "tarn"), "v R S S S S K Z(I)"},
		{"protocol option", startupPacket(version3, "user", "tarn", "_pq_.x", "1"), "v R S S S S K Z(I)"},
		{"options", startupPacket(version3, "user", "tarn", "options", "-c a=b --c-d=e\\ f -cg=h"), "R S S S S K Z(I)"},
		{"bad options", startupPacket(version3, "user", "tarn", "options", "-x"), "E(FATAL,42601) end"},
		{"no user", startupPacket(version3, "database", "tarn"), "E(FATAL,28000) end"},
		{"nothing", startupPacket(version3), "E(FATAL,28000) end"},
		{"replication", startupPacket(version3, "user", "tarn", "replication", "database"), "E(FATAL,0A000) end"},
		{"old version", startupPacket(2<<16, "user", "tarn"), "E(FATAL,0A000) end"},
		{"no terminator", append(binary.BigEndian.AppendUint32(nil, 13), 0, 3, 0, 0, 'u', 's', 'e', 'r', 0), "E(FATAL,08P01) end"},
		{"huge", []byte{0xFF, 0xFF, 0xFF, 0xFF, 0, 3, 0, 0}, "E(FATAL,08P01) end"},
		{"tiny", []byte{0, 0, 0, 4}, "E(FATAL,08P01) end"},
		{"http", []byte("GET / HTTP/1.1\r\n\r\n"), "E(FATAL,08P01) end"},
		{"half", []byte{0, 0, 0, 50, 0, 3}, "end"},
		{"silence", nil, "end"},
		{"ssl thrice", append(append(append([]byte{}, ssl...), gss...), ssl...), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := s.raw(t)
			c.t = t
			c.send(test.send)
			if test.want != "" {
				c.expect(test.want)
			}
		})
	}
	s.db.mu.Lock()
	defer s.db.mu.Unlock()
	if got := fmt.Sprint(s.db.sessions[3].options); got != "map[a:b c_d:e f g:h]" {
		t.Errorf("options %s", got)
	}
}

func startupRequest(code uint32) []byte {
	return binary.BigEndian.AppendUint32([]byte{0, 0, 0, 8}, code)
}

func TestEncryptionRefused(t *testing.T) {
	c := serve(t, Config{}).raw(t)
	for _, code := range []uint32{gssencRequest, sslRequest} {
		c.send(startupRequest(code))
		answer := make([]byte, 1)
		if _, err := io.ReadFull(c.conn, answer); err != nil || answer[0] != 'N' {
			t.Fatalf("%q, %v", answer, err)
		}
	}
	c.send(startupPacket(version3, "user", "tarn"))
	c.expect("R S S S S K Z(I)")
}

// Broken framing ends the connection that sent it, and only that one (W1).
func TestBrokenMessages(t *testing.T) {
	s := serve(t, Config{MaxMessage: 1 << 20})
	bystander := s.started(t)
	for _, test := range []struct {
		name string
		send []byte
		want string
	}{
		{"unknown type", []byte{'~', 0, 0, 0, 4}, "E(FATAL,08P01) end"},
		{"negative length", []byte{'Q', 0, 0, 0, 0}, "E(FATAL,08P01) end"},
		{"huge length", []byte{'Q', 0x7F, 0xFF, 0xFF, 0xFF}, "E(FATAL,08P01) end"},
		{"long sync", []byte{'S', 0, 1, 0, 0}, "E(FATAL,08P01) end"},
		{"password out of place", []byte{'p', 0, 0, 0, 5, 0}, "E(FATAL,08P01) end"},
		{"query without end", []byte{'Q', 0, 0, 0, 5, 'x'}, "E(ERROR,08P01) Z(I)"},
		{"query with more", []byte{'Q', 0, 0, 0, 7, 'x', 0, 'y'}, "E(ERROR,08P01) Z(I)"},
		{"empty bind", append([]byte{'B', 0, 0, 0, 4}, encode(&pgproto3.Sync{})...), "E(ERROR,08P01) Z(I)"},
		{"negative parameter", append([]byte{'B', 0, 0, 0, 16, 0, 0, 0, 0, 0, 1, 0xFF, 0xFF, 0xFF, 0xFE, 0, 0}, encode(&pgproto3.Sync{})...), "E(ERROR,08P01) Z(I)"},
		{"many parameters", append([]byte{'P', 0, 0, 0, 8, 0, 0, 0xFF, 0xFF}, encode(&pgproto3.Sync{})...), "E(ERROR,08P01) Z(I)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := s.started(t)
			c.send(test.send)
			c.expect(test.want)
		})
	}
	half := s.started(t)
	half.send([]byte{'Q', 0, 0, 1, 0, 'h', 'a', 'l', 'f'})
	half.conn.Close()
	bystander.messages(&pgproto3.Query{String: "select rows 1"})
	bystander.expect("T D*1 C(SELECT_1) Z(I)")
	big := &pgproto3.Query{String: "select rows 1" + strings.Repeat(" ", 900_000) + "2"}
	bystander.messages(big)
	bystander.expect("T D*2 C(SELECT_2) Z(I)")
}

// A message that is too large, or that there is no memory for, is skipped with an error; the connection goes on, and holds
// nothing afterwards.
func TestLargeMessages(t *testing.T) {
	s := serve(t, Config{MaxMessage: 4 << 20})
	db := s.db
	c := s.started(t)
	rest := strings.Repeat(" ", 5<<20)
	c.messages(&pgproto3.Query{String: "select rows 1" + rest})
	c.expect("E(ERROR,54000) Z(I)")
	c.messages(parse("", "select rows 1"+rest), bind("", ""), execute("", 0), &pgproto3.Sync{})
	c.expect("E(ERROR,54000) Z(I)")
	c.messages(&pgproto3.Query{String: "copy in"}, &pgproto3.CopyData{Data: []byte("1,x\n")}, &pgproto3.CopyData{Data: []byte("2," + rest + "\n")}, &pgproto3.CopyDone{})
	c.expect("G C(COPY_2) Z(I)")
	db.memory.Store(8 << 20)
	for _, size := range []int{3 << 20, 2 << 20} { // thrice the size for a statement
		c.messages(&pgproto3.Query{String: "select rows 1" + rest[:size]})
		if size == 3<<20 {
			c.expect("E(ERROR,53200) Z(I)")
		} else {
			c.expect("T D*1 C(SELECT_1) Z(I)")
		}
		c.messages(&pgproto3.Query{String: "select rows 2"}) // is read when the one before is done with
		c.expect("T D*2 C(SELECT_2) Z(I)")
		if taken := db.taken.Load(); taken != 0 {
			t.Errorf("%d bytes are held", taken)
		}
	}
	// What has only been announced takes nothing.
	other := s.started(t)
	other.send([]byte{'Q', 0, 0x3F, 0, 0, 'x'})
	c.messages(&pgproto3.Query{String: "select rows 1" + rest[:2<<20]})
	c.expect("T D*1 C(SELECT_1) Z(I)")
}

// The texts of prepared statements count until these are closed.
func TestPreparedTextsCount(t *testing.T) {
	s := serve(t, Config{MaxMessage: 4 << 20})
	db := s.db
	c := s.started(t)
	text := "select rows 1" + strings.Repeat(" ", 1<<20)
	db.memory.Store(8 << 20)
	for _, name := range []string{"", "a", "b"} {
		c.messages(parse(name, text), &pgproto3.Sync{})
		c.expect("1 Z(I)")
	}
	one := (&engine.Prepared{Statement: sql.Statement{Bytes: int64(len(text))}}).Bytes()
	if taken := db.taken.Load(); taken != 3*one || one < int64(len(text)) {
		t.Errorf("%d bytes are held for three statements of %d", taken, one)
	}
	c.messages(parse("c", text), &pgproto3.Sync{}) // takes three of its size until it is done with
	c.expect("1 Z(I)")
	c.messages(parse("d", text), &pgproto3.Sync{})
	c.expect("E(ERROR,53200) Z(I)")
	c.messages(parse("", "select rows 1"), &pgproto3.Close{ObjectType: 'S', Name: "a"}, &pgproto3.Close{ObjectType: 'S', Name: "a"}, &pgproto3.Sync{})
	c.expect("1 3 3 Z(I)")
	c.messages(parse("d", text), &pgproto3.Sync{})
	c.expect("1 Z(I)")
	c.messages(&pgproto3.Query{String: "deallocate all"})
	c.expect("C(DEALLOCATE_ALL) Z(I)")
	if taken := db.taken.Load(); taken != 0 {
		t.Errorf("%d bytes are held for nothing", taken)
	}
}

// What portals keep counts until they are closed: the values of their parameters, and the rows of a statement that writes and whose
// client takes them in parts.
func TestPortalsCount(t *testing.T) {
	s := serve(t, Config{MaxMessage: 4 << 20})
	db, sync := s.db, &pgproto3.Sync{}
	c := s.started(t)
	held := func(what string, least, most int64) {
		t.Helper()
		if taken := db.taken.Load(); taken < least || taken > most {
			t.Errorf("%s: %d bytes are held, not %d to %d", what, taken, least, most)
		}
	}
	db.memory.Store(4 << 20)
	c.messages(parse("i", "insert returning 10000"), sync)
	c.expect("1 Z(I)")
	before := db.taken.Load()
	c.messages(&pgproto3.Query{String: "begin"}, bind("p", "i"), execute("p", 3), sync)
	c.expect("C(BEGIN) Z(T) 2 D*3 s Z(T)")
	held("rows that wait", before+200_000, before+2_000_000)
	c.messages(execute("p", 0), sync)
	c.expect("D*9997 C(INSERT_0_10000) Z(T)")
	held("a portal at its end", before+1, before+2000)
	c.messages(bind("q", "i"), execute("q", 3), &pgproto3.Close{ObjectType: 'P', Name: "q"}, &pgproto3.Query{String: "rollback"}, sync)
	c.expect("2 D*3 s 3 C(ROLLBACK) Z(I) Z(I)")
	held("closed portals", before, before)
	c.messages(parse("", "insert returning 1000000"), bind("", ""), execute("", 3), sync)
	c.expect("1 2 E(ERROR,53200) Z(I)")
	c.messages(parse("e", "select echo"), &pgproto3.Query{String: "begin"})
	c.expect("1 C(BEGIN) Z(T)")
	value := []byte(strings.Repeat("x", 1<<20))
	for i, want := range []string{"2 Z(T)", "2 Z(T)", "E(ERROR,53200) Z(E)"} { // the message takes its size too while it is read
		c.messages(&pgproto3.Bind{DestinationPortal: fmt.Sprint("p", i), PreparedStatement: "e", Parameters: [][]byte{nil, value, nil, nil}}, sync)
		c.expect(want)
	}
	c.messages(&pgproto3.Query{String: "rollback"}, &pgproto3.Query{String: "deallocate all"})
	c.expect("C(ROLLBACK) Z(I) C(DEALLOCATE_ALL) Z(I)")
	held("nothing", 0, 0)
}

// A flood of connections that never become sessions fills the waiting room and nothing else: sessions go on, who finds it full is
// told so, and when the flood is over nothing of it is left.
func TestFlood(t *testing.T) {
	const most = 10
	s := serve(t, Config{MaxConnections: most})
	bystander := s.started(t)
	for _, send := range [][]byte{
		nil, startupRequest(sslRequest), startupPacket(version3, "user", "tarn")[:7], {0x40, 0, 0, 0}, {'Q', 0, 0, 0, 9, 1},
	} {
		var flood []*rawClient
		before := s.Stats().Total
		for range 5 * most {
			c := s.raw(t)
			if _, err := c.conn.Write(send); err == nil {
				flood = append(flood, c)
			}
		}
		bystander.messages(&pgproto3.Query{String: "select rows 1"})
		bystander.expect("T D*1 C(SELECT_1) Z(I)")
		if send == nil { // nobody leaves the waiting room
			eventually(t, func() bool { return s.Stats().Refused == 5*most-(2*most-1) })
			flood[len(flood)-1].expect("E(FATAL,53300) end")
		}
		for _, c := range flood {
			c.conn.Close()
		}
		eventually(t, func() bool {
			n := 0
			s.each(func(*conn) { n++ })
			return n == 1 && s.Stats().Total == before+5*most // some may still wait to be accepted
		})
		s.started(t).messages(&pgproto3.Terminate{})
		eventually(t, func() bool { return s.Stats().Connections == 1 })
	}
}

func TestCancelNeedsTheSecret(t *testing.T) {
	s := serve(t, Config{})
	c := s.started(t)
	c.messages(&pgproto3.Query{String: "subscribe"})
	c.expect("T D*1")
	for _, secret := range []uint32{1, 7919} {
		other := s.raw(t)
		other.send(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(append([]byte{0, 0, 0, 16}, startupRequest(cancelRequest)[4:]...), 1), secret))
		other.expect("end")
		if secret == 1 {
			c.conn.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
			if m := c.next(); m != "end" {
				t.Fatalf("%s after a wrong secret", m)
			}
			c.conn.SetReadDeadline(time.Now().Add(20 * time.Second))
		}
	}
	c.expect("E(ERROR,57014) Z(I)")
}

// FuzzWire is a hostile client: whatever it sends behind its startup packet, the connection ends without a panic.
func FuzzWire(f *testing.F) {
	f.Add(encode(&pgproto3.Query{String: "select rows 3; insert 1"}), true)
	f.Add(encode(parse("s", "select rows 250"), bind("p", "s"), &pgproto3.Describe{ObjectType: 'P', Name: "p"}, execute("p", 7),
		execute("p", 0), &pgproto3.Close{ObjectType: 'S', Name: "s"}, &pgproto3.Sync{}), true)
	f.Add(encode(parse("", "select echo"), &pgproto3.Bind{ParameterFormatCodes: []int16{1, 0, 0, 0},
		Parameters: [][]byte{{0, 0, 0, 1}, nil, []byte("1"), []byte("x")}, ResultFormatCodes: []int16{1}}, execute("", 0), &pgproto3.Sync{}), true)
	f.Add(encode(&pgproto3.Query{String: "copy in"}, &pgproto3.CopyData{Data: []byte("1,x\n")}, &pgproto3.CopyDone{}), true)
	f.Add(encode(&pgproto3.Query{String: "copy out 9"}, &pgproto3.CopyFail{Message: "x"}), true)
	f.Add(encode(parse("", "select wait"), bind("", ""), execute("", 3), &pgproto3.Terminate{}), true)
	f.Add(startupPacket(version3, "user", "x", "options", "-c a=b"), false)
	f.Add(startupRequest(sslRequest), false)
	f.Fuzz(func(t *testing.T, data []byte, started bool) {
		if strings.Contains(string(data), "panic") || strings.Contains(string(data), "subscribe") {
			return // asked for, or without end
		}
		s := newServer(newFakeDatabase(), Config{Logger: failOnError(t), MaxMessage: 1 << 20})
		client, socket := net.Pipe()
		c := newConn(s, socket)
		served := make(chan struct{})
		go func() {
			defer close(served)
			c.serve()
		}()
		read := make(chan struct{})
		go func() {
			defer close(read)
			io.Copy(io.Discard, client)
		}()
		if started {
			data = append(startupPacket(version3, "user", "tarn"), data...)
		}
		client.SetWriteDeadline(time.Now().Add(200 * time.Millisecond))
		client.Write(data)
		c.cancel(errClientGone) // what still runs waits for that
		client.Close()
		<-served
		<-read
	})
}

// failOnError is a logger under which a logged panic fails the test.
func failOnError(t *testing.T) *slog.Logger {
	return slog.New(slog.NewTextHandler(writerFunc(func(p []byte) (int, error) {
		if strings.Contains(string(p), "level=ERROR") && strings.Contains(string(p), "panic") {
			t.Errorf("%s", p)
		}
		return len(p), nil
	}), nil))
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// A client that sends Flush and only then Sync hears of an error before its Sync, as from PostgreSQL.
func TestErrorIsSentBeforeSync(t *testing.T) {
	c := serve(t, Config{}).started(t)
	c.messages(parse("", "fail"), bind("", ""), execute("", 0), &pgproto3.Flush{})
	c.expect("1 2 E(ERROR,23505)")
	c.messages(&pgproto3.Sync{})
	c.expect("Z(I)")
}
