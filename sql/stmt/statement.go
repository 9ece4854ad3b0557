// Package stmt is what a client can ask for: the statements of PostgreSQL and of streams, as a sealed sum, and the
// hand-written parser of everything around queries and expressions, which package bridge parses.
package stmt

import "tarn/sql/decode"

// Statement is one of the structs of this package.
type Statement interface{ statement() }

// Name is a possibly qualified name of a relation, function or the like.
type Name struct {
	Catalog, Schema, Name string
	Pos                   int
}

// Option is a name with a value, as WITH (..), COPY and EXPLAIN take them. Names keep dots (properties.topic) and are
// folded unless quoted.
type Option struct {
	Name  string
	Value string   // decoded; empty if HasValue is false
	List  []string // of (a, b), or * as the single "*"
	// HasValue is false for a bare name. Word is true if the value was written as a bare word or number.
	HasValue, Word bool
	Pos            int
}

// Select is a query as a statement (SELECT, VALUES, TABLE, WITH).
type Select struct {
	Query decode.QueryRef
	// Into is the target of SELECT INTO, which PostgreSQL treats as CREATE TABLE AS; nil if absent.
	Into *Name
}

// Insert is INSERT INTO. Exactly one of Query, Values and DefaultValues is the source.
type Insert struct {
	With          decode.QueryRef // carries only the WITH of the statement; zero if absent
	Table         Name
	Alias         string
	Columns       []ColumnTarget // nil if not written
	Overriding    string         // "", "SYSTEM" or "USER"
	Query         decode.QueryRef
	Values        *Values
	DefaultValues bool
	OnConflict    *OnConflict
	Returning     []decode.SelectItem
}

// ColumnTarget is a column written to. Indirect is set for parts of columns (a[1], a.b), which are not supported.
type ColumnTarget struct {
	Name     string
	Indirect bool
	Pos      int
}

// OnConflict is the ON CONFLICT clause of an Insert.
type OnConflict struct {
	Columns     []string      // of (a, b); nil without a column target
	Exprs       bool          // the target holds an expression, collation or operator class
	TargetWhere decode.Handle // of a partial index
	Constraint  string        // ON CONSTRAINT
	DoNothing   bool
	Set         []Assignment
	Where       decode.Handle
	Pos         int
}

// Assignment is one element of SET. One column with Expr or Default; or several with Row (one each) or Query.
type Assignment struct {
	Columns []ColumnTarget
	Expr    decode.Handle // a Keyword "default" for DEFAULT
	Row     []decode.Handle
	Query   decode.QueryRef
	Multi   bool // written (a, b) = ..
}

// Update is UPDATE.
type Update struct {
	With      decode.QueryRef
	Table     Name
	Only      bool
	Alias     string
	Set       []Assignment
	From      []decode.TableExpr
	Where     decode.Handle
	CurrentOf string
	Returning []decode.SelectItem
}

// Delete is DELETE FROM.
type Delete struct {
	With      decode.QueryRef
	Table     Name
	Only      bool
	Alias     string
	Using     []decode.TableExpr
	Where     decode.Handle
	CurrentOf string
	Returning []decode.SelectItem
}

// Truncate is TRUNCATE.
type Truncate struct {
	Tables          []Name
	RestartIdentity bool
	Cascade         bool
}

// Unsupported is a statement PostgreSQL has and Tarn does not: the text after Verb was not looked at.
type Unsupported struct {
	Verb string // upper case, as a command tag would begin: "CREATE TRIGGER", "MERGE"
	Pos  int
}

func (*Select) statement()      {}
func (*Insert) statement()      {}
func (*Update) statement()      {}
func (*Delete) statement()      {}
func (*Truncate) statement()    {}
func (*Unsupported) statement() {}
