package wire

import (
	"context"
	"time"
)

// watchEvery is how often sockets of running statements are looked at.
const watchEvery = 200 * time.Millisecond

// watch interrupts statements whose clients have gone away. A connection reads nothing while its statement runs, so
// nobody else would notice before there is something to write.
func (s *Server) watch(ctx context.Context) {
	ticker := time.NewTicker(watchEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			s.each(func(c *conn) {
				if c.running.Load() && peerGone(c.socket) {
					c.cancel(errClientGone)
				}
			})
		}
	}
}
