// Package delta is the only thing that flows: batches of changes.
//
// A Batch holds rows as columns and, for each row, a signed count (a Z-set): +1 inserts the row, -1 deletes it. Columns
// are typed slices with a validity bitmap, in Arrow's memory layout with every narrow type widened to one of four
// physical kinds (types.Kind), so that a kernel is written once per kind. Booleans are bytes here, bits at the border.
//
// A batch is immutable once it has been handed on; whoever builds one owns it until then. Nothing in it is pooled: a
// consumer may keep a batch, or a column of it, for as long as it likes.
//
// The package also holds the two codecs of rows:
//
//   - the row codec (AppendRow, RowDecoder): exact. Two rows are the same row if their encodings are the same bytes.
//     Storage, operator state and the log keep rows in this form.
//   - the key codec (KeyEncoder): canonical and memcomparable. Two keys are equal under SQL if their encodings are the same
//     bytes (1.0 = 1.00), and byte order is SQL's order. Grouping, joining, DISTINCT and ORDER BY use this form.
package delta
