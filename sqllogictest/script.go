package sqllogictest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Script is a parsed file.
type Script struct {
	Name    string
	Records []*Record
	lines   []string
}

// Kind says what a record does.
type Kind int

// The kinds of records.
const (
	Statement Kind = iota
	Query
	Subscribe
	Changes
	Halt
)

// Record is one step of a script.
type Record struct {
	Kind       Kind
	Line       int // of its first line, from 1
	Connection string
	SkipIf     []string
	OnlyIf     []string
	SQL        string
	Tag        string         // of a statement: the command tag, "" for any
	Code       string         // of the error that is expected, "" for success
	Message    *regexp.Regexp // of the error, nil for any
	Types      string
	NoSort     bool
	Name       string   // of a subscription
	Rows       []string // expected, or data for COPY
	Data       bool     // a line ---- follows

	header     int // index of the record's own first line
	rowsBegin  int // lines of Rows
	rowsEnd    int
	updateRows []string // what -update writes; nil leaves the record
	updateType string
}

// Runs tells whether a record is for a mode, which is known by several words.
func (r *Record) Runs(words ...string) bool {
	for _, w := range r.SkipIf {
		if slices.Contains(words, w) {
			return false
		}
	}
	for _, w := range r.OnlyIf {
		if !slices.Contains(words, w) {
			return false
		}
	}
	return true
}

// Parse reads a script. The error names the line.
func Parse(name, text string) (*Script, error) {
	s := &Script{Name: name, lines: strings.Split(strings.TrimSuffix(text, "\n"), "\n")}
	for at := 0; at < len(s.lines); {
		if line := s.lines[at]; strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
			at++
			continue
		}
		r, next, err := s.record(at)
		if err != nil {
			return nil, err
		}
		s.Records = append(s.Records, r)
		at = next
	}
	return s, nil
}

// record parses the record that begins at a line, and returns where the next may begin.
func (s *Script) record(at int) (*Record, int, error) {
	r := &Record{Line: at + 1}
	fail := func(format string, args ...any) (*Record, int, error) {
		return nil, 0, fmt.Errorf("%s:%d: %s", s.Name, at+1, fmt.Sprintf(format, args...))
	}
	for ; at < len(s.lines); at++ {
		words := strings.Fields(s.lines[at])
		if len(words) == 2 && words[0] == "connection" {
			r.Connection = words[1]
		} else if len(words) == 2 && words[0] == "skipif" {
			r.SkipIf = append(r.SkipIf, words[1])
		} else if len(words) == 2 && words[0] == "onlyif" {
			r.OnlyIf = append(r.OnlyIf, words[1])
		} else {
			break
		}
	}
	if at == len(s.lines) {
		return fail("the file ends in a record")
	}
	r.header = at
	words := append(strings.Fields(s.lines[at]), "", "")
	switch words[0] {
	case "halt":
		r.Kind = Halt
		return r, at + 1, nil
	case "statement", "query":
		if words[0] == "query" {
			r.Kind = Query
		}
		switch {
		case words[1] == "error":
			var err error
			r.Code = words[2]
			if pattern := strings.TrimSpace(strings.SplitN(s.lines[at], words[2], 2)[1]); pattern != "" {
				if r.Message, err = regexp.Compile(pattern); err != nil {
					return fail("%v", err)
				}
			}
			if len(r.Code) != 5 {
				return fail("an error needs an SQLSTATE")
			}
		case r.Kind == Query:
			r.Types, r.NoSort = words[1], words[2] == "nosort"
			if words[2] != "" && !r.NoSort && words[2] != "rowsort" || strings.Trim(r.Types, "BIRT") != "" {
				return fail("query: %q", s.lines[at])
			}
		case words[1] == "ok":
			r.Tag = strings.Join(strings.Fields(s.lines[at])[2:], " ")
		default:
			return fail("statement %q", words[1])
		}
	case "subscribe", "changes":
		r.Kind, r.Name = Subscribe, words[1]
		if words[0] == "changes" {
			r.Kind = Changes
		}
	default:
		return fail("no record begins with %q", words[0])
	}
	var text []string
	for at++; at < len(s.lines) && s.lines[at] != "" && s.lines[at] != "----"; at++ {
		text = append(text, s.lines[at])
	}
	r.SQL = strings.Join(text, "\n")
	r.rowsBegin, r.rowsEnd = at, at
	if at < len(s.lines) && s.lines[at] == "----" {
		r.Data = true
		for at++; at < len(s.lines) && s.lines[at] != ""; at++ {
			r.Rows = append(r.Rows, s.lines[at])
		}
		r.rowsEnd = at
	}
	return r, at, nil
}

// Updated is the text of the script with the answers that a run in update mode has seen.
func (s *Script) Updated() string {
	var out []string
	at := 0
	for _, r := range s.Records {
		if r.updateRows == nil {
			continue
		}
		out = append(out, s.lines[at:r.rowsBegin]...)
		if r.Kind == Query {
			header := []string{"query", r.updateType}
			if r.NoSort {
				header = append(header, "nosort")
			}
			out[len(out)-(r.rowsBegin-r.header)] = strings.Join(header, " ")
		}
		out = append(append(out, "----"), r.updateRows...)
		at = r.rowsEnd
	}
	return strings.Join(append(out, s.lines[at:]...), "\n") + "\n"
}
