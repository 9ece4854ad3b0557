package engine

import (
	"context"
	"sync"
)

// gate lets a transaction that met too many conflicts have the loop to itself, so that at last it meets none: commits pass
// it side by side, and wait while one transaction holds it alone. The zero value is open.
type gate struct {
	mu      sync.Mutex
	inside  int           // commits that are passing; -1: one holds the gate alone
	alone   int           // how many want to: no other begins to pass
	changed chan struct{} // closed when somebody leaves; nil if nobody waits
}

// enter waits for a turn, or for the end of ctx. After nil, leave must be called.
func (g *gate) enter(ctx context.Context, alone bool) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if alone {
		g.alone++
		defer func() { g.alone-- }()
	}
	for g.inside < 0 || alone && g.inside > 0 || !alone && g.alone > 0 {
		if g.changed == nil {
			g.changed = make(chan struct{})
		}
		changed := g.changed
		g.mu.Unlock()
		var err error
		select {
		case <-changed:
		case <-ctx.Done():
			err = ctx.Err()
		}
		g.mu.Lock()
		if err != nil {
			g.wake() // those that waited for this one
			return err
		}
	}
	if alone {
		g.inside = -1
	} else {
		g.inside++
	}
	return nil
}

// leave ends what enter began.
func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.inside < 0 {
		g.inside = 0
	} else {
		g.inside--
	}
	g.wake()
}

func (g *gate) wake() {
	if g.changed != nil {
		close(g.changed)
		g.changed = nil
	}
}
