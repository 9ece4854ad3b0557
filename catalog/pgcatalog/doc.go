// Package pgcatalog is pg_catalog and information_schema: relations like all others, named, numbered and typed as in
// PostgreSQL 15, whose rows are computed from a catalogue snapshot when they are read. Clients and psql's backslash
// commands query them with ordinary SQL.
//
// A relation is one value of type relation: its columns, the rows that are the same in every database (computed once),
// and the rows that this database has. table.go lists them all; those that are always empty in Tarn are in empty.go,
// empty_views.go and empty_information_schema.go. A type of column that Tarn does not have (inet, pg_lsn, anyarray, the
// domains of information_schema) is text or the type below it.
//
// What is derived from a relation gets an oid derived from the relation's, so that it stays the same from statement to
// statement: see oids.go.
package pgcatalog
