package exec

import (
	"encoding/binary"
	"slices"

	"tarn/delta"
	"tarn/sql/expr"
	"tarn/sql/functions"
	"tarn/sql/types"
	"tarn/storage/state"
)

// join pairs rows of its two sides that have equal keys and for which a residual condition is true. Besides the pairs it
// emits lone rows: those without a partner, NULL-extended, of a preserved side of an outer join; those with a partner
// (semi) or without (anti), once each.
//
// State: the rows of either side by key. That suffices for an inner join: the change of l x r under a change dl is dl x r,
// so a changed row is paired with the other side as it is, and then added to its own side; changes of both sides in one
// epoch are thereby paired exactly once. For lone rows the number of partners must be known: without a residual
// condition it is the number of rows under the key on the other side; with one it depends on the row, and matches keeps it
// for every row that has partners. A side of a semi- or antijoin that is only looked at for partners keeps its keys with
// counts, but no rows.
//
// A changed row of the other side that brings the number of partners from zero to above zero, or back, changes every lone
// row under its key. Counts below zero within an epoch are counted, not interpreted: a number of partners below zero is
// none, and the changes telescope to what the sums at the end of the epoch say (E3).
//
// A side of an inner join that only grows keeps its rows as they come, in lists, and of them the columns that the join key
// does not determine: all that is ever asked of it is the rows of a key, in any order. If both sides do, what both have under a
// key is kept together, and found at once.
//
// Rows of one side of an inner join that can have one partner only, because the other side's key is unique and that side
// only grows, are kept no longer than until they have found it: neither can change any more what the other gives.
//
// A side that is an index (plan.Index) is not kept here: the index has its rows, all that others read of the relation's columns
// too, and has added those of a batch before the batch comes. All that the join knows of such a side is still what it has been
// pushed (E6). Of the batch, and of the rows that it finds in the index, it takes the columns that are the side's.
//
// A row with a NULL key has no partner and is not kept, unless NULLs are equal (IS NOT DISTINCT FROM).
type join struct {
	fn        *functions.Context
	sides     [2]joinSide // 0 is the left one; a right join is a left join of the sides exchanged
	flip      bool        // the output has the columns of side 1 first
	pairs     bool        // pairs are part of the output
	nullEqual bool
	once      bool   // a one-time query: all of side 1 comes before any of side 0, and nothing is ever retracted
	on        *exprs // over a pair in the order of the output; nil for none

	pushed func(port int, cols []delta.Column, rows int) // once: gets the keys of what is pushed, if not nil

	keyCols []delta.Column
	keys    delta.Keys
	valid   []int32
	shares  shares
	workers []joinWorker
}

// lone says which rows of a side are emitted by themselves.
type lone uint8

const (
	loneNever     lone = iota
	loneUnmatched      // outer joins, anti
	loneMatched        // semi
)

// joinSide is what a join keeps of one side.
type joinSide struct {
	keys    exprs
	ts      []types.Type
	lone    lone
	rows    *state.Multimap // key -> exact rows, or empty rows if only their number matters; nil: needed no more (once)
	counted bool            // only their number matters
	settles bool            // its rows are done with when they have found a partner
	matches *state.Map      // key, exact row -> number of partners, 8 bytes; nil if the number of rows under the key is it

	list  *state.Lists // key -> rows, instead of rows; the other side's are in the same lists, if it has one
	at    int          // the side that they are of the lists
	kept  []int        // the columns that list has
	known []int        // by column: the key that is the column, and that list need not have, or -1

	index   *index // has the rows: of a side that is a relation, with columns of it
	columns []int
	decoder *delta.RowDecoder // nil: the index has these columns only, in this order

	// Once, for the second side of a full join: its lone rows are found when the first one has passed by.
	deferred bool
}

// table is what has the rows of the side by key: rows or list; nil if nothing does.
func (s *joinSide) table() table {
	switch {
	case s.list != nil:
		return s.list
	case s.rows != nil:
		return s.rows
	}
	return nil
}

// grow has the side keep its rows in lists, as those of their side at. keys are those of the side.
func (s *joinSide) grow(list *state.Lists, at int, keys []expr.Expr) {
	s.list, s.at, s.known = list, at, make([]int, len(s.ts))
	for c := range s.ts {
		s.known[c] = slices.IndexFunc(keys, func(e expr.Expr) bool {
			k, ok := e.(*expr.Column)
			return ok && k.Index == c && keysAreExact(s.ts[c:c+1])
		})
		if s.known[c] < 0 {
			s.kept = append(s.kept, c)
		}
	}
}

// read has the side find its rows in an index.
func (s *joinSide) read(x *index) {
	s.index, s.rows, s.decoder = x, x.rows, nil
	if slices.Equal(s.columns, x.columns) {
		return
	}
	want := make([]int, len(s.columns))
	for i, c := range s.columns {
		want[i] = slices.Index(x.columns, c)
	}
	s.decoder = delta.NewRowDecoder(x.types(x.columns), want)
}

// decode appends a row that is kept of the side to columns.
func (s *joinSide) decode(cols []delta.Column, row []byte) (err error) {
	if s.decoder != nil {
		return s.decoder.Columns(cols, row)
	}
	_, err = delta.DecodeColumns(cols, row)
	return err
}

