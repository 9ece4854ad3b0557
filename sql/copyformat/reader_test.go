package copyformat

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"tarn/delta"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// flightColumns are the columns of the benchmarks: five, of the types files hold most.
var flightColumns = []Column{
	{"id", types.Of(types.Int8OID)},
	{"origin", types.Of(types.TextOID)},
	{"destination", types.Of(types.TextOID)},
	{"delay", types.Of(types.Int4OID)},
	{"distance", types.Of(types.Float8OID)},
}

func flights(rows int, format string) []byte {
	var b bytes.Buffer
	for i := range rows {
		fmt.Fprintf(&b, format, i, "SEA", "SFO", i%97, float64(i)/4)
	}
	return b.Bytes()
}

func TestBatchesAreWholeAndInOrder(t *testing.T) {
	const rows = 10_000
	r, err := NewReader(bytes.NewReader(flights(rows, "%d,%s,%s,%d,%v\n")), DefaultOptions(CSV), flightColumns, nil)
	if err != nil {
		t.Fatal(err)
	}
	next := int64(0)
	for {
		b, err := r.Next(777)
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		for i := range b.Len {
			if b.Cols[0].Ints[i] != next {
				t.Fatalf("row %d has id %d", next, b.Cols[0].Ints[i])
			}
			next++
		}
		want := fmt.Sprintf("COPY , line %d: \"%d,SEA,SFO,", next, next-1)
		if got := r.Where(b.Len - 1); !strings.HasPrefix(got, want) {
			t.Fatalf("the last row is at %s, want %s", got, want)
		}
	}
	if next != rows {
		t.Fatalf("%d rows of %d", next, rows)
	}
}

// A source that fails, as a client that gives up with CopyFail, ends the reading with its own error and the line.
func TestSourceError(t *testing.T) {
	failed := sqlstate.New(sqlstate.QueryCanceled, "COPY from stdin failed: never mind")
	o := DefaultOptions(Text)
	o.Relation = "t"
	for _, data := range []string{"", "1\n2\n", "1\n2\n\\.\n"} {
		src := io.MultiReader(strings.NewReader(data), errorReader{failed})
		r, err := NewReader(src, o, []Column{{"a", types.Of(types.Int4OID)}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, err = r.Next(1000)
		var e *sqlstate.Error
		if !errors.As(err, &e) || e.Code != failed.Code || !strings.HasPrefix(e.Where, "COPY t, line ") {
			t.Errorf("after %q: %v", data, err)
		}
	}
}

type errorReader struct{ err error }

func (r errorReader) Read([]byte) (int, error) { return 0, r.err }

// What is written can be read again, whatever the values hold.
func FuzzRoundTrip(f *testing.F) {
	f.Add("a,b", "say \"hi\"\n", byte(0))
	f.Add("\\N", "\\.", byte(1))
	f.Add("", "\r\t", byte(2))
	columns := []Column{{"a", types.Of(types.TextOID)}, {"b", types.Of(types.TextOID)}}
	f.Fuzz(func(t *testing.T, a, b string, null byte) {
		batch := delta.NewBatch([]types.Type{columns[0].Type, columns[1].Type}, 1)
		for i, s := range []string{a, b} {
			d, err := types.Parse(columns[i].Type, s, nil)
			if err != nil {
				return
			}
			d.Null = int(null)&(1<<i) != 0
			batch.Cols[i].AppendDatum(d)
		}
		batch.AppendCount(1)
		for _, format := range []Format{Text, CSV} {
			var out bytes.Buffer
			w, _ := NewWriter(&out, DefaultOptions(format), columns, nil)
			if err := w.Write(batch); err != nil {
				t.Fatal(err)
			}
			r, _ := NewReader(&out, DefaultOptions(format), columns, nil)
			got, err := r.Next(10)
			if err != nil || got.Len != 1 {
				t.Fatalf("format %d: %v", format, err)
			}
			if want, have := delta.AppendRow(nil, batch, 0), delta.AppendRow(nil, got, 0); !bytes.Equal(want, have) {
				t.Fatalf("format %d: %q became %q", format, want, have)
			}
		}
	})
}

// No bytes crash the reader, and how they are cut does not matter.
func FuzzReader(f *testing.F) {
	f.Add([]byte("1,\"a\nb\"\r\n2,x\r\n\\.\r\n"), true)
	f.Add([]byte("1\ta\\\nb\n\\.\n"), false)
	f.Fuzz(func(t *testing.T, data []byte, csv bool) {
		c := goldenCase{columns: "a int, b text", options: "format text"}
		if csv {
			c.options = "format csv"
		}
		whole := outcome(readAll(c, bytes.NewReader(data), 1000))
		parts := outcome(readAll(c, &oneByteReader{data: data}, 1))
		if strings.Join(whole, "\n") != strings.Join(parts, "\n") {
			t.Fatalf("whole: %q\nin parts: %q", whole, parts)
		}
	})
}

func BenchmarkReader(b *testing.B) {
	const rows = 50_000
	for _, c := range []struct {
		name, line string
		format     Format
	}{
		{"text", "%d\t%s\t%s\t%d\t%v\n", Text},
		{"csv", "%d,%s,%s,%d,%v\n", CSV},
		{"quoted csv", "%d,\"%s\",\"%s\",%d,%v\n", CSV},
	} {
		b.Run(c.name, func(b *testing.B) {
			data := flights(rows, c.line)
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				r, _ := NewReader(bytes.NewReader(data), DefaultOptions(c.format), flightColumns, nil)
				for {
					if _, err := r.Next(4096); err == io.EOF {
						break
					} else if err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

func BenchmarkWriter(b *testing.B) {
	const rows = 4096
	r, _ := NewReader(bytes.NewReader(flights(rows, "%d,%s,%s,%d,%v\n")), DefaultOptions(CSV), flightColumns, nil)
	batch, err := r.Next(rows)
	if err != nil {
		b.Fatal(err)
	}
	for _, format := range []Format{Text, CSV} {
		b.Run([]string{"text", "csv"}[format], func(b *testing.B) {
			b.ReportAllocs()
			w, _ := NewWriter(io.Discard, DefaultOptions(format), flightColumns, nil)
			for b.Loop() {
				if err := w.Write(batch); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
