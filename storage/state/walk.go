package state

import "slices"

// Each calls f for the rows of a key in ascending order until it returns false. f must not change the multimap; the row
// is valid as long as a value from Map.Get.
func (m *Multimap) Each(hash uint64, key []byte, f func(row []byte, count int64) bool) error {
	return m.EachAfter(hash, key, nil, f)
}

// EachAfter is Each for the rows behind one, which may be there or not; nil is before all.
func (m *Multimap) EachAfter(hash uint64, key, after []byte, f func(row []byte, count int64) bool) error {
	v, found, err := m.groups.Get(hash, key)
	if err != nil || !found {
		return err
	}
	_, err = m.walk(hash, key, v[rootStart(v):], rootHeight(v), after, f)
	return err
}

func (m *Multimap) walk(hash uint64, key, v []byte, height int, after []byte, f func([]byte, int64) bool) (more bool, err error) {
	off := 0
	switch {
	case after == nil:
	case height > 0:
		off, _, _ = child(v, 0, after)
	default:
		at, end, _, equal := search(v, 0, after)
		if off = at; equal {
			off = end
		}
	}
	for off < len(v) {
		row, value, end := entryAt(v, off)
		off = end
		if height == 0 {
			if !f(row, value) {
				return false, nil
			}
			continue
		}
		below, err := m.load(hash, key, uint32(value))
		if err != nil {
			return false, err
		}
		if more, err := m.walk(hash, key, below, height-1, after, f); err != nil || !more {
			return false, err
		}
		after = nil
	}
	return true, nil
}

// EachReverse is Each in descending order.
func (m *Multimap) EachReverse(hash uint64, key []byte, f func(row []byte, count int64) bool) error {
	v, found, err := m.groups.Get(hash, key)
	if err != nil || !found {
		return err
	}
	_, err = m.walkBack(hash, key, v[rootStart(v):], rootHeight(v), f)
	return err
}

func (m *Multimap) walkBack(hash uint64, key, v []byte, height int, f func([]byte, int64) bool) (more bool, err error) {
	var buf [64]int
	starts := buf[:0]
	for off := 0; off < len(v); {
		starts = append(starts, off)
		_, _, off = entryAt(v, off)
	}
	for _, off := range slices.Backward(starts) {
		row, value, _ := entryAt(v, off)
		if height == 0 {
			if !f(row, value) {
				return false, nil
			}
			continue
		}
		below, err := m.load(hash, key, uint32(value))
		if err != nil {
			return false, err
		}
		if more, err := m.walkBack(hash, key, below, height-1, f); err != nil || !more {
			return false, err
		}
	}
	return true, nil
}

// First returns the smallest row of a key and its count; found is false if the key has none. The row is valid as long as
// a value from Map.Get.
func (m *Multimap) First(hash uint64, key []byte) (row []byte, count int64, found bool, err error) {
	return m.edge(hash, key, func(_ []byte, off int) int { return off })
}

// Last is First for the largest row.
func (m *Multimap) Last(hash uint64, key []byte) (row []byte, count int64, found bool, err error) {
	return m.edge(hash, key, lastEntry)
}

func (m *Multimap) edge(hash uint64, key []byte, pick func(node []byte, off int) int) (row []byte, count int64, found bool, err error) {
	v, found, err := m.groups.Get(hash, key)
	if err != nil || !found {
		return nil, 0, false, err
	}
	off := rootStart(v)
	for range rootHeight(v) {
		_, id, _ := entryAt(v, pick(v, off))
		if v, err = m.load(hash, key, uint32(id)); err != nil {
			return nil, 0, false, err
		}
		off = 0
	}
	row, count, _ = entryAt(v, pick(v, off))
	return row, count, true, nil
}

// Scan calls f for all rows of all keys until it returns false: keys in no particular order, the rows of each ascending.
// f must not change the multimap.
func (m *Multimap) Scan(f func(key, row []byte, count int64) bool) error {
	var failed error
	err := m.groups.Scan(func(key, v []byte) bool {
		more, err := m.walk(Hash(key), key, v[rootStart(v):], rootHeight(v), nil, func(row []byte, count int64) bool {
			return f(key, row, count)
		})
		failed = err
		return more && err == nil
	})
	if failed != nil {
		return failed
	}
	return err
}
