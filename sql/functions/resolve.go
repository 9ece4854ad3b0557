package functions

import (
	"slices"
	"strings"

	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// Resolve finds the function that a call name(args) means, by section 10.3 of PostgreSQL's manual. Arguments that are
// literals of no type yet are unknown. The result has exactly one entry in Args for each argument given, none of them
// polymorphic or variadic: the types the arguments are to be cast to. name(x), where name is a type that x can be cast
// to, is found too. Errors: 42883, 42725.
func Resolve(name string, args []types.OID) (*Function, error) {
	var found []candidate
	for _, f := range load().byName[name] {
		if !f.IsOperator() {
			found = appendCandidate(found, f, nil, args)
		}
	}
	best, err := selectCandidate(found, args)
	if best == nil && err == nil {
		if f := castFunction(name, args); f != nil {
			return f, nil
		}
		return nil, missing(name, args)
	}
	if err != nil {
		return nil, sqlstate.New(sqlstate.AmbiguousFunction, "function %s is not unique", signature(name, args)).WithHint(
			"Could not choose a best candidate function. You might need to add explicit type casts.")
	}
	if err := best.determined(); err != nil {
		return nil, err
	}
	return best.function(), nil
}

// ResolveOperator finds the operator that left symbol right means, by section 10.2 of the manual; left is 0 for a prefix
// operator. The result is as that of Resolve. Errors: 42883, 42725.
func ResolveOperator(symbol string, left, right types.OID) (*Function, error) {
	args := []types.OID{left, right}
	if left == 0 {
		args = args[1:]
	}
	if symbol == "!=" {
		symbol = "<>"
	}
	rows := load().byName[symbol]
	if left == unknown && right != unknown && left != 0 || right == unknown && left != unknown && left != 0 {
		// an unknown literal is first taken to be of the other side's type
		same := right
		if right == unknown {
			same = left
		}
		for _, f := range rows {
			if len(f.Args) == 2 && f.Args[0] == same && f.Args[1] == same {
				return f, nil
			}
		}
	}
	for _, f := range rows { // what takes just these types wins over all that takes others
		if slices.Equal(f.Args, args) && !slices.Contains(args, unknown) && !f.Variadic && f.Bind == nil && f.BindSet == nil {
			return f, nil
		}
	}
	var found []candidate
	for _, f := range rows {
		if len(f.Args) == len(args) {
			found = appendCandidate(found, f, nil, args)
		}
	}
	best, err := selectCandidate(found, args)
	var text string
	if best == nil || err != nil {
		text = symbol + " " + typeName(right)
		if left != 0 {
			text = typeName(left) + " " + text
		}
	}
	switch {
	case err != nil:
		return nil, sqlstate.New(sqlstate.AmbiguousFunction, "operator is not unique: %s", text).WithHint(
			"Could not choose a best candidate operator. You might need to add explicit type casts.")
	case best == nil && left == 0:
		return nil, sqlstate.New(sqlstate.UndefinedFunction, "operator does not exist: %s", text).WithHint(
			"No operator matches the given name and argument type. You might need to add an explicit type cast.")
	case best == nil:
		return nil, sqlstate.New(sqlstate.UndefinedFunction, "operator does not exist: %s", text).WithHint(
			"No operator matches the given name and argument types. You might need to add explicit type casts.")
	}
	if err := best.determined(); err != nil {
		return nil, err
	}
	return best.function(), nil
}

// ResolveAggregate finds the aggregate that name(args) means; no arguments mean name(*). The result is as that of Resolve.
// ok is false, and err nil, if no aggregate has that name.
func ResolveAggregate(name string, args []types.OID) (a *Aggregate, ok bool, err error) {
	rows := load().aggByName[name]
	if len(rows) == 0 {
		return nil, false, nil
	}
	var found []candidate
	for _, a := range rows {
		found = appendCandidate(found, nil, a, args)
	}
	best, err := selectCandidate(found, args)
	switch {
	case err != nil:
		return nil, true, sqlstate.New(sqlstate.AmbiguousFunction, "function %s is not unique", signature(name, args)).WithHint(
			"Could not choose a best candidate function. You might need to add explicit type casts.")
	case best == nil && len(args) == 0:
		return nil, true, sqlstate.New(sqlstate.WrongObjectType, "%s(*) must be used to call a parameterless aggregate function", name)
	case best == nil:
		return nil, true, sqlstate.New(sqlstate.UndefinedFunction, "function %s does not exist", signature(name, args)).WithHint(
			"No function matches the given name and argument types. You might need to add explicit type casts.")
	}
	if err := best.determined(); err != nil {
		return nil, true, err
	}
	return best.aggregate(), true, nil
}

func signature(name string, args []types.OID) string {
	parts := make([]string, len(args))
	for i, t := range args {
		parts[i] = typeName(t)
	}
	return name + "(" + strings.Join(parts, ", ") + ")"
}

// castFunction is type(x) as a function, where type can be made from x.
func castFunction(name string, args []types.OID) *Function {
	to, ok := types.ByName(name)
	if !ok || len(args) != 1 || strings.ContainsAny(name, " [\"") {
		return nil
	}
	if name == "char" {
		to = char1
	}
	from := args[0]
	if from == unknown {
		from = text
	}
	c, ok := FindCast(from, to, Explicit)
	if !ok {
		return nil
	}
	return &Function{Name: name, Args: sig(from), Returns: to, Eval: castKernel(c, from, to)}
}

// candidate is a row that the arguments of a call can be cast to.
type candidate struct {
	f       *Function
	a       *Aggregate
	want    []types.OID // one entry for each argument given, concrete
	declare []types.OID // and as the row has it
	returns types.OID
	plain   bool // the row needs no change
	spread  bool // by repeating a variadic argument: any other match is better
	untyped bool // nothing tells what its polymorphic types are
}

// determined fails a candidate whose polymorphic types nothing tells.
func (c *candidate) determined() error {
	if c.untyped {
		return sqlstate.New(sqlstate.DatatypeMismatch, "could not determine polymorphic type because input has type unknown")
	}
	return nil
}

func (c *candidate) function() *Function {
	if c.plain {
		return c.f
	}
	f := *c.f
	f.Args, f.Returns, f.Variadic, f.Optional = c.want, c.returns, false, 0
	if f.Bind != nil {
		f.Eval, f.Bind = f.Bind(c.want), nil
	}
	if f.BindSet != nil {
		f.Set, f.BindSet = f.BindSet(c.want), nil
	}
	if f.ColumnsOf != nil {
		f.Columns, f.ColumnsOf = f.ColumnsOf(c.want), nil
	}
	return &f
}

func (c *candidate) aggregate() *Aggregate {
	if c.plain {
		return c.a
	}
	a := *c.a
	a.Args, a.Returns = c.want, c.returns
	if a.Bind != nil {
		a.Bind(c.want, &a)
		a.Bind = nil
	}
	return &a
}

// appendCandidate appends the row f or a to found if args can be cast to its arguments implicitly.
func appendCandidate(found []candidate, f *Function, a *Aggregate, args []types.OID) []candidate {
	c := candidate{f: f, a: a}
	var declared []types.OID
	variadic, optional, bound := false, 0, false
	if f != nil {
		declared, c.returns, variadic, optional = f.Args, f.Returns, f.Variadic, f.Optional
		bound = f.Bind != nil || f.BindSet != nil
	} else {
		declared, c.returns, bound = a.Args, a.Returns, a.Bind != nil
	}
	switch {
	case len(args) == len(declared) && !variadic:
	case len(args) < len(declared) && len(args) >= len(declared)-optional:
		declared = declared[:len(args)]
	case variadic && len(args) >= len(declared)-optional:
		c.spread = true
	default:
		return found
	}
	c.plain = len(args) == len(declared) && !bound && !variadic
	c.want, c.declare = make([]types.OID, len(args)), make([]types.OID, len(args))
	var elements []types.OID // what polymorphic arguments say about their element
	polymorphic, lenient := c.returns == element || c.returns == array, false
	for i, t := range args {
		d := declared[min(i, len(declared)-1)]
		c.want[i], c.declare[i] = d, d
		info := types.Of(t).Info()
		switch d {
		case element, compatible, nonarray:
			if d == nonarray && info.Elem != 0 {
				return found
			}
			elements, polymorphic, lenient = append(elements, t), true, lenient || d == compatible
		case array, compatibles:
			polymorphic, lenient = true, lenient || d == compatibles
			switch {
			case t == unknown:
			case info.Elem == 0:
				return found
			default:
				elements = append(elements, info.Elem)
			}
		case anything:
			if t == unknown {
				t = text
			}
			c.want[i], c.plain = t, false
		default:
			if !implicitly(t, d) {
				return found
			}
		}
	}
	if polymorphic && !c.settle(args, elements, lenient) {
		return found
	}
	c.untyped = polymorphic && !lenient && !slices.ContainsFunc(elements, func(t types.OID) bool { return t != unknown })
	return append(found, c)
}

// settle replaces the polymorphic types of a candidate by those that the elements of a call give them.
func (c *candidate) settle(args, elements []types.OID, lenient bool) bool {
	c.plain = false
	elem, err := CommonType(elements)
	if err != nil {
		return false
	}
	if !lenient {
		for _, t := range elements {
			if t != elem && t != unknown {
				return false
			}
		}
	}
	of := types.Of(elem).Info().Array
	concrete := func(t types.OID) types.OID {
		switch t {
		case element, compatible, nonarray:
			return elem
		case array, compatibles:
			return of
		}
		return t
	}
	for i, t := range c.want {
		c.want[i] = concrete(t)
		if (t == array || t == compatibles) && types.Of(args[i]).Info().Elem == elem {
			c.want[i] = args[i] // int2vector is an array of int2, too
		}
		if c.want[i] == 0 {
			return false
		}
	}
	c.returns = concrete(c.returns)
	return c.returns != 0
}

// selectCandidate picks among candidates by the steps of section 10.2 and 10.3 of the manual: most exact matches, most
// preferred types, the category of unknown literals, and at last all unknowns taken as the one known type. No candidate
// gives nil; several that remain give an error.
func selectCandidate(found []candidate, args []types.OID) (*candidate, error) {
	if len(found) == 0 {
		return nil, nil
	}
	if direct := keep(found, func(c *candidate) bool { return !c.spread }); len(direct) > 0 {
		found = direct
	}
	for i := range found {
		if exact(&found[i], args) == len(args) {
			return &found[i], nil
		}
	}
	if found = best(found, func(c *candidate) int { return exact(c, args) }); len(found) == 1 {
		return &found[0], nil
	}
	found = best(found, func(c *candidate) int {
		score := 0
		for i, t := range args {
			if want := types.Of(c.declare[i]).Info(); t != unknown && (want.OID == t || want.Preferred && want.Category == types.Of(t).Info().Category) {
				score++
			}
		}
		return score
	})
	if len(found) == 1 {
		return &found[0], nil
	}
	if left := byCategory(found, args); len(left) == 1 {
		return &left[0], nil
	} else if len(left) > 0 {
		found = left
	}
	// all known arguments of one type: the unknown ones are taken to be of it too
	known := types.OID(unknown)
	for _, t := range args {
		if t != unknown {
			if known != unknown && known != t {
				return nil, errAmbiguous
			}
			known = t
		}
	}
	if known != unknown {
		left := keep(found, func(c *candidate) bool {
			for i := range args {
				if !implicitly(known, c.want[i]) {
					return false
				}
			}
			return true
		})
		if len(left) == 1 {
			return &left[0], nil
		}
	}
	return nil, errAmbiguous
}

var errAmbiguous = sqlstate.New(sqlstate.AmbiguousFunction, "ambiguous")

func exact(c *candidate, args []types.OID) int {
	n := 0
	for i, t := range args {
		if t != unknown && c.declare[i] == t {
			n++
		}
	}
	return n
}

// best keeps the candidates with the highest score.
func best(found []candidate, score func(*candidate) int) []candidate {
	most := -1
	for i := range found {
		most = max(most, score(&found[i]))
	}
	return keep(found, func(c *candidate) bool { return score(c) == most })
}

func keep(found []candidate, ok func(*candidate) bool) []candidate {
	var out []candidate
	for i := range found {
		if ok(&found[i]) {
			out = append(out, found[i])
		}
	}
	return out
}

// byCategory settles, for each unknown argument, the category that the candidates accept there (strings if any does),
// and keeps the candidates that accept it, with a preferred type where one has it. nil if there is no such category.
func byCategory(found []candidate, args []types.OID) []candidate {
	type slot struct {
		category  byte
		preferred bool
	}
	slots := make([]slot, len(args))
	for i, t := range args {
		if t != unknown {
			continue
		}
		s := &slots[i]
		conflict := false
		for j := range found {
			switch want := types.Of(found[j].declare[i]).Info(); {
			case s.category == 0:
				*s = slot{want.Category, want.Preferred}
			case want.Category == s.category:
				s.preferred = s.preferred || want.Preferred
			case want.Category == 'S':
				*s, conflict = slot{'S', want.Preferred}, false
			case s.category != 'S':
				conflict = true
			}
		}
		if conflict {
			return nil
		}
	}
	return keep(found, func(c *candidate) bool {
		for i, t := range args {
			if t != unknown {
				continue
			}
			want := types.Of(c.declare[i]).Info()
			if want.Category != slots[i].category || slots[i].preferred && !want.Preferred {
				return false
			}
		}
		return true
	})
}
