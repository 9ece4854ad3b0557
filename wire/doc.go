// Package wire speaks PostgreSQL's protocol, version 3, with clients: it turns their messages into calls of an
// engine.Session and the results into messages.
//
// It promises:
//
//	W1  What a client sends harms at most its own connection: broken framing, hostile lengths and panics end that
//	    connection; memory grows with the bytes that have arrived, not with a length that was announced, and is
//	    counted, for large messages, with that of all statements.
//	W2  After an error, messages are skipped up to Sync, as the protocol demands; a simple Query ends at its first error.
//	W3  The answer to the last statement of an implicit transaction leaves only after its commit, as long as the answer
//	    fits into the output buffer; if the commit fails, the client sees the error and no CommandComplete.
//	W4  A result costs no goroutine switch and no allocation per row: batches are encoded into one buffer, which is
//	    written in large pieces. Only a portal with a row limit runs in a goroutine of its own, one batch ahead.
//	W5  A statement is interrupted when its client goes away (on Linux at once, elsewhere with the next write) and when
//	    the server shuts down.
//
// One goroutine serves one connection:
//
//	socket -> input (frames) -> conn (messages) -> engine.Session -> statement (engine.Client) -> output -> socket
//
// It leaves to others: what statements mean, transactions and cancelling (engine), the forms of values (sql/types).
// Backend messages other than rows are those of pgproto3; frontend messages are decoded here, without copying, because
// their lengths cannot be trusted.
package wire
