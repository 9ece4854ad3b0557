package engine

import (
	"encoding/json"
	"fmt"

	"tarn/catalog"
	"tarn/delta"
	"tarn/storage/log"
)

// control is the part of a log record that is not rows: the epoch's time and changes of the catalogue. It is JSON because
// it is small, rare beside the rows it comes with, and read by people (server inspect).
type control struct {
	Time    int64               `json:"time"`
	Put     []*catalog.Relation `json:"put,omitempty"`
	Drop    []uint32            `json:"drop,omitempty"`
	Schemas []*catalog.Schema   `json:"schemas,omitempty"`
	Unnamed []string            `json:"drop_schemas,omitempty"`
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

// encodeRecord is the log record of an epoch: part 0 is the control, then one part a batch.
func encodeRecord(epoch uint64, c *control, order []uint32, in changes) (log.Record, error) {
	head, err := json.Marshal(c)
	if err != nil {
		return log.Record{}, err
	}
	rec := log.Record{Epoch: epoch, Parts: []log.Part{{Relation: log.Catalogue, Payload: head}}}
	for _, id := range order {
		for _, b := range in[id] {
			for lo := 0; lo < b.Len; lo += delta.MaxRows {
				part := b.Slice(lo, min(lo+delta.MaxRows, b.Len))
				rec.Parts = append(rec.Parts, log.Part{Relation: id, Payload: delta.EncodeBatch(nil, part)})
			}
		}
	}
	return rec, nil
}

// decodeRecord is the inverse of encodeRecord. Payloads must be the caller's to keep.
func decodeRecord(rec log.Record) (*control, []uint32, changes, error) {
	c, in := &control{}, changes{}
	var order []uint32
	for i, p := range rec.Parts {
		if p.Relation == log.Catalogue {
			if err := json.Unmarshal(p.Payload, c); err != nil {
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
