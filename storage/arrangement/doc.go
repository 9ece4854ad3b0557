// Package arrangement keeps the contents of relations: tables, materialised views and their indexes, readable by any
// number of goroutines as of a published epoch while the next one is being made.
//
// What the last committed checkpoint holds is read from the store; what came later lies in memory as immutable sorted
// runs. A View is a snapshot of the one and a list of the others, both taken at the same moment, so reading takes no lock
// and never waits for the writer:
//
//	View of epoch 107
//	  runs of epochs 107, 105..106, 101..104   newer entries hide older ones (Unique) or are added to them (Bag)
//	  snapshot of the checkpoint of epoch 100
//
// Runs are merged as they come, each at least twice as large as the next newer one, so there are O(log n) of them. Fold
// hands them to a checkpoint, and once that is committed later Views do without them.
//
// Promises:
//
//   - S1 A View never changes, and shows all changes applied before Publish and none after.
//   - S2 What a View reads is gone from neither memory nor disk before its last reference.
//   - S3 Rows is exact: it is kept with the changes and stored with the checkpoint.
//
// What the bytes of keys and rows mean is left to the caller, as is that a change fits the contents: that a row is deleted
// only where it is, and a key has one row.
package arrangement
