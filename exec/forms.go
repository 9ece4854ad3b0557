package exec

import (
	"bytes"

	"tarn/storage/state"
)

// forms counts the forms in which a key comes: rows that are equal under SQL but not the same, such as 1.0 and 1.00. The
// smallest one, by its bytes, of which there are more than none stands for all: a function of what is there, and never of
// what has gone.
//
// Most keys come in one form only. So the one that stands for a key is kept with the key, by who uses this, and counted
// there by what the others leave of the key's rows; here are the others, and a key that has none is not looked for.
type forms struct {
	others *state.Multimap // key -> the other rows
	buf    []byte
}

// choose finds the form that stands for a key that has others, now that it has so many rows in all, and makes those here the
// others of that one. It lies in the memory of f or is rep, the one that has stood for the key. more tells whether there still
// are others. If no form has a count above zero, rep stays.
func (f *forms) choose(hash uint64, key, rep []byte, rows int64) (stands []byte, more bool, err error) {
	others, err := f.others.Rows(hash, key)
	if err != nil {
		return nil, false, err
	}
	left, count := rows-others, int64(0) // of rep, of the first of the others
	if err := f.others.Each(hash, key, func(row []byte, n int64) bool {
		if n > 0 {
			f.buf, count = append(f.buf[:0], row...), n
		}
		return count == 0
	}); err != nil {
		return nil, false, err
	}
	stands = rep
	if count > 0 && (left <= 0 || bytes.Compare(f.buf, rep) < 0) {
		stands = f.buf
		if _, _, err := f.others.Add(hash, key, rep, left); err != nil {
			return nil, false, err
		}
		if _, _, err := f.others.Add(hash, key, stands, -count); err != nil {
			return nil, false, err
		}
	}
	distinct, err := f.others.Distinct(hash, key)
	return stands, distinct > 0, err
}
