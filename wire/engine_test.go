package wire

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgproto3/v2"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"tarn/engine"
)

// serveEngine serves a real engine.
func serveEngine(t *testing.T) *served {
	t.Helper()
	logger := slog.New(slog.NewTextHandler(io.Discard, nil))
	e, err := engine.Open(context.Background(), engine.Config{Dir: t.TempDir(), Memory: 128 << 20, Logger: logger})
	if err != nil {
		t.Fatal(err)
	}
	s := New(e, Config{Logger: logger, Grace: 100 * time.Millisecond})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := e.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return &served{Server: s, addr: l.Addr().String()}
}

// What clients do most, through all layers.
func TestEngine(t *testing.T) {
	s := serveEngine(t)
	c := s.connect(t)
	ctx := context.Background()
	if _, err := c.PgConn().Exec(ctx, `
		CREATE TABLE t (a int PRIMARY KEY, b text, c timestamptz);
		INSERT INTO t VALUES (1, 'one', '2024-01-02 03:04:05.678Z'), (2, NULL, NULL);
		CREATE MATERIALIZED VIEW v AS SELECT count(*) AS n, sum(a) AS s FROM t`).ReadAll(); err != nil {
		t.Fatal(err)
	}
	at := time.Date(2024, 1, 2, 3, 4, 5, 678e6, time.UTC)
	for _, mode := range []pgx.QueryExecMode{pgx.QueryExecModeSimpleProtocol, pgx.QueryExecModeExec, pgx.QueryExecModeCacheStatement} {
		var a int
		var b string
		var got time.Time
		if err := c.QueryRow(ctx, "SELECT a, b, c FROM t WHERE a = $1 AND c = $2", mode, 1, at).Scan(&a, &b, &got); err != nil {
			t.Fatalf("%v: %v", mode, err)
		}
		if a != 1 || b != "one" || !got.Equal(at) {
			t.Errorf("%v: %d %s %s", mode, a, b, got)
		}
	}
	if _, err := c.Exec(ctx, "INSERT INTO t VALUES (1)"); code(err) != "23505" {
		t.Error(err)
	}
	var data bytes.Buffer
	for i := range 5000 {
		fmt.Fprintf(&data, "%d\tx\\t%d\t\\N\n", i+10, i)
	}
	if tag, err := c.PgConn().CopyFrom(ctx, &data, "COPY t FROM STDIN"); err != nil || tag.RowsAffected() != 5000 {
		t.Fatal(tag, err)
	}
	if _, err := c.PgConn().CopyFrom(ctx, strings.NewReader("9000\tx\t\\N\nz\n"), "COPY t FROM STDIN"); code(err) != "22P02" {
		t.Error(err)
	}
	var n, sum int
	if err := c.QueryRow(ctx, "SELECT n, s FROM v").Scan(&n, &sum); err != nil || n != 5002 || sum != 3+5000*10+4999*5000/2 {
		t.Error(n, sum, err)
	}
	data.Reset()
	if tag, err := c.PgConn().CopyTo(ctx, &data, "COPY (SELECT a, b FROM t ORDER BY a LIMIT 3) TO STDOUT (FORMAT csv, HEADER)"); err != nil ||
		tag.RowsAffected() != 3 || data.String() != "a,b\n1,one\n2,\n10,x\t0\n" {
		t.Errorf("%q, %v, %v", data.String(), tag, err)
	}
}

// Portals with row limits run beside each other and the statements of their block.
func TestEnginePortals(t *testing.T) {
	s := serveEngine(t)
	if _, err := s.connect(t).PgConn().Exec(context.Background(),
		"CREATE TABLE t (a int); INSERT INTO t SELECT generate_series(1, 20000)").ReadAll(); err != nil {
		t.Skip("generate_series: ", err)
	}
	c := s.raw(t)
	c.send(startupPacket(version3, "user", "tarn"))
	for c.next() != "Z(I)" {
	}
	sync := &pgproto3.Sync{}
	c.messages(&pgproto3.Query{String: "BEGIN"})
	c.expect("C(BEGIN) Z(T)")
	c.messages(parse("s", "SELECT a FROM t"), bind("p", "s"), bind("q", "s"), execute("p", 3), sync)
	c.expect("1 2 2 D*3 s Z(T)")
	c.messages(execute("q", 10), execute("p", 10), &pgproto3.Close{ObjectType: 'P', Name: "p"}, sync)
	c.expect("D*10 s D*10 s 3 Z(T)")
	c.messages(parse("", "INSERT INTO t VALUES (0)"), bind("", ""), execute("", 0), execute("q", 7), sync)
	c.expect("1 2 C(INSERT_0_1) D*7 s Z(T)")
	c.messages(execute("q", 0), sync)
	c.expect("D*19983 C(SELECT_19983) Z(T)")
	c.messages(bind("r", "s"), execute("r", 1), &pgproto3.Query{String: "COMMIT"})
	c.expect("2 D*1 s C(COMMIT) Z(I)")
	c.messages(bind("", "s"), execute("", 5), sync)
	c.expect("2 D*5 s Z(I)")
	c.messages(&pgproto3.Query{String: "SELECT count(*) FROM t"})
	c.expect("T D*1 C(SELECT_1) Z(I)")
}

