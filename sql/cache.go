package sql

import (
	"container/list"
	"hash/maphash"
	"sync"
)

const (
	cachedBytes = 2 << 20  // of text; the trees are some twenty times as large
	longestText = 16 << 10 // longer texts are mostly data, and seldom come again
	seenTexts   = 1 << 12  // hashes of texts that came once
)

// parsed is the cache of Parse.
var parsed = cache{entries: map[string]*list.Element{}, seed: maphash.MakeSeed()}

// cache keeps the statements of the texts used last, from the second time on that they come: those with their values in
// them mostly come once, and would only push the others out and burden the collector.
type cache struct {
	mu      sync.Mutex
	entries map[string]*list.Element
	order   list.List // of *entry, the one used last in front
	bytes   int       // of the texts
	seed    maphash.Seed
	seen    [seenTexts]uint64 // by hash, the hash of the last text that came and was not kept
}

type entry struct {
	text string
	list []Statement
}

func (c *cache) get(text string) ([]Statement, bool) {
	if len(text) > longestText {
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
	if len(text) > longestText {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.entries[text]; ok {
		return
	}
	hash := maphash.String(c.seed, text)
	if seen := &c.seen[hash%seenTexts]; *seen != hash {
		*seen = hash
		return
	}
	c.entries[text] = c.order.PushFront(&entry{text: text, list: statements})
	for c.bytes += len(text); c.bytes > cachedBytes; {
		last := c.order.Back()
		dropped := c.order.Remove(last).(*entry).text
		delete(c.entries, dropped)
		c.bytes -= len(dropped)
	}
}
