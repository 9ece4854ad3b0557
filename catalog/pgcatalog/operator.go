package pgcatalog

import (
	"tarn/sql/functions"
	"tarn/sql/types"
)

func pgOperator() relation {
	return relation{oid: 2617, kind: 'r', schema: pgCatalog, name: "pg_operator",
		columns: `
			oid oid!, oprname name!, oprnamespace oid! = 11, oprowner oid! = 10, oprkind "char"!, oprcanmerge bool!,
			oprcanhash bool!, oprleft oid!, oprright oid!, oprresult oid!, oprcom oid! = 0, oprnegate oid! = 0,
			oprcode regproc! = 0, oprrest regproc! = 0, oprjoin regproc! = 0`,
		fixed: func(out *rows) {
			for i, f := range functions.All() {
				if !f.IsOperator() {
					continue
				}
				kind, left, right := byte('l'), types.OID(0), f.Args[0]
				if len(f.Args) == 2 {
					kind, left, right = 'b', f.Args[0], f.Args[1]
				}
				equality := f.Name == "=" && left == right
				out.add(functions.FirstOID+i, f.Name, kind, equality, equality, left, right, f.Returns)
			}
		},
	}
}

func pgAggregate() relation {
	return relation{oid: 2600, kind: 'r', schema: pgCatalog, name: "pg_aggregate",
		columns: `
			aggfnoid regproc!, aggkind "char"! = n, aggnumdirectargs int2! = 0, aggtransfn regproc! = 0, aggfinalfn regproc! = 0,
			aggcombinefn regproc! = 0, aggserialfn regproc! = 0, aggdeserialfn regproc! = 0, aggmtransfn regproc! = 0,
			aggminvtransfn regproc! = 0, aggmfinalfn regproc! = 0, aggfinalextra bool! = f, aggmfinalextra bool! = f,
			aggfinalmodify "char"! = r, aggmfinalmodify "char"! = r, aggsortop oid! = 0, aggtranstype oid! = 0,
			aggtransspace int4! = 0, aggmtranstype oid! = 0, aggmtransspace int4! = 0, agginitval text = null, aggminitval text = null`,
		fixed: func(out *rows) {
			for i := range procedures() {
				if p := &procedures()[i]; p.kind == 'a' {
					out.add(p.oid)
				}
			}
		},
	}
}

func pgCast() relation {
	return relation{oid: 2605, kind: 'r', schema: pgCatalog, name: "pg_cast",
		columns: `oid oid!, castsource oid!, casttarget oid!, castfunc oid! = 0, castcontext "char"!, castmethod "char"!`,
		fixed: func(out *rows) {
			for i, c := range functions.Casts() {
				method := byte('f')
				if c.Eval == nil {
					method = 'b'
				}
				out.add(i+1, c.From, c.To, [...]byte{'i', 'a', 'e'}[c.Context], method)
			}
		},
	}
}
