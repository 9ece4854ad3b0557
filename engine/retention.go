package engine

import (
	"tarn/catalog"
	"tarn/sql/types"
)

// mark ties an epoch to its time. The loop keeps some of them, so that a stream's retention, which is a time, can be told in
// epochs, which is what the log has.
type mark struct {
	Epoch uint64 `json:"epoch"`
	Time  int64  `json:"time"`
}

const (
	markEvery = 1_000_000 // microseconds between marks at least
	maxMarks  = 4096      // beyond, every second one goes
)

// addMark notes the last epoch's time now and then.
func (l *loop) addMark() {
	n := len(l.marks)
	if n > 0 && l.time-l.marks[n-1].Time < markEvery {
		return
	}
	l.marks = append(l.marks, mark{l.epoch, l.time})
	if len(l.marks) > maxMarks {
		kept := l.marks[:0]
		for i := 0; i < len(l.marks); i += 2 {
			kept = append(kept, l.marks[i])
		}
		l.marks = kept
	}
}

// retained is the first epoch of a stream's history that is kept at a time: everything younger than its retention, and as
// much more as lies between two marks.
func (l *loop) retained(r *relation, at int64) uint64 {
	keep := retention(r.def)
	if keep == 0 {
		return 0
	}
	from := uint64(0)
	for _, m := range l.marks {
		if m.Time > at-keep {
			break
		}
		from = m.Epoch
	}
	return from
}

// timeOf is the time of the last mark up to an epoch.
func (l *loop) timeOf(epoch uint64) int64 {
	at := int64(0)
	for _, m := range l.marks {
		if m.Epoch > epoch {
			break
		}
		at = m.Time
	}
	return at
}

// retention of a stream in microseconds; 0 is for ever.
func retention(def *catalog.Relation) int64 {
	v, ok := def.Options["retention"]
	if !ok {
		return 0
	}
	d, err := types.Parse(types.Of(types.IntervalOID), v, nil)
	if err != nil {
		return 0 // checked when the stream was made
	}
	months, days, us := types.IntervalParts(d.Bytes)
	return (int64(months)*30+int64(days))*86_400_000_000 + us
}

// horizons are the first epochs that can be read of the streams with a retention.
func (l *loop) horizons() map[uint32]uint64 {
	var out map[uint32]uint64
	for id, r := range l.relations {
		if r.def.Kind == catalog.Stream && retention(r.def) > 0 {
			if out == nil {
				out = make(map[uint32]uint64)
			}
			out[id] = l.retained(r, l.time)
		}
	}
	return out
}

// horizon is the first epoch of a stream's history that a state shows.
func (s *State) horizon(id uint32) uint64 { return s.horizons[id] }
