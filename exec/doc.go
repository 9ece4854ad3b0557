// Package exec turns plan nodes into running operators.
//
// A Dataflow is a directed acyclic graph of operators that keeps the outputs of one or more plans current: it is stepped
// with the changes of the relations it reads, once an epoch, and answers with the changes of its outputs. Operators with
// equal fingerprints are one operator, whoever asked for them. The same operators run a query once (Run): over a snapshot,
// with state that lives for that one epoch.
//
//	sources          operators                outputs
//	bid     --> get --> filter --+
//	                             join --> aggregate --> view 17001 --> get --> ...
//	auction --> get -------------+
//
// Invariants:
//
//	E1  After the step of an epoch every output equals what its plan says of the sources' contents at that epoch.
//	E2  An operator's state is a function of its inputs' contents: among values that are equal under SQL the smallest by its
//	    bytes stands for all (forms). So two operators with one fingerprint have equal states at one epoch, and one of them can
//	    be dropped; of two indexes, one that keeps no column that the other does not. But where the input only grows, the first
//	    one seen stands for all, and what follows from that is not shared (chooser).
//	E3  Within an epoch batches arrive at an operator in any order and number, and it may emit transient rows that later
//	    ones cancel. It is flushed once, after everything above it. Counts may be below zero in between, never at its end.
//	E4  A row whose expression fails leaves the graph at that operator. Its error, with the row's count, goes to every
//	    output below that operator: an output is good if its errors sum up to none.
//	E5  Nothing depends on the clock, the order of Go's maps, or the timing of goroutines; times are measured for
//	    statistics only.
//	E6  A join that reads an index finds there, whenever a batch comes to it, what it has been told of: the rows that the index
//	    had before, and if the batch is the index's, this one. So an index emits to its readers from below (exec/index.go).
//
// What is left to others: epochs, the log, checkpoints and the content of outputs (engine), and how a plan came to be
// (planner). A Dataflow is used by one goroutine at a time.
package exec
