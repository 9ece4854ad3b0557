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

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// served is a server with a fake database on a socket of its own.
type served struct {
	*Server
	db   *fakeDatabase
	addr string
	stop func() // ends Serve and waits for it
}

func serve(t testing.TB, cfg Config) *served {
	t.Helper()
	cfg.Logger = slog.New(slog.NewTextHandler(io.Discard, nil))
	db := newFakeDatabase()
	s := newServer(db, cfg)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, l) }()
	stopped := false
	stop := func() {
		cancel()
		if !stopped {
			stopped = true
			if err := <-done; err != nil {
				t.Errorf("Serve: %v", err)
			}
		}
	}
	t.Cleanup(stop)
	return &served{Server: s, db: db, addr: l.Addr().String(), stop: stop}
}

func (s *served) url() string {
	return "postgres://tarn@" + s.addr + "/tarn?sslmode=prefer&application_name=test"
}

func (s *served) connect(t testing.TB) *pgx.Conn {
	t.Helper()
	c, err := pgx.Connect(context.Background(), s.url())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(context.Background()) })
	return c
}

func code(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return fmt.Sprint(err)
}

func TestStartup(t *testing.T) {
	s := serve(t, Config{})
	c := s.connect(t)
	if got := c.PgConn().ParameterStatus("application_name"); got != "test" {
		t.Errorf("application_name is %q", got)
	}
	if got := s.Stats().Connections; got != 1 {
		t.Errorf("%d connections", got)
	}
}

func TestSimpleQuery(t *testing.T) {
	c := serve(t, Config{}).connect(t).PgConn()
	ctx := context.Background()
	results, err := c.Exec(ctx, "begin; select rows 3; insert 1; commit;").ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var tags []string
	for _, r := range results {
		tags = append(tags, r.CommandTag.String())
	}
	if got := strings.Join(tags, ", "); got != "BEGIN, SELECT 3, INSERT 0 1, COMMIT" {
		t.Errorf("tags %s", got)
	}
	if got := fmt.Sprintf("%q", results[1].Rows); got != `[["0" "name 0" "0"] ["1" "name 1" "0.5"] ["2" "" "1"]]` || results[1].Rows[2][1] != nil {
		t.Errorf("rows %s", got)
	}
	if results, err := c.Exec(ctx, " ; ").ReadAll(); err != nil || len(results) != 1 || results[0].CommandTag.String() != "" {
		t.Errorf("empty query: %v, %v", results, err)
	}
	// The first error ends the string.
	results, err = c.Exec(ctx, "insert 1; fail; insert 2").ReadAll()
	if code(err) != "23505" || len(results) != 1 {
		t.Errorf("%d results, %v", len(results), err)
	}
	if _, err := c.Exec(ctx, "insert 1; nonsense").ReadAll(); code(err) != "42601" {
		t.Error(err)
	}
}

func TestErrorFields(t *testing.T) {
	c := serve(t, Config{}).connect(t).PgConn()
	_, err := c.Exec(context.Background(), "fail").ReadAll()
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		t.Fatal(err)
	}
	got := []any{e.Severity, e.SeverityUnlocalized, e.Code, e.Message, e.Detail, e.Hint, e.Position, e.Where, e.SchemaName, e.TableName, e.ColumnName, e.ConstraintName}
	want := `[ERROR ERROR 23505 duplicate key Key (a)=(1) already exists. h 3 w public t a t_pkey]`
	if fmt.Sprint(got) != want {
		t.Errorf("got  %v\nwant %s", got, want)
	}
}

func TestNoticesAndParameters(t *testing.T) {
	s := serve(t, Config{})
	cfg, err := pgconn.ParseConfig(s.url())
	if err != nil {
		t.Fatal(err)
	}
	var notices []string
	cfg.OnNotice = func(_ *pgconn.PgConn, n *pgconn.Notice) { notices = append(notices, n.Severity+" "+n.Code) }
	c, err := pgconn.ConnectConfig(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.Background())
	if _, err := c.Exec(context.Background(), "notice; set").ReadAll(); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(notices, ", "); got != "NOTICE 00000, WARNING 01000" {
		t.Error(got)
	}
	if got := c.ParameterStatus("application_name"); got != "other" {
		t.Error(got)
	}
}

