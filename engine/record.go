package engine

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"

	"tarn/catalog"
	"tarn/delta"
	"tarn/storage/log"
)

// control is the part of a log record that is not rows: the epoch's time and changes of the catalogue.
type control struct {
	Time    int64               `json:"time"`
	Put     []*catalog.Relation `json:"put,omitempty"`
	Drop    []uint32            `json:"drop,omitempty"`
	Schemas []*catalog.Schema   `json:"schemas,omitempty"`
	Unnamed []string            `json:"drop_schemas,omitempty"`
}

// The bytes of a control part: that of an epoch that only changes rows is
//
//	1 byte 0 | 8 bytes time, little endian
//
// and JSON, which begins with a brace, where the catalogue changes.
const (
	timeOnly      = 0
	timeOnlyBytes = 9
)

// appendControl appends the bytes of a control part.
func appendControl(dst []byte, c *control) ([]byte, error) {
	if !c.catalogue() {
		return binary.LittleEndian.AppendUint64(append(dst, timeOnly), uint64(c.Time)), nil
	}
	text, err := json.Marshal(c)
	return append(dst, text...), err
}

// decodeControl reads the bytes of a control part.
func decodeControl(p []byte) (*control, error) {
	c := &control{}
	if len(p) == timeOnlyBytes && p[0] == timeOnly {
		c.Time = int64(binary.LittleEndian.Uint64(p[1:]))
		return c, nil
	}
	return c, json.Unmarshal(p, c)
}

func (c *control) catalogue() bool {
	return len(c.Put) > 0 || len(c.Drop) > 0 || len(c.Schemas) > 0 || len(c.Unnamed) > 0
}

// apply is the catalogue after the changes.
func (c *control) apply(s *catalog.Snapshot) *catalog.Snapshot {
	if len(c.Drop) > 0 {
		s = s.Without(c.Drop...) // first: their names may be given anew
	}
	for _, name := range c.Unnamed {
		s = s.WithoutSchema(name)
	}
	for _, schema := range c.Schemas {
		s = s.WithSchema(schema)
	}
	for _, r := range c.Put {
		s = s.With(r)
	}
	return s
}

// changes are what one epoch did to the relations that users write to.
type changes map[uint32][]*delta.Batch

// recordEncoder makes log records, all in the same memory: fresh memory for each would cost more than the encoding.
type recordEncoder struct {
	bytes []byte
	parts []log.Part
}

// keptRecordBytes is the memory that is kept from one record to the next.
const keptRecordBytes = 8 << 20

// encode is the log record of an epoch: part 0 is the control, then one part a batch. It is good until the next call,
// or until release.
func (e *recordEncoder) encode(epoch uint64, c *control, order []uint32, in changes) (log.Record, error) {
	room := timeOnlyBytes
	for _, id := range order {
		for _, b := range in[id] {
			room += delta.EncodedBound(b)
		}
	}
	var err error
	if e.bytes, err = appendControl(slices.Grow(e.bytes[:0], room), c); err != nil {
		return log.Record{}, err
	}
	e.parts = append(e.parts[:0], log.Part{Relation: log.Catalogue, Payload: e.bytes})
	for _, id := range order {
		for _, b := range in[id] {
			for lo := 0; lo < b.Len; lo += delta.MaxRows {
				from := len(e.bytes)
				e.bytes = delta.EncodeBatch(e.bytes, b.Slice(lo, min(lo+delta.MaxRows, b.Len)))
				e.parts = append(e.parts, log.Part{Relation: id, Payload: e.bytes[from:]})
			}
		}
	}
	return log.Record{Epoch: epoch, Parts: e.parts}, nil
}

// release gives the memory of a large record back.
func (e *recordEncoder) release() {
	if cap(e.bytes) > keptRecordBytes {
		*e = recordEncoder{}
	}
}

// decodeRecord is the inverse of recordEncoder.encode. Payloads must be the caller's to keep.
func decodeRecord(rec log.Record) (*control, []uint32, changes, error) {
	c, in := &control{}, changes{}
	var order []uint32
	var err error
	for i, p := range rec.Parts {
		if p.Relation == log.Catalogue {
			if c, err = decodeControl(p.Payload); err != nil {
				return nil, nil, nil, fmt.Errorf("epoch %d: control part: %w", rec.Epoch, err)
			}
			continue
		}
		b, err := delta.DecodeBatch(p.Payload)
		if err != nil {
			return nil, nil, nil, fmt.Errorf("epoch %d: part %d of relation %d: %w", rec.Epoch, i, p.Relation, err)
		}
		if _, ok := in[p.Relation]; !ok {
			order = append(order, p.Relation)
		}
		in[p.Relation] = append(in[p.Relation], b)
	}
	return c, order, in, nil
}
