package engine

import "sync/atomic"

// page holds the contents of some relations. States between which none of them changed share it, so that an epoch costs what
// it changes, however many relations there are.
type page struct {
	content [pageSize]contents
	refs    atomic.Int64
}

const pageSize = 32

func (p *page) release() {
	if p.refs.Add(-1) > 0 {
		return
	}
	for _, c := range p.content {
		c.release()
	}
}

// content is the published contents of a relation as of the last epoch.
func (l *loop) content(id uint32) contents {
	c, _ := l.engine.published.Load().of(id)
	return c
}

// publish makes the state after the last epoch the one that new readers see, and then tells followers.
func (l *loop) publish() {
	old := l.engine.published.Load()
	next := &State{
		Epoch: l.epoch, Time: l.time, Catalog: l.catalog, slots: l.slots, horizons: l.horizon,
		pages: make([]*page, (len(l.bySlot)+pageSize-1)/pageSize),
	}
	next.refs.Store(1)
	for i := range next.pages {
		if !l.stale.all && !l.stale.pages[i] {
			next.pages[i] = old.pages[i]
			next.pages[i].refs.Add(1)
			continue
		}
		p := &page{}
		p.refs.Store(1)
		for at, r := range l.bySlot[i*pageSize : min((i+1)*pageSize, len(l.bySlot))] {
			if r != nil {
				p.content[at] = r.publish(old)
			}
		}
		next.pages[i] = p
	}
	l.stale.all = false
	clear(l.stale.pages)
	l.engine.published.Store(next)
	if old != nil {
		old.release()
	}
	for _, p := range l.engine.pendingFeeds {
		p.to.put(p.feed, p.bytes)
	}
	l.dropFeeds()
}

// stalePages are those of the published state that the next one cannot share.
type stalePages struct {
	all   bool
	pages map[int]bool
}

// mark has a relation's page made anew.
func (s *stalePages) mark(slot int) {
	if s.pages == nil {
		s.pages = map[int]bool{}
	}
	s.pages[slot/pageSize] = true
}

// giveSlot gives a relation a place in the pages of states, or the place of the one with its id that it replaces.
func (l *loop) giveSlot(r *relation) {
	slot, ok := l.slots.Get(r.def.ID)
	switch last := len(l.free) - 1; {
	case ok:
	case last >= 0:
		slot, l.free = l.free[last], l.free[:last]
	default:
		slot, l.bySlot = len(l.bySlot), append(l.bySlot, nil)
	}
	r.slot, l.bySlot[slot], l.slots = slot, r, l.slots.With(r.def.ID, slot)
	l.stale.mark(slot)
}

// takeSlot frees the place of a relation that is no more.
func (l *loop) takeSlot(r *relation) {
	l.bySlot[r.slot], l.free, l.slots = nil, append(l.free, r.slot), l.slots.Without(r.def.ID)
	l.stale.mark(r.slot)
}
