package sqllogictest

import (
	"regexp"
	"slices"
)

// Mode is a way to get the answers of a script. They are the same in all of them.
type Mode struct {
	Name   string
	Before bool // each query is a view, made as soon as what it reads exists: before there are data
	After  bool // each query is a view, made when it is asked
	Crash  bool // between records the database crashes and recovers
	Server bool // through a socket
}

// Modes are all there are. The words of skipif and onlyif are their names, and view for
// those that make views of queries: a query marked skipif view is run by itself there.
var Modes = []Mode{
	{Name: "plain"},
	{Name: "before", Before: true},
	{Name: "after", After: true},
	{Name: "crash", Crash: true, Before: true},
	{Name: "wire", Server: true},
}

// postgres is the mode in which a real PostgreSQL gives the answers.
var postgres = Mode{Name: "postgres"}

// runs tells whether a record is for the mode.
func (m Mode) runs(r *Record) bool { return r.Runs(m.Name) }

// viewed tells whether a query is run as a view: if not, it is run by itself.
func (m Mode) viewed(r *Record) bool {
	return (m.Before || m.After) && r.Kind == Query && r.Runs(m.Name, "view")
}

// Stats counts what a run has done.
type Stats struct {
	Statements int // without queries
	Queries    int // run by themselves
	Views      int // read through a materialised view
	Skipped    int // records marked as not for the mode
	Crashes    int
}

// Add adds the counts of another run.
func (s *Stats) Add(o Stats) {
	s.Statements += o.Statements
	s.Queries += o.Queries
	s.Views += o.Views
	s.Skipped += o.Skipped
	s.Crashes += o.Crashes
}

var (
	createOurs = regexp.MustCompile(`(?i)\bCREATE\s+(STREAM|MATERIALIZED\s+VIEW)\b`)
	dropOurs   = regexp.MustCompile(`(?i)\bDROP\s+(STREAM|MATERIALIZED\s+VIEW)\b`)
	stream     = regexp.MustCompile(`(?i)STREAM`)
)

// ForPostgres writes what PostgreSQL does not have in its words: a stream is a table, and a view is as current as a
// materialised one of ours only if it is a plain one. It says whether anything is different.
func ForPostgres(text string) (string, bool) {
	word := func(s string) string {
		verb := regexp.MustCompile(`^\w+`).FindString(s)
		if stream.MatchString(s) {
			return verb + " TABLE"
		}
		return verb + " VIEW"
	}
	out := dropOurs.ReplaceAllStringFunc(createOurs.ReplaceAllStringFunc(text, word), word)
	return out, out != text
}

// equalRows compares rows, in any order or in this one.
func equalRows(a, b []string, inOrder bool) bool {
	if !inOrder {
		a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	}
	return slices.Equal(a, b)
}
