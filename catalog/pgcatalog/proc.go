package pgcatalog

import (
	"strings"
	"sync"

	"tarn/sql/functions"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// Numbers that rows of pg_proc point to.
const (
	internalLanguage = 12
	sqlLanguage      = 14
)

func pgProc() relation {
	return relation{oid: 1255, kind: 'r', schema: pgCatalog, name: "pg_proc",
		columns: `
			oid oid!, proname name!, pronamespace oid! = 11, proowner oid! = 10, prolang oid! = 12, procost float4! = 1,
			prorows float4!, provariadic oid!, prosupport regproc! = 0, prokind "char"!, prosecdef bool! = f,
			proleakproof bool! = f, proisstrict bool!, proretset bool!, provolatile "char"!, proparallel "char"! = s,
			pronargs int2!, pronargdefaults int2! = 0, prorettype oid!, proargtypes oidvector!, proallargtypes oid[],
			proargmodes "char"[], proargnames text[], proargdefaults pg_node_tree = null, protrftypes oid[] = null, prosrc text!,
			probin text = null, prosqlbody pg_node_tree = null, proconfig text[] = null, proacl aclitem[] = null`,
		fixed: func(out *rows) {
			for i := range procedures() {
				p := &procedures()[i]
				estimate := 0.0
				if p.set {
					estimate = 1000
				}
				out.add(p.oid, p.name, estimate, p.variadic, p.kind, p.strict, p.set, p.volatility, len(p.args), p.returns,
					p.args, p.allArgs, p.modes, p.names, p.name)
			}
		},
	}
}

// procedure is a row of pg_proc: a function, an aggregate, or a function that reads or writes a type.
type procedure struct {
	oid        uint32
	name       string
	kind       byte // f or a
	strict     bool
	set        bool
	volatility byte
	args       []types.OID
	returns    types.OID
	variadic   types.OID
	// of functions with columns, and of variadic ones; nil for others
	allArgs, modes, names any
}

var procs struct {
	once   sync.Once
	all    []procedure
	byOID  map[uint32]*procedure
	byName map[string][]*procedure
}

// procedures are all functions: those of types, then the scalar ones, then the aggregates.
func procedures() []procedure {
	procs.once.Do(func() {
		for _, f := range ioFunctions() {
			procs.all = append(procs.all, ioProcedure(f))
		}
		all := functions.All()
		for i, f := range all {
			if !f.IsOperator() {
				procs.all = append(procs.all, functionProcedure(uint32(functions.FirstOID+i), f))
			}
		}
		for i, a := range functions.Aggregates() {
			procs.all = append(procs.all, procedure{
				oid: uint32(functions.FirstOID + len(all) + i), name: a.Name, kind: 'a', volatility: 'i', args: a.Args, returns: a.Returns,
			})
		}
		procs.byOID = map[uint32]*procedure{}
		procs.byName = map[string][]*procedure{}
		for i := range procs.all {
			p := &procs.all[i]
			procs.byOID[p.oid] = p
			procs.byName[p.name] = append(procs.byName[p.name], p)
		}
	})
	return procs.all
}

func functionProcedure(oid uint32, f *functions.Function) procedure {
	p := procedure{
		oid: oid, name: f.Name, kind: 'f', strict: !f.NullCall, set: f.Set != nil || f.BindSet != nil,
		volatility: [...]byte{'i', 's', 'v'}[f.Volatility], args: f.Args, returns: f.Returns,
	}
	var all []types.OID
	var modes, names []string
	add := func(t types.OID, mode, name string) {
		all, modes, names = append(all, t), append(modes, mode), append(names, name)
	}
	if f.Variadic {
		last := len(f.Args) - 1
		p.args = append([]types.OID(nil), f.Args...)
		p.variadic = f.Args[last]
		if array := types.Of(p.variadic).Info().Array; array != 0 {
			p.args[last] = array
		}
	}
	for i, t := range p.args {
		mode := "i"
		if f.Variadic && i == len(p.args)-1 {
			mode = "v"
		}
		add(t, mode, "")
	}
	for _, c := range f.Columns {
		add(c.Type, "o", c.Name)
	}
	if f.Variadic || len(f.Columns) > 0 {
		p.allArgs, p.modes = all, modes
	}
	if len(f.Columns) > 0 {
		p.names = names
	}
	return p
}

// ioProcedure is a function that reads or writes the values of a type.
func ioProcedure(f ioFunction) procedure {
	p := procedure{oid: f.oid, name: f.name, kind: 'f', strict: true, volatility: 'i'}
	switch f.role {
	case ioIn:
		p.args, p.returns = []types.OID{types.CstringOID}, f.typ
	case ioOut:
		p.args, p.returns = []types.OID{f.typ}, types.CstringOID
	case ioRecv:
		p.args, p.returns = []types.OID{types.InternalOID}, f.typ
	case ioSend:
		p.args, p.returns = []types.OID{f.typ}, types.ByteaOID
	case ioModifierIn:
		p.args, p.returns = []types.OID{cstringArrayOID}, types.Int4OID
	case ioModifierOut:
		p.args, p.returns = []types.OID{types.Int4OID}, types.CstringOID
	}
	return p
}

// cstringArrayOID is a type that functions of types take and Tarn does not have.
const cstringArrayOID types.OID = 1263

// functionName is the text form of a regproc: its name, qualified if several functions have it.
func functionName(oid int64) (string, bool) {
	procedures()
	p := procs.byOID[uint32(oid)]
	if p == nil {
		return "", false
	}
	name := functions.QuoteIdentifier(p.name)
	if len(procs.byName[p.name]) > 1 {
		name = pgCatalog + "." + name
	}
	return name, true
}

// functionOID is the number of the one function with a name. Errors: 42883, 42725.
func functionOID(schema, name, text string) (int64, error) {
	procedures()
	found := procs.byName[name]
	switch {
	case len(found) == 0 || schema != "" && schema != pgCatalog:
		return 0, sqlstate.New(sqlstate.UndefinedFunction, "function \"%s\" does not exist", strings.TrimSpace(text))
	case len(found) > 1:
		return 0, sqlstate.New(sqlstate.AmbiguousFunction, "more than one function named \"%s\"", strings.TrimSpace(text))
	}
	return int64(found[0].oid), nil
}
