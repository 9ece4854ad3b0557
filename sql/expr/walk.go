package expr

import (
	"bytes"
	"math"
	"sort"

	"tarn/sql/functions"
	"tarn/sql/types"
)

// children are the direct sub-expressions of e, in order.
func children(e Expr) []Expr {
	switch e := e.(type) {
	case *Call:
		return e.Args
	case *Cast:
		return []Expr{e.Arg}
	case *And:
		return e.Args
	case *Or:
		return e.Args
	case *Not:
		return []Expr{e.Arg}
	case *IsNull:
		return []Expr{e.Arg}
	case *IsBool:
		return []Expr{e.Arg}
	case *NotDistinct:
		return []Expr{e.L, e.R}
	case *Case:
		var out []Expr
		for _, w := range e.Whens {
			out = append(out, w.Cond, w.Then)
		}
		if e.Else != nil {
			out = append(out, e.Else)
		}
		return out
	case *Coalesce:
		return e.Args
	case *In:
		return []Expr{e.Arg}
	case *Quantified:
		return []Expr{e.L, e.Array}
	case *ArrayOf:
		return e.Args
	}
	return nil
}

// withChildren is e over other sub-expressions, as many as children gave.
func withChildren(e Expr, c []Expr) Expr {
	switch e := e.(type) {
	case *Call:
		n := *e
		n.Args = c
		return &n
	case *Cast:
		n := *e
		n.Arg = c[0]
		return &n
	case *And:
		return &And{c}
	case *Or:
		return &Or{c}
	case *Not:
		return &Not{c[0]}
	case *IsNull:
		return &IsNull{c[0]}
	case *IsBool:
		return &IsBool{c[0], e.Want}
	case *NotDistinct:
		return &NotDistinct{e.Equal, c[0], c[1]}
	case *Case:
		n := &Case{T: e.T, Whens: make([]When, len(e.Whens))}
		for i := range n.Whens {
			n.Whens[i] = When{c[2*i], c[2*i+1]}
		}
		if e.Else != nil {
			n.Else = c[len(c)-1]
		}
		return n
	case *Coalesce:
		return &Coalesce{e.T, c}
	case *In:
		return &In{c[0], e.List}
	case *Quantified:
		n := *e
		n.L, n.Array = c[0], c[1]
		return &n
	case *ArrayOf:
		return &ArrayOf{e.T, c}
	}
	return e
}

// Walk calls f for e and everything below it, parents first; where f gives false it does not go deeper.
func Walk(e Expr, f func(Expr) bool) {
	if e == nil || !f(e) {
		return
	}
	for _, c := range children(e) {
		Walk(c, f)
	}
}

// Map rebuilds e bottom-up: f is given every node with its sub-expressions already mapped, and gives what stands in its
// place. Nodes under which nothing changed are shared, not copied. A nil e stays nil.
func Map(e Expr, f func(Expr) Expr) Expr {
	if e == nil {
		return nil
	}
	old := children(e)
	var mapped []Expr
	for i, c := range old {
		n := Map(c, f)
		if n != c && mapped == nil {
			mapped = append(make([]Expr, 0, len(old)), old[:i]...)
		}
		if mapped != nil {
			mapped = append(mapped, n)
		}
	}
	if mapped != nil {
		e = withChildren(e, mapped)
	}
	return f(e)
}

// Columns are the indexes of the columns that e reads, ascending, each once.
func Columns(e Expr) []int {
	seen := map[int]bool{}
	Walk(e, func(e Expr) bool {
		if c, ok := e.(*Column); ok {
			seen[c.Index] = true
		}
		return true
	})
	out := make([]int, 0, len(seen))
	for i := range seen {
		out = append(out, i)
	}
	sort.Ints(out)
	return out
}

// Shift adds by to the index of every column.
func Shift(e Expr, by int) Expr {
	return Remap(e, func(i int) int { return i + by })
}

// Remap gives every column the index f(index).
func Remap(e Expr, f func(index int) int) Expr {
	return Map(e, func(e Expr) Expr {
		if c, ok := e.(*Column); ok {
			if i := f(c.Index); i != c.Index {
				return &Column{c.T, i, c.Name}
			}
		}
		return e
	})
}

