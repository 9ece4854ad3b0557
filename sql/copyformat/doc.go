// Package copyformat is the text and csv formats of COPY: between bytes and batches.
//
// A Reader turns what a client or file sends into delta batches, a Writer turns batches into lines. Both accept and print
// what PostgreSQL 15 does for the same options: escapes, quoting, the NULL marker, header lines, line ends, the \. end
// marker, and errors with their context ("COPY t, line 3, column c: ...").
//
// It leaves to others which columns are filled, defaults of the columns that are not, constraints, and where the bytes
// come from. Neither a row nor a field costs an allocation; fields are parsed straight into the columns of the batch.
package copyformat
