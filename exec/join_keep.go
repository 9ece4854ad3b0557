package exec

import (
	"encoding/binary"

	"tarn/delta"
)

// What a join does besides pairing: lone rows, the numbers of partners, and adding rows to their side.

// matchKey is the key in matches, and its hash, of a row of either side under the join key of row i of the batch.
func (r *joinRun) matchKey(i int, row []byte) (key []byte, hash uint64) {
	w := r.worker
	w.key = append(append(w.key[:0], r.keys.Key(i)...), row...)
	key = shortKey(w.key)
	return key, delta.HashKey(key)
}

// addMatches changes the number of partners of a row and returns what it was.
func addMatches(s *joinSide, hash uint64, key []byte, change int64) (before int64, err error) {
	if change == 0 {
		return 0, nil
	}
	val, _, err := s.matches.Put(hash, key, 8)
	if err != nil {
		return 0, err
	}
	before = int64(binary.LittleEndian.Uint64(val))
	binary.LittleEndian.PutUint64(val, uint64(before+change))
	if before+change == 0 {
		_, err = s.matches.Delete(hash, key)
	}
	return before, err
}

// crossing is 1 if a number of partners goes from none to some, -1 if from some to none, else 0.
func crossing(before, after int64) int64 {
	switch {
	case before <= 0 && after > 0:
		return 1
	case before > 0 && after <= 0:
		return -1
	}
	return 0
}

// loneChange collects lone rows of a side that come or go because their partners do.
type loneChange struct {
	rows *delta.Batch
}

// add adds a row, with the count it has on its side, whose number of partners crossed.
func (c *loneChange) add(s *joinSide, row []byte, crossed, count int64) error {
	if c.rows == nil {
		c.rows = delta.NewBatch(s.ts, 16)
	}
	if err := s.decode(c.rows.Cols, row); err != nil {
		return err
	}
	if s.lone == loneUnmatched {
		crossed = -crossed
	}
	c.rows.AppendCount(crossed * count)
	return nil
}

// addAll adds all rows that a side has under a key.
func (c *loneChange) addAll(s *joinSide, hash uint64, key []byte, crossed int64) (err error) {
	var bad error
	err = s.rows.Each(hash, key, func(row []byte, count int64) bool {
		bad = c.add(s, row, crossed, count)
		return bad == nil
	})
	if err != nil {
		return err
	}
	return bad
}

// settle is the rows that have not found a partner, of a side that settles. The partners that others have found are
// forgotten, if it is theirs that does.
func (r *joinRun) settle(me, other *joinSide, rows []int32) ([]int32, error) {
	w := r.worker
	waiting := rows[:0:0]
	for _, i := range rows {
		if w.sums[i] == 0 {
			waiting = append(waiting, i)
			continue
		}
		for other.settles {
			row, count, found, err := other.rows.First(r.keys.Hashes[i], r.keys.Key(int(i)))
			if err != nil {
				return nil, err
			}
			if !found {
				break
			}
			w.row = append(w.row[:0], row...)
			if _, _, err := other.rows.Add(r.keys.Hashes[i], r.keys.Key(int(i)), w.row, -count); err != nil {
				return nil, err
			}
		}
	}
	if me.settles {
		return waiting, nil
	}
	return rows, nil
}

// number finds out the number of partners of all rows where pairs are of no interest.
func (r *joinRun) number(other *joinSide, rows []int32) error {
	return touch(other.rows, &r.keys, rows, func(run []int32) error {
		for _, i := range run {
			n, err := other.rows.Rows(r.keys.Hashes[i], r.keys.Key(int(i)))
			if err != nil {
				return err
			}
			r.worker.sums[i] = n
		}
		return nil
	})
}

// emitLone emits the batch's own lone rows.
func (r *joinRun) emitLone(me *joinSide, rows []int32) error {
	sel := make([]int32, 0, len(rows))
	for _, i := range rows {
		if (r.worker.sums[i] > 0) == (me.lone == loneMatched) {
			sel = append(sel, i)
		}
	}
	if len(sel) == 0 {
		return nil
	}
	return r.emit(r.loneRows(r.port, r.batch.Gather(sel)))
}