func (j *join) states() []keeper {
	var all []keeper
	for s := range j.sides {
		if j.sides[s].rows != nil && j.sides[s].index == nil {
			all = append(all, j.sides[s].rows)
		}
		if list := j.sides[s].list; list != nil && (s == 0 || list != j.sides[0].list) {
			all = append(all, list)
		}
		if j.sides[s].matches != nil {
			all = append(all, j.sides[s].matches)
		}
	}
	return all
}

func (j *join) forkable(rows int) error {
	for s := range j.sides {
		if t := j.sides[s].table(); t != nil {
			if err := forkable(len(j.workers), rows, t); err != nil {
				return err
			}
		}
	}
	return nil
}

func (j *join) push(n *node, port int, b *delta.Batch) error {
	me := &j.sides[port]
	if me.index != nil {
		b = b.Project(me.columns)
	}
	b, cols, err := me.keys.eval(n, b, j.keyCols[:0])
	if err != nil {
		return err
	}
	j.keyCols = cols
	if b.Len == 0 {
		return nil
	}
	if j.pushed != nil {
		j.pushed(port, cols, b.Len)
	}
	encodeKeys(&j.keys, cols, me.keys.ts, b.Len)
	sel, err := j.dropNulls(n, me, port, b)
	if err != nil {
		return err
	}
	rows := b.Len
	if len(cols) == 0 {
		rows = 0 // one key: nothing to share
	}
	if err := j.forkable(rows); err != nil {
		return err
	}
	j.shares.deal(len(j.workers), j.keys.Hashes, sel)
	parallel := len(j.workers) > 1 && rows >= forkRows
	var wanted []bool
	free := false
	if j.pairs {
		wanted, free = n.wanted(len(j.sides[0].ts) + len(j.sides[1].ts))
	}
	if err := fork(len(j.workers), rows, func(w int) error {
		run := joinRun{join: j, worker: &j.workers[w], node: n, port: port, batch: b, hold: parallel, wanted: wanted, free: free && !parallel}
		return run.all(j.shares.rows[w])
	}); err != nil {
		return err
	}
	for w := range j.workers {
		if err := j.workers[w].emitHeld(n); err != nil {
			return err
		}
	}
	return nil
}

// dropNulls emits the rows whose keys can match nothing as far as they are lone, and returns the others; nil for all.
func (j *join) dropNulls(n *node, me *joinSide, port int, b *delta.Batch) ([]int32, error) {
	if j.nullEqual {
		return nil, nil
	}
	sel := withoutNulls(&j.valid, j.keyCols, b.Len)
	if sel == nil || len(sel) == b.Len || me.lone != loneUnmatched {
		return sel, nil
	}
	null := make([]int32, 0, b.Len-len(sel))
	at := 0
	for i := range int32(b.Len) {
		if at < len(sel) && sel[at] == i {
			at++
		} else {
			null = append(null, i)
		}
	}
	return sel, n.emit(j.loneRows(port, b.Gather(null)))
}

// loneRows is rows of a side in the form of the output: with NULLs for the other side where the output has its columns.
func (j *join) loneRows(port int, b *delta.Batch) *delta.Batch {
	if !j.pairs {
		return b
	}
	other := make([]delta.Column, len(j.sides[1-port].ts))
	for i, t := range j.sides[1-port].ts {
		other[i] = nulls(t.Kind(), b.Len)
	}
	return &delta.Batch{Cols: j.columns(port, b.Cols, other), Counts: b.Counts, Len: b.Len}
}

// columns puts the columns of a side and of the other one in the order of the output.
func (j *join) columns(port int, mine, others []delta.Column) []delta.Column {
	if (port == 0) == j.flip {
		mine, others = others, mine
	}
	out := make([]delta.Column, 0, len(mine)+len(others))
	return append(append(out, mine...), others...)
}

// flush emits what had to wait for the whole of both sides (joinSide.deferred).
func (j *join) flush(n *node) error {
	me := &j.sides[1]
	if !me.deferred {
		return nil
	}
	var out *delta.Batch
	var bad error
	send := func() bool {
		if out != nil {
			bad = n.emit(j.loneRows(1, out))
			out = nil
		}
		return bad == nil
	}
	err := me.rows.Scan(func(key, row []byte, count int64) bool {
		var partners int64
		hash := delta.HashKey(key)
		if me.matches != nil {
			full := shortKey(append(append([]byte(nil), key...), row...))
			var val []byte
			if val, _, bad = me.matches.Get(delta.HashKey(full), full); len(val) == 8 {
				partners = int64(binary.LittleEndian.Uint64(val))
			}
		} else {
			partners, bad = j.sides[0].rows.Rows(hash, key)
		}
		if bad != nil || partners > 0 {
			return bad == nil
		}
		if out == nil {
			out = delta.NewBatch(me.ts, joinChunk)
		}
		if _, bad = delta.DecodeRow(out, row); bad != nil {
			return false
		}
		out.AppendCount(count)
		return out.Len < joinChunk || send()
	})
	if err != nil {
		return err
	}
	if bad != nil {
		return bad
	}
	send()
	return bad
}
