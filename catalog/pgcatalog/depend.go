package pgcatalog

import "tarn/catalog"

// Numbers of catalogue relations that rows refer to as classes of objects.
const (
	classClass      = 1259
	namespaceClass  = 2615
	constraintClass = 2606
	defaultClass    = 2604
	ruleClass       = 2618
)

func pgDepend() relation {
	return relation{oid: 2608, kind: 'r', schema: pgCatalog, name: "pg_depend",
		columns: `classid oid!, objid oid!, objsubid int4! = 0, refclassid oid!, refobjid oid!, refobjsubid int4!, deptype "char"!`,
		live: func(src *Source, out *rows) {
			for _, r := range src.Snapshot.Relations() {
				out.add(classClass, r.ID, namespaceClass, src.schemaOID(r.Schema), 0, byte('n'))
				if hasPrimaryKey(r) {
					out.add(classClass, indexOIDs+r.ID, constraintClass, constraintOIDs+r.ID, 0, byte('i'))
					for _, c := range r.Key {
						out.add(constraintClass, constraintOIDs+r.ID, classClass, r.ID, c+1, byte('a'))
					}
				}
				if r.Query == "" {
					continue
				}
				out.add(ruleClass, ruleOIDs+r.ID, classClass, r.ID, 0, byte('i'))
				for _, id := range r.Depends {
					out.add(ruleClass, ruleOIDs+r.ID, classClass, id, 0, byte('n'))
				}
			}
			src.eachDefault(func(oid uint32, r *catalog.Relation, number int) {
				out.add(defaultClass, oid, classClass, r.ID, number, byte('a'))
			})
		},
	}
}

func pgAttrdef() relation {
	return relation{oid: 2604, kind: 'r', schema: pgCatalog, name: "pg_attrdef",
		columns: `oid oid!, adrelid oid!, adnum int2!, adbin pg_node_tree!`,
		live: func(src *Source, out *rows) {
			src.eachDefault(func(oid uint32, r *catalog.Relation, number int) {
				out.add(oid, r.ID, number, r.Columns[number-1].Default)
			})
		},
	}
}

// eachDefault calls f for each column with a default; columns count from 1.
func (s *Source) eachDefault(f func(oid uint32, r *catalog.Relation, number int)) {
	oid := uint32(defaultOIDs)
	for _, r := range s.Snapshot.Relations() {
		for i := range r.Columns {
			if r.Columns[i].Default != "" {
				f(oid, r, i+1)
				oid++
			}
		}
	}
}

// pg_rewrite has the rule that makes a relation a view; ev_action is the text of the query.
func pgRewrite() relation {
	return relation{oid: 2618, kind: 'r', schema: pgCatalog, name: "pg_rewrite",
		columns: `oid oid!, rulename name! = _RETURN, ev_class oid!, ev_type "char"! = 1, ev_enabled "char"! = O, is_instead bool! = t,
			ev_qual pg_node_tree! = <>, ev_action pg_node_tree!`,
		live: func(src *Source, out *rows) {
			for _, r := range src.Snapshot.Relations() {
				if r.Query != "" {
					out.add(ruleOIDs+r.ID, r.ID, r.Query)
				}
			}
		},
	}
}

func pgDescription() relation {
	return relation{oid: 2609, kind: 'r', schema: pgCatalog, name: "pg_description",
		columns: `objoid oid!, classoid oid! = 1259, objsubid int4!, description text!`,
		live: func(src *Source, out *rows) {
			for _, r := range src.Snapshot.Relations() {
				if r.Comment != "" {
					out.add(r.ID, 0, r.Comment)
				}
				for i, c := range r.Columns {
					if c.Comment != "" {
						out.add(r.ID, i+1, c.Comment)
					}
				}
			}
		},
	}
}
