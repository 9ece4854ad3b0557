package engine

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"tarn/connector/nexmark"
	"tarn/delta"
	"tarn/sql/types"
)

// The Nexmark queries through the real path: SQL, planner, operators, arrangements, checkpoints. make bench runs them over
// ten million events, the tests over a few.
var nexmarkEvents = flag.Int("nexmark.events", 200_000, "events per Nexmark benchmark")

// auctionQuery is one query, and what plain Go makes of the same events: the rows of the view as text, sorted, or for a view
// as large as its input their number and the sum of their hashes.
type auctionQuery struct {
	name, sql string
	want      func(events []nexmark.Batches) answer
}

// answer is the content of a view: the rows' number and the sum of a hash of each row's text. The sum does not depend on
// their order, and two contents that agree in both are the same but for a chance of one in 2^64.
type answer struct {
	rows int64
	sum  uint64
}

func (a *answer) add(row []byte) {
	a.rows++
	a.sum += delta.HashKey(append(row, '.'))
}

var auctionQueries = []auctionQuery{
	{"q1", "SELECT auction, bidder, 0.908 * price AS price, date_time, extra FROM bid", wantQ1},
	{"q2", "SELECT auction, price FROM bid WHERE auction % 123 = 0", wantQ2},
	{"q3", `SELECT p.name, p.city, p.state, a.id FROM auction a JOIN person p ON a.seller = p.id
		WHERE a.category = 10 AND p.state IN ('OR', 'ID', 'CA')`, wantQ3},
	{"q4", `SELECT category, avg(final) AS average FROM (
		SELECT max(b.price) AS final, a.category, a.id FROM auction a JOIN bid b
		ON a.id = b.auction AND b.date_time BETWEEN a.date_time AND a.expires GROUP BY a.id, a.category) q
		GROUP BY category`, wantQ4},
	{"q8", `SELECT p.id, p.name, p.start FROM
		(SELECT id, name, date_bin('10 seconds', date_time, '2000-01-01') AS start FROM person GROUP BY 1, 2, 3) p JOIN
		(SELECT seller, date_bin('10 seconds', date_time, '2000-01-01') AS start FROM auction GROUP BY 1, 2) a
		ON p.id = a.seller AND p.start = a.start`, wantQ8},
}

func text(dst []byte, values ...any) []byte {
	for _, v := range values {
		switch v := v.(type) {
		case int64:
			dst = strconv.AppendInt(dst, v, 10)
		case []byte:
			dst = append(dst, v...)
		case string:
			dst = append(dst, v...)
		}
		dst = append(dst, '|')
	}
	return dst
}

func timestampText(us int64) string {
	return time.UnixMicro(us + 946684800000000).UTC().Format("2006-01-02 15:04:05.999999")
}

func wantQ1(events []nexmark.Batches) (a answer) {
	var row []byte
	for _, e := range events {
		c := e.Bids.Cols
		for i := range e.Bids.Len {
			mills := c[2].Ints[i] * 908
			price := fmt.Sprintf("%d.%03d", mills/1000, mills%1000)
			row = text(row[:0], c[0].Ints[i], c[1].Ints[i], price, timestampText(c[5].Ints[i]), c[6].Bytes(i))
			a.add(row)
		}
	}
	return a
}

func wantQ2(events []nexmark.Batches) (a answer) {
	for _, e := range events {
		for i, auction := range e.Bids.Cols[0].Ints {
			if auction%123 == 0 {
				a.add(text(nil, auction, e.Bids.Cols[2].Ints[i]))
			}
		}
	}
	return a
}

func wantQ3(events []nexmark.Batches) (a answer) {
	type person struct{ name, city, state []byte }
	people := map[int64]person{}
	for _, e := range events {
		c := e.Persons.Cols
		for i, id := range c[0].Ints {
			if s := string(c[5].Bytes(i)); s == "OR" || s == "ID" || s == "CA" {
				people[id] = person{c[1].Bytes(i), c[4].Bytes(i), c[5].Bytes(i)}
			}
		}
	}
	for _, e := range events {
		c := e.Auctions.Cols
		for i, id := range c[0].Ints {
			if p, ok := people[c[7].Ints[i]]; ok && c[8].Ints[i] == 10 {
				a.add(text(nil, p.name, p.city, p.state, id))
			}
		}
	}
	return a
}

