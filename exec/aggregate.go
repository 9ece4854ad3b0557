package exec

import (
	"bytes"
	"encoding/binary"
	"slices"

	"tarn/delta"
	"tarn/sql/types"
	"tarn/storage/state"
)

// aggregate groups rows by keys and computes aggregates of each group.
//
// State: for each group that has rows, what its aggregates need, in one value under the group's key; aggregates that need
// the values themselves (DISTINCT, min and max under deletion, string_agg) have tables of their own beside it, whose keys
// begin with the group's. All of it is exact under retraction, so that it is a function of the group's rows.
//
//	+-----------------+---------+----------------------------------+------------------------+---------------+
//	| count of rows,  | flags,  | per aggregate: count of its rows | per varying aggregate: | exact row of  |
//	| 8 bytes         | 1 byte  | (8 bytes, not always), its state | length (4 bytes), state| the keys, if  |
//	| little endian   |         | of fixed size                    |                        | not exact     |
//	+-----------------+---------+----------------------------------+------------------------+---------------+
//
// A changed row changes the group in place. When the first row of an epoch comes to a group, the group's output row is
// computed as it was; at the end of the epoch it is computed again, and if the two differ the old one is retracted and
// the new one inserted. So an epoch costs what it touches, however large the groups are.
//
// A group is there if the count of its rows is above zero. Counts below zero come and go within an epoch only (E3). NULL is
// a key like any other. Without keys there is one group, there from the first epoch on, unless the plan says Grouped.
//
// Of keys that are equal without being the same (1.0 and 1.00) one that is there stands for all (forms); where the input only
// grows, the first.
type aggregate struct {
	exprs   exprs // keys, then for each call its arguments, then its filter
	nkeys   int
	keyRow  bool // the keys do not determine what is printed for them: their row is kept
	calls   []*call
	fixed   int // bytes before the varying part
	tails   int // number of varying states
	outs    []types.Type
	global  bool // one row, always
	started bool // of a global aggregate: the row of no rows has been emitted
	groups  *state.Map
	others  *state.Multimap // of forms of the keys; nil if they are exact, or the input only grows

	cols    []delta.Column
	keys    delta.Keys
	shares  shares
	workers []aggregateWorker
}

// aggregateWorker has the groups of the shards of one worker that changed in the epoch.
type aggregateWorker struct {
	touched rowIndex       // their keys
	existed []bool         // which of them were there
	exists  []bool         // which of them are, at the end of the epoch
	keys    []delta.Column // their key columns, then those of the groups chosen as they are now
	chosen  []int32        // which of them other keys stand for than before
	vals    []delta.Column // their aggregates as they were
	forms   forms          // of keys, if the aggregate has others
	buf     []byte
	scratch scratch
}

const (
	groupFlag  = 8
	groupFixed = 9

	flagTouched = 1 // changed in the epoch
	flagForms   = 2 // its keys come in other forms, too
)

// chooses implements chooser: where the input only grows, for its keys, for what DISTINCT keeps, and for the best of equal values.
func (a *aggregate) chooses() bool {
	for _, c := range a.calls {
		if c.keepArg && c.forms == nil || c.kind == bestVarying && !keysAreExact(c.ts) || c.kind == bestFixed && c.ts[0].Kind() == types.Float64 {
			return true
		}
	}
	return a.keyRow && a.others == nil
}

// reads implements reader: what a row brings is copied into its group.
func (a *aggregate) reads() (cols []int, keeps bool) { return a.exprs.used, false }

func (a *aggregate) states() []keeper {
	all := []keeper{a.groups}
	if a.others != nil {
		all = append(all, a.others)
	}
	for _, c := range a.calls {
		if c.distinct != nil {
			all = append(all, c.distinct)
		}
		if c.values != nil {
			all = append(all, c.values)
		}
		if c.forms != nil {
			all = append(all, c.forms.others)
		}
	}
	return all
}

func (a *aggregate) forkable(rows int) error {
	if err := forkable(len(a.workers), rows, a.groups); err != nil {
		return err
	}
	if a.others != nil {
		if err := forkable(len(a.workers), rows, a.others); err != nil {
			return err
		}
	}
	for _, c := range a.calls {
		if c.values != nil {
			if err := forkable(len(a.workers), rows, c.values); err != nil {
				return err
			}
		}
	}
	return nil
}

