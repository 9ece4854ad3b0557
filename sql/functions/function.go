// Package functions is what SQL can compute: scalar functions, operators, casts, aggregates and set-returning functions,
// as tables of rows. A new function is one row; its signature and its body stand together.
//
// A body is vectorised: it is given the argument columns of a whole batch and returns the result column. The adaptors of
// rows.go turn a Go function of one row into such a body. Lookup follows the type resolution rules of PostgreSQL's manual,
// chapter 10; table.go is the list of all families.
package functions

import (
	"tarn/delta"
	"tarn/sql/types"
)

// Context is what an evaluation may depend on besides its arguments. It is constant while a statement, or one epoch of a
// view, is computed; a view is evaluated with a Context that holds nothing of a session.
type Context struct {
	Env      types.Env     // zone of text forms; Env.Now is the transaction's start
	Params   []types.Datum // values of $1, $2, ...
	User     string        // current_user
	Database string        // current_database()
	Schemas  []string      // search path
	PID      int32         // pg_backend_pid()
	Epoch    uint64        // the epoch that is read: txid_current()
	Setting  func(name string) (value string, ok bool)
	// Set changes a setting for the session, or for the transaction only (set_config); nil where none can be changed.
	Set  func(name, value string, local bool) error
	Done <-chan struct{} // closed when the statement is cancelled (pg_sleep ends); nil for never
	// Largest bounds the bytes of one value, and of a column of a batch (see ErrLargeBatch); 0: PostgreSQL's gigabyte.
	Largest int
	// Room is asked for memory, and given it back with a number below zero; nil: there is no limit.
	Room    func(bytes int64) error
	Catalog Catalog // nil where no catalogue functions may be called
}

// Catalog is what functions of the catalogue (regclass, pg_get_viewdef, format_type ...) ask of it.
type Catalog interface {
	RelationName(oid int64) (schema, name string, ok bool)
	RelationOID(schema, name string) (oid int64, ok bool) // schema "" follows the search path
	Visible(oid int64) bool                               // pg_table_is_visible
	ViewDefinition(oid int64) (text string, ok bool)
	ColumnDefault(relation, number int64) (text string, ok bool)
	ConstraintDefinition(oid int64) (text string, ok bool)
	IndexDefinition(oid int64, column int) (text string, ok bool)
	RoleName(oid int64) (name string, ok bool)
	SchemaName(oid int64) (name string, ok bool)
	Description(oid int64, column int) (text string, ok bool)
	RelationBytes(oid int64) int64 // on disk; of oid 0: of the whole database
}

// Volatility says when a call with the same arguments gives the same value.
type Volatility uint8

// As pg_proc.provolatile has them.
const (
	Immutable Volatility = iota // always: may be folded
	Stable                      // within one statement: now(), current_user; refused in a materialised view where it reads the clock or the session
	Volatile                    // never: random()
)

// Kernel computes n rows. args have n rows each; for a strict function the caller of Kernel is Call, which deals with
// NULLs and with errors of arguments: a kernel computes a value (any value) for rows that are NULL and never fails them.
type Kernel func(ctx *Context, args []delta.Column, n int) delta.Column

// Function is one row of the tables of scalar functions and operators.
type Function struct {
	Name       string      // folded; an operator's symbol
	Args       []types.OID // of an operator two, or one for a prefix operator. AnyElement and AnyArray are polymorphic
	Variadic   bool        // the last argument repeats, once or more
	Optional   int         // how many trailing arguments may be left out
	Returns    types.OID
	Volatility Volatility
	Standing   bool // stable only because it depends on the time zone, which is fixed in a materialised view: it may be called there
	NullCall   bool // the body wants to see NULLs; otherwise the function is strict and NULL in gives NULL out
	Eval       Kernel
	// Bind gives the body of a polymorphic function for the argument types of a call; Resolve calls it and puts the result
	// into the Function it returns.
	Bind func(args []types.OID) Kernel
	// Result refines the result type (its modifier, or the type of a polymorphic function); nil: Returns without modifier.
	Result func(args []types.Type) types.Type
	// Set is the body of a set-returning function instead of Eval: it appends the rows for one row of arguments to out,
	// whose columns are Columns (one, named as the function, if there are none).
	Set     func(ctx *Context, args []types.Datum, out []delta.Column) error
	Columns []SetColumn
	// Series is Set, once more, for a function whose rows may be many though its arguments are small: it hands them over in
	// pieces, so that nobody has to hold all of them.
	Series SeriesKernel
	// BindSet is Bind for a set-returning function.
	BindSet func(args []types.OID) SetKernel
	// ColumnsOf is Columns where they depend on the argument types.
	ColumnsOf func(args []types.OID) []SetColumn
}

// SetKernel is the body of a set-returning function: it appends the rows for one row of arguments to out.
type SetKernel = func(ctx *Context, args []types.Datum, out []delta.Column) error

// SeriesKernel is a SetKernel that calls more after every SetRows rows of its own. more may take the rows out of out, and end the
// call with an error.
type SeriesKernel = func(ctx *Context, args []types.Datum, out []delta.Column, more func() error) error

// SetRows is how many rows of a set go on at once.
const SetRows = 1 << 13

// SetColumn is one column of a set-returning function with several.
type SetColumn struct {
	Name string
	Type types.OID
}

// CastContext says where a cast applies without being written.
type CastContext uint8

// As pg_cast.castcontext has them.
const (
	Implicit   CastContext = iota // anywhere
	Assignment                    // when storing into a column
	Explicit                      // only where written
)

// Cast is one row of the table of casts. Text input and output conversions are not rows: every type has them.
type Cast struct {
	From, To types.OID
	Context  CastContext
	// Eval converts to the target without modifier (Convert applies that). nil: the representations are the same.
	Eval func(ctx *Context, arg *delta.Column, n int, from, to types.Type) delta.Column
}

// Aggregate is one row of the table of aggregates. Exactly one of Update, Fold, Extreme and Collect says how it is kept.
// count is the row's signed count, and everything an aggregate keeps must be exact under retraction: after +1 and -1 of the
// same row its state equals, byte for byte or at least in every result, what it was.
type Aggregate struct {
	Name     string
	Args     []types.OID // empty: count(*)
	Returns  types.OID
	Result   func(args []types.Type) types.Type // as in Function
	NullCall bool                               // rows whose first argument is NULL count too; otherwise the operator skips them

	// Update changes a fixed-size state of Size bytes, zero at first, in place for row i.
	Size   int
	Update func(state []byte, args []delta.Column, i int, count int64)
	// Fold is Update for a state that varies in size: it may change state in place, and returns it, grown if needed. nil at first.
	Fold func(state []byte, args []delta.Column, i int, count int64) []byte
	// Final appends the aggregate's value to out. rows is the number of rows it covers (of the non-NULL argument), zero for none.
	Final func(ctx *Context, state []byte, rows int64, out *delta.Column)

	// Extreme is -1 for min, +1 for max: the operator keeps the ordered multiset of values (or only the best, if the input only grows).
	Extreme int
	// Collect computes the value from all values in order (the aggregate's ORDER BY, else the order of the values), for
	// string_agg, array_agg and the like; the operator keeps the multiset. args[0] is the aggregated argument, one row a
	// value, repeated as often as its count says.
	Collect func(ctx *Context, args []delta.Column, n int, out *delta.Column)
	// Bind fills in the body of a polymorphic aggregate for the argument types of a call, as Function.Bind does.
	Bind func(args []types.OID, a *Aggregate)
}
