package exec

import (
	"tarn/delta"
	"tarn/storage/state"
)

// joinChunk is how many candidate pairs are put together before they are tested and emitted, and how many partners are read
// at once; of long rows fewer, so that they take about joinBytes.
const (
	joinChunk = 4096
	joinBytes = 8 << 20
)

// joinWorker has the memory of one worker. What it emits while others work is held back, so that all is emitted on one
// goroutine and in an order that depends on the rows alone.
type joinWorker struct {
	held []*delta.Batch
	errs []countedError
	list state.ListWriter
	rowAdder

	partners []delta.Column // the other side's rows under one key, or a chunk of them
	counted  []int64        // their counts
	paired   int            // so many of them have been paired
	long     int            // bytes of the longest value of one of them
	port     int            // of the batch that partners are for
	rows     rowBytes       // and, if matches are kept, their exact bytes
	last     []byte         // the last one read, where more are to be read

	mine   []int32        // of each candidate pair: the row of the batch
	theirs []int32        // and the partner
	pass   []int32        // those that the residual condition is true for
	tested []delta.Column // what it reads of them
	joined []delta.Column // the pairs, if nobody keeps them
	sums   []int64        // by row of the batch: the number of partners
	key    []byte
}

// rowBytes is a list of byte strings.
type rowBytes struct {
	ends []int
	data []byte
}

func (r *rowBytes) add(row []byte) {
	r.data = append(r.data, row...)
	r.ends = append(r.ends, len(r.data))
}

func (r *rowBytes) at(i int) []byte {
	from := 0
	if i > 0 {
		from = r.ends[i-1]
	}
	return r.data[from:r.ends[i]]
}

func (r *rowBytes) reset() { r.ends, r.data = r.ends[:0], r.data[:0] }

func (w *joinWorker) emitHeld(n *node) error {
	held, errs := w.held, w.errs
	w.held, w.errs = nil, nil
	for _, e := range errs {
		if err := n.fail(e.err, e.count); err != nil {
			return err
		}
	}
	for _, b := range held {
		if err := n.emit(b); err != nil {
			return err
		}
	}
	return nil
}

// joinRun is the work of one worker on one batch.
type joinRun struct {
	*join
	worker *joinWorker
	node   *node
	port   int
	batch  *delta.Batch
	hold   bool // others work at the same time
	long   int  // bytes of the values of the longest row of the batch

	wanted []bool // the columns of the output that somebody reads
	free   bool   // nobody has what was emitted any longer

	bad error
}

func (r *joinRun) emit(b *delta.Batch) error {
	if r.hold {
		if b.Len > 0 {
			r.worker.held = append(r.worker.held, b)
		}
		return nil
	}
	return r.node.emit(b)
}

// all does everything for the rows of the batch that are the worker's: pairs them with the other side as it is, and then
// adds them to their own.
func (r *joinRun) all(rows []int32) error {
	if len(rows) == 0 {
		return nil
	}
	me, other := &r.sides[r.port], &r.sides[1-r.port]
	if r.once && r.port == 1 {
		return r.keep(me, other, rows) // nothing of the other side has come yet
	}
	w := r.worker
	alone := me.lone != loneNever && !me.deferred
	settling := me.settles || other.settles
	if alone || me.matches != nil || settling {
		if cap(w.sums) < r.batch.Len {
			w.sums = make([]int64, r.batch.Len)
		}
		w.sums = w.sums[:r.batch.Len]
		for _, i := range rows {
			w.sums[i] = 0
		}
	}
	if r.pairs || r.on != nil {
		if err := r.pair(me, other, rows); err != nil {
			return err
		}
	} else if alone {
		if err := r.number(other, rows); err != nil {
			return err
		}
	}
	if alone {
		if err := r.emitLone(me, rows); err != nil {
			return err
		}
	}
	if me.table() == nil {
		return nil
	}
	if settling {
		var err error
		if rows, err = r.settle(me, other, rows); err != nil {
			return err
		}
	}
	return r.keep(me, other, rows)
}

