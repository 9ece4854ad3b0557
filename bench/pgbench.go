package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
)

// outcome is what pgbench says.
type outcome struct {
	tps     float64
	latency float64 // mean, milliseconds
	done    int     // transactions
}

var (
	tpsLine     = regexp.MustCompile(`(?m)^tps = ([0-9.]+) \(without`)
	latencyLine = regexp.MustCompile(`(?m)^latency average = ([0-9.]+) ms`)
	doneLine    = regexp.MustCompile(`(?m)^number of transactions actually processed: ([0-9]+)`)
	failedLine  = regexp.MustCompile(`(?m)^number of failed transactions: ([0-9]+)`)
)

// pgbench runs a script, prepared, with so many clients.
func pgbench(ctx context.Context, b *bench, d database, script string, clients int) (outcome, error) {
	file := filepath.Join(b.dir, "script.sql")
	if err := os.WriteFile(file, []byte(script), 0o644); err != nil {
		return outcome{}, err
	}
	a := d.address() // pgbench takes the database last, without a flag
	args := append([]string{"-n", "-M", "prepared", "-f", file, "-c", strconv.Itoa(clients), "-T", strconv.Itoa(max(int(b.period.Seconds()), 1))}, a[:len(a)-2]...)
	out, err := command(ctx, filepath.Join(programs(), "pgbench"), append(args, a[len(a)-1])...).Output()
	if err != nil {
		return outcome{}, err
	}
	var o outcome
	for _, v := range []struct {
		line *regexp.Regexp
		to   func(float64)
	}{
		{tpsLine, func(v float64) { o.tps = v }},
		{latencyLine, func(v float64) { o.latency = v }},
		{doneLine, func(v float64) { o.done = int(v) }},
		{failedLine, func(v float64) {
			if v > 0 {
				err = fmt.Errorf("%s: %v transactions failed", d.name(), v)
			}
		}},
	} {
		m := v.line.FindSubmatch(out)
		if m == nil {
			return o, fmt.Errorf("pgbench prints no %s:\n%s", v.line, out)
		}
		number, convErr := strconv.ParseFloat(string(m[1]), 64)
		if convErr != nil {
			return o, convErr
		}
		v.to(number)
	}
	return o, err
}

// pointReads reads rows of a view by its key; in PostgreSQL, of a table with a primary key that holds the same rows. Sale n is
// the only one of product n, so a client can check what it is answered, which it does in a run of its own.
func pointReads(ctx context.Context, b *bench) error {
	servers, err := b.both(ctx)
	if err != nil {
		return err
	}
	fill := fmt.Sprintf("INSERT INTO sales SELECT n, n, 'some words about sale ' || n FROM generate_series(1, %d) AS g(n)", b.rows)
	for _, d := range servers {
		for _, sql := range []string{
			"CREATE TABLE sales (product bigint, amount bigint, note text)", fill,
		} {
			if _, err := psql(ctx, d, sql); err != nil {
				return err
			}
		}
		const query = "SELECT product, count(*) AS n, sum(amount) AS total, max(note) AS note FROM sales GROUP BY product"
		makes := []string{"CREATE MATERIALIZED VIEW totals AS " + query}
		if d != database(b.tarn) {
			makes = []string{"CREATE TABLE totals AS " + query, "ALTER TABLE totals ADD PRIMARY KEY (product)", "VACUUM ANALYZE totals"}
		}
		for _, sql := range makes {
			if _, err := psql(ctx, d, sql); err != nil {
				return err
			}
		}
		if err := expect(ctx, d, "SELECT count(*), sum(total) FROM totals", fmt.Sprintf("%d|%d", b.rows, b.rows*(b.rows+1)/2)); err != nil {
			return err
		}
	}
	script := fmt.Sprintf("\\set key random(1, %d)\nSELECT * FROM totals WHERE product = :key", b.rows)
	for _, clients := range []int{1, 8, 32} {
		if _, err := compare(ctx, b, servers, fmt.Sprintf("point reads of a view, %d clients, /s", clients), script+";\n", clients); err != nil {
			return err
		}
	}
	// \gset wants exactly one row; a wrong one makes the client divide by zero, which ends the run with an error.
	checked := script + " \\gset\n\\set right 1 / (case when :product = :key and :n = 1 and :total = :key then 1 else 0 end)\n"
	for _, d := range servers {
		if _, err := pgbench(ctx, b, d, checked, 8); err != nil {
			return fmt.Errorf("%s answers point reads wrongly: %w", d.name(), err)
		}
		if err := expect(ctx, d, "SELECT count(*) FROM totals WHERE note = 'some words about sale ' || product", fmt.Sprint(b.rows)); err != nil {
			return err
		}
	}
	return nil
}