func TestExtendedQuery(t *testing.T) {
	c := serve(t, Config{}).connect(t)
	ctx := context.Background()
	for range 2 { // the second time with the statement prepared
		var a int32
		var b *string
		var f float64
		var raw []byte
		if err := c.QueryRow(ctx, "select echo", 42, nil, 1.5, []byte{0, 255}).Scan(&a, &b, &f, &raw); err != nil {
			t.Fatal(err)
		}
		if a != 42 || b != nil || f != 1.5 || !bytes.Equal(raw, []byte{0, 255}) {
			t.Error(a, b, f, raw)
		}
	}
	if _, err := c.Exec(ctx, "select missing"); code(err) != "42703" {
		t.Error(err)
	}
	if _, err := c.Exec(ctx, "fail"); code(err) != "23505" {
		t.Error(err)
	}
	rows, err := c.Query(ctx, "select rows 10000")
	if err != nil {
		t.Fatal(err)
	}
	n := int64(0)
	for rows.Next() {
		var id int64
		var name *string
		var half float64
		if err := rows.Scan(&id, &name, &half); err != nil {
			t.Fatal(err)
		}
		if id != n || (name == nil) != (n%3 == 2) || half != float64(n)/2 {
			t.Fatal(id, name, half)
		}
		n++
	}
	if rows.Err() != nil || n != 10000 {
		t.Error(n, rows.Err())
	}
}

// A failed block refuses everything up to its end.
func TestFailedBlock(t *testing.T) {
	c := serve(t, Config{}).connect(t)
	ctx := context.Background()
	tx, err := c.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(ctx, "fail"); code(err) != "23505" {
		t.Error(err)
	}
	if _, err := tx.Exec(ctx, "insert 1"); code(err) != "25P02" {
		t.Error(err)
	}
	if err := tx.Rollback(ctx); err != nil {
		t.Error(err)
	}
	if _, err := c.Exec(ctx, "insert 1"); err != nil {
		t.Error(err)
	}
}

// A commit that fails replaces the CommandComplete of its statement (W3).
func TestFailedCommit(t *testing.T) {
	c := serve(t, Config{}).connect(t)
	ctx := context.Background()
	for _, mode := range []pgx.QueryExecMode{pgx.QueryExecModeSimpleProtocol, pgx.QueryExecModeExec, pgx.QueryExecModeCacheStatement} {
		if tag, err := c.Exec(ctx, "insert conflict", mode); code(err) != "40001" || tag.String() != "" {
			t.Errorf("%v: %q, %v", mode, tag, err)
		}
		if _, err := c.Exec(ctx, "insert 1", mode); err != nil {
			t.Error(mode, err)
		}
	}
}

