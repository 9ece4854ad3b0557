package engine

import (
	"strings"

	"tarn/catalog"
	"tarn/delta"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
	"tarn/storage/state"
)

// commit is what a transaction hands to the loop: what it read, and what it writes.
type commit struct {
	snapshot uint64            // epoch of the state it read
	reads    map[uint32]bool   // base relations it read as a whole
	keys     []keyRead         // and single keys of tables it read
	catalog  *catalog.Snapshot // the catalogue, if it read that; else nil
	writes   changes           // rows with all columns; -1 deletes, +1 inserts
	order    []uint32          // the relations of writes, in order of first write
}

type keyRead struct {
	relation uint32
	hash     uint64
}

// errConflict asks the session to run the statement again on a newer state.
var errConflict = sqlstate.New(sqlstate.SerializationFailure, "could not serialize access due to read/write dependencies among transactions").
	WithHint("The transaction might succeed if retried.")

// turn is one epoch in the making.
type turn struct {
	epoch  uint64
	writes changes
	order  []uint32
	keys   map[uint32]*state.Map // keys of tables that this epoch has inserted or deleted, each with its presence
	rows   int
	bytes  int64
}

// presence of a key within the epoch.
const (
	keyUntouched byte = iota
	keyPresent
	keyAbsent
)

// admit checks a commit against the state it will be part of, and adds its writes to the turn (E3). An error leaves the
// turn as it was.
func (l *loop) admit(t *turn, c *commit) (err error) {
	defer l.recovered(&err)
	if c.catalog != nil && c.catalog != l.catalog {
		return errConflict
	}
	for id := range c.reads {
		if r := l.relations[id]; r == nil || r.changed > c.snapshot {
			return errConflict
		}
		if _, ok := t.writes[id]; ok {
			return errConflict
		}
	}
	for _, k := range c.keys {
		if r := l.relations[k.relation]; r == nil || r.recent.changedSince(k.hash, c.snapshot) {
			return errConflict
		}
	}
	undo := &undoKeys{}
	for _, id := range c.order {
		r := l.relations[id]
		if r == nil {
			undo.run(t)
			return errConflict // dropped since: run again, the statement finds out what its name means now
		}
		if r.def.Kind != catalog.Table || r.def.Key == nil {
			continue
		}
		if err := l.admitKeys(t, r, c.writes[id], undo); err != nil {
			undo.run(t)
			return err
		}
	}
	for _, u := range undo.entries {
		l.relations[u.relation].recent.note(u.hash, t.epoch)
	}
	for _, id := range c.order {
		if _, ok := t.writes[id]; !ok {
			t.order = append(t.order, id)
		}
		t.writes[id] = append(t.writes[id], c.writes[id]...)
		for _, b := range c.writes[id] {
			t.rows += b.Len
			t.bytes += b.Bytes()
		}
	}
	return nil
}

// undoKeys takes back what a commit that is refused has noted in the key sets of a turn.
type undoKeys struct {
	bytes   []byte // the keys
	entries []undoKey
}

type undoKey struct {
	relation uint32
	at, size uint32 // of the key in bytes
	hash     uint64
	was      byte
}

func (u *undoKeys) add(relation uint32, hash uint64, key []byte, was byte) {
	u.entries = append(u.entries, undoKey{relation, uint32(len(u.bytes)), uint32(len(key)), hash, was})
	u.bytes = append(u.bytes, key...)
}

func (u *undoKeys) run(t *turn) {
	for i := len(u.entries) - 1; i >= 0; i-- {
		e := u.entries[i]
		if v, _, err := t.keys[e.relation].Put(e.hash, u.bytes[e.at:e.at+e.size], 1); err == nil {
			v[0] = e.was
		}
	}
}

// admitKeys checks that no key of a table gets two rows: deletions first, so that an update may pass a key on.
func (l *loop) admitKeys(t *turn, r *relation, batches []*delta.Batch, undo *undoKeys) error {
	set := t.keys[r.def.ID]
	if set == nil {
		set = state.Ephemeral(l.engine.store.Memory())
		t.keys[r.def.ID] = set
	}
	cols := make([]delta.Column, len(r.def.Key))
	var keys delta.Keys
	for _, inserts := range []bool{false, true} {
		for _, b := range batches {
			if !inserts && b.Counts == nil {
				continue
			}
			for i, c := range r.def.Key {
				cols[i] = b.Cols[c]
			}
			keys.EncodeKeys(cols, r.keys, b.Len)
			fresh := inserts && l.keysAreNew(r, &keys)
			for i := 0; i < b.Len; i++ {
				if (b.Count(i) > 0) != inserts {
					continue
				}
				key, hash := keys.Key(i), keys.Hashes[i]
				v, existed, err := set.Put(hash, key, 1)
				if err != nil {
					return err
				}
				was := keyUntouched
				if existed {
					was = v[0]
				}
				undo.add(r.def.ID, hash, key, was)
				if !inserts {
					v[0] = keyAbsent
					continue
				}
				v[0] = keyPresent
				present := was == keyPresent || b.Count(i) > 1 // equal rows of one transaction are summed up
				if was == keyUntouched && !fresh && !present {
					if present, err = l.hasKey(r, key); err != nil {
						return err
					}
				}
				if present {
					return duplicateKey(r.def, b, i)
				}
			}
		}
	}
	return nil
}

// keysAreNew tells, for a batch of some size, that the table has no key between the batch's smallest and largest, as when
// a table is loaded in the order of its key: then no key needs to be looked up.
func (l *loop) keysAreNew(r *relation, keys *delta.Keys) bool {
	n := len(keys.Hashes)
	if n < 16 {
		return false
	}
	lo, hi := keys.Key(0), keys.Key(0)
	for i := 1; i < n; i++ {
		if k := keys.Key(i); string(k) < string(lo) {
			lo = k
		} else if string(k) > string(hi) {
			hi = k
		}
	}
	view := l.content(r.def.ID).rows
	if view == nil || view.Rows() == 0 {
		return true
	}
	found := false
	err := view.Scan(l.ctx, lo, append(append([]byte(nil), hi...), 0), false, func(_, _ []byte, _ int64) bool {
		found = true
		return false
	})
	return err == nil && !found
}

// hasKey looks a key up in the table as of the last epoch.
func (l *loop) hasKey(r *relation, key []byte) (bool, error) {
	if l.relations[r.def.ID] == nil {
		return false, nil // the table is being made
	}
	_, count, err := l.content(r.def.ID).rows.Get(nil, key)
	return count > 0, err
}

// duplicateKey is PostgreSQL's error for a second row with a key.
func duplicateKey(def *catalog.Relation, b *delta.Batch, i int) error {
	var names, values []string
	for _, c := range def.Key {
		names = append(names, def.Columns[c].Name)
		values = append(values, string(types.AppendText(nil, def.Columns[c].Type, b.Cols[c].Datum(i), nil)))
	}
	e := sqlstate.New(sqlstate.UniqueViolation, "duplicate key value violates unique constraint %q", def.KeyName).
		WithDetail("Key (%s)=(%s) already exists.", strings.Join(names, ", "), strings.Join(values, ", "))
	e.Schema, e.Table, e.Constraint = def.Schema, def.Name, def.KeyName
	return e
}

// close gives the turn's memory back.
func (t *turn) close() {
	for _, k := range t.keys {
		k.Release()
	}
}
