package engine

import (
	"tarn/catalog"
	"tarn/delta"
	"tarn/exec"
	"tarn/sql/types"
	"tarn/storage"
	"tarn/storage/arrangement"
)

// relation is the loop's side of one relation: where its changes go.
type relation struct {
	def     *catalog.Relation
	rows    *arrangement.Arrangement // nil: a stream, or a view that is only a name
	errs    *arrangement.Arrangement // of a materialised view
	types   []types.Type
	keys    []types.Type // types of the key columns
	changed uint64       // epoch of the last change
	recent  recentKeys   // when keys changed last, of a table with a key
	dirty   bool         // rows or errs changed since they were published
	slot    int          // its place in the pages of a State
	buffer  arrangement.Changes
	scratch []byte
}

// mode is how a relation's rows are kept.
func mode(def *catalog.Relation) arrangement.Mode {
	switch {
	case def.Kind == catalog.MaterializedView && def.Append:
		return arrangement.Append
	case def.Key != nil:
		return arrangement.Unique
	default:
		return arrangement.Bag
	}
}

// stored says whether a relation has rows of its own in the store.
func stored(kind catalog.Kind) bool { return kind == catalog.Table || kind == catalog.MaterializedView }

// Ids in the store: a relation's rows are under its oid, its errors under errorIDs more, and operators' states from
// stateIDs on, counted by themselves, so that oids are the same whenever a log is replayed.
const (
	errorIDs uint32 = 1 << 30
	stateIDs uint32 = 1 << 31
)

// openRelation opens what the store has of a relation.
func openRelation(store *storage.Store, def *catalog.Relation) (*relation, error) {
	r := &relation{def: def, types: def.Types(), dirty: true}
	for _, c := range def.Key {
		r.keys = append(r.keys, def.Columns[c].Type)
	}
	if !stored(def.Kind) {
		return r, nil
	}
	var err error
	if r.rows, err = arrangement.Open(store, def.ID, mode(def)); err != nil {
		return nil, err
	}
	if def.Kind == catalog.MaterializedView {
		r.errs, err = arrangement.Open(store, def.ID+errorIDs, arrangement.Bag)
	}
	return r, err
}

// ids are the store's ids that belong to the relation itself.
func ids(def *catalog.Relation) []uint32 {
	switch def.Kind {
	case catalog.MaterializedView:
		return []uint32{def.ID, def.ID + errorIDs}
	default:
		return []uint32{def.ID}
	}
}

// appendKey appends the arrangement key of row i of a batch with all columns of the relation. A relation whose key has no
// columns holds one row at most, under a key of one byte.
func appendKey(dst []byte, def *catalog.Relation, keys []types.Type, b *delta.Batch, i int) []byte {
	if len(def.Key) == 0 {
		return append(dst, 0)
	}
	return delta.AppendKeyRow(dst, b, def.Key, keys, i)
}

// apply makes an epoch's changes to the arrangements.
func (r *relation) apply(epoch uint64, out exec.Input) error {
	for _, b := range out.Rows {
		if b == nil || b.Len == 0 {
			continue
		}
		r.changed = epoch
		if r.rows == nil {
			continue
		}
		r.dirty = true
		if err := r.applyRows(epoch, b); err != nil {
			return err
		}
	}
	if out.Errs != nil && out.Errs.Len > 0 && r.errs != nil {
		r.changed, r.dirty = epoch, true
		r.buffer.Reset()
		for i := 0; i < out.Errs.Len; i++ {
			r.scratch = delta.AppendRow(r.scratch[:0], out.Errs, i)
			r.buffer.Add(r.scratch, nil, out.Errs.Count(i))
		}
		return r.errs.Apply(epoch, &r.buffer)
	}
	return nil
}

// publish is what readers of the next state get: if nothing has changed, what they have in the old one.
func (r *relation) publish(old *State) (c contents) {
	if r.rows == nil {
		return c
	}
	if !r.dirty && old != nil {
		if c, ok := old.of(r.def.ID); ok && c.rows != nil {
			c.retain()
			return c
		}
	}
	c.rows = r.rows.Publish()
	if r.errs != nil {
		c.errs = r.errs.Publish()
	}
	r.dirty = false
	return c
}

func (r *relation) applyRows(epoch uint64, b *delta.Batch) error {
	m := mode(r.def)
	if m == arrangement.Append {
		for lo := 0; lo < b.Len; lo += appendRows {
			part := b.Slice(lo, min(lo+appendRows, b.Len))
			r.scratch = delta.EncodeBatch(r.scratch[:0], part)
			if _, err := r.rows.AppendBatch(epoch, r.scratch, rowsOf(part)); err != nil {
				return err
			}
		}
		return nil
	}
	r.buffer.Reset()
	for i := 0; i < b.Len; i++ {
		if m == arrangement.Unique {
			r.scratch = appendKey(r.scratch[:0], r.def, r.keys, b, i)
			n := len(r.scratch)
			r.scratch = delta.AppendRow(r.scratch, b, i)
			r.buffer.Add(r.scratch[:n], r.scratch[n:], b.Count(i))
		} else {
			r.scratch = delta.AppendRow(r.scratch[:0], b, i)
			r.buffer.Add(r.scratch, nil, b.Count(i))
		}
	}
	return r.rows.Apply(epoch, &r.buffer)
}

// appendRows bounds the batches of append-only relations, so that a read need not decode more than it can send.
const appendRows = 1 << 14

func rowsOf(b *delta.Batch) int64 {
	if b.Counts == nil {
		return int64(b.Len)
	}
	n := int64(0)
	for _, c := range b.Counts {
		n += c
	}
	return n
}

// recentKeys remembers, for the keys that changed lately, the epoch of their last change: what a transaction that read
// single keys is checked against. It holds two generations of a bounded number of keys; about epochs before the older
// one it knows nothing.
type recentKeys struct {
	young, old map[uint64]uint64 // hash of the key to epoch
	horizon    uint64            // complete for changes after this epoch
	youngFrom  uint64            // young is complete for changes after this epoch
}

const recentGeneration = 1 << 15

func (k *recentKeys) note(hash, epoch uint64) {
	if k.young == nil {
		k.young = make(map[uint64]uint64)
	}
	if len(k.young) >= recentGeneration && epoch > k.youngFrom {
		k.old, k.horizon = k.young, k.youngFrom
		k.young, k.youngFrom = make(map[uint64]uint64), epoch // of this one the older generation has a part
	}
	k.young[hash] = epoch
}

// forget drops everything noted, as of the epoch given, after which nothing has changed: what was noted of a later one has
// not happened.
func (k *recentKeys) forget(epoch uint64) {
	*k = recentKeys{horizon: epoch, youngFrom: epoch}
}

// changedSince tells whether a key may have changed after an epoch.
func (k *recentKeys) changedSince(hash, epoch uint64) bool {
	if epoch < k.horizon {
		return true
	}
	return k.young[hash] > epoch || k.old[hash] > epoch
}
