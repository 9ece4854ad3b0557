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
	if l.slots == nil {
		l.giveSlots()
	}
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
			p.content[at] = r.publish(old)
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
	if !s.all {
		s.pages[slot/pageSize] = true
	}
}

// reslot has the next state give all relations new places in its pages.
func (l *loop) reslot() { l.slots, l.stale.all = nil, true }

func (l *loop) giveSlots() {
	l.slots, l.bySlot = make(map[uint32]int, len(l.relations)), make([]*relation, 0, len(l.relations))
	for id, r := range l.relations {
		l.slots[id] = len(l.bySlot)
		l.bySlot = append(l.bySlot, r)
	}
	l.stale.pages = map[int]bool{}
}
