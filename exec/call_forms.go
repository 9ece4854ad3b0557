package exec

import (
	"bytes"
	"encoding/binary"

	"tarn/delta"
)

// Where the arguments of DISTINCT are in a value of call.distinct that is kept with forms: behind the count and a byte that tells
// whether there are others.
const (
	distinctOthers = 8
	distinctRow    = 9
)

// addForms is addDistinct for arguments that come in several forms and may be retracted: of equal ones the one counted is among
// those that are there. If another one stands for them from now on, the old one is taken back.
func (c *call) addForms(a *aggregate, w *aggregateWorker, g *group, args []delta.Column, i int, count int64) error {
	hash, key := c.distinctKey(w, g, args, i)
	w.scratch.row = delta.AppendRow(w.scratch.row[:0], &delta.Batch{Cols: args}, i)
	row := w.scratch.row
	val, found, err := c.distinct.Get(hash, key)
	if err != nil {
		return err
	}
	size := len(val)
	if !found {
		size = distinctRow + len(row)
	}
	if val, _, err = c.distinct.Put(hash, key, size); err != nil {
		return err
	}
	if !found {
		copy(val[distinctRow:], row)
	}
	rep := val[distinctRow:]
	before := readInt(val)
	after := before + count
	binary.LittleEndian.PutUint64(val, uint64(after))
	if !bytes.Equal(row, rep) {
		if _, _, err := c.forms.others.Add(hash, key, row, count); err != nil {
			return err
		}
		val[distinctOthers] = 1
	}
	stands, others := rep, false
	if val[distinctOthers] != 0 {
		if stands, others, err = c.forms.choose(hash, key, rep, after); err != nil {
			return err
		}
		if !others {
			val[distinctOthers] = 0
		}
	}
	other := !bytes.Equal(stands, rep)
	gone, come := before > 0 && (after <= 0 || other), after > 0 && (before <= 0 || other)
	var reps []delta.Column // what goes, then what comes
	if gone || come {
		reps = newColumns(c.ts, 2)
	}
	if gone {
		if _, err := delta.DecodeColumns(reps, rep); err != nil {
			return err
		}
	}
	if come {
		if _, err := delta.DecodeColumns(reps, stands); err != nil {
			return err
		}
	}
	switch {
	case after == 0 && !others:
		_, err = c.distinct.Delete(hash, key)
	case other:
		w.scratch.row = append(append(w.scratch.row[:0], val[:distinctRow]...), stands...)
		if val, _, err = c.distinct.Put(hash, key, len(w.scratch.row)); err == nil {
			copy(val, w.scratch.row)
		}
	}
	if err != nil {
		return err
	}
	at := 0
	if gone {
		if err := c.fold(a, w, g, reps, at, -1); err != nil {
			return err
		}
		at++
	}
	if come {
		return c.fold(a, w, g, reps, at, 1)
	}
	return nil
}
