package planner

import (
	"strings"

	"tarn/catalog"
	"tarn/sql/decode"
	"tarn/sql/expr"
	"tarn/sql/sqlstate"
)

// scope is the names one query level sees. Names it does not know are looked for in the query around it.
type scope struct {
	outer   *scope
	entries []*entry
	ctes    []*cte
}

// entry is a named range of columns of FROM: a table, a subquery, a function, or a join, which gathers columns of its own.
type entry struct {
	name, schema string // alias, or the relation's names
	rel          *catalog.Relation
	cols         []named
	relation     bool   // t.x may name its columns
	plain        bool   // x may name its columns
	unaliased    string // the relation's name where an alias hides it, for hints
	hidden       bool   // present, but not visible from here: a FROM item that is not LATERAL
}

type named struct {
	name   string
	id     int
	fields []named // of a column that holds a row: the columns it consists of
}

// resolve finds the column that a name of one to three parts means. Errors: 42703, 42702, 42P01.
func (s *scope) resolve(parts []string, pos int) (named, error) {
	if len(parts) == 1 {
		return s.resolvePlain(parts[0], pos)
	}
	if len(parts) > 3 {
		return named{}, sqlstate.New(sqlstate.FeatureNotSupported, "cross-database references are not implemented: %s", strings.Join(parts, ".")).At(pos)
	}
	schema, table := "", parts[len(parts)-2]
	if len(parts) > 2 {
		schema = parts[len(parts)-3]
	}
	name := parts[len(parts)-1]
	e, err := s.table(schema, table, pos)
	if err != nil {
		return named{}, err
	}
	found, n := named{}, 0
	for _, c := range e.cols {
		if c.name == name {
			found, n = c, n+1
		}
	}
	switch n {
	case 0:
		return named{}, s.missing(table, name, pos)
	case 1:
		return found, nil
	}
	return named{}, sqlstate.New(sqlstate.AmbiguousColumn, "column reference \"%s\" is ambiguous", name).At(pos)
}

// tableOID is the system column tableoid: the oid of the relation a row is from. ok is false if the name means no one relation.
func (s *scope) tableOID(parts []string) (oid int64, ok bool) {
	for level := s; level != nil; level = level.outer {
		for _, e := range level.entries {
			if e.rel == nil || e.hidden || len(parts) > 1 && e.name != parts[len(parts)-2] {
				continue
			}
			if ok {
				return 0, false
			}
			oid, ok = int64(e.rel.ID), true
		}
		if ok {
			return oid, true
		}
	}
	return 0, false
}

func (s *scope) resolvePlain(name string, pos int) (named, error) {
	for level := s; level != nil; level = level.outer {
		found, n := named{}, 0
		for _, e := range level.entries {
			if !e.plain || e.hidden {
				continue
			}
			for _, c := range e.cols {
				if c.name == name {
					found, n = c, n+1
				}
			}
		}
		if n > 1 {
			return named{}, sqlstate.New(sqlstate.AmbiguousColumn, "column reference \"%s\" is ambiguous", name).At(pos)
		}
		if n == 1 {
			return found, nil
		}
	}
	return named{}, s.missing("", name, pos)
}

// table finds the entry that t in t.x or t.* means.
func (s *scope) table(schema, name string, pos int) (*entry, error) {
	for level := s; level != nil; level = level.outer {
		var found *entry
		for _, e := range level.entries {
			if e.relation && !e.hidden && e.name == name && (schema == "" || e.rel != nil && e.unaliased == "" && e.schema == schema) {
				if found != nil {
					return nil, sqlstate.New(sqlstate.AmbiguousAlias, "table reference \"%s\" is ambiguous", name).At(pos)
				}
				found = e
			}
		}
		if found != nil {
			return found, nil
		}
	}
	for level := s; level != nil; level = level.outer {
		for _, e := range level.entries {
			if e.unaliased == name {
				return nil, sqlstate.New(sqlstate.UndefinedTable, "invalid reference to FROM-clause entry for table \"%s\"", name).
					WithHint("Perhaps you meant to reference the table alias \"%s\".", e.name).At(pos)
			}
			if e.name == name && e.hidden {
				return nil, sqlstate.New(sqlstate.UndefinedTable, "invalid reference to FROM-clause entry for table \"%s\"", name).
					WithHint("There is an entry for table \"%s\", but it cannot be referenced from this part of the query.", name).At(pos)
			}
		}
	}
	return nil, sqlstate.New(sqlstate.UndefinedTable, "missing FROM-clause entry for table \"%s\"", name).At(pos)
}

