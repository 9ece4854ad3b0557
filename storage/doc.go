// Package storage keeps what the log implies: the checkpointed contents of every arrangement, the state of every
// operator, and the position in the log they belong to, in one Pebble store.
//
// The log is the write-ahead log of this store, so Pebble's own is off and nothing here waits for the disk. What the
// package promises instead:
//
//   - S1 A Checkpoint is one Pebble batch with its epoch, cut and catalogue in it: all of it is in the store or none.
//   - S2 Checkpoints are committed in the order of their Commit calls, by one goroutine.
//   - S3 After a crash the store is at some committed checkpoint, every earlier one included and no later one. Pebble
//     keeps this prefix for plain batches; nothing may be ingested (see FORMAT.md and crash_test.go).
//   - S4 A Snapshot is the store exactly as of one committed checkpoint, for as long as it is held.
//   - S5 While the disk is full, or not writable, the store waits (see room): checkpoints are taken as long as Pebble has
//     memory for them, snapshots can be read and released, and with room again all goes on. Opening fails, and closing
//     ends.
//
// On opening, Meta tells from which epoch on the log has to be replayed. What the log may forget is told by Durable: a
// committed checkpoint is in memory until Pebble flushes.
//
// The packages below it: slab (off-heap memory), state (operator state, one owner, in place), arrangement (relations,
// readable at a published epoch by anybody), log (the durable history). FORMAT.md draws the keys.
package storage