func (a *aggregate) push(n *node, _ int, b *delta.Batch) error {
	b, cols, err := a.exprs.eval(n, b, a.cols[:0])
	if err != nil {
		return err
	}
	a.cols = cols
	if b.Len == 0 {
		return nil
	}
	if err := a.forkable(b.Len); err != nil {
		return err
	}
	encodeKeys(&a.keys, cols[:a.nkeys], a.exprs.ts[:a.nkeys], b.Len)
	a.shares.deal(len(a.workers), a.keys.Hashes, nil)
	return fork(len(a.workers), b.Len, func(w int) error {
		return touch(a.groups, &a.keys, a.shares.rows[w], func(run []int32) error {
			for len(run) > 0 { // rows of one key often come together
				i, n := int(run[0]), 1
				g := group{hash: a.keys.Hashes[i], key: a.keys.Key(i)}
				for n < len(run) && a.keys.Hashes[run[n]] == g.hash && bytes.Equal(a.keys.Key(int(run[n])), g.key) {
					n++
				}
				if err := a.workers[w].open(a, &g, a.cols[:a.nkeys], i); err != nil {
					return err
				}
				if err := a.workers[w].add(a, &g, run[:n], b); err != nil {
					return err
				}
				run = run[n:]
			}
			return nil
		})
	})
}

// add brings rows of a batch into their group, which is open.
func (w *aggregateWorker) add(a *aggregate, g *group, rows []int32, b *delta.Batch) error {
	for _, i := range rows {
		addInt(g.val, b.Count(int(i)))
	}
	if a.others != nil {
		if err := w.addForms(a, g, rows, b); err != nil {
			return err
		}
	}
	for _, c := range a.calls {
		if len(rows) > 1 && c.addInts(a, g, rows, b) {
			continue
		}
		for _, i := range rows {
			if c.filter >= 0 && !isTrue(&a.cols[c.filter], int(i)) {
				continue
			}
			if c.skipNull && a.cols[c.args].IsNull(int(i)) {
				continue
			}
			if err := c.add(a, w, g, int(i), b.Count(int(i))); err != nil {
				return err
			}
		}
	}
	return nil
}

// group is one entry of aggregate.groups, open for change.
type group struct {
	hash uint64
	key  []byte
	val  []byte
}

// open finds or makes the group, and if this is the first change in the epoch notes its output row as it was. The key
// columns are row i of cols.
func (w *aggregateWorker) open(a *aggregate, g *group, cols []delta.Column, i int) error {
	size, existed := a.fixed, false
	if a.tails > 0 || a.keyRow {
		val, found, err := a.groups.Get(g.hash, g.key)
		if err != nil {
			return err
		}
		if found {
			size, existed = len(val), true
		} else {
			size += 4 * a.tails
		}
	}
	var err error
	if g.val, existed, err = a.groups.Put(g.hash, g.key, size); err != nil {
		return err
	}
	if !existed && a.keyRow {
		w.buf = delta.AppendRow(append(w.buf[:0], g.val...), &delta.Batch{Cols: cols}, i)
		if g.val, _, err = a.groups.Put(g.hash, g.key, len(w.buf)); err != nil {
			return err
		}
		copy(g.val, w.buf)
	}
	if g.val[groupFlag]&flagTouched != 0 {
		return nil
	}
	g.val[groupFlag] |= flagTouched
	w.touched.add(g.hash, g.key)
	if w.vals == nil {
		w.keys, w.vals = newColumns(a.exprs.ts[:a.nkeys], 4), newColumns(a.outs, 4)
	}
	if a.keyRow {
		if _, err := delta.DecodeColumns(w.keys, a.keyPart(g.val)); err != nil {
			return err
		}
	} else {
		for j := range w.keys {
			w.keys[j].AppendRow(&cols[j], i)
		}
	}
	existed = existed && a.there(g.val)
	w.existed = append(w.existed, existed)
	return w.final(a, g, existed)
}

// there tells whether a group has an output row.
func (a *aggregate) there(val []byte) bool { return a.global || readInt(val) > 0 }

// final appends the group's aggregates to vals; NULLs if the group is not there.
func (w *aggregateWorker) final(a *aggregate, g *group, there bool) error {
	for j, c := range a.calls {
		if !there {
			w.vals[j].AppendNull()
		} else if err := c.final(a, w, g, &w.vals[j]); err != nil {
			return err
		}
	}
	return nil
}

