package pgcatalog

import (
	"strings"

	"tarn/sql/functions"
	"tarn/sql/sqlstate"
)

// procedure is a row of pg_proc: one function or aggregate, or one that reads or writes a type.
type procedure struct {
	oid       uint32
	name      string
	function  *functions.Function
	aggregate *functions.Aggregate
	io        *ioFunction
}

// procedures are all functions: those of types, then the scalar ones, then the aggregates.
func procedures() []procedure {
	var out []procedure
	for i := range ioFunctions() {
		f := &ioFunctions()[i]
		out = append(out, procedure{oid: f.oid, name: f.name, io: f})
	}
	next := uint32(functionOIDs)
	for _, f := range functions.All() {
		if !f.IsOperator() {
			out = append(out, procedure{oid: next, name: f.Name, function: f})
		}
		next++
	}
	for _, a := range functions.Aggregates() {
		out = append(out, procedure{oid: next, name: a.Name, aggregate: a})
		next++
	}
	return out
}

// functionName is the text form of a regproc.
func functionName(oid int64) (string, bool) {
	for _, p := range procedures() {
		if int64(p.oid) == oid {
			return p.name, true
		}
	}
	return "", false
}

// functionOID is the number of the one function with a name. Errors: 42883, 42725.
func functionOID(schema, name, text string) (int64, error) {
	found := int64(0)
	for _, p := range procedures() {
		if p.name != name || schema != "" && schema != pgCatalog {
			continue
		}
		if found != 0 {
			return 0, sqlstate.New(sqlstate.AmbiguousFunction, "more than one function named \"%s\"", strings.TrimSpace(text))
		}
		found = int64(p.oid)
	}
	if found == 0 {
		return 0, sqlstate.New(sqlstate.UndefinedFunction, "function \"%s\" does not exist", strings.TrimSpace(text))
	}
	return found, nil
}
