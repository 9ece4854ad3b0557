package functions

import "sync"

// cache keeps what is costly to make from a key that repeats; it is emptied when it is full. The zero value is ready.
type cache[K comparable, V any] struct {
	mu sync.RWMutex
	m  map[K]V
}

const cacheMax = 512

func (c *cache[K, V]) get(key K) (V, bool) {
	c.mu.RLock()
	v, ok := c.m[key]
	c.mu.RUnlock()
	return v, ok
}

func (c *cache[K, V]) put(key K, v V) {
	c.mu.Lock()
	if c.m == nil || len(c.m) >= cacheMax {
		c.m = map[K]V{}
	}
	c.m[key] = v
	c.mu.Unlock()
}
