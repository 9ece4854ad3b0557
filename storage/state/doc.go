// Package state keeps what operators remember from one epoch to the next: a Map from byte strings to byte strings, and
// on it a Multimap from keys to sorted multisets of rows, and Lists from keys to rows that only grow.
//
// All of it lives in off-heap slabs as plain bytes: the collector never scans it, a one-row change allocates nothing, and
// a table grows shard by shard, so no epoch waits for the doubling of a large one. What a checkpoint has to write is the
// entries touched since the last one, one blob per key. Past the memory budget, entries not used lately are dropped from
// memory and faulted in from the store when asked for, those of a batch together (Load).
//
// Promises:
//
//   - S1 As long as nothing was evicted and the map was opened as complete, a key absent in memory is absent, and the
//     store is never asked.
//   - S2 An entry is dropped from memory only when the store has it: Evict does nothing while a checkpoint is under way,
//     keeps dirty entries, and a deleted key stays behind as a tombstone until its deletion is committed.
//   - S3 Nothing depends on the clock or on chance: the same calls give the same answers in the same order, but the order
//     of Scan also depends on what was evicted.
//
// A map belongs to the goroutine that turns epochs; after Fork, calls on different shards may run side by side. Readers of
// relations do not come here but to package arrangement.
package state
