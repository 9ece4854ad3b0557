// Package log is Tarn's durable history: one record per epoch, appended by one writer, kept in segments, never changed.
//
// It promises:
//
//   - L1, durability: when Append (or the Sync after AppendNoSync) returns nil, the record survives a crash.
//   - L2, order: epochs only grow; Replay and ReadRelation deliver them in that order, and only durable ones.
//   - L3, no invention: a record whose append failed is never found again, or the failure matched ErrUncertain.
//   - L4, no silent loss: damage to bytes that are known to have been durable is a CorruptionError that names segment
//     and offset. Nothing is skipped.
//   - L5, honesty about fsync: after a sync failed, no append succeeds until the log is opened anew. The kernel may have
//     dropped the pages that it could not write, so a second sync that succeeds would prove nothing.
//
// # Torn tail or damage
//
// A crash may leave any subset of the blocks written since the last sync, so the end of the last segment may hold
// anything. Each record carries the offset below which its segment was durable when the record was written. Open reads
// the last segment up to the first bytes, at offset X, that are not a whole valid record, and decides:
//
//   - a later record header in the segment, whole by its checksum, says that X was durable: those bytes had been safe
//     and have changed since. Open fails with a CorruptionError.
//   - no header says so: the bytes are an unfinished write. Open overwrites them with zeros and syncs ("cuts the tail").
//     A tail of zeros, which is what a preallocated segment ends in, is the plain end.
//
// Close leaves a mark, a record without an epoch, behind the last record; so after an orderly stop the last epochs are
// covered by the first rule too. What no rule can tell from an unfinished write is damage to the very last sync of a
// server that crashed: that is cut.
//
// A segment before the last one is sealed: its last record says so and it was durable before its successor existed. Any
// invalid bytes in it, or a missing seal, are damage.
//
// # Left to others
//
// What payloads mean, which epochs are checkpointed, which relations want their history, and how commits are grouped
// into an epoch: the epoch loop of package engine. FORMAT.md in this folder draws the bytes.
package log
