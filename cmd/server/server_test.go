package main

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"tarn/engine"
)

func none(string) string { return "" }

func TestFlags(t *testing.T) {
	for _, test := range []struct {
		args        string
		environment map[string]string
		want        func(c config) bool
		err         string
	}{
		{"", nil, func(c config) bool {
			return c.listen == "127.0.0.1:5433" && c.data == "./data" && c.http == "127.0.0.1:9433" && c.memory == 2<<30 && !c.demo
		}, ""},
		{"--memory 512MiB --demo --demo-rate 5 --demo-seed 9 --log-level warn", nil, func(c config) bool {
			return c.memory == 512<<20 && c.demo && c.demoRate == 5 && c.demoSeed == 9 && c.logLevel == slog.LevelWarn
		}, ""},
		{"", map[string]string{"TARN_DATA": "/d", "TARN_DEMO": "true", "TARN_LOG_LEVEL": "debug", "TARN_DEMO_RATE": "2"}, func(c config) bool {
			return c.data == "/d" && c.demo && c.logLevel == slog.LevelDebug && c.demoRate == 2
		}, ""},
		{"--data here", map[string]string{"TARN_DATA": "there"}, func(c config) bool { return c.data == "here" }, ""},
		{"--listen localhost:1", nil, func(c config) bool { return true }, ""},
		{"--listen [::1]:1", nil, func(c config) bool { return true }, ""},
		{"--listen 127.8.9.1:1", nil, func(c config) bool { return true }, ""},
		{"--listen 0.0.0.0:5433", nil, nil, "--listen 0.0.0.0:5433 is refused: Tarn has no passwords yet"},
		{"--listen :5433", nil, nil, "is refused"},
		{"--listen 10.0.0.1:5433", nil, nil, "is refused"},
		{"", map[string]string{"TARN_LISTEN": "[::]:1"}, nil, "is refused"},
		{"--listen 5433", nil, nil, "missing port"},
		{"", map[string]string{"TARN_MEMORY": "lots"}, nil, "environment variable TARN_MEMORY"},
		{"--memory 1KB", nil, nil, "at least 64MiB"},
		{"--demo-rate 0", nil, nil, "--demo-rate"},
		{"--colour red", nil, nil, "colour"},
		{"surplus", nil, nil, "unexpected argument"},
	} {
		c, err := parseFlags(strings.Fields(test.args), func(name string) string { return test.environment[name] })
		switch {
		case test.err == "" && err != nil, test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err)):
			t.Errorf("%q %v: error %v, want %q", test.args, test.environment, err, test.err)
		case err == nil && !test.want(c):
			t.Errorf("%q %v: %+v", test.args, test.environment, c)
		}
	}
}

