package engine

import (
	"fmt"
	"math"
	"sort"
	"strings"
)

// undertaken is a transaction as its client saw it. Times are ticks of one clock: who ended at 5 had its answer before
// anybody began at 6.
type undertaken struct {
	id, client int
	begin, end int64 // end is never, if no answer came
	said       []said
	outcome    outcome
	alone      bool // one statement that leaves its number in no stream, only at the end of a list
}

// said is a statement, its answer (the rows and the tag, or the SQLSTATE), and when it came.
type said struct {
	sentence
	answer string
	at     int64
}

type outcome int

const (
	undone    outcome = iota // or it has only read
	committed                // the client was told so
	unknown                  // the machine stopped before it was told
)

const never = math.MaxInt64

func (u *undertaken) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "transaction %d of client %d, from %d to %d, %s:", u.id, u.client, u.begin, u.end, [...]string{"undone", "committed", "unknown"}[u.outcome])
	for _, s := range u.said {
		fmt.Fprintf(&b, "\n  %s\n    -> %s", s.text, s.answer)
	}
	return b.String()
}

// on does the transaction again on a world, which it may change. It returns the world after it, or what would have been
// answered otherwise.
func (u *undertaken) on(w *world) (*world, string) {
	r := &replay{world: w.clone()}
	for _, s := range u.said {
		if want := s.means(r); want != s.answer {
			return nil, fmt.Sprintf("%s\n  answered  %s\n  should be %s", s.text, s.answer, want)
		}
	}
	return r.world, ""
}

// strictlySerialisable checks that there is one order of all transactions that explains every answer to them, and that
// whoever began after another's end comes after it in that order. The order of those that wrote is given; it remains to be found
// where among them those stand that did not (they read only, or were undone: even then all they saw must be of one state).
//
// Each of these gets the first place that is not before any who ended before it began. As a place can only be too early
// for those after it, never too late, there is an order exactly if this finds one. The world after the last is returned.
func strictlySerialisable(order, others []*undertaken) (*world, error) {
	worlds := []*world{newWorld()} // worlds[i] is that before order[i]
	for i, u := range order {
		next, differs := u.on(worlds[i])
		if differs != "" {
			return nil, fmt.Errorf("at place %d of %d, after %v\n\n%v\n\ndoes not fit: %s", i, len(order), before(order, i), u, differs)
		}
		worlds = append(worlds, next)
	}
	earliest := int64(never) // end of those after i
	for i := len(order) - 1; i >= 0; i-- {
		if earliest < order[i].begin {
			return nil, fmt.Errorf("at place %d, one that began only when a later one had ended: %v", i, order[i])
		}
		earliest = min(earliest, order[i].end)
	}

	sort.SliceStable(others, func(i, j int) bool { return others[i].begin < others[j].begin })
	ended := append([]*undertaken(nil), others...)
	sort.SliceStable(ended, func(i, j int) bool { return ended[i].end < ended[j].end })
	place := make(map[*undertaken]int, len(others))
	reached := 0 // the last place of those that ended before
	for _, u := range others {
		for len(ended) > 0 && ended[0].end < u.begin {
			reached, ended = max(reached, place[ended[0]]), ended[1:]
		}
		lo, hi := reached, len(order)
		for i, w := range order {
			if w.end < u.begin {
				lo = max(lo, i+1)
			}
			if w.begin > u.end {
				hi = min(hi, i)
			}
		}
		found := false
		var misfits []string
		for at := lo; at <= hi && !found; at++ {
			_, differs := u.on(worlds[at])
			if found = differs == ""; found {
				place[u] = at
			} else {
				misfits = append(misfits, fmt.Sprintf("at place %d, after %v: %s", at, before(order, at), differs))
			}
		}
		if !found {
			return nil, fmt.Errorf("%v\n\nfits nowhere from place %d to %d:\n%s", u, lo, hi, strings.Join(misfits, "\n"))
		}
	}
	return worlds[len(order)], nil
}

// before are the numbers of the last few transactions before a place.
func before(order []*undertaken, at int) []int {
	var ids []int
	for _, u := range order[max(0, at-5):at] {
		ids = append(ids, u.id)
	}
	return ids
}

// inOrder finds in the rows that each epoch added to the stream and to the lists which transactions there are, in their order.
// Within an epoch, those in the stream were admitted in its order; each of those that only appended to a list was
// admitted after all who read or changed that list, or one of the two would have been refused: they come last.
func inOrder(stream, lists []added, all map[int]*undertaken) ([]*undertaken, error) {
	type spot struct {
		epoch uint64
		alone bool
		u     *undertaken
	}
	var spots []spot
	for _, rows := range [][]added{stream, lists} {
		for _, a := range rows {
			u := all[a.id]
			if u == nil {
				return nil, fmt.Errorf("epoch %d has transaction %d, which nobody has begun", a.epoch, a.id)
			}
			if u.alone == (a.from == "lists") {
				spots = append(spots, spot{a.epoch, u.alone, u})
			}
		}
	}
	sort.SliceStable(spots, func(i, j int) bool {
		a, b := spots[i], spots[j]
		return a.epoch < b.epoch || a.epoch == b.epoch && !a.alone && b.alone
	})
	seen := map[*undertaken]bool{}
	var order []*undertaken
	for _, s := range spots {
		switch {
		case seen[s.u]:
			return nil, fmt.Errorf("it is there twice: %v", s.u)
		case s.u.outcome == undone:
			return nil, fmt.Errorf("it is there, though it was undone: %v", s.u)
		}
		seen[s.u] = true
		order = append(order, s.u)
	}
	for _, u := range all {
		if u.outcome == committed && !seen[u] {
			return nil, fmt.Errorf("it was committed, and is not there: %v", u)
		}
	}
	return order, nil
}

// added is a row that an epoch added, with the transaction's number in it.
type added struct {
	epoch uint64
	id    int
	from  string
}