// A subscription shows changes as they happen, until it is cancelled.
func TestEngineSubscribe(t *testing.T) {
	s := serveEngine(t)
	c, writer := s.connect(t).PgConn(), s.connect(t)
	ctx := context.Background()
	if _, err := writer.Exec(ctx, "CREATE TABLE t (a int PRIMARY KEY)"); err != nil {
		t.Fatal(err)
	}
	rows := c.ExecParams(ctx, "SUBSCRIBE t", nil, nil, nil, nil)
	for i := range 3 {
		if _, err := writer.Exec(ctx, "INSERT INTO t VALUES ($1)", i); err != nil {
			t.Fatal(err)
		}
		if !rows.NextRow() {
			_, err := rows.Close()
			t.Fatal(err)
		}
		if got := string(rows.Values()[len(rows.Values())-1]); got != fmt.Sprint(i) {
			t.Errorf("change %d: %s", i, got)
		}
	}
	if err := c.CancelRequest(ctx); err != nil {
		t.Fatal(err)
	}
	for rows.NextRow() {
	}
	if _, err := rows.Close(); code(err) != "57014" {
		t.Error(err)
	}
	if _, err := c.Exec(ctx, "SELECT 1").ReadAll(); err != nil {
		t.Error(err)
	}
}

// COMMIT and ROLLBACK without a block end what the statements before them in the same string have begun.
func TestEndsOfImplicitTransactions(t *testing.T) {
	c := serveEngine(t).connect(t)
	ctx := context.Background()
	if _, err := c.Exec(ctx, "CREATE TABLE t (a int)"); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct{ text, code, rows string }{
		{"INSERT INTO t VALUES (1); ROLLBACK", "<nil>", ""},
		{"INSERT INTO t VALUES (2); COMMIT; INSERT INTO t VALUES (3); SELECT 1 / 0", "22012", "2"},
		{"INSERT INTO t VALUES (4); ROLLBACK; INSERT INTO t VALUES (5)", "<nil>", "2 5"},
		{"INSERT INTO t VALUES (6); COMMIT AND CHAIN", "25P01", "2 5"},
		{"INSERT INTO t VALUES (7); ROLLBACK AND CHAIN", "25P01", "2 5"},
		{"INSERT INTO t VALUES (8); COMMIT; ROLLBACK", "<nil>", "2 5 8"},
		{"CREATE TABLE u (a int); ROLLBACK; CREATE TABLE u (a int); INSERT INTO u VALUES (1); COMMIT; DROP TABLE u; ROLLBACK; INSERT INTO t SELECT a FROM u", "<nil>", "1 2 5 8"},
	} {
		if _, err := c.PgConn().Exec(ctx, step.text).ReadAll(); code(err) != step.code {
			t.Fatalf("%s: %v", step.text, err)
		}
		var rows string
		if err := c.QueryRow(ctx, "SELECT coalesce(string_agg(a::text, ' ' ORDER BY a), '') FROM t").Scan(&rows); err != nil {
			t.Fatal(err)
		}
		if rows != step.rows {
			t.Errorf("%s: %q, want %q", step.text, rows, step.rows)
		}
	}
	batch := &pgx.Batch{} // the same between two Syncs of the extended protocol
	for _, text := range []string{"INSERT INTO t VALUES (9)", "ROLLBACK", "INSERT INTO t VALUES (10)", "COMMIT", "INSERT INTO t VALUES (1 / 0)"} {
		batch.Queue(text)
	}
	if err := c.SendBatch(ctx, batch).Close(); code(err) != "22012" {
		t.Error(err)
	}
	var n, last int
	if err := c.QueryRow(ctx, "SELECT count(*), max(a) FROM t").Scan(&n, &last); err != nil || n != 5 || last != 10 {
		t.Error(n, last, err)
	}
}

