package arrowio

import (
	"bytes"
	"testing"

	"github.com/apache/arrow-go/v18/arrow/ipc"

	"tarn/delta"
	"tarn/sql/types"
)

// What is written as an Arrow stream is read back by Arrow's own reader with PostgreSQL's values, NULLs included.
func TestStreamRoundTrip(t *testing.T) {
	kinds := []struct {
		oid  types.OID
		text string // in PostgreSQL's form
		want string // in Arrow's
	}{
		{types.BoolOID, "t", "true"},
		{types.Int2OID, "-3", "-3"},
		{types.Int4OID, "70000", "70000"},
		{types.Int8OID, "9000000000", "9000000000"},
		{types.Float4OID, "1.5", "1.5"},
		{types.Float8OID, "0.1", "0.1"},
		{types.TextOID, "héllo", "héllo"},
		{types.NumericOID, "1.10", "1.10"},
		{types.DateOID, "2024-02-29", "2024-02-29"},
		{types.TimestampOID, "2024-02-29 12:34:56.789", "2024-02-29T12:34:56.789"},
		{types.TimestamptzOID, "2024-02-29 12:34:56+02", "2024-02-29T10:34:56Z"},
		{types.UUIDOID, "11111111-1111-1111-1111-111111111111", ""}, // bytes, printed in no fixed form
	}
	var fields []Field
	b := &delta.Batch{Len: 2}
	for _, k := range kinds {
		d, err := types.Parse(types.Of(k.oid), k.text, nil)
		if err != nil {
			t.Fatal(err)
		}
		fields = append(fields, Field{types.Of(k.oid).String(), types.Of(k.oid)})
		c := delta.NewColumn(types.Of(k.oid).Kind(), 2)
		c.AppendDatum(d)
		c.AppendNull()
		b.Cols = append(b.Cols, c)
	}
	var buf bytes.Buffer
	w := NewWriter(&buf, fields, nil)
	if err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := ipc.NewReader(&buf)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Release()
	if !r.Next() {
		t.Fatal("no record", r.Err())
	}
	for i, k := range kinds {
		c := r.RecordBatch().Column(i)
		if k.oid != types.UUIDOID && c.ValueStr(0) != k.want {
			t.Errorf("%s: %s, want %s", fields[i].Name, c.ValueStr(0), k.want)
		}
		if c.IsNull(0) || !c.IsNull(1) {
			t.Errorf("%s: NULLs are wrong", fields[i].Name)
		}
	}
}