// Substitute puts with[i] in place of column i.
func Substitute(e Expr, with []Expr) Expr {
	return Map(e, func(e Expr) Expr {
		if c, ok := e.(*Column); ok {
			return with[c.Index]
		}
		return e
	})
}

// IsConst tells whether e can be folded: it reads no columns and no parameters, and calls only immutable functions.
func IsConst(e Expr) bool {
	ok := true
	Walk(e, func(e Expr) bool {
		switch e.(type) {
		case *Column, *Param:
			ok = false
		}
		return ok
	})
	return ok && Volatility(e) == functions.Immutable
}

// Volatility is the worst volatility of anything in e. A conversion through text of a type whose text depends on the
// session (timestamptz, names of objects) is stable.
func Volatility(e Expr) functions.Volatility {
	v := functions.Immutable
	Walk(e, func(e Expr) bool {
		switch e := e.(type) {
		case *Call:
			v = max(v, e.Fn.Volatility)
		case *Cast:
			v = max(v, functions.CastVolatility(e.Arg.Type().OID, e.T.OID, e.Cast))
		}
		return true
	})
	return v
}

// Equal tells whether two expressions are the same: same nodes, types, functions and constants. Names of columns do not
// count. Two nils are equal.
func Equal(a, b Expr) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	if a == b {
		return true
	}
	if a.Type() != b.Type() || !sameNode(a, b) {
		return false
	}
	ca, cb := children(a), children(b)
	if len(ca) != len(cb) {
		return false
	}
	for i := range ca {
		if !Equal(ca[i], cb[i]) {
			return false
		}
	}
	return true
}

// sameNode compares two nodes of equal type without their sub-expressions.
func sameNode(a, b Expr) bool {
	switch a := a.(type) {
	case *Const:
		b, ok := b.(*Const)
		return ok && sameDatum(a.Value, b.Value)
	case *Column:
		b, ok := b.(*Column)
		return ok && a.Index == b.Index
	case *Param:
		b, ok := b.(*Param)
		return ok && a.N == b.N
	case *Call:
		b, ok := b.(*Call)
		return ok && sameFunction(a.Fn, b.Fn)
	case *Cast:
		b, ok := b.(*Cast)
		return ok && a.Explicit == b.Explicit && a.Arg.Type() == b.Arg.Type()
	case *And:
		_, ok := b.(*And)
		return ok
	case *Or:
		_, ok := b.(*Or)
		return ok
	case *Not:
		_, ok := b.(*Not)
		return ok
	case *IsNull:
		_, ok := b.(*IsNull)
		return ok
	case *IsBool:
		b, ok := b.(*IsBool)
		return ok && a.Want == b.Want
	case *NotDistinct:
		b, ok := b.(*NotDistinct)
		return ok && sameFunction(a.Equal, b.Equal)
	case *Case:
		b, ok := b.(*Case)
		return ok && len(a.Whens) == len(b.Whens)
	case *Coalesce:
		_, ok := b.(*Coalesce)
		return ok
	case *In:
		b, ok := b.(*In)
		if !ok || len(a.List) != len(b.List) {
			return false
		}
		for i := range a.List {
			if !sameDatum(a.List[i], b.List[i]) {
				return false
			}
		}
		return true
	case *Quantified:
		b, ok := b.(*Quantified)
		return ok && a.All == b.All && sameFunction(a.Op, b.Op)
	case *ArrayOf:
		_, ok := b.(*ArrayOf)
		return ok
	case *Fail:
		b, ok := b.(*Fail)
		return ok && a.Code == b.Code && a.Message == b.Message
	}
	return false
}

// sameFunction compares by name and argument types: a polymorphic function is a new row for every call that is resolved.
func sameFunction(a, b *functions.Function) bool {
	if a == b {
		return true
	}
	if a.Name != b.Name || len(a.Args) != len(b.Args) || a.Returns != b.Returns {
		return false
	}
	for i := range a.Args {
		if a.Args[i] != b.Args[i] {
			return false
		}
	}
	return true
}

func sameDatum(a, b types.Datum) bool {
	if a.Null || b.Null {
		return a.Null == b.Null
	}
	return a.Int == b.Int && math.Float64bits(a.Float) == math.Float64bits(b.Float) && bytes.Equal(a.Bytes, b.Bytes)
}
