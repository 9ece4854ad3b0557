package log

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// Readers beside a writer that appends, syncs in another goroutine, seals segments and removes old ones see each epoch
// once, in order, up to one that was durable.
func TestReadersBesideWriter(t *testing.T) {
	const epochs = 600
	l := mustOpen(t, vfs.NewMem(), Options{SegmentBytes: 16 << 10})
	payload := func(epoch uint64) string { return fmt.Sprintf("%d %s", epoch, strings.Repeat("c", int(epoch%100))) }
	var acked atomic.Uint64
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for acked.Load() < epochs {
				low, next := acked.Load(), uint64(1)
				err := l.ReadRelation(1, 0, epochs, func(epoch uint64, p []byte) error {
					if epoch != next || string(p) != payload(epoch) {
						return fmt.Errorf("epoch %d instead of %d: %s", epoch, next, p)
					}
					next++
					return nil
				})
				if err == nil && next <= low {
					err = fmt.Errorf("epoch %d was acknowledged, the last one read was %d", low, next-1)
				}
				if err != nil {
					t.Error(err)
					return
				}
				l.Stats()
			}
		})
	}
	wg.Go(func() {
		for acked.Load() < epochs {
			from := max(acked.Load(), 1)
			next := from
			err := l.Replay(from, func(rec Record) error {
				if rec.Epoch != next {
					return fmt.Errorf("replay of epoch %d instead of %d", rec.Epoch, next)
				}
				next++
				return nil
			})
			if err != nil {
				t.Error(err)
				return
			}
		}
	})
	wg.Go(func() {
		for acked.Load() < epochs {
			if err := l.Truncate(acked.Load(), keepRelation1); err != nil {
				t.Error(err)
				return
			}
		}
	})

	// The writer overlaps the sync of one epoch with the append of the next.
	synced := make(chan error, 1)
	synced <- nil
	for epoch := uint64(1); epoch <= epochs; epoch++ {
		rec := simple(epoch, 1, payload(epoch))
		if epoch%3 == 0 {
			rec.Parts = append(rec.Parts, Part{2, []byte(payload(epoch))})
		}
		if _, err := l.AppendNoSync(rec); err != nil {
			t.Fatal(err)
		}
		if err := <-synced; err != nil {
			t.Fatal(err)
		}
		acked.Store(epoch - 1)
		go func() { synced <- l.Sync() }()
	}
	if err := <-synced; err != nil {
		t.Fatal(err)
	}
	acked.Store(epochs)
	wg.Wait()
	mustClose(t, l)
}
