package main

import "runtime/debug"

// tuneCollector lets garbage wait while there is memory for it. The state of operators lies outside of Go's heap, so what is
// live in the heap is small, and Go's default, a collection whenever the live heap has doubled, would collect all the time:
// a third of the processor under many small statements. Up to half of the memory the heap may be five times what is live;
// near that limit collections come as often as they must.
func tuneCollector(memory int64) {
	const least = 128 << 20 // below, the collector would have no room to work in
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(max(memory/2, least))
}

// maxMessage is how large a message of a client may be that is taken whole: a statement, or the values of its parameters.
func maxMessage(memory int64) int { return int(min(memory/16, 256<<20)) }
