// Package types is SQL's type system: which types exist, how their values lie in memory, their text and binary forms,
// their order, and the arithmetic that only the representation can do (numeric, interval, calendar, jsonb, arrays).
//
// It promises what PostgreSQL 15 does for the same value: accepted spellings, printed forms, rounding, result scales,
// order, SQLSTATEs and messages. It leaves to others which function or operator applies (sql/functions) and how values
// are laid out in batches and rows (delta).
//
// A value is carried by one of four kinds (Kind). Those that need more than eight bytes are bytes in encodings of this
// package:
//
//	numeric   tag, rest                      numeric.go
//	interval  months int32, days int32, microseconds int64, big endian
//	uuid      16 bytes
//	json      the text as given
//	jsonb     the canonical text, as PostgreSQL prints it
//	arrays    dimensions, elements           array.go
//	record    fields with their types        record.go
//
// A value has two identities. The exact one is its bytes (numeric 1.0 and 1.00 differ): rows, deletes and storage use it,
// and every encoding here is canonical in that sense. The other is equality under SQL (1.0 = 1.00, -0.0 = 0.0, interval
// '1 mon' = '30 days', NaN = NaN): AppendKey gives bytes that are equal and ordered exactly as SQL compares.
//
// Text forms are those of DateStyle ISO/MDY, IntervalStyle postgres, bytea_output hex, extra_float_digits 1 and UTF-8.
// Strings are ordered by their bytes (collation C).
package types
