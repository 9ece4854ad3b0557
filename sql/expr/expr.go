// Package expr is bound, typed scalar expressions and their evaluation over batches.
//
// The binder builds them, the rewrite rules of the planner take them apart, the operators of exec compile them into
// Programs. Every node knows its type; implicit casts are explicit nodes here.
package expr

import (
	"tarn/sql/functions"
	"tarn/sql/types"
)

// Expr is a bound expression: one of the types of this file.
type Expr interface {
	Type() types.Type
	isExpr()
}

// Const is a constant.
type Const struct {
	T     types.Type
	Value types.Datum
}

// Column is a column of the input, by its index.
type Column struct {
	T     types.Type
	Index int
	Name  string // for EXPLAIN only; no part of the meaning
}

// Param is $N (from 1), whose value the Context holds.
type Param struct {
	T types.Type
	N int
}

// Call is a scalar function or operator applied to arguments that already have the types it wants.
type Call struct {
	T        types.Type
	Fn       *functions.Function
	Args     []Expr
	Operator bool // written as an operator
}

// Cast converts to T. Cast is nil for a conversion through text (or for one that changes only the modifier).
type Cast struct {
	T    types.Type
	Arg  Expr
	Cast *functions.Cast
	// Explicit: written as a cast; strings too long for char(n) or varchar(n) are cut instead of refused.
	Explicit bool
}

// And is true if all arguments are, by three-valued logic; an error counts only if no other argument decides.
type And struct{ Args []Expr }

// Or is the dual of And.
type Or struct{ Args []Expr }

// Not negates by three-valued logic.
type Not struct{ Arg Expr }

// IsNull is arg IS NULL.
type IsNull struct{ Arg Expr }

// IsBool is arg IS TRUE (Want true) or IS FALSE: never NULL.
type IsBool struct {
	Arg  Expr
	Want bool
}

// NotDistinct is l IS NOT DISTINCT FROM r: equality, given as a function for non-NULL values, that treats NULL as a value.
type NotDistinct struct {
	Equal *functions.Function
	L, R  Expr
}

// Case is a searched CASE: the simple form is bound to it. Else may be nil. Errors of branches not taken do not count.
type Case struct {
	T     types.Type
	Whens []When
	Else  Expr
}

// When is one branch of a Case.
type When struct{ Cond, Then Expr }

// Coalesce is the first argument that is not NULL; later ones do not count, nor their errors.
type Coalesce struct {
	T    types.Type
	Args []Expr
}

// In is arg = ANY (constants): a hash look-up. Not all are constants: the binder makes it an Or of equalities.
type In struct {
	Arg  Expr
	List []types.Datum // of Arg's type; a NULL among them makes a miss NULL
}

// Quantified is l op ANY (array), or ALL.
type Quantified struct {
	Op    *functions.Function // over (element type of l, element of the array)
	All   bool
	L     Expr
	Array Expr
	Elem  types.Type
}

// ArrayOf is ARRAY[...] over elements of one type.
type ArrayOf struct {
	T    types.Type
	Args []Expr
}

// Fail raises an error for every row it is evaluated for: what a scalar subquery of several rows becomes.
type Fail struct {
	T       types.Type
	Code    string
	Message string
}

func (e *Const) Type() types.Type       { return e.T }
func (e *Column) Type() types.Type      { return e.T }
func (e *Param) Type() types.Type       { return e.T }
func (e *Call) Type() types.Type        { return e.T }
func (e *Cast) Type() types.Type        { return e.T }
func (e *And) Type() types.Type         { return types.Of(types.BoolOID) }
func (e *Or) Type() types.Type          { return types.Of(types.BoolOID) }
func (e *Not) Type() types.Type         { return types.Of(types.BoolOID) }
func (e *IsNull) Type() types.Type      { return types.Of(types.BoolOID) }
func (e *IsBool) Type() types.Type      { return types.Of(types.BoolOID) }
func (e *NotDistinct) Type() types.Type { return types.Of(types.BoolOID) }
func (e *Case) Type() types.Type        { return e.T }
func (e *Coalesce) Type() types.Type    { return e.T }
func (e *In) Type() types.Type          { return types.Of(types.BoolOID) }
func (e *Quantified) Type() types.Type  { return types.Of(types.BoolOID) }
func (e *ArrayOf) Type() types.Type     { return e.T }
func (e *Fail) Type() types.Type        { return e.T }

func (*Const) isExpr()       {}
func (*Column) isExpr()      {}
func (*Param) isExpr()       {}
func (*Call) isExpr()        {}
func (*Cast) isExpr()        {}
func (*And) isExpr()         {}
func (*Or) isExpr()          {}
func (*Not) isExpr()         {}
func (*IsNull) isExpr()      {}
func (*IsBool) isExpr()      {}
func (*NotDistinct) isExpr() {}
func (*Case) isExpr()        {}
func (*Coalesce) isExpr()    {}
func (*In) isExpr()          {}
func (*Quantified) isExpr()  {}
func (*ArrayOf) isExpr()     {}
func (*Fail) isExpr()        {}
