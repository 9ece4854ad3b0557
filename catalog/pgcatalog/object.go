package pgcatalog

import (
	"tarn/catalog"
	"tarn/sql/functions"
)

// object is what has a row in pg_class: a relation or the index of a primary key.
type object struct {
	oid  uint32
	kind byte // pg_class.relkind
	rel  *catalog.Relation
}

func (o *object) isIndex() bool { return o.kind == 'i' }

func (o *object) name() string {
	if o.isIndex() {
		return keyName(o.rel)
	}
	return o.rel.Name
}

// qualified is the name in SQL, with the schema in front if it is needed.
func (o *object) qualified(src *Source) string {
	name := functions.QuoteIdentifier(o.name())
	if src.visible(o) {
		return name
	}
	return functions.QuoteIdentifier(o.rel.Schema) + "." + name
}

// relationKind is the relkind of a relation. A stream is a table to clients.
func relationKind(r *catalog.Relation) byte {
	switch r.Kind {
	case catalog.View:
		return 'v'
	case catalog.MaterializedView:
		return 'm'
	case catalog.System:
		return definitionOf(r.ID).kind
	}
	return 'r'
}

func relationObject(r *catalog.Relation) *object { return &object{r.ID, relationKind(r), r} }

func indexObject(r *catalog.Relation) *object { return &object{indexOIDs + r.ID, 'i', r} }

// userObjects are the objects of users' relations by relation: each followed by its index.
func (s *Source) userObjects() []*object {
	var out []*object
	for _, r := range s.Snapshot.Relations() {
		out = append(out, relationObject(r))
		if hasPrimaryKey(r) {
			out = append(out, indexObject(r))
		}
	}
	return out
}

// object finds an object by its oid; nil if there is none.
func (s *Source) object(oid int64) *object {
	if oid < 0 || oid > 0xffffffff {
		return nil
	}
	if d := definitionOf(uint32(oid)); d != nil {
		return relationObject(d.catalog)
	}
	if r, ok := s.Snapshot.ByID(uint32(oid)); ok {
		return relationObject(r)
	}
	if oid >= indexOIDs {
		if r, ok := s.Snapshot.ByID(uint32(oid) - indexOIDs); ok && hasPrimaryKey(r) {
			return indexObject(r)
		}
	}
	return nil
}

// find finds an object by its name in a schema; nil if there is none.
func (s *Source) find(schema, name string) *object {
	if r, ok := s.Snapshot.Relation(schema, name); ok {
		return relationObject(r)
	}
	if schema == pgCatalog || schema == informationSchema {
		return nil
	}
	if r := s.index(schema, name); r != nil {
		return indexObject(r)
	}
	return nil
}

// path is where names without a schema are looked for: pg_catalog comes first unless the search path names it.
func (s *Source) path() []string {
	for _, schema := range s.Schemas {
		if schema == pgCatalog {
			return s.Schemas
		}
	}
	return append([]string{pgCatalog}, s.Schemas...)
}

// lookup finds an object by its name alone.
func (s *Source) lookup(name string) *object {
	for _, schema := range s.path() {
		if o := s.find(schema, name); o != nil {
			return o
		}
	}
	return nil
}

// visible tells whether the object is what its name alone means.
func (s *Source) visible(o *object) bool {
	found := s.lookup(o.name())
	return found != nil && found.oid == o.oid
}

// schemaOID is the oid of a schema by its name.
func (s *Source) schemaOID(name string) uint32 {
	if n, ok := s.Snapshot.Schema(name); ok {
		return n.ID
	}
	return 0
}