func (a *aggregate) flush(n *node) error {
	if a.global && !a.started {
		if err := a.start(); err != nil {
			return err
		}
	}
	touched := 0
	for w := range a.workers {
		touched += a.workers[w].touched.len()
	}
	if err := a.forkable(touched); err != nil {
		return err
	}
	changes := make([]changes, len(a.workers))
	if err := fork(len(a.workers), touched, func(w int) (err error) {
		changes[w], err = a.workers[w].flush(a)
		return err
	}); err != nil {
		return err
	}
	var outs []*delta.Batch
	for _, c := range changes {
		for _, e := range c.errs {
			if err := n.fail(e.err, e.count); err != nil {
				return err
			}
		}
		if c.rows != nil {
			outs = append(outs, c.rows)
		}
	}
	return n.emit(concat(outs))
}

// start makes the group of a global aggregate, if it is not there from before.
func (a *aggregate) start() error {
	a.started = true
	g := group{hash: delta.HashKey(nil)}
	if _, found, err := a.groups.Get(g.hash, nil); err != nil || found {
		return err
	}
	return a.workers[state.Shard(g.hash)%len(a.workers)].open(a, &g, nil, 0)
}

// flush compares the output rows of the groups touched with what they were, and forgets the epoch.
func (w *aggregateWorker) flush(a *aggregate) (out changes, err error) {
	touched := w.touched.len()
	if touched == 0 {
		return out, nil
	}
	exists := w.exists[:0]
	for i, hash := range w.touched.hashes {
		g := group{hash: hash, key: w.touched.at(i)}
		if g.val, _, err = a.groups.Get(hash, g.key); err != nil {
			return out, err
		}
		g.val[groupFlag] &^= flagTouched // the entry is dirty since the row was pushed
		if a.others != nil {
			changed, err := w.choose(a, &g)
			if err != nil {
				return out, err
			}
			if changed {
				w.chosen = append(w.chosen, int32(i))
			}
		}
		exists = append(exists, a.there(g.val))
		if err := w.final(a, &g, exists[i]); err != nil {
			return out, err
		}
		if readInt(g.val) == 0 && !a.global {
			if _, err := a.groups.Delete(hash, g.key); err != nil {
				return out, err
			}
		}
	}
	if len(w.chosen) == 0 {
		out.collect(w.keys, w.vals, w.existed, exists)
	} else { // keys have changed as aggregates do
		out.collect(nil, slices.Concat(w.twice(touched), w.vals), w.existed, exists)
	}
	w.touched.reset()
	w.existed, w.exists, w.chosen = w.existed[:0], exists, w.chosen[:0]
	resetColumns(w.keys)
	resetColumns(w.vals)
	return out, nil
}

// keyPart is the exact row of the keys at the end of a group's value.
func (a *aggregate) keyPart(val []byte) []byte {
	at := a.fixed
	for range a.tails {
		at += 4 + int(binary.LittleEndian.Uint32(val[at:]))
	}
	return val[at:]
}

// tail is varying state j of a group.
func (a *aggregate) tail(val []byte, j int) (from, to int) {
	at := a.fixed
	for range j {
		at += 4 + int(binary.LittleEndian.Uint32(val[at:]))
	}
	return at + 4, at + 4 + int(binary.LittleEndian.Uint32(val[at:]))
}

// setTail puts varying state j of a group. The new state may lie in the group's value.
func (a *aggregate) setTail(w *aggregateWorker, g *group, j int, s []byte) error {
	from, to := a.tail(g.val, j)
	if len(s) == to-from {
		copy(g.val[from:to], s)
		return nil
	}
	w.buf = append(w.buf[:0], g.val[:from-4]...)
	w.buf = binary.LittleEndian.AppendUint32(w.buf, uint32(len(s)))
	w.buf = append(append(w.buf, s...), g.val[to:]...)
	var err error
	if g.val, _, err = a.groups.Put(g.hash, g.key, len(w.buf)); err != nil {
		return err
	}
	copy(g.val, w.buf)
	return nil
}

func readInt(b []byte) int64       { return int64(binary.LittleEndian.Uint64(b)) }
func addInt(b []byte, count int64) { binary.LittleEndian.PutUint64(b, uint64(readInt(b)+count)) }
