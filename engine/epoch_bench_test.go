package engine

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"testing"
	"time"

	"tarn/delta"
)

// BenchmarkSmallEpoch is one epoch of fifty rows through a two-way join and an aggregate, over a thousand products in twenty
// groups, published: past the log, and through it, where the sync of the disk is part of it.
func BenchmarkSmallEpoch(b *testing.B) {
	for _, durable := range []bool{false, true} {
		b.Run(map[bool]string{false: "state", true: "log+state"}[durable], func(b *testing.B) {
			benchSmallEpoch(b, durable)
		})
	}
}

func benchSmallEpoch(b *testing.B, durable bool) {
	const products, rows = 1000, 50
	e, err := Open(context.Background(), Config{Dir: b.TempDir(), Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		b.Fatal(err)
	}
	defer e.Close(context.Background())
	s := connect(b, e)
	run(b, s, `CREATE TABLE product (id bigint PRIMARY KEY, category bigint NOT NULL);
		CREATE STREAM sale (product bigint NOT NULL, amount bigint NOT NULL);
		CREATE MATERIALIZED VIEW v AS SELECT p.category, count(*) AS n, sum(s.amount) AS total
			FROM sale s JOIN product p ON p.id = s.product GROUP BY p.category`)
	run(b, s, fmt.Sprintf("INSERT INTO product SELECT n, n %% 20 FROM generate_series(0, %d) AS g(n)", products-1))
	sale, _ := e.Relation("public", "sale")
	took := make([]time.Duration, b.N)
	batches := make([]*delta.Batch, b.N)
	for i := range batches {
		id, amount := make([]int64, rows), make([]int64, rows)
		for j := range rows {
			id[j], amount[j] = int64((i*rows+j)*7919%products), int64(j)
		}
		batches[i] = &delta.Batch{Cols: []delta.Column{delta.IntColumn(id, nil), delta.IntColumn(amount, nil)}, Len: rows}
	}
	used := processorTime()
	b.ResetTimer()
	for i, batch := range batches {
		from := time.Now()
		if durable {
			err = e.Ingest(context.Background(), map[string]*delta.Batch{"sale": batch})
		} else {
			err = e.do(context.Background(), func(l *loop) error {
				if err := l.advance(l.epoch+1, &control{Time: l.now()}, changes{sale.ID: {batch}}, nil); err != nil {
					return err
				}
				l.publish()
				return nil
			})
		}
		if err != nil {
			b.Fatal(err)
		}
		took[i] = time.Since(from)
	}
	b.StopTimer()
	processor := processorTime() - used
	got, _ := run(b, s, "SELECT sum(n), sum(total) FROM v")
	if want := fmt.Sprintf("%d|%d", b.N*rows, b.N*rows*(rows-1)/2); got[0] != want {
		b.Fatalf("view has %s, want %s", got[0], want)
	}
	slices.Sort(took)
	us := func(d time.Duration) float64 { return float64(d) / 1e3 }
	b.ReportMetric(us(took[b.N/2]), "p50-us")
	b.ReportMetric(us(took[b.N*99/100]), "p99-us")
	b.ReportMetric(us(processor)/float64(b.N), "cpu-us/epoch")
}
