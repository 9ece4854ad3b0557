package sql

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"tarn/sql/sqlstate"
)

// oracle is a real PostgreSQL 15 that lives as long as the test binary needs it.
type oracle struct {
	dir  string
	conn *pgconn.PgConn
}

var (
	oracleOnce sync.Once
	oracleConn *oracle
	oracleSkip string
)

// startOracle connects to a throw-away cluster, or skips the test if this machine has no server.
func startOracle(t *testing.T) *oracle {
	t.Helper()
	oracleOnce.Do(func() { oracleConn, oracleSkip = newOracle() })
	if oracleConn == nil {
		t.Skip(oracleSkip)
	}
	return oracleConn
}

func TestMain(m *testing.M) {
	code := m.Run()
	if oracleConn != nil {
		oracleConn.stop()
	}
	os.Exit(code)
}

const serverBinaries = "/usr/lib/postgresql/15/bin"

func newOracle() (*oracle, string) {
	if _, err := os.Stat(serverBinaries + "/initdb"); err != nil {
		return nil, "no PostgreSQL 15 on this machine: meaning is not compared"
	}
	dir, err := os.MkdirTemp("", "oracle")
	if err != nil {
		return nil, err.Error()
	}
	o := &oracle{dir: dir}
	if os.Getuid() == 0 {
		if out, err := exec.Command("chown", "postgres", dir).CombinedOutput(); err != nil {
			return nil, "PostgreSQL does not run as root, and there is no user postgres: " + string(out)
		}
	}
	data := filepath.Join(dir, "data")
	if out, err := o.run("initdb", "-D", data, "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"); err != nil {
		return nil, "initdb: " + out
	}
	options := "-c fsync=off -c listen_addresses= -c unix_socket_directories=" + dir
	if out, err := o.run("pg_ctl", "-D", data, "-w", "-l", filepath.Join(dir, "log"), "-o", options, "start"); err != nil {
		return nil, "pg_ctl: " + out
	}
	o.conn, err = pgconn.Connect(context.Background(), "host="+dir+" user=postgres dbname=postgres")
	if err != nil {
		o.stop()
		return nil, err.Error()
	}
	return o, ""
}

// run runs one of the server's programs as a user it accepts.
func (o *oracle) run(program string, args ...string) (string, error) {
	path := filepath.Join(serverBinaries, program)
	cmd := exec.Command(path, args...)
	if os.Getuid() == 0 {
		cmd = exec.Command("runuser", append([]string{"-u", "postgres", "--", path}, args...)...)
	}
	cmd.Dir = o.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return "", err
	}
	defer null.Close()
	cmd.Stdout, cmd.Stderr = null, null // the server inherits them, so a pipe would never end
	return program, cmd.Run()
}

func (o *oracle) stop() {
	_, _ = o.run("pg_ctl", "-D", filepath.Join(o.dir, "data"), "-m", "immediate", "stop")
	_ = os.RemoveAll(o.dir)
}

// text runs statements by the simple protocol and returns the last result's rows as lines.
func (o *oracle) text(sql string) (string, error) {
	results, err := o.conn.Exec(context.Background(), sql).ReadAll()
	if err != nil || len(results) == 0 {
		return "", err
	}
	var b strings.Builder
	for _, row := range results[len(results)-1].Rows {
		for i, v := range row {
			if i > 0 {
				b.WriteByte('|')
			}
			b.Write(v)
		}
		b.WriteByte('\n')
	}
	return b.String(), nil
}

// describe is what PostgreSQL says about a statement without running it: parameters and columns.
func (o *oracle) describe(sql string) (string, error) {
	d, err := o.conn.Prepare(context.Background(), "", sql, nil)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintln(&b, d.ParamOIDs)
	for _, f := range d.Fields {
		fmt.Fprintln(&b, f.Name, f.DataTypeOID, f.TypeModifier)
	}
	return b.String(), nil
}

// meaning is the most PostgreSQL can say about a query: its plan, and its definition as a view where it can be one.
func (o *oracle) meaning(sql string) (string, error) {
	described, err := o.describe(sql)
	if err != nil {
		return "", err
	}
	plan, err := o.text("EXPLAIN (VERBOSE, COSTS OFF) " + sql)
	if err != nil {
		plan = state(err)
	}
	view, err := o.text("BEGIN; CREATE TEMP VIEW v AS " + sql + "\n; SELECT pg_get_viewdef('v'::regclass, true)")
	if err != nil {
		view = ""
	}
	_, _ = o.text("ROLLBACK")
	return described + plan + view, nil
}

// state is the SQLSTATE of an error of PostgreSQL.
func state(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return err.Error()
}

// refusal is PostgreSQL's error for a text, as describeError prints ours.
func (o *oracle) refusal(sql string) string {
	_, err := o.text("BEGIN; ROLLBACK")
	if err != nil {
		return err.Error()
	}
	_, err = o.text(sql)
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return "accepted"
	}
	_, _ = o.text("ROLLBACK")
	return describeError(&sqlstate.Error{Code: sqlstate.Code(e.Code), Message: e.Message, Hint: e.Hint, Position: int(e.Position)})
}

// describeError prints an error on one line: 42601@8: message (hint).
func describeError(e *sqlstate.Error) string {
	s := fmt.Sprintf("%s@%d: %s", string(e.Code), e.Position, e.Message)
	if e.Hint != "" {
		s += " (" + e.Hint + ")"
	}
	return s
}
