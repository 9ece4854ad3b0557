package decode

import "tarn/sql/bridge"

// Node is one level of an expression: a sealed sum of the structs of this file. Children are handles, read on demand.
// Every node knows the position PostgreSQL would report for it.
type Node interface {
	Position() int
	node()
}

// Pos is a position in the user's text, in characters from 1. It is embedded in every node.
type Pos int

// Position is the position as a plain number, as sqlstate.Error.At takes it.
func (p Pos) Position() int { return int(p) }

func (Pos) node() {}

// TypeName is a type as written, see bridge.TypeName.
type TypeName = bridge.TypeName

// ConstKind tells the literals apart.
type ConstKind uint8

// The kinds of literals. Their Text is decoded: quotes and escapes are gone.
const (
	Null    ConstKind = iota
	Bool              // Text is "true" or "false"
	Int               // digits only, of any length; a minus in front is part of it (-5 is one constant)
	Numeric           // digits with a point or an exponent, likewise
	String            // of unknown type until the context decides
	Bits              // "b" and binary digits, or "x" and hexadecimal digits
)

// Const is a literal.
type Const struct {
	Pos
	Kind ConstKind
	Text string
}

// Param is $N.
type Param struct {
	Pos
	N int
}

// ColumnRef is a name of one to four parts: column, table.column, schema.table.column, catalog.schema.table.column.
type ColumnRef struct {
	Pos
	Parts []string
}

// Star is t.* inside an expression: all columns of t in ROW(t.*), t's row elsewhere. (`f(*)` is Call.Star.)
type Star struct {
	Pos
	Qualifier []string
}

// Op is an operator other than AND, OR, NOT and those with a node of their own. One argument: prefix. Two: infix.
// `!=` is spelled `<>`. Schema is set for OPERATOR(schema.op).
type Op struct {
	Pos
	Schema string
	Name   string
	Args   []Handle
}

// And is a conjunction of two or more terms; chains are flat.
type And struct {
	Pos
	Args []Handle
}

// Or is a disjunction of two or more terms; chains are flat.
type Or struct {
	Pos
	Args []Handle
}

// Not is NOT x.
type Not struct {
	Pos
	X Handle
}

// TestKind is what an IsTest asks.
type TestKind uint8

// The IS tests.
const (
	IsNull TestKind = iota
	IsTrue
	IsFalse
	IsUnknown
	IsDocument
	IsNormalized // Form says which normal form
)

// IsTest is x IS [NOT] NULL, TRUE, FALSE, UNKNOWN, DOCUMENT, [form] NORMALIZED; also ISNULL and NOTNULL.
type IsTest struct {
	Pos
	X       Handle
	Kind    TestKind
	Negated bool
	Form    string
}

// Distinct is Left IS DISTINCT FROM Right; negated: IS NOT DISTINCT FROM.
type Distinct struct {
	Pos
	Left, Right Handle
	Negated     bool
}

// LikeKind is the family of a pattern match.
type LikeKind uint8

// The pattern matches.
const (
	LikePattern LikeKind = iota
	ILikePattern
	SimilarPattern
)

// Like is X [NOT] LIKE, ILIKE or SIMILAR TO Pattern [ESCAPE Escape].
type Like struct {
	Pos
	Kind       LikeKind
	Negated    bool
	X, Pattern Handle
	Escape     Handle // zero if absent
}

// Between is X [NOT] BETWEEN [SYMMETRIC] Low AND High.
type Between struct {
	Pos
	X, Low, High Handle
	Symmetric    bool
	Negated      bool
}

// InList is X [NOT] IN (list).
type InList struct {
	Pos
	X       Handle
	List    []Handle
	Negated bool
}

// InQuery is X [NOT] IN (query). X may be a Row.
type InQuery struct {
	Pos
	X       Handle
	Query   QueryRef
	Negated bool
}

// Exists is EXISTS (query). NOT EXISTS is a Not of it.
type Exists struct {
	Pos
	Query QueryRef
}

// ScalarQuery is a query in parentheses used as a value (or as a row, opposite a Row).
type ScalarQuery struct {
	Pos
	Query QueryRef
}

// ArrayQuery is ARRAY(query).
type ArrayQuery struct {
	Pos
	Query QueryRef
}

