// Package catalog is the names of the database: schemas, relations, their columns, keys and definitions.
//
// A Snapshot is immutable and belongs to one epoch; the engine derives the next one from it and publishes it together with
// the epoch. The binder, pg_catalog and EXPLAIN all read the same Snapshot. Only definitions are here: contents are in
// arrangements, and running dataflows in the engine.
package catalog

import (
	"sort"

	"tarn/sql/types"
)

// Kind is what a relation is.
type Kind uint8

// The kinds of relations.
const (
	Table            Kind = iota // stored, updatable
	Stream                       // append-only; its rows are the log's
	View                         // a name for a query
	MaterializedView             // a query kept current
	System                       // of pg_catalog or information_schema: computed when read
)

// Column is one column of a relation.
type Column struct {
	Name    string
	Type    types.Type
	NotNull bool
	Default string // SQL text of the default expression, "" for none
	Comment string
}

// Relation is the definition of one relation. Immutable.
type Relation struct {
	ID      uint32 // its oid, never used again after a drop. User relations from FirstUserID
	Schema  string
	Name    string
	Kind    Kind
	Columns []Column
	Key     []int  // column indexes of the primary key; of a materialised view the derived unique key; nil for none
	KeyName string // name of the primary key constraint
	Query   string // SQL text of a view's or materialised view's query
	// SearchPath is where the names in Query are looked for: that of the session that made the view.
	SearchPath []string
	Depends    []uint32
	Options    map[string]string // WITH (...): retention of a stream
	Append     bool              // only ever grows: streams, and views derived to be so
	State      []NodeState       // of a materialised view: where its operators' state lies
	Plan       string            // of a materialised view: fingerprint of the plan that filled it; "" while it is not filled
	Comment    string
}

// NodeState ties one operator of a running view to its state in the store. Views that share an operator name the same ID.
type NodeState struct {
	Fingerprint string // of the operator and everything below it
	ID          uint32 // first of the operator's state ids
	Count       uint32 // how many there are
	Columns     []int  `json:",omitempty"` // of an index of a relation: the relation's columns that it keeps
}

// Types of the columns, in order.
func (r *Relation) Types() []types.Type {
	ts := make([]types.Type, len(r.Columns))
	for i := range r.Columns {
		ts[i] = r.Columns[i].Type
	}
	return ts
}

// ColumnIndex is the index of a column by name, or -1.
func (r *Relation) ColumnIndex(name string) int {
	for i := range r.Columns {
		if r.Columns[i].Name == name {
			return i
		}
	}
	return -1
}

// FirstUserID is the first oid given to a user's relation, as in PostgreSQL.
const FirstUserID = 16384

// Schema is a namespace.
type Schema struct {
	ID   uint32
	Name string
}

// Snapshot is the catalogue as of one version. Immutable.
type Snapshot struct {
	Version uint64 // grows by one with every change
	NextID  uint32 // the next free oid
	schemas Layers[string, *Schema]
	byID    Layers[uint32, *Relation]
	byName  Layers[name, *Relation]
	System  map[string]map[string]*Relation // schema, name: the relations that every database has
}

type name struct{ schema, name string }

// OIDs of the schemas every database has, as PostgreSQL numbers them.
const (
	PgCatalogID         = 11
	PublicID            = 2200
	InformationSchemaID = 13000
)

// Empty is the catalogue of a new database: the schema public, and the system relations given.
func Empty(system map[string]map[string]*Relation) *Snapshot {
	return &Snapshot{
		Version: 1,
		NextID:  FirstUserID,
		schemas: Layers[string, *Schema]{count: 3, base: map[string]*Schema{
			"public":             {PublicID, "public"},
			"pg_catalog":         {PgCatalogID, "pg_catalog"},
			"information_schema": {InformationSchemaID, "information_schema"},
		}},
		System: system,
	}
}

// Relation finds a relation by schema and name; system relations too.
func (s *Snapshot) Relation(schema, rel string) (*Relation, bool) {
	if r, ok := s.byName.Get(name{schema, rel}); ok {
		return r, true
	}
	r, ok := s.System[schema][rel]
	return r, ok
}

// ByID finds a user's relation by its oid.
func (s *Snapshot) ByID(id uint32) (*Relation, bool) {
	return s.byID.Get(id)
}

// Schema finds a schema.
func (s *Snapshot) Schema(name string) (*Schema, bool) {
	return s.schemas.Get(name)
}

// Schemas are all schemas by name.
func (s *Snapshot) Schemas() []*Schema {
	out := make([]*Schema, 0, s.schemas.count)
	for _, n := range s.schemas.All() {
		out = append(out, n)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out
}

// Relations are the users' relations by oid: a relation comes after everything it depends on.
func (s *Snapshot) Relations() []*Relation {
	out := make([]*Relation, 0, s.byID.count)
	for _, r := range s.byID.All() {
		out = append(out, r)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].ID < out[j].ID })
	return out
}

// Dependents are the relations that depend directly on id, by oid.
func (s *Snapshot) Dependents(id uint32) []*Relation {
	var out []*Relation
	for _, r := range s.Relations() {
		for _, d := range r.Depends {
			if d == id {
				out = append(out, r)
				break
			}
		}
	}
	return out
}

// next is the next version, to be changed by who asks for it.
func (s *Snapshot) next() *Snapshot {
	c := *s
	c.Version++
	return &c
}

// With is the next version, with a relation added or, by its ID, replaced.
func (s *Snapshot) With(r *Relation) *Snapshot {
	c := s.next()
	if old, ok := c.byID.Get(r.ID); ok {
		c.byName = c.byName.Without(name{old.Schema, old.Name})
	}
	c.byID = c.byID.With(r.ID, r)
	c.byName = c.byName.With(name{r.Schema, r.Name}, r)
	c.NextID = max(c.NextID, r.ID+1)
	return c
}

// Without is the next version, with some relations removed.
func (s *Snapshot) Without(ids ...uint32) *Snapshot {
	c := s.next()
	for _, id := range ids {
		if old, ok := c.byID.Get(id); ok {
			c.byName = c.byName.Without(name{old.Schema, old.Name})
			c.byID = c.byID.Without(id)
		}
	}
	return c
}

// WithSchema is the next version, with a schema added.
func (s *Snapshot) WithSchema(sc *Schema) *Snapshot {
	c := s.next()
	c.schemas = c.schemas.With(sc.Name, sc)
	c.NextID = max(c.NextID, sc.ID+1)
	return c
}

// WithoutSchema is the next version, with a schema removed; it must be empty.
func (s *Snapshot) WithoutSchema(name string) *Snapshot {
	c := s.next()
	c.schemas = c.schemas.Without(name)
	return c
}

// WithNextID is the same version with ids up to next taken.
func (s *Snapshot) WithNextID(next uint32) *Snapshot {
	c := *s
	c.NextID = max(c.NextID, next)
	return &c
}
