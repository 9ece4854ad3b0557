// Package engine is where all meet: sessions, statements, transactions, and the loop that turns epochs.
//
// One goroutine, the loop, changes the database. A transaction is executed by its session against a published State, which
// is immutable, and gathers what it read and what it wants to write; the loop admits it if what it read is still so, and then
//
//	gives it an epoch -> appends it to the log -> syncs the log, and steps the dataflows (at the same time if that takes
//	long) -> applies the changes to the arrangements -> publishes the next State -> acknowledges
//
// Everything that waited while one epoch turned goes into the next, so epochs grow under load and cost one fsync when idle.
//
// What the package promises (numbers are cited in the code):
//
//	E1  An acknowledged write is in the log, synced, and in the published State, views of any depth included.
//	E2  A State shows one epoch: all of it, nothing later, nothing unacknowledged.
//	E3  A transaction is admitted only if all it read is unchanged since the State it read: strict serialisability.
//	E4  A checkpoint holds the state after one epoch, its position in the log and the catalogue, in one atomic write.
//	E5  Opening a directory gives the State after the last record of the log, or fails: log and store must belong together.
//	E6  Readers never wait for the loop, nor the loop for readers.
//
// It leaves to others: what statements mean (planner), how changes are computed (exec), bytes (wire, storage).
package engine
