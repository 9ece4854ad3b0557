package sql

import (
	"tarn/sql/lex"
	"tarn/sql/stmt"
)

// Statement is one statement of a string of them. It is shared and must not be changed.
type Statement struct {
	Node   stmt.Statement
	Source string // the whole string it was parsed from; positions of errors count in it
	Text   string // the statement alone, without surrounding blanks and the semicolon
	Params int    // the highest $n
	Bytes  int64  // about how much memory it takes, with the string
}

// Parse parses a string of statements separated by semicolons. Empty statements are skipped, so an empty string has
// none. Errors are *sqlstate.Error, with the position counted in text.
//
// Statements are kept by their text from the second time on, so that parsing the same often is a look-up. It may be called from any goroutine.
func Parse(text string) ([]Statement, error) {
	if list, ok := parsed.get(text); ok {
		return list, nil
	}
	if err := lex.CheckText(text); err != nil {
		return nil, err
	}
	list, err := parse(text)
	if err != nil {
		return nil, err
	}
	parsed.put(text, list)
	return list, nil
}

func parse(text string) ([]Statement, error) {
	found, err := stmt.Parse(lex.NewSource(text))
	if err != nil {
		return nil, err
	}
	list := make([]Statement, len(found))
	for i, s := range found {
		list[i] = Statement{Node: s.Statement, Source: text, Text: text[s.Start:s.End], Params: s.Params, Bytes: int64(len(text)) + s.Bytes}
	}
	return list, nil
}
