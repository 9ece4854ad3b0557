package engine

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"

	"tarn/delta"
)

// BenchmarkViewsOfOneTable changes rows of a table that eight views join by its key, each with another column of it: fifty rows an
// epoch, published, past the log. One row in ten has a partner.
func BenchmarkViewsOfOneTable(b *testing.B) {
	const products, rows, views = 200_000, 50, 8
	e, err := Open(context.Background(), Config{Dir: b.TempDir(), Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		b.Fatal(err)
	}
	defer e.Close(context.Background())
	s := connect(b, e)
	var columns, values []string
	for v := range views {
		columns, values = append(columns, fmt.Sprintf("c%d bigint", v)), append(values, fmt.Sprintf("n %% %d", 1000+v))
	}
	run(b, s, "CREATE TABLE product (id bigint PRIMARY KEY, "+strings.Join(columns, ", ")+"); CREATE STREAM sale (product bigint NOT NULL, amount bigint NOT NULL)")
	run(b, s, fmt.Sprintf("INSERT INTO product SELECT n, %s FROM generate_series(0, %d) AS g(n)", strings.Join(values, ", "), products-1))
	run(b, s, fmt.Sprintf("INSERT INTO sale SELECT n * 10, n FROM generate_series(0, %d) AS g(n)", products/10-1))
	for v := range views {
		run(b, s, fmt.Sprintf("CREATE MATERIALIZED VIEW v%[1]d AS SELECT s.amount, p.c%[1]d FROM sale s JOIN product p ON p.id = s.product", v))
	}
	product, _ := e.Relation("public", "product")
	now := make([]int64, products) // what is added to the columns of each row
	batches := make([]*delta.Batch, b.N)
	for i := range batches {
		batch := &delta.Batch{Len: 2 * rows, Counts: make([]int64, 2*rows)}
		ids := make([]int64, 2*rows)
		for j := range rows {
			ids[j] = int64((i*rows+j)*7919) % products
			ids[rows+j], batch.Counts[j], batch.Counts[rows+j] = ids[j], -1, 1
		}
		batch.Cols = append(batch.Cols, delta.IntColumn(ids, nil))
		for v := range views {
			c := make([]int64, 2*rows)
			for j := range rows {
				c[j] = ids[j]%int64(1000+v) + now[ids[j]]
				c[rows+j] = c[j] + 1
			}
			batch.Cols = append(batch.Cols, delta.IntColumn(c, nil))
		}
		for j := range rows {
			now[ids[j]]++
		}
		batches[i] = batch
	}
	var state int64
	used := processorTime()
	b.ResetTimer()
	for _, batch := range batches {
		if err := e.do(context.Background(), func(l *loop) error {
			if err := l.advance(l.epoch+1, &control{Time: l.now()}, changes{product.ID: {batch}}, nil); err != nil {
				return err
			}
			l.publish()
			state = l.flow.Bytes()
			return nil
		}); err != nil {
			b.Fatal(err)
		}
	}
	b.StopTimer()
	b.ReportMetric(float64(processorTime()-used)/1e3/float64(b.N*rows), "cpu-us/row")
	b.ReportMetric(float64(state)/(1<<20), "state-MB")
	for v := range views {
		sum, _ := run(b, s, fmt.Sprintf("SELECT sum(c%d) FROM v%[1]d", v))
		want, _ := run(b, s, fmt.Sprintf("SELECT sum(c%d) FROM product WHERE id %% 10 = 0", v))
		if sum[0] != want[0] {
			b.Fatalf("view %d has %s, want %s", v, sum[0], want[0])
		}
	}
}
