package planner

import (
	"slices"

	"tarn/catalog"
	"tarn/planner/plan"
	"tarn/sql/decode"
	"tarn/sql/expr"
	"tarn/sql/functions"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// Env is what the meaning of a statement depends on besides its text and the catalogue.
type Env struct {
	SearchPath []string           // where names without a schema are looked for; nil: pg_catalog, public
	Context    *functions.Context // zone and object names for constants; nil: UTC, no objects
	Depends    []uint32           // of a view that exists: the users' relations its names mean; nil: all there are
	Params     []types.Type       // declared types of $1, $2, ..; unknown (or not there): the context decides
}

func (e *Env) searchPath() []string {
	if e.SearchPath == nil {
		return []string{"pg_catalog", "public"}
	}
	for _, s := range e.SearchPath {
		if s == "pg_catalog" {
			return e.SearchPath
		}
	}
	return append([]string{"pg_catalog"}, e.SearchPath...)
}

// means tells whether a name without a schema can mean a relation: one made after a view, in a schema that comes earlier in
// its path, does not change what the view reads.
func (e *Env) means(r *catalog.Relation) bool {
	return e.Depends == nil || r.Kind == catalog.System || slices.Contains(e.Depends, r.ID)
}

// binder resolves one statement. It is used once, by one goroutine.
type binder struct {
	cat      *catalog.Snapshot
	env      *Env
	ctx      *functions.Context
	fields   []plan.Field         // of each column number
	origins  map[int]plan.Origin  // of the column numbers that are columns of relations
	params   []types.Type         // unknown where nothing has decided yet
	ref      map[*expr.Column]int // position of each reference in the text, for messages of GROUP BY
	depends  []uint32             // users' relations named directly, in order
	inView   int                  // depth of views being expanded: positions mean nothing there
	standing bool                 // the plan will be kept current: nothing may depend on the clock or a session
}

func newBinder(cat *catalog.Snapshot, env *Env) *binder {
	if env == nil {
		env = &Env{}
	}
	b := &binder{cat: cat, env: env, ctx: env.Context, ref: map[*expr.Column]int{}, origins: map[int]plan.Origin{}}
	if b.ctx == nil {
		b.ctx = &functions.Context{}
	}
	b.params = append(b.params, env.Params...)
	for i := range b.params {
		if b.params[i].OID == 0 {
			b.params[i] = unknownType
		}
	}
	return b
}

var (
	unknownType = types.Of(types.UnknownOID)
	boolType    = types.Of(types.BoolOID)
	textType    = types.Of(types.TextOID)
	int4Type    = types.Of(types.Int4OID)
	int8Type    = types.Of(types.Int8OID)
)

// newColumn gives out a column number.
func (b *binder) newColumn(name string, t types.Type) int {
	b.fields = append(b.fields, plan.Field{Name: name, Type: t})
	return len(b.fields) - 1
}

// passes notes that a column number is another one's value, if e is no more than that.
func (b *binder) passes(id int, e expr.Expr) {
	if c, ok := e.(*expr.Column); ok {
		if from, ok := b.origins[c.Index]; ok {
			b.origins[id] = from
		}
	}
}

// column is an expression for a column number.
func (b *binder) column(id int) *expr.Column {
	return &expr.Column{T: b.fields[id].Type, Index: id, Name: b.fields[id].Name}
}

// dependOn notes that the statement names a user's relation.
func (b *binder) dependOn(r *catalog.Relation) {
	if r.ID < catalog.FirstUserID || b.inView > 0 {
		return
	}
	for _, id := range b.depends {
		if id == r.ID {
			return
		}
	}
	b.depends = append(b.depends, r.ID)
}

// paramTypes checks at the end that every parameter has got a type: those that no context decided are an error (42P18).
func (b *binder) paramTypes() ([]types.Type, error) {
	for i, t := range b.params {
		if t.OID == types.UnknownOID {
			return nil, sqlstate.New(sqlstate.IndeterminateDatatype, "could not determine data type of parameter $%d", i+1)
		}
	}
	return b.params, nil
}

// at puts a position on an error that has none.
func at(err error, pos int) error { return sqlstate.From(err).At(pos) }

// unsupported is the error of a construct that Tarn does not have.
func unsupported(pos int, format string, args ...any) error {
	return sqlstate.New(sqlstate.FeatureNotSupported, format, args...).At(pos)
}

// clause is where an expression stands: what names it sees, and what it may contain.
type clause struct {
	*binder
	sc     *scope
	name   string       // as messages have it: "WHERE"
	groups *grouping    // collects aggregate calls; nil where they are not allowed
	nested bool         // inside the arguments of an aggregate
	attach *attachments // subqueries and set-returning functions of the expressions; nil where they are not allowed
	sets   bool         // set-returning functions may stand here
}

// attachments is what must be joined to the rows of a clause before its expressions can be computed over them.
type attachments struct {
	list []attachment
	sets *setCalls // the set-returning functions of a SELECT list, which advance together
}

// attachment computes operands as columns, then wraps the input by further columns.
type attachment struct {
	operands []item
	wrap     func(in logical) logical
}

func (a *attachments) add(operands []item, wrap func(in logical) logical) {
	a.list = append(a.list, attachment{operands, wrap})
}

// onto joins all attachments to in.
func (a *attachments) onto(in logical) logical {
	for _, x := range a.list {
		in = x.wrap(extend(in, x.operands))
	}
	if a.sets != nil {
		in = a.sets.onto(in)
	}
	return in
}

// extend computes further columns beside those of in.
func extend(in logical, items []item) logical {
	if len(items) == 0 {
		return in
	}
	p := &project{in: in}
	for _, id := range in.columns() {
		p.items = append(p.items, item{id: id})
	}
	p.items = append(p.items, items...)
	return p
}

// bindBool binds a condition: a WHERE, ON, HAVING, FILTER.
func (c *clause) bindBool(h decode.Handle, construct string) (expr.Expr, error) {
	e, err := c.bind(h)
	if err != nil {
		return nil, err
	}
	return c.toBool(e, construct, h.Pos())
}

// toBool coerces to boolean, worded as coerce_to_boolean.
func (b *binder) toBool(e expr.Expr, construct string, pos int) (expr.Expr, error) {
	out, ok, err := b.coerce(e, boolType, functions.Assignment, pos)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, sqlstate.New(sqlstate.DatatypeMismatch, "argument of %s must be type boolean, not type %s", construct, e.Type()).At(pos)
	}
	return out, nil
}

// and is the conjunction of terms, flat; nil for none.
func and(terms ...expr.Expr) expr.Expr {
	var flat []expr.Expr
	for _, t := range terms {
		if a, ok := t.(*expr.And); ok {
			flat = append(flat, a.Args...)
		} else if t != nil {
			flat = append(flat, t)
		}
	}
	switch len(flat) {
	case 0:
		return nil
	case 1:
		return flat[0]
	}
	return &expr.And{Args: flat}
}