func TestByteSize(t *testing.T) {
	for text, want := range map[string]string{
		"2GiB": "2GiB", "1.5 gib": "1536MiB", "2GB": "1953125KiB", "67108864": "64MiB", "100000001b": "100000001",
	} {
		var b byteSize
		if err := b.Set(text); err != nil || b.String() != want {
			t.Errorf("%s is %s, %v; want %s", text, b, err, want)
		}
	}
	for _, text := range []string{"", "GiB", "-1GiB", "1e30GiB", "NaN", "2 gigs"} {
		if err := new(byteSize).Set(text); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
}

// freeAddress is a loopback address nobody listens on.
func freeAddress(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// A server starts, serves, tells of itself, shuts down, and starts again with what it had.
func TestServe(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a server")
	}
	dir := filepath.Join(t.TempDir(), "data")
	for _, statement := range []string{
		"CREATE TABLE t (a int PRIMARY KEY); INSERT INTO t VALUES (1), (2)",
		"INSERT INTO t VALUES (3)",
	} {
		c, err := parseFlags([]string{"--data", dir, "--listen", freeAddress(t), "--http", freeAddress(t), "--memory", "256MiB"}, none)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		out, written := io.Pipe()
		ended := make(chan error, 1)
		go func() {
			ended <- serveUntil(ctx, c, written, slog.New(slog.NewTextHandler(io.Discard, nil)))
			written.Close()
		}()
		first := make([]byte, 200)
		if n, err := out.Read(first); err != nil || !strings.Contains(string(first[:n]), "psql -h 127.0.0.1 -p ") {
			t.Fatalf("%s, %v, %v", first[:n], err, <-ended)
		}
		go io.Copy(io.Discard, out)
		conn, err := pgx.Connect(ctx, "postgres://tarn@"+c.listen+"/tarn?sslmode=disable")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.PgConn().Exec(ctx, statement).ReadAll(); err != nil {
			t.Fatal(err)
		}
		if err := health([]string{"--http", c.http}); err != nil {
			t.Error(err)
		}
		if got := get(t, "http://"+c.http+"/metrics"); !strings.Contains(got, "tarn_epoch ") || !strings.Contains(got, "go_goroutines") {
			t.Errorf("metrics:\n%s", got)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		if err := health([]string{"--http", c.http}); err == nil {
			t.Error("still healthy")
		}
	}
	var out bytes.Buffer
	if err := inspect(&out, []string{dir}); err != nil {
		t.Error(err)
	}
	for _, want := range []string{"checkpoint: epoch", "log "} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}

func get(t *testing.T, url string) string {
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	b, _ := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	return string(b)
}

// Before the database is open the process is healthy and not ready.
func TestNotReady(t *testing.T) {
	s := httptest.NewServer(handler(&observed{}, false))
	defer s.Close()
	for path, want := range map[string]int{"/healthz": 200, "/readyz": 503, "/metrics": 200, "/": 404, "/debug/pprof/": 404} {
		answer, err := http.Get(s.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != want {
			t.Errorf("%s: %d", path, answer.StatusCode)
		}
	}
	if err := health([]string{"--http", strings.TrimPrefix(s.URL, "http://")}); err == nil || !strings.Contains(err.Error(), "not ready: starting") {
		t.Error(err)
	}
}

func TestReachable(t *testing.T) {
	for address, want := range map[string]string{":1": "127.0.0.1:1", "0.0.0.0:1": "127.0.0.1:1", "[::]:1": "127.0.0.1:1", "10.0.0.1:1": "10.0.0.1:1"} {
		if got := reachable(address); got != want {
			t.Errorf("%s: %s", address, got)
		}
	}
}

// A directory whose log is lost is refused: one sentence, and a hint.
func TestLostLog(t *testing.T) {
	dir := t.TempDir()
	e, err := engine.Open(context.Background(), engine.Config{Dir: dir, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	session, err := e.Connect("tarn", "tarn", nil)
	if err != nil {
		t.Fatal(err)
	}
	statements, err := session.Parse("CREATE STREAM s (k int)")
	if err != nil {
		t.Fatal(err)
	}
	p, err := session.Prepare(context.Background(), statements[0], nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := session.ExecuteLast(context.Background(), p, nil, nil); err != nil {
		t.Fatal(err)
	}
	session.Close()
	if err := e.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(dir, "log")); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		c, err := parseFlags([]string{"--data", dir, "--listen", freeAddress(t), "--http", ""}, none)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		report(&out, serveUntil(t.Context(), c, io.Discard, slog.New(slog.DiscardHandler)))
		want := "tarn: open database " + dir + ": log/ has no epoch, and store/ holds epoch 1: put back the log/ and store/ that belong together (SQLSTATE XX001)\n" +
			"hint: One of them was lost, or is an older copy than the other.\n"
		if out.String() != want {
			t.Fatalf("got  %q\nwant %q", out.String(), want)
		}
	}
}

func TestInspectNothing(t *testing.T) {
	if err := inspect(io.Discard, []string{t.TempDir()}); err == nil || !strings.Contains(err.Error(), "is no data directory") {
		t.Error(err)
	}
	if err := inspect(io.Discard, nil); err == nil {
		t.Error("no directory")
	}
}