// pair visits the partners of all rows, in chunks. The partners of a key are read once for all rows that have it.
func (r *joinRun) pair(me, other *joinSide, rows []int32) error {
	w := r.worker
	if w.partners == nil || r.port != w.port {
		w.partners, w.port = newColumns(other.ts, 16), r.port
		w.last = []byte{} // before it no row is: nil would be before all
	}
	r.forget()
	r.long = longest(r.batch.Cols, 0, r.batch.Len)
	w.mine, w.theirs = w.mine[:0], w.theirs[:0]
	var group []int32
	more := false
	visit := func(row []byte, count int64) bool {
		if r.bad = other.decode(w.partners, row); r.bad != nil {
			return false
		}
		w.counted = append(w.counted, count)
		if other.matches != nil {
			w.rows.add(row)
		}
		if more = r.enough(); more {
			w.last = append(w.last[:0], row...)
		}
		return !more
	}
	// Nothing is read while pairs are emitted: those who get them may read the same index.
	each := func(hash uint64, key []byte) error {
		err := other.rows.Each(hash, key, visit)
		for more && err == nil && r.bad == nil {
			more = false
			if err = r.cross(other, group); err == nil {
				err = other.rows.EachAfter(hash, key, w.last, visit)
			}
		}
		return err
	}
	if r.once {
		w.groups.single(rows) // the order of the rows is that of the answer
	} else {
		w.groups.make(&r.keys, rows)
	}
	block := func(block []byte) (err error) {
		if w.counted, err = delta.AppendBlock(w.partners, other.kept, block, w.counted); err == nil && r.enough() {
			err = r.cross(other, group)
		}
		return err
	}
	err := w.groups.touch(other.table(), &r.keys, func(from, to int) (err error) {
		for g := from; g < to; g++ {
			group = w.groups.group(g)
			hash, key := r.keys.Hashes[group[0]], r.keys.Key(int(group[0]))
			switch {
			case other.list == nil:
				err = each(hash, key)
			case me.list == other.list: // adds the rows as well
				err = me.list.Meet(&w.list, hash, key, me.at, r.batch, me.kept, group, block)
			default:
				err = other.list.Each(hash, key, other.at, block)
			}
			if err != nil {
				return err
			}
			if r.bad != nil {
				return r.bad
			}
			if err := r.cross(other, group); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return r.test(other)
}

// cross pairs the rows of a group with the partners read last, those behind w.paired.
func (r *joinRun) cross(other *joinSide, group []int32) error {
	w := r.worker
	from, to := w.paired, len(w.counted)
	if from == to {
		return nil
	}
	count := other.settles || r.sides[r.port].settles
	for c := range w.partners { // a column that a list leaves out has no rows
		w.long = max(w.long, longest(w.partners[c:c+1], min(from, w.partners[c].Len()), w.partners[c].Len()))
	}
	chunk := min(joinChunk, max(joinBytes/(r.long+w.long+1), 1))
	for _, i := range group {
		for p := from; p < to; p++ {
			w.mine = append(w.mine, i)
			w.theirs = append(w.theirs, int32(p))
			if len(w.mine) >= chunk {
				if err := r.test(other); err != nil {
					return err
				}
			}
		}
		if count {
			w.sums[i] += int64(to - from)
		}
	}
	if w.paired = to; r.enough() {
		if err := r.test(other); err != nil {
			return err
		}
		r.forget()
	}
	return nil
}

// read is how many bytes of values the partners have that have been read.
func (r *joinRun) read() (bytes int64) {
	for c := range r.worker.partners {
		bytes += int64(len(r.worker.partners[c].Data))
	}
	return bytes
}

// enough tells whether no more partners should be read before those that were are dealt with.
func (r *joinRun) enough() bool {
	return len(r.worker.counted) >= joinChunk || r.read() >= joinBytes
}

// forget empties the partners. No candidate pair may be left.
func (r *joinRun) forget() {
	w := r.worker
	for c := range w.partners {
		w.partners[c].Reset()
	}
	w.counted, w.paired, w.long = w.counted[:0], 0, 0
	w.rows.reset()
}

// test applies the residual condition to the candidate pairs so far, counts them as partners, and emits them.
func (r *joinRun) test(other *joinSide) error {
	w := r.worker
	if len(w.mine) == 0 {
		return nil
	}
	if err := r.node.flow.ctx.Err(); err != nil {
		return err
	}
	pass := []int32(nil) // nil: all
	n := len(w.mine)
	if r.on != nil {
		var err error
		if pass, err = r.condition(other); err != nil {
			return err
		}
		if len(pass) == n {
			pass = nil
		} else {
			n = len(pass)
		}
	}
	if err := r.countPartners(other, pass, n); err != nil {
		return err
	}
	for k, p := range pass {
		w.mine[k], w.theirs[k] = w.mine[p], w.theirs[p]
	}
	w.mine, w.theirs = w.mine[:n], w.theirs[:n]
	if r.pairs && n > 0 {
		if err := r.emitPairs(other); err != nil {
			return err
		}
	}
	w.mine, w.theirs = w.mine[:0], w.theirs[:0]
	return nil
}

// emitPairs emits the pairs: of their columns those that somebody reads.
func (r *joinRun) emitPairs(other *joinSide) error {
	w := r.worker
	b := &delta.Batch{Counts: r.counts(), Len: len(w.mine)}
	if r.free {
		b.Cols = room(&w.joined, len(r.wanted))
	} else {
		b.Cols = make([]delta.Column, len(r.wanted))
	}
	for c, ok := range r.wanted {
		if ok {
			r.gather(other, c, &b.Cols[c])
		}
	}
	return r.emit(b)
}

// room is so many columns of a worker's memory. What a column had is of no interest any more.
func room(cols *[]delta.Column, n int) []delta.Column {
	for len(*cols) < n {
		*cols = append(*cols, delta.Column{})
	}
	resetColumns(*cols)
	return (*cols)[:n]
}

// gather makes column c of the pairs in the order of the output.
func (r *joinRun) gather(other *joinSide, c int, dst *delta.Column) {
	w, mine := r.worker, len(r.batch.Cols)
	if (r.port == 0) == r.flip { // the other side's columns come first
		if theirs := len(w.partners); c < theirs {
			c += mine
		} else {
			c -= theirs
		}
	}
	switch {
	case c < mine:
		r.batch.Cols[c].GatherInto(dst, w.mine)
	case other.list != nil && other.known[c-mine] >= 0:
		r.keyCols[other.known[c-mine]].GatherInto(dst, w.mine)
	default:
		w.partners[c-mine].GatherInto(dst, w.theirs)
	}
}

// counts are the counts of the candidate pairs, the products of those of their rows; nil if all are one.
func (r *joinRun) counts() []int64 {
	w := r.worker
	if r.batch.Counts == nil && allOne(w.counted) {
		return nil
	}
	counts := make([]int64, len(w.mine))
	for k, i := range w.mine {
		counts[k] = r.batch.Count(int(i)) * w.counted[w.theirs[k]]
	}
	return counts
}

// condition is the candidate pairs for which the residual condition is true.
func (r *joinRun) condition(other *joinSide) ([]int32, error) {
	w := r.worker
	b := &delta.Batch{Counts: r.counts(), Len: len(w.mine), Cols: room(&w.tested, len(r.batch.Cols)+len(w.partners))}
	for _, c := range r.on.used {
		r.gather(other, c, &b.Cols[c])
	}
	c := r.on.progs[0].Eval(r.fn, b)
	pass := w.pass[:0]
	for i := range b.Len {
		if e := errorAt(&c, i); e != nil {
			if r.hold {
				r.worker.errs = append(r.worker.errs, countedError{e, b.Count(i)})
			} else if err := r.node.fail(e, b.Count(i)); err != nil {
				return nil, err
			}
		} else if isTrue(&c, i) {
			pass = append(pass, int32(i))
		}
	}
	w.pass = pass
	return pass, nil
}

// countPartners adds the pairs that passed (nil for the first n) to the number of partners of the rows they are made of.
func (r *joinRun) countPartners(other *joinSide, pass []int32, n int) error {
	w, me := r.worker, &r.sides[r.port]
	mine := me.lone != loneNever && !me.deferred || me.matches != nil
	if !mine && other.matches == nil {
		return nil
	}
	var change loneChange
	for k := range n {
		p := k
		if pass != nil {
			p = int(pass[k])
		}
		i := w.mine[p]
		count := r.batch.Count(int(i))
		if mine {
			w.sums[i] += w.counted[w.theirs[p]]
		}
		if other.matches == nil {
			continue
		}
		key, hash := r.matchKey(int(i), w.rows.at(int(w.theirs[p])))
		before, err := addMatches(other, hash, key, count)
		if err != nil {
			return err
		}
		if crossed := crossing(before, before+count); crossed != 0 && !other.deferred {
			if err := change.add(other, w.rows.at(int(w.theirs[p])), crossed, w.counted[w.theirs[p]]); err != nil {
				return err
			}
		}
	}
	if change.rows == nil {
		return nil
	}
	return r.emit(r.loneRows(1-r.port, change.rows))
}

func allOne(counts []int64) bool {
	for _, c := range counts {
		if c != 1 {
			return false
		}
	}
	return true
}
