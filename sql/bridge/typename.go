package bridge

// TypeName is a type as the user spelled it, with SQL's own spellings folded into PostgreSQL's internal names.
type TypeName struct {
	Catalog string
	Schema  string // "pg_catalog" for SQL's own spellings (integer, timestamp with time zone), else as written or empty
	Name    string // internal spelling: int4, numeric, bpchar, timestamptz, "char", or the user's identifier
	Mods    []int64

	// ArrayDims counts the dimensions written (`int[][]`, `int array[3]`); their sizes mean nothing, as in PostgreSQL.
	ArrayDims int
	SetOf     bool
	// Fields is the interval's field restriction in upper case ("DAY TO SECOND"); Mods then holds the precision, if any.
	Fields string
	// ColumnType is set for `t.c%TYPE`, whose path is in Path.
	ColumnType bool
	Path       []string
	Pos        int
}
