package decode

// Query is one level of a query expression: its WITH, its body, and what applies to the whole of it.
type Query struct {
	With      []CTE
	Recursive bool
	Body      Body
	OrderBy   []Order
	Limit     Handle // zero if absent or ALL
	Offset    Handle
	WithTies  bool
	Locking   []Locking
	Pos       Pos // of the body
}

// Materialization is what a CTE says about itself.
type Materialization uint8

// The values of CTE.Materialized.
const (
	MaterializeDefault Materialization = iota
	MaterializeAlways
	MaterializeNever
)

// CTE is one element of WITH.
type CTE struct {
	Pos
	Name         string
	Columns      []string
	Query        QueryRef
	Materialized Materialization
}

// Body is Select, SetOp or Values.
type Body interface {
	Position() int
	body()
}

// SetKind is a set operation.
type SetKind uint8

// The set operations.
const (
	Union SetKind = iota
	Intersect
	Except
)

// SetOp combines two queries. Its position is 0: errors about its columns point at the items of its sides.
type SetOp struct {
	Pos
	Kind        SetKind
	All         bool
	Left, Right QueryRef
}

// Values is VALUES (..), (..). Its position is that of the first value. All rows have the same width. DEFAULT comes as a Keyword.
type Values struct {
	Pos
	Rows [][]Handle
}

// Select is one SELECT block. Its position is that of its first item.
type Select struct {
	Pos
	Distinct      bool
	DistinctOn    []Handle // of DISTINCT ON; Distinct is then false
	Items         []SelectItem
	From          []TableExpr
	Where         Handle
	GroupBy       []GroupItem
	GroupDistinct bool
	Having        Handle
	Windows       []Window
}

func (Select) body() {}
func (SetOp) body()  {}
func (Values) body() {}

// SelectItem is one element of a SELECT or RETURNING list. Star: `*` or `t.*`, with its qualifier; Expr is then zero.
type SelectItem struct {
	Pos
	Expr      Handle
	Star      bool
	Qualifier []string
	Alias     string // empty if not written
}

// GroupKind is the kind of a GroupItem.
type GroupKind uint8

// The kinds of GROUP BY elements.
const (
	GroupExpr GroupKind = iota // Expr; an implicit Row is a list of expressions
	GroupEmpty
	GroupRollup
	GroupCube
	GroupSets
)

// GroupItem is an element of GROUP BY; Items are the elements of ROLLUP, CUBE and GROUPING SETS.
type GroupItem struct {
	Pos
	Kind  GroupKind
	Expr  Handle
	Items []GroupItem
}

// NullsOrder is NULLS FIRST or LAST, or neither.
type NullsOrder uint8

// The values of Order.Nulls.
const (
	NullsDefault NullsOrder = iota
	NullsFirst
	NullsLast
)

// Order is one ORDER BY element. Using is the operator of ORDER BY x USING op.
type Order struct {
	Pos
	Expr  Handle
	Desc  bool
	Nulls NullsOrder
	Using string
}

// Locking is one FOR UPDATE, NO KEY UPDATE, SHARE or KEY SHARE clause.
type Locking struct {
	Pos
	Strength string
	Of       []string
	Wait     string // "", "NOWAIT" or "SKIP LOCKED"
}

// TableExpr is an element of FROM: Table, SubQuery, Function or Join.
type TableExpr interface {
	Position() int
	tableExpr()
}

// Alias is AS name (columns). Name is empty if there is none.
type Alias struct {
	Name    string
	Columns []string
}

// Table is a relation by name.
type Table struct {
	Pos
	Catalog, Schema, Name string
	Only                  bool
	Alias                 Alias
	Sample                bool // TABLESAMPLE was written
}

// SubQuery is a query in FROM.
type SubQuery struct {
	Pos
	Query   QueryRef
	Lateral bool
	Alias   Alias
}

// ColumnDef is an element of a column definition list: f(..) AS t(a int, b text).
type ColumnDef struct {
	Name string
	Type TypeName
}

// Function is a table function. More than one call: ROWS FROM (..).
type Function struct {
	Pos
	Calls      []Handle
	RowsFrom   bool
	Ordinality bool
	Lateral    bool
	Alias      Alias
	Columns    []ColumnDef
}

// JoinKind is the kind of a Join.
type JoinKind uint8

// The kinds of joins.
const (
	InnerJoin JoinKind = iota
	LeftJoin
	RightJoin
	FullJoin
	CrossJoin
)

// Join combines two table expressions. At most one of Natural, Using and On is set.
type Join struct {
	Pos
	Kind        JoinKind
	Left, Right TableExpr
	Natural     bool
	Using       []string
	UsingAlias  string
	On          Handle
	Alias       Alias // of (a JOIN b) AS j
}

func (Table) tableExpr()    {}
func (SubQuery) tableExpr() {}
func (Function) tableExpr() {}
func (Join) tableExpr()     {}