func wantQ4(events []nexmark.Batches) (a answer) {
	type auction struct{ from, to, category, best int64 }
	auctions := map[int64]*auction{}
	for _, e := range events {
		c := e.Auctions.Cols
		for i, id := range c[0].Ints {
			auctions[id] = &auction{c[5].Ints[i], c[6].Ints[i], c[8].Ints[i], -1}
		}
	}
	for _, e := range events {
		c := e.Bids.Cols
		for i, id := range c[0].Ints {
			if x, at := auctions[id], c[5].Ints[i]; x != nil && x.from <= at && at <= x.to {
				x.best = max(x.best, c[2].Ints[i])
			}
		}
	}
	sum, n := map[int64]int64{}, map[int64]int64{}
	for _, x := range auctions {
		if x.best >= 0 {
			sum[x.category] += x.best
			n[x.category]++
		}
	}
	for category := range n {
		// numeric: sixteen significant digits at least, rounded half away from zero.
		digits := 16
		for v := sum[category] / n[category]; v >= 10_000; v /= 10_000 {
			digits -= 4
		}
		a.add(text(nil, category, quotient(sum[category], n[category], digits)))
	}
	return a
}

func wantQ8(events []nexmark.Batches) (a answer) {
	const window = 10_000_000
	type seller struct{ id, start int64 }
	sellers := map[seller]bool{}
	for _, e := range events {
		for i, id := range e.Auctions.Cols[7].Ints {
			at := e.Auctions.Cols[5].Ints[i]
			sellers[seller{id, at - at%window}] = true
		}
	}
	for _, e := range events {
		for i, id := range e.Persons.Cols[0].Ints {
			at := e.Persons.Cols[6].Ints[i]
			if start := at - at%window; sellers[seller{id, start}] {
				a.add(text(nil, id, e.Persons.Cols[1].Bytes(i), timestampText(start)))
			}
		}
	}
	return a
}

// quotient is a/b with so many digits behind the point.
func quotient(a, b int64, digits int) string {
	s := strconv.AppendInt(nil, a/b, 10)
	s = append(s, '.')
	rest := a % b
	for range digits {
		rest *= 10
		s = append(s, '0'+byte(rest/b))
		rest %= b
	}
	if 2*rest >= b {
		for i := len(s) - 1; ; i-- {
			if s[i] == '.' {
				continue
			}
			if s[i]++; s[i] <= '9' {
				break
			}
			s[i] = '0'
		}
	}
	return string(s)
}

// summing is a client that makes an answer of what it is sent.
type summing struct {
	recorder
	got answer
}

func (s *summing) Rows(b *delta.Batch) error {
	var row []byte
	for i := range b.Len {
		row = row[:0]
		for c := range s.fields {
			row = append(types.AppendText(row, s.fields[c].Type, b.Cols[c].Datum(i), nil), '|')
		}
		s.got.add(row)
	}
	return nil
}

// content is what a client reads of a view.
func content(t testing.TB, s *Session, view string) answer {
	t.Helper()
	statements, err := s.Parse("SELECT * FROM " + view)
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Prepare(context.Background(), statements[0], nil)
	if err != nil {
		t.Fatal(err)
	}
	r := &summing{recorder: recorder{fields: p.Fields}}
	if _, err := s.ExecuteLast(context.Background(), p, nil, r); err != nil {
		t.Fatal(err)
	}
	return r.got
}

// generate is the events of a stream of ten thousand a second, in batches of so many.
func generate(events, size int) (all []nexmark.Batches) {
	g := nexmark.New(1, 0, 10_000)
	for n := 0; n < events; n += size {
		all = append(all, g.Next(min(size, events-n)))
	}
	return all
}

// feeder brings events into the engine: through the log, or past it.
type feeder func(e *Engine, b nexmark.Batches) error

// logged is how connectors bring events in: durable when it returns.
func logged(e *Engine, b nexmark.Batches) error {
	return e.Ingest(context.Background(), map[string]*delta.Batch{"person": b.Persons, "auction": b.Auctions, "bid": b.Bids})
}

