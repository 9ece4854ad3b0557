package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net"
	"os"
	"strconv"
	"strings"
)

// config is what the flags say.
type config struct {
	listen   string
	data     string
	http     string
	memory   byteSize
	demo     bool
	demoRate float64
	demoSeed uint64
	logLevel slog.Level
	version  bool
}

// errHelp says that the user asked for help and got it.
var errHelp = errors.New("help was shown")

// parseFlags reads flags, and for those not given their environment twins: --log-level is TARN_LOG_LEVEL. The empty value
// of a variable counts as not set. --version has no twin: deployments use that name for other things.
func parseFlags(args []string, environment func(string) string) (config, error) {
	var c config
	fs := flag.NewFlagSet("server", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.StringVar(&c.listen, "listen", "127.0.0.1:5433", "`address` to serve PostgreSQL clients on; loopback only")
	fs.StringVar(&c.data, "data", "./data", "`directory` of the database; made if it does not exist")
	fs.StringVar(&c.http, "http", "127.0.0.1:9433", "`address` of /metrics, /healthz and /readyz; empty for none")
	c.memory = 2 << 30
	fs.Var(&c.memory, "memory", "`bytes` the server may use, such as 512MiB; state past it lives on disk")
	fs.BoolVar(&c.demo, "demo", false, "generate the Nexmark auction stream, with three views over it")
	fs.Float64Var(&c.demoRate, "demo-rate", 1000, "`events` a second of the demo")
	fs.Uint64Var(&c.demoSeed, "demo-seed", 1, "`seed` of the demo's random events")
	fs.TextVar(&c.logLevel, "log-level", slog.LevelInfo, "least `level` to log: debug, info, warn or error")
	fs.BoolVar(&c.version, "version", false, "print the version and exit")

	var err error
	fs.VisitAll(func(f *flag.Flag) {
		if v := environment(twin(f.Name)); v != "" && f.Name != "version" && err == nil {
			if setErr := fs.Set(f.Name, v); setErr != nil {
				err = fmt.Errorf("environment variable %s: invalid value %q: %w", twin(f.Name), v, setErr)
			}
		}
	})
	if err != nil {
		return c, err
	}
	if err := fs.Parse(args); errors.Is(err, flag.ErrHelp) {
		usage(os.Stdout, fs)
		return c, errHelp
	} else if err != nil {
		return c, fmt.Errorf("%w (server --help lists the flags)", err)
	}
	if fs.NArg() > 0 {
		return c, fmt.Errorf("unexpected argument %q (server --help lists the flags)", fs.Arg(0))
	}
	if c.demoRate <= 0 || math.IsInf(c.demoRate, 0) || math.IsNaN(c.demoRate) {
		return c, fmt.Errorf("--demo-rate must be above zero")
	}
	return c, checkLoopback(c.listen)
}

// twin is the environment variable of a flag.
func twin(name string) string { return "TARN_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_")) }

func usage(w io.Writer, fs *flag.FlagSet) {
	fmt.Fprint(w, `Tarn keeps SQL views over streams and tables current, for any PostgreSQL client.

  server [flags]         serve clients
  server inspect DIR     show what a data directory holds
  server health          tell by the exit status whether the server with these flags is ready

Flags, each with an environment variable:
`)
	fs.VisitAll(func(f *flag.Flag) {
		value, text := flag.UnquoteUsage(f)
		fmt.Fprintf(w, "  %s\n      %s", strings.TrimSpace("--"+f.Name+" "+value), text)
		if f.DefValue != "" && f.DefValue != "false" {
			fmt.Fprintf(w, " (default %s)", f.DefValue)
		}
		if f.Name != "version" {
			fmt.Fprintf(w, "; %s", twin(f.Name))
		}
		fmt.Fprintln(w)
	})
}

// checkLoopback refuses addresses that others than this machine could reach: there are no passwords yet.
func checkLoopback(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("--listen %s: %w", address, err)
	}
	addresses := []net.IP{net.ParseIP(host)}
	if host == "" {
		addresses[0] = net.IPv4zero
	} else if addresses[0] == nil {
		if addresses, err = net.LookupIP(host); err != nil {
			return fmt.Errorf("--listen %s: %w", address, err)
		}
	}
	for _, ip := range addresses {
		if !ip.IsLoopback() {
			return fmt.Errorf("--listen %s is refused: Tarn has no passwords yet, so whoever can reach %s could read and "+
				"change everything. Listen on a loopback address, such as 127.0.0.1:5433, and reach it through a tunnel", address, ip)
		}
	}
	return nil
}

// byteSize is a number of bytes, with or without a unit: 512MiB, 2GB, 1073741824.
type byteSize int64

var byteUnits = []struct {
	name string
	size int64
}{
	{"TiB", 1 << 40}, {"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10},
	{"TB", 1e12}, {"GB", 1e9}, {"MB", 1e6}, {"KB", 1e3}, {"B", 1},
}

// minMemory is what a server needs for anything at all.
const minMemory = 64 << 20

func (b *byteSize) Set(s string) error {
	number, unit := strings.ToUpper(strings.TrimSpace(s)), int64(1)
	for _, u := range byteUnits {
		if rest, ok := strings.CutSuffix(number, strings.ToUpper(u.name)); ok {
			number, unit = strings.TrimSpace(rest), u.size
			break
		}
	}
	n, err := strconv.ParseFloat(number, 64)
	if err != nil || n != n || n*float64(unit) >= math.MaxInt64 {
		return fmt.Errorf("want a number of bytes, such as 512MiB")
	}
	if n*float64(unit) < minMemory {
		return fmt.Errorf("want at least %s", byteSize(minMemory))
	}
	*b = byteSize(n * float64(unit))
	return nil
}

func (b byteSize) String() string {
	for _, u := range byteUnits[:4] {
		if int64(b) >= u.size && int64(b)%u.size == 0 {
			return strconv.FormatInt(int64(b)/u.size, 10) + u.name
		}
	}
	return strconv.FormatInt(int64(b), 10)
}
