package pgcatalog

import (
	"fmt"
	"strings"
	"sync"

	"tarn/catalog"
	"tarn/sql/functions"
	"tarn/sql/types"
)

// Functions is the catalogue as functions ask for it (format_type, pg_get_viewdef and their like) and text forms (regclass and its
// like). open is called once, when the first of them asks: few statements have any.
func Functions(open func() *Source) *Answers { return &Answers{open: open} }

// itself is what Functions wants of a source that there is already.
func (s *Source) itself() *Source { return s }

// Answers implements functions.Catalog and types.Objects. Everything is computed when it is asked.
type Answers struct {
	open func() *Source
	once sync.Once
	made *Source
}

func (a *Answers) src() *Source {
	a.once.Do(func() { a.made = a.open() })
	return a.made
}

// ObjectName: see the function.
func (a *Answers) ObjectName(t types.OID, oid int64) (name string, ok bool) {
	return ObjectName(a.src(), t, oid)
}

// ObjectOID: see the function.
func (a *Answers) ObjectOID(t types.OID, name string) (oid int64, err error) {
	return ObjectOID(a.src(), t, name)
}

func (a *Answers) RelationName(oid int64) (schema, name string, ok bool) {
	o := a.src().object(oid)
	if o == nil {
		return "", "", false
	}
	return o.rel.Schema, o.name(), true
}

func (a *Answers) RelationOID(schema, name string) (oid int64, ok bool) {
	var o *object
	if schema == "" {
		o = a.src().lookup(name)
	} else {
		o = a.src().find(schema, name)
	}
	if o == nil {
		return 0, false
	}
	return int64(o.oid), true
}

func (a *Answers) Visible(oid int64) bool {
	o := a.src().object(oid)
	return o != nil && a.src().visible(o)
}

func (a *Answers) ViewDefinition(oid int64) (text string, ok bool) {
	o := a.src().object(oid)
	if o == nil || o.isIndex() || o.rel.Query == "" {
		return "", false
	}
	return viewDefinition(o.rel), true
}

// viewDefinition is the query of a view as pg_get_viewdef prints it: as it was written, with a semicolon.
func viewDefinition(r *catalog.Relation) string {
	return strings.TrimRight(strings.TrimSpace(r.Query), "; \t\r\n") + ";"
}

func (a *Answers) ColumnDefault(relation, number int64) (text string, ok bool) {
	o := a.src().object(relation)
	if o == nil || o.isIndex() || number < 1 || number > int64(len(o.rel.Columns)) {
		return "", false
	}
	text = o.rel.Columns[number-1].Default
	return text, text != ""
}

func (a *Answers) ConstraintDefinition(oid int64) (text string, ok bool) {
	if oid < constraintOIDs || oid >= ruleOIDs {
		return "", false
	}
	r, ok := a.src().Snapshot.ByID(uint32(oid - constraintOIDs))
	if !ok || !hasPrimaryKey(r) {
		return "", false
	}
	return "PRIMARY KEY (" + keyColumns(r) + ")", true
}

func (a *Answers) IndexDefinition(oid int64, column int) (text string, ok bool) {
	o := a.src().object(oid)
	if o == nil || !o.isIndex() || column > len(o.rel.Key) {
		return "", false
	}
	if column > 0 {
		return functions.QuoteIdentifier(o.rel.Columns[o.rel.Key[column-1]].Name), true
	}
	return indexDefinition(o.rel), true
}

// indexDefinition is the statement that would make the index of a primary key.
func indexDefinition(r *catalog.Relation) string {
	return fmt.Sprintf("CREATE UNIQUE INDEX %s ON %s.%s USING btree (%s)", functions.QuoteIdentifier(keyName(r)),
		functions.QuoteIdentifier(r.Schema), functions.QuoteIdentifier(r.Name), keyColumns(r))
}

func keyColumns(r *catalog.Relation) string {
	var names []string
	for _, c := range r.Key {
		names = append(names, functions.QuoteIdentifier(r.Columns[c].Name))
	}
	return strings.Join(names, ", ")
}

func (a *Answers) RoleName(oid int64) (name string, ok bool) {
	for _, r := range a.src().roles() {
		if int64(roleOID(r)) == oid {
			return r, true
		}
	}
	return "", false
}

func (a *Answers) SchemaName(oid int64) (name string, ok bool) {
	for _, s := range a.src().Snapshot.Schemas() {
		if int64(s.ID) == oid {
			return s.Name, true
		}
	}
	return "", false
}

func (a *Answers) Description(oid int64, column int) (text string, ok bool) {
	o := a.src().object(oid)
	if o == nil || o.isIndex() {
		return "", false
	}
	switch {
	case column == 0:
		text = o.rel.Comment
	case column > 0 && column <= len(o.rel.Columns):
		text = o.rel.Columns[column-1].Comment
	}
	return text, text != ""
}

// RelationBytes of 0 is the size of the whole database.
func (a *Answers) RelationBytes(oid int64) int64 {
	if oid == 0 {
		return a.src().bytes(0)
	}
	o := a.src().object(oid)
	if o == nil || o.isIndex() {
		return 0
	}
	return a.src().bytes(o.oid)
}
