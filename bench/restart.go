package main

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// restarts loads a stream into a view that has a group for every row, and measures what that takes of memory and disk, and
// how long a server takes from its start to its first answer, after a clean stop and after being killed.
func restarts(ctx context.Context, b *bench) error {
	if b.tarn == nil {
		t, err := buildTarn(ctx, b.dir)
		if err != nil {
			return err
		}
		b.tarn = t
	}
	t := b.tarn
	if err := t.end(syscall.SIGTERM); err != nil {
		return err
	}
	t.data = filepath.Join(b.dir, "restart")
	if err := t.start(ctx); err != nil {
		return err
	}
	empty, err := t.resident()
	if err != nil {
		return err
	}
	for _, sql := range []string{
		"CREATE STREAM orders " + fmt.Sprintf(orderColumns, "NOT NULL"),
		"CREATE MATERIALIZED VIEW totals AS SELECT id, count(*) AS n, sum(amount) AS total FROM orders GROUP BY id",
	} {
		if _, err := psql(ctx, t, sql); err != nil {
			return err
		}
	}
	file := filepath.Join(b.dir, "restart.csv")
	loaded, sum := 0, int64(0)
	load := func(rows int) error {
		part, err := writeCSV(file, loaded, rows)
		if err != nil {
			return err
		}
		if err := exec.CommandContext(ctx, "psql", append(t.address(), "-Xqc", `\copy orders FROM '`+file+`' CSV`)...).Run(); err != nil {
			return err
		}
		loaded, sum = loaded+rows, sum+part
		return nil
	}
	from := time.Now()
	for loaded < b.restart {
		if err := load(min(500_000, b.restart-loaded)); err != nil {
			return err
		}
	}
	fmt.Printf("%d rows loaded and grouped in %.1f s\n", loaded, time.Since(from).Seconds())
	check := func() error {
		return expect(ctx, t, "SELECT count(*), sum(n), sum(total) FROM totals", fmt.Sprintf("%d|%d|%d", loaded, loaded, sum))
	}
	full, err := t.resident()
	if err != nil {
		return err
	}
	fmt.Printf("memory: %.0f bytes per row of state (%.0f MB resident, %.0f MB when empty)\n",
		float64(full-empty)/float64(loaded), float64(full)/1e6, float64(empty)/1e6)
	if err := check(); err != nil {
		return err
	}
	if err := restart(ctx, t, "clean stop", syscall.SIGTERM); err != nil {
		return err
	}
	for _, part := range []string{"log", "store"} {
		n, err := diskBytes(filepath.Join(t.data, part))
		if err != nil {
			return err
		}
		fmt.Printf("disk, %s: %.0f bytes per row\n", part, float64(n)/float64(loaded))
	}
	if err := check(); err != nil {
		return err
	}
	if err := load(min(500_000, b.restart)); err != nil {
		return err
	}
	if err := restart(ctx, t, "kill, right after loading more rows", syscall.SIGKILL); err != nil {
		return err
	}
	return check()
}

// restart ends the server with a signal, starts it again, and prints how long both took.
func restart(ctx context.Context, t *tarn, how string, s syscall.Signal) error {
	from := time.Now()
	if err := t.end(s); err != nil {
		return err
	}
	ended := time.Now()
	if err := t.start(ctx); err != nil {
		return err
	}
	took := time.Since(ended)
	cpu, err := t.processor()
	if err != nil {
		return err
	}
	fmt.Printf("%s: down in %.2f s, first answer %.2f s after the start, with %.2f s of processor time\n", how, ended.Sub(from).Seconds(), took.Seconds(), cpu.Seconds())
	return nil
}

func diskBytes(dir string) (int64, error) {
	out, err := exec.Command("du", "-s", "-B1", dir).Output()
	if err != nil {
		return 0, fmt.Errorf("du %s: %w", dir, err)
	}
	return strconv.ParseInt(strings.Fields(string(out))[0], 10, 64)
}