// missing is the error for a column that is not there, with the nearest names as a hint (errorMissingColumn).
func (s *scope) missing(table, name string, pos int) error {
	err := sqlstate.New(sqlstate.UndefinedColumn, "column \"%s\" does not exist", name)
	if table != "" {
		err = sqlstate.New(sqlstate.UndefinedColumn, "column %s.%s does not exist", table, name)
	}
	const farthest = 3
	nearest := farthest + 1
	var near [][2]string
	for level := s; level != nil; level = level.outer {
		for _, e := range level.entries {
			if !e.relation {
				continue
			}
			penalty := 0
			if table != "" {
				penalty = distance(table, e.name)
			}
			for _, c := range e.cols {
				if c.name == name && (e.hidden || penalty == 0) && e.hidden {
					return err.WithHint("There is a column named \"%s\" in table \"%s\", but it cannot be referenced from this part of the query.", name, e.name).At(pos)
				}
				d := distance(name, c.name)
				if d > len(c.name)/2 || d+penalty > nearest || d+penalty > farthest {
					continue
				}
				if d+penalty < nearest {
					nearest, near = d+penalty, near[:0]
				}
				near = append(near, [2]string{e.name, c.name})
			}
		}
	}
	switch len(near) {
	case 1:
		err = err.WithHint("Perhaps you meant to reference the column \"%s.%s\".", near[0][0], near[0][1])
	case 2:
		err = err.WithHint("Perhaps you meant to reference the column \"%s.%s\" or the column \"%s.%s\".", near[0][0], near[0][1], near[1][0], near[1][1])
	}
	return err.At(pos)
}

// distance is the Levenshtein distance of two names.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := diagonal
			if a[i-1] != b[j-1] {
				cost++
			}
			diagonal = row[j]
			row[j] = min(cost, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}

// outerOnly tells whether expressions use columns, and only such of outer queries: an aggregate of them would be one of the
// outer query.
func (s *scope) outerOnly(exprs []expr.Expr) bool {
	outer := idSet{}
	for level := s.outer; level != nil; level = level.outer {
		for _, e := range level.entries {
			for _, c := range e.cols {
				outer[c.id] = true
			}
		}
	}
	used := idSet{}
	used.addColumns(exprs...)
	for id := range used {
		if !outer[id] {
			return false
		}
	}
	return len(used) > 0
}

// relation finds the relation a FROM item or statement names. Errors: 42P01 with the nearest name, 3F000, 0A000.
func (b *binder) relation(catalogName, schema, name string, pos int) (*catalog.Relation, error) {
	if schema != "" {
		if r, ok := b.cat.Relation(schema, name); ok {
			return r, nil
		}
		full := schema + "." + name
		if catalogName != "" && b.ctx.Database != "" && catalogName != b.ctx.Database {
			return nil, sqlstate.New(sqlstate.FeatureNotSupported, "cross-database references are not implemented: \"%s.%s\"", catalogName, full).At(pos)
		}
		err := sqlstate.New(sqlstate.UndefinedTable, "relation \"%s\" does not exist", full)
		return nil, b.nearestRelation(err, name).At(pos)
	}
	for _, s := range b.env.searchPath() {
		if r, ok := b.cat.Relation(s, name); ok && b.env.means(r) {
			return r, nil
		}
	}
	return nil, b.nearestRelation(sqlstate.New(sqlstate.UndefinedTable, "relation \"%s\" does not exist", name), name).At(pos)
}

// nearestRelation adds the user's relation with the most similar name as a hint.
func (b *binder) nearestRelation(err *sqlstate.Error, name string) *sqlstate.Error {
	var best *catalog.Relation
	nearest := min(3, len(name)/2) + 1
	for _, r := range b.cat.Relations() {
		if d := distance(strings.ToLower(name), r.Name); d < nearest {
			best, nearest = r, d
		}
	}
	if best == nil {
		return err
	}
	shown := best.Name
	for _, s := range b.env.searchPath() {
		if s == best.Schema {
			return err.WithHint("Perhaps you meant the relation \"%s\".", shown)
		}
	}
	return err.WithHint("Perhaps you meant the relation \"%s.%s\".", best.Schema, shown)
}

// cte is one WITH query in scope. It is bound once; every reference renames its columns.
type cte struct {
	name string
	q    *bound
}

func (s *scope) cte(name string) *cte {
	for level := s; level != nil; level = level.outer {
		for i := len(level.ctes) - 1; i >= 0; i-- {
			if level.ctes[i].name == name {
				return level.ctes[i]
			}
		}
	}
	return nil
}

// applyAlias renames an entry and its first columns as AS name (a, b) says.
func (e *entry) applyAlias(a decode.Alias) error {
	if a.Name != "" {
		if e.rel != nil && e.rel.Name != a.Name {
			e.unaliased = e.rel.Name
		}
		e.name = a.Name
	}
	if len(a.Columns) > len(e.cols) {
		return sqlstate.New(sqlstate.InvalidColumnReference, "table \"%s\" has %d columns available but %d columns specified", e.name, len(e.cols), len(a.Columns))
	}
	for i, name := range a.Columns {
		e.cols[i].name = name
	}
	return nil
}
