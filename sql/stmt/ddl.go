package stmt

import "tarn/sql/decode"

// ColumnDef is a column of CREATE TABLE or CREATE STREAM.
type ColumnDef struct {
	Name       string
	Type       decode.TypeName
	Collation  []string
	NotNull    bool
	Null       bool // NULL was written
	Default    decode.Handle
	DefaultSQL string // text of the default, for the catalogue
	Identity   string // "", "ALWAYS" or "BY DEFAULT"
	Generated  decode.Handle
	// GeneratedSQL is the text of GENERATED ALWAYS AS (..) STORED.
	GeneratedSQL string
	Constraints  []Constraint // PRIMARY KEY, UNIQUE, CHECK and REFERENCES of this column, Columns filled in
	Pos          int
}

// ConstraintKind is the kind of a Constraint.
type ConstraintKind uint8

// The kinds of constraints.
const (
	PrimaryKey ConstraintKind = iota
	Unique
	Check
	ForeignKey
	Exclude
)

// Constraint is a constraint of a column or table.
type Constraint struct {
	Kind       ConstraintKind
	Name       string // empty if not named
	Columns    []string
	Check      decode.Handle
	CheckSQL   string // text of the condition
	References Name
	RefColumns []string
	OnDelete   string // "", "NO ACTION", "RESTRICT", "CASCADE", "SET NULL" or "SET DEFAULT"
	OnUpdate   string
	Deferrable bool
	Pos        int
}

// Watermark is WATERMARK FOR Column AS Expr.
type Watermark struct {
	Column string
	Expr   decode.Handle
	SQL    string
	Pos    int
}

// CreateTable is CREATE TABLE, also .. AS query.
type CreateTable struct {
	Name        Name
	IfNotExists bool
	Temporary   bool
	Unlogged    bool
	Columns     []ColumnDef
	Constraints []Constraint
	Like        []Name
	Inherits    []Name
	PartitionBy bool
	OnCommit    string
	With        []Option
	AsQuery     decode.QueryRef // of CREATE TABLE AS; ColumnNames are its optional column names
	AsText      string
	ColumnNames []string
	NoData      bool
}

// CreateStream is CREATE STREAM: an append-only table.
type CreateStream struct {
	Name        Name
	IfNotExists bool
	Columns     []ColumnDef
	Constraints []Constraint
	Watermarks  []Watermark
	With        []Option // retention
}

// CreateView is CREATE [OR REPLACE] VIEW.
type CreateView struct {
	Name      Name
	OrReplace bool
	Temporary bool
	Recursive bool
	Columns   []string
	With      []Option
	Query     decode.QueryRef
	QueryText string
	Check     string // WITH [LOCAL|CASCADED] CHECK OPTION
}

// CreateMaterializedView is CREATE [OR REPLACE] MATERIALIZED VIEW.
type CreateMaterializedView struct {
	Name        Name
	IfNotExists bool
	OrReplace   bool
	Columns     []string
	With        []Option
	Query       decode.QueryRef
	QueryText   string
	NoData      bool
}

// CreateSchema is CREATE SCHEMA.
type CreateSchema struct {
	Name        string
	IfNotExists bool
	Owner       string
}

// IndexElem is one element of CREATE INDEX: a column or an expression.
type IndexElem struct {
	Column  string
	Expr    decode.Handle
	Desc    bool
	Nulls   decode.NullsOrder
	OpClass string
	// Collated says that a collation was given.
	Collated bool
	Pos      int
}

// CreateIndex is CREATE INDEX.
type CreateIndex struct {
	Name         string
	Unique       bool
	Concurrently bool
	IfNotExists  bool
	Table        Name
	Method       string
	Elems        []IndexElem
	Include      []string
	With         []Option
	Where        decode.Handle
}

// CreateOpaque is CREATE SOURCE, SINK, CONNECTION and the like: name and options are known, the rest is kept as text.
type CreateOpaque struct {
	Kind        string // "SOURCE", "SINK", "CONNECTION", "SECRET", "SUBSCRIPTION"
	Name        Name
	IfNotExists bool
	Text        string // what follows the name
	Pos         int
}

// Drop is DROP of one kind of object.
type Drop struct {
	Kind         string // "TABLE", "STREAM", "VIEW", "MATERIALIZED VIEW", "SCHEMA", "INDEX", "SOURCE", ..
	Names        []Name
	IfExists     bool
	Cascade      bool
	Concurrently bool
}

// AlterKind is what an Alter does.
type AlterKind uint8

// The kinds of Alter that are told apart.
const (
	AlterOther AlterKind = iota
	AlterRename
	AlterRenameColumn
	AlterSetSchema
	AlterOwner
	AlterSet   // SET (options)
	AlterReset // RESET (names)
)

// Alter is ALTER of an object. Action is the text after the name for AlterOther.
type Alter struct {
	Object   string // "TABLE", "STREAM", "VIEW", ..
	Name     Name
	IfExists bool
	Kind     AlterKind
	Column   string
	To       string // the new name, schema or owner
	Options  []Option
	Action   string
	Pos      int
}

// Comment is COMMENT ON Object Name IS Text; Null: IS NULL.
type Comment struct {
	Object string
	Name   []string
	Text   string
	Null   bool
}

// RefreshMaterializedView is REFRESH MATERIALIZED VIEW.
type RefreshMaterializedView struct {
	Name         Name
	Concurrently bool
	NoData       bool
}

func (*CreateTable) statement()             {}
func (*CreateStream) statement()            {}
func (*CreateView) statement()              {}
func (*CreateMaterializedView) statement()  {}
func (*CreateSchema) statement()            {}
func (*CreateIndex) statement()             {}
func (*CreateOpaque) statement()            {}
func (*Drop) statement()                    {}
func (*Alter) statement()                   {}
func (*Comment) statement()                 {}
func (*RefreshMaterializedView) statement() {}
