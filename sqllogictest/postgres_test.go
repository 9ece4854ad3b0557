package sqllogictest

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
)

// cluster is a throw-away PostgreSQL 15 that lives as long as the tests of this package.
type cluster struct{ dir, bin string }

var theCluster = sync.OnceValues(startCluster)

func TestMain(m *testing.M) {
	code := m.Run()
	if c := running; c != nil {
		c.stop()
	}
	os.Exit(code)
}

// running is what TestMain has to stop.
var running *cluster

// postgresOf returns a connection string of a real PostgreSQL, or skips the test.
func postgresOf(t *testing.T) Socket {
	t.Helper()
	c, why := theCluster()
	if c == nil {
		t.Skip(why)
	}
	return Socket{URL: "host=" + c.dir + " user=postgres dbname=postgres"}
}

// serverBinaries finds the programs of a PostgreSQL 15 server.
func serverBinaries() string {
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path)
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/15/bin/initdb")
	if len(found) == 0 {
		return ""
	}
	return filepath.Dir(found[0])
}

func startCluster() (*cluster, string) {
	c := &cluster{bin: serverBinaries()}
	if c.bin == "" {
		return nil, "PostgreSQL 15 is not installed (Debian: postgresql-15): nothing is compared with it"
	}
	var err error
	if c.dir, err = os.MkdirTemp("", "postgres"); err != nil {
		return nil, err.Error()
	}
	if os.Getuid() == 0 {
		if out, err := exec.Command("chown", "postgres", c.dir).CombinedOutput(); err != nil {
			return nil, "PostgreSQL does not run as root, and there is no user postgres: " + string(out)
		}
	}
	data := filepath.Join(c.dir, "data")
	if err := c.run("initdb", "-D", data, "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C", "--lc-ctype=C.UTF-8"); err != nil {
		return nil, "initdb: " + err.Error()
	}
	options := "-c fsync=off -c timezone=UTC -c listen_addresses= -c unix_socket_directories=" + c.dir
	if err := c.run("pg_ctl", "-D", data, "-w", "-l", filepath.Join(c.dir, "log"), "-o", options, "start"); err != nil {
		return nil, "pg_ctl: " + err.Error()
	}
	running = c
	return c, ""
}

// run runs one of the server's programs as a user it accepts.
func (c *cluster) run(program string, args ...string) error {
	path := filepath.Join(c.bin, program)
	cmd := exec.Command(path, args...)
	if os.Getuid() == 0 {
		cmd = exec.Command("runuser", append([]string{"-u", "postgres", "--", path}, args...)...)
	}
	cmd.Dir = c.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return cmd.Run() // without output: a pipe that the server inherits would never end
}

func (c *cluster) stop() {
	_ = c.run("pg_ctl", "-D", filepath.Join(c.dir, "data"), "-m", "immediate", "stop")
	_ = os.RemoveAll(c.dir)
}

// clean empties the database.
func clean(t *testing.T, c Connection) {
	t.Helper()
	if _, err := c.Run(context.Background(), "DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public", nil); err != nil {
		t.Fatal(err)
	}
}
