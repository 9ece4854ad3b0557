// Package sql turns the text of a PostgreSQL client into statements.
package sql
