package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// database is a server that psql and pgbench can talk to.
type database interface {
	name() string
	address() []string // flags of libpq's programs
}

// both are the servers to compare, Tarn first.
func (b *bench) both(ctx context.Context) ([]database, error) {
	if b.tarn == nil {
		t, err := buildTarn(ctx, b.dir)
		if err != nil {
			return nil, err
		}
		if err := t.start(ctx); err != nil {
			return nil, err
		}
		b.tarn = t
	}
	if b.pg == nil {
		pg, err := startPostgres(ctx, filepath.Join(b.dir, "postgres"))
		if err != nil {
			return nil, err
		}
		if pg == nil {
			fmt.Println("no PostgreSQL on this machine: nothing to compare with")
			return []database{b.tarn}, nil
		}
		b.pg = pg
	}
	return []database{b.tarn, b.pg}, nil
}

func (b *bench) stop() {
	if b.tarn != nil {
		_ = b.tarn.end(syscall.SIGTERM)
	}
	if b.pg != nil {
		b.pg.stop()
	}
}

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port), nil
}

// tarn is a server process of our own.
type tarn struct {
	binary, data, port string
	cmd                *exec.Cmd
}

func buildTarn(ctx context.Context, dir string) (*tarn, error) {
	t := &tarn{binary: filepath.Join(dir, "server"), data: filepath.Join(dir, "data")}
	if err := command(ctx, "go", "build", "-o", t.binary, "tarn/cmd/server").Run(); err != nil {
		return nil, err
	}
	var err error
	t.port, err = freePort()
	return t, err
}

func (t *tarn) name() string { return "Tarn" }

func (t *tarn) address() []string {
	return []string{"-h", "127.0.0.1", "-p", t.port, "-U", "tarn", "-d", "tarn"}
}

// start starts the server and returns when it answers a query.
func (t *tarn) start(ctx context.Context) error {
	t.cmd = command(ctx, t.binary, "--data", t.data, "--listen", "127.0.0.1:"+t.port, "--http", "", "--log-level", "warn")
	if err := t.cmd.Start(); err != nil {
		return err
	}
	return answers(t)
}

// end sends a signal and waits for the process.
func (t *tarn) end(s syscall.Signal) error {
	if t.cmd == nil {
		return nil
	}
	if err := t.cmd.Process.Signal(s); err != nil {
		return err
	}
	err := t.cmd.Wait()
	t.cmd = nil
	if s == syscall.SIGKILL {
		return nil
	}
	return err
}

// resident is the memory of the process, in bytes.
func (t *tarn) resident() (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", t.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	for _, line := range strings.Split(string(status), "\n") {
		if f := strings.Fields(line); len(f) == 3 && f[0] == "VmRSS:" {
			n, err := strconv.ParseInt(f[1], 10, 64)
			return n << 10, err
		}
	}
	return 0, errors.New("no VmRSS")
}

// processor is the time that the process has had of all processors.
func (t *tarn) processor() (time.Duration, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", t.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(stat), ") ") // after the name, which may hold anything
	f := strings.Fields(rest)
	if len(f) < 13 {
		return 0, errors.New("no processor time")
	}
	ticks := 0
	for _, field := range f[11:13] { // utime, stime
		n, err := strconv.Atoi(field)
		if err != nil {
			return 0, err
		}
		ticks += n
	}
	return time.Duration(ticks) * (time.Second / 100), nil
}

// answers waits until a server answers.
func answers(d database) error {
	for deadline := time.Now().Add(10 * time.Minute); ; {
		cmd := exec.Command("psql", append(d.address(), "-XAtqc", "SELECT 1")...)
		if out, err := cmd.Output(); err == nil && string(out) == "1\n" {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%s does not answer", d.name())
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// postgres is a cluster of our own with default settings.
type postgres struct {
	port string
	cmd  *exec.Cmd
	halt *exec.Cmd
}

func (p *postgres) stop() {
	if err := p.halt.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "stop PostgreSQL:", err)
		return
	}
	_ = p.cmd.Wait()
}

func (p *postgres) name() string { return "PostgreSQL" }

func (p *postgres) address() []string {
	return []string{"-h", "127.0.0.1", "-p", p.port, "-U", "postgres", "-d", "postgres"}
}

// startPostgres makes and starts a cluster; nil if PostgreSQL is not installed. It does not run as root, so then it is
// run as the user postgres.
func startPostgres(ctx context.Context, data string) (*postgres, error) {
	bin := programs()
	if bin == "" {
		return nil, nil
	}
	var as []string
	if os.Geteuid() == 0 {
		if _, err := user.Lookup("postgres"); err != nil {
			return nil, nil
		}
		as = []string{"runuser", "-u", "postgres", "--"}
		if err := exec.Command("install", "-d", "-o", "postgres", data).Run(); err != nil {
			return nil, err
		}
	}
	args := append(as[:len(as):len(as)], filepath.Join(bin, "initdb"), "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C")
	if err := command(ctx, args[0], args[1:]...).Run(); err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	args = append(as[:len(as):len(as)], filepath.Join(bin, "postgres"), "-D", data, "-p", port, "-k", "", "-h", "127.0.0.1", "-c", "logging_collector=on")
	halt := append(as[:len(as):len(as)], filepath.Join(bin, "pg_ctl"), "stop", "-D", data, "-m", "immediate")
	p := &postgres{port: port, cmd: command(ctx, args[0], args[1:]...), halt: exec.Command(halt[0], halt[1:]...)}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	return p, answers(p)
}

// programs is the directory of PostgreSQL's programs: where Debian has them, the newest of those installed, or that of
// initdb on the path; "" if there are none.
func programs() string {
	if dirs, _ := filepath.Glob("/usr/lib/postgresql/*/bin"); len(dirs) > 0 {
		return dirs[len(dirs)-1]
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path)
	}
	return ""
}

// psql runs SQL, or a command of psql's, and returns what it prints, unaligned.
func psql(ctx context.Context, d database, text string) (string, error) {
	cmd := exec.CommandContext(ctx, "psql", append(d.address(), "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", text)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s: %s: %w", d.name(), text, err)
	}
	return strings.TrimSpace(string(out)), nil
}

// expect fails unless a query answers as it should.
func expect(ctx context.Context, d database, query, want string) error {
	got, err := psql(ctx, d, query)
	if err == nil && got != want {
		err = fmt.Errorf("%s answers %q to %s, want %q", d.name(), got, query, want)
	}
	return err
}
