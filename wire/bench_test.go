package wire

import (
	"fmt"
	"io"
	"net"
	"testing"

	"github.com/jackc/pgproto3/v2"
)

// benchClient is past startup and counts nothing but bytes.
func benchClient(b *testing.B) net.Conn {
	s := serve(b, Config{})
	conn, err := net.Dial("tcp", s.addr)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { conn.Close() })
	conn.Write(startupPacket(version3, "user", "tarn"))
	readUntilReady(b, conn)
	return conn
}

var benchBuffer [256 << 10]byte

// readUntilReady reads up to ReadyForQuery, which ends what a server sends before it waits.
func readUntilReady(b *testing.B, conn io.Reader) (n int) {
	buf := benchBuffer[:]
	tail := make([]byte, 0, 16)
	for {
		k, err := conn.Read(buf)
		if err != nil {
			b.Fatal(err)
		}
		n += k
		tail = append(tail, buf[max(0, k-6):k]...)
		tail = tail[:copy(tail, tail[max(0, len(tail)-6):])]
		if len(tail) == 6 && string(tail[:5]) == "Z\x00\x00\x00\x05" {
			return n
		}
	}
}

// BenchmarkPrepared is a round trip of a prepared statement that does nothing.
func BenchmarkPrepared(b *testing.B) {
	conn := benchClient(b)
	conn.Write(encode(parse("s", "insert 1"), &pgproto3.Sync{}))
	readUntilReady(b, conn)
	request := encode(bind("", "s"), &pgproto3.Describe{ObjectType: 'P'}, execute("", 0), &pgproto3.Sync{})
	b.ReportAllocs()
	for b.Loop() {
		conn.Write(request)
		readUntilReady(b, conn)
	}
}

// BenchmarkRows is a large result of an int8, a text and a float8, batches included.
func BenchmarkRows(b *testing.B) {
	const rows = 100_000
	conn := benchClient(b)
	for name, request := range map[string][]byte{
		"text": encode(&pgproto3.Query{String: fmt.Sprint("select rows ", rows)}),
		"binary": encode(parse("", fmt.Sprint("select rows ", rows)), &pgproto3.Bind{ResultFormatCodes: []int16{1}},
			execute("", 0), &pgproto3.Sync{}),
		"limited": encode(parse("", fmt.Sprint("select rows ", rows)), bind("", ""), execute("", rows+1), &pgproto3.Sync{}),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				conn.Write(request)
				b.SetBytes(int64(readUntilReady(b, conn)))
			}
			b.ReportMetric(rows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// BenchmarkCopyIn is COPY FROM STDIN in pieces of 8 KB, as psql sends them.
func BenchmarkCopyIn(b *testing.B) {
	conn := benchClient(b)
	request := encode(&pgproto3.Query{String: "copy in"})
	line := "123456,some text of a row\n"
	piece := ""
	for len(piece) < 8000 {
		piece += line
	}
	const pieces = 1000
	for range pieces {
		request = append(request, encode(&pgproto3.CopyData{Data: []byte(piece)})...)
	}
	request = append(request, encode(&pgproto3.CopyDone{})...)
	b.SetBytes(int64(len(request)))
	for b.Loop() {
		go conn.Write(request)
		readUntilReady(b, conn)
	}
	b.ReportMetric(float64(pieces*len(piece)/len(line))*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