func TestCopy(t *testing.T) {
	c := serve(t, Config{}).connect(t).PgConn()
	ctx := context.Background()
	var data strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&data, "%d,\"text, number %d\"\n", i, i)
	}
	tag, err := c.CopyFrom(ctx, strings.NewReader(data.String()), "copy in")
	if err != nil || tag.String() != "COPY 20000" {
		t.Errorf("%q, %v", tag, err)
	}
	// Errors at the start, in the middle and by the client leave the connection usable.
	if _, err := c.CopyFrom(ctx, strings.NewReader(data.String()), "copy in bad"); code(err) != "22P04" {
		t.Error(err)
	}
	_, err = c.CopyFrom(ctx, strings.NewReader("1,x\nabc,y\n"+data.String()), "copy in")
	var e *pgconn.PgError
	if !errors.As(err, &e) || e.Code != "22P02" || e.Where != `COPY t, line 2, column a: "abc"` {
		t.Errorf("%v, %+v", err, e)
	}
	failing := io.MultiReader(strings.NewReader("1,x\n"), readerFunc(func([]byte) (int, error) { return 0, errors.New("no more") }))
	if _, err := c.CopyFrom(ctx, failing, "copy in"); err == nil || !strings.Contains(err.Error(), "no more") {
		t.Error(err)
	}
	var out bytes.Buffer
	tag, err = c.CopyTo(ctx, &out, "copy out 3")
	if err != nil || tag.String() != "COPY 3" || out.String() != "0\tname 0\t0\n1\tname 1\t0.5\n2\t\\N\t1\n" {
		t.Errorf("%q, %q, %v", out.String(), tag, err)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestCancel(t *testing.T) {
	c := serve(t, Config{}).connect(t).PgConn()
	ctx := context.Background()
	rows := c.ExecParams(ctx, "subscribe", nil, nil, nil, nil)
	if !rows.NextRow() { // so it runs
		t.Fatal("no row")
	}
	if err := c.CancelRequest(ctx); err != nil {
		t.Fatal(err)
	}
	for rows.NextRow() {
	}
	if _, err := rows.Close(); code(err) != "57014" {
		t.Error(err)
	}
	if _, err := c.Exec(ctx, "insert 1").ReadAll(); err != nil {
		t.Error(err)
	}
}

// A client that goes away takes its statement with it, and nobody else's (W5).
func TestClientGone(t *testing.T) {
	s := serve(t, Config{})
	c, other := s.connect(t).PgConn(), s.connect(t).PgConn()
	rows := c.ExecParams(context.Background(), "subscribe", nil, nil, nil, nil)
	if !rows.NextRow() {
		t.Fatal("no row")
	}
	c.Conn().Close()
	eventually(t, func() bool { return s.db.closed.Load() == 1 })
	if _, err := other.Exec(context.Background(), "insert 1").ReadAll(); err != nil {
		t.Error(err)
	}
}

func eventually(t *testing.T, what func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !what(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("waited in vain")
		}
	}
}

// A panic ends its connection with XX000; the server goes on (W1).
func TestPanic(t *testing.T) {
	s := serve(t, Config{})
	c := s.connect(t).PgConn()
	if _, err := c.Exec(context.Background(), "panic").ReadAll(); code(err) != "XX000" {
		t.Error(err)
	}
	eventually(t, func() bool { return s.Stats().Connections == 0 })
	if _, err := s.connect(t).Exec(context.Background(), "insert 1"); err != nil {
		t.Error(err)
	}
}

func TestTooManyConnections(t *testing.T) {
	s := serve(t, Config{MaxConnections: 2})
	first := s.connect(t)
	s.connect(t)
	if _, err := pgx.Connect(context.Background(), s.url()); code(err) != "53300" {
		t.Error(err)
	}
	first.Close(context.Background())
	eventually(t, func() bool { return s.Stats().Connections == 1 })
	s.connect(t)
	if got := s.Stats().Refused; got == 0 {
		t.Errorf("%d refused", got)
	}
}

// At shutdown idle connections and subscriptions end at once, a running statement after the grace period.
func TestShutdown(t *testing.T) {
	s := serve(t, Config{Grace: 100 * time.Millisecond})
	idle, subscribed, running := s.connect(t).PgConn(), s.connect(t).PgConn(), s.connect(t).PgConn()
	ctx := context.Background()
	subscription := subscribed.ExecParams(ctx, "subscribe", nil, nil, nil, nil)
	if !subscription.NextRow() {
		t.Fatal("no row")
	}
	statement := make(chan error, 1)
	go func() {
		_, err := running.Exec(ctx, "select wait").ReadAll()
		statement <- err
	}()
	eventually(t, func() bool {
		s.db.mu.Lock()
		defer s.db.mu.Unlock()
		return s.db.sessions[3].cancel.Load() != nil
	})
	s.stop()
	if _, err := subscription.Close(); code(err) != "57P01" {
		t.Error("subscription:", err)
	}
	if err := <-statement; code(err) != "57P01" {
		t.Error("statement:", err)
	}
	if _, err := idle.Exec(ctx, "insert 1").ReadAll(); err == nil {
		t.Error("the idle connection lives")
	}
	if got := s.db.closed.Load(); got != 3 {
		t.Errorf("%d sessions closed", got)
	}
}
