package sql

import "tarn/sql/stmt"

// Statement is one statement of a string of them. It is shared and must not be changed.
type Statement struct {
	Node   stmt.Statement
	Source string // the whole string it was parsed from; positions of errors count in it
	Text   string // the statement alone, without surrounding blanks and the semicolon
	Params int    // the highest $n
}

// Parse parses a string of statements separated by semicolons. Empty statements are skipped, so an empty string has
// none. Errors are *sqlstate.Error, with the position counted in text.
func Parse(text string) ([]Statement, error) { panic("sql: Parse") }
