// Command bench prints Tarn's numbers: the Nexmark queries and a small epoch in process, then COPY, point reads, inserts and
// restarts through the wire, with a PostgreSQL beside it where there is one on the machine.
//
// Everything printed is checked: views against plain Go, tables against what was loaded. Both servers get the same files, the
// same scripts and the same client, one after the other in one run, each with its default durability: an answer means on
// disk. The commands are printed as they are run. Sections are chosen with -only.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strings"
	"time"
)

// sizes of a run.
type sizes struct {
	events  int           // of the Nexmark stream
	rows    int           // of COPY and of the point reads
	restart int           // rows of state at restart
	period  time.Duration // of each pgbench run
}

// section is a part of the benchmark that can be run alone.
type section struct {
	name string
	run  func(context.Context, *bench) error
}

var sections = []section{
	{"nexmark", nexmark},
	{"epoch", smallEpoch},
	{"copy", copyIn},
	{"read", pointReads},
	{"insert", inserts},
	{"restart", restarts},
}

// bench is one run: where it works, and the servers it has started.
type bench struct {
	sizes
	dir  string // removed at the end
	tarn *tarn
	pg   *postgres // nil: not on this machine
}

func main() {
	var b bench
	flag.IntVar(&b.events, "events", 10_000_000, "events of the Nexmark stream")
	flag.IntVar(&b.rows, "rows", 1_000_000, "rows of COPY and of the view that is read")
	flag.IntVar(&b.restart, "restart", 10_000_000, "rows of state at restart")
	flag.DurationVar(&b.period, "period", 5*time.Second, "length of one pgbench run")
	only := flag.String("only", "", "sections to run, with commas; all if empty: nexmark, epoch, copy, read, insert, restart")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := b.run(ctx, *only); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func (b *bench) run(ctx context.Context, only string) (err error) {
	if b.dir, err = os.MkdirTemp("", "tarn-bench-"); err != nil {
		return err
	}
	defer os.RemoveAll(b.dir)
	if err := os.Chmod(b.dir, 0o755); err != nil { // PostgreSQL runs as another user
		return err
	}
	defer b.stop()
	fmt.Printf("%s, %d processors, %s\n", runtime.Version(), runtime.NumCPU(), time.Now().UTC().Format(time.DateTime))
	for _, s := range sections {
		if only != "" && !strings.Contains(","+only+",", ","+s.name+",") {
			continue
		}
		fmt.Printf("\n== %s\n", s.name)
		if err := s.run(ctx, b); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return nil
}

// command prints a command line and prepares it. Its errors go where ours go.
func command(ctx context.Context, name string, args ...string) *exec.Cmd {
	shown := make([]string, 0, len(args)+1)
	for _, a := range append([]string{name}, args...) {
		if strings.ContainsAny(a, " '\"$;|") {
			a = "'" + strings.ReplaceAll(a, "'", `'\''`) + "'"
		}
		shown = append(shown, a)
	}
	fmt.Println("  $", strings.Join(shown, " "))
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stderr = os.Stderr
	return cmd
}

// nexmark and smallEpoch run inside the engine, on one core: they are benchmarks of its package.
func nexmark(ctx context.Context, b *bench) error {
	return engineBenchmark(ctx, "^BenchmarkNexmark$", "-benchtime=1x", "-nexmark.events="+fmt.Sprint(b.events))
}

func smallEpoch(ctx context.Context, _ *bench) error {
	return engineBenchmark(ctx, "^BenchmarkSmallEpoch$", "-benchtime=20000x")
}

func engineBenchmark(ctx context.Context, name string, args ...string) error {
	args = append([]string{"test", "tarn/engine", "-run=^$", "-timeout=1h", "-cpu=1", "-bench=" + name}, args...)
	cmd := command(ctx, "go", args...)
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
	cmd.Stdout = os.Stdout
	return cmd.Run()
}
