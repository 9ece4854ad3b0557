package engine

import (
	"slices"
	"sort"

	"tarn/catalog"
	"tarn/delta"
	"tarn/sql/types"
)

// writtenRows are the net changes that a transaction has made to a table with a key: an index by key over what it has
// written, so that a statement which reads or writes a few keys does not go through all that the statements before it have
// written. It takes in what is new when it is asked for (transaction.writtenTo).
type writtenRows struct {
	rel     *catalog.Relation
	keys    []types.Type
	batches int              // of the write set that are taken in
	first   map[string]int32 // each key's first change, or none
	changes []writtenChange
	free    int32    // the first unused change, or none
	sorted  []string // keys in order
	fresh   []string // keys to be put there
	key     []byte   // for use while one change is made
	row, at []byte
}

// writtenChange is one row of one key with its net count, which is not 0.
type writtenChange struct {
	batch *delta.Batch
	at    int32
	next  int32
	count int64
}

const none = -1

// What a key and a change take in memory, about, besides the key's bytes.
const (
	writtenKeyBytes    = 64
	writtenChangeBytes = 32
)

// writtenTo is the index over what the transaction has written to a table so far; nil where that is nothing.
func (tx *transaction) writtenTo(rel *catalog.Relation) *writtenRows {
	tx.mu.Lock()
	defer tx.mu.Unlock()
	return tx.index(rel)
}

// writtenBetween are the changes of the keys in a span.
func (tx *transaction) writtenBetween(rel *catalog.Relation, part span) rowChanges {
	tx.mu.Lock()
	defer tx.mu.Unlock()
	w := tx.index(rel)
	if w == nil {
		return nil
	}
	out := rowChanges{}
	take := func(c *writtenChange) { out[string(delta.AppendRow(nil, c.batch, int(c.at)))] += c.count }
	if part.point {
		w.each(part.lo, take)
		return out
	}
	w.sort()
	for i := sort.SearchStrings(w.sorted, string(part.lo)); i < len(w.sorted) && (part.hi == nil || w.sorted[i] < string(part.hi)); i++ {
		w.each([]byte(w.sorted[i]), take)
	}
	return out
}

// index is writtenTo for who holds mu.
func (tx *transaction) index(rel *catalog.Relation) *writtenRows {
	batches := tx.writes.changes[rel.ID]
	w := tx.written[rel.ID]
	if w == nil {
		if len(batches) == 0 {
			return nil
		}
		if tx.written == nil {
			tx.written = map[uint32]*writtenRows{}
		}
		w = &writtenRows{rel: rel, keys: keyTypes(rel), first: map[string]int32{}, free: none}
		tx.written[rel.ID] = w
	}
	before := w.bytes()
	for _, b := range batches[w.batches:] {
		w.add(b, 1)
	}
	w.batches = len(batches)
	tx.indexed += w.bytes() - before
	return w
}

// cutWritten takes out of the indexes what was written after a mark. Called before the write set is cut.
func (tx *transaction) cutWritten(m writeMark) {
	tx.mu.Lock()
	defer tx.mu.Unlock()
	for i, id := range tx.writes.order {
		w := tx.written[id]
		switch {
		case w == nil:
		case i >= len(m.batches): // it may be gone, and its id another table's next
			tx.indexed -= w.bytes()
			delete(tx.written, id)
		case w.batches > m.batches[i]:
			for _, b := range tx.writes.changes[id][m.batches[i]:w.batches] {
				w.add(b, -1)
			}
			w.batches = m.batches[i]
		}
	}
}

func (w *writtenRows) bytes() int64 {
	return int64(len(w.first))*writtenKeyBytes + int64(len(w.changes))*writtenChangeBytes
}

// add takes a batch in, or with sign -1 out again.
func (w *writtenRows) add(b *delta.Batch, sign int64) {
	for i := 0; i < b.Len; i++ {
		w.key = appendKey(w.key[:0], w.rel, w.keys, b, i)
		w.change(b, i, sign*b.Count(i))
	}
}

// change adds to the count of row i of a batch, whose key is w.key.
func (w *writtenRows) change(b *delta.Batch, i int, count int64) {
	if count == 0 {
		return
	}
	head, known := w.first[string(w.key)]
	if !known {
		key := string(w.key)
		head = none
		w.first[key] = none
		w.fresh = append(w.fresh, key)
	}
	if head != none {
		w.row = delta.AppendRow(w.row[:0], b, i)
	}
	before := int32(none)
	for at := head; at != none; at = w.changes[at].next {
		c := &w.changes[at]
		if w.at = delta.AppendRow(w.at[:0], c.batch, int(c.at)); string(w.at) != string(w.row) {
			before = at
			continue
		}
		if c.count += count; c.count != 0 {
			return
		}
		if before == none {
			w.first[string(w.key)] = c.next
		} else {
			w.changes[before].next = c.next
		}
		*c = writtenChange{next: w.free}
		w.free = at
		return
	}
	c := writtenChange{batch: b, at: int32(i), next: head, count: count}
	at := w.free
	if at == none {
		at = int32(len(w.changes))
		w.changes = append(w.changes, c)
	} else {
		w.free = w.changes[at].next
		w.changes[at] = c
	}
	w.first[string(w.key)] = at
}

// sort puts the fresh keys in their places: a few one by one, many in one go.
func (w *writtenRows) sort() {
	if len(w.fresh) <= 16 {
		for _, key := range w.fresh {
			at, _ := slices.BinarySearch(w.sorted, key)
			w.sorted = slices.Insert(w.sorted, at, key)
		}
	} else {
		slices.Sort(w.fresh)
		merged, old := make([]string, 0, len(w.sorted)+len(w.fresh)), w.sorted
		for _, key := range w.fresh {
			n, _ := slices.BinarySearch(old, key)
			merged = append(append(merged, old[:n]...), key)
			old = old[n:]
		}
		w.sorted = append(merged, old...)
	}
	w.fresh = w.fresh[:0]
}

// each goes through a key's changes.
func (w *writtenRows) each(key []byte, f func(*writtenChange)) {
	at, known := w.first[string(key)]
	for ; known && at != none; at = w.changes[at].next {
		f(&w.changes[at])
	}
}

// count is by how many rows of a key there are more, or less.
func (w *writtenRows) count(key []byte) (n int64) {
	if w == nil {
		return 0
	}
	w.each(key, func(c *writtenChange) { n += c.count })
	return n
}

// get is the row of a key where the transaction has changed it: nil if it has deleted it.
func (w *writtenRows) get(key []byte) (row *delta.Batch, changed bool) {
	if w == nil {
		return nil, false
	}
	w.each(key, func(c *writtenChange) {
		changed = true
		if c.count > 0 {
			row = delta.NewBatch(w.rel.Types(), 1)
			row.AppendRow(c.batch, int(c.at), 1)
		}
	})
	return row, changed
}
