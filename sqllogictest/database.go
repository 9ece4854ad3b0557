package sqllogictest

import (
	"context"
	"strings"
)

// Database is what a script is run against.
type Database interface {
	// Connect opens a connection.
	Connect(ctx context.Context) (Connection, error)
}

// Connection is one session of a database. It is used by one goroutine.
type Connection interface {
	// Run executes a string of statements as one simple query does and returns the result of the last. data is what a
	// COPY FROM STDIN gets.
	Run(ctx context.Context, text string, data []string) (Result, error)
	// Follow executes one statement and hands over each row as it comes, until that returns false.
	Follow(ctx context.Context, text string, row func(values []string) bool) error
	// InBlock tells whether a transaction block is open.
	InBlock() bool
	Close()
}

// Result is what a statement answers.
type Result struct {
	Types string   // a letter for each column, "" when no rows are returned
	Rows  []string // as scripts have them
	Tag   string
}

// Failure is an error of a statement: code is its SQLSTATE, "" for errors that are none of SQL.
type Failure struct {
	Code, Message, Detail, Hint string
	Position                    int // in characters from 1; 0 for none
}

func (f *Failure) Error() string {
	text := f.Code + " " + f.Message
	if f.Hint != "" {
		text += " (hint: " + f.Hint + ")"
	}
	return text
}

// letterOf is the letter that scripts have for a type.
func letterOf(oid uint32) byte {
	switch oid {
	case 16:
		return 'B'
	case 20, 21, 23, 26:
		return 'I'
	case 700, 701, 1700:
		return 'R'
	}
	return 'T'
}

var escapes = strings.NewReplacer("\\", "\\\\", "\t", "\\t", "\n", "\\n", "\r", "\\r")

// valueText is a value as scripts have it.
func valueText(text string) string {
	if text == "" {
		return "(empty)"
	}
	return escapes.Replace(text)
}
