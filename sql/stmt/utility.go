package stmt

import "tarn/sql/decode"

// Explain is EXPLAIN of a statement, or EXPLAIN [ANALYZE] MATERIALIZED VIEW name of what runs already.
type Explain struct {
	Options   []Option // analyze, verbose, costs, format, ..; a bare name is on
	Analyze   bool
	Verbose   bool
	Statement Statement // nil if View is set
	View      *Name
}

// Subscribe is SUBSCRIBE [TO] name or (query). Exactly one of Table and Query is set.
type Subscribe struct {
	Table   *Name
	Query   decode.QueryRef
	Options []Option // snapshot, progress
	AsOf    decode.Handle
	UpTo    decode.Handle
	// Rest is text of clauses that follow and are not supported (ENVELOPE ..); empty if none.
	Rest string
	Pos  int
}

// CopyKind is what COPY moves to or from.
type CopyKind uint8

// The targets of Copy.
const (
	CopyStdio CopyKind = iota // STDIN or STDOUT
	CopyFile
	CopyProgram
)

// Copy is COPY. Exactly one of Table and Statement is set; Statement is a Select, Subscribe or a DML statement.
type Copy struct {
	Table     *Name
	Columns   []string
	Statement Statement
	From      bool // else TO
	Kind      CopyKind
	Target    string   // of CopyFile and CopyProgram
	Options   []Option // old and new spelling alike: format, delimiter, null, header, quote, escape, force_quote, ..
	Where     decode.Handle
	Pos       int
}

// Prepare is PREPARE.
type Prepare struct {
	Name      string
	Types     []decode.TypeName
	Statement Statement
	Text      string // of the statement
}

// Execute is EXECUTE.
type Execute struct {
	Name string
	Args []decode.Handle
}

// Deallocate is DEALLOCATE; an empty name is ALL.
type Deallocate struct{ Name string }

// Declare is DECLARE name CURSOR FOR. Statement is a Select or a Subscribe.
type Declare struct {
	Name      string
	Binary    bool
	Scroll    *bool
	Hold      bool
	Statement Statement
	Text      string
}

// Fetch is FETCH or MOVE. Count is signed; All with Backward set or not. Direction is the word PostgreSQL has for it.
type Fetch struct {
	Cursor    string
	Move      bool
	Direction FetchDirection
	Count     int64 // for ABSOLUTE, RELATIVE, FORWARD, BACKWARD
	All       bool
	Options   []Option // WITH (timeout = '1s')
}

// FetchDirection is how a cursor moves.
type FetchDirection uint8

// The directions of Fetch: NEXT is forward 1, PRIOR backward 1, FIRST absolute 1, LAST absolute -1.
const (
	FetchForward FetchDirection = iota
	FetchBackward
	FetchAbsolute
	FetchRelative
)

// Close is CLOSE; an empty name is ALL.
type Close struct{ Cursor string }

// Maintenance is ANALYZE, VACUUM, CHECKPOINT, REINDEX and CLUSTER, which need no work here.
type Maintenance struct {
	Verb   string
	Object string // of REINDEX: TABLE, INDEX, SCHEMA, DATABASE or SYSTEM, and one name
	Tables []Name
}

// Do is DO 'code'.
type Do struct{ Language, Code string }

// Call is CALL procedure(..).
type Call struct{ Call decode.Handle }

func (*Explain) statement()     {}
func (*Subscribe) statement()   {}
func (*Copy) statement()        {}
func (*Prepare) statement()     {}
func (*Execute) statement()     {}
func (*Deallocate) statement()  {}
func (*Declare) statement()     {}
func (*Fetch) statement()       {}
func (*Close) statement()       {}
func (*Maintenance) statement() {}
func (*Do) statement()          {}
func (*Call) statement()        {}
