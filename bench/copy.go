package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// writeCSV writes rows of an order book, with ids from first on: about 55 bytes each, the id scattered so that keys do not
// come in order. It returns the sum of the amounts.
func writeCSV(path string, first, rows int) (sum int64, err error) {
	f, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	for i := range rows {
		n := uint64(first + i)
		id := n * 0x9e3779b97f4a7c15 >> 12 // odd multiples of distinct numbers are distinct in their upper bits, nearly
		id = id<<24 | n&0xffffff
		id >>= 8
		amount := int64(n * 7919 % 100_000)
		sum += amount
		fmt.Fprintf(w, "%d,customer %d,2026-03-%02d %02d:%02d:%02d,%d,%d.%02d\n",
			id&(1<<56-1), n%5000, 1+n%28, n%24, n%60, n%59, amount, amount/7, n%100)
	}
	if err := w.Flush(); err != nil {
		return 0, err
	}
	return sum, f.Close()
}

const orderColumns = "(id bigint %s, customer text NOT NULL, at timestamp NOT NULL, amount int, price numeric(12,2))"

// copyIn loads one file into a table with a key and into a stream, three times each, the servers in turn.
func copyIn(ctx context.Context, b *bench) error {
	servers, err := b.both(ctx)
	if err != nil {
		return err
	}
	file := filepath.Join(b.dir, "orders.csv")
	sum, err := writeCSV(file, 0, b.rows)
	if err != nil {
		return err
	}
	for _, kind := range []struct{ name, table, tarn, postgres string }{
		{"table with a key", "keyed", "TABLE", "TABLE"},
		{"stream", "unkeyed", "STREAM", "TABLE"},
	} {
		best := map[string]time.Duration{}
		for range 3 {
			for _, d := range servers {
				create, key := kind.tarn, "NOT NULL"
				if d == database(b.pg) {
					create = kind.postgres
				}
				if kind.table == "keyed" {
					key = "PRIMARY KEY"
				}
				make := fmt.Sprintf("CREATE "+create+" "+kind.table+" "+orderColumns, key)
				if _, err := psql(ctx, d, make); err != nil {
					return err
				}
				cmd := command(ctx, "psql", append(d.address(), "-Xqc", `\copy `+kind.table+` FROM '`+file+`' CSV`)...)
				from := time.Now()
				if err := cmd.Run(); err != nil {
					return err
				}
				took := time.Since(from)
				if best[d.name()] == 0 || took < best[d.name()] {
					best[d.name()] = took
				}
				if err := expect(ctx, d, "SELECT count(*), sum(amount) FROM "+kind.table, fmt.Sprintf("%d|%d", b.rows, sum)); err != nil {
					return err
				}
				if _, err := psql(ctx, d, "DROP "+create+" "+kind.table); err != nil {
					return err
				}
			}
		}
		report("COPY into a "+kind.name+", rows/s", servers, func(d database) float64 { return float64(b.rows) / best[d.name()].Seconds() })
	}
	return nil
}

// report prints one number of each server and the ratio of Tarn's to PostgreSQL's.
func report(what string, servers []database, value func(database) float64) {
	fmt.Printf("%-46s", what)
	for _, d := range servers {
		fmt.Printf("  %s %.0f", d.name(), value(d))
	}
	if len(servers) == 2 {
		fmt.Printf("  ratio %.2f", value(servers[0])/value(servers[1]))
	}
	fmt.Println()
}
