package sql

import (
	"container/list"
	"sync"
)

const (
	cachedTexts  = 1024
	longestCache = 16 << 10 // longer texts are mostly data, and seldom come again
)

// parsed is the cache of Parse.
var parsed = cache{entries: map[string]*list.Element{}}

// cache keeps the statements of the texts used last.
type cache struct {
	mu      sync.Mutex
	entries map[string]*list.Element
	order   list.List // of *entry, the one used last in front
}

type entry struct {
	text string
	list []Statement
}

func (c *cache) get(text string) ([]Statement, bool) {
	if len(text) > longestCache {
		return nil, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.entries[text]
	if !ok {
		return nil, false
	}
	c.order.MoveToFront(e)
	return e.Value.(*entry).list, true
}

func (c *cache) put(text string, statements []Statement) {
	if len(text) > longestCache {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.entries[text]; ok {
		return
	}
	c.entries[text] = c.order.PushFront(&entry{text: text, list: statements})
	if c.order.Len() > cachedTexts {
		last := c.order.Back()
		c.order.Remove(last)
		delete(c.entries, last.Value.(*entry).text)
	}
}
