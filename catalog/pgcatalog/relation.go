package pgcatalog

import (
	"fmt"
	"strings"
	"sync"

	"tarn/catalog"
	"tarn/delta"
	"tarn/sql/types"
)

// relation is one relation of the catalogue.
type relation struct {
	oid    uint32
	kind   byte // of PostgreSQL's relation: 'r' or 'v'
	schema string
	name   string
	// columns are separated by commas: name, type, "!" if it is never NULL, and "= text" if every row has the
	// same value there.
	columns string
	fixed   func(out *rows)              // appends the rows that every database has. nil for none
	live    func(src *Source, out *rows) // appends the rows of this database. nil for none
}

// definition is a relation made ready.
type definition struct {
	relation
	catalog  *catalog.Relation
	types    []types.Type  // of the columns
	isConst  []bool        // of each column: every row has the same value there,
	constant []types.Datum // and this is it
	once     sync.Once
	always   *delta.Batch // the fixed rows, made by fixedRows
}

// system is every relation, made on first use.
var system struct {
	once    sync.Once
	all     []*definition // by oid
	byID    map[uint32]*definition
	schemas map[string]map[string]*catalog.Relation
}

func definitions() []*definition {
	system.once.Do(func() {
		system.byID = map[uint32]*definition{}
		system.schemas = map[string]map[string]*catalog.Relation{}
		for _, r := range relations() {
			d := define(r)
			if system.byID[d.oid] != nil {
				panic(fmt.Sprintf("pgcatalog: %s has the oid of %s", d.name, system.byID[d.oid].name))
			}
			system.all = append(system.all, d)
			system.byID[d.oid] = d
			if system.schemas[d.schema] == nil {
				system.schemas[d.schema] = map[string]*catalog.Relation{}
			}
			system.schemas[d.schema][d.name] = d.catalog
		}
	})
	return system.all
}

func definitionOf(id uint32) *definition {
	definitions()
	return system.byID[id]
}

// define reads the columns of a relation.
func define(r relation) *definition {
	d := &definition{relation: r}
	d.catalog = &catalog.Relation{ID: r.oid, Schema: r.schema, Name: r.name, Kind: catalog.System}
	for _, text := range strings.Split(r.columns, ",") {
		text = strings.TrimSpace(text)
		head, value, isConst := strings.Cut(text, " =")
		name, typeName, _ := strings.Cut(head, " ")
		typeName, notNull := strings.CutSuffix(strings.TrimSpace(typeName), "!")
		oid, ok := types.ByName(typeName)
		if !ok {
			panic(fmt.Sprintf("pgcatalog: %s.%s: no type %q", r.name, name, typeName))
		}
		t := types.Of(oid)
		constant := types.Null
		if value = strings.TrimSpace(value); isConst && value != "null" {
			var err error
			if constant, err = types.Parse(t, value, nil); err != nil {
				panic(fmt.Sprintf("pgcatalog: %s.%s: %v", r.name, name, err))
			}
		}
		d.catalog.Columns = append(d.catalog.Columns, catalog.Column{Name: name, Type: t, NotNull: notNull})
		d.types = append(d.types, t)
		d.constant = append(d.constant, constant)
		d.isConst = append(d.isConst, isConst)
	}
	return d
}

// Relations are the definitions of all relations: schema, name, relation. The caller must not change them.
func Relations() map[string]map[string]*catalog.Relation {
	definitions()
	return system.schemas
}

// Rows computes some columns of a system relation. The batch is the caller's to read only.
func Rows(rel *catalog.Relation, src *Source, cols []int) (*delta.Batch, error) {
	d := definitionOf(rel.ID)
	if d == nil {
		return nil, fmt.Errorf("rows of relation %q (%d), which is not a system relation", rel.Name, rel.ID)
	}
	always := d.fixedRows()
	if d.live == nil {
		return always.Project(cols), nil
	}
	out := newRows(d, cols)
	out.batch.AppendBatch(always.Project(cols))
	d.live(src, out)
	return out.batch, nil
}

// fixedRows are the rows that every database has, with all columns.
func (d *definition) fixedRows() *delta.Batch {
	d.once.Do(func() {
		all := make([]int, len(d.types))
		for i := range all {
			all[i] = i
		}
		out := newRows(d, all)
		if d.fixed != nil {
			d.fixed(out)
		}
		d.always = out.batch
	})
	return d.always
}