// Quantified is X op ANY|SOME|ALL (array or query). LIKE and ILIKE come as ~~, ~~*, !~~, !~~*.
type Quantified struct {
	Pos
	X      Handle
	Schema string
	Op     string
	All    bool
	Array  Handle   // zero if Query is set
	Query  QueryRef // zero if Array is set
}

// Case is CASE [Operand] WHEN .. THEN .. [ELSE ..] END.
type Case struct {
	Pos
	Operand Handle // zero if absent
	Whens   []When
	Else    Handle // zero if absent
}

// When is one arm of a Case.
type When struct {
	Cond, Result Handle
}

// Cast is CAST(X AS Type) or X::Type.
type Cast struct {
	Pos
	X    Handle
	Type TypeName
}

// Typed is Type 'text': a constant given in a type's text form.
type Typed struct {
	Pos
	Text string
	Type TypeName
}

// Array is ARRAY[..]. Inner brackets are Arrays themselves.
type Array struct {
	Pos
	Elems []Handle
}

// Subscript is X[i][j:k]..; all brackets of one chain are one node.
type Subscript struct {
	Pos
	X       Handle
	Indexes []Index
}

// Index is one bracket. An element access has only Upper; a slice may lack either bound.
type Index struct {
	Slice        bool
	Lower, Upper Handle
}

// Field is (X).Name.
type Field struct {
	Pos
	X    Handle
	Name string
}

// Expand is (X).*.
type Expand struct {
	Pos
	X Handle
}

// Row is ROW(..) (Explicit) or (a, b, ..).
type Row struct {
	Pos
	Elems    []Handle
	Explicit bool
}

// AtTimeZone is X AT TIME ZONE Zone.
type AtTimeZone struct {
	Pos
	X, Zone Handle
}

// Collate is X COLLATE Name.
type Collate struct {
	Pos
	X    Handle
	Name []string
}

// Call is a function call. SQL's special forms come as calls of the functions PostgreSQL makes of them, in schema
// pg_catalog: extract('field', x), position(string, part), substring, overlay, btrim, ltrim, rtrim, overlaps, normalize,
// pg_collation_for.
type Call struct {
	Pos
	Schema   string // empty if not written
	Name     string
	Args     []Arg
	Star     bool // f(*)
	Distinct bool
	OrderBy  []Order
	Within   bool // OrderBy is that of WITHIN GROUP
	Filter   Handle
	Over     *Window // nil if not a window call
}

// Arg is an argument of a Call.
type Arg struct {
	Expr     Handle
	Name     string // n => x
	Variadic bool   // only the last
}

// SQLFunc is one of the constructs that look like functions but have a typing rule of their own.
// Name is coalesce, nullif, greatest, least or grouping.
type SQLFunc struct {
	Pos
	Name string
	Args []Handle
}

// Keyword is a value written as a bare word: current_date, current_time, current_timestamp, localtime, localtimestamp,
// current_user, current_role, session_user, user, current_catalog, current_schema; also default, where a statement takes it.
type Keyword struct {
	Pos
	Name      string
	Precision int // -1 if not written
}

// Window is the OVER part of a call, or one definition of a WINDOW clause.
type Window struct {
	Pos
	Name        string // in a WINDOW clause: the name defined. In OVER: set (and all else empty) for OVER name
	Base        string // OVER (base ..): the window it refines
	PartitionBy []Handle
	OrderBy     []Order
	Frame       *Frame // nil if not written
}

// FrameMode is ROWS, RANGE or GROUPS.
type FrameMode uint8

// The frame modes.
const (
	RangeFrame FrameMode = iota
	RowsFrame
	GroupsFrame
)

// BoundKind is one end of a frame.
type BoundKind uint8

// The frame bounds.
const (
	UnboundedPreceding BoundKind = iota
	Preceding
	CurrentRow
	Following
	UnboundedFollowing
)

// Bound is one end of a frame; Offset is set for Preceding and Following.
type Bound struct {
	Kind   BoundKind
	Offset Handle
}

// Frame is a window frame. Exclude is "", "CURRENT ROW", "GROUP", "TIES" or "NO OTHERS".
type Frame struct {
	Mode       FrameMode
	Start, End Bound
	Exclude    string
}
