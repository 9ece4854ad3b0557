package engine

import (
	"fmt"
	"reflect"
	"testing"

	"tarn/delta"
	"tarn/sql/types"
)

func recordBatch(rows, size int) *delta.Batch {
	b := delta.NewBatch([]types.Type{types.Of(types.Int8OID), types.Of(types.TextOID)}, rows)
	for i := range rows {
		b.Cols[0].AppendInt(int64(i * size))
		b.Cols[1].AppendString(fmt.Sprintf("%*d", size, i))
		b.AppendCount(int64(1 - 2*(i%2)))
	}
	return b
}

// One encoder makes many records, small and large in turn, and keeps little of a large one's memory.
func TestRecordEncoderIsReused(t *testing.T) {
	var e recordEncoder
	for epoch, size := range []int{1, 300, 30_000, 10, 300, 3} {
		in := changes{7: {recordBatch(3, size), recordBatch(size, 2)}, 9: {recordBatch(900, size)}}
		rec, err := e.encode(uint64(epoch+1), &control{Time: int64(epoch)}, []uint32{9, 7}, in)
		if err != nil {
			t.Fatal(err)
		}
		c, order, got, err := decodeRecord(rec)
		if err != nil {
			t.Fatal(err)
		}
		if rec.Epoch != uint64(epoch+1) || c.Time != int64(epoch) || !reflect.DeepEqual(order, []uint32{9, 7}) || len(got) != len(in) {
			t.Fatalf("record %d of time %d with relations %d", rec.Epoch, c.Time, order)
		}
		for id, batches := range in {
			for i, b := range batches {
				if string(delta.EncodeBatch(nil, got[id][i])) != string(delta.EncodeBatch(nil, b)) {
					t.Fatalf("epoch %d, relation %d: batch %d differs", epoch+1, id, i)
				}
			}
		}
		if e.release(); cap(e.bytes) > keptRecordBytes {
			t.Fatalf("%d bytes are kept", cap(e.bytes))
		}
	}
}

// The control part of an epoch that only changes rows is nine bytes; a damaged one is an error.
func TestControlPart(t *testing.T) {
	for _, c := range []*control{
		{Time: 1},
		{Time: -1},
		{Time: 800_000_000_000_000},
		{Time: 5, Drop: []uint32{17, 18}, Unnamed: []string{"old"}},
	} {
		enc, err := appendControl(nil, c)
		if err != nil {
			t.Fatal(err)
		}
		if !c.catalogue() && len(enc) != timeOnlyBytes {
			t.Errorf("%+v takes %d bytes", c, len(enc))
		}
		if got, err := decodeControl(enc); err != nil || !reflect.DeepEqual(got, c) {
			t.Errorf("%+v is read as %+v: %v", c, got, err)
		}
		if got, err := decodeControl(enc[:len(enc)-1]); err == nil {
			t.Errorf("without its last byte %+v is read as %+v", c, got)
		}
	}
	if _, err := decodeControl(nil); err == nil {
		t.Error("an empty control part is no error")
	}
}