// What a string of statements sets is undone with it, and the client is told; SET LOCAL lasts as long as the string.
func TestSettingsOfImplicitTransactions(t *testing.T) {
	c := serveEngine(t).connect(t).PgConn()
	for text, want := range map[string]string{
		"SET TimeZone = 'Asia/Tokyo'; SELECT 1 / 0":                        "UTC",
		"SET TimeZone = 'Asia/Tokyo'; SELECT nowhere":                      "UTC",
		"SET TimeZone = 'Asia/Tokyo'; ROLLBACK":                            "UTC",
		"SET TimeZone = 'Asia/Tokyo'; COMMIT; SELECT 1 / 0":                "Asia/Tokyo",
		"SET TimeZone = 'Asia/Tokyo'; SELECT 1":                            "Asia/Tokyo",
		"SET TimeZone = 'Asia/Tokyo'; BEGIN; ROLLBACK":                     "UTC",
		"SET LOCAL TimeZone = 'Asia/Tokyo'; SELECT 1":                      "UTC",
		"SELECT set_config('TimeZone', 'Asia/Tokyo', false); SELECT 1 / 0": "UTC",
		"RESET TimeZone; SET LOCAL TimeZone = 'Asia/Tokyo'; SHOW TimeZone": "UTC",
	} {
		ctx := context.Background()
		if _, err := c.Exec(ctx, "SET TimeZone = 'UTC'").ReadAll(); err != nil {
			t.Fatal(err)
		}
		results, _ := c.Exec(ctx, text).ReadAll()
		if got := c.ParameterStatus("TimeZone"); got != want {
			t.Errorf("%s: the client believes in %s, want %s", text, got, want)
		}
		if strings.HasSuffix(text, "SHOW TimeZone") && string(results[2].Rows[0][0]) != "Asia/Tokyo" {
			t.Errorf("%s: %s", text, results[2].Rows[0][0])
		}
		results, err := c.Exec(ctx, "SHOW TimeZone").ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if got := string(results[0].Rows[0][0]); got != want {
			t.Errorf("%s: %s is left, want %s", text, got, want)
		}
	}
}

// A client is told what client_min_messages says; what is odd about a transaction is a warning.
func TestNoticesOfSession(t *testing.T) {
	cfg, err := pgconn.ParseConfig(serveEngine(t).url())
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	cfg.OnNotice = func(_ *pgconn.PgConn, n *pgconn.Notice) { told = append(told, n.Severity+" "+n.Code) }
	c, err := pgconn.ConnectConfig(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.Background())
	for level, want := range map[string]string{
		"debug1": "[NOTICE 00000 WARNING 25P01]", "notice": "[NOTICE 00000 WARNING 25P01]", "warning": "[WARNING 25P01]", "error": "[]",
	} {
		told = nil
		if _, err := c.Exec(context.Background(), "SET client_min_messages = "+level+"; DROP TABLE IF EXISTS nowhere; COMMIT").ReadAll(); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(told); got != want {
			t.Errorf("%s: told %s, want %s", level, got, want)
		}
	}
}

// An error in the value of a parameter says which parameter it is.
func TestErrorsOfParameters(t *testing.T) {
	c := serveEngine(t).connect(t).PgConn()
	ctx := context.Background()
	for _, test := range []struct {
		text    string
		values  []string
		formats []int16
		want    string
	}{
		{"SELECT $1::int, $2::date", []string{"1", "x"}, nil, "22007 unnamed portal parameter $2 = '...'"},
		{"SELECT $1::int, $2::date", []string{"\x00", "x"}, []int16{1, 0}, "08P01 unnamed portal parameter $1"},
		{"SELECT $1::jsonb", []string{"{"}, nil, "22P02 JSON data, line 1: {\nunnamed portal parameter $1 = '...'"},
	} {
		var values [][]byte
		for _, v := range test.values {
			values = append(values, []byte(v))
		}
		err := c.ExecParams(ctx, test.text, values, nil, test.formats, nil).Read().Err
		var e *pgconn.PgError
		if !errors.As(err, &e) || e.Code+" "+e.Where != test.want {
			t.Errorf("%s: %v, want %s", test.text, err, test.want)
		}
	}
}