// compare runs a script on both servers in turn, twice, and reports the better run of each. It returns how many transactions
// each has done.
func compare(ctx context.Context, b *bench, servers []database, what, script string, clients int) (done map[string]int, err error) {
	best, done := map[string]outcome{}, map[string]int{}
	for range 2 {
		for _, d := range servers {
			o, err := pgbench(ctx, b, d, script, clients)
			if err != nil {
				return nil, err
			}
			done[d.name()] += o.done
			if o.tps > best[d.name()].tps {
				best[d.name()] = o
			}
		}
	}
	report(what, servers, func(d database) float64 { return best[d.name()].tps })
	return done, nil
}

// inserts inserts single rows, each durable when answered, and then the same with a view three deep that has to be current
// when the answer comes. Afterwards each server must have the rows of all transactions that were answered, whole, and no other.
func inserts(ctx context.Context, b *bench) error {
	servers, err := b.both(ctx)
	if err != nil {
		return err
	}
	const script = "\\set a random(1, 1000000000)\n\\set sensor :a % 1000\n" +
		"INSERT INTO readings VALUES (:sensor, :a, 'a reading of some sensor');\n"
	for _, d := range servers {
		if _, err := psql(ctx, d, "CREATE TABLE readings (sensor int, value bigint, note text)"); err != nil {
			return err
		}
	}
	rows := map[string]int{}
	for _, clients := range []int{1, 8, 64} {
		done, err := compare(ctx, b, servers, fmt.Sprintf("durable single-row inserts, %d clients, /s", clients), script, clients)
		if err != nil {
			return err
		}
		for name, n := range done {
			rows[name] += n
		}
	}
	for _, d := range servers {
		n := rows[d.name()]
		if err := expect(ctx, d, "SELECT count(*), count(*) FILTER (WHERE value BETWEEN 1 AND 1000000000 AND sensor = value % 1000"+
			" AND note = 'a reading of some sensor') FROM readings", fmt.Sprintf("%d|%d", n, n)); err != nil {
			return err
		}
	}
	for _, sql := range []string{
		"CREATE TABLE calls (caller int, took bigint)",
		"CREATE MATERIALIZED VIEW by_caller AS SELECT caller, count(*) AS n, sum(took) AS total FROM calls GROUP BY caller",
		"CREATE MATERIALIZED VIEW by_number AS SELECT n, count(*) AS callers, sum(total) AS total FROM by_caller GROUP BY n",
		"CREATE MATERIALIZED VIEW overall AS SELECT sum(n * callers) AS calls, sum(total) AS total FROM by_number",
	} {
		if _, err := psql(ctx, b.tarn, sql); err != nil {
			return err
		}
	}
	const deep = "\\set caller random(1, 1000)\n\\set took random(1, 1000000)\nINSERT INTO calls VALUES (:caller, :took);\n"
	for _, clients := range []int{1, 8} {
		o, err := pgbench(ctx, b, b.tarn, deep, clients)
		if err != nil {
			return err
		}
		fmt.Printf("from INSERT to visible in a view three deep, %d clients: mean %.3f ms, %.0f /s\n", clients, o.latency, o.tps)
		if err := expect(ctx, b.tarn, "SELECT (SELECT calls FROM overall) = (SELECT count(*) FROM calls) AND (SELECT total FROM overall) = (SELECT sum(took) FROM calls)", "t"); err != nil {
			return err
		}
	}
	return nil
}
