package storage

import (
	"sync"

	"github.com/cockroachdb/pebble/v2"
)

// closer is the goroutine that closes Pebble's snapshots: that waits for a write of the manifest under way, which waits for
// room on the disk if need be. Readers must not.
type closer struct {
	mu    sync.Mutex
	wake  *sync.Cond // snaps or done changed
	snaps []*pebble.Snapshot
	done  bool
	ended chan struct{} // the goroutine has returned
}

func newCloser() *closer {
	c := &closer{ended: make(chan struct{})}
	c.wake = sync.NewCond(&c.mu)
	go c.run()
	return c
}

// add has a snapshot closed.
func (c *closer) add(s *pebble.Snapshot) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.snaps = append(c.snaps, s)
	c.wake.Signal()
}

// finish has the goroutine return once all is closed: see ended.
func (c *closer) finish() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done = true
	c.wake.Signal()
}

func (c *closer) run() {
	defer close(c.ended)
	for {
		c.mu.Lock()
		for len(c.snaps) == 0 && !c.done {
			c.wake.Wait()
		}
		snaps := c.snaps
		c.snaps = nil
		c.mu.Unlock()
		if len(snaps) == 0 {
			return
		}
		for _, s := range snaps {
			closeSnapshot(s)
		}
	}
}

// closeSnapshot closes a snapshot. Its only errors are that of closing twice, and those that stop the store.
func closeSnapshot(s *pebble.Snapshot) {
	var err error
	defer caught(&err)
	_ = s.Close()
}