// keep adds rows to their side. Where nothing depends on each one's part in it, those of a key are added together.
func (r *joinRun) keep(me, other *joinSide, rows []int32) error {
	switch {
	case me.list != nil && me.list == other.list:
		return nil // pair has added them
	case me.list != nil:
		return r.append(me)
	}
	watch := r.watches(other)
	switch {
	case me.index != nil && watch:
		return r.watch(me, other, rows)
	case me.index != nil:
		return nil // it has added them
	case me.counted || me.matches != nil || watch:
		return touch(me.rows, &r.keys, rows, func(run []int32) error { return r.keepRows(me, other, run) })
	}
	return r.worker.add(me.rows, &r.keys, r.batch, rows)
}

// append adds the rows that have just been paired to the lists of their side.
func (r *joinRun) append(me *joinSide) error {
	w := r.worker
	return w.groups.touch(me.list, &r.keys, func(from, to int) error {
		for g := from; g < to; g++ {
			group := w.groups.group(g)
			first := int(group[0])
			if err := me.list.Append(&w.list, r.keys.Hashes[first], r.keys.Key(first), me.at, r.batch, me.kept, group); err != nil {
				return err
			}
		}
		return nil
	})
}

// watches tells whether lone rows of the other side come and go with the number of rows under a key of this one.
func (r *joinRun) watches(other *joinSide) bool {
	return other.lone != loneNever && other.matches == nil && !r.once
}

// keepRows adds rows to their side one by one, and emits what that changes of the lone rows of the other.
func (r *joinRun) keepRows(me, other *joinSide, rows []int32) error {
	w := r.worker
	var change loneChange
	watch := r.watches(other)
	for _, i := range rows {
		hash, key, count := r.keys.Hashes[i], r.keys.Key(int(i)), r.batch.Count(int(i))
		if count == 0 {
			continue
		}
		w.row = w.row[:0]
		if !me.counted {
			w.row = delta.AppendRow(w.row, r.batch, int(i))
		}
		var partners int64
		var err error
		if watch {
			if partners, err = me.rows.Rows(hash, key); err != nil {
				return err
			}
		}
		before, after, err := me.rows.Add(hash, key, w.row, count)
		if err != nil {
			return err
		}
		if me.matches != nil && !r.once && (before == 0) != (after == 0) {
			if err := r.keepMatches(me, int(i), before == 0); err != nil {
				return err
			}
		}
		if !watch {
			continue
		}
		if crossed := crossing(partners, partners+count); crossed != 0 {
			if err := change.addAll(other, hash, key, crossed); err != nil {
				return err
			}
		}
	}
	if change.rows == nil {
		return nil
	}
	return r.emit(r.loneRows(1-r.port, change.rows))
}

// watch emits what rows that the index of their side has added change of the lone rows of the other: by key, for the index has
// added all of them.
func (r *joinRun) watch(me, other *joinSide, rows []int32) error {
	w := r.worker
	var change loneChange
	w.groups.gather(&r.keys, rows)
	err := w.groups.touch(me.rows, &r.keys, func(from, to int) error {
		for g := from; g < to; g++ {
			group := w.groups.group(g)
			hash, key := r.keys.Hashes[group[0]], r.keys.Key(int(group[0]))
			after, err := me.rows.Rows(hash, key)
			if err != nil {
				return err
			}
			before := after
			for _, i := range group {
				before -= r.batch.Count(int(i))
			}
			if crossed := crossing(before, after); crossed != 0 {
				if err := change.addAll(other, hash, key, crossed); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil || change.rows == nil {
		return err
	}
	return r.emit(r.loneRows(1-r.port, change.rows))
}

// keepMatches notes the number of partners of row i, which is new on its side, or forgets it, if the row has gone.
func (r *joinRun) keepMatches(me *joinSide, i int, fresh bool) error {
	key, hash := r.matchKey(i, r.worker.row)
	if !fresh {
		_, err := me.matches.Delete(hash, key)
		return err
	}
	n := r.worker.sums[i]
	if n == 0 {
		return nil
	}
	val, _, err := me.matches.Put(hash, key, 8)
	if err == nil {
		binary.LittleEndian.PutUint64(val, uint64(n))
	}
	return err
}