// unlogged turns the same epoch without a record of it: step, apply, publish, and checkpoints as the loop makes them.
func unlogged(e *Engine, b nexmark.Batches) error {
	in := changes{}
	for name, rows := range map[string]*delta.Batch{"person": b.Persons, "auction": b.Auctions, "bid": b.Bids} {
		r, _ := e.Relation("public", name)
		if rows.Len > 0 {
			in[r.ID] = []*delta.Batch{rows}
		}
	}
	return e.do(context.Background(), func(l *loop) error {
		if err := l.advance(l.epoch+1, &control{Time: l.now()}, in, nil); err != nil {
			return err
		}
		l.publish()
		return nil
	})
}

func processorTime() time.Duration {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func TestNexmark(t *testing.T) {
	events := generate(20_000, 700)
	for _, q := range auctionQueries {
		t.Run(q.name, func(t *testing.T) {
			e := open(t, t.TempDir())
			s := connect(t, e)
			run(t, s, nexmark.Schema)
			run(t, s, "CREATE MATERIALIZED VIEW v AS "+q.sql)
			for i, b := range events {
				feed := logged
				if i%2 == 1 {
					feed = unlogged
				}
				if err := feed(e, b); err != nil {
					t.Fatal(err)
				}
			}
			if got, want := content(t, s, "v"), q.want(events); got != want {
				t.Fatalf("view has %v, plain Go computes %v", got, want)
			}
		})
	}
}

// BenchmarkNexmark measures events per second of processor time, that of all threads, so flushes and compactions of the
// store count, and so do the last checkpoint and what closing flushes; and, for what it is worth on a shared machine, of time.
func BenchmarkNexmark(b *testing.B) {
	warm(b)
	for _, size := range []int{1_000, 10_000} {
		events := generate(*nexmarkEvents, size)
		for _, q := range auctionQueries {
			for _, mode := range []struct {
				name string
				feed feeder
			}{{"state", unlogged}, {"log+state", logged}} {
				b.Run(fmt.Sprintf("%s/%s/%d", q.name, mode.name, size), func(b *testing.B) {
					for range b.N {
						benchNexmark(b, q, events, mode.feed)
					}
				})
			}
		}
	}
}

// warm touches as much memory as a benchmark will take, and gives it back: a virtual machine gets memory from its host when
// it is touched for the first time since the machine started, at two seconds per gigabyte, which is not what is measured.
func warm(b *testing.B) {
	memory, err := unix.Mmap(-1, 0, 3<<30, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		b.Fatal(err)
	}
	_ = unix.Madvise(memory, unix.MADV_HUGEPAGE)
	for i := 0; i < len(memory); i += 4096 {
		memory[i] = 1
	}
	if err := unix.Munmap(memory); err != nil {
		b.Fatal(err)
	}
}

func benchNexmark(b *testing.B, q auctionQuery, events []nexmark.Batches, feed feeder) {
	e, err := Open(context.Background(), Config{Dir: b.TempDir(), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	s := connect(b, e)
	run(b, s, nexmark.Schema)
	run(b, s, "CREATE MATERIALIZED VIEW v AS "+q.sql)
	took := make([]time.Duration, 0, len(events))
	from, used := time.Now(), processorTime()
	last := from
	for _, batch := range events {
		if err := feed(e, batch); err != nil {
			b.Fatal(err)
		}
		now := time.Now()
		took = append(took, now.Sub(last))
		last = now
	}
	wall, processor := time.Since(from), processorTime()-used
	if got, want := content(b, s, "v"), q.want(events); got != want {
		b.Fatalf("view has %v, plain Go computes %v", got, want)
	}
	stats := e.Stats()
	used = processorTime()
	if err := e.Close(context.Background()); err != nil {
		b.Fatal(err)
	}
	closing := processorTime() - used
	n := 0.0
	for _, batch := range events {
		n += float64(batch.Persons.Len + batch.Auctions.Len + batch.Bids.Len)
	}
	slices.Sort(took)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(n/(processor+closing).Seconds()/1e6, "M/cpu-s")
	b.ReportMetric(n/processor.Seconds()/1e6, "M/cpu-s-open")
	b.ReportMetric(n/wall.Seconds()/1e6, "M/s")
	b.ReportMetric(float64(took[len(took)*99/100])/1e6, "p99-ms")
	b.ReportMetric(float64(stats.StateBytes)/1e6, "state-MB")
}
